//! Which articles the feeds of an outlet show, which its pages do, and which both.

use chrono::{DateTime, Utc};

use super::{Store, StoreError};
use crate::domain::SourceId;

/// How many stored articles of a source its listings showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Captures {
    /// The source.
    pub source: SourceId,
    /// In feeds or sitemaps.
    pub in_feeds: u32,
    /// In section pages.
    pub in_pages: u32,
    /// In both.
    pub in_both: u32,
}

impl Store {
    /// What the listings of each source showed since then, of articles that were stored. An article
    /// that was met at several addresses counts once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn captures(&self, since: DateTime<Utc>) -> Result<Vec<Captures>, StoreError> {
        let rows = sqlx::query!(
            r#"
            SELECT m.source_id AS "source_id!",
                   count(*) FILTER (WHERE m.in_feed) AS "in_feeds!",
                   count(*) FILTER (WHERE m.in_page) AS "in_pages!",
                   count(*) FILTER (WHERE m.in_feed AND m.in_page) AS "in_both!"
              FROM (SELECT c.source_id, coalesce(a.article_fingerprint, d.fingerprint) AS article,
                           bool_or(c.kind <> 'page') AS in_feed, bool_or(c.kind = 'page') AS in_page
                      FROM crawl.discoveries d
                      JOIN crawl.sections c ON c.id = d.section_id
                      LEFT JOIN crawl.aliases a ON a.fingerprint = d.fingerprint
                     WHERE d.discovered_at >= $1 AND d.verdict = 'enqueued'
                     GROUP BY 1, 2) m
              JOIN crawl.visits v ON v.fingerprint = m.article AND v.body_hash IS NOT NULL
             GROUP BY m.source_id
            "#,
            since,
        )
        .fetch_all(&self.pool)
        .await
        .map_err(StoreError::during("count what listings showed"))?;
        let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
        let captures = rows.into_iter().map(|row| Captures {
            source: SourceId(row.source_id),
            in_feeds: count(row.in_feeds),
            in_pages: count(row.in_pages),
            in_both: count(row.in_both),
        });
        Ok(captures.collect())
    }

    /// Keeps what was counted for each source, with the estimate of what no listing showed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_coverage(
        &self,
        counted: &[(Captures, Option<f64>)],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let count = |of: fn(&Captures) -> u32| -> Vec<i32> {
            let counts = counted.iter().map(|(captures, _)| of(captures));
            counts
                .map(|count| i32::try_from(count).unwrap_or(i32::MAX))
                .collect()
        };
        let sources: Vec<i32> = counted.iter().map(|(c, _)| c.source.0).collect();
        let unmet: Vec<Option<f64>> = counted.iter().map(|(_, unmet)| *unmet).collect();
        sqlx::query!(
            r#"
            INSERT INTO crawl.coverage (source_id, in_feeds, in_pages, in_both, unmet, counted_at)
            SELECT source_id, in_feeds, in_pages, in_both, unmet, $6
              FROM unnest($1::integer[], $2::integer[], $3::integer[], $4::integer[], $5::float8[])
                AS t (source_id, in_feeds, in_pages, in_both, unmet)
             ORDER BY source_id
            ON CONFLICT (source_id) DO UPDATE
               SET in_feeds = excluded.in_feeds, in_pages = excluded.in_pages,
                   in_both = excluded.in_both, unmet = excluded.unmet,
                   counted_at = excluded.counted_at
            "#,
            &sources,
            &count(|c| c.in_feeds),
            &count(|c| c.in_pages),
            &count(|c| c.in_both),
            &unmet as &[Option<f64>],
            now,
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("keep what was counted of listings"))?;
        Ok(())
    }
}
