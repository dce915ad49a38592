//! Whether a part of a byline is a name, and what around it belongs to it.

use super::super::agency;
use super::{CONJUNCTIONS, is_conjunction};
use crate::extract::pattern::Pattern;
use crate::extract::text::clean;

/// More words are no name: given names, particles and two family names.
const MAX_WORDS: usize = 6;

/// What stays at the end of a name when the date or place behind it is gone.
const LEFT_OVER: [&str; 15] = [
    "am", "on", "at", "in", "um", "le", "el", "il", "den", "op", "aus", "from", "für", "for", "&",
];

/// Words of names that are written in lower case.
pub(in crate::extract::metadata) const PARTICLES: [&str; 40] = [
    "von", "van", "de", "der", "den", "di", "da", "du", "des", "del", "della", "dos", "das", "do",
    "la", "las", "los", "le", "el", "al", "bin", "bint", "ibn", "ben", "abu", "ter", "ten", "het",
    "zu", "zur", "zum", "vom", "af", "av", "y", "e", "i", "v.", "d'", "'t",
];

/// Degrees and professional letters behind a name.
pub(super) static CREDENTIAL: Pattern = Pattern::new(concat!(
    r"^(?:(?:[A-Z]\.){2,4}|Ph\.? ?D\.?|Psy\.? ?D\.?|Ed\.? ?D\.?|M\.?Sc\.?|B\.?Sc\.?|LL\.?[MB]\.?|MD|DO|MS|MA|",
    r"BA|BS|RD|RDN|RN|MPH|MBA|CPA|CFP|CFA|CEPF|CISSP|CPP|PSP|PE|JD|Esq\.?|DDS|DVM|E-RYT.*|FACLM|LD|LCSW|PMP|",
    r"[A-Z]{2,6}[®™])[®™]?$",
));
/// What stands where a name is expected and is none: roles without a name, days and months, buttons,
/// companies and institutions.
pub(super) static NOBODY: Pattern = Pattern::new(concat!(
    r"(?i)^(?:admin\w*|.* admin|editors?|guest(?: author| post)?|author|autor|unknown|none|null|",
    r"undefined|anonymous|anonym|press release|contributors?|agencies|agentur(?:en)?|agencias?|",
    r"agences?|agenzie|wires?|wire services?|user|root|webmaster|info|contact|test|tnn|home|",
    r"written|image|photos?|foto|video|credit|",
    r"(?:jan|febr)(?:uary|uar)|march|märz|april|may|mai|june?|juni|july?|juli|",
    r"august|(?:sept|nov|dec)ember|o[kc]tober|dezember|(?:mon|tues|wednes|",
    r"thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|heute|",
    r"yesterday|gestern|dec|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|by|von|posted|",
    r"published|updated|share|follow|read more|email|e-mail|print|copy link|save|",
    r"(?:view|see) (?:all|full|more|profile).*|all (?:articles|posts|stories).*|alle (?:artikel|beiträge).*|more (?:by|from).*|posts?|leave a.*|about the .*|",
    r"read (?:full )?bio)$|",
    r"\b(?:twitter|facebook|instagram|linkedin|whatsapp|newsletter|subscribe|abonnieren|",
    r"kommentar(?:en?)?|comments?|minutes?|minuten|lesezeit|copyright|uhr|(?:fact[ -]?)?checked|",
    r"reviewed|edited|rubrik|magazine?|media|news|nachrichten|press|agency|inc|ltd|llc|gmbh|",
    r"verlag|blog|tv|radio|zeitung|times|post|journal|university|universität|institute?|",
    r"foundations?|stiftung|association|company|program(?:me)?|center|centre|council|ministry|",
    r"department|office|society|committee|project|network|online|bank|clinic|group|digital|",
    r"today|co\. kg|corp)\b",
));
/// A desk, a team or the staff, however much else its name says.
pub(super) static DESK: Pattern = Pattern::new(concat!(
    r"(?i)^(?:\S+ ){0,4}?(?:staff(?: reports?| writers?| reporters?)?|newsroom|news ?desk|web ?desk|desk|",
    r"editorial (?:team|staff|board)|editorial|the editors|team|webteam|",
    r"(?:die )?(?:\p{L}+-?)?redaktion(?:steam)?|redaktionen|redaktionsnetzwerk|",
    r"(?:la )?rédaction|(?:la )?redacción|(?:la )?redazione|(?:a )?redação|redactie|redakcja|",
    r"redakce|redakcia|toimitus|szerkesztőség|редакция|редакція|haber merkezi|tim redaksi|",
    r"redaksi|συντακτική ομάδα|هيئة التحرير|צוות|",
    r"\S*(?:编辑部|編輯部|編集部|报道组|采访组|取材班|綜合報導|综合报道|即時中心))(?: \S+){0,4}$",
));

