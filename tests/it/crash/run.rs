//! The run itself, and the table at its end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use secrecy::ExposeSecret;
use sokbo::domain::{Disposition, Lease, LeasedHost};
use sokbo::store::{Access, Outcome, Settings, Settlement, Store};
use sqlx::{Connection, PgConnection, PgPool};
use tokio::time::sleep;
use uuid::Uuid;

use super::check::{Evidence, Promise, gaps, violations};
use super::fleet::{Daemon, Postgres, Reported};
use super::setup::{DELAY, HOSTS, article, configured};
use super::site::{self, Site};
use crate::support::{Sokbo, server_dir};

/// Kills of the short run.
const FEW_KILLS: usize = 15;
const NODES: usize = 3;
const LATENESS: Duration = Duration::from_millis(300);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Victim {
    OnlyDaemon,
    OneOfSeveral,
    Postmaster,
    Both,
}

impl Victim {
    fn words(self) -> &'static str {
        match self {
            Self::OnlyDaemon => "of the only daemon",
            Self::OneOfSeveral => "of one daemon of several",
            Self::Postmaster => "of the postmaster",
            Self::Both => "of a daemon and the postmaster",
        }
    }
}

struct Suite {
    rng: StdRng,
    site: Site,
    sokbo: Sokbo,
    postgres: Postgres,
    daemons: Vec<Daemon>,
    reported: Reported,
    evidence: Evidence,
    kills: BTreeMap<Victim, usize>,
    late_refused: usize,
}

#[tokio::test(flavor = "multi_thread")]
async fn daemons_and_the_database_killed_at_random_moments_break_no_promise() {
    let number = |name: &str| {
        std::env::var_os(name)?
            .into_string()
            .ok()?
            .parse::<u64>()
            .ok()
    };
    let kills = number("SOKBO_CRASH_KILLS").map_or(FEW_KILLS, |n| usize::try_from(n).unwrap());
    let seed = number("SOKBO_CRASH_SEED").unwrap_or_else(rand::random);
    println!("crash suite: {kills} kills, SEED={seed}");
    let began = Instant::now();
    let mut suite = Suite::start(seed).await;
    for n in 0..kills {
        // One daemon for the first third, then several.
        let wanted = if n < kills / 3 { 1 } else { NODES };
        while suite.daemons.len() < wanted {
            suite.start_daemon();
        }
        suite.round(n).await;
    }
    suite.finish().await;
    let pool = PgPool::connect(suite.postgres.url.expose_secret())
        .await
        .unwrap();
    let found = violations(&pool, &suite.evidence).await;
    suite.tell(&pool, seed, began.elapsed()).await;
    for promise in Promise::ALL {
        let count = found.iter().filter(|v| v.promise == promise).count();
        println!("  {count:>4} violations of {}", promise.words());
    }
    if !found.is_empty() {
        tell_last(&pool).await;
    }
    pool.close().await;
    suite.postgres.close().await;
    let told: Vec<String> = found
        .iter()
        .map(|v| format!("{:?}: {}", v.promise, v.what))
        .collect();
    assert!(told.is_empty(), "SEED={seed}:\n{}", told.join("\n"));
}

/// What the tables say of the end, for whoever looks into a violation.
async fn tell_last(pool: &PgPool) {
    for sql in [
        "SELECT h::text FROM crawl.hosts h ORDER BY id",
        "SELECT j::text FROM crawl.jobs j ORDER BY run_at LIMIT 30",
        "SELECT format('%s revision %s of transaction %s, which ended %s', a.url, r.revision, r.xmin, (
                SELECT string_agg(e.fingerprint::text, ' ') FROM audit.ends e
                 WHERE e.txid = r.xmin::text::bigint))
           FROM crawl.revisions r JOIN crawl.articles a USING (fingerprint, first_seen_at)
          WHERE NOT EXISTS (SELECT FROM audit.ends e WHERE e.txid = r.xmin::text::bigint
                                                       AND e.fingerprint = r.fingerprint)",
        "SELECT a::text FROM crawl.aliases a",
        "SELECT f::text FROM crawl.fetches f ORDER BY started_at DESC LIMIT 60",
    ] {
        println!("{sql}");
        let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(pool).await.unwrap();
        rows.iter().for_each(|row| println!("  {row}"));
    }
}

