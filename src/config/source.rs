//! One source file to one [`Source`].

use std::collections::BTreeMap;
use std::time::Duration;

use super::address::{PROXY_SCHEMES, address, host_name, url_of};
use super::codes::{country, language, timezone};
use super::document::Document;
use super::findings::Findings;
use super::reader::{Entry, Table};
use super::rules;
use super::value::{
    choice, date, duration, duration_within, flag, owned_text, pattern, quoted, text, word, written,
};
use crate::domain::{
    Budget, CanonicalUrl, Interval, Scope, Section, SectionKind, Source, SourceName, StorePolicy,
    Verified,
};

const STORE: &[(&str, StorePolicy)] = &[
    ("full", StorePolicy::Full),
    ("metadata", StorePolicy::Metadata),
    ("off", StorePolicy::Off),
];

/// Headers that Sokbo sets itself, with their key where there is one.
const OWN_HEADERS: [(&str, &str); 8] = [
    ("user-agent", "set [crawler] user_agent"),
    ("host", "it follows from the address"),
    ("accept-encoding", "Sokbo says what it can unpack"),
    ("if-none-match", "set conditional"),
    ("if-modified-since", "set conditional"),
    ("connection", "it belongs to the connection"),
    ("content-length", "requests have no body"),
    ("transfer-encoding", "requests have no body"),
];

/// Reads a source file. None when name or home are missing or wrong, with the problem in
/// `findings`.
pub(super) fn read(document: &Document, findings: &mut Findings) -> Option<Source> {
    let tree = match document.parse() {
        Ok(tree) => tree,
        Err(problems) => {
            findings.problems.extend(problems);
            return None;
        }
    };
    let mut table = Table::top(document, tree.get_ref(), findings);
    let name = name(&mut table, document);
    let home = required(&mut table, "home", address);
    let mut source = Source::new(
        name.clone().or_else(|| SourceName::new("unnamed").ok())?,
        home.clone().or_else(placeholder)?,
    );
    read_listings(&mut table, &mut source);
    read_outlet(&mut table, &mut source);
    read_restraint(&mut table, &mut source);
    read_kept(&mut table, &mut source);
    source.rules = table.tables("extract", rules::read);
    table.finish();
    findings.settle();
    (name.is_some() && home.is_some()).then_some(source)
}

/// Stands for a front page that is missing, so that the other keys are judged all the same.
fn placeholder() -> Option<CanonicalUrl> {
    CanonicalUrl::parse(
        "https://example.invalid/",
        crate::domain::Identity::AllButTracking,
    )
    .ok()
}

fn required<'d, T>(
    table: &mut Table<'d, '_>,
    key: &'static str,
    convert: impl FnOnce(&Entry<'d>) -> Result<T, String>,
) -> Option<T> {
    let value = table.read(key, convert);
    if !table.has(key) {
        table.missing(key, "is missing; every source file needs it");
    }
    value
}

fn name(table: &mut Table<'_, '_>, document: &Document) -> Option<SourceName> {
    let name = required(table, "name", |entry| {
        SourceName::new(text(entry)?).map_err(|error| error.to_string())
    })?;
    let stem = document.path().file_stem().and_then(|stem| stem.to_str());
    if stem != Some(name.as_str()) {
        let file = document.path().file_name().and_then(|file| file.to_str());
        let file = quoted(file.unwrap_or_default());
        table.problem(
            "name",
            format!(
                "\"{name}\" differs from the file's name {file}; name the file \"{name}.toml\""
            ),
        );
    }
    Some(name)
}

fn read_listings(table: &mut Table<'_, '_>, source: &mut Source) {
    let mut sections: Vec<Section> = Vec::new();
    for (key, kind) in [
        ("sections", SectionKind::Page),
        ("feeds", SectionKind::Feed),
        ("sitemaps", SectionKind::Sitemap),
    ] {
        for url in table.list(key, address).unwrap_or_default() {
            let section = Section { kind, url };
            if sections.contains(&section) {
                table.problem(
                    key,
                    format!("lists {} twice; keep one", quoted(section.url.as_str())),
                );
            } else {
                sections.push(section);
            }
        }
    }
    if !sections.is_empty() {
        source.sections = sections;
    }
    source.article_url = table.read("article_url", pattern);
    source.interval = interval(table);
}

