//! `sokbo migrate`: applies the migrations and exits.

use crate::config::Config;
use crate::store::{Access, Store, StoreError};

use super::Failure;
use super::terminal::print;

pub(super) async fn execute(config: Config) -> Result<(), Failure> {
    let store = Store::open(&config.database, Access::Migrate).await?;
    let migrated = async { Ok::<_, StoreError>((store.migrate().await?, store.spread().await?)) };
    let migrated = migrated.await;
    store.close().await;
    let (applied, spread) = migrated?;
    for migration in &applied {
        print(&format!(
            "applied {} {}",
            migration.version, migration.description
        ))?;
    }
    for table in &spread {
        print(&format!("spread {table} over the cluster"))?;
    }
    print(if applied.is_empty() && spread.is_empty() {
        "the database is up to date"
    } else {
        "done"
    })
}
