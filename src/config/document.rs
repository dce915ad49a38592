//! One file of the configuration as text, and the positions in it.

use std::fs;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::DeTable;

use super::problem::{Place, Problem};

/// A larger file is no configuration.
const MAX_FILE_BYTES: u64 = 4 << 20;
/// More syntax errors of one file are echoes of the first ones.
const MAX_SYNTAX_ERRORS: usize = 10;

/// The text of a file, kept for turning byte offsets into lines.
#[derive(Debug)]
pub(super) struct Document {
    path: PathBuf,
    text: String,
}

impl Document {
    /// A text that stands, or would stand, at `path`.
    pub(super) fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }

    /// Reads a file.
    pub(super) fn read(path: &Path) -> Result<Self, Problem> {
        let refused = |message: String| Problem {
            place: Place::File(path.to_owned()),
            key: String::new(),
            message,
        };
        let unreadable = |error: std::io::Error| refused(format!("cannot be read: {error}"));
        let file_bytes = fs::metadata(path).map_err(unreadable)?.len();
        if file_bytes > MAX_FILE_BYTES {
            return Err(refused(format!(
                "is larger than {} MiB",
                MAX_FILE_BYTES >> 20
            )));
        }
        let bytes = fs::read(path).map_err(unreadable)?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(path, text)),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let bytes = error.as_bytes().get(..valid).unwrap_or_default();
                let before = Self::new(path, String::from_utf8_lossy(bytes));
                Err(Problem {
                    place: before.place(valid),
                    key: String::new(),
                    message: "is no UTF-8 here; save the file as UTF-8".to_owned(),
                })
            }
        }
    }

    /// The tree of the text, every value with its bytes; or its first syntax errors.
    pub(super) fn parse(&self) -> Result<Spanned<DeTable<'_>>, Vec<Problem>> {
        let (tree, errors) = DeTable::parse_recoverable(&self.text);
        if errors.is_empty() {
            return Ok(tree);
        }
        Err(errors
            .iter()
            .take(MAX_SYNTAX_ERRORS)
            .map(|error| Problem {
                place: self.place(error.span().map_or(self.text.len(), |span| span.start)),
                key: String::new(),
                message: format!("is no TOML here: {}", error.message()),
            })
            .collect())
    }

    /// The text.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The line and column of a byte offset; beyond the text, its end.
    pub(super) fn place(&self, offset: usize) -> Place {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Place::At {
            path: self.path.clone(),
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
        }
    }
}
