//! Finds the files, reads them all and puts the parts together.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::DeTable;

use super::document::Document;
use super::environment::Environment;
use super::findings::Findings;
use super::problem::{ConfigError, Place, Problem};
use super::{Config, Overrides, SourceFile, check, service, source};

/// Where the service's file is looked for when none is named.
const USUAL_PATHS: [&str; 2] = ["config/sokbo.toml", "/etc/sokbo/sokbo.toml"];
/// The folder beside the service's file that holds one file for each source.
pub(super) const SOURCES: &str = "sources";

/// Reads the configuration: command line, `DATABASE_URL`, `SOKBO_…`, file, default. Touches
/// neither network nor database.
///
/// # Errors
/// When anything at all is wrong with it; the error lists everything.
pub fn load(overrides: &Overrides, environment: &Environment) -> Result<Config, ConfigError> {
    let path = service_path(overrides, environment);
    let document = match &path {
        Some(path) => Document::read(path).map_err(|problem| ConfigError::new(vec![problem]))?,
        None => Document::new("", ""),
    };
    let mut findings = Findings::default();
    let overlay = environment.overrides();
    let above = service::Above {
        overlay: &overlay,
        database_url: database_url(overrides, environment),
        data_dir: environment.data_dir(),
    };
    let tree = document.parse().unwrap_or_else(|problems| {
        findings.problems.extend(problems);
        Spanned::new(0..0, DeTable::new())
    });
    let is_legible = findings.problems.is_empty();
    let mut config = service::read(&document, tree.get_ref(), &above, &mut findings);
    config.path = path;
    if let Some(folder) = config.path.as_deref().and_then(Path::parent) {
        read_sources(&folder.join(SOURCES), &mut config, &mut findings);
    }
    if is_legible {
        check::check(&config, &document, &mut findings);
    }
    config.warnings = findings.warnings;
    if findings.problems.is_empty() {
        return Ok(config);
    }
    Err(ConfigError::new(findings.problems))
}

fn service_path(overrides: &Overrides, environment: &Environment) -> Option<PathBuf> {
    let named = overrides.config.clone();
    let named = named.or_else(|| environment.get("SOKBO_CONFIG").map(PathBuf::from));
    named.or_else(|| first_existing(&USUAL_PATHS.map(PathBuf::from)))
}

fn first_existing(paths: &[PathBuf]) -> Option<PathBuf> {
    paths.iter().find(|path| path.exists()).cloned()
}

fn database_url<'a>(
    overrides: &'a Overrides,
    environment: &'a Environment,
) -> Option<(Place, &'a str)> {
    let argument = overrides.database_url.as_deref();
    let variable = environment.get("DATABASE_URL");
    argument
        .map(|url| (Place::Argument("--database-url"), url))
        .or_else(|| Some((Place::Variable("DATABASE_URL".to_owned()), variable?)))
}

fn read_sources(folder: &Path, config: &mut Config, findings: &mut Findings) {
    let paths = match source_paths(folder) {
        Ok(paths) => paths,
        Err(error) => {
            findings.problems.push(Problem {
                place: Place::File(folder.to_owned()),
                key: String::new(),
                message: format!("cannot be listed: {error}"),
            });
            return;
        }
    };
    let mut named: BTreeMap<String, Place> = BTreeMap::new();
    for path in paths {
        let mut found = Findings::default();
        match Document::read(&path) {
            Ok(document) => {
                let source = source::read(&document, &mut found);
                if let Some(source) = source {
                    refuse_second(source.name.as_str(), &mut named, &mut found);
                    let places = std::mem::take(&mut found.places);
                    let file = SourceFile { path, places };
                    config.source_files.insert(source.name.clone(), file);
                    config.sources.push(source);
                }
            }
            Err(problem) => found.problems.push(problem),
        }
        findings.problems.append(&mut found.problems);
        findings.warnings.append(&mut found.warnings);
    }
}

fn refuse_second(name: &str, named: &mut BTreeMap<String, Place>, found: &mut Findings) {
    let Some(place) = found.places.get("name").cloned() else {
        return;
    };
    if let Some(first) = named.get(name) {
        found.problems.push(Problem {
            place,
            key: "name".to_owned(),
            message: format!("\"{name}\" is taken by {first}; give each source its own name"),
        });
    } else {
        named.insert(name.to_owned(), place);
    }
}

/// The source files of a folder, by name; a folder that doesn't exist holds none.
fn source_paths(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let is_toml = path
            .extension()
            .is_some_and(|extension| extension == "toml");
        // Editors and other systems leave hidden companions: `.#etoday.toml`, `._etoday.toml`.
        let is_hidden = path
            .file_name()
            .is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if is_toml && !is_hidden {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_usual_path_that_exists_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("a.toml"), folder.path().join("b.toml"));
        let paths = [first.clone(), second.clone()];
        assert_eq!(first_existing(&paths), None);
        fs::write(&second, "").unwrap();
        assert_eq!(first_existing(&paths), Some(second));
        fs::write(&first, "").unwrap();
        assert_eq!(first_existing(&paths), Some(first));
    }

    #[test]
    fn only_visible_toml_files_are_sources_and_they_are_sorted() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.toml", "a.toml", ".#a.toml", "a.toml.bak", "README.md"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let paths = source_paths(folder.path()).unwrap();
        let names: Vec<_> = paths.iter().filter_map(|path| path.file_name()).collect();
        assert_eq!(names, ["a.toml", "b.toml"]);
        assert_eq!(source_paths(&folder.path().join("none")).unwrap().len(), 0);
    }
}
