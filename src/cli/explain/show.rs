//! The explanation as labelled lines, or as JSON.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::cli::terminal::moment;
use crate::domain::Source;
use crate::store::{ArticleFact, ExchangeFact, HostFact, RobotsCopy};

use super::Told;
use super::next::{Next, robots_sentence};

/// Exchanges that the text shows.
const SHOWN_EXCHANGES: usize = 10;

/// So much of what a page said is shown.
const SHOWN_CHARS: usize = 80;

/// Lines under labels.
#[derive(Default)]
struct Lines {
    text: String,
    label: &'static str,
}

impl Lines {
    fn put(&mut self, label: &'static str, line: impl AsRef<str>) {
        let shown = if label == self.label { "" } else { label };
        self.label = label;
        let line = line.as_ref().replace(['\n', '\r'], " ");
        let _infallible = writeln!(self.text, "{shown:<11} {line}");
    }
}

pub(super) fn as_text(told: &Told<'_>, next: &Next) -> String {
    let mut lines = Lines::default();
    lines.put("address", told.url.as_str());
    if told.input != told.url.as_str() {
        lines.put("address", format!("given as {}", told.input));
    }
    lines.put("source", source_line(told));
    lines.put("host", host_line(told));
    put_discoveries(&mut lines, told);
    put_robots(&mut lines, told);
    put_exchanges(&mut lines, told);
    let at = next.at.map_or_else(
        || format!("none ({})", next.state.as_str()),
        |at| format!("{} at the earliest ({})", moment(at), next.state.as_str()),
    );
    lines.put("next visit", at);
    for reason in &next.reasons {
        lines.put("next visit", reason);
    }
    if let Some(article) = &told.facts.article {
        put_article(&mut lines, article, told);
    }
    lines.text
}

fn source_line(told: &Told<'_>) -> String {
    let visited_for = told
        .facts
        .job
        .as_ref()
        .and_then(|job| job.source.as_deref());
    let owner = told.owner.map(|source| source.name.as_str());
    match (
        visited_for,
        owner,
        told.owner.is_some_and(Source::is_active),
    ) {
        (Some(name), Some(owner), _) if name != owner => {
            format!("{name}, though {owner} owns its host")
        }
        (Some(name), ..) => name.to_owned(),
        (None, Some(name), true) => name.to_owned(),
        (None, Some(name), false) => format!("{name} (disabled)"),
        (None, None, _) => "none owns its host".to_owned(),
    }
}

fn host_line(told: &Told<'_>) -> String {
    let Some(host) = &told.facts.host else {
        return format!("{}, which has never had anything to fetch", told.host);
    };
    let state = match &host.leased_by {
        Some(node) if host.is_leased => format!("leased by {node} until {}", moment(host.ready_at)),
        _ => "free".to_owned(),
    };
    let failures = match host.failures {
        0 => String::new(),
        1 => ", 1 failure".to_owned(),
        more => format!(", {more} failures in a row"),
    };
    format!(
        "{}: {state}{failures}{}",
        host.key,
        rest_of(host, told.facts.now)
    )
}

fn rest_of(host: &HostFact, now: DateTime<Utc>) -> String {
    match host.rests_until.filter(|until| *until > now) {
        Some(until) => format!(", rests until {}", moment(until)),
        None => String::new(),
    }
}

fn put_discoveries(lines: &mut Lines, told: &Told<'_>) {
    let facts = &told.facts;
    if let Some(listing) = &facts.listing {
        let (kind, source) = (&listing.kind, &listing.source);
        lines.put("met", format!("as a configured {kind} of source {source}"));
    }
    for met in &facts.discoveries {
        let title = met.title.as_ref();
        let title = title.map_or_else(String::new, |title| format!(": {}", clipped(title)));
        lines.put(
            "met",
            format!(
                "{} in {} {} of {} ({}){title}",
                moment(met.discovered_at),
                met.section_kind,
                met.section_url,
                met.source,
                met.verdict
            ),
        );
    }
    match facts.first_seen_at {
        Some(at) if facts.discoveries.is_empty() => {
            lines.put("met", format!("{}, in no listing", moment(at)));
        }
        None if facts.discoveries.is_empty() && facts.listing.is_none() => {
            lines.put("met", "never")
        }
        Some(_) | None => {}
    }
}

fn put_robots(lines: &mut Lines, told: &Told<'_>) {
    let Some(robots) = &told.robots else {
        let origin = told.url.origin();
        lines.put(
            "robots",
            format!("no copy of {origin}/robots.txt; it is asked for before the first visit"),
        );
        return;
    };
    lines.put("robots", robots_sentence(robots));
    lines.put("robots", copy_line(&robots.copy));
    if let Some(delay) = robots.copy.crawl_delay {
        lines.put("robots", format!("Crawl-delay: {} s", delay.as_secs_f64()));
    }
    if !robots.copy.content_signals.is_empty() {
        let signals = robots.copy.content_signals.join(", ");
        lines.put("robots", format!("Content-Signal: {signals}"));
    }
    if let Some(since) = robots.copy.unreadable_since {
        let error = robots.copy.error.as_deref().unwrap_or_default();
        lines.put(
            "robots",
            format!("unreadable since {}: {error}", moment(since)),
        );
    }
}

