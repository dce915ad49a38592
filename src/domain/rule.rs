//! Site rules as a source file states them: dated selectors, still as text.

use std::collections::BTreeMap;

use chrono::NaiveDate;

/// A field of an article that a rule can select.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleField {
    /// The headline.
    Title,
    /// The line under the headline.
    Subtitle,
    /// Who wrote it.
    Authors,
    /// When it was published.
    Published,
    /// When it was last changed.
    Modified,
    /// The outlet's own word for the part of the paper.
    Section,
    /// Keywords.
    Tags,
    /// The text.
    Body,
    /// Its pictures.
    Images,
    /// The wire agency the text comes from.
    Agency,
    /// ISO 639-1.
    Language,
    /// Whether a reader must pay.
    Paywalled,
}

impl RuleField {
    /// All fields, in the order of the documentation.
    pub const ALL: [Self; 12] = [
        Self::Title,
        Self::Subtitle,
        Self::Authors,
        Self::Published,
        Self::Modified,
        Self::Section,
        Self::Tags,
        Self::Body,
        Self::Images,
        Self::Agency,
        Self::Language,
        Self::Paywalled,
    ];

    /// The key in a source file, and the field's name in a provenance.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Subtitle => "subtitle",
            Self::Authors => "authors",
            Self::Published => "published",
            Self::Modified => "modified",
            Self::Section => "section",
            Self::Tags => "tags",
            Self::Body => "body",
            Self::Images => "images",
            Self::Agency => "agency",
            Self::Language => "language",
            Self::Paywalled => "paywalled",
        }
    }
}

/// One dated `[[extract]]` table (compiled by `extract::SiteRules`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SiteRule {
    /// Applies to pages published, or else seen, on this day or later; unset: to all.
    pub since: Option<NaiveDate>,
    /// The selectors of each field, tried in order.
    pub selectors: BTreeMap<RuleField, Vec<String>>,
    /// CSS selectors of what is cut out of the body and its pictures.
    pub remove: Vec<String>,
}
