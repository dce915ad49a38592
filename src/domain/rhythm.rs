//! What is remembered of how a listing publishes: its pulse, and the rhythm of its source.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Interval, StatedOffset};

/// Hours of the day and days of the week that a rhythm counts.
pub const BEATS: usize = 24 + 7;

/// Counts of a rhythm fade to half within this time: four weeks hold each day four times.
pub const RHYTHM_HALF_LIFE: Duration = Duration::from_secs(28 * 86_400);

/// How one listing publishes. Counts fade with time, so that they are no whole numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pulse {
    /// The last visit that read it or found it unchanged.
    pub visited_at: DateTime<Utc>,
    /// New articles found.
    pub new: f64,
    /// Days that it was watched for these; a busy hour counts longer, a quiet one shorter.
    pub watched_days: f64,
    /// New articles of about the last hour.
    pub recent_new: f64,
    /// How many were expected meanwhile.
    pub recent_expected: f64,
    /// Articles that it shows at a time; zero until one was read.
    pub shown: f64,
    /// The newest quarter of what it showed is not older; `None` while nothing is known.
    pub mark_at: Option<DateTime<Utc>>,
}

/// At which hours of the day and on which days of the week a source publishes: hours first, then
/// days from Monday, in the local time of the source. As a difference it is what one visit adds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rhythm {
    /// New articles found.
    pub new: [f64; BEATS],
    /// How many were expected if every hour and every day were the same.
    pub expected: [f64; BEATS],
}

/// What one visit of a listing taught.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lesson {
    /// The listing as it is known now.
    pub pulse: Pulse,
    /// Square root of its articles a day, on the average of a week: visits go with it.
    pub pace: f64,
    /// Between which times it is visited.
    pub interval: Interval,
    /// Whether the source's file names it; sitemaps below an index have no part in the budget.
    pub is_configured: bool,
    /// What the rhythm of the source gains.
    pub more: Rhythm,
    /// The local time of the source, as this listing states it.
    pub offset: Option<StatedOffset>,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self {
            new: [0.0; BEATS],
            expected: [0.0; BEATS],
        }
    }
}

impl Rhythm {
    /// Adds what a visit found, after what is there has faded to the part `kept`.
    pub fn add(&mut self, more: &Self, kept: f64) {
        let fade = |sums: &mut [f64; BEATS], more: &[f64; BEATS]| {
            for (sum, more) in sums.iter_mut().zip(more) {
                *sum = *sum * kept + more;
            }
        };
        fade(&mut self.new, &more.new);
        fade(&mut self.expected, &more.expected);
    }
}
