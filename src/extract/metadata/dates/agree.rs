//! Which statements mean the same date, and which of those says it best.

use chrono::{FixedOffset, TimeDelta, Timelike};

use super::claims::{Claim, Kind};
use super::{Dated, is_after};
use crate::domain::{Precision, Stamp};

/// The zones of the earth, in hours from UTC.
const EARLIEST: i64 = -12;
const LATEST: i64 = 14;

/// When the next day's paper appears on the web at the earliest.
const EVENING: u32 = 16;

/// Whether two statements can mean the same day. One in UTC means the day before or after too, where
/// a zone of the earth makes it so.
pub(super) fn agree(a: &Stamp, b: &Stamp) -> bool {
    if a.precision == Precision::Month || b.precision == Precision::Month {
        let month = |stamp: &Stamp| stamp.local.format("%Y-%m").to_string();
        return month(a) == month(b);
    }
    a.local.date() == b.local.date()
        || is_day_of(a, b)
        || is_day_of(b, a)
        || is_eve_of(a, b)
        || is_eve_of(b, a)
}

/// Where readers are shown no date but earlier ones than structured data says, that is when a system
/// published anew.
pub(super) fn believe_earlier(claims: &mut [Claim]) {
    let values = |is_meant: fn(Kind) -> bool| -> Vec<Stamp> {
        let meant = claims.iter().filter(|claim| is_meant(claim.kind));
        meant.map(|claim| claim.field.value.clone()).collect()
    };
    let (stated, shown) = (values(Kind::is_structured), values(Kind::is_visible));
    let is_before = |shown: &Stamp| {
        let is_later = |stated: &Stamp| !agree(stated, shown) && is_after(stated, shown);
        shown.precision >= Precision::Day && stated.iter().all(is_later)
    };
    if stated.is_empty() || !shown.iter().all(is_before) {
        return;
    }
    for claim in claims.iter_mut().filter(|claim| claim.kind.is_visible()) {
        claim.kind = Kind::First;
    }
}

/// Whether `timed` is the evening before `day`: newspapers publish the articles of a printed edition
/// under its date.
fn is_eve_of(timed: &Stamp, day: &Stamp) -> bool {
    timed.precision > Precision::Day
        && day.precision == Precision::Day
        && timed.local.hour() >= EVENING
        && timed.local.date().succ_opt() == Some(day.local.date())
}

/// Whether `utc` is in UTC, and `local` what a clock of some zone then shows.
fn is_day_of(utc: &Stamp, local: &Stamp) -> bool {
    if !is_utc(utc) || is_zoned(local) {
        return false;
    }
    let shows = |hours: i64| {
        let there = utc.local.checked_add_signed(TimeDelta::hours(hours));
        there.is_some_and(|there| there.date() == local.local.date())
    };
    if local.precision <= Precision::Day {
        return shows(EARLIEST) || shows(LATEST);
    }
    offset_between(utc, local).is_some()
}

fn is_utc(stamp: &Stamp) -> bool {
    stamp.precision > Precision::Day && stamp.offset.is_some_and(|o| o.local_minus_utc() == 0)
}

fn is_zoned(stamp: &Stamp) -> bool {
    stamp.precision > Precision::Day && stamp.offset.is_some_and(|o| o.local_minus_utc() != 0)
}

/// The offset of the zone in which `local` is what the clock shows at `utc`: whole half hours, and
/// the same minute.
fn offset_between(utc: &Stamp, local: &Stamp) -> Option<FixedOffset> {
    let minute = |stamp: &Stamp| stamp.local.with_second(0);
    let minutes = (minute(local)? - minute(utc)?).num_minutes();
    let is_zone = minutes % 30 == 0 && (EARLIEST * 60..=LATEST * 60).contains(&minutes);
    let seconds = i32::try_from(minutes * 60).ok()?;
    FixedOffset::east_opt(seconds).filter(|_| is_zone && minutes != 0)
}

