//! What a failure means for its job, and in `standing` for its host: the only back-off in the crate.
//! Nothing here waits; the frontier does.

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

/// A page that a listing just linked to may not be published yet everywhere.
const MISSING_WAIT: Duration = Duration::from_secs(10 * 60);

/// Tries of an address that is missing or forbidden.
const DOUBTFUL_TRIES: u16 = 2;

/// A server that asks for more patience than this is not taken at its word.
pub(super) const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 3600);

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

/// What another try of one address may bring.
enum Hope {
    /// Soon, and more than once.
    Passing,
    /// One more look, after this time.
    Once(Duration),
    /// Nothing.
    None,
}

fn hope(failure: &Failure) -> Hope {
    match (failure.class, failure.status) {
        (ErrorClass::Status, Some(404)) => Hope::Once(MISSING_WAIT),
        // It may be us who were turned away, and for a time only.
        (ErrorClass::Status, Some(403)) => Hope::Once(LONGEST_WAIT),
        (ErrorClass::Status, Some(status)) if may_pass(status) => Hope::Passing,
        (ErrorClass::Status, Some(_)) => Hope::None,
        _ if failure.is_transient => Hope::Passing,
        _ => Hope::None,
    }
}

/// What becomes of a job whose visit failed. An address is tried five times, then discarded, and
/// at once where no later try can succeed; one that is missing or forbidden gets one more try. A
/// recurring job only waits longer. A robots.txt that could not be read costs no try, since the
/// address was never asked.
#[must_use]
pub fn after_failure(failure: Failure) -> Disposition {
    let hope = hope(&failure);
    let is_unasked = failure.class == ErrorClass::Robots && matches!(hope, Hope::Passing);
    let (after, tries) = match hope {
        Hope::Passing if failure.class == ErrorClass::Challenge => (LONGEST_WAIT, MAX_TRIES),
        Hope::Passing => {
            let after = growing(FIRST_WAIT, WAIT_GROWTH, failure.attempt, LONGEST_WAIT);
            (after, MAX_TRIES)
        }
        Hope::Once(_) if failure.is_recurring => (LONGEST_WAIT, DOUBTFUL_TRIES),
        Hope::Once(after) => (after, DOUBTFUL_TRIES),
        Hope::None => (LONGEST_WAIT, 0),
    };
    let is_last = failure.attempt.saturating_add(1) >= tries;
    if !failure.is_recurring && !is_unasked && is_last {
        return Disposition::Discard;
    }
    let after = if is_unasked {
        UNREAD_ROBOTS_WAIT
    } else {
        after
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

/// What a status that says no tells people, to be read behind "answered with status 404"; empty
/// where the number says it all.
#[must_use]
pub fn meaning(status: u16) -> &'static str {
    match status {
        401 | 407 => ": it asks for a login",
        402 => ": it asks for payment",
        403 => ": we may not read it, or are turned away",
        404 => ": there is nothing, or nothing yet",
        410 => ": it was taken down for good",
        451 => ": it is withheld for legal reasons",
        408 | 504 => ": the server ran out of time",
        425 | 429 => ": we are asked to come later",
        503 => ": the server can't answer for now",
        500..=599 => ": the server failed",
        _ => "",
    }
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
pub(super) fn parse_http_date(value: &str) -> Option<DateTime<Utc>> {
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

pub(super) fn growing(first: Duration, factor: u32, times: u16, longest: Duration) -> Duration {
    let factor = factor.saturating_pow(u32::from(times));
    first.saturating_mul(factor).min(longest)
}

/// Up to half as long again, never shorter.
pub(super) fn jittered(wait: Duration, jitter: f64) -> Duration {
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
        for status in [400, 401, 402, 410, 418, 451] {
            let got = after_failure(failure(ErrorClass::Status, Some(status), 0));
            assert_eq!(got, Disposition::Discard, "{status}");
        }
    }

    #[test]
    fn missing_and_forbidden_addresses_get_one_more_look() {
        for (status, seconds) in [(404, 600), (403, 6 * 3600)] {
            let got = |attempt| after_failure(failure(ErrorClass::Status, Some(status), attempt));
            let after = SECS(seconds);
            assert_eq!(got(0), Disposition::Retry { after }, "{status}");
            assert_eq!(got(1), Disposition::Discard, "{status}");
        }
    }

    #[test]
    fn challenged_address_is_asked_again_in_hours_only() {
        let challenged = |attempt| {
            after_failure(Failure {
                is_transient: true,
                ..failure(ErrorClass::Challenge, Some(403), attempt)
            })
        };
        let after = SECS(6 * 3600);
        assert_eq!(challenged(0), Disposition::Retry { after });
        assert_eq!(challenged(3), Disposition::Retry { after });
        assert_eq!(challenged(4), Disposition::Discard);
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
            let busy = failure(ErrorClass::Status, Some(503), attempt);
            let got = after_failure(Failure { jitter, retry_after: asked, ..busy });
            prop_assert_eq!(got == Disposition::Discard, attempt >= 4);
        }
    }
}
