//! Whether the database does its work now, asked by a connection of its own: those of the pool may
//! all be in use, and a pool hides for a while that there is no server.

use std::time::Duration;

use sqlx::Connection;
use sqlx::postgres::PgConnection;
use tokio::time::timeout;

use super::open::check_migrations;
use super::{Store, StoreError};

/// How long a look may take: whoever asks for readiness waits no longer.
const LOOK_LIMIT: Duration = Duration::from_secs(3);

impl Store {
    /// Looks whether the database answers, takes writes and has all our tables.
    ///
    /// # Errors
    /// When it does not; the error says why, in words for the operator.
    pub async fn check(&self) -> Result<(), StoreError> {
        let silent = |_| StoreError::Silent { limit: LOOK_LIMIT };
        timeout(LOOK_LIMIT, self.look()).await.map_err(silent)?
    }

    async fn look(&self) -> Result<(), StoreError> {
        let options = self.pool.connect_options();
        let mut connection = PgConnection::connect_with(&options)
            .await
            .map_err(StoreError::Connect)?;
        let is_read_only = sqlx::query_scalar!(
            r#"
            SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean
                   AS "is_read_only!"
            "#
        )
        .fetch_one(&mut connection)
        .await
        .map_err(StoreError::during("describe itself"))?;
        if is_read_only {
            return Err(StoreError::ReadOnly);
        }
        // Unchecked: the table is made by the migrator, not by a migration.
        let applied = sqlx::query_scalar("SELECT version FROM crawl.migrations WHERE success")
            .fetch_all(&mut connection)
            .await
            .map_err(StoreError::during("list the applied migrations"))?;
        // Closing is a courtesy; the answer is known.
        let _unclosed = connection.close().await;
        check_migrations(&applied)
    }
}
