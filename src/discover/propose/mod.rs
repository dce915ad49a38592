//! From a front page to a source file: what to look at next, and what comes of it. Never fetches:
//! [`Prospect::next_errand`] says what is to be asked, [`Prospect::take`] takes what came of it, and
//! [`Prospect::finish`] says what was found, each part with its evidence.

mod cms;
mod front;
mod identity;
mod nav;
mod plan;
mod proposal;
mod rule;
mod zone;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet, VecDeque};

use chrono::{DateTime, Utc};

use super::judge::{self, Verdict};
use super::listing::Listing;
use super::section::Link;
use crate::domain::{CanonicalUrl, Fingerprint, Source, Stamp};

pub use front::{Front, front};
pub use proposal::{Found, NothingFound, Pattern, Proposal};

/// Feeds that are looked at, of those named or guessed.
const MAX_FEEDS: usize = 4;
/// Children of indexes of sitemaps that are looked at.
const MAX_CHILDREN: usize = 2;
/// Addresses of one listing that are kept: as many show any habit.
const MAX_ADDRESSES: usize = 2_000;
/// A foreign host with so many articles of the own feeds and sitemaps, and with this share of them in
/// percent, belongs to the outlet; fewer are links of partners.
const MIN_ON_HOST: usize = 3;
const HOST_SHARE: usize = 20;

/// What is to be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A feed, or a page that lists feeds.
    Feed,
    /// A sitemap or an index of them.
    Sitemap,
    /// A page that may be a section.
    Section,
    /// A page that should be an article.
    Sample,
}

/// One request to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// What is expected there.
    pub what: What,
    /// Where.
    pub url: CanonicalUrl,
    /// Whether nobody named the address: nothing there is no surprise.
    is_guess: bool,
    /// The index that names it, among the listings.
    index: Option<usize>,
}

impl Errand {
    fn to(what: What, url: CanonicalUrl) -> Self {
        Self {
            what,
            url,
            is_guess: false,
            index: None,
        }
    }
}

/// What came of an errand.
#[derive(Debug)]
pub enum Answer {
    /// A feed or a sitemap.
    Listing(Box<Listing>),
    /// A page: a section, or one that lists feeds.
    Page(Front),
    /// A page read as an article.
    Sample(Sample),
    /// Nothing of use, and why.
    Nothing(String),
}

/// A page read as an article.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Where it was found.
    pub url: CanonicalUrl,
    /// Whether it is an article.
    pub is_article: bool,
    /// Its language.
    pub language: Option<String>,
    /// When it was published, as the page writes it.
    pub published: Option<Stamp>,
}

/// An address of a listing with what the listing says of it.
#[derive(Debug, Clone)]
struct Seen {
    url: CanonicalUrl,
    published: Option<DateTime<Utc>>,
    /// Whether the listing itself calls it news, or its address and words look like it.
    is_likely: bool,
}

/// A listing that was read.
#[derive(Debug)]
struct Read {
    what: What,
    url: CanonicalUrl,
    /// Sitemaps that it names.
    children: usize,
    seen: Vec<Seen>,
}

/// The order in which a site is looked at: sections last, which may take what requests are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Front,
    Feeds,
    GuessedFeeds,
    Sitemaps,
    GuessedSitemaps,
    Samples,
    Sections,
}

/// What is known of a site so far.
#[derive(Debug)]
pub struct Prospect {
    source: Source,
    front: Front,
    /// The sitemaps that robots.txt names.
    sitemaps: Vec<String>,
    stage: Stage,
    queue: VecDeque<Errand>,
    asked: HashSet<Fingerprint>,
    reads: Vec<Read>,
    samples: Vec<Sample>,
    misses: Vec<(CanonicalUrl, String)>,
    children: usize,
}

impl Prospect {
    /// Begins with the front page of `source`, of which nothing but its home is known, and the
    /// sitemaps that its robots.txt names.
    #[must_use]
    pub fn new(source: Source, front: Front, sitemaps: Vec<String>) -> Self {
        let asked = HashSet::from([source.home.fingerprint()]);
        Self {
            source,
            front,
            sitemaps,
            stage: Stage::Front,
            queue: VecDeque::new(),
            asked,
            reads: Vec::new(),
            samples: Vec::new(),
            misses: Vec::new(),
            children: 0,
        }
    }

