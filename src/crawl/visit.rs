//! What a visit of one job needs, and what it leaves behind.

use std::time::Duration;

use crate::domain::{
    CanonicalUrl, Disposition, ErrorClass, Exchange, FetchOutcome, Fingerprint, Job, JobKind,
    Lesson,
};
use crate::store::{
    self, Alias, AliasReason, Found, NewJob, Outside, Poll, SpentHint, StoredArticle, Told,
};

use super::profile::host_key;
use super::{Profile, Visitor};

/// Redirects to other hosts, twins and sitemaps below an index that one address may lead to.
pub(super) const MAX_DEPTH: u16 = 5;

/// One job in hand: the job, its source, and the exchanges made so far.
pub(super) struct Visit<'a> {
    pub(super) visitor: &'a Visitor,
    pub(super) job: &'a Job,
    pub(super) profile: Option<&'a Profile>,
    pub(super) exchanges: Vec<Exchange>,
    /// What listings say of the article that is visited.
    pub(super) told: Told,
}

/// What a visit found out; becomes a settlement.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) visit: Option<store::Visit>,
    pub(super) found: Vec<Found>,
    pub(super) outside: Vec<Outside>,
    pub(super) next: Option<NewJob>,
    pub(super) seen: Vec<Fingerprint>,
    pub(super) aliases: Vec<Alias>,
    pub(super) article: Option<StoredArticle>,
    pub(super) is_gone: bool,
    pub(super) again: Option<store::Again>,
    pub(super) lesson: Option<Lesson>,
    pub(super) poll: Option<Poll>,
    pub(super) spent: Option<SpentHint>,
}

/// How a visit ended.
#[derive(Debug)]
pub(super) struct Ending {
    pub(super) disposition: Disposition,
    pub(super) findings: Findings,
    /// How long the host must be left alone, when its answer says so.
    pub(super) rest: Option<Duration>,
}

impl Ending {
    /// The job is done and left these findings.
    pub(super) fn done(interval: Option<Duration>, findings: Findings) -> Self {
        Self {
            disposition: Disposition::Complete { interval },
            findings,
            rest: None,
        }
    }
}

impl Visit<'_> {
    /// Marks the last exchange as of no use, with the reason that people read in SQL.
    pub(super) fn blame(&mut self, class: ErrorClass, reason: String) {
        if let Some(exchange) = self.exchanges.last_mut() {
            exchange.outcome = FetchOutcome::Failed(class, reason);
        } else {
            self.refuse(self.job.url.as_str().to_owned(), class, reason);
        }
    }

    /// Records that a request was not made, with the reason.
    pub(super) fn refuse(&mut self, url: String, class: ErrorClass, reason: String) {
        self.exchanges.push(Exchange {
            url,
            started_at: self.visitor.clock.now(),
            elapsed: Duration::ZERO,
            status: None,
            body_bytes: 0,
            retry_after: None,
            outcome: FetchOutcome::Failed(class, reason),
        });
    }

    /// Sees to it that a failure further down a chain of redirects is found under the job's own
    /// address too.
    pub(super) fn name_failure(&mut self) {
        let own = self.job.url.as_str();
        let failure = self.exchanges.last().filter(|last| last.url != own);
        if let Some(FetchOutcome::Failed(class, reason)) = failure.map(|last| last.outcome.clone())
        {
            self.refuse(own.to_owned(), class, reason);
        }
    }

    /// Ends the visit of a page that can't be used and won't get better soon.
    pub(super) fn useless(&mut self, class: ErrorClass, reason: String) -> Ending {
        self.blame(class, reason);
        Ending::done(self.slow_interval(), Findings::default())
    }

    /// The interval of a listing that gave nothing; `None` for one-shot jobs.
    pub(super) fn slow_interval(&self) -> Option<Duration> {
        let interval = self.profile.map(|p| p.source.interval).unwrap_or_default();
        self.job
            .interval
            .map(|last| (last * 2).clamp(interval.min, interval.max))
    }

    /// The job goes on at another address: a redirect, a stub or a twin. The old address becomes an
    /// alias, the new one a job of its host's own lease.
    pub(super) fn goes_on_at(&mut self, to: CanonicalUrl, reason: AliasReason) -> Ending {
        if self.job.depth >= MAX_DEPTH {
            let reason = format!("led through {MAX_DEPTH} addresses, then to {to}");
            return self.useless(ErrorClass::Redirect, reason);
        }
        let source = self.profile.map(|profile| &profile.source);
        if self.job.kind == JobKind::Article && source.is_some_and(|s| !s.owns(to.host())) {
            let reason = format!("leads to {to}, which the source doesn't own");
            return self.useless(ErrorClass::Redirect, reason);
        }
        let alias = Alias {
            from: self.job.url.clone(),
            to: to.clone(),
            reason,
        };
        let found = Found {
            title: None,
            published_at: None,
            hint: self.told.hint.clone(),
            job: NewJob {
                host: host_key(&to, source),
                url: to,
                kind: self.job.kind,
                priority: self.job.priority,
                source: self.job.source,
                section: self.job.section,
                // An article begins anew there.
                interval: self
                    .job
                    .interval
                    .filter(|_| self.job.kind != JobKind::Article),
                depth: self.job.depth + 1,
                since: self.job.since,
            },
        };
        let findings = Findings {
            found: vec![found],
            aliases: vec![alias],
            ..Default::default()
        };
        Ending::done(self.slow_interval(), findings)
    }
}
