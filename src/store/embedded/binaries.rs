//! Finding the server's binaries: distributions keep them out of `PATH`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::EmbeddedError;

/// The oldest major version that we run on.
const OLDEST: u32 = 15;

/// Where `initdb` and `postgres` of one version are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binaries {
    /// The folder of both.
    pub(super) dir: PathBuf,
    /// Their major version.
    pub(super) major: u32,
}

impl Binaries {
    /// Finds binaries: of the version that made `cluster` where it exists, else the newest.
    pub(super) fn find(cluster: &Path) -> Result<Self, EmbeddedError> {
        let wanted = std::fs::read_to_string(cluster.join("PG_VERSION"))
            .ok()
            .and_then(|text| text.trim().parse::<u32>().ok());
        let found = candidates().into_iter().filter_map(Self::at);
        match wanted {
            None => newest(found).ok_or(EmbeddedError::NoBinaries),
            Some(wanted) => found
                .into_iter()
                .find(|binaries| binaries.major == wanted)
                .ok_or_else(|| EmbeddedError::OtherVersion {
                    dir: cluster.to_owned(),
                    wanted,
                }),
        }
    }

    fn at(dir: PathBuf) -> Option<Self> {
        if !dir.join("initdb").is_file() {
            return None;
        }
        let said = Command::new(dir.join("postgres")).arg("--version").output();
        let major = major_of(&String::from_utf8_lossy(&said.ok()?.stdout))?;
        (major >= OLDEST).then_some(Self { dir, major })
    }
}

fn newest(found: impl Iterator<Item = Binaries>) -> Option<Binaries> {
    // The first of equal versions: candidates stand in the order of preference.
    found.reduce(|best, next| if next.major > best.major { next } else { best })
}

fn candidates() -> Vec<PathBuf> {
    let mut dirs = Vec::new();
    if let Ok(said) = Command::new("pg_config").arg("--bindir").output() {
        dirs.push(PathBuf::from(
            String::from_utf8_lossy(&said.stdout).trim().to_owned(),
        ));
    }
    // Debian and Ubuntu; Red Hat and Suse; Homebrew on both kinds of Mac; built from source.
    dirs.extend(below("/usr/lib/postgresql", "", "bin"));
    dirs.extend(below("/usr", "pgsql-", "bin"));
    dirs.extend(below("/usr/lib", "postgresql", "bin"));
    dirs.extend(below("/opt/homebrew/opt", "postgresql", "bin"));
    dirs.extend(below("/usr/local/opt", "postgresql", "bin"));
    dirs.push(PathBuf::from("/usr/local/pgsql/bin"));
    dirs.extend(search_path().iter().flat_map(std::env::split_paths));
    dirs
}

fn search_path() -> Option<OsString> {
    std::env::var_os("PATH")
}

/// The folders `parent/<prefix…>/leaf`, in the order of their names.
fn below(parent: &str, prefix: &str, leaf: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(parent) else {
        return Vec::new();
    };
    let is_named = |name: OsString| name.to_string_lossy().starts_with(prefix);
    let mut dirs: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| is_named(entry.file_name()))
        .map(|entry| entry.path().join(leaf))
        .collect();
    dirs.sort();
    dirs
}

/// The major version in `postgres (PostgreSQL) 15.20 (Debian …)`.
fn major_of(text: &str) -> Option<u32> {
    let (_, version) = text.split_once("(PostgreSQL) ")?;
    version
        .split(|c: char| !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn major_version_is_read_from_what_the_server_says() {
        for (text, major) in [
            (
                "postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)",
                Some(15),
            ),
            ("postgres (PostgreSQL) 18beta1", Some(18)),
            ("something else", None),
        ] {
            assert_eq!(major_of(text), major, "{text}");
        }
    }

    #[test]
    fn newest_version_wins_and_the_first_of_equal_ones() {
        let at = |dir: &str, major| Binaries {
            dir: dir.into(),
            major,
        };
        let found = [at("/a", 15), at("/b", 17), at("/c", 17), at("/d", 16)];
        assert_eq!(newest(found.into_iter()), Some(at("/b", 17)));
    }
}
