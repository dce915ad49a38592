//! The hours of the week at which a source publishes: a factor for the hour of the day times one
//! for the day of the week, both learned and drawn towards one while little is known.

use chrono::{DateTime, Datelike, FixedOffset, TimeDelta, Timelike, Utc};

use crate::domain::Rhythm;

/// So many articles, as expected, stand against what was found in an hour or on a day.
const DOUBT: f64 = 4.0;

/// No hour is taken for quite dead: news breaks at night.
const QUIETEST: f64 = 0.02;

/// A stretch of time within one hour of the week.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    /// Hour of the day, local.
    pub(super) hour: usize,
    /// Day of the week from Monday, local.
    pub(super) day: usize,
    /// Its length.
    pub(super) days: f64,
}

/// The stretches from `from` to `to`, split at local full hours.
pub(super) fn cells(
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    zone: FixedOffset,
) -> impl Iterator<Item = Cell> {
    let mut at = from;
    std::iter::from_fn(move || {
        if at >= to {
            return None;
        }
        let local = at.with_timezone(&zone);
        let into_hour = TimeDelta::seconds(i64::from(local.minute() * 60 + local.second()))
            + TimeDelta::nanoseconds(i64::from(local.nanosecond() % 1_000_000_000));
        let end = (at + TimeDelta::hours(1) - into_hour).min(to);
        let cell = Cell {
            hour: local.hour() as usize,
            day: local.weekday().num_days_from_monday() as usize,
            days: (end - at).as_seconds_f64() / 86_400.0,
        };
        at = end;
        Some(cell)
    })
}

/// Factors of the hours of a week, one on the average.
#[derive(Debug, Clone, Copy)]
pub(super) struct Profile {
    hours: [f64; 24],
    days: [f64; 7],
}

impl Profile {
    pub(super) fn of(rhythm: &Rhythm) -> Self {
        let factor = |at: usize| {
            let new = rhythm.new.get(at).copied().unwrap_or_default();
            let expected = rhythm.expected.get(at).copied().unwrap_or_default();
            (DOUBT + new) / (DOUBT + expected)
        };
        let raw: [f64; 24] = std::array::from_fn(factor);
        // Neighbouring hours are alike: each takes a quarter from either side.
        let hours = std::array::from_fn(|at| {
            let near = |by: usize| raw.get((at + by) % 24).copied().unwrap_or(1.0);
            near(0) / 2.0 + near(1) / 4.0 + near(23) / 4.0
        });
        Self {
            hours: levelled(hours),
            days: levelled(std::array::from_fn(|day| factor(24 + day))),
        }
    }

    pub(super) fn hour(&self, cell: &Cell) -> f64 {
        self.hours.get(cell.hour).copied().unwrap_or(1.0)
    }

    pub(super) fn day(&self, cell: &Cell) -> f64 {
        self.days.get(cell.day).copied().unwrap_or(1.0)
    }

    pub(super) fn at(&self, cell: &Cell) -> f64 {
        self.hour(cell) * self.day(cell)
    }

    /// The mean of the square root over a week: visits go with the root of the rate.
    pub(super) fn mean_root(&self) -> f64 {
        let mean = |factors: &[f64]| {
            let roots: f64 = factors.iter().map(|factor| factor.sqrt()).sum();
            roots / factors.len() as f64
        };
        mean(&self.hours) * mean(&self.days)
    }
}

/// The factors with a mean of one, and none near zero.
fn levelled<const N: usize>(factors: [f64; N]) -> [f64; N] {
    let factors = factors.map(|factor| factor.max(QUIETEST));
    let mean = factors.iter().sum::<f64>() / N as f64;
    factors.map(|factor| factor / mean)
}
