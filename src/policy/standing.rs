//! What answers say of their host, and how long it rests for it. One page that fails is the page's
//! matter; a name that leads nowhere, a server that says "too many", a row of pages that fail alike
//! are the host's.

use std::time::Duration;

use super::retry::{LONGEST_RETRY_AFTER, growing, jittered};
use crate::domain::{ErrorClass, Standing};

/// Failures are counted up to here: the rest has stopped growing, and forgiving takes five answers.
const MOST_FAILURES: u16 = 20;

/// Doubtful answers in a row that make a failure of the host. Faults of single pages stand beside
/// each other in a listing, so a few are none.
const MOST_DOUBTS: u16 = 6;

/// The rest of a host after its first failure; each further one doubles it.
const FIRST_REST: Duration = Duration::from_secs(30);

/// The first rest of a host that names a shorter wait, or none at all.
const SHORTEST_REST: Duration = Duration::from_secs(1);

/// The rest after a first challenge: protections forget who was shown one within hours.
const CHALLENGE_REST: Duration = Duration::from_secs(2 * 3600);

/// The longest rest before jitter, which makes it up to 24 hours: a host that fails for days is
/// asked once a day.
const LONGEST_REST: Duration = Duration::from_secs(16 * 3600);

/// What one answer, or its absence, says of the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// It works and serves us.
    Good,
    /// Nothing: the page is not there, or nothing was asked.
    Nothing,
    /// It may be down or turn us away, or only this page is broken.
    Doubt,
    /// It may have shown a challenge, or the page's own words read like one: two in a row are one.
    Suspicion,
    /// It is down, or has enough of us.
    Failure,
    /// Its protection asks for proof of being human.
    Challenge,
}

/// What an exchange says of its host: by its failure, `None` where it gave something, and by its
/// status, `None` where there was no answer.
#[must_use]
pub fn word(failure: Option<ErrorClass>, status: Option<u16>) -> Word {
    let Some(class) = failure else {
        return Word::Good;
    };
    match class {
        ErrorClass::Dns | ErrorClass::Connect | ErrorClass::Tls => Word::Failure,
        ErrorClass::Timeout | ErrorClass::Protocol | ErrorClass::Body => Word::Doubt,
        // Words of a page with a status of success may be an article's own; two are not.
        ErrorClass::Challenge if status.is_some_and(|status| status < 400) => Word::Suspicion,
        ErrorClass::Challenge => Word::Challenge,
        ErrorClass::Status => match status {
            Some(429 | 503) => Word::Failure,
            // RFC 9110 section 15.5.4: refused whoever asks, which may be a block of us.
            Some(403 | 500..) => Word::Doubt,
            Some(_) | None => Word::Nothing,
        },
        // What was answered and was of no use still shows that the host serves us.
        ErrorClass::Content | ErrorClass::TooLarge | ErrorClass::Directive => match status {
            Some(_) => Word::Good,
            None => Word::Nothing,
        },
        ErrorClass::Address | ErrorClass::Robots | ErrorClass::Redirect | ErrorClass::Internal => {
            Word::Nothing
        }
    }
}

/// What a page says that failed before: that it fails again is its own matter, or a few broken pages
/// would let their host rest each time they are tried.
#[must_use]
pub fn word_of_retry(said: Word) -> Word {
    match said {
        Word::Doubt => Word::Nothing,
        Word::Good | Word::Nothing | Word::Suspicion | Word::Failure | Word::Challenge => said,
    }
}

/// The standing of a host after `word`, and whether the host must rest now. A good answer ends all
/// doubts and halves the failures: a host that works now and then rests less, and is not asked as
/// if nothing had been. While there are failures, the first doubt is one more.
#[must_use]
pub fn after_word(standing: Standing, word: Word) -> (Standing, bool) {
    let failed = |standing: Standing| Standing {
        failures: (standing.failures + 1).min(MOST_FAILURES),
        doubts: 0,
    };
    match word {
        Word::Nothing => (standing, false),
        Word::Good => {
            let failures = standing.failures / 2;
            (
                Standing {
                    failures,
                    doubts: 0,
                },
                false,
            )
        }
        Word::Doubt | Word::Suspicion => {
            let count = if word == Word::Doubt {
                1
            } else {
                MOST_DOUBTS / 2
            };
            let doubts = standing.doubts.saturating_add(count);
            if standing.failures > 0 || doubts >= MOST_DOUBTS {
                (failed(standing), true)
            } else {
                (Standing { doubts, ..standing }, false)
            }
        }
        Word::Failure | Word::Challenge => (failed(standing), true),
    }
}

