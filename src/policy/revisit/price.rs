//! What a visit costs: the one number by which all listings share the budget.

use std::time::Duration;

use crate::domain::Interval;

/// Listings that are alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crowd {
    /// Their [`pace`](super::pace).
    pub pace: f64,
    /// How many.
    pub count: f64,
    /// Between which times they are visited.
    pub interval: Interval,
}

/// Prices that are tried, in days of waiting: a nanosecond of one article to a thousand years.
const CHEAPEST: f64 = 1e-14;
const DEAREST: f64 = 4e5;

/// The price at which all listings together are visited once in `average` each, on the average.
#[must_use]
pub fn price(crowds: &[Crowd], average: Duration) -> f64 {
    let count: f64 = crowds.iter().map(|crowd| crowd.count).sum();
    let budget = count / days(average);
    let visits = |price: f64| -> f64 {
        let of = |crowd: &Crowd| {
            let fewest = 1.0 / days(crowd.interval.max);
            let most = 1.0 / days(crowd.interval.min);
            let visits = crowd.pace / (2.0 * price).sqrt();
            crowd.count * visits.min(most).max(fewest)
        };
        crowds.iter().map(of).sum()
    };
    let (mut low, mut high) = (CHEAPEST.ln(), DEAREST.ln());
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if visits(middle.exp()) > budget {
            low = middle;
        } else {
            high = middle;
        }
    }
    high.exp()
}

/// The price at which listings with these paces, summed up, are visited `a_day` times a day.
#[must_use]
pub fn price_of_cap(paces: f64, a_day: f64) -> f64 {
    (paces / a_day.max(f64::MIN_POSITIVE)).powi(2) / 2.0
}

fn days(time: Duration) -> f64 {
    time.as_secs_f64().max(1e-3) / 86_400.0
}
