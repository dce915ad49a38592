//! `[database]` of the configuration, and where the private server lives.

use std::path::PathBuf;

use secrecy::SecretString;

/// Which database, and how it is used.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `postgresql://…`; unset: a private server under `data_dir`.
    pub url: Option<SecretString>,
    /// Connections of this process at most.
    pub max_connections: u32,
    /// Whether `run` applies migrations by itself.
    pub migrate: bool,
    /// Where the private server keeps its files.
    pub data_dir: PathBuf,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            url: None,
            max_connections: 8,
            migrate: true,
            data_dir: PathBuf::new(),
        }
    }
}
