//! `[archive]` of the configuration.

use crate::domain::ByteSize;

/// Whether raw pages are kept, and how much disk is left to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Whether the bytes of article pages are kept.
    pub raw_html: bool,
    /// Fetching pauses while less is free on the disk of `data_dir`.
    pub min_free_disk: ByteSize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            raw_html: true,
            min_free_disk: ByteSize::mebibytes(1024),
        }
    }
}
