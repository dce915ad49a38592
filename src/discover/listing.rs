//! What a listing gave.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use url::Url;

use crate::domain::{CanonicalUrl, ContentHash, Fingerprint, Stamp};

/// Links to foreign hosts are for the record only.
const MAX_OUTSIDE: usize = 200;

/// An address found in a listing, not yet in the frontier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Where it is.
    pub url: CanonicalUrl,
    /// The headline that the listing gives it.
    pub title: Option<String>,
    /// When the listing says it was published.
    pub published: Option<DateTime<Utc>>,
    /// The same as a feed or sitemap writes it, with its zone.
    pub stated: Option<Stamp>,
    /// When the listing says it was last changed.
    pub modified: Option<DateTime<Utc>>,
    /// Who the listing says wrote it.
    pub authors: Vec<String>,
    /// The text that a feed gives, plain or marked up: whole or a teaser, cut to 64 KiB.
    pub text: Option<String>,
}

/// How a listing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RSS of any version.
    Rss,
    /// Atom.
    Atom,
    /// JSON Feed.
    JsonFeed,
    /// A sitemap of pages.
    UrlSet,
    /// A sitemap of sitemaps.
    SitemapIndex,
    /// A sitemap of one address a line.
    Text,
    /// A web page.
    Page,
}

impl Format {
    /// The word of `inspect`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::JsonFeed => "json",
            Self::UrlSet => "urlset",
            Self::SitemapIndex => "sitemapindex",
            Self::Text => "text",
            Self::Page => "page",
        }
    }
}

/// Who pushes what is new in a feed (WebSub).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hub {
    /// Where a subscription is asked for.
    pub hub: Url,
    /// The feed, as the hub calls it.
    pub topic: Url,
}

/// The candidates of one listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// How the listing was written.
    pub format: Format,
    /// The charset it was decoded from; `UTF-8` for a page, which comes decoded.
    pub charset: &'static str,
    /// Articles in the order of the listing, each once.
    pub articles: Vec<Candidate>,
    /// The children of a sitemap index, the last changed first.
    pub sitemaps: Vec<Candidate>,
    /// What looks like articles on hosts that the source doesn't own: recorded, never fetched.
    pub outside: Vec<CanonicalUrl>,
    /// The next page of a section page, on the same host.
    pub next: Option<CanonicalUrl>,
    /// What was wrong with the listing, and what was done about it.
    pub warnings: Vec<String>,
    /// The set of found addresses, whatever their order.
    pub digest: ContentHash,
    /// Who pushes what is new in it.
    pub hub: Option<Hub>,
}

/// Gathers candidates, each address once, up to a limit.
pub(super) struct Collector {
    format: Format,
    charset: &'static str,
    limit: usize,
    seen: HashSet<Fingerprint>,
    articles: Vec<Candidate>,
    sitemaps: Vec<Candidate>,
    outside: Vec<CanonicalUrl>,
    next: Option<CanonicalUrl>,
    warnings: Vec<String>,
}

impl Candidate {
    /// A candidate of which only the address is known.
    pub(super) fn at(url: CanonicalUrl) -> Self {
        Self {
            url,
            title: None,
            published: None,
            stated: None,
            modified: None,
            authors: Vec::new(),
            text: None,
        }
    }
}

impl Collector {
    pub(super) fn new(format: Format, charset: &'static str, limit: usize) -> Self {
        Self {
            format,
            charset,
            limit,
            seen: HashSet::new(),
            articles: Vec::new(),
            sitemaps: Vec::new(),
            outside: Vec::new(),
            next: None,
            warnings: Vec::new(),
        }
    }

    pub(super) fn set_format(&mut self, format: Format) {
        self.format = format;
    }

    pub(super) fn set_charset(&mut self, charset: &'static str) {
        self.charset = charset;
    }

    /// Whether no more candidates are taken.
    pub(super) fn is_full(&self) -> bool {
        self.articles.len() + self.sitemaps.len() >= self.limit
    }

    pub(super) fn add_article(&mut self, candidate: Candidate) {
        if !self.is_full() && self.seen.insert(candidate.url.fingerprint()) {
            self.articles.push(candidate);
        }
    }

    pub(super) fn add_sitemap(&mut self, candidate: Candidate) {
        if !self.is_full() && self.seen.insert(candidate.url.fingerprint()) {
            self.sitemaps.push(candidate);
        }
    }

    pub(super) fn add_outside(&mut self, url: CanonicalUrl) {
        if self.outside.len() < MAX_OUTSIDE && self.seen.insert(url.fingerprint()) {
            self.outside.push(url);
        }
    }

    pub(super) fn set_next(&mut self, next: Option<CanonicalUrl>) {
        self.next = next;
    }

    pub(super) fn warn(&mut self, warning: impl Into<String>) {
        self.warnings.push(warning.into());
    }

    /// The listing; of the children of an index only the `max_sitemaps` last changed.
    pub(super) fn finish(mut self, max_sitemaps: usize) -> Listing {
        if self.is_full() {
            let limit = self.limit;
            self.warn(format!("only the first {limit} entries were read"));
        }
        let found = self.articles.iter().chain(&self.sitemaps);
        let mut keys: Vec<_> = found.map(|c| c.url.fingerprint().as_uuid()).collect();
        keys.sort_unstable();
        self.sitemaps
            .sort_by_key(|child| std::cmp::Reverse(child.modified));
        self.sitemaps.truncate(max_sitemaps);
        Listing {
            format: self.format,
            charset: self.charset,
            articles: self.articles,
            sitemaps: self.sitemaps,
            outside: self.outside,
            next: self.next,
            warnings: self.warnings,
            digest: ContentHash::of(keys.iter().map(|key| key.as_bytes().as_slice())),
            hub: None,
        }
    }
}
