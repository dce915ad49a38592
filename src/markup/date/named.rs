//! Days whose month is named: the name, and the numbers that stand on its sides.

use super::calendar;
use super::form::Day;
use super::month::{self, Month};
use super::near::{Near, apostrophe_year, before, behind, is_clock, short_year};
use super::token::{Kind, Token, tokens};

/// Short names that stand before a year alone; others are words of their own in some language.
const SHORT_NAMES: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
/// Months that are looked at in one text.
const MAX_MONTHS: usize = 200;

/// A month in a text: the tokens it takes, and which one it is.
struct Name {
    first: usize,
    last: usize,
    month: Month,
    is_thai: bool,
}

/// Every date with a named month, in the order of the text.
pub(super) fn days(text: &str) -> Vec<Day> {
    let has_letters = text.chars().any(char::is_alphabetic);
    if !has_letters {
        return Vec::new();
    }
    let tokens = tokens(text);
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        if found.len() >= MAX_MONTHS {
            break;
        }
        if let Some(day) = name_at(&tokens, at).and_then(|name| around(&tokens, &name)) {
            found.push(day);
        }
    }
    found
}

fn name_at(tokens: &[Token<'_>], at: usize) -> Option<Name> {
    let token = tokens.get(at).filter(|t| t.kind == Kind::Word)?;
    let is_thai = token
        .text
        .starts_with(|c: char| ('\u{0e01}'..='\u{0e5b}').contains(&c));
    let of = |last: usize, month: Month| Name {
        first: at,
        last,
        month,
        is_thai,
    };
    let joined = |by: &str, to: usize| {
        let words = tokens.get(at..=to)?.iter().map(|t| t.text);
        month::named(&words.collect::<Vec<_>>().join(by)).map(|month| of(to, month))
    };
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|t| t.text == text);
    let lower = token.text.to_lowercase();
    if matches!(lower.as_str(), "tháng" | "thg") {
        // Vietnamese counts its months
        let at = at + 1 + usize::from(is(at + 1, "."));
        let number = tokens
            .get(at)?
            .number(1..=2)
            .filter(|n| (1..=12).contains(n))?;
        return Some(of(at, Month::Common(number)));
    }
    if is_thai && is(at + 1, ".") {
        // `มี.ค.`
        let dotted = tokens.get(at..at + 3)?;
        let name: String = dotted
            .iter()
            .map(|t| t.text)
            .filter(|t| *t != ".")
            .collect();
        if let Some(month) = month::named(&name) {
            return Some(of(at + 2, month));
        }
    }
    let two = joined("_", at + 1).or_else(|| joined("", at));
    two.map(|mut name| {
        let other = name.last + 2; // `مارس/آذار`
        let is_pair = is(name.last + 1, "/")
            && tokens.get(other).is_some_and(|t| t.kind == Kind::Word)
            && !name.is_thai;
        if is_pair {
            name.last = other;
        }
        name
    })
}

/// The date around a month's name, by what numbers stand on its sides.
fn around(tokens: &[Token<'_>], name: &Name) -> Option<Day> {
    let sides = Sides::of(tokens, name)?;
    let parts = sides.parts()?;
    Some(build(name, parts.year, parts.day)?.at(parts.start, parts.end))
}

/// The numbers of a date and its place.
struct Parts {
    year: Option<i32>,
    day: Option<u32>,
    start: usize,
    end: usize,
}

/// What stands on the sides of a month's name.
struct Sides<'t> {
    tokens: &'t [Token<'t>],
    name: &'t Name,
    left: Option<Near<'t>>,
    right: Option<Near<'t>>,
    /// The number on the left, and the one on the right if it is no hour, as a day.
    left_day: Option<u32>,
    right_day: Option<u32>,
    start: usize,
    end: usize,
}

