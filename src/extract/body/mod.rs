//! The text of the article: candidates, a judge, then guarded removal of what is not the article.

mod broadcast;
mod candidates;
mod judge;
mod trim;

use std::collections::HashSet;
use std::ops::Range;

use super::BodyCandidate;
use super::element::Element;
use super::outline::{Block, Outline};
use super::role::Roles;
use super::signature::Signature;
use super::text::{clean, ends_sentence, folded, weight};
use candidates::Candidate;
use judge::Known;
pub(in crate::extract) use trim::Frame;

/// Quotes that are compared with the text around them.
const MAX_QUOTES: usize = 40;
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
    pub(super) strategy: &'static str,
    pub(super) candidates: Vec<BodyCandidate>,
    /// Weight of its sentences.
    pub(super) prose: usize,
}

/// Finds the body. `stated` is what structured data gives.
pub(super) fn find(outline: &Outline<'_>, stated: Option<&str>, frame: &Frame<'_>) -> Found {
    let candidates = candidates::all(outline);
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
    let mut found = chosen.map_or_else(Found::default, |c| of_page(outline, c, frame));
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
    let kept = refine(outline, &candidate.kept);
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
    let range = candidate
        .item
        .and_then(|item| outline.items.get(item))
        .map(|item| item.blocks.clone());
    let span = kept
        .first()
        .zip(kept.last())
        .map_or(0..0, |(a, b)| *a..b + 1);
    Found {
        paragraphs: lines,
        signature,
        span: range.unwrap_or(span),
        strategy: candidate.strategy,
        candidates: Vec::new(),
        prose,
    }
}

/// Leaves out what the markup sets apart from the paragraphs: odd short texts between them and
/// headings with nothing under them.
fn refine(outline: &Outline<'_>, kept: &[usize]) -> Vec<usize> {
    let tag = |at: usize| {
        let item = outline.blocks.get(at).map_or(0, |b| b.item);
        outline.items.get(item).map_or("", |i| i.element.name())
    };
    let is_prose = |at: usize| outline.blocks.get(at).is_some_and(Block::is_prose);
    let prose: Vec<usize> = kept.iter().copied().filter(|at| is_prose(*at)).collect();
    let marked: Vec<usize> = prose.iter().copied().filter(|at| tag(*at) == "p").collect();
    let is_marked = judge::total(outline, &marked) * 10 >= judge::total(outline, &prose) * 7
        && !marked.is_empty();
    let is_odd = |at: usize| {
        let is_paragraph = matches!(
            tag(at),
            "p" | "li" | "blockquote" | "h2" | "h3" | "h4" | "h5" | "pre" | "dd" | "dt"
        );
        let block = outline.blocks.get(at);
        is_marked
            && !is_paragraph
            && block.is_some_and(|b| b.weight < 60 && !ends_sentence(&b.text))
    };
    let is_standfirst = |at: usize| {
        outline
            .blocks
            .get(at)
            .is_some_and(|b| b.roles.has(Roles::STANDFIRST))
    };
    let front = kept.iter().take_while(|at| is_standfirst(**at)).count();
    let front = if front < kept.len() { front } else { 0 };
    let repeated = repeated(outline, kept);
    let kept = kept.iter().copied().skip(front);
    let mut refined: Vec<usize> = kept
        .filter(|at| !is_odd(*at) && !repeated.contains(at))
        .collect();
    while refined
        .last()
        .is_some_and(|at| matches!(tag(*at), "h2" | "h3" | "h4" | "h5" | "h6"))
    {
        refined.pop();
    }
    refined
}

/// Pull quotes: quotes whose words stand in a paragraph nearby.
fn repeated(outline: &Outline<'_>, kept: &[usize]) -> HashSet<usize> {
    let is_quote = |at: usize| {
        let block = outline.blocks.get(at)?;
        let around = std::iter::once(block.item).chain(outline.ancestors(block.item, 2));
        let mut elements = around
            .filter_map(|at| outline.items.get(at))
            .map(|i| i.element);
        let is_pulled = |e: Element<'_>| {
            e.name() == "blockquote"
                || e.classes()
                    .any(|c| c.contains("pull") || c.contains("quote"))
        };
        (block.weight <= 400 && elements.any(is_pulled)).then(|| folded(&block.text))
    };
    let quotes: Vec<(usize, usize, String)> = kept
        .iter()
        .enumerate()
        .filter_map(|(n, at)| Some((n, *at, is_quote(*at)?)))
        .take(MAX_QUOTES)
        .collect();
    let stands_near = |n: usize, quote: &str| {
        let near = kept
            .iter()
            .enumerate()
            .skip(n.saturating_sub(8))
            .take(17)
            .filter(|(other, _)| *other != n);
        let mut texts = near
            .filter_map(|(_, at)| outline.blocks.get(*at))
            .filter(|b| b.is_prose());
        quote.chars().count() >= 12 && texts.any(|b| folded(&b.text).contains(quote))
    };
    quotes
        .into_iter()
        .filter(|(n, _, quote)| stands_near(*n, quote))
        .map(|(_, at, _)| at)
        .collect()
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
