//! Text as a reader sees it: white space, entities and Unicode. Never removes a visible character.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick, is_nfkc_quick};

/// Longer names of characters are not resolved, nor looked for: text may hold a million `&`.
const MAX_ENTITY: usize = 8;

/// One line of clean text: NFC, single spaces, no invisible or control characters, and entities
/// that were escaped twice resolved.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_collapsed(&mut out, text);
    finish(&out)
}

/// Appends `text` to `line` with white space collapsed, across the seam too.
pub(super) fn push_collapsed(line: &mut String, text: &str) {
    let mut ends_in_space = line.ends_with([' ', '\u{3000}']) || line.is_empty();
    let mut rest = text;
    loop {
        let (visible, next) = rest.split_at(visible_bytes(rest));
        if !visible.is_empty() {
            line.push_str(visible);
            ends_in_space = false;
        }
        let mut chars = next.chars();
        let Some(c) = chars.next() else { return };
        if c.is_whitespace() {
            if !ends_in_space {
                // The wide space is punctuation in Japanese headlines.
                line.push(if c == '\u{3000}' { c } else { ' ' });
            }
            ends_in_space = true;
        }
        rest = chars.as_str();
    }
}

/// The bytes before the first white space or character that is left out.
fn visible_bytes(text: &str) -> usize {
    let is_plain = |byte: &u8| (b'!'..=b'~').contains(byte);
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let plain = rest.bytes().take_while(is_plain).count();
        let next = rest.get(plain..).and_then(|rest| rest.chars().next());
        at += plain;
        match next {
            Some(c) if !c.is_ascii() && !c.is_whitespace() && !is_invisible(c) => {
                at += c.len_utf8()
            }
            _ => return at,
        }
    }
}

/// Brings collapsed text into its final form.
pub(super) fn finish(line: &str) -> String {
    let line = line.trim();
    let line = if line.contains('&') {
        let resolved = unescape(line);
        let mut line = String::with_capacity(resolved.len());
        push_collapsed(&mut line, &resolved); // spaces may have been escaped too
        line.truncate(line.trim_end().len());
        line
    } else {
        line.to_owned()
    };
    if is_plain(&line) {
        return line;
    }
    match is_nfc_quick(line.chars()) {
        IsNormalized::Yes => line,
        _ => line.nfc().collect(),
    }
}

/// Whether the text is NFC without a look at the tables: none of its characters joins another.
/// Latin, Hangul syllables, Chinese characters, and the marks that text is set with.
fn is_plain(text: &str) -> bool {
    text.is_ascii()
        || text.chars().all(|c| {
            matches!(c, '\0'..'\u{300}' | '\u{2010}'..='\u{2027}' | '\u{4e00}'..='\u{9fff}' | '가'..='힣')
        })
}

/// Zero-width space, soft hyphen, byte order mark, NUL and other controls. Joiners stay: Persian,
/// Indic scripts and emoji need them.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{200b}' | '\u{ad}' | '\u{feff}' | '\u{2060}' | '\u{fffe}'
        )
}

/// Resolves what is left when a page escaped its text twice (`&amp;#039;`, `&amp;quot;`).
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('&') {
        out.push_str(before);
        let end = tail.bytes().take(MAX_ENTITY + 1).position(|b| b == b';');
        let entity = end
            .and_then(|end| Some((tail.get(..end)?, tail.get(end + 1..)?)))
            .and_then(|(name, after)| Some((entity(name)?, after)));
        match entity {
            Some((c, after)) => {
                out.push(c);
                rest = after;
            }
            None => {
                out.push('&');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    let code = match name {
        "amp" => return Some('&'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "nbsp" => return Some(' '),
        _ => name.strip_prefix('#')?,
    };
    let number = match code.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => code.parse(),
    };
    number
        .ok()
        .and_then(char::from_u32)
        .filter(|c| !c.is_control() && !is_invisible(*c))
}

/// Letters and digits alone, in lower case: what is left when two texts differ in layout only.
pub(super) fn folded(text: &str) -> String {
    if text.is_ascii() {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        return letters
            .map(|b| char::from(b.to_ascii_lowercase()))
            .collect();
    }
    let fold = |folded: &mut String, c: char| {
        if c.is_ascii() {
            folded.extend(c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()));
        } else if c.is_alphanumeric() {
            folded.extend(c.to_lowercase());
        }
    };
    let mut folded = String::with_capacity(text.len());
    match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => text.chars().for_each(|c| fold(&mut folded, c)),
        _ => text.nfkc().for_each(|c| fold(&mut folded, c)),
    }
    folded
}

/// Whether the text folds to what is folded already; told at the first letter that differs.
pub(super) fn folds_to(text: &str, folded: &str) -> bool {
    let letters = text.nfkc().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).eq(folded.chars())
}

/// How much text is there, in Latin letters: a Chinese, Japanese or Korean character says about as
/// much as two and a half letters.
pub(super) fn weight(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let (mut wide, mut all) = (0, 0);
    for c in text.chars() {
        all += 1;
        wide += usize::from(is_wide(c));
    }
    all + wide * 3 / 2
}

/// Whether a character is of a script without letters for single sounds.
pub(super) fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x11ff | 0x2e80..=0x9fff | 0xac00..=0xd7a3 | 0xf900..=0xfaff)
}

/// Whether the text ends like a sentence does.
pub(super) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']', '」', '』', '“', ' '])
        .ends_with(['.', '!', '?', '…', '。', '！', '？', ':', ';', '؟', '।'])
}

/// The first `count` characters.
pub(super) fn head(text: &str, count: usize) -> String {
    front(text, count).to_owned()
}

/// The first `count` characters, as they stand.
pub(super) fn front(text: &str, count: usize) -> &str {
    if text.len() <= count {
        return text;
    }
    let end = text.char_indices().nth(count).map(|(at, _)| at);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cleaned_without_losing_visible_characters() {
        for (given, expected) in [
            ("  a\u{a0}\n b\t", "a b"),
            ("무\u{200b}인\u{0} 전차", "무인 전차"),
            ("\u{1112}\u{1161}\u{11ab}", "한"),
            ("６.2㎞ ①", "６.2㎞ ①"),
            ("\u{3000}費用に\u{3000}計画は\n", "費用に\u{3000}計画は"),
            ("It&#039;s &quot;on&quot; R&amp;D", "It's \"on\" R&D"),
            ("&nbsp; a &nbsp;&#32; b &nbsp;", "a b"),
            ("Q&A; a & b &nosuch; &#0;", "Q&A; a & b &nosuch; &#0;"),
        ] {
            assert_eq!(clean(given), expected, "{given:?}");
        }
    }

    #[test]
    fn folding_forgets_layout_only() {
        assert_eq!(folded("무인 전차…4월!"), folded("무인전차 ４월"));
        assert_ne!(folded("4월"), folded("5월"));
        for (text, other) in [
            ("무인 전차…4월!", "무인전차 ４월"),
            ("Ab-C1", "abc1"),
            ("4월", "5월"),
            ("ab", "a"),
        ] {
            let is_same = folded(text) == folded(other);
            assert_eq!(folds_to(text, &folded(other)), is_same, "{text} {other}");
        }
    }

    #[test]
    fn wide_characters_weigh_more() {
        assert_eq!(weight("abcd"), 4);
        assert_eq!(weight("가나"), 5);
    }
}
