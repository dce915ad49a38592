//! The end of visits: what they found and the end of their jobs, in one transaction. A node that
//! lost its lease writes nothing.

mod hints;
mod jobs;
mod lessons;
mod pages;
mod polls;
mod recent;
mod traces;
mod values;

use recent::Links;
pub(super) use recent::Recent;
use traces::Presence;
pub(super) use traces::{Discovery, insert_discoveries, upsert_aliases, upsert_visits};

pub use values::{
    Again, Alias, AliasReason, Batching, Found, Outcome, Outside, Poll, Settled, Settlement,
    SpentHint, Visit,
};

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use super::articles::{Incoming, Known, Written, keep_raw_pages, replace_images, upsert_articles};
use super::enqueue::{NewJob, insert_jobs};
use super::error::is_conflict;
use super::fetches::{Made, insert_exchanges};
use super::{Store, StoreError, StoredArticle};
use crate::domain::{CanonicalUrl, Fingerprint, HostId, HostKey, JobKind, LeaseToken};

/// How often a transaction is repeated that lost to another one.
pub(super) const CONFLICT_TRIES: u32 = 3;

/// What the transaction works with.
struct Work<'a> {
    hosts: &'a BTreeMap<HostKey, HostId>,
    /// Settlements whose lease still holds.
    held: Vec<&'a Settlement>,
    /// Their links, without those that are known to be in the tables.
    links: Vec<&'a Links<'a>>,
    now: DateTime<Utc>,
}

impl Store {
    /// How visits are best gathered for this database.
    #[must_use]
    pub fn batching(&self) -> Batching {
        match self.is_cluster() {
            true => Batching::CLUSTER,
            false => Batching::ALONE,
        }
    }

    /// Ends a batch of visits in one transaction: either all of a visit's traces are there and its
    /// job is done, or none. Settlements of hosts whose lease was lost are dropped whole.
    ///
    /// # Errors
    /// When the database fails; nothing is written then, and the batch may be settled again.
    pub async fn settle(&self, batch: &[Settlement]) -> Result<Settled, StoreError> {
        if batch.is_empty() {
            return Ok(Settled::default());
        }
        let links: Vec<Links<'_>> = batch.iter().map(|s| self.recent.unknown(s)).collect();
        let hosts = self.host_ids(hosts_in(batch, &links)).await?;
        let mut tries = 1;
        let (settled, woken) = loop {
            match self.try_settle(batch, &links, &hosts).await {
                Err(error) if is_conflict(&error) && tries < CONFLICT_TRIES => tries += 1,
                result => break result?,
            }
        };
        if let Err(error) = self.wake(woken).await {
            // Committed already; these hosts become ready by themselves within ten minutes.
            tracing::warn!(%error, "hosts with new jobs were not woken");
        }
        Ok(settled)
    }

