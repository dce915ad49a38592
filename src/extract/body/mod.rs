//! The text of the article: candidates, a judge, then guarded removal of what is not the article.

mod broadcast;
mod candidates;
mod inside;
mod join;
mod judge;
mod prompt;
mod trim;

use std::collections::HashSet;
use std::ops::Range;

use super::BodyCandidate;
use super::outline::{Block, Outline};
use super::role::Roles;
use super::signature::Signature;
use super::text::{clean, ends_sentence, weight};
use candidates::Candidate;
use judge::Known;
pub(in crate::extract) use trim::Frame;

/// Longer structured texts are cut before they are split.
const MAX_STATED_BYTES: usize = 1 << 20;

/// The body that was found, and how.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) paragraphs: Vec<String>,
    /// What signatures in the text named.
    pub(super) signature: Signature,
    /// The blocks of the page from the first to the last of the body; empty for texts that come
    /// from structured data.
    pub(super) span: Range<usize>,
    /// The same with what else its container holds: pictures in front, a headline, buttons.
    pub(super) container: Range<usize>,
    pub(super) strategy: &'static str,
    pub(super) candidates: Vec<BodyCandidate>,
    /// Weight of its sentences.
    pub(super) prose: usize,
}

/// Finds the body. `stated` is what structured data gives.
pub(super) fn find(outline: &Outline<'_>, stated: Option<&str>, frame: &Frame<'_>) -> Found {
    let candidates = candidates::all(outline, frame.title);
    let known = Known {
        title: frame.title,
        stated,
    };
    let scores = judge::scores(outline, &candidates, &known);
    let best = scores
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)))
        .map(|(index, _)| index);
    let chosen = best.and_then(|index| candidates.get(index));
    let mut found = chosen.map_or_else(Found::default, |chosen| {
        let mut whole = join::whole(outline, frame.title, chosen);
        whole.kept = inside::settle_links(outline, &whole.kept);
        of_page(outline, &whole, frame)
    });
    found.candidates = candidates
        .iter()
        .zip(&scores)
        .enumerate()
        .map(|(index, (c, score))| describe(outline, c, *score, Some(index) == best))
        .collect();
    if let Some(stated) = stated {
        rescue(&mut found, "json_ld", split(stated), frame);
    }
    found
}

/// Takes a text that the page does not show, where what it shows is far shorter.
pub(super) fn rescue(
    found: &mut Found,
    strategy: &'static str,
    mut lines: Vec<String>,
    frame: &Frame<'_>,
) {
    let offered: usize = lines.iter().map(|line| weight(line)).sum();
    if offered == 0 {
        return;
    }
    let shown: usize = found.paragraphs.iter().map(|line| weight(line)).sum();
    let is_chosen = offered >= 300 && shown * 5 < offered * 2;
    found.candidates.push(BodyCandidate {
        strategy,
        score: 0.0,
        chars: lines.iter().map(|line| line.chars().count()).sum(),
        path: String::new(),
        is_chosen,
    });
    if !is_chosen {
        return;
    }
    let signature = trim::trim(&mut lines, frame);
    let candidates = std::mem::take(&mut found.candidates);
    *found = Found {
        paragraphs: lines,
        signature,
        span: found.span.clone(),
        container: found.container.clone(),
        strategy,
        prose: offered,
        candidates: candidates
            .into_iter()
            .map(|c| BodyCandidate {
                is_chosen: c.strategy == strategy,
                ..c
            })
            .collect(),
    };
}

fn describe(
    outline: &Outline<'_>,
    candidate: &Candidate,
    score: f32,
    is_chosen: bool,
) -> BodyCandidate {
    let texts = candidate
        .kept
        .iter()
        .filter_map(|at| outline.blocks.get(*at));
    BodyCandidate {
        strategy: candidate.strategy,
        score,
        chars: texts.map(|block| block.text.chars().count()).sum(),
        path: candidate
            .item
            .map(|item| outline.path(item))
            .unwrap_or_default(),
        is_chosen,
    }
}

