//! The seven promises, judged by what the tables, the site and the daemons' own log lines say.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sokbo::domain::{CanonicalUrl, Identity};
use sqlx::PgPool;
use uuid::Uuid;

use super::site::Request;

/// A request may come in this much before or after what the tables say of its lease: it travels,
/// and its process waits for a processor.
const SLACK: TimeDelta = TimeDelta::milliseconds(400);

/// What is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Promise {
    /// Every known address was fetched or has a reason.
    Visited,
    /// Never two live leases on a host; a late writer is refused.
    OneHolder,
    /// One row an article.
    OneRow,
    /// The gap between two requests to a host is never below the rule.
    Spaced,
    /// An article and the end of its job are committed together.
    Together,
    /// No half revision.
    Whole,
    /// Nothing acknowledged is lost.
    Kept,
}

impl Promise {
    pub(crate) const ALL: [Self; 7] = [
        Self::Visited,
        Self::OneHolder,
        Self::OneRow,
        Self::Spaced,
        Self::Together,
        Self::Whole,
        Self::Kept,
    ];

    /// The letter of the list, and the promise in words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Visited => "(a) every known address was fetched or has a reason",
            Self::OneHolder => "(b) never two live leases, late writers are refused",
            Self::OneRow => "(c) one row an article",
            Self::Spaced => "(d) the gap between requests is never below the rule",
            Self::Together => "(e) an article and the end of its job commit together",
            Self::Whole => "(f) no half revision",
            Self::Kept => "(g) nothing acknowledged is lost",
        }
    }
}

/// A promise that was broken, and how.
#[derive(Debug)]
pub(crate) struct Violation {
    pub(crate) promise: Promise,
    pub(crate) what: String,
}

/// What was seen from outside of the database.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    /// Every request that the site got.
    pub(crate) requests: Vec<Request>,
    /// The process id of each `node=` of a User-Agent.
    pub(crate) processes: BTreeMap<u32, u32>,
    /// From the start of a request to a host to the start of the next, as configured.
    pub(crate) delay: Duration,
    /// How much a gap may be shorter by the way that requests take.
    pub(crate) lateness: Duration,
    /// Addresses that the site's lists name.
    pub(crate) listed: Vec<String>,
    /// Articles that must be there, with their present titles.
    pub(crate) titles: BTreeMap<String, String>,
    /// Revisions that were read from the database between kills.
    pub(crate) revisions: BTreeSet<(Uuid, i32, Uuid)>,
    /// Addresses that were known between kills.
    pub(crate) seen: BTreeSet<Uuid>,
    /// Visits that daemons reported as settled: the address, and the revision if one was written.
    pub(crate) settled: Vec<(String, Option<i32>)>,
    /// Addresses under which late writers tried to store something.
    pub(crate) late: Vec<String>,
}

/// All violations.
pub(crate) async fn violations(pool: &PgPool, evidence: &Evidence) -> Vec<Violation> {
    let mut found = Vec::new();
    for (promise, sql) in BROKEN_ROWS {
        let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(pool).await.unwrap();
        found.extend(rows.into_iter().map(|what| Violation { promise, what }));
    }
    found.extend(unvisited(pool, evidence).await);
    found.extend(without_lease(pool, evidence).await);
    found.extend(late_writes(pool, evidence).await);
    found.extend(too_close(evidence));
    found.extend(lost(pool, evidence).await);
    found
}

