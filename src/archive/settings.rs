//! `[archive]` of the configuration.

use std::time::Duration;

use crate::domain::ByteSize;

/// Whether and how long raw pages are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Whether the bytes of article pages are kept.
    pub raw_html: bool,
    /// How long; unset: for ever.
    pub keep: Option<Duration>,
    /// Fetching pauses while less is free on the disk of `data_dir`.
    pub min_free_disk: ByteSize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            raw_html: true,
            keep: None,
            min_free_disk: ByteSize::mebibytes(1024),
        }
    }
}
