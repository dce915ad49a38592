//! What came of the addresses of a source, shape by shape: small, fading, and readable in SQL.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::shape::Shape;
use crate::domain::CanonicalUrl;

/// Of what the shapes mean: what was learned under another version is learned anew.
const VERSION: u32 = 1;
/// Shapes that are kept, those met least go first: a site has some twenty, with each section's own.
const MAX_SHAPES: usize = 240;
/// Of one shape so many pages are remembered: a site that changes is believed within a day.
const MAX_WEIGHT: f64 = 40.0;
/// Days after which a page counts half: what was given up is tried again within a year.
const HALF_LIFE_DAYS: f64 = 60.0;
/// A shape that is lighter than this has been met once, long ago.
const FAINT: f64 = 0.1;
/// What a feed lists counts so much of a page that was read.
const LISTED: f64 = 0.5;

/// What a known shape adds to the score of a link: enough without any other sign, in a menu too.
const RAISE: i32 = 6;
/// What one adds that is only known without the words in it.
const RAISE_GENERAL: i32 = 2;
/// What a shape takes that gave no articles: more than all other signs add up to.
const SINK: i32 = -14;
/// Pages that a shape is known from; without its words; that are read before it is given up.
const ENOUGH: f64 = 3.0;
const ENOUGH_GENERAL: f64 = 8.0;
const ENOUGH_TO_SINK: f64 = 8.0;
/// From this share of articles on a shape is one of articles, and below that one it is none.
const MANY: f64 = 0.6;
const FEW: f64 = 0.05;

/// What came of addresses of one shape, in pages.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
struct Tally {
    articles: f64,
    others: f64,
}

/// What became of one address.
#[derive(Debug, Clone, PartialEq)]
pub struct AddressSeen {
    exact: String,
    general: String,
    tally: Tally,
}

/// What is known of the addresses of one source.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AddressMemory {
    version: u32,
    learned_at: Option<DateTime<Utc>>,
    shapes: BTreeMap<String, Tally>,
}

impl AddressSeen {
    /// A page that was read: an article or not. `None` where its address tells nothing.
    #[must_use]
    pub fn read(url: &CanonicalUrl, is_article: bool) -> Option<Self> {
        let is = f64::from(u8::from(is_article));
        Self::of(url, is, 1.0 - is)
    }

    /// An entry of a feed or a news sitemap. `None` where its address tells nothing.
    #[must_use]
    pub fn listed(url: &CanonicalUrl) -> Option<Self> {
        Self::of(url, LISTED, 0.0)
    }

    fn of(url: &CanonicalUrl, articles: f64, others: f64) -> Option<Self> {
        let shape = Shape::of(url);
        Some(Self {
            exact: shape.exact()?,
            general: shape.general()?,
            tally: Tally { articles, others },
        })
    }
}

impl AddressMemory {
    /// Takes in what became of an address.
    pub fn learn(&mut self, seen: &AddressSeen, now: DateTime<Utc>) {
        self.fade(now);
        self.shapes
            .entry(seen.exact.clone())
            .or_default()
            .add(seen.tally);
        if seen.general != seen.exact {
            self.shapes
                .entry(seen.general.clone())
                .or_default()
                .add(seen.tally);
        }
        self.shrink();
    }

    /// What is known of an address, as a part of its score.
    #[must_use]
    pub(in crate::discover) fn lift(&self, url: &CanonicalUrl) -> i32 {
        if self.shapes.is_empty() {
            return 0;
        }
        let shape = Shape::of(url);
        let known = |text: Option<String>| text.and_then(|text| self.shapes.get(&text));
        match known(shape.exact()).map(|tally| tally.lift(RAISE, ENOUGH)) {
            Some(lift @ (1.. | ..0)) => lift,
            Some(0) | None => known(shape.general())
                .map_or(0, |tally| tally.lift(RAISE_GENERAL, ENOUGH_GENERAL).max(0)),
        }
    }

    /// The memory as the store keeps it, numbers short enough to be read.
    #[must_use]
    pub fn encode(&self) -> Value {
        let mut rounded = self.clone();
        for tally in rounded.shapes.values_mut() {
            tally.articles = (tally.articles * 100.0).round() / 100.0;
            tally.others = (tally.others * 100.0).round() / 100.0;
        }
        // numbers, texts and maps of these always are JSON
        serde_json::to_value(rounded).unwrap_or_default()
    }

    /// Reads a memory back; one that another version wrote is empty.
    #[must_use]
    pub fn decode(value: &Value) -> Self {
        let memory = Self::deserialize(value).unwrap_or_default();
        if memory.version == VERSION {
            memory
        } else {
            Self::default()
        }
    }

    fn fade(&mut self, now: DateTime<Utc>) {
        let idle = self.learned_at.map_or(0, |last| (now - last).num_days());
        let days = u16::try_from(idle).unwrap_or(if idle < 0 { 0 } else { u16::MAX });
        self.version = VERSION;
        if days == 0 && self.learned_at.is_some() {
            return;
        }
        self.learned_at = self.learned_at.max(Some(now));
        let factor = 0.5_f64.powf(f64::from(days) / HALF_LIFE_DAYS);
        for tally in self.shapes.values_mut() {
            tally.scale(factor);
        }
    }

