//! How much of what an outlet publishes goes by unseen, from what its listings show. Two estimates.
//!
//! *Turnover*, of one listing: while something of its newest entries is there again at the next visit,
//! all that came meanwhile is there too. When nothing is, what came between the last visit and the
//! oldest of the new entries was pushed off: that stretch of time, at the rate at which the new
//! entries came.
//!
//! *Capture and recapture*, of one outlet: its feeds and its pages are two samples of its articles.
//! The fewer of one are in the other too, the more are in neither (Lincoln 1930; nearly unbiased in
//! the form of Chapman, "Some properties of the hypergeometric distribution with applications to
//! zoological sample censuses", 1951). It supposes that both show an article independently; where
//! both leave out the same ones it counts too few.

use chrono::{DateTime, Utc};

use crate::domain::Pulse;

/// The part of a listing, the newest, of which something must be left: entries that stay at the top
/// for days, or in a box of their own, don't prove that nothing was pushed off.
const NEWEST_PART: usize = 4;

/// So many new entries state their time for a rate.
const MIN_DATED: usize = 3;

/// One part of the new entries may be dated before the last visit (pinned, or brought in late). Are
/// there more, the listing reaches back to it.
const LATE_PART: usize = 4;

/// No more is believed to be missed than so many times what was shown: a listing can say what it
/// likes of its times.
const MAX_TIMES_SHOWN: f64 = 10.0;

/// So many articles in both samples say something about the rest: from seven on the bias of the
/// estimate is negligible (Robson and Regier, "Sample size in Petersen mark-recapture experiments", 1964).
const MIN_BOTH: u32 = 7;

/// An article in a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// When the listing says it was published.
    pub published: Option<DateTime<Utc>>,
    /// When this listing was first seen to show it; `None`: only now.
    pub met_here: Option<DateTime<Utc>>,
}

/// What a listing shows beside what it showed at the visit before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turnover {
    /// Whether nothing is left of the newest entries of the visit before.
    pub is_whole: bool,
    /// How many articles came and went unseen, as estimated; `None` where it can't be told.
    pub missed: Option<f64>,
    /// The newest quarter of what it shows now is not older; `None` where it shows nothing.
    pub mark_at: Option<DateTime<Utc>>,
}

impl Shown {
    /// Its place in time: where it is not dated, when it was met.
    fn at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.published.or(self.met_here).unwrap_or(now).min(now)
    }
}

/// Compares what a listing shows with the visit before. `expected` is how many new articles it was to
/// show: what is left where it states no times.
#[must_use]
pub fn turnover(
    before: Option<&Pulse>,
    expected: f64,
    shown: &[Shown],
    now: DateTime<Utc>,
) -> Turnover {
    let mut times: Vec<DateTime<Utc>> = shown.iter().map(|entry| entry.at(now)).collect();
    times.sort_unstable_by(|a, b| b.cmp(a));
    let mark_at = times.get(times.len() / NEWEST_PART).copied();
    let known = |missed| Turnover {
        is_whole: false,
        missed,
        mark_at,
    };
    let Some(before) = before.filter(|before| before.shown > 0.0 && !shown.is_empty()) else {
        return known(None);
    };
    let is_left = |entry: &&Shown| {
        let is_new_enough = before.mark_at.is_none_or(|mark| entry.at(now) >= mark);
        entry.met_here.is_some() && is_new_enough
    };
    if shown.iter().any(|entry| is_left(&entry)) {
        return known(Some(0.0));
    }
    let new: Vec<&Shown> = shown.iter().filter(|e| e.met_here.is_none()).collect();
    if new.is_empty() {
        return known(Some(0.0)); // the newest were taken down
    }
    match pushed_off(before.visited_at, &new, now) {
        Pushed::None => known(Some(0.0)),
        Pushed::Dated(missed) => Turnover {
            is_whole: true,
            missed: Some(missed.min(MAX_TIMES_SHOWN * shown.len() as f64)),
            mark_at,
        },
        Pushed::Undated => Turnover {
            is_whole: true,
            missed: Some(expected - new.len() as f64)
                .filter(|missed| *missed > 0.0)
                .map(|missed| missed.min(MAX_TIMES_SHOWN * shown.len() as f64)),
            mark_at,
        },
    }
}

/// What the times of new entries say about those that went.
enum Pushed {
    None,
    Dated(f64),
    Undated,
}

fn pushed_off(visited_at: DateTime<Utc>, new: &[&Shown], now: DateTime<Utc>) -> Pushed {
    let mut dated: Vec<DateTime<Utc>> = new
        .iter()
        .filter_map(|entry| entry.published)
        .filter(|at| *at <= now)
        .collect();
    dated.sort_unstable();
    let late = dated.partition_point(|at| *at <= visited_at);
    if late > 0 && late * LATE_PART >= dated.len() {
        return Pushed::None;
    }
    let since = dated.get(late..).unwrap_or_default();
    let (Some(oldest), Some(newest)) = (since.first(), since.last()) else {
        return Pushed::Undated;
    };
    let span = (*newest - *oldest).as_seconds_f64();
    if since.len() < MIN_DATED || span <= 0.0 {
        return Pushed::Undated;
    }
    let rate = (since.len() - 1) as f64 / span;
    let gap = (*oldest - visited_at).as_seconds_f64();
    // Of the gaps between articles one lies before the oldest, and holds none.
    Pushed::Dated((rate * gap - 1.0).max(0.0))
}

/// How many articles of an outlet neither of two samples has, where one has `in_one`, the other
/// `in_other`, and both share `in_both` of these; `None` where too few are shared to tell.
#[must_use]
pub fn unmet(in_one: u32, in_other: u32, in_both: u32) -> Option<f64> {
    if in_both < MIN_BOTH || in_both > in_one.min(in_other) {
        return None;
    }
    let [one, other, both] = [in_one, in_other, in_both].map(f64::from);
    let all = (one + 1.0) * (other + 1.0) / (both + 1.0) - 1.0;
    Some((all - (one + other - both)).max(0.0))
}

#[cfg(test)]
mod tests;
