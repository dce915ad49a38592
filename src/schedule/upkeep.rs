//! The loop that keeps the tables fit.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::domain::Clock;
use crate::store::{Store, StoreError};

/// Dead rows at the left end of the host index cost every lease; one vacuum a minute keeps them few
/// (storage.md section 4).
const ROUND: Duration = Duration::from_secs(60);

/// Partitions are looked after once in this many rounds, and at the start.
const PARTITION_ROUNDS: u64 = 60;

/// Keeps the tables fit until stopped. A round that fails is logged and tried again with the next.
pub async fn keep_up(store: Store, clock: Arc<dyn Clock>, stop: CancellationToken) {
    let mut rounds = interval(ROUND);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for round in 0_u64.. {
        tokio::select! {
            _ = rounds.tick() => {}
            () = stop.cancelled() => return,
        }
        let with_partitions = round.is_multiple_of(PARTITION_ROUNDS);
        if let Err(error) = one_round(&store, &*clock, with_partitions).await {
            tracing::warn!(%error, "a round of upkeep failed");
        }
    }
}

async fn one_round(
    store: &Store,
    clock: &dyn Clock,
    with_partitions: bool,
) -> Result<(), StoreError> {
    if with_partitions {
        let created = store.ensure_partitions(clock.now()).await?;
        if created > 0 {
            tracing::info!(created, "created {created} partitions");
        }
    }
    store.vacuum_hot().await
}
