//! What is still to be visited, all hosts together.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::rows::duration;
use super::{Store, StoreError};

/// What is still to be visited. A job whose host rests counts from the end of that rest; jobs of
/// disabled sources do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Jobs due within the time asked for, those of leased hosts included.
    pub due: i64,
    /// Hosts that a node holds now and may ask.
    pub leased_hosts: i64,
    /// Jobs due after that time.
    pub later: i64,
    /// Until the first of all is due; zero where one is due now.
    pub next_due_in: Option<Duration>,
}

impl Backlog {
    /// Whether nobody works and nothing is due.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.due == 0 && self.leased_hosts == 0
    }
}

impl Store {
    /// What is still to be visited. Reads every job: ask when there is nothing to lease. With
    /// `listings_since` a listing counts as due only if it was not visited since that time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn backlog(
        &self,
        within: Duration,
        listings_since: Option<DateTime<Utc>>,
    ) -> Result<Backlog, StoreError> {
        let found = sqlx::query!(
            r#"
            SELECT count(*) FILTER (WHERE is_open AND at <= now() + make_interval(secs => $1))
                       AS "due!",
                   count(*) FILTER (WHERE NOT is_open OR at > now() + make_interval(secs => $1))
                       AS "later!",
                   extract(epoch FROM min(at) - now())::double precision AS next_seconds,
                   (SELECT count(*) FROM crawl.hosts  -- not those that rest, whoever has them
                     WHERE lease_token <> 0 AND ready_at > greatest(now(), polite_at))
                       AS "leased_hosts!"
              FROM (SELECT greatest(j.run_at, h.polite_at) AS at,
                           j.kind = 'article' OR j.interval_seconds IS NULL
                               OR j.run_at <= coalesce($2, 'infinity'::timestamptz) AS is_open
                      FROM crawl.jobs j JOIN crawl.hosts h ON h.id = j.host_id
                     WHERE j.run_at < 'infinity') jobs
            "#,
            within.as_secs_f64(),
            listings_since,
        )
        .fetch_one(&self.pool)
        .await
        .map_err(StoreError::during("count the jobs"))?;
        Ok(Backlog {
            due: found.due,
            leased_hosts: found.leased_hosts,
            later: found.later,
            next_due_in: found.next_seconds.map(duration),
        })
    }
}
