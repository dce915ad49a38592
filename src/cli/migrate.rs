//! `sokbo migrate`: applies the migrations and exits.

use crate::config::Config;
use crate::store::{Access, Store};

use super::Failure;
use super::terminal::print;

pub(super) async fn execute(config: Config) -> Result<(), Failure> {
    let store = Store::open(&config.database, Access::Migrate).await?;
    let applied = store.migrate().await;
    store.close().await;
    let applied = applied?;
    for migration in &applied {
        print(&format!(
            "applied {} {}",
            migration.version, migration.description
        ))?;
    }
    print(if applied.is_empty() {
        "the database is up to date"
    } else {
        "done"
    })
}
