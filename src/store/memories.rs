//! What the pages of a source have in common, as bytes that `extract` understands, and what its
//! addresses look like. Of nodes that
//! write at once one wins; the others read again and add what they have to what is there.

use chrono::{DateTime, Utc};

use super::{Store, StoreError};
use crate::domain::SourceId;

/// The memory of a source as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMemory {
    /// Of the encoding and of the engine.
    pub version: i16,
    /// Counts the writes; 0 while there is no row.
    pub revision: i64,
    /// Articles that it still knows, about; for people.
    pub articles: i32,
    /// The encoded memory.
    pub bytes: Vec<u8>,
    /// What is known of the source's addresses, as `discover` understands it.
    pub addresses: serde_json::Value,
}

impl Store {
    /// The memory of a source, of whatever version.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn site_memory(&self, source: SourceId) -> Result<Option<StoredMemory>, StoreError> {
        let row = sqlx::query!(
            r#"
            SELECT version, revision, articles, memory, addresses
              FROM crawl.site_memories WHERE source_id = $1
            "#,
            source.0,
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(StoreError::during("read a site memory"))?;
        Ok(row.map(|row| StoredMemory {
            version: row.version,
            revision: row.revision,
            articles: row.articles,
            bytes: row.memory,
            addresses: row.addresses,
        }))
    }

    /// Keeps the memory of a source, made from the one with this `revision`. Answers whether it is
    /// kept: not if another node wrote since, or if a newer version of the program did.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_site_memory(
        &self,
        source: SourceId,
        memory: &StoredMemory,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            r#"
            INSERT INTO crawl.site_memories AS m (source_id, version, revision, articles, memory,
                                                  addresses, updated_at)
            SELECT id, $2, $3::bigint + 1, $4, $5, $6, $7 FROM crawl.sources WHERE id = $1
            ON CONFLICT (source_id) DO UPDATE
               SET version = excluded.version, revision = excluded.revision,
                   articles = excluded.articles, memory = excluded.memory,
                   addresses = excluded.addresses,
                   updated_at = excluded.updated_at
             WHERE m.revision = $3::bigint AND m.version <= excluded.version
            "#,
            source.0,
            memory.version,
            memory.revision,
            memory.articles,
            memory.bytes,
            memory.addresses,
            now,
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("keep a site memory"))?;
        Ok(done.rows_affected() == 1)
    }

    /// Removes memories that nobody wrote since `before`: their sources are gone or asleep, and
    /// everything in them has faded. Answers how many went.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_site_memories(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let done = sqlx::query!(
            "DELETE FROM crawl.site_memories WHERE updated_at < $1",
            before
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("drop old site memories"))?;
        Ok(done.rows_affected())
    }
}
