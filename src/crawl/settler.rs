//! Finished visits of all hosts, written together: one transaction a batch.
//!
//! A durable commit costs a disk flush, so visits that end close together share one. A visit counts
//! as done for its host only when its batch has been committed.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::domain::{Disposition, ErrorClass, FetchOutcome, Hint, HostId};
use crate::store::{Settlement, Store, StoreError};

use super::{Outage, Progress, log};

/// Finished visits that may wait before their hosts do.
const MAX_WAITING: usize = 200;

/// What visits that wait for the database may hold in memory, in KiB.
const MAX_HELD_KIB: u32 = 64 << 10;

/// Whether a visit's results are in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Receipt {
    /// They are.
    Settled,
    /// The lease was lost: another node has the host and will visit again.
    Lost,
    /// The daemon stopped while the database was away: the job stays and is visited again.
    Left,
}

/// A finished visit on its way, with its share of the memory for such.
struct Entry {
    settlement: Settlement,
    done: oneshot::Sender<Receipt>,
    _held: Option<OwnedSemaphorePermit>,
}

/// Where finished visits go.
#[derive(Debug, Clone)]
pub(super) struct Settler {
    sender: mpsc::Sender<Entry>,
    memory: Arc<Semaphore>,
    outage: Outage,
}

impl Settler {
    /// Starts the writing task; it ends when every clone of the settler is dropped.
    pub(super) fn start(
        (store, outage): (Store, Outage),
        progress: Progress,
        stop: CancellationToken,
    ) -> (Self, JoinHandle<()>) {
        let (sender, receiver) = mpsc::channel(MAX_WAITING);
        let writer = Writer {
            store,
            outage: outage.clone(),
            progress,
            stop,
        };
        let settler = Self {
            sender,
            memory: Arc::new(Semaphore::new(MAX_HELD_KIB as usize)),
            outage,
        };
        (settler, tokio::spawn(writer.write_all(receiver)))
    }

    /// Whether finished visits pile up: no new ones should begin.
    pub(super) fn is_stuck(&self) -> bool {
        self.outage.is_on() || self.memory.available_permits() == 0
    }

    /// Waits until visits may begin again; a stop does not wait.
    pub(super) async fn clear(&self, stop: &CancellationToken) {
        let clear = async {
            self.outage.over().await;
            drop(self.memory.acquire().await);
        };
        tokio::select! {
            () = clear => {}
            () = stop.cancelled() => {}
        }
    }

    /// Hands over a finished visit; the receiver tells when it has been committed.
    pub(super) async fn settle(&self, settlement: Settlement) -> oneshot::Receiver<Receipt> {
        let (done, receipt) = oneshot::channel();
        let memory = Arc::clone(&self.memory);
        // Never closed: there is always a permit, some time.
        let held = memory
            .acquire_many_owned(weight_kib(&settlement))
            .await
            .ok();
        let entry = Entry {
            settlement,
            done,
            _held: held,
        };
        // A writing task that is gone drops `done`, which the receiver sees.
        if let Err(error) = self.sender.send(entry).await {
            tracing::error!(%error, "the settling task is gone, a visit is not recorded");
        }
        receipt
    }
}

