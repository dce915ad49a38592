//! What is text and what is not inside the container that was chosen, as the markup around each
//! block tells: odd pieces between the paragraphs, repeated quotes, scraps above the headline.

use std::collections::HashSet;

use super::{join, judge};
use crate::extract::element::Element;
use crate::extract::outline::{Block, Outline};
use crate::extract::role::Roles;
use crate::extract::text::{ends_sentence, folded};

/// Blocks below a standfirst that may say the same: a byline, a date, the text.
const MAX_BELOW: usize = 6;
/// Quotes that are compared with the text around them.
const MAX_QUOTES: usize = 40;

/// Leaves out what the markup sets apart from the paragraphs: odd short texts between them and
/// headings with nothing under them.
pub(super) fn refine(outline: &Outline<'_>, kept: &[usize]) -> Vec<usize> {
    let tag = |at: usize| outline.blocks.get(at).map_or("", |b| outline.tag(b));
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
    let is_deck = |place: usize, at: usize| {
        let block = outline.blocks.get(at);
        block.is_some_and(|b| {
            b.roles.has(Roles::STANDFIRST)
                && (!join::is_paragraph(&b.text) || is_said_again(outline, kept, place))
        })
    };
    let decks = kept.iter().enumerate();
    let front = decks
        .take_while(|(place, at)| is_deck(*place, **at))
        .count();
    let front = if front < kept.len() { front } else { 0 };
    let repeated = repeated(outline, kept);
    let top = headline_inside(outline, kept);
    let kept = kept.iter().copied().skip(front);
    let kept = kept.filter(|at| top.is_none_or(|top| *at > top));
    let mut refined: Vec<usize> = kept
        .filter(|at| !is_odd(*at) && !repeated.contains(at))
        .collect();
    let is_heading = |at: &usize| matches!(tag(*at), "h2" | "h3" | "h4" | "h5" | "h6");
    // Some set whole notices in headings: then there is nothing else that they could stand above.
    let end = refined.iter().rposition(|at| !is_heading(at));
    refined.truncate(end.map_or(refined.len(), |last| last + 1));
    refined
}

/// Whether the paragraphs below begin with the same words: a standfirst cut from the text.
fn is_said_again(outline: &Outline<'_>, kept: &[usize], place: usize) -> bool {
    let text = |at: &usize| outline.blocks.get(*at).map(|b| folded(&b.text));
    let own = kept.get(place).and_then(text).unwrap_or_default();
    let below = kept.iter().skip(place + 1).take(MAX_BELOW);
    !own.is_empty() && below.filter_map(text).any(|other| other.starts_with(&own))
}

/// The page's headline inside the container, where only scraps stand above it.
fn headline_inside(outline: &Outline<'_>, kept: &[usize]) -> Option<usize> {
    let is_prose = |at: &usize| outline.blocks.get(*at).is_some_and(Block::is_prose);
    let first = kept.first()?;
    let prose = kept.iter().copied().find(is_prose)?;
    let is_top = |at: &usize| {
        let block = outline.blocks.get(*at);
        block.is_some_and(|block| outline.tag(block) == "h1")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scraps_above_the_headline_are_not_the_text() {
        let html = crate::markup::parse_html(
            "<div><p>Shipping</p><h1>Ferry to run at night</h1>\
             <p>The ferry will run until two in the morning, the harbour board said on Tuesday.</p></div>",
        )
        .unwrap();
        let outline = Outline::of(&html);
        assert_eq!(refine(&outline, &[0, 2]), [2]);
    }
}
