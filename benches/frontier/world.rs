//! A private server with a frontier of a given size, and what can be read off it from outside.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use sokbo::domain::{CanonicalUrl, Identity};
use sokbo::store::{Access, EmbeddedServer, Settings, Store};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, PgPool};

use crate::clients::{self, LeaseFinish};
use crate::drive::{self, Client, Load};

/// Hosts with a listing.
pub(crate) const LISTINGS: u64 = 10_000;

/// How the jobs lie on the hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Articles, spread evenly: gone when done.
    Articles,
    /// One listing a host: due again a millisecond after it is done.
    Listings,
    /// The same, and one host more that owns nine tenths of all jobs and rests.
    Dominated,
}

pub(crate) struct World {
    /// Addresses known from the start.
    pub(crate) size: u64,
    /// Hosts that these lie on.
    pub(crate) hosts: u64,
    data_dir: PathBuf,
    server: EmbeddedServer,
    url: SecretString,
    admin: PgPool,
}

/// Known address number `k`: neighbours lie on different hosts.
pub(crate) fn page(k: u64, hosts: u64) -> Result<CanonicalUrl> {
    let (host, n) = (k % hosts, k / hosts);
    address(&format!("https://h{host}.example/news/{n}"))
}

pub(crate) fn address(text: &str) -> Result<CanonicalUrl> {
    Ok(CanonicalUrl::parse(text, Identity::AllButTracking)?)
}

impl World {
    pub(crate) async fn start(size: u64) -> Result<Self> {
        eprintln!("{size} known URLs");
        let data_dir = std::env::temp_dir().join(format!("sokbo-bench-{}", std::process::id()));
        fs::create_dir_all(&data_dir)?;
        let server = EmbeddedServer::open(&data_dir).await?;
        let url = server.access().url("sokbo");
        Store::open(&settings(&url, 2), Access::Owner)
            .await?
            .close()
            .await;
        Ok(Self {
            size,
            hosts: if size <= 10_000 { 1_000 } else { 10_000 },
            admin: PgPoolOptions::new()
                .max_connections(1)
                .connect(url.expose_secret())
                .await?,
            data_dir,
            server,
            url,
        })
    }

    pub(crate) async fn stop(self) {
        self.admin.close().await;
        self.server.close().await;
        if let Err(error) = fs::remove_dir_all(&self.data_dir) {
            eprintln!("{} stays: {error}", self.data_dir.display());
        }
    }

    /// A node's view of the frontier, over one connection.
    pub(crate) async fn store(&self) -> Result<Store> {
        Ok(Store::open(&settings(&self.url, 1), Access::Attach).await?)
    }

    /// A connection for raw statements.
    pub(crate) async fn connect(&self) -> Result<PgConnection> {
        let options: PgConnectOptions = self.url.expose_secret().parse()?;
        Ok(options.application_name("raw").connect().await?)
    }

