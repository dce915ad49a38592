//! "3 hours ago", "yesterday": dates that count from now.

use chrono::{Datelike, Days, FixedOffset, Months, NaiveDate, NaiveDateTime, TimeDelta, Timelike};

use super::clock::{self, Seen};
use super::label::last_label;
use super::phrase::{BEFORE, BEHIND, DAYS, NOW, ONE, TWO, UNITS, Unit};
use super::token::{Kind, Token, tokens};
use super::{Context, Found, Reading};
use crate::domain::{Precision, Stamp};

/// Such phrases stand alone; in a longer text they speak of something else.
const MAX_BYTES: usize = 100;

/// A date that a phrase counts to, and where the phrase begins.
struct Counted {
    local: NaiveDateTime,
    precision: Precision,
    start: usize,
    rule: &'static str,
}

/// The date that a short phrase counts from now.
pub(super) fn find(text: &str, context: &Context) -> Option<Found> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let (here, offset) = here(context)?;
    let lower = text.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
    let counted = if NOW.contains(&bare) {
        Counted {
            local: to_minute(here)?,
            precision: Precision::Minute,
            start: 0,
            rule: "relative_now",
        }
    } else {
        ago(&lower, here).or_else(|| named_day(&lower, here))?
    };
    let stamp = Stamp {
        local: counted.local,
        offset: Some(offset),
        precision: counted.precision,
    };
    let is_same_length = lower.len() == text.len();
    Some(Found {
        reading: Reading {
            stamp,
            rule: counted.rule,
            twin: None,
        },
        start: if is_same_length { counted.start } else { 0 },
        end: text.len(),
    })
}

/// The wall clock of the context's zone, of UTC where there is none.
fn here(context: &Context) -> Option<(NaiveDateTime, FixedOffset)> {
    let Some(zone) = context.zone else {
        return Some((context.now.naive_utc(), FixedOffset::east_opt(0)?));
    };
    let here = context.now.with_timezone(&zone).fixed_offset();
    Some((here.naive_local(), *here.offset()))
}

fn ago(lower: &str, here: NaiveDateTime) -> Option<Counted> {
    let tokens = tokens(lower);
    let number = tokens.iter().find(|token| token.kind == Kind::Number);
    let is_one = |token: &&Token<'_>| {
        let rest = lower.get(token.end()..).map(begin);
        ONE.contains(&token.text) && rest.and_then(unit).is_some()
    };
    let (start, end, count) = match number {
        Some(token) => (token.start, token.end(), token.number(1..=4)?),
        None if tokens.iter().any(|token| TWO.contains(&token.text)) => (0, 0, 2),
        None => {
            let one = tokens.iter().find(is_one);
            one.map_or((0, 0, 1), |token| (token.start, token.end(), 1))
        }
    };
    let mut head = lower.get(..start)?.trim_end();
    let mut tail = begin(lower.get(end..)?);
    if end == 0 {
        // "hace hora", "час назад"
        let prefix = BEFORE
            .iter()
            .find(|word| tail.split(' ').next() == Some(**word));
        head = prefix.copied().unwrap_or_default();
        tail = tail.get(head.len()..)?.trim_start();
    }
    let (unit, rest) = unit(tail)?;
    let word_ends = |text: &str, word: &&str| {
        let before = text.strip_suffix(*word);
        before.is_some_and(|before| !before.ends_with(char::is_alphanumeric))
    };
    let is_before = BEFORE.iter().any(|word| word_ends(head, word));
    let is_behind = BEHIND
        .iter()
        .any(|word| rest.trim_start().starts_with(word));
    if !is_before && !is_behind {
        return None;
    }
    let (local, precision) = count_back(here, count, unit)?;
    Some(Counted {
        local,
        precision,
        start: if is_before { 0 } else { start },
        rule: "relative_ago",
    })
}

/// What follows a number, without the blank or the apostrophe of `un'ora`.
fn begin(text: &str) -> &str {
    text.trim_start_matches([' ', '\''])
}