/// One part of a byline without label, role and what surrounds a name.
pub(super) fn name(part: &str) -> String {
    let part = clean(part.strip_suffix("기자").unwrap_or(part));
    let part = part.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
    let mut words: Vec<&str> = part.split_whitespace().collect();
    let is_left_over =
        |word: &&str| CREDENTIAL.is_match(word) || LEFT_OVER.contains(word) || is_conjunction(word);
    while words.len() > 1 && words.last().is_some_and(is_left_over) {
        words.pop();
    }
    if words.len() > 2
        && words
            .first()
            .is_some_and(|word| CONJUNCTIONS.contains(word))
    {
        words.remove(0);
    }
    let joined = words.join(" ");
    let ends_in_mark = ["Jr.", "Sr."].iter().any(|mark| joined.ends_with(mark));
    if ends_in_mark {
        joined
    } else {
        joined.trim_end_matches(['.', ' ']).to_owned()
    }
}

pub(super) fn is_person(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let chars = name.chars().count();
    let is_plain = name
        .chars()
        .all(|c| c.is_alphabetic() || " .'’-‑‘´`\u{200c}".contains(c) || is_mark(c));
    let is_cased = name.chars().any(char::is_uppercase) || !name.is_ascii();
    let is_upper = |word: &&&str| -> bool {
        let first = word.chars().next();
        first.is_some_and(|c| c.is_uppercase() || !c.is_lowercase())
    };
    (2..=56).contains(&chars)
        && words.len() <= MAX_WORDS
        && words
            .first()
            .is_some_and(|word| is_upper(&word) || PARTICLES.contains(word))
        && is_plain
        && is_cased
        && !NOBODY.is_match(name)
        && !DESK.is_match(name)
        && agency::named(name).is_none()
        && words
            .iter()
            .all(|word| is_upper(&word) || PARTICLES.contains(word))
        && words.first() != Some(&"The")
        && !(words.len() == 1 && name.is_ascii() && (chars < 3 || name.contains('.')))
}

/// A user name, or a name in lower case.
pub(super) fn is_handle(text: &str) -> bool {
    let text = text.trim();
    let chars = text.chars().count();
    let words = text.split_whitespace().count();
    let is_plain = |c: char| c.is_alphanumeric() || "._- ".contains(c);
    // Three letters in lower case are initials.
    (4..=32).contains(&chars)
        && (1..=3).contains(&words)
        && text.chars().all(is_plain)
        && text.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && !NOBODY.is_match(text)
        && !text.contains("www.")
        && !looks_like_host(text)
}

fn looks_like_host(text: &str) -> bool {
    let end = text.rsplit('.').next().unwrap_or_default();
    text.contains('.')
        && matches!(
            end.to_lowercase().as_str(),
            "com"
                | "net"
                | "org"
                | "de"
                | "at"
                | "ch"
                | "fr"
                | "es"
                | "it"
                | "nl"
                | "uk"
                | "kr"
                | "jp"
                | "cn"
                | "tr"
                | "io"
                | "info"
                | "tv"
                | "eu"
                | "ru"
                | "br"
                | "pl"
                | "in"
                | "au"
        )
}

pub(super) fn is_latin(name: &str) -> bool {
    name.chars()
        .any(|c| c.is_alphabetic() && (c as u32) < 0x0250)
}

/// Combining marks of scripts that write vowels as such.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}
