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
    /// A web archive could not be read.
    #[error("reading the archive")]
    Archive(#[from] std::io::Error),
    /// A page broke its parser.
    #[error("a page broke its parser: {0}")]
    Page(String),
}

impl CrawlError {
    /// Whether the database is away, which whoever waits for it says.
    pub(super) fn is_outage(&self) -> bool {
        match self {
            Self::Closed(Closed::Store(error)) | Self::Store(error) => error.is_transient(),
            Self::Closed(Closed::Lost | Closed::Stopping)
            | Self::Fetch(_)
            | Self::Archive(_)
            | Self::Page(_) => false,
        }
    }
}
