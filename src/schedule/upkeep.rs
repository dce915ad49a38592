//! The loop that keeps the tables fit.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::domain::Clock;
use crate::policy::coverage;
use crate::store::{Kept, Store, StoreError};

use super::Settings;

/// Dead rows at the left end of the host index cost every lease; one vacuum a minute keeps them few
/// (storage.md section 4).
const ROUND: Duration = Duration::from_secs(60);

/// Partitions and what is too old are looked after once in this many rounds, and at the start.
const SLOW_ROUNDS: u64 = 60;

/// A site memory that was not written for as long has faded to an eighth (extract/memory).
const MEMORY_DAYS: i64 = 90;

/// A listing that was not visited for as long is gone.
const PULSE_LIFE: Duration = Duration::from_secs(90 * 86_400);

/// An address that had no turn for as long has no delay to remember.
const ADDRESS_LIFE: Duration = Duration::from_secs(86_400);

/// An article that was not visited for as long is read without what its feed said: that is text, and
/// text takes room.
const HINT_LIFE: Duration = Duration::from_secs(7 * 86_400);

/// What listings show is compared over this time: all days of the week.
const COVERAGE_DAYS: i64 = 7;

/// Keeps the tables fit until stopped. A round that fails is logged and tried again with the next.
pub async fn keep_up(
    store: Store,
    settings: Settings,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    let mut rounds = interval(ROUND);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for round in 0_u64.. {
        tokio::select! {
            _ = rounds.tick() => {}
            () = stop.cancelled() => return,
        }
        if let Err(error) = store.vacuum_hot().await {
            report(&error, "the frontier was not vacuumed");
        }
        if let Err(error) = store.finish_backfills().await {
            report(&error, "the ends of backfills were not noted");
        }
        if round.is_multiple_of(SLOW_ROUNDS)
            && let Err(error) = look_after(&store, &settings, &*clock).await
        {
            report(&error, "partitions or old rows were not looked after");
        }
    }
}

/// An outage is said by those who wait for it to end.
fn report(error: &StoreError, what: &str) {
    if error.is_transient() {
        tracing::debug!(%error, "{what}");
    } else {
        tracing::warn!(%error, "{what}");
    }
}

/// Creates the partitions of the next months and removes what is older than `settings` allow.
///
/// # Errors
/// When the database fails.
pub async fn look_after(
    store: &Store,
    settings: &Settings,
    clock: &dyn Clock,
) -> Result<(), StoreError> {
    let now = clock.now();
    let created = store.ensure_partitions(now).await?;
    if created > 0 {
        tracing::info!(created, "created {created} partitions");
    }
    store
        .drop_site_memories(now - TimeDelta::days(MEMORY_DAYS))
        .await?;
    store.drop_pulses(PULSE_LIFE).await?;
    store.drop_addresses(ADDRESS_LIFE).await?;
    store.drop_hints(HINT_LIFE).await?;
    count_coverage(store, now).await?;
    for (kept, limit) in [
        (Kept::Fetches, settings.fetches),
        (Kept::RawPages, settings.raw_pages),
        (Kept::Bodies, settings.bodies),
        (Kept::Articles, settings.articles),
    ] {
        let Some(limit) = limit else { continue };
        let rows = store.expire(kept, now - limit).await?;
        if rows > 0 {
            tracing::info!(rows, "{kept:?}: {rows} rows were too old and went");
        }
    }
    Ok(())
}

/// Estimates for each source how many articles no listing shows.
async fn count_coverage(store: &Store, now: DateTime<Utc>) -> Result<(), StoreError> {
    let captures = store.captures(now - TimeDelta::days(COVERAGE_DAYS)).await?;
    let counted: Vec<_> = captures
        .into_iter()
        .map(|c| (c, coverage::unmet(c.in_feeds, c.in_pages, c.in_both)))
        .collect();
    store.keep_coverage(&counted, now).await
}
