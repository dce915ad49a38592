//! `sokbo sources enable|disable NAME…`: sources switched on and off in their files.

use crate::cli::Failure;
use crate::cli::terminal::print;
use crate::config::{self, Environment, Overrides, SourceFile};

/// Sets `enabled` in the files of all `names`, or in none when a name is unknown.
pub(super) fn set(names: &[String], enabled: bool, overrides: &Overrides) -> Result<(), Failure> {
    let config = config::load(overrides, &Environment::of_process())?;
    let file = |name: &String| -> Result<&SourceFile, Failure> {
        let mut files = config.source_files.iter();
        let found = files.find(|(known, _)| known.as_str() == name);
        found.map(|(_, file)| file).ok_or_else(|| unknown(name))
    };
    let files: Vec<&SourceFile> = names.iter().map(file).collect::<Result<_, _>>()?;
    let state = if enabled { "enabled" } else { "disabled" };
    for (name, file) in names.iter().zip(files) {
        let is_new = file.set_enabled(enabled).map_err(Failure::failed)?;
        print(&if is_new {
            format!("{name} is {state} from the next start of `sokbo run` on")
        } else {
            format!("{name} is {state} already")
        })?;
    }
    Ok(())
}

fn unknown(name: &str) -> Failure {
    Failure::wrong(anyhow::anyhow!(
        "there is no source {name}: its file would be {name}.toml in the folder sources/ beside the \
         configuration"
    ))
}
