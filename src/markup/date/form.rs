//! The forms in which a day is written.

use std::ops::Range;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::{Captures, Regex};

use super::clock::Clock;
use super::{Context, month, zone};

/// Matches looked at in one text; a text of digits must not cost more.
const MAX_MATCHES: usize = 200;

/// The form with a year of two digits.
const SHORT: &str = "short_year";

/// A day as it was written, and where.
#[derive(Default)]
pub(super) struct Day {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) rule: &'static str,
    year: i32,
    month: u32,
    /// Unset where only the month is written.
    pub(super) day: Option<u32>,
    /// Which of the two small numbers is the month follows from elsewhere.
    is_swappable: bool,
    /// The time, where it is written inside the date.
    pub(super) clock: Option<Clock>,
    /// Written as three numbers of two digits, here in the order of the text.
    is_short: bool,
}

impl Day {
    /// The date; the first of the month where no day is written.
    pub(super) fn date(&self, is_month_first: bool, context: &Context) -> Option<NaiveDate> {
        if self.is_short {
            return self.short_date(is_month_first, context);
        }
        self.long_date(is_month_first)
    }

    /// `24.03.05`, where zone, time or the numbers themselves leave only one way to read it: East
    /// Asia begins with the year, the United States with the month, all others with the day.
    fn short_date(&self, is_month_first: bool, context: &Context) -> Option<NaiveDate> {
        let (first, second, third) = (self.year, self.month, self.day?);
        let small = u32::try_from(first).ok()?;
        let century = |year: i32| if year < 70 { 2000 + year } else { 1900 + year };
        let last = century(i32::try_from(third).ok()?);
        let latest = context.now.date_naive();
        let known = |date: Option<NaiveDate>| date.filter(|date| *date <= latest);
        let year_first = known(NaiveDate::from_ymd_opt(century(first), second, third));
        let month_first = known(NaiveDate::from_ymd_opt(last, small, second));
        let day_first = known(NaiveDate::from_ymd_opt(last, second, small));
        match context.zone {
            _ if is_month_first => return month_first,
            Some(zone) if zone::is_east_asian(zone) => return year_first,
            Some(_) => return day_first,
            None => {}
        }
        let mut readings = [year_first, month_first, day_first].into_iter().flatten();
        let only = readings.next()?;
        readings.all(|other| other == only).then_some(only)
    }

    fn long_date(&self, is_month_first: bool) -> Option<NaiveDate> {
        let (month, day) = match self.day {
            Some(day) if self.is_swappable && is_month_first => (day, self.month),
            Some(day) => (self.month, day),
            None => (self.month, 1),
        };
        NaiveDate::from_ymd_opt(self.year, month, day)
    }
}

struct Form {
    rule: &'static str,
    pattern: Regex,
    read: fn(&Captures<'_>) -> Option<Day>,
}

type Reader = fn(&Captures<'_>) -> Option<Day>;

/// Groups are `y`, `m`, `d` for numbers, `name` for a month's name, `h`, `min`, `s` for a time. At
/// the same place the first form wins.
const FORMS: [(&str, &str, Reader); 13] = [
    (
        "compact",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?(?P<h>\d{2})(?P<min>\d{2})(?P<s>\d{2})?)?",
        in_order,
    ),
    (
        "year_first",
        r"(?P<y>\d{4}) ?[-./] ?(?P<m>\d{1,2}) ?[-./] ?(?P<d>\d{1,2})",
        in_order,
    ),
    (
        "cjk",
        r"(?P<y>\d{4}) ?[년年] ?(?P<m>\d{1,2}) ?[월月](?: ?(?P<d>\d{1,2}) ?[일日号])?",
        in_order,
    ),
    (
        "japanese_era",
        r"(?P<era>令和|平成) ?(?P<y>\d{1,2}|元) ?年 ?(?P<m>\d{1,2}) ?月(?: ?(?P<d>\d{1,2}) ?日)?",
        in_order,
    ),
    (
        "month_name",
        r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|ª|°|\.)?[ -]?(?:de |of |di |d')?(?P<name>\p{L}{3,14})\.?,?[ -]?(?:de |del |of )?(?P<y>\d{4})",
        in_order,
    ),
    (
        "month_name",
        r"(?P<name>\p{L}{3,14})\.? ?(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?[ ,]{1,3}(?P<y>\d{4})",
        in_order,
    ),
    (
        "month_name",
        r"(?P<y>\d{4})\.? (?P<name>\p{L}{3,14})\.? (?P<d>\d{1,2})",
        in_order,
    ),
    (
        "asctime",
        r"(?P<name>\p{L}{3}) {1,2}(?P<d>\d{1,2}),? (?P<h>\d{2}):(?P<min>\d{2})(?::(?P<s>\d{2}))?(?P<zone> [A-Z]{1,4}| [+-]\d{4})? (?P<y>\d{4})",
        in_order,
    ),
    (
        "day_first",
        r"(?P<d>\d{1,2}) ?[./-] ?(?P<m>\d{1,2}) ?[./-] ?(?P<y>\d{4})",
        by_size,
    ),
    (
        SHORT,
        r"(?P<y>\d{2}) ?[./] ?(?P<m>\d{2}) ?[./] ?(?P<d>\d{2})",
        short,
    ),
    (
        "month_first",
        r"(?P<m>\d{2})\.(?P<d>\d{2}) (?P<y>\d{4})",
        in_order,
    ),
    (
        "month",
        r"(?P<name>\p{L}{3,14})\.?,? (?:de |of )?(?P<y>\d{4})",
        in_order,
    ),
    ("month", r"^(?P<y>\d{4})[-./](?P<m>\d{1,2})$", in_order),
];

static COMPILED: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let compile = |(rule, pattern, read): (&'static str, &str, Reader)| {
        let pattern = Regex::new(pattern).ok()?;
        Some(Form {
            rule,
            pattern,
            read,
        })
    };
    FORMS.into_iter().filter_map(compile).collect()
});