/// The best of the claims that mean the same as the one at `at`.
pub(super) fn sharpest(claims: &[Claim], at: usize) -> Dated {
    let Some(first) = claims.get(at) else {
        unreachable!("the best claim is one of them")
    };
    let same: Vec<&Claim> = claims
        .iter()
        .filter(|other| other.kind != Kind::Far && agree(&first.field.value, &other.field.value))
        .collect();
    let chosen = timed(first, &same);
    in_local_time(chosen, &same)
}

/// The first, or one of the same day that knows the time where the first does not.
fn timed<'c>(first: &'c Claim, same: &[&'c Claim]) -> &'c Claim {
    let is_vague = |stamp: &Stamp| {
        stamp.precision <= Precision::Day || stamp.local.num_seconds_from_midnight() == 0
    };
    let stamp = &first.field.value;
    if !is_vague(stamp) {
        return first;
    }
    let finer = same.iter().find(|other| {
        let other = &other.field.value;
        !is_vague(other)
            && (stamp.precision == Precision::Month
                || other.local.date() == stamp.local.date()
                || is_eve_of(other, stamp))
    });
    let day = same.iter().find(|other| {
        stamp.precision == Precision::Month && other.field.value.precision > Precision::Month
    });
    finer.or(day).copied().unwrap_or(first)
}

/// A time in UTC as the clock of the outlet shows it, and a time without a zone with its offset, as
/// far as the page states both.
fn in_local_time(chosen: &Claim, same: &[&Claim]) -> Dated {
    let stamp = &chosen.field.value;
    let with_offset = |offset: FixedOffset| {
        let local = match stamp.instant() {
            Some(instant) => instant.with_timezone(&offset).naive_local(),
            None => stamp.local,
        };
        chosen.field.clone().with(Stamp {
            local,
            offset: Some(offset),
            precision: stamp.precision,
        })
    };
    if is_utc(stamp) {
        if let Some(day) = same.iter().find(|other| is_midnight_of(stamp, other)) {
            return day.field.clone();
        }
        let others = || same.iter().map(|other| &other.field.value);
        let stated = others()
            .filter(|other| is_zoned(other) && is_near(stamp, other))
            .find_map(|other| other.offset);
        let shown = || {
            others()
                .filter(|other| other.precision > Precision::Day && other.offset.is_none())
                .find_map(|other| offset_between(stamp, other))
        };
        return stated
            .or_else(shown)
            .map_or_else(|| chosen.field.clone(), with_offset);
    }
    if stamp.precision > Precision::Day && stamp.offset.is_none() {
        let others = || same.iter().map(|other| &other.field.value);
        let stated = others()
            .filter(|other| is_zoned(other) && minute(other) == minute(stamp))
            .find_map(|other| other.offset);
        let derived = || {
            others()
                .filter(|other| is_utc(other))
                .find_map(|other| offset_between(other, stamp))
        };
        return stated
            .or_else(derived)
            .map_or_else(|| chosen.field.clone(), with_offset);
    }
    chosen.field.clone()
}

fn minute(stamp: &Stamp) -> Option<chrono::NaiveDateTime> {
    stamp.local.with_second(0)
}

fn is_near(a: &Stamp, b: &Stamp) -> bool {
    match (a.instant(), b.instant()) {
        (Some(a), Some(b)) => (a - b).abs() < TimeDelta::minutes(1),
        _ => false,
    }
}

/// Whether a time in UTC is only the midnight with which a local day begins that `other` states.
fn is_midnight_of(utc: &Stamp, other: &Claim) -> bool {
    let day = &other.field.value;
    let begins = Stamp {
        precision: Precision::Minute,
        ..day.clone()
    };
    other.kind.is_visible()
        && day.precision == Precision::Day
        && day.local.date() != utc.local.date()
        && offset_between(utc, &begins).is_some()
}
