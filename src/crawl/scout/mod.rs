//! A look at a site for a person who waits: as polite and as safe as the crawl, without a database.
//! Every request counts, those for robots.txt and along redirects too; there is one at a time, and
//! a host that asks to be left alone is.

mod prospect;
mod trial;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::robots::ask_robots;
use super::{Settings, host_key};
use crate::domain::{CanonicalUrl, Clock, ErrorClass, Exchange, HostKey, Identity, Scope, Source};
use crate::fetch::{self, Accept, Failed, Fetched, Fetcher, Page, Request};
use crate::policy::{DelayFacts, Robots, crawl_delay};

pub use prospect::{DiscoveryError, discover};
pub use trial::{Content, Fill, Listed, SampleRead, Trial, try_source};

/// What a scout may do.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Requests in all.
    pub max_requests: usize,
    /// Whether hosts of others may be asked: their owners must be able to reach us.
    pub may_ask_public: bool,
}

/// Told of each request before it is made: its number, and what is asked.
pub type Told = Box<dyn Fn(usize, &str) + Send + Sync>;

/// Makes the requests of one look.
pub struct Scout {
    fetcher: Fetcher,
    settings: Settings,
    fetch: fetch::Settings,
    clock: Arc<dyn Clock>,
    bounds: Bounds,
    told: Told,
    known: Mutex<Known>,
}

/// What is known of hosts so far.
#[derive(Default)]
struct Known {
    requests: usize,
    hosts: HashMap<HostKey, Host>,
    robots: HashMap<String, Arc<Rules>>,
}

#[derive(Debug, Clone, Default)]
struct Host {
    started_at: Option<Instant>,
    is_public: bool,
    delay: Option<Duration>,
    /// Why it is left alone.
    closed: Option<String>,
}

/// The rules of an origin.
#[derive(Debug)]
struct Rules {
    robots: Robots,
    /// Why they could not be read.
    failure: Option<String>,
}

/// Why a request was not made, or gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Missed {
    /// What happened.
    #[error("{0}")]
    Because(String),
    /// All requests are spent.
    #[error("no request is left of {0}")]
    Spent(usize),
}

impl Scout {
    /// A scout that obeys the settings.
    ///
    /// # Errors
    /// As [`Fetcher::new`].
    pub fn new(
        settings: Settings,
        fetch: fetch::Settings,
        clock: Arc<dyn Clock>,
        bounds: Bounds,
        told: Told,
    ) -> Result<Self, fetch::FetchError> {
        Ok(Self {
            fetcher: Fetcher::new(fetch.clone(), Arc::clone(&clock))?,
            settings,
            fetch,
            clock,
            bounds,
            told,
            known: Mutex::default(),
        })
    }

