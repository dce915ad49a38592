//! One line for each visit, where it is settled: listings for the operator, articles for whoever
//! looks closer, what was given up for both.

use crate::domain::{Disposition, Exchange, FetchOutcome, JobKind};
use crate::store::{Outcome, Settlement};

/// Says how a visit ended.
pub(super) fn visit(settlement: &Settlement, outcome: Outcome) {
    if outcome == Outcome::Lost {
        return; // the host's task says so once
    }
    let job = &settlement.job;
    let url = job.url.as_str();
    let failure = settlement.exchanges.last().and_then(Exchange::failure);
    let is_given_up = settlement.disposition == Disposition::Discard;
    match (job.kind, failure) {
        (JobKind::Article, Some(error)) if is_given_up => {
            tracing::warn!(
                url,
                job.attempt = job.attempt,
                error,
                "gave up on {url}: {error}"
            );
        }
        (JobKind::Article, Some(error)) => tracing::debug!(url, error, "{url}: {error}"),
        (JobKind::Article, None) => {
            tracing::debug!(url, verdict = ?outcome, "visited {url}: {outcome:?}");
        }
        (_, Some(error)) => tracing::warn!(url, error, "no listing from {url}: {error}"),
        (_, None) => {
            let links = settlement.found.len();
            tracing::info!(url, links, "visited {url}: {}", told(settlement));
        }
    }
}

fn told(settlement: &Settlement) -> String {
    let last = settlement
        .exchanges
        .last()
        .map(|exchange| &exchange.outcome);
    let links = settlement.found.len();
    let poll = settlement.poll.as_ref();
    match (last, poll.filter(|poll| poll.is_turned_over)) {
        (Some(FetchOutcome::Unchanged), _) => "unchanged".to_owned(),
        (_, None) => format!("{links} links"),
        (_, Some(poll)) => {
            let missed = match poll.missed {
                Some(missed) => format!("about {missed:.0} articles"),
                None => "nobody knows how many articles".to_owned(),
            };
            format!("{links} links, nothing left of the last visit: {missed} came and went unseen")
        }
    }
}
