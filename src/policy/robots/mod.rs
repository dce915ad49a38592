//! Robots.txt (RFC 9309): what a host asks of us. Bytes in, verdicts out; never fetches anything.
//! Where the standard is silent, the reference matcher (google/robotstxt) is followed; where they
//! differ, as in decoding escapes, the standard is.

mod answer;
mod line;
mod pattern;

use std::cmp::Reverse;
use std::time::Duration;

pub use answer::RobotsAnswer;
use line::{Line, LineKind};
use pattern::{Pattern, normalize};

/// Longer files are read up to here. RFC 9309 section 2.5: at least 500 kibibytes.
pub(super) const MAX_BODY: usize = 500 * 1024;

/// The rules of one robots.txt for one agent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Robots {
    /// The most specific first, so that the first one that matches decides.
    rules: Vec<Rule>,
    /// Whether all is forbidden by no rule, because nobody could read any.
    is_closed: bool,
    crawl_delay: Option<Duration>,
    sitemaps: Vec<String>,
}

/// Whether an address may be fetched, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it may.
    pub is_allowed: bool,
    /// The line that decided, as written; `None` where none speaks of the address.
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

/// Rules and delay of all groups for one agent together.
#[derive(Debug, Default)]
struct Group {
    is_present: bool,
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

impl Robots {
    /// Reads a robots.txt for the agent whose product token is `agent_token`. All bytes are
    /// accepted: what can't be understood is passed over.
    #[must_use]
    pub fn parse(body: &[u8], agent_token: &str) -> Self {
        let mut reader = Reader::new(agent_token);
        for line in line::lines(body) {
            reader.take(&line);
        }
        reader.finish()
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
        let target = normalize_target(path_and_query);
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

    /// The absolute addresses of its sitemap lines, whatever group they stand in.
    #[must_use]
    pub fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }
}

fn normalize_target(path_and_query: &str) -> String {
    let target = normalize(path_and_query.as_bytes(), |_| false);
    if target.starts_with('/') {
        target
    } else {
        format!("/{target}")
    }
}

/// Where the lines of a file go as they are read.
struct Reader<'a> {
    agent_token: &'a str,
    /// Groups that name us.
    named: Group,
    /// Groups for `*`.
    general: Group,
    sitemaps: Vec<String>,
    /// Whether the agents read last name us, and everyone; a rule ends their list.
    is_ours: bool,
    is_everyones: bool,
    has_rules: bool,
}

impl<'a> Reader<'a> {
    fn new(agent_token: &'a str) -> Self {
        Self {
            agent_token,
            named: Group::default(),
            general: Group::default(),
            sitemaps: Vec::new(),
            is_ours: false,
            is_everyones: false,
            has_rules: false,
        }
    }

    fn take(&mut self, line: &Line<'_>) {
        match line.kind {
            LineKind::Agent => self.take_agent(line.value),
            LineKind::Allow => self.take_rule(true, line),
            LineKind::Disallow => self.take_rule(false, line),
            LineKind::CrawlDelay => self.take_delay(line.value),
            LineKind::Sitemap => self.sitemaps.extend(absolute(line.value)),
        }
    }

    fn take_agent(&mut self, value: &[u8]) {
        if self.has_rules {
            self.has_rules = false;
            self.is_ours = false;
            self.is_everyones = false;
        }
        if matches!(value, [b'*'] | [b'*', b' ' | b'\t', ..]) {
            self.is_everyones = true;
            self.general.is_present = true;
        } else if product_token(value).eq_ignore_ascii_case(self.agent_token.as_bytes()) {
            self.is_ours = true;
            self.named.is_present = true;
        }
    }

    fn groups(&mut self) -> impl Iterator<Item = &mut Group> {
        let named = self.is_ours.then_some(&mut self.named);
        let general = self.is_everyones.then_some(&mut self.general);
        named.into_iter().chain(general)
    }

    fn take_rule(&mut self, is_allow: bool, line: &Line<'_>) {
        self.has_rules = true;
        let Some(pattern) = Pattern::parse(line.value) else {
            return;
        };
        let rule = Rule {
            is_allow,
            pattern,
            line: line.number,
            text: String::from_utf8_lossy(line.text).into_owned(),
        };
        for group in self.groups() {
            group.rules.push(rule.clone());
        }
    }

    // Not in RFC 9309, so it ends no list of agents. A delay that makes no sense is none.
    fn take_delay(&mut self, value: &[u8]) {
        let seconds = std::str::from_utf8(value).ok().and_then(|v| v.parse().ok());
        let delay = seconds.and_then(|s| Duration::try_from_secs_f64(s).ok());
        for group in self.groups() {
            group.crawl_delay = group.crawl_delay.max(delay);
        }
    }

    fn finish(self) -> Robots {
        let group = if self.named.is_present {
            self.named
        } else {
            self.general
        };
        let mut rules = group.rules;
        // RFC 9309 section 2.2.2: the most octets decide, and Allow where they are equal.
        rules.sort_by_key(|rule| Reverse((rule.pattern.octets(), rule.is_allow)));
        Robots {
            rules,
            is_closed: false,
            crawl_delay: group.crawl_delay,
            sitemaps: self.sitemaps,
        }
    }
}

// RFC 9309 section 2.2.1: letters, `_` and `-`; a version or more words behind it are passed over.
fn product_token(value: &[u8]) -> &[u8] {
    let is_token = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-');
    value.split(|b| !is_token(b)).next().unwrap_or_default()
}

fn absolute(value: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(value).ok()?;
    let url = url::Url::parse(text).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
