//! The loads: the product's own calls, and the raw statements they are compared with.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use sokbo::domain::{
    Article, CanonicalUrl, Disposition, HostKey, Job, JobKind, Lease, LeasedHost, Priority, Scope,
    SimHash,
};
use sokbo::store::{NewJob, Settlement, Store, StoredArticle};
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::drive::Client;
use crate::world::{World, address, page};

const LEASE: Duration = Duration::from_secs(120);

/// Numbers that look random and are the same in every run (xorshift, Marsaglia 2003).
#[derive(Debug, Clone, Copy)]
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below.max(1)
    }

    /// One below `below`, as a key of `bench.rows`.
    fn key(&mut self, below: u64) -> Result<i64> {
        Ok(i64::try_from(1 + self.roll(below))?)
    }
}

fn dice(client: u64) -> Dice {
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

/// One row by its primary key.
pub(crate) struct RawSelect(PgConnection, Dice, u64);

impl RawSelect {
    pub(crate) async fn connect(world: &World, clients: u64) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        for n in 0..clients {
            all.push(Self(world.connect().await?, dice(n), world.raw_rows()));
        }
        Ok(all)
    }
}

impl Client for RawSelect {
    async fn call(&mut self) -> Result<u64> {
        let key = self.1.key(self.2)?;
        let row = sqlx::query("SELECT payload FROM bench.rows WHERE id = $1")
            .bind(key)
            .fetch_one(&mut self.0)
            .await?;
        Ok(u64::from(!row.is_empty()))
    }
}

/// One durable update of one row.
pub(crate) struct RawUpdate(PgConnection, Dice, u64);

impl RawUpdate {
    pub(crate) async fn connect(world: &World, clients: u64) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        for n in 0..clients {
            all.push(Self(world.connect().await?, dice(n), world.raw_rows()));
        }
        Ok(all)
    }
}

impl Client for RawUpdate {
    async fn call(&mut self) -> Result<u64> {
        let key = self.1.key(self.2)?;
        let done = sqlx::query("UPDATE bench.rows SET n = n + 1 WHERE id = $1")
            .bind(key)
            .execute(&mut self.0)
            .await?;
        Ok(done.rows_affected())
    }
}

/// Two durable updates of ten rows each: what a lease and a settlement must write at the least.
pub(crate) struct RawPair(PgConnection, Dice, u64);

impl RawPair {
    pub(crate) async fn connect(world: &World, clients: u64) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        for n in 0..clients {
            all.push(Self(world.connect().await?, dice(n), world.raw_rows()));
        }
        Ok(all)
    }
}

impl Client for RawPair {
    async fn call(&mut self) -> Result<u64> {
        // Sorted: two clients that lock the same rows never wait for each other.
        let keys: Result<BTreeSet<i64>> = (0..10).map(|_| self.1.key(self.2)).collect();
        let keys: Vec<i64> = keys?.into_iter().collect();
        for _ in 0..2 {
            sqlx::query("UPDATE bench.rows SET n = n + 1 WHERE id = ANY ($1)")
                .bind(&keys)
                .execute(&mut self.0)
                .await?;
        }
        Ok(10)
    }
}

/// A thousand articles into a table without an index.
pub(crate) struct RawCopy(PgConnection, String);

impl RawCopy {
    pub(crate) async fn connect(world: &World, clients: u64) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        for n in 0..clients {
            let mut rows = String::new();
            for k in 0..1000 {
                let url = page(k, world.hosts)?;
                let key = url.fingerprint().as_uuid();
                let article = article(n * 1000 + k);
                let hash = article.content_hash().as_uuid();
                let (title, lead) = (&article.title, article.lead());
                let body = article.body_text().replace('\n', "\\n");
                rows.push_str(&format!(
                    "{key}\tnow\t1\t{url}\t{title}\t{{}}\t{{}}\t{lead}\t{body}\t800\t[]\t{hash}\t{k}\t1\tnow\n"
                ));
            }
            all.push(Self(world.connect().await?, rows));
        }
        Ok(all)
    }
}

