//! One dry visit of a source: its listings, a few of their articles, and what would come next.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Scout;
use crate::discover::{Candidate, Format};
use crate::domain::{Article, CanonicalUrl, JobKind, PageKind, Section, SectionKind, Source};
use crate::fetch::Accept;

/// Listings of one source that are looked at; the requests that are left read articles.
const MAX_LISTINGS: usize = 20;
/// Articles that are read.
const SAMPLES: usize = 3;
/// Addresses that are named of those that would come next.
const MAX_NEXT: usize = 5;

/// What a dry visit found.
#[derive(Debug)]
pub struct Trial {
    /// What the robots.txt of each origin says, for people.
    pub robots: Vec<(String, String)>,
    /// The listings in their order.
    pub listings: Vec<Listed>,
    /// Listings beyond those, which were not looked at.
    pub left_out: usize,
    /// The articles that were read.
    pub samples: Vec<SampleRead>,
    /// How often each field was filled.
    pub fills: Vec<Fill>,
    /// The addresses that the crawl would fetch first.
    pub next: Vec<CanonicalUrl>,
    /// How many different articles the listings name.
    pub articles: usize,
}

/// A listing and what it gave.
#[derive(Debug)]
pub struct Listed {
    /// What the source's file calls it.
    pub kind: SectionKind,
    /// Where it is.
    pub url: CanonicalUrl,
    /// What was read, or why nothing was.
    pub read: Result<Content, String>,
}

/// What one listing holds.
#[derive(Debug)]
pub struct Content {
    /// How it is written.
    pub format: Format,
    /// Articles of it.
    pub articles: usize,
    /// Sitemaps that it names.
    pub sitemaps: usize,
    /// Links to what looks like articles elsewhere, which are not fetched.
    pub outside: usize,
    /// The newest and the oldest date that it states.
    pub span: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// What is wrong with it.
    pub warnings: Vec<String>,
}

/// A page read as an article.
#[derive(Debug)]
pub struct SampleRead {
    /// Where it is.
    pub url: CanonicalUrl,
    /// The article, or why there is none.
    pub read: Result<Article, String>,
}

/// How many of the samples have a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    /// The field's name as in `news.articles`.
    pub field: &'static str,
    /// Samples that have it.
    pub filled: usize,
}

/// Visits `source` once, without storing anything.
pub async fn try_source(scout: &Scout, source: &Source) -> Trial {
    let source = Arc::new(source.clone());
    let mut listings = Vec::new();
    let mut lists: Vec<Vec<Candidate>> = Vec::new();
    let mut children: Vec<Section> = Vec::new();
    for section in source.sections.iter().take(MAX_LISTINGS) {
        let (listed, articles, sitemaps) = scout.listed(section, &source).await;
        listings.push(listed);
        lists.push(articles);
        // An index alone tells nothing of articles: its newest child is looked at too.
        let child = sitemaps.into_iter().next().map(|child| child.url);
        children.extend(child.map(|url| Section {
            kind: SectionKind::Sitemap,
            url,
        }));
    }
    for section in children
        .iter()
        .take(MAX_LISTINGS.saturating_sub(listings.len()))
    {
        let (listed, articles, _) = scout.listed(section, &source).await;
        listings.push(listed);
        lists.push(articles);
    }
    let chosen = chosen(&lists);
    let mut samples = Vec::new();
    for url in &chosen {
        samples.push(scout.sample_read(url, &source).await);
    }
    let mut waiting = waiting(lists);
    let articles = waiting.len();
    waiting.retain(|candidate| !chosen.contains(&candidate.url));
    Trial {
        robots: scout.robots_said(),
        fills: fills(&samples),
        left_out: source.sections.len().saturating_sub(MAX_LISTINGS),
        listings,
        samples,
        next: waiting
            .into_iter()
            .take(MAX_NEXT)
            .map(|candidate| candidate.url)
            .collect(),
        articles,
    }
}

