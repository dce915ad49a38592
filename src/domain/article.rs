//! An article as it was read from a page, and how sure each field is.

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::ContentHash;

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageKind {
    /// One news article or post.
    Article,
    /// A listing of articles.
    Section,
    /// Anything else: stubs, galleries, log-ins, errors.
    Other,
}

impl PageKind {
    /// The word of `extract --batch` and of SQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Section => "section",
            Self::Other => "other",
        }
    }
}

/// How exact an instant is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// Only the month.
    Month,
    /// Only the day.
    Day,
    /// Hour and minute.
    Minute,
    /// The second.
    Second,
}

impl Precision {
    /// The word of `published_precision`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Day => "day",
            Self::Minute => "minute",
            Self::Second => "second",
        }
    }
}

/// A time that a page states, as precise as it states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The wall clock of the page; parts finer than `precision` are zero (day 1 for a month).
    pub local: NaiveDateTime,
    /// The offset from UTC, where the page states it or the zone is known.
    pub offset: Option<FixedOffset>,
    /// How exact it is.
    pub precision: Precision,
}

impl Stamp {
    /// The instant, when the offset is known.
    #[must_use]
    pub fn instant(&self) -> Option<DateTime<Utc>> {
        let offset = self.offset?;
        Some(offset.from_local_datetime(&self.local).single()?.to_utc())
    }

    /// The same time, read in `zone` where it states no offset of its own. A local time that the
    /// zone skips or repeats takes the earlier offset.
    #[must_use]
    pub fn or_in(mut self, zone: Option<Tz>) -> Self {
        use chrono::Offset;
        if let (None, Some(zone)) = (self.offset, zone) {
            let offset = zone.offset_from_local_datetime(&self.local).earliest();
            self.offset = offset.map(|offset| offset.fix());
        }
        self
    }

    /// As `extract` prints it: `2024-03-05T09:20:00+09:00`, without the offset where it is
    /// unknown, `2024-03-05` or `2024-03` where only the day or the month is known.
    #[must_use]
    pub fn to_text(&self) -> String {
        match (self.precision, self.offset) {
            (Precision::Month, _) => self.local.format("%Y-%m").to_string(),
            (Precision::Day, _) => self.local.format("%Y-%m-%d").to_string(),
            (_, None) => self.local.format("%Y-%m-%dT%H:%M:%S").to_string(),
            (_, Some(offset)) => {
                format!("{}{offset}", self.local.format("%Y-%m-%dT%H:%M:%S"))
            }
        }
    }
}

/// How far a field's source is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trust {
    /// A guess from the text or the address.
    Low,
    /// Markup by convention.
    Medium,
    /// Structured data, or several sources that agree.
    High,
}

/// Which strategy gave a field its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The field's name as in `news.articles`.
    pub field: &'static str,
    /// The strategy: `json_ld`, `open_graph`, `meta`, `markup`, `text`, `url`, `site_rule`, … A rule
    /// that gave nothing leaves `site_rule_missed` beside the strategy that answered.
    pub strategy: &'static str,
    /// What the page said, before it was cleaned, or the selectors of a rule that gave nothing; cut
    /// to 200 characters.
    pub raw: String,
    /// How far the strategy is trusted.
    pub trust: Trust,
}

/// A picture of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its absolute address.
    pub url: String,
    /// The caption without its mark and credit.
    pub caption: Option<String>,
    /// Who made or gave it.
    pub credit: Option<String>,
}

/// An article as read from one page. Texts are NFC and have no NUL.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Article {
    /// The headline without the site's name.
    pub title: String,
    /// The line under the headline.
    pub subtitle: Option<String>,
    /// People, or a desk where no person is named; never the outlet.
    pub authors: Vec<String>,
    /// The wire agency the text comes from.
    pub agency: Option<String>,
    /// The outlet's own word for the part of the paper.
    pub section: Option<String>,
    /// Keywords that the page gives.
    pub tags: Vec<String>,
    /// ISO 639-1.
    pub language: Option<String>,
    /// When it was first published.
    pub published: Option<Stamp>,
    /// When it was last changed, if after `published`.
    pub modified: Option<Stamp>,
    /// The text, one entry a paragraph.
    pub body: Vec<String>,
    /// Pictures in the order of the page.
    pub images: Vec<Image>,
    /// Whether a reader must pay for the whole; `None` where the page doesn't say.
    pub paywalled: Option<bool>,
    /// Where each field came from.
    pub provenance: Vec<Provenance>,
}

impl Article {
    /// The paragraphs joined by blank lines.
    #[must_use]
    pub fn body_text(&self) -> String {
        self.body.join("\n\n")
    }

    /// The first paragraph, cut to 500 characters.
    #[must_use]
    pub fn lead(&self) -> String {
        self.body
            .first()
            .map(|p| p.chars().take(500).collect())
            .unwrap_or_default()
    }

    /// Words of the body: runs between blanks, and each Han or Kana character, since Chinese and
    /// Japanese set no blanks.
    #[must_use]
    pub fn word_count(&self) -> u32 {
        let is_word = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}');
        let words_of = |word: &str| word.chars().filter(|c| is_word(*c)).count().max(1);
        let words: usize = self
            .body
            .iter()
            .flat_map(|p| p.split_whitespace())
            .map(words_of)
            .sum();
        u32::try_from(words).unwrap_or(u32::MAX)
    }

    /// The hash of what makes a revision when it changes: title, subtitle, authors and body. Stated
    /// times and pictures take no part: sites touch them without touching the text.
    #[must_use]
    pub fn content_hash(&self) -> ContentHash {
        let authors = self.authors.join("\u{1f}");
        let body = self.body_text();
        let subtitle = self.subtitle.as_deref().unwrap_or_default();
        ContentHash::of([self.title.as_str(), subtitle, &authors, &body].map(str::as_bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn stamp(precision: Precision) -> Stamp {
        let local = NaiveDate::from_ymd_opt(2024, 3, 5)
            .unwrap()
            .and_hms_opt(9, 20, 0)
            .unwrap();
        Stamp {
            local,
            offset: None,
            precision,
        }
    }

    #[test]
    fn stamp_is_printed_as_precise_as_it_is_known() {
        assert_eq!(stamp(Precision::Day).to_text(), "2024-03-05");
        assert_eq!(stamp(Precision::Minute).to_text(), "2024-03-05T09:20:00");
        let seoul = stamp(Precision::Minute).or_in(Some(chrono_tz::Asia::Seoul));
        assert_eq!(seoul.to_text(), "2024-03-05T09:20:00+09:00");
        assert_eq!(
            seoul.instant().unwrap().to_rfc3339(),
            "2024-03-05T00:20:00+00:00"
        );
        assert_eq!(stamp(Precision::Minute).instant(), None);
    }

    #[test]
    fn words_are_counted_with_and_without_blanks() {
        let count = |text: &str| {
            Article {
                body: vec![text.into()],
                ..Default::default()
            }
            .word_count()
        };
        assert_eq!(count("새솔시가 전차를 운행한다."), 3);
        assert_eq!(count("市は電車を運行。"), 7);
        assert_eq!(count(""), 0);
    }

    #[test]
    fn content_hash_changes_with_each_part_of_the_content() {
        let article = Article {
            title: "가".into(),
            body: vec!["나".into()],
            ..Default::default()
        };
        let mut edited = article.clone();
        edited.body.push("다".into());
        assert_ne!(article.content_hash(), edited.content_hash());
        let mut tagged = article.clone();
        tagged.tags.push("라".into());
        assert_eq!(article.content_hash(), tagged.content_hash());
    }
}
