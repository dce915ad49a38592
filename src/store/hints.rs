//! What listings say of articles and of their source: read before a page is parsed, written when a
//! listing is settled (`settle/hints.rs`).

use std::time::Duration;

use chrono::FixedOffset;

use super::{Store, StoreError};
use crate::domain::{Fingerprint, Hint, Precision, SourceId, Stamp, StatedOffset};

/// What is known of an article's page before it is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// What a feed or sitemap says of it.
    pub hint: Option<Hint>,
    /// The local time of its source, as its feeds state it.
    pub offset: Option<StatedOffset>,
}

impl Store {
    /// What listings say of an article and of its source.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn told(
        &self,
        article: Fingerprint,
        source: Option<SourceId>,
    ) -> Result<Told, StoreError> {
        let row = sqlx::query!(
            r#"
            SELECT h.fingerprint AS "fingerprint?", h.title, h.authors AS "authors?",
                   h.published_local, h.offset_seconds AS published_offset,
                   h.published_precision::text AS published_precision, h.text,
                   r.offset_seconds, r.offset_at
              FROM (SELECT) one
              LEFT JOIN crawl.hints h ON h.fingerprint = $1
              LEFT JOIN crawl.rhythms r ON r.source_id = $2
            "#,
            article.as_uuid(),
            source.map(|SourceId(id)| id),
        )
        .fetch_one(&self.pool)
        .await
        .map_err(StoreError::during("read what listings say of an article"))?;
        let precision = row.published_precision.as_deref().and_then(precision);
        let published = row
            .published_local
            .zip(precision)
            .map(|(local, precision)| Stamp {
                local,
                offset: row.published_offset.and_then(FixedOffset::east_opt),
                precision,
            });
        let hint = row.fingerprint.map(|_| Hint {
            title: row.title,
            authors: row.authors.unwrap_or_default(),
            published,
            text: row.text,
        });
        let offset = row.offset_seconds.and_then(FixedOffset::east_opt);
        let offset = offset
            .zip(row.offset_at)
            .map(|(offset, at)| StatedOffset { offset, at });
        Ok(Told { hint, offset })
    }

    /// Forgets hints as old as `age` whose articles are not to be visited any more, and those of jobs
    /// that were not visited for as long.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_hints(&self, age: Duration) -> Result<u64, StoreError> {
        let done = sqlx::query!(
            r#"
            DELETE FROM crawl.hints h
             WHERE h.met_at < now() - make_interval(secs => $1)
               AND NOT EXISTS (
                   SELECT FROM crawl.jobs j
                    WHERE j.host_id = h.host_id AND j.fingerprint = h.fingerprint
                      AND j.interval_seconds IS NOT NULL)
            "#,
            age.as_secs_f64(),
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("forget old hints"))?;
        Ok(done.rows_affected())
    }
}

fn precision(text: &str) -> Option<Precision> {
    use Precision::{Day, Minute, Month, Second};
    let all = [Month, Day, Minute, Second];
    all.into_iter().find(|precision| precision.as_str() == text)
}
