//! The lines of a robots.txt: key and value, with the mistakes that the reference matcher forgives.

use super::MAX_BODY;

/// What of a line is read, as in the reference matcher: eight times the longest address that old
/// browsers take, less the end mark of its buffer.
pub(super) const MAX_LINE: usize = 2_083 * 8 - 1;

/// What a line that we read states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineKind {
    Agent,
    Allow,
    Disallow,
    CrawlDelay,
    ContentSignal,
    Sitemap,
}

/// One line that states something.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) kind: LineKind,
    /// Without its comment and the white space around it.
    pub(super) value: &'a [u8],
    /// Counted from 1.
    pub(super) number: usize,
    /// The whole line without white space around it.
    pub(super) text: &'a [u8],
}

/// How keys begin, in lower case: the right spelling, then the common wrong ones. Whatever follows
/// is passed over, as the reference matcher does (`Disallowed: /`).
const KEYS: &[(&str, LineKind)] = &[
    ("user-agent", LineKind::Agent),
    ("useragent", LineKind::Agent),
    ("user agent", LineKind::Agent),
    ("allow", LineKind::Allow),
    ("disallow", LineKind::Disallow),
    ("dissallow", LineKind::Disallow),
    ("dissalow", LineKind::Disallow),
    ("disalow", LineKind::Disallow),
    ("diasllow", LineKind::Disallow),
    ("disallaw", LineKind::Disallow),
    ("crawl-delay", LineKind::CrawlDelay),
    ("crawldelay", LineKind::CrawlDelay),
    ("content-signal", LineKind::ContentSignal),
    ("sitemap", LineKind::Sitemap),
    ("site-map", LineKind::Sitemap),
];

/// The lines of `body` that state something, up to its size limit.
pub(super) fn lines(body: &[u8]) -> impl Iterator<Item = Line<'_>> {
    RawLines {
        rest: whole_lines(without_mark(body)),
        number: 0,
    }
    .filter_map(|(number, line)| {
        let line = line.get(..MAX_LINE).unwrap_or(line);
        read(number, line.trim_ascii())
    })
}

/// The bytes behind a byte order mark, or behind the first of its bytes where the others are lost.
fn without_mark(body: &[u8]) -> &[u8] {
    let mark = b"\xEF\xBB\xBF";
    let marked = mark.iter().zip(body).take_while(|(m, b)| m == b).count();
    body.get(marked..).unwrap_or_default()
}

/// The lines that lie before the size limit: half a rule could forbid or allow too much.
fn whole_lines(body: &[u8]) -> &[u8] {
    let Some(head) = body.get(..MAX_BODY).filter(|head| head.len() < body.len()) else {
        return body;
    };
    let last_end = head.iter().rposition(|b| matches!(b, b'\n' | b'\r'));
    last_end.and_then(|end| head.get(..end)).unwrap_or_default()
}

/// Numbered lines that end with LF, CR or both.
struct RawLines<'a> {
    rest: &'a [u8],
    number: usize,
}

impl<'a> Iterator for RawLines<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.iter().position(|b| matches!(b, b'\n' | b'\r'));
        let (line, after) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = after
            .strip_prefix(b"\r\n")
            .or_else(|| after.get(1..))
            .unwrap_or_default();
        self.number += 1;
        Some((self.number, line))
    }
}

fn read(number: usize, text: &[u8]) -> Option<Line<'_>> {
    // A NUL ends a line for most readers of such files, and stands in no address.
    let stated = text.split(|b| matches!(b, b'#' | 0)).next()?.trim_ascii();
    let (key, value) = split_key(stated)?;
    let (_, kind) = KEYS.iter().find(|(known, _)| begins_with(key, known))?;
    Some(Line {
        kind: *kind,
        value,
        number,
        text,
    })
}

/// Key and value about the first colon; without one, the two words of a line of two.
fn split_key(stated: &[u8]) -> Option<(&[u8], &[u8])> {
    if let Some(colon) = stated.iter().position(|b| *b == b':') {
        let (key, value) = stated.split_at(colon);
        return Some((key.trim_ascii(), value.get(1..)?.trim_ascii()));
    }
    let space = stated.iter().position(u8::is_ascii_whitespace)?;
    let (key, value) = stated.split_at(space);
    let value = value.trim_ascii();
    (!value.iter().any(u8::is_ascii_whitespace)).then_some((key, value))
}

fn begins_with(key: &[u8], known: &str) -> bool {
    key.get(..known.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(known.as_bytes()))
}