/// Writes what ends.
struct Writer {
    store: Store,
    outage: Outage,
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
            self.write_and_tell(batch).await;
        }
    }

    async fn write_and_tell(&self, batch: Vec<Entry>) {
        let mut settlements = Vec::new();
        let mut receipts = Vec::new();
        for entry in batch {
            receipts.push((entry.settlement.host, entry.done, entry._held));
            settlements.push(entry.settlement);
        }
        let lost = self.write(&settlements).await;
        for (host, done, _held) in receipts {
            let receipt = match &lost {
                Some(lost) if lost.contains(&host) => Receipt::Lost,
                Some(_) => Receipt::Settled,
                None => Receipt::Left,
            };
            // A host whose task has ended no longer waits for its receipt.
            let _unheard = done.send(receipt);
        }
    }

    /// Writes one batch; answers with the hosts whose lease was lost, or with `None` when the
    /// daemon stopped while the database was away.
    async fn write(&self, batch: &[Settlement]) -> Option<Vec<HostId>> {
        match self.write_patiently(batch).await {
            Ok(lost) => lost,
            Err(error) if batch.len() > 1 => {
                tracing::warn!(%error, "a batch of {} visits is refused; trying them one by one", batch.len());
                let mut lost = Vec::new();
                for one in batch {
                    lost.extend(self.write_alone(one).await?);
                }
                Some(lost)
            }
            Err(error) => self.write_without_results(batch, &error).await,
        }
    }

    async fn write_alone(&self, one: &Settlement) -> Option<Vec<HostId>> {
        let one = std::slice::from_ref(one);
        match self.write_patiently(one).await {
            Ok(lost) => lost,
            Err(error) => self.write_without_results(one, &error).await,
        }
    }

    /// What a page left behind breaks a statement: the job ends with that reason and nothing else.
    async fn write_without_results(
        &self,
        batch: &[Settlement],
        error: &StoreError,
    ) -> Option<Vec<HostId>> {
        let bare: Vec<Settlement> = batch.iter().map(|s| without_results(s, error)).collect();
        match self.write_patiently(&bare).await {
            Ok(lost) => lost,
            Err(error) => {
                tracing::error!(%error, "a visit can't be recorded at all; its lease will end");
                Some(batch.iter().map(|settlement| settlement.host).collect())
            }
        }
    }

    /// Writes one batch, waiting out a database that is away until the daemon stops: `None` then,
    /// and what is not written is visited again.
    async fn write_patiently(
        &self,
        batch: &[Settlement],
    ) -> Result<Option<Vec<HostId>>, StoreError> {
        let settle = || self.store.settle(batch);
        let Some(settled) = self.outage.outlast(&self.stop, settle).await? else {
            return Ok(None);
        };
        for (settlement, outcome) in batch.iter().zip(&settled.outcomes) {
            self.progress.count(settlement, *outcome);
            log::visit(settlement, *outcome);
        }
        Ok(Some(settled.lost))
    }
}

/// What a finished visit holds in memory, about.
fn weight_kib(settlement: &Settlement) -> u32 {
    /// A link with its headline, as a value.
    const LINK_BYTES: usize = 512;
    let links = settlement.found.len() + settlement.outside.len();
    let hints = settlement
        .found
        .iter()
        .filter_map(|found| found.hint.as_ref());
    let hints: usize = hints.map(Hint::bytes).sum();
    let article = settlement.article.as_ref().map_or(0, |stored| {
        let raw = stored.raw.as_ref().map_or(0, |raw| raw.packed.len());
        let paragraphs = stored.article.body.iter().map(String::len);
        raw + paragraphs.sum::<usize>()
    });
    let kib = (links * LINK_BYTES + hints + article) >> 10;
    u32::try_from(kib)
        .unwrap_or(MAX_HELD_KIB)
        .clamp(1, MAX_HELD_KIB)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        Article, CanonicalUrl, ContentHash, HostKey, Identity, Job, JobKind, LeaseToken, Priority,
        Scope, SimHash, Validators,
    };
    use crate::store::{RawPage, StoredArticle};
    use chrono::DateTime;

    fn settlement(packed_bytes: usize) -> Settlement {
        let url = CanonicalUrl::parse("https://a.example/1", Identity::default()).unwrap();
        let job = Job {
            fingerprint: url.fingerprint(),
            url: url.clone(),
            kind: JobKind::Article,
            priority: Priority::Fresh,
            attempt: 0,
            first_seen_at: DateTime::UNIX_EPOCH,
            source: None,
            section: None,
            interval: None,
            depth: 0,
            since: None,
            validators: Validators::default(),
            body_hash: None,
        };
        let mut settlement = Settlement::new(HostId(1), LeaseToken(1), job, Disposition::Discard);
        settlement.article = Some(StoredArticle {
            host: HostKey::of(&url, Scope::Host),
            identity: url,
            article: Article::default(),
            sim_hash: SimHash::from_bits(0),
            content_hash: ContentHash::of([]),
            word_count: 0,
            keep_body: true,
            is_alias: false,
            raw: Some(RawPage {
                packed: vec![0; packed_bytes],
                status: 200,
                content_type: None,
                charset: None,
            }),
        });
        settlement
    }

    #[test]
    fn visit_weighs_what_it_holds_and_never_more_than_there_is() {
        assert_eq!(weight_kib(&settlement(0)), 1);
        assert_eq!(weight_kib(&settlement(3 << 20)), 3 << 10);
        assert_eq!(weight_kib(&settlement(70 << 20)), MAX_HELD_KIB);
    }
}
