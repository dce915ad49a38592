//! What stops the work on a host; what a page does wrong is a finding, not an error.

use crate::fetch::FetchError;
use crate::store::StoreError;

use super::gate::Closed;

/// Why work on a host ended early.
#[derive(Debug, thiserror::Error)]
pub enum CrawlError {
    /// No more requests may go to the host.
    #[error("no more requests may go to the host")]
    Closed(#[from] Closed),
    /// The store failed.
    #[error("reading or writing the frontier")]
    Store(#[from] StoreError),
    /// The client could not be built.
    #[error("building the HTTP client")]
    Fetch(#[from] FetchError),
    /// A page broke its parser.
    #[error("a page broke its parser: {0}")]
    Page(String),
}
