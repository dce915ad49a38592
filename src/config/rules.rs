//! `[[extract]]` of a source file: dated selectors, still as text.

use super::reader::Table;
use super::value::{date, word};
use crate::domain::{RuleField, SiteRule};

/// Reads one rule; whether its selectors can be used is judged by `extract`.
pub(super) fn read(mut table: Table<'_, '_>) -> SiteRule {
    let mut rule = SiteRule {
        since: table.read("since", date),
        ..SiteRule::default()
    };
    for field in RuleField::ALL {
        let key = field.as_str();
        let Some(selectors) = table.one_or_list(key, word) else {
            continue;
        };
        if selectors.is_empty() {
            table.problem(key, "lists no selector; give one or leave the key out");
        }
        rule.selectors.insert(field, selectors);
    }
    rule.remove = table.one_or_list("remove", word).unwrap_or_default();
    let fields = RuleField::ALL.map(RuleField::as_str);
    let has_selector = fields.iter().chain(&["remove"]).any(|key| table.has(key));
    if !has_selector {
        let fields = fields.join(", ");
        table.problem(
            "",
            format!("names no selector; give one for {fields} or remove"),
        );
    }
    table.finish();
    rule
}