    async fn try_settle(
        &self,
        batch: &[Settlement],
        links: &[Links<'_>],
        hosts: &BTreeMap<HostKey, HostId>,
    ) -> Result<(Settled, BTreeSet<HostId>), StoreError> {
        let mut transaction: Transaction<'_, Postgres> = self
            .pool
            .begin()
            .await
            .map_err(StoreError::during("begin a transaction"))?;
        let (held, now) = lock_hosts(&mut transaction, batch).await?;
        let work = Work {
            hosts,
            held: batch.iter().filter(|s| is_held(&held, s)).collect(),
            links: batch
                .iter()
                .zip(links)
                .filter(|(s, _)| is_held(&held, s))
                .map(|(_, links)| links)
                .collect(),
            now,
        };
        let mut enqueued = work.enqueue(&mut transaction).await?;
        let written = work.store_articles(&mut transaction).await?;
        work.leave_traces(&mut transaction).await?;
        work.finish_jobs(&mut transaction, &written).await?;
        enqueued.extend(work.enqueue_next_pages(&mut transaction).await?);
        work.write_hints(&mut transaction).await?;
        work.drop_spent_hints(&mut transaction).await?;
        transaction
            .commit()
            .await
            .map_err(StoreError::during("commit a settlement"))?;
        let mut settled = Settled {
            enqueued: enqueued.iter().map(|(_, key)| *key).collect(),
            ..Settled::default()
        };
        for settlement in batch {
            if is_held(&held, settlement) {
                self.recent.keep(settlement);
                settled.outcomes.push(written.outcome(settlement));
            } else {
                settled.outcomes.push(Outcome::Lost);
                settled.lost.push(settlement.host);
            }
        }
        settled.lost.sort_unstable();
        settled.lost.dedup();
        Ok((
            settled,
            enqueued.into_iter().map(|(host, _)| host).collect(),
        ))
    }
}

type Held = BTreeSet<(HostId, LeaseToken)>;

fn is_held(held: &Held, settlement: &Settlement) -> bool {
    held.contains(&(settlement.host, settlement.token))
}

/// The hosts of everything new that a batch brings.
fn hosts_in<'a>(batch: &'a [Settlement], links: &[Links<'a>]) -> BTreeSet<&'a HostKey> {
    let found = links
        .iter()
        .flat_map(|links| &links.found)
        .map(|found| &found.job.host);
    let articles = batch.iter().filter_map(|s| s.article.as_ref());
    let pages = batch.iter().filter_map(|s| s.next.as_ref());
    found
        .chain(articles.map(|article| &article.host))
        .chain(pages.map(|page| &page.host))
        .collect()
}

/// Locks the hosts that are still held, and reads the database's clock: one time for all rows.
async fn lock_hosts(
    connection: &mut PgConnection,
    batch: &[Settlement],
) -> Result<(Held, DateTime<Utc>), StoreError> {
    let ids: Vec<i32> = batch.iter().map(|s| s.host.0).collect();
    let tokens: Vec<i64> = batch.iter().map(|s| s.token.0).collect();
    let rows = sqlx::query!(
        r#"
        SELECT id, lease_token, now() AS "now!"
          FROM crawl.hosts WHERE id = ANY ($1) AND lease_token = ANY ($2)
         ORDER BY id FOR NO KEY UPDATE
        "#,
        &ids,
        &tokens,
    )
    .fetch_all(connection)
    .await
    .map_err(StoreError::during("lock hosts"))?;
    let now = rows.first().map(|row| row.now).unwrap_or_default();
    let held = rows
        .into_iter()
        .map(|row| (HostId(row.id), LeaseToken(row.lease_token)));
    Ok((held.collect(), now))
}

/// What the tables made of the articles of a batch.
struct Stored<'a> {
    /// The settlement that spoke for each identity.
    chosen: BTreeMap<Uuid, &'a Settlement>,
    written: BTreeMap<Uuid, Written>,
}

impl Stored<'_> {
    fn outcome(&self, settlement: &Settlement) -> Outcome {
        let Some(article) = &settlement.article else {
            return Outcome::Done;
        };
        let key = article.identity.fingerprint().as_uuid();
        let is_chosen = |s: &&Settlement| std::ptr::eq(*s, settlement);
        if self.chosen.get(&key).filter(|s| is_chosen(s)).is_none() {
            return Outcome::Known;
        }
        match self.written.get(&key) {
            Some(written) if !written.is_changed => Outcome::Unchanged,
            Some(written) if written.revision == 1 => Outcome::New,
            Some(written) => Outcome::Revised(written.revision),
            None if article.is_alias => Outcome::Known,
            None => Outcome::Unchanged,
        }
    }
}

