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

/// What it is worth that a container held the body of every page of the site so far.
pub(in crate::extract) const HABIT: f32 = 0.15;

/// The score of each candidate, 0 to about 2.
pub(super) fn scores(
    outline: &Outline<'_>,
    candidates: &[Candidate],
    stated: Option<&Stated>,
) -> Vec<f32> {
    let confirmed = stated.map(|s| (s, s.confirmed(outline, candidates)));
    let sizes: Vec<usize> = candidates.iter().map(|c| total(outline, &c.kept)).collect();
    let largest = sizes.iter().copied().max().unwrap_or_default();
    // A scrap of text is no body, whatever its container is called.
    let trusts: Vec<f32> = candidates
        .iter()
        .zip(&sizes)
        .map(|(candidate, size)| candidate.prior.min(0.5) * ratio(size * 4, largest).min(1.0))
        .collect();
    let judge = |index: usize, candidate: &Candidate| {
        let others = candidates.iter().zip(&trusts).enumerate();
        let others = others.filter(|(other, _)| *other != index);
        let agreement =
            mean(others.map(|(_, (other, trust))| {
                (*trust, overlap(outline, &candidate.kept, &other.kept))
            }));
        let trust = trusts.get(index).copied().unwrap_or_default();
        let confirmation = confirmed.as_ref().map_or(0.0, |(stated, blocks)| {
            confirmation(outline, candidate, blocks, stated.weight)
        });
        let habit = habit(outline, candidate) * HABIT;
        agreement + trust + confirmation + purity(outline, &candidate.kept) * 0.2 + habit
    };
    candidates
        .iter()
        .enumerate()
        .map(|(index, candidate)| judge(index, candidate))
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

/// The share of the site's known pages whose body this container held.
fn habit(outline: &Outline<'_>, candidate: &Candidate) -> f32 {
    let known = outline.recall.as_ref().zip(candidate.item);
    known.map_or(0.0, |(recall, item)| recall.habit(&outline.path(item)))
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
