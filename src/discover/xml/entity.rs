//! References to characters and entities.

use html5ever::data::NAMED_ENTITIES;

use super::fault::{Fault, Faults};

/// The longest name of HTML has 32 characters.
const MAX_NAME_BYTES: usize = 40;
/// Entities of a document type that are kept, and how long they may be.
const MAX_DECLARED: usize = 64;
const MAX_VALUE_BYTES: usize = 200;

/// What pages mean by the numbers 128 to 159 (HTML standard, "numeric character reference end").
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// What a document type declares: plain texts under a name. Entities made of entities, which grow
/// without bound, and those of other files are never read.
#[derive(Debug, Default)]
pub(super) struct Doctype {
    declared: Vec<(String, String)>,
    /// Whether a part of it lies elsewhere, which may declare anything.
    is_external: bool,
}

impl Doctype {
    pub(super) fn of(text: &str) -> Self {
        let head = text.split('[').next().unwrap_or_default();
        let is_external = head.contains("PUBLIC") || head.contains("SYSTEM") || text.contains('%');
        let declared = text.split("<!ENTITY").skip(1).filter_map(|rest| {
            let (name, rest) = rest.trim_start().split_once(char::is_whitespace)?;
            let rest = rest.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (value, _) = rest.get(1..)?.split_once(quote)?;
            let is_plain = !value.contains(['&', '<', '%']) && value.len() <= MAX_VALUE_BYTES;
            is_plain.then(|| (name.to_owned(), value.to_owned()))
        });
        Self {
            declared: declared.take(MAX_DECLARED).collect(),
            is_external,
        }
    }
}

/// Whether XML 1.0 section 2.2 allows a character.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// Appends a text without the characters that XML forbids.
pub(super) fn push_allowed(text: &str, out: &mut String, faults: &mut Faults) {
    if text.chars().all(is_allowed) {
        out.push_str(text);
        return;
    }
    faults.add(Fault::Control);
    out.extend(text.chars().filter(|c| is_allowed(*c)));
}

/// Appends a text with its references resolved; what is no reference stays as it is.
pub(super) fn resolve(text: &str, doctype: &Doctype, out: &mut String, faults: &mut Faults) {
    let mut parts = text.split('&');
    push_allowed(parts.next().unwrap_or_default(), out, faults);
    for part in parts {
        let name = part.split_once(';').filter(|(name, _)| is_name(name));
        let Some((name, rest)) = name else {
            faults.add(Fault::Ampersand);
            out.push('&');
            push_allowed(part, out, faults);
            continue;
        };
        match name.strip_prefix('#') {
            Some(number) => out.extend(numbered(number, faults)),
            None => named(name, doctype, out, faults),
        }
        push_allowed(rest, out, faults);
    }
}

fn is_name(name: &str) -> bool {
    let body = name.strip_prefix('#').unwrap_or(name);
    let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    !body.is_empty() && name.len() <= MAX_NAME_BYTES && body.bytes().all(is_part)
}

fn numbered(number: &str, faults: &mut Faults) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    };
    let found = code.and_then(char::from_u32).filter(|c| is_allowed(*c));
    if found.is_none() {
        faults.add(Fault::Reference);
    }
    found.map(of_windows)
}

fn of_windows(c: char) -> char {
    let place = u32::from(c)
        .checked_sub(0x80)
        .and_then(|at| usize::try_from(at).ok());
    place
        .and_then(|at| WINDOWS_1252.get(at))
        .copied()
        .unwrap_or(c)
}

fn named(name: &str, doctype: &Doctype, out: &mut String, faults: &mut Faults) {
    let own = match name {
        "amp" => Some("&"),
        "lt" => Some("<"),
        "gt" => Some(">"),
        "quot" => Some("\""),
        "apos" => Some("'"),
        _ => {
            let declared = doctype.declared.iter().find(|(known, _)| known == name);
            declared.map(|(_, value)| value.as_str())
        }
    };
    if let Some(value) = own {
        out.push_str(value);
        return;
    }
    let is_known = push_html(name, out);
    if !is_known {
        out.push('&');
        out.push_str(name);
        out.push(';');
    }
    if !is_known || !doctype.is_external {
        faults.add(Fault::Entity);
    }
}

/// Appends what a name means in HTML.
fn push_html(name: &str, out: &mut String) -> bool {
    let Some((first, second)) = NAMED_ENTITIES.get(format!("{name};").as_str()) else {
        return false;
    };
    let chars = [*first, *second].map(|code| char::from_u32(code).filter(|c| *c != '\0'));
    out.extend(chars.into_iter().flatten());
    chars.iter().any(Option::is_some)
}

/// A text of HTML with its references resolved.
pub(in crate::discover) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split('&');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let Some((name, rest)) = part.split_once(';').filter(|(name, _)| is_name(name)) else {
            out.push('&');
            out.push_str(part);
            continue;
        };
        let is_known = match name.strip_prefix('#') {
            Some(number) => numbered(number, &mut Faults::default())
                .map(|c| out.push(c))
                .is_some(),
            None => push_html(name, &mut out),
        };
        if !is_known {
            out.push('&');
            out.push_str(name);
            out.push(';');
        }
        out.push_str(rest);
    }
    out
}
