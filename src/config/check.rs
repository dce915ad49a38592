//! Checks across keys: politeness floors, the lease, and who may be visited without a contact.

use std::net::IpAddr;
use std::time::Duration;

use super::document::Document;
use super::findings::{Findings, variable_name};
use super::problem::{ConfigError, Place, Problem};
use super::value::written;
use super::{Config, SourceFile};
use crate::domain::Source;
use crate::extract::SiteRules;
use crate::fetch;

/// The shortest delay for hosts of others; product.md, `[crawler] per_host_delay`.
const MIN_PUBLIC_DELAY: Duration = Duration::from_millis(500);
/// A lease outlives this many of the largest delays; product.md, `[crawler] lease`.
const LEASE_DELAYS: u32 = 3;
/// More names are not listed in a message.
const MAX_NAMED: usize = 3;

/// Whether a host is reached inside `allow_networks`, as far as the configuration tells.
fn is_own(host: &str, fetch: &fetch::Settings) -> bool {
    let literal = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    let is_inside = |address: IpAddr| fetch.allow_networks.iter().any(|n| n.contains(&address));
    match literal {
        Ok(address) => is_inside(address),
        Err(_name) => fetch
            .hosts
            .get(host)
            .is_some_and(|mapped| is_inside(mapped.ip())),
    }
}

/// Whether visiting a source reaches hosts of others.
pub(super) fn is_public(source: &Source, fetch: &fetch::Settings) -> bool {
    let listings = source.sections.iter().map(|section| section.url.host());
    let named = source.hosts.iter().map(String::as_str);
    let mut hosts = listings.chain(named).chain([source.home.host()]);
    hosts.any(|host| !is_own(host, fetch))
}

/// Checks what no single key can tell; `document` is the service's file.
pub(super) fn check(config: &Config, document: &Document, findings: &mut Findings) {
    check_delay(config, document, findings);
    check_waiver(config, document, findings);
    check_lease(config, document, findings);
    check_selectors(config, findings);
    let is_crowded = config.crawler.per_host_concurrency > 1;
    if is_crowded && !public_sources(config).is_empty() {
        findings.warnings.push(
            "crawler.per_host_concurrency counts for hosts inside fetch.allow_networks only; \
             public hosts are fetched one at a time"
                .to_owned(),
        );
    }
    for source in config
        .sources
        .iter()
        .filter(|source| is_public(source, &config.fetch))
    {
        let too_short = source.delay.filter(|delay| *delay < MIN_PUBLIC_DELAY);
        let file = config.source_files.get(&source.name);
        if let (Some(delay), Some(file)) = (too_short, file) {
            findings
                .problems
                .push(file.problem("delay", below_floor(delay)));
        }
    }
}

/// Points at each selector of a source's `[[extract]]` tables that does not compile.
fn check_selectors(config: &Config, findings: &mut Findings) {
    for source in &config.sources {
        let Err(errors) = SiteRules::compile(&source.rules) else {
            continue;
        };
        let Some(file) = config.source_files.get(&source.name) else {
            continue;
        };
        for error in errors {
            let key = format!("extract[{}].{}", error.rule, error.key);
            let listed = format!("{key}[{}]", error.at);
            let is_list = file.places.contains_key(&listed);
            let key = if is_list { listed } else { key };
            let message = format!("`{}`: {}", error.selector, error.problem);
            findings.problems.push(file.problem(&key, message));
        }
    }
}

fn below_floor(delay: Duration) -> String {
    format!(
        "\"{}\" is too short for public hosts; write at least \"{}\" \
         (shorter ones are for hosts inside fetch.allow_networks)",
        written(delay),
        written(MIN_PUBLIC_DELAY)
    )
}

