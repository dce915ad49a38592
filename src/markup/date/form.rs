//! The forms in which a day is written in figures.

use std::ops::Range;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate, Weekday};
use regex::{Captures, Regex};

use super::calendar;
use super::clock::Clock;
use super::month::{self, Month};
use super::{Context, Order};

/// Matches looked at in one text; a text of digits must not cost more.
const MAX_MATCHES: usize = 200;

/// The form with a year of two digits.
const SHORT: &str = "short_year";

/// A day as it was written, and where.
#[derive(Debug, Default, Clone)]
pub(super) struct Day {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) rule: &'static str,
    /// Unset where none is written.
    year: Option<i32>,
    month: u32,
    /// Unset where only the month is written.
    pub(super) day: Option<u32>,
    /// Which of the two small numbers is the month follows from elsewhere.
    pub(super) is_swappable: bool,
    /// The time, where it is written inside the date.
    pub(super) clock: Option<Clock>,
    /// Written as three small numbers, here in the order of the text.
    is_short: bool,
}

impl Day {
    /// A day of the calendar, or none where there is no such day; its place follows.
    pub(super) fn of(
        year: Option<i32>,
        month: u32,
        day: Option<u32>,
        rule: &'static str,
    ) -> Option<Self> {
        let leap = match year {
            Some(year) => calendar::of_buddhist(year).unwrap_or(year),
            None => 2024, // 29 February exists without a year
        };
        NaiveDate::from_ymd_opt(leap, month, day.unwrap_or(1))?;
        Some(Self {
            rule,
            year,
            month,
            day,
            ..Self::default()
        })
    }

    pub(super) fn of_date(date: NaiveDate, rule: &'static str) -> Self {
        Self {
            rule,
            year: Some(date.year()),
            month: date.month(),
            day: Some(date.day()),
            ..Self::default()
        }
    }

    pub(super) fn at(self, start: usize, end: usize) -> Self {
        Self { start, end, ..self }
    }

    /// The same day, of a text whose years may be Buddhist.
    pub(super) fn in_thai(&self) -> Self {
        let year = self
            .year
            .map(|year| calendar::of_buddhist(year).unwrap_or(year));
        Self {
            year,
            ..self.clone()
        }
    }

    pub(super) fn has_year(&self) -> bool {
        self.year.is_some()
    }

    /// The date; the first of the month where no day is written, the last such day where no year is.
    pub(super) fn date(&self, order: Option<Order>, context: &Context) -> Option<NaiveDate> {
        if self.is_short {
            return self.short_date(order, context);
        }
        let (month, day) = match self.day {
            Some(day) if self.is_swappable && order == Some(Order::MonthFirst) => (day, self.month),
            Some(day) => (self.month, day),
            None => (self.month, 1),
        };
        match self.year {
            Some(year) => NaiveDate::from_ymd_opt(year, month, day),
            None => calendar::last_such_day(month, day, context.today()),
        }
    }

