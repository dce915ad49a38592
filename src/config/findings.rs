//! What a reading brings to light beside the values: problems, remarks, and where keys stand.

use std::collections::{BTreeMap, BTreeSet};

use super::document::Document;
use super::nearest::nearest;
use super::problem::{Place, Problem};

/// What a reading brought to light beside the values.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// Errors.
    pub(super) problems: Vec<Problem>,
    /// Remarks that don't stop anything.
    pub(super) warnings: Vec<String>,
    /// Where each key that was given stands.
    pub(super) places: BTreeMap<String, Place>,
    /// Each key that was asked for, given or not.
    pub(super) known: BTreeSet<String>,
    /// Keys that nobody asked for.
    pub(super) unknown: Vec<Unknown>,
}

/// A key that nobody asked for.
#[derive(Debug)]
pub(super) struct Unknown {
    /// Where it stands.
    pub(super) place: Place,
    /// The table it stands in; empty for the top.
    pub(super) table: String,
    /// The key itself.
    pub(super) key: String,
    /// The keys that the table knows.
    pub(super) allowed: Vec<&'static str>,
}

impl Findings {
    /// Turns the keys that nobody asked for into problems; called when all tables were read.
    pub(super) fn settle(&mut self) {
        for unknown in std::mem::take(&mut self.unknown) {
            let message = self.remedy(&unknown);
            self.problems.push(Problem {
                place: unknown.place,
                key: joined(&unknown.table, &unknown.key),
                message,
            });
        }
    }

    fn remedy(&self, unknown: &Unknown) -> String {
        let is_variable = matches!(unknown.place, Place::Variable(_));
        if let Some(word) = nearest(&unknown.key, unknown.allowed.iter().copied()) {
            let full = joined(&unknown.table, word);
            return if is_variable {
                format!("unknown setting; did you mean {}?", variable_name(&full))
            } else {
                format!("unknown key; did you mean `{word}`?")
            };
        }
        let home = self.known.iter().find_map(|known| {
            let (table, key) = known.rsplit_once('.')?;
            (key == unknown.key && !table.is_empty()).then_some(table)
        });
        if let Some(table) = home {
            let table = table.split('[').next().unwrap_or(table);
            return format!("unknown key here; it belongs under `{table}`");
        }
        if unknown.allowed.is_empty() {
            return "unknown key; this table has no keys in this version".to_owned();
        }
        format!("unknown key; known here: {}", unknown.allowed.join(", "))
    }

    /// Adds a problem of a key that was read before.
    pub(super) fn problem_at(&mut self, key: &str, fallback: &Document, message: String) {
        let place = self.places.get(key).cloned();
        self.problems.push(Problem {
            place: place.unwrap_or_else(|| Place::File(fallback.path().to_owned())),
            key: key.to_owned(),
            message,
        });
    }
}

/// `SOKBO_TABLE__KEY` of `table.key`.
pub(super) fn variable_name(key: &str) -> String {
    format!("SOKBO_{}", key.to_uppercase().replace('.', "__"))
}

/// `table.key`, or the key alone at the top.
pub(super) fn joined(table: &str, key: &str) -> String {
    if table.is_empty() {
        return key.to_owned();
    }
    format!("{table}.{key}")
}
