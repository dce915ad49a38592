//! People's own SQL, the numbers of the status page, and upkeep.

use std::ops::ControlFlow;
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use sokbo::store::{Kept, QueryMode, RobotsCopy, RobotsVerdict, Store, StoreError};

use super::frontier::job;
use super::sources::source;
use crate::support::database;

type Table = (Vec<String>, Vec<Vec<Option<String>>>);

async fn run(store: &Store, query: &str, mode: QueryMode) -> Result<Table, StoreError> {
    let mut rows = Vec::new();
    let limit = Some(Duration::from_secs(5));
    let each = |_: &[_], row| {
        rows.push(row);
        if rows.len() == 3 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let columns = store.run_query(query, mode, limit, each).await?;
    Ok((
        columns.into_iter().map(|column| column.name).collect(),
        rows,
    ))
}

#[tokio::test]
async fn query_gives_every_type_as_text() {
    let database = database().await;
    let query = "SELECT 1 AS n, NULL AS nothing, ARRAY['가'] AS list, true AS yes";
    let (names, rows) = run(&database.store, query, QueryMode::Read).await.unwrap();
    assert_eq!(names, ["n", "nothing", "list", "yes"]);
    let texts = ["1", "", "{가}", "t"].map(|text| (!text.is_empty()).then(|| text.to_owned()));
    assert_eq!(rows, [texts.to_vec()]);
    let none = run(&database.store, "SELECT id FROM articles", QueryMode::Read)
        .await
        .unwrap();
    assert_eq!(none, (vec!["id".to_owned()], Vec::new()));
    let cut = run(
        &database.store,
        "SELECT generate_series(1, 1000000)",
        QueryMode::Read,
    )
    .await;
    assert_eq!(cut.unwrap().1.len(), 3);
}

#[tokio::test]
async fn query_changes_nothing_unless_told_to() {
    let database = database().await;
    let store = &database.store;
    store.enqueue(&[job("https://a.example/1")]).await.unwrap();
    let delete = "DELETE FROM crawl.jobs";
    assert!(run(store, delete, QueryMode::Read).await.is_err());
    let smuggled = "COMMIT; DELETE FROM crawl.jobs";
    assert!(run(store, smuggled, QueryMode::Read).await.is_err());
    assert_eq!(database.count("SELECT count(*) FROM crawl.jobs").await, 1);
    run(store, delete, QueryMode::Write).await.unwrap();
    assert_eq!(database.count("SELECT count(*) FROM crawl.jobs").await, 0);
    assert!(run(store, "SELEKT", QueryMode::Read).await.is_err());
}

#[tokio::test]
async fn counts_and_states_tell_what_waits() {
    let database = database().await;
    let store = &database.store;
    store
        .sync_sources(&[source("oda", "https://oda.example/")])
        .await
        .unwrap();
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.due, counts.later, counts.articles_day), (1, 0, 0));
    assert!(counts.oldest_due.is_some());
    let states = store.source_states().await.unwrap();
    let oda = states.first().unwrap();
    assert_eq!(
        (oda.name.as_str(), oda.is_active, oda.waiting),
        ("oda", true, 1)
    );
    assert!(oda.next_visit_at.is_some() && oda.last_success_at.is_none());
}

#[tokio::test]
async fn later_copy_of_a_robots_txt_stays() {
    let database = database().await;
    let store = &database.store;
    let origin = "https://a.example";
    assert_eq!(store.robots(origin).await.unwrap(), None);
    let copy = RobotsCopy {
        verdict: RobotsVerdict::Rules,
        body: b"User-agent: *\0\xff".to_vec(),
        fetched_at: DateTime::UNIX_EPOCH,
        expires_at: DateTime::UNIX_EPOCH + TimeDelta::days(1),
        status: Some(200),
        error: None,
        unreadable_since: Some(DateTime::UNIX_EPOCH),
        crawl_delay: Some(std::time::Duration::from_millis(1_500)),
        content_signals: vec!["ai-train=no".to_owned()],
        sitemaps: vec!["https://a.example/map.xml".to_owned()],
    };
    store.keep_robots(origin, &copy).await.unwrap();
    let earlier = RobotsCopy {
        verdict: RobotsVerdict::DisallowAll,
        fetched_at: DateTime::UNIX_EPOCH - TimeDelta::days(1),
        ..copy.clone()
    };
    store.keep_robots(origin, &earlier).await.unwrap();
    assert_eq!(store.robots(origin).await.unwrap(), Some(copy));
}

#[tokio::test]
async fn partitions_are_created_ahead_and_once() {
    let database = database().await;
    let store = &database.store;
    let later: DateTime<chrono::Utc> = "2031-12-31T23:00:00Z".parse().unwrap();
    assert_eq!(store.ensure_partitions(later).await.unwrap(), 18);
    assert_eq!(store.ensure_partitions(later).await.unwrap(), 0);
    let named = "SELECT count(*) FROM pg_class WHERE relname IN
                 ('articles_2031_12', 'articles_2032_01', 'fetches_2032_02')";
    assert_eq!(database.count(named).await, 3);
    store.vacuum_hot().await.unwrap();
}

#[tokio::test]
async fn what_is_too_old_goes_by_months_and_by_rows() {
    let database = database().await;
    let store = &database.store;
    let start: DateTime<chrono::Utc> = "2024-01-15T00:00:00Z".parse().unwrap();
    store.ensure_partitions(start).await.unwrap();
    database
        .execute(
            "INSERT INTO crawl.fetches (started_at, fingerprint, kind, host_id, url, body_bytes,
                                        elapsed_ms, outcome)
             SELECT started_at, gen_random_uuid(), 'page', 1, 'https://a.example/', 0, 0, 'used'
               FROM unnest('{2024-01-20Z,2024-02-10Z,2024-02-20Z,2024-03-01Z}'::timestamptz[])
                 AS t (started_at)",
        )
        .await;
    let before = "2024-02-15T00:00:00Z".parse().unwrap();
    assert_eq!(store.expire(Kept::Fetches, before).await.unwrap(), 1);
    assert_eq!(
        database.count("SELECT count(*) FROM crawl.fetches").await,
        2
    );
    let months = "SELECT count(*) FROM pg_class WHERE relname LIKE 'fetches_2024_0%'
                    AND relkind = 'r'";
    assert_eq!(database.count(months).await, 2);
    for kept in [Kept::RawPages, Kept::Bodies, Kept::Articles] {
        assert_eq!(store.expire(kept, before).await.unwrap(), 0);
    }
}
