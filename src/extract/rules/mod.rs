//! Site rules: dated selectors of one source that win over the generic extractor while they match.
//! Compiled when the configuration is loaded, so that a wrong one is an error with its place.

mod pick;
mod ruling;
mod script;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use scraper::Selector;

use crate::domain::{RuleField, SiteRule};
use pick::Pick;
use pick::css_selector;
pub(super) use pick::value;
pub(super) use ruling::{GIVEN, Ruling};
#[cfg(test)]
use ruling::{IGNORED, MISSED};
pub(super) use script::{selected, states};

/// A selector that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("rule {rule}, `{key}` = `{selector}`: {problem}")]
pub struct RuleError {
    /// Which rule, from 0.
    pub rule: usize,
    /// The field, or `remove`.
    pub key: &'static str,
    /// Which selector of the key, from 0.
    pub at: usize,
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
    fields: BTreeMap<RuleField, Vec<Written<Pick>>>,
    remove: Vec<Written<Selector>>,
}

/// A compiled selector with its text.
#[derive(Debug, Clone)]
struct Written<T> {
    text: String,
    compiled: T,
}

impl SiteRules {
    /// Compiles the rules of a source.
    ///
    /// # Errors
    /// All selectors that can't be read.
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

    /// Whether the day of a page makes a difference.
    pub(super) fn are_dated(&self) -> bool {
        self.0.iter().any(|rule| rule.since.is_some())
    }

    /// The rules in force on a day, the latest first.
    fn on(&self, day: NaiveDate) -> Vec<&Rule> {
        let is_in_force = |rule: &&Rule| rule.since.is_none_or(|since| since <= day);
        self.0.iter().filter(is_in_force).collect()
    }
}

impl Rule {
    fn compile(index: usize, rule: &SiteRule, errors: &mut Vec<RuleError>) -> Self {
        let fields = rule.selectors.iter().map(|(field, texts)| {
            let picks = compiled(index, field.as_str(), texts, Pick::parse, errors);
            (*field, picks)
        });
        Self {
            since: rule.since,
            fields: fields.collect(),
            remove: compiled(index, "remove", &rule.remove, css_selector, errors),
        }
    }
}

fn compiled<T>(
    rule: usize,
    key: &'static str,
    texts: &[String],
    compile: impl Fn(&str) -> Result<T, String>,
    errors: &mut Vec<RuleError>,
) -> Vec<Written<T>> {
    let mut all = Vec::with_capacity(texts.len());
    for (at, text) in texts.iter().enumerate() {
        let text = text.trim().to_owned();
        match compile(&text) {
            Ok(compiled) => all.push(Written { text, compiled }),
            Err(problem) => errors.push(RuleError {
                rule,
                key,
                at,
                selector: text,
                problem,
            }),
        }
    }
    all
}

#[cfg(test)]
mod tests;