    /// `24.03.05` in a known order, else where the numbers themselves leave only one way to read it.
    fn short_date(&self, order: Option<Order>, context: &Context) -> Option<NaiveDate> {
        let (first, second, third) = (self.year?, self.month, self.day?);
        let small = u32::try_from(first).ok()?;
        let century = |year: i32| if year < 70 { 2000 + year } else { 1900 + year };
        let last = century(i32::try_from(third).ok()?);
        let latest = context.now.date_naive();
        let known = |date: Option<NaiveDate>| date.filter(|date| *date <= latest);
        let year_first = known(NaiveDate::from_ymd_opt(century(first), second, third));
        let month_first = known(NaiveDate::from_ymd_opt(last, small, second));
        let day_first = known(NaiveDate::from_ymd_opt(last, second, small));
        match order {
            Some(Order::YearFirst) => return year_first,
            Some(Order::MonthFirst) => return month_first.or(day_first),
            Some(Order::DayFirst) => return day_first,
            None => {}
        }
        let mut readings = [year_first, month_first, day_first].into_iter().flatten();
        let only = readings.next()?;
        readings.all(|other| other == only).then_some(only)
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
const FORMS: [(&str, &str, Reader); 14] = [
    (
        "compact",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:(?P<h>\d{2})(?P<min>\d{2})(?P<s>\d{2})?)?",
        in_order,
    ),
    (
        "week",
        r"(?P<y>\d{4})-?[Ww](?P<w>\d{2})-?(?P<d>[1-7])",
        of_week,
    ),
    ("ordinal", r"(?P<y>\d{4})-?(?P<d>\d{3})", of_ordinal),
    (
        "year_first",
        r"(?P<y>\d{4}) ?[-./] ?(?P<m>\d{1,2}) ?[-./] ?(?P<d>\d{1,2})",
        in_order,
    ),
    (
        "cjk",
        r"(?P<y>\d{4}) ?[년年] ?(?P<m>\d{1,2}) ?[월月](?: ?(?P<d>\d{1,2}) ?[일日号號])?",
        in_order,
    ),
    (
        "era",
        r"(?P<era>令和|平成|昭和|大正|明治|[RHS]|中華民國|中华民国|民國|民国|중화민국|檀紀|단기) ?(?P<y>\d{1,4}|元) ?[年년] ?(?P<m>\d{1,2}) ?[月월](?: ?(?P<d>\d{1,2}) ?[日일])?",
        in_order,
    ),
    (
        "era",
        r"(?P<era>[RHS])(?P<y>\d{1,2})[./](?P<m>\d{1,2})[./](?P<d>\d{1,2})",
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
        r"(?P<y>\d{1,2})(?:\. ?|/)(?P<m>\d{1,2})(?:\. ?|/)(?P<d>\d{1,2})",
        short,
    ),
    (
        "month_first",
        r"(?P<m>\d{2})\.(?P<d>\d{2}) (?P<y>\d{4})",
        in_order,
    ),
    ("month", r"^(?P<y>\d{4})[-./](?P<m>\d{1,2})$", in_order),
    ("month", r"^(?P<m>\d{1,2})[-./](?P<y>\d{4})$", in_order),
    (
        "cjk_without_year",
        r"(?P<m>\d{1,2}) ?[월月] ?(?P<d>\d{1,2}) ?[일日号號]",
        in_order,
    ),
];

static COMPILED: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let compile = |(rule, pattern, read): (&'static str, &str, Reader)| {
        // Only these digits are read as numbers; those of all scripts make automata ten times as large.
        let pattern = Regex::new(&pattern.replace(r"\d", "[0-9]")).ok()?;
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
    let mut found = Vec::new();
    for form in COMPILED.iter() {
        matches(form, text, &mut found);
    }
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
    let mut rest = behind.unwrap_or_default().chars();
    let (next, second) = (rest.next(), rest.next());
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_dotted = matches!(next, Some('.' | '/' | '-')) && is_digit(second);
    let is_joined = is_dotted || last.is_some_and(|c| "./-".contains(c));
    match form.rule {
        // a piece of an address or a version
        // the rest of a date with a year
        "cjk_without_year"
            if before.is_some_and(|text| text.trim_end().ends_with(['年', '년'])) =>
        {
            return false;
        }
        SHORT if is_joined || last.is_some_and(is_word) => return false,
        SHORT if !is_padded(matched) && !is_set_off(before) => return false,
        "ordinal" if is_dotted || !(is_whole(before, next, second)) => return false,
        _ => {}
    }
    let is_time = matches!(next, Some('T' | 't')) && is_digit(second);
    if matched.bytes().all(|b| b.is_ascii_digit()) {
        return !last.is_some_and(|c| is_word(c) || "-.".contains(c))
            && (is_time || !next.is_some_and(|c| is_word(c) && c != 'Z'));
    }
    let starts_with_digit = matched.starts_with(|c: char| c.is_ascii_digit());
    let clings = |c: char| {
        if starts_with_digit {
            c.is_ascii_digit()
        } else {
            c.is_alphabetic()
        }
    };
    let ends_with_digit = matched.ends_with(|c: char| c.is_ascii_digit());
    !(last.is_some_and(clings) || ends_with_digit && is_digit(next))
}

/// Whether all three numbers have two digits.
fn is_padded(matched: &str) -> bool {
    let mut parts = matched.split(['.', '/']);
    parts.all(|part| part.trim().len() == 2)
}

/// Whether a mark or nothing stands before, and no word as in `Release 8.4.13`.
fn is_set_off(before: Option<&str>) -> bool {
    let before = before.unwrap_or_default().trim_end();
    before.is_empty() || before.ends_with([',', '|', '·', '•', ':', '(', '–', '-'])
}

/// Whether nothing but a time surrounds a number: `2024065` and `2024-065` could be anything else.
fn is_whole(before: Option<&str>, next: Option<char>, second: Option<char>) -> bool {
    let is_time =
        next.is_none_or(|c| "Tt".contains(c) && second.is_some_and(|c| c.is_ascii_digit()));
    before.is_some_and(str::is_empty) && is_time
}

fn number(found: &Captures<'_>, name: &str) -> Option<u32> {
    found.name(name).and_then(|n| n.as_str().parse().ok())
}

fn in_order(found: &Captures<'_>) -> Option<Day> {
    let month = match found.name("name").map(|name| month::named(name.as_str())) {
        Some(Some(Month::Common(month))) => month,
        Some(Some(Month::Persian(_)) | None) => return None,
        None => number(found, "m")?,
    };
    let year = match (found.name("era"), found.name("y")) {
        (Some(era), Some(year)) => Some(calendar::of_era(era.as_str(), year.as_str())?),
        (_, Some(year)) => Some(year.as_str().parse().ok()?),
        (_, None) => None,
    };
    let clock = match number(found, "h") {
        Some(hour) => {
            let clock = Clock::of(hour, number(found, "min")?, number(found, "s"))?;
            let zone = found.name("zone").map_or("", |zone| zone.as_str());
            Some(clock.with_zone_in(zone))
        }
        None => None,
    };
    let day = Day::of(year, month, number(found, "d"), "")?;
    let clock = clock.map(|clock| Clock {
        behind_bytes: 0,
        ..clock
    });
    Some(Day { clock, ..day })
}

/// ISO 8601 section 5.2.3: `2024-W10-2`.
fn of_week(found: &Captures<'_>) -> Option<Day> {
    let weekday = Weekday::try_from(u8::try_from(number(found, "d")? - 1).ok()?).ok()?;
    let year = i32::try_from(number(found, "y")?).ok()?;
    let date = NaiveDate::from_isoywd_opt(year, number(found, "w")?, weekday)?;
    Some(Day::of_date(date, ""))
}

/// ISO 8601 section 5.2.2: `2024-065`.
fn of_ordinal(found: &Captures<'_>) -> Option<Day> {
    let year = i32::try_from(number(found, "y")?).ok()?;
    let date = NaiveDate::from_yo_opt(year, number(found, "d")?)?;
    Some(Day::of_date(date, ""))
}

/// Three small numbers, whose order shows only in what surrounds them. The last one or the first is
/// a year, which has two digits.
fn short(found: &Captures<'_>) -> Option<Day> {
    let is_year = |name| found.name(name).is_some_and(|n| n.as_str().len() == 2);
    (is_year("y") || is_year("d")).then_some(())?;
    Some(Day {
        year: i32::try_from(number(found, "y")?).ok(),
        month: number(found, "m")?,
        day: Some(number(found, "d")?),
        is_short: true,
        ..Day::default()
    })
}

/// Two small numbers: one above 12 must be the day, otherwise the day comes first.
fn by_size(found: &Captures<'_>) -> Option<Day> {
    let (first, second) = (number(found, "d")?, number(found, "m")?);
    let (month, day) = if second > 12 {
        (first, second)
    } else {
        (second, first)
    };
    let year = i32::try_from(number(found, "y")?).ok()?;
    let text = found.get(0)?.as_str();
    let day = Day::of(Some(year), month, Some(day), "")?;
    Some(Day {
        is_swappable: !text.contains('.') && first <= 12 && second <= 12 && first != second,
        ..day
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_compile() {
        assert_eq!(COMPILED.len(), FORMS.len());
    }
}