impl Scout {
    /// Reads one listing: what to tell of it, its articles, and the sitemaps below it.
    async fn listed(
        &self,
        section: &Section,
        source: &Arc<Source>,
    ) -> (Listed, Vec<Candidate>, Vec<Candidate>) {
        let (kind, accept) = match section.kind {
            SectionKind::Page => (JobKind::Page, Accept::Html),
            SectionKind::Feed => (JobKind::Feed, Accept::Feed),
            SectionKind::Sitemap => (JobKind::Sitemap, Accept::Sitemap),
        };
        let listing = match self.get(&section.url, accept, Some(source)).await {
            Ok(page) => self.listing(kind, &Arc::new(page), source).await,
            Err(missed) => Err(missed.to_string()),
        };
        let told = |read| Listed {
            kind: section.kind,
            url: section.url.clone(),
            read,
        };
        let listing = match listing {
            Ok(listing) => listing,
            Err(why) => return (told(Err(why)), Vec::new(), Vec::new()),
        };
        let dates = || {
            listing
                .articles
                .iter()
                .filter_map(|article| article.published.or(article.modified))
        };
        let content = Content {
            format: listing.format,
            articles: listing.articles.len(),
            sitemaps: listing.sitemaps.len(),
            outside: listing.outside.len(),
            span: dates().max().zip(dates().min()),
            warnings: listing.warnings,
        };
        (told(Ok(content)), listing.articles, listing.sitemaps)
    }

    async fn sample_read(&self, url: &CanonicalUrl, source: &Arc<Source>) -> SampleRead {
        let read = match self.get(url, Accept::Html, Some(source)).await {
            Ok(page) => self.sample(&Arc::new(page), source).await,
            Err(missed) => Err(missed.to_string()),
        };
        let read = read.and_then(|extraction| match extraction.kind {
            PageKind::Article => Ok(extraction.article),
            PageKind::Section | PageKind::Other => {
                let reason = extraction.reason.as_ref().map(ToString::to_string);
                Err(format!("is no article: {}", reason.unwrap_or_default()))
            }
        });
        SampleRead {
            url: url.clone(),
            read,
        }
    }

    /// What each robots.txt that was read says, by origin.
    fn robots_said(&self) -> Vec<(String, String)> {
        let known = self.known();
        let mut said: Vec<(String, String)> = known
            .robots
            .iter()
            .map(|(origin, rules)| {
                let robots = &rules.robots;
                let delay = robots
                    .crawl_delay()
                    .map(|delay| format!(", asks for {} s between requests", delay.as_secs_f64()));
                let text = match &rules.failure {
                    Some(failure) => {
                        format!("forbids everything, since it could not be read: {failure}")
                    }
                    None => format!(
                        "rules for us: {}, sitemaps named: {}{}",
                        robots.rule_count(),
                        robots.sitemaps().len(),
                        delay.unwrap_or_default()
                    ),
                };
                (origin.clone(), text)
            })
            .collect();
        said.sort();
        said
    }
}

/// The first article of each listing, then the second of each, until there are enough.
fn chosen(lists: &[Vec<Candidate>]) -> Vec<CanonicalUrl> {
    let mut chosen: Vec<CanonicalUrl> = Vec::new();
    for round in 0..SAMPLES {
        for candidate in lists.iter().filter_map(|list| list.get(round)) {
            if chosen.len() < SAMPLES && !chosen.contains(&candidate.url) {
                chosen.push(candidate.url.clone());
            }
        }
    }
    chosen
}

/// All articles of the listings, each once, the newest first and those without a date last.
fn waiting(lists: Vec<Vec<Candidate>>) -> Vec<Candidate> {
    let mut met = HashSet::new();
    let mut all: Vec<Candidate> = lists
        .into_iter()
        .flatten()
        .filter(|candidate| met.insert(candidate.url.fingerprint()))
        .collect();
    all.sort_by_key(|candidate| std::cmp::Reverse(candidate.published.or(candidate.modified)));
    all
}

fn fills(samples: &[SampleRead]) -> Vec<Fill> {
    type Has = fn(&Article) -> bool;
    const FIELDS: [(&str, Has); 9] = [
        ("title", |a| !a.title.is_empty()),
        ("subtitle", |a| a.subtitle.is_some()),
        ("authors", |a| !a.authors.is_empty()),
        ("published", |a| a.published.is_some()),
        ("section", |a| a.section.is_some()),
        ("tags", |a| !a.tags.is_empty()),
        ("language", |a| a.language.is_some()),
        ("body", |a| !a.body.is_empty()),
        ("images", |a| !a.images.is_empty()),
    ];
    let articles: Vec<&Article> = samples
        .iter()
        .filter_map(|s| s.read.as_ref().ok())
        .collect();
    let fill = |(field, has): (&'static str, Has)| Fill {
        field,
        filled: articles.iter().filter(|article| has(article)).count(),
    };
    FIELDS.map(fill).to_vec()
}
