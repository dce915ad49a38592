//! What becomes of articles: stored once, revised, marked.

use super::*;

/// An article is stored with this text, and its host is leased for the next visit of it.
async fn visited(database: &Database, text: &str) -> Settlement {
    let store = &database.store;
    store.enqueue(&[job("https://a.example/1")]).await.unwrap();
    let lease = lease_one(store).await;
    let mut done = settlement(&lease, DONE);
    done.article = Some(stored(&done.job.url, article("가", text)));
    store.settle(&[done.clone()]).await.unwrap();
    done.token = again(database, &done.job).await.token;
    done
}

#[tokio::test]
async fn unchanged_article_writes_no_revision() {
    let database = database().await;
    let store = &database.store;
    let mut done = visited(&database, "나").await;
    let untouched = "SELECT (xmin::text)::bigint FROM crawl.articles";
    let before = database.count(untouched).await;
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
    let mut done = visited(&database, "나").await;
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
async fn text_of_every_version_is_there_and_stands_once() {
    let database = database().await;
    let store = &database.store;
    store.enqueue(&[job("https://a.example/1")]).await.unwrap();
    let mut lease = lease_one(store).await;
    let first = lease.value.jobs.first().unwrap().clone();
    for text in ["하나", "둘", "셋"] {
        let mut done = Settlement::new(lease.value.id, lease.token, first.clone(), DONE);
        done.article = Some(stored(&first.url, article("가", text)));
        store.settle(&[done]).await.unwrap();
        lease = again(&database, &first).await;
    }
    assert_eq!(texts(&database).await, "1 하나, 2 둘, 3 셋");
    let copies = "SELECT count(*) FROM crawl.revisions r JOIN crawl.articles a
                   USING (fingerprint, first_seen_at) WHERE r.body = a.body";
    assert_eq!(database.count(copies).await, 0);
}

#[tokio::test]
async fn text_that_another_transaction_writes_meanwhile_is_not_lost() {
    let database = database().await;
    let store = &database.store;
    let mut done = visited(&database, "하나").await;
    done.article = Some(stored(&done.job.url, article("가", "셋")));

    let mut other = database.pool.begin().await.unwrap();
    sqlx::raw_sql(
        "UPDATE crawl.revisions SET body = '하나';
         INSERT INTO crawl.revisions (fingerprint, first_seen_at, revision, kind, seen_at, changed,
                                      content_hash, title, authors)
         SELECT fingerprint, first_seen_at, 2, 'edit', now(), '{body}', gen_random_uuid(), title,
                authors FROM crawl.articles;
         UPDATE crawl.articles SET body = '둘', revision_count = 2, content_hash = r.content_hash
           FROM crawl.revisions r WHERE r.revision = 2",
    )
    .execute(&mut *other)
    .await
    .unwrap();
    let settling = tokio::spawn({
        let store = store.clone();
        async move { store.settle(&[done]).await.unwrap() }
    });
    let waiting = "SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let waits = async {
        while database.count(waiting).await == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waits)
        .await
        .expect("the settlement waits for the other transaction");
    other.commit().await.unwrap();
    let settled = settling.await.unwrap();
    assert_eq!(settled.outcomes, [Outcome::Revised(3)]);
    assert_eq!(texts(&database).await, "1 하나, 2 둘, 3 셋");
}

/// All versions' texts, as people read them.
async fn texts(database: &Database) -> String {
    sqlx::query_scalar(
        "SELECT string_agg(revision || ' ' || body, ', ' ORDER BY revision) FROM news.revisions",
    )
    .fetch_one(&database.pool)
    .await
    .unwrap()
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
async fn known_article_that_is_met_elsewhere_keeps_its_waiting_look() {
    let database = database().await;
    let store = &database.store;
    let own = url("https://a.example/1");
    store.enqueue(&[job("https://a.example/1")]).await.unwrap();
    let lease = lease_one(store).await;
    let mut done = settlement(&lease, DONE);
    done.article = Some(stored(&own, article("가", "나")));
    store.settle(&[done]).await.unwrap();
    let (host, token) = (lease.value.id, lease.token);
    store.release(host, token, Duration::ZERO, 0).await.unwrap();

    assert_eq!(store.make_articles_due().await.unwrap(), 1);
    let elsewhere = job("https://a.example/short");
    store.enqueue(&[elsewhere]).await.unwrap();
    let lease = lease_one(store).await;
    assert_eq!(lease.value.jobs.len(), 2, "both are in one hand");
    let mut done: Vec<Settlement> = lease
        .value
        .jobs
        .iter()
        .map(|job| Settlement::new(lease.value.id, lease.token, job.clone(), DONE))
        .collect();
    done.sort_by_key(|done| done.job.url == own);
    for (done, text) in done.iter_mut().zip(["나", "다"]) {
        done.article = Some(stored(&own, article("가", text)));
    }
    let [met, look] = done.try_into().unwrap();
    let met = store.settle(&[met]).await.unwrap();
    assert_eq!(met.outcomes, [Outcome::Unchanged]);
    assert_eq!(database.count("SELECT count(*) FROM crawl.jobs").await, 1);
    let look = store.settle(&[look]).await.unwrap();
    assert_eq!(look.outcomes, [Outcome::Revised(2)]);
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
