//! The signs by which a page says that it is an article.

use crate::domain::{Article, Provenance, Trust};
use crate::extract::FEED;
use crate::extract::metadata::Sources;
use crate::markup::json_ld;

/// How many independent signs say "article": 0 to 5.
pub(super) fn evidence(page: &Sources<'_>, article: &Article) -> usize {
    let marks = marks(page, article);
    marks.iter().filter(|(_, is_there)| *is_there).count()
}

/// The signs of an article, independent of each other, and which of them are there.
pub(super) fn marks(page: &Sources<'_>, article: &Article) -> [(&'static str, bool); 5] {
    let is_typed = page
        .article
        .is_some_and(|node| !json_ld::is_a(node, "WebPage"));
    let is_og = page
        .head
        .meta_of(&["og:type"])
        .is_some_and(|t| t.eq_ignore_ascii_case("article"));
    let has_metas = page
        .head
        .meta_of(&["article:published_time", "datepublished", "pubdate"])
        .is_some();
    let is_marked = page.outline.items.iter().any(|i| {
        i.element.attr("itemprop") == Some("articleBody")
            || i.element
                .attr("itemtype")
                .is_some_and(|t| t.ends_with("Article"))
    });
    [
        ("structured data of an article", is_typed || is_marked),
        ("og:type article", is_og),
        ("a meta with its date", has_metas),
        ("an author", names_author(article)),
        ("a date", states_date(article)),
    ]
}

/// Whether the page names an author: what a feed says of it is no sign of the page.
fn names_author(article: &Article) -> bool {
    let mut stated = article.provenance.iter().filter(|p| p.field == "authors");
    !article.authors.is_empty() && stated.all(|p| p.strategy != FEED)
}

/// Whether a date is better known than from the address, which errors and lists share.
fn states_date(article: &Article) -> bool {
    origin_of_date(article).is_some_and(|origin| origin.strategy != "url")
}

/// Whether the date is marked as one: barriers print the time and numbers like one in their text.
pub(super) fn marks_date(article: &Article) -> bool {
    origin_of_date(article).is_some_and(|origin| origin.trust > Trust::Low)
}

fn origin_of_date(article: &Article) -> Option<&Provenance> {
    let mut stated = article.provenance.iter();
    stated.find(|p| p.field == "published" && p.strategy != FEED)
}
