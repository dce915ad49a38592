//! The headlines that the markup of a page shows.

use ego_tree::{NodeRef, iter::Edge};
use scraper::Node;

use super::Sources;
use super::title::{is_named, sites};
use crate::extract::outline::Item;
use crate::extract::role::Roles;
use crate::extract::text::{clean, folded};
use crate::markup::json_ld;

/// More headlines than this are those of a list.
const MAX_HEADINGS: usize = 6;
/// Lines that are compared with the page's title.
const MAX_LINES: usize = 400;
/// More text and more elements make no headline.
const MAX_BYTES: usize = 1_000;
const MAX_INSIDE: usize = 40;
/// Nodes of a trail of links in front of a headline.
const MAX_CRUMBS: usize = 16;
/// What stands between a kicker and its headline.
const JOINTS: [char; 7] = [' ', '-', '–', '—', ':', '|', '/'];

/// Headlines in the markup: `itemprop=headline`, else `h1`, else a heading or line whose text the
/// page's own title begins or ends with.
pub(super) fn headings(page: &Sources<'_>) -> Vec<String> {
    let declared = texts(page, |item| {
        let property = item.element.attr("itemprop");
        property.is_some_and(|p| p.contains("headline")) && item.element.name() != "meta"
    });
    if declared.len() == 1 {
        return declared;
    }
    let tops = texts(page, |item| {
        item.element.name() == "h1" && !is_last_crumb(item)
    });
    let titles = titles(page);
    let is_titled = |text: &String| {
        let own = folded(text);
        own.chars().count() >= 6 && titles.iter().any(|title| title.contains(&own))
    };
    if tops.iter().any(is_titled) {
        return tops.into_iter().filter(is_titled).collect();
    }
    let sites = sites(page);
    let alone: Vec<&String> = tops.iter().filter(|text| !is_named(text, &sites)).collect();
    if let [only] = alone.as_slice()
        && only.chars().count() >= 10
    {
        return vec![(*only).clone()];
    }
    if tops.is_empty() {
        let mut items = page.outline.items.iter().enumerate();
        let part = items.find_map(|(index, item)| {
            let is_meant = item.element.name() == "h2" && !item.roles.has(not_meant());
            is_meant.then(|| stated_part(page, index, &page.outline.text_of(item)))?
        });
        if let Some(part) = part {
            return vec![part];
        }
    }
    let lines = page
        .outline
        .blocks
        .iter()
        .filter(|b| !b.roles.has(not_meant()) && !b.is_linked() && b.weight < 500);
    let ends = |text: &String| {
        let own = folded(text);
        let mut titles = titles.iter();
        titles.any(|title| title.starts_with(&own) || title.ends_with(&own))
    };
    let titled: Option<String> = lines
        .map(|b| b.text.clone())
        .take(MAX_LINES)
        .filter(ends)
        .max_by_key(String::len);
    match titled.filter(|text| text.chars().count() >= 10) {
        Some(text) => vec![text],
        None => tops,
    }
}

/// Whether a heading ends a trail of links to the sections above the page: some layouts put the form of
/// the headline that is made for search engines there, and the one for readers under it.
fn is_last_crumb(item: &Item<'_>) -> bool {
    let mut behind = item.node.next_siblings().take(MAX_CRUMBS);
    let is_last = behind.all(|node| tag(node).is_none());
    let before = item.node.prev_siblings().take(MAX_CRUMBS);
    let names: Vec<Option<&str>> = before
        .filter(|node| node.value().is_element())
        .map(|node| match tag(node) {
            // A link in an element of its own, or what stands between two.
            Some("span" | "li") => node.first_child().and_then(tag),
            own => own,
        })
        .collect();
    let links = names.iter().filter(|name| **name == Some("a")).count();
    let is_other = |name: &Option<&str>| !matches!(name, None | Some("a" | "i" | "svg" | "img"));
    is_last && links >= 2 && !names.iter().any(is_other)
}

fn tag<'a>(node: NodeRef<'a, Node>) -> Option<&'a str> {
    node.value().as_element().map(|element| element.name())
}

fn not_meant() -> Roles {
    Roles::AROUND.with(Roles::CAPTION).with(Roles::CRUMBS)
}

