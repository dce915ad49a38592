//! The end of visits: all or nothing, once, and only by who holds the host.

use std::time::Duration;

use chrono::DateTime;
use sokbo::domain::{
    Article, CanonicalUrl, Disposition, HostKey, Image, Interval, Job, Lease, LeasedHost, Lesson,
    Precision, Pulse, Rhythm, Scope, SimHash, Source, SourceName, Stamp, Validators,
};
use sokbo::store::{Again, Alias, AliasReason, Outcome, RawPage, Settlement, StoredArticle, Visit};

use super::frontier::{job, lease_one, url};
use crate::support::{Database, database};

const DONE: Disposition = Disposition::Complete { interval: None };

pub(super) fn article(title: &str, body: &str) -> Article {
    Article {
        title: title.to_owned(),
        authors: vec!["김기자".to_owned(), "Ann Lee".to_owned()],
        body: body.split('\n').map(str::to_owned).collect(),
        published: Some(Stamp {
            local: DateTime::UNIX_EPOCH.naive_utc(),
            offset: None,
            precision: Precision::Minute,
        }),
        images: vec![Image {
            url: "https://a.example/1.jpg".to_owned(),
            caption: Some("사진".to_owned()),
            credit: None,
        }],
        ..Article::default()
    }
}

pub(super) fn stored(identity: &CanonicalUrl, article: Article) -> StoredArticle {
    StoredArticle {
        identity: identity.clone(),
        host: HostKey::of(identity, Scope::Host),
        sim_hash: SimHash::from_bits(u64::MAX),
        content_hash: article.content_hash(),
        article,
        word_count: 7,
        keep_body: true,
        is_alias: false,
        raw: Some(RawPage {
            packed: vec![1, 2, 3],
            status: 200,
            content_type: Some("text/html".to_owned()),
            charset: Some("utf-8".to_owned()),
        }),
    }
}

pub(super) fn settlement(lease: &Lease<LeasedHost>, disposition: Disposition) -> Settlement {
    let job = lease.value.jobs.first().unwrap().clone();
    Settlement::new(lease.value.id, lease.token, job, disposition)
}

/// Enqueues, leases and settles the visit of one address, which reads `article` there.
async fn visit(database: &Database, address: &str, article: Article) -> Outcome {
    let store = &database.store;
    database.execute("DELETE FROM crawl.seen").await;
    store.enqueue(&[job(address)]).await.unwrap();
    let lease = lease_one(store).await;
    let mut done = settlement(&lease, DONE);
    done.article = Some(stored(&done.job.url, article));
    let settled = store.settle(&[done]).await.unwrap();
    let (host, token) = (lease.value.id, lease.token);
    store.release(host, token, Duration::ZERO, 0).await.unwrap();
    settled.outcomes.first().copied().unwrap()
}

/// Puts the only job back as if it had never been visited, and leases its host again.
async fn again(database: &Database, job: &Job) -> Lease<LeasedHost> {
    sqlx::query(
        "INSERT INTO crawl.jobs (host_id, fingerprint, first_seen_at, priority, run_at, kind, url)
         SELECT h.id, $1, $2, 3, now(), 'article', $3 FROM crawl.hosts h WHERE h.key = $4",
    )
    .bind(job.fingerprint.as_uuid())
    .bind(job.first_seen_at)
    .bind(job.url.as_str())
    .bind(job.url.host())
    .execute(&database.pool)
    .await
    .unwrap();
    database
        .execute("UPDATE crawl.hosts SET ready_at = now(), lease_token = 0")
        .await;
    lease_one(&database.store).await
}