fn check_delay(config: &Config, document: &Document, findings: &mut Findings) {
    let delay = config.crawler.per_host_delay;
    let is_felt = public_sources(config)
        .iter()
        .any(|source| source.delay.is_none());
    if delay < MIN_PUBLIC_DELAY && (is_felt || is_closed(config)) {
        findings.problem_at("crawler.per_host_delay", document, below_floor(delay));
    }
}

fn check_waiver(config: &Config, document: &Document, findings: &mut Findings) {
    let public = public_sources(config);
    if config.crawler.max_crawl_delay.is_zero() && (!public.is_empty() || is_closed(config)) {
        let message = "\"0s\" waives Crawl-delay, which only hosts inside fetch.allow_networks \
                       may; write \"60s\"";
        findings.problem_at("crawler.max_crawl_delay", document, message.to_owned());
    }
}

/// A lease that is too short is named where it was set, or else the delay is that asks for more.
fn check_lease(config: &Config, document: &Document, findings: &mut Findings) {
    let slowest = config.sources.iter().max_by_key(|source| source.delay);
    let slowest = slowest.filter(|source| source.delay > Some(config.crawler.per_host_delay));
    let largest = slowest
        .and_then(|s| s.delay)
        .unwrap_or(config.crawler.per_host_delay);
    let least = largest.saturating_mul(LEASE_DELAYS);
    if config.crawler.lease >= least {
        return;
    }
    let (lease, delay, least) = (
        written(config.crawler.lease),
        written(largest),
        written(least),
    );
    if findings.places.contains_key("crawler.lease") {
        let owner = slowest.map_or_else(String::new, |s| format!(" (of source {})", s.name));
        let message = format!(
            "\"{lease}\" is shorter than {LEASE_DELAYS} x the largest delay, \"{delay}\"{owner}; \
             write at least \"{least}\""
        );
        findings.problem_at("crawler.lease", document, message);
        return;
    }
    let message = format!(
        "\"{delay}\" is more than a third of [crawler] lease, \"{lease}\"; \
         shorten it or set that to \"{least}\""
    );
    match slowest.and_then(|source| config.source_files.get(&source.name)) {
        Some(file) => findings.problems.push(file.problem("delay", message)),
        None => findings.problem_at("crawler.per_host_delay", document, message),
    }
}

/// Whether only public hosts can be reached at all.
fn is_closed(config: &Config) -> bool {
    config.fetch.allow_networks.is_empty()
}

pub(super) fn public_sources(config: &Config) -> Vec<&Source> {
    let is_visited = |source: &&Source| source.is_active() && is_public(source, &config.fetch);
    config.sources.iter().filter(is_visited).collect()
}

/// The contact that the owners of the `public` sources must be able to read.
pub(super) fn contact(config: &Config, public: &[&Source]) -> Result<(), ConfigError> {
    if config.contact.is_some() || public.is_empty() {
        return Ok(());
    }
    let named: Vec<&str> = public
        .iter()
        .take(MAX_NAMED)
        .map(|s| s.name.as_str())
        .collect();
    let tail = if public.len() > MAX_NAMED {
        ", …"
    } else {
        ""
    };
    let variable = variable_name("crawler.contact");
    let place = config
        .path
        .clone()
        .map_or_else(|| Place::Variable(variable.clone()), Place::File);
    Err(ConfigError::new(vec![Problem {
        place,
        key: "crawler.contact".to_owned(),
        message: format!(
            "is not set, and the owners of public sites ({}{tail}) must be able to reach you; \
             write contact = \"ops@example.org\" or a web page under [crawler], or set {variable}",
            named.join(", ")
        ),
    }]))
}

impl SourceFile {
    /// A problem of one of the file's keys (`article_url`, `extract[0].body`), at the line where
    /// the key stands.
    #[must_use]
    pub fn problem(&self, key: &str, message: String) -> Problem {
        let whole = || Place::File(self.path.clone());
        Problem {
            place: self.places.get(key).cloned().unwrap_or_else(whole),
            key: key.to_owned(),
            message,
        }
    }
}
