//! What listings say of articles: kept while it is of use, however the article is met.

use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use sokbo::domain::{
    CanonicalUrl, Disposition, Fingerprint, Hint, Interval, Lesson, Precision, Pulse, Rhythm,
    Stamp, StatedOffset,
};
use sokbo::store::{Again, Found, Outcome, Settlement, SpentHint};

use super::frontier::{job, lease_one, url};
use super::settle::{article, settlement, stored};
use crate::support::{Database, database};

const DONE: Disposition = Disposition::Complete { interval: None };
const ROWS: &str = "SELECT count(*) FROM crawl.hints";
const WEEK: Duration = Duration::from_secs(7 * 86_400);

fn hint(text: Option<&str>) -> Hint {
    Hint {
        title: Some("속보".to_owned()),
        authors: vec!["김기자".to_owned(), "Ann Lee".to_owned()],
        published: Some(Stamp {
            local: DateTime::UNIX_EPOCH.naive_utc(),
            offset: FixedOffset::east_opt(9 * 3600),
            precision: Precision::Second,
        }),
        text: text.map(str::to_owned),
    }
}

fn found(address: &str, hint: Option<Hint>) -> Found {
    Found {
        job: job(address),
        title: None,
        published_at: None,
        hint,
    }
}

/// A listing in hand; it found these links.
async fn listing(database: &Database, links: Vec<Found>) -> Settlement {
    let paper = super::sources::source("paper", "https://list.example/");
    database.store.sync_sources(&[paper]).await.unwrap();
    let lease = lease_one(&database.store).await;
    let interval = Some(Duration::from_secs(60));
    let mut done = settlement(&lease, Disposition::Complete { interval });
    done.found = links;
    done
}

async fn told(database: &Database, address: &CanonicalUrl) -> Option<Hint> {
    let key: Fingerprint = address.fingerprint();
    database.store.told(key, None).await.unwrap().hint
}

/// The visit of the only article that waits, which was read with its hint.
async fn visit(database: &Database, is_used: bool) -> Settlement {
    let lease = lease_one(&database.store).await;
    let mut done = settlement(&lease, DONE);
    done.spent = Some(SpentHint {
        hint: told(database, &done.job.url).await.unwrap(),
        is_used,
    });
    done.article = Some(stored(&done.job.url, article("가", "나")));
    let wait = Some(Duration::from_secs(1800));
    done.again = Some(Again {
        unchanged: wait,
        edited: wait,
    });
    done
}

#[tokio::test]
async fn hint_waits_for_its_article_and_costs_no_row_where_there_is_none() {
    let database = database().await;
    let links = vec![
        found("https://a.example/1", Some(hint(Some("전문\0")))),
        found("https://a.example/2", None),
    ];
    let done = listing(&database, links).await;
    database.store.settle(&[done]).await.unwrap();
    assert_eq!(database.count(ROWS).await, 1);
    let one = told(&database, &url("https://a.example/1")).await;
    assert_eq!(one, Some(hint(Some("전문"))));
    assert_eq!(told(&database, &url("https://a.example/2")).await, None);
}

#[tokio::test]
async fn hint_goes_with_an_article_that_is_the_same_without_it() {
    let database = database().await;
    let links = vec![found("https://a.example/1", Some(hint(None)))];
    let done = listing(&database, links).await;
    database.store.settle(&[done]).await.unwrap();
    let done = visit(&database, false).await;
    let settled = database.store.settle(&[done]).await.unwrap();
    assert_eq!(settled.outcomes, [Outcome::New]);
    assert_eq!(database.count(ROWS).await, 0);
}

#[tokio::test]
async fn hint_that_an_article_needs_stays_until_nobody_looks_at_it_again() {
    let database = database().await;
    let links = vec![found("https://a.example/1", Some(hint(Some("전문"))))];
    let done = listing(&database, links).await;
    database.store.settle(&[done]).await.unwrap();
    let mut done = visit(&database, true).await;
    database.store.settle(&[done.clone()]).await.unwrap();
    assert_eq!(database.count(ROWS).await, 1);
    database
        .execute("UPDATE crawl.hints SET met_at = met_at - interval '8 days'")
        .await;
    assert_eq!(database.store.drop_hints(WEEK).await.unwrap(), 0);
    done.again = Some(Again {
        unchanged: None,
        edited: None,
    });
    database.store.settle(&[done]).await.unwrap();
    assert_eq!(database.count(ROWS).await, 0);
}

