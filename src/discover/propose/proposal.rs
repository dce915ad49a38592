//! What was found, each part with its evidence.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::rule::Rule;
use super::zone::{self, Evidence, Zone};
use super::{Prospect, Read, Seen, What, seen_of};
use crate::domain::{CanonicalUrl, Fingerprint};

/// Reasons for what gave nothing that are repeated.
const MAX_REASONS: usize = 12;

/// A listing that gives articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub url: CanonicalUrl,
    /// What it gave, for people.
    pub evidence: String,
}

/// What the address of an article looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The regular expression.
    pub text: String,
    /// What it is learned from, for people.
    pub evidence: String,
}

/// A source file to be: what is known, and why.
#[derive(Debug)]
pub struct Proposal {
    /// The front page.
    pub home: CanonicalUrl,
    /// The language, and why.
    pub language: Option<(String, String)>,
    /// The zone and why, or why there is none.
    pub timezone: Result<(Tz, String), String>,
    /// Feeds that give articles.
    pub feeds: Vec<Found>,
    /// Sitemaps that do.
    pub sitemaps: Vec<Found>,
    /// Sections that do, those with the most news first.
    pub sections: Vec<Found>,
    /// What the address of an article looks like, or why that is not known.
    pub article_url: Result<Pattern, String>,
    /// The query parameters that make the address of an article, where that is sure.
    pub identity: Option<Vec<String>>,
    /// Other hosts that its feeds and sitemaps lead to.
    pub hosts: Vec<String>,
    /// The system that the outlet runs.
    pub cms: Option<&'static str>,
    /// The day of all this.
    pub today: NaiveDate,
    /// What gave nothing, and why.
    pub remarks: Vec<String>,
}

/// Nothing that was read leads to an article.
#[derive(Debug, thiserror::Error)]
#[error("{home} leads to no article: neither its links nor feeds or sitemaps do{reasons}")]
pub struct NothingFound {
    home: CanonicalUrl,
    /// What was asked and gave nothing, each reason behind a semicolon.
    reasons: String,
}

/// The articles of one listing by what makes their addresses.
struct Counted<'a> {
    read: &'a Read,
    articles: BTreeSet<Fingerprint>,
    newest: Option<DateTime<Utc>>,
}

impl Counted<'_> {
    fn found(&self, evidence: String) -> Found {
        let newest = self
            .newest
            .map(|at| at.format(", the newest of %Y-%m-%d %H:%M UTC").to_string());
        Found {
            url: self.read.url.clone(),
            evidence: evidence + &newest.unwrap_or_default(),
        }
    }
}

pub(super) fn of(prospect: Prospect, today: NaiveDate) -> Result<Proposal, NothingFound> {
    let rule = prospect.rule();
    let count = |seen: &[Seen]| articles(seen, &rule, &prospect);
    let front = count(&seen_of(&prospect.front.links));
    let counted: Vec<Counted<'_>> = prospect
        .reads
        .iter()
        .map(|read| Counted {
            articles: count(&read.seen),
            newest: read.seen.iter().filter_map(|seen| seen.published).max(),
            read,
        })
        .collect();
    let mut remarks: Vec<String> = prospect
        .misses
        .iter()
        .map(|(url, why)| format!("{url}: {why}"))
        .collect();
    let empty = counted
        .iter()
        .filter(|c| c.articles.is_empty() && c.read.what != What::Section);
    remarks.extend(empty.map(|c| format!("{}: gave no article", c.read.url)));
    remarks.truncate(MAX_REASONS);
    let feeds = machine_readable(&counted, What::Feed);
    let sitemaps = machine_readable(&counted, What::Sitemap);
    let sections = sections(&counted, &front, &prospect);
    if feeds.is_empty() && sitemaps.is_empty() && sections.is_empty() {
        return Err(NothingFound {
            home: prospect.source.home.clone(),
            reasons: remarks.iter().map(|reason| format!("; {reason}")).collect(),
        });
    }
    Ok(Proposal {
        language: language(&prospect),
        timezone: timezone(&prospect),
        article_url: article_url(&prospect, &rule),
        feeds,
        sitemaps,
        sections,
        home: prospect.source.home.clone(),
        identity: rule.identity,
        hosts: prospect.source.hosts.clone(),
        cms: prospect.front.cms.map(|cms| cms.name),
        today,
        remarks,
    })
}

fn articles(seen: &[Seen], rule: &Rule, prospect: &Prospect) -> BTreeSet<Fingerprint> {
    let held = seen
        .iter()
        .filter(|seen| rule.holds(seen, &prospect.source));
    let short = held
        .filter_map(|seen| CanonicalUrl::from_url(seen.url.as_url().clone(), rule.identity()).ok());
    short.map(|url| url.fingerprint()).collect()
}

