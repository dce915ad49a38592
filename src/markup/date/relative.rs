//! "3 hours ago", "yesterday": dates that count from now.

use std::sync::LazyLock;

use chrono::{Datelike, Days, FixedOffset, Months, NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use regex::Regex;

use super::clock;
use super::{Context, Found, Reading};
use crate::domain::{Precision, Stamp};

/// Such phrases stand alone; in a longer text they speak of something else.
const MAX_BYTES: usize = 60;

#[derive(Clone, Copy)]
enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
}

/// Beginnings of unit names in lower case; the first that fits counts.
const UNITS: &[(Unit, &[&str])] = &[
    (
        Unit::Month,
        &[
            "개월", "달", "か月", "ヶ月", "个月", "個月", "month", "monat", "mois", "mes", "mês",
        ],
    ),
    (Unit::Second, &["초", "秒", "sec", "sek", "seg"]),
    (Unit::Minute, &["분", "分", "min"]),
    (
        Unit::Hour,
        &[
            "시간", "時間", "小时", "小時", "hour", "hr", "h", "stunde", "heure", "hora", "or",
        ],
    ),
    (
        Unit::Week,
        &[
            "주", "週", "周", "week", "woche", "semaine", "semana", "settiman",
        ],
    ),
    (
        Unit::Day,
        &[
            "일", "日", "天", "day", "tag", "jour", "día", "dia", "giorn", "d",
        ],
    ),
];

const AGO: &str = r"(?i)(?P<n>\d{1,4}|\ban?|\bone) ?(?P<unit>초|분|시간|일|주일?|개월|달|秒钟?|分钟?|分鐘|小时|小時|時間|日|天|周|週間?|か月|ヶ月|个月|個月|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|h|d) ?(?:전|前|以前|之前|ago\b)|\b(?:vor|il y a|hace|há) (?P<n2>\d{1,4}|eine[rm]|une?|una?|uma?) (?P<unit2>sekunde|minute|stunde|tag|woche|monat|seconde|heure|jour|semaine|mois|segundo|minuto|hora|d[ií]a|semana|mes|mês)|(?P<n3>\d{1,4}) (?P<unit3>minut[io]|or[ae]|giorn[io]|settiman[ae]) fa\b";
const NOW: &str =
    r"(?i)^\W*(?:방금(?: 전)?|just now|たった今|刚刚|剛剛|gerade eben|à l'instant)\W*$";
const DAYS: &str = r"(?i)\b(?P<word>그저께|그제|어제|오늘|yesterday|today|昨日|今日|昨天|今天|gestern|heute|ayer|ontem|hoje|ieri|oggi|gisteren|vandaag|hier|aujourd'hui)";

struct Patterns {
    ago: Regex,
    now: Regex,
    days: Regex,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    Some(Patterns {
        ago: Regex::new(AGO).ok()?,
        now: Regex::new(NOW).ok()?,
        days: Regex::new(DAYS).ok()?,
    })
});

/// The date that a short phrase counts from now.
pub(super) fn find(text: &str, context: &Context) -> Option<Found> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let (here, offset) = here(context)?;
    let patterns = PATTERNS.as_ref()?;
    let (local, precision, start, end) = if patterns.now.is_match(text) {
        (to_minute(here)?, Precision::Minute, 0, text.len())
    } else {
        ago(text, here, patterns).or_else(|| named_day(text, here, patterns))?
    };
    let stamp = Stamp {
        local,
        offset: Some(offset),
        precision,
    };
    let is_past = local <= here;
    is_past.then_some(Found {
        reading: Reading {
            stamp,
            rule: "relative",
        },
        start,
        end,
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

type Place = (NaiveDateTime, Precision, usize, usize);

fn ago(text: &str, here: NaiveDateTime, patterns: &Patterns) -> Option<Place> {
    let found = patterns.ago.captures(text)?;
    let group = |names: [&str; 3]| names.into_iter().find_map(|name| found.name(name));
    let count = group(["n", "n2", "n3"])?
        .as_str()
        .parse::<u32>()
        .unwrap_or(1); // "an hour"
    let name = group(["unit", "unit2", "unit3"])?.as_str().to_lowercase();
    let has_name = |names: &&[&str]| names.iter().any(|begin| name.starts_with(begin));
    let unit = UNITS
        .iter()
        .find(|(_, names)| has_name(names))
        .map(|(unit, _)| *unit)?;
    let within_day = |delta: TimeDelta| {
        let local = to_minute(here.checked_sub_signed(delta)?)?;
        Some((local, Precision::Minute))
    };
    let days = |days: u32| {
        let date = here.date().checked_sub_days(Days::new(u64::from(days)))?;
        Some((date.into(), Precision::Day))
    };
    let (local, precision) = match unit {
        Unit::Second => within_day(TimeDelta::seconds(i64::from(count)))?,
        Unit::Minute => within_day(TimeDelta::minutes(i64::from(count)))?,
        Unit::Hour => within_day(TimeDelta::hours(i64::from(count)))?,
        Unit::Day => days(count)?,
        Unit::Week => days(count.checked_mul(7)?)?,
        Unit::Month => {
            let date = here.date().checked_sub_months(Months::new(count))?;
            let first = NaiveDate::from_ymd_opt(date.year(), date.month(), 1)?;
            (first.into(), Precision::Month)
        }
    };
    let all = found.get(0)?;
    Some((local, precision, all.start(), all.end()))
}

fn named_day(text: &str, here: NaiveDateTime, patterns: &Patterns) -> Option<Place> {
    let found = patterns.days.captures(text)?.name("word")?;
    let days = match found.as_str().to_lowercase().as_str() {
        "오늘" | "today" | "今日" | "今天" | "heute" | "hoje" | "oggi" | "vandaag"
        | "aujourd'hui" => 0,
        "그저께" | "그제" => 2,
        _ => 1,
    };
    let date = here.date().checked_sub_days(Days::new(days))?;
    let behind = text.get(found.end()..)?;
    match clock::behind(behind) {
        Some(clock) => {
            let end = found.end() + clock.behind_bytes;
            Some((
                date.and_time(clock.time),
                clock.precision(),
                found.start(),
                end,
            ))
        }
        // alone, not as a word of a sentence
        None if behind.chars().any(char::is_alphanumeric) => None,
        None => Some((date.into(), Precision::Day, found.start(), found.end())),
    }
}

fn to_minute(time: NaiveDateTime) -> Option<NaiveDateTime> {
    time.with_second(0)?.with_nanosecond(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_patterns_compile() {
        assert!(PATTERNS.is_some());
    }
}
