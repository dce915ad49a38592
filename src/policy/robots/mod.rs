//! Robots.txt (RFC 9309): what a host asks of us. Bytes in, verdicts out; never fetches anything.
//! Where the standard is silent, the reference matcher (google/robotstxt) is followed; where they
//! differ, as in decoding escapes, the standard is. docs/ROBOTS.md says what comes of it.

mod answer;
mod line;
mod pattern;
mod reader;

use std::time::Duration;

pub use answer::RobotsAnswer;
use pattern::{Pattern, Target};
use reader::Reader;

/// Longer files are read up to here. RFC 9309 section 2.5: at least 500 kibibytes.
pub(super) const MAX_BODY: usize = 500 * 1024;

/// So much of a rule is repeated in a reason.
const SHOWN_CHARS: usize = 200;

/// The rules of one robots.txt for one agent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Robots {
    /// The most specific first, so that the first one that matches decides.
    rules: Vec<Rule>,
    /// Whether all is forbidden by no rule, because nobody could read any.
    is_closed: bool,
    crawl_delay: Option<Duration>,
    content_signals: Vec<String>,
    sitemaps: Vec<String>,
}

/// Whether an address may be fetched, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it may.
    pub is_allowed: bool,
    /// The line that decided, as written, without its line end and the blanks around it; `None`
    /// where none speaks of the address.
    pub rule: Option<String>,
    /// The number of that line, counted from 1.
    pub line: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    is_allow: bool,
    pattern: Pattern,
    line: usize,
    text: String,
}

impl Verdict {
    /// What decided, for people: "line 4 says `Disallow: /a`", a long line cut; `None` where no
    /// rule did.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        let (rule, line) = (self.rule.as_ref()?, self.line?);
        let shown: String = rule.chars().take(SHOWN_CHARS).collect();
        let cut = if shown.len() < rule.len() { "…" } else { "" };
        Some(format!("line {line} says `{shown}{cut}`"))
    }
}

impl Robots {
    /// Reads a robots.txt for the agent whose product token is `agent_token`. All bytes are
    /// accepted: what can't be understood is passed over.
    #[must_use]
    pub fn parse(body: &[u8], agent_token: &str) -> Self {
        Reader::read(body, agent_token)
    }

    /// Rules that allow everything.
    #[must_use]
    pub fn allow_all() -> Self {
        Self::default()
    }

    /// Forbids everything but robots.txt itself, without a rule that a verdict could name.
    #[must_use]
    pub fn disallow_all() -> Self {
        Self {
            is_closed: true,
            ..Self::default()
        }
    }

    /// What is said of an address, given by its path and query.
    #[must_use]
    pub fn verdict(&self, path_and_query: &str) -> Verdict {
        let path = path_and_query.split('?').next().unwrap_or_default();
        // RFC 9309 section 2.2.2: the file itself is implicitly allowed.
        let is_robots = path == "/robots.txt";
        let target = Target::new(path_and_query);
        let deciding = self
            .rules
            .iter()
            .find(|rule| !is_robots && rule.pattern.matches(&target));
        Verdict {
            is_allowed: deciding.map_or(is_robots || !self.is_closed, |rule| rule.is_allow),
            rule: deciding.map(|rule| rule.text.clone()),
            line: deciding.map(|rule| rule.line),
        }
    }

    /// The Crawl-delay of our group: the longest, where it states several.
    #[must_use]
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.crawl_delay
    }

    /// The items of the Content-Signal lines of our group, and of those that stand before any
    /// group, such as `ai-train=no` (contentsignals.org).
    #[must_use]
    pub fn content_signals(&self) -> &[String] {
        &self.content_signals
    }

    /// How many rules there are, as a measure of the memory that they take.
    #[must_use]
    pub fn rule_count(&self) -> usize {
        self.rules.len()
    }

    /// The absolute addresses of its sitemap lines, whatever group they stand in.
    #[must_use]
    pub fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }
}

#[cfg(test)]
mod tests;
