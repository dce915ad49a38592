//! HTTP exchanges, and the refusals to make them: kept for people, never read by the crawl.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::rows::{job_kind_text, plain};
use super::{Store, StoreError};
use crate::domain::{Exchange, FetchOutcome, Fingerprint, HostId, Job};

/// An exchange of the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchRecord {
    /// The address asked.
    pub url: String,
    /// When the request was started.
    pub started_at: DateTime<Utc>,
    /// From the start to the last byte.
    pub elapsed: Duration,
    /// The answer's status; `None` when there was no answer.
    pub status: Option<u16>,
    /// `used`, `unchanged`, `redirected` or `failed`.
    pub outcome: String,
    /// Why it failed, one word.
    pub error_class: Option<String>,
    /// Why it failed, one sentence.
    pub error: Option<String>,
}

/// An exchange with what it was made for.
pub(super) struct Made<'a> {
    pub(super) host: HostId,
    pub(super) job: Option<&'a Job>,
    pub(super) exchange: &'a Exchange,
}

impl Store {
    /// Records exchanges that belong to no job: those for robots.txt.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_exchanges(
        &self,
        host: HostId,
        exchanges: &[Exchange],
    ) -> Result<(), StoreError> {
        let made: Vec<Made<'_>> = exchanges
            .iter()
            .map(|exchange| Made {
                host,
                job: None,
                exchange,
            })
            .collect();
        let mut connection = self
            .pool
            .acquire()
            .await
            .map_err(StoreError::during("give a connection"))?;
        insert_exchanges(&mut connection, &made).await
    }

    /// The last exchanges made for an address, newest first, 20 at most.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fetches_of(&self, address: Fingerprint) -> Result<Vec<FetchRecord>, StoreError> {
        let rows = sqlx::query!(
            r#"
            SELECT url, started_at, elapsed_ms, status, outcome::text AS "outcome!", error_class,
                   error
              FROM crawl.fetches WHERE fingerprint = $1 ORDER BY started_at DESC LIMIT 20
            "#,
            address.as_uuid(),
        )
        .fetch_all(&self.pool)
        .await
        .map_err(StoreError::during("read the exchanges of an address"))?;
        let record = rows.into_iter().map(|row| FetchRecord {
            url: row.url,
            started_at: row.started_at,
            elapsed: Duration::from_millis(u64::try_from(row.elapsed_ms).unwrap_or_default()),
            status: row.status.and_then(|status| u16::try_from(status).ok()),
            outcome: row.outcome,
            error_class: row.error_class,
            error: row.error,
        });
        Ok(record.collect())
    }
}

pub(super) async fn insert_exchanges(
    connection: &mut PgConnection,
    made: &[Made<'_>],
) -> Result<(), StoreError> {
    if made.is_empty() {
        return Ok(());
    }
    let keys = column(made, |m| m.job.map(|job| job.fingerprint.as_uuid()));
    let kinds = column(made, |m| {
        m.job.map(|job| job_kind_text(job.kind).to_owned())
    });
    let sources = column(made, |m| m.job.and_then(|job| job.source).map(|id| id.0));
    let statuses = column(made, |m| {
        m.exchange.status.and_then(|s| i16::try_from(s).ok())
    });
    let outcomes = column(made, |m| outcome(&m.exchange.outcome).0.to_owned());
    let classes = column(made, |m| outcome(&m.exchange.outcome).1.map(str::to_owned));
    let errors = column(made, |m| outcome(&m.exchange.outcome).2.map(plain));
    sqlx::query!(
        r#"
        INSERT INTO crawl.fetches (started_at, fingerprint, host_id, source_id, kind, url, status,
                                   body_bytes, elapsed_ms, outcome, error_class, error)
        SELECT started_at, fingerprint, host_id, source_id, kind::crawl.job_kind, url, status,
               body_bytes, elapsed_ms, outcome::crawl.fetch_outcome, error_class, error
          FROM unnest($1::timestamptz[], $2::uuid[], $3::integer[], $4::integer[], $5::text[],
                      $6::text[], $7::smallint[], $8::bigint[], $9::integer[], $10::text[],
                      $11::text[], $12::text[])
            AS t (started_at, fingerprint, host_id, source_id, kind, url, status, body_bytes,
                  elapsed_ms, outcome, error_class, error)
        "#,
        &column(made, |m| m.exchange.started_at),
        &keys as &[Option<Uuid>],
        &column(made, |m| m.host.0),
        &sources as &[Option<i32>],
        &kinds as &[Option<String>],
        &column(made, |m| plain(&m.exchange.url)),
        &statuses as &[Option<i16>],
        &column(made, |m| i64::try_from(m.exchange.body_bytes)
            .unwrap_or(i64::MAX)),
        &column(made, |m| i32::try_from(m.exchange.elapsed.as_millis())
            .unwrap_or(i32::MAX)),
        &outcomes,
        &classes as &[Option<String>],
        &errors as &[Option<String>],
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("record exchanges"))?;
    Ok(())
}

fn column<T>(made: &[Made<'_>], of: impl Fn(&Made<'_>) -> T) -> Vec<T> {
    made.iter().map(of).collect()
}

/// The word of an outcome, and for a failure its class and sentence.
fn outcome(outcome: &FetchOutcome) -> (&'static str, Option<&'static str>, Option<&str>) {
    match outcome {
        FetchOutcome::Used => ("used", None, None),
        FetchOutcome::Unchanged => ("unchanged", None, None),
        FetchOutcome::Redirected => ("redirected", None, None),
        FetchOutcome::Failed(class, error) => ("failed", Some(class.as_str()), Some(error)),
    }
}
