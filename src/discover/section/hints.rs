//! What stands around the links of a listing: dates beside them, and addresses outside of `href`.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use ego_tree::NodeRef;
use scraper::node::Element;
use scraper::{Html, Node};
use url::Url;

use crate::discover::judge;
use crate::discover::scope::{link, moment, stamp};
use crate::domain::{Fingerprint, Source};
use crate::markup::parse_html;

/// Dates of one page that are looked at.
const MAX_DATES: usize = 200;
/// How far up from its date a teaser may begin, and how many of its nodes are looked at.
const MAX_STEPS: usize = 3;
const MAX_TEASER_NODES: usize = 150;
/// Longer texts are no date by themselves.
const MAX_DATE_CHARS: usize = 40;
/// `noscript` elements of one page that are read, and bytes of all of them.
const MAX_HIDDEN: usize = 30;
const MAX_HIDDEN_BYTES: usize = 256 << 10;

/// Attributes that hold the address of a teaser that a script opens.
const DATA: &[&str] = &[
    "data-href",
    "data-url",
    "data-link",
    "data-permalink",
    "data-article-url",
    "data-link-url",
    "data-target-url",
];

/// Where an element leads: by `href`, else by what a script reads.
pub(super) fn target(element: &Element) -> Option<&str> {
    let href = element
        .attr("href")
        .filter(|_| matches!(element.name(), "a" | "area"));
    let is_idle = |href: &str| {
        let href = href.trim();
        href.is_empty()
            || href.starts_with('#')
            || href
                .get(..11)
                .is_some_and(|s| s.eq_ignore_ascii_case("javascript:"))
    };
    href.filter(|href| !is_idle(href))
        .or_else(|| DATA.iter().find_map(|name| element.attr(name)))
        .or_else(|| opened(element.attr("onclick")?))
}

/// `location.href = '…'`, `location.replace('…')`, `window.open('…')`
fn opened(script: &str) -> Option<&str> {
    let (_, rest) = script
        .split_once("location")
        .or_else(|| script.split_once("window.open"))?;
    let rest = rest.get(rest.find(['=', '('])? + 1..)?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (address, _) = rest.get(1..)?.split_once(quote)?;
    Some(address).filter(|address| !address.is_empty())
}

/// What a page shows where scripts don't run, as pages of their own; the tree has it as text.
pub(super) fn without_scripts(html: &Html) -> Vec<Html> {
    let mut left = MAX_HIDDEN_BYTES;
    let elements = html.tree.nodes().filter(|node| {
        let element = node.value().as_element();
        element.is_some_and(|element| element.name() == "noscript")
    });
    let texts = elements.take(MAX_HIDDEN).filter_map(|element| {
        let text = element.first_child()?.value().as_text()?;
        left = left.checked_sub(text.len())?;
        text.contains("href").then_some(text)
    });
    texts.filter_map(|text| parse_html(text).ok()).collect()
}

/// The dates that stand in the same teaser as one article's link.
pub(super) fn dates(
    html: &Html,
    base: &Url,
    source: &Source,
) -> HashMap<Fingerprint, DateTime<Utc>> {
    let mut found = HashMap::new();
    let places = html
        .tree
        .root()
        .descendants()
        .filter_map(|node| Some((node, date_of(node, source)?)));
    for (node, date) in places.take(MAX_DATES) {
        for teaser in node.ancestors().take(MAX_STEPS) {
            let mut articles = articles_in(teaser, base, source);
            articles.dedup();
            match articles.as_slice() {
                [] => {}
                [article] => {
                    found.entry(*article).or_insert(date);
                    break;
                }
                [_, ..] => break,
            }
        }
    }
    found
}

fn date_of(node: NodeRef<'_, Node>, source: &Source) -> Option<DateTime<Utc>> {
    let element = node.value().as_element()?;
    let class = element
        .attr("class")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_time = element.name() == "time";
    if !(is_time || class.contains("date") || class.contains("time")) {
        return None;
    }
    let stated = element.attr("datetime").filter(|_| is_time);
    let read = |text: &str| stamp(text, source.timezone).as_ref().and_then(moment);
    stated.and_then(read).or_else(|| {
        let texts = node
            .descendants()
            .take(10)
            .filter_map(|node| node.value().as_text());
        let text: String = texts.map(|text| &**text).collect();
        let text = text.trim();
        let is_short = text.chars().take(MAX_DATE_CHARS + 1).count() <= MAX_DATE_CHARS;
        read(text).filter(|_| is_short)
    })
}

fn articles_in(teaser: NodeRef<'_, Node>, base: &Url, source: &Source) -> Vec<Fingerprint> {
    let elements = teaser
        .descendants()
        .take(MAX_TEASER_NODES)
        .filter_map(|node| node.value().as_element());
    let urls = elements.filter_map(|element| link(base, target(element)?, source));
    let mut articles: Vec<Fingerprint> = urls
        .filter(|url| match &source.article_url {
            Some(pattern) => pattern.is_match(url.as_str()),
            None => judge::score(url, "") >= judge::ARTICLE,
        })
        .map(|url| url.fingerprint())
        .collect();
    articles.sort_unstable();
    articles
}
