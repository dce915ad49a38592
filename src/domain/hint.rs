//! What listings say of articles and of their source, beside where they are.

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};

use super::Stamp;

/// A zone with summer time changes its offset twice a year: one that was stated is believed for this
/// long before and after.
const OFFSET_LIFE: TimeDelta = TimeDelta::days(14);

/// What a feed or sitemap says of an article: kept until its page is read, and believed where the
/// page says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hint {
    /// The headline.
    pub title: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// When it was published.
    pub published: Option<Stamp>,
    /// The text, plain or marked up: whole or a teaser.
    pub text: Option<String>,
}

/// The offset from UTC at which the feeds of a source state their times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatedOffset {
    /// Of local time; never UTC itself, which says nothing about where a source is.
    pub offset: FixedOffset,
    /// The newest time that was stated with it.
    pub at: DateTime<Utc>,
}

impl Hint {
    /// Whether it says no more than an address does.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Bytes of its texts.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let texts = self.title.iter().chain(&self.authors).chain(&self.text);
        texts.map(String::len).sum()
    }
}

impl StatedOffset {
    /// What most of the stamps of one listing state, if the newest of them does too.
    #[must_use]
    pub fn of<'a>(stamps: impl Iterator<Item = &'a Stamp>) -> Option<Self> {
        let stated: Vec<Self> = stamps
            .filter_map(|stamp| {
                let offset = stamp.offset.filter(|o| o.local_minus_utc() != 0)?;
                let at = stamp.instant()?;
                Some(Self { offset, at })
            })
            .collect();
        let newest = stated.iter().max_by_key(|stated| stated.at)?;
        let same = stated.iter().filter(|s| s.offset == newest.offset).count();
        (same * 2 > stated.len()).then_some(*newest)
    }

    /// A local time that states no offset with this one, if it is near enough to where it was stated.
    #[must_use]
    pub fn complete(self, mut stamp: Stamp) -> Stamp {
        if stamp.offset.is_none() {
            let candidate = Stamp {
                offset: Some(self.offset),
                ..stamp.clone()
            };
            let is_near = |at: DateTime<Utc>| (at - self.at).abs() <= OFFSET_LIFE;
            if candidate.instant().is_some_and(is_near) {
                stamp = candidate;
            }
        }
        stamp
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Precision;

    fn stamp(text: &str, has_offset: bool) -> Stamp {
        let time = DateTime::parse_from_rfc3339(text).unwrap();
        Stamp {
            local: time.naive_local(),
            offset: has_offset.then_some(*time.offset()),
            precision: Precision::Minute,
        }
    }

    fn offset_of(texts: &[&str]) -> Option<i32> {
        let stamps: Vec<Stamp> = texts.iter().map(|text| stamp(text, true)).collect();
        Some(StatedOffset::of(stamps.iter())?.offset.local_minus_utc() / 3600)
    }

    #[test]
    fn offset_of_most_entries_is_that_of_the_source_and_utc_says_nothing() {
        for (texts, expected) in [
            (&[][..], None),
            (&["2026-03-05T09:20:00Z", "2026-03-05T09:21:00+00:00"], None),
            (
                &["2026-03-05T09:20:00+01:00", "2026-03-05T09:21:00Z"],
                Some(1),
            ),
            (
                &["2026-03-05T09:20:00+01:00", "2026-03-05T09:20:00-05:00"],
                None,
            ),
            (
                &[
                    "2026-03-28T09:00:00+01:00",
                    "2026-03-29T09:00:00+02:00",
                    "2026-03-29T08:00:00+02:00",
                ],
                Some(2),
            ),
        ] {
            assert_eq!(offset_of(texts), expected, "{texts:?}");
        }
    }

    #[test]
    fn time_without_a_zone_takes_the_offset_only_near_to_where_it_was_stated() {
        let stated = [stamp("2026-03-05T09:20:00+01:00", true)];
        let stated = StatedOffset::of(stated.iter()).unwrap();
        let complete = |text| stated.complete(stamp(text, false)).to_text();
        assert_eq!(
            complete("2026-03-01T10:00:00Z"),
            "2026-03-01T10:00:00+01:00"
        );
        assert_eq!(
            complete("2025-08-01T10:00:00Z"),
            "2025-08-01T10:00:00",
            "it may be summer time"
        );
        let own = stamp("2026-03-05T10:00:00+09:00", true);
        assert_eq!(stated.complete(own.clone()), own);
    }

    #[test]
    fn hint_that_says_nothing_is_empty() {
        assert!(Hint::default().is_empty());
        let authors = vec!["Ann Lee".to_owned()];
        let named = Hint {
            authors,
            ..Hint::default()
        };
        assert_eq!((named.is_empty(), named.bytes()), (false, 7));
    }
}