/// Feeds or sitemaps that give articles, but those all of whose articles another one gives.
fn machine_readable(counted: &[Counted<'_>], what: What) -> Vec<Found> {
    let mut kept: Vec<&Counted<'_>> = Vec::new();
    let of_kind = counted
        .iter()
        .filter(|c| c.read.what == what && !c.articles.is_empty());
    for listing in of_kind {
        // An index leads to more than was looked at.
        let is_part = |of: &&&Counted<'_>| {
            of.read.children >= listing.read.children && listing.articles.is_subset(&of.articles)
        };
        if kept.iter().find(is_part).is_none() {
            kept.push(listing);
        }
    }
    let evidence = |listing: &&Counted<'_>| {
        let count = listing.articles.len();
        let text = match listing.read.children {
            0 => format!("{count} article links"),
            children => {
                format!("an index of {children}, {count} article links in what was looked at")
            }
        };
        listing.found(text)
    };
    kept.iter().map(evidence).collect()
}

/// The pages that link to articles which the front page doesn't have, and the front page where it
/// has some that nothing else has.
fn sections(
    counted: &[Counted<'_>],
    front: &BTreeSet<Fingerprint>,
    prospect: &Prospect,
) -> Vec<Found> {
    let mut kept: Vec<(usize, &Counted<'_>)> = Vec::new();
    for page in counted.iter().filter(|c| c.read.what == What::Section) {
        let own = page.articles.difference(front).count();
        let is_new = kept
            .iter()
            .all(|(_, other)| other.articles != page.articles);
        if own > 0 && is_new {
            kept.push((own, page));
        }
    }
    kept.sort_by_key(|(own, _)| std::cmp::Reverse(*own));
    let listed = counted.iter().filter(|c| c.read.what != What::Section);
    let chosen = listed.chain(kept.iter().map(|(_, page)| *page));
    let elsewhere: BTreeSet<Fingerprint> =
        chosen.flat_map(|c| c.articles.iter().copied()).collect();
    let alone = front.difference(&elsewhere).count();
    let home = (alone > 0).then(|| Found {
        url: prospect.source.home.clone(),
        evidence: format!(
            "{} article links, {alone} of them in no other listing here",
            front.len()
        ),
    });
    let pages = kept.iter().map(|(own, page)| {
        let count = page.articles.len();
        page.found(format!(
            "{count} article links, {own} of them not on the front page"
        ))
    });
    home.into_iter().chain(pages).collect()
}

/// The language of most samples, else the one that the front page declares.
fn language(prospect: &Prospect) -> Option<(String, String)> {
    let samples: Vec<&str> = prospect
        .samples
        .iter()
        .filter_map(|sample| sample.language.as_deref())
        .collect();
    let count = |code: &str| samples.iter().filter(|other| **other == code).count();
    if let Some(code) = samples.iter().max_by_key(|code| count(code)) {
        let (agree, all) = (count(code), samples.len());
        return Some((
            (*code).to_owned(),
            format!("{agree} of {all} sample articles"),
        ));
    }
    let declared = prospect.front.language.clone()?;
    Some((
        declared,
        "as the front page declares; no sample was read".to_owned(),
    ))
}

fn timezone(prospect: &Prospect) -> Result<(Tz, String), String> {
    let listed = |url: &CanonicalUrl| {
        let seen = prospect
            .reads
            .iter()
            .filter(|read| read.what != What::Section);
        let mut seen = seen.flat_map(|read| &read.seen);
        seen.find(|seen| seen.url == *url)
            .and_then(|seen| seen.published)
    };
    let times: Vec<Evidence> = prospect
        .samples
        .iter()
        .filter_map(|sample| {
            Some(Evidence {
                listed: listed(&sample.url),
                stamp: sample.published.clone()?,
            })
        })
        .collect();
    let language = language(prospect).map(|(code, _)| code);
    match zone::zone(prospect.source.home.host(), language.as_deref(), &times) {
        Zone::Known(zone, why) => Ok((zone, why)),
        Zone::Open(why) => Err(why),
    }
}

/// The pattern, unless what it found turned out to be no articles.
fn article_url(prospect: &Prospect, rule: &Rule) -> Result<Pattern, String> {
    let Some(pattern) = &rule.pattern else {
        return Err("no pattern holds for nearly all articles; learned from the pages".to_owned());
    };
    let (read, all) = (
        prospect
            .samples
            .iter()
            .filter(|sample| sample.is_article)
            .count(),
        prospect.samples.len(),
    );
    if read * 2 < all {
        return Err(format!(
            "`{pattern}` fits most article links, but only {read} of {all} sample pages are articles"
        ));
    }
    let likely = prospect.likely();
    let known: Vec<&Seen> = likely
        .iter()
        .filter(|seen| rule.holds(seen, &prospect.source))
        .collect();
    let example = known.first().map(|seen| format!(", such as {}", seen.url));
    Ok(Pattern {
        text: pattern.as_str().to_owned(),
        evidence: format!(
            "{} of {} likely article links{}; {read} of {all} samples are articles",
            known.len(),
            likely.len(),
            example.unwrap_or_default()
        ),
    })
}