#[tokio::test]
async fn hint_follows_its_article_to_the_address_where_it_is_kept() {
    let database = database().await;
    let links = vec![found("https://a.example/1?print", Some(hint(Some("전문"))))];
    let done = listing(&database, links).await;
    database.store.settle(&[done]).await.unwrap();
    let mut done = visit(&database, true).await;
    let identity = url("https://a.example/1");
    let mut read = stored(&identity, article("가", "나"));
    read.is_alias = true;
    done.article = Some(read);
    database.store.settle(&[done]).await.unwrap();
    assert_eq!(database.count(ROWS).await, 1);
    assert!(told(&database, &identity).await.is_some());
}

#[tokio::test]
async fn article_that_waits_takes_a_later_hint_and_one_that_is_stored_takes_none() {
    let database = database().await;
    let store = &database.store;
    store.enqueue(&[job("https://a.example/1")]).await.unwrap();
    let lease = lease_one(store).await;
    let mut stored_one = settlement(&lease, DONE);
    stored_one.article = Some(stored(&stored_one.job.url, article("가", "나")));
    let wait = Some(Duration::from_secs(1800));
    stored_one.again = Some(Again {
        unchanged: wait,
        edited: wait,
    });
    store.settle(&[stored_one]).await.unwrap();
    store.enqueue(&[job("https://b.example/2")]).await.unwrap();
    let waiting = url("https://b.example/2");
    database
        .execute(
            "UPDATE crawl.hosts SET ready_at = now() + interval '1 h' WHERE key <> 'list.example'",
        )
        .await;

    let links = vec![
        found("https://a.example/1", Some(hint(Some("전문")))),
        found("https://b.example/2", Some(hint(None))),
    ];
    let mut done = listing(&database, links).await;
    store.settle(&[done.clone()]).await.unwrap();
    assert_eq!(database.count(ROWS).await, 1);
    assert_eq!(told(&database, &waiting).await, Some(hint(None)));

    // Another listing has its text.
    let mut more = hint(Some("전문"));
    more.title = Some("다른 제목".to_owned());
    done.found = vec![found("https://b.example/2", Some(more))];
    done.job.section = None;
    store.settle(&[done]).await.unwrap();
    assert_eq!(told(&database, &waiting).await, Some(hint(Some("전문"))));
}

#[tokio::test]
async fn hint_that_comes_while_its_article_is_being_read_goes_unused() {
    let database = database().await;
    let links = vec![found("https://a.example/1", Some(hint(None)))];
    let done = listing(&database, links).await;
    database.store.settle(&[done]).await.unwrap();
    let mut done = visit(&database, false).await;
    done.spent = None;
    database.store.settle(&[done]).await.unwrap();
    assert_eq!(database.count(ROWS).await, 0);
}

#[tokio::test]
async fn hints_of_articles_that_nobody_visits_are_forgotten() {
    let database = database().await;
    let links = vec![
        found("https://a.example/1", Some(hint(None))),
        found("https://a.example/2", Some(hint(None))),
    ];
    let done = listing(&database, links).await;
    database.store.settle(&[done]).await.unwrap();
    assert_eq!(database.store.drop_hints(WEEK).await.unwrap(), 0);
    database
        .execute("UPDATE crawl.hints SET met_at = met_at - interval '8 days'")
        .await;
    assert_eq!(database.store.drop_hints(WEEK).await.unwrap(), 2);
}

#[tokio::test]
async fn offset_that_a_source_states_newest_is_kept() {
    let database = database().await;
    let mut done = listing(&database, Vec::new()).await;
    let source = done.job.source.unwrap();
    let stated = |hours: i32, day: i64| StatedOffset {
        offset: FixedOffset::east_opt(hours * 3600).unwrap(),
        at: DateTime::from_timestamp(day * 86_400, 0).unwrap(),
    };
    let mut learned = Vec::new();
    for offset in [
        None,
        Some(stated(1, 10)),
        None,
        Some(stated(2, 9)),
        Some(stated(3, 11)),
    ] {
        done.lesson = Some(Lesson {
            pulse: Pulse {
                visited_at: DateTime::UNIX_EPOCH,
                new: 0.0,
                watched_days: 0.0,
                recent_new: 0.0,
                recent_expected: 0.0,
                shown: 0.0,
                mark_at: None,
            },
            pace: 1.0,
            interval: Interval::default(),
            is_configured: true,
            more: Rhythm::default(),
            offset,
        });
        database.store.settle(&[done.clone()]).await.unwrap();
        let key = done.job.fingerprint;
        let told = database.store.told(key, Some(source)).await.unwrap();
        let known = database.store.rhythm_of(key, source).await.unwrap();
        assert_eq!(told.offset, known.offset);
        learned.push(told.offset);
    }
    let (one, three) = (Some(stated(1, 10)), Some(stated(3, 11)));
    assert_eq!(learned, [None, one, one, one, three]);
}
