//! A forgiving reader of XML for feeds and sitemaps: it never refuses, it reads piece by piece, and it
//! tells what was wrong. End tags that are missing, crossed or too many are put right as far as the open
//! elements tell. Entities that a document declares are read where they are plain texts.

mod entity;
mod fault;
mod space;
mod token;

use crate::discover::body::{Body, End};
use entity::Doctype;
use space::Bindings;
use token::{Tag, Token};

pub(super) use entity::unescaped;
pub(super) use fault::{Fault, Faults};

/// Elements that are known by name while they are open; those beyond are counted.
const MAX_DEPTH: usize = 200;
/// A text without an end is cut here.
const MAX_TOKEN_BYTES: usize = 4 << 20;

/// An open element.
#[derive(Debug)]
pub(super) struct Open {
    /// The name as it is written.
    name: String,
    /// The short name of its namespace: see `space.rs`.
    pub(super) space: &'static str,
    /// The name without a prefix, in lower case.
    pub(super) local: String,
}

/// A start tag with its element as the last of the path.
pub(super) struct Element<'e> {
    pub(super) path: &'e [Open],
    pub(super) attributes: &'e [(&'e str, String)],
    /// The tag as it is written.
    pub(super) raw: &'e str,
}

impl Element<'_> {
    /// The value of an attribute, by its name in lower case.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self
            .attributes
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn space(&self) -> &'static str {
        self.path.last().map_or("", |open| open.space)
    }

    pub(super) fn local(&self) -> &str {
        self.path.last().map_or("", |open| open.local.as_str())
    }
}

/// Takes what a document holds.
pub(super) trait Handler {
    /// An element begins.
    fn start(&mut self, element: &Element<'_>);
    /// The last element of the path ends, by `raw` or, where that is empty, because another did.
    fn end(&mut self, path: &[Open], raw: &str);
    /// A text comes, and how it is written; raw as plain for CDATA.
    fn text(&mut self, path: &[Open], plain: &str, raw: Option<&str>);
    /// The document breaks off; the open elements end now.
    fn cut(&mut self) {}
    /// Whether nothing more is wanted.
    fn is_done(&self) -> bool;
}

/// Reads a document to its end, or to where the handler has enough. `text` may hold its beginning.
pub(super) fn read(
    body: &mut Body<'_>,
    mut text: String,
    mut end: End,
    handler: &mut impl Handler,
) -> Faults {
    let mut document = Document::default();
    let mut at = 0;
    while !handler.is_done() {
        let rest = text.get(at..).unwrap_or_default();
        let is_last = end != End::More || rest.len() > MAX_TOKEN_BYTES;
        if let Some(step) = token::next(rest, is_last) {
            at += step.bytes;
            if let Some(fault) = step.fault {
                document.faults.add(fault);
            }
            let raw = rest.get(..step.bytes).unwrap_or_default();
            document.take(step.token, raw, handler);
            continue;
        }
        if end != End::More {
            document.close(end, handler);
            break;
        }
        text.drain(..at);
        at = 0;
        end = body.fill(&mut text);
    }
    if body.has_errors() {
        document.faults.add(Fault::Bytes);
    }
    document.faults
}

#[derive(Default)]
struct Document {
    open: Vec<Open>,
    /// Open elements that were too deep to be kept.
    beyond: usize,
    bindings: Bindings,
    doctype: Doctype,
    faults: Faults,
    plain: String,
    /// Whether anything came so far, and the root.
    has_begun: bool,
    has_root: bool,
}

impl Document {
    fn take(&mut self, token: Token<'_>, raw: &str, handler: &mut impl Handler) {
        match token {
            Token::Text(text) => {
                let mut plain = std::mem::take(&mut self.plain);
                plain.clear();
                let text = if self.has_begun {
                    text
                } else {
                    text.trim_start_matches('\u{feff}')
                };
                entity::resolve(text, &self.doctype, &mut plain, &mut self.faults);
                if self.open.is_empty() && !plain.trim().is_empty() {
                    self.faults.add(Fault::Outside);
                }
                if text.contains("]]>") {
                    self.faults.add(Fault::CdataEnd);
                }
                self.has_begun |= !text.is_empty();
                handler.text(&self.open, &plain, Some(text));
                self.plain = plain;
            }
            Token::Cdata(text) => {
                let mut plain = String::new();
                entity::push_allowed(text, &mut plain, &mut self.faults);
                handler.text(&self.open, &plain, None);
            }
            Token::Start(tag) => self.start(tag, raw, handler),
            Token::End(name) => self.end(name, raw, handler),
            Token::Declaration(_) if self.has_begun => self.faults.add(Fault::Declaration),
            Token::Doctype(text) => self.doctype = Doctype::of(text),
            Token::Declaration(_) | Token::Nothing => {}
        }
        self.has_begun |= !raw.is_empty() && raw.starts_with('<');
    }

    fn start(&mut self, tag: Tag<'_>, raw: &str, handler: &mut impl Handler) {
        if self.open.is_empty() && std::mem::replace(&mut self.has_root, true) {
            self.faults.add(Fault::SecondRoot);
        }
        if self.open.len() >= MAX_DEPTH {
            self.faults.add(Fault::Depth);
            self.beyond += usize::from(!tag.is_empty);
            return;
        }
        let (written, is_clean) = token::attributes(tag.attributes);
        if !is_clean {
            self.faults.add(Fault::Attribute);
        }
        let mut attributes = Vec::with_capacity(written.len());
        for (name, value) in written {
            let mut plain = String::new();
            entity::resolve(value, &self.doctype, &mut plain, &mut self.faults);
            attributes.push((name, plain));
        }
        self.bindings.declare(self.open.len(), &attributes);
        let resolved = self.bindings.resolve(tag.name);
        let is_bound = attributes
            .iter()
            .all(|(name, _)| self.bindings.is_bound(name));
        if !resolved.is_bound || !is_bound {
            self.faults.add(Fault::Prefix);
        }
        self.open.push(Open {
            name: tag.name.to_owned(),
            space: resolved.space,
            local: resolved.local,
        });
        handler.start(&Element {
            path: &self.open,
            attributes: &attributes,
            raw,
        });
        if tag.is_empty {
            self.pop(raw.get(..0).unwrap_or_default(), handler);
        }
    }

    fn pop(&mut self, raw: &str, handler: &mut impl Handler) {
        handler.end(&self.open, raw);
        self.open.pop();
        self.bindings.leave(self.open.len());
    }

    /// Closes the element that an end tag names and all within it; one that closes nothing is left.
    fn end(&mut self, name: &str, raw: &str, handler: &mut impl Handler) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let same = |open: &Open| open.name.eq_ignore_ascii_case(name);
        let Some(at) = self.open.iter().rposition(same) else {
            self.faults.add(Fault::EndTag);
            return;
        };
        let is_exact =
            at + 1 == self.open.len() && self.open.last().is_some_and(|o| o.name == name);
        if !is_exact {
            self.faults.add(Fault::EndTag);
        }
        while self.open.len() > at + 1 {
            self.pop("", handler);
        }
        self.pop(raw, handler);
    }

    fn close(&mut self, end: End, handler: &mut impl Handler) {
        match end {
            End::More | End::Whole => {}
            End::Broken => self.faults.add(Fault::Gzip),
            End::TooBig => self.faults.add(Fault::Size),
        }
        if !self.open.is_empty() {
            self.faults.add(Fault::Cut);
            handler.cut();
        }
        while !self.open.is_empty() {
            self.pop("", handler);
        }
    }
}
