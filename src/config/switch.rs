//! A source switched on or off in its file; every other letter of the file stays.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::{Place, SourceFile};

/// Why a source file could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum SwitchError {
    /// The file can't be read or written.
    #[error("changing {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file's form leaves no safe place for the key.
    #[error("{} has a form that can't be changed safely; set `enabled = {enabled}` in it by hand", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What was to be set.
        enabled: bool,
    },
}

impl SourceFile {
    /// Sets `enabled`; answers whether the file had to be changed. The new file takes the place of
    /// the old one at once: a reader sees either.
    ///
    /// # Errors
    /// When the file can't be read or written, or its form leaves no safe place for the key.
    pub fn set_enabled(&self, enabled: bool) -> Result<bool, SwitchError> {
        let failed = |source| SwitchError::File {
            path: self.path.clone(),
            source,
        };
        let text = fs::read_to_string(&self.path).map_err(failed)?;
        if is_enabled(&text) == Some(enabled) {
            return Ok(false);
        }
        let changed = self.switched(&text, enabled);
        if is_enabled(&changed) != Some(enabled) {
            return Err(SwitchError::Form {
                path: self.path.clone(),
                enabled,
            });
        }
        let beside = self.path.with_extension("toml.new");
        let write = || {
            fs::write(&beside, &changed)?;
            fs::set_permissions(&beside, fs::metadata(&self.path)?.permissions())?;
            fs::rename(&beside, &self.path)
        };
        write().map_err(failed)?;
        Ok(true)
    }

    /// The text with the value of `enabled` changed, or with that key below `home`.
    fn switched(&self, text: &str, enabled: bool) -> String {
        let line_of = |key: &str| match self.places.get(key) {
            Some(Place::At { line, .. }) => Some(*line),
            _ => None,
        };
        let (own, home) = (line_of("enabled"), line_of("home"));
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let mut out = String::with_capacity(text.len() + 20);
        for (number, line) in (1..).zip(text.split_inclusive('\n')) {
            if own == Some(number) {
                let (old, new) = (!enabled, enabled);
                out.push_str(&line.replacen(&old.to_string(), &new.to_string(), 1));
                continue;
            }
            out.push_str(line);
            if own.is_none() && home == Some(number) {
                out.push_str(&format!("enabled = {enabled}{end}"));
            }
        }
        out
    }
}

/// What a source file says; enabled where it says nothing. `None` for what is no TOML.
fn is_enabled(text: &str) -> Option<bool> {
    let table: toml::Table = toml::from_str(text).ok()?;
    table
        .get("enabled")
        .map_or(Some(true), toml::Value::as_bool)
}
