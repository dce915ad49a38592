//! The frontier's values: jobs, the lease of a host, and how a visit ends.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{CanonicalUrl, ContentHash, Fingerprint, HostKey, Standing, Validators};

/// Key of a row of `crawl.hosts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostId(pub i32);

/// Key of a row of `crawl.sources`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub i32);

/// Key of a row of `crawl.sections`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectionId(pub i32);

/// The fencing token of a lease: whoever writes with an old one is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeaseToken(pub i64);

/// What a job visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobKind {
    /// A section page.
    Page,
    /// A feed.
    Feed,
    /// A sitemap or an index of sitemaps.
    Sitemap,
    /// An article's page.
    Article,
}

/// Which job of a host goes first; the numbers are those of `crawl.jobs.priority`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// A listing.
    Listing = 0,
    /// An article that a listing dates to the last days, or that was just met.
    Fresh = 1,
    /// Any other article.
    Article = 2,
    /// The past, and looking again.
    Backfill = 3,
}

/// One row of the frontier, leased with its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The key of `url`.
    pub fingerprint: Fingerprint,
    /// What to visit.
    pub url: CanonicalUrl,
    /// What it is.
    pub kind: JobKind,
    /// Which goes first.
    pub priority: Priority,
    /// Counted tries so far; a snooze does not count.
    pub attempt: u16,
    /// When the address was first met; the partition of its article.
    pub first_seen_at: DateTime<Utc>,
    /// The source it belongs to; `None` for addresses added by hand that no source owns.
    pub source: Option<SourceId>,
    /// The listing that it is, or that it was met in.
    pub section: Option<SectionId>,
    /// Time until the next visit; `None` for jobs that end when done.
    pub interval: Option<Duration>,
    /// Steps from a configured address: sitemaps below an index, redirects to other hosts.
    pub depth: u16,
    /// Of a walk into the past: nothing older is wanted. `None`: no part of one.
    pub since: Option<DateTime<Utc>>,
    /// Validators of the last answer, for listings and articles visited before.
    pub validators: Validators,
    /// Hash of the last body.
    pub body_hash: Option<ContentHash>,
}

impl Job {
    /// Whether it is a listing that comes again whatever happens.
    #[must_use]
    pub fn is_recurring(&self) -> bool {
        self.interval.is_some() && self.kind != JobKind::Article
    }

    /// Whether it is an address that failed before and may be given up.
    #[must_use]
    pub fn is_retry(&self) -> bool {
        self.attempt > 0 && !self.is_recurring()
    }
}

/// Timed ownership of a value, guarded by a fencing token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease<T> {
    /// Shown with each write.
    pub token: LeaseToken,
    /// What is owned.
    pub value: T,
}

/// A host with its due jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeasedHost {
    /// Key of the host's row.
    pub id: HostId,
    /// The unit of politeness.
    pub key: HostKey,
    /// How long from now until the next request may start.
    pub polite_in: Duration,
    /// What its last answers let us expect.
    pub standing: Standing,
    /// Due jobs, first to visit first.
    pub jobs: Vec<Job>,
}

/// How a visit ends for its job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disposition {
    /// Done: one-shot jobs go, recurring ones come again after `interval`.
    Complete {
        /// The next interval of a recurring job; `None` ends the job.
        interval: Option<Duration>,
    },
    /// Later, not counted as a try.
    Snooze {
        /// From now.
        after: Duration,
    },
    /// Later, counted as a try.
    Retry {
        /// From now.
        after: Duration,
    },
    /// Given up; the last exchange says why.
    Discard,
}