/// Queries whose every row is a violation.
const BROKEN_ROWS: [(Promise, &str); 8] = [
    (
        Promise::Visited,
        "SELECT 'never asked for, and no reason: ' || coalesce(
                (SELECT url FROM crawl.discoveries d WHERE d.fingerprint = s.fingerprint LIMIT 1),
                s.fingerprint::text)
           FROM crawl.seen s
          WHERE NOT EXISTS (SELECT FROM crawl.fetches f WHERE f.fingerprint = s.fingerprint)
            AND NOT EXISTS (SELECT FROM crawl.aliases a WHERE a.fingerprint = s.fingerprint)
            AND NOT EXISTS (SELECT FROM crawl.articles a WHERE a.fingerprint = s.fingerprint)",
    ),
    (
        Promise::OneHolder,
        "SELECT format('%s went to %s while the lease of token %s had %s left', host, node,
                       old_token, old_end - began_at)
           FROM audit.leases
          WHERE old_token <> 0 AND token <> 0 AND token <> old_token AND old_end > began_at",
    ),
    (
        Promise::OneRow,
        "SELECT format('%s rows of %s', count(*), min(url)) FROM crawl.articles
          GROUP BY fingerprint HAVING count(*) > 1",
    ),
    (
        Promise::OneRow,
        "SELECT format('%s rows: %s', count(*), string_agg(url, ', ')) FROM crawl.articles
          GROUP BY substring(title FROM 'p\\d+n\\d+') HAVING count(*) > 1
             AND substring(title FROM 'p\\d+n\\d+') IS NOT NULL",
    ),
    (
        Promise::Together,
        "SELECT format('revision %s of %s was written without the end of its job', r.revision,
                       r.title)
           FROM crawl.revisions r
          WHERE NOT EXISTS (
                SELECT FROM audit.ends e
                 WHERE e.txid = r.xmin::text::bigint
                   AND (e.fingerprint = r.fingerprint OR EXISTS (
                        SELECT FROM crawl.aliases a
                         WHERE a.fingerprint = e.fingerprint
                           AND a.article_fingerprint = r.fingerprint)))",
    ),
    (
        Promise::Together,
        "SELECT format('%s is stored, and its first visit is still to come', a.url)
           FROM crawl.articles a JOIN crawl.jobs j USING (fingerprint)
          WHERE j.interval_seconds IS NULL AND j.priority < 3",
    ),
    (
        Promise::Whole,
        "SELECT format('%s has %s revisions, numbered to %s, and counts %s', a.url, count(r.*),
                       max(r.revision), a.revision_count)
           FROM crawl.articles a
           LEFT JOIN crawl.revisions r USING (fingerprint, first_seen_at)
          GROUP BY a.fingerprint, a.url, a.revision_count, a.content_hash, a.title
         HAVING count(r.*) <> a.revision_count OR max(r.revision) <> a.revision_count
             OR count(r.body) <> a.revision_count - 1
             OR count(*) FILTER (WHERE r.revision = a.revision_count AND r.body IS NULL
                                   AND r.content_hash = a.content_hash
                                   AND r.title = a.title) <> 1",
    ),
    (
        Promise::Whole,
        "SELECT format('revision %s of %s is a mixture of %s', r.revision, r.title, (
                SELECT string_agg(DISTINCT m[1], ', ')
                  FROM regexp_matches(r.title || ' ' || r.body, '(p\\d+n\\d+v\\d+)', 'g') m))
           FROM news.revisions r
          WHERE (SELECT (count(*), count(DISTINCT m[1]))
                   FROM regexp_matches(r.title || ' ' || r.body, '(p\\d+n\\d+v\\d+)', 'g') m)
                <> (4::bigint, 1::bigint)",
    ),
];

fn key(url: &str) -> Uuid {
    let url = CanonicalUrl::parse(url, Identity::default()).unwrap();
    url.fingerprint().as_uuid()
}

fn broken(promise: Promise, what: impl IntoIterator<Item = String>) -> Vec<Violation> {
    let violation = |what| Violation { promise, what };
    what.into_iter().map(violation).collect()
}

/// Listed addresses that are not known, and articles that are not as the site has them.
async fn unvisited(pool: &PgPool, evidence: &Evidence) -> Vec<Violation> {
    let known: Vec<Uuid> = sqlx::query_scalar("SELECT fingerprint FROM crawl.seen")
        .fetch_all(pool)
        .await
        .unwrap();
    let known: BTreeSet<Uuid> = known.into_iter().collect();
    let unknown = evidence
        .listed
        .iter()
        .filter(|url| !known.contains(&key(url)));
    let unknown = unknown.map(|url| format!("{url} was listed and is not known"));
    let stored: Vec<(String, String)> = sqlx::query_as("SELECT url, title FROM crawl.articles")
        .fetch_all(pool)
        .await
        .unwrap();
    let stored: BTreeMap<String, String> = stored.into_iter().collect();
    let missing = evidence.titles.iter().filter_map(|(url, title)| {
        let found = stored.get(url);
        (found != Some(title)).then(|| format!("{url}: stored {found:?}, the site has {title:?}"))
    });
    broken(Promise::Visited, unknown.chain(missing))
}

/// A host as it was left by one change.
#[derive(sqlx::FromRow)]
struct Held {
    host: String,
    at: DateTime<Utc>,
    token: i64,
    lease_end: DateTime<Utc>,
    node: Option<String>,
}

