//! What is text and what is not inside the container that was chosen, as the markup around each
//! block tells: links that belong to the text come back, odd pieces between the paragraphs go.

use std::collections::HashSet;

use scraper::node::Element;

use super::prompt::is_pointer;
use super::{join, judge};
use crate::extract::outline::{Block, Outline};
use crate::extract::role::Roles;
use crate::extract::text::{ends_sentence, folded};

/// Quotes that are compared with the text around them.
const MAX_QUOTES: usize = 40;

/// Gives back the headings and lines of links that are part of the text: those beside paragraphs of
/// the text, and lists that a line with a colon announces. Lines that point to other
/// articles go, and with them the line that announces a list of such.
pub(super) fn settle_links(outline: &Outline<'_>, kept: &[usize]) -> Vec<usize> {
    let (Some(first), Some(last)) = (kept.first(), kept.last()) else {
        return Vec::new();
    };
    let homes = homes(outline, kept);
    let known: HashSet<usize> = kept.iter().copied().collect();
    let mut all: Vec<usize> = Vec::with_capacity(kept.len());
    let mut is_announced = false;
    for at in *first..=*last {
        let Some(block) = outline.blocks.get(at) else {
            continue;
        };
        if known.contains(&at) {
            let next = outline
                .blocks
                .get(at + 1)
                .filter(|_| !known.contains(&(at + 1)));
            let is_pointer = is_pointer(&block.text);
            is_announced = !is_pointer && block.text.ends_with([':', '：']);
            if !(is_pointer && (leads(block) || next.is_some_and(leads))) {
                all.push(at);
            }
        } else {
            let is_text = is_text_link(outline, block, &homes, is_announced);
            is_announced &= is_text;
            if is_text {
                all.push(at);
            }
        }
    }
    all
}

/// Whether a good part of a line is a link.
fn leads(block: &Block) -> bool {
    block.link_weight * 3 > block.weight && block.weight <= 250
}

/// The elements that hold paragraphs of the text themselves.
fn homes(outline: &Outline<'_>, kept: &[usize]) -> HashSet<usize> {
    let blocks = kept.iter().filter_map(|at| outline.blocks.get(*at));
    blocks
        .filter(|b| b.is_prose())
        .filter_map(|b| outline.items.get(b.item))
        .filter(|item| item.element.name() == "p")
        .map(|item| item.parent)
        .collect()
}

fn is_text_link(
    outline: &Outline<'_>,
    block: &Block,
    homes: &HashSet<usize>,
    is_announced: bool,
) -> bool {
    let Some(item) = outline.items.get(block.item) else {
        return false;
    };
    // What only the block is said to be was said of the whole list.
    if item.roles.has(Roles::FURNITURE) || is_pointer(&block.text) {
        return false;
    }
    let is_beside = homes.contains(&item.parent);
    match item.element.name() {
        // Between paragraphs, a headline is one of a part of the text.
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if is_beside => true,
        "p" if is_beside && block.is_linked() => true,
        "li" => is_announced,
        "p" => is_announced && is_in_list(outline, block.item),
        _ => false,
    }
}

fn is_in_list(outline: &Outline<'_>, item: usize) -> bool {
    outline
        .ancestors(item, 2)
        .filter_map(|at| outline.items.get(at))
        .any(|item| item.element.name() == "li")
}

/// Leaves out what the markup sets apart from the paragraphs: odd short texts between them and
/// headings with nothing under them.
pub(super) fn refine(outline: &Outline<'_>, kept: &[usize]) -> Vec<usize> {
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
            "p" | "li" | "tr" | "blockquote" | "h2" | "h3" | "h4" | "h5" | "pre" | "dd" | "dt"
        );
        let block = outline.blocks.get(at);
        is_marked
            && !is_paragraph
            && block.is_some_and(|b| b.weight < 60 && !ends_sentence(&b.text))
    };
    let is_deck = |at: usize| {
        let block = outline.blocks.get(at);
        block.is_some_and(|b| b.roles.has(Roles::STANDFIRST) && !join::is_paragraph(&b.text))
    };
    let front = kept.iter().take_while(|at| is_deck(**at)).count();
    let front = if front < kept.len() { front } else { 0 };
    let repeated = repeated(outline, kept);
    let top = headline(outline, kept);
    let kept = kept.iter().copied().skip(front);
    let kept = kept.filter(|at| top.is_none_or(|top| *at > top));
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

/// The page's headline inside the container, where only scraps stand above it.
fn headline(outline: &Outline<'_>, kept: &[usize]) -> Option<usize> {
    let is_prose = |at: &usize| outline.blocks.get(*at).is_some_and(Block::is_prose);
    let first = kept.first()?;
    let prose = kept.iter().copied().find(is_prose)?;
    let is_top = |at: &usize| {
        let block = outline.blocks.get(*at);
        let item = block.and_then(|b| outline.items.get(b.item));
        item.is_some_and(|item| item.element.name() == "h1")
    };
    (*first..prose).rfind(is_top)
}

/// Pull quotes: quotes whose words stand in a paragraph nearby.
fn repeated(outline: &Outline<'_>, kept: &[usize]) -> HashSet<usize> {
    let is_quote = |at: usize| {
        let block = outline.blocks.get(at)?;
        let around = std::iter::once(block.item).chain(outline.ancestors(block.item, 2));
        let mut elements = around
            .filter_map(|at| outline.items.get(at))
            .map(|i| i.element);
        let is_pulled = |e: &Element| {
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
