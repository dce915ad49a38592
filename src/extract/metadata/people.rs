//! The people that a byline names: without label, role, date, address and outlet.

use super::authors::MAX_AUTHORS;
use crate::extract::pattern::Pattern;
use crate::extract::signature;
use crate::extract::text::clean;

pub(super) static LABEL: Pattern = Pattern::new(
    r"(?i)^\W*(?:written by|posted by|reported by|story by|words by|text by|by|von|par|por|di|door|av|af|författare|autor(?:in|a|es)?|auteur|text|글|기자명|작성자|文|文責|執筆)\b?\s*[:：|]?\s+",
);
static ROLE: Pattern = Pattern::new(concat!(
    r"(?i)(?:^|,|\s[-–|(]|\s)\s*(?:(?:senior|chief|deputy|associate|contributing|managing|executive)\s(?:\p{L}+\s){0,3}|(?:senior|staff|chief|deputy|associate|political|business|science|sports?|technology|tech|health|education|national|foreign|special|freelance|contributing|managing|executive|environment|news|white house|digital)\s)*",
    r"(?:reporter|writer|correspondent|editor|columnist|contributor|journalist|producer|photographer|critic|redakteur(?:in)?|korrespondent(?:in)?|記者|編集部|特派員)\b.*$"
));
static SEPARATOR: Pattern = Pattern::new(
    r"(?i)\s*(?:[,;·ㆍ・∙|/、，•]|&|\s[-–—]\s|\s(?:and|und|et|y|och|og|en|with|mit|e|i)\s|\r?\n)\s*",
);
static NOISE: Pattern =
    Pattern::new(r"(?i)https?://\S+|\S+@\S*|\([^)]*\)|\[[^\]]*\]|@\w+|\b외\s?\d+\s?명");
/// What stands before the label of a byline: a date, a rubric.
static PREFIX: Pattern =
    Pattern::new(r"^(?:.*\b[Bb][Yy]|[\p{Ll}\d].*\b[Vv]on|.*\d.*\b[Vv]on)\s+(\p{Lu}.*)$");
/// What stands behind the names.
static SUFFIX: Pattern = Pattern::new(
    r"(?i)\s+(?:(?:last )?updated|published|posted|reviewed|stand|hace|im gespräch mit|on behalf of|for|is an?|ist|min read|lesezeit|view profile)\b.*$",
);
/// A date behind the names, and everything after it.
static DATED: Pattern = Pattern::new(
    r"(?i)[\s(|·,–-]+(?:(?:jan(?:uary?|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\.?\s)?\d.*$",
);
static NOBODY: Pattern = Pattern::new(concat!(
    r"(?i)^(?:admin|administrator|editor|editors|editorial(?: team| staff| board)?|staff|newsroom|news ?desk|redaktion|online|web ?desk|guest(?: author)?|",
    r"author|autor|unknown|none|null|anonymous|press release|contributor|contributors|agencies|agency|wire|user|root|webmaster|",
    r"reuters|ap|afp|dpa|upi|ansa|efe|bloomberg|associated press|the associated press|dpa-infocom|sid|apa|kyodo|xinhua|연합뉴스|뉴시스|뉴스1|",
    r"(?:jan|febr)(?:uary|uar)|march|märz|april|may|mai|june?|juni|july?|juli|august|(?:sept|nov|dec)ember|oktober|october|dezember|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|dec|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|by|von|posted|agenturen|tnn|",
    r"published|updated|share|follow|read more|facebook|twitter|email|view (?:all|profile).*|more (?:by|from).*|posts?)$|",
    r"(?i)\b(?:staff|newsroom|redaktion|editorial|team|desk|magazine|media|news|press|agency|inc|ltd|gmbh|blog|tv|radio|zeitung|times|post)\b"
));

/// The people that a byline names.
pub(super) fn people(text: &str) -> Vec<String> {
    let text = clean(text);
    if let Some(signature) = signature::line(&text).filter(|s| !s.names.is_empty()) {
        return signature.names;
    }
    let Some(separator) = SEPARATOR.regex() else {
        return Vec::new();
    };
    let text = LABEL.replace(&text, "").into_owned();
    let text = match PREFIX.captures(&text) {
        Some(found) => found.get(1).map_or("", |m| m.as_str()).to_owned(),
        None => text,
    };
    let text = text.replace(" im Gespräch mit ", ", ");
    let text = SUFFIX.replace(&text, "").into_owned();
    let text = NOISE.replace_all(&text, " ").into_owned();
    let text = DATED.replace(&text, "").into_owned();
    let names = separator.split(&text).take(MAX_AUTHORS).map(name);
    names.filter(|name| is_person(name)).collect()
}

/// One part of a byline without label, role and what surrounds a name.
fn name(part: &str) -> String {
    let part = LABEL.replace(part, "").into_owned();
    let part = ROLE.replace(&part, "").into_owned();
    let part = clean(part.strip_suffix("기자").unwrap_or(&part));
    part.trim_matches(|c: char| !c.is_alphanumeric() && c != '.')
        .trim_end_matches('.')
        .to_owned()
}

fn is_person(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let chars = name.chars().count();
    let is_nobody = NOBODY.is_match(name);
    let is_plain = name
        .chars()
        .all(|c| c.is_alphabetic() || " .'’-‘´`\u{200c}".contains(c) || is_mark(c));
    let is_cased = name.chars().any(char::is_uppercase) || !name.is_ascii();
    let first_upper = words
        .iter()
        .filter(|w| {
            w.chars()
                .next()
                .is_some_and(|c| c.is_uppercase() || !c.is_lowercase())
        })
        .count();
    (2..=48).contains(&chars)
        && words.len() <= 5
        && is_plain
        && is_cased
        && !is_nobody
        && first_upper * 2 >= words.len()
        && !(words.len() == 1 && name.is_ascii() && chars < 3)
}

/// Combining marks of scripts that write vowels as such.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_are_split_into_people() {
        for (text, expected) in [
            (
                "By Clara Birch and John O'Neil",
                &["Clara Birch", "John O'Neil"][..],
            ),
            ("Von Nele Voß – 2. März 2026, 12:00 Uhr", &["Nele Voß"]),
            ("홍길동 기자 외 1명", &["홍길동"]),
            ("최하늘·홍가온 기자", &["최하늘", "홍가온"]),
            (
                "Maya Abbott, Senior Political Correspondent",
                &["Maya Abbott"],
            ),
            ("西田拓也", &["西田拓也"]),
            ("https://facebook.example/news", &[]),
            ("Editorial Team", &[]),
            ("admin", &[]),
            ("Updated 3 March 2024", &[]),
            ("January 17, 2017 at 6:08 PM by Kori Lind", &["Kori Lind"]),
            ("Maya Abbott Senior Politics Editor", &["Maya Abbott"]),
            (
                "By Reyan Petrov Published on July 18, 2025",
                &["Reyan Petrov"],
            ),
            ("Walter von Aachen", &["Walter von Aachen"]),
        ] {
            assert_eq!(people(text), expected, "{text}");
        }
    }
}
