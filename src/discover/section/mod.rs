//! Pages that link to articles.

mod embedded;
mod hints;
mod next;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{ElementRef, Html, Node, Selector};
use url::Url;

use crate::discover::judge::{self, Trap, Verdict};
use crate::discover::learn::AddressMemory;
use crate::discover::learn::shape::Shape;
use crate::discover::listing::{Candidate, Collector, Format, Listing};
use crate::discover::scope::{OwnListings, is_own, link, plain_twin};
use crate::domain::{CanonicalUrl, Fingerprint, Source};

/// Candidates of one page; the fullest front pages link to some hundred articles.
const MAX_CANDIDATES: usize = 2_000;
/// Different links of one page that are looked at.
const MAX_LINKS: usize = 10_000;
/// Nodes of one anchor that are looked at, and characters of it that are kept.
const MAX_ANCHOR_NODES: usize = 200;
const MAX_ANCHOR_CHARS: usize = 300;
/// What menus and footers take from a link's score.
const MENU: i32 = 2;
/// What a list of headlines adds to the score of each of its links.
const LIST: i32 = 3;
/// Links that make a list, and how many of them in a hundred have the words of a headline.
const MIN_LIST: usize = 5;
const MIN_HEADLINES: usize = 80;

/// A link of a page, each address once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub url: CanonicalUrl,
    /// The longest of its texts.
    pub anchor: String,
    /// What it leads to.
    pub verdict: Verdict,
    /// How much it looks like an article; 4 and more count as one.
    pub score: i32,
    /// The date that stands beside it.
    pub published: Option<DateTime<Utc>>,
    /// The trap that it leads into, whatever else it looks like.
    pub trap: Option<Trap>,
    /// Whether it stands only in menus and footers.
    is_menu: bool,
}

impl Link {
    /// The score between 0 and 1; what counts as an article has at least a half.
    #[must_use]
    pub fn likelihood(&self) -> f64 {
        let above = f64::from(self.score - judge::ARTICLE) + 0.5;
        1.0 / (1.0 + (-above / 2.0).exp())
    }
}

/// Reads a section page with what is known of the addresses of its source.
#[must_use]
pub fn section(html: &Html, base: &Url, source: &Source, known: &AddressMemory) -> Listing {
    let mut collector = Collector::new(Format::Page, "UTF-8", MAX_CANDIDATES);
    for link in links_of(html, base, source, known) {
        match link.verdict {
            Verdict::Article => collector.add_article(Candidate {
                published: link.published,
                title: Some(link.anchor).filter(|anchor| !anchor.is_empty()),
                ..Candidate::at(link.url)
            }),
            Verdict::Outside => collector.add_outside(link.url),
            Verdict::Section | Verdict::Other => {}
        }
    }
    collector.set_next(next::next_page(html, base, &base_for_links(html, base)));
    collector.finish(0)
}

/// All links of a page in its order, judged without any knowledge of its source.
#[must_use]
pub fn links(html: &Html, base: &Url, source: &Source) -> Vec<Link> {
    links_of(html, base, source, &AddressMemory::default())
}

fn links_of(html: &Html, base: &Url, source: &Source, known: &AddressMemory) -> Vec<Link> {
    let base = base_for_links(html, base);
    let mut found = Found::default();
    found.add_links(html, &base, source);
    for hidden in hints::without_scripts(html) {
        found.add_links(&hidden, &base, source);
    }
    let mut dates = hints::dates(html, &base, source);
    for entry in embedded::entries(html, &base, source) {
        if let Some(published) = entry.published {
            dates.entry(entry.url.fingerprint()).or_insert(published);
        }
        found.add(entry.url, &entry.title, false);
    }
    let mut links = found.judged(source, known);
    for link in &mut links {
        link.published = dates.get(&link.url.fingerprint()).copied();
    }
    links
}

/// What the links of a page are relative to: its `base` element, else its address.
fn base_for_links(html: &Html, address: &Url) -> Url {
    static BASE: LazyLock<Option<Selector>> = LazyLock::new(|| Selector::parse("base[href]").ok());
    let stated = BASE.as_ref().and_then(|base| html.select(base).next());
    let stated = stated.and_then(|element| address.join(element.attr("href")?).ok());
    stated.unwrap_or_else(|| address.clone())
}

fn is_menu(element: &Element) -> bool {
    matches!(element.name(), "nav" | "footer") || element.attr("role") == Some("navigation")
}

