//! Dates as people and machines write them, in the languages that news is written in. What can't be
//! read for sure isn't read: no default year, no "now" for a missing date.

mod calendar;
mod clock;
mod form;
mod label;
mod month;
mod named;
mod near;
mod phrase;
mod plain;
mod relative;
mod token;
mod word;
mod zone;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::domain::{Precision, Stamp};
use clock::{Clock, Seen};
use form::Day;
use plain::plain;

pub use label::{Label, labelled};

/// The web has no older news pages; earlier years are typing errors or subjects of articles.
pub const FIRST_YEAR: i32 = 1990;
/// Zones and embargoes explain this much future, not more.
const MAX_FUTURE: TimeDelta = TimeDelta::days(2);
/// What a date by itself may name: years of four digits.
const YEARS: std::ops::RangeInclusive<i32> = 1000..=9999;
/// More dates than a text with labels holds.
const MAX_DATES: usize = 50;

/// What a reading depends on beside the text.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// Bounds what is believed, and is what "3 hours ago" counts from.
    pub now: DateTime<Utc>,
    /// The zone of times that state none.
    pub zone: Option<Tz>,
    /// How the writer orders a date in figures, where that is known.
    pub order: Option<Order>,
    /// What the text is.
    pub scope: Scope,
}

/// What a text with a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Text of a page: dates of the web, each with its year.
    Page,
    /// A date by itself: any year of four digits, and one without a year is the last such day.
    Alone,
}

/// The order of a date in figures where it doesn't begin with a year of four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// `5/3/2024`, as most of the world writes.
    DayFirst,
    /// `3/5/2024`, as the United States and the Philippines write.
    MonthFirst,
    /// `24.3.5`, as East Asia and Hungary write.
    YearFirst,
}

impl Context {
    /// The day that it is.
    fn today(&self) -> NaiveDate {
        let zone = self.zone.unwrap_or(Tz::UTC);
        self.now.with_timezone(&zone).date_naive()
    }

    /// With the order that the zone or the script of a text speaks for, where none is known.
    fn with_order_of(&self, text: &str) -> Self {
        let of_zone = || match self.zone {
            Some(zone) if zone::is_american(zone) => Some(Order::MonthFirst),
            Some(zone) if zone::is_east_asian(zone) => Some(Order::YearFirst),
            Some(_) => Some(Order::DayFirst),
            None => None,
        };
        let is_east_asian = |c: char| matches!(c, '\u{3041}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}');
        let of_script = || text.contains(is_east_asian).then_some(Order::YearFirst);
        Self {
            order: self.order.or_else(of_zone).or_else(of_script),
            ..*self
        }
    }

    /// Whether years may be Buddhist ones.
    fn is_thai(&self, text: &str) -> bool {
        let is_thai = |c: char| ('\u{0e01}'..='\u{0e5b}').contains(&c);
        self.zone == Some(Tz::Asia__Bangkok) || text.contains(is_thai)
    }
}

/// A date as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The date.
    pub stamp: Stamp,
    /// The form it was written in.
    pub rule: &'static str,
    /// The other reading of two small figures, where nothing in the text decides between them.
    pub twin: Option<Stamp>,
}

impl Reading {
    /// Whether it counts from the present ("3 hours ago").
    #[must_use]
    pub fn is_relative(&self) -> bool {
        self.rule.starts_with("relative")
    }
}

/// A reading and where in the text it stood.
struct Found {
    reading: Reading,
    start: usize,
    end: usize,
}

/// The first date in a short text. `12/03/2024` is read in the context's order, else day first,
/// unless a number above 12, am/pm or a zone of the United States shows that the month comes first;
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
    if !text.contains(|c: char| c.is_ascii_digit()) {
        return relative::find(text, context).into_iter().collect();
    }
    if let Some(found) = epoch(text, context) {
        return vec![found];
    }
    let context = &context.with_order_of(text);
    let mut days = form::days(text);
    days.extend(named::days(text));
    days.sort_by_key(|day| (!day.has_year(), day.start)); // stable: forms keep their order
    let (dated, yearless) = days.split_at(days.partition_point(form::Day::has_year));
    let mut found = settle(text, dated, context);
    if found.is_empty() {
        found.extend(relative::find(text, context));
    }
    if found.is_empty() && context.scope == Scope::Alone && dated.is_empty() {
        found = settle(text, yearless, context);
    }
    found
}