impl<'t> Sides<'t> {
    fn of(tokens: &'t [Token<'t>], name: &'t Name) -> Option<Self> {
        let left = before(tokens, name.first);
        let right = behind(tokens, name.last);
        let no_hour = right.filter(|right| !is_clock(tokens, right.at));
        Some(Self {
            tokens,
            name,
            left,
            right,
            left_day: left.and_then(|near| near.day()),
            right_day: no_hour.and_then(|near| near.day()),
            start: tokens.get(name.first)?.start,
            end: tokens.get(name.last)?.end(),
        })
    }

    /// The first order of the parts that fits. Where a number beside the name can't be a day, there
    /// is no date.
    fn parts(&self) -> Option<Parts> {
        self.day_month_year()
            .or_else(|| self.month_day_year())
            .or_else(|| self.year_month_day())
            .or_else(|| self.day_month_short_year())
            .or_else(|| self.year_day_month())
            .or_else(|| self.day_month())
            .or_else(|| {
                let is_no_day = self.left.is_some_and(|near| near.token.text.len() < 4);
                (!is_no_day).then(|| self.without_left_day())?
            })
    }

    fn without_left_day(&self) -> Option<Parts> {
        self.month_year()
            .or_else(|| self.year_month())
            .or_else(|| self.month_day())
    }

    /// `5 March 2024`
    fn day_month_year(&self) -> Option<Parts> {
        let (left, right) = (self.left?, self.right?);
        Some(Parts {
            year: Some(right.year()?),
            day: Some(self.left_day?),
            start: left.token.start,
            end: right.token.end(),
        })
    }

    /// `March 5, 2024`, `Mar 5, '24`
    fn month_day_year(&self) -> Option<Parts> {
        let next = behind(self.tokens, self.right?.at)?;
        let short = || apostrophe_year(self.tokens, &next).filter(|_| self.left.is_none());
        Some(Parts {
            year: Some(next.year().or_else(short)?),
            day: Some(self.right_day?),
            start: self.start,
            end: next.token.end(),
        })
    }

    /// `2024. március 5.`
    fn year_month_day(&self) -> Option<Parts> {
        let (left, right) = (self.left?, self.right?);
        Some(Parts {
            year: Some(left.year()?),
            day: Some(self.right_day?),
            start: left.token.start,
            end: right.token.end(),
        })
    }

    /// `5 Mar 24`
    fn day_month_short_year(&self) -> Option<Parts> {
        let (left, right) = (self.left?, self.right?);
        Some(Parts {
            year: Some(short_year(self.tokens, &right)?),
            day: Some(self.left_day?),
            start: left.token.start,
            end: right.token.end(),
        })
    }

    /// `2024. gada 5. martā`
    fn year_day_month(&self) -> Option<Parts> {
        let year = before(self.tokens, self.left?.at)?;
        Some(Parts {
            year: Some(year.year()?),
            day: Some(self.left_day?),
            start: year.token.start,
            end: self.end,
        })
    }

    /// `5 March`
    fn day_month(&self) -> Option<Parts> {
        Some(Parts {
            year: None,
            day: Some(self.left_day?),
            start: self.left?.token.start,
            end: self.end,
        })
    }

    /// `March 2024`
    fn month_year(&self) -> Option<Parts> {
        let right = self.right?;
        let word = self.tokens.get(self.name.first)?.text;
        let is_name = self.name.last > self.name.first
            || word.chars().count() > 3
            || SHORT_NAMES.contains(&word.to_lowercase().as_str());
        Some(Parts {
            year: Some(right.year().filter(|_| is_name)?),
            day: None,
            start: self.start,
            end: right.token.end(),
        })
    }

    /// `2024. március`
    fn year_month(&self) -> Option<Parts> {
        let left = self.left?;
        Some(Parts {
            year: Some(left.year()?),
            day: None,
            start: left.token.start,
            end: self.end,
        })
    }

    /// `March 5`
    fn month_day(&self) -> Option<Parts> {
        Some(Parts {
            year: None,
            day: Some(self.right_day?),
            start: self.start,
            end: self.right?.token.end(),
        })
    }
}

fn build(name: &Name, year: Option<i32>, day: Option<u32>) -> Option<Day> {
    let thai = |year: i32| calendar::of_buddhist(year).filter(|_| name.is_thai);
    let year = year.map(|year| match year {
        year @ 0..100 if name.is_thai => year + 2500 - 543,
        year @ 0..70 => year + 2000,
        year @ 70..100 => year + 1900,
        year => thai(year).unwrap_or(year),
    });
    let rule = match (year, day) {
        (None, _) => "month_name_without_year",
        (Some(_), None) => "month",
        (Some(_), Some(_)) => "month_name",
    };
    match name.month {
        Month::Common(month) => Day::of(year, month, day, rule),
        Month::Persian(month) => {
            let date = calendar::of_persian(year?, month, day?)?;
            Some(Day::of_date(date, "persian"))
        }
    }
}
