//! How long a host is left alone between two requests, and how many it gets at once.
//! "Public" is judged by the address reached, in `fetch`; the floors below hold for public hosts.

use std::time::Duration;

/// No setting makes two requests to a public host start closer together.
const PUBLIC_FLOOR: Duration = Duration::from_millis(500);

/// The cap on the Crawl-delay of a public host for which the settings waive it: they may not. The
/// default of `[crawler] max_crawl_delay`.
const UNWAIVED_CAP: Duration = Duration::from_secs(60);

/// What the crawl delay of a host depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DelayFacts {
    /// `[crawler] per_host_delay`.
    pub configured: Duration,
    /// The source's own `delay`, which replaces the configured one.
    pub source: Option<Duration>,
    /// The Crawl-delay of its robots.txt.
    pub robots: Option<Duration>,
    /// `[crawler] max_crawl_delay`; zero waives the Crawl-delay of hosts that are not public.
    pub max_crawl_delay: Duration,
    /// Whether the host is reached at a public address.
    pub is_public: bool,
}

/// The time from the start of a request to a host to the start of the next.
#[must_use]
pub fn crawl_delay(facts: DelayFacts) -> Duration {
    let cap = if facts.is_public && facts.max_crawl_delay.is_zero() {
        UNWAIVED_CAP
    } else {
        facts.max_crawl_delay
    };
    let asked_for = facts.robots.unwrap_or_default().min(cap);
    let ours = facts.source.unwrap_or(facts.configured);
    let floor = if facts.is_public {
        PUBLIC_FLOOR
    } else {
        Duration::ZERO
    };
    ours.max(asked_for).max(floor)
}

/// Requests that one host may have in flight: one for public hosts, at least one for all.
#[must_use]
pub fn in_flight(configured: usize, is_public: bool) -> usize {
    if is_public { 1 } else { configured.max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    fn facts(configured: u64, is_public: bool) -> DelayFacts {
        DelayFacts {
            configured: MS(configured),
            source: None,
            robots: None,
            max_crawl_delay: MS(60_000),
            is_public,
        }
    }

    #[test]
    fn public_hosts_are_never_asked_faster_than_the_floor() {
        assert_eq!(crawl_delay(facts(0, true)), MS(500));
        assert_eq!(crawl_delay(facts(2_000, true)), MS(2_000));
        assert_eq!(crawl_delay(facts(0, false)), MS(0));
        let hasty = DelayFacts {
            source: Some(MS(1)),
            ..facts(2_000, true)
        };
        assert_eq!(crawl_delay(hasty), MS(500));
    }

    #[test]
    fn crawl_delay_of_robots_lengthens_the_delay_up_to_the_cap() {
        for (asked, delay) in [(1_000, 2_000), (10_000, 10_000), (600_000, 60_000)] {
            let facts = DelayFacts {
                robots: Some(MS(asked)),
                ..facts(2_000, true)
            };
            assert_eq!(crawl_delay(facts), MS(delay), "{asked}");
        }
    }

    #[test]
    fn delay_of_a_source_replaces_the_configured_one_but_not_that_of_robots() {
        let source = DelayFacts {
            source: Some(MS(5_000)),
            ..facts(9_000, true)
        };
        assert_eq!(crawl_delay(source), MS(5_000));
        let both = DelayFacts {
            robots: Some(MS(7_000)),
            ..source
        };
        assert_eq!(crawl_delay(both), MS(7_000));
    }

    #[test]
    fn crawl_delay_is_waived_for_hosts_that_are_not_public_only() {
        let waived = |is_public| DelayFacts {
            robots: Some(MS(30_000)),
            max_crawl_delay: Duration::ZERO,
            ..facts(0, is_public)
        };
        assert_eq!(crawl_delay(waived(false)), Duration::ZERO);
        assert_eq!(crawl_delay(waived(true)), MS(30_000));
    }

    #[test]
    fn public_hosts_get_one_request_at_a_time() {
        assert_eq!(in_flight(8, true), 1);
        assert_eq!(in_flight(8, false), 8);
        assert_eq!(in_flight(0, false), 1);
    }
}
