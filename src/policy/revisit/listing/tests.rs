use super::*;
use crate::policy::revisit::{Crowd, price, price_of_cap};

const HOUR: Duration = Duration::from_secs(3600);

fn zone() -> FixedOffset {
    FixedOffset::east_opt(9 * 3600).unwrap()
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).unwrap()
}

/// The pulse of a listing that was watched for ten days with so many articles a day.
fn pulse(a_day: f64) -> Pulse {
    Pulse {
        visited_at: noon(),
        new: a_day * 10.0,
        watched_days: 10.0,
        recent_new: 0.0,
        recent_expected: 0.0,
        shown: 20.0,
        mark_at: None,
    }
}

fn wait(pulse: &Pulse, rhythm: &Rhythm, price: f64) -> f64 {
    let wide = Interval {
        min: Duration::from_secs(1),
        max: HOUR * 24 * 7,
    };
    next_visit(ListingFacts {
        pulse,
        rhythm,
        zone: zone(),
        price,
        interval: wide,
    })
    .as_secs_f64()
}

#[test]
fn visits_go_with_the_square_root_of_the_rate() {
    let even = Rhythm::default();
    let seldom = wait(&pulse(1.0), &even, 1e-3);
    let often = wait(&pulse(100.0), &even, 1e-3);
    let ratio = seldom / often;
    assert!((9.0..10.5).contains(&ratio), "{ratio}");
}

#[test]
fn half_of_what_a_listing_shows_is_never_exceeded() {
    let busy = pulse(240.0);
    // Ten an hour, twenty shown: ten may be new.
    let got = wait(&busy, &Rhythm::default(), 1e9);
    assert!((got - 3_600.0).abs() < 60.0, "{got}");
}

#[test]
fn bounds_of_the_source_hold_even_in_the_wrong_order() {
    let rhythm = Rhythm::default();
    let next = |new: f64, interval| {
        next_visit(ListingFacts {
            pulse: &pulse(new),
            rhythm: &rhythm,
            zone: zone(),
            price: 1e-3,
            interval,
        })
    };
    let interval = Interval::default();
    assert_eq!(next(1e6, interval), interval.min);
    assert_eq!(next(0.0, interval), interval.max);
    let twisted = Interval {
        min: HOUR,
        max: HOUR / 2,
    };
    assert_eq!(next(10.0, twisted), HOUR);
    let endless = Interval {
        min: HOUR,
        max: Duration::MAX,
    };
    assert!(next(10.0, endless) >= HOUR);
}

#[test]
fn first_visit_teaches_nothing_and_later_ones_the_rate() {
    let rhythm = Rhythm::default();
    let seen = |new| Seen {
        new,
        shown: Some(20),
        ..Seen::default()
    };
    let (mut pulse, more) = new_pulse(None, &rhythm, zone(), seen(20), noon());
    assert_eq!((pulse.new, more), (0.0, Rhythm::default()));
    for hour in 1..200 {
        let now = noon() + TimeDelta::hours(hour);
        (pulse, _) = new_pulse(Some(&pulse), &rhythm, zone(), seen(2), now);
    }
    assert!((46.0..50.0).contains(&rate(&pulse)), "{}", rate(&pulse));
    let unchanged = Seen::default();
    let later = pulse.visited_at + TimeDelta::hours(1);
    let (quiet, _) = new_pulse(Some(&pulse), &rhythm, zone(), unchanged, later);
    assert!(rate(&quiet) < rate(&pulse));
    assert_eq!(quiet.shown, 20.0);
}

#[test]
fn burst_brings_the_next_visit_nearer_and_is_forgotten_within_hours() {
    let even = Rhythm::default();
    let calm = wait(&pulse(24.0), &even, 1e-3);
    let mut busy = pulse(24.0);
    (busy.recent_new, busy.recent_expected) = (10.0, 1.0);
    assert!(wait(&busy, &even, 1e-3) < calm * 0.7);
    let none = Seen::default();
    let later = busy.visited_at + TimeDelta::hours(6);
    let (after, _) = new_pulse(Some(&busy), &even, zone(), none, later);
    assert!(wait(&after, &even, 1e-3) > calm * 0.8);
}

#[test]
fn hours_of_the_source_are_learned_from_dates_and_from_visits() {
    let mut rhythm = Rhythm::default();
    let mut last = pulse(24.0);
    for hour in 1..24 * 14 {
        let now = noon() + TimeDelta::hours(hour);
        let local = chrono::Timelike::hour(&now.with_timezone(&zone()));
        let is_day = (8..20).contains(&local);
        let dates = [now - TimeDelta::minutes(1); 2];
        let seen = Seen {
            new: if is_day { 2 } else { 0 },
            shown: Some(20),
            dates: &dates,
            ..Seen::default()
        };
        let more;
        (last, more) = new_pulse(Some(&last), &rhythm, zone(), seen, now);
        rhythm.add(&more, 0.999);
    }
    let profile = Profile::of(&rhythm);
    let of = |hour| {
        let mut week = cells(noon(), noon() + TimeDelta::hours(25), zone());
        profile.hour(&week.find(|cell| cell.hour == hour).unwrap())
    };
    let (day, night) = (of(14), of(2));
    assert!(day > 3.0 * night, "{day} and {night}");
}

#[test]
fn price_spends_the_budget_within_the_bounds() {
    let crowd = |pace, interval| Crowd {
        pace,
        count: 10.0,
        interval,
    };
    let wide = Interval {
        min: Duration::from_secs(60),
        max: HOUR * 24 * 7,
    };
    let crowds = [crowd(1.0, wide), crowd(3.0, wide)];
    let got = price(&crowds, HOUR);
    // 20 listings, 480 visits a day: 12 and 36 for each.
    assert!((1.0 / (2.0 * got).sqrt() - 12.0).abs() < 0.01, "{got}");
    assert!((price_of_cap(40.0, 480.0) - got).abs() < 1e-6);
    let tight = Interval::default();
    assert!(
        price(&[crowd(1.0, tight)], HOUR * 9) > 1e3,
        "no visit can be spared"
    );
    assert!(price(&[], HOUR).is_finite());
}

#[test]
fn missed_articles_count_as_new_and_a_whole_turnover_halves_the_time_at_most() {
    let before = pulse(24.0);
    let now = noon() + TimeDelta::hours(2);
    let even = Rhythm::default();
    let with = |missed| {
        let seen = Seen {
            new: 20,
            missed,
            shown: Some(20),
            ..Seen::default()
        };
        new_pulse(Some(&before), &even, zone(), seen, now)
    };
    let ((less, few), (more, many)) = (with(0.0), with(30.0));
    assert!((more.new - less.new - 30.0).abs() < 1e-9);
    let sum = |rhythm: &Rhythm| rhythm.new.iter().sum::<f64>();
    assert!(
        (sum(&many) - sum(&few) - 60.0).abs() < 1e-6,
        "hours and days"
    );
    assert!(wait(&more, &even, 1e-3) < wait(&less, &even, 1e-3));
    assert!((expected(&before, &even, zone(), now) - 2.0).abs() < 0.1);

    let interval = Interval::default();
    assert_eq!(after_turnover(HOUR, HOUR, interval), HOUR / 2);
    assert_eq!(after_turnover(HOUR / 4, HOUR, interval), HOUR / 4);
    let least = after_turnover(HOUR, Duration::from_secs(1), interval);
    assert_eq!(least, interval.min);
}
