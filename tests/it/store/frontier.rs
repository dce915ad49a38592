//! Leases, the order of jobs, and what is never lost.

use std::collections::BTreeSet;
use std::time::Duration;

use sokbo::domain::{
    CanonicalUrl, HostKey, Identity, JobKind, Lease, LeasedHost, Priority, Scope, Standing,
};
use sokbo::store::{NewJob, Store};

use crate::support::database;

const LEASE: Duration = Duration::from_secs(120);

pub(super) fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text, Identity::AllButTracking).unwrap()
}

pub(crate) fn job(text: &str) -> NewJob {
    let url = url(text);
    NewJob {
        host: HostKey::of(&url, Scope::Host),
        url,
        kind: JobKind::Article,
        priority: Priority::Fresh,
        source: None,
        section: None,
        interval: None,
        depth: 0,
        since: None,
    }
}

pub(super) async fn lease_one(store: &Store) -> Lease<LeasedHost> {
    let mut leased = store.lease("node", LEASE).await.unwrap();
    assert_eq!(leased.len(), 1);
    leased.remove(0)
}

#[tokio::test]
async fn expired_lease_is_leased_again() {
    let database = database().await;
    let store = &database.store;
    store.enqueue(&[job("https://a.example/1")]).await.unwrap();
    let first = lease_one(store).await;
    assert!(store.lease("other", LEASE).await.unwrap().is_empty());
    database
        .execute("UPDATE crawl.hosts SET ready_at = now() - interval '1 s'")
        .await;
    let second = lease_one(store).await;
    assert!(second.token > first.token);
    let host = first.value.id;
    assert!(
        store
            .renew(&[(host, first.token)], LEASE)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        !store
            .release(host, first.token, Duration::ZERO, 0)
            .await
            .unwrap()
    );
    assert_eq!(
        store.renew(&[(host, second.token)], LEASE).await.unwrap(),
        [host]
    );
}

#[tokio::test]
async fn two_nodes_never_hold_one_host() {
    let database = database().await;
    let jobs: Vec<NewJob> = (0..60)
        .map(|n| job(&format!("https://h{n}.example/1")))
        .collect();
    database.store.enqueue(&jobs).await.unwrap();
    let nodes = (0..4).map(|n| {
        let store = database.store.clone();
        tokio::spawn(async move {
            let mut hosts = Vec::new();
            for _ in 0..8 {
                let leased = store.lease(&format!("node-{n}"), LEASE).await.unwrap();
                hosts.extend(leased.into_iter().map(|lease| lease.value.id));
            }
            hosts
        })
    });
    let mut all = Vec::new();
    for node in nodes.collect::<Vec<_>>() {
        all.extend(node.await.unwrap());
    }
    assert_eq!(all.len(), 60);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 60);
}

