//! One document for a visit: robots.txt asked, a turn taken, redirects on the same host followed.

use std::time::Duration;

use crate::domain::{CanonicalUrl, ErrorClass, JobKind, Validators};
use crate::fetch::{Accept, Failed, Fetched, Page, Request};
use crate::policy::{Failure, after_failure, host_rest};

use super::gate::HostGate;
use super::visit::{Ending, Findings, Visit};
use super::{CrawlError, profile};

/// What came of asking for a document.
pub(super) enum Got {
    /// Its bytes.
    Page(Page),
    /// 304: as it was.
    NotModified(Validators),
    /// 404 or 410.
    Gone,
    /// A redirect to another host, which has a lease of its own.
    Elsewhere(CanonicalUrl),
    /// Nothing; how the visit ends.
    Ended(Ending),
}

impl Visit<'_> {
    /// Fetches `url`, following redirects within the gate's host.
    ///
    /// # Errors
    /// When the gate closed or the store failed; what the network did is in the result.
    pub(super) async fn get(
        &mut self,
        url: &CanonicalUrl,
        validators: Validators,
        gate: &HostGate,
    ) -> Result<Got, CrawlError> {
        let mut asked = vec![url.clone()];
        let mut target = url.clone();
        let mut validators = validators;
        loop {
            if let Some(ending) = self.refused_by_robots(&target, gate).await? {
                return Ok(Got::Ended(ending));
            }
            gate.turn().await?;
            let request = self.request(target.clone(), std::mem::take(&mut validators));
            let to = match self.visitor.fetcher.get(&request).await {
                Ok(Fetched::Page(page)) => {
                    self.exchanges.push(page.exchange.clone());
                    return Ok(Got::Page(page));
                }
                Ok(Fetched::NotModified {
                    exchange,
                    validators,
                }) => {
                    self.exchanges.push(exchange);
                    return Ok(Got::NotModified(validators));
                }
                Ok(Fetched::Gone { exchange }) => {
                    self.exchanges.push(exchange);
                    return Ok(Got::Gone);
                }
                Ok(Fetched::Moved { exchange, to, .. }) => {
                    self.exchanges.push(exchange);
                    to
                }
                Err(failed) => return Ok(Got::Ended(self.unanswered(*failed, gate))),
            };
            let source = self.profile.map(|profile| &profile.source);
            let identity = source.map(|source| source.identity()).unwrap_or_default();
            let identity = match self.job.kind {
                JobKind::Article => identity,
                JobKind::Page | JobKind::Feed | JobKind::Sitemap => Default::default(),
            };
            let to = match CanonicalUrl::from_url(to, identity) {
                Ok(to) => to,
                Err(error) => {
                    let reason = format!("{target} redirects to nowhere: {error}");
                    return Ok(Got::Ended(self.useless(ErrorClass::Redirect, reason)));
                }
            };
            if profile::host_key(&to, source) != gate.key {
                return Ok(Got::Elsewhere(to));
            }
            if asked.contains(&to) || asked.len() > self.visitor.max_redirects {
                let reason = match asked.contains(&to) {
                    true => format!("{url} redirects in a circle through {to}"),
                    false => format!("{url} redirects more than {} times", asked.len() - 1),
                };
                return Ok(Got::Ended(self.useless(ErrorClass::Redirect, reason)));
            }
            asked.push(to.clone());
            target = to;
        }
    }

    fn request(&self, url: CanonicalUrl, validators: Validators) -> Request {
        let headers = self
            .profile
            .map(|p| p.source.headers.clone())
            .unwrap_or_default();
        let accept = match self.job.kind {
            JobKind::Page | JobKind::Article => Accept::Html,
            JobKind::Feed => Accept::Feed,
            JobKind::Sitemap => Accept::Sitemap,
        };
        let is_conditional = self.profile.is_none_or(|p| p.source.conditional);
        let validators = if is_conditional {
            validators
        } else {
            Validators::default()
        };
        Request {
            url,
            validators,
            headers,
            accept,
            max_body: None,
        }
    }

    async fn refused_by_robots(
        &mut self,
        url: &CanonicalUrl,
        gate: &HostGate,
    ) -> Result<Option<Ending>, CrawlError> {
        let robots = self.visitor.robots(url, gate, &mut self.exchanges).await?;
        self.visitor
            .set_delay(gate, self.profile, robots.crawl_delay());
        let path = url.as_url().path();
        let verdict = match url.as_url().query() {
            Some(query) => robots.verdict(&format!("{path}?{query}")),
            None => robots.verdict(path),
        };
        if verdict.is_allowed {
            return Ok(None);
        }
        let is_unknown = verdict.rule.is_none();
        let reason = match (verdict.rule, verdict.line) {
            (Some(rule), Some(line)) => {
                format!("robots.txt forbids {url}: line {line} says `{rule}`")
            }
            _ => format!(
                "robots.txt of {} could not be read, so nothing is fetched",
                url.origin()
            ),
        };
        self.refuse(url.as_str().to_owned(), ErrorClass::Robots, reason);
        let disposition = after_failure(Failure {
            class: ErrorClass::Robots,
            status: None,
            is_transient: is_unknown,
            attempt: self.job.attempt,
            retry_after: None,
            is_recurring: self.job.interval.is_some(),
            jitter: rand::random(),
        });
        Ok(Some(Ending {
            disposition,
            findings: Findings::default(),
            rest: None,
        }))
    }

    fn unanswered(&mut self, failed: Failed, gate: &HostGate) -> Ending {
        let class = failed.error.class();
        let status = failed.exchange.status;
        self.exchanges.push(failed.exchange);
        let disposition = after_failure(Failure {
            class,
            status,
            is_transient: failed.error.is_transient(),
            attempt: self.job.attempt,
            retry_after: failed.retry_after,
            is_recurring: self.job.interval.is_some(),
            jitter: rand::random(),
        });
        let rest = speaks_of_host(class, status).then(|| {
            let failures = gate.count_failure();
            host_rest(failures, failed.retry_after, rand::random())
        });
        Ending {
            disposition,
            findings: Findings::default(),
            rest,
        }
    }
}

/// Whether a failure says something about the whole host and not about one page.
fn speaks_of_host(class: ErrorClass, status: Option<u16>) -> bool {
    match class {
        ErrorClass::Dns | ErrorClass::Connect | ErrorClass::Tls => true,
        ErrorClass::Status => matches!(status, Some(429 | 503)),
        ErrorClass::Address
        | ErrorClass::Timeout
        | ErrorClass::Protocol
        | ErrorClass::Body
        | ErrorClass::TooLarge
        | ErrorClass::Robots
        | ErrorClass::Redirect
        | ErrorClass::Content
        | ErrorClass::Internal => false,
    }
}

/// A rest longer than this is not waited for: the host is given back.
pub(super) const LONG_REST: Duration = Duration::from_secs(5);