/// How long a host rests whose standing has come to this: from half a minute, doubled by each
/// further failure, to a day; hours from the first challenge on. A host that names its wait is
/// believed the first time, and rests twice as long with each further failure too.
#[must_use]
pub fn host_rest(
    standing: Standing,
    is_challenge: bool,
    retry_after: Option<Duration>,
    jitter: f64,
) -> Duration {
    let first = match retry_after {
        _ if is_challenge => CHALLENGE_REST,
        Some(asked) => asked.clamp(SHORTEST_REST, FIRST_REST),
        None => FIRST_REST,
    };
    let rest = match standing.failures.checked_sub(1) {
        None => Duration::ZERO,
        Some(earlier) => growing(first, 2, earlier, LONGEST_REST),
    };
    let asked_for = retry_after.unwrap_or_default().min(LONGEST_RETRY_AFTER);
    jittered(rest, jitter).max(asked_for)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECS: fn(u64) -> Duration = Duration::from_secs;

    fn standing(failures: u16, doubts: u16) -> Standing {
        Standing { failures, doubts }
    }

    #[test]
    fn each_answer_says_what_it_says_of_its_host() {
        use ErrorClass::{
            Body, Challenge, Connect, Content, Dns, Redirect, Robots, Status, Timeout, Tls,
            TooLarge,
        };
        for (failure, status, expected) in [
            (None, Some(200), Word::Good),
            (None, Some(304), Word::Good),
            (Some(Dns), None, Word::Failure),
            (Some(Connect), None, Word::Failure),
            (Some(Tls), None, Word::Failure),
            (Some(Timeout), None, Word::Doubt),
            (Some(Body), Some(200), Word::Doubt),
            (Some(Status), Some(500), Word::Doubt),
            (Some(Status), Some(502), Word::Doubt),
            (Some(Status), Some(403), Word::Doubt),
            (Some(Status), Some(429), Word::Failure),
            (Some(Status), Some(503), Word::Failure),
            (Some(Status), Some(401), Word::Nothing),
            (Some(Status), Some(404), Word::Nothing),
            (Some(Status), Some(410), Word::Nothing),
            (Some(Status), Some(451), Word::Nothing),
            (Some(Challenge), Some(403), Word::Challenge),
            (Some(Challenge), Some(200), Word::Suspicion),
            (Some(Content), Some(200), Word::Good),
            (Some(TooLarge), Some(200), Word::Good),
            (Some(Redirect), Some(302), Word::Nothing),
            (Some(Robots), None, Word::Nothing),
        ] {
            assert_eq!(word(failure, status), expected, "{failure:?} {status:?}");
        }
    }

    #[test]
    fn one_page_that_fails_is_no_failure_of_its_host_and_six_in_a_row_are_one() {
        let mut now = standing(0, 0);
        for doubts in 1..=5 {
            let (next, rests) = after_word(now, Word::Doubt);
            assert_eq!((next, rests), (standing(0, doubts), false));
            now = next;
        }
        assert_eq!(after_word(now, Word::Doubt), (standing(1, 0), true));
        assert_eq!(after_word(now, Word::Nothing), (now, false));
        assert_eq!(after_word(now, Word::Good), (standing(0, 0), false));
    }

    #[test]
    fn after_a_rest_the_first_answer_decides() {
        assert_eq!(
            after_word(standing(3, 0), Word::Doubt),
            (standing(4, 0), true)
        );
        assert_eq!(
            after_word(standing(3, 0), Word::Good),
            (standing(1, 0), false)
        );
        assert_eq!(
            after_word(standing(1, 0), Word::Good),
            (standing(0, 0), false)
        );
        assert_eq!(
            after_word(standing(20, 0), Word::Failure),
            (standing(20, 0), true)
        );
    }

    #[test]
    fn failing_host_rests_longer_and_longer_up_to_a_day() {
        for (failures, seconds) in [
            (0, 0),
            (1, 30),
            (2, 60),
            (5, 480),
            (9, 7_680),
            (12, 57_600),
            (20, 57_600),
        ] {
            let rest = |jitter| host_rest(standing(failures, 0), false, None, jitter);
            assert_eq!(rest(0.0), SECS(seconds), "{failures}");
            assert_eq!(rest(1.0), SECS(seconds * 3 / 2), "{failures}");
        }
    }

    #[test]
    fn page_that_fails_again_is_no_new_doubt_and_a_host_that_is_down_stays_one() {
        let again = |class, status| word_of_retry(word(Some(class), status));
        assert_eq!(again(ErrorClass::Timeout, None), Word::Nothing);
        assert_eq!(again(ErrorClass::Status, Some(500)), Word::Nothing);
        assert_eq!(again(ErrorClass::Connect, None), Word::Failure);
        assert_eq!(again(ErrorClass::Challenge, Some(200)), Word::Suspicion);
        assert_eq!(word_of_retry(Word::Good), Word::Good);
    }

    #[test]
    fn challenged_host_rests_for_hours_from_the_first_on() {
        for (failures, hours) in [(1, 2), (2, 4), (3, 8), (4, 16), (9, 16)] {
            let rest = host_rest(standing(failures, 0), true, None, 0.0);
            assert_eq!(rest, SECS(hours * 3600), "{failures}");
        }
    }

    #[test]
    fn host_rests_as_long_as_it_asks_for_but_a_day_at_most() {
        let rest = |asked| host_rest(standing(1, 0), false, Some(SECS(asked)), 0.0);
        assert_eq!(rest(0), SECS(1));
        assert_eq!(rest(5), SECS(5));
        assert_eq!(rest(7_200), SECS(7_200));
        assert_eq!(rest(999_999), SECS(86_400));
        let again = |failures| host_rest(standing(failures, 0), false, Some(SECS(5)), 0.0);
        assert_eq!(
            (again(2), again(4)),
            (SECS(10), SECS(40)),
            "twice as long each time"
        );
    }

    proptest! {
        #[test]
        fn no_rest_is_longer_than_a_day(failures: u16, is_challenge: bool, asked: u64, jitter: f64) {
            let rest = host_rest(standing(failures, 0), is_challenge, Some(SECS(asked)), jitter);
            prop_assert!(rest <= SECS(86_400));
        }

        #[test]
        fn nothing_but_good_answers_is_forgiven_whatever_was(failures in 0_u16..=20, doubts: u16) {
            let mut now = standing(failures, doubts);
            for _ in 0..5 {
                now = after_word(now, Word::Good).0;
            }
            prop_assert_eq!(now, standing(0, 0));
        }
    }
}
