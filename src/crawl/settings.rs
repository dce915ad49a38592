//! `[crawler]` of the configuration, without what only `fetch` needs, and `[revisit]`.

use std::time::Duration;

use crate::policy::revisit;

/// How much is visited at once, and how politely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Visits in flight at most, over all hosts.
    pub concurrency: usize,
    /// From the start of a request to the start of the next to the same host.
    pub per_host_delay: Duration,
    /// Requests in flight to one host; above 1 only for hosts inside `allow_networks`.
    pub per_host_concurrency: usize,
    /// A longer Crawl-delay is cut to this; zero waives it, inside `allow_networks` only.
    pub max_crawl_delay: Duration,
    /// How long a host is owned without renewal.
    pub lease: Duration,
    /// `run --until-idle` ends when no job is due within this time.
    pub idle_wait: Duration,
    /// `[revisit]`.
    pub revisit: revisit::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            concurrency: 64,
            per_host_delay: Duration::from_secs(2),
            per_host_concurrency: 1,
            max_crawl_delay: Duration::from_secs(60),
            lease: Duration::from_secs(120),
            idle_wait: Duration::from_secs(30),
            revisit: revisit::Settings::default(),
        }
    }
}
