//! An outlet as its source file describes it.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use chrono::NaiveDate;
use chrono_tz::Tz;
use regex::Regex;

use super::{CanonicalUrl, Identity, Scope, SiteRule, is_within, registrable_domain};

/// The unique name of a source: lower-case ASCII letters, digits, `-` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceName(String);

/// Why a text is no source name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no source name: use 1 to 64 of a-z, 0-9, `-` and `_`")]
pub struct SourceNameError(String);

impl SourceName {
    /// Takes a name.
    ///
    /// # Errors
    /// When it has other characters or is empty or too long.
    pub fn new(text: &str) -> Result<Self, SourceNameError> {
        let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b);
        if text.is_empty() || text.len() > 64 || !text.bytes().all(is_plain) {
            return Err(SourceNameError(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of listing a section is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SectionKind {
    /// An HTML page that links to articles.
    Page,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// A sitemap, a news sitemap or an index of them.
    Sitemap,
}

/// One listing of a source, visited again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What kind of listing it is.
    pub kind: SectionKind,
    /// Where it is; only tracking parameters are dropped.
    pub url: CanonicalUrl,
}

/// How often a listing is visited: half-open bounds are not needed, both ends can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// The shortest time between two visits.
    pub min: Duration,
    /// The longest time between two visits.
    pub max: Duration,
}

impl Default for Interval {
    fn default() -> Self {
        Self {
            min: Duration::from_secs(60),
            max: Duration::from_secs(3600),
        }
    }
}

/// A number of requests within a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// How many.
    pub requests: u32,
    /// Within which time.
    pub within: Duration,
}

/// How much of an article may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StorePolicy {
    /// Everything.
    #[default]
    Full,
    /// No body and no raw page.
    Metadata,
    /// Nothing: the source is not visited.
    Off,
}

/// Whether somebody has checked the source against the live site, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verified {
    /// Nobody has.
    #[default]
    Never,
    /// On this day.
    On(NaiveDate),
}

/// Two upper-case letters of ISO 3166-1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Country(pub String);

/// An outlet: where its listings are and what is special about it.
#[derive(Debug, Clone)]
pub struct Source {
    /// The unique name, also `news.sources.name`.
    pub name: SourceName,
    /// The front page.
    pub home: CanonicalUrl,
    /// ISO 639-1; learned from the pages where unset.
    pub language: Option<String>,
    /// The zone of times that state none.
    pub timezone: Option<Tz>,
    /// All listings; `home` as a page where the file names none.
    pub sections: Vec<Section>,
    /// What an article's address looks like (matched against the whole address).
    pub article_url: Option<Regex>,
    /// How often listings are visited.
    pub interval: Interval,
    /// Other hosts that belong to the outlet.
    pub hosts: Vec<String>,
    /// The query parameters that make an article's address; unset: all but tracking ones.
    pub identity: Option<Vec<String>>,
    /// Delay between fetches, where it differs from `[crawler] per_host_delay`.
    pub delay: Option<Duration>,
    /// Requests to the outlet at most.
    pub budget: Option<Budget>,
    /// What politeness counts as one.
    pub scope: Scope,
    /// Whether conditional requests are sent.
    pub conditional: bool,
    /// Whether the source is visited at all.
    pub enabled: bool,
    /// Where the outlet sits.
    pub country: Option<Country>,
    /// Free words for queries.
    pub tags: Vec<String>,
    /// Whether the file was checked against the live site.
    pub verified: Verified,
    /// Extra request headers.
    pub headers: BTreeMap<String, String>,
    /// How much may be kept.
    pub store: StorePolicy,
    /// Why `store` is what it is and when that was checked.
    pub terms: Option<String>,
    /// Dated selectors that win over the generic extractor while they match.
    pub rules: Vec<SiteRule>,
}

impl Source {
    /// A source with every setting at its default, visited at `home`.
    #[must_use]
    pub fn new(name: SourceName, home: CanonicalUrl) -> Self {
        Self {
            name,
            sections: vec![Section {
                kind: SectionKind::Page,
                url: home.clone(),
            }],
            home,
            language: None,
            timezone: None,
            article_url: None,
            interval: Interval::default(),
            hosts: Vec::new(),
            identity: None,
            delay: None,
            budget: None,
            scope: Scope::Host,
            conditional: true,
            enabled: true,
            country: None,
            tags: Vec::new(),
            verified: Verified::Never,
            headers: BTreeMap::new(),
            store: StorePolicy::Full,
            terms: None,
            rules: Vec::new(),
        }
    }

    /// Which query parameters make the address of one of this source's articles.
    #[must_use]
    pub fn identity(&self) -> Identity<'_> {
        self.identity
            .as_deref()
            .map_or(Identity::AllButTracking, Identity::Only)
    }

    /// Whether a host belongs to the outlet: in home's registrable domain, or in `hosts` or under
    /// one of them.
    #[must_use]
    pub fn owns(&self, host: &str) -> bool {
        is_within(host, registrable_domain(self.home.host()))
            || self.hosts.iter().any(|own| is_within(host, own))
    }

    /// The delay between requests that the source asks for: `delay`, or longer where `budget` spread
    /// over its time wants it so.
    #[must_use]
    pub fn spacing(&self) -> Option<Duration> {
        let spread = self
            .budget
            .map(|budget| budget.within / budget.requests.max(1));
        self.delay.max(spread)
    }

    /// Whether the source is to be visited.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.enabled && self.store != StorePolicy::Off
    }
}
