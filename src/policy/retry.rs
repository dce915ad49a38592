//! What a failure means for its job and its host: the only back-off in the crate. Nothing here
//! waits; the frontier does.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};

use crate::domain::{Disposition, ErrorClass};

/// Tries that an address gets.
const MAX_TRIES: u16 = 5;

/// The wait after the first failed try: most failures pass in seconds, and news does not wait. Each
/// further one is eight times as long: 10 s, 80 s, 11 min, 85 min, so that an outage of an hour
/// and a half costs no article.
const FIRST_WAIT: Duration = Duration::from_secs(10);
const WAIT_GROWTH: u32 = 8;

/// The wait of an address whose robots.txt could not be read: that is asked for again no sooner.
const UNREAD_ROBOTS_WAIT: Duration = Duration::from_secs(10 * 60);

/// The longest wait of a job that we choose ourselves; a listing that is gone is asked this often.
const LONGEST_WAIT: Duration = Duration::from_secs(6 * 3600);

/// The rest of a host after its first failure; each further one in a row doubles it.
const FIRST_REST: Duration = Duration::from_secs(30);

/// The first rest of a host that names a shorter wait, or none at all.
const SHORTEST_REST: Duration = Duration::from_secs(1);

/// The longest rest of a host that we choose ourselves.
const LONGEST_REST: Duration = Duration::from_secs(3600);

/// A server that asks for more patience than this is not taken at its word.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 3600);

/// What is known of a visit that gave nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Failure {
    /// Why.
    pub class: ErrorClass,
    /// The status of the answer, if there was one; it decides where `class` is `Status`.
    pub status: Option<u16>,
    /// Whether a later try may succeed, where no status decides.
    pub is_transient: bool,
    /// Tries before this one.
    pub attempt: u16,
    /// The answer's Retry-After.
    pub retry_after: Option<Duration>,
    /// Whether the job is a listing, which comes again for ever.
    pub is_recurring: bool,
    /// A random number from 0 to 1, so that jobs that failed together don't return together.
    pub jitter: f64,
}

/// What becomes of a job whose visit failed. An address is tried five times, then discarded, and
/// at once where no later try can succeed; a recurring job only waits longer. A robots.txt that
/// could not be read costs no try, since the address was never asked.
#[must_use]
pub fn after_failure(failure: Failure) -> Disposition {
    let is_transient = match (failure.class, failure.status) {
        (ErrorClass::Status, Some(status)) => may_pass(status),
        _ => failure.is_transient,
    };
    let is_last = failure.attempt.saturating_add(1) >= MAX_TRIES;
    let is_unasked = failure.class == ErrorClass::Robots && is_transient;
    if !failure.is_recurring && !is_unasked && (is_last || !is_transient) {
        return Disposition::Discard;
    }
    let after = if is_unasked {
        UNREAD_ROBOTS_WAIT
    } else if is_transient {
        growing(FIRST_WAIT, WAIT_GROWTH, failure.attempt, LONGEST_WAIT)
    } else {
        LONGEST_WAIT
    };
    let after = at_least(jittered(after, failure.jitter), failure.retry_after);
    if is_unasked {
        Disposition::Snooze { after }
    } else {
        Disposition::Retry { after }
    }
}

/// Whether a later try may get another status than this one: Request Timeout, Too Early, Too Many
/// Requests and what speaks of the server; the other 4xx speak of the request.
#[must_use]
pub fn may_pass(status: u16) -> bool {
    status >= 500 || matches!(status, 408 | 425 | 429)
}

/// How long a host rests after `failures_in_a_row` failures that speak of the host and not of one
/// page: from half a minute to an hour. A host that names its wait is believed the first time, and
/// rests twice as long with each further failure in a row too. Zero after a success.
#[must_use]
pub fn host_rest(failures_in_a_row: u16, retry_after: Option<Duration>, jitter: f64) -> Duration {
    let first = match retry_after {
        Some(asked) => asked.clamp(SHORTEST_REST, FIRST_REST),
        None => FIRST_REST,
    };
    let rest = match failures_in_a_row.checked_sub(1) {
        None => Duration::ZERO,
        Some(earlier) => growing(first, 2, earlier, LONGEST_REST),
    };
    at_least(jittered(rest, jitter).min(LONGEST_REST), retry_after)
}

