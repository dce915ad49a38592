//! The memories of the sources, as this node has them, of their pages and of their addresses: loaded
//! when a source is first met, taught by each new page, written back now and then. Nobody waits for a write, and one that fails costs
//! what was learned and no page.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use crate::discover::{AddressMemory, AddressSeen};
use crate::domain::{Clock, SourceId};
use crate::extract::{Observation, SiteMemory};
use crate::store::{Store, StoreError, StoredMemory};

/// Memories in hand; those not used for longest go first, and are loaded anew when needed. One takes
/// some 200 KiB as a tree.
const MAX_LOADED: usize = 256;

/// Articles of one source that wait to be written at most, and addresses; of more the first are lost.
const MAX_UNSAVED: usize = 64;
const MAX_UNSAVED_ADDRESSES: usize = 256;

/// A source with as many unsaved articles is written with the next round, others after `MAX_AGE`.
const ENOUGH: usize = 16;
const MAX_AGE: TimeDelta = TimeDelta::minutes(5);

/// The wait between two rounds, jittered so that nodes don't march.
const ROUND: Duration = Duration::from_secs(20);

/// The last round ends with the drain (worker.rs) within the ten seconds of a stop.
const LAST_ROUND: Duration = Duration::from_secs(2);
/// The pause before it is tried again.
const LAST_PAUSE: Duration = Duration::from_millis(250);

/// Other nodes may write between a read and a write of ours; after so many times it is left to the
/// next round.
const TRIES: usize = 3;

/// All memories in hand.
pub(super) struct Memories {
    store: Store,
    clock: Arc<dyn Clock>,
    known: Mutex<BTreeMap<SourceId, Known>>,
}

/// What a visit knows of its source before it reads the page.
#[derive(Debug, Clone, Default)]
pub(super) struct Remembered {
    pub(super) pages: Arc<SiteMemory>,
    pub(super) addresses: Arc<AddressMemory>,
}

/// The memory of one source.
struct Known {
    memory: Arc<SiteMemory>,
    addresses: Arc<AddressMemory>,
    unsaved: VecDeque<Observation>,
    unsaved_addresses: VecDeque<AddressSeen>,
    /// When the first of these came.
    unsaved_since: Option<DateTime<Utc>>,
    used_at: DateTime<Utc>,
}

