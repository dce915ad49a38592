//! The numbers that stand beside the name of a month.

use super::token::{Kind, Token};

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
/// Tokens between two parts of a date at most.
const MAX_FILLERS: usize = 4;

/// A number beside a name and the token it is.
#[derive(Clone, Copy)]
pub(super) struct Near<'t> {
    pub(super) at: usize,
    pub(super) token: Token<'t>,
}

impl Near<'_> {
    pub(super) fn day(&self) -> Option<u32> {
        self.token
            .number(1..=2)
            .filter(|day| (1..=31).contains(day))
    }

    pub(super) fn year(&self) -> Option<i32> {
        i32::try_from(self.token.number(4..=4)?).ok()
    }
}

/// `5 Mar 24`, as old mail writes, and `5 มี.ค. 67`, unless it is the hour of a time.
pub(super) fn short_year(tokens: &[Token<'_>], near: &Near<'_>) -> Option<i32> {
    let year = near.token.number(2..=2)?;
    let is_alone = !is_clock(tokens, near.at);
    i32::try_from(year).ok().filter(|_| is_alone)
}

/// `Mar 5, '24`
pub(super) fn apostrophe_year(tokens: &[Token<'_>], near: &Near<'_>) -> Option<i32> {
    let is_marked = tokens.get(near.at.checked_sub(1)?)?.text == "'";
    short_year(tokens, near).filter(|_| is_marked)
}

/// Whether a number is the hour of a time.
pub(super) fn is_clock(tokens: &[Token<'_>], at: usize) -> bool {
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

pub(super) fn before<'t>(tokens: &[Token<'t>], from: usize) -> Option<Near<'t>> {
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

pub(super) fn behind<'t>(tokens: &[Token<'t>], from: usize) -> Option<Near<'t>> {
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
