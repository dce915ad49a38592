//! The robots.txt of an origin: from memory, from the store, or asked for through the host's gate.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use crate::domain::{ByteSize, CanonicalUrl, ErrorClass, Exchange, FetchOutcome, Identity};
use crate::fetch::{Accept, Fetched, Fetcher, Request};
use crate::policy::{Robots, RobotsAnswer};
use crate::store::{RobotsCopy, RobotsVerdict};

use super::gate::HostGate;
use super::{CrawlError, Visitor};

/// RFC 9309 section 2.3.1.2: at least five redirects are followed.
const MAX_HOPS: usize = 5;

/// RFC 9309 section 2.5: at least 500 kibibytes are read; the parser reads no more either.
const MAX_BODY_KIB: u64 = 512;

/// Rules kept in memory, of all origins together; a full cache is emptied. About 50 MiB at most.
const MAX_CACHED_RULES: usize = 200_000;

/// What an origin without rules counts in the cache.
const BASE_WEIGHT: usize = 5;

/// The rules of an origin, and how long from now they are in force.
#[derive(Debug, Clone)]
pub(super) struct InForce {
    pub(super) rules: Arc<Robots>,
    pub(super) asked_again_in: Duration,
}

/// Rules by origin, each until its time.
#[derive(Debug, Default)]
pub(super) struct RobotsCache(Mutex<Cached>);

#[derive(Debug, Default)]
struct Cached {
    by_origin: HashMap<String, (Arc<Robots>, Instant)>,
    weight: usize,
}

impl RobotsCache {
    fn fresh(&self, origin: &str) -> Option<InForce> {
        let cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (rules, until) = cache.by_origin.get(origin)?;
        let left = until.saturating_duration_since(Instant::now());
        (!left.is_zero()).then(|| InForce {
            rules: Arc::clone(rules),
            asked_again_in: left,
        })
    }

    fn keep(&self, origin: String, in_force: &InForce) {
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let weight = BASE_WEIGHT + in_force.rules.rule_count();
        if cache.weight + weight > MAX_CACHED_RULES {
            *cache = Cached::default();
        }
        cache.weight += weight;
        let until = Instant::now() + in_force.asked_again_in;
        let rules = Arc::clone(&in_force.rules);
        if let Some((old, _)) = cache.by_origin.insert(origin, (rules, until)) {
            cache.weight -= BASE_WEIGHT + old.rule_count();
        }
    }
}

impl Visitor {
    /// The rules in force for `url`'s origin; asking for them is recorded in `exchanges`.
    ///
    /// # Errors
    /// When the gate closed or the store failed.
    pub(super) async fn robots(
        &self,
        url: &CanonicalUrl,
        gate: &HostGate,
        exchanges: &mut Vec<Exchange>,
    ) -> Result<InForce, CrawlError> {
        let origin = url.origin();
        let _one_at_a_time = gate.asking_robots().await;
        if let Some(in_force) = self.robots.fresh(&origin) {
            return Ok(in_force);
        }
        let now = self.clock.now();
        let token = self.agent.token();
        let mut copy = self.store.robots(&origin).await?;
        if copy.as_ref().is_none_or(|copy| copy.expires_at <= now) {
            let answer = ask_robots(&self.fetcher, url, exchanges, || gate.turn()).await?;
            let last = exchanges.last();
            let asked = Asked { answer, now, last };
            let new = asked.copy(copy, token);
            self.store.keep_robots(&origin, &new).await?;
            copy = Some(new);
        }
        let left = copy.as_ref().map(|copy| copy.expires_at - now);
        let in_force = InForce {
            rules: Arc::new(
                copy.map_or_else(Robots::disallow_all, |copy| copy_rules(&copy, token)),
            ),
            asked_again_in: left.and_then(|left| left.to_std().ok()).unwrap_or_default(),
        };
        self.robots.keep(origin, &in_force);
        Ok(in_force)
    }
}

