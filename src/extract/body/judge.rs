//! Which of the candidates is the article. Each is described by a few features from 0 to 1, and its
//! score is their weighted sum: what speaks for a candidate is one field here and one weight.

use std::collections::HashSet;

use super::candidates::Candidate;
use crate::extract::Parts;
use crate::extract::memory::{HABIT, Recall};
use crate::extract::outline::{Block, Outline};
use crate::extract::role::Roles;
use crate::extract::text::{folded, folds_to, head, weight};

/// Shorter structured texts are teasers.
const MIN_STATED: usize = 400;
/// So much text between the headline and the first paragraph is a lead and a caption at most.
const MAX_GAP: usize = 600;
/// Headings that are compared with the title.
const MAX_HEADINGS: usize = 200;

/// What is known of the page beside its blocks.
pub(super) struct Known<'a> {
    /// The headline.
    pub(super) title: &'a str,
    /// The texts that structured data and feeds state.
    pub(super) stated: &'a [&'a str],
    /// What the memory of the site says of the page.
    pub(super) recall: Option<&'a Recall<'a>>,
}

/// What speaks for a candidate, each from 0 to 1.
#[derive(Debug, Clone, Copy, Default)]
struct Features {
    /// How far the other candidates hold the same text, by their trust.
    agreement: f32,
    /// How far its strategy is believed.
    trust: f32,
    /// How well it fits a text that structured data or a feed states.
    confirmation: f32,
    /// The share of prose in it.
    purity: f32,
    /// The share of the page's prose that is in it.
    coverage: f32,
    /// How near to the headline it begins.
    start: f32,
    /// The share of the site's known articles whose body its container held.
    habit: f32,
}

impl Features {
    /// What each adds to the score.
    fn parts(&self) -> Parts {
        [
            ("agreement", self.agreement),
            ("trust", self.trust),
            ("confirmation", self.confirmation),
            ("purity", self.purity * 0.2),
            ("coverage", self.coverage * 0.1),
            ("start", self.start * 0.15),
            (HABIT, self.habit * 0.15),
        ]
    }
}

/// What the score of each candidate is made of; only comparable on one page.
pub(super) fn parts(
    outline: &Outline<'_>,
    candidates: &[Candidate],
    known: &Known<'_>,
) -> Vec<Parts> {
    let bench = Bench::new(outline, candidates, known);
    let features = (0..candidates.len()).map(|index| bench.features(index));
    features.map(|features| features.parts()).collect()
}

/// The sum of the parts.
pub(super) fn score(parts: &Parts) -> f32 {
    parts.iter().map(|(_, worth)| worth).sum()
}

/// What the candidates of a page are measured by, computed once.
struct Bench<'a, 'p> {
    outline: &'a Outline<'p>,
    candidates: &'a [Candidate],
    trusts: Vec<f32>,
    confirmed: Vec<Confirmed>,
    headline: Option<usize>,
    recall: Option<&'a Recall<'a>>,
}

impl<'a, 'p> Bench<'a, 'p> {
    fn new(outline: &'a Outline<'p>, candidates: &'a [Candidate], known: &Known<'a>) -> Self {
        Self {
            outline,
            candidates,
            trusts: trusts(outline, candidates),
            confirmed: known
                .stated
                .iter()
                .filter_map(|text| Confirmed::new(outline, candidates, text))
                .collect(),
            headline: headline(outline, known.title),
            recall: known.recall,
        }
    }

    fn features(&self, index: usize) -> Features {
        let Some(candidate) = self.candidates.get(index) else {
            return Features::default();
        };
        let text = total(self.outline, &candidate.kept);
        let prose = prose(self.outline, &candidate.kept);
        let confirmation = |c: &Confirmed| c.confirmation(self.outline, &candidate.kept);
        Features {
            agreement: self.agreement(index, candidate),
            trust: self.trusts.get(index).copied().unwrap_or_default(),
            confirmation: self.confirmed.iter().map(confirmation).fold(0.0, f32::max),
            purity: ratio(prose, text),
            coverage: ratio(prose, self.outline.all().prose).min(1.0),
            start: start(self.outline, self.headline, &candidate.kept),
            habit: self.habit(candidate),
        }
    }

    fn habit(&self, candidate: &Candidate) -> f32 {
        let known = self.recall.zip(candidate.item);
        known.map_or(0.0, |(recall, item)| recall.habit(self.outline, item))
    }

    fn agreement(&self, index: usize, candidate: &Candidate) -> f32 {
        let others = self.candidates.iter().zip(&self.trusts).enumerate();
        let others = others.filter(|(other, _)| *other != index);
        mean(others.map(|(_, (other, trust))| {
            (*trust, overlap(self.outline, &candidate.kept, &other.kept))
        }))
    }
}

/// The strategies' priors; a scrap of text is no body, whatever its container is called.
fn trusts(outline: &Outline<'_>, candidates: &[Candidate]) -> Vec<f32> {
    let sizes: Vec<usize> = candidates.iter().map(|c| total(outline, &c.kept)).collect();
    let largest = sizes.iter().copied().max().unwrap_or_default();
    let trust = |(candidate, size): (&Candidate, &usize)| {
        candidate.prior.min(0.5) * ratio(size * 4, largest).min(1.0)
    };
    candidates.iter().zip(&sizes).map(trust).collect()
}