#[tokio::test]
async fn article_and_end_of_job_commit_together() {
    let database = database().await;
    let address = "https://a.example/1";
    assert_eq!(
        visit(&database, address, article("속보", "가\n나")).await,
        Outcome::New
    );
    let whole = "SELECT count(*) FROM news.articles
                  WHERE title = '속보' AND body = E'가\n\n나' AND lead = '가' AND revision_count = 1
                    AND authors = '{김기자,Ann Lee}' AND published_at IS NULL
                    AND published_precision = 'minute' AND search @@ to_tsquery('simple', '속:*')";
    assert_eq!(database.count(whole).await, 1);
    let stated = "SELECT count(*) FROM crawl.articles WHERE published_text = '1970-01-01T00:00:00'";
    assert_eq!(database.count(stated).await, 1);
    assert_eq!(database.count("SELECT count(*) FROM crawl.jobs").await, 0);
    assert_eq!(database.count("SELECT count(*) FROM news.images").await, 1);
    assert_eq!(
        database.count("SELECT count(*) FROM crawl.raw_pages").await,
        1
    );
    assert_eq!(
        database.count("SELECT count(*) FROM news.revisions").await,
        1
    );
    let key = url(address).fingerprint();
    let page = database.store.raw_page(key).await.unwrap().unwrap();
    assert_eq!((page.packed, page.status), (vec![1, 2, 3], 200));
}

#[tokio::test]
async fn failed_settlement_leaves_no_trace_and_can_be_repeated() {
    let database = database().await;
    let store = &database.store;
    store.enqueue(&[job("https://a.example/1")]).await.unwrap();
    let lease = lease_one(store).await;
    let mut done = settlement(&lease, DONE);
    done.article = Some(stored(&done.job.url, article("가", "나")));
    database
        .execute("ALTER TABLE crawl.images ADD CONSTRAINT broken CHECK (false) NOT VALID")
        .await;
    assert!(store.settle(&[done.clone()]).await.is_err());
    assert_eq!(
        database.count("SELECT count(*) FROM crawl.articles").await,
        0
    );
    assert_eq!(database.count("SELECT count(*) FROM crawl.jobs").await, 1);
    database
        .execute("ALTER TABLE crawl.images DROP CONSTRAINT broken")
        .await;
    let settled = store.settle(&[done]).await.unwrap();
    assert_eq!(settled.outcomes, [Outcome::New]);
}

#[tokio::test]
async fn late_writer_is_refused_and_writes_nothing() {
    let database = database().await;
    let store = &database.store;
    store
        .enqueue(&[job("https://a.example/1"), job("https://b.example/1")])
        .await
        .unwrap();
    let leased = store.lease("slow", Duration::from_secs(120)).await.unwrap();
    let mut batch: Vec<Settlement> = leased.iter().map(|lease| settlement(lease, DONE)).collect();
    for done in &mut batch {
        done.article = Some(stored(&done.job.url, article("가", "나")));
    }
    let late = leased
        .iter()
        .find(|l| l.value.key.as_str() == "a.example")
        .unwrap();
    database
        .execute("UPDATE crawl.hosts SET ready_at = now() WHERE key = 'a.example'")
        .await;
    lease_one(store).await;
    let settled = store.settle(&batch).await.unwrap();
    assert_eq!(settled.lost, [late.value.id]);
    assert_eq!(
        settled
            .outcomes
            .iter()
            .filter(|o| **o == Outcome::Lost)
            .count(),
        1
    );
    let stored = "SELECT count(*) FROM crawl.articles WHERE url NOT LIKE 'https://b.%'";
    assert_eq!(database.count(stored).await, 0);
    assert_eq!(database.count("SELECT count(*) FROM crawl.jobs").await, 1);
    assert_eq!(
        database.count("SELECT count(*) FROM crawl.articles").await,
        1
    );
}

#[tokio::test]
async fn unchanged_article_writes_no_revision() {
    let database = database().await;
    let store = &database.store;
    store.enqueue(&[job("https://a.example/1")]).await.unwrap();
    let lease = lease_one(store).await;
    let mut done = settlement(&lease, DONE);
    done.article = Some(stored(&done.job.url, article("가", "나")));
    store.settle(&[done.clone()]).await.unwrap();
    let untouched = "SELECT (xmin::text)::bigint FROM crawl.articles";
    let before = database.count(untouched).await;
    let lease = again(&database, &done.job).await;
    done.token = lease.token;
    done.visit = Some(Visit {
        validators: Validators::default(),
        body_hash: None,
    });
    let settled = store.settle(&[done]).await.unwrap();
    assert_eq!(settled.outcomes, [Outcome::Unchanged]);
    assert_eq!(database.count(untouched).await, before);
    let looked =
        "SELECT count(*) FROM news.articles a JOIN crawl.articles c ON c.fingerprint = a.id
                   WHERE a.last_checked_at > c.checked_at AND a.revision_count = 1";
    assert_eq!(database.count(looked).await, 1);
}

