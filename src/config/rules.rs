//! `[[extract]]` of a source file: dated selectors, still as text.

use super::reader::Table;
use super::value::{date, word};
use crate::domain::SiteRule;

/// The fields that a rule may give a selector for.
const FIELDS: [&str; 8] = [
    "title",
    "subtitle",
    "authors",
    "published",
    "modified",
    "section",
    "tags",
    "body",
];

/// Reads one rule; whether its selectors are CSS is judged by `extract`.
pub(super) fn read(mut table: Table<'_, '_>) -> SiteRule {
    let mut rule = SiteRule {
        since: table.read("since", date),
        ..SiteRule::default()
    };
    for field in FIELDS {
        if let Some(selector) = table.read(field, word) {
            rule.selectors.insert(field.to_owned(), selector);
        }
    }
    rule.remove = table.list("remove", word).unwrap_or_default();
    let has_selector = FIELDS
        .iter()
        .chain(&["remove"])
        .any(|field| table.has(field));
    if !has_selector {
        let fields = FIELDS.join(", ");
        table.problem(
            "",
            format!("names no selector; give one for {fields} or remove"),
        );
    }
    table.finish();
    rule
}
