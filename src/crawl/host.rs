//! One leased host from lease to release: its due jobs visited in turn, each result settled.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::domain::{Disposition, ErrorClass, Exchange, Job, JobKind, Lease, LeasedHost, Scope};
use crate::policy;
use crate::store::{Settlement, Told};

use super::address::SharedAddress;
use super::gate::{Closed, HostGate};
use super::get::LONG_REST;
use super::settler::{Receipt, Settler};
use super::visit::{Ending, Findings, Visit};
use super::{CrawlError, Visitor};

/// A job whose source is unknown here or switched off comes back after this time.
const UNKNOWN_SOURCE_WAIT: Duration = Duration::from_secs(3600);

/// A visit that an internal error ended is tried again after this time.
const INTERNAL_WAIT: Duration = Duration::from_secs(60);

/// A job whose visit is over, and how.
type Ended = (Job, Result<(Ending, Vec<Exchange>), CrawlError>);

/// Drives one leased host.
pub(super) struct HostVisit {
    visitor: Arc<Visitor>,
    settler: Settler,
    gate: HostGate,
    due: VecDeque<Job>,
    receipts: Vec<oneshot::Receiver<Receipt>>,
    rest: Duration,
}

impl HostVisit {
    /// `leased_at` is the uptime before the lease was asked for.
    pub(super) fn new(
        visitor: Arc<Visitor>,
        settler: Settler,
        lease: Lease<LeasedHost>,
        leased_at: Duration,
        stop: CancellationToken,
    ) -> Self {
        let host = lease.value;
        let gate = HostGate::new(
            (visitor.store.clone(), Arc::clone(&visitor.clock)),
            (host.id, host.key, lease.token),
            (host.polite_in, host.standing),
            (leased_at, visitor.settings.lease),
            Arc::clone(&visitor.permits),
            stop,
        );
        let due = host.jobs.into();
        Self {
            visitor,
            settler,
            gate,
            due,
            receipts: Vec::new(),
            rest: Duration::ZERO,
        }
    }

    /// Visits until nothing is due, the host needs rest, the lease is lost or the daemon stops;
    /// then gives the host back.
    pub(super) async fn run(mut self) {
        match self.visit_all().await {
            Ok(()) | Err(CrawlError::Closed(Closed::Stopping)) => self.give_back().await,
            Err(CrawlError::Closed(Closed::Lost)) => {
                tracing::warn!(host = %self.gate.key, "lost the lease of {}", self.gate.key);
            }
            Err(error) => {
                let key = self.gate.key.as_str();
                if error.is_outage() {
                    tracing::debug!(host = key, cause = ?error, "the database is away from {key}");
                } else {
                    tracing::warn!(host = key, error = %error, cause = ?error, "gave up on {key} for now");
                }
                self.give_back().await;
            }
        }
    }

    async fn visit_all(&mut self) -> Result<(), CrawlError> {
        let first = self.due.front().map(|job| job.url.clone());
        let is_public = match &first {
            Some(url) => self.visitor.fetcher.reaches_public(url).await,
            None => return Ok(()),
        };
        self.gate.set_public(is_public);
        self.visitor.set_delay(&self.gate, None, None);
        let at_once = policy::in_flight(self.visitor.settings.per_host_concurrency, is_public);
        while !self.due.is_empty() && self.rest < LONG_REST {
            self.settler.clear(self.gate.stop()).await;
            self.visit_due(at_once).await?;
            self.hear_receipts().await?;
            if self.due.is_empty() && !self.gate.is_stopping() && self.rest < LONG_REST {
                self.gate.keep_lease().await?;
                self.due = self.next_jobs().await?;
            }
            if self.gate.is_stopping() {
                break;
            }
        }
        Ok(())
    }

    /// The next due jobs; none when the lease is lost or the daemon stops.
    async fn next_jobs(&self) -> Result<VecDeque<Job>, CrawlError> {
        let Self { visitor, gate, .. } = self;
        let ask = || visitor.store.next_jobs(gate.id, gate.token, &[]);
        let jobs = visitor.outage.outlast(gate.stop(), ask).await?;
        Ok(jobs.unwrap_or_default().into())
    }

    /// Visits the jobs in hand, `at_once` of them at a time, keeping the lease alive meanwhile.
    async fn visit_due(&mut self, at_once: usize) -> Result<(), CrawlError> {
        let Self {
            visitor,
            settler,
            gate,
            due,
            receipts,
            rest,
        } = self;
        let (visitor, gate) = (&**visitor, &*gate);
        let mut running: FuturesUnordered<BoxFuture<'_, Ended>> = FuturesUnordered::new();
        let mut renewal = tokio::time::interval(visitor.settings.lease / 4);
        let mut failure = None;
        loop {
            let is_open = failure.is_none()
                && *rest < LONG_REST
                && !gate.is_stopping()
                && !settler.is_stuck();
            // After a rest one request goes first, and decides.
            let is_trusted = gate.standing().failures == 0;
            let at_once = if is_trusted { at_once } else { 1 };
            while is_open && running.len() < at_once {
                let Some(job) = due.pop_front() else { break };
                running.push(Box::pin(visit(visitor, gate, job)));
            }
            tokio::select! {
                ended = running.next() => match ended {
                    None => break,
                    Some((_, Err(error))) => failure = failure.or(Some(error)),
                    Some((job, Ok((ending, exchanges)))) => {
                        if let Some(asked) = ending.rest {
                            *rest = asked.max(*rest);
                            let_rest(visitor, gate, asked, &exchanges).await;
                        }
                        let settlement = settlement(gate, job, ending, exchanges);
                        leave_to_the_store(due, &settlement);
                        receipts.push(settler.settle(settlement).await);
                    }
                },
                _ = renewal.tick() => {
                    if let Err(error) = gate.keep_lease().await {
                        failure = failure.or(Some(error.into()));
                    }
                }
            }
        }
        failure.map_or(Ok(()), Err)
    }

