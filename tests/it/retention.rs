//! What may be kept for a limited time goes, and nothing else.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sokbo::domain::ManualClock;
use sokbo::schedule::{Settings, look_after};

use crate::support::database;

const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test]
async fn only_what_is_limited_and_too_old_goes() {
    let database = database().await;
    let start: DateTime<Utc> = "2026-03-10T00:00:00Z".parse().unwrap();
    database.store.ensure_partitions(start).await.unwrap();
    database
        .execute(
            "INSERT INTO crawl.fetches (started_at, fingerprint, kind, host_id, url, body_bytes,
                                        elapsed_ms, outcome)
             SELECT at, gen_random_uuid(), 'page', 1, 'https://a.example/', 0, 0, 'used'
               FROM unnest('{2026-03-10Z,2026-03-20Z}'::timestamptz[]) AS t (at)",
        )
        .await;
    database
        .execute(
            "INSERT INTO crawl.raw_pages (fingerprint, fetched_at, status, packed)
             VALUES (gen_random_uuid(), '2026-03-10Z', 200, '')",
        )
        .await;
    let fetches = "SELECT count(*) FROM crawl.fetches";
    let raw_pages = "SELECT count(*) FROM crawl.raw_pages";
    let clock = ManualClock::at(start);
    let settings = Settings {
        fetches: Some(30 * DAY),
        ..Settings::default()
    };

    clock.advance(TimeDelta::days(29));
    look_after(&database.store, &settings, &clock)
        .await
        .unwrap();
    assert_eq!(database.count(fetches).await, 2);

    clock.advance(TimeDelta::days(2));
    look_after(&database.store, &settings, &clock)
        .await
        .unwrap();
    assert_eq!(database.count(fetches).await, 1);
    assert_eq!(
        database.count(raw_pages).await,
        1,
        "no limit was set for raw pages"
    );

    let settings = Settings {
        raw_pages: Some(DAY),
        ..settings
    };
    look_after(&database.store, &settings, &clock)
        .await
        .unwrap();
    assert_eq!(database.count(raw_pages).await, 0);
}