/// The wait that a Retry-After header asks for, in seconds or as a date in any of the three forms
/// of HTTP; a date gone by is zero. `None` for what is neither.
#[must_use]
pub fn parse_retry_after(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // Digits that don't fit are more patience than we have anyway.
        let seconds = value.parse().unwrap_or(LONGEST_RETRY_AFTER.as_secs());
        return Some(Duration::from_secs(seconds));
    }
    let wait = parse_http_date(value)? - now;
    Some(wait.to_std().unwrap_or(Duration::ZERO)) // fails for what is gone by
}

// RFC 9110 section 5.6.7: IMF-fixdate, then the obsolete RFC 850 and asctime forms. The day of the
// week is skipped: servers get it wrong, and it adds nothing.
fn parse_http_date(value: &str) -> Option<DateTime<Utc>> {
    const AFTER_COMMA: [&str; 2] = ["%d %b %Y %H:%M:%S GMT", "%d-%b-%y %H:%M:%S GMT"];
    let read = |text: &str, form: &str| NaiveDateTime::parse_from_str(text.trim(), form).ok();
    let date = match value.split_once(',') {
        Some((_, date)) => AFTER_COMMA.iter().find_map(|form| read(date, form)),
        None => value
            .split_once(' ')
            .and_then(|(_, date)| read(date, "%b %e %H:%M:%S %Y")),
    };
    Some(date?.and_utc())
}

fn growing(first: Duration, factor: u32, times: u16, longest: Duration) -> Duration {
    let factor = factor.saturating_pow(u32::from(times));
    first.saturating_mul(factor).min(longest)
}

/// Up to half as long again, never shorter.
fn jittered(wait: Duration, jitter: f64) -> Duration {
    let part = wait.as_secs_f64() / 2.0 * jitter.clamp(0.0, 1.0);
    wait.saturating_add(Duration::try_from_secs_f64(part).unwrap_or_default())
}

