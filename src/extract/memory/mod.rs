//! What the pages of one site have in common, learned page by page: blocks that stand on pages of
//! different articles are furniture, the container that held the body holds it again, a picture of
//! many articles is of none. A value without I/O; small, fading, and versioned
//! (`docs/decisions/0005-site-memory.md`).

mod encoding;
mod observation;
mod recall;

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};

pub use encoding::MemoryError;
pub use observation::Observation;
pub(super) use observation::{Page, observe};
pub(super) use recall::Recall;

/// The name of what a memory adds to the score of a body candidate: it must not confirm itself.
pub(super) const HABIT: &str = "habit";
/// Articles after which a trace has lost two thirds of its weight: long enough to see what one
/// section in eight repeats, short enough that a new template is the rule within a day.
const WINDOW: f32 = 32.0;
/// Days after which a trace has lost half of its weight where no pages come.
const HALF_LIFE_DAYS: f32 = 30.0;
/// A trace that is lighter than this has been met once, long ago.
const FAINT: f32 = 0.05;
/// Traces that are kept of each kind; the lightest go first.
const MAX_LINES: usize = 2_400;
const MAX_CONTAINERS: usize = 48;
const MAX_PICTURES: usize = 400;
const MAX_NAMES: usize = 24;
/// Articles whose likeness is kept, to know them again.
const MAX_RECENT: usize = 64;
/// Hashes that stand for an article's text, the smallest ones.
const SKETCH: usize = 16;
/// Weights are sums of decayed ones: two articles weigh a little less than two.
const SLACK: f32 = 0.5;

/// What is known of a block of text by its words and its place.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Trace {
    /// Articles that showed it.
    seen: f32,
    /// Articles whose body it stood in.
    inside: f32,
    /// Articles where nothing told it from the paragraphs around it.
    plain: f32,
}

/// The likeness of an article that was learned from.
#[derive(Debug, Clone, PartialEq, Default)]
struct Likeness {
    address: u64,
    title: u64,
    /// Ascending.
    sketch: Vec<u32>,
}

/// The memory of one site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SiteMemory {
    /// Decayed number of the articles learned from.
    articles: f32,
    learned_at: Option<DateTime<Utc>>,
    lines: BTreeMap<u64, Trace>,
    containers: BTreeMap<u64, f32>,
    pictures: BTreeMap<u64, f32>,
    /// Last parts of page titles, folded.
    names: BTreeMap<String, f32>,
    recent: VecDeque<Likeness>,
}

impl SiteMemory {
    /// Of the encoding and of what the engine makes of a page: a change of either is a new number,
    /// and what was learned under another is learned anew.
    pub const VERSION: i16 = 1;

    /// Takes in what a page showed, unless it is of an article known already (a revision, a twin,
    /// a copy, the same page fetched again): that would teach that the article is furniture.
    /// Answers whether it did.
    pub fn learn(&mut self, seen: &Observation, now: DateTime<Utc>) -> bool {
        if self
            .recent
            .iter()
            .any(|known| known.is_same(&seen.likeness))
        {
            return false;
        }
        self.fade(now);
        self.articles += 1.0;
        for line in &seen.lines {
            let trace = self.lines.entry(line.key).or_default();
            trace.seen += 1.0;
            trace.inside += f32::from(u8::from(line.is_inside));
            trace.plain += f32::from(u8::from(line.is_plain));
        }
        if let Some(container) = seen.container {
            *self.containers.entry(container).or_default() += 1.0;
        }
        for picture in &seen.pictures {
            *self.pictures.entry(*picture).or_default() += 1.0;
        }
        if let Some(name) = &seen.name {
            *self.names.entry(name.clone()).or_default() += 1.0;
        }
        self.recent.push_back(seen.likeness.clone());
        self.shrink();
        true
    }

    /// How many articles it was learned from and still knows, about.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a sum of a series below 33"
    )]
    pub fn articles(&self) -> i32 {
        self.articles.round() as i32
    }

    /// Lets everything fade by one article and by the time since the last one.
    fn fade(&mut self, now: DateTime<Utc>) {
        let idle = self.learned_at.map_or(0, |last| (now - last).num_hours());
        let days =
            f32::from(u16::try_from(idle / 24).unwrap_or(if idle < 0 { 0 } else { u16::MAX }));
        let factor = (1.0 - 1.0 / WINDOW) * 0.5_f32.powf(days / HALF_LIFE_DAYS);
        self.learned_at = self.learned_at.max(Some(now));
        self.articles *= factor;
        for trace in self.lines.values_mut() {
            trace.seen *= factor;
            trace.inside *= factor;
            trace.plain *= factor;
        }
        let numbers = self.containers.values_mut();
        for weight in numbers
            .chain(self.pictures.values_mut())
            .chain(self.names.values_mut())
        {
            *weight *= factor;
        }
    }

    /// Forgets what is faint, and of the rest the lightest beyond the bounds.
    fn shrink(&mut self) {
        keep_heaviest(&mut self.lines, MAX_LINES, |trace| trace.seen);
        keep_heaviest(&mut self.containers, MAX_CONTAINERS, |weight| *weight);
        keep_heaviest(&mut self.pictures, MAX_PICTURES, |weight| *weight);
        keep_heaviest(&mut self.names, MAX_NAMES, |weight| *weight);
        while self.recent.len() > MAX_RECENT {
            self.recent.pop_front();
        }
    }
}

impl Likeness {
    /// Whether two pages show one article: at one address, or with half of the shorter text in
    /// common; under one headline a quarter is enough. Some sites give all pages one title.
    fn is_same(&self, other: &Self) -> bool {
        let shorter = self.sketch.len().min(other.sketch.len());
        let shared = self
            .sketch
            .iter()
            .filter(|hash| other.sketch.binary_search(hash).is_ok());
        let shared = shared.count();
        let is_titled = is_equal(self.title, other.title) && shared * 4 >= shorter;
        is_equal(self.address, other.address) || (shared > 0 && (is_titled || shared * 2 > shorter))
    }

    /// Whether a page whose text is not known yet may show this article.
    fn may_be(&self, page: &Self) -> bool {
        is_equal(self.address, page.address) || is_equal(self.title, page.title)
    }
}

/// Whether two keys are known and equal.
fn is_equal(a: u64, b: u64) -> bool {
    a != 0 && a == b
}

fn keep_heaviest<K: Ord + Clone, V>(
    map: &mut BTreeMap<K, V>,
    most: usize,
    weight: impl Fn(&V) -> f32,
) {
    map.retain(|_, value| weight(value) >= FAINT);
    if map.len() <= most {
        return;
    }
    let mut weights: Vec<(f32, K)> = map
        .iter()
        .map(|(key, value)| (weight(value), key.clone()))
        .collect();
    weights.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    for (_, key) in weights.into_iter().take(map.len() - most) {
        map.remove(&key);
    }
}

#[cfg(test)]
mod tests;