#[tokio::test]
async fn known_url_is_not_enqueued_again() {
    let database = database().await;
    let store = &database.store;
    let new = store
        .enqueue(&[
            job("https://a.example/1"),
            job("http://a.example/1"),
            job("https://a.example/2"),
        ])
        .await
        .unwrap();
    assert_eq!(new.len(), 2);
    assert!(
        store
            .enqueue(&[job("http://a.example/1")])
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(database.count("SELECT count(*) FROM crawl.jobs").await, 2);
    assert_eq!(database.count("SELECT count(*) FROM crawl.seen").await, 2);
}

#[tokio::test]
async fn enqueue_in_different_orders_does_not_deadlock() {
    let database = database().await;
    for round in 0..10 {
        let jobs: Vec<NewJob> = (0..200)
            .map(|n| job(&format!("https://h{}.example/{round}/{n}", n % 7)))
            .collect();
        let writers = (0..4).map(|n| {
            let mut jobs = jobs.clone();
            jobs.rotate_left(n * 50);
            if n % 2 == 1 {
                jobs.reverse();
            }
            let store = database.store.clone();
            tokio::spawn(async move { store.enqueue(&jobs).await.unwrap().len() })
        });
        let mut new = 0;
        for writer in writers.collect::<Vec<_>>() {
            new += writer.await.unwrap();
        }
        assert_eq!(new, 200);
    }
}

#[tokio::test]
async fn listings_come_before_articles_and_ten_at_a_time() {
    let database = database().await;
    let store = &database.store;
    let mut jobs: Vec<NewJob> = (0..12)
        .map(|n| job(&format!("https://a.example/{n}")))
        .collect();
    jobs.push(NewJob {
        kind: JobKind::Feed,
        priority: Priority::Listing,
        interval: Some(Duration::from_secs(60)),
        ..job("https://a.example/feed")
    });
    store.enqueue(&jobs).await.unwrap();
    let lease = lease_one(store).await;
    assert_eq!(lease.value.jobs.len(), 10);
    assert_eq!(lease.value.jobs.first().unwrap().kind, JobKind::Feed);
    let in_hand: Vec<_> = lease.value.jobs.iter().map(|job| job.fingerprint).collect();
    let host = lease.value.id;
    let more = store.next_jobs(host, lease.token, &in_hand).await.unwrap();
    assert_eq!(more.len(), 3);
    let lost = sokbo::domain::LeaseToken(lease.token.0 + 1);
    assert!(store.next_jobs(host, lost, &[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn host_without_due_jobs_is_put_back_until_one_is() {
    let database = database().await;
    let store = &database.store;
    store.enqueue(&[job("https://a.example/1")]).await.unwrap();
    database
        .execute("UPDATE crawl.jobs SET run_at = now() + interval '3 min'")
        .await;
    assert!(store.lease("node", LEASE).await.unwrap().is_empty());
    let in_time = "SELECT count(*) FROM crawl.hosts h JOIN crawl.jobs j ON j.host_id = h.id
                    WHERE h.lease_token = 0 AND h.ready_at = j.run_at";
    assert_eq!(database.count(in_time).await, 1);
    database.execute("DELETE FROM crawl.jobs").await;
    database
        .execute("UPDATE crawl.hosts SET ready_at = now()")
        .await;
    assert!(store.lease("node", LEASE).await.unwrap().is_empty());
    let capped = "SELECT count(*) FROM crawl.hosts
                   WHERE ready_at BETWEEN now() + interval '9 min' AND now() + interval '10 min'";
    assert_eq!(database.count(capped).await, 1);
}

#[tokio::test]
async fn idle_host_is_woken_by_a_new_job() {
    let database = database().await;
    let store = &database.store;
    store.enqueue(&[job("https://a.example/1")]).await.unwrap();
    database.execute("DELETE FROM crawl.jobs").await;
    assert!(store.lease("node", LEASE).await.unwrap().is_empty());
    store.enqueue(&[job("https://a.example/2")]).await.unwrap();
    assert_eq!(lease_one(store).await.value.jobs.len(), 1);
}

#[tokio::test]
async fn released_host_waits_for_its_delay() {
    let database = database().await;
    let store = &database.store;
    let jobs = [job("https://a.example/1"), job("https://a.example/2")];
    store.enqueue(&jobs).await.unwrap();
    let lease = lease_one(store).await;
    let polite = Duration::from_secs(5);
    assert!(
        store
            .release(lease.value.id, lease.token, polite, 2)
            .await
            .unwrap()
    );
    assert!(store.lease("node", LEASE).await.unwrap().is_empty());
    database
        .execute("UPDATE crawl.hosts SET ready_at = ready_at - interval '5 s', polite_at = polite_at - interval '5 s'")
        .await;
    assert_eq!(lease_one(store).await.value.standing.failures, 2);
}

#[tokio::test]
async fn hosts_are_given_back_together_but_not_by_who_lost_them() {
    let database = database().await;
    let store = &database.store;
    let jobs: Vec<NewJob> = (0..3)
        .map(|n| job(&format!("https://h{n}.example/1")))
        .collect();
    store.enqueue(&jobs).await.unwrap();
    let leased = store.lease("node", LEASE).await.unwrap();
    let mut held: Vec<_> = leased.iter().map(|l| (l.value.id, l.token)).collect();
    if let Some((_, token)) = held.first_mut() {
        token.0 += 1000;
    }
    let given_back = store.release_all(&held, Duration::ZERO, 1).await.unwrap();
    assert_eq!(given_back, 2);
    let idle = "SELECT count(*) FROM crawl.hosts WHERE lease_token = 0 AND failures = 1";
    assert_eq!(database.count(idle).await, 2);
}

#[tokio::test]
async fn host_rests_after_503() {
    let database = database().await;
    let store = &database.store;
    store.enqueue(&[job("https://a.example/1")]).await.unwrap();
    let lease = lease_one(store).await;
    let (host, token) = (lease.value.id, lease.token);
    let rest = Duration::from_secs(1800);
    assert!(
        store
            .rest(
                host,
                token,
                rest,
                Standing {
                    failures: 3,
                    doubts: 0
                },
                "503 from https://a.example/1"
            )
            .await
            .unwrap()
    );
    // Neither a renewal nor the death of the node lets anybody ask sooner.
    store.renew(&[(host, token)], LEASE).await.unwrap();
    let resting = "SELECT count(*) FROM crawl.hosts
                    WHERE least(ready_at, polite_at) > now() + interval '29 min'
                      AND last_error LIKE '503%' AND rests_until > now() AND failures = 3";
    assert_eq!(database.count(resting).await, 1);
    store.release(host, token, Duration::ZERO, 3).await.unwrap();
    assert_eq!(database.count(resting).await, 1);
    let backlog = store.backlog(Duration::from_secs(30), None).await.unwrap();
    assert_eq!(
        (backlog.due, backlog.later, backlog.leased_hosts),
        (0, 1, 0)
    );
    assert!(backlog.next_due_in.unwrap() > Duration::from_secs(1700));
}

#[tokio::test]
async fn one_index_alone_leads_to_the_jobs_of_a_host() {
    let database = database().await;
    // With another one the planner may read all jobs of a host, and sort them, for the first ten.
    let leading = "SELECT count(*) FROM pg_index i JOIN pg_attribute a
                       ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
                    WHERE i.indrelid = 'crawl.jobs'::regclass AND a.attname = 'host_id'";
    assert_eq!(database.count(leading).await, 1);
}

#[tokio::test]
async fn rows_of_hosts_have_one_unique_index() {
    let database = database().await;
    // Each write of a row reads all its dead versions, once for each of them.
    let unique = "SELECT count(*) FROM pg_index
                   WHERE indrelid = 'crawl.hosts'::regclass AND indisunique";
    assert_eq!(database.count(unique).await, 1);
}
