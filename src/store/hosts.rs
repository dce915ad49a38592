//! Hosts as rows.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use xxhash_rust::xxh3::xxh3_64;

use super::rows::small;
use super::{Store, StoreError};
use crate::domain::{HostId, HostKey, LeaseToken};

/// Lanes that hosts are spread over.
const LANES: u64 = 64;

impl Store {
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

    /// Leases a host for a request that no job stands for; `None` while another node has it or it
    /// must be left alone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lease_host(
        &self,
        key: &HostKey,
        node: &str,
        lease: Duration,
    ) -> Result<Option<(HostId, LeaseToken, u16)>, StoreError> {
        let ids = self.host_ids([key].into_iter().collect()).await?;
        let Some(id) = ids.get(key) else {
            return Ok(None);
        };
        let row = sqlx::query!(
            r#"
            UPDATE crawl.hosts
               SET ready_at = now() + make_interval(secs => $2),
                   lease_token = nextval('crawl.lease_tokens'), leased_by = $3
             WHERE id = $1 AND polite_at <= now() AND (lease_token = 0 OR ready_at <= now())
            RETURNING lease_token, failures
            "#,
            id.0,
            lease.as_secs_f64(),
            node,
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(StoreError::during("lease a host"))?;
        Ok(row.map(|row| {
            let failures = u16::try_from(row.failures).unwrap_or_default();
            (*id, LeaseToken(row.lease_token), failures)
        }))
    }

    /// The rows of hosts, made where they are missing.
    pub(super) async fn host_ids(
        &self,
        keys: BTreeSet<&HostKey>,
    ) -> Result<BTreeMap<HostKey, HostId>, StoreError> {
        if keys.is_empty() {
            return Ok(BTreeMap::new());
        }
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
            "SELECT host_id, key FROM crawl.host_keys WHERE key = ANY ($1)",
            &keys
        )
        .fetch_all(&self.pool)
        .await
        .map_err(StoreError::during("look up hosts"))?;
        Ok(rows
            .into_iter()
            .map(|row| (HostKey::stored(row.key), HostId(row.host_id)))
            .collect())
    }

    async fn add_hosts(&self, keys: &BTreeSet<&HostKey>) -> Result<(), StoreError> {
        let (keys, lanes): (Vec<String>, Vec<i32>) = keys
            .iter()
            .map(|key| (key.as_str().to_owned(), lane(key)))
            .unzip();
        sqlx::query!(
            r#"
            WITH new AS (
                INSERT INTO crawl.host_keys (key)
                SELECT key FROM unnest($1::text[]) AS t (key) ORDER BY key
                ON CONFLICT DO NOTHING
                RETURNING host_id, key)
            INSERT INTO crawl.hosts (id, key, lane)
            SELECT n.host_id, n.key, t.lane
              FROM new n JOIN unnest($1::text[], $2::integer[]) AS t (key, lane) USING (key)
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
