//! What visits came to.

#![allow(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "a simulation of its own numbers: nothing foreign is read"
)]

use super::policies::{Visits, is_measured, measured_visits};
use super::world::{Listing, SHOWN};

/// Delays from publication to fetch, in minutes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    /// Their mean.
    pub(crate) mean: f64,
    /// Half are shorter.
    pub(crate) median: f64,
    /// All but one in twenty are shorter.
    pub(crate) p95: f64,
    /// Articles that left the listing before a visit.
    pub(crate) pushed_off: usize,
    /// Visits used.
    pub(crate) visits: usize,
}

/// The figures of the articles published in the measured days.
pub(crate) fn measure(listings: &[Listing], visits: &Visits) -> Figures {
    let mut delays = Vec::new();
    let mut pushed_off = 0;
    for (listing, visits) in listings.iter().zip(visits) {
        let mut read = 0;
        for visit in visits {
            let met = listing.published.partition_point(|at| at <= visit);
            let shown_from = met.saturating_sub(SHOWN);
            for (n, at) in listing.published.iter().enumerate().take(met).skip(read) {
                if !is_measured(*at) {
                    continue;
                }
                if n < shown_from {
                    pushed_off += 1;
                } else {
                    delays.push(visit - at);
                }
            }
            read = met;
        }
    }
    delays.sort_by(f64::total_cmp);
    let at = |part: f64| {
        let n = (delays.len() as f64 * part) as usize;
        delays.get(n).copied().unwrap_or_default()
    };
    Figures {
        mean: delays.iter().sum::<f64>() / delays.len().max(1) as f64,
        median: at(0.5),
        p95: at(0.95),
        pushed_off,
        visits: measured_visits(visits),
    }
}