fn interval(table: &mut Table<'_, '_>) -> Interval {
    let default = Interval::default();
    let mut inner = table.table("interval");
    let bounds = || Duration::from_secs(1)..=Duration::from_secs(30 * 86_400);
    let min = inner.read("min", duration_within(bounds()));
    let max = inner.read("max", duration_within(bounds()));
    let interval = Interval {
        min: min.unwrap_or(default.min),
        max: max.unwrap_or(default.max),
    };
    if interval.min > interval.max {
        let (low, high) = (written(interval.min), written(interval.max));
        let key = if min.is_some() { "min" } else { "max" };
        let message = format!("min \"{low}\" is longer than max \"{high}\"; write min <= max");
        inner.problem(key, message);
    }
    inner.finish();
    interval
}

fn read_outlet(table: &mut Table<'_, '_>, source: &mut Source) {
    source.language = table.read("language", language);
    source.timezone = table.read("timezone", timezone);
    source.country = table.read("country", country);
    source.tags = table.list("tags", word).unwrap_or_default();
    let hosts = table.list("hosts", |entry| host_name(text(entry)?));
    source.hosts = hosts.unwrap_or_default();
    source.identity = table.list("identity", word);
}

fn read_restraint(table: &mut Table<'_, '_>, source: &mut Source) {
    source.delay = table.read("delay", duration);
    source.scope = table.read("scope", scope).unwrap_or_default();
    source.conditional = table.read("conditional", flag).unwrap_or(true);
    source.enabled = table.read("enabled", flag).unwrap_or(true);
    source.headers = headers(table);
    table.read_idle("proxy", &[], url_of(PROXY_SCHEMES));
    source.budget = table.read("budget", budget);
}

fn scope(entry: &Entry<'_>) -> Result<Scope, String> {
    const SCOPES: &[(&str, Scope)] = &[
        ("host", Scope::Host),
        ("domain", Scope::Domain),
        ("address", Scope::Address),
    ];
    choice(SCOPES)(entry)
}

/// "2000/day".
fn budget(entry: &Entry<'_>) -> Result<Budget, String> {
    let given = text(entry)?.trim();
    let parts = given.split_once('/');
    let count = parts.and_then(|(count, _)| count.trim().parse::<u32>().ok());
    let within = parts.and_then(|(_, unit)| match unit.trim() {
        "day" => Some(Duration::from_secs(86_400)),
        "hour" => Some(Duration::from_secs(3600)),
        _ => None,
    });
    if let (Some(requests @ 1..), Some(within)) = (count, within) {
        return Ok(Budget { requests, within });
    }
    Err(format!(
        "{} is no budget; write \"2000/day\" or \"100/hour\"",
        quoted(given)
    ))
}

fn headers(table: &mut Table<'_, '_>) -> BTreeMap<String, String> {
    let pairs = table.pairs("headers", |name, entry| {
        let name = name.to_ascii_lowercase();
        // RFC 9110 section 5.6.2: a field name is a token.
        let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        if name.is_empty() || !name.bytes().all(is_token) {
            return Err("is no header name; use letters, digits and `-`".to_owned());
        }
        if let Some((_, remedy)) = OWN_HEADERS.iter().find(|(own, _)| *own == name) {
            return Err(format!("is set by Sokbo itself; {remedy}"));
        }
        let value = text(entry)?;
        if !value.bytes().all(|b| (0x20..0x7f).contains(&b)) {
            return Err("a header holds visible ASCII only".to_owned());
        }
        Ok((name, value.to_owned()))
    });
    pairs.unwrap_or_default()
}

fn read_kept(table: &mut Table<'_, '_>, source: &mut Source) {
    source.verified = table.read("verified", verified).unwrap_or_default();
    source.store = table.read("store", choice(STORE)).unwrap_or_default();
    source.terms = table.read("terms", owned_text);
    if source.store != StorePolicy::Full && source.terms.is_none() {
        let name = &source.name;
        table.findings.warnings.push(format!(
            "source {name}: store is not \"full\"; say in `terms` why, and when that was checked"
        ));
    }
}

fn verified(entry: &Entry<'_>) -> Result<Verified, String> {
    if entry.value.as_str() == Some("never") {
        return Ok(Verified::Never);
    }
    let wrong = |message: String| format!("{message} or \"never\"");
    date(entry).map(Verified::On).map_err(wrong)
}
