//! The configuration as a user meets it: files on disk in, settings or problems out.

mod broken;
mod layers;
mod shipped;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::*;

/// A folder with a configuration.
struct Folder(tempfile::TempDir);

impl Folder {
    /// The service's file, and sources by name.
    fn new(service: &str, sources: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::write(folder.service(), service).unwrap();
        fs::create_dir(folder.0.path().join("sources")).unwrap();
        for (name, text) in sources {
            fs::write(folder.source(name), text).unwrap();
        }
        folder
    }

    fn service(&self) -> PathBuf {
        self.0.path().join("sokbo.toml")
    }

    fn source(&self, name: &str) -> PathBuf {
        self.0.path().join("sources").join(format!("{name}.toml"))
    }

    fn load(&self) -> Result<Config, ConfigError> {
        self.load_with(&[], None)
    }

    fn load_with(
        &self,
        variables: &[(&str, &str)],
        database_url: Option<&str>,
    ) -> Result<Config, ConfigError> {
        let overrides = Overrides {
            config: Some(self.service()),
            database_url: database_url.map(str::to_owned),
        };
        load(&overrides, &environment(variables))
    }

    /// The problems as a user reads them, without this folder's own path.
    fn complaints(&self) -> Vec<String> {
        let own = format!("{}/", self.0.path().display());
        let error = self.load().unwrap_err();
        let lines = error.problems().iter().map(ToString::to_string);
        lines.map(|line| line.replace(&own, "")).collect()
    }
}

fn environment(variables: &[(&str, &str)]) -> Environment {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let variables: BTreeMap<String, String> = variables.iter().map(own).collect();
    Environment::new(variables)
}

/// A source file with the least it needs, and `more` from line 3 on.
fn source(name: &str, more: &str) -> String {
    format!("name = \"{name}\"\nhome = \"https://www.{name}.example/\"\n{more}")
}
