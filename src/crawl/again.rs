//! The visit of an article, and when it is looked at again: however a later look fails, the article
//! stays what it was, and only an answer that it does not exist marks it as removed.

use std::sync::Arc;

use crate::domain::Disposition;
use crate::policy::revisit::{self, ArticleFacts};
use crate::store::Again;

use super::gate::HostGate;
use super::visit::{Ending, Visit};
use super::{CrawlError, Profile};

impl Visit<'_> {
    /// Visits the article's page.
    ///
    /// # Errors
    /// When the gate closed or the store failed.
    pub(super) async fn article(
        &mut self,
        profile: Option<Arc<Profile>>,
        gate: &HostGate,
    ) -> Result<Ending, CrawlError> {
        let mut ending = self.article_page(profile, gate).await?;
        let stored = ending.findings.article.as_ref();
        ending.findings.spent = self.spent_hint(stored.map(|stored| &stored.article));
        let findings = &ending.findings;
        let is_stored = self.job.body_hash.is_some() || findings.article.is_some();
        let has_moved = !findings.found.is_empty();
        let is_over = match ending.disposition {
            // A look that was given up counts as one that found nothing new.
            Disposition::Complete { .. } | Disposition::Discard => true,
            Disposition::Retry { .. } | Disposition::Snooze { .. } => false,
        };
        if is_over && (!is_stored || has_moved) && self.job.interval.is_some() {
            ending.disposition = Disposition::Complete { interval: None };
        } else if is_over && is_stored && !has_moved {
            ending.findings.again = Some(self.look_again(&ending));
        }
        Ok(ending)
    }

    fn look_again(&self, ending: &Ending) -> Again {
        let first_seen = self.job.first_seen_at;
        let article = ending
            .findings
            .article
            .as_ref()
            .map(|stored| &stored.article);
        let published = article
            .and_then(|article| article.published.as_ref())
            .and_then(|stamp| stamp.instant());
        let now = self.visitor.clock.now();
        let wait = |is_edited| {
            let facts = ArticleFacts {
                born: published.map_or(first_seen, |at| at.min(first_seen)),
                last: self.job.interval,
                is_edited,
            };
            revisit::look_again(facts, &self.visitor.settings.revisit, now)
        };
        Again {
            unchanged: wait(false),
            edited: wait(true),
        }
    }
}
