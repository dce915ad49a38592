//! The only SQL: the frontier, articles, and what became of every visit, in Postgres. Nothing in
//! here fetches, parses or decides; values come in and go out as `domain` has them. Leases and due
//! times live by the database's clock, since the clocks of nodes differ.

mod articles;
mod embedded;
mod enqueue;
mod error;
mod fetches;
mod frontier;
mod health;
mod hosts;
mod memories;
mod open;
mod pooler;
mod query;
mod rows;
mod settings;
mod settle;
mod sources;
mod status;
mod upkeep;

pub use articles::{RawPage, StoredArticle};
pub use embedded::{EmbeddedError, EmbeddedServer, ServerAccess};
pub use enqueue::NewJob;
pub use error::StoreError;
pub use frontier::Backlog;
pub use hosts::{RobotsCopy, RobotsVerdict};
pub use memories::StoredMemory;
pub use open::{Access, Applied};
pub use query::{ColumnKind, QueryMode, ResultColumn};
pub use settings::Settings;
pub use settle::{Alias, AliasReason, Found, Outcome, Outside, Settled, Settlement, Visit};
pub use sources::{SyncedSection, SyncedSources};
pub use status::{Counts, SourceState};
pub use upkeep::Kept;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::PgPool;

use frontier::Floor;

/// The database. Clones share one pool of connections.
#[derive(Debug, Clone)]
pub struct Store {
    pool: PgPool,
    /// Whether a pooler may give each transaction another session.
    is_pooled: bool,
    floor: Arc<Mutex<Floor>>,
    server: Option<Arc<PrivateServer>>,
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
