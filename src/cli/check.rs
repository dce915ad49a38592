//! `sokbo check`: the configuration and every source file, without network or database.

use crate::config::{self, Environment, Overrides};

use super::Failure;
use super::terminal::print;

pub(super) fn execute(overrides: &Overrides) -> Result<(), Failure> {
    let config = config::load(overrides, &Environment::of_process())?;
    for warning in &config.warnings {
        eprintln!("sokbo: warning: {warning}");
    }
    let enabled = config
        .sources
        .iter()
        .filter(|source| source.is_active())
        .count();
    let path = config.path.as_ref().map_or_else(
        || "no configuration file, defaults only".to_owned(),
        |path| path.display().to_string(),
    );
    print(&format!(
        "{path}: fine; {} sources, {enabled} enabled",
        config.sources.len()
    ))
}