fn copy_line(copy: &RobotsCopy) -> String {
    let status = copy.status.map_or_else(
        || "no answer".to_owned(),
        |status| format!("status {status}"),
    );
    format!(
        "asked at {} ({status}), again after {}",
        moment(copy.fetched_at),
        moment(copy.expires_at)
    )
}

fn put_exchanges(lines: &mut Lines, told: &Told<'_>) {
    let made = &told.facts.exchanges;
    if made.is_empty() {
        lines.put("answers", "none");
    }
    for exchange in made.iter().take(SHOWN_EXCHANGES) {
        lines.put("answers", exchange_line(exchange, told.url.as_str()));
    }
    if made.len() > SHOWN_EXCHANGES {
        let more = made.len() - SHOWN_EXCHANGES;
        lines.put(
            "answers",
            format!("and {more} or more before; news.fetches has all"),
        );
    }
}

fn exchange_line(made: &ExchangeFact, own: &str) -> String {
    let status = made
        .status
        .map_or_else(|| "---".to_owned(), |status| status.to_string());
    let from = match &made.archive {
        Some(archive) => format!("from the archive {archive}"),
        None => format!("in {} ms", made.elapsed_ms),
    };
    let mut line = format!(
        "{}  {status}  {} bytes {from}  {}",
        moment(made.started_at),
        made.bytes,
        made.outcome
    );
    if made.url != own {
        let _infallible = write!(line, "  {}", made.url);
    }
    if let Some(error) = &made.error {
        let class = made.error_class.as_deref().unwrap_or_default();
        let _infallible = write!(line, "  {class}: {error}");
    }
    line
}

fn put_article(lines: &mut Lines, article: &ArticleFact, told: &Told<'_>) {
    lines.put("article", &article.title);
    if article.url != told.url.as_str() {
        lines.put("article", format!("at {}", article.url));
    }
    let published = article
        .published_at
        .map_or_else(|| "not stated".to_owned(), moment);
    lines.put("article", format!("published {published}"));
    lines.put(
        "article",
        format!(
            "first seen {}, last asked for {}, {} words",
            moment(article.first_seen_at),
            moment(article.last_checked_at),
            article.word_count
        ),
    );
    if let Some(at) = article.removed_at {
        lines.put(
            "article",
            format!("taken down, as was found {}", moment(at)),
        );
    }
    for alias in told
        .facts
        .aliases
        .iter()
        .filter_map(|alias| Some((alias.url.as_ref()?, alias)))
    {
        lines.put(
            "article",
            format!("also at {} ({})", alias.0, alias.1.reason),
        );
    }
    for field in &told.facts.fields {
        let raw = field.raw.as_ref();
        let raw = raw.map_or_else(String::new, |raw| format!(": {}", clipped(raw)));
        let (name, strategy, trust) = (&field.field, &field.strategy, &field.trust);
        lines.put(
            "fields",
            format!("{name} from {strategy}, trust {trust}{raw}"),
        );
    }
    for revision in &told.facts.revisions {
        let changed = revision.changed.join(", ");
        let changed = if changed.is_empty() {
            changed
        } else {
            format!(": {changed}")
        };
        let (number, kind, at) = (revision.revision, &revision.kind, moment(revision.seen_at));
        lines.put("revisions", format!("{number} {kind} {at}{changed}"));
    }
}

fn clipped(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => text.get(..end).unwrap_or(text).to_owned() + "…",
        None => text.to_owned(),
    }
}

pub(super) fn as_json(told: &Told<'_>, next: &Next) -> String {
    let facts = &told.facts;
    let article = facts.article.as_ref().map(|article| {
        let mut object = json!(article);
        if let Some(object) = object.as_object_mut() {
            object.insert("aliases".to_owned(), json!(facts.aliases));
            object.insert("fields".to_owned(), json!(facts.fields));
            object.insert("revisions".to_owned(), json!(facts.revisions));
        }
        object
    });
    json!({
        "input": told.input,
        "canonical": told.url.as_str(),
        "id": told.url.fingerprint().as_uuid(),
        "host_key": told.host.as_str(),
        "source": told.owner.map(|source| json!({
            "name": source.name.as_str(),
            "enabled": source.is_active(),
        })),
        "first_seen_at": facts.first_seen_at,
        "listing": facts.listing,
        "discoveries": facts.discoveries,
        "robots": robots_json(told),
        "fetches": facts.exchanges,
        "job": facts.job,
        "host": facts.host,
        "next": {
            "state": next.state.as_str(),
            "at": next.at,
            "reasons": next.reasons,
        },
        "alias_of": facts.alias_of,
        "article": article,
    })
    .to_string()
}

fn robots_json(told: &Told<'_>) -> Option<Value> {
    let robots = told.robots.as_ref()?;
    let copy = &robots.copy;
    Some(json!({
        "origin": told.url.origin(),
        "allowed": robots.verdict.is_allowed,
        "rule": robots.verdict.rule,
        "line": robots.verdict.line,
        "status": copy.status,
        "fetched_at": copy.fetched_at,
        "expires_at": copy.expires_at,
        "unreadable_since": copy.unreadable_since,
        "error": copy.error,
        "crawl_delay": copy.crawl_delay.map(|delay| delay.as_secs_f64()),
        "content_signals": copy.content_signals,
    }))
}
