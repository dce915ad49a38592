//! A node whose machine sleeps, and wakes up behind the end of its leases.

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use sokbo::crawl::{Profiles, Progress, Settings, Until, Visitor, Worker};
use sokbo::domain::{ManualClock, Priority};
use sokbo::{archive, fetch};
use tokio_util::sync::CancellationToken;

use crate::store::frontier::job;
use crate::support::{Site, database};

const PAPER: &str = "www.paper.example";

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "the instant does not matter")]
async fn node_that_slept_past_its_lease_asks_nothing_more() {
    let site = Site::plain().await;
    let database = database().await;
    let addresses = [1, 2].map(|n| format!("http://{PAPER}/news/{n}"));
    for (address, priority) in addresses.iter().zip([Priority::Fresh, Priority::Article]) {
        let mut job = job(address);
        job.priority = priority;
        database.store.enqueue(&[job]).await.unwrap();
    }
    let fetch = fetch::Settings {
        allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
        hosts: [(PAPER.to_owned(), site.address)].into(),
        ..fetch::Settings::default()
    };
    let crawler = Settings {
        per_host_delay: std::time::Duration::ZERO,
        ..Settings::default()
    };
    let clock = ManualClock::at(Utc::now());
    let fetcher = fetch::Fetcher::new(fetch.clone(), Arc::new(clock.clone())).unwrap();
    let visitor = Visitor::new(
        crawler,
        archive::Settings::default(),
        (fetcher, &fetch),
        database.store.clone(),
        Profiles::default(),
        Arc::new(clock.clone()),
    );
    let worker = Worker::new(visitor, Progress::default(), "sleeper".to_owned());
    let first = format!("{PAPER}/news/1");
    site.hold(&first);
    let sleep = async {
        site.wait_until_asked(&first).await;
        // The machine sleeps; another node gets the host, and visits what was due.
        clock.advance(TimeDelta::minutes(10));
        database.execute("DELETE FROM crawl.jobs").await;
        let returned = "UPDATE crawl.hosts SET lease_token = 0, ready_at = now() + interval '1 h'";
        database.execute(returned).await;
        site.release(&first);
    };
    let until = Until::Idle { since: Utc::now() };
    let (outcome, ()) = tokio::join!(worker.run(until, CancellationToken::new()), sleep);
    outcome.unwrap();
    let asked = site.asked();
    let articles = asked.iter().filter(|at| at.contains("/news/"));
    assert_eq!(articles.collect::<Vec<_>>(), [&first], "{asked:?}");
}
