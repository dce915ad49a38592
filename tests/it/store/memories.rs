//! What is remembered of a source outlives nodes, and no node wipes out another's part.

use chrono::{DateTime, TimeDelta, Utc};
use sokbo::domain::SourceId;
use sokbo::store::StoredMemory;

use super::sources::source;
use crate::support::{Database, database};

fn now() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

fn memory(revision: i64, version: i16, text: &str) -> StoredMemory {
    StoredMemory {
        version,
        revision,
        articles: 3,
        bytes: text.as_bytes().to_vec(),
        addresses: serde_json::json!({ "shapes": text }),
    }
}

async fn oda() -> (Database, SourceId) {
    let database = database().await;
    let synced = database
        .store
        .sync_sources(&[source("oda", "https://oda.example/")])
        .await
        .unwrap();
    let id = *synced.ids.values().next().unwrap();
    (database, id)
}

#[tokio::test]
async fn of_two_nodes_that_write_the_later_one_must_read_again() {
    let (database, oda) = oda().await;
    let store = &database.store;
    assert_eq!(store.site_memory(oda).await.unwrap(), None);
    let keep = |memory| async move { store.keep_site_memory(oda, &memory, now()).await.unwrap() };
    assert!(keep(memory(0, 1, "one")).await);
    assert!(!keep(memory(0, 1, "other")).await, "both saw no row");
    let read = store.site_memory(oda).await.unwrap().unwrap();
    assert_eq!(read, memory(1, 1, "one"));
    assert!(keep(memory(1, 1, "one and other")).await);
    assert!(!keep(memory(1, 1, "late")).await);
    let read = store.site_memory(oda).await.unwrap().unwrap();
    assert_eq!(read.bytes, b"one and other");
}

#[tokio::test]
async fn newer_version_is_never_overwritten_by_an_older_one() {
    let (database, oda) = oda().await;
    let store = &database.store;
    let keep = |memory| async move { store.keep_site_memory(oda, &memory, now()).await.unwrap() };
    assert!(keep(memory(0, 2, "new")).await);
    assert!(!keep(memory(1, 1, "old")).await);
    assert!(keep(memory(1, 3, "newest")).await);
}

#[tokio::test]
async fn memory_goes_with_its_source_or_when_nobody_wrote_for_long() {
    let (database, oda) = oda().await;
    let store = &database.store;
    let rows = "SELECT count(*) FROM crawl.site_memories";
    let keep = |memory| async move { store.keep_site_memory(oda, &memory, now()).await.unwrap() };
    assert!(keep(memory(0, 1, "x")).await);
    assert_eq!(store.drop_site_memories(now()).await.unwrap(), 0);
    let later = now() + TimeDelta::seconds(1);
    assert_eq!(store.drop_site_memories(later).await.unwrap(), 1);
    assert!(keep(memory(0, 1, "x")).await);
    database.execute("DELETE FROM crawl.jobs").await;
    database.execute("DELETE FROM crawl.sections").await;
    database.execute("DELETE FROM crawl.sources").await;
    assert_eq!(database.count(rows).await, 0);
    let gone = keep(memory(0, 1, "x")).await;
    assert!(!gone, "a source that is gone has no memory");
}
