//! A listing: what a visit teaches, and when the next one is worth its price.
//!
//! Articles come at a rate: that of the listing, times the profile of its source's week, times what
//! the last hour showed. From a visit on, expected articles gather and wait; the next visit is due
//! when the time that they have waited together reaches the price of a visit. For a steady rate this
//! is the rule that minimises the mean delay: visits go with the square root of the rate.

use std::time::Duration;

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};

use super::profile::{Profile, cells};
use crate::domain::{Interval, Pulse, Rhythm};

/// What was found counts half after this time.
const HALF_LIFE_DAYS: f64 = 14.0;
/// The same for the last hour, which shows bursts.
const RECENT_HALF_LIFE_DAYS: f64 = 0.75 / 24.0;
/// A listing that nobody has watched yet: half an article in a tenth of a day.
const PRIOR_NEW: f64 = 0.5;
const PRIOR_DAYS: f64 = 0.1;
/// So many expected articles stand against what the last hour showed.
const RECENT_DOUBT: f64 = 3.0;
/// The last hour says no more than this, in either direction.
const BURST: std::ops::RangeInclusive<f64> = 0.5..=8.0;
/// A longer time without a visit teaches nothing about hours.
const LONGEST_WATCH: TimeDelta = TimeDelta::days(14);
/// The part of a listing that may be new at a visit: more, and some may have been pushed off.
const OVERLAP: f64 = 0.5;

/// What a visit saw.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen<'a> {
    /// Articles that were never met before.
    pub new: usize,
    /// How many more came and went between two visits, as estimated.
    pub missed: f64,
    /// Articles that the listing shows; `None` when it was unchanged.
    pub shown: Option<usize>,
    /// When the new ones were published, of those that are dated.
    pub dates: &'a [DateTime<Utc>],
    /// The newest quarter of what it shows is not older.
    pub mark_at: Option<DateTime<Utc>>,
}

/// What decides when a listing is due.
#[derive(Debug, Clone, Copy)]
pub struct ListingFacts<'a> {
    /// What is known of it.
    pub pulse: &'a Pulse,
    /// What is known of its source's week.
    pub rhythm: &'a Rhythm,
    /// The source's local time.
    pub zone: FixedOffset,
    /// Days of waiting, of all articles together, that a visit must spare.
    pub price: f64,
    /// Shortest and longest time.
    pub interval: Interval,
}

/// The pulse after a visit, and what the visit adds to the rhythm of the source.
#[must_use]
pub fn new_pulse(
    before: Option<&Pulse>,
    rhythm: &Rhythm,
    zone: FixedOffset,
    seen: Seen<'_>,
    now: DateTime<Utc>,
) -> (Pulse, Rhythm) {
    let mut more = Rhythm::default();
    let shown = |before: f64| seen.shown.map_or(before, |shown| shown as f64);
    let Some(before) = before else {
        // What a first visit finds may be of any age.
        let pulse = Pulse {
            visited_at: now,
            new: 0.0,
            watched_days: 0.0,
            recent_new: 0.0,
            recent_expected: 0.0,
            shown: shown(0.0),
            mark_at: seen.mark_at,
        };
        return (pulse, more);
    };
    let from = before.visited_at.max(now - LONGEST_WATCH);
    let profile = Profile::of(rhythm);
    let base = rate(before);
    let new = seen.new as f64 + seen.missed;
    let watched: f64 = cells(from, now, zone)
        .map(|c| c.days * profile.at(&c))
        .sum();
    count_beats(
        &mut more,
        (&profile, base, watched),
        (from, now, zone),
        seen,
    );
    let elapsed = (now - before.visited_at).as_seconds_f64().max(0.0) / 86_400.0;
    let kept = 0.5_f64.powf(elapsed / HALF_LIFE_DAYS);
    let recent = 0.5_f64.powf(elapsed / RECENT_HALF_LIFE_DAYS);
    let pulse = Pulse {
        visited_at: now,
        new: before.new * kept + new,
        watched_days: before.watched_days * kept + watched,
        recent_new: before.recent_new * recent + new,
        recent_expected: before.recent_expected * recent + base * watched,
        shown: shown(before.shown),
        mark_at: seen.mark_at.or(before.mark_at),
    };
    (pulse, more)
}

