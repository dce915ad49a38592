//! What is wrong with a configuration, and where.

use std::fmt;
use std::path::{Path, PathBuf};

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// At a line and column of a file, both counted from 1; columns are characters.
    At {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// The character in the line.
        column: usize,
    },
    /// A file as a whole.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
    /// An option of the command line.
    Argument(&'static str),
}

impl Place {
    /// Files first, each from top to bottom, then the rest by name.
    fn order(&self) -> (u8, &Path, usize, usize) {
        match self {
            Self::At { path, line, column } => (0, path, *line, *column),
            Self::File(path) => (0, path, 0, 0),
            Self::Variable(name) => (1, Path::new(name), 0, 0),
            Self::Argument(name) => (2, Path::new(name), 0, 0),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At { path, line, column } => write!(f, "{}:{line}:{column}", path.display()),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Argument(name) => f.write_str(name),
        }
    }
}

/// One error of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it is.
    pub place: Place,
    /// The key, tables included (`interval.min`, `sections[1]`); empty for a file as a whole.
    pub key: String,
    /// What is wrong and what is allowed.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            place,
            key,
            message,
        } = self;
        if key.is_empty() {
            return write!(f, "{place}: {message}");
        }
        write!(f, "{place}: {key}: {message}")
    }
}

/// A configuration that can't be used, with everything that is wrong with it: by file, then line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    problems: Vec<Problem>,
}

impl ConfigError {
    pub(super) fn new(mut problems: Vec<Problem>) -> Self {
        problems.sort_by(|a, b| (a.place.order(), &a.key).cmp(&(b.place.order(), &b.key)));
        problems.dedup();
        Self { problems }
    }

    /// Every problem, by file, then line.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}
