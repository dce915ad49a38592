//! The text of the article: candidates, a judge, then guarded removal of what is not the article.

mod broadcast;
mod candidates;
mod head;
mod inside;
mod join;
mod judge;
mod links;
mod prompt;
mod trim;

use std::collections::BTreeSet;
use std::ops::Range;

use super::outline::{Block, Outline};
use super::role::Roles;
use super::signature::Signature;
use super::text::{clean, ends_sentence, folded, head, weight};
use super::{BodyCandidate, FEED, Parts};
use candidates::Candidate;
use judge::Known;
pub(in crate::extract) use trim::Frame;

/// Longer structured texts are cut before they are split.
const MAX_STATED_BYTES: usize = 1 << 20;
/// Shorter texts stand in for no page.
const MIN_OFFERED: usize = 300;
/// A feed adds lines of its own to a text, such as where it appeared first: a page that is cut lacks
/// more.
const MIN_CUT: usize = 150;
/// Paragraphs that are looked for in the text of a feed.
const MAX_COMPARED: usize = 200;

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
    /// The blocks that it was made of, before they were trimmed.
    pub(super) kept: Vec<usize>,
    /// Whether another part of the page would be the body if no feed had confirmed this one.
    pub(super) is_decided_by_feed: bool,
}

/// The texts of the article that others than the page's own elements give, whole or a teaser.
#[derive(Default)]
pub(super) struct Stated<'a> {
    /// Structured data.
    pub(super) structured: Option<&'a str>,
    /// A feed.
    pub(super) feed: Option<&'a str>,
}

impl Found {
    /// How much text it is.
    pub(super) fn weight(&self) -> usize {
        self.paragraphs.iter().map(|line| weight(line)).sum()
    }
}

/// Finds the body.
pub(super) fn find(outline: &Outline<'_>, stated: &Stated<'_>, frame: &Frame<'_>) -> Found {
    let candidates = candidates::all(outline, frame.title);
    let judged = |stated: &[&str]| {
        let known = Known {
            title: frame.title,
            stated,
            recall: frame.recall,
        };
        judge::parts(outline, &candidates, &known)
    };
    let own: Vec<&str> = stated.structured.into_iter().collect();
    let all: Vec<&str> = own.iter().copied().chain(stated.feed).collect();
    let parts = judged(&all);
    let best = best(&parts);
    let is_decided_by_feed = stated.feed.is_some() && best != self::best(&judged(&own));
    let chosen = best.and_then(|index| candidates.get(index));
    let mut found = chosen.map_or_else(Found::default, |chosen| {
        let mut whole = join::whole(outline, frame.title, chosen);
        whole.kept = links::settle(outline, &whole.kept);
        of_page(outline, &whole, frame)
    });
    found.candidates = candidates
        .iter()
        .zip(&parts)
        .enumerate()
        .map(|(index, (c, parts))| describe(outline, c, parts, Some(index) == best))
        .collect();
    found.is_decided_by_feed = is_decided_by_feed;
    if let Some(text) = stated.structured {
        rescue(&mut found, "json_ld", split(text), frame);
    }
    found
}

/// The candidate with the highest score, the first of several.
fn best(parts: &[Parts]) -> Option<usize> {
    let scores = parts.iter().map(judge::score).enumerate();
    let best = scores.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    best.map(|(index, _)| index)
}

/// Takes a text that the page does not show, where what it shows is far shorter.
pub(super) fn rescue(
    found: &mut Found,
    strategy: &'static str,
    lines: Vec<String>,
    frame: &Frame<'_>,
) {
    let offered: usize = lines.iter().map(|line| weight(line)).sum();
    if offered == 0 {
        return;
    }
    let shown = found.weight();
    let is_chosen = offered >= MIN_OFFERED && shown * 5 < offered * 2;
    found.candidates.push(of_text(strategy, &lines, is_chosen));
    if is_chosen {
        replace(found, strategy, (lines, offered), frame);
    }
}

/// Takes the text of a feed where the page shows far less, or only the beginning of it: a page that
/// is cut, or shows a teaser to who hasn't paid.
pub(super) fn rescue_cut(found: &mut Found, text: &str, frame: &Frame<'_>) {
    let lines = split(text);
    let offered: usize = lines.iter().map(|line| weight(line)).sum();
    let shown = found.weight();
    let last = found
        .paragraphs
        .last()
        .map(String::as_str)
        .unwrap_or_default();
    let breaks_off = last.ends_with('…') || last.ends_with("...");
    let is_more = match breaks_off {
        true => offered > shown,
        false => offered >= (shown * 5 / 4).max(shown + MIN_CUT),
    };
    if offered >= MIN_OFFERED && is_more && is_part(found, &lines) {
        found.candidates.push(of_text(FEED, &lines, true));
        replace(found, FEED, (lines, offered), frame);
    } else {
        rescue(found, FEED, lines, frame);
    }
}

