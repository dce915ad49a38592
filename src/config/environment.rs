//! The one place that reads environment variables, and the settings that they override.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::de::DeValue;

/// What every variable of ours begins with.
const PREFIX: &str = "SOKBO_";

/// A snapshot of the surroundings of a process.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    is_root: bool,
}

impl Environment {
    /// Surroundings with these variables, not as root.
    #[must_use]
    pub fn new(variables: BTreeMap<String, String>) -> Self {
        Self {
            variables,
            is_root: false,
        }
    }

    /// The surroundings of this process; variables that are no Unicode are left out.
    #[must_use]
    pub fn of_process() -> Self {
        let readable = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self {
            variables: std::env::vars_os().filter_map(readable).collect(),
            is_root: nix::unistd::Uid::effective().is_root(),
        }
    }

    /// The same surroundings as seen by root.
    #[must_use]
    pub fn as_root(self) -> Self {
        Self {
            is_root: true,
            ..self
        }
    }

    /// A variable; an empty one counts as unset, as compose files leave them so.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(name)?;
        (!value.is_empty()).then_some(value.as_str())
    }

    /// Where data goes when nothing is configured.
    pub(super) fn data_dir(&self) -> PathBuf {
        let absolute = |name: &str| self.get(name).map(Path::new).filter(|p| p.is_absolute());
        // XDG Base Directory Specification: relative paths are ignored.
        let personal = absolute("XDG_DATA_HOME")
            .map(Path::to_path_buf)
            .or_else(|| absolute("HOME").map(|home| home.join(".local/share")));
        match personal {
            Some(folder) if !self.is_root => folder.join("sokbo"),
            _ => PathBuf::from("/var/lib/sokbo"),
        }
    }

    /// The variables that override a key: `SOKBO_TABLE__KEY`.
    pub(super) fn overrides(&self) -> Overlay<'_> {
        let mut overlay = Overlay::new();
        for (name, text) in &self.variables {
            let path = name
                .strip_prefix(PREFIX)
                .and_then(|rest| rest.split_once("__"));
            if let Some((table, key)) = path {
                let given = Override {
                    variable: name,
                    text,
                    value: look_of(text),
                };
                let table = overlay.entry(table.to_lowercase()).or_default();
                table.insert(key.to_lowercase(), given);
            }
        }
        overlay
    }
}

/// Overridden keys by table.
pub(super) type Overlay<'e> = BTreeMap<String, BTreeMap<String, Override<'e>>>;

/// A key as an environment variable gives it.
#[derive(Debug)]
pub(super) struct Override<'e> {
    /// The variable's name.
    pub(super) variable: &'e str,
    /// Its text.
    pub(super) text: &'e str,
    /// What the text looks like: true, 5, a list or a table as in TOML; all else is text.
    pub(super) value: DeValue<'e>,
}

fn look_of(text: &str) -> DeValue<'_> {
    match DeValue::parse(text).map(toml::Spanned::into_inner) {
        Ok(value) if !value.is_datetime() && !value.is_float() && !value.is_str() => value,
        _ => DeValue::String(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Environment::new(variables.iter().map(own).collect())
    }

    #[test]
    fn data_goes_to_the_users_folder_and_to_var_lib_for_root() {
        let home = environment(&[("HOME", "/home/kim"), ("XDG_DATA_HOME", "relative")]);
        assert_eq!(home.data_dir(), Path::new("/home/kim/.local/share/sokbo"));
        assert_eq!(home.as_root().data_dir(), Path::new("/var/lib/sokbo"));
        let xdg = environment(&[("HOME", "/home/kim"), ("XDG_DATA_HOME", "/data")]);
        assert_eq!(xdg.data_dir(), Path::new("/data/sokbo"));
        assert_eq!(environment(&[]).data_dir(), Path::new("/var/lib/sokbo"));
    }

    #[test]
    fn only_variables_with_a_table_and_a_key_override() {
        let environment = environment(&[
            ("SOKBO_CONFIG", "x.toml"),
            ("SOKBO_FETCH__MAX_BODY", "1MiB"),
            ("OTHER__KEY", "1"),
        ]);
        let overlay = environment.overrides();
        assert_eq!(overlay.len(), 1);
        assert_eq!(overlay["fetch"]["max_body"].text, "1MiB");
    }

    #[test]
    fn text_of_a_variable_is_seen_as_what_it_looks_like() {
        for (text, kind) in [
            ("true", "boolean"),
            ("5", "integer"),
            ("[\"a\"]", "array"),
            ("{ a = \"b\" }", "table"),
            ("5s", "string"),
            ("127.0.0.0/8", "string"),
            ("[broken", "string"),
        ] {
            assert_eq!(look_of(text).type_str(), kind, "{text}");
        }
    }
}
