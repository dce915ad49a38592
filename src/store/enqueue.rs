//! New jobs into the frontier: each address once, for ever.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::rows::{job_kind_text, plain, priority_number, small};
use super::settle::{Discovery, insert_discoveries};
use super::{Found, Store, StoreError};
use crate::domain::{
    CanonicalUrl, Fingerprint, HostId, HostKey, JobKind, Priority, SectionId, SourceId,
};

/// A visit to put into the frontier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// What to visit.
    pub url: CanonicalUrl,
    /// The unit of politeness it belongs to.
    pub host: HostKey,
    /// What it is.
    pub kind: JobKind,
    /// Which goes first.
    pub priority: Priority,
    /// The source it belongs to, if one does.
    pub source: Option<SourceId>,
    /// The listing it was met in.
    pub section: Option<SectionId>,
    /// Time until the next visit; `None` for one visit.
    pub interval: Option<Duration>,
    /// Steps from a configured address.
    pub depth: u16,
    /// Of a walk into the past: nothing older is wanted. `None`: no part of one.
    pub since: Option<DateTime<Utc>>,
}

impl NewJob {
    /// What it is known by: its address, and of a listing that is walked over once more for the
    /// past, since when.
    #[must_use]
    pub fn key(&self) -> Fingerprint {
        let key = self.url.fingerprint();
        match self.since.filter(|_| self.kind != JobKind::Article) {
            Some(since) => key.aside(&since.timestamp().to_be_bytes()),
            None => key,
        }
    }
}

impl Store {
    /// Puts jobs into the frontier whose addresses were never met; answers with these. Wakes their
    /// hosts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn enqueue(&self, jobs: &[NewJob]) -> Result<Vec<Fingerprint>, StoreError> {
        if jobs.is_empty() {
            return Ok(Vec::new());
        }
        let hosts = self
            .host_ids(jobs.iter().map(|job| &job.host).collect())
            .await?;
        let mut connection = self
            .pool
            .acquire()
            .await
            .map_err(StoreError::during("give a connection"))?;
        let jobs: Vec<&NewJob> = jobs.iter().collect();
        let new = insert_jobs(&mut connection, &jobs, &hosts, &[]).await?;
        drop(connection);
        self.wake(new.iter().map(|(host, _)| *host).collect())
            .await?;
        Ok(new.into_iter().map(|(_, key)| key).collect())
    }

    /// Puts what a listing told of by itself into the frontier, as a visit of it would; answers with
    /// what was not known.
    ///
    /// # Errors
    /// When the database fails; nothing is written then.
    pub async fn enqueue_found(
        &self,
        section: SectionId,
        found: &[Found],
    ) -> Result<Vec<Fingerprint>, StoreError> {
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let hosts = found.iter().map(|found| &found.job.host).collect();
        let hosts = self.host_ids(hosts).await?;
        let during = StoreError::during("enqueue what was pushed");
        let mut transaction = self.pool.begin().await.map_err(&during)?;
        let now = sqlx::query_scalar!(r#"SELECT now() AS "now!""#)
            .fetch_one(&mut *transaction)
            .await
            .map_err(&during)?;
        let jobs: Vec<&NewJob> = found.iter().map(|found| &found.job).collect();
        let new = insert_jobs(&mut transaction, &jobs, &hosts, &[]).await?;
        let met: BTreeMap<(Uuid, i32), Discovery<'_>> = found
            .iter()
            .map(|found| {
                let key = found.job.url.fingerprint().as_uuid();
                ((key, section.0), Discovery::of(found))
            })
            .collect();
        insert_discoveries(&mut transaction, &met, now).await?;
        transaction.commit().await.map_err(&during)?;
        self.wake(new.iter().map(|(host, _)| *host).collect())
            .await?;
        Ok(new.into_iter().map(|(_, key)| key).collect())
    }

    /// Makes idle hosts ready that have got new jobs; one that is ready within a second is left
    /// alone. After the commit that brought them, so that no other host stays locked meanwhile; the
    /// cap of `give_back` heals what is lost here, in a crash of the server too: nobody waits for
    /// the disk.
    pub(super) async fn wake(&self, hosts: BTreeSet<HostId>) -> Result<(), StoreError> {
        if hosts.is_empty() {
            return Ok(());
        }
        let ids: Vec<i32> = hosts.into_iter().map(|host| host.0).collect();
        sqlx::query!(
            r#"
            UPDATE crawl.hosts SET ready_at = greatest(polite_at, now())
             WHERE id = ANY (ARRAY(
                   SELECT id FROM crawl.hosts
                    WHERE id = ANY ($1) AND lease_token = 0
                      AND ready_at > greatest(polite_at, now() + interval '1 s')
                    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED))
               AND (SELECT set_config('synchronous_commit', 'off', true)) = 'off'
            "#,
            &ids,
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("wake hosts"))?;
        Ok(())
    }
}

/// Puts the jobs into the frontier whose addresses were never met, each once, and marks `also_seen`
/// as met: addresses that are being stored right now.
pub(super) async fn insert_jobs(
    connection: &mut PgConnection,
    jobs: &[&NewJob],
    hosts: &BTreeMap<HostKey, HostId>,
    also_seen: &[Uuid],
) -> Result<Vec<(HostId, Fingerprint)>, StoreError> {
    let with_host = each_once(jobs, hosts);
    let host_ids: Vec<i32> = with_host.iter().map(|(_, _, id)| *id).collect();
    let keys: Vec<Uuid> = with_host.iter().map(|(key, ..)| *key).collect();
    let urls = column(&with_host, |job| plain(job.url.as_str()));
    let kinds = column(&with_host, |job| job_kind_text(job.kind).to_owned());
    let priorities = column(&with_host, |job| priority_number(job.priority));
    let sources = column(&with_host, |job| job.source.map(|id| id.0));
    let sections = column(&with_host, |job| job.section.map(|id| id.0));
    let intervals = column(&with_host, |job| job.interval.map(|i| i.as_secs_f64()));
    let depths = column(&with_host, |job| small(job.depth));
    let sinces = column(&with_host, |job| job.since);
    let rows = sqlx::query_file!(
        "src/store/sql/insert_jobs.sql",
        &host_ids,
        &keys,
        &urls,
        &kinds,
        &priorities,
        &sources as _,
        &sections as _,
        &intervals as _,
        &depths,
        also_seen,
        &sinces as _,
    )
    .fetch_all(connection)
    .await
    .map_err(StoreError::during("enqueue jobs"))?;
    Ok(rows
        .into_iter()
        .map(|row| (HostId(row.host_id), Fingerprint::stored(row.fingerprint)))
        .collect())
}

/// The jobs whose hosts are known, by key; of two for one address the more urgent one.
fn each_once<'a>(
    jobs: &[&'a NewJob],
    hosts: &BTreeMap<HostKey, HostId>,
) -> Vec<(Uuid, &'a NewJob, i32)> {
    let mut rows: Vec<(Uuid, &NewJob, i32)> = jobs
        .iter()
        .filter_map(|job| {
            let host = hosts.get(&job.host)?.0;
            Some((job.key().as_uuid(), *job, host))
        })
        .collect();
    rows.sort_by_key(|(key, job, _)| (*key, job.priority));
    rows.dedup_by_key(|(key, ..)| *key);
    rows
}

fn column<T>(rows: &[(Uuid, &NewJob, i32)], of: impl Fn(&NewJob) -> T) -> Vec<T> {
    rows.iter().map(|(_, job, _)| of(job)).collect()
}
