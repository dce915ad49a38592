//! Hosts as rows, and the robots.txt of their origins, one copy for all nodes.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use xxhash_rust::xxh3::xxh3_64;

use super::rows::small;
use super::{Store, StoreError};
use crate::domain::{HostId, HostKey, LeaseToken};

/// Lanes that hosts are spread over.
const LANES: u64 = 64;

/// What an origin's robots.txt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RobotsVerdict {
    /// The body holds rules.
    Rules,
    /// There is none: all is allowed (RFC 9309 section 2.3.1.3).
    AllowAll,
    /// It could not be reached: nothing is allowed (RFC 9309 section 2.3.1.4).
    DisallowAll,
}

/// A robots.txt as it was last fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RobotsCopy {
    /// What it came to.
    pub verdict: RobotsVerdict,
    /// Its bytes as received; empty unless the verdict is `Rules`.
    pub body: Vec<u8>,
    /// When it was asked for.
    pub fetched_at: DateTime<Utc>,
    /// When it must be asked for again.
    pub expires_at: DateTime<Utc>,
}

impl Store {
    /// The copy of an origin's robots.txt, expired or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn robots(&self, origin: &str) -> Result<Option<RobotsCopy>, StoreError> {
        let found = sqlx::query!(
            r#"
            SELECT verdict::text AS "verdict!", body, fetched_at, expires_at
              FROM crawl.robots WHERE origin = $1
            "#,
            origin,
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(StoreError::during("read a robots.txt"))?;
        let Some(row) = found else {
            return Ok(None);
        };
        let verdict = robots_verdict(&row.verdict).ok_or_else(|| StoreError::BadRow {
            table: "robots",
            column: "verdict",
            id: origin.to_owned(),
        })?;
        Ok(Some(RobotsCopy {
            verdict,
            body: row.body,
            fetched_at: row.fetched_at,
            expires_at: row.expires_at,
        }))
    }

    /// Keeps a robots.txt; of two nodes that fetched it, the later fetch stays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_robots(&self, origin: &str, copy: &RobotsCopy) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            INSERT INTO crawl.robots AS r (origin, verdict, body, fetched_at, expires_at)
            VALUES ($1, $2::text::crawl.robots_verdict, $3, $4, $5)
            ON CONFLICT (origin) DO UPDATE
               SET verdict = excluded.verdict, body = excluded.body,
                   fetched_at = excluded.fetched_at, expires_at = excluded.expires_at
             WHERE r.fetched_at <= excluded.fetched_at
            "#,
            origin,
            robots_verdict_text(copy.verdict),
            copy.body,
            copy.fetched_at,
            copy.expires_at,
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("keep a robots.txt"))?;
        Ok(())
    }

    /// Notes what a lease taught of a host that its release does not say: doubts, and the delay in
    /// force. Writes nothing where nothing is new or the lease was lost.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_host(
        &self,
        host: HostId,
        token: LeaseToken,
        doubts: u16,
        delay: Duration,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            UPDATE crawl.hosts SET doubts = $3, delay_seconds = $4
             WHERE id = $1 AND lease_token = $2
               AND (doubts, delay_seconds) IS DISTINCT FROM ($3, $4)
            "#,
            host.0,
            token.0,
            small(doubts),
            delay.as_secs_f64(),
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("note what a host is like"))?;
        Ok(())
    }

    /// The rows of hosts, made where they are missing.
    pub(super) async fn host_ids(
        &self,
        keys: BTreeSet<&HostKey>,
    ) -> Result<BTreeMap<HostKey, HostId>, StoreError> {
        let mut ids = self.known_hosts(&keys).await?;
        let missing: BTreeSet<&HostKey> = keys
            .into_iter()
            .filter(|key| !ids.contains_key(*key))
            .collect();
        if !missing.is_empty() {
            self.add_hosts(&missing).await?;
            ids.append(&mut self.known_hosts(&missing).await?);
        }
        Ok(ids)
    }

    async fn known_hosts(
        &self,
        keys: &BTreeSet<&HostKey>,
    ) -> Result<BTreeMap<HostKey, HostId>, StoreError> {
        let keys: Vec<String> = keys.iter().map(|key| key.as_str().to_owned()).collect();
        let rows = sqlx::query!(
            "SELECT id, key FROM crawl.hosts WHERE key = ANY ($1)",
            &keys
        )
        .fetch_all(&self.pool)
        .await
        .map_err(StoreError::during("look up hosts"))?;
        Ok(rows
            .into_iter()
            .map(|row| (HostKey::stored(row.key), HostId(row.id)))
            .collect())
    }

    async fn add_hosts(&self, keys: &BTreeSet<&HostKey>) -> Result<(), StoreError> {
        let (keys, lanes): (Vec<String>, Vec<i32>) = keys
            .iter()
            .map(|key| (key.as_str().to_owned(), lane(key)))
            .unzip();
        sqlx::query!(
            r#"
            INSERT INTO crawl.hosts (key, lane)
            SELECT key, lane FROM unnest($1::text[], $2::integer[]) AS t (key, lane) ORDER BY key
            ON CONFLICT DO NOTHING
            "#,
            &keys,
            &lanes,
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("add hosts"))?;
        Ok(())
    }
}

fn lane(key: &HostKey) -> i32 {
    i32::try_from(xxh3_64(key.as_str().as_bytes()) % LANES).unwrap_or_default()
}

fn robots_verdict_text(verdict: RobotsVerdict) -> &'static str {
    match verdict {
        RobotsVerdict::Rules => "rules",
        RobotsVerdict::AllowAll => "allow_all",
        RobotsVerdict::DisallowAll => "disallow_all",
    }
}

fn robots_verdict(text: &str) -> Option<RobotsVerdict> {
    [
        RobotsVerdict::Rules,
        RobotsVerdict::AllowAll,
        RobotsVerdict::DisallowAll,
    ]
    .into_iter()
    .find(|verdict| robots_verdict_text(*verdict) == text)
}
