//! A node: leases hosts while there is room, drives them, and drains on stop.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::domain::{HostId, Lease, LeaseToken, LeasedHost};
use crate::store::StoreError;

use super::host::HostVisit;
use super::settler::Settler;
use super::{CrawlError, Progress, Visitor};

/// Hosts in hand for each visit that may run at once: most hosts in hand wait out their delay.
const HOSTS_PER_VISIT: usize = 4;

/// Hosts that one lease statement may bring.
const HOSTS_PER_LEASE: usize = 10;

/// Waits between looks at a frontier that had nothing due; jittered so that nodes don't march.
const SHORTEST_POLL: Duration = Duration::from_millis(50);
const LONGEST_POLL: Duration = Duration::from_secs(1);

/// A stop is over within ten seconds, settling, writing site memories and closing the database
/// included.
const DRAIN_LIMIT: Duration = Duration::from_secs(4);

/// How long a lease that is asked for when the stop comes may take; its hosts are given back.
const LAST_LEASE: Duration = Duration::from_secs(1);

/// How long the last batch may take to be settled when all hosts have been drained.
const SETTLE_LIMIT: Duration = Duration::from_secs(1);

/// When a worker ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// When it is told to.
    Stopped,
    /// Also when nothing is due within `[crawler] idle_wait` and nothing is in hand.
    Idle {
        /// Listings last made due at this instant of the database's clock count until visited.
        since: chrono::DateTime<chrono::Utc>,
    },
}

/// A crawling node.
pub struct Worker {
    visitor: Arc<Visitor>,
    progress: Progress,
    node: String,
    is_paused: watch::Sender<bool>,
    in_hand: InHand,
    /// Outages before the last lease.
    outages: AtomicU64,
}

/// The hosts that this node holds.
#[derive(Debug, Clone, Default)]
struct InHand(Arc<Mutex<BTreeSet<(HostId, LeaseToken)>>>);

impl InHand {
    fn hosts(&self) -> MutexGuard<'_, BTreeSet<(HostId, LeaseToken)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Worker {
    /// A worker that says it is `node` in the lease rows.
    #[must_use]
    pub fn new(visitor: impl Into<Arc<Visitor>>, progress: Progress, node: String) -> Self {
        let is_paused = watch::Sender::new(false);
        Self {
            visitor: visitor.into(),
            progress,
            node,
            is_paused,
            in_hand: InHand::default(),
            outages: AtomicU64::default(),
        }
    }

    /// Leases no more hosts while `is_paused` says so.
    #[must_use]
    pub fn paused_by(mut self, is_paused: watch::Sender<bool>) -> Self {
        self.is_paused = is_paused;
        self
    }

