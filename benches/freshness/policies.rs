//! Three ways to spend the same visits: one interval for all, what Sokbo learns, and the best that
//! is possible for one who is told every rate.

#![allow(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "a simulation of its own numbers: nothing foreign is read"
)]

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::time::Duration;

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use sokbo::domain::{Interval, Pulse, RHYTHM_HALF_LIFE, Rhythm};
use sokbo::policy::revisit::{Crowd, ListingFacts, Seen, new_pulse, next_visit, pace, price};

use super::world::{Chance, DAY, LEARNING, Listing, MEASURED, PER_HOST, SHOWN, minutes};

/// The visits of each listing, in minutes, ascending.
pub(crate) type Visits = Vec<Vec<f64>>;

/// Bounds for all: a minute is what the one who is told reckons with, too.
const BOUNDS: Interval = Interval {
    min: Duration::from_secs(60),
    max: Duration::from_secs(7 * 86_400),
};

/// Every listing at one interval, each from a minute of its own.
pub(crate) fn fixed(listings: &[Listing], visits: usize) -> Visits {
    let interval = (listings.len() * MEASURED * DAY) as f64 / visits as f64;
    let mut chance = Chance(7);
    let times = |start: f64| {
        let count = (minutes() as f64 / interval) as usize;
        (0..count)
            .map(|n| (n as f64 + start) * interval)
            .collect::<Vec<_>>()
    };
    listings.iter().map(|_| times(chance.next())).collect()
}

/// What a policy remembers of one listing, and where it is in its publications.
#[derive(Default)]
struct State {
    pulse: Option<Pulse>,
    read: usize,
}

/// The policy of the daemon, told nothing but what its visits show. `average` is its budget.
pub(crate) fn learned(listings: &[Listing], average: Duration) -> Visits {
    let zone = FixedOffset::east_opt(0).expect("UTC");
    let mut states: Vec<State> = listings.iter().map(|_| State::default()).collect();
    let mut rhythms: BTreeMap<usize, (Rhythm, f64)> = BTreeMap::new();
    let mut visits: Visits = vec![Vec::new(); listings.len()];
    let mut due: BinaryHeap<Reverse<(u64, usize)>> = (0..listings.len())
        .map(|n| Reverse((n as u64 * 1_000, n)))
        .collect();
    let (mut the_price, mut priced) = (0.0, f64::MIN);
    while let Some(Reverse((millis, n))) = due.pop() {
        let now = millis as f64 / 60_000.0;
        if now >= minutes() as f64 {
            continue;
        }
        // As often as a node reckons it anew.
        if now - priced >= 10.0 {
            the_price = price(&crowds(&states, &rhythms), average);
            priced = now;
        }
        let (Some(state), Some(listing)) = (states.get_mut(n), listings.get(n)) else {
            continue;
        };
        let met = listing.published.partition_point(|at| *at <= now);
        let new = (met - state.read).min(SHOWN);
        state.read = met;
        let seen = Seen {
            new,
            shown: (new > 0 || state.pulse.is_none()).then_some(SHOWN),
            ..Seen::default()
        };
        let (rhythm, at) = rhythms.entry(n / PER_HOST).or_default();
        let (pulse, more) = new_pulse(state.pulse.as_ref(), rhythm, zone, seen, instant(millis));
        let half_lives = (now - *at) * 60.0 / RHYTHM_HALF_LIFE.as_secs_f64();
        rhythm.add(&more, 0.5_f64.powf(half_lives));
        *at = now;
        let wait = next_visit(ListingFacts {
            pulse: &pulse,
            rhythm,
            zone,
            price: the_price,
            interval: BOUNDS,
        });
        state.pulse = Some(pulse);
        if let Some(visits) = visits.get_mut(n) {
            visits.push(now);
        }
        due.push(Reverse((millis + wait.as_millis() as u64, n)));
    }
    visits
}

