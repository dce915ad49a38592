//! Text to tokens. Whatever the text is, there is a next token: what starts no tag is text.

use super::fault::Fault;

/// Longer tags and declarations are broken ones.
const MAX_TAG_BYTES: usize = 64 << 10;

/// Attributes of a tag that are read.
const MAX_ATTRIBUTES: usize = 100;

/// A piece of a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// Text with its references.
    Text(&'t str),
    /// The inside of a CDATA section.
    Cdata(&'t str),
    Start(Tag<'t>),
    /// The name in an end tag.
    End(&'t str),
    /// `<?xml …?>`, without its marks.
    Declaration(&'t str),
    Doctype(&'t str),
    /// Comments and other instructions.
    Nothing,
}

/// A start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'t> {
    pub(super) name: &'t str,
    /// What stands behind the name.
    pub(super) attributes: &'t str,
    pub(super) is_empty: bool,
}

/// A token, how many bytes it takes, and what is wrong with it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step<'t> {
    pub(super) token: Token<'t>,
    pub(super) bytes: usize,
    pub(super) fault: Option<Fault>,
}

impl<'t> Step<'t> {
    fn new(token: Token<'t>, bytes: usize, fault: Option<Fault>) -> Option<Self> {
        Some(Self {
            token,
            bytes,
            fault,
        })
    }
}

/// The token that a text begins with; none where its end is not in the text, unless that is all
/// there is.
pub(super) fn next(text: &str, is_last: bool) -> Option<Step<'_>> {
    let Some(rest) = text.strip_prefix('<') else {
        return text_run(text, is_last);
    };
    if rest.len() < 9 && !is_last {
        return None; // `<![CDATA[` may be cut
    }
    if rest.starts_with("!--") {
        return comment(text, is_last);
    }
    let head: &str = rest.get(..8).unwrap_or_default();
    if head.eq_ignore_ascii_case("![CDATA[") {
        return cdata(text, is_last);
    }
    if head.eq_ignore_ascii_case("!DOCTYPE") {
        return doctype(text, is_last);
    }
    match rest.chars().next() {
        Some('?') => instruction(text, is_last),
        Some('!') => until(text, ">", is_last, |_| Token::Nothing, Fault::Tag),
        Some('/') if starts_name(rest.get(1..).unwrap_or_default()) => end_tag(text, is_last),
        Some(_) if starts_name(rest) => start_tag(text, is_last),
        Some(_) | None => Step::new(
            Token::Text(text.get(..1).unwrap_or_default()),
            1,
            Some(Fault::Less),
        ),
    }
}

fn starts_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ':'))
}

fn text_run(text: &str, is_last: bool) -> Option<Step<'_>> {
    let end = match text.find('<') {
        Some(end) => end,
        None if text.is_empty() => return None,
        None if is_last => text.len(),
        None if text.len() < MAX_TAG_BYTES => return None,
        // a reference is not torn apart
        None => text.rfind('&').filter(|at| *at > 0).unwrap_or(text.len()),
    };
    Step::new(Token::Text(text.get(..end).unwrap_or_default()), end, None)
}

/// What ends with `close`; without it the first mark alone is taken.
fn until<'t>(
    text: &'t str,
    close: &str,
    is_last: bool,
    token: impl Fn(&'t str) -> Token<'t>,
    fault: Fault,
) -> Option<Step<'t>> {
    match text.find(close) {
        Some(at) => Step::new(
            token(text.get(..at).unwrap_or_default()),
            at + close.len(),
            None,
        ),
        None if !is_last && text.len() < MAX_TAG_BYTES => None,
        None => Step::new(Token::Nothing, 2.min(text.len()), Some(fault)),
    }
}

fn comment(text: &str, is_last: bool) -> Option<Step<'_>> {
    let inside = text.get(4..).unwrap_or_default();
    match inside.find("-->") {
        Some(at) => {
            // XML 1.0 section 2.5: no `--` inside
            let has_dashes = inside
                .get(..at)
                .is_some_and(|c| c.contains("--") || c.ends_with('-'));
            Step::new(Token::Nothing, at + 7, has_dashes.then_some(Fault::Comment))
        }
        None if !is_last => None,
        None => Step::new(Token::Nothing, 4, Some(Fault::Comment)),
    }
}

fn cdata(text: &str, is_last: bool) -> Option<Step<'_>> {
    let inside = text.get(9..).unwrap_or_default();
    let is_upper = text.starts_with("<![CDATA[");
    let end = inside.find("]]>");
    let content = end.and_then(|end| inside.get(..end)).unwrap_or(inside);
    // One that swallows the next entry was never closed.
    let is_runaway = ["</item>", "</entry>", "</url>"]
        .iter()
        .any(|close| content.contains(close) && (end.is_none() || content.contains("<![CDATA[")));
    match end {
        Some(end) if !is_runaway => Step::new(
            Token::Cdata(content),
            end + 12,
            (!is_upper).then_some(Fault::Cdata),
        ),
        None if !is_last && !is_runaway => None,
        Some(_) | None => {
            let end = inside.find("</").unwrap_or(inside.len());
            let content = inside.get(..end).unwrap_or_default();
            Step::new(Token::Cdata(content), end + 9, Some(Fault::Cdata))
        }
    }
}

