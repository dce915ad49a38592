//! When an address is fetched next, or why it is not.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::cli::terminal::{moment, span};
use crate::domain::Source;
use crate::store::{AddressFacts, ExchangeFact, HostFact, JobFact, RobotsVerdict};

use super::{Robots, Told};

/// Where an address stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nobody has met it.
    Unknown,
    /// Met as a link to another outlet, and not fetched.
    Outside,
    /// Its source is not visited.
    Disabled,
    /// Robots.txt forbids it, or can't be read.
    Robots,
    /// Its host is left alone.
    Resting,
    /// A node holds its host.
    Leased,
    /// Not due yet.
    Later,
    /// Due.
    Due,
    /// Another address stands for it.
    Alias,
    /// Its article is no longer there.
    Removed,
    /// Given up.
    Discarded,
    /// Visited, and that was all.
    Done,
}

impl State {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Outside => "outside",
            Self::Disabled => "disabled",
            Self::Robots => "robots",
            Self::Resting => "resting",
            Self::Leased => "leased",
            Self::Later => "later",
            Self::Due => "due",
            Self::Alias => "alias",
            Self::Removed => "removed",
            Self::Discarded => "discarded",
            Self::Done => "done",
        }
    }
}

/// The next visit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Next {
    pub(super) state: State,
    /// The earliest time, where a visit is to come.
    pub(super) at: Option<DateTime<Utc>>,
    /// What keeps it from being fetched now, each in a sentence.
    pub(super) reasons: Vec<String>,
}

impl Next {
    fn never(state: State, reason: impl Into<String>) -> Self {
        Self {
            state,
            at: None,
            reasons: vec![reason.into()],
        }
    }
}

/// When the address is fetched next, or why it is not.
pub(super) fn next(told: &Told<'_>) -> Next {
    let facts = &told.facts;
    match &facts.job {
        Some(job) => waiting(job, told),
        None if facts.alias_of.is_some() || facts.article.is_some() => stored(facts),
        None if facts.first_seen_at.is_some() => ended(facts),
        None => unmet(told),
    }
}

/// A visit is to come: what it waits for.
fn waiting(job: &JobFact, told: &Told<'_>) -> Next {
    let now = told.facts.now;
    let source = job.source.as_deref().unwrap_or_default();
    let Some(run_at) = job.run_at.filter(|_| job.is_source_active) else {
        return Next::never(
            State::Disabled,
            format!("source {source} is disabled, so its addresses wait until it is enabled"),
        );
    };
    let mut next = Next {
        state: State::Due,
        at: Some(run_at.max(now)),
        reasons: Vec::new(),
    };
    if run_at > now {
        next.state = State::Later;
        next.reasons.push(not_due(job, run_at, &told.facts));
    }
    if let Some(host) = &told.facts.host {
        wait_for_host(&mut next, host, run_at, now);
    }
    if job.ahead > 0 && run_at <= now {
        let ahead = job.ahead;
        let more = if ahead >= 1_000 { " or more" } else { "" };
        next.reasons
            .push(format!("{ahead}{more} due visits of its host go first"));
    }
    if let Some(forbidden) = told.robots.as_ref().and_then(forbidden) {
        next.state = State::Robots;
        next.reasons.push(forbidden);
    }
    if next.reasons.is_empty() {
        let since = moment(run_at);
        next.reasons
            .push(format!("due since {since}; a running node takes it next"));
    }
    next
}

fn not_due(job: &JobFact, run_at: DateTime<Utc>, facts: &AddressFacts) -> String {
    let at = moment(run_at);
    let last = facts.exchanges.first().and_then(|last| last.error.as_ref());
    let every = job.interval_seconds.map(Duration::try_from_secs_f64);
    match (job.attempt, last, every) {
        (1.., Some(error), _) => {
            let tries = counted(usize::try_from(job.attempt).unwrap_or_default());
            format!("not due before {at}, after {tries}; the last one: {error}")
        }
        (_, Some(error), None) => format!("not due before {at}, put off: {error}"),
        (_, _, Some(Ok(every))) => {
            format!(
                "not due before {at}; it is visited about every {}",
                span(every)
            )
        }
        _ => format!("not due before {at}"),
    }
}

fn wait_for_host(next: &mut Next, host: &HostFact, run_at: DateTime<Utc>, now: DateTime<Utc>) {
    let key = &host.key;
    let later = |at: Option<DateTime<Utc>>| at.filter(|at| *at > now);
    if let Some(until) = later(host.rests_until) {
        let why = host.last_error.as_ref();
        let why = why.map_or_else(String::new, |error| format!(", because {error}"));
        let (at, failures) = (moment(until), host.failures);
        next.state = State::Resting;
        next.at = next.at.max(Some(until));
        next.reasons.push(format!(
            "host {key} rests until {at} after {failures} failures in a row{why}"
        ));
    } else if let Some(until) = later(host.polite_at) {
        next.at = next.at.max(Some(until));
        let at = moment(until);
        next.reasons
            .push(format!("politeness: no request to host {key} before {at}"));
    }
    if run_at > now {
        return;
    }
    let node = host.leased_by.as_deref().unwrap_or("a node");
    let at = moment(host.ready_at);
    match (host.is_leased, later(Some(host.ready_at))) {
        (true, Some(_)) => {
            if next.state == State::Due {
                next.state = State::Leased;
            }
            next.reasons.push(format!(
                "host {key} is leased by node {node} until {at}, which visits its addresses in turn"
            ));
        }
        (true, None) => next.reasons.push(format!(
            "the lease of node {node} on host {key} ended at {at}; the next node takes it over"
        )),
        (false, Some(until)) => {
            next.at = next.at.max(Some(until));
            next.reasons
                .push(format!("host {key} is not looked at again before {at}"));
        }
        (false, None) => {}
    }
}

