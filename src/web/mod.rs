//! What an operator's tools ask of a running node: whether it lives, whether it is ready, and its
//! counters. Reads the store and what the daemon hands it; changes nothing.

mod metrics;
mod server;
mod settings;
mod signature;
mod websub;

pub use server::{Pushes, Server, Sight, WebError};
pub use settings::Settings;
pub use websub::Delivery;

/// What has been done since the process began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Requests to sites, robots.txt and redirects included.
    pub requests: u64,
    /// Bytes of their bodies, decoded.
    pub bytes: u64,
    /// Listings visited.
    pub listings: u64,
    /// Article pages visited.
    pub pages: u64,
    /// Visits that gave nothing.
    pub failed: u64,
    /// Articles stored for the first time.
    pub new: u64,
    /// Articles that got a revision.
    pub revised: u64,
}