/// The words of a link: its heading where it has one, as links around whole teasers do.
fn anchor(node: NodeRef<'_, Node>) -> String {
    let elements = node
        .descendants()
        .take(MAX_ANCHOR_NODES)
        .filter_map(ElementRef::wrap);
    let is_heading = |element: &ElementRef<'_>| {
        matches!(
            element.value().name(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
        )
    };
    let heading = elements
        .clone()
        .find(is_heading)
        .map_or(node, |element| *element);
    let nodes = heading.descendants().take(MAX_ANCHOR_NODES);
    let text: String = nodes
        .filter_map(|node| node.value().as_text())
        .map(|t| &**t)
        .collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(MAX_ANCHOR_CHARS).collect()
}

/// The different links of a page.
#[derive(Default)]
struct Found {
    links: Vec<Link>,
    places: HashMap<Fingerprint, usize>,
}

impl Found {
    fn add_links(&mut self, html: &Html, base: &Url, source: &Source) {
        let mut menus = 0_usize;
        for edge in html.tree.root().traverse() {
            let (Edge::Open(node) | Edge::Close(node)) = edge;
            let Node::Element(element) = node.value() else {
                continue;
            };
            if is_menu(element) {
                menus = match edge {
                    Edge::Open(_) => menus + 1,
                    Edge::Close(_) => menus.saturating_sub(1),
                };
            }
            let target = hints::target(element).filter(|_| matches!(edge, Edge::Open(_)));
            if let Some(url) = target.and_then(|target| link(base, target, source)) {
                self.add(url, &anchor(node), menus > 0);
            }
        }
    }

    fn add(&mut self, url: CanonicalUrl, anchor: &str, is_menu: bool) {
        let next = self.links.len();
        let place = *self.places.entry(url.fingerprint()).or_insert(next);
        if let Some(link) = self.links.get_mut(place) {
            if anchor.chars().count() > link.anchor.chars().count() {
                anchor.clone_into(&mut link.anchor);
            }
            link.is_menu &= is_menu;
        } else if next < MAX_LINKS {
            self.links.push(Link {
                url,
                anchor: anchor.to_owned(),
                verdict: Verdict::Other,
                score: 0,
                published: None,
                trap: None,
                is_menu,
            });
        }
    }

    /// The links of lists of headlines: of one family of addresses, outside of menus.
    fn lists(&self, source: &Source) -> HashSet<String> {
        let mut families: HashMap<String, (usize, usize)> = HashMap::new();
        let is_listed = |link: &&Link| !link.is_menu && is_own(&link.url, source);
        for link in self.links.iter().filter(is_listed) {
            let (links, headlines) = families.entry(Shape::of(&link.url).family()).or_default();
            *links += 1;
            *headlines += usize::from(judge::is_headline(&link.anchor));
        }
        families.retain(|_, (links, headlines)| {
            *links >= MIN_LIST && *headlines * 100 >= *links * MIN_HEADLINES
        });
        families.into_keys().collect()
    }

    fn judged(self, source: &Source, known: &AddressMemory) -> Vec<Link> {
        let lists = self.lists(source);
        let Self { mut links, places } = self;
        let own = OwnListings::of(source);
        for link in &mut links {
            let twin = plain_twin(&link.url);
            let is_twin = twin.is_some_and(|twin| places.contains_key(&twin.fingerprint()));
            let menu = if link.is_menu { -MENU } else { 0 };
            let is_listed = !link.is_menu && lists.contains(&Shape::of(&link.url).family());
            let list = if is_listed { LIST } else { 0 };
            let own_score = judge::score(&link.url, &link.anchor);
            link.score = match own_score {
                ..=judge::SURELY_NOT => own_score,
                _ => own_score + menu + list + known.lift(&link.url),
            };
            link.trap = judge::trap(&link.url);
            link.verdict = if is_twin {
                Verdict::Other
            } else {
                verdict(link, &own, source)
            };
        }
        links
    }
}

fn verdict(link: &Link, own: &OwnListings, source: &Source) -> Verdict {
    let looks_like_one = link.score >= judge::ARTICLE;
    if !is_own(&link.url, source) {
        return if looks_like_one {
            Verdict::Outside
        } else {
            Verdict::Other
        };
    }
    if own.contains(&link.url) {
        return Verdict::Section;
    }
    let is_article = match &source.article_url {
        Some(pattern) => pattern.is_match(link.url.as_str()),
        None => looks_like_one,
    };
    if is_article {
        Verdict::Article
    } else if link.score <= judge::LISTING && link.score > judge::SURELY_NOT {
        Verdict::Section
    } else {
        Verdict::Other
    }
}

#[cfg(test)]
mod tests;
