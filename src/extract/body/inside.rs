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
    let mut links = 0;
    for at in *first..=last + 1 {
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
            // Behind the text only what goes on with links that came again and again.
            let is_text =
                (at <= *last || links >= 3) && is_text_link(outline, block, &homes, is_announced);
            is_announced &= is_text;
            if is_text {
                links += 1;
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
    let is_heading = |at: &usize| matches!(tag(*at), "h2" | "h3" | "h4" | "h5" | "h6");
    // Some set whole notices in headings: then there is nothing else that they could stand above.
    let end = refined.iter().rposition(|at| !is_heading(at));
    refined.truncate(end.map_or(refined.len(), |last| last + 1));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::text::head;

    /// The first words of the lines that are left of a text between two long paragraphs.
    fn between(markup: &str) -> Vec<String> {
        let long =
            "The ferry will run until two in the morning, the harbour board said on Tuesday.";
        let page = format!(
            "<div class=box><p>{long}</p>{markup}<p>Nobody objected. {long}</p><p>It is so. {long}</p></div>"
        );
        let html = crate::markup::parse_html(&page).unwrap();
        let outline = Outline::of(&html);
        let is_text =
            |b: &Block| !b.is_linked() && !b.roles.has(Roles::FURNITURE.with(Roles::HEADLINE));
        let kept: Vec<usize> = (0..outline.blocks.len())
            .filter(|at| is_text(&outline.blocks[*at]))
            .collect();
        let kept = refine(&outline, &settle_links(&outline, &kept));
        let lines = kept.iter().map(|at| head(&outline.blocks[*at].text, 12));
        lines
            .filter(|line| {
                !["The ferry wi", "Nobody objec", "It is so. Th"].contains(&line.as_str())
            })
            .collect()
    }

    #[test]
    fn linked_headings_and_paragraphs_of_the_text_stay() {
        for (markup, line) in [
            ("<h2><a href=/x>The night boat</a></h2>", "The night bo"),
            ("<h3 class=headline>Two captains</h3>", "Two captains"),
            ("<p><a href=/x>The new timetable</a></p>", "The new time"),
        ] {
            assert_eq!(between(markup), [line], "{markup}");
        }
    }

    #[test]
    fn cards_of_other_articles_and_pointers_to_them_go() {
        for markup in [
            "<div><h3><a href=/x>The night boat</a></h3></div>",
            "<a href=/x><h3>The night boat</h3></a>",
            "<p>Read more: <a href=/x>The night boat</a></p>",
            "<p>관련기사: <a href=/x>밤배가 다시 다닌다</a></p>",
            "<p>Lesen Sie auch</p><ul><li><a href=/x>Die Nachtfähre</a></li></ul>",
            "<p>Leia também:</p><ul><li><a href=/x>A barca da noite</a></li></ul>",
        ] {
            assert_eq!(between(markup), [""; 0], "{markup}");
        }
    }

    #[test]
    fn pointing_words_without_a_link_are_text() {
        for (markup, line) in [
            ("<p>More: that was all he wanted to say</p>", "More: that w"),
            ("<p>더 보기 드문 배였다.</p>", "더 보기 드문 배였다."),
        ] {
            assert_eq!(between(markup), [line], "{markup}");
        }
    }

    #[test]
    fn list_of_links_stays_only_where_a_colon_announces_it() {
        let list = "<ul><li><a href=/a>The Gull</a></li><li><a href=/b>The Tern</a></li></ul>";
        let announced = format!("<p>Three boats took part in it, among others:</p>{list}");
        assert_eq!(
            between(&announced),
            ["Three boats ", "The Gull", "The Tern"]
        );
        let unannounced = format!("<p>Three boats took part in it and won.</p>{list}");
        assert_eq!(between(&unannounced), ["Three boats "]);
    }

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