/// The blocks of the page that occur in a text that structured data or a feed states.
struct Confirmed {
    blocks: HashSet<usize>,
    stated: usize,
}

impl Confirmed {
    fn new(outline: &Outline<'_>, candidates: &[Candidate], text: &str) -> Option<Self> {
        let stated = weight(text);
        if stated < MIN_STATED {
            return None;
        }
        let text = folded(text);
        let all: HashSet<usize> = candidates
            .iter()
            .flat_map(|c| c.kept.iter().copied())
            .take(2_000)
            .collect();
        let occurs = |at: &usize| {
            let block = outline.blocks.get(*at);
            let block = block.map_or_else(String::new, |b| folded(&head(&b.text, 60)));
            block.chars().count() >= 8 && text.contains(&head(&block, 30))
        };
        Some(Self {
            blocks: all.into_iter().filter(occurs).collect(),
            stated,
        })
    }

    /// How well some blocks fit the stated text.
    fn confirmation(&self, outline: &Outline<'_>, kept: &[usize]) -> f32 {
        let inside = kept.iter().copied().filter(|at| self.blocks.contains(at));
        let hit = total(outline, &inside.collect::<Vec<usize>>());
        let precision = ratio(hit, total(outline, kept));
        let recall = ratio(hit, self.stated).min(1.0);
        if precision + recall > 0.0 {
            2.0 * precision * recall / (precision + recall)
        } else {
            0.0
        }
    }
}

/// The block of the page's own headline.
fn headline(outline: &Outline<'_>, title: &str) -> Option<usize> {
    let title = folded(title);
    let is_heading = |block: &Block| {
        block.roles.has(Roles::HEADLINE) || matches!(outline.tag(block), "h1" | "h2" | "h3")
    };
    let blocks = outline.blocks.iter().enumerate();
    let mut headings = blocks
        .filter(|(_, block)| is_heading(block))
        .take(MAX_HEADINGS);
    let own = headings.find(|(_, block)| !title.is_empty() && folds_to(&block.text, &title));
    own.map(|(at, _)| at)
}

/// 1 for what begins right under the headline, 0 for what begins far from it.
fn start(outline: &Outline<'_>, headline: Option<usize>, kept: &[usize]) -> f32 {
    let Some((own, first)) = headline.zip(kept.first().copied()) else {
        return 0.5;
    };
    let gap = own.min(first)..own.max(first);
    1.0 - ratio(outline.sums(&gap).prose, MAX_GAP).min(1.0)
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
    let blocks = blocks.iter().filter_map(|at| outline.blocks.get(*at));
    blocks.map(|b| b.weight).sum()
}

/// The weight of prose in some blocks.
fn prose(outline: &Outline<'_>, blocks: &[usize]) -> usize {
    let blocks = blocks.iter().filter_map(|at| outline.blocks.get(*at));
    blocks.filter(|b| b.is_prose()).map(|b| b.weight).sum()
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

#[cfg(test)]
mod tests {
    use super::super::candidates;
    use super::*;
    use crate::markup::parse_html;

    const TITLE: &str = "The bridge opens";
    const TEXT: [&str; 5] = [
        "On Monday the first trams crossed the new bridge over the bay, and nobody had to wait.",
        "The old one stays open for those who walk, the harbour board said after its last meeting.",
        "Nine years went by between the first drawing and the first tram, twice as many as planned.",
        "A ticket costs three crowns, and whoever shows a fishing licence pays nothing at all.",
        "The boats that used to cross the bay will be sold, and two of them go to the museum.",
    ];

    fn page() -> String {
        let text: String = TEXT.iter().map(|line| format!("<p>{line}</p>")).collect();
        let inn = "The inn at the pier serves soup on Sundays, and its guests get a second bowl.";
        format!("<h1>{TITLE}</h1><div class=story-body>{text}</div><div><p>{inn}</p></div>")
    }

    #[test]
    fn text_that_structured_data_confirms_wins() {
        let page = page();
        let html = parse_html(&page).unwrap();
        let outline = Outline::of(&html);
        let candidates = candidates::all(&outline, TITLE);
        let stated = TEXT.join(" ");
        let known = Known {
            title: TITLE,
            stated: &[&stated],
            recall: None,
        };
        let parts = parts(&outline, &candidates, &known);
        let scores = parts.iter().map(score).zip(&candidates);
        let (_, best) = scores.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
        assert_eq!(best.kept.len(), TEXT.len());
        assert!(candidates.iter().any(|c| c.kept.len() > TEXT.len()));
    }

    #[test]
    fn text_that_is_far_from_the_headline_starts_worse() {
        let page = page();
        let html = parse_html(&page).unwrap();
        let outline = Outline::of(&html);
        let own = headline(&outline, TITLE);
        assert!(start(&outline, own, &[1]) > start(&outline, own, &[TEXT.len() + 1]));
        assert!((start(&outline, None, &[1]) - 0.5).abs() < f32::EPSILON);
    }
}