impl<'a> Work<'a> {
    /// New links into the frontier; the addresses of articles and of further pages become known
    /// without one.
    async fn enqueue(
        &self,
        connection: &mut PgConnection,
    ) -> Result<Vec<(HostId, Fingerprint)>, StoreError> {
        let jobs: Vec<&NewJob> = self
            .links
            .iter()
            .flat_map(|links| links.found.iter().map(|found| &found.job))
            .collect();
        let with_article = self.held.iter().filter(|s| s.article.is_some());
        let aliases = with_article.flat_map(|s| s.aliases.iter().map(|alias| &alias.from));
        let known: BTreeSet<Uuid> = self
            .articles()
            .filter(|(s, _)| !knows_first_sight(s))
            .map(|(_, article)| &article.identity)
            .chain(aliases)
            .chain(self.next_pages().map(|page| &page.url))
            .map(CanonicalUrl::fingerprint)
            .chain(self.held.iter().flat_map(|s| s.seen.iter().copied()))
            .map(Fingerprint::as_uuid)
            .collect();
        if jobs.is_empty() && known.is_empty() {
            return Ok(Vec::new());
        }
        let known: Vec<Uuid> = known.into_iter().collect();
        insert_jobs(connection, &jobs, self.hosts, &known).await
    }

    fn articles(&self) -> impl Iterator<Item = (&'a Settlement, &'a StoredArticle)> {
        self.held
            .iter()
            .filter_map(|s| Some((*s, s.article.as_ref()?)))
    }

    async fn store_articles(
        &self,
        connection: &mut PgConnection,
    ) -> Result<Stored<'a>, StoreError> {
        // An identity that was met twice in the batch: the visit to its own address speaks for it.
        let mut chosen: BTreeMap<Uuid, &'a Settlement> = BTreeMap::new();
        for (settlement, article) in self.articles() {
            let key = article.identity.fingerprint().as_uuid();
            if !article.is_alias || !chosen.contains_key(&key) {
                chosen.insert(key, settlement);
            }
        }
        let elsewhere = chosen.iter().filter(|(_, s)| !knows_first_sight(s));
        let elsewhere = elsewhere.map(|(key, _)| *key).collect();
        let seen = seen_at(connection, elsewhere).await?;
        let incoming: Vec<Incoming<'a>> = chosen
            .iter()
            .filter_map(|(key, settlement)| {
                let stored = settlement.article.as_ref()?;
                let first_seen_at = match knows_first_sight(settlement) {
                    true => settlement.job.first_seen_at,
                    false => *seen.get(key)?,
                };
                Some(Incoming {
                    key: *key,
                    first_seen_at,
                    host: *self.hosts.get(&stored.host)?,
                    source: settlement.job.source,
                    section: settlement.job.section,
                    at: self.now,
                    stored,
                })
            })
            .collect();
        let written = upsert_articles(connection, &incoming, Known::Replaced).await?;
        replace_images(connection, &incoming, &written).await?;
        keep_raw_pages(connection, &incoming, &written).await?;
        Ok(Stored { chosen, written })
    }

    async fn leave_traces(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        self.mark(connection, Presence::Gone).await?;
        self.mark(connection, Presence::There).await?;
        self.write_aliases(connection).await?;
        self.write_discoveries(connection).await?;
        self.write_visits(connection).await?;
        self.write_lessons(connection).await?;
        self.write_polls(connection).await?;
        let made: Vec<Made<'_>> = self
            .held
            .iter()
            .flat_map(|s| {
                s.exchanges.iter().map(|exchange| Made {
                    host: s.host,
                    key: s.job.fingerprint,
                    kind: s.job.kind,
                    source: s.job.source,
                    exchange,
                    archive: None,
                })
            })
            .collect();
        insert_exchanges(connection, &made).await
    }
}

/// Whether the job says when its article's address was first met. That of a listing may be younger
/// than its address.
fn knows_first_sight(settlement: &Settlement) -> bool {
    settlement.job.kind == JobKind::Article && settlement.read_elsewhere().is_none()
}

/// When addresses were first met: the partitions of their articles.
pub(super) async fn seen_at(
    connection: &mut PgConnection,
    keys: Vec<Uuid>,
) -> Result<BTreeMap<Uuid, DateTime<Utc>>, StoreError> {
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = sqlx::query!(
        "SELECT fingerprint, first_seen_at FROM crawl.seen WHERE fingerprint = ANY ($1)",
        &keys,
    )
    .fetch_all(connection)
    .await
    .map_err(StoreError::during("look up known addresses"))?;
    Ok(rows
        .into_iter()
        .map(|row| (row.fingerprint, row.first_seen_at))
        .collect())
}