/// The body that a site rule points at: the blocks of `items` without those of `removed`.
pub(super) fn of_rule(
    outline: &Outline<'_>,
    items: &[usize],
    removed: &[usize],
    frame: &Frame<'_>,
) -> Option<Found> {
    let range = |at: &usize| {
        outline
            .items
            .get(*at)
            .map_or(0..0, |item| item.blocks.clone())
    };
    let cut: HashSet<usize> = removed.iter().flat_map(range).collect();
    let mut kept: Vec<usize> = items
        .iter()
        .flat_map(range)
        .filter(|at| !cut.contains(at))
        .collect();
    kept.sort_unstable();
    kept.dedup();
    let not_text = Roles::CAPTION
        .with(Roles::AD)
        .with(Roles::SHARE)
        .with(Roles::CONTROL)
        .with(Roles::CREDIT);
    kept.retain(|at| {
        outline
            .blocks
            .get(*at)
            .is_some_and(|b| !b.roles.has(not_text))
    });
    let candidate = Candidate {
        strategy: "site_rule",
        prior: 1.0,
        item: items.first().copied(),
        kept,
    };
    let mut found = of_page(outline, &candidate, frame);
    found.candidates = vec![describe(outline, &candidate, 1.0, true)];
    (!found.paragraphs.is_empty()).then_some(found)
}

fn of_page(outline: &Outline<'_>, candidate: &Candidate, frame: &Frame<'_>) -> Found {
    let kept = inside::refine(outline, &candidate.kept);
    let blocks: Vec<&Block> = kept
        .iter()
        .filter_map(|at| outline.blocks.get(*at))
        .collect();
    let prose = blocks
        .iter()
        .filter(|b| b.is_prose())
        .map(|b| b.weight)
        .sum();
    let mut lines = join(&blocks);
    let signature = trim::trim(&mut lines, frame);
    let span = kept
        .first()
        .zip(kept.last())
        .map_or(0..0, |(a, b)| *a..b + 1);
    let item = candidate.item.and_then(|item| outline.items.get(item));
    Found {
        paragraphs: lines,
        signature,
        container: item.map_or_else(|| span.clone(), |item| item.blocks.clone()),
        span,
        strategy: candidate.strategy,
        candidates: Vec::new(),
        prose,
    }
}

/// The texts of the blocks; lines that one `<br>` broke in the middle of a sentence are joined.
fn join(blocks: &[&Block]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::with_capacity(blocks.len());
    let mut goes_on = false;
    for block in blocks {
        let is_lower = block.text.chars().next().is_some_and(char::is_lowercase);
        match lines
            .last_mut()
            .filter(|last| goes_on && is_lower && !ends_sentence(last))
        {
            Some(last) => {
                last.push(' ');
                last.push_str(&block.text);
            }
            None => lines.push(block.text.clone()),
        }
        goes_on = block.is_broken;
    }
    lines
}

/// The lines of a text from structured data; markup in it is taken out.
fn split(text: &str) -> Vec<String> {
    let text = text
        .get(..text.floor_char_boundary(MAX_STATED_BYTES))
        .unwrap_or_default();
    if text.contains("</") || text.contains("<br") {
        return lines_of_markup(text);
    }
    text.lines()
        .map(clean)
        .filter(|line| !line.is_empty())
        .collect()
}

/// The lines of a piece of HTML.
pub(super) fn lines_of_markup(text: &str) -> Vec<String> {
    let Ok(html) = crate::markup::parse_html(text) else {
        return Vec::new();
    };
    let outline = Outline::of(&html);
    let blocks: Vec<&Block> = outline
        .blocks
        .iter()
        .filter(|b| !b.roles.has(Roles::AROUND.with(Roles::CAPTION)))
        .collect();
    join(&blocks)
}