/// Sorts what was expected, and the new articles, into hours and days: by their dates, or else
/// where they were to be expected.
fn count_beats(
    more: &mut Rhythm,
    (profile, base, watched): (&Profile, f64, f64),
    (from, now, zone): (DateTime<Utc>, DateTime<Utc>, FixedOffset),
    seen: Seen<'_>,
) {
    let mut add = |at: usize, new: f64, expected: f64| {
        if let (Some(n), Some(e)) = (more.new.get_mut(at), more.expected.get_mut(at)) {
            *n += new;
            *e += expected;
        }
    };
    let dated = seen.dates.iter().filter(|at| **at > from && **at <= now);
    let dated = dated.take(seen.new);
    let mut undated = seen.new as f64 + seen.missed;
    for at in dated {
        undated -= 1.0;
        for cell in cells(*at, *at + TimeDelta::milliseconds(1), zone).take(1) {
            add(cell.hour, 1.0, 0.0);
            add(24 + cell.day, 1.0, 0.0);
        }
    }
    for cell in cells(from, now, zone) {
        let part = if watched > 0.0 {
            undated * cell.days * profile.at(&cell) / watched
        } else {
            0.0
        };
        add(cell.hour, part, base * cell.days * profile.day(&cell));
        add(24 + cell.day, part, base * cell.days * profile.hour(&cell));
    }
}

/// How many new articles a listing was to show by now.
#[must_use]
pub fn expected(before: &Pulse, rhythm: &Rhythm, zone: FixedOffset, now: DateTime<Utc>) -> f64 {
    let profile = Profile::of(rhythm);
    let from = before.visited_at.max(now - LONGEST_WATCH);
    let watched: f64 = cells(from, now, zone)
        .map(|c| c.days * profile.at(&c))
        .sum();
    rate(before) * watched
}

/// Articles a day.
fn rate(pulse: &Pulse) -> f64 {
    (PRIOR_NEW + pulse.new) / (PRIOR_DAYS + pulse.watched_days)
}

/// How many times as busy as usual the listing is.
fn burst(pulse: &Pulse) -> f64 {
    let times = (RECENT_DOUBT + pulse.recent_new) / (RECENT_DOUBT + pulse.recent_expected);
    times.clamp(*BURST.start(), *BURST.end())
}

/// The square root of the articles a day, on the average of a week: visits go with it.
#[must_use]
pub fn pace(pulse: &Pulse, rhythm: &Rhythm) -> f64 {
    rate(pulse).sqrt() * Profile::of(rhythm).mean_root()
}

/// The time from the last visit to the next one.
#[must_use]
pub fn next_visit(facts: ListingFacts<'_>) -> Duration {
    let ListingFacts {
        pulse, interval, ..
    } = facts;
    let profile = Profile::of(facts.rhythm);
    let (base, excess) = (rate(pulse), burst(pulse) - 1.0);
    let room = if pulse.shown > 0.0 {
        (pulse.shown * OVERLAP).max(1.0)
    } else {
        f64::INFINITY
    };
    let longest = interval.max.max(interval.min);
    let end = TimeDelta::from_std(longest)
        .ok()
        .and_then(|longest| pulse.visited_at.checked_add_signed(longest))
        .unwrap_or(pulse.visited_at + TimeDelta::days(30));
    // Articles gathered, days that they have waited together, days gone by.
    let (mut gathered, mut waited, mut days) = (0.0, 0.0, 0.0_f64);
    for cell in cells(pulse.visited_at, end, facts.zone) {
        let fading = 0.5_f64.powf(days / RECENT_HALF_LIFE_DAYS);
        let rate = base * profile.at(&cell) * (1.0 + excess * fading);
        let paid = time_until(rate, gathered, facts.price - waited);
        let full = (room - gathered) / rate;
        let due = paid.min(full);
        if due <= cell.days {
            return within(days + due, interval);
        }
        waited += gathered * cell.days + rate * cell.days * cell.days / 2.0;
        gathered += rate * cell.days;
        days += cell.days;
    }
    longest
}

/// Days until `missing` days of waiting have gathered: `gathered` x t + `rate` x t² / 2 of them.
fn time_until(rate: f64, gathered: f64, missing: f64) -> f64 {
    let missing = missing.max(0.0);
    ((gathered * gathered + 2.0 * rate * missing).sqrt() - gathered) / rate
}

/// The time to the next visit of a listing that turned over as a whole within `took`: half of that at
/// most. What it showed tells how fast it is at the least, so that no rate is to be trusted.
#[must_use]
pub fn after_turnover(next: Duration, took: Duration, interval: Interval) -> Duration {
    next.min(took / 2).max(interval.min)
}

fn within(days: f64, interval: Interval) -> Duration {
    let wait = Duration::try_from_secs_f64(days * 86_400.0).unwrap_or(interval.max);
    // Not `clamp`: it panics when a source sets min above max.
    wait.min(interval.max).max(interval.min)
}

#[cfg(test)]
mod tests;