#[tokio::test]
async fn changed_article_becomes_a_revision() {
    let database = database().await;
    let store = &database.store;
    store.enqueue(&[job("https://a.example/1")]).await.unwrap();
    let lease = lease_one(store).await;
    let mut done = settlement(&lease, DONE);
    done.article = Some(stored(&done.job.url, article("가", "나")));
    store.settle(&[done.clone()]).await.unwrap();
    let lease = again(&database, &done.job).await;
    done.token = lease.token;
    let mut edited = article("가", "나\n다");
    edited.images.clear();
    done.article = Some(stored(&done.job.url, edited));
    let settled = store.settle(&[done]).await.unwrap();
    assert_eq!(settled.outcomes, [Outcome::Revised(2)]);
    let edit = "SELECT count(*) FROM news.revisions
                 WHERE revision = 2 AND kind = 'edit' AND changed = '{body}'
                   AND body = E'나\n\n다'";
    assert_eq!(database.count(edit).await, 1);
    let now = "SELECT count(*) FROM news.articles
                WHERE revision_count = 2 AND body = E'나\n\n다'";
    assert_eq!(database.count(now).await, 1);
    assert_eq!(database.count("SELECT count(*) FROM news.images").await, 0);
    assert_eq!(
        database.count("SELECT count(*) FROM crawl.raw_pages").await,
        2
    );
}

#[tokio::test]
async fn alias_visit_makes_no_revision() {
    let database = database().await;
    let store = &database.store;
    let identity = url("https://a.example/1");
    store
        .enqueue(&[job("https://a.example/1"), job("https://a.example/amp/1")])
        .await
        .unwrap();
    let lease = lease_one(store).await;
    let mut batch: Vec<Settlement> = lease
        .value
        .jobs
        .iter()
        .map(|job| Settlement::new(lease.value.id, lease.token, job.clone(), DONE))
        .collect();
    for done in &mut batch {
        let is_alias = done.job.url != identity;
        let title = if is_alias { "amp" } else { "가" };
        let mut read = stored(&identity, article(title, "나"));
        read.is_alias = is_alias;
        if is_alias {
            done.aliases.push(Alias {
                from: done.job.url.clone(),
                to: identity.clone(),
                reason: AliasReason::Amp,
            });
        }
        done.article = Some(read);
    }
    batch.sort_by_key(|done| done.job.url.as_str() == identity.as_str());
    let settled = store.settle(&batch).await.unwrap();
    assert_eq!(settled.outcomes, [Outcome::Known, Outcome::New]);
    // The same again, in a transaction of its own.
    let alias = batch.first().unwrap();
    let settled = store.settle(std::slice::from_ref(alias)).await.unwrap();
    assert_eq!(settled.outcomes, [Outcome::Known]);
    let one = "SELECT count(*) FROM news.articles WHERE title = '가' AND revision_count = 1";
    assert_eq!(database.count(one).await, 1);
    let alias = "SELECT count(*) FROM crawl.aliases l JOIN crawl.articles a
                     ON a.fingerprint = l.article_fingerprint
                  WHERE a.url = 'https://a.example/1'";
    assert_eq!(database.count(alias).await, 1);
}