    async fn run(&self, sql: &str) -> Result<()> {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&self.admin)
            .await
            .with_context(|| sql.to_owned())?;
        Ok(())
    }

    async fn number(&self, sql: &'static str) -> Result<i64> {
        Ok(sqlx::query_scalar(sql).fetch_one(&self.admin).await?)
    }

    /// Known addresses, as they would have come in: a host's keys lie together, in random order.
    pub(crate) async fn fill(&self) -> Result<()> {
        let hosts = self.hosts;
        self.run(&format!(
            "CREATE SCHEMA bench;
             CREATE TABLE bench.jobs (LIKE crawl.jobs INCLUDING DEFAULTS);
             CREATE TABLE bench.rows AS
             SELECT id, 0 AS n, repeat('x', 80) AS payload FROM generate_series(1, {}) AS id;
             ALTER TABLE bench.rows ADD PRIMARY KEY (id), ALTER COLUMN id TYPE bigint;
             CREATE TABLE bench.copied AS
             SELECT fingerprint, first_seen_at, host_id, url, title, authors, tags, lead, body,
                    word_count, provenance, content_hash, sim_hash, revision_count, checked_at
               FROM crawl.articles WITH NO DATA;
             ALTER TABLE bench.copied ALTER COLUMN body SET COMPRESSION lz4;
             INSERT INTO crawl.host_keys (key)
             SELECT 'h' || n || '.example' FROM generate_series(0, {LISTINGS}) AS n;
             INSERT INTO crawl.hosts (id, key, lane)
             SELECT host_id, key, host_id % 64 FROM crawl.host_keys",
            self.raw_rows(),
        ))
        .await?;
        let ids: Vec<i32> = sqlx::query_scalar(
            "SELECT id FROM crawl.hosts ORDER BY substring(key FROM '[0-9]+')::integer",
        )
        .fetch_all(&self.admin)
        .await?;
        let jobs_per_host = if self.size > 1_000_000 { 100 } else { 10 };
        let now: DateTime<Utc> = sqlx::query_scalar("SELECT now()")
            .fetch_one(&self.admin)
            .await?;
        let (mut seen, mut jobs) = (String::new(), String::new());
        for (host, id) in (0..hosts).zip(&ids) {
            for n in 0..self.size / hosts {
                let url = page(host + n * hosts, hosts)?;
                let key = url.fingerprint().as_uuid();
                // A hundred links of a listing were met at one time.
                let nth = i64::try_from((host * self.size / hosts + n) / 100)?;
                let at = (now - TimeDelta::microseconds(nth)).to_rfc3339();
                seen.push_str(&format!("{key}\t{at}\n"));
                if n < jobs_per_host {
                    jobs.push_str(&format!("{id}\t{key}\t{at}\t1\tnow\tarticle\t{url}\n"));
                }
            }
            if seen.len() > 8 << 20 || host + 1 == hosts {
                self.copy("crawl.seen (fingerprint, first_seen_at)", &seen)
                    .await?;
                let columns = "host_id, fingerprint, first_seen_at, priority, run_at, kind, url";
                self.copy(&format!("bench.jobs ({columns})"), &jobs).await?;
                (seen, jobs) = (String::new(), String::new());
            }
        }
        // What was visited before, half of what is known.
        self.run(
            "INSERT INTO crawl.visits (fingerprint, host_id, etag, body_hash, checked_at)
             SELECT fingerprint, 1, '\"0123456789abcdef\"', fingerprint, now() FROM crawl.seen
              WHERE right(fingerprint::text, 1) < '8'",
        )
        .await?;
        for table in ["crawl.seen", "crawl.visits", "bench.rows", "bench.jobs"] {
            self.run(&format!("VACUUM (ANALYZE) {table}")).await?;
        }
        self.run("CHECKPOINT").await
    }

    /// Rows that raw statements work on.
    pub(crate) fn raw_rows(&self) -> u64 {
        self.size.min(1_000_000)
    }

    pub(crate) async fn copy(&self, into: &str, rows: &str) -> Result<()> {
        let mut connection = self.admin.acquire().await?;
        let statement = format!("COPY {into} FROM STDIN");
        let mut copy = connection.copy_in_raw(&statement).await?;
        copy.send(rows.as_bytes()).await?;
        copy.finish().await?;
        Ok(())
    }

    /// Lays out the jobs anew; all hosts are idle and ready.
    pub(crate) async fn fill_jobs(&self, shape: Shape) -> Result<()> {
        let columns = "host_id, fingerprint, first_seen_at, priority, run_at, kind, url";
        let insert = format!("INSERT INTO crawl.jobs ({columns}, interval_seconds)");
        let listings = format!(
            "{insert} SELECT id, gen_random_uuid(), now(), 0, now(), 'page',
                    'https://' || key || '/', 1 FROM crawl.hosts WHERE key <> 'h{LISTINGS}.example'"
        );
        let jobs = match shape {
            Shape::Articles => format!("{insert} SELECT {columns}, NULL FROM bench.jobs"),
            Shape::Listings => listings,
            Shape::Dominated => format!(
                "{listings};
                 INSERT INTO crawl.jobs ({columns})
                 SELECT (SELECT max(id) FROM crawl.hosts), gen_random_uuid(), now(), 1, now(),
                        'article', 'https://h{LISTINGS}.example/x'
                   FROM generate_series(1, 9 * {LISTINGS})"
            ),
        };
        self.run(&format!(
            "TRUNCATE crawl.jobs;
             {jobs};
             UPDATE crawl.hosts SET lease_token = 0, polite_at = '-infinity', ready_at = now()
                    + CASE WHEN key = 'h{LISTINGS}.example' OR NOT EXISTS (
                                SELECT FROM crawl.jobs WHERE host_id = id) THEN interval '1 h'
                           ELSE interval '0' END"
        ))
        .await?;
        // As the daemon does every minute.
        self.run("VACUUM (ANALYZE) crawl.hosts").await?;
        self.run("VACUUM (ANALYZE) crawl.jobs").await
    }

    /// Empties a table and all that articles left behind.
    pub(crate) async fn empty(&self, table: &str) -> Result<()> {
        self.run(&format!(
            "TRUNCATE {table}, crawl.articles, crawl.revisions, crawl.images, crawl.raw_pages"
        ))
        .await
    }

    /// Takes the words of title and lead away, with their index and the views that show them.
    pub(crate) async fn drop_full_text(&self) -> Result<()> {
        self.run("ALTER TABLE crawl.articles DROP COLUMN search CASCADE")
            .await
    }

    pub(crate) async fn set_autovacuum(&self, is_on: bool) -> Result<()> {
        let word = if is_on { "on" } else { "off" };
        self.run(&format!("ALTER SYSTEM SET autovacuum = {word}"))
            .await?;
        self.run("SELECT pg_reload_conf()").await
    }

    /// A transaction that has written and stays open: nothing that dies from now on can be cleared.
    pub(crate) async fn hold_horizon(&self) -> Result<PgConnection> {
        let mut connection = self.connect().await?;
        sqlx::raw_sql("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT pg_current_xact_id()")
            .execute(&mut connection)
            .await?;
        Ok(connection)
    }

    pub(crate) async fn wal_bytes(&self) -> Result<f64> {
        let at = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint";
        Ok(self.number(at).await? as f64)
    }

    /// Pages that the server read for each URL that four nodes leased and finished. Nodes that come
    /// and go read catalogs and plan statements: what a shorter life reads is taken off.
    pub(crate) async fn pages_per_item(&self, slice: Duration) -> Result<f64> {
        let (short, few) = self.pages_of(slice / 50).await?;
        let (long, many) = self.pages_of(slice).await?;
        anyhow::ensure!(many > 2.0 * few, "{many} URLs are too few beside {few}");
        Ok((long - short) / (many - few))
    }

    /// Pages that the server read for four nodes from their beginning to their end, and URLs.
    pub(crate) async fn pages_of(&self, slice: Duration) -> Result<(f64, f64)> {
        let before = self.pages().await?;
        let mut nodes = LeaseFinish::connect(self, 4).await?;
        let load = drive::run(&mut nodes, slice).await?;
        clients::close(nodes).await;
        Ok(((self.pages().await? - before) as f64, load.items()))
    }

    /// A backend tells what it read when it ends, and ours when it is told to.
    async fn pages(&self) -> Result<i64> {
        let busy = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sokbo'";
        while self.number(busy).await? > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.run("SELECT pg_stat_force_next_flush()").await?;
        self.number(
            "SELECT (blks_hit + blks_read)::bigint FROM pg_stat_database
              WHERE datname = current_database()",
        )
        .await
    }

    /// Microseconds of the backends of `application` for each item.
    pub(crate) async fn cpu_per_item<C: Client>(
        &self,
        application: &str,
        clients: &mut Vec<C>,
        slice: Duration,
    ) -> Result<f64> {
        let pids: Vec<i32> =
            sqlx::query_scalar("SELECT pid FROM pg_stat_activity WHERE application_name = $1")
                .bind(application)
                .fetch_all(&self.admin)
                .await?;
        let before = cpu_ns(&pids)?;
        let load: Load = drive::run(clients, slice).await?;
        Ok((cpu_ns(&pids)? - before) as f64 / 1000.0 / load.items())
    }
}

/// Time that processes were on a CPU, by the kernel's scheduler.
fn cpu_ns(pids: &[i32]) -> Result<u64> {
    let mut sum = 0;
    for pid in pids {
        let text = fs::read_to_string(format!("/proc/{pid}/schedstat"))?;
        let first = text.split(' ').next().context("schedstat is empty")?;
        sum += first.trim().parse::<u64>()?;
    }
    Ok(sum)
}

fn settings(url: &SecretString, max_connections: u32) -> Settings {
    Settings {
        url: Some(url.clone()),
        max_connections,
        ..Settings::default()
    }
}
