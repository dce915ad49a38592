use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;

fn visit() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).unwrap()
}

fn minutes(minutes: i64) -> DateTime<Utc> {
    visit() + TimeDelta::minutes(minutes)
}

/// A listing that was last visited at minute 0.
fn pulse(mark: Option<i64>) -> Pulse {
    Pulse {
        visited_at: visit(),
        new: 0.0,
        watched_days: 0.0,
        recent_new: 0.0,
        recent_expected: 0.0,
        shown: 5.0,
        mark_at: mark.map(minutes),
    }
}

/// An entry of a minute; `known` ones were met at the visit before.
fn dated(at: i64, known: bool) -> Shown {
    Shown {
        published: Some(minutes(at)),
        met_here: known.then(visit),
    }
}

const UNDATED: Shown = Shown {
    published: None,
    met_here: None,
};

/// What a visit at minute 60 makes of a listing: whether it turned over, and how many were missed.
fn seen(mark: Option<i64>, expected: f64, shown: &[Shown]) -> (bool, Option<f64>) {
    let found = turnover(Some(&pulse(mark)), expected, shown, minutes(60));
    (found.is_whole, found.missed.map(|missed| missed.round()))
}

#[test]
fn listing_that_turned_over_missed_what_came_before_its_oldest_entry() {
    let all_new: Vec<Shown> = [58, 56, 54, 52, 50].map(|at| dated(at, false)).into();
    let with = |more: &[Shown]| [all_new.as_slice(), more].concat();
    // One in two minutes: those of minutes 2 to 48.
    assert_eq!(seen(Some(-10), 0.0, &all_new), (true, Some(24.0)));
    for (what, shown, expected) in [
        (
            "one of the newest is left",
            with(&[dated(-5, true)]),
            (false, Some(0.0)),
        ),
        (
            "only an old one, pinned, is left",
            with(&[dated(-900, true)]),
            (true, Some(24.0)),
        ),
        (
            "an old one is pinned anew",
            with(&[dated(-900, false)]),
            (true, Some(24.0)),
        ),
        (
            "it reaches back to the visit",
            with(&[dated(-1, false), dated(-2, false)]),
            (false, Some(0.0)),
        ),
        (
            "nothing new, the newest taken down",
            vec![dated(-900, true)],
            (false, Some(0.0)),
        ),
        ("all at once", vec![dated(50, false); 4], (true, None)),
        (
            "dated into the future",
            vec![dated(900, false); 4],
            (true, None),
        ),
        (
            "two are no rate",
            vec![dated(58, false), dated(50, false)],
            (true, None),
        ),
    ] {
        assert_eq!(seen(Some(-10), 0.0, &shown), expected, "{what}");
    }
    // A pulse of before there were marks: whatever is left counts.
    assert_eq!(
        seen(None, 0.0, &with(&[dated(-900, true)])),
        (false, Some(0.0))
    );
}

#[test]
fn listing_without_times_is_told_by_what_was_to_be_expected() {
    assert_eq!(seen(Some(0), 12.0, &[UNDATED; 5]), (true, Some(7.0)));
    assert_eq!(seen(Some(0), 3.0, &[UNDATED; 5]), (true, None));
    let left = Shown {
        met_here: Some(visit()),
        ..UNDATED
    };
    assert_eq!(seen(Some(0), 12.0, &[UNDATED, left]), (false, Some(0.0)));
    let pinned = Shown {
        met_here: Some(minutes(-900)),
        ..UNDATED
    };
    assert_eq!(seen(Some(0), 12.0, &[UNDATED, pinned]), (true, Some(11.0)));
}

#[test]
fn first_visit_and_empty_listing_tell_nothing() {
    let shown = [dated(50, false), dated(40, false), UNDATED, UNDATED];
    let first = turnover(None, 0.0, &shown, minutes(60));
    assert_eq!((first.is_whole, first.missed), (false, None));
    assert_eq!(first.mark_at, Some(minutes(60)), "the second of four");
    let empty = turnover(Some(&pulse(Some(0))), 9.0, &[], minutes(60));
    assert_eq!(
        (empty.is_whole, empty.missed, empty.mark_at),
        (false, None, None)
    );
}

#[test]
fn overlap_of_two_samples_tells_how_many_are_in_neither() {
    for (one, other, both, expected) in [
        (100, 100, 100, Some(0.0)),
        (100, 50, 50, Some(0.0)),
        // Half of the pages' are in the feed: so is half of all.
        (99, 99, 49, Some(50.0)),
        (10, 10, 6, None),
        (0, 0, 0, None),
        (8, 8, 9, None),
    ] {
        assert_eq!(unmet(one, other, both), expected, "{one} {other} {both}");
    }
}

proptest! {
    /// A feed of steady news, one a minute, of which `room` are shown: what was missed is told to one.
    #[test]
    fn steady_listing_tells_what_it_missed(room in 5_i64..40, gap in 1_i64..300) {
        let shows = |now: i64| (now - room + 1..=now).rev();
        let shown: Vec<Shown> = shows(gap).map(|at| dated(at, at <= 0)).collect();
        let mark = -(room / 4);
        let found = turnover(Some(&pulse(Some(mark))), 0.0, &shown, minutes(gap));
        let missed = (gap - room).max(0).min(room * 10);
        let estimate = found.missed.unwrap();
        prop_assert!((estimate - missed as f64).abs() <= 1.0, "{estimate} for {missed}");
    }

    #[test]
    fn estimates_are_never_negative_and_never_wild(
        entries in prop::collection::vec((prop::option::of(-5_000_i64..5_000), any::<bool>()), 0..60),
        mark in prop::option::of(-100_i64..100),
        expected in 0.0..1e9_f64,
        (one, other, both) in (0_u32..10_000, 0_u32..10_000, 0_u32..10_000),
    ) {
        let shown: Vec<Shown> = entries
            .iter()
            .map(|(at, known)| Shown { published: at.map(minutes), met_here: known.then(visit) })
            .collect();
        let found = turnover(Some(&pulse(mark)), expected, &shown, minutes(60));
        let most = MAX_TIMES_SHOWN * shown.len() as f64;
        prop_assert!(found.missed.is_none_or(|missed| (0.0..=most).contains(&missed)));
        prop_assert!(found.is_whole || found.missed.is_none_or(|missed| missed == 0.0));
        prop_assert!(found.mark_at.is_none_or(|mark| mark <= minutes(60)));
        prop_assert!(unmet(one, other, both).is_none_or(|unmet| unmet >= 0.0 && unmet.is_finite()));
        prop_assert_eq!(unmet(one, other, both), unmet(other, one, both));
    }
}
