//! Days whose month is named: the name, and the numbers that stand on its sides.

use super::calendar;
use super::form::Day;
use super::month::{self, Month};
use super::token::{Kind, Token, tokens};

/// Words and marks that stand between the parts of a date and say nothing, in lower case: ordinal
/// endings, articles, "of", and the words for day and year.
const FILLERS: &[&str] = &[
    ",",
    ".",
    "-",
    "/",
    "'",
    "º",
    "ª",
    "°",
    "st",
    "nd",
    "rd",
    "th",
    "er",
    "ste",
    "de",
    "e",
    "й",
    "го",
    "ого",
    "of",
    "the",
    "del",
    "di",
    "du",
    "d",
    "da",
    "do",
    "dei",
    "den",
    "der",
    "ng",
    "ika",
    "ja",
    "ta",
    "من",
    "عام",
    "שנת",
    "ב",
    "g",
    "gada",
    "m",
    "r",
    "roku",
    "rok",
    "года",
    "год",
    "г",
    "року",
    "р",
    "năm",
    "ngày",
    "ปี",
    "พ",
    "ศ",
    "ค",
    "วันที่",
    "ที่",
    "l",
    "i",
    "a",
    "t",
    "ko",
    "en",
    "सन",
    "साल",
    "el",
];
/// Short names that stand before a year alone; others are words of their own in some language.
const SHORT_NAMES: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
/// Tokens between two parts of a date at most.
const MAX_FILLERS: usize = 4;
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

/// A number beside a name and the token it is.
#[derive(Clone, Copy)]
struct Near<'t> {
    at: usize,
    token: Token<'t>,
}

impl Near<'_> {
    fn day(&self) -> Option<u32> {
        self.token
            .number(1..=2)
            .filter(|day| (1..=31).contains(day))
    }

    fn year(&self) -> Option<i32> {
        i32::try_from(self.token.number(4..=4)?).ok()
    }
}

/// The date around a month's name, by what numbers stand on its sides.
fn around(tokens: &[Token<'_>], name: &Name) -> Option<Day> {
    let left = before(tokens, name.first);
    let right = behind(tokens, name.last);
    let next = right.and_then(|right| behind(tokens, right.at));
    let left_day = left.and_then(|near| near.day());
    let end_of_name = tokens.get(name.last).map(Token::end)?;
    let start_of_name = tokens.get(name.first).map(|t| t.start)?;
    let build = |year: Option<i32>, day: Option<u32>, start: usize, end: usize| {
        Some(build(name, year, day)?.at(start, end))
    };
    if let (Some(left), Some(day), Some(right)) = (left, left_day, right) {
        if let Some(year) = right.year() {
            return build(Some(year), Some(day), left.token.start, right.token.end());
        }
    }
    let right_day = right
        .filter(|r| !is_clock(tokens, r.at))
        .and_then(|near| near.day());
    if let (Some(day), Some(next)) = (right_day, next) {
        let is_short = left
            .is_none()
            .then(|| apostrophe_year(tokens, &next))
            .flatten();
        if let Some(year) = next.year().or(is_short) {
            return build(Some(year), Some(day), start_of_name, next.token.end());
        }
    }
    if let (Some(left), Some(right), Some(day)) = (left, right, right_day) {
        if let Some(year) = left.year() {
            return build(Some(year), Some(day), left.token.start, right.token.end());
        }
    }
    if let (Some(left), Some(day), Some(right)) = (left, left_day, right) {
        if let Some(year) = short_year(tokens, &right) {
            return build(Some(year), Some(day), left.token.start, right.token.end());
        }
    }
    if let (Some(left), Some(day)) = (left, left_day) {
        let year = before(tokens, left.at).filter(|_| right.and_then(|r| r.year()).is_none());
        if let Some((near, year)) = year.and_then(|near| Some((near, near.year()?))) {
            return build(Some(year), Some(day), near.token.start, end_of_name);
        }
        return build(None, Some(day), left.token.start, end_of_name);
    }
    if left.is_some_and(|near| near.token.text.len() < 4) {
        return None; // no such day
    }
    if let (Some(right), Some(year)) = (right, right.and_then(|near| near.year())) {
        let word = tokens.get(name.first)?.text;
        let is_name = name.last > name.first
            || word.chars().count() > 3
            || SHORT_NAMES.contains(&word.to_lowercase().as_str());
        let end = right.token.end();
        return is_name.then(|| build(Some(year), None, start_of_name, end))?;
    }
    if let (Some(left), Some(year)) = (left, left.and_then(|near| near.year())) {
        return build(Some(year), None, left.token.start, end_of_name);
    }
    let (right, day) = (right?, right_day?);
    build(None, Some(day), start_of_name, right.token.end())
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

/// `5 Mar 24`, as old mail writes, and `5 มี.ค. 67`, unless it is the hour of a time.
fn short_year(tokens: &[Token<'_>], near: &Near<'_>) -> Option<i32> {
    let year = near.token.number(2..=2)?;
    let is_alone = !is_clock(tokens, near.at);
    i32::try_from(year).ok().filter(|_| is_alone)
}

/// `Mar 5, '24`
fn apostrophe_year(tokens: &[Token<'_>], near: &Near<'_>) -> Option<i32> {
    let is_marked = tokens.get(near.at.checked_sub(1)?)?.text == "'";
    short_year(tokens, near).filter(|_| is_marked)
}

/// Whether a number is the hour of a time.
fn is_clock(tokens: &[Token<'_>], at: usize) -> bool {
    let (Some(number), Some(next)) = (tokens.get(at), tokens.get(at + 1)) else {
        return false;
    };
    let follows = tokens.get(at + 2);
    let is_split = next.start == number.end()
        && follows.is_some_and(|t| t.kind == Kind::Number && t.start == next.end());
    let marks = [":", ".", "h", "H"];
    let halves = ["am", "pm", "a", "p", "uhr", "h", "uur"];
    (is_split && marks.contains(&next.text)) || halves.contains(&next.text.to_lowercase().as_str())
}

fn before<'t>(tokens: &[Token<'t>], from: usize) -> Option<Near<'t>> {
    let mut at = from;
    for _ in 0..=MAX_FILLERS {
        at = at.checked_sub(1)?;
        let token = *tokens.get(at)?;
        if token.kind == Kind::Number {
            return Some(Near { at, token });
        }
        if !is_filler(&token) {
            return None;
        }
    }
    None
}

fn behind<'t>(tokens: &[Token<'t>], from: usize) -> Option<Near<'t>> {
    for at in from + 1..from + 2 + MAX_FILLERS {
        let token = *tokens.get(at)?;
        if token.kind == Kind::Number {
            return Some(Near { at, token });
        }
        if !is_filler(&token) {
            return None;
        }
    }
    None
}

fn is_filler(token: &Token<'_>) -> bool {
    FILLERS.contains(&token.text.to_lowercase().as_str())
}