impl Client for RawCopy {
    async fn call(&mut self) -> Result<u64> {
        let mut copy = self.0.copy_in_raw("COPY bench.copied FROM STDIN").await?;
        copy.send(self.1.as_bytes()).await?;
        Ok(copy.finish().await?)
    }
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

fn finished(lease: &Lease<LeasedHost>) -> impl Iterator<Item = Settlement> {
    lease.value.jobs.iter().map(|job| {
        let interval = job.interval.map(|_| Duration::from_millis(1));
        let done = Disposition::Complete { interval };
        Settlement::new(lease.value.id, lease.token, job.clone(), done)
    })
}

async fn give_back(store: &Store, leases: &[Lease<LeasedHost>]) -> Result<()> {
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

/// A node whose jobs are articles; only their settlement counts.
pub(crate) struct ArticleWriter {
    store: Store,
    batch: usize,
    /// Made before, so that making them takes no time from the server.
    texts: Vec<Article>,
    count: u64,
    idle: Duration,
}

impl ArticleWriter {
    pub(crate) async fn connect(world: &World, clients: u64, batch: usize) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        for n in 0..clients {
            all.push(Self {
                store: world.store().await?,
                batch,
                texts: (0..500).map(|k| article(n * 500 + k)).collect(),
                count: n << 32,
                idle: Duration::ZERO,
            });
        }
        Ok(all)
    }

    fn stored(&mut self, job: &Job) -> StoredArticle {
        self.count += 1;
        let texts = self.texts.len().max(1);
        let text = usize::try_from(self.count).unwrap_or_default() % texts;
        let mut article = self.texts.get(text).cloned().unwrap_or_default();
        article.title.push_str(&self.count.to_string());
        StoredArticle {
            identity: job.url.clone(),
            host: HostKey::of(&job.url, Scope::Host),
            sim_hash: SimHash::from_bits(self.count),
            content_hash: article.content_hash(),
            article,
            word_count: 800,
            keep_body: true,
            is_alias: false,
            raw: None,
        }
    }
}

impl Client for ArticleWriter {
    async fn call(&mut self) -> Result<u64> {
        let start = Instant::now();
        let mut leases = Vec::new();
        let mut batch = Vec::new();
        while batch.len() < self.batch {
            let more = self.store.lease("writer", LEASE).await?;
            if more.is_empty() {
                break;
            }
            for mut settlement in more.iter().flat_map(finished) {
                settlement.article = Some(self.stored(&settlement.job));
                batch.push(settlement);
            }
            leases.extend(more);
        }
        self.idle += start.elapsed();
        for part in batch.chunks(self.batch) {
            self.store.settle(part).await.context("settling articles")?;
        }
        let start = Instant::now();
        give_back(&self.store, &leases).await?;
        self.idle += start.elapsed();
        Ok(u64::try_from(batch.len())?)
    }

    fn take_idle(&mut self) -> Duration {
        std::mem::take(&mut self.idle)
    }
}

impl Node for ArticleWriter {
    fn into_store(self) -> Store {
        self.store
    }
}

/// An article of 5 KB; each number gives another one.
fn article(n: u64) -> Article {
    let mut dice = dice(n.wrapping_mul(0x2545_f491_4f6c_dd1d));
    let mut words = |count: u64| -> String {
        let words: Vec<String> = (0..count).map(|_| word(dice.roll(20_000))).collect();
        words.join(" ")
    };
    Article {
        title: words(9),
        body: (0..8).map(|_| words(90)).collect(),
        ..Article::default()
    }
}

fn word(number: u64) -> String {
    const SYLLABLES: [&str; 16] = [
        "ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wu",
        "za",
    ];
    let mut rest = number + 16;
    let mut word = String::new();
    while rest > 0 {
        let syllable = usize::try_from(rest % 16)
            .ok()
            .and_then(|i| SYLLABLES.get(i));
        word.extend(syllable.copied());
        rest /= 16;
    }
    word
}
