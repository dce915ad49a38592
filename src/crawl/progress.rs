//! What a crawl has done so far, for progress bars, log lines and exit codes.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::{Exchange, JobKind, SourceId};
use crate::store::{Outcome, Settlement};

/// Counters that all tasks of a crawl share; clones count together.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    listings: AtomicU64,
    pages: AtomicU64,
    new: AtomicU64,
    revised: AtomicU64,
    failed: AtomicU64,
    requests: AtomicU64,
    bytes: AtomicU64,
    sources: Mutex<BTreeMap<SourceId, SourceTally>>,
}

/// How the listings of one source did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceTally {
    /// Listings that were read or found unchanged.
    pub visited: u64,
    /// The last reason why a listing gave nothing.
    pub failure: Option<String>,
}

/// The counters at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Listings visited.
    pub listings: u64,
    /// Article pages visited.
    pub pages: u64,
    /// Articles stored for the first time.
    pub new: u64,
    /// Articles that got a revision.
    pub revised: u64,
    /// Visits that gave nothing.
    pub failed: u64,
    /// Requests made, robots.txt and redirects included.
    pub requests: u64,
    /// Bytes of bodies, decoded.
    pub bytes: u64,
}

impl Progress {
    /// The counters now.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let Counters {
            listings,
            pages,
            new,
            revised,
            failed,
            requests,
            bytes,
            sources: _,
        } = &*self.0;
        Tally {
            listings: read(listings),
            pages: read(pages),
            new: read(new),
            revised: read(revised),
            failed: read(failed),
            requests: read(requests),
            bytes: read(bytes),
        }
    }

    /// How each source's listings did, by key; sources without a visit are missing.
    #[must_use]
    pub fn by_source(&self) -> BTreeMap<SourceId, SourceTally> {
        self.0
            .sources
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn count(&self, settlement: &Settlement, outcome: Outcome) {
        let add = |counter: &AtomicU64| counter.fetch_add(1, Ordering::Relaxed);
        let failure = settlement.exchanges.last().and_then(Exchange::failure);
        self.count_exchanges(&settlement.exchanges);
        match outcome {
            Outcome::Lost => return,
            Outcome::New => add(&self.0.new),
            Outcome::Revised(_) => add(&self.0.revised),
            Outcome::Unchanged | Outcome::Known | Outcome::Done => 0,
        };
        add(if is_listing(settlement.job.kind) {
            &self.0.listings
        } else {
            &self.0.pages
        });
        if failure.is_some() {
            add(&self.0.failed);
        }
        if let (Some(source), true) = (settlement.job.source, is_listing(settlement.job.kind)) {
            let mut sources = self
                .0
                .sources
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let tally = sources.entry(source).or_default();
            match failure {
                Some(failure) => tally.failure = Some(failure.to_owned()),
                None => tally.visited += 1,
            }
        }
    }
}

impl Progress {
    fn count_exchanges(&self, exchanges: &[Exchange]) {
        // What was refused before it was asked took no time.
        let made = exchanges.iter().filter(|e| !e.elapsed.is_zero());
        let (requests, bytes) = made.fold((0, 0), |(n, bytes), e| (n + 1, bytes + e.body_bytes));
        self.0.requests.fetch_add(requests, Ordering::Relaxed);
        self.0.bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}

fn is_listing(kind: JobKind) -> bool {
    kind != JobKind::Article
}