    /// Works until stopped or idle, then waits for what is in hand and gives every host back.
    ///
    /// # Errors
    /// When the store fails for good; an outage is waited out.
    pub async fn run(&self, until: Until, stop: CancellationToken) -> Result<(), CrawlError> {
        let (settler, mut writer) = Settler::start(
            (self.visitor.store.clone(), self.visitor.outage.clone()),
            self.progress.clone(),
            stop.clone(),
        );
        let saving = CancellationToken::new();
        let saver = {
            let (visitor, saving) = (Arc::clone(&self.visitor), saving.clone());
            tokio::spawn(async move { visitor.memories.keep_saving(saving).await })
        };
        let mut hosts = JoinSet::new();
        let outcome = self.lease_all(until, &stop, &settler, &mut hosts).await;
        drain(&mut hosts).await;
        drop(settler);
        match tokio::time::timeout(SETTLE_LIMIT, &mut writer).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the settling task broke"),
            // Cut off as by a crash: what was not committed is visited again.
            Err(_) => writer.abort(),
        }
        if self.visitor.outage.is_on() {
            saver.abort(); // nothing can be written
        }
        saving.cancel();
        match saver.await {
            Err(error) if !error.is_cancelled() => {
                tracing::error!(%error, "the task that writes site memories broke");
            }
            _ => {}
        }
        outcome
    }

    async fn lease_all(
        &self,
        until: Until,
        stop: &CancellationToken,
        settler: &Settler,
        hosts: &mut JoinSet<()>,
    ) -> Result<(), CrawlError> {
        let visitor = &self.visitor;
        let room = visitor.settings.concurrency.saturating_mul(HOSTS_PER_VISIT);
        let room = room.max(HOSTS_PER_LEASE);
        let mut poll = SHORTEST_POLL;
        while !stop.is_cancelled() {
            while let Some(ended) = hosts.try_join_next() {
                report(ended);
            }
            // Whoever can't write down what it has should not fetch more.
            let has_room = !*self.is_paused.borrow()
                && !visitor.outage.is_on()
                && hosts.len() + HOSTS_PER_LEASE <= room;
            let leased = if has_room {
                self.lease(stop).await?
            } else {
                None
            };
            let (leased_at, leases) = leased.unwrap_or_default();
            if leases.is_empty() {
                if hosts.is_empty() && self.is_idle(until, stop).await? {
                    return Ok(());
                }
                pause(poll.mul_f64(rand::random_range(0.75..1.25)), stop, hosts).await;
                poll = (poll * 2).min(LONGEST_POLL);
                continue;
            }
            poll = SHORTEST_POLL;
            for lease in leases {
                let (visitor, settler) = (Arc::clone(visitor), settler.clone());
                let (in_hand, held) = (self.in_hand.clone(), (lease.value.id, lease.token));
                in_hand.hosts().insert(held);
                let visit = HostVisit::new(visitor, settler, lease, leased_at, stop.clone());
                hosts.spawn(async move {
                    visit.run().await;
                    in_hand.hosts().remove(&held);
                });
            }
        }
        Ok(())
    }

    /// Leases hosts, with the uptime before that; an outage is waited out until `stop`.
    async fn lease(
        &self,
        stop: &CancellationToken,
    ) -> Result<Option<(Duration, Vec<Lease<LeasedHost>>)>, StoreError> {
        let visitor = &self.visitor;
        let lease = || async {
            self.renew_after_outage().await?;
            let leased_at = visitor.clock.uptime();
            let leases = visitor.store.lease(&self.node, visitor.settings.lease);
            Ok((leased_at, leases.await?))
        };
        until_stop(stop, visitor.outage.outlast(stop, lease)).await
    }

    /// While the database was away, leases came to their end. Those that nobody took meanwhile go
    /// on: what was fetched for them is still to be written.
    async fn renew_after_outage(&self) -> Result<(), StoreError> {
        let outages = self.visitor.outage.count();
        if outages == self.outages.load(Ordering::Relaxed) {
            return Ok(());
        }
        let held: Vec<_> = self.in_hand.hosts().iter().copied().collect();
        let Visitor {
            settings, store, ..
        } = &*self.visitor;
        store.renew(&held, settings.lease).await?;
        self.outages.store(outages, Ordering::Relaxed);
        Ok(())
    }

    async fn is_idle(&self, until: Until, stop: &CancellationToken) -> Result<bool, CrawlError> {
        let Until::Idle { since } = until else {
            return Ok(false);
        };
        let Visitor {
            settings,
            store,
            outage,
            ..
        } = &*self.visitor;
        let count = || store.backlog(settings.idle_wait, Some(since));
        let backlog = until_stop(stop, outage.outlast(stop, count)).await?;
        Ok(backlog.is_some_and(|backlog| backlog.is_idle()))
    }
}

/// What `asked` gives; `None` soon after a stop, whose time is for what is in hand.
async fn until_stop<T>(
    stop: &CancellationToken,
    asked: impl Future<Output = Result<Option<T>, StoreError>>,
) -> Result<Option<T>, StoreError> {
    let is_late = async {
        stop.cancelled().await;
        tokio::time::sleep(LAST_LEASE).await;
    };
    tokio::select! {
        given = asked => given,
        () = is_late => Ok(None),
    }
}

/// Waits for the hosts in hand, but not for ever: what is cut off stays a job, and its lease ends by
/// itself.
async fn drain(hosts: &mut JoinSet<()>) {
    let all = async {
        while let Some(ended) = hosts.join_next().await {
            report(ended);
        }
    };
    if tokio::time::timeout(DRAIN_LIMIT, all).await.is_err() {
        tracing::warn!(
            hosts = hosts.len(),
            "{} hosts were cut off in mid visit",
            hosts.len()
        );
        hosts.abort_all();
    }
}

/// Waits, but no longer than until a host ends or the node stops.
async fn pause(wait: Duration, stop: &CancellationToken, hosts: &mut JoinSet<()>) {
    tokio::select! {
        () = tokio::time::sleep(wait) => {}
        () = stop.cancelled() => {}
        Some(ended) = hosts.join_next() => report(ended),
    }
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a host's task broke; its lease will end by itself");
    }
}
