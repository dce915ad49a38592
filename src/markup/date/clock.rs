//! The time of day that stands behind or before a date.

use std::sync::LazyLock;

use chrono::NaiveTime;
use regex::{Captures, Regex};

use super::Context;
use super::token::{self, Kind};
use super::word::{self, HALVES};
use super::zone::{self, Zone};
use crate::domain::Precision;

/// A time before its date, with zone and weekday, is no longer than this.
const MAX_BEFORE_BYTES: usize = 60;
/// Marks and words between a date and its time at most.
const MAX_GAP: usize = 12;

/// A time of day as it was written.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    pub(super) time: NaiveTime,
    pub(super) has_seconds: bool,
    pub(super) zone: Option<Zone>,
    /// Written with am/pm or a zone of the United States.
    pub(super) is_american: bool,
    /// Joined to the date by a `T`.
    pub(super) is_iso: bool,
    /// How much of the text before the date it takes.
    pub(super) before_bytes: usize,
    /// How much of the text behind the date it takes.
    pub(super) behind_bytes: usize,
}

/// What stands at a place where a time may be.
pub(super) enum Seen {
    /// A time.
    Clock(Clock),
    /// What is written as a time, and is none: hour 25.
    Wrong,
    /// Something else.
    Nothing,
}

/// A way to write a time.
struct Style {
    behind: Regex,
    before: Regex,
    /// Numbers alone could be anything: something must say that this is a time.
    needs_mark: bool,
}

/// What may stand between a time and the date behind it.
const GAP: &str = r"(?:[ ,;.·•|()\[\]–—:/-]|on|am|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)";
/// Words that are followed by a time and nothing else.
const MARK: &str = r"(?P<mark>kl\.? ?|klo ?|klokken |kello |ore |ora |orele |godz\. ?|hora:? |เวลา |lúc |pukul |pkl\.? ?|jam |الساعة |ساعت |בשעה |saat |plkst\. ?|kell )?";
/// The numbers themselves; the second value tells whether they need a mark.
const CORES: [(&str, bool); 6] = [
    (
        r"(?P<h>\d{1,2}) ?: ?(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?",
        false,
    ),
    (
        r"(?P<h>\d{1,2}) ?[시時时点點] ?(?:(?P<half_hour>半|반)|(?P<m>\d{1,2}) ?[분分] ?(?:(?P<s>\d{1,2}) ?[초秒])?)?",
        false,
    ),
    (r"(?P<h>\d{1,2}) ?h ?(?P<m>\d{2})(?:min)?", false),
    (r"(?P<h>\d{1,2})\.(?P<m>\d{2})(?:\.(?P<s>\d{2}))?", true),
    (
        r"(?P<h>\d{2})(?P<m>\d{2})(?:(?P<s>\d{2})(?:[.,]\d{1,9})?)?",
        true,
    ),
    (r"(?P<h>\d{1,2})", true),
];

static STYLES: LazyLock<Vec<Style>> = LazyLock::new(|| {
    let (half, tail) = (halves(true), halves(false));
    let style = |(core, needs_mark): &(&str, bool)| {
        let time = format!("{MARK}(?P<half>{half})? ?{core} ?(?P<tail>(?:{tail}))?");
        let before = format!("(?i){time}(?P<zone> ?\\(?[A-Z]{{2,4}}\\b\\)?)?{GAP}{{0,12}}$");
        Some(Style {
            behind: Regex::new(&format!("^(?i){time}")).ok()?,
            before: Regex::new(&before).ok()?,
            needs_mark: *needs_mark,
        })
    };
    CORES.iter().filter_map(style).collect()
});

/// The words for parts of the day and "o'clock" as a pattern; those of one script are whole words.
fn halves(is_before: bool) -> String {
    let words = HALVES.iter().flat_map(|(_, words)| words.iter().copied());
    let words = words.filter(|word| !is_before || word::is_half_before(word));
    let clocks = ["uhr", "uur", "hrs", "h", "น.", "óra", "बजे", "horas", "δ"];
    let clocks = clocks.into_iter().filter(|_| !is_before);
    let mut all: Vec<&str> = words.chain(clocks).collect();
    all.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let whole = |word: &str| {
        let ends_in_letter = word.ends_with(|c: char| c.is_alphanumeric());
        let is_spaced = !word.starts_with(|c: char| c >= '\u{1100}');
        let end = if ends_in_letter && is_spaced {
            r"\b"
        } else {
            ""
        };
        format!("{}{end}", regex::escape(word))
    };
    all.into_iter().map(whole).collect::<Vec<_>>().join("|")
}

impl Clock {
    /// A time from figures.
    pub(super) fn of(hour: u32, minute: u32, second: Option<u32>) -> Option<Self> {
        // RFC 3339 section 5.6: a leap second is the sixtieth of the last minute
        let second_shown = match second {
            Some(60) if minute == 59 => 59,
            second => second.unwrap_or(0),
        };
        Some(Self {
            time: NaiveTime::from_hms_opt(hour, minute, second_shown)?,
            has_seconds: second.is_some(),
            zone: None,
            is_american: false,
            is_iso: false,
            before_bytes: 0,
            behind_bytes: 0,
        })
    }

    /// How exact the time is.
    pub(super) fn precision(&self) -> Precision {
        if self.has_seconds {
            Precision::Second
        } else {
            Precision::Minute
        }
    }

