//! The visit of a listing: a section page, a feed or a sitemap becomes candidates for the frontier.

use chrono::{DateTime, TimeDelta, Utc};

use crate::discover::{self, Candidate, HubLinks, Listing};
use crate::domain::{
    CanonicalUrl, ErrorClass, FetchOutcome, Job, JobKind, Priority, SectionId, SourceId, Validators,
};
use crate::fetch::Page;
use crate::markup;
use crate::policy::Directives;
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
pub(super) const TOLERANCE: TimeDelta = TimeDelta::days(2);

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
        let read = on_cpu(move || {
            let asker = (agent.token(), now);
            read_listing(kind, &page, &source, (asker, Reach::Newest))
        })
        .await?;
        drop(permit);
        let listing = match read {
            Ok(listing) => listing,
            Err((class, reason)) => return Ok(self.unread(validators, class, reason)),
        };
        if let Some(hub) = &listing.hub {
            self.want_pushes(hub).await?;
        }
        if self.job.body_hash == Some(listing.digest) {
            return self.unchanged(validators, profile, gate).await;
        }
        let polled = self.poll(profile, gate, Some(&listing)).await?;
        let mut found = found(&listing, profile, &Met::of(self.job), now);
        let told = (listing.articles, &polled.met);
        self.add_hints(&mut found, told, &profile.source, now);
        let findings = Findings {
            visit: Some(store::Visit {
                validators,
                body_hash: Some(listing.digest),
            }),
            found,
            outside: listing.outside.into_iter().map(outside).collect(),
            lesson: Some(polled.lesson),
            poll: Some(polled.poll),
            ..Default::default()
        };
        let next = polled.poll.next;
        Ok(Ending::done(self.job.interval.map(|_| next), findings))
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
        let polled = self.poll(profile, gate, None).await?;
        let visit = store::Visit {
            validators,
            body_hash: self.job.body_hash,
        };
        let findings = Findings {
            visit: Some(visit),
            lesson: Some(polled.lesson),
            poll: Some(polled.poll),
            ..Default::default()
        };
        let next = polled.poll.next;
        Ok(Ending::done(self.job.interval.map(|_| next), findings))
    }
}

/// The listing that something was met in.
pub(super) struct Met {
    pub(super) kind: JobKind,
    pub(super) source: Option<SourceId>,
    pub(super) section: Option<SectionId>,
    pub(super) depth: u16,
}

impl Met {
    fn of(job: &Job) -> Self {
        Self {
            kind: job.kind,
            source: job.source,
            section: job.section,
            depth: job.depth,
        }
    }
}

/// What a listing leads to.
pub(super) fn found(
    listing: &Listing,
    profile: &Profile,
    met: &Met,
    now: DateTime<Utc>,
) -> Vec<Found> {
    let job = |candidate: &Candidate, kind, priority, interval| Found {
        title: candidate.title.clone(),
        published_at: candidate.published.filter(|at| *at < now + TOLERANCE),
        hint: None,
        job: NewJob {
            host: host_key(&candidate.url, Some(&profile.source)),
            url: candidate.url.clone(),
            kind,
            priority,
            source: met.source,
            section: met.section,
            interval,
            depth: if kind == JobKind::Article {
                0
            } else {
                met.depth + 1
            },
            since: None,
        },
    };
    let articles = listing.articles.iter().map(|candidate| {
        let stated = candidate.published.or(candidate.modified);
        let is_fresh = match met.kind {
            JobKind::Sitemap => stated.is_some_and(|at| at > now - FRESH),
            _ => stated.is_none_or(|at| at > now - FRESH),
        };
        let priority = if is_fresh {
            Priority::Fresh
        } else {
            Priority::Article
        };
        job(candidate, JobKind::Article, priority, None)
    });
    let below = if met.depth < MAX_DEPTH {
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

fn outside(url: CanonicalUrl) -> Outside {
    Outside { url, title: None }
}

/// How much of an index of sitemaps is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The children that changed last.
    Newest,
    /// All of them.
    Whole,
}

impl Reach {
    fn children(self) -> usize {
        match self {
            Self::Newest => discover::NEWEST_CHILDREN,
            Self::Whole => usize::MAX,
        }
    }
}

pub(super) fn read_listing(
    kind: JobKind,
    page: &Page,
    profile: &Profile,
    (asker, reach): ((&str, DateTime<Utc>), Reach),
) -> Result<Listing, (ErrorClass, String)> {
    let base = page.url.as_url();
    let content_type = page.content_type.as_deref();
    let broken = |reason: String| (ErrorClass::Content, reason);
    match kind {
        JobKind::Feed => {
            follow(page, std::iter::empty(), asker)?;
            let mut listing = discover::feed(&page.body, content_type, base, &profile.source)
                .map_err(|error| broken(error.to_string()))?;
            let links = page.links.iter().map(String::as_str);
            let links = HubLinks::of_headers(links, base).or(listing.hub.as_ref());
            listing.hub = links.hub(base);
            Ok(listing)
        }
        JobKind::Sitemap => {
            follow(page, std::iter::empty(), asker)?;
            let children = reach.children();
            discover::sitemap(&page.body, base, &profile.source, children)
                .map_err(|error| broken(error.to_string()))
        }
        JobKind::Page | JobKind::Article => {
            let decoded = markup::decode(&page.body, content_type, Some(page.url.host()));
            let html = markup::parse_html(&decoded.text).map_err(|e| broken(e.to_string()))?;
            follow(page, markup::named_metas(&html), asker)?;
            Ok(discover::section(&html, base, &profile.source))
        }
    }
}

/// Whether the links of a listing may be followed, as far as it says; `asker` is our product token
/// and the present instant.
fn follow<'a>(
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