    /// Forgets what is faint, and of the rest what was met least beyond the bound.
    fn shrink(&mut self) {
        self.shapes.retain(|_, tally| tally.pages() >= FAINT);
        while self.shapes.len() > MAX_SHAPES {
            let least = self
                .shapes
                .iter()
                .min_by(|a, b| a.1.pages().total_cmp(&b.1.pages()));
            let Some(least) = least.map(|(shape, _)| shape.clone()) else {
                return;
            };
            self.shapes.remove(&least);
        }
    }
}

impl Tally {
    fn pages(self) -> f64 {
        self.articles + self.others
    }

    fn scale(&mut self, factor: f64) {
        self.articles *= factor;
        self.others *= factor;
    }

    fn add(&mut self, more: Self) {
        self.articles += more.articles;
        self.others += more.others;
        if self.pages() > MAX_WEIGHT {
            self.scale(MAX_WEIGHT / self.pages());
        }
    }

    fn lift(self, raise: i32, enough: f64) -> i32 {
        let share = self.articles / self.pages().max(FAINT);
        if self.pages() >= enough && share >= MANY {
            raise
        } else if self.pages() >= ENOUGH_TO_SINK && share < FEW {
            SINK
        } else {
            0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Identity;
    use chrono::TimeDelta;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn url(path: &str) -> CanonicalUrl {
        CanonicalUrl::parse(&format!("https://e.kr{path}"), Identity::default()).unwrap()
    }

    fn learn(
        memory: &mut AddressMemory,
        path: &str,
        numbers: std::ops::Range<u32>,
        is_article: bool,
    ) {
        for number in numbers {
            let url = url(&format!("{path}{number}"));
            memory.learn(&AddressSeen::read(&url, is_article).unwrap(), NOW);
        }
    }

    #[test]
    fn shapes_of_articles_rise_and_shapes_without_any_sink() {
        let mut memory = AddressMemory::default();
        assert_eq!(memory.lift(&url("/n/7000")), 0);
        learn(&mut memory, "/n/", 4000..4002, true);
        assert_eq!(memory.lift(&url("/n/7000")), 0, "two pages are too few");
        learn(&mut memory, "/n/", 4002..4003, true);
        learn(&mut memory, "/photo/", 4000..4020, false);
        assert_eq!(memory.lift(&url("/n/7000")), RAISE);
        assert_eq!(memory.lift(&url("/photo/7000")), SINK);
        assert_eq!(memory.lift(&url("/n/economy")), 0);
        assert_eq!(
            memory.lift(&url("/video/7000")),
            0,
            "as many were none as were articles"
        );
    }

    #[test]
    fn section_that_was_never_seen_profits_from_the_others() {
        let mut memory = AddressMemory::default();
        for section in ["economy", "world", "sports", "arts"] {
            learn(&mut memory, &format!("/{section}/"), 4000..4003, true);
        }
        assert_eq!(memory.lift(&url("/science/7000")), RAISE_GENERAL);
    }

    #[test]
    fn what_feeds_list_counts_half() {
        let mut memory = AddressMemory::default();
        for number in 4000..4006 {
            assert_eq!(memory.lift(&url("/n/7000")), 0);
            let seen = AddressSeen::listed(&url(&format!("/n/{number}"))).unwrap();
            memory.learn(&seen, NOW);
        }
        assert_eq!(memory.lift(&url("/n/7000")), RAISE);
        assert_eq!(AddressSeen::listed(&url("/economy/world")), None);
    }

    #[test]
    fn what_was_given_up_is_tried_again_when_it_has_faded() {
        let mut memory = AddressMemory::default();
        learn(&mut memory, "/photo/", 4000..4040, false);
        let other = AddressSeen::read(&url("/n/4000"), true).unwrap();
        memory.learn(&other, NOW + TimeDelta::days(365));
        assert_eq!(memory.lift(&url("/photo/7000")), 0);
    }

    #[test]
    fn site_that_changes_is_believed_soon() {
        let mut memory = AddressMemory::default();
        learn(&mut memory, "/n/", 4000..5000, false);
        learn(&mut memory, "/n/", 4000..4050, true);
        assert_eq!(memory.lift(&url("/n/7000")), RAISE);
    }

    #[test]
    fn memory_is_bounded_and_read_back_as_it_was() {
        let mut memory = AddressMemory::default();
        learn(&mut memory, "/n/", 4000..4010, true);
        for number in 0..2_000 {
            let digits = format!("{number:04}");
            let letters: String = digits.bytes().map(|digit| char::from(digit + 49)).collect();
            let path = format!("/{}{letters}/", "word".repeat(24));
            learn(&mut memory, &path, 4000..4001, false);
        }
        let encoded = memory.encode();
        assert_eq!(memory.shapes.len(), MAX_SHAPES);
        assert!(
            encoded.to_string().len() <= 65_536,
            "{}",
            encoded.to_string().len()
        );
        assert!(AddressMemory::decode(&encoded).encode() == encoded);
        assert_eq!(
            memory.lift(&url("/n/7000")),
            RAISE,
            "what is met most stays"
        );
        let mut other = encoded;
        other["version"] = 2.into();
        for broken in [other, Value::Null, serde_json::json!({"shapes": 7})] {
            assert_eq!(AddressMemory::decode(&broken), AddressMemory::default());
        }
    }
}
