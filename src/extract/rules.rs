//! Site rules: dated CSS selectors of one source that win over the generic extractor while they
//! match. Compiled when the configuration is loaded, so that a wrong one is an error with its place.

use std::collections::HashSet;

use chrono::NaiveDate;
use scraper::{ElementRef, Html, Selector};

use crate::domain::SiteRule;

use super::text::clean;

/// Elements that one selector may name on one page.
const MAX_MATCHES: usize = 500;

/// What a rule can select.
const FIELDS: &[&str] = &[
    "title",
    "subtitle",
    "authors",
    "published",
    "modified",
    "section",
    "tags",
    "body",
];

/// A selector that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("rule {index}, `{field}` = `{selector}`: {problem}")]
pub struct RuleError {
    /// Which rule, from 0.
    pub index: usize,
    /// The field, or `remove`.
    pub field: String,
    /// The selector as written.
    pub selector: String,
    /// What is wrong with it, and what is allowed.
    pub problem: String,
}

/// The compiled rules of a source.
#[derive(Debug, Clone, Default)]
pub struct SiteRules(Vec<Rule>);

#[derive(Debug, Clone)]
struct Rule {
    since: Option<NaiveDate>,
    selectors: Vec<(String, Selector)>,
    remove: Vec<Selector>,
}

impl SiteRules {
    /// Compiles the rules of a source.
    ///
    /// # Errors
    /// All fields that can't be selected and all selectors that can't be read.
    pub fn compile(rules: &[SiteRule]) -> Result<Self, Vec<RuleError>> {
        let mut errors = Vec::new();
        let mut compiled: Vec<Rule> = rules
            .iter()
            .enumerate()
            .map(|(index, rule)| Rule::compile(index, rule, &mut errors))
            .collect();
        // The latest rule is asked first.
        compiled.sort_by_key(|rule| std::cmp::Reverse(rule.since));
        if errors.is_empty() {
            Ok(Self(compiled))
        } else {
            Err(errors)
        }
    }

    /// The rules that apply to a page of this day, the latest first.
    fn on(&self, day: NaiveDate) -> impl Iterator<Item = &Rule> {
        self.0
            .iter()
            .filter(move |rule| rule.since.is_none_or(|since| since <= day))
    }

    /// The clean texts that the first matching rule selects for a field.
    pub(super) fn texts(&self, html: &Html, field: &str, day: NaiveDate) -> Vec<String> {
        for rule in self.on(day) {
            let texts: Vec<String> = rule
                .select(html, field)
                .map(value)
                .filter(|t| !t.is_empty())
                .collect();
            if !texts.is_empty() {
                return texts;
            }
        }
        Vec::new()
    }

    /// The elements of the body, and those to be cut out of it.
    pub(super) fn body<'h>(
        &self,
        html: &'h Html,
        day: NaiveDate,
    ) -> Option<(Vec<ElementRef<'h>>, Vec<ElementRef<'h>>)> {
        self.on(day).find_map(|rule| {
            let body: Vec<ElementRef<'h>> = rule.select(html, "body").collect();
            let removed = rule
                .remove
                .iter()
                .flat_map(|selector| html.select(selector).take(MAX_MATCHES));
            (!body.is_empty()).then(|| (body, removed.collect()))
        })
    }
}

impl Rule {
    fn compile(index: usize, rule: &SiteRule, errors: &mut Vec<RuleError>) -> Self {
        let mut parse = |field: &str, selector: &str| {
            let error = |problem: String| RuleError {
                index,
                field: field.to_owned(),
                selector: selector.to_owned(),
                problem,
            };
            if field != "remove" && !FIELDS.contains(&field) {
                errors.push(error(format!(
                    "no such field; allowed are {} and remove",
                    FIELDS.join(", ")
                )));
                return None;
            }
            Selector::parse(selector)
                .map_err(|reason| errors.push(error(format!("no CSS selector: {reason}"))))
                .ok()
        };
        let selectors = rule
            .selectors
            .iter()
            .filter_map(|(field, text)| Some((field.clone(), parse(field, text)?)))
            .collect();
        let remove = rule
            .remove
            .iter()
            .filter_map(|text| parse("remove", text))
            .collect();
        Self {
            since: rule.since,
            selectors,
            remove,
        }
    }

    fn select<'a, 'h>(
        &'a self,
        html: &'h Html,
        field: &str,
    ) -> impl Iterator<Item = ElementRef<'h>> + use<'a, 'h> {
        let selector = self
            .selectors
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, selector)| selector);
        let mut seen = HashSet::new();
        selector
            .into_iter()
            .flat_map(|selector| html.select(selector))
            .filter(move |e| seen.insert(e.id()))
            .take(MAX_MATCHES)
    }
}

/// What an element says: a `meta`'s content, a `time`'s machine form, else its text.
fn value(element: ElementRef<'_>) -> String {
    let stated = element.attr("content").or_else(|| element.attr("datetime"));
    match stated {
        Some(stated) => clean(stated),
        None => clean(&element.text().take(200).collect::<Vec<_>>().join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(since: Option<&str>, field: &str, selector: &str) -> SiteRule {
        SiteRule {
            since: since.map(|s| s.parse().unwrap()),
            selectors: [(field.to_owned(), selector.to_owned())].into(),
            remove: Vec::new(),
        }
    }

    #[test]
    fn every_wrong_rule_is_named_with_its_place() {
        let errors = SiteRules::compile(&[rule(None, "titel", "h1"), rule(None, "title", "h1[")])
            .unwrap_err();
        let places: Vec<(usize, &str)> =
            errors.iter().map(|e| (e.index, e.field.as_str())).collect();
        assert_eq!(places, [(0, "titel"), (1, "title")]);
        assert!(errors[0].to_string().contains("allowed are title"));
    }

    #[test]
    fn latest_rule_that_is_in_force_and_matches_wins() {
        let rules = SiteRules::compile(&[
            rule(None, "title", "h2"),
            rule(Some("2025-07-01"), "title", "h1"),
            rule(Some("2026-01-01"), "title", "h6"),
        ])
        .unwrap();
        let html = Html::parse_document("<h1>새</h1><h2>옛</h2>");
        for (day, expected) in [
            ("2025-06-30", "옛"),
            ("2025-07-01", "새"),
            ("2026-02-01", "새"),
        ] {
            assert_eq!(
                rules.texts(&html, "title", day.parse().unwrap()),
                [expected],
                "{day}"
            );
        }
    }
}
