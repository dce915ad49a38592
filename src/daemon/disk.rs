//! Fetching pauses while the disk is nearly full.

use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::domain::ByteSize;

/// Time between two looks at the disk.
const ROUND: Duration = Duration::from_secs(10);

/// Looks at the disk that holds `folder` until stopped and says through `pause` whether less than
/// `min_free` is left.
pub(super) async fn watch(
    folder: PathBuf,
    min_free: ByteSize,
    pause: watch::Sender<bool>,
    stop: CancellationToken,
) {
    loop {
        match nix::sys::statvfs::statvfs(&folder) {
            Ok(disk) => {
                let free = disk.blocks_available().saturating_mul(disk.fragment_size());
                let is_low = free < min_free.as_u64();
                let changed =
                    pause.send_if_modified(|paused| std::mem::replace(paused, is_low) != is_low);
                if changed && is_low {
                    tracing::error!(
                        free,
                        "less than {min_free} free on the disk of {}: fetching pauses",
                        folder.display()
                    );
                } else if changed {
                    tracing::info!(free, "fetching goes on: the disk has room again");
                }
            }
            Err(error) => {
                tracing::warn!(%error, "can't tell the free space of {}", folder.display())
            }
        }
        tokio::select! {
            () = tokio::time::sleep(ROUND) => {}
            () = stop.cancelled() => return,
        }
    }
}
