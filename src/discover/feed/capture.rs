//! The text of one element, with the markup that stands in it.

use std::borrow::Cow;

use crate::discover::xml::{Element, Open};

use super::entry::Field;
use super::names;
use super::text::Markup;

/// Longer texts are cut; the longest articles have a tenth of it.
const MAX_TEXT_BYTES: usize = 1 << 20;

/// An element whose text is gathered.
pub(super) struct Capture {
    pub(super) field: Field,
    pub(super) rank: u8,
    /// The depth of the element.
    pub(super) depth: usize,
    label: Label,
    /// The text with its references resolved.
    plain: String,
    /// The text as it is written, with its tags.
    markup: String,
    has_tags: bool,
}

/// How the element says its text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Html,
    /// Markup of its own inside of a `div` that isn't part of it (RFC 4287 section 3.1.1.3).
    Xhtml,
    Plain,
    Base64,
}

impl Capture {
    pub(super) fn new(field: Field, rank: u8, element: &Element<'_>, is_rss: bool) -> Self {
        Self {
            field,
            rank,
            depth: element.path.len(),
            label: label(element, is_rss),
            plain: String::new(),
            markup: String::new(),
            has_tags: false,
        }
    }

    /// Whether a start tag can't be part of the text.
    pub(super) fn breaks_at(&self, element: &Element<'_>) -> bool {
        names::is_neighbour(self.field, element)
    }

    pub(super) fn text(&mut self, plain: &str, raw: Option<&str>) {
        push(&mut self.plain, plain);
        push(&mut self.markup, raw.unwrap_or(plain));
    }

    pub(super) fn start(&mut self, element: &Element<'_>) {
        if self.is_wrapper(element.path) {
            return;
        }
        self.has_tags = true;
        push(&mut self.markup, &unprefixed(element.raw, "<"));
    }

    pub(super) fn end(&mut self, path: &[Open], raw: &str) {
        if !self.is_wrapper(path) {
            push(&mut self.markup, &unprefixed(raw, "</"));
        }
    }

    fn is_wrapper(&self, path: &[Open]) -> bool {
        let is_div = path.last().is_some_and(|open| open.local == "div");
        self.label == Label::Xhtml && path.len() == self.depth + 1 && is_div
    }

    /// The text without tags.
    pub(super) fn plain(&self) -> &str {
        &self.plain
    }

    /// The text, and what it is.
    pub(super) fn value(&self) -> (Cow<'_, str>, Markup) {
        let is_marked_up = matches!(self.field, Field::Title | Field::Summary | Field::Content);
        if is_marked_up && (self.has_tags || self.label == Label::Xhtml) {
            return (Cow::Borrowed(&self.markup), Markup::Html);
        }
        match self.label {
            Label::Base64 => match base64(&self.plain) {
                Some(text) => (Cow::Owned(text), Markup::Html),
                None => (Cow::Borrowed(&self.plain), Markup::Plain),
            },
            Label::Html => (Cow::Borrowed(&self.plain), Markup::Html),
            Label::Xhtml | Label::Plain => (Cow::Borrowed(&self.plain), Markup::Plain),
        }
    }
}

fn label(element: &Element<'_>, is_rss: bool) -> Label {
    let kind = element
        .attribute("type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let mode = element.attribute("mode").unwrap_or_default(); // Atom 0.3
    if mode == "base64" {
        Label::Base64
    } else if kind.contains("xhtml") {
        Label::Xhtml
    } else if is_rss && kind.is_empty() || kind.contains("html") {
        Label::Html
    } else {
        Label::Plain
    }
}

fn push(out: &mut String, text: &str) {
    let room = MAX_TEXT_BYTES.saturating_sub(out.len());
    if text.len() <= room {
        out.push_str(text);
    } else {
        out.push_str(
            text.get(..text.floor_char_boundary(room))
                .unwrap_or_default(),
        );
    }
}

/// A tag without the prefix of its name.
fn unprefixed<'t>(tag: &'t str, mark: &str) -> Cow<'t, str> {
    let inside = tag.strip_prefix(mark).unwrap_or_default();
    let end = inside
        .find(|c: char| c.is_whitespace() || matches!(c, '/' | '>'))
        .unwrap_or(inside.len());
    match inside
        .split_at_checked(end)
        .and_then(|(name, rest)| Some((name.split_once(':')?.1, rest)))
    {
        Some((local, rest)) => Cow::Owned(format!("{mark}{local}{rest}")),
        None => Cow::Borrowed(tag),
    }
}

/// A text in Base64 (RFC 4648 section 4).
fn base64(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut bits = 0_u32;
    let mut held = 0_u32;
    for byte in text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
    {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(six)) & 0xffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap_or_default());
        }
    }
    String::from_utf8(bytes).ok()
}
