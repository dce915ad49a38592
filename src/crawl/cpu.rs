//! Work on a page, off the async threads and no more of it at once than there are cores.

use std::sync::LazyLock;
use std::thread::available_parallelism;

use tokio::sync::Semaphore;

use super::CrawlError;

static CORES: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(available_parallelism().map_or(2, usize::from)));

/// Runs `work` on a blocking thread.
///
/// # Errors
/// When the work panicked: the page is at fault, and only its job ends.
pub(super) async fn on_cpu<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, CrawlError> {
    // The semaphore is never closed; without it the work would only run less evenly.
    let _permit = CORES.acquire().await.ok();
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|panic| CrawlError::Page(panic.to_string()))
}