/// Every place where a form matches, in the order of the text; places may overlap.
pub(super) fn days(text: &str) -> Vec<Day> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for form in COMPILED.iter() {
        matches(form, text, &mut found);
    }
    found.sort_by_key(|day: &Day| day.start); // stable: forms keep their order
    found
}

fn matches(form: &Form, text: &str, found: &mut Vec<Day>) {
    let mut at = 0;
    for _ in 0..MAX_MATCHES {
        let Some(captures) = form.pattern.captures_at(text, at) else {
            return;
        };
        let Some(all) = captures.get(0) else {
            return;
        };
        let day = (form.read)(&captures).filter(|_| stands_alone(form, text, all.range()));
        if let Some(mut day) = day {
            (day.start, day.end, day.rule) = (all.start(), all.end(), form.rule);
            found.push(day);
            at = all.end();
        } else {
            at = text.ceil_char_boundary(all.start() + 1);
        }
    }
}

/// Whether a match isn't a piece of a longer number or word.
fn stands_alone(form: &Form, text: &str, place: Range<usize>) -> bool {
    let (before, behind) = (text.get(..place.start), text.get(place.end..));
    let matched = text.get(place).unwrap_or_default();
    let last = before.and_then(|text| text.chars().next_back());
    let next = behind.and_then(|text| text.chars().next());
    let is_compact = matched.bytes().all(|b| b.is_ascii_digit() || b == b'T');
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_dotted = |text: Option<&str>| {
        let mut chars = text.unwrap_or_default().chars();
        matches!(chars.next(), Some('.' | '/' | '-'))
            && chars.next().is_some_and(|c| c.is_ascii_digit())
    };
    let is_joined = is_dotted(behind) || last.is_some_and(|c| "./-".contains(c));
    if is_joined && form.rule == SHORT {
        return false; // a piece of an address or a version
    }
    if is_compact {
        return !last.is_some_and(|c| is_word(c) || "-.".contains(c))
            && !next.is_some_and(|c| is_word(c) && c != 'Z');
    }
    let starts_with_digit = matched.starts_with(|c: char| c.is_ascii_digit());
    let clings = |c: char| {
        if starts_with_digit {
            c.is_ascii_digit()
        } else {
            c.is_alphabetic()
        }
    };
    !last.is_some_and(clings) && !next.is_some_and(|c| c.is_ascii_digit())
}

fn in_order(found: &Captures<'_>) -> Option<Day> {
    let number = |name| {
        found
            .name(name)
            .and_then(|n| n.as_str().parse::<u32>().ok())
    };
    let month = match found.name("name") {
        Some(name) => month::number(name.as_str())?,
        None => number("m")?,
    };
    let era = found
        .name("era")
        .map(|era| if era.as_str() == "令和" { 2018 } else { 1988 });
    let year = match era {
        Some(base) => base + number("y").unwrap_or(1), // 元, the first year
        None => number("y")?,
    };
    let clock = match number("h") {
        Some(hour) => {
            let clock = Clock::of(hour, number("min")?, number("s"))?;
            Some(clock.with_zone_in(found.name("zone").map_or("", |zone| zone.as_str())))
        }
        None => None,
    };
    let day = Day {
        year: i32::try_from(year).ok()?,
        month,
        day: number("d"),
        clock: clock.map(|clock| Clock {
            behind_bytes: 0,
            ..clock
        }),
        ..Day::default() // its place follows
    };
    day.long_date(false).is_some().then_some(day)
}

/// Three small numbers, whose order shows only in what surrounds them.
fn short(found: &Captures<'_>) -> Option<Day> {
    let number = |name| {
        found
            .name(name)
            .and_then(|n| n.as_str().parse::<u32>().ok())
    };
    Some(Day {
        year: i32::try_from(number("y")?).ok()?,
        month: number("m")?,
        day: number("d"),
        is_short: true,
        ..Day::default()
    })
}

/// Two small numbers: one above 12 must be the day, otherwise the day comes first.
fn by_size(found: &Captures<'_>) -> Option<Day> {
    let number = |name| {
        found
            .name(name)
            .and_then(|n| n.as_str().parse::<u32>().ok())
    };
    let (first, second) = (number("d")?, number("m")?);
    let (month, day) = if second > 12 {
        (first, second)
    } else {
        (second, first)
    };
    let has_slash = found.get(0).is_some_and(|all| all.as_str().contains('/'));
    let day = Day {
        year: i32::try_from(number("y")?).ok()?,
        month,
        day: Some(day),
        is_swappable: has_slash && first <= 12 && second <= 12,
        ..Day::default()
    };
    day.long_date(false).is_some().then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_compile() {
        assert_eq!(COMPILED.len(), FORMS.len());
    }
}
