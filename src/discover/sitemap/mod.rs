//! Sitemaps (sitemaps.org 0.9), their indexes and the news extension, gzipped or plain, as XML, as text
//! and as feeds.

mod period;
mod walk;

use chrono_tz::Tz;
use url::Url;

use crate::discover::body::{Body, End};
use crate::discover::error::{DiscoverError, is_web_page};
use crate::discover::feed::{self, Entry};
use crate::discover::judge;
use crate::discover::listing::{Candidate, Collector, Format, Listing};
use crate::discover::scope::{OwnListings, moment};
use crate::discover::xml;
use crate::domain::{CanonicalUrl, Identity, Source};

pub use period::ends_before;
pub use walk::{EntryKind, SitemapEntry};
use walk::{Shape, Walk};

/// The protocol's own bound.
const MAX_ENTRIES: usize = 50_000;
/// Children of an index that are visited for what is new.
pub const NEWEST_CHILDREN: usize = 100;
/// As many entries that all changed at the same instant show when the file was made, nothing more.
const SAME_LASTMOD: usize = 10;

/// How a sitemap is written, and what was wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitemapHead {
    /// How it is written.
    pub format: Format,
    /// The charset it was decoded from, as the Encoding standard names it.
    pub charset: &'static str,
    /// What was wrong with it; empty for a well-formed sitemap.
    pub warnings: Vec<String>,
}

/// Reads a sitemap, an index of sitemaps or a list of addresses, gzipped or plain. Entries of all
/// hosts are candidates: a source's own sitemap is trusted. Of an index the `children` changed last
/// are taken.
///
/// # Errors
/// When the body is a web page, or no entry of it can be read.
pub fn sitemap(
    body: &[u8],
    base: &Url,
    source: &Source,
    children: usize,
) -> Result<Listing, DiscoverError> {
    let mut collector = Collector::new(Format::UrlSet, "UTF-8", MAX_ENTRIES);
    let own = OwnListings::of(source);
    let this = CanonicalUrl::from_url(base.clone(), Identity::AllButTracking).ok();
    let mut lists_itself = false;
    let mut take = |entry: SitemapEntry| {
        match entry.kind {
            EntryKind::Sitemap => {
                let child = candidate(entry, Identity::AllButTracking);
                let is_self = |child: &Candidate| {
                    this.as_ref()
                        .is_some_and(|this| this.fingerprint() == child.url.fingerprint())
                };
                lists_itself |= child.as_ref().is_some_and(is_self);
                if let Some(child) = child.filter(|child| !is_self(child)) {
                    collector.add_sitemap(child);
                }
            }
            EntryKind::Page => {
                let is_news = entry.is_news;
                let candidate = candidate(entry, source.identity());
                let may_be = |page: &Candidate| is_news || may_be_article(&page.url, &own, source);
                if let Some(page) = candidate.filter(may_be) {
                    collector.add_article(page);
                }
            }
        }
        !collector.is_full()
    };
    let head = sitemap_entries(body, base, source.timezone, &mut take)?;
    collector.set_format(head.format);
    collector.set_charset(head.charset);
    for warning in head.warnings {
        collector.warn(warning);
    }
    if lists_itself {
        collector.warn("the index lists itself");
    }
    let mut listing = collector.finish(children);
    distrust(&mut listing);
    Ok(listing)
}

/// Reads a sitemap and hands each entry on in its order, until `take` wants no more. Relative addresses
/// stand under `base`, times that state no zone are in `zone`. An index is told by its root, its
/// children by the names of their elements.
///
/// # Errors
/// When the body is a web page, or nothing of it can be read as a sitemap.
pub fn sitemap_entries(
    body: &[u8],
    base: &Url,
    zone: Option<Tz>,
    take: &mut dyn FnMut(SitemapEntry) -> bool,
) -> Result<SitemapHead, DiscoverError> {
    let bytes = body;
    let mut body = Body::open(bytes, None, base.host_str());
    let mut text = String::new();
    let end = body.fill(&mut text);
    if is_web_page(&text) {
        return Err(WEB_PAGE);
    }
    let mut walk = Walk::new(base, zone, take);
    let head = from_body(&mut body, text, end, &mut walk);
    match head {
        Ok(head) => Ok(head),
        Err(Shape::Feed) => from_feed(bytes, base, zone, take),
        Err(Shape::WebPage) => Err(WEB_PAGE),
        Err(Shape::Unknown | Shape::UrlSet | Shape::Index) => Err(DiscoverError::Unreadable {
            expected: "sitemap",
            reason: "it has no `urlset`, no `sitemapindex` and no lines with addresses".to_owned(),
        }),
    }
}