/// The unit that a text begins with, and what follows its word. Words of scripts without blanks end
/// where the name does.
fn unit(tail: &str) -> Option<(Unit, &str)> {
    let end = tail.find(|c: char| c == ' ' || c.is_ascii_punctuation());
    let word = tail.get(..end.unwrap_or(tail.len()))?;
    let names = UNITS.iter().flat_map(|(unit, names)| {
        let names = names.split_ascii_whitespace();
        names.map(move |name| (*unit, name))
    });
    let fits = |name: &str| match name.strip_prefix('=') {
        Some(whole) => word == whole,
        None => word.starts_with(name),
    };
    let (unit, name) = names
        .filter(|(_, name)| fits(name))
        .max_by_key(|(_, name)| name.trim_start_matches('=').len())?;
    let is_unspaced =
        name.starts_with(|c: char| c >= '\u{0e01}' && !('\u{1e00}'..'\u{2000}').contains(&c));
    let taken = if is_unspaced { name.len() } else { word.len() };
    Some((unit, tail.get(taken..)?))
}

fn count_back(here: NaiveDateTime, count: u32, unit: Unit) -> Option<(NaiveDateTime, Precision)> {
    let within_day = |delta: TimeDelta| {
        let local = to_minute(here.checked_sub_signed(delta)?)?;
        Some((local, Precision::Minute))
    };
    let days = |days: u32| {
        let date = here.date().checked_sub_days(Days::new(u64::from(days)))?;
        Some((date.into(), Precision::Day))
    };
    let months = |months: u32| {
        let date = here.date().checked_sub_months(Months::new(months))?;
        let first = NaiveDate::from_ymd_opt(date.year(), date.month(), 1)?;
        Some((first.into(), Precision::Month))
    };
    match unit {
        Unit::Second => within_day(TimeDelta::seconds(i64::from(count))),
        Unit::Minute => within_day(TimeDelta::minutes(i64::from(count))),
        Unit::Hour => within_day(TimeDelta::hours(i64::from(count))),
        Unit::Day => days(count),
        Unit::Week => days(count.checked_mul(7)?),
        Unit::Month => months(count),
        Unit::Year => months(count.checked_mul(12)?),
    }
}

/// "Yesterday", alone, behind a label or with a time.
fn named_day(lower: &str, here: NaiveDateTime) -> Option<Counted> {
    let days = (0..)
        .zip(DAYS)
        .flat_map(|(back, words)| words.iter().map(move |word| (back, *word)));
    let found = days.filter_map(|(back, word)| Some((back, word, lower.find(word)?)));
    // the longest name, as 昨日 is in 一昨日
    let (back, word, start) = found.max_by_key(|(_, word, _)| word.len())?;
    let date = here.date().checked_sub_days(Days::new(back))?;
    let (head, tail) = (lower.get(..start)?, lower.get(start + word.len()..)?);
    let (local, precision) = match (clock::behind(tail), clock::before(head)) {
        (Seen::Clock(clock), _) | (Seen::Nothing, Some(clock)) => {
            let local = date.and_time(clock.time);
            let behind = tail.get(clock.behind_bytes..).unwrap_or_default();
            let is_announced = local > here && behind.contains(char::is_alphabetic);
            (!is_announced).then_some((local, clock.precision()))?
        }
        // alone, not as a word of a sentence
        (Seen::Nothing, None) => {
            let is_end = !tail.contains(char::is_alphanumeric);
            let is_begin = !head.contains(char::is_alphanumeric) || last_label(head).is_some();
            (is_end && is_begin).then_some((date.into(), Precision::Day))?
        }
        (Seen::Wrong, _) => return None,
    };
    Some(Counted {
        local,
        precision,
        start,
        rule: "relative_day",
    })
}

fn to_minute(time: NaiveDateTime) -> Option<NaiveDateTime> {
    time.with_second(0)?.with_nanosecond(0)
}
