//! Walks into the past of sources: what was wished, and what is left of it.

use chrono::{DateTime, Utc};

use super::{NewJob, Store, StoreError};
use crate::domain::{Fingerprint, SourceId, SourceName};

/// A walk into the past of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backfill {
    /// The source.
    pub source: String,
    /// The earliest time that was asked for.
    pub since: DateTime<Utc>,
    /// When it was.
    pub started_at: DateTime<Utc>,
    /// When the last of it was visited; `None`: something is left.
    pub finished_at: Option<DateTime<Utc>>,
    /// Listings that are still to be visited.
    pub listings: i64,
    /// Articles that are still to be visited.
    pub articles: i64,
}

impl Store {
    /// Wishes for the past of a source by these first visits, back to `since`; answers with how many
    /// of them are new. A wish for an earlier time takes the place of the last one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_backfill(
        &self,
        source: SourceId,
        since: DateTime<Utc>,
        jobs: &[NewJob],
    ) -> Result<usize, StoreError> {
        // First what is to be done: a crash between leaves a walk that nobody counts, and not a
        // wish that seems to have come true.
        let new = self.enqueue(jobs).await?.len();
        sqlx::query!(
            r#"
            INSERT INTO crawl.backfills AS b (source_id, since, started_at)
            VALUES ($1, $2, now())
            ON CONFLICT (source_id) DO UPDATE
               SET since = excluded.since, started_at = excluded.started_at, finished_at = NULL
             WHERE b.since > excluded.since
            "#,
            source.0,
            since,
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("begin a backfill"))?;
        Ok(new)
    }

    /// Notes the walks of which nothing is left.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish_backfills(&self) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            UPDATE crawl.backfills b SET finished_at = now()
             WHERE b.finished_at IS NULL
               AND NOT EXISTS (SELECT FROM crawl.jobs j
                                WHERE j.source_id = b.source_id AND j.since IS NOT NULL)
            "#,
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("finish backfills"))?;
        Ok(())
    }

    /// The walk of a source, if one was ever wished for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn backfill(&self, source: &SourceName) -> Result<Option<Backfill>, StoreError> {
        let all = self.backfills().await?;
        Ok(all.into_iter().find(|walk| walk.source == source.as_str()))
    }

    /// All walks, the last one first, with what is left of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn backfills(&self) -> Result<Vec<Backfill>, StoreError> {
        sqlx::query_as!(
            Backfill,
            r#"
            SELECT s.name AS source, b.since, b.started_at, b.finished_at,
                   count(j.kind) FILTER (WHERE j.kind <> 'article') AS "listings!",
                   count(j.kind) FILTER (WHERE j.kind = 'article') AS "articles!"
              FROM crawl.backfills b
              JOIN crawl.sources s ON s.id = b.source_id
              LEFT JOIN crawl.jobs j ON j.source_id = b.source_id AND j.since IS NOT NULL
             GROUP BY s.name, b.since, b.started_at, b.finished_at
             ORDER BY b.started_at DESC
            "#,
        )
        .fetch_all(&self.pool)
        .await
        .map_err(StoreError::during("list backfills"))
    }

    /// Whether this is known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_met(&self, key: Fingerprint) -> Result<bool, StoreError> {
        sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM crawl.seen WHERE fingerprint = $1) AS "is_met!""#,
            key.as_uuid(),
        )
        .fetch_one(&self.pool)
        .await
        .map_err(StoreError::during("look up what was met"))
    }
}