const WEB_PAGE: DiscoverError = DiscoverError::WebPage {
    expected: "sitemap",
};

/// The sitemap, or what it is instead.
fn from_body(
    body: &mut Body<'_>,
    text: String,
    end: End,
    walk: &mut Walk<'_, '_>,
) -> Result<SitemapHead, Shape> {
    let mut warnings = Vec::new();
    let is_text = !text.trim_start().starts_with('<') && text.trim_start().starts_with("http");
    if is_text || !text.contains('<') {
        walk.lines(body, text, end);
    } else {
        let faults = xml::read(body, text, end, walk);
        warnings.extend(faults.warnings());
    }
    let format = match walk.shape {
        Shape::UrlSet => Format::UrlSet,
        Shape::Index => Format::SitemapIndex,
        Shape::Unknown if walk.has_entries && is_text => Format::Text,
        Shape::Unknown if walk.has_entries => Format::UrlSet,
        other @ (Shape::Unknown | Shape::Feed | Shape::WebPage) => return Err(other),
    };
    if let Some(label) = &body.wrong_label {
        let charset = body.charset.to_ascii_lowercase();
        warnings.insert(
            0,
            format!("it is labelled `{label}` and was read as {charset}"),
        );
    }
    if walk.bad_entries > 0 {
        warnings.push(format!(
            "{} entries have no usable address",
            walk.bad_entries
        ));
    }
    Ok(SitemapHead {
        format,
        charset: body.charset,
        warnings,
    })
}

fn from_feed(
    body: &[u8],
    base: &Url,
    zone: Option<Tz>,
    take: &mut dyn FnMut(SitemapEntry) -> bool,
) -> Result<SitemapHead, DiscoverError> {
    let mut without_address = 0_usize;
    let mut hand_on = |entry: Entry| {
        let Some(url) = entry.url else {
            without_address += 1;
            return true;
        };
        take(SitemapEntry {
            url,
            kind: EntryKind::Page,
            lastmod: entry.updated,
            published: entry.published,
            title: entry.title,
            language: None,
            is_news: false,
        })
    };
    let head = feed::feed_entries(body, None, base, zone, &mut hand_on)?;
    let mut warnings = head.warnings;
    if without_address > 0 {
        warnings.push(format!("{without_address} entries have no usable address"));
    }
    Ok(SitemapHead {
        format: head.format,
        charset: head.charset,
        warnings,
    })
}

fn candidate(entry: SitemapEntry, identity: Identity<'_>) -> Option<Candidate> {
    Some(Candidate {
        title: entry.title,
        published: entry.published.as_ref().and_then(moment),
        stated: entry.published,
        modified: entry.lastmod.as_ref().and_then(moment),
        ..Candidate::at(CanonicalUrl::from_url(entry.url, identity).ok()?)
    })
}

/// A sitemap may list everything of a site; what is surely no article is left out.
fn may_be_article(url: &CanonicalUrl, own: &OwnListings, source: &Source) -> bool {
    match &source.article_url {
        Some(pattern) => pattern.is_match(url.as_str()),
        None => !own.contains(url) && judge::score(url, "") > judge::SURELY_NOT,
    }
}

/// Takes back the times of change of a sitemap that states the same one everywhere.
fn distrust(listing: &mut Listing) {
    let first = listing.articles.first().and_then(|page| page.modified);
    let is_same = first.is_some() && listing.articles.iter().all(|page| page.modified == first);
    if is_same && listing.articles.len() >= SAME_LASTMOD {
        for page in &mut listing.articles {
            page.modified = None;
        }
        listing
            .warnings
            .push("all entries have the same `lastmod`: it says nothing".to_owned());
    }
}

#[cfg(test)]
mod tests;
