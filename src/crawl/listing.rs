//! The visit of a listing: a section page, a feed or a sitemap becomes candidates for the frontier.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::discover::{self, AddressMemory, Candidate, Listing};
use crate::domain::{
    CanonicalUrl, ErrorClass, FetchOutcome, JobKind, Lesson, Priority, Source, Validators,
};
use crate::fetch::Page;
use crate::markup;
use crate::policy::Directives;
use crate::policy::revisit::Seen;
use crate::store::{self, AliasReason, Found, NewJob, Outside};

use super::cpu::on_cpu;
use super::gate::HostGate;
use super::get::Got;
use super::profile::host_key;
use super::visit::{Ending, Findings, MAX_DEPTH, Visit};
use super::{CrawlError, Profile};

/// An article dated within this time goes before older ones.
const FRESH: TimeDelta = TimeDelta::days(2);

/// Listings that date articles further into the future are not believed.
const TOLERANCE: TimeDelta = TimeDelta::days(2);

/// Pages of a section that are read one after the other: some hundred articles. What is older is
/// for a back-fill.
const MAX_PAGES: u16 = 10;

/// Entries of one feed that teach what addresses of articles look like.
const MAX_TOLD: usize = 20;

/// With more of a section page new than one article in so many, some may have moved to the next
/// page since the last visit. Boxes of what is read most keep a page from being new as a whole.
const ONE_NEW_IN: usize = 2;

impl Visit<'_> {
    /// Visits the listing and settles what it links to.
    ///
    /// # Errors
    /// When the gate closed or the store failed.
    pub(super) async fn listing(
        &mut self,
        profile: &std::sync::Arc<Profile>,
        gate: &HostGate,
    ) -> Result<Ending, CrawlError> {
        let url = self.job.url.clone();
        let got = self.get(&url, self.job.validators.clone(), gate).await?;
        let (page, permit) = match got {
            Got::Page(page, permit) => (*page, permit),
            Got::NotModified(validators) if self.job.body_hash.is_none() => {
                let reason = format!("{url} is as it was when nothing could be read from it");
                return Ok(self.unread(validators, ErrorClass::Content, reason));
            }
            Got::NotModified(validators) => return self.unchanged(validators, profile, gate).await,
            Got::Gone => {
                return Ok(self.useless(ErrorClass::Status, format!("{url} does not exist")));
            }
            Got::Elsewhere(to) => return Ok(self.goes_on_at(to, AliasReason::Redirect)),
            Got::Ended(ending) => return Ok(*ending),
        };
        let validators = page.validators.clone();
        let kind = self.job.kind;
        let source = std::sync::Arc::clone(profile);
        let (agent, now) = (self.visitor.agent.clone(), self.visitor.clock.now());
        let addresses = self.visitor.memories.of(profile.id).await.addresses;
        let read = on_cpu(move || {
            let known = (&source.source, addresses.as_ref());
            read_listing(kind, &page, known, (agent.token(), now))
        })
        .await?;
        drop(permit);
        let listing = match read {
            Ok(listing) => listing,
            Err((class, reason)) => return Ok(self.unread(validators, class, reason)),
        };
        if self.job.body_hash == Some(listing.digest) {
            return self.unchanged(validators, profile, gate).await;
        }
        let urls = listing.articles.iter().map(|candidate| &candidate.url);
        let met = self.visitor.store.met(urls).await?;
        let is_new = |c: &&Candidate| !met.contains(&c.url.fingerprint());
        let new: Vec<&Candidate> = listing.articles.iter().filter(is_new).collect();
        self.learn_addresses(profile, &new);
        let dates: Vec<DateTime<Utc>> = new.iter().filter_map(|c| c.published).collect();
        let seen = Seen {
            new: new.len(),
            shown: Some(listing.articles.len()),
            dates: &dates,
        };
        let (lesson, interval) = self.taught(profile, gate, seen).await?;
        let findings = Findings {
            visit: Some(store::Visit {
                validators,
                body_hash: Some(listing.digest),
            }),
            found: self.found(&listing, profile, now),
            next: self.next_page(&listing, profile, seen.new),
            outside: listing.outside.into_iter().map(outside).collect(),
            lesson,
            ..Default::default()
        };
        Ok(Ending::done(interval, findings))
    }

    /// Teaches what the addresses of articles look like that a feed or a news sitemap lists.
    fn learn_addresses(&self, profile: &Profile, new: &[&Candidate]) {
        let is_told = |candidate: &&&Candidate| match self.job.kind {
            JobKind::Feed => true,
            JobKind::Sitemap => candidate.published.is_some(),
            JobKind::Page | JobKind::Article => false,
        };
        let told = new.iter().filter(is_told).take(MAX_TOLD);
        let seen = told.filter_map(|candidate| discover::AddressSeen::listed(&candidate.url));
        self.visitor.memories.learn_addresses(profile.id, seen);
    }

    /// What the visit taught of when the listing is due again. A further page is visited when the
    /// page before leads on, and teaches nothing of that.
    async fn taught(
        &self,
        profile: &Profile,
        gate: &HostGate,
        seen: Seen<'_>,
    ) -> Result<(Option<Lesson>, Option<Duration>), CrawlError> {
        if self.is_further_page() {
            return Ok((None, None));
        }
        let (lesson, next) = self.lesson(profile, gate, seen).await?;
        Ok((Some(lesson), Some(next)))
    }

    fn is_further_page(&self) -> bool {
        self.job.interval.is_none()
    }

    /// The visit of the page after this one, where it may show something new.
    fn next_page(&self, listing: &Listing, profile: &Profile, new: usize) -> Option<NewJob> {
        let shown = listing.articles.len();
        let is_first_visit = self.job.body_hash.is_none();
        let leads_on = match (self.is_further_page(), is_first_visit) {
            (true, _) => new > 0,
            // Other listings may have shown these articles, and none of the older ones.
            (false, true) => shown > 0,
            (false, false) => new * ONE_NEW_IN > shown,
        };
        let url = listing.next.clone().filter(|_| leads_on)?;
        let depth = self.job.depth + 1;
        (depth < MAX_PAGES).then(|| NewJob {
            host: host_key(&url, Some(&profile.source)),
            url,
            kind: JobKind::Page,
            priority: Priority::Article,
            source: self.job.source,
            section: self.job.section,
            interval: None,
            depth,
        })
    }

    /// Nothing could be read; the validators are kept all the same, so that the same bytes are not
    /// sent again. No hash beside them says that they were of no use.
    fn unread(&mut self, validators: Validators, class: ErrorClass, reason: String) -> Ending {
        let mut ending = self.useless(class, reason);
        ending.findings.visit = Some(store::Visit {
            validators,
            body_hash: None,
        });
        ending
    }

    async fn unchanged(
        &mut self,
        validators: Validators,
        profile: &Profile,
        gate: &HostGate,
    ) -> Result<Ending, CrawlError> {
        if let Some(exchange) = self.exchanges.last_mut() {
            exchange.outcome = FetchOutcome::Unchanged;
        }
        let seen = Seen {
            new: 0,
            shown: None,
            dates: &[],
        };
        let (lesson, interval) = self.taught(profile, gate, seen).await?;
        let visit = store::Visit {
            validators,
            body_hash: self.job.body_hash,
        };
        let findings = Findings {
            visit: Some(visit),
            lesson,
            ..Default::default()
        };
        Ok(Ending::done(interval, findings))
    }

    fn found(&self, listing: &Listing, profile: &Profile, now: DateTime<Utc>) -> Vec<Found> {
        let job = |candidate: &Candidate, kind, priority, interval| Found {
            title: candidate.title.clone(),
            published_at: candidate.published.filter(|at| *at < now + TOLERANCE),
            job: NewJob {
                host: host_key(&candidate.url, Some(&profile.source)),
                url: candidate.url.clone(),
                kind,
                priority,
                source: self.job.source,
                section: self.job.section,
                interval,
                depth: if kind == JobKind::Article {
                    0
                } else {
                    self.job.depth + 1
                },
            },
        };
        let articles = listing.articles.iter().map(|candidate| {
            let stated = candidate.published.or(candidate.modified);
            let is_fresh = match self.job.kind {
                JobKind::Sitemap => stated.is_some_and(|at| at > now - FRESH),
                JobKind::Page if self.is_further_page() => {
                    stated.is_some_and(|at| at > now - FRESH)
                }
                _ => stated.is_none_or(|at| at > now - FRESH),
            };
            let priority = if is_fresh {
                Priority::Fresh
            } else {
                Priority::Article
            };
            job(candidate, JobKind::Article, priority, None)
        });
        let below = if self.job.depth < MAX_DEPTH {
            listing.sitemaps.as_slice()
        } else {
            &[]
        };
        let max = profile.source.interval.max;
        let sitemaps = below
            .iter()
            .map(|c| job(c, JobKind::Sitemap, Priority::Listing, Some(max)));
        sitemaps.chain(articles).collect()
    }
}

