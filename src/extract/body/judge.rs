//! Which of the candidates is the article: the one that the others agree with most, weighed by how
//! far its strategy is trusted and by how little else it carries along.

use std::collections::HashSet;

use super::candidates::Candidate;
use crate::extract::outline::Outline;
use crate::extract::text::{folded, head, weight};

/// Shorter structured texts are teasers.
const MIN_STATED: usize = 400;

/// The text that structured data states, ready for comparison with blocks.
pub(super) struct Stated {
    folded: String,
    weight: usize,
}

impl Stated {
    pub(super) fn new(text: Option<&str>) -> Option<Self> {
        let text = text?;
        let weight = weight(text);
        (weight >= MIN_STATED).then(|| Self {
            folded: folded(text),
            weight,
        })
    }

    /// The blocks of the page that occur in the stated text.
    fn confirmed(&self, outline: &Outline<'_>, candidates: &[Candidate]) -> HashSet<usize> {
        let all: HashSet<usize> = candidates
            .iter()
            .flat_map(|c| c.kept.iter().copied())
            .take(2_000)
            .collect();
        all.into_iter()
            .filter(|at| {
                let text = outline
                    .blocks
                    .get(*at)
                    .map(|b| folded(&head(&b.text, 60)))
                    .unwrap_or_default();
                text.chars().count() >= 8 && self.folded.contains(&head(&text, 30))
            })
            .collect()
    }
}

/// The score of each candidate, 0 to about 2.
pub(super) fn scores(
    outline: &Outline<'_>,
    candidates: &[Candidate],
    stated: Option<&Stated>,
) -> Vec<f32> {
    let confirmed = stated.map(|s| (s, s.confirmed(outline, candidates)));
    candidates
        .iter()
        .enumerate()
        .map(|(index, candidate)| {
            let agreement = mean(
                candidates
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != index)
                    .map(|(_, other)| {
                        (other.prior, overlap(outline, &candidate.kept, &other.kept))
                    }),
            );
            let confirmation = confirmed.as_ref().map_or(0.0, |(stated, blocks)| {
                confirmation(outline, candidate, blocks, stated.weight)
            });
            agreement
                + candidate.prior.min(0.5)
                + confirmation
                + purity(outline, &candidate.kept) * 0.2
        })
        .collect()
}

/// How well a candidate fits what structured data states.
fn confirmation(
    outline: &Outline<'_>,
    candidate: &Candidate,
    confirmed: &HashSet<usize>,
    stated: usize,
) -> f32 {
    let inside: Vec<usize> = candidate
        .kept
        .iter()
        .copied()
        .filter(|at| confirmed.contains(at))
        .collect();
    let hit = total(outline, &inside);
    let precision = ratio(hit, total(outline, &candidate.kept));
    let recall = ratio(hit, stated).min(1.0);
    if precision + recall > 0.0 {
        2.0 * precision * recall / (precision + recall)
    } else {
        0.0
    }
}

/// The share of prose in a candidate.
fn purity(outline: &Outline<'_>, kept: &[usize]) -> f32 {
    let prose: Vec<usize> = kept
        .iter()
        .copied()
        .filter(|at| outline.blocks.get(*at).is_some_and(|b| b.is_prose()))
        .collect();
    ratio(total(outline, &prose), total(outline, kept))
}

/// F1 of the weight of blocks that two sorted lists share.
fn overlap(outline: &Outline<'_>, a: &[usize], b: &[usize]) -> f32 {
    let mut shared = Vec::new();
    let mut rest = b.iter().copied().peekable();
    for at in a {
        while rest.next_if(|other| other < at).is_some() {}
        shared.extend(rest.next_if_eq(at));
    }
    let both = total(outline, a) + total(outline, b);
    ratio(2 * total(outline, &shared), both)
}

/// The weight of some blocks.
pub(super) fn total(outline: &Outline<'_>, blocks: &[usize]) -> usize {
    blocks
        .iter()
        .filter_map(|at| outline.blocks.get(*at))
        .map(|b| b.weight)
        .sum()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "weights of texts are far below 2^24 parts of interest"
)]
fn ratio(part: usize, whole: usize) -> f32 {
    if whole == 0 {
        0.0
    } else {
        part as f32 / whole as f32
    }
}

fn mean(weighted: impl Iterator<Item = (f32, f32)>) -> f32 {
    let (sum, weights) = weighted.fold((0.0, 0.0), |(s, w), (weight, value)| {
        (s + weight * value, w + weight)
    });
    if weights > 0.0 { sum / weights } else { 0.5 }
}
