//! What a page gives a memory to learn from.

use std::collections::{BTreeMap, HashSet};

use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::encoding::MAX_NAME_BYTES;
use super::recall::{Recall, container_key, place};
use super::{HABIT, Likeness, SKETCH, SiteMemory};
use crate::domain::{CanonicalUrl, Identity};
use crate::extract::outline::Outline;
use crate::extract::text::folded;
use crate::extract::{BodyCandidate, Input};

/// Lines of a page that are learned; the first ones.
const MAX_LINES: usize = 300;

/// What a page showed, hashed; bounded.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observation {
    pub(super) likeness: Likeness,
    pub(super) lines: Vec<Line>,
    /// The container that held the body by the page's own evidence.
    pub(super) container: Option<u64>,
    pub(super) pictures: Vec<u64>,
    /// The last part of the page's title, folded.
    pub(super) name: Option<String>,
}

/// A block of text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub(super) key: u64,
    pub(super) is_inside: bool,
    pub(super) is_plain: bool,
}

/// What tells a page's article from others before its text is known.
#[derive(Debug, Clone, Copy)]
pub(in crate::extract) struct Page<'a> {
    url: Option<&'a Url>,
    identity: Identity<'a>,
    /// As the page's head states it.
    title: Option<&'a str>,
}

impl<'a> Page<'a> {
    pub(in crate::extract) fn of(input: &Input<'a>, title: Option<&'a str>) -> Self {
        Self {
            url: input.url,
            identity: input.identity,
            title,
        }
    }

    fn likeness(&self) -> Likeness {
        let canonical = |url: &Url| CanonicalUrl::from_url(url.clone(), self.identity).ok();
        let address = self
            .url
            .and_then(canonical)
            .map_or(0, |url| xxh3_64(url.as_str().as_bytes()));
        let title = self.title.map(folded).filter(|title| !title.is_empty());
        Likeness {
            address,
            title: title.map_or(0, |title| xxh3_64(title.as_bytes())),
            sketch: Vec::new(),
        }
    }

    /// Looks at a page with the memory of its site.
    pub(in crate::extract) fn recall<'m>(
        &self,
        memory: &'m SiteMemory,
        outline: &Outline<'_>,
    ) -> Recall<'m> {
        Recall::new(memory, outline, &self.likeness())
    }
}

/// What the page showed: its body as blocks with the candidates for it, and the addresses of all that could be its pictures.
pub(in crate::extract) fn observe(
    page: &Page<'_>,
    outline: &Outline<'_>,
    recall: &Recall<'_>,
    (kept, candidates): (&[usize], &[BodyCandidate]),
    pictures: &[String],
) -> Observation {
    let inside: HashSet<usize> = kept.iter().copied().collect();
    let usual = usual_place(outline, kept);
    let mut likeness = page.likeness();
    let mut lines: BTreeMap<u64, Line> = BTreeMap::new();
    for (at, key) in recall.keys() {
        let is_inside = inside.contains(&at);
        let is_plain = outline
            .blocks
            .get(at)
            .is_some_and(|block| Some(place(outline, block)) == usual);
        if lines.len() < MAX_LINES || is_inside {
            let line = Line {
                key,
                is_inside,
                is_plain,
            };
            lines
                .entry(key)
                .and_modify(|known| known.is_inside |= is_inside)
                .or_insert(line);
        }
    }
    likeness.sketch = sketch(
        lines
            .values()
            .filter(|line| line.is_inside && line.is_plain),
    );
    Observation {
        likeness,
        lines: lines.into_values().collect(),
        container: container(outline, candidates),
        pictures: pictures
            .iter()
            .map(|url| xxh3_64(url.as_bytes()))
            .collect::<HashSet<_>>()
            .into_iter()
            .collect(),
        name: page.title.and_then(last_part),
    }
}

/// The place where most of the body's text stands.
fn usual_place(outline: &Outline<'_>, kept: &[usize]) -> Option<u64> {
    let mut weights: BTreeMap<u64, usize> = BTreeMap::new();
    for block in kept.iter().filter_map(|at| outline.blocks.get(*at)) {
        *weights.entry(place(outline, block)).or_default() += block.weight;
    }
    weights
        .into_iter()
        .max_by_key(|(_, weight)| *weight)
        .map(|(place, _)| place)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "any 32 bits of a hash are a hash"
)]
fn sketch<'a>(lines: impl Iterator<Item = &'a Line>) -> Vec<u32> {
    let mut hashes: Vec<u32> = lines.map(|line| line.key as u32).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes.truncate(SKETCH);
    hashes
}

/// The container that would have won without any memory, so that a memory never confirms itself.
fn container(outline: &Outline<'_>, candidates: &[BodyCandidate]) -> Option<u64> {
    let own = |candidate: &BodyCandidate| -> f32 {
        let parts = candidate.parts.iter().filter(|(name, _)| *name != HABIT);
        parts.map(|(_, worth)| worth).sum()
    };
    let best = candidates.iter().max_by(|a, b| own(a).total_cmp(&own(b)))?;
    best.item.map(|item| container_key(outline, item))
}

/// What stands behind the last separator of a title.
fn last_part(title: &str) -> Option<String> {
    let separators = [
        " - ", " | ", " – ", " — ", " :: ", " : ", " · ", " < ", " > ", " / ", "|", "｜",
    ];
    let parts = separators
        .iter()
        .filter_map(|separator| title.rsplit_once(separator));
    let shortest = parts
        .map(|(_, part)| part.trim())
        .min_by_key(|part| part.len())?;
    let name = folded(shortest);
    let is_name =
        !name.is_empty() && name.len() <= MAX_NAME_BYTES && name.chars().any(char::is_alphabetic);
    is_name.then_some(name)
}
