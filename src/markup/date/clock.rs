//! The time of day that stands behind or before a date.

use std::sync::LazyLock;

use chrono::NaiveTime;
use regex::{Captures, Regex};

use super::zone::{self, Zone};
use crate::domain::Precision;

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

/// A way to write a time.
struct Style {
    behind: Regex,
    before: Regex,
    /// Numbers alone could be anything: something must say that this is a time.
    needs_mark: bool,
}

/// What may stand between a date and its time: punctuation, the weekday, "at".
const GAP: &str = r"(?:[ ,;.·•|()\[\]–—:/-]|г\.|года|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|[월화수목금토일](?:요일)?|[月火水木金土日](?:曜日?)?|(?:星期|周|週)[一二三四五六日天]|at|on|um|à|às|as|a las|alle|om|u|в|о|saat)";
/// Words that are followed by a time and nothing else.
const MARK: &str = r"(?P<mark>kl\.? ?|klo ?|klokken |ore |ora |godz\. ?|hora:? )?";
const HALF: &str = r"(?P<half>오전|오후|午前|午後|上午|下午|새벽|[ap]\.?m\.? )? ?";
const TAIL: &str = r" ?(?P<tail>[ap]\. ?m\.|[ap]m\b|[ap]\.m\b|오전|오후|uhr|uur|hrs\b|h\b)?";
/// The numbers themselves; the second value tells whether they need a mark.
const CORES: [(&str, bool); 5] = [
    (
        r"(?P<h>\d{1,2}) ?: ?(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?",
        false,
    ),
    (
        r"(?P<h>\d{1,2}) ?[시時时点點] ?(?:(?P<m>\d{1,2}) ?[분分] ?(?:(?P<s>\d{1,2}) ?[초秒])?)?",
        false,
    ),
    (r"(?P<h>\d{1,2}) ?h ?(?P<m>\d{2})(?:min)?", false),
    (r"(?P<h>\d{1,2})\.(?P<m>\d{2})(?:\.(?P<s>\d{2}))?", true),
    (r"(?P<h>\d{1,2})", true),
];

static STYLES: LazyLock<Vec<Style>> = LazyLock::new(|| {
    CORES
        .iter()
        .filter_map(|(core, needs_mark)| {
            let time = format!("{MARK}{HALF}{core}{TAIL}");
            Some(Style {
                behind: Regex::new(&format!("^(?i)(?P<iso>T)?{GAP}{{0,12}}?{time}")).ok()?,
                before: Regex::new(&format!(
                    "(?i){time}(?P<zone> ?\\(?[A-Z]{{2,4}}\\b\\)?)?{GAP}{{0,12}}$"
                ))
                .ok()?,
                needs_mark: *needs_mark,
            })
        })
        .collect()
});

impl Clock {
    /// A time from the digits of a compact date.
    pub(super) fn of(hour: u32, minute: u32, second: Option<u32>) -> Option<Self> {
        Some(Self {
            time: NaiveTime::from_hms_opt(hour, minute, second.unwrap_or(0).min(59))?,
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
pub(super) fn behind(text: &str) -> Option<Clock> {
    STYLES.iter().find_map(|style| {
        let found = style.behind.captures(text)?;
        let end = found.get(0)?.end();
        let rest = text.get(end..)?;
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let clock = read(&found)?;
        let is_marked = is_marked(&found) || zone::at_start(rest).is_some();
        let mut clock = clock.with_zone_in(rest);
        clock.is_iso = found.name("iso").is_some();
        clock.behind_bytes += end;
        (is_marked || !style.needs_mark).then_some(clock)
    })
}

/// The time that a text ends with, before a date.
pub(super) fn before(text: &str) -> Option<Clock> {
    STYLES.iter().find_map(|style| {
        let found = style.before.captures(text)?;
        let start = found.get(0)?.start();
        if text
            .get(..start)?
            .ends_with(|c: char| c.is_ascii_digit() || ":.".contains(c))
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
    let half = found.name("half").or_else(|| found.name("tail"));
    let half = half.map_or("", |half| half.as_str()).to_lowercase();
    let is_english =
        |first: char| half.starts_with(first) && half.contains('m') && !half.contains('u');
    let is_am = is_english('a') || matches!(half.as_str(), "오전" | "午前" | "上午" | "새벽");
    let is_pm = is_english('p') || matches!(half.as_str(), "오후" | "午後" | "下午");
    let hour = match number("h")? {
        12 if is_am => 0,
        hour if is_pm && hour < 12 => hour + 12,
        hour => hour, // also "오후 17:25", as some write
    };
    let mut clock = Clock::of(hour, number("m").unwrap_or(0), number("s"))?;
    clock.is_american = is_english('a') || is_english('p');
    Some(clock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_styles_compile() {
        assert_eq!(STYLES.len(), CORES.len());
    }
}
