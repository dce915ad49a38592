//! Configuration: `sokbo.toml`, the source files beside it, the environment and the command line,
//! read into each module's `Settings`. All errors come at once, each with its file, line, key and
//! remedy. Never touches the network or the database.

mod address;
mod check;
mod codes;
mod document;
mod environment;
mod findings;
mod load;
mod nearest;
mod problem;
mod reader;
mod rules;
mod service;
mod source;
mod switch;
mod value;
mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use environment::Environment;
pub use load::load;
pub use problem::{ConfigError, Place, Problem};
pub use switch::SwitchError;
pub use write::SourceDraft;

use crate::domain::{Source, SourceName};
use crate::{archive, crawl, fetch, schedule, store, web};

/// Everything that is configured.
#[derive(Debug, Clone)]
pub struct Config {
    /// `[crawler]`.
    pub crawler: crawl::Settings,
    /// `[fetch]`, with the User-Agent of `[crawler]`.
    pub fetch: fetch::Settings,
    /// `[database]`.
    pub database: store::Settings,
    /// `[retention]`.
    pub retention: schedule::Settings,
    /// `[archive]`.
    pub archive: archive::Settings,
    /// `[http]`.
    pub http: web::Settings,
    /// `[log]`.
    pub log: LogSettings,
    /// How site owners reach the operator: an e-mail address or a web page.
    pub contact: Option<String>,
    /// Where Sokbo keeps its files.
    pub data_dir: PathBuf,
    /// The sources, by file name.
    pub sources: Vec<Source>,
    /// Where each source was read.
    pub source_files: BTreeMap<SourceName, SourceFile>,
    /// Remarks that stop nothing, each a sentence.
    pub warnings: Vec<String>,
    /// The service's file; unset where there is none.
    pub path: Option<PathBuf>,
}

impl Default for Config {
    /// The documented defaults, without sources; data goes where root's does.
    fn default() -> Self {
        let data_dir = PathBuf::from("/var/lib/sokbo");
        Self {
            crawler: crawl::Settings::default(),
            fetch: fetch::Settings::default(),
            database: store::Settings {
                data_dir: data_dir.clone(),
                ..store::Settings::default()
            },
            retention: schedule::Settings::default(),
            archive: archive::Settings::default(),
            http: web::Settings::default(),
            log: LogSettings::default(),
            contact: None,
            data_dir,
            sources: Vec::new(),
            source_files: BTreeMap::new(),
            warnings: Vec::new(),
            path: None,
        }
    }
}

impl Config {
    /// The folder of the source files: beside the service's file, if there is one.
    #[must_use]
    pub fn sources_dir(&self) -> Option<PathBuf> {
        Some(self.path.as_deref()?.parent()?.join(load::SOURCES))
    }

    /// Checks that site owners can reach the operator, before public hosts are visited.
    ///
    /// # Errors
    /// When a source that is to be visited has a public host and no contact is configured. Hosts
    /// are not public when they are addresses inside `[fetch] allow_networks` or mapped to such.
    pub fn require_contact(&self) -> Result<(), ConfigError> {
        check::contact(self, &check::public_sources(self))
    }

    /// Checks the same for one source that is to be visited, whether or not it is among those
    /// configured.
    ///
    /// # Errors
    /// As [`Config::require_contact`].
    pub fn require_contact_for(&self, source: &Source) -> Result<(), ConfigError> {
        let is_public = check::is_public(source, &self.fetch);
        let public: Vec<&Source> = is_public.then_some(source).into_iter().collect();
        check::contact(self, &public)
    }
}

/// How log lines look and which are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSettings {
    /// How a line looks.
    pub format: LogFormat,
    /// A level (`info`), or levels by module (`info,sokbo::fetch=debug`).
    pub level: String,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            level: "info".to_owned(),
        }
    }
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What the command line sets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--database-url`.
    pub database_url: Option<String>,
}

/// A source file and where its keys stand, for problems that others find in it
/// ([`SourceFile::problem`]).
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The file.
    pub path: PathBuf,
    places: BTreeMap<String, Place>,
}