#[tokio::test]
async fn article_read_elsewhere_ends_the_waiting_job_of_its_own_address() {
    let database = database().await;
    let store = &database.store;
    store
        .enqueue(&[job("https://m.a.example/1"), job("https://a.example/1")])
        .await
        .unwrap();
    let leased = store.lease("node", Duration::from_secs(120)).await.unwrap();
    let mobile = leased
        .iter()
        .find(|l| l.value.key.as_str() == "m.a.example")
        .unwrap();
    let mut done = settlement(mobile, DONE);
    done.article = Some(stored(&url("https://a.example/1"), article("가", "나")));
    let settled = store.settle(&[done]).await.unwrap();
    assert_eq!(settled.outcomes, [Outcome::New]);
    assert_eq!(database.count("SELECT count(*) FROM crawl.jobs").await, 0);
}

#[tokio::test]
async fn article_taken_down_is_marked_and_kept() {
    let database = database().await;
    let store = &database.store;
    store.enqueue(&[job("https://a.example/1")]).await.unwrap();
    let lease = lease_one(store).await;
    let mut done = settlement(&lease, DONE);
    done.article = Some(stored(&done.job.url, article("가", "나")));
    store.settle(&[done.clone()]).await.unwrap();
    let lease = again(&database, &done.job).await;
    let mut gone = settlement(&lease, Disposition::Discard);
    gone.is_gone = true;
    store.settle(&[gone]).await.unwrap();
    let removed = "SELECT count(*) FROM news.articles WHERE removed_at IS NOT NULL AND body = '나'";
    assert_eq!(database.count(removed).await, 1);
    let lease = again(&database, &done.job).await;
    done.token = lease.token;
    let settled = store.settle(&[done]).await.unwrap();
    assert_eq!(settled.outcomes, [Outcome::Unchanged]);
    assert_eq!(database.count(removed).await, 0);
    assert_eq!(
        database.count("SELECT count(*) FROM news.revisions").await,
        1
    );
}

#[tokio::test]
async fn text_that_may_not_be_kept_is_not_kept() {
    let database = database().await;
    let store = &database.store;
    store.enqueue(&[job("https://a.example/1")]).await.unwrap();
    let lease = lease_one(store).await;
    let mut done = settlement(&lease, DONE);
    let mut metadata = stored(&done.job.url, article("가", "비밀"));
    metadata.keep_body = false;
    done.article = Some(metadata);
    store.settle(&[done]).await.unwrap();
    let kept =
        "SELECT count(*) FROM news.articles WHERE body IS NULL AND lead = '' AND title = '가'";
    assert_eq!(database.count(kept).await, 1);
    assert_eq!(
        database.count("SELECT count(*) FROM crawl.raw_pages").await,
        0
    );
    assert_eq!(
        database
            .count("SELECT count(*) FROM news.revisions WHERE body IS NULL")
            .await,
        1
    );
}

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

#[tokio::test]
async fn settlements_of_many_nodes_do_not_deadlock() {
    let database = database().await;
    let store = &database.store;
    let all: Vec<String> = (0..40)
        .map(|n| format!("https://h{}.example/{n}", n % 8))
        .collect();
    let jobs: Vec<_> = all.iter().map(|address| job(address)).collect();
    store.enqueue(&jobs).await.unwrap();
    let leased = store.lease("node", Duration::from_secs(120)).await.unwrap();
    assert_eq!(leased.len(), 8);
    // Each host's pages turn out to be articles of other hosts, in another order each.
    let nodes = leased.into_iter().enumerate().map(|(n, lease)| {
        let store = store.clone();
        let mut identities = all.clone();
        identities.rotate_left(n * 5);
        tokio::spawn(async move {
            let batch: Vec<Settlement> = lease
                .value
                .jobs
                .iter()
                .zip(&identities)
                .map(|(job, identity)| {
                    let mut done = Settlement::new(lease.value.id, lease.token, job.clone(), DONE);
                    done.article = Some(stored(&url(identity), article(identity, "나")));
                    done
                })
                .collect();
            store.settle(&batch).await.unwrap()
        })
    });
    for node in nodes.collect::<Vec<_>>() {
        assert!(node.await.unwrap().lost.is_empty());
    }
    assert_eq!(
        database.count("SELECT count(*) FROM crawl.articles").await,
        40
    );
    assert_eq!(database.count("SELECT count(*) FROM crawl.jobs").await, 0);
}
