//! What a visit of a listing shows beside the one before: what is new, what went by unseen, and when
//! the listing is due again.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::discover::Listing;
use crate::domain::{JobKind, Lesson, StatedOffset};
use crate::policy::coverage::{self, Shown};
use crate::policy::revisit::{self, Seen};
use crate::store::{Met, Poll};

use super::gate::HostGate;
use super::visit::Visit;
use super::{CrawlError, Profile, rhythm};

/// What a visit of a listing came to.
pub(super) struct Polled {
    /// For the row that people read.
    pub(super) poll: Poll,
    /// For the next visits.
    pub(super) lesson: Lesson,
    /// Which of its articles were met before.
    pub(super) met: Met,
}

impl Visit<'_> {
    /// Compares a listing with the visit before; `None` where it was unchanged.
    ///
    /// # Errors
    /// When the store failed.
    pub(super) async fn poll(
        &self,
        profile: &Profile,
        gate: &HostGate,
        listing: Option<&Listing>,
    ) -> Result<Polled, CrawlError> {
        let store = &self.visitor.store;
        let mut known = store.rhythm_of(self.job.fingerprint, profile.id).await?;
        let before = known.pulse;
        let Some(listing) = listing else {
            let (lesson, next) = self.lesson(&known, profile, gate, Seen::default()).await?;
            let poll = Poll {
                listed: None,
                new: 0,
                outside: None,
                is_turned_over: false,
                missed: before.map(|_| 0.0),
                next,
            };
            let met = Met::new();
            return Ok(Polled { poll, lesson, met });
        };
        let urls = listing.articles.iter().map(|candidate| &candidate.url);
        let met = store.met(urls, self.job.section).await?;
        let offset = self.stated_offset(listing);
        known.offset = offset.or(known.offset);
        let zone = rhythm::zone(&profile.source, &known);
        let expected = before.as_ref().map_or(0.0, |before| {
            revisit::expected(before, &known.rhythm, zone, known.now)
        });
        let turnover =
            coverage::turnover(before.as_ref(), expected, &shown(listing, &met), known.now);
        let new = listing
            .articles
            .iter()
            .filter(|c| !met.contains_key(&c.url.fingerprint()));
        let dates: Vec<DateTime<Utc>> = new.clone().filter_map(|c| c.published).collect();
        let seen = Seen {
            new: new.count(),
            missed: turnover.missed.unwrap_or_default(),
            shown: Some(listing.articles.len()),
            dates: &dates,
            mark_at: turnover.mark_at,
        };
        let (lesson, mut next) = self.lesson(&known, profile, gate, seen).await?;
        if let (true, Some(before)) = (turnover.is_whole, before) {
            let took = (known.now - before.visited_at).to_std();
            next = revisit::after_turnover(next, took.unwrap_or(Duration::ZERO), lesson.interval);
        }
        let poll = Poll {
            listed: Some(listing.articles.len()),
            new: seen.new,
            outside: Some(listing.outside.len()),
            is_turned_over: turnover.is_whole,
            missed: turnover.missed,
            next,
        };
        let lesson = Lesson { offset, ..lesson };
        Ok(Polled { poll, lesson, met })
    }

    /// The local time of the source, where a feed or sitemap states it.
    fn stated_offset(&self, listing: &Listing) -> Option<StatedOffset> {
        let stamps = listing.articles.iter().filter_map(|c| c.stated.as_ref());
        match self.job.kind {
            JobKind::Feed | JobKind::Sitemap => StatedOffset::of(stamps),
            JobKind::Page | JobKind::Article => None,
        }
    }
}

fn shown(listing: &Listing, met: &Met) -> Vec<Shown> {
    let articles = listing.articles.iter().map(|candidate| Shown {
        published: candidate.published,
        met_here: met.get(&candidate.url.fingerprint()).copied().flatten(),
    });
    articles.collect()
}
