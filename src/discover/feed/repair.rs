//! Makes XML of what was meant as XML: one bare `&` must not cost a whole feed.

/// The names that XML knows by itself.
const ENTITIES: [&str; 5] = ["amp;", "lt;", "gt;", "quot;", "apos;"];
/// What stands before the first item is repeated for each one; more is no head.
const MAX_HEAD_BYTES: usize = 64 << 10;

/// A repaired text.
pub(super) struct Repaired {
    pub(super) text: String,
    /// Whether the end was missing.
    pub(super) is_cut: bool,
}

/// The document for a parser that is told UTF-8: without a declaration, which may name another
/// charset, without what stands before the document, and without characters that XML forbids.
pub(super) fn as_utf8_document(text: &str) -> String {
    let mut rest = text.trim_start_matches(|c: char| c != '<' && c != '{');
    if let Some((_, document)) = rest
        .strip_prefix("<?xml")
        .and_then(|rest| rest.split_once("?>"))
    {
        rest = document;
    }
    // XML 1.0 section 2.2
    let is_allowed = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    let is_allowed = |c: &char| is_allowed(c) && !matches!(c, '\u{fffe}' | '\u{ffff}');
    rest.trim_start().chars().filter(is_allowed).collect()
}

/// The document with stray `&` and `<` escaped, and closed behind its last whole item.
pub(super) fn well_formed(text: &str) -> Repaired {
    let mut text = with_version(&escaped(text));
    let is_cut = !closing_tags(&text).is_some_and(|tags| text.trim_end().ends_with(tags.1));
    if is_cut {
        let end = ["</item>", "</entry>"]
            .iter()
            .filter_map(|tag| Some(text.rfind(tag)? + tag.len()))
            .max();
        if let Some((end, (all, _))) = end.zip(closing_tags(&text)) {
            text.truncate(end);
            text.push_str(all);
        }
    }
    Repaired { text, is_cut }
}

/// Documents of one item each.
pub(super) fn single_items(text: &str) -> impl Iterator<Item = String> {
    let is_atom = text.contains("<entry");
    let (open, close) = if is_atom {
        ("<entry", "</entry>")
    } else {
        ("<item", "</item>")
    };
    let mut parts = text.split(close).peekable();
    let head = parts
        .peek()
        .and_then(|part| part.split_once(open))
        .map(|(head, _)| head);
    let head = head
        .filter(|head| head.len() <= MAX_HEAD_BYTES)
        .zip(closing_tags(text));
    parts.filter_map(move |part| {
        let (head, (tail, _)) = head?;
        let (_, item) = part.rsplit_once(open)?;
        Some(format!("{head}{open}{item}{close}{tail}"))
    })
}

/// What closes the document behind an item, and the last of it.
fn closing_tags(text: &str) -> Option<(&'static str, &'static str)> {
    [
        ("<rss", ("</channel></rss>", "</rss>")),
        ("<feed", ("</feed>", "</feed>")),
        ("<rdf:RDF", ("</rdf:RDF>", "</rdf:RDF>")),
    ]
    .into_iter()
    .find(|(root, _)| text.contains(root))
    .map(|(_, tags)| tags)
}

/// RSS without a version is read as 2.0.
fn with_version(text: &str) -> String {
    let root = text
        .split_once("<rss")
        .and_then(|(_, rest)| rest.split_once('>'));
    match root {
        Some((tag, _)) if !tag.contains("version") => {
            text.replacen("<rss", "<rss version=\"2.0\"", 1)
        }
        _ => text.to_owned(),
    }
}

/// Escapes what starts no entity and no tag; leaves CDATA and comments as they are.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<']) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let raw = raw_section(from);
        if !raw.is_empty() {
            out.push_str(raw);
            rest = from.get(raw.len()..).unwrap_or_default();
            continue;
        }
        let after = from.get(1..).unwrap_or_default();
        out.push_str(match from.starts_with('&') {
            true if starts_entity(after) => "&",
            true => "&amp;",
            false if starts_tag(after) => "<",
            false => "&lt;",
        });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The CDATA section or comment that a text begins with.
fn raw_section(text: &str) -> &str {
    for (open, close) in [("<![CDATA[", "]]>"), ("<!--", "-->")] {
        if text.starts_with(open) {
            let end = text.find(close).map_or(0, |at| at + close.len());
            return text.get(..end).unwrap_or_default();
        }
    }
    ""
}

fn starts_entity(text: &str) -> bool {
    if let Some(number) = text.strip_prefix('#') {
        let end = number.find(';').filter(|end| (1..8).contains(end));
        let digits = end.and_then(|end| number.get(..end)).unwrap_or_default();
        let code = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => digits.parse().ok(),
        };
        return code
            .and_then(char::from_u32)
            .is_some_and(|c| !c.is_control() || c == '\n');
    }
    ENTITIES.iter().any(|name| text.starts_with(name))
}

fn starts_tag(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?' | '_'))
}