/// Why robots.txt keeps it from being fetched, if it does.
fn forbidden(robots: &Robots) -> Option<String> {
    if robots.verdict.is_allowed {
        return None;
    }
    Some(match robots.verdict.reason() {
        Some(reason) => format!("robots.txt forbids it: {reason}"),
        None => format!(
            "robots.txt can't be read, so nothing is fetched; it is asked for again after {}",
            moment(robots.copy.expires_at)
        ),
    })
}

/// No visit is to come, and there is an article.
fn stored(facts: &AddressFacts) -> Next {
    if let Some(alias) = &facts.alias_of {
        let url = alias.url.as_deref().unwrap_or("an address that is gone");
        return Next::never(
            State::Alias,
            format!(
                "it stands for {url} ({}), which is visited instead",
                alias.reason
            ),
        );
    }
    match facts
        .article
        .as_ref()
        .and_then(|article| article.removed_at)
    {
        Some(at) => Next::never(
            State::Removed,
            format!("the outlet took it down, as was found at {}", moment(at)),
        ),
        None => Next::never(State::Done, "it is stored, and no further visit is planned"),
    }
}

/// It was met, no visit is to come, and there is no article.
fn ended(facts: &AddressFacts) -> Next {
    if let Some(listing) = facts.listing.as_ref().filter(|l| !l.is_active) {
        let source = &listing.source;
        return Next::never(
            State::Disabled,
            format!("it is a listing that source {source} no longer has"),
        );
    }
    let Some(last) = facts.exchanges.first() else {
        return Next::never(
            State::Done,
            "it was met and has no visit to come; what was asked, if anything, is no longer recorded",
        );
    };
    let said = last.error.as_deref().unwrap_or_default();
    match (last.outcome.as_str(), last.error_class.as_deref()) {
        ("failed", Some("robots")) => Next::never(State::Discarded, format!("discarded: {said}")),
        ("failed", Some("content")) => Next::never(
            State::Discarded,
            format!("it was fetched and gave nothing to store: {said}"),
        ),
        ("failed", _) => {
            let tries = counted(tries(&facts.exchanges, &last.url));
            Next::never(State::Discarded, format!("discarded after {tries}: {said}"))
        }
        ("redirected", _) => Next::never(
            State::Done,
            "it redirects to another address, which is visited in its place",
        ),
        _ => Next::never(
            State::Done,
            "it was visited, and no further visit is planned",
        ),
    }
}

/// It was never met.
fn unmet(told: &Told<'_>) -> Next {
    let facts = &told.facts;
    let outside = facts.discoveries.iter().find(|d| d.verdict == "outside");
    if let Some(met) = outside {
        return Next::never(
            State::Outside,
            format!(
                "it was met in {} of source {}, which does not own its host; such links are recorded \
                 and not fetched",
                met.section_url, met.source
            ),
        );
    }
    let mut next = Next::never(State::Unknown, would(told));
    if let Some(forbidden) = told.robots.as_ref().and_then(forbidden) {
        next.reasons.push(forbidden);
    }
    next
}

/// What would become of an address that nobody has met.
fn would(told: &Told<'_>) -> String {
    let Some(owner) = told.owner else {
        return "nobody has met it, and no source owns its host; `sokbo add` fetches it anyway"
            .to_owned();
    };
    let name = &owner.name;
    let is_listing = |source: &Source| source.sections.iter().any(|s| s.url == told.url);
    if !owner.is_active() {
        format!("nobody has met it; source {name}, which owns its host, is disabled")
    } else if is_listing(owner) {
        format!("it is a listing of source {name} that no `sokbo run` has taken up yet")
    } else {
        format!(
            "nobody has met it; source {name} owns its host, so it is fetched when a listing links to \
             it, or after `sokbo add`"
        )
    }
}

fn tries(exchanges: &[ExchangeFact], url: &str) -> usize {
    exchanges.iter().filter(|made| made.url == url).count()
}

fn counted(tries: usize) -> String {
    match tries {
        1 => "1 try".to_owned(),
        _ => format!("{tries} tries"),
    }
}

/// What robots.txt says, for people.
pub(super) fn robots_sentence(robots: &Robots) -> String {
    if let Some(forbidden) = forbidden(robots) {
        return forbidden;
    }
    match (robots.copy.verdict, robots.verdict.reason()) {
        (_, Some(reason)) => format!("allowed: {reason}"),
        (RobotsVerdict::Rules, None) => "allowed: no rule speaks of it".to_owned(),
        (RobotsVerdict::AllowAll, None) => "allowed: there is no robots.txt".to_owned(),
        (RobotsVerdict::DisallowAll, None) => "allowed: it is the robots.txt itself".to_owned(),
    }
}