impl Memories {
    pub(super) fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            known: Mutex::default(),
        }
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<SourceId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a source; nothing where the store has nothing or does not answer.
    pub(super) async fn of(&self, source: SourceId) -> Remembered {
        if let Some(memories) = self.used(source) {
            return memories;
        }
        match self.store.site_memory(source).await {
            Ok(stored) => self.take_in(source, decoded(stored.as_ref())),
            Err(error) => {
                tracing::debug!(%error, "the memory of source {} was not read", source.0);
                Remembered::default()
            }
        }
    }

    fn used(&self, source: SourceId) -> Option<Remembered> {
        let mut all = self.known();
        let known = all.get_mut(&source)?;
        known.used_at = self.clock.now();
        Some(known.remembered())
    }

    /// Keeps what was loaded, unless another visit was quicker.
    fn take_in(&self, source: SourceId, loaded: (SiteMemory, AddressMemory)) -> Remembered {
        let mut all = self.known();
        let (memory, addresses) = loaded;
        let known = all.entry(source).or_insert_with(|| Known {
            memory: Arc::new(memory),
            addresses: Arc::new(addresses),
            unsaved: VecDeque::new(),
            unsaved_addresses: VecDeque::new(),
            unsaved_since: None,
            used_at: self.clock.now(),
        });
        let remembered = known.remembered();
        evict(&mut all);
        remembered
    }

    /// Learns from a new article of a source whose memory is in hand.
    pub(super) fn learn(&self, source: SourceId, seen: Observation) {
        let now = self.clock.now();
        let mut all = self.known();
        let Some(known) = all.get_mut(&source) else {
            return;
        };
        if !Arc::make_mut(&mut known.memory).learn(&seen, now) {
            return;
        }
        if known.unsaved.len() >= MAX_UNSAVED {
            known.unsaved.pop_front();
        }
        known.unsaved.push_back(seen);
        known.unsaved_since.get_or_insert(now);
    }

    /// Learns from addresses of a source whose memory is in hand.
    pub(super) fn learn_addresses(
        &self,
        source: SourceId,
        all_seen: impl IntoIterator<Item = AddressSeen>,
    ) {
        let now = self.clock.now();
        let mut all = self.known();
        let Some(known) = all.get_mut(&source) else {
            return;
        };
        for seen in all_seen {
            Arc::make_mut(&mut known.addresses).learn(&seen, now);
            if known.unsaved_addresses.len() >= MAX_UNSAVED_ADDRESSES {
                known.unsaved_addresses.pop_front();
            }
            known.unsaved_addresses.push_back(seen);
            known.unsaved_since.get_or_insert(now);
        }
    }

    /// Writes what is due, round by round, and everything at the end.
    pub(super) async fn keep_saving(&self, stop: CancellationToken) {
        loop {
            let wait = ROUND.mul_f64(rand::random_range(0.75..1.25));
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = stop.cancelled() => break,
            }
            self.save(false).await;
        }
        let everything = async {
            while !self.save(true).await {
                tokio::time::sleep(LAST_PAUSE).await;
            }
        };
        if tokio::time::timeout(LAST_ROUND, everything).await.is_err() {
            tracing::warn!("some of what was learned about sites was not written in time");
        }
    }

    /// Writes the memories that are due, or all that have something new. Answers whether it could.
    async fn save(&self, is_last: bool) -> bool {
        let now = self.clock.now();
        let is_due = |known: &Known| {
            let is_old = known
                .unsaved_since
                .is_some_and(|since| now - since >= MAX_AGE);
            known.unsaved() >= ENOUGH || is_old || (is_last && known.unsaved() > 0)
        };
        let due: Vec<SourceId> = {
            let all = self.known();
            all.iter()
                .filter(|(_, known)| is_due(known))
                .map(|(id, _)| *id)
                .collect()
        };
        let mut is_written = true;
        for source in due {
            match self.save_one(source).await {
                Ok(true) => {}
                Ok(false) => {
                    tracing::debug!("the memory of source {} waits for the next round", source.0);
                    is_written = false;
                }
                Err(error) if error.is_transient() => {
                    tracing::debug!(%error, "what was learned about sites waits for the database");
                    return false;
                }
                Err(error) => {
                    tracing::warn!(%error, "what was learned about sites is not written yet");
                    return false;
                }
            }
        }
        is_written
    }

    /// Adds what this node learned to what the store holds by now. Answers whether it is written.
    async fn save_one(&self, source: SourceId) -> Result<bool, StoreError> {
        for _ in 0..TRIES {
            let stored = self.store.site_memory(source).await?;
            let Some((memories, count)) = self.joined(source, stored.as_ref()) else {
                return Ok(true);
            };
            let revision = stored.map_or(0, |stored| stored.revision);
            let row = row(&memories, revision);
            if self
                .store
                .keep_site_memory(source, &row, self.clock.now())
                .await?
            {
                self.written(source, memories, count);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What is stored with what is unsaved here, and how many observations of pages and of addresses
    /// that is.
    fn joined(
        &self,
        source: SourceId,
        stored: Option<&StoredMemory>,
    ) -> Option<((SiteMemory, AddressMemory), (usize, usize))> {
        let now = self.clock.now();
        let all = self.known();
        let known = all.get(&source).filter(|known| known.unsaved() > 0)?;
        let mut memories = decoded(stored);
        known.teach(&mut memories, now);
        let counts = (known.unsaved.len(), known.unsaved_addresses.len());
        Some((memories, counts))
    }

    /// Takes over what was written, with what came meanwhile.
    fn written(
        &self,
        source: SourceId,
        mut memories: (SiteMemory, AddressMemory),
        (pages, addresses): (usize, usize),
    ) {
        let now = self.clock.now();
        let mut all = self.known();
        let Some(known) = all.get_mut(&source) else {
            return;
        };
        let pages = pages.min(known.unsaved.len());
        known.unsaved.drain(..pages);
        let addresses = addresses.min(known.unsaved_addresses.len());
        known.unsaved_addresses.drain(..addresses);
        known.unsaved_since = (known.unsaved() > 0).then_some(now);
        known.teach(&mut memories, now);
        known.memory = Arc::new(memories.0);
        known.addresses = Arc::new(memories.1);
    }
}

impl Known {
    fn remembered(&self) -> Remembered {
        Remembered {
            pages: Arc::clone(&self.memory),
            addresses: Arc::clone(&self.addresses),
        }
    }

    /// How many observations wait to be written.
    fn unsaved(&self) -> usize {
        self.unsaved.len() + self.unsaved_addresses.len()
    }

    /// Teaches what is unsaved.
    fn teach(&self, (memory, addresses): &mut (SiteMemory, AddressMemory), now: DateTime<Utc>) {
        for seen in &self.unsaved {
            memory.learn(seen, now);
        }
        for seen in &self.unsaved_addresses {
            addresses.learn(seen, now);
        }
    }
}

/// What a row holds; nothing where another version of the program wrote it.
fn decoded(stored: Option<&StoredMemory>) -> (SiteMemory, AddressMemory) {
    let addresses = stored.map(|stored| AddressMemory::decode(&stored.addresses));
    let memory = stored.map(|stored| SiteMemory::decode(&stored.bytes));
    let memory = match memory {
        Some(Ok(memory)) => memory,
        Some(Err(error)) => {
            tracing::debug!(%error, "a site memory starts anew");
            SiteMemory::default()
        }
        None => SiteMemory::default(),
    };
    (memory, addresses.unwrap_or_default())
}

fn row((memory, addresses): &(SiteMemory, AddressMemory), revision: i64) -> StoredMemory {
    StoredMemory {
        version: SiteMemory::VERSION,
        revision,
        articles: memory.articles(),
        bytes: memory.encode(),
        addresses: addresses.encode(),
    }
}

/// Lets go of what was not used for longest and is written.
fn evict(all: &mut BTreeMap<SourceId, Known>) {
    while all.len() > MAX_LOADED {
        let written = all.iter().filter(|(_, known)| known.unsaved() == 0);
        let Some(oldest) = written
            .min_by_key(|(_, known)| known.used_at)
            .map(|(id, _)| *id)
        else {
            return;
        };
        all.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(minute: i64, unsaved: usize) -> Known {
        Known {
            memory: Arc::default(),
            addresses: Arc::default(),
            unsaved_addresses: VecDeque::new(),
            unsaved: vec![Observation::default(); unsaved].into(),
            unsaved_since: None,
            used_at: DateTime::from_timestamp(minute * 60, 0).unwrap(),
        }
    }

    #[test]
    fn memories_that_are_not_written_yet_are_never_let_go() {
        let most = i32::try_from(MAX_LOADED).unwrap();
        let mut all: BTreeMap<SourceId, Known> = (0..=most)
            .map(|n| (SourceId(n), known(i64::from(n), usize::from(n == 0))))
            .collect();
        evict(&mut all);
        assert_eq!(all.len(), MAX_LOADED);
        assert!(all.contains_key(&SourceId(0)));
        assert!(!all.contains_key(&SourceId(1)));
    }
}