/// Whether a text has most of the paragraphs that were found, by how they begin: the last may be cut.
/// A page that is cut adds a line that asks to pay or to read on.
fn is_part(found: &Found, lines: &[String]) -> bool {
    let text = folded(&lines.concat());
    let begins = |line: &str| folded(&head(line, 60)).chars().take(30).collect::<String>();
    let (mut all, mut inside) = (0, 0);
    for line in found.paragraphs.iter().take(MAX_COMPARED) {
        all += weight(line);
        if text.contains(&begins(line)) {
            inside += weight(line);
        }
    }
    all > 0 && inside * 4 >= all * 3
}

/// Takes other lines for the body, which weigh `prose`.
fn replace(
    found: &mut Found,
    strategy: &'static str,
    (mut lines, prose): (Vec<String>, usize),
    frame: &Frame<'_>,
) {
    let signature = trim::trim(&mut lines, frame);
    let candidates = std::mem::take(&mut found.candidates);
    *found = Found {
        paragraphs: lines,
        signature,
        span: found.span.clone(),
        container: found.container.clone(),
        strategy,
        prose,
        kept: Vec::new(),
        is_decided_by_feed: false,
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
    parts: &Parts,
    is_chosen: bool,
) -> BodyCandidate {
    let texts = candidate
        .kept
        .iter()
        .filter_map(|at| outline.blocks.get(*at));
    BodyCandidate {
        strategy: candidate.strategy,
        score: judge::score(parts),
        parts: *parts,
        chars: texts.map(|block| block.text.chars().count()).sum(),
        item: candidate.item,
        path: String::new(),
        is_chosen,
    }
}

/// A candidate that stands in no container and was not judged among the others.
fn of_text(strategy: &'static str, lines: &[String], is_chosen: bool) -> BodyCandidate {
    BodyCandidate {
        strategy,
        score: 0.0,
        parts: Parts::default(),
        chars: lines.iter().map(|line| line.chars().count()).sum(),
        item: None,
        path: String::new(),
        is_chosen,
    }
}

/// The body that a site rule points at: the text of some elements.
pub(super) fn of_items(
    outline: &Outline<'_>,
    items: &[usize],
    strategy: &'static str,
    frame: &Frame<'_>,
) -> Option<Found> {
    let not_text = Roles::CAPTION
        .with(Roles::AD)
        .with(Roles::SHARE)
        .with(Roles::CONTROL)
        .with(Roles::CREDIT)
        .with(Roles::CUT);
    let is_text = |at: &usize| {
        let block = outline.blocks.get(*at);
        block.is_some_and(|b| !b.roles.has(not_text))
    };
    let range = |at: &usize| outline.items.get(*at).map(|item| item.blocks.clone());
    let inside: BTreeSet<usize> = items.iter().filter_map(range).flatten().collect();
    let candidate = Candidate {
        strategy,
        prior: 1.0,
        item: items.first().copied().filter(|_| items.len() == 1),
        kept: inside.into_iter().filter(is_text).collect(),
    };
    let mut found = of_page(outline, &candidate, frame);
    found.candidates = vec![describe(outline, &candidate, &Parts::default(), true)];
    (!found.paragraphs.is_empty()).then_some(found)
}

/// The body of lines that a page holds outside its visible text.
pub(super) fn of_lines(
    mut lines: Vec<String>,
    strategy: &'static str,
    frame: &Frame<'_>,
) -> Option<Found> {
    let prose = lines.iter().map(|line| weight(line)).sum();
    let signature = trim::trim(&mut lines, frame);
    let candidate = of_text(strategy, &lines, true);
    (!lines.is_empty()).then(|| Found {
        paragraphs: lines,
        signature,
        strategy,
        prose,
        candidates: vec![candidate],
        ..Found::default()
    })
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
        kept,
        is_decided_by_feed: false,
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
pub(super) fn split(text: &str) -> Vec<String> {
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
    lines_of(&Outline::of(&html))
}

/// The lines of a page that is nothing but a text.
pub(super) fn lines_of(outline: &Outline<'_>) -> Vec<String> {
    let not_text = Roles::AROUND.with(Roles::CAPTION).with(Roles::CUT);
    let blocks: Vec<&Block> = outline
        .blocks
        .iter()
        .filter(|b| !b.roles.has(not_text))
        .collect();
    join(&blocks)
}
