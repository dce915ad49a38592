//! Leasing from the frontier: hosts are leased, their jobs go with them. An expired lease needs no reclaiming:
//! a leased host's `ready_at` is the end of its lease.

use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::floor::Floor;
use super::rows::{JobRow, count, duration, plain, small};
use super::{Store, StoreError};
use crate::domain::{Fingerprint, HostId, HostKey, Job, Lease, LeaseToken, LeasedHost, Standing};

/// How many batches of hosts without due jobs are passed over in one call.
const LEASE_ROUNDS: u32 = 20;

struct HostRow {
    id: i32,
    key: String,
    lease_token: i64,
    failures: i16,
    doubts: i16,
    polite_seconds: f64,
    floor: Option<DateTime<Utc>>,
}

impl Store {
    /// Leases up to ten hosts that may be asked now and have due jobs, each with up to ten of
    /// these. Hosts without due jobs are put back to when they have some.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lease(
        &self,
        node: &str,
        lease: Duration,
    ) -> Result<Vec<Lease<LeasedHost>>, StoreError> {
        for _ in 0..LEASE_ROUNDS {
            let hosts = self.lease_hosts(node, lease).await?;
            if hosts.is_empty() {
                return Ok(Vec::new());
            }
            // A statement of its own: the one that leases may have begun before the last holder
            // settled, and would see jobs that are done.
            let (ids, tokens): (Vec<i32>, Vec<i64>) =
                hosts.iter().map(|h| (h.id, h.lease_token)).unzip();
            let mut jobs = self.jobs_of(&ids, &tokens, &[]).await?;
            let (busy, idle): (Vec<_>, Vec<_>) = hosts
                .into_iter()
                .partition(|host| jobs.contains_key(&host.id));
            if !idle.is_empty() {
                let held = idle.iter().map(|host| (host.id, host.lease_token)).unzip();
                self.give_back(held, Duration::ZERO, None).await?;
            }
            if !busy.is_empty() {
                let leased = |host: HostRow| {
                    let jobs = jobs.remove(&host.id).unwrap_or_default();
                    leased(host, jobs)
                };
                return Ok(busy.into_iter().map(leased).collect());
            }
        }
        Ok(Vec::new())
    }

    /// The next up to ten due jobs of a host that is held, without those already `in_hand`; none
    /// when the lease is lost.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_jobs(
        &self,
        host: HostId,
        token: LeaseToken,
        in_hand: &[Fingerprint],
    ) -> Result<Vec<Job>, StoreError> {
        let in_hand: Vec<Uuid> = in_hand.iter().map(|key| key.as_uuid()).collect();
        let mut jobs = self.jobs_of(&[host.0], &[token.0], &in_hand).await?;
        Ok(jobs.remove(&host.0).unwrap_or_default())
    }

    /// Prolongs leases; answers with the hosts that are still ours.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew(
        &self,
        held: &[(HostId, LeaseToken)],
        lease: Duration,
    ) -> Result<Vec<HostId>, StoreError> {
        let (ids, tokens): (Vec<i32>, Vec<i64>) =
            held.iter().map(|(host, token)| (host.0, token.0)).unzip();
        let ours = sqlx::query_scalar!(
            r#"
            UPDATE crawl.hosts
               SET ready_at = greatest(polite_at, now() + make_interval(secs => $3))
             WHERE id = ANY (ARRAY(
                   SELECT id FROM crawl.hosts WHERE id = ANY ($1) AND lease_token = ANY ($2)
                    ORDER BY id FOR NO KEY UPDATE))  -- ordered: never a deadlock with settle()
               AND lease_token = ANY ($2)
            RETURNING id
            "#,
            &ids,
            &tokens,
            lease.as_secs_f64(),
        )
        .fetch_all(&self.pool)
        .await
        .map_err(StoreError::during("renew leases"))?;
        Ok(ours.into_iter().map(HostId).collect())
    }

    /// Gives a host back: not to be asked again within `polite_for`, with this many `failures` in
    /// a row. Answers whether it was still ours.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release(
        &self,
        host: HostId,
        token: LeaseToken,
        polite_for: Duration,
        failures: u16,
    ) -> Result<bool, StoreError> {
        let held = [(host, token)];
        Ok(self.release_all(&held, polite_for, failures).await? == 1)
    }

    /// Gives hosts back that are alike: not to be asked again within `polite_for`, with this many
    /// `failures` in a row. Answers how many were still ours.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_all(
        &self,
        held: &[(HostId, LeaseToken)],
        polite_for: Duration,
        failures: u16,
    ) -> Result<u64, StoreError> {
        let held = held.iter().map(|(host, token)| (host.0, token.0)).unzip();
        self.give_back(held, polite_for, Some(failures)).await
    }

    /// Leaves a host alone for a time, at once and whoever holds it next, who also learns of its
    /// standing. The lease goes on, and never ends before the rest does. Answers whether the host
    /// was still ours.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rest(
        &self,
        host: HostId,
        token: LeaseToken,
        rest: Duration,
        standing: Standing,
        reason: &str,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            r#"
            UPDATE crawl.hosts
               SET polite_at = greatest(polite_at, now() + make_interval(secs => $3)),
                   ready_at = greatest(ready_at, now() + make_interval(secs => $3)),
                   rests_until = greatest(polite_at, now() + make_interval(secs => $3)),
                   last_error = $4, failures = $5, doubts = $6
             WHERE id = $1 AND lease_token = $2
            "#,
            host.0,
            token.0,
            rest.as_secs_f64(),
            plain(reason),
            small(standing.failures),
            small(standing.doubts),
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("let a host rest"))?;
        Ok(done.rows_affected() == 1)
    }

    async fn lease_hosts(&self, node: &str, lease: Duration) -> Result<Vec<HostRow>, StoreError> {
        let from = self.floor().start(Instant::now());
        let hosts = sqlx::query_as!(
            HostRow,
            r#"
            WITH ready AS MATERIALIZED (
                SELECT ctid, ready_at FROM crawl.hosts
                 WHERE ready_at <= now() AND ready_at >= coalesce($3, '-infinity'::timestamptz)
                 ORDER BY ready_at
                 LIMIT 10  -- a constant: a bound LIMIT makes the planner guess a tenth of the table
                   FOR NO KEY UPDATE SKIP LOCKED)
            UPDATE crawl.hosts
               SET ready_at = greatest(polite_at, now() + make_interval(secs => $2)),
                   lease_token = nextval('crawl.lease_tokens'), leased_by = $1
             WHERE ctid = ANY (ARRAY(SELECT ctid FROM ready))
            RETURNING id, key, lease_token, failures, doubts,
                      extract(epoch FROM greatest(polite_at, now()) - now())::double precision
                          AS "polite_seconds!",
                      (SELECT min(ready_at) FROM ready) AS floor
            "#,
            node,
            lease.as_secs_f64(),
            from,
        )
        .fetch_all(&self.pool)
        .await
        .map_err(StoreError::during("lease hosts"))?;
        let found = hosts.first().and_then(|host| host.floor);
        self.floor().keep(found);
        Ok(hosts)
    }

    fn floor(&self) -> MutexGuard<'_, Floor> {
        self.floor.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Up to ten due jobs of each host that is still held, class by class: an index probe a class,
    /// however many wait.
    async fn jobs_of(
        &self,
        hosts: &[i32],
        tokens: &[i64],
        in_hand: &[Uuid],
    ) -> Result<BTreeMap<i32, Vec<Job>>, StoreError> {
        let rows = sqlx::query_as!(
            JobRow,
            r#"
            SELECT j.host_id AS "host_id!", j.fingerprint AS "fingerprint!", j.url AS "url!",
                   j.kind::text AS "kind!", j.priority AS "priority!", j.attempt AS "attempt!",
                   j.first_seen_at AS "first_seen_at!", j.source_id, j.section_id,
                   j.interval_seconds, j.depth AS "depth!", j.since,
                   v.etag AS "etag?", v.last_modified AS "last_modified?",
                   v.body_hash AS "body_hash?"
              FROM unnest($1::integer[], $2::bigint[]) AS held (id, token)
              JOIN crawl.hosts h ON h.id = held.id AND h.lease_token = held.token
             CROSS JOIN LATERAL (
                   SELECT d.* FROM (VALUES (0::smallint), (1::smallint), (2::smallint),
                                           (3::smallint)) AS c (priority)
                    CROSS JOIN LATERAL (
                          SELECT w.host_id, w.fingerprint, w.url, w.kind, w.priority, w.attempt,
                                 w.first_seen_at, w.source_id, w.section_id, w.interval_seconds,
                                 w.depth, w.since, w.run_at
                            FROM crawl.jobs w
                           WHERE w.host_id = h.id AND w.priority = c.priority
                             AND w.run_at <= now() AND w.fingerprint <> ALL ($3::uuid[])
                           ORDER BY w.run_at LIMIT 10) d
                    LIMIT 10) j  -- class by class: a lateral join is a loop over what is before it
              LEFT JOIN crawl.visits v ON v.fingerprint = j.fingerprint
             ORDER BY j.host_id, j.priority, j.run_at
            "#,
            hosts,
            tokens,
            in_hand,
        )
        .fetch_all(&self.pool)
        .await
        .map_err(StoreError::during("read the jobs of hosts"))?;
        let mut jobs: BTreeMap<i32, Vec<Job>> = BTreeMap::new();
        for row in rows {
            jobs.entry(row.host_id).or_default().push(row.try_into()?);
        }
        Ok(jobs)
    }

    /// Gives hosts back, ready when their first job is due. The cap of ten minutes heals a wake-up
    /// that was lost between an enqueue and a release, without a lock between the two.
    ///
    /// Does not wait for the disk: a release that a crash of the server undoes leaves a lease that
    /// ends by itself, and a lease is longer than any delay.
    async fn give_back(
        &self,
        (ids, tokens): (Vec<i32>, Vec<i64>),
        polite_for: Duration,
        failures: Option<u16>,
    ) -> Result<u64, StoreError> {
        let mut given = 0;
        // Twice: a row that was written between the statement's snapshot and its lock is passed over.
        for _ in 0..2 {
            given += self
                .give_back_seen((&ids, &tokens), polite_for, failures)
                .await?;
            if usize::try_from(given) == Ok(ids.len()) {
                break;
            }
        }
        Ok(given)
    }

    async fn give_back_seen(
        &self,
        (ids, tokens): (&[i32], &[i64]),
        polite_for: Duration,
        failures: Option<u16>,
    ) -> Result<u64, StoreError> {
        let done = sqlx::query!(
            r#"
            UPDATE crawl.hosts t
               SET lease_token = 0, leased_by = NULL, failures = coalesce($4, t.failures),
                   last_error = CASE WHEN coalesce($4, t.failures) = 0 THEN NULL
                                     ELSE t.last_error END,
                   polite_at = greatest(t.polite_at, now() + make_interval(secs => $3)),
                   ready_at = greatest(
                       t.polite_at, now() + make_interval(secs => $3),
                       least(now() + interval '10 min', (
                           SELECT min(q.run_at)
                             FROM (VALUES (0::smallint), (1::smallint), (2::smallint),
                                          (3::smallint)) AS c (priority)
                            CROSS JOIN LATERAL (
                                  SELECT run_at FROM crawl.jobs j
                                   WHERE j.host_id = t.id AND j.priority = c.priority
                                   ORDER BY run_at LIMIT 1) q)))
             WHERE t.ctid = ANY (ARRAY(
                   SELECT ctid FROM crawl.hosts WHERE id = ANY ($1) AND lease_token = ANY ($2)
                    ORDER BY id FOR NO KEY UPDATE))  -- ordered: never a deadlock with settle()
               AND (SELECT set_config('synchronous_commit', 'off', true)) = 'off'
            "#,
            ids,
            tokens,
            polite_for.as_secs_f64(),
            failures.map(small),
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("release hosts"))?;
        Ok(done.rows_affected())
    }
}

fn leased(host: HostRow, jobs: Vec<Job>) -> Lease<LeasedHost> {
    Lease {
        token: LeaseToken(host.lease_token),
        value: LeasedHost {
            id: HostId(host.id),
            key: HostKey::stored(host.key),
            polite_in: duration(host.polite_seconds),
            standing: Standing {
                failures: count(host.failures),
                doubts: count(host.doubts),
            },
            jobs,
        },
    }
}
