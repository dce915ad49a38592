//! One crawl over an open store: sources synchronised, worker and upkeep side by side.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, Utc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::crawl::{Profile, Profiles, Progress, Tally, Until, Visitor, Worker};
use crate::domain::{Clock, Source, SourceName, SystemClock};
use crate::fetch::Fetcher;
use crate::schedule;
use crate::store::{Store, StoreError};

use super::{Vitals, disk, private, pushes};

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

/// How a source's listings did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceReport {
    /// Which source.
    pub name: SourceName,
    /// Whether one of its listings was read or found unchanged, by this node or another.
    pub was_reached: bool,
    /// The last reason why a listing gave nothing.
    pub failure: Option<String>,
}

/// What a crawl did.
#[derive(Debug, Clone)]
pub struct Report {
    /// The counters.
    pub tally: Tally,
    /// Each active source.
    pub sources: Vec<SourceReport>,
    /// Jobs that stay for later.
    pub later: i64,
}

/// What is ready before the first lease.
struct Ready {
    profiles: Profiles,
    until: Until,
}

/// How long the tasks beside the worker may take to end when it has ended.
const SIDE_LIMIT: Duration = Duration::from_millis(500);

/// Crawls until the span is over or `stop` is cancelled; `None` when that came before the database
/// answered.
///
/// # Errors
/// When the store fails for good or the HTTP client can't be built.
pub async fn crawl(
    config: &Config,
    store: &Store,
    span: Span,
    vitals: &Vitals,
    stop: CancellationToken,
) -> anyhow::Result<Option<Report>> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let fetcher = Fetcher::new(config.fetch.clone(), Arc::clone(&clock))
        .context("building the HTTP client")?;
    vitals.opened(store);
    let now = clock.now();
    let ready = || make_ready(config, store, span, now);
    let Some(ready) = vitals.outage.outlast(&stop, ready).await? else {
        return Ok(None);
    };
    let Ready { profiles, until } = ready?;
    let is_active = |profile: &&Arc<Profile>| profile.source.is_active();
    let active: Vec<_> = profiles.iter().filter(is_active).cloned().collect();
    let visitor = Visitor::new(
        config.crawler.clone(),
        config.archive.clone(),
        (fetcher, &config.fetch),
        store.clone(),
        profiles,
        Arc::clone(&clock),
    )
    .with_outage(vitals.outage.clone());
    let public_url = config
        .http
        .public_url
        .clone()
        .filter(|_| span == Span::Endless);
    let visitor = Arc::new(match public_url {
        Some(_) => visitor.with_subscriptions(),
        None => visitor,
    });
    let worker = Worker::new(Arc::clone(&visitor), vitals.progress.clone(), node_name())
        .paused_by(vitals.is_paused.clone());
    let side = stop.child_token();
    let mut tasks = beside(config, store, clock, vitals, &side);
    if let Some(base) = public_url {
        tasks.spawn(Arc::clone(&visitor).keep_subscribed(base, node_name(), side.clone()));
        tasks.spawn(pushes::take(vitals.clone(), visitor, side.clone()));
    }
    let outcome = worker.run(until, stop.clone()).await;
    side.cancel();
    // Those that the database holds up are cut off.
    let _are_ended = tokio::time::timeout(SIDE_LIMIT, tasks.join_all()).await;
    outcome?;
    let report = || {
        report(
            &active,
            store,
            &vitals.progress,
            until,
            config.crawler.lease,
        )
    };
    match span {
        // Nobody reads it, and the database may be away.
        Span::Endless => Ok(None),
        Span::UntilIdle { .. } => Ok(vitals.outage.outlast(&stop, report).await?),
    }
}

/// What must be in the database before the first lease. What is wrong with the site rules is for
/// the inner result: no waiting helps there.
async fn make_ready(
    config: &Config,
    store: &Store,
    span: Span,
    now: DateTime<Utc>,
) -> Result<anyhow::Result<Ready>, StoreError> {
    store.ensure_partitions(now).await?;
    let profiles = match profiles(config, store).await? {
        Ok(profiles) => profiles,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let until = due(store, span).await?;
    Ok(Ok(Ready { profiles, until }))
}

async fn report(
    active: &[Arc<Profile>],
    store: &Store,
    progress: &Progress,
    until: Until,
    lease: Duration,
) -> Result<Report, StoreError> {
    Ok(Report {
        tally: progress.tally(),
        sources: sources_of(active, store, progress, until, lease).await?,
        later: store.backlog(Duration::ZERO, None).await?.later,
    })
}

/// The sources brought into the store, with their rules compiled.
pub(super) async fn profiles(
    config: &Config,
    store: &Store,
) -> Result<anyhow::Result<Profiles>, StoreError> {
    let synced = store.sync_sources(&config.sources).await?;
    let known = |source: &Source| Some((*synced.ids.get(&source.name)?, source.clone()));
    let profiles = Profiles::new(config.sources.iter().filter_map(known));
    Ok(profiles.map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("site rules: {}", errors.join("; "))
    }))
}

/// Makes due what the span wants visited at once.
async fn due(store: &Store, span: Span) -> Result<Until, StoreError> {
    let Span::UntilIdle { revisit_articles } = span else {
        return Ok(Until::Stopped);
    };
    if revisit_articles {
        store.make_articles_due().await?;
    }
    let since = store.make_listings_due().await?;
    Ok(Until::Idle { since })
}

/// What goes on beside the worker until `stop` is cancelled.
fn beside(
    config: &Config,
    store: &Store,
    clock: Arc<dyn Clock>,
    vitals: &Vitals,
    stop: &CancellationToken,
) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let retention = config.retention.clone();
    tasks.spawn(schedule::keep_up(
        store.clone(),
        retention,
        clock,
        stop.clone(),
    ));
    let (folder, min_free) = (existing(&config.data_dir), config.archive.min_free_disk);
    tasks.spawn(disk::watch(
        folder,
        min_free,
        vitals.is_paused.clone(),
        stop.clone(),
    ));
    tasks.spawn(private::look_after(store.clone(), stop.clone()));
    tasks
}

/// How each active source did; other nodes may have visited what this one did not. One of them may
/// have been at it when this one started, for no longer than a `lease`.
async fn sources_of(
    active: &[Arc<Profile>],
    store: &Store,
    progress: &Progress,
    until: Until,
    lease: Duration,
) -> Result<Vec<SourceReport>, StoreError> {
    let tallies = progress.by_source();
    let states = store.source_states().await?;
    let by_others = |name: &SourceName, slack: Duration| {
        let state = states.iter().find(|state| state.name == name.as_str());
        let last = state.and_then(|state| state.last_success_at);
        matches!((until, last), (Until::Idle { since }, Some(last)) if last + slack >= since)
    };
    let report = |profile: &Arc<Profile>| {
        let name = profile.source.name.clone();
        let tally = tallies.get(&profile.id).cloned().unwrap_or_default();
        let slack = if tally.failure.is_none() {
            lease
        } else {
            Duration::ZERO
        };
        SourceReport {
            was_reached: tally.visited > 0 || by_others(&name, slack),
            failure: tally.failure,
            name,
        }
    };
    Ok(active.iter().map(report).collect())
}

/// The nearest folder above `path` that exists: the disk that will hold it.
pub(super) fn existing(path: &std::path::Path) -> PathBuf {
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
