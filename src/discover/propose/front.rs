//! What a front page tells of its outlet: links, feeds, menus, language and CMS.

use std::collections::HashSet;
use std::sync::LazyLock;

use scraper::node::Element;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::cms::{self, Cms};
use crate::discover::section::{Link, links};
use crate::domain::{CanonicalUrl, Fingerprint, Identity, Source};

/// Feeds of one page that are taken: some outlets name one for each of a hundred sections.
const MAX_FEEDS: usize = 40;
/// Elements of one menu that are looked at.
const MAX_MENU_NODES: usize = 3_000;
/// Menus of one page that are looked at.
const MAX_MENUS: usize = 30;

/// Words of a class or an id that menus have.
const MENU_WORDS: &[&str] = &["nav", "gnb", "lnb", "snb", "menu", "navigation", "navbar"];

/// A page that links to the parts of its outlet.
#[derive(Debug, Clone, Default)]
pub struct Front {
    /// All links in their order.
    pub links: Vec<Link>,
    /// The addresses that stand in menus.
    pub(super) menu: HashSet<Fingerprint>,
    /// The feeds that the page names for machines, then those that it links to.
    pub(super) feeds: Vec<CanonicalUrl>,
    /// The language that the page declares: the first part of its tag.
    pub(super) language: Option<String>,
    /// The system that made the page, where it is one with known habits.
    pub(super) cms: Option<&'static Cms>,
}

impl Front {
    /// Whether the page names feeds.
    #[must_use]
    pub fn names_feeds(&self) -> bool {
        !self.feeds.is_empty()
    }
}

/// Reads a front page, or a page that lists feeds.
#[must_use]
pub fn front(html: &Html, base: &Url, source: &Source) -> Front {
    let links = links(html, base, source);
    let language = html.root_element().attr("lang").and_then(first_part);
    Front {
        menu: in_menus(html, base, source),
        feeds: feeds(html, base, &links, source),
        cms: cms::known(html),
        language,
        links,
    }
}

/// `ko-KR` → `ko`.
fn first_part(tag: &str) -> Option<String> {
    let code = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    let is_code = code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase());
    is_code.then_some(code)
}

/// The feeds named by `link` elements, else those that links lead to. Feeds of comments are none.
fn feeds(html: &Html, base: &Url, links: &[Link], source: &Source) -> Vec<CanonicalUrl> {
    static NAMED: LazyLock<Option<Selector>> =
        LazyLock::new(|| Selector::parse("link[rel~=alternate][type][href]").ok());
    let named = NAMED.iter().flat_map(|selector| html.select(selector));
    let named = named.filter(|link| link.attr("type").is_some_and(is_feed_type));
    let named = named.filter_map(|link| {
        CanonicalUrl::join(base, link.attr("href")?, Identity::AllButTracking).ok()
    });
    let mut found: Vec<CanonicalUrl> = named.filter(|url| !is_of_comments(url)).collect();
    if found.is_empty() {
        let linked = links.iter().map(|link| &link.url);
        let is_own = |url: &&CanonicalUrl| source.owns(url.host());
        found = linked
            .filter(is_own)
            .filter(|url| is_feed_like(url) && !is_of_comments(url))
            .cloned()
            .collect();
    }
    let mut seen = HashSet::new();
    found.retain(|url| seen.insert(url.fingerprint()));
    found.truncate(MAX_FEEDS);
    found
}

fn is_feed_type(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    ["rss+xml", "atom+xml", "feed+json", "rdf+xml"]
        .iter()
        .any(|known| kind.contains(known))
}

fn is_of_comments(url: &CanonicalUrl) -> bool {
    url.as_str().contains("comments")
}

/// Whether an address is named as feeds are, or as the pages that list them.
fn is_feed_like(url: &CanonicalUrl) -> bool {
    let path = url.as_url().path().to_ascii_lowercase();
    let is_named = |part: &str| matches!(part, "rss" | "feed" | "feeds" | "atom" | "rssfeed");
    let is_file = [".rss", ".atom", ".rdf", "rss.xml", "feed.xml", "atom.xml"];
    let in_host = url.host().starts_with("rss.") || url.host().starts_with("feeds.");
    in_host
        || path
            .split('/')
            .any(|part| is_named(part.split('.').next().unwrap_or(part)))
        || is_file.iter().any(|end| path.ends_with(end))
}

/// The addresses that menus link to: in `nav` and `header`, and in elements that are called so.
fn in_menus(html: &Html, base: &Url, source: &Source) -> HashSet<Fingerprint> {
    let elements = html.tree.root().descendants().filter_map(ElementRef::wrap);
    let menus = elements.filter(|element| is_menu(element.value()));
    let linked = menus.take(MAX_MENUS).flat_map(|menu| {
        let inside = menu.descendants().take(MAX_MENU_NODES);
        inside.filter_map(ElementRef::wrap).filter_map(|element| {
            let href = element
                .attr("href")
                .filter(|_| element.value().name() == "a")?;
            let url = CanonicalUrl::join(base, href, source.identity()).ok()?;
            Some(url.fingerprint())
        })
    });
    linked.collect()
}

fn is_menu(element: &Element) -> bool {
    if matches!(element.name(), "nav") || element.attr("role") == Some("navigation") {
        return true;
    }
    if !matches!(
        element.name(),
        "ul" | "ol" | "div" | "section" | "table" | "td"
    ) {
        return false;
    }
    let names = element.attr("id").into_iter().chain(element.attr("class"));
    let mut words = names.flat_map(|names| names.split([' ', '-', '_']));
    words.any(|word| {
        MENU_WORDS
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known))
    })
}
