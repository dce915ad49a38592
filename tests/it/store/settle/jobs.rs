//! What becomes of jobs: gone, or later; and what a listing taught.

use super::*;

#[tokio::test]
async fn retry_counts_and_snooze_does_not() {
    let database = database().await;
    let store = &database.store;
    store.enqueue(&[job("https://a.example/1")]).await.unwrap();
    let after = Duration::from_secs(60);
    for (disposition, attempt) in [
        (Disposition::Retry { after }, 1),
        (Disposition::Snooze { after }, 1),
        (Disposition::Retry { after }, 2),
    ] {
        let lease = lease_one(store).await;
        store
            .settle(&[settlement(&lease, disposition)])
            .await
            .unwrap();
        let late = "SELECT attempt::bigint FROM crawl.jobs WHERE run_at > now() + interval '50 s'";
        assert_eq!(database.count(late).await, attempt);
        store
            .release(lease.value.id, lease.token, Duration::ZERO, 0)
            .await
            .unwrap();
        database
            .execute("UPDATE crawl.jobs SET run_at = now()")
            .await;
        database
            .execute("UPDATE crawl.hosts SET ready_at = now()")
            .await;
    }
    let lease = lease_one(store).await;
    store
        .settle(&[settlement(&lease, Disposition::Discard)])
        .await
        .unwrap();
    assert_eq!(database.count("SELECT count(*) FROM crawl.jobs").await, 0);
}

#[tokio::test]
async fn article_that_is_looked_at_again_waits_behind_new_ones() {
    let database = database().await;
    let store = &database.store;
    store.enqueue(&[job("https://a.example/1")]).await.unwrap();
    let lease = lease_one(store).await;
    let interval = Some(Duration::from_secs(3600));
    store
        .settle(&[settlement(&lease, Disposition::Complete { interval })])
        .await
        .unwrap();
    let waiting = "SELECT count(*) FROM crawl.jobs
                    WHERE priority = 3 AND interval_seconds = 3600 AND attempt = 0
                      AND run_at > now() + interval '59 min'";
    assert_eq!(database.count(waiting).await, 1);
}

#[tokio::test]
async fn article_found_edited_is_looked_at_sooner_and_one_that_comes_back_is_unmarked() {
    let database = database().await;
    let store = &database.store;
    store.enqueue(&[job("https://a.example/1")]).await.unwrap();
    let hours = |n: u64| Some(Duration::from_secs(n * 3600));
    let visit = |lease: &Lease<LeasedHost>, text: Option<&str>| {
        let mut visit = settlement(lease, DONE);
        visit.article = text.map(|text| stored(&visit.job.url, article("가", text)));
        visit.again = Some(Again {
            unchanged: hours(8),
            edited: hours(2),
        });
        visit
    };
    let calm = "SELECT count(*) FROM crawl.jobs WHERE priority = 3 AND interval_seconds = 28800";
    let soon = "SELECT count(*) FROM crawl.jobs WHERE priority = 3 AND interval_seconds = 7200";
    let due = "UPDATE crawl.jobs SET run_at = now()";
    let ready = "UPDATE crawl.hosts SET ready_at = now(), polite_at = '-infinity'";
    for (text, waits) in [("나", calm), ("나", calm), ("다", soon)] {
        database.execute(due).await;
        database.execute(ready).await;
        let lease = lease_one(store).await;
        store.settle(&[visit(&lease, Some(text))]).await.unwrap();
        store
            .release(lease.value.id, lease.token, Duration::ZERO, 0)
            .await
            .unwrap();
        assert_eq!(database.count(waits).await, 1, "{text}");
    }
    let removed = "SELECT count(*) FROM news.articles WHERE removed_at IS NOT NULL";
    for (is_gone, count) in [(true, 1), (false, 0)] {
        database.execute(due).await;
        database.execute(ready).await;
        let lease = lease_one(store).await;
        let mut visit = visit(&lease, None);
        visit.is_gone = is_gone;
        visit.visit = (!is_gone).then(|| Visit {
            validators: Validators::default(),
            body_hash: None,
        });
        store.settle(&[visit]).await.unwrap();
        store
            .release(lease.value.id, lease.token, Duration::ZERO, 0)
            .await
            .unwrap();
        assert_eq!(database.count(removed).await, count);
    }
}

#[tokio::test]
async fn lessons_of_a_listing_are_read_back_and_add_up() {
    let database = database().await;
    let store = &database.store;
    let name = SourceName::new("paper").unwrap();
    let paper = Source::new(name, url("https://a.example/"));
    let synced = store.sync_sources(&[paper]).await.unwrap();
    let key = *synced.ids.values().next().unwrap();
    let lease = lease_one(store).await;
    let mut visit = settlement(&lease, DONE);
    let before = store.rhythm_of(visit.job.fingerprint, key).await.unwrap();
    assert_eq!((before.pulse, before.rhythm), (None, Rhythm::default()));
    let mut more = Rhythm::default();
    (more.new[3], more.expected[30]) = (2.0, 0.5);
    let pulse = Pulse {
        visited_at: before.now,
        new: 3.0,
        watched_days: 0.5,
        recent_new: 1.0,
        recent_expected: 0.25,
        shown: 20.0,
        mark_at: Some(before.now),
    };
    visit.lesson = Some(Lesson {
        pulse,
        pace: 1.5,
        interval: Interval::default(),
        is_configured: true,
        more,
        offset: None,
    });
    for times in [1.0, 2.0] {
        store.settle(&[visit.clone()]).await.unwrap();
        let known = store.rhythm_of(visit.job.fingerprint, key).await.unwrap();
        assert_eq!((known.pulse, known.paces), (Some(pulse), 1.5));
        let close = |a: f64, b: f64| (a - b).abs() < 1e-3;
        assert!(
            close(known.rhythm.new[3], 2.0 * times),
            "{:?}",
            known.rhythm
        );
        assert!(
            close(known.rhythm.expected[30], 0.5 * times),
            "{:?}",
            known.rhythm
        );
    }
    let groups = store.pace_groups().await.unwrap();
    assert_eq!(
        (groups.len(), groups[0].count, groups[0].pace),
        (1, 1.0, 1.5)
    );
    let never = url("https://a.example/never");
    let met = store.met([&visit.job.url, &never].into_iter(), None);
    assert_eq!(met.await.unwrap(), [(visit.job.fingerprint, None)].into());
}
