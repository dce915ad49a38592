//! What the tables need from time to time: partitions ahead, dead rows cleared away.

use chrono::{DateTime, Utc};

use super::{Store, StoreError};

impl Store {
    /// Creates the monthly partitions from `now` for three months ahead where they are missing;
    /// answers how many were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ensure_partitions(&self, now: DateTime<Utc>) -> Result<i32, StoreError> {
        sqlx::query_scalar!(r#"SELECT crawl.ensure_partitions($1) AS "created!""#, now)
            .fetch_one(&self.pool)
            .await
            .map_err(StoreError::during("create partitions"))
    }

    /// Clears dead rows out of the two hottest tables. Autovacuum comes too seldom while its
    /// workers are busy in large tables, and a lease reads every dead row at the front of its
    /// index.
    ///
    /// # Errors
    /// When the database fails, or the tables belong to another role.
    pub async fn vacuum_hot(&self) -> Result<(), StoreError> {
        for statement in [
            "VACUUM (ANALYZE) crawl.hosts",
            "VACUUM (ANALYZE) crawl.jobs",
        ] {
            sqlx::query(statement)
                .execute(&self.pool)
                .await
                .map_err(StoreError::during("vacuum the frontier"))?;
        }
        Ok(())
    }
}
