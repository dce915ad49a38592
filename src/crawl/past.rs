//! A walk into the past: the sitemaps and the further pages of a source, each visited once for what
//! is from after a given time, behind all else.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::discover::{self, Candidate, Listing};
use crate::domain::{
    CanonicalUrl, ErrorClass, Fingerprint, JobKind, Priority, SectionId, Source, SourceId,
    Validators,
};
use crate::store::{AliasReason, Found, NewJob};

use super::cpu::on_cpu;
use super::gate::HostGate;
use super::get::Got;
use super::listing::{Reach, read_listing};
use super::profile::host_key;
use super::visit::{Ending, Findings, MAX_DEPTH, Visit};
use super::{CrawlError, Profile};

/// Further pages of one section: at twenty articles each a hundred thousand.
const MAX_PAGES: u16 = 5_000;

/// Pages without dates that may hold nothing new before the walk is given up: the first ones are
/// known from every day's visits.
const KNOWN_PAGES: u16 = 30;

/// An index with more children numbers them, and a number may look like a year.
const MAX_YEARS: usize = 200;

impl Visit<'_> {
    /// Visits a listing for what it has from after `since`.
    ///
    /// # Errors
    /// When the gate closed or the store failed.
    pub(super) async fn past_listing(
        &mut self,
        profile: &Arc<Profile>,
        gate: &HostGate,
        since: DateTime<Utc>,
    ) -> Result<Ending, CrawlError> {
        let url = self.job.url.clone();
        let (page, permit) = match self.get(&url, Validators::default(), gate).await? {
            Got::Page(page, permit) => (*page, permit),
            Got::NotModified(_) | Got::Gone => {
                return Ok(self.useless(ErrorClass::Status, format!("{url} does not exist")));
            }
            Got::Elsewhere(to) => return Ok(self.goes_on_at(to, AliasReason::Redirect)),
            Got::Ended(ending) => return Ok(*ending),
        };
        let (kind, source) = (self.job.kind, Arc::clone(profile));
        let addresses = self.visitor.memories.of(profile.id).await.addresses;
        let (agent, now) = (self.visitor.agent.clone(), self.visitor.clock.now());
        let read = on_cpu(move || {
            let known = (&source.source, addresses.as_ref());
            read_listing(kind, &page, known, ((agent.token(), now), Reach::Whole))
        })
        .await?;
        drop(permit);
        let listing = match read {
            Ok(listing) => listing,
            Err((class, reason)) => return Ok(self.useless(class, reason)),
        };
        let is_wanted = |candidate: &&Candidate| stated(candidate).is_none_or(|at| at >= since);
        let walk = Walk {
            source: self.job.source,
            section: self.job.section,
            since,
        };
        let articles = listing.articles.iter().filter(is_wanted);
        let mut found: Vec<Found> = articles
            .map(|candidate| walk.article(candidate, &profile.source))
            .collect();
        let mut seen = Vec::new();
        if self.job.depth < MAX_DEPTH {
            let below = walk.children(&listing);
            let job =
                |child| walk.listing(child, JobKind::Sitemap, self.job.depth, &profile.source);
            found.extend(below.map(job));
        }
        if let Some(next) = &listing.next {
            let mark = self.mark(&listing, since);
            if self.goes_on(&listing, since, mark).await? {
                found.push(walk.listing(next, JobKind::Page, self.job.depth, &profile.source));
            }
            seen.push(mark);
        }
        let findings = Findings {
            found,
            seen,
            ..Default::default()
        };
        Ok(Ending::done(None, findings))
    }

    /// What says that a page with these links was walked over: some sites answer every number with
    /// their last page.
    fn mark(&self, listing: &Listing, since: DateTime<Utc>) -> Fingerprint {
        let section = self.job.section.map_or(0, |SectionId(id)| id);
        let digest = listing.digest.as_uuid();
        let parts = [
            digest.as_bytes().as_slice(),
            &section.to_be_bytes(),
            &since.timestamp().to_be_bytes(),
        ];
        // Under the host and not under the page, whose address is another one each time.
        let home = self
            .profile
            .map(|profile| profile.source.home.fingerprint());
        home.unwrap_or(self.job.fingerprint).aside(&parts.concat())
    }

    /// Whether the page after one with these links may have something from after `since`.
    async fn goes_on(
        &self,
        listing: &Listing,
        since: DateTime<Utc>,
        mark: Fingerprint,
    ) -> Result<bool, CrawlError> {
        if listing.articles.is_empty() || self.job.depth >= MAX_PAGES {
            return Ok(false);
        }
        let store = &self.visitor.store;
        if store.is_met(mark).await? {
            return Ok(false);
        }
        let dates: Vec<DateTime<Utc>> = listing.articles.iter().filter_map(stated).collect();
        if dates.is_empty() {
            let met = store
                .met(listing.articles.iter().map(|c| &c.url), None)
                .await?;
            let has_new = listing
                .articles
                .iter()
                .any(|c| !met.contains_key(&c.url.fingerprint()));
            return Ok(has_new || self.job.depth < KNOWN_PAGES);
        }
        Ok(reaches(&dates, since))
    }
}

