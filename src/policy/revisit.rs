//! When a listing is due again, from how much was new on the last visit.

use std::time::Duration;

use crate::domain::Interval;

/// With this many new links at once the next visit would come late for the first of them.
const BUSY_LINKS: usize = 3;

/// The time until a listing's next visit, within `interval`. Nothing new: half as long again; one
/// or two new links: as it was; three or more: half as long. From the shortest to the longest
/// default interval (a minute to an hour) a quiet listing takes 11 visits, a busy one back 6.
#[must_use]
pub fn listing_interval(last: Duration, new_links: usize, interval: Interval) -> Duration {
    let next = match new_links {
        0 => last.saturating_add(last / 2),
        1..BUSY_LINKS => last,
        BUSY_LINKS.. => last / 2,
    };
    // Not `clamp`: it panics when a source sets min above max.
    next.min(interval.max).max(interval.min)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECS: fn(u64) -> Duration = Duration::from_secs;

    #[test]
    fn interval_follows_how_much_was_new() {
        for (last, new_links, next) in [
            (600, 0, 900),
            (600, 1, 600),
            (600, 2, 600),
            (600, 3, 300),
            (3_000, 0, 3_600),
            (61, 40, 60),
            (0, 0, 60),
        ] {
            let got = listing_interval(SECS(last), new_links, Interval::default());
            assert_eq!(got, SECS(next), "{last} s, {new_links} new");
        }
    }

    #[test]
    fn bounds_in_the_wrong_order_and_endless_intervals_do_no_harm() {
        let twisted = Interval {
            min: SECS(90),
            max: SECS(30),
        };
        assert_eq!(listing_interval(SECS(10), 5, twisted), SECS(90));
        let longest = listing_interval(Duration::MAX, 0, Interval::default());
        assert_eq!(longest, SECS(3_600));
    }
}
