//! One document for a visit: robots.txt asked, a turn taken, redirects on the same host followed.

use std::time::Duration;

use url::Url;

use crate::domain::{CanonicalUrl, Disposition, ErrorClass, Identity, JobKind, Validators};
use crate::fetch::{Accept, Failed, Fetched, Page, Request};
use crate::policy::{Failure, after_failure};

use super::gate::{HostGate, Turn};
use super::visit::{Ending, Findings, Visit};
use super::{CrawlError, profile};

/// What came of asking for a document.
pub(super) enum Got {
    /// Its bytes, with the turn of the fetch: to be kept until they were read, or pages would
    /// pile up in memory where reading is slower than the network.
    Page(Box<Page>, Turn),
    /// 304: as it was.
    NotModified(Validators),
    /// 404 or 410.
    Gone,
    /// A redirect to another host, which has a lease of its own.
    Elsewhere(CanonicalUrl),
    /// Nothing; how the visit ends.
    Ended(Box<Ending>),
}

/// One step of the way to a document.
enum Hop {
    /// The way ends here.
    Arrived(Got),
    /// It goes on there.
    Onward(CanonicalUrl),
}

impl From<Got> for Hop {
    fn from(got: Got) -> Self {
        Self::Arrived(got)
    }
}

impl Visit<'_> {
    /// Fetches `url`, following redirects within the gate's host.
    ///
    /// # Errors
    /// When the gate closed or the store failed; what the network did is in the result.
    pub(super) async fn get(
        &mut self,
        url: &CanonicalUrl,
        mut validators: Validators,
        gate: &HostGate,
    ) -> Result<Got, CrawlError> {
        let mut asked = vec![url.clone()];
        let mut target = url.clone();
        loop {
            let conditions = std::mem::take(&mut validators);
            let to = match self.ask(&target, conditions, gate).await? {
                Hop::Arrived(Got::Page(mut page, turn)) => {
                    // Validators belong to the address that answered, and the job asks its own.
                    if asked.len() > 1 {
                        page.validators = Validators::default();
                    }
                    return Ok(Got::Page(page, turn));
                }
                Hop::Arrived(got) => return Ok(got),
                Hop::Onward(to) => to,
            };
            target = match self.follow(to, &asked, gate) {
                Hop::Arrived(got) => return Ok(got),
                Hop::Onward(to) => to,
            };
            asked.push(target.clone());
        }
    }

    /// Makes one exchange, if robots.txt allows it; a redirect is an address in the source's form.
    async fn ask(
        &mut self,
        url: &CanonicalUrl,
        validators: Validators,
        gate: &HostGate,
    ) -> Result<Hop, CrawlError> {
        if let Some(ending) = self.refused_by_robots(url, gate).await? {
            return Ok(Hop::Arrived(Got::Ended(Box::new(ending))));
        }
        let turn = gate.turn().await?;
        let request = self.request(url.clone(), validators);
        let answer = self.visitor.fetcher.get(&request).await;
        let (exchange, hop) = match answer {
            Ok(Fetched::Page(page)) => {
                let exchange = page.exchange.clone();
                (exchange, Got::Page(Box::new(page), turn).into())
            }
            Ok(Fetched::NotModified {
                exchange,
                validators,
            }) => (exchange, Got::NotModified(validators).into()),
            Ok(Fetched::Gone { exchange }) => {
                let got = self.gone_or_early(exchange.status);
                (exchange, got.into())
            }
            Ok(Fetched::Moved { exchange, to, .. }) => {
                self.exchanges.push(exchange);
                return Ok(self.onward(url, to));
            }
            Err(failed) => {
                return Ok(Got::Ended(Box::new(self.unanswered(*failed))).into());
            }
        };
        self.exchanges.push(exchange);
        Ok(hop)
    }

    /// The target of a redirect as we would write it.
    fn onward(&mut self, url: &CanonicalUrl, to: Url) -> Hop {
        let source = self.profile.map(|profile| &profile.source);
        let identity = match self.job.kind {
            JobKind::Article => source.map(|source| source.identity()).unwrap_or_default(),
            JobKind::Page | JobKind::Feed | JobKind::Sitemap => Identity::AllButTracking,
        };
        match CanonicalUrl::from_url(to, identity) {
            Ok(to) => Hop::Onward(to),
            Err(error) => self.lost_way(format!("{url} redirects to nowhere: {error}")),
        }
    }

    /// Whether the way may go on to `to`.
    fn follow(&mut self, to: CanonicalUrl, asked: &[CanonicalUrl], gate: &HostGate) -> Hop {
        let source = self.profile.map(|profile| &profile.source);
        let url = &self.job.url;
        if profile::host_key(&to, source) != gate.key {
            Got::Elsewhere(to).into()
        } else if asked.contains(&to) {
            self.lost_way(format!("{url} redirects in a circle through {to}"))
        } else if asked.len() > self.visitor.max_redirects {
            self.lost_way(format!(
                "{url} redirects more than {} times",
                asked.len() - 1
            ))
        } else {
            Hop::Onward(to)
        }
    }

    fn lost_way(&mut self, reason: String) -> Hop {
        Got::Ended(Box::new(self.useless(ErrorClass::Redirect, reason))).into()
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
        let in_force = self.visitor.robots(url, gate, &mut self.exchanges).await?;
        let robots = in_force.rules;
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
        let refusal = if is_unknown {
            // Nobody could ask for the rules: for ever, where the address itself is the reason.
            self.visitor.fetcher.refusal(url).await
        } else {
            None
        };
        let class = match refusal {
            Some(_) => ErrorClass::Address,
            None => ErrorClass::Robots,
        };
        let is_transient = is_unknown && refusal.is_none();
        let reason = match (refusal, verdict.reason()) {
            (Some(reason), _) => reason,
            (None, Some(reason)) => format!("robots.txt forbids {url}: {reason}"),
            (None, None) => format!(
                "robots.txt of {} could not be read, so nothing is fetched; news.robots says why",
                url.origin()
            ),
        };
        self.refuse(url.as_str().to_owned(), class, reason);
        let disposition = after_failure(Failure {
            class,
            status: None,
            is_transient,
            attempt: self.job.attempt,
            // Before the file is asked for again, nothing is known anew.
            retry_after: is_unknown.then_some(in_force.asked_again_in),
            is_recurring: self.job.is_recurring(),
            jitter: rand::random(),
        });
        Ok(Some(Ending {
            disposition,
            findings: Findings::default(),
            rest: None,
        }))
    }

    fn unanswered(&mut self, failed: Failed) -> Ending {
        let class = failed.error.class();
        let status = failed.exchange.status;
        self.exchanges.push(failed.exchange);
        let disposition = after_failure(Failure {
            class,
            status,
            is_transient: failed.error.is_transient(),
            attempt: self.job.attempt,
            retry_after: failed.retry_after,
            is_recurring: self.job.is_recurring(),
            jitter: rand::random(),
        });
        Ending {
            disposition,
            findings: Findings::default(),
            rest: None,
        }
    }

    /// What is not there: gone, unless it is an address that was just met and may be early.
    fn gone_or_early(&self, status: Option<u16>) -> Got {
        let is_new = self.job.body_hash.is_none() && self.job.interval.is_none();
        let disposition = after_failure(Failure {
            class: ErrorClass::Status,
            status,
            is_transient: false,
            attempt: self.job.attempt,
            retry_after: None,
            is_recurring: false,
            jitter: rand::random(),
        });
        match disposition {
            Disposition::Retry { .. } if is_new => Got::Ended(Box::new(Ending {
                disposition,
                findings: Findings::default(),
                rest: None,
            })),
            Disposition::Retry { .. }
            | Disposition::Snooze { .. }
            | Disposition::Complete { .. }
            | Disposition::Discard => Got::Gone,
        }
    }
}

/// A rest longer than this is not waited for: the host is given back.
pub(super) const LONG_REST: Duration = Duration::from_secs(5);