impl Suite {
    async fn start(seed: u64) -> Self {
        let site = Site::start(HOSTS).await;
        let postgres = Postgres::start(server_dir()).await;
        let sokbo = configured(&site);
        let settings = Settings {
            url: Some(postgres.url.clone()),
            ..Settings::default()
        };
        let store = Store::open(&settings, Access::Owner).await.unwrap();
        store.close().await;
        let mut connection = PgConnection::connect(postgres.url.expose_secret())
            .await
            .unwrap();
        sqlx::raw_sql(include_str!("audit.sql"))
            .execute(&mut connection)
            .await
            .unwrap();
        // A killed process leaves its writes with the system: only a power failure would lose them.
        for sql in ["ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"] {
            sqlx::query(sql).execute(&mut connection).await.unwrap();
        }
        for host in 0..HOSTS {
            (0..6).for_each(|_| site.publish(host));
        }
        Self {
            rng: StdRng::seed_from_u64(seed),
            site,
            sokbo,
            postgres,
            daemons: Vec::new(),
            reported: Arc::new(Mutex::new(Vec::new())),
            evidence: Evidence {
                delay: DELAY,
                lateness: LATENESS,
                ..Evidence::default()
            },
            kills: BTreeMap::new(),
            late_refused: 0,
        }
    }

    fn start_daemon(&mut self) {
        let node = u32::try_from(self.evidence.processes.len()).unwrap() + 1;
        let daemon = Daemon::start(&self.sokbo, &self.postgres.url, node, &self.reported);
        self.evidence.processes.insert(node, daemon.process());
        self.daemons.push(daemon);
    }

    /// Lets the crawl go on for a moment, then kills.
    async fn round(&mut self, n: usize) {
        for _ in 0..2 {
            self.site.publish(self.rng.random_range(0..HOSTS));
        }
        for _ in 0..3 {
            self.site
                .edit(self.rng.random_range(0..HOSTS), self.rng.random());
        }
        // A moment that nobody can foresee is what this suite is about.
        sleep(Duration::from_millis(self.rng.random_range(300..2500))).await;
        self.remember().await;
        if n % 8 == 5 {
            self.make_articles_due().await;
        }
        if n % 12 == 7 {
            self.write_late(n).await;
        }
        for daemon in &mut self.daemons {
            assert!(
                daemon.is_alive(),
                "a daemon ended by itself:\n{}",
                daemon.words()
            );
        }
        let victim = match (self.rng.random_range(0..10), self.daemons.len()) {
            (0..5, 1) => Victim::OnlyDaemon,
            (0..5, _) => Victim::OneOfSeveral,
            (5..9, _) => Victim::Postmaster,
            _ => Victim::Both,
        };
        *self.kills.entry(victim).or_default() += 1;
        if victim != Victim::Postmaster {
            let chosen = self.rng.random_range(0..self.daemons.len());
            self.daemons.remove(chosen).kill();
        }
        if matches!(victim, Victim::Postmaster | Victim::Both) {
            self.postgres.kill();
            sleep(Duration::from_millis(self.rng.random_range(0..1500))).await;
            self.postgres.restart().await;
        }
        if victim != Victim::Postmaster {
            self.start_daemon();
        }
    }

    /// Notes what the database holds now: it must still be there at the end.
    async fn remember(&mut self) {
        let url = self.postgres.url.expose_secret();
        let mut connection = PgConnection::connect(url).await.unwrap();
        let revisions: Vec<(Uuid, i32, Uuid)> =
            sqlx::query_as("SELECT fingerprint, revision, content_hash FROM crawl.revisions")
                .fetch_all(&mut connection)
                .await
                .unwrap();
        let seen: Vec<Uuid> = sqlx::query_scalar("SELECT fingerprint FROM crawl.seen")
            .fetch_all(&mut connection)
            .await
            .unwrap();
        self.evidence.revisions.extend(revisions);
        self.evidence.seen.extend(seen);
    }

    async fn store(&self) -> Store {
        let settings = Settings {
            url: Some(self.postgres.url.clone()),
            max_connections: 2,
            ..Settings::default()
        };
        Store::open(&settings, Access::Attach).await.unwrap()
    }

    /// Lets edits be noticed.
    async fn make_articles_due(&self) {
        let store = self.store().await;
        store.make_articles_due().await.unwrap();
        store.close().await;
    }

