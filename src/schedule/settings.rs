//! `[retention]` of the configuration, and `keep` of `[archive]`.

use std::time::Duration;

/// How long things are kept; unset: for ever.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Bodies of articles, counted from first sight.
    pub bodies: Option<Duration>,
    /// Articles as a whole, counted from first sight.
    pub articles: Option<Duration>,
    /// Rows of `news.fetches`.
    pub fetches: Option<Duration>,
    /// Raw pages (`[archive] keep`).
    pub raw_pages: Option<Duration>,
}
