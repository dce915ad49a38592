//! Counts for people and for readiness: what arrives, what waits, what fails.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::rows::duration;
use super::{Store, StoreError};

/// The whole service in a few numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Articles first met within the last hour and stored.
    pub articles_hour: i64,
    /// The same for 24 hours.
    pub articles_day: i64,
    /// Exchanges within the last hour.
    pub fetches_hour: i64,
    /// Those of them that failed.
    pub failures_hour: i64,
    /// Jobs due now.
    pub due: i64,
    /// Jobs due later.
    pub later: i64,
    /// How long the job has waited that is due longest, while its host was free.
    pub oldest_due: Option<Duration>,
    /// Hosts that nodes hold now.
    pub leased_hosts: i64,
}

/// A source as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceState {
    /// Its name.
    pub name: String,
    /// Whether it is visited.
    pub is_active: bool,
    /// When one of its listings last gave an answer of use.
    pub last_success_at: Option<DateTime<Utc>>,
    /// When its next listing is due.
    pub next_visit_at: Option<DateTime<Utc>>,
    /// Articles first met within 24 hours.
    pub articles_day: i64,
    /// Jobs that wait.
    pub waiting: i64,
    /// The last thing that failed within 24 hours.
    pub last_error: Option<String>,
}

impl Store {
    /// The whole service in a few numbers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        let found = sqlx::query!(
            r#"
            SELECT a.hour AS "articles_hour!", a.day AS "articles_day!",
                   f.all_of_them AS "fetches_hour!", f.failed AS "failures_hour!",
                   j.due AS "due!", j.later AS "later!", j.oldest_seconds,
                   (SELECT count(*) FROM crawl.hosts
                     WHERE lease_token <> 0 AND ready_at > now()) AS "leased_hosts!"
              FROM (SELECT count(*) FILTER (WHERE first_seen_at > now() - interval '1 h') AS hour,
                           count(*) AS day
                      FROM crawl.articles
                     WHERE first_seen_at > now() - interval '1 day') a,
                   (SELECT count(*) AS all_of_them,
                           count(*) FILTER (WHERE outcome = 'failed') AS failed
                      FROM crawl.fetches WHERE started_at > now() - interval '1 h') f,
                   (SELECT count(*) FILTER (WHERE at <= now()) AS due,
                           count(*) FILTER (WHERE at > now()) AS later,
                           extract(epoch FROM now() - min(at) FILTER (WHERE at <= now()))
                               ::double precision AS oldest_seconds
                      FROM (SELECT greatest(j.run_at, h.polite_at) AS at
                              FROM crawl.jobs j JOIN crawl.hosts h ON h.id = j.host_id
                             WHERE j.run_at < 'infinity') jobs) j
            "#,
        )
        .fetch_one(&self.pool)
        .await
        .map_err(StoreError::during("count"))?;
        Ok(Counts {
            articles_hour: found.articles_hour,
            articles_day: found.articles_day,
            fetches_hour: found.fetches_hour,
            failures_hour: found.failures_hour,
            due: found.due,
            later: found.later,
            oldest_due: found.oldest_seconds.map(duration),
            leased_hosts: found.leased_hosts,
        })
    }

    /// Every source as it stands, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn source_states(&self) -> Result<Vec<SourceState>, StoreError> {
        sqlx::query_as!(
            SourceState,
            r#"
            SELECT s.name, s.is_active, l.last_success_at, j.next_visit_at,
                   coalesce(a.articles, 0) AS "articles_day!", coalesce(j.waiting, 0) AS "waiting!",
                   f.last_error AS "last_error?"
              FROM crawl.sources s
              LEFT JOIN (SELECT c.source_id, max(v.checked_at) AS last_success_at
                           FROM crawl.sections c
                           JOIN crawl.visits v ON v.fingerprint = c.fingerprint
                          GROUP BY c.source_id) l ON l.source_id = s.id
              LEFT JOIN (SELECT source_id, count(*) AS waiting,
                                min(run_at) FILTER (WHERE priority = 0) AS next_visit_at
                           FROM crawl.jobs WHERE run_at < 'infinity'
                          GROUP BY source_id) j ON j.source_id = s.id
              LEFT JOIN (SELECT source_id, count(*) AS articles FROM crawl.articles
                          WHERE first_seen_at > now() - interval '1 day'
                          GROUP BY source_id) a ON a.source_id = s.id
              LEFT JOIN (SELECT DISTINCT ON (source_id) source_id, error AS last_error
                           FROM crawl.fetches
                          WHERE started_at > now() - interval '1 day' AND outcome = 'failed'
                          ORDER BY source_id, started_at DESC) f ON f.source_id = s.id
             ORDER BY s.name
            "#,
        )
        .fetch_all(&self.pool)
        .await
        .map_err(StoreError::during("list the sources"))
    }
}
