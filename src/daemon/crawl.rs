//! One crawl over an open store: sources synchronised, worker and upkeep side by side.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::crawl::{Profiles, Progress, SourceTally, Tally, Until, Visitor, Worker};
use crate::domain::{Clock, Source, SourceName, SystemClock};
use crate::fetch::Fetcher;
use crate::schedule;
use crate::store::Store;

use super::disk;

/// How long a crawl goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Until it is stopped.
    Endless,
    /// Until every listing was visited and nothing is due soon.
    UntilIdle {
        /// Whether every stored article is due too.
        revisit_articles: bool,
    },
}

/// What a crawl did.
#[derive(Debug, Clone)]
pub struct Report {
    /// The counters.
    pub tally: Tally,
    /// Each active source with how its listings did; none for a source without a visit.
    pub sources: Vec<(SourceName, Option<SourceTally>)>,
    /// Jobs that stay for later.
    pub later: i64,
}

/// Crawls until the span is over or `stop` is cancelled.
///
/// # Errors
/// When the store fails for good or the HTTP client can't be built.
pub async fn crawl(
    config: &Config,
    store: &Store,
    span: Span,
    progress: &Progress,
    stop: CancellationToken,
) -> anyhow::Result<Report> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    store.ensure_partitions(clock.now()).await?;
    let synced = store.sync_sources(&config.sources).await?;
    let known = |source: &Source| Some((*synced.ids.get(&source.name)?, source.clone()));
    let profiles = Profiles::new(config.sources.iter().filter_map(known)).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("site rules: {}", errors.join("; "))
    })?;
    let active: Vec<_> = profiles
        .iter()
        .filter(|p| p.source.is_active())
        .cloned()
        .collect();
    let fetcher = Fetcher::new(config.fetch.clone(), Arc::clone(&clock))
        .context("building the HTTP client")?;
    let until = match span {
        Span::Endless => Until::Stopped,
        Span::UntilIdle { revisit_articles } => {
            if revisit_articles {
                store.make_articles_due().await?;
            }
            Until::Idle {
                since: store.make_listings_due().await?,
            }
        }
    };
    let visitor = Visitor::new(
        config.crawler.clone(),
        config.archive.clone(),
        (fetcher, &config.fetch),
        store.clone(),
        profiles,
        Arc::clone(&clock),
    );
    let worker = Worker::new(visitor, progress.clone(), node_name());
    let side = CancellationToken::new();
    let upkeep = tokio::spawn(schedule::keep_up(store.clone(), clock, side.clone()));
    let guard = tokio::spawn(disk::watch(
        existing(&config.data_dir),
        config.archive.min_free_disk,
        worker.pause(),
        side.clone(),
    ));
    let outcome = worker.run(until, stop).await;
    side.cancel();
    upkeep.await.context("the upkeep task broke")?;
    guard.await.context("the disk task broke")?;
    outcome?;
    let tallies = progress.by_source();
    let sources = active
        .iter()
        .map(|p| (p.source.name.clone(), tallies.get(&p.id).cloned()));
    Ok(Report {
        tally: progress.tally(),
        sources: sources.collect(),
        later: store.backlog(std::time::Duration::ZERO, None).await?.later,
    })
}

/// The nearest folder above `path` that exists: the disk that will hold it.
fn existing(path: &std::path::Path) -> PathBuf {
    path.ancestors()
        .find(|p| p.is_dir())
        .unwrap_or(std::path::Path::new("/"))
        .to_owned()
}

/// Host and process, for people who read lease rows.
fn node_name() -> String {
    let host = nix::unistd::gethostname()
        .ok()
        .and_then(|name| name.into_string().ok());
    format!(
        "{}:{}",
        host.unwrap_or_else(|| "node".to_owned()),
        std::process::id()
    )
}
