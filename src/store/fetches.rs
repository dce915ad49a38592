//! HTTP exchanges, and the refusals to make them: kept for people, never read by the crawl.

use sqlx::PgConnection;

use super::StoreError;
use super::rows::{job_kind_text, plain};
use crate::domain::{Exchange, FetchOutcome, Fingerprint, HostId, JobKind, SourceId};

/// An exchange with what it was made for.
pub(super) struct Made<'a> {
    pub(super) host: HostId,
    /// Of the address that was to be visited.
    pub(super) key: Fingerprint,
    pub(super) kind: JobKind,
    pub(super) source: Option<SourceId>,
    pub(super) exchange: &'a Exchange,
    /// The web archive that it was read from, where it was not made by us.
    pub(super) archive: Option<&'a str>,
}

pub(super) async fn insert_exchanges(
    connection: &mut PgConnection,
    made: &[Made<'_>],
) -> Result<(), StoreError> {
    if made.is_empty() {
        return Ok(());
    }
    let keys = column(made, |m| m.key.as_uuid());
    let kinds = column(made, |m| job_kind_text(m.kind).to_owned());
    let sources = column(made, |m| m.source.map(|id| id.0));
    let statuses = column(made, |m| {
        m.exchange.status.and_then(|s| i16::try_from(s).ok())
    });
    let outcomes = column(made, |m| outcome(&m.exchange.outcome).0.to_owned());
    let classes = column(made, |m| outcome(&m.exchange.outcome).1.map(str::to_owned));
    let errors = column(made, |m| outcome(&m.exchange.outcome).2.map(plain));
    sqlx::query!(
        r#"
        INSERT INTO crawl.fetches (started_at, fingerprint, host_id, source_id, kind, url, status,
                                   body_bytes, elapsed_ms, outcome, error_class, error, archive)
        SELECT started_at, fingerprint, host_id, source_id, kind::crawl.job_kind, url, status,
               body_bytes, elapsed_ms, outcome::crawl.fetch_outcome, error_class, error, archive
          FROM unnest($1::timestamptz[], $2::uuid[], $3::integer[], $4::integer[], $5::text[],
                      $6::text[], $7::smallint[], $8::bigint[], $9::integer[], $10::text[],
                      $11::text[], $12::text[], $13::text[])
            AS t (started_at, fingerprint, host_id, source_id, kind, url, status, body_bytes,
                  elapsed_ms, outcome, error_class, error, archive)
        "#,
        &column(made, |m| m.exchange.started_at),
        &keys,
        &column(made, |m| m.host.0),
        &sources as &[Option<i32>],
        &kinds,
        &column(made, |m| plain(&m.exchange.url)),
        &statuses as &[Option<i16>],
        &column(made, |m| i64::try_from(m.exchange.body_bytes)
            .unwrap_or(i64::MAX)),
        &column(made, |m| i32::try_from(m.exchange.elapsed.as_millis())
            .unwrap_or(i32::MAX)),
        &outcomes,
        &classes as &[Option<String>],
        &errors as &[Option<String>],
        &column(made, |m| m.archive.map(plain)) as &[Option<String>],
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
