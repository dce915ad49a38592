//! A node: leases hosts while there is room, drives them, and drains on stop.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

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

/// A stop is over within ten seconds, settling and closing the database included.
const DRAIN_LIMIT: Duration = Duration::from_secs(6);

/// Waits while the database is away.
const OUTAGE_WAIT: Duration = Duration::from_secs(2);

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
}

impl Worker {
    /// A worker that says it is `node` in the lease rows.
    #[must_use]
    pub fn new(visitor: Visitor, progress: Progress, node: String) -> Self {
        let is_paused = watch::Sender::new(false);
        Self {
            visitor: Arc::new(visitor),
            progress,
            node,
            is_paused,
        }
    }

    /// Where to say that no more hosts may be leased for now.
    #[must_use]
    pub fn pause(&self) -> watch::Sender<bool> {
        self.is_paused.clone()
    }

    /// Works until stopped or idle, then waits for what is in hand and gives every host back.
    ///
    /// # Errors
    /// When the store fails for good; an outage is waited out.
    pub async fn run(&self, until: Until, stop: CancellationToken) -> Result<(), CrawlError> {
        let (settler, writer) = Settler::start(
            self.visitor.store.clone(),
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
        if let Err(error) = writer.await {
            tracing::error!(%error, "the settling task broke");
        }
        saving.cancel();
        if let Err(error) = saver.await {
            tracing::error!(%error, "the task that writes site memories broke");
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
            let has_room = !*self.is_paused.borrow() && hosts.len() + HOSTS_PER_LEASE <= room;
            let leased_at = visitor.clock.uptime();
            let leases = if has_room {
                match visitor
                    .store
                    .lease(&self.node, visitor.settings.lease)
                    .await
                {
                    Ok(leases) => leases,
                    Err(error) if error.is_transient() => {
                        tracing::warn!(%error, "the database does not answer; waiting");
                        pause(OUTAGE_WAIT, stop, hosts).await;
                        continue;
                    }
                    Err(error) => return Err(error.into()),
                }
            } else {
                Vec::new()
            };
            if leases.is_empty() {
                if hosts.is_empty() && self.is_idle(until).await? {
                    return Ok(());
                }
                pause(poll.mul_f64(rand::random_range(0.75..1.25)), stop, hosts).await;
                poll = (poll * 2).min(LONGEST_POLL);
                continue;
            }
            poll = SHORTEST_POLL;
            for lease in leases {
                let (visitor, settler) = (Arc::clone(visitor), settler.clone());
                let visit = HostVisit::new(visitor, settler, lease, leased_at, stop.clone());
                hosts.spawn(visit.run());
            }
        }
        Ok(())
    }

    async fn is_idle(&self, until: Until) -> Result<bool, CrawlError> {
        let Until::Idle { since } = until else {
            return Ok(false);
        };
        let wait = self.visitor.settings.idle_wait;
        match self.visitor.store.backlog(wait, Some(since)).await {
            Ok(backlog) => Ok(backlog.is_idle()),
            // Waited out by the next lease.
            Err(error) if error.is_transient() => Ok(false),
            Err(error) => Err(error.into()),
        }
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
