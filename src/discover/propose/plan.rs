//! What to ask of a site, stage by stage: what it names itself before what is there by habit.

use std::collections::VecDeque;

use super::{Errand, MAX_FEEDS, Prospect, What, nav, seen_of};
use crate::domain::{CanonicalUrl, Identity};

/// Sitemaps that are looked at.
pub(super) const MAX_SITEMAPS: usize = 4;
/// Pages that may be sections that are looked at.
pub(super) const MAX_SECTIONS: usize = 8;
/// Articles that are read.
pub(super) const SAMPLES: usize = 3;

/// Addresses that are tried where nobody names one.
pub(super) const MAX_GUESSES: usize = 4;

/// Where feeds are by habit.
const USUAL_FEEDS: &[&str] = &["/rss", "/feed", "/rss.xml", "/atom.xml"];
/// Where sitemaps are by habit.
const USUAL_SITEMAPS: &[&str] = &["/sitemap.xml", "/sitemap_index.xml"];
/// Words in the address of a sitemap that holds news, and of one that holds none.
const FRESH_WORDS: &[&str] = &["news", "latest", "article", "post"];
const STALE_WORDS: &[&str] = &[
    "image",
    "video",
    "tag",
    "author",
    "category",
    "categories",
    "page",
    "static",
    "writer",
];

impl Prospect {
    /// The feeds that the front page names.
    pub(super) fn named_feeds(&self) -> VecDeque<Errand> {
        let named = self.front.feeds.iter().take(MAX_FEEDS).cloned();
        named.map(|url| Errand::to(What::Feed, url)).collect()
    }

    /// Where a feed may be, if none was read.
    pub(super) fn guessed_feeds(&self) -> VecDeque<Errand> {
        let habits = self.front.cms.map(|cms| cms.feeds).unwrap_or_default();
        self.guesses(What::Feed, habits, USUAL_FEEDS)
    }

    /// The sitemaps that robots.txt names, those of news first.
    pub(super) fn named_sitemaps(&self) -> VecDeque<Errand> {
        let parse = |text: &String| CanonicalUrl::parse(text, Identity::AllButTracking).ok();
        let mut named: Vec<CanonicalUrl> = self.sitemaps.iter().filter_map(parse).collect();
        named.retain(|url| !is_stale(url));
        named.sort_by_key(|url| !has_word(url, FRESH_WORDS));
        named.truncate(MAX_SITEMAPS);
        let errands = named.into_iter().map(|url| Errand::to(What::Sitemap, url));
        errands.collect()
    }

    /// Where a sitemap may be, if none was read.
    pub(super) fn guessed_sitemaps(&self) -> VecDeque<Errand> {
        let habits = self.front.cms.map(|cms| cms.sitemaps).unwrap_or_default();
        self.guesses(What::Sitemap, habits, USUAL_SITEMAPS)
    }

    fn guesses(&self, what: What, habits: &[&str], usual: &[&str]) -> VecDeque<Errand> {
        if self.has(what) {
            return VecDeque::new();
        }
        let base = self.source.home.as_url();
        let paths = habits.iter().chain(usual).take(MAX_GUESSES);
        let urls =
            paths.filter_map(|path| CanonicalUrl::join(base, path, Identity::AllButTracking).ok());
        let guess = |url| Errand {
            is_guess: true,
            ..Errand::to(what, url)
        };
        urls.map(guess).collect()
    }

    /// What may be sections.
    pub(super) fn sections(&self) -> VecDeque<Errand> {
        let likely: Vec<CanonicalUrl> = self.likely().into_iter().map(|seen| seen.url).collect();
        let ranked = nav::sections(&self.front, &likely, &self.source);
        let ranked = ranked.into_iter().take(MAX_SECTIONS);
        ranked.map(|url| Errand::to(What::Section, url)).collect()
    }

    /// Articles of different listings, the first of each, then the second.
    pub(super) fn to_sample(&self) -> VecDeque<Errand> {
        let rule = self.rule();
        let front = seen_of(&self.front.links);
        let lists: Vec<Vec<&CanonicalUrl>> = std::iter::once(&front)
            .chain(self.reads.iter().map(|read| &read.seen))
            .map(|seen| {
                let articles = seen.iter().filter(|seen| rule.holds(seen, &self.source));
                articles.map(|seen| &seen.url).take(SAMPLES).collect()
            })
            .collect();
        let mut chosen: Vec<CanonicalUrl> = Vec::new();
        for round in 0..SAMPLES {
            for url in lists.iter().filter_map(|list| list.get(round)) {
                if chosen.len() < SAMPLES && !chosen.contains(url) {
                    chosen.push((*url).clone());
                }
            }
        }
        chosen
            .into_iter()
            .map(|url| Errand::to(What::Sample, url))
            .collect()
    }
}

/// Whether a word, or its plural, stands in the path of an address, with or without a number.
fn has_word(url: &CanonicalUrl, words: &[&str]) -> bool {
    let path = url.as_url().path().to_ascii_lowercase();
    path.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|part| {
            let part = part.trim_end_matches(|c: char| c.is_ascii_digit());
            let single = part.strip_suffix('s').unwrap_or(part);
            words.contains(&part) || words.contains(&single)
        })
}

/// Whether a sitemap is named after what is no article.
pub(super) fn is_stale(url: &CanonicalUrl) -> bool {
    has_word(url, STALE_WORDS) && !has_word(url, &["news", "article"])
}
