//! What the visit of a listing leaves behind: new jobs, where they were met, validators, exchanges.

use std::time::Duration;

use chrono::DateTime;
use sokbo::domain::{
    Disposition, ErrorClass, Exchange, FetchOutcome, Lease, LeasedHost, Validators,
};
use sokbo::store::{Found, Outside, Settlement, Visit};

use super::frontier::{job, lease_one, url};
use super::settle::settlement;
use crate::support::{Database, database};

/// A source with one listing, leased, and the settlement of its visit that found `links`.
async fn listing_visit(database: &Database, links: &[&str]) -> (Lease<LeasedHost>, Settlement) {
    let oda = super::sources::source("oda", "https://oda.example/");
    database.store.sync_sources(&[oda]).await.unwrap();
    let lease = lease_one(&database.store).await;
    let interval = Some(Duration::from_secs(60));
    let mut done = settlement(&lease, Disposition::Complete { interval });
    let found = links.iter().map(|address| Found {
        job: job(address),
        title: Some("제목\0".to_owned()),
        published_at: None,
        hint: None,
    });
    done.found = found.collect();
    (lease, done)
}

#[tokio::test]
async fn links_of_a_listing_are_enqueued_and_recorded_once() {
    let database = database().await;
    let store = &database.store;
    let links = [
        "https://oda.example/1",
        "https://oda.example/2",
        "https://cdn.example/3",
    ];
    let (_, mut done) = listing_visit(&database, &links).await;
    done.outside = vec![Outside {
        url: url("https://else.example/1"),
        title: None,
    }];
    let batch = [done];
    assert_eq!(store.settle(&batch).await.unwrap().enqueued.len(), 3);
    assert_eq!(store.settle(&batch).await.unwrap().enqueued.len(), 0);
    let met = "SELECT count(*) FROM news.discoveries";
    assert_eq!(database.count(met).await, 4);
    let outside = "SELECT count(*) FROM news.discoveries WHERE verdict = 'outside'";
    assert_eq!(database.count(outside).await, 1);
    let waiting = "SELECT count(*) FROM crawl.jobs WHERE url = 'https://oda.example/1'";
    assert_eq!(database.count(waiting).await, 1);
}

#[tokio::test]
async fn held_host_gets_its_new_jobs_and_later_its_listing_with_validators() {
    let database = database().await;
    let store = &database.store;
    let (lease, mut done) = listing_visit(&database, &["https://oda.example/1"]).await;
    done.visit = Some(Visit {
        validators: Validators {
            etag: Some("\"속\0보\"".to_owned()),
            last_modified: None,
        },
        body_hash: None,
    });
    let section = done.job.section;
    store.settle(&[done]).await.unwrap();
    let next = || store.next_jobs(lease.value.id, lease.token, &[]);
    let jobs = next().await.unwrap();
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs.first().unwrap().url.as_str(), "https://oda.example/1");
    database
        .execute("UPDATE crawl.jobs SET run_at = now()")
        .await;
    let jobs = next().await.unwrap();
    let listing = jobs.first().unwrap();
    assert!(section.is_some() && listing.section == section);
    assert_eq!(listing.validators.etag.as_deref(), Some("\"속보\""));
}

#[tokio::test]
async fn refusal_without_an_exchange_is_recorded_too() {
    let database = database().await;
    let store = &database.store;
    let (_, mut done) = listing_visit(&database, &[]).await;
    done.exchanges = vec![Exchange {
        url: "https://oda.example/".to_owned(),
        started_at: DateTime::UNIX_EPOCH,
        elapsed: Duration::from_millis(1500),
        status: None,
        body_bytes: 0,
        retry_after: None,
        outcome: FetchOutcome::Failed(ErrorClass::Robots, "robots.txt forbids /".to_owned()),
    }];
    store.settle(&[done]).await.unwrap();
    let refused = "SELECT count(*) FROM news.fetches
                    WHERE error_class = 'robots' AND outcome = 'failed' AND source = 'oda'
                      AND duration = interval '1.5 s' AND kind = 'page' AND status IS NULL";
    assert_eq!(database.count(refused).await, 1);
}

#[tokio::test]
async fn links_of_a_settlement_that_was_rolled_back_are_enqueued_by_the_next() {
    let database = database().await;
    let store = &database.store;
    let (_, done) = listing_visit(&database, &["https://oda.example/1"]).await;
    let mut grown = done.clone();
    let mut other = done.found.first().unwrap().clone();
    other.job = job("https://oda.example/2");
    grown.found.push(other);
    assert_eq!(store.settle(&[done]).await.unwrap().enqueued.len(), 1);
    database
        .execute("ALTER TABLE crawl.discoveries ADD CONSTRAINT broken CHECK (false) NOT VALID")
        .await;
    assert!(store.settle(&[grown.clone()]).await.is_err());
    database
        .execute("ALTER TABLE crawl.discoveries DROP CONSTRAINT broken")
        .await;
    assert_eq!(store.settle(&[grown]).await.unwrap().enqueued.len(), 1);
    let met = "SELECT count(*) FROM news.discoveries";
    assert_eq!(database.count(met).await, 2);
}

#[tokio::test]
async fn links_of_one_listing_are_recorded_for_another_too() {
    let database = database().await;
    let store = &database.store;
    let (_, done) = listing_visit(&database, &["https://oda.example/1"]).await;
    store.settle(std::slice::from_ref(&done)).await.unwrap();
    database
        .execute(
            "INSERT INTO crawl.sections (source_id, kind, url, host_id, fingerprint)
             SELECT source_id, kind, url || 'sport', host_id, fingerprint FROM crawl.sections",
        )
        .await;
    let mut other = done;
    other.job.section = other
        .job
        .section
        .map(|id| sokbo::domain::SectionId(id.0 + 1));
    assert_eq!(store.settle(&[other]).await.unwrap().enqueued.len(), 0);
    let met = "SELECT count(*) FROM news.discoveries WHERE section_url LIKE '%sport'";
    assert_eq!(database.count(met).await, 1);
}