    /// Requests made so far.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.known().requests
    }

    /// Fetches a document, following redirects; `source` is the one it belongs to.
    ///
    /// # Errors
    /// When robots.txt forbids it, nothing is there, or it can't be had.
    pub async fn get(
        &self,
        url: &CanonicalUrl,
        accept: Accept,
        source: Option<&Source>,
    ) -> Result<Page, Missed> {
        let mut target = url.clone();
        for _ in 0..=self.fetch.max_redirects {
            self.admit(&target, source).await?;
            self.turn(&target, source).await?;
            let mut request = Request::new(target.clone(), accept);
            request.headers = source
                .map(|source| source.headers.clone())
                .unwrap_or_default();
            match self.fetcher.get(&request).await {
                Ok(Fetched::Page(page)) => return Ok(page),
                Ok(Fetched::Moved { to, .. }) => target = moved(&target, to)?,
                Ok(Fetched::Gone { .. } | Fetched::NotModified { .. }) => {
                    return Err(Missed::Because(format!("{target} does not exist")));
                }
                Err(failed) => return Err(self.failed(&target, &failed, source)),
            }
        }
        let limit = self.fetch.max_redirects;
        Err(Missed::Because(format!(
            "{url} redirects more than {limit} times"
        )))
    }

    /// Whether robots.txt lets us ask for an address.
    async fn admit(&self, url: &CanonicalUrl, source: Option<&Source>) -> Result<(), Missed> {
        let rules = self.rules(url, source).await?;
        let path = &url.as_url()[url::Position::BeforePath..];
        let verdict = rules.robots.verdict(path);
        if verdict.is_allowed {
            return Ok(());
        }
        let why = match (verdict.reason(), &rules.failure) {
            (Some(rule), _) => format!("robots.txt forbids {url}: {rule}"),
            (None, Some(failure)) => failure.clone(),
            (None, None) => format!("robots.txt of {} could not be read", url.origin()),
        };
        Err(Missed::Because(why))
    }

    /// The rules of an origin, asked for once.
    async fn rules(
        &self,
        url: &CanonicalUrl,
        source: Option<&Source>,
    ) -> Result<Arc<Rules>, Missed> {
        let origin = url.origin();
        if let Some(rules) = self.known().robots.get(&origin).cloned() {
            return Ok(rules);
        }
        let mut exchanges = Vec::new();
        let file = CanonicalUrl::join(url.as_url(), "/robots.txt", Identity::AllButTracking);
        let file = file.unwrap_or_else(|_| url.clone());
        let turn = || self.turn(&file, source);
        let answer = ask_robots(&self.fetcher, url, &mut exchanges, turn).await?;
        let failure = exchanges
            .last()
            .and_then(Exchange::failure)
            .map(str::to_owned);
        let rules = Arc::new(Rules {
            robots: answer.rules(self.fetch.user_agent.token()),
            failure: failure.filter(|_| !answer.is_conclusive()),
        });
        let mut known = self.known();
        let host = known.hosts.entry(unit(url, source)).or_default();
        host.delay = host.delay.max(rules.robots.crawl_delay());
        known.robots.insert(origin, Arc::clone(&rules));
        Ok(rules)
    }

    /// Waits until the next request to a host may start; it must start at once.
    async fn turn(&self, url: &CanonicalUrl, source: Option<&Source>) -> Result<(), Missed> {
        let key = unit(url, source);
        let met = self.known().hosts.get(&key).cloned();
        let host = match met {
            Some(host) => host,
            None => self.meet(url, &key).await?,
        };
        if let Some(why) = host.closed {
            return Err(Missed::Because(why));
        }
        let delay = crawl_delay(DelayFacts {
            configured: self.settings.per_host_delay,
            source: source.and_then(Source::spacing),
            robots: host.delay,
            max_crawl_delay: self.settings.max_crawl_delay,
            is_public: host.is_public,
        });
        if self.requests() >= self.bounds.max_requests {
            return Err(Missed::Spent(self.bounds.max_requests));
        }
        if let Some(started_at) = host.started_at {
            tokio::time::sleep_until(started_at + delay).await;
        }
        let mut known = self.known();
        known.requests += 1;
        let number = known.requests;
        known.hosts.entry(key).or_default().started_at = Some(Instant::now());
        drop(known);
        (self.told)(number, url.as_str());
        Ok(())
    }

    /// The first look at a host.
    async fn meet(&self, url: &CanonicalUrl, key: &HostKey) -> Result<Host, Missed> {
        let host = Host {
            is_public: self.fetcher.reaches_public(url).await,
            ..Host::default()
        };
        if host.is_public && !self.bounds.may_ask_public {
            return Err(Missed::Because(format!(
                "{key} is a public host, and its owners must be able to reach you; set contact \
                 under [crawler]"
            )));
        }
        self.known().hosts.insert(key.clone(), host.clone());
        Ok(host)
    }

    /// What a failure says; a host that asks for patience or shows a challenge is asked no more.
    fn failed(&self, url: &CanonicalUrl, failed: &Failed, source: Option<&Source>) -> Missed {
        let why = failed.error.sentence();
        let is_challenge = failed.error.class() == ErrorClass::Challenge;
        let is_asked = matches!(failed.exchange.status, Some(429 | 503));
        if is_challenge || is_asked || failed.retry_after.is_some() {
            let mut known = self.known();
            let host = known.hosts.entry(unit(url, source)).or_default();
            host.closed = Some(format!("{} is left alone: {why}", url.host()));
        }
        Missed::Because(why)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What politeness counts as one. There is one request at a time, so that hosts which may share an
/// address are asked in turn without looking it up.
fn unit(url: &CanonicalUrl, source: Option<&Source>) -> HostKey {
    match source {
        Some(source) if source.scope == Scope::Address => host_key(&source.home, Some(source)),
        Some(_) | None => host_key(url, source),
    }
}

fn moved(from: &CanonicalUrl, to: url::Url) -> Result<CanonicalUrl, Missed> {
    CanonicalUrl::from_url(to, Identity::AllButTracking)
        .map_err(|error| Missed::Because(format!("{from} redirects to nowhere: {error}")))
}
