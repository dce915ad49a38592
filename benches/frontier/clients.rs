//! The loads of the frontier: the product's own calls, and a design without leases.

use std::time::Duration;

use anyhow::Result;
use sokbo::domain::{
    CanonicalUrl, Disposition, HostKey, JobKind, Lease, LeasedHost, Priority, Scope,
};
use sokbo::store::{NewJob, Settlement, Store};
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::drive::Client;
use crate::world::{World, address, page};

pub(crate) const LEASE: Duration = Duration::from_secs(120);

/// Numbers that look random and are the same in every run (xorshift, Marsaglia 2003).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below.max(1)
    }

    /// One below `below`, as a key of `bench.rows`.
    pub(crate) fn key(&mut self, below: u64) -> Result<i64> {
        Ok(i64::try_from(1 + self.roll(below))?)
    }
}

pub(crate) fn dice(client: u64) -> Dice {
    Dice(0x9e37_79b9_7f4a_7c15 ^ (client + 1))
}

/// Closes the stores of nodes, so that their backends end.
pub(crate) async fn close(nodes: Vec<impl Node>) {
    for node in nodes {
        node.into_store().close().await;
    }
}

/// A client that works through a store.
pub(crate) trait Node: Client {
    fn into_store(self) -> Store;
}

/// A node that leases hosts, finishes their jobs and gives the hosts back.
pub(crate) struct LeaseFinish(Store, String);

impl LeaseFinish {
    pub(crate) async fn connect(world: &World, clients: u64) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        for n in 0..clients {
            all.push(Self(world.store().await?, format!("node-{n}")));
        }
        Ok(all)
    }
}

impl Client for LeaseFinish {
    async fn call(&mut self) -> Result<u64> {
        let leases = self.0.lease(&self.1, LEASE).await?;
        let done: Vec<Settlement> = leases.iter().flat_map(finished).collect();
        for batch in done.chunks(self.0.batching().visits) {
            self.0.settle(batch).await?;
        }
        give_back(&self.0, &leases).await?;
        Ok(u64::try_from(done.len())?)
    }
}

impl Node for LeaseFinish {
    fn into_store(self) -> Store {
        self.0
    }
}

pub(crate) fn finished(lease: &Lease<LeasedHost>) -> impl Iterator<Item = Settlement> {
    lease.value.jobs.iter().map(|job| {
        let interval = job.interval.map(|_| Duration::from_millis(1));
        let done = Disposition::Complete { interval };
        Settlement::new(lease.value.id, lease.token, job.clone(), done)
    })
}

pub(crate) async fn give_back(store: &Store, leases: &[Lease<LeasedHost>]) -> Result<()> {
    let held: Vec<_> = leases.iter().map(|l| (l.value.id, l.token)).collect();
    store.release_all(&held, Duration::ZERO, 0).await?;
    Ok(())
}

/// The design without leases: each client owns the hosts of its number and needs nobody's leave.
pub(crate) struct NoLease {
    connection: PgConnection,
    hosts: Vec<i32>,
    next: usize,
}

impl NoLease {
    pub(crate) async fn connect(world: &World, clients: i32) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        for n in 0..clients {
            let mut connection = world.connect().await?;
            let hosts = sqlx::query_scalar("SELECT id FROM crawl.hosts WHERE id % $1 = $2")
                .bind(clients)
                .bind(n)
                .fetch_all(&mut connection)
                .await?;
            all.push(Self {
                connection,
                hosts,
                next: 0,
            });
        }
        Ok(all)
    }

    async fn take(&mut self) -> Result<(Vec<i32>, Vec<Uuid>)> {
        let mine = self.hosts.iter().cycle().skip(self.next).take(10);
        let mine: Vec<i32> = mine.copied().collect();
        self.next = (self.next + 10) % self.hosts.len();
        let rows = sqlx::query(
            "SELECT j.host_id, j.fingerprint, j.url, j.kind::text, j.priority, j.attempt,
                    j.first_seen_at, j.source_id, j.section_id, j.interval_seconds, j.depth,
                    v.etag, v.last_modified, v.body_hash
               FROM unnest($1::integer[]) AS h (id)
              CROSS JOIN LATERAL (
                    SELECT w.* FROM crawl.jobs w
                     WHERE w.host_id = h.id AND w.priority = 1 AND w.run_at <= now()
                     ORDER BY w.run_at LIMIT 10) j
               LEFT JOIN crawl.visits v ON v.fingerprint = j.fingerprint",
        )
        .bind(&mine)
        .fetch_all(&mut self.connection)
        .await?;
        let mut taken = (Vec::new(), Vec::new());
        for row in rows {
            CanonicalUrl::stored(row.try_get(2)?)?;
            taken.0.push(row.try_get::<i32, _>(0)?);
            taken.1.push(row.try_get::<Uuid, _>(1)?);
        }
        Ok(taken)
    }
}

impl Client for NoLease {
    async fn call(&mut self) -> Result<u64> {
        let (mut hosts, mut keys) = (Vec::new(), Vec::new());
        for _ in 0..self.hosts.len() / 10 + 1 {
            (hosts, keys) = self.take().await?;
            if !keys.is_empty() {
                break;
            }
        }
        if keys.is_empty() {
            return Ok(0);
        }
        let done = sqlx::query(
            "DELETE FROM crawl.jobs j USING unnest($1::integer[], $2::uuid[]) AS t (host_id, key)
              WHERE j.host_id = t.host_id AND j.fingerprint = t.key",
        )
        .bind(&hosts)
        .bind(&keys)
        .execute(&mut self.connection)
        .await?;
        Ok(done.rows_affected())
    }
}

/// A node that found listings with a hundred links.
pub(crate) struct Enqueuer {
    store: Store,
    dice: Dice,
    client: u64,
    new: u64,
    count: u64,
    size: u64,
    hosts: u64,
}

impl Enqueuer {
    /// Of each hundred links `new` were never met.
    pub(crate) async fn connect(world: &World, clients: u64, new: u64) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        for client in 0..clients {
            all.push(Self {
                store: world.store().await?,
                dice: dice(client),
                client,
                new,
                count: 0,
                size: world.size,
                hosts: world.hosts,
            });
        }
        Ok(all)
    }

    fn links(&mut self) -> Result<Vec<NewJob>> {
        let host = self.dice.roll(self.hosts);
        let per_host = self.size / self.hosts;
        // As many neighbours as it takes to hold a listing's links.
        let span = 100_u64.div_ceil(per_host);
        let mut links = Vec::new();
        for n in 0..100 {
            let url = if n < self.new {
                self.count += 1;
                let (client, count, new) = (self.client, self.count, self.new);
                address(&format!(
                    "https://h{host}.example/new/{new}/{client}/{count}"
                ))?
            } else {
                let host = (host + n % span) % self.hosts;
                page(host + self.hosts * self.dice.roll(per_host), self.hosts)?
            };
            links.push(NewJob {
                host: HostKey::of(&url, Scope::Host),
                url,
                kind: JobKind::Article,
                priority: Priority::Fresh,
                source: None,
                section: None,
                interval: None,
                depth: 0,
                since: None,
            });
        }
        Ok(links)
    }
}

impl Client for Enqueuer {
    async fn call(&mut self) -> Result<u64> {
        let links = self.links()?;
        let new = self.store.enqueue(&links).await?.len();
        anyhow::ensure!(u64::try_from(new)? == self.new, "{new} links were new");
        Ok(100)
    }
}

impl Node for Enqueuer {
    fn into_store(self) -> Store {
        self.store
    }
}
