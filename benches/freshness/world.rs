//! A world of listings whose publications are drawn from a recorded seed.

use std::f64::consts::LN_10;

/// Minutes of a day.
pub(crate) const DAY: usize = 1440;
/// Days that a policy may learn, and days that are measured after them.
pub(crate) const LEARNING: usize = 7;
pub(crate) const MEASURED: usize = 14;
/// What was published on the last measured day is fetched on one of these.
const AFTER: usize = 7;
/// Listings of one host.
pub(crate) const PER_HOST: usize = 5;
/// Articles that a listing shows.
pub(crate) const SHOWN: usize = 20;

/// Numbers by chance that are always the same: splitmix64.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// From 0 to 1.
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A listing: what it publishes, and what the one who knows everything is told.
pub(crate) struct Listing {
    /// Publications in minutes, ascending.
    pub(crate) published: Vec<f64>,
    /// Expected publications before each minute.
    pub(crate) expected: Vec<f64>,
}

/// `sections` listings over all days; day 0 is a Monday.
pub(crate) fn world(seed: u64, sections: usize) -> Vec<Listing> {
    let mut chance = Chance(seed);
    (0..sections).map(|_| listing(&mut chance)).collect()
}

/// Minutes that are simulated.
pub(crate) fn minutes() -> usize {
    (LEARNING + MEASURED + AFTER) * DAY
}

fn listing(chance: &mut Chance) -> Listing {
    // Log-uniform from 0.1 to 100 a day.
    let a_day = ((chance.next() * 3.0 - 1.0) * LN_10).exp();
    let mut rates = Vec::with_capacity(minutes());
    for day in 0..minutes() / DAY {
        let burst = (chance.next() < 0.1).then_some(chance.next() * (DAY - 60) as f64);
        let weekend = if day % 7 >= 5 { 0.5 } else { 1.0 };
        for minute in 0..DAY {
            let at = minute as f64;
            let is_burst = burst.is_some_and(|start| at >= start && at < start + 60.0);
            let burst = if is_burst { 5.0 } else { 1.0 };
            rates.push(a_day * of_day(at / 60.0) * weekend * burst / DAY as f64);
        }
    }
    let mut expected = vec![0.0];
    let mut sum = 0.0;
    for rate in &rates {
        sum += rate;
        expected.push(sum);
    }
    Listing {
        published: publications(&rates, chance),
        expected,
    }
}

/// Nights at a tenth of noon.
fn of_day(hour: f64) -> f64 {
    match hour {
        h if h < 6.0 => 0.1,
        h if h < 9.0 => 0.1 + 0.9 * (h - 6.0) / 3.0,
        h if h < 18.0 => 1.0,
        h => 1.0 - 0.9 * (h - 18.0) / 6.0,
    }
}

/// A Poisson process: in the time of expected publications the gaps are exponential.
fn publications(rates: &[f64], chance: &mut Chance) -> Vec<f64> {
    let mut gap = || -(1.0 - chance.next()).ln();
    let (mut published, mut next, mut sum) = (Vec::new(), gap(), 0.0);
    for (minute, rate) in rates.iter().enumerate() {
        while next < sum + rate {
            published.push(minute as f64 + (next - sum) / rate);
            next += gap();
        }
        sum += rate;
    }
    published
}
