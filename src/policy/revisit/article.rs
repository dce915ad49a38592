//! An article: looked at again for edits and removals, less and less often as it ages.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::Settings;

/// However often an article changes, it waits this part of its age: what bounds its visits.
const PART_OF_AGE: i32 = 8;

/// What decides when an article is looked at again.
#[derive(Debug, Clone, Copy)]
pub struct ArticleFacts {
    /// First sight, or publication where that is known and earlier.
    pub born: DateTime<Utc>,
    /// The wait before this visit; `None` after the first one.
    pub last: Option<Duration>,
    /// Whether this visit found it edited.
    pub is_edited: bool,
}

/// The wait until an article is looked at again; `None` when its time is over. It waits as long as it
/// is old at first, then twice as long each time, and half as long after an edit.
#[must_use]
pub fn look_again(
    facts: ArticleFacts,
    settings: &Settings,
    now: DateTime<Utc>,
) -> Option<Duration> {
    let age = (now - facts.born).max(TimeDelta::zero());
    let least = (age / PART_OF_AGE).to_std().unwrap_or_default();
    let wait = match (facts.last, facts.is_edited) {
        (None, _) => age.to_std().unwrap_or_default(),
        (Some(last), false) => last.saturating_mul(2),
        (Some(last), true) => last / 2,
    };
    let wait = wait.max(least).max(settings.first);
    let age = age.to_std().unwrap_or_default();
    (age.saturating_add(wait) <= settings.articles).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60;

    /// The visits of an article that is edited where `is_edited` says so, by their ages in minutes.
    fn visits(is_edited: impl Fn(usize) -> bool) -> Vec<i64> {
        let (settings, born) = (Settings::default(), DateTime::UNIX_EPOCH);
        let (mut now, mut last, mut ages) = (born, None, Vec::new());
        while let Some(wait) = look_again(
            ArticleFacts {
                born,
                last,
                is_edited: last.is_some() && is_edited(ages.len()),
            },
            &settings,
            now,
        ) {
            now += wait;
            last = Some(wait);
            ages.push((now - born).num_minutes());
        }
        ages
    }

    #[test]
    fn waits_double_until_the_time_is_over() {
        let ages = visits(|_| false);
        assert_eq!(ages, [30, 90, 210, 450, 930, 1_890, 3_810, 7_650]);
    }

    #[test]
    fn edited_article_is_looked_at_sooner_and_visits_stay_few() {
        let once = visits(|visit| visit == 4);
        assert_eq!(once.get(3..6), Some([450, 570, 810].as_slice()));
        let always = visits(|_| true).len();
        assert!((20..60).contains(&always), "{always} visits");
    }

    #[test]
    fn old_article_and_switched_off_revisits_end_at_once() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(9);
        let facts = ArticleFacts {
            born: DateTime::UNIX_EPOCH,
            last: None,
            is_edited: false,
        };
        assert_eq!(look_again(facts, &Settings::default(), now), None);
        let off = Settings {
            articles: Duration::ZERO,
            ..Settings::default()
        };
        let fresh = ArticleFacts { born: now, ..facts };
        assert_eq!(look_again(fresh, &off, now), None);
        let dated_ahead = ArticleFacts {
            born: now + TimeDelta::days(1),
            ..facts
        };
        let wait = look_again(dated_ahead, &Settings::default(), now);
        assert_eq!(wait, Some(Duration::from_secs(30 * MINUTE)));
    }
}
