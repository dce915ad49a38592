//! What tells an article's address from others, as far as it can be learned from those met.

use std::collections::HashSet;

use regex::Regex;

use super::{Prospect, Seen, What, identity, nav, seen_of};
use crate::discover::judge::Verdict;
use crate::discover::learn;
use crate::domain::{CanonicalUrl, Identity, Source};

/// A pattern must know this share of the addresses that feeds and news sitemaps give.
const MIN_SHARE: f64 = 0.95;

impl Prospect {
    /// All that may be articles of the source, of the front page and of all listings, each once and
    /// the surest first.
    pub(super) fn likely(&self) -> Vec<Seen> {
        let front = seen_of(&self.front.links);
        let listed = self.reads.iter().flat_map(|read| read.seen.iter().cloned());
        let mut met = HashSet::new();
        listed
            .chain(front)
            .filter(|seen| seen.is_likely && self.source.owns(seen.url.host()))
            .filter(|seen| met.insert(seen.url.fingerprint()))
            .collect()
    }

    /// What tells articles from other pages, as far as it can be learned.
    pub(super) fn rule(&self) -> Rule {
        let likely: Vec<CanonicalUrl> = self.likely().into_iter().map(|seen| seen.url).collect();
        let identity = identity::identity(&likely);
        let named: Option<Vec<String>> = identity.map(|name| vec![name]);
        let of = named
            .as_deref()
            .map_or(Identity::AllButTracking, Identity::Only);
        let short = |url: &CanonicalUrl| CanonicalUrl::from_url(url.as_url().clone(), of).ok();
        let likely: Vec<CanonicalUrl> = likely.iter().filter_map(short).collect();
        let trusted: Vec<CanonicalUrl> = self
            .reads
            .iter()
            .filter(|read| {
                read.what == What::Feed || read.seen.iter().any(|s| s.published.is_some())
            })
            .flat_map(|read| &read.seen)
            .filter(|seen| seen.is_likely && self.source.owns(seen.url.host()))
            .filter_map(|seen| short(&seen.url))
            .collect();
        let links = self
            .front
            .links
            .iter()
            .filter(|link| link.verdict != Verdict::Article);
        let asides = links.map(|link| &link.url).filter(|url| nav::is_aside(url));
        let pages: Vec<&CanonicalUrl> = self
            .reads
            .iter()
            .filter(|read| read.what == What::Section)
            .map(|read| &read.url)
            .chain([&self.source.home])
            .chain(asides)
            .collect();
        let sure = if trusted.is_empty() {
            &likely
        } else {
            &trusted
        };
        let pattern = [&likely, &trusted]
            .into_iter()
            .find_map(|urls| pattern(urls, sure, &pages));
        Rule {
            identity: named,
            pattern,
        }
    }
}

/// A pattern over whole addresses that holds for what is surely an article and for no listing.
fn pattern(
    urls: &[CanonicalUrl],
    sure: &[CanonicalUrl],
    listings: &[&CanonicalUrl],
) -> Option<Regex> {
    let (text, share) = learn::pattern_of(urls)?;
    let regex = Regex::new(&text).ok().filter(|_| share >= MIN_SHARE)?;
    let known = sure
        .iter()
        .filter(|url| regex.is_match(url.as_str()))
        .count();
    let is_wide = listings.iter().any(|url| regex.is_match(url.as_str()));
    #[expect(clippy::cast_precision_loss, reason = "a few thousand addresses")]
    let holds = known as f64 >= sure.len() as f64 * MIN_SHARE;
    (holds && !is_wide).then_some(regex)
}

/// What tells articles from other pages.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) identity: Option<Vec<String>>,
    pub(super) pattern: Option<Regex>,
}

impl Rule {
    pub(super) fn identity(&self) -> Identity<'_> {
        self.identity
            .as_deref()
            .map_or(Identity::AllButTracking, Identity::Only)
    }

    /// Whether an address of a listing counts as an article of the source.
    pub(super) fn holds(&self, seen: &Seen, source: &Source) -> bool {
        let url = CanonicalUrl::from_url(seen.url.as_url().clone(), self.identity());
        let is_article = match &self.pattern {
            Some(pattern) => url.is_ok_and(|url| pattern.is_match(url.as_str())),
            None => seen.is_likely,
        };
        is_article && source.owns(seen.url.host())
    }
}
