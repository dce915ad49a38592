//! Where a lease begins to look for ready hosts. Each lease leaves a dead entry at the left end of the
//! index over `ready_at`; while an old transaction keeps these from being vacuumed, a look that began
//! at the very left would read all of them again, each time.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

/// How often a look begins further back. A host is made ready at the time of the statement that does
/// it: one that took longer than the others leaves its host below the floor.
const LOOK_BACK_EVERY: Duration = Duration::from_secs(5);
const LOOK_BACK: TimeDelta = TimeDelta::seconds(10);
/// How often a look begins at the very left: for a statement that waited for longer, or a clock of
/// the database that was put back.
const BEGIN_ANEW_EVERY: Duration = Duration::from_mins(1);

/// The smallest `ready_at` of the last lease that found something.
#[derive(Debug, Default)]
pub(super) struct Floor {
    ready_at: Option<DateTime<Utc>>,
    looked_back: Option<Instant>,
    began_anew: Option<Instant>,
}

impl Floor {
    /// From which `ready_at` on the next lease looks; `None` is the very left.
    pub(super) fn start(&mut self, now: Instant) -> Option<DateTime<Utc>> {
        let is_over = |since: Option<Instant>, life| since.is_none_or(|since| now - since >= life);
        if is_over(self.began_anew, BEGIN_ANEW_EVERY) {
            (self.began_anew, self.looked_back) = (Some(now), Some(now));
            return None;
        }
        if is_over(self.looked_back, LOOK_BACK_EVERY) {
            self.looked_back = Some(now);
            return Some(self.ready_at? - LOOK_BACK);
        }
        self.ready_at
    }

    /// Takes the smallest `ready_at` that was found. Where nothing was found the next look begins
    /// further back.
    pub(super) fn keep(&mut self, found: Option<DateTime<Utc>>) {
        match found {
            Some(found) => self.ready_at = Some(found),
            None => self.looked_back = None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_begin_at_the_floor_then_further_back_then_anew() {
        let at = |seconds: i64| DateTime::from_timestamp(1_000_000 + seconds, 0).unwrap();
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut floor = Floor::default();
        assert_eq!(floor.start(after(0)), None);
        floor.keep(Some(at(50)));
        assert_eq!(floor.start(after(1)), Some(at(50)));
        floor.keep(Some(at(51)));
        assert_eq!(floor.start(after(5)), Some(at(41)));
        // Found further back: it is the new floor, and hides nothing above it.
        floor.keep(Some(at(45)));
        assert_eq!(floor.start(after(6)), Some(at(45)));
        floor.keep(None);
        assert_eq!(floor.start(after(7)), Some(at(35)));
        floor.keep(None);
        assert_eq!(floor.start(after(60)), None);
    }

    #[test]
    fn before_anything_was_found_each_look_begins_at_the_left() {
        let start = Instant::now();
        let mut floor = Floor::default();
        for seconds in [0, 1, 5, 6] {
            assert_eq!(floor.start(start + Duration::from_secs(seconds)), None);
            floor.keep(None);
        }
    }
}
