//! The visit of a listing: a section page, a feed or a sitemap becomes candidates for the frontier.

use chrono::{DateTime, Utc};

use crate::discover::{self, AddressMemory, Candidate, HubLinks, Listing};
use crate::domain::{
    CanonicalUrl, ErrorClass, FetchOutcome, JobKind, Priority, Source, Validators,
};
use crate::fetch::Page;
use crate::markup;
use crate::policy::Directives;
use crate::store::{self, AliasReason, Met, NewJob, Outside, Poll};

use super::cpu::on_cpu;
use super::found::{MetIn, found};
use super::gate::HostGate;
use super::get::Got;
use super::poll::Polled;
use super::profile::host_key;
use super::visit::{Ending, Findings, Visit};
use super::{CrawlError, Profile};

/// Pages of a section that are read one after the other: some hundred articles. What is older is
/// for a back-fill.
const MAX_PAGES: u16 = 10;

/// Entries of one feed that teach what addresses of articles look like.
const MAX_TOLD: usize = 20;

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
            read_listing(kind, &page, known, ((agent.token(), now), Reach::Newest))
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
        self.learn_addresses(profile, &listing, &polled.met);
        let next = self.next_page(&listing, profile, &polled.poll);
        let mut found = found(&listing, profile, &MetIn::of(self.job), now);
        let told = (listing.articles, &polled.met);
        self.add_hints(&mut found, told, &profile.source, now);
        let findings = Findings {
            visit: Some(store::Visit {
                validators,
                body_hash: Some(listing.digest),
            }),
            found,
            next,
            outside: listing.outside.into_iter().map(outside).collect(),
            ..Default::default()
        };
        Ok(self.taught(&polled, findings))
    }

    /// Teaches what the addresses of articles look like that a feed or a news sitemap lists.
    fn learn_addresses(&self, profile: &Profile, listing: &Listing, met: &Met) {
        let is_new = |c: &&Candidate| !met.contains_key(&c.url.fingerprint());
        let is_told = |candidate: &&Candidate| match self.job.kind {
            JobKind::Feed => true,
            JobKind::Sitemap => candidate.published.is_some(),
            JobKind::Page | JobKind::Article => false,
        };
        let new = listing.articles.iter().filter(is_new);
        let told = new.filter(is_told).take(MAX_TOLD);
        let seen = told.filter_map(|candidate| discover::AddressSeen::listed(&candidate.url));
        self.visitor.memories.learn_addresses(profile.id, seen);
    }

    /// The end of a visit that says when the listing is due again. A further page is visited when
    /// the page before leads on, and teaches nothing of that.
    fn taught(&self, polled: &Polled, findings: Findings) -> Ending {
        if self.is_further_page() {
            return Ending::done(None, findings);
        }
        let findings = Findings {
            lesson: Some(polled.lesson),
            poll: Some(polled.poll),
            ..findings
        };
        Ending::done(Some(polled.poll.next), findings)
    }

    fn is_further_page(&self) -> bool {
        self.job.interval.is_none()
    }

    /// The visit of the page after this one, where it may show something new.
    fn next_page(&self, listing: &Listing, profile: &Profile, poll: &Poll) -> Option<NewJob> {
        let is_first_visit = self.job.body_hash.is_none();
        let leads_on = match (self.is_further_page(), is_first_visit) {
            (true, _) => poll.new > 0,
            // Other listings may have shown these articles, and none of the older ones.
            (false, true) => !listing.articles.is_empty(),
            // Nothing is left of what was newest: some may have moved on since.
            (false, false) => poll.is_turned_over,
        };
        let url = listing.next.clone().filter(|_| leads_on)?;
        let depth = self.job.depth + 1;
        (depth < MAX_PAGES).then(|| NewJob {
            host: host_key(&url, Some(&profile.source)),
            url,
            kind: JobKind::Page,
            priority: self.job.priority.max(Priority::Article),
            source: self.job.source,
            section: self.job.section,
            interval: None,
            depth,
            since: None,
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
        let polled = self.poll(profile, gate, None).await?;
        let visit = store::Visit {
            validators,
            body_hash: self.job.body_hash,
        };
        let findings = Findings {
            visit: Some(visit),
            ..Default::default()
        };
        Ok(self.taught(&polled, findings))
    }
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
    (source, addresses): (&Source, &AddressMemory),
    (asker, reach): ((&str, DateTime<Utc>), Reach),
) -> Result<Listing, (ErrorClass, String)> {
    let base = page.url.as_url();
    let content_type = page.content_type.as_deref();
    let broken = |reason: String| (ErrorClass::Content, reason);
    match kind {
        JobKind::Feed => {
            follow(page, std::iter::empty(), asker)?;
            let mut listing = discover::feed(&page.body, content_type, base, source)
                .map_err(|error| broken(error.to_string()))?;
            let links = page.links.iter().map(String::as_str);
            let links = HubLinks::of_headers(links, base).or(listing.hub.as_ref());
            listing.hub = links.hub(base);
            Ok(listing)
        }
        JobKind::Sitemap => {
            follow(page, std::iter::empty(), asker)?;
            let children = reach.children();
            discover::sitemap(&page.body, base, source, children)
                .map_err(|error| broken(error.to_string()))
        }
        JobKind::Page | JobKind::Article => {
            let decoded = markup::decode(&page.body, content_type, Some(page.url.host()));
            let html = markup::parse_html(&decoded.text).map_err(|e| broken(e.to_string()))?;
            follow(page, markup::named_metas(&html), asker)?;
            Ok(discover::section(&html, base, source, addresses))
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