    /// Waits until everything handed to the settler has been committed.
    async fn hear_receipts(&mut self) -> Result<(), CrawlError> {
        for receipt in self.receipts.drain(..) {
            if receipt.await != Ok(Receipt::Settled) {
                return Err(Closed::Lost.into());
            }
        }
        Ok(())
    }

    async fn give_back(&mut self) {
        if self.hear_receipts().await.is_err() {
            return;
        }
        let Self { visitor, gate, .. } = self;
        let (polite_for, standing, delay) = (gate.polite_for(), gate.standing(), gate.delay());
        let store = &visitor.store;
        let release = async || {
            let noted = store
                .note_host(gate.id, gate.token, standing.doubts, delay)
                .await;
            noted?;
            store
                .release(gate.id, gate.token, polite_for, standing.failures)
                .await
        };
        match visitor.outage.outlast(gate.stop(), release).await {
            Ok(Some(_)) => {}
            Ok(None) => tracing::debug!("{} was not given back; its lease will end", gate.key),
            // The lease ends by itself.
            Err(error) => tracing::warn!(%error, "could not give back {}", gate.key),
        }
    }
}

/// An article that was read at another address: a visit of its own that is in hand may be needed no
/// more. Whether it is, the next jobs will tell.
fn leave_to_the_store(due: &mut VecDeque<Job>, settlement: &Settlement) {
    if let Some(article) = settlement.read_elsewhere() {
        let read = article.identity.fingerprint();
        due.retain(|job| job.fingerprint != read);
    }
}

/// Visits one job; errors are those of the machinery, never of the page.
async fn visit(visitor: &Visitor, gate: &HostGate, job: Job) -> Ended {
    let profile = job.source.and_then(|id| visitor.profiles.of(id)).cloned();
    let is_foreign = job.source.is_some() && profile.as_ref().is_none_or(|p| !p.source.is_active());
    if is_foreign || (profile.is_none() && job.kind != JobKind::Article) {
        return (job, Ok((snoozed(), Vec::new())));
    }
    if profile
        .as_ref()
        .is_some_and(|p| p.source.scope == Scope::Address)
    {
        gate.share(|| SharedAddress::of(&visitor.fetcher, &job.url))
            .await;
    }
    let mut visit = Visit {
        visitor,
        job: &job,
        profile: profile.as_deref(),
        exchanges: Vec::new(),
        told: Told::default(),
    };
    let outcome = match (job.kind, &profile) {
        (JobKind::Page | JobKind::Feed | JobKind::Sitemap, Some(profile)) => match job.since {
            Some(since) => visit.past_listing(profile, gate, since).await,
            None => visit.listing(profile, gate).await,
        },
        (_, profile) => visit.article(profile.clone(), gate).await,
    };
    let outcome = match outcome {
        // A page that broke the parser ends its own job and nothing else.
        Err(CrawlError::Page(reason)) => {
            visit.blame(
                ErrorClass::Internal,
                format!("reading {} failed: {reason}", job.url),
            );
            Ok(broken(&job))
        }
        outcome => outcome,
    };
    // Judged before the job's own address is named too: each answer counts once.
    let rest = gate.judge(&visit.exchanges, job.is_retry());
    if outcome
        .as_ref()
        .is_ok_and(|ending| ending.findings.article.is_none())
    {
        visit.name_failure();
    }
    let exchanges = std::mem::take(&mut visit.exchanges);
    let outcome = outcome.map(|ending| (Ending { rest, ..ending }, exchanges));
    (job, outcome)
}

/// Leaves the host alone, here and in the store at once: whoever holds it next must know.
async fn let_rest(visitor: &Visitor, gate: &HostGate, rest: Duration, exchanges: &[Exchange]) {
    gate.rest(rest);
    let reason = exchanges
        .last()
        .and_then(Exchange::failure)
        .unwrap_or_default();
    let (id, token, standing) = (gate.id, gate.token, gate.standing());
    let noted = visitor.store.rest(id, token, rest, standing, reason).await;
    if let Err(error) = noted {
        // The release says it again.
        tracing::warn!(%error, "the rest of {} is not recorded yet", gate.key);
    }
}

fn snoozed() -> Ending {
    let disposition = Disposition::Snooze {
        after: UNKNOWN_SOURCE_WAIT,
    };
    Ending {
        disposition,
        findings: Findings::default(),
        rest: None,
    }
}

fn broken(job: &Job) -> Ending {
    let disposition = if job.is_recurring() {
        Disposition::Retry {
            after: INTERNAL_WAIT,
        }
    } else {
        Disposition::Discard
    };
    Ending {
        disposition,
        findings: Findings::default(),
        rest: None,
    }
}

fn settlement(gate: &HostGate, job: Job, ending: Ending, exchanges: Vec<Exchange>) -> Settlement {
    let Ending {
        disposition,
        findings,
        rest: _,
    } = ending;
    Settlement {
        host: gate.id,
        token: gate.token,
        job,
        disposition,
        exchanges,
        visit: findings.visit,
        found: findings.found,
        outside: findings.outside,
        next: findings.next,
        seen: findings.seen,
        aliases: findings.aliases,
        article: findings.article,
        is_gone: findings.is_gone,
        again: findings.again,
        lesson: findings.lesson,
        poll: findings.poll,
        spent: findings.spent,
    }
}
