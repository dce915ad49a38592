//! Dates as people and machines write them, in the languages that news is written in. What can't be
//! read for sure isn't read: no default year, no "now" for a missing date.

mod clock;
mod form;
mod label;
mod month;
mod relative;
mod zone;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use unicode_normalization::UnicodeNormalization;

use crate::domain::{Precision, Stamp};
use clock::Clock;
use form::Day;

pub use label::{Label, labelled};

/// The web has no older news pages; earlier years are typing errors or subjects of articles.
pub const FIRST_YEAR: i32 = 1990;
/// Zones and embargoes explain this much future, not more.
const MAX_FUTURE: TimeDelta = TimeDelta::days(2);
/// Only the beginning of a longer text is read.
const MAX_CHARS: usize = 2_000;
/// A time before its date, with zone and weekday, is no longer than this.
const MAX_TIME_BYTES: usize = 60;
/// More dates than a text with labels holds.
const MAX_DATES: usize = 50;

/// What a reading depends on beside the text.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// Bounds what is believed, and is what "3 hours ago" counts from.
    pub now: DateTime<Utc>,
    /// The zone of times that state none.
    pub zone: Option<Tz>,
}

/// A date as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The date.
    pub stamp: Stamp,
    /// The form it was written in.
    pub rule: &'static str,
}

/// A reading and where in the text it stood.
struct Found {
    reading: Reading,
    start: usize,
    end: usize,
}

/// The first date in a short text. `12/03/2024` is read day first, unless a number above 12, am/pm
/// or a zone of the United States shows that the month comes first;
/// years of two digits only where nothing is left to guess.
#[must_use]
pub fn read(text: &str, context: &Context) -> Option<Reading> {
    let text = plain(text);
    find_all(&text, context)
        .into_iter()
        .next()
        .map(|found| found.reading)
}

/// All dates of a plain text in order, without overlaps.
fn find_all(text: &str, context: &Context) -> Vec<Found> {
    if let Some(found) = epoch(text, context) {
        return vec![found];
    }
    let mut found: Vec<Found> = Vec::new();
    let mut floor = 0;
    for day in form::days(text) {
        if day.start < floor || found.len() >= MAX_DATES {
            continue;
        }
        if let Some(next) = complete(text, floor, &day, context) {
            floor = next.end;
            found.push(next);
        }
    }
    if found.is_empty() {
        found.extend(relative::find(text, context));
    }
    found
}

/// Seconds or milliseconds since 1970, as attributes have them: the whole text, nothing else.
fn epoch(text: &str, context: &Context) -> Option<Found> {
    let number: i64 = text.parse().ok()?;
    let instant = match text.len() {
        10 => DateTime::from_timestamp(number, 0)?,
        13 => DateTime::from_timestamp(number / 1_000, 0)?,
        _ => return None,
    };
    let zone = context.zone.unwrap_or(Tz::UTC);
    let local = instant.with_timezone(&zone).fixed_offset();
    let stamp = Stamp {
        local: local.naive_local(),
        offset: Some(*local.offset()),
        precision: Precision::Second,
    };
    is_plausible(&stamp, context.now).then_some(Found {
        reading: Reading {
            stamp,
            rule: "epoch",
        },
        start: 0,
        end: text.len(),
    })
}

/// A day with the time that stands behind or before it.
fn complete(text: &str, floor: usize, day: &Day, context: &Context) -> Option<Found> {
    let behind = text.get(day.end..).unwrap_or_default();
    let near = text.ceil_char_boundary(day.start.saturating_sub(MAX_TIME_BYTES));
    let before = text.get(floor.max(near)..day.start).unwrap_or_default();
    let clock = if day.day.is_none() {
        None
    } else if let Some(clock) = day.clock.clone() {
        Some(clock.with_zone_in(behind))
    } else {
        clock::behind(behind).or_else(|| clock::before(before))
    };
    let is_american = clock.as_ref().is_some_and(|clock| clock.is_american)
        || context.zone.is_some_and(zone::is_american);
    let date = day.date(is_american, context)?;
    let stamp = stamp(date, day.day.is_some(), clock.as_ref(), context)?;
    let is_iso = day.rule == "year_first" && clock.as_ref().is_some_and(|clock| clock.is_iso);
    let rule = if is_iso { "iso8601" } else { day.rule };
    Some(Found {
        reading: Reading { stamp, rule },
        start: day.start - clock.as_ref().map_or(0, |clock| clock.before_bytes),
        end: day.end + clock.map_or(0, |clock| clock.behind_bytes),
    })
}

fn stamp(
    date: NaiveDate,
    has_day: bool,
    clock: Option<&Clock>,
    context: &Context,
) -> Option<Stamp> {
    let (local, precision) = match clock {
        Some(clock) => (date.and_time(clock.time), clock.precision()),
        None if has_day => (date.into(), Precision::Day),
        None => (date.into(), Precision::Month),
    };
    let stamp = Stamp {
        local,
        offset: None,
        precision,
    };
    let stamp = match clock.and_then(|clock| clock.zone) {
        Some(zone) => zone.apply(stamp),
        None => stamp,
    };
    let stamp = stamp.or_in(context.zone);
    is_plausible(&stamp, context.now).then_some(stamp)
}

fn is_plausible(stamp: &Stamp, now: DateTime<Utc>) -> bool {
    let instant = stamp.instant().unwrap_or_else(|| stamp.local.and_utc());
    let latest = now.checked_add_signed(MAX_FUTURE);
    stamp.local.year() >= FIRST_YEAR && latest.is_some_and(|latest| instant <= latest)
}

/// The text in NFC with ASCII digits and punctuation, single blanks and nothing invisible.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(MAX_CHARS));
    for c in text.nfc().take(MAX_CHARS) {
        match c {
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'
            | '\u{feff}' => {}
            c if c.is_whitespace() || c.is_control() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            '\u{ff01}'..='\u{ff5e}' => out.push(narrow(c)),
            '\u{2010}'..='\u{2012}' | '\u{2212}' => out.push('-'),
            '\u{2019}' => out.push('\''),
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

/// The ASCII twin of a full-width character.
fn narrow(c: char) -> char {
    char::from_u32(u32::from(c) - 0xff01 + 0x21).unwrap_or(c)
}

#[cfg(test)]
mod tests;
