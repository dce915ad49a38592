//! What a node knows of itself, for whoever looks at it while it runs.

use std::sync::{Arc, OnceLock};

use tokio::sync::watch;

use crate::crawl::{Outage, Progress};
use crate::store::Store;
use crate::web::{Counters, Sight};

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
}

impl Vitals {
    /// Says that the store is open.
    pub fn opened(&self, store: &Store) {
        self.outage.watch(store);
        self.store.get_or_init(|| store.clone());
    }

    /// What the pages of the web tell of this node.
    #[must_use]
    pub fn sight(&self) -> Sight {
        let [of_store, of_hindrances, of_progress] = [(); 3].map(|()| self.clone());
        Sight {
            store: Box::new(move || of_store.store.get().cloned()),
            hindrances: Box::new(move || of_hindrances.hindrances()),
            counters: Box::new(move || of_progress.counters()),
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
