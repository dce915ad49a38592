//! Sources and their listings follow the source files.

use std::time::Duration;

use sokbo::domain::{Disposition, JobKind, Priority, Section, SectionKind, Source, SourceName};
use sokbo::store::Settlement;

use super::frontier::{job, lease_one, url};
use crate::support::database;

pub(super) fn source(name: &str, home: &str) -> Source {
    Source::new(SourceName::new(name).unwrap(), url(home))
}

#[tokio::test]
async fn each_listing_gets_one_recurring_job() {
    let database = database().await;
    let store = &database.store;
    let mut oda = source("oda", "https://oda.example/");
    oda.tags = vec!["경제".to_owned()];
    oda.delay = Some(Duration::from_secs(5));
    oda.sections.push(Section {
        kind: SectionKind::Feed,
        url: url("https://oda.example/rss"),
    });
    let first = store.sync_sources(&[oda.clone()]).await.unwrap();
    assert_eq!(first.sections.len(), 2);
    assert_eq!(store.sync_sources(&[oda]).await.unwrap(), first);
    let jobs = "SELECT count(*) FROM crawl.jobs WHERE priority = 0 AND interval_seconds = 60";
    assert_eq!(database.count(jobs).await, 2);
    let rows = "SELECT count(*) FROM news.sources WHERE enabled AND tags = '{경제}'";
    assert_eq!(database.count(rows).await, 1);
    // A link to a listing is no article.
    assert!(
        store
            .enqueue(&[job("https://oda.example/rss")])
            .await
            .unwrap()
            .is_empty()
    );
    let lease = lease_one(store).await;
    let kinds: Vec<JobKind> = lease.value.jobs.iter().map(|job| job.kind).collect();
    assert!(kinds.contains(&JobKind::Page) && kinds.contains(&JobKind::Feed));
}

#[tokio::test]
async fn recurring_job_comes_again() {
    let database = database().await;
    let store = &database.store;
    store
        .sync_sources(&[source("oda", "https://oda.example/")])
        .await
        .unwrap();
    let lease = lease_one(store).await;
    let (host, token) = (lease.value.id, lease.token);
    let listing = lease.value.jobs.first().unwrap().clone();
    assert_eq!(listing.priority, Priority::Listing);
    let interval = Some(Duration::from_secs(300));
    let done = Settlement::new(
        host,
        token,
        listing.clone(),
        Disposition::Complete { interval },
    );
    store.settle(&[done]).await.unwrap();
    assert!(store.next_jobs(host, token, &[]).await.unwrap().is_empty());
    let backlog = store.backlog(Duration::from_secs(30), None).await.unwrap();
    assert_eq!(
        (backlog.due, backlog.later, backlog.leased_hosts),
        (0, 1, 1)
    );
    store.release(host, token, Duration::ZERO, 0).await.unwrap();
    assert!(
        store
            .lease("node", Duration::from_secs(120))
            .await
            .unwrap()
            .is_empty()
    );
    let since = store.make_listings_due().await.unwrap();
    assert_eq!(
        store
            .backlog(Duration::ZERO, Some(since))
            .await
            .unwrap()
            .due,
        1
    );
    let lease = lease_one(store).await;
    assert_eq!(lease.value.jobs.first().unwrap().interval, interval);
    // Given up: one visit is, not the listing.
    let lost = Settlement::new(host, lease.token, listing, Disposition::Discard);
    store.settle(&[lost]).await.unwrap();
    assert_eq!(database.count("SELECT count(*) FROM crawl.jobs").await, 1);
}

#[tokio::test]
async fn disabled_source_is_left_alone_and_goes_on_when_enabled() {
    let database = database().await;
    let store = &database.store;
    let oda = source("oda", "https://oda.example/");
    let id = *store
        .sync_sources(std::slice::from_ref(&oda))
        .await
        .unwrap()
        .ids
        .get(&oda.name)
        .unwrap();
    let mut waiting = job("https://oda.example/1");
    waiting.source = Some(id);
    store.enqueue(&[waiting]).await.unwrap();
    let none = store.sync_sources(&[]).await.unwrap();
    assert!(none.ids.is_empty() && none.sections.is_empty());
    assert!(
        store
            .lease("node", Duration::from_secs(120))
            .await
            .unwrap()
            .is_empty()
    );
    let backlog = store.backlog(Duration::from_secs(30), None).await.unwrap();
    assert_eq!(
        (backlog.due, backlog.later, backlog.next_due_in),
        (0, 0, None)
    );
    assert_eq!(
        database
            .count("SELECT count(*) FROM news.sources WHERE NOT enabled")
            .await,
        1
    );
    let again = store.sync_sources(&[oda]).await.unwrap();
    assert_eq!(again.ids.into_values().next(), Some(id));
    assert_eq!(lease_one(store).await.value.jobs.len(), 2);
}

#[tokio::test]
async fn listing_that_vanished_loses_its_job() {
    let database = database().await;
    let store = &database.store;
    let mut oda = source("oda", "https://oda.example/");
    oda.sections.push(Section {
        kind: SectionKind::Sitemap,
        url: url("https://oda.example/sitemap.xml"),
    });
    store.sync_sources(&[oda.clone()]).await.unwrap();
    oda.sections.pop();
    let synced = store.sync_sources(&[oda]).await.unwrap();
    assert_eq!(synced.sections.len(), 1);
    assert_eq!(database.count("SELECT count(*) FROM crawl.jobs").await, 1);
    assert_eq!(
        database.count("SELECT count(*) FROM crawl.sections").await,
        2
    );
}
