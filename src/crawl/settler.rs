//! Finished visits of all hosts, written together: one transaction a batch.
//!
//! A durable commit costs a disk flush, so visits that end close together share one. A visit counts
//! as done for its host only when its batch has been committed.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::domain::{Disposition, ErrorClass, FetchOutcome, HostId};
use crate::store::{Settlement, Store, StoreError};

use super::{Progress, log};

/// Finished visits that may wait before their hosts do.
const MAX_WAITING: usize = 200;

/// Waits between tries while the database does not answer.
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Whether a visit's results are in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Receipt {
    /// They are.
    Settled,
    /// The lease was lost: another node has the host and will visit again.
    Lost,
}

type Entry = (Settlement, oneshot::Sender<Receipt>);

/// Where finished visits go.
#[derive(Debug, Clone)]
pub(super) struct Settler(mpsc::Sender<Entry>);

impl Settler {
    /// Starts the writing task; it ends when every clone of the settler is dropped.
    pub(super) fn start(
        store: Store,
        progress: Progress,
        stop: CancellationToken,
    ) -> (Self, JoinHandle<()>) {
        let (sender, receiver) = mpsc::channel(MAX_WAITING);
        (
            Self(sender),
            tokio::spawn(
                Writer {
                    store,
                    progress,
                    stop,
                }
                .write_all(receiver),
            ),
        )
    }

    /// Hands over a finished visit; the receiver tells when it has been committed.
    pub(super) async fn settle(&self, settlement: Settlement) -> oneshot::Receiver<Receipt> {
        let (done, receipt) = oneshot::channel();
        // A writing task that is gone drops `done`, which the receiver sees.
        if let Err(error) = self.0.send((settlement, done)).await {
            tracing::error!(%error, "the settling task is gone, a visit is not recorded");
        }
        receipt
    }
}

/// Writes what ends.
struct Writer {
    store: Store,
    progress: Progress,
    stop: CancellationToken,
}

impl Writer {
    async fn write_all(self, mut receiver: mpsc::Receiver<Entry>) {
        while let Some(first) = receiver.recv().await {
            let mut batch = vec![first];
            let limits = self.store.batching();
            let gather = async {
                while batch.len() < limits.visits {
                    match receiver.recv().await {
                        Some(entry) => batch.push(entry),
                        None => break,
                    }
                }
            };
            // The deadline only ends the gathering; what was gathered is kept.
            let _is_full = tokio::time::timeout(limits.linger, gather).await;
            let (settlements, receipts): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
            let hosts: Vec<HostId> = settlements.iter().map(|s| s.host).collect();
            let lost = self.write(&settlements).await;
            for (host, receipt) in hosts.into_iter().zip(receipts) {
                let is_lost = lost.contains(&host);
                // A host whose task has ended no longer waits for its receipt.
                let _unheard = receipt.send(if is_lost {
                    Receipt::Lost
                } else {
                    Receipt::Settled
                });
            }
        }
    }

    /// Writes one batch; answers with the hosts whose lease was lost.
    async fn write(&self, batch: &[Settlement]) -> Vec<HostId> {
        match self.write_patiently(batch).await {
            Ok(lost) => lost,
            Err(error) if batch.len() > 1 => {
                tracing::warn!(%error, "a batch of {} visits is refused; trying them one by one", batch.len());
                let mut lost = Vec::new();
                for one in batch {
                    lost.extend(self.write_alone(one).await);
                }
                lost
            }
            Err(error) => self.write_without_results(batch, &error).await,
        }
    }

    async fn write_alone(&self, one: &Settlement) -> Vec<HostId> {
        let one = std::slice::from_ref(one);
        match self.write_patiently(one).await {
            Ok(lost) => lost,
            Err(error) => self.write_without_results(one, &error).await,
        }
    }

    /// What a page left behind breaks a statement: the job ends with that reason and nothing else.
    async fn write_without_results(&self, batch: &[Settlement], error: &StoreError) -> Vec<HostId> {
        let bare: Vec<Settlement> = batch.iter().map(|s| without_results(s, error)).collect();
        match self.write_patiently(&bare).await {
            Ok(lost) => lost,
            Err(error) => {
                tracing::error!(%error, "a visit can't be recorded at all; its lease will end");
                batch.iter().map(|settlement| settlement.host).collect()
            }
        }
    }

    /// Writes one batch, waiting out a database that is away until the daemon stops: what is not
    /// written then is visited again.
    async fn write_patiently(&self, batch: &[Settlement]) -> Result<Vec<HostId>, StoreError> {
        let mut wait = FIRST_WAIT;
        loop {
            match self.store.settle(batch).await {
                Ok(settled) => {
                    for (settlement, outcome) in batch.iter().zip(&settled.outcomes) {
                        self.progress.count(settlement, *outcome);
                        log::visit(settlement, *outcome);
                    }
                    return Ok(settled.lost);
                }
                Err(error) if error.is_transient() && !self.stop.is_cancelled() => {
                    tracing::warn!(%error, "the database does not take {} visits; waiting", batch.len());
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

fn without_results(settlement: &Settlement, error: &StoreError) -> Settlement {
    let Settlement {
        host, token, job, ..
    } = settlement;
    let disposition = match job.interval {
        Some(interval) => Disposition::Retry { after: interval },
        None => Disposition::Discard,
    };
    let mut bare = Settlement::new(*host, *token, job.clone(), disposition);
    bare.exchanges.clone_from(&settlement.exchanges);
    if let Some(exchange) = bare.exchanges.last_mut() {
        let reason = format!("storing what {} gave failed: {error}", job.url);
        exchange.outcome = FetchOutcome::Failed(ErrorClass::Internal, reason);
    }
    bare
}