/// Whether a page with these dates lies before the end of the walk. Some teasers stand on every
/// page, however old the others are: a quarter is not believed.
fn reaches(dates: &[DateTime<Utc>], since: DateTime<Utc>) -> bool {
    let wanted = dates.iter().filter(|at| **at >= since).count();
    wanted * 4 > dates.len()
}

fn stated(candidate: &Candidate) -> Option<DateTime<Utc>> {
    candidate.published.or(candidate.modified)
}

/// What the jobs of a walk have in common.
struct Walk {
    source: Option<SourceId>,
    section: Option<SectionId>,
    since: DateTime<Utc>,
}

impl Walk {
    /// The sitemaps of an index that may hold something from after `since`.
    fn children<'a>(&self, index: &'a Listing) -> impl Iterator<Item = &'a CanonicalUrl> {
        let since = self.since;
        let years = index.sitemaps.len() <= MAX_YEARS;
        let may_reach = move |child: &&Candidate| {
            stated(child).is_none_or(|at| at >= since)
                && !discover::ends_before(&child.url, since, years)
        };
        index
            .sitemaps
            .iter()
            .filter(may_reach)
            .map(|child| &child.url)
    }

    fn article(&self, candidate: &Candidate, source: &Source) -> Found {
        Found {
            title: candidate.title.clone(),
            published_at: candidate.published,
            hint: None,
            job: self.job(&candidate.url, JobKind::Article, 0, source),
        }
    }

    fn listing(&self, url: &CanonicalUrl, kind: JobKind, depth: u16, source: &Source) -> Found {
        Found {
            title: None,
            published_at: None,
            hint: None,
            job: self.job(url, kind, depth.saturating_add(1), source),
        }
    }

    fn job(&self, url: &CanonicalUrl, kind: JobKind, depth: u16, source: &Source) -> NewJob {
        NewJob {
            host: host_key(url, Some(source)),
            url: url.clone(),
            kind,
            priority: Priority::Backfill,
            source: self.source,
            section: self.section,
            interval: None,
            depth,
            since: Some(self.since),
        }
    }
}

/// The first visits of a walk into the past of a source: its sitemaps, those of its robots.txt, and
/// its section pages.
#[must_use]
pub fn walk_jobs(
    (id, source): (SourceId, &Source),
    sections: &[(SectionId, JobKind, CanonicalUrl)],
    more_sitemaps: &[CanonicalUrl],
    since: DateTime<Utc>,
) -> Vec<NewJob> {
    let job = |section, kind, url: &CanonicalUrl| {
        let walk = Walk {
            source: Some(id),
            section,
            since,
        };
        walk.job(url, kind, 1, source)
    };
    let sections = sections
        .iter()
        .filter(|(_, kind, _)| matches!(kind, JobKind::Page | JobKind::Sitemap))
        .map(|(section, kind, url)| job(Some(*section), *kind, url));
    let more = more_sitemaps
        .iter()
        .map(|url| job(None, JobKind::Sitemap, url));
    sections.chain(more).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}T00:00:00Z").parse().unwrap()
    }

    #[test]
    fn walk_ends_where_nearly_all_dates_are_before_it() {
        let since = at("2024-01-01");
        let (old, new) = (at("2023-12-31"), at("2024-01-01"));
        assert!(reaches(&[new], since));
        assert!(reaches(&[old, new, old], since));
        assert!(!reaches(&[old, old, old, new], since));
        assert!(!reaches(&[old], since));
    }
}