fn crowds(states: &[State], rhythms: &BTreeMap<usize, (Rhythm, f64)>) -> Vec<Crowd> {
    let nothing = Pulse {
        visited_at: DateTime::UNIX_EPOCH,
        new: 0.0,
        watched_days: 0.0,
        recent_new: 0.0,
        recent_expected: 0.0,
        shown: 0.0,
        mark_at: None,
    };
    let even = Rhythm::default();
    let of = |(n, state): (usize, &State)| Crowd {
        pace: pace(
            state.pulse.as_ref().unwrap_or(&nothing),
            rhythms
                .get(&(n / PER_HOST))
                .map_or(&even, |(rhythm, _)| rhythm),
        ),
        count: 1.0,
        interval: BOUNDS,
    };
    states.iter().enumerate().map(of).collect()
}

/// A Monday at midnight.
fn instant(millis: u64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(4) + TimeDelta::milliseconds(millis as i64)
}

/// The visits that minimise the mean delay, found exactly to the minute, as many as `visits`.
pub(crate) fn told(listings: &[Listing], visits: usize) -> Visits {
    let (mut cheap, mut dear) = (1e-6_f64.ln(), 1e7_f64.ln());
    let mut best = Visits::new();
    for _ in 0..22 {
        let middle = f64::midpoint(cheap, dear);
        best = listings
            .iter()
            .map(|listing| cheapest(listing, middle.exp()))
            .collect();
        if measured_visits(&best) > visits {
            cheap = middle;
        } else {
            dear = middle;
        }
    }
    best
}

/// The visits of one listing with the least delay and price together. From a visit at `u` to the
/// next at `t` the expected articles wait for W(t) - W(u) - E(u) (t - u) minutes, where E counts the
/// expected articles and W sums E up: for each `u` a line in `t`, and the slopes only fall. So the
/// best `u` for each `t` is found by the hull of these lines.
fn cheapest(listing: &Listing, price: f64) -> Vec<f64> {
    let expected = &listing.expected;
    let mut waited = vec![0.0];
    for pair in expected.windows(2) {
        let last = waited.last().copied().unwrap_or_default();
        waited.push(last + pair.iter().sum::<f64>() / 2.0);
    }
    let mut from = vec![0; expected.len()];
    // (slope, at zero, minute)
    let mut hull: Vec<(f64, f64, usize)> = vec![(-0.0, 0.0, 0)];
    let mut first = 0;
    for t in 1..expected.len() {
        let at = |line: &(f64, f64, usize)| line.0 * t as f64 + line.1;
        first = first.min(hull.len() - 1);
        while first + 1 < hull.len() && at(&hull[first + 1]) <= at(&hull[first]) {
            first += 1;
        }
        from[t] = hull[first].2;
        let cost = at(&hull[first]) + waited[t] + price;
        let line = (-expected[t], cost - waited[t] + expected[t] * t as f64, t);
        while hull.len() >= 2 && is_hidden(hull[hull.len() - 2], hull[hull.len() - 1], line) {
            hull.pop();
        }
        hull.push(line);
    }
    let mut visits = Vec::new();
    let mut t = expected.len() - 1;
    while t > 0 {
        visits.push(t as f64);
        t = from[t];
    }
    visits.reverse();
    visits
}

/// Whether the middle line is nowhere below both others.
fn is_hidden(left: (f64, f64, usize), middle: (f64, f64, usize), right: (f64, f64, usize)) -> bool {
    (right.1 - left.1) * (left.0 - middle.0) <= (middle.1 - left.1) * (left.0 - right.0)
}

/// Visits within the measured days.
pub(crate) fn measured_visits(visits: &Visits) -> usize {
    visits
        .iter()
        .flatten()
        .filter(|at| is_measured(**at))
        .count()
}

/// Whether a minute lies in the measured days.
pub(crate) fn is_measured(at: f64) -> bool {
    ((LEARNING * DAY) as f64..((LEARNING + MEASURED) * DAY) as f64).contains(&at)
}