    /// The same time in the zone that `text` begins with, if it does.
    pub(super) fn with_zone_in(mut self, text: &str) -> Self {
        if let (None, Some(stated)) = (self.zone, zone::at_start(text)) {
            self.zone = stated.zone;
            self.is_american |= stated.is_american;
            self.behind_bytes += stated.bytes;
        }
        self
    }
}

/// The time that a text begins with, behind a date.
pub(super) fn behind(text: &str) -> Seen {
    let gap = Gap::of(text);
    let Some(rest) = text.get(gap.bytes..).filter(|rest| !rest.is_empty()) else {
        return Seen::Nothing;
    };
    for style in STYLES.iter() {
        let Some(found) = style.behind.captures(rest) else {
            continue;
        };
        let end = found.get(0).map_or(0, |all| all.end());
        let after = rest.get(end..).unwrap_or_default();
        if after.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let is_iso = gap.is_iso;
        let is_marked = is_marked(&found) || gap.is_marked || zone::at_start(after).is_some();
        if style.needs_mark && !is_marked {
            continue;
        }
        let Some(clock) = read(&found) else {
            let is_wrong = !style.needs_mark && gap.is_close || is_iso;
            return if is_wrong { Seen::Wrong } else { Seen::Nothing };
        };
        if (is_iso || clock.has_seconds) && zone::is_wrong(after) {
            return Seen::Wrong;
        }
        let mut clock = clock.with_zone_in(after);
        clock.is_iso = is_iso;
        clock.behind_bytes += gap.bytes + end;
        return Seen::Clock(clock);
    }
    Seen::Nothing
}

/// What stands between a date and the figures of its time.
struct Gap {
    bytes: usize,
    is_iso: bool,
    /// Nothing but blanks, commas and known words: what follows is meant as the time of the date.
    is_close: bool,
    /// A word said that a time follows.
    is_marked: bool,
}

impl Gap {
    fn of(text: &str) -> Self {
        let near = text.get(..text.ceil_char_boundary(MAX_BEFORE_BYTES.min(text.len())));
        let near = near.unwrap_or_default();
        let iso = near.strip_prefix(['T', 't']);
        if iso.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            return Self {
                bytes: 1,
                is_iso: true,
                is_close: true,
                is_marked: true,
            };
        }
        let mut gap = Self {
            bytes: 0,
            is_iso: false,
            is_close: true,
            is_marked: false,
        };
        for token in token::tokens(near).into_iter().take(MAX_GAP) {
            let is_gap = match token.kind {
                Kind::Number => false,
                Kind::Word => word::is_clock(token.text) || word::is_passed(token.text),
                Kind::Mark => ",;.·•|()[]–—:/-日일년の".contains(token.text),
            };
            if !is_gap || is_half_at(text, token.start) {
                break;
            }
            gap.is_close &= token.kind == Kind::Word || ",.()".contains(token.text);
            gap.is_marked |= token.kind == Kind::Word && word::is_clock(token.text);
            gap.bytes = token.end();
        }
        let rest = text.get(gap.bytes..).unwrap_or_default();
        gap.bytes += rest.len() - rest.trim_start().len();
        gap
    }
}

/// Whether a part of the day begins here, which belongs to the time.
fn is_half_at(text: &str, at: usize) -> bool {
    let first = text.get(at..).unwrap_or_default();
    let word = first.split(' ').next().unwrap_or_default();
    word::is_half_before(word)
}

/// The time that a text ends with, before a date.
pub(super) fn before(text: &str) -> Option<Clock> {
    let near = text.ceil_char_boundary(text.len().saturating_sub(MAX_BEFORE_BYTES));
    let text = text.get(near..)?;
    if !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    STYLES.iter().find_map(|style| {
        let found = style.before.captures(text)?;
        let start = found.get(0)?.start();
        if text
            .get(..start)?
            .ends_with(|c: char| c.is_ascii_digit() || ":.+-".contains(c))
        {
            return None;
        }
        let clock = read(&found)?;
        let zone = found.name("zone").map_or("", |zone| zone.as_str());
        let mut clock = clock.with_zone_in(zone);
        clock.before_bytes = text.len() - start;
        clock.behind_bytes = 0;
        (is_marked(&found) || !style.needs_mark).then_some(clock)
    })
}

fn is_marked(found: &Captures<'_>) -> bool {
    ["mark", "half", "tail"]
        .iter()
        .any(|name| found.name(name).is_some())
}

fn read(found: &Captures<'_>) -> Option<Clock> {
    let number = |name| {
        found
            .name(name)
            .and_then(|n| n.as_str().parse::<u32>().ok())
    };
    let word = found.name("half").or_else(|| found.name("tail"));
    let half = word.and_then(|word| word::half(word.as_str()));
    let hour = number("h")?;
    let hour = half.map_or(Some(hour), |half| half.hour(hour))?;
    let minute = match found.name("half_hour") {
        Some(_) => 30,
        None => number("m").unwrap_or(0),
    };
    let mut clock = Clock::of(hour, minute, number("s"))?;
    let is_english =
        |word: &str| word.starts_with(['a', 'A', 'p', 'P']) && word.contains(['m', 'M']);
    clock.is_american = half.is_some() && word.is_some_and(|word| is_english(word.as_str()));
    Some(clock)
}

/// The zone of a time whose name or region needs to know where the text comes from.
pub(super) fn zone_in(clock: &Clock, context: &Context) -> Option<Zone> {
    clock.zone.and_then(|zone| zone.in_context(context))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_styles_compile() {
        assert_eq!(STYLES.len(), CORES.len());
    }
}
