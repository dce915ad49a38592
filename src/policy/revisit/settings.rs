//! `[revisit]` of the configuration.

use std::time::Duration;

/// How often is looked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Time from one visit to the next, on the average of all listings: the budget they share.
    pub listings: Duration,
    /// How old an article may get and still be looked at again; zero: never.
    pub articles: Duration,
    /// The wait before an article is looked at for the second time.
    pub first: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listings: Duration::from_secs(10 * 60),
            articles: Duration::from_secs(7 * 86_400),
            first: Duration::from_secs(30 * 60),
        }
    }
}
