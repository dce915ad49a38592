//! What the tables need from time to time: partitions ahead, old ones dropped, dead rows cleared.

use chrono::{DateTime, Utc};

use super::{Store, StoreError};

/// What may be kept for a limited time. An address stays known for ever: what went does not come
/// back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Rows of `news.fetches` and of `news.polls`, by their start.
    Fetches,
    /// Raw pages, by when they were fetched.
    RawPages,
    /// Texts of articles and of their revisions, by first sight of the article.
    Bodies,
    /// Articles with all that belongs to them, by first sight.
    Articles,
}

impl Store {
    /// Removes what is older than `before`: whole months by dropping their tables, the rest row by
    /// row. Answers how many rows went one by one.
    ///
    /// # Errors
    /// When the database fails; what went by then is gone.
    pub async fn expire(&self, kept: Kept, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let parents: &[&str] = match kept {
            Kept::Fetches => &["fetches", "polls"],
            Kept::RawPages => &["raw_pages"],
            Kept::Bodies => &[],
            Kept::Articles => &["revisions", "images", "articles"],
        };
        for parent in parents {
            sqlx::query_scalar!(
                r#"SELECT crawl.drop_partitions($1, $2) AS "dropped!""#,
                *parent,
                before,
            )
            .fetch_one(&self.pool)
            .await
            .map_err(StoreError::during("drop old partitions"))?;
        }
        let mut rows = 0;
        for statement in expiring(kept) {
            let done = sqlx::query(*statement)
                .bind(before)
                .execute(&self.pool)
                .await
                .map_err(StoreError::during("remove what is too old"))?;
            rows += done.rows_affected();
        }
        Ok(rows)
    }

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

/// The statements for what lies in a month that is not over; each takes the time.
fn expiring(kept: Kept) -> &'static [&'static str] {
    match kept {
        Kept::Fetches => &[
            "DELETE FROM crawl.fetches WHERE started_at < $1",
            "DELETE FROM crawl.polls WHERE polled_at < $1",
        ],
        Kept::RawPages => &["DELETE FROM crawl.raw_pages WHERE fetched_at < $1"],
        Kept::Bodies => &[
            "UPDATE crawl.revisions SET body = NULL WHERE first_seen_at < $1 AND body IS NOT NULL",
            "UPDATE crawl.articles SET body = NULL WHERE first_seen_at < $1 AND body IS NOT NULL",
        ],
        Kept::Articles => &[
            "DELETE FROM crawl.revisions WHERE first_seen_at < $1",
            "DELETE FROM crawl.images WHERE first_seen_at < $1",
            "DELETE FROM crawl.articles WHERE first_seen_at < $1",
            // What went is not looked at again.
            "DELETE FROM crawl.jobs WHERE kind = 'article' AND first_seen_at < $1",
        ],
    }
}
