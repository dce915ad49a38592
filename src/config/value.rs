//! Single values: text to type, or a sentence on what is wrong and what is allowed.

use std::fmt;
use std::ops::RangeInclusive;
use std::time::Duration;

use chrono::NaiveDate;
use regex::{Regex, RegexBuilder};
use toml::de::DeValue;

use super::nearest::nearest;
use super::reader::Entry;
use crate::domain::ByteSize;

/// Longer durations would overflow calendars.
const MAX_DAYS: u64 = 36_500;
/// Memory that a compiled pattern may take.
const MAX_PATTERN_BYTES: usize = 1 << 20;
/// More of a wrong value is not repeated.
const MAX_SHOWN_CHARS: usize = 60;
/// "5 is a number; write …".
pub(super) fn wrong_type(entry: &Entry<'_>, wanted: &str) -> String {
    let kind = match entry.value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    match shown(entry) {
        Some(value) => format!("{value} is {kind}; write {wanted}"),
        None => format!("this is {kind}; write {wanted}"),
    }
}

fn shown(entry: &Entry<'_>) -> Option<String> {
    if let Some(text) = entry.verbatim {
        return Some(quoted(text));
    }
    match entry.value {
        DeValue::String(text) => Some(quoted(text)),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Datetime(instant) => Some(instant.to_string()),
        DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

/// A wrong value as it is repeated in a message: quoted and cut.
pub(super) fn quoted(text: &str) -> String {
    let cut: String = text.chars().take(MAX_SHOWN_CHARS).collect();
    let tail = if cut.len() < text.len() { "…" } else { "" };
    format!("{:?}", cut + tail)
}

/// Text.
pub(super) fn text<'d>(entry: &Entry<'d>) -> Result<&'d str, String> {
    let value: &'d DeValue<'d> = entry.value;
    entry
        .verbatim
        .or(value.as_str())
        .ok_or_else(|| wrong_type(entry, "text in quotes"))
}

/// Text that owns itself.
pub(super) fn owned_text(entry: &Entry<'_>) -> Result<String, String> {
    text(entry).map(str::to_owned)
}

/// Text that is not empty.
pub(super) fn word(entry: &Entry<'_>) -> Result<String, String> {
    match text(entry)?.trim() {
        "" => Err("is empty; give it a value or leave the key out".to_owned()),
        word => Ok(word.to_owned()),
    }
}

/// True or false.
pub(super) fn flag(entry: &Entry<'_>) -> Result<bool, String> {
    let value = entry.value.as_bool();
    value.ok_or_else(|| wrong_type(entry, "true or false"))
}

/// A whole number within bounds.
pub(super) fn count<T>(bounds: RangeInclusive<T>) -> impl Fn(&Entry<'_>) -> Result<T, String>
where
    T: TryFrom<i64> + PartialOrd + fmt::Display,
{
    move |entry| {
        let wanted = format!("a whole number from {} to {}", bounds.start(), bounds.end());
        let number = entry
            .value
            .as_integer()
            .and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok())
            .ok_or_else(|| wrong_type(entry, &wanted))?;
        T::try_from(number)
            .ok()
            .filter(|count| bounds.contains(count))
            .ok_or_else(|| format!("{number} is out of bounds; write {wanted}"))
    }
}

