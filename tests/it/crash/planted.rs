//! The checker is checked: each violation is reported when it is planted, and none when all is well.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::TimeDelta;
use sokbo::domain::{Clock, Disposition, Exchange, FetchOutcome, SystemClock};
use sokbo::store::Settlement;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::check::{Evidence, Promise, violations};
use super::setup::article;
use super::site::Request;
use crate::store::frontier::job;
use crate::support::{Database, database};

const HOST: &str = "www.paper0.example";
const FIRST: &str = "http://www.paper0.example/news/1";
const PROCESS: u32 = 4242;

/// A small world in which all is well: two articles, visited by one process.
struct World {
    database: Database,
    evidence: Evidence,
}

impl World {
    async fn new() -> Self {
        let database = database().await;
        sqlx::raw_sql(include_str!("audit.sql"))
            .execute(&database.pool)
            .await
            .unwrap();
        let mut world = Self {
            database,
            evidence: Evidence {
                processes: [(1, PROCESS)].into(),
                delay: Duration::from_millis(600),
                listed: vec![FIRST.to_owned()],
                settled: vec![(FIRST.to_owned(), Some(1))],
                ..Evidence::default()
            },
        };
        world.visit(FIRST, ["p0n1v1"; 4]).await;
        world
            .visit("http://www.paper0.example/news/2", ["p0n2v1"; 4])
            .await;
        let title = "강물이 맑아졌다는 소식 p0n1v1".to_owned();
        world.evidence.titles.insert(FIRST.to_owned(), title);
        world.ask(0, 1);
        world
    }

    /// Visits an address; the host is held again afterwards, for a minute.
    async fn visit(&mut self, url: &str, marks: [&str; 4]) {
        let store = &self.database.store;
        self.database
            .execute("UPDATE crawl.hosts SET lease_token = 0, ready_at = now()")
            .await;
        store.enqueue(&[job(url)]).await.unwrap();
        let node = format!("here:{PROCESS}");
        let leased = store.lease(&node, Duration::from_secs(60)).await;
        let lease = leased.unwrap().remove(0);
        let job = lease.value.jobs.first().unwrap().clone();
        let done = Disposition::Complete { interval: None };
        let mut settlement = Settlement::new(lease.value.id, lease.token, job, done);
        settlement.exchanges.push(Exchange {
            url: url.to_owned(),
            started_at: SystemClock.now(),
            elapsed: Duration::from_millis(5),
            status: Some(200),
            body_bytes: 9,
            retry_after: None,
            outcome: FetchOutcome::Used,
        });
        settlement.article = Some(article(url, marks));
        store.settle(&[settlement]).await.unwrap();
    }

    /// Logs a request, this long after now.
    fn ask(&mut self, after_ms: i64, node: u32) {
        self.evidence.requests.push(Request {
            at: SystemClock.now() + TimeDelta::milliseconds(after_ms),
            host: HOST.to_owned(),
            path: "/news/1".to_owned(),
            process: node,
        });
    }

    async fn plant(&self, sql: &str) {
        let planted = sqlx::query(AssertSqlSafe(sql.to_owned()))
            .execute(&self.database.pool)
            .await;
        assert!(planted.unwrap().rows_affected() > 0, "{sql}");
    }

    /// Expects violations of this promise, and of no other.
    async fn breaks(&self, promise: Promise) {
        let found = violations(&self.database.pool, &self.evidence).await;
        let promises: BTreeSet<Promise> = found.iter().map(|v| v.promise).collect();
        assert_eq!(promises, [promise].into(), "{found:#?}");
    }
}

#[tokio::test]
async fn world_in_which_all_is_well_has_no_violation() {
    let world = World::new().await;
    let found = violations(&world.database.pool, &world.evidence).await;
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test]
async fn address_without_visit_and_reason_is_reported() {
    let mut world = World::new().await;
    world
        .evidence
        .listed
        .push("http://www.paper0.example/news/9".to_owned());
    world.breaks(Promise::Visited).await;
    world.evidence.listed.pop();
    world
        .evidence
        .titles
        .insert(FIRST.to_owned(), "다른 제목".to_owned());
    world.breaks(Promise::Visited).await;
    world.evidence.titles.clear();
    world
        .plant("INSERT INTO crawl.seen VALUES (gen_random_uuid(), now())")
        .await;
    world.breaks(Promise::Visited).await;
}

#[tokio::test]
async fn second_holder_of_a_host_is_reported() {
    let mut world = World::new().await;
    world
        .plant(
            "INSERT INTO audit.leases (host, old_token, old_end, token, lease_end, node)
             VALUES ('www.other.example', 7, now() + interval '1 s', 8, now(), 'here:1')",
        )
        .await;
    world.breaks(Promise::OneHolder).await;
    world
        .plant("DELETE FROM audit.leases WHERE host = 'www.other.example'")
        .await;
    world.evidence.processes.insert(2, 4243);
    world.ask(5_000, 2);
    world.breaks(Promise::OneHolder).await;
}

#[tokio::test]
async fn late_write_is_reported() {
    let mut world = World::new().await;
    world.evidence.late.push(FIRST.to_owned());
    world.breaks(Promise::OneHolder).await;
}

#[tokio::test]
async fn article_in_two_rows_is_reported() {
    let mut world = World::new().await;
    world
        .visit("http://www.paper0.example/twin/1", ["p0n1v1"; 4])
        .await;
    world.breaks(Promise::OneRow).await;
}

#[tokio::test]
async fn requests_too_close_together_are_reported() {
    let mut world = World::new().await;
    world.ask(550, 1);
    world.breaks(Promise::Spaced).await;
}

#[tokio::test]
async fn article_without_the_end_of_its_job_is_reported() {
    let world = World::new().await;
    world
        .plant(
            "INSERT INTO crawl.jobs (host_id, fingerprint, first_seen_at, priority, run_at, kind, url)
             SELECT host_id, fingerprint, first_seen_at, 1, now(), 'article', url
               FROM crawl.articles LIMIT 1",
        )
        .await;
    world.breaks(Promise::Together).await;
    world.plant("DELETE FROM crawl.jobs").await;
    world.plant("DELETE FROM audit.ends").await;
    world.breaks(Promise::Together).await;
}

#[tokio::test]
async fn half_a_revision_is_reported() {
    let mut world = World::new().await;
    world
        .plant("UPDATE crawl.articles SET revision_count = 2 WHERE title ~ 'p0n2v1'")
        .await;
    world.breaks(Promise::Whole).await;
    world
        .plant("UPDATE crawl.articles SET revision_count = 1")
        .await;
    world
        .visit(
            "http://www.paper0.example/news/3",
            ["p0n3v2", "p0n3v2", "p0n3v1", "p0n3v2"],
        )
        .await;
    world.breaks(Promise::Whole).await;
}

#[tokio::test]
async fn what_was_acknowledged_and_is_gone_is_reported() {
    let mut world = World::new().await;
    world.evidence.settled.push((FIRST.to_owned(), Some(7)));
    world.breaks(Promise::Kept).await;
    world.evidence.settled.clear();
    world.evidence.seen.insert(Uuid::new_v4());
    world.breaks(Promise::Kept).await;
    world.evidence.seen.clear();
    world
        .evidence
        .revisions
        .insert((Uuid::new_v4(), 1, Uuid::new_v4()));
    world.breaks(Promise::Kept).await;
}
