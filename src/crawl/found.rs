//! What a listing leads to, as links for the frontier.

use chrono::{DateTime, TimeDelta, Utc};

use crate::discover::{Candidate, Listing};
use crate::domain::{Job, JobKind, Priority, SectionId, SourceId};
use crate::store::{Found, NewJob};

use super::Profile;
use super::profile::host_key;
use super::visit::MAX_DEPTH;

/// An article dated within this time goes before older ones.
const FRESH: TimeDelta = TimeDelta::days(2);

/// Listings that date articles further into the future are not believed.
pub(super) const TOLERANCE: TimeDelta = TimeDelta::days(2);

/// The listing that something was met in.
pub(super) struct MetIn {
    pub(super) kind: JobKind,
    pub(super) source: Option<SourceId>,
    pub(super) section: Option<SectionId>,
    pub(super) depth: u16,
    /// Whether it is a further page, which shows older articles.
    pub(super) is_further: bool,
}

impl MetIn {
    pub(super) fn of(job: &Job) -> Self {
        Self {
            kind: job.kind,
            source: job.source,
            section: job.section,
            depth: job.depth,
            is_further: job.kind == JobKind::Page && job.interval.is_none(),
        }
    }
}

/// What a listing leads to.
pub(super) fn found(
    listing: &Listing,
    profile: &Profile,
    met: &MetIn,
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
            _ if met.is_further => stated.is_some_and(|at| at > now - FRESH),
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
