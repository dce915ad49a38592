//! What a node knows of itself, for whoever looks at it while it runs.

use std::sync::{Arc, OnceLock};

use tokio::sync::{Mutex, mpsc, watch};

use crate::crawl::{Outage, Progress};
use crate::store::Store;
use crate::web::{Counters, Delivery, Pushes, Sight};

/// Pushes that may wait to be read: 32 MiB at most. Hubs come again with what finds no room.
const MAX_PUSHES: usize = 8;

/// The state of a node, across reloads; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Vitals {
    /// What was done.
    pub progress: Progress,
    /// Whether the database is being waited for.
    pub outage: Outage,
    /// Whether fetching pauses, since the disk is nearly full.
    pub(super) is_paused: watch::Sender<bool>,
    store: Arc<OnceLock<Store>>,
    pushes: Arc<Pushed>,
}

/// What hubs pushed and nobody has read yet.
#[derive(Debug)]
struct Pushed {
    sender: mpsc::Sender<Delivery>,
    receiver: Mutex<mpsc::Receiver<Delivery>>,
}

impl Default for Pushed {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel(MAX_PUSHES);
        let receiver = Mutex::new(receiver);
        Self { sender, receiver }
    }
}

impl Vitals {
    /// Says that the store is open.
    pub fn opened(&self, store: &Store) {
        self.outage.watch(store);
        self.store.get_or_init(|| store.clone());
    }

    /// The next push, once there is one.
    pub(super) async fn next_push(&self) -> Option<Delivery> {
        self.pushes.receiver.lock().await.recv().await
    }

    /// What the pages of the web tell of this node, and whether hubs may push to it.
    #[must_use]
    pub fn sight(&self, takes_pushes: bool) -> Sight {
        let [of_store, of_hindrances, of_progress, of_pushes] = [(); 4].map(|()| self.clone());
        let pushes = Pushes {
            sender: self.pushes.sender.clone(),
            store: Box::new(move || of_pushes.store.get().cloned()),
        };
        Sight {
            store: Box::new(move || of_store.store.get().cloned()),
            hindrances: Box::new(move || of_hindrances.hindrances()),
            counters: Box::new(move || of_progress.counters()),
            pushes: takes_pushes.then_some(pushes),
        }
    }

    fn hindrances(&self) -> Vec<String> {
        let mut hindrances = Vec::new();
        if let Some(reason) = self.outage.reason() {
            hindrances.push(format!("waiting for the database: {reason}"));
        } else if self.store.get().is_none() {
            hindrances.push("starting: the database is not open yet".to_owned());
        }
        if *self.is_paused.borrow() {
            hindrances
                .push("fetching pauses: less than [archive] min_free_disk is free".to_owned());
        }
        hindrances
    }

    fn counters(&self) -> Counters {
        let tally = self.progress.tally();
        Counters {
            requests: tally.requests,
            bytes: tally.bytes,
            listings: tally.listings,
            pages: tally.pages,
            failed: tally.failed,
            new: tally.new,
            revised: tally.revised,
        }
    }
}