fn at_least(wait: Duration, asked_for: Option<Duration>) -> Duration {
    wait.max(asked_for.unwrap_or_default().min(LONGEST_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use proptest::prelude::*;

    const SECS: fn(u64) -> Duration = Duration::from_secs;

    fn failure(class: ErrorClass, status: Option<u16>, attempt: u16) -> Failure {
        Failure {
            class,
            status,
            is_transient: false,
            attempt,
            retry_after: None,
            is_recurring: false,
            jitter: 0.0,
        }
    }

    #[test]
    fn statuses_that_may_pass_are_tried_again_and_the_others_are_given_up() {
        for status in [408, 425, 429, 500, 502, 503, 504, 520] {
            let got = after_failure(failure(ErrorClass::Status, Some(status), 0));
            assert_eq!(got, Disposition::Retry { after: SECS(10) }, "{status}");
        }
        for status in [400, 401, 403, 404, 410, 418, 451] {
            let got = after_failure(failure(ErrorClass::Status, Some(status), 0));
            assert_eq!(got, Disposition::Discard, "{status}");
        }
    }

    #[test]
    fn address_gets_five_tries_with_growing_waits() {
        let outcomes = (0..5).map(|attempt| {
            let timeout = failure(ErrorClass::Timeout, None, attempt);
            after_failure(Failure {
                is_transient: true,
                ..timeout
            })
        });
        let mut expected: Vec<Disposition> = [10, 80, 640, 5_120]
            .map(|s| Disposition::Retry { after: SECS(s) })
            .into();
        expected.push(Disposition::Discard);
        assert_eq!(outcomes.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn recurring_job_is_never_discarded_and_waits_longer_when_it_cannot_pass() {
        let recurring = |failure| {
            after_failure(Failure {
                is_recurring: true,
                ..failure
            })
        };
        let gone = failure(ErrorClass::Status, Some(404), 900);
        assert_eq!(
            recurring(gone),
            Disposition::Retry {
                after: SECS(6 * 3600)
            }
        );
        let down = failure(ErrorClass::Status, Some(500), 1);
        assert_eq!(recurring(down), Disposition::Retry { after: SECS(80) });
    }

    #[test]
    fn retry_after_is_honoured_up_to_a_day() {
        for (asked, after) in [(5, 10), (7_200, 7_200), (999_999, 86_400)] {
            let busy = failure(ErrorClass::Status, Some(503), 0);
            let got = after_failure(Failure {
                retry_after: Some(SECS(asked)),
                ..busy
            });
            assert_eq!(got, Disposition::Retry { after: SECS(after) }, "{asked}");
        }
    }

    #[test]
    fn unread_robots_costs_no_try_and_forbidding_robots_discards() {
        let unread = failure(ErrorClass::Robots, None, 4);
        let unread = after_failure(Failure {
            is_transient: true,
            ..unread
        });
        assert_eq!(unread, Disposition::Snooze { after: SECS(600) });
        let forbidden = after_failure(failure(ErrorClass::Robots, None, 0));
        assert_eq!(forbidden, Disposition::Discard);
    }

    #[test]
    fn failing_host_rests_longer_and_longer_up_to_an_hour() {
        for (failures, rest) in [
            (0, 0),
            (1, 30),
            (2, 60),
            (5, 480),
            (9, 3_600),
            (60_000, 3_600),
        ] {
            assert_eq!(host_rest(failures, None, 0.0), SECS(rest), "{failures}");
            let most = host_rest(failures, None, 1.0);
            assert!(most >= SECS(rest) && most <= SECS(3_600));
        }
        assert_eq!(host_rest(1, Some(SECS(7_200)), 0.5), SECS(7_200));
        for (failures, rest) in [(1, 2), (2, 4), (5, 32), (12, 3_600)] {
            assert_eq!(
                host_rest(failures, Some(SECS(2)), 0.0),
                SECS(rest),
                "{failures}"
            );
        }
        assert_eq!(host_rest(1, Some(Duration::ZERO), 0.0), SECS(1));
        assert_eq!(host_rest(0, Some(SECS(9)), 0.5), SECS(9));
    }

    #[test]
    fn retry_after_is_read_as_seconds_and_in_each_form_of_date() {
        let now = Utc.with_ymd_and_hms(2026, 11, 6, 8, 49, 7).unwrap();
        for (value, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Fri, 06 Nov 2026 08:49:37 GMT", Some(30)),
            ("Mon, 06 Nov 2026 08:49:37 GMT", Some(30)),
            ("Friday, 06-Nov-26 08:49:37 GMT", Some(30)),
            ("Fri Nov  6 08:49:37 2026", Some(30)),
            ("Thu, 05 Nov 2026 08:49:37 GMT", Some(0)),
            ("99999999999999999999999", Some(86_400)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(
                parse_retry_after(value, now),
                seconds.map(SECS),
                "{value:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_header_and_no_number_makes_us_panic(
            value in ".{0,40}",
            attempt: u16,
            jitter: f64,
            asked: u64,
        ) {
            let now = Utc.with_ymd_and_hms(2026, 11, 6, 8, 49, 7).unwrap();
            let _read = parse_retry_after(&value, now);
            let asked = Some(SECS(asked));
            prop_assert!(host_rest(attempt, asked, jitter) <= LONGEST_RETRY_AFTER);
            let busy = failure(ErrorClass::Status, Some(503), attempt);
            let got = after_failure(Failure { jitter, retry_after: asked, ..busy });
            prop_assert_eq!(got == Disposition::Discard, attempt >= 4);
        }
    }
}