/// The days that can be, with their times, without overlaps.
fn settle(text: &str, days: &[form::Day], context: &Context) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut floor = 0;
    for day in days {
        if day.start < floor || found.len() >= MAX_DATES {
            continue;
        }
        if let Some(next) = complete(text, floor, day, context) {
            floor = next.end;
            found.push(next);
        } else if context.scope == Scope::Alone {
            return found; // what is no date isn't read as a piece of one
        }
    }
    found
}

/// Seconds, milliseconds, microseconds or nanoseconds since 1970, as attributes have them: the whole
/// text, nothing else.
fn epoch(text: &str, context: &Context) -> Option<Found> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let number: i64 = whole.parse().ok()?;
    let is_fraction = fraction.bytes().all(|b| b.is_ascii_digit());
    let seconds = match whole.len() {
        _ if !is_fraction || !whole.bytes().all(|b| b.is_ascii_digit()) => return None,
        10 => number,
        13 => number / 1_000,
        16 => number / 1_000_000,
        19 => number / 1_000_000_000,
        _ => return None,
    };
    let zone = context.zone.unwrap_or(Tz::UTC);
    let instant = DateTime::from_timestamp(seconds, 0)?;
    let local = instant.with_timezone(&zone).fixed_offset();
    let stamp = Stamp {
        local: local.naive_local(),
        offset: Some(*local.offset()),
        precision: Precision::Second,
    };
    let reading = Reading {
        stamp,
        rule: "epoch",
        twin: None,
    };
    is_believed(&reading.stamp, context.now).then_some(Found {
        reading,
        start: 0,
        end: text.len(),
    })
}

/// A day with the time that stands behind or before it.
fn complete(text: &str, floor: usize, day: &Day, context: &Context) -> Option<Found> {
    let thai = context.is_thai(text).then(|| day.in_thai());
    let day = thai.as_ref().unwrap_or(day);
    let behind = text.get(day.end..).unwrap_or_default();
    let before = text.get(floor..day.start).unwrap_or_default();
    let clock = if day.day.is_none() {
        None
    } else if let Some(clock) = day.clock.clone() {
        Some(clock.with_zone_in(behind))
    } else {
        match clock::behind(behind) {
            Seen::Clock(clock) => Some(clock),
            // a page still states the day
            Seen::Wrong if context.scope == Scope::Page => None,
            Seen::Wrong => return None,
            Seen::Nothing => clock::before(before),
        }
    };
    let is_american = clock.as_ref().is_some_and(|clock| clock.is_american);
    let order = if is_american && context.order != Some(Order::DayFirst) {
        Some(Order::MonthFirst)
    } else {
        context.order
    };
    let read = |order| {
        let date = day.date(order, context)?;
        stamp(date, day.day.is_some(), clock.as_ref(), context)
    };
    let first = read(order)?;
    let other = match order {
        Some(Order::MonthFirst) => Order::DayFirst,
        Some(Order::DayFirst | Order::YearFirst) | None => Order::MonthFirst,
    };
    let twin = read(Some(other)).filter(|_| day.is_swappable && !is_american);
    let is_iso = day.rule == "year_first" && clock.as_ref().is_some_and(|clock| clock.is_iso);
    let rule = if is_iso { "iso8601" } else { day.rule };
    Some(Found {
        reading: Reading {
            stamp: first,
            rule,
            twin,
        },
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
    let stamp = match clock.and_then(|clock| clock::zone_in(clock, context)) {
        Some(zone) => zone.apply(stamp),
        None => stamp,
    };
    let stamp = stamp.or_in(context.zone);
    let is_possible = match context.scope {
        Scope::Page => is_believed(&stamp, context.now),
        Scope::Alone => YEARS.contains(&stamp.local.year()),
    };
    is_possible.then_some(stamp)
}

/// Whether a page of the web can be of this time.
fn is_believed(stamp: &Stamp, now: DateTime<Utc>) -> bool {
    let instant = stamp.instant().unwrap_or_else(|| stamp.local.and_utc());
    let latest = now.checked_add_signed(MAX_FUTURE);
    stamp.local.year() >= FIRST_YEAR && latest.is_some_and(|latest| instant <= latest)
}

#[cfg(test)]
mod tests;