/// What the page calls itself, folded.
fn titles(page: &Sources<'_>) -> Vec<String> {
    let stated = [page.head.title.as_deref(), page.head.meta_of(&["og:title"])];
    stated.into_iter().flatten().map(folded).collect()
}

/// The texts of the elements that are meant, once each. Those that lead elsewhere head a list or
/// the site, where others do not and the page is not called so.
fn texts(page: &Sources<'_>, is_meant: impl Fn(&Item<'_>) -> bool) -> Vec<String> {
    let outline = page.outline;
    let found: Vec<(String, bool)> = outline
        .items
        .iter()
        .enumerate()
        .filter(|(_, item)| is_meant(item) && !item.roles.has(not_meant()))
        .map(|(index, item)| {
            let blocks = outline.blocks_of(&item.blocks);
            let is_linked = blocks.iter().all(crate::extract::outline::Block::is_linked);
            (text(page, index, item), is_linked)
        })
        .filter(|(text, _)| !text.is_empty())
        .take(MAX_HEADINGS)
        .collect();
    let is_any_plain = found.iter().any(|(_, is_linked)| !is_linked);
    let titles = titles(page);
    let is_title = |text: &str| {
        let own = folded(text);
        titles.iter().any(|title| title.starts_with(&own))
    };
    let kept = found
        .into_iter()
        .filter(|(text, is_linked)| !(is_any_plain && *is_linked) || is_title(text));
    let mut texts: Vec<String> = kept.map(|(text, _)| text).collect();
    texts.dedup();
    texts
}

/// The text of a headline, without the kicker in front of it where nothing that the page states
/// about itself has both.
fn text(page: &Sources<'_>, index: usize, item: &Item<'_>) -> String {
    let whole = page.outline.text_of(item);
    if let Some(part) = stated_part(page, index, &whole) {
        return part;
    }
    let Some(bare) = without_kicker(page, index) else {
        return whole;
    };
    let stated = page
        .article
        .and_then(|node| json_ld::text(node, "headline"))
        .map(|text| folded(&text));
    let own = folded(&whole);
    let mut titles = titles(page).into_iter().chain(stated);
    if titles.any(|title| title.contains(&own)) {
        whole
    } else {
        bare
    }
}

/// The last element of a headline, where the page gives others its text as the headline and something else
/// stands in front of it.
fn stated_part(page: &Sources<'_>, index: usize, whole: &str) -> Option<String> {
    let stated = folded(page.head.meta_of(&["og:title"])?);
    let own = folded(whole);
    let is_part = stated.chars().count() >= 10 && own != stated && own.ends_with(&stated);
    let inside = page.outline.within(index);
    let is_short = whole.len() <= MAX_BYTES && inside.len() <= MAX_INSIDE;
    let inside = inside.iter().skip(1);
    let mut texts = inside.filter(|_| is_part && is_short).map(|item| {
        let texts = item.node.descendants();
        let pieces = texts.filter_map(|node| node.value().as_text());
        clean(&pieces.map(|piece| &**piece).collect::<String>())
    });
    texts.find(|text| folded(text) == stated)
}

/// A headline's text without the elements in it that call themselves a kicker, if there are any
/// and something is left.
fn without_kicker(page: &Sources<'_>, index: usize) -> Option<String> {
    let inside = page.outline.within(index);
    let (item, inner) = inside.split_first()?;
    let kickers: Vec<_> = inner
        .iter()
        .filter(|i| i.own.has(Roles::KICKER))
        .map(|i| i.node.id())
        .collect();
    if kickers.is_empty() {
        return None;
    }
    let mut text = String::new();
    let mut skipped = 0_usize;
    for edge in item.node.traverse() {
        match edge {
            // One behind the headline's first words is not in front of it.
            Edge::Open(node) if kickers.contains(&node.id()) && !text.trim().is_empty() => {
                return None;
            }
            Edge::Open(node) if kickers.contains(&node.id()) => skipped += 1,
            Edge::Close(node) if kickers.contains(&node.id()) => skipped -= 1,
            Edge::Open(node) if skipped == 0 => {
                if let Node::Text(piece) = node.value() {
                    text.push_str(piece);
                    text.push(' ');
                }
            }
            Edge::Open(_) | Edge::Close(_) => {}
        }
    }
    let text = clean(&text);
    let text = text.trim_matches(JOINTS);
    (!text.is_empty()).then(|| text.to_owned())
}