/// Requests of processes that did not hold the host.
async fn without_lease(pool: &PgPool, evidence: &Evidence) -> Vec<Violation> {
    let rows: Vec<Held> =
        sqlx::query_as("SELECT host, at, token, lease_end, node FROM audit.leases ORDER BY at")
            .fetch_all(pool)
            .await
            .unwrap();
    let mut hosts: BTreeMap<String, Vec<Held>> = BTreeMap::new();
    for held in rows {
        hosts.entry(held.host.clone()).or_default().push(held);
    }
    let is_covered = |request: &&Request| {
        let Some(process) = evidence.processes.get(&request.process) else {
            return false;
        };
        let node = format!(":{process}");
        let changes = hosts
            .get(&request.host)
            .map_or(&[] as &[Held], Vec::as_slice);
        let (from, to) = (request.at - SLACK, request.at + SLACK);
        let first = changes
            .partition_point(|held| held.at <= from)
            .saturating_sub(1);
        let around = changes.iter().skip(first).take_while(|held| held.at <= to);
        let is_theirs = |held: &Held| {
            let is_node = held.node.as_ref().is_some_and(|name| name.ends_with(&node));
            held.token != 0 && is_node && held.lease_end >= from
        };
        around.into_iter().any(is_theirs)
    };
    let uncovered = evidence
        .requests
        .iter()
        .filter(|request| !is_covered(request));
    let told = uncovered.map(|r| {
        let Request {
            at,
            host,
            path,
            process,
        } = r;
        format!("{host}{path} was asked for by node {process} at {at}, which did not hold it")
    });
    broken(Promise::OneHolder, told)
}

async fn late_writes(pool: &PgPool, evidence: &Evidence) -> Vec<Violation> {
    let keys: Vec<Uuid> = evidence.late.iter().map(|url| key(url)).collect();
    let written: Vec<String> =
        sqlx::query_scalar("SELECT url FROM crawl.articles WHERE fingerprint = ANY ($1)")
            .bind(keys)
            .fetch_all(pool)
            .await
            .unwrap();
    let told = written
        .iter()
        .map(|url| format!("a late writer stored {url}"));
    broken(Promise::OneHolder, told)
}

/// The times between the starts of requests to one host.
pub(crate) fn gaps(requests: &[Request]) -> Vec<(Duration, &Request)> {
    let mut hosts: BTreeMap<&str, Vec<&Request>> = BTreeMap::new();
    for request in requests {
        hosts.entry(&request.host).or_default().push(request);
    }
    let mut gaps = Vec::new();
    for (_, mut requests) in hosts {
        requests.sort_by_key(|request| request.at);
        for (one, next) in requests.iter().zip(requests.iter().skip(1)) {
            gaps.push(((next.at - one.at).to_std().unwrap(), *next));
        }
    }
    gaps
}

fn too_close(evidence: &Evidence) -> Vec<Violation> {
    let least = evidence.delay.saturating_sub(evidence.lateness);
    let close = gaps(&evidence.requests)
        .into_iter()
        .filter(|(gap, _)| *gap < least);
    let told = close.map(|(gap, r)| {
        format!(
            "{}{} came {gap:?} after the request before it, at {}",
            r.host, r.path, r.at
        )
    });
    broken(Promise::Spaced, told)
}

/// What was there, or reported as stored, and is not there any more.
async fn lost(pool: &PgPool, evidence: &Evidence) -> Vec<Violation> {
    let revisions: Vec<(Uuid, i32, Uuid)> =
        sqlx::query_as("SELECT fingerprint, revision, content_hash FROM crawl.revisions")
            .fetch_all(pool)
            .await
            .unwrap();
    let known: Vec<Uuid> = sqlx::query_scalar("SELECT fingerprint FROM crawl.seen")
        .fetch_all(pool)
        .await
        .unwrap();
    let aliases: Vec<(Uuid, Uuid)> =
        sqlx::query_as("SELECT fingerprint, article_fingerprint FROM crawl.aliases")
            .fetch_all(pool)
            .await
            .unwrap();
    let revisions: BTreeSet<_> = revisions.into_iter().collect();
    let known: BTreeSet<Uuid> = known.into_iter().collect();
    let aliases: BTreeMap<Uuid, Uuid> = aliases.into_iter().collect();
    let stored: BTreeSet<(Uuid, i32)> = revisions.iter().map(|(key, n, _)| (*key, *n)).collect();
    let gone = evidence.revisions.difference(&revisions);
    let gone = gone.map(|(key, n, _)| format!("revision {n} of {key} was there and is gone"));
    let forgotten = evidence.seen.difference(&known);
    let forgotten = forgotten.map(|key| format!("{key} was known and is forgotten"));
    let unsettled = evidence.settled.iter().filter_map(|(url, revision)| {
        let own = key(url);
        let identity = aliases.get(&own).copied().unwrap_or(own);
        let is_kept = match revision {
            Some(n) => stored.contains(&(identity, *n)) || stored.contains(&(own, *n)),
            None => known.contains(&own),
        };
        (!is_kept).then(|| format!("{url} was reported as settled ({revision:?}) and is not there"))
    });
    broken(Promise::Kept, gone.chain(forgotten).chain(unsettled))
}
