//! The only SQL: the frontier, articles, and what became of every visit, in Postgres. Nothing in
//! here fetches, parses or decides; values come in and go out as `domain` has them. Leases and due
//! times live by the database's clock, since the clocks of nodes differ.

mod addresses;
mod articles;
mod backfills;
mod backlog;
mod citus;
mod coverage;
mod embedded;
mod enqueue;
mod error;
mod explain;
mod fetches;
mod floor;
mod frontier;
mod health;
mod hints;
mod hosts;
mod imports;
mod memories;
mod open;
mod pooler;
mod pushes;
mod query;
mod rhythms;
mod robots;
mod rows;
mod settings;
mod settle;
mod sources;
mod status;
mod subscriptions;
mod upkeep;

pub use addresses::{AddressTurn, TurnNumber};
pub use articles::{RawPage, StoredArticle};
pub use backfills::Backfill;
pub use backlog::Backlog;
pub use coverage::Captures;
pub use embedded::{EmbeddedError, EmbeddedServer, ServerAccess};
pub use enqueue::NewJob;
pub use error::StoreError;
pub use explain::{
    AddressFacts, AliasFact, ArticleFact, DiscoveryFact, ExchangeFact, FieldFact, HostFact,
    JobFact, ListingFact, RevisionFact,
};
pub use hints::Told;
pub use imports::{ImportMark, Imported, ImportedFile, ImportedPage};
pub use memories::StoredMemory;
pub use open::{Access, Applied};
pub use pushes::Subscription;
pub use query::{ColumnKind, QueryMode, ResultColumn};
pub use rhythms::{KnownRhythm, Met, PaceGroup};
pub use robots::{RobotsCopy, RobotsVerdict};
pub use settings::Settings;
pub use settle::{
    Again, Alias, AliasReason, Batching, Found, Outcome, Outside, Poll, Settled, Settlement,
    SpentHint, Visit,
};
pub use sources::{SyncedSection, SyncedSources};
pub use status::{Counts, SourceState};
pub use subscriptions::{Asked, Claim, HubAnswer, Intent, NewSubscription};
pub use upkeep::Kept;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::PgPool;

use floor::Floor;
use settle::Recent;

/// The database. Clones share one pool of connections.
#[derive(Debug, Clone)]
pub struct Store {
    pool: PgPool,
    /// Whether a pooler may give each transaction another session.
    is_pooled: bool,
    /// Whether the database is the coordinator of a Citus cluster.
    is_cluster: Arc<AtomicBool>,
    floor: Arc<Mutex<Floor>>,
    recent: Arc<Recent>,
    server: Option<Arc<PrivateServer>>,
}

impl Store {
    fn is_cluster(&self) -> bool {
        self.is_cluster.load(Ordering::Relaxed)
    }
}

/// The private server in use, and where it lives.
#[derive(Debug)]
struct PrivateServer {
    data_dir: PathBuf,
    /// Empty while it is being revived, and once it is closed.
    slot: Mutex<Option<EmbeddedServer>>,
}

impl PrivateServer {
    fn slot(&self) -> MutexGuard<'_, Option<EmbeddedServer>> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