    /// Leases a host, sleeps over the end of the lease, and tries to store an article.
    async fn write_late(&mut self, n: usize) {
        let store = self.store().await;
        let held = leased_late(&store).await;
        let pool = PgPool::connect(self.postgres.url.expose_secret())
            .await
            .unwrap();
        let is_taken = "SELECT lease_token <> $2 FROM crawl.hosts WHERE id = $1";
        let deadline = Instant::now() + Duration::from_secs(30);
        while !sqlx::query_scalar::<_, bool>(is_taken)
            .bind(held.value.id.0)
            .bind(held.token.0)
            .fetch_one(&pool)
            .await
            .unwrap()
        {
            assert!(
                Instant::now() < deadline,
                "nobody took over an expired lease"
            );
            sleep(Duration::from_millis(20)).await;
        }
        let url = format!("http://{}/late/{n}", site::name(0));
        let mut late = Settlement::new(
            held.value.id,
            held.token,
            held.value.jobs.first().unwrap().clone(),
            Disposition::Complete { interval: None },
        );
        late.article = Some(article(&url, ["p0n0v0"; 4]));
        let settled = store.settle(&[late]).await.unwrap();
        assert_eq!(settled.outcomes, [Outcome::Lost]);
        self.late_refused += 1;
        self.evidence.late.push(url);
        pool.close().await;
        store.close().await;
    }

    /// Stops the daemons, visits what is left, and closes the evidence.
    async fn finish(&mut self) {
        self.remember().await;
        for daemon in &self.daemons {
            daemon.terminate();
        }
        let asked = Instant::now();
        for mut daemon in self.daemons.drain(..) {
            let status = daemon.wait();
            assert!(status.success(), "{status:?}:\n{}", daemon.words());
        }
        assert!(
            asked.elapsed() < Duration::from_secs(10),
            "stopping took {:?}",
            asked.elapsed()
        );
        let node = u32::try_from(self.evidence.processes.len()).unwrap() + 1;
        let mut last = self.sokbo.command(&[
            "run",
            "--until-idle",
            "--revisit",
            "all",
            "--database-url",
            self.postgres.url.expose_secret(),
        ]);
        last.env(
            "SOKBO_CRAWLER__USER_AGENT",
            format!("Sokbo/0.1 (+https://crash.example; node={node})"),
        );
        let (process, output) = tokio::task::spawn_blocking(move || {
            let child = last
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap();
            (child.id(), child.wait_with_output().unwrap())
        })
        .await
        .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        self.evidence.processes.insert(node, process);
        self.evidence.requests = self.site.log();
        self.evidence.listed = self.site.listed();
        self.evidence.titles = self.site.titles();
        self.evidence.settled = self.reported.lock().unwrap().clone();
    }

    async fn tell(&self, pool: &PgPool, seed: u64, took: Duration) {
        let count = async |sql: &'static str| -> i64 {
            sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
        };
        let articles = count("SELECT count(*) FROM crawl.articles").await;
        let revisions = count("SELECT count(*) FROM crawl.revisions").await;
        let known = count("SELECT count(*) FROM crawl.seen").await;
        let leases = count("SELECT count(DISTINCT token) FROM audit.leases").await;
        let evidence = &self.evidence;
        let smallest = gaps(&evidence.requests)
            .into_iter()
            .map(|(gap, _)| gap)
            .min();
        println!("seed {seed}, {} s", took.as_secs());
        let kills = self
            .kills
            .iter()
            .map(|(victim, n)| format!("{n} {}", victim.words()));
        println!("  kills         {}", kills.collect::<Vec<_>>().join(", "));
        println!(
            "  requests      {}, smallest gap {smallest:?} of {DELAY:?}",
            evidence.requests.len()
        );
        println!("  known         {known} addresses, {articles} articles, {revisions} revisions");
        println!(
            "  leases        {leases}; {} late writers, all refused",
            self.late_refused
        );
        println!(
            "  acknowledged  {} visits by log lines, {} revisions by looks between kills",
            evidence.settled.len(),
            evidence.revisions.len()
        );
    }
}

/// Leases one host, for a moment that is over soon.
async fn leased_late(store: &Store) -> Lease<LeasedHost> {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let leases = store.lease("late:0", Duration::from_millis(300)).await;
        let mut leases = leases.unwrap().into_iter();
        let first = leases.next();
        for other in leases {
            let released = store.release(other.value.id, other.token, Duration::ZERO, 0);
            released.await.unwrap();
        }
        if let Some(first) = first {
            return first;
        }
        assert!(Instant::now() < deadline, "no host is ever free");
        sleep(Duration::from_millis(5)).await;
    }
}