const UNITS: [(&str, u64); 5] = [
    ("ms", 1),
    ("s", 1_000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
];

/// A duration: "30s".
pub(super) fn duration(entry: &Entry<'_>) -> Result<Duration, String> {
    let refused = || {
        let value = shown(entry).unwrap_or_else(|| "this".to_owned());
        format!("{value} is no duration; write \"30s\", \"5m\", \"1h\" or \"2d\"")
    };
    let text = text(entry).map_err(|_wrong: String| refused())?.trim();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.strip_prefix(digits).unwrap_or_default();
    let (_, unit_ms) = UNITS
        .iter()
        .find(|(name, _)| *name == unit)
        .ok_or_else(refused)?;
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let count: u64 = digits
        .parse()
        .map_err(|_e: std::num::ParseIntError| refused())?;
    let duration_ms = count
        .checked_mul(*unit_ms)
        .filter(|ms| *ms <= MAX_DAYS * 86_400_000)
        .ok_or_else(|| format!("{} is longer than \"{MAX_DAYS}d\"", quoted(text)))?;
    is_number
        .then(|| Duration::from_millis(duration_ms))
        .ok_or_else(refused)
}

/// A duration within bounds.
pub(super) fn duration_within(
    bounds: RangeInclusive<Duration>,
) -> impl Fn(&Entry<'_>) -> Result<Duration, String> {
    move |entry| {
        let value = duration(entry)?;
        if bounds.contains(&value) {
            return Ok(value);
        }
        Err(format!(
            "{} is out of bounds; write a duration from \"{}\" to \"{}\"",
            quoted(text(entry)?),
            written(*bounds.start()),
            written(*bounds.end())
        ))
    }
}

/// A duration as it is written in TOML.
pub(super) fn written(duration: Duration) -> String {
    let duration_ms = duration.as_millis();
    if duration_ms == 0 {
        return "0s".to_owned();
    }
    let fits = |unit_ms: u64| duration_ms.is_multiple_of(u128::from(unit_ms));
    let unit = UNITS.iter().rev().find(|(_, unit_ms)| fits(*unit_ms));
    unit.map_or_else(String::new, |(name, unit_ms)| {
        format!("{}{name}", duration_ms / u128::from(*unit_ms))
    })
}

/// A size within bounds.
pub(super) fn size_within(
    bounds: RangeInclusive<ByteSize>,
) -> impl Fn(&Entry<'_>) -> Result<ByteSize, String> {
    move |entry| {
        let text = text(entry).map_err(|_wrong: String| {
            wrong_type(entry, "a size with a unit: \"512KiB\", \"8MiB\", \"2GiB\"")
        })?;
        let size: ByteSize = text
            .parse()
            .map_err(|e: crate::domain::ByteSizeError| e.to_string())?;
        if bounds.contains(&size) {
            return Ok(size);
        }
        let (min, max) = (bounds.start(), bounds.end());
        Err(format!(
            "{text} is out of bounds; write a size from \"{min}\" to \"{max}\""
        ))
    }
}

/// One of a few words.
pub(super) fn choice<T: Copy>(
    choices: &'static [(&'static str, T)],
) -> impl Fn(&Entry<'_>) -> Result<T, String> {
    move |entry| {
        let names = || choices.iter().map(|(name, _)| *name);
        let allowed = names().map(quoted).collect::<Vec<_>>().join(" or ");
        let given = text(entry).map_err(|_wrong: String| wrong_type(entry, &allowed))?;
        let found = choices.iter().find(|(name, _)| *name == given);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let hint = match nearest(given, names()) {
                Some(name) => format!("did you mean \"{name}\"? Allowed are"),
                None => "write".to_owned(),
            };
            format!("{} is not known here; {hint} {allowed}", quoted(given))
        })
    }
}

/// A day: 2026-11-02, without quotes.
pub(super) fn date(entry: &Entry<'_>) -> Result<NaiveDate, String> {
    let wanted = "a day without quotes: 2026-11-02";
    let value = entry
        .value
        .as_datetime()
        .ok_or_else(|| wrong_type(entry, wanted))?;
    let day = match (value.date, value.time) {
        (Some(day), None) => {
            NaiveDate::from_ymd_opt(i32::from(day.year), day.month.into(), day.day.into())
        }
        _ => None,
    };
    day.ok_or_else(|| format!("{value} is no day; write {wanted}"))
}

/// A pattern over whole addresses.
pub(super) fn pattern(entry: &Entry<'_>) -> Result<Regex, String> {
    let given = text(entry)?;
    if given.is_empty() {
        return Err("is empty; leave the key out to have the pattern learned".to_owned());
    }
    RegexBuilder::new(given)
        .size_limit(MAX_PATTERN_BYTES)
        .build()
        .map_err(|error| {
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default();
            let reason = reason.trim_start_matches("error: ").trim();
            format!(
                "{} is no pattern: {reason}; write one like '/news/\\d+'",
                quoted(given)
            )
        })
}

/// What filters log lines: a level, or levels by module.
pub(super) fn log_level(entry: &Entry<'_>) -> Result<String, String> {
    const LEVELS: [&str; 6] = ["error", "warn", "info", "debug", "trace", "off"];
    let given = text(entry)?.trim();
    for part in given.split(',').map(str::trim) {
        let (target, level) = part.rsplit_once('=').unwrap_or(("sokbo", part));
        let is_target = !target.is_empty()
            && target
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_:-".contains(c));
        if !is_target || !LEVELS.contains(&level) {
            let hint = nearest(level, LEVELS).map_or_else(
                || "write one of".to_owned(),
                |known| format!("did you mean \"{known}\"? Allowed are"),
            );
            let (part, levels) = (quoted(part), LEVELS.join(", "));
            return Err(format!(
                "{part} is no log level; {hint} {levels}, \
                 or by module: \"info,sokbo::fetch=debug\""
            ));
        }
    }
    Ok(given.to_owned())
}
