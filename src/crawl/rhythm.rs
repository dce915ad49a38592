//! What the visit of a listing teaches of how it publishes, and when it is due again.

use std::time::Duration;

use chrono::{FixedOffset, Offset, Utc};

use crate::domain::{Lesson, Source};
use crate::policy::revisit::{self, Crowd, ListingFacts, Seen};
use crate::store::KnownRhythm;

use super::gate::HostGate;
use super::visit::Visit;
use super::{CrawlError, Profile, Visitor};

/// How long a price holds: rates move in hours.
const PRICE_LIFE: Duration = Duration::from_secs(600);

/// The part of a host's requests that its listings may take; the rest is for articles.
const PART_OF_HOST: f64 = 0.5;

impl Visit<'_> {
    /// What the visit taught, and the time until the next one.
    ///
    /// # Errors
    /// When the store failed.
    pub(super) async fn lesson(
        &self,
        known: &KnownRhythm,
        profile: &Profile,
        gate: &HostGate,
        seen: Seen<'_>,
    ) -> Result<(Lesson, Duration), CrawlError> {
        let (rhythm, zone) = (&known.rhythm, zone(&profile.source, known));
        let (pulse, more) = revisit::new_pulse(known.pulse.as_ref(), rhythm, zone, seen, known.now);
        let interval = profile.source.interval;
        let mut price = self.visitor.price().await?;
        if !gate.delay().is_zero() {
            let a_day = 86_400.0 / gate.delay().as_secs_f64() * PART_OF_HOST;
            price = price.max(revisit::price_of_cap(known.paces, a_day));
        }
        let next = revisit::next_visit(ListingFacts {
            pulse: &pulse,
            rhythm,
            zone,
            price,
            interval,
        });
        let lesson = Lesson {
            pulse,
            pace: revisit::pace(&pulse, rhythm),
            interval,
            is_configured: self.job.depth == 0,
            more,
            offset: None,
        };
        Ok((lesson, next))
    }
}

impl Visitor {
    /// What a visit costs now: every node reckons it from what all have learned.
    async fn price(&self) -> Result<f64, CrawlError> {
        let mut kept = self.price.lock().await;
        let now = self.clock.uptime();
        if let Some((since, price)) = *kept
            && now.saturating_sub(since) < PRICE_LIFE
        {
            return Ok(price);
        }
        let groups = self.store.pace_groups().await?;
        let crowds: Vec<Crowd> = groups
            .iter()
            .map(|group| Crowd {
                pace: group.pace,
                count: group.count,
                interval: group.interval,
            })
            .collect();
        let price = revisit::price(&crowds, self.settings.revisit.listings);
        *kept = Some((now, price));
        Ok(price)
    }
}

/// The local time of a source: its zone, else what its feeds state, else that of its language where
/// there is but one.
pub(super) fn zone(source: &Source, known: &KnownRhythm) -> FixedOffset {
    let now = known.now;
    let by_language = match source.language.as_deref() {
        Some("ko") => Some(chrono_tz::Asia::Seoul),
        Some("ja") => Some(chrono_tz::Asia::Tokyo),
        _ => None,
    };
    let of = |zone: chrono_tz::Tz| now.with_timezone(&zone).offset().fix();
    let stated = || known.offset.map(|stated| stated.offset);
    let zone = source.timezone.map(of).or_else(stated);
    zone.or_else(|| by_language.map(of)).unwrap_or(Utc.fix())
}