    /// What to ask for next; none when enough is known.
    pub fn next_errand(&mut self) -> Option<Errand> {
        loop {
            while let Some(errand) = self.queue.pop_front() {
                if self.asked.insert(errand.url.fingerprint()) {
                    return Some(errand);
                }
            }
            self.stage = match self.stage {
                Stage::Front => Stage::Feeds,
                Stage::Feeds => Stage::GuessedFeeds,
                Stage::GuessedFeeds => Stage::Sitemaps,
                Stage::Sitemaps => Stage::GuessedSitemaps,
                Stage::GuessedSitemaps => Stage::Samples,
                Stage::Samples => Stage::Sections,
                Stage::Sections => return None,
            };
            self.queue = self.errands();
        }
    }

    /// What the stage in hand begins with.
    fn errands(&mut self) -> VecDeque<Errand> {
        match self.stage {
            Stage::Front => VecDeque::new(),
            Stage::Feeds => self.named_feeds(),
            Stage::GuessedFeeds => self.guessed_feeds(),
            Stage::Sitemaps => self.named_sitemaps(),
            Stage::GuessedSitemaps => self.guessed_sitemaps(),
            Stage::Samples => {
                self.adopt_hosts();
                self.to_sample()
            }
            Stage::Sections => self.sections(),
        }
    }

    /// Whether a feed or a sitemap was read.
    fn has(&self, what: What) -> bool {
        self.reads.iter().any(|read| read.what == what)
    }

    /// Counts hosts as the outlet's own where its feeds and sitemaps say that its articles are there.
    fn adopt_hosts(&mut self) {
        let listed = self.reads.iter().flat_map(|read| &read.seen);
        let mut foreign: BTreeMap<&str, usize> = BTreeMap::new();
        let mut all = 0;
        for seen in listed {
            all += 1;
            if !self.source.owns(seen.url.host()) {
                *foreign.entry(seen.url.host()).or_default() += 1;
            }
        }
        let is_own = |count: usize| count >= MIN_ON_HOST && count * 100 >= all * HOST_SHARE;
        let hosts = foreign.into_iter().filter(|(_, count)| is_own(*count));
        let hosts: Vec<String> = hosts.map(|(host, _)| host.to_owned()).collect();
        self.source.hosts.extend(hosts);
    }

    /// Takes what came of an errand.
    pub fn take(&mut self, errand: &Errand, answer: Answer) {
        match answer {
            Answer::Listing(listing) => self.take_listing(errand, *listing),
            Answer::Page(page) if errand.what == What::Feed => {
                let named = page.feeds.into_iter().take(MAX_FEEDS);
                self.queue = named.map(|url| Errand::to(What::Feed, url)).collect();
            }
            Answer::Page(page) => self.reads.push(Read {
                what: errand.what,
                url: errand.url.clone(),
                children: 0,
                seen: seen_of(&page.links),
            }),
            Answer::Sample(sample) => self.samples.push(sample),
            Answer::Nothing(_) if errand.is_guess => {}
            Answer::Nothing(why) => self.misses.push((errand.url.clone(), why)),
        }
    }

    fn take_listing(&mut self, errand: &Errand, listing: Listing) {
        let is_news = |candidate: &super::Candidate| candidate.title.is_some();
        let seen = listing
            .articles
            .into_iter()
            .take(MAX_ADDRESSES)
            .map(|candidate| Seen {
                is_likely: errand.what == What::Feed
                    || is_news(&candidate)
                    || judge::score(&candidate.url, "") >= judge::ARTICLE,
                published: candidate.published.or(candidate.modified),
                url: candidate.url,
            });
        let read = Read {
            what: errand.what,
            url: errand.url.clone(),
            children: listing.sitemaps.len(),
            seen: seen.collect(),
        };
        if errand.is_guess {
            self.queue.clear(); // one that is there is enough
        }
        let place = errand.index.unwrap_or(self.reads.len());
        for child in listing.sitemaps.into_iter().map(|child| child.url) {
            if self.children < MAX_CHILDREN && !plan::is_stale(&child) {
                self.children += 1;
                self.queue.push_front(Errand {
                    index: Some(place),
                    ..Errand::to(What::Sitemap, child)
                });
            }
        }
        match errand.index.and_then(|index| self.reads.get_mut(index)) {
            Some(index) => index.seen.extend(read.seen),
            None => self.reads.push(read),
        }
    }

    /// What was found, after `requests` requests.
    ///
    /// # Errors
    /// When nothing links to an article.
    pub fn finish(self, today: chrono::NaiveDate) -> Result<Proposal, NothingFound> {
        proposal::of(self, today)
    }
}

fn seen_of(links: &[Link]) -> Vec<Seen> {
    let seen = links.iter().take(MAX_ADDRESSES).map(|link| Seen {
        url: link.url.clone(),
        published: link.published,
        // What is outside may have come to belong to the outlet since; whoever counts asks.
        is_likely: matches!(link.verdict, Verdict::Article | Verdict::Outside),
    });
    seen.collect()
}