/// Asks for the robots.txt of `url`'s origin, following redirects; `turn` is awaited before each
/// request and what it gives is held until the answer was read, and each is recorded in `exchanges`.
///
/// # Errors
/// Only those of `turn`.
pub async fn ask_robots<T, E, F: Future<Output = Result<T, E>>>(
    fetcher: &Fetcher,
    url: &CanonicalUrl,
    exchanges: &mut Vec<Exchange>,
    turn: impl Fn() -> F,
) -> Result<RobotsAnswer, E> {
    let address = format!("{}/robots.txt", url.origin());
    let Ok(mut target) = CanonicalUrl::parse(&address, Identity::AllButTracking) else {
        return Ok(RobotsAnswer::Astray);
    };
    for _ in 0..=MAX_HOPS {
        let _turn = turn().await?;
        let mut request = Request::new(target.clone(), Accept::Robots);
        request.max_body = Some(ByteSize::bytes(MAX_BODY_KIB << 10));
        match fetcher.get(&request).await {
            Ok(Fetched::Page(page)) => {
                exchanges.push(page.exchange);
                return Ok(RobotsAnswer::Body(page.body));
            }
            Ok(Fetched::Moved { exchange, to, .. }) => {
                exchanges.push(exchange);
                match CanonicalUrl::from_url(to, Identity::AllButTracking) {
                    Ok(to) => target = to,
                    Err(_) => return Ok(RobotsAnswer::Astray),
                }
            }
            Ok(Fetched::Gone { mut exchange } | Fetched::NotModified { mut exchange, .. }) => {
                let status = exchange.status.unwrap_or(404);
                // That there is no such file is an answer of use.
                exchange.outcome = FetchOutcome::Used;
                exchanges.push(exchange);
                return Ok(RobotsAnswer::Status(status, None));
            }
            Err(failed) => {
                let status = failed.exchange.status.filter(|status| *status >= 400);
                // The site's protection answered: what the file says nobody knows.
                let is_challenge = failed.error.class() == ErrorClass::Challenge;
                let status = status.filter(|_| !is_challenge);
                exchanges.push(failed.exchange);
                return Ok(status.map_or(RobotsAnswer::Unreachable, |status| {
                    RobotsAnswer::Status(status, failed.retry_after)
                }));
            }
        }
    }
    Ok(RobotsAnswer::Astray)
}

/// The rules of a stored copy.
#[must_use]
pub fn copy_rules(copy: &RobotsCopy, agent_token: &str) -> Robots {
    match copy.verdict {
        RobotsVerdict::Rules => Robots::parse(&copy.body, agent_token),
        RobotsVerdict::AllowAll => Robots::allow_all(),
        RobotsVerdict::DisallowAll => Robots::disallow_all(),
    }
}

/// An answer with what is told of it.
struct Asked<'a> {
    answer: RobotsAnswer,
    now: DateTime<Utc>,
    last: Option<&'a Exchange>,
}

impl Asked<'_> {
    /// The copy to keep; `before` is the one in force until now.
    fn copy(self, before: Option<RobotsCopy>, token: &str) -> RobotsCopy {
        let status = self.last.and_then(|exchange| exchange.status);
        if self.answer.is_conclusive() {
            let expires_at = self.now + self.answer.keep_for(Duration::ZERO);
            return self.readable(status, expires_at, token);
        }
        let since = before.as_ref().and_then(|copy| copy.unreadable_since);
        let since = since.unwrap_or(self.now);
        let unreadable_for = (self.now - since).to_std().unwrap_or_default();
        let error = self.last.and_then(Exchange::failure);
        // RFC 9309 sections 2.3.1.4 and 2.4: an unreachable file leaves the copy from before in
        // force, however long; where there never was one, all is forbidden.
        RobotsCopy {
            expires_at: self.now + self.answer.keep_for(unreadable_for),
            status,
            error: Some(error.unwrap_or("the answer broke off").to_owned()),
            unreadable_since: Some(since),
            ..before.unwrap_or_else(|| forbidding(self.now))
        }
    }

    fn readable(self, status: Option<u16>, expires_at: DateTime<Utc>, token: &str) -> RobotsCopy {
        let rules = self.answer.rules(token);
        let (verdict, body) = match self.answer {
            RobotsAnswer::Body(body) => (RobotsVerdict::Rules, body),
            RobotsAnswer::Status(..) | RobotsAnswer::Astray | RobotsAnswer::Unreachable => {
                (RobotsVerdict::AllowAll, Vec::new())
            }
        };
        RobotsCopy {
            verdict,
            body,
            expires_at,
            status,
            crawl_delay: rules.crawl_delay(),
            content_signals: rules.content_signals().to_vec(),
            sitemaps: rules.sitemaps().to_vec(),
            ..forbidding(self.now)
        }
    }
}

/// What holds where nobody could ever read the file.
fn forbidding(now: DateTime<Utc>) -> RobotsCopy {
    RobotsCopy {
        verdict: RobotsVerdict::DisallowAll,
        body: Vec::new(),
        fetched_at: now,
        expires_at: now,
        status: None,
        error: None,
        unreadable_since: None,
        crawl_delay: None,
        content_signals: Vec::new(),
        sitemaps: Vec::new(),
    }
}
