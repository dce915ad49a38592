//! Systems that many outlets run, and where these keep their feeds and sitemaps. General habits of
//! software, no outlet's own.

use scraper::{Html, Node};

/// Elements of a page whose addresses are looked at for marks.
const MAX_MARKED: usize = 5_000;

/// A system and its habits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cms {
    /// What people call it.
    pub(super) name: &'static str,
    /// What the `generator` of its pages begins with, in lower case; empty where it states none.
    generator: &'static str,
    /// Parts of addresses that its pages link to or load, in lower case.
    marks: &'static [&'static str],
    /// Where its feeds are, the fullest first.
    pub(super) feeds: &'static [&'static str],
    /// Where its sitemaps are, the freshest first.
    pub(super) sitemaps: &'static [&'static str],
}

const KNOWN: &[Cms] = &[
    Cms {
        name: "ndsoft",
        generator: "",
        marks: &["/news/articleview.html?idxno="],
        feeds: &["/rss/allArticle.xml"],
        sitemaps: &["/sitemap.xml"],
    },
    Cms {
        name: "Arc",
        generator: "arc xp",
        marks: &["/arc/outboundfeeds/", "/pf/resources/", "/pf/dist/"],
        feeds: &["/arc/outboundfeeds/rss/?outputType=xml"],
        sitemaps: &[
            "/arc/outboundfeeds/news-sitemap/?outputType=xml",
            "/arc/outboundfeeds/sitemap-index/?outputType=xml",
        ],
    },
    Cms {
        name: "WordPress",
        generator: "wordpress",
        marks: &["/wp-content/", "/wp-includes/", "/wp-json/"],
        feeds: &["/feed/"],
        sitemaps: &["/wp-sitemap.xml", "/sitemap_index.xml"],
    },
    Cms {
        name: "Ghost",
        generator: "ghost",
        marks: &[],
        feeds: &["/rss/"],
        sitemaps: &["/sitemap.xml"],
    },
    Cms {
        name: "Drupal",
        generator: "drupal",
        marks: &["/sites/default/files/"],
        feeds: &["/rss.xml"],
        sitemaps: &["/sitemap.xml"],
    },
];

/// The system that made a page, by what it says of itself, else by what it links to and loads.
pub(super) fn known(html: &Html) -> Option<&'static Cms> {
    let elements = html
        .tree
        .root()
        .descendants()
        .filter_map(|node| match node.value() {
            Node::Element(element) => Some(element),
            _ => None,
        });
    let mut marked = None;
    for element in elements.take(MAX_MARKED) {
        let is_generator = element.name() == "meta"
            && element
                .attr("name")
                .is_some_and(|n| n.eq_ignore_ascii_case("generator"));
        if let Some(content) = element.attr("content").filter(|_| is_generator) {
            let content = content.trim().to_ascii_lowercase();
            let named =
                |cms: &&Cms| !cms.generator.is_empty() && content.starts_with(cms.generator);
            if let Some(cms) = KNOWN.iter().find(named) {
                return Some(cms);
            }
        }
        let address = element.attr("href").or_else(|| element.attr("src"));
        if let (None, Some(address)) = (marked, address) {
            let address = address.to_ascii_lowercase();
            let has_mark = |cms: &&Cms| cms.marks.iter().any(|mark| address.contains(mark));
            marked = KNOWN.iter().find(has_mark);
        }
    }
    marked
}