fn outside(url: CanonicalUrl) -> Outside {
    Outside { url, title: None }
}

pub(super) fn read_listing(
    kind: JobKind,
    page: &Page,
    (source, addresses): (&Source, &AddressMemory),
    asker: (&str, DateTime<Utc>),
) -> Result<Listing, (ErrorClass, String)> {
    let base = page.url.as_url();
    let content_type = page.content_type.as_deref();
    let broken = |reason: String| (ErrorClass::Content, reason);
    match kind {
        JobKind::Feed => {
            follow(page, std::iter::empty(), asker)?;
            discover::feed(&page.body, content_type, base, source)
                .map_err(|error| broken(error.to_string()))
        }
        JobKind::Sitemap => {
            follow(page, std::iter::empty(), asker)?;
            discover::sitemap(&page.body, base, source).map_err(|error| broken(error.to_string()))
        }
        JobKind::Page | JobKind::Article => {
            let decoded = markup::decode(&page.body, content_type, Some(page.url.host()));
            let html = markup::parse_html(&decoded.text).map_err(|e| broken(e.to_string()))?;
            follow(page, markup::named_metas(&html), asker)?;
            Ok(discover::section_of(&html, base, source, addresses))
        }
    }
}

/// Whether the links of a listing may be followed, as far as it says; `asker` is our product token
/// and the present instant.
pub(super) fn follow<'a>(
    page: &'a Page,
    metas: impl Iterator<Item = (&'a str, &'a str)>,
    (agent, now): (&str, DateTime<Utc>),
) -> Result<(), (ErrorClass, String)> {
    let tags = page.robots_tags.iter().map(String::as_str);
    if Directives::read(tags, metas, agent, now).nofollow {
        let reason = format!("{} asks that its links are not followed", page.url);
        return Err((ErrorClass::Directive, reason));
    }
    Ok(())
}
