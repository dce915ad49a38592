//! The end of visits: all or nothing, once, and only by who holds the host.

mod articles;
mod jobs;

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
