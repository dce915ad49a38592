//! The private database is looked after while the daemon runs.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::store::Store;

/// Time between two looks; an outage of the private server lasts little longer.
const ROUND: Duration = Duration::from_secs(3);

/// Starts the private server again whenever it is gone, until stopped: it may crash, and it goes
/// with the process that owned it, which need not be this one.
pub(super) async fn look_after(store: Store, stop: CancellationToken) {
    let mut is_told = false;
    loop {
        tokio::select! {
            () = tokio::time::sleep(ROUND) => {}
            () = stop.cancelled() => return,
        }
        match store.revive().await {
            Ok(()) => is_told = false,
            Err(_) if is_told => {}
            Err(error) => {
                is_told = true;
                tracing::error!(%error, "the private database does not start: {error}");
            }
        }
    }
}