fn doctype(text: &str, is_last: bool) -> Option<Step<'_>> {
    let plain = text.find('>');
    let open = text
        .find('[')
        .filter(|open| plain.is_none_or(|plain| *open < plain));
    let end = match open {
        Some(open) => text.match_indices(']').find_map(|(at, _)| {
            let behind = text.get(at + 1..)?;
            let blanks = behind.len() - behind.trim_start().len();
            let is_end = at > open && behind.trim_start().starts_with('>');
            is_end.then_some(at + 1 + blanks)
        }),
        None => plain,
    };
    match end {
        Some(end) => {
            let inside = text.get(..end).unwrap_or_default();
            Step::new(Token::Doctype(inside), end + 1, None)
        }
        None => until(
            text,
            ">",
            is_last || open.is_none(),
            Token::Doctype,
            Fault::Tag,
        ),
    }
}

fn instruction(text: &str, is_last: bool) -> Option<Step<'_>> {
    until(
        text,
        "?>",
        is_last,
        |inside| {
            let inside = inside.get(2..).unwrap_or_default();
            match inside.strip_prefix("xml") {
                Some(rest) if rest.starts_with(char::is_whitespace) => Token::Declaration(rest),
                Some(_) | None => Token::Nothing,
            }
        },
        Fault::Tag,
    )
}

fn end_tag(text: &str, is_last: bool) -> Option<Step<'_>> {
    let inside = text.get(2..).unwrap_or_default();
    let Some(end) = inside.find(['>', '<']) else {
        if !is_last && text.len() < MAX_TAG_BYTES {
            return None;
        }
        let name = inside.trim_end();
        return Step::new(Token::End(name), text.len(), Some(Fault::Tag));
    };
    let is_closed = inside.get(end..).is_some_and(|rest| rest.starts_with('>'));
    let (name, _) = split_name(inside.get(..end).unwrap_or_default());
    let is_clean = is_closed
        && inside
            .get(name.len()..end)
            .is_some_and(|r| r.trim().is_empty());
    let bytes = 2 + end + usize::from(is_closed);
    Step::new(Token::End(name), bytes, (!is_clean).then_some(Fault::Tag))
}

fn start_tag(text: &str, is_last: bool) -> Option<Step<'_>> {
    let mut quote = None;
    let mut is_value = false; // an `=` came last
    let mut inner_end = None; // a `>` inside of quotes
    for (at, byte) in text.bytes().enumerate().skip(1).take(MAX_TAG_BYTES) {
        match (quote, byte) {
            (Some(mark), byte) if mark == byte => (quote, inner_end) = (None, None),
            (Some(_), b'>') => inner_end = inner_end.or(Some(at)),
            (Some(_), b'<') => {
                if let Some(end) = inner_end {
                    return tag(text, end, true, Some(Fault::Attribute)); // the quote was never closed
                }
            }
            (None, b'"' | b'\'') if is_value => quote = Some(byte),
            (None, b'>') => return tag(text, at, true, None),
            (None, b'<') => return tag(text, at, false, Some(Fault::Tag)),
            (None, b'=') => is_value = true,
            (None, byte) if !byte.is_ascii_whitespace() => is_value = false,
            (Some(_) | None, _) => {}
        }
    }
    if !is_last && text.len() < MAX_TAG_BYTES {
        return None;
    }
    match text.find('>').filter(|at| *at < MAX_TAG_BYTES) {
        Some(end) => tag(text, end, true, Some(Fault::Attribute)),
        None if text.len() < MAX_TAG_BYTES => {
            Step::new(Token::Nothing, text.len(), Some(Fault::Cut))
        }
        None => Step::new(Token::Text("<"), 1, Some(Fault::Less)),
    }
}

fn tag(text: &str, end: usize, is_closed: bool, fault: Option<Fault>) -> Option<Step<'_>> {
    let inside = text.get(1..end).unwrap_or_default();
    let is_empty = inside.ends_with('/');
    let inside = inside.strip_suffix('/').unwrap_or(inside);
    let (name, attributes) = split_name(inside);
    Step::new(
        Token::Start(Tag {
            name,
            attributes,
            is_empty,
        }),
        end + usize::from(is_closed),
        fault,
    )
}

fn split_name(inside: &str) -> (&str, &str) {
    let end = inside.find(|c: char| c.is_whitespace() || matches!(c, '/' | '=' | '"' | '\''));
    inside
        .split_at_checked(end.unwrap_or(inside.len()))
        .unwrap_or((inside, ""))
}

/// The attributes of a tag as they are written, and whether they are well-formed.
pub(super) fn attributes(text: &str) -> (Vec<(&str, &str)>, bool) {
    let mut found: Vec<(&str, &str)> = Vec::new();
    let mut is_clean = text.is_empty() || text.starts_with(char::is_whitespace);
    let mut rest = text.trim_start();
    while !rest.is_empty() && found.len() < MAX_ATTRIBUTES {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=');
        let (name, behind) = rest
            .split_at_checked(end.unwrap_or(rest.len()))
            .unwrap_or((rest, ""));
        let Some(value) = behind.trim_start().strip_prefix('=') else {
            is_clean = false; // no value
            if name.is_empty() {
                break;
            }
            rest = behind.trim_start();
            continue;
        };
        let (value, behind, is_good) = attribute_value(value.trim_start());
        is_clean &= is_good && !name.is_empty() && found.iter().all(|(other, _)| *other != name);
        found.push((name, value));
        is_clean &= behind.is_empty() || behind.starts_with(char::is_whitespace);
        rest = behind.trim_start();
    }
    (found, is_clean && rest.is_empty())
}

/// A value, what stands behind it, and whether it is well-formed.
fn attribute_value(text: &str) -> (&str, &str, bool) {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return match inside.split_once(quote) {
                Some((value, behind)) => (value, behind, !value.contains('<')),
                None => (inside, "", false),
            };
        }
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (value, behind) = text.split_at_checked(end).unwrap_or((text, ""));
    (value, behind, false)
}
