//! Groups: which lines of a file are for us.

use std::cmp::Reverse;
use std::time::Duration;

use super::line::{self, Line, LineKind};
use super::{Pattern, Robots, Rule};

/// A Crawl-delay beyond this is read as this; `[crawler] max_crawl_delay` caps it again.
const LONGEST_DELAY: Duration = Duration::from_secs(24 * 3600);

/// Sitemap lines, and items of Content-Signal lines, that are kept at most.
const MAX_SITEMAPS: usize = 500;
const MAX_SIGNALS: usize = 50;

/// Longer addresses of sitemaps and longer signals are passed over.
const MAX_SITEMAP_OCTETS: usize = 2_000;
const MAX_SIGNAL_OCTETS: usize = 100;

/// Rules and delay of all groups for one agent together.
#[derive(Debug, Default)]
struct Group {
    is_present: bool,
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
    content_signals: Vec<String>,
}

/// Where the lines of a file go as they are read.
pub(super) struct Reader<'a> {
    agent_token: &'a str,
    /// Groups that name us.
    named: Group,
    /// Groups for `*`.
    general: Group,
    sitemaps: Vec<String>,
    /// Signals that stand before any group: they are for everyone.
    common_signals: Vec<String>,
    has_agents: bool,
    /// Whether the agents read last name us, and everyone; a rule ends their list.
    is_ours: bool,
    is_everyones: bool,
    has_rules: bool,
}

impl<'a> Reader<'a> {
    /// The rules of `body` for the agent whose product token is `agent_token`.
    pub(super) fn read(body: &[u8], agent_token: &'a str) -> Robots {
        let mut reader = Self::new(agent_token);
        for line in line::lines(body) {
            reader.take(&line);
        }
        reader.finish()
    }

    fn new(agent_token: &'a str) -> Self {
        Self {
            agent_token,
            named: Group::default(),
            general: Group::default(),
            sitemaps: Vec::new(),
            common_signals: Vec::new(),
            has_agents: false,
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
            LineKind::ContentSignal => self.take_signals(line.value),
            LineKind::Sitemap if self.sitemaps.len() < MAX_SITEMAPS => {
                self.sitemaps.extend(absolute(line.value));
            }
            LineKind::Sitemap => {}
        }
    }

    fn take_agent(&mut self, value: &[u8]) {
        if self.has_rules {
            self.has_rules = false;
            self.is_ours = false;
            self.is_everyones = false;
        }
        self.has_agents = true;
        let token = product_token(value);
        if matches!(value, [b'*'] | [b'*', b' ' | b'\t', ..]) {
            self.is_everyones = true;
            self.general.is_present = true;
        } else if !token.is_empty() && token.eq_ignore_ascii_case(self.agent_token.as_bytes()) {
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
        let twin = is_allow.then(|| index_twin(line.value)).flatten();
        for value in std::iter::once(line.value).chain(twin.as_deref()) {
            let Some(pattern) = Pattern::parse(value) else {
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
    }

    // Not in RFC 9309, so it ends no list of agents. A delay that makes no sense is none.
    fn take_delay(&mut self, value: &[u8]) {
        let delay = seconds(value);
        for group in self.groups() {
            group.crawl_delay = group.crawl_delay.max(delay);
        }
    }

    // Not in RFC 9309 either. What rights are reserved before any group is reserved for all.
    fn take_signals(&mut self, value: &[u8]) {
        let Ok(text) = std::str::from_utf8(value) else {
            return;
        };
        for signal in text.split(',').filter_map(signal) {
            if !self.has_agents {
                keep_signal(&mut self.common_signals, &signal);
            }
            for group in self.groups() {
                keep_signal(&mut group.content_signals, &signal);
            }
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
        let mut content_signals = self.common_signals;
        for signal in &group.content_signals {
            keep_signal(&mut content_signals, signal);
        }
        Robots {
            rules,
            is_closed: false,
            crawl_delay: group.crawl_delay,
            content_signals,
            sitemaps: self.sitemaps,
        }
    }
}

// RFC 9309 section 2.2.1: letters, `_` and `-`; a version or more words behind it are passed over.
fn product_token(value: &[u8]) -> &[u8] {
    let is_token = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-');
    value.split(|b| !is_token(b)).next().unwrap_or_default()
}

/// Who allows the index page of a folder allows the folder: `/a/index.html` allows `/a/` too. Not
/// in RFC 9309; the reference matcher does so, and the two are one page.
fn index_twin(value: &[u8]) -> Option<Vec<u8>> {
    let slash = value.iter().rposition(|b| *b == b'/')?;
    let (folder, page) = value.split_at(slash + 1);
    page.starts_with(b"index.htm")
        .then(|| [folder, b"$"].concat())
}

/// The number that a Crawl-delay begins with; units and words behind it are passed over.
fn seconds(value: &[u8]) -> Option<Duration> {
    let text = std::str::from_utf8(value).ok()?;
    let number = text
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .next()?;
    let delay = Duration::try_from_secs_f64(number.parse().ok()?);
    Some(delay.map_or(LONGEST_DELAY, |delay| delay.min(LONGEST_DELAY)))
}

/// An item of a Content-Signal line in one spelling: `search=yes`.
fn signal(item: &str) -> Option<String> {
    let parts = item.split('=').map(str::trim).collect::<Vec<_>>();
    let text = parts.join("=").to_ascii_lowercase();
    let is_sound = !text.is_empty()
        && text.len() <= MAX_SIGNAL_OCTETS
        && !text.contains(|c: char| c.is_control());
    is_sound.then_some(text)
}

fn keep_signal(signals: &mut Vec<String>, signal: &str) {
    if signals.len() < MAX_SIGNALS && !signals.iter().any(|known| known == signal) {
        signals.push(signal.to_owned());
    }
}

fn absolute(value: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(value).ok()?;
    let is_short = text.len() <= MAX_SITEMAP_OCTETS;
    let url = is_short.then(|| url::Url::parse(text).ok()).flatten()?;
    matches!(url.scheme(), "http" | "https").then(|| text.to_owned())
}
