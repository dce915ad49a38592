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

/// Origins kept in memory; a full cache is emptied.
const MAX_CACHED: usize = 20_000;

/// Rules by origin, each until its time.
#[derive(Debug, Default)]
pub(super) struct RobotsCache(Mutex<HashMap<String, (Arc<Robots>, Instant)>>);

impl RobotsCache {
    fn fresh(&self, origin: &str) -> Option<Arc<Robots>> {
        let cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (robots, until) = cache.get(origin)?;
        (*until > Instant::now()).then(|| Arc::clone(robots))
    }

    fn keep(&self, origin: String, robots: Arc<Robots>, keep_for: Duration) {
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= MAX_CACHED {
            cache.clear();
        }
        cache.insert(origin, (robots, Instant::now() + keep_for));
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
    ) -> Result<Arc<Robots>, CrawlError> {
        let origin = url.origin();
        let _one_at_a_time = gate.asking_robots().await;
        if let Some(robots) = self.robots.fresh(&origin) {
            return Ok(robots);
        }
        let now = self.clock.now();
        let stored = self.store.robots(&origin).await?;
        let token = self.agent.token();
        if let Some(copy) = stored.as_ref().filter(|copy| copy.expires_at > now) {
            let robots = Arc::new(rules_of(copy, token));
            let left = (copy.expires_at - now).to_std().unwrap_or_default();
            self.robots.keep(origin, Arc::clone(&robots), left);
            return Ok(robots);
        }
        let answer = ask_robots(&self.fetcher, url, exchanges, || gate.turn()).await?;
        let keep_for = answer.keep_for();
        let expires_at = now + keep_for;
        let copy = match stored {
            // RFC 9309 section 2.4: an unreachable file leaves the copy from before in force.
            Some(copy) if !answer.is_conclusive() => RobotsCopy { expires_at, ..copy },
            _ => copy_of(answer, now, expires_at),
        };
        self.store.keep_robots(&origin, &copy).await?;
        let robots = Arc::new(rules_of(&copy, token));
        self.robots.keep(origin, Arc::clone(&robots), keep_for);
        Ok(robots)
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
                return Ok(RobotsAnswer::Status(status));
            }
            Err(failed) => {
                let status = failed.exchange.status.filter(|status| *status >= 400);
                // The site's protection answered: what the file says nobody knows.
                let is_challenge = failed.error.class() == ErrorClass::Challenge;
                let status = status.filter(|_| !is_challenge);
                exchanges.push(failed.exchange);
                return Ok(status.map_or(RobotsAnswer::Unreachable, RobotsAnswer::Status));
            }
        }
    }
    Ok(RobotsAnswer::Astray)
}

fn rules_of(copy: &RobotsCopy, token: &str) -> Robots {
    match copy.verdict {
        RobotsVerdict::Rules => Robots::parse(&copy.body, token),
        RobotsVerdict::AllowAll => Robots::allow_all(),
        RobotsVerdict::DisallowAll => Robots::disallow_all(),
    }
}

fn copy_of(
    answer: RobotsAnswer,
    fetched_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> RobotsCopy {
    let is_conclusive = answer.is_conclusive();
    let (verdict, body) = match answer {
        RobotsAnswer::Body(body) => (RobotsVerdict::Rules, body),
        _ if is_conclusive => (RobotsVerdict::AllowAll, Vec::new()),
        _ => (RobotsVerdict::DisallowAll, Vec::new()),
    };
    RobotsCopy {
        verdict,
        body,
        fetched_at,
        expires_at,
    }
}
