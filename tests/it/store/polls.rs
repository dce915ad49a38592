//! Visits of listings as people read them, and what listings of a source show together.

use std::time::Duration;

use sokbo::domain::{Disposition, Section, SectionKind};
use sokbo::policy::coverage;
use sokbo::store::{Found, Kept, Poll, Settlement, Visit};

use super::frontier::{job, lease_one, url};
use crate::support::{Database, database};

/// A source with a page and a feed, and the settlements of their visits.
async fn listings(database: &Database) -> (Settlement, Settlement) {
    let mut paper = super::sources::source("paper", "https://list.example/");
    paper.sections.push(Section {
        kind: SectionKind::Feed,
        url: url("https://list.example/rss"),
    });
    database.store.sync_sources(&[paper]).await.unwrap();
    let lease = lease_one(&database.store).await;
    let interval = Some(Duration::from_secs(60));
    let visit = |is_feed: bool| {
        let is_meant = |job: &&sokbo::domain::Job| job.url.as_str().ends_with("rss") == is_feed;
        let job = lease.value.jobs.iter().find(is_meant).unwrap().clone();
        let done = Disposition::Complete { interval };
        Settlement::new(lease.value.id, lease.token, job, done)
    };
    (visit(false), visit(true))
}

fn found(numbers: std::ops::Range<u32>) -> Vec<Found> {
    let found = numbers.map(|n| Found {
        job: job(&format!("https://a.example/{n}")),
        title: None,
        published_at: None,
        hint: None,
    });
    found.collect()
}

async fn add_alias(database: &Database, from: &str, to: &str) {
    sqlx::query(
        "INSERT INTO crawl.aliases (fingerprint, article_fingerprint, url, reason, seen_at)
         VALUES ($1, $2, $3, 'redirect', now())",
    )
    .bind(url(from).fingerprint().as_uuid())
    .bind(url(to).fingerprint().as_uuid())
    .bind(from)
    .execute(&database.pool)
    .await
    .unwrap();
}

#[tokio::test]
async fn each_visit_of_a_listing_leaves_one_row() {
    let database = database().await;
    let (mut page, _) = listings(&database).await;
    page.poll = Some(Poll {
        listed: Some(20),
        new: 15,
        outside: Some(2),
        is_turned_over: true,
        missed: Some(7.5),
        next: Duration::from_secs(90),
    });
    database.store.settle(&[page.clone()]).await.unwrap();
    page.poll = Some(Poll {
        listed: None,
        new: 0,
        outside: None,
        is_turned_over: false,
        missed: Some(0.0),
        next: Duration::from_secs(60),
    });
    database.store.settle(&[page]).await.unwrap();
    let read = "SELECT count(*) FROM news.polls
                 WHERE source = 'paper' AND section_kind = 'page' AND turned_over AND NOT unchanged
                   AND section_url = 'https://list.example/' AND missed = 7.5 AND outside = 2
                   AND (listed, known, new) = (20, 5, 15) AND next_after = interval '90 s'";
    assert_eq!(database.count(read).await, 1);
    let unchanged = "SELECT count(*) FROM news.polls
                      WHERE unchanged AND listed IS NULL AND known IS NULL AND outside IS NULL
                        AND new = 0 AND missed = 0 AND NOT turned_over";
    assert_eq!(database.count(unchanged).await, 1);
    // They go with the exchanges.
    let later = chrono::DateTime::from_timestamp(4_000_000_000, 0).unwrap();
    database.store.expire(Kept::Fetches, later).await.unwrap();
    let left = "SELECT count(*) FROM news.polls";
    assert_eq!(database.count(left).await, 0);
}

#[tokio::test]
async fn listing_that_met_an_address_first_is_told_and_when_each_did() {
    let database = database().await;
    let (mut page, mut feed) = listings(&database).await;
    page.found = found(0..2);
    feed.found = found(1..3);
    let store = &database.store;
    let (section, of_feed) = (page.job.section, feed.job.section);
    store.settle(&[page]).await.unwrap();
    store.settle(&[feed]).await.unwrap();
    let first = "SELECT count(*) FROM news.discoveries WHERE first
                    AND (section_kind = 'page') = (url <> 'https://a.example/2')";
    assert_eq!(database.count(first).await, 3);
    assert_eq!(
        database
            .count("SELECT count(*) FROM news.discoveries")
            .await,
        4
    );
    let urls = [url("https://a.example/0"), url("https://a.example/7")];
    let met = store.met(urls.iter(), section).await.unwrap();
    assert_eq!(met.len(), 1);
    assert!(met.values().all(Option::is_some));
    let met = store.met(urls.iter(), of_feed).await.unwrap();
    assert!(met.len() == 1 && met.values().all(Option::is_none));
}

#[tokio::test]
async fn articles_of_pages_and_feeds_are_counted_and_the_rest_is_estimated() {
    let database = database().await;
    let (mut page, mut feed) = listings(&database).await;
    page.found = found(0..30);
    feed.found = found(20..40);
    let store = &database.store;
    store.settle(&[page, feed]).await.unwrap();
    let since = chrono::DateTime::UNIX_EPOCH;
    assert_eq!(
        store.captures(since).await.unwrap(),
        [],
        "none was stored yet"
    );
    // All become articles but one, and one is another address of one.
    let lease = lease_one(store).await;
    let mut jobs = lease.value.jobs;
    while jobs.len() < 40 {
        let known: Vec<_> = jobs.iter().map(|job| job.fingerprint).collect();
        let more = store.next_jobs(lease.value.id, lease.token, &known);
        jobs.extend(more.await.unwrap());
    }
    let batch: Vec<Settlement> = jobs
        .into_iter()
        .filter(|job| !job.url.as_str().ends_with("/0"))
        .map(|job| {
            let done = Disposition::Complete { interval: None };
            let mut done = Settlement::new(lease.value.id, lease.token, job, done);
            done.visit = Some(Visit {
                validators: sokbo::domain::Validators::default(),
                body_hash: Some(sokbo::domain::ContentHash::of([b"x".as_slice()])),
            });
            done
        })
        .collect();
    store.settle(&batch).await.unwrap();
    add_alias(&database, "https://a.example/39", "https://a.example/1").await;
    let captures = store.captures(since).await.unwrap();
    let [found] = captures.as_slice() else {
        panic!("not one source: {captures:?}");
    };
    assert_eq!(
        (found.in_feeds, found.in_pages, found.in_both),
        (20, 29, 11)
    );
    let unmet = coverage::unmet(found.in_feeds, found.in_pages, found.in_both);
    let now = chrono::DateTime::UNIX_EPOCH;
    for _ in 0..2 {
        store.keep_coverage(&[(*found, unmet)], now).await.unwrap();
    }
    // 21 x 30 / 12 - 1 = 51.5 in all, of which 38 were met.
    let row = "SELECT count(*) FROM news.coverage
                WHERE source = 'paper' AND (in_feeds, in_pages, in_both) = (20, 29, 11)
                  AND unmet = 13.5";
    assert_eq!(database.count(row).await, 1);
    let later = chrono::DateTime::from_timestamp(4_000_000_000, 0).unwrap();
    assert_eq!(store.captures(later).await.unwrap(), []);
}
