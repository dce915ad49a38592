//! Brings a text into the form that the readers expect.

use unicode_normalization::UnicodeNormalization;

/// Only the beginning of a longer text is read.
const MAX_CHARS: usize = 2_000;
/// The zeros of the scripts that write dates in figures of their own: Arabic, Persian, Devanagari,
/// Bengali, Gurmukhi, Gujarati, Tamil, Telugu, Kannada, Malayalam, Thai, Lao, Myanmar, Khmer.
const ZEROS: [u32; 14] = [
    0x0660, 0x06f0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50, 0x0ed0,
    0x1040, 0x17e0,
];
/// What follows a number that is written out in Chinese characters.
const COUNTED: &str = "年月日号號時时点點分秒";

/// The text in NFC with ASCII digits and punctuation, single blanks and nothing invisible.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(MAX_CHARS));
    for c in text.nfc().take(MAX_CHARS) {
        match c {
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}' => {}
            c if c.is_whitespace() || c.is_control() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            '\u{ff01}'..='\u{ff5e}' => out.push(narrow(c)),
            '\u{2010}'..='\u{2012}' | '\u{2212}' => out.push('-'),
            '\u{2019}' | '\u{2018}' => out.push('\''),
            '\u{060c}' => out.push(','),
            c => out.push(digit(c).unwrap_or(c)),
        }
    }
    let out = out.trim();
    if out.contains(is_numeral) {
        numerals(out)
    } else {
        out.to_owned()
    }
}

/// The ASCII twin of a full-width character.
fn narrow(c: char) -> char {
    char::from_u32(u32::from(c) - 0xff01 + 0x21).unwrap_or(c)
}

fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let zero = ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&code))?;
    char::from_digit(code - zero, 10)
}

fn is_numeral(c: char) -> bool {
    "〇零一二三四五六七八九十".contains(c)
}

/// Figures for the numbers of a date that are written out: `二〇二四年十二月五日`.
fn numerals(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(std::iter::once('\0')) {
        if is_numeral(c) {
            run.push(c);
            continue;
        }
        match value(&run).filter(|_| COUNTED.contains(c)) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&run),
        }
        run.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

/// `二〇二四` digit by digit, `十二` and `二十五` with a ten.
fn value(run: &str) -> Option<String> {
    let one = |c: char| {
        "〇一二三四五六七八九"
            .chars()
            .position(|d| d == c || (c == '零' && d == '〇'))
    };
    if run.is_empty() || run.chars().count() > 4 {
        return None;
    }
    let Some((tens, ones)) = run.split_once('十') else {
        return run.chars().map(|c| Some(one(c)?.to_string())).collect();
    };
    let part = |text: &str, default: usize| match text.chars().next() {
        Some(c) if text.chars().count() == 1 => one(c),
        Some(_) => None,
        None => Some(default),
    };
    Some((part(tens, 1)? * 10 + part(ones, 0)?).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_figures_become_ascii() {
        for (text, expected) in [
            ("٥ مارس ٢٠٢٤", "5 مارس 2024"),
            ("۱۴۰۲/۱۲/۱۵", "1402/12/15"),
            ("५ मार्च २०२४", "5 मार्च 2024"),
            ("๕ มีนาคม ๒๕๖๗", "5 มีนาคม 2567"),
            ("２０２４．０３．０５", "2024.03.05"),
            ("二〇二四年十二月二十五日", "2024年12月25日"),
            ("三月五日十時", "3月5日10時"),
            ("三星电子", "三星电子"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }
}
