//! Several nodes on one frontier: the work is shared, nothing is lost, nothing is done twice.

use std::collections::BTreeMap;
use std::time::Duration;

use sokbo::domain::{CanonicalUrl, Disposition, Lease, LeasedHost};
use sokbo::store::{Found, Settlement, Store};

use super::frontier::{job, url};
use crate::support::database;

const PAGES: u32 = 600;
const LEASE: Duration = Duration::from_secs(120);

/// Page `n` of a world where each page links to two others, on other hosts.
fn page(n: u32) -> String {
    format!("https://h{}.example/{n}", n * 7 % 13)
}

fn links(address: &CanonicalUrl) -> Vec<Found> {
    let n: u32 = address
        .as_url()
        .path()
        .trim_start_matches('/')
        .parse()
        .unwrap();
    [2 * n, 2 * n + 1, n / 2]
        .into_iter()
        .filter(|n| (1..=PAGES).contains(n))
        .map(|n| Found {
            job: job(&page(n)),
            title: None,
            published_at: None,
            hint: None,
        })
        .collect()
}

/// Visits all that is due on a host, batch by batch, and gives it back.
async fn work_off(store: &Store, lease: Lease<LeasedHost>) -> Vec<CanonicalUrl> {
    let (host, token) = (lease.value.id, lease.token);
    let mut jobs = lease.value.jobs;
    let mut visited = Vec::new();
    while !jobs.is_empty() {
        let batch: Vec<Settlement> = jobs
            .drain(..)
            .map(|job| {
                let done = Disposition::Complete { interval: None };
                let mut settlement = Settlement::new(host, token, job, done);
                settlement.found = links(&settlement.job.url);
                settlement
            })
            .collect();
        let settled = store.settle(&batch).await.unwrap();
        assert!(settled.lost.is_empty());
        visited.extend(batch.into_iter().map(|settlement| settlement.job.url));
        jobs = store.next_jobs(host, token, &[]).await.unwrap();
    }
    assert!(store.release(host, token, Duration::ZERO, 0).await.unwrap());
    visited
}

async fn node(store: Store, name: String) -> Vec<CanonicalUrl> {
    let mut visited = Vec::new();
    loop {
        let leased = store.lease(&name, LEASE).await.unwrap();
        if leased.is_empty() {
            let backlog = store.backlog(Duration::ZERO, None).await.unwrap();
            if backlog.due + backlog.later + backlog.leased_hosts == 0 {
                return visited;
            }
        }
        for lease in leased {
            visited.extend(work_off(&store, lease).await);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_visit_every_page_once() {
    let database = database().await;
    database.store.enqueue(&[job(&page(1))]).await.unwrap();
    let nodes: Vec<_> = (0..4)
        .map(|n| tokio::spawn(node(database.store.clone(), format!("node-{n}"))))
        .collect();
    let mut visits: BTreeMap<CanonicalUrl, u32> = BTreeMap::new();
    for node in nodes {
        for address in node.await.unwrap() {
            *visits.entry(address).or_default() += 1;
        }
    }
    let twice: Vec<_> = visits.iter().filter(|(_, visits)| **visits != 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let missing: Vec<_> = (1..=PAGES)
        .filter(|n| !visits.contains_key(&url(&page(*n))))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
