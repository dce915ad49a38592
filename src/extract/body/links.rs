//! Which lines of links inside a container are text and which lead away from it. Words alone decide
//! nothing here: a line points to another article if it says so and is a link.

use std::collections::HashSet;

use super::prompt::is_pointer;
use crate::extract::outline::{Block, Item, Outline};
use crate::extract::role::Roles;

/// Blocks behind the text that are looked at.
const MAX_BEHIND: usize = 3;
/// Blocks of a teaser: a kicker, the headline, a few lines.
const MAX_CARD: usize = 4;
/// Blocks of teasers in one text.
const MAX_CARDS: usize = 6;
/// A shorter link is no headline.
const MIN_TITLE: usize = 20;

/// Gives back the headings and lines of links that are part of the text: those beside paragraphs of
/// the text, and lists that a line with a colon announces. Lines that point to other
/// articles go, and with them the line that announces a list of such.
pub(super) fn settle(outline: &Outline<'_>, kept: &[usize]) -> Vec<usize> {
    let kept = without_cards(outline, kept);
    let (Some(first), Some(last)) = (kept.first(), kept.last()) else {
        return Vec::new();
    };
    let homes = homes(outline, &kept);
    let known: HashSet<usize> = kept.iter().copied().collect();
    let mut all: Vec<usize> = Vec::with_capacity(kept.len());
    let mut is_announced = false;
    let mut links = 0;
    for at in *first..=last + MAX_BEHIND {
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
            let is_bare = block.weight <= 40 && next.is_some();
            if !(is_pointer && (leads(block) || is_bare || next.is_some_and(leads))) {
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

/// Takes out the teasers of other articles that stand between the paragraphs: small boxes with a
/// linked headline. Where there are many, or much of the text stands in them, they are its parts.
fn without_cards(outline: &Outline<'_>, kept: &[usize]) -> Vec<usize> {
    let cards: HashSet<usize> = kept
        .iter()
        .copied()
        .filter(|at| is_in_card(outline, *at))
        .collect();
    let weigh = |at: &usize| outline.blocks.get(*at).map_or(0, |b| b.weight);
    let all: usize = kept.iter().map(weigh).sum();
    let inside: usize = cards.iter().map(weigh).sum();
    if inside * 4 > all || cards.len() > MAX_CARDS {
        return kept.to_vec();
    }
    let rest = kept.iter().copied();
    rest.filter(|at| !cards.contains(at)).collect()
}

/// Whether a block stands in a small box below a headline that leads to another page.
fn is_in_card(outline: &Outline<'_>, at: usize) -> bool {
    let Some(block) = outline.blocks.get(at).filter(|b| !b.is_linked()) else {
        return false;
    };
    let boxes = outline.ancestors(block.item, 3);
    let mut boxes = boxes.filter_map(|at| outline.items.get(at));
    boxes.any(|item| {
        let above = item.blocks.start..at.min(item.blocks.end);
        let is_box = item.blocks.len() <= MAX_CARD && !matches!(item.element.name(), "ul" | "ol");
        is_box
            && outline
                .blocks_of(&above)
                .iter()
                .any(|b| is_title(outline, b))
    })
}

/// Whether a line is a link to another page and long enough for a headline.
fn is_title(outline: &Outline<'_>, block: &Block) -> bool {
    let leads_away = |item: &Item<'_>| {
        let href = item.element.attr("href");
        item.element.name() == "a" && href.is_some_and(|href| !href.starts_with('#'))
    };
    let around = outline.ancestors(block.item, 2);
    let mut around = around.filter_map(|at| outline.items.get(at));
    block.link_weight * 10 > block.weight * 9
        && block.weight >= MIN_TITLE
        && (outline.within(block.item).iter().any(leads_away) || around.any(leads_away))
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
        .filter(|b| outline.tag(b) == "p")
        .filter_map(|b| outline.items.get(b.item))
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
    let is_button = |i: &Item<'_>| i.own.has(Roles::CONTROL);
    let has_button = || outline.within(block.item).iter().any(is_button);
    let is_beside = homes.contains(&item.parent);
    match item.element.name() {
        // Between paragraphs, a headline is one of a part of the text.
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if is_beside => true,
        "p" if is_beside && block.is_linked() => !has_button(),
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
        let kept = super::super::inside::refine(&outline, &settle(&outline, &kept));
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
            "<p><a class=button href=/x>Book the night boat</a></p>",
            "<p>Read more: <a href=/x>The night boat</a></p>",
            "<p>관련기사: <a href=/x>밤배가 다시 다닌다</a></p>",
            "<p>Lesen Sie auch</p><ul><li><a href=/x>Die Nachtfähre</a></li></ul>",
            "<p>Leia também:</p><ul><li><a href=/x>A barca da noite</a></li></ul>",
        ] {
            assert_eq!(between(markup), [""; 0], "{markup}");
        }
    }

    #[test]
    fn teasers_between_the_paragraphs_go_and_the_parts_of_a_list_stay() {
        let card = |address: &str| {
            format!(
                "<div class=x><h3><a href={address}>The night boat of the harbour</a></h3>\
                 <p>She left at noon and was not seen again until the spring.</p></div>"
            )
        };
        assert_eq!(between(&card("/x")), [""; 0]);
        assert_eq!(between(&card("'#x'")), ["The night bo", "She left at "]);
        assert_eq!(between(&card("/x").repeat(9)).len(), 18);
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
}
