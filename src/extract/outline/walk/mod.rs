//! The one walk over a page that makes the outline: iterative, whatever the depth.

use std::collections::HashSet;

use ego_tree::{NodeId, NodeRef, iter::Edge};
use scraper::{Html, Node};

use super::{Block, Item, table};
use crate::extract::element::Element;
use crate::extract::role::{Names, Purpose, Roles};
use crate::extract::text::{finish, push_collapsed, weight};

/// Blocks past this number are not read: no article has them, traps do.
const MAX_BLOCKS: usize = 60_000;

/// Where the walk stands.
#[derive(Default)]
pub(super) struct Walk<'a> {
    pub(super) items: Vec<Item<'a>>,
    pub(super) blocks: Vec<Block>,
    open: Vec<usize>,
    /// The open elements that bound blocks.
    bounds: Vec<usize>,
    line: String,
    linked: String,
    links: usize,
    /// Whether a `span` has just ended: the next one is another cell, though nothing but style
    /// parts them.
    after_span: bool,
    /// Whether the page brings brackets for the readings of this `ruby`.
    has_brackets: bool,
    /// Whether text is a reading that stands beside its word and, without brackets, not in the line.
    is_reading: bool,
    /// Whether the line is the first letter of a word that goes on in the next element.
    is_initial: bool,
    /// Where the link into the page itself began that is open in a heading.
    mark: Option<Mark>,
    names: Names<'a>,
    /// Elements whose text is left out.
    muted: HashSet<NodeId>,
}

/// The state of the line before a link that may be no more than the heading's own address.
struct Mark {
    item: usize,
    line: usize,
    linked: usize,
}

impl<'a> Walk<'a> {
    /// A walk that leaves out the text of some elements.
    pub(super) fn muting(muted: HashSet<NodeId>) -> Self {
        Self {
            muted,
            ..Self::default()
        }
    }

    /// Walks the whole page.
    pub(super) fn run(&mut self, html: &'a Html) {
        self.items.reserve(html.tree.values().len() / 2);
        let mut skipped = 0_usize;
        let mut silent = 0_usize;
        for edge in html.tree.root().traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Element(element) => {
                        let element = Element::from(element);
                        let is_skipped = is_skipped(element.name());
                        skipped += usize::from(is_skipped);
                        silent += usize::from(self.muted.contains(&node.id()));
                        if skipped == 0 {
                            self.enter(node, element);
                        }
                    }
                    Node::Text(text) if skipped == 0 && silent == 0 => self.write(text),
                    _ => {}
                },
                Edge::Close(node) => {
                    let Some(element) = node.value().as_element() else {
                        continue;
                    };
                    if skipped == 0 {
                        self.leave();
                    }
                    skipped = skipped.saturating_sub(usize::from(is_skipped(element.name())));
                    silent = silent.saturating_sub(usize::from(self.muted.contains(&node.id())));
                }
            }
        }
        self.flush(false);
        table::join_rows(&mut self.items, &mut self.blocks);
    }

    fn enter(&mut self, node: NodeRef<'a, Node>, element: Element<'a>) {
        let purpose = Purpose::of(element, &mut self.names);
        let is_heading = element.name() == "button" && self.in_heading();
        let own = if is_heading {
            purpose.roles.without(Roles::CONTROL)
        } else {
            purpose.roles
        };
        // What is left out of a line does not break it either.
        let shown = if self.muted.contains(&node.id()) {
            Roles::default()
        } else {
            own
        };
        let is_inline = is_heading || self.is_inline_extra(element.name());
        let is_bound = bounds(element.name(), shown) && !is_inline;
        if is_bound {
            self.flush(element.name() == "br");
        }
        if self.after_span && element.name() == "span" && !self.in_paragraph() {
            self.push(" ");
        }
        self.after_span = false;
        let index = self.items.len();
        let starts = self.blocks.len();
        self.items.push(Item {
            node,
            element,
            parent: self.open.last().copied().unwrap_or_default(),
            end: index + 1,
            own,
            roles: Roles::default(),
            blocks: starts..starts,
            is_hint: purpose.is_hint,
        });
        self.open.push(index);
        if is_bound {
            self.bounds.push(index);
        }
        self.links += usize::from(element.name() == "a");
        match element.name() {
            "ruby" => self.has_brackets = false,
            "rp" => self.has_brackets = true,
            "rt" => self.is_reading = !self.has_brackets,
            "a" => self.mark = self.mark_of(index, element),
            _ => {}
        }
    }

    /// Elements of a page's own making, which browsers set in the line unless styled otherwise:
    /// inside a paragraph they mark words.
    fn is_inline_extra(&self, tag: &str) -> bool {
        self.in_paragraph() && tag.contains('-')
    }

    fn mark_of(&self, index: usize, element: Element<'_>) -> Option<Mark> {
        let bound = self.bounds.last().and_then(|at| self.items.get(*at))?;
        let is_inside = element
            .attr("href")
            .is_some_and(|href| href.starts_with('#'));
        let is_mark = is_inside && is_heading(bound.element.name()) && !self.line.trim().is_empty();
        is_mark.then_some(Mark {
            item: index,
            line: self.line.len(),
            linked: self.linked.len(),
        })
    }

    /// Takes back the sign behind a heading that links to the heading itself (`#`, `¶`).
    fn unmark(&mut self, index: usize, element: Element<'_>) {
        let Some(mark) = self.mark.take_if(|mark| mark.item == index) else {
            return;
        };
        let sign = self.line.get(mark.line..).unwrap_or_default();
        let is_named = element.classes().any(|class| {
            ["anchor", "permalink", "headerlink", "hash-link"]
                .iter()
                .any(|word| class.contains(word))
        });
        if is_named || !sign.chars().any(char::is_alphanumeric) {
            self.line.truncate(mark.line);
            self.linked.truncate(mark.linked);
        }
    }

    fn leave(&mut self) {
        let Some(index) = self.open.pop() else { return };
        let Some(element) = self.items.get(index).map(|item| item.element) else {
            return;
        };
        self.is_reading &= element.name() != "rt";
        self.unmark(index, element);
        self.after_span = element.name() == "span";
        if self.bounds.last() == Some(&index) {
            self.is_initial = is_drop_cap(element, &self.line);
            self.flush(false);
            self.bounds.pop();
        }
        self.links -= usize::from(element.name() == "a" && self.links > 0);
        let (end, blocks) = (self.items.len(), self.blocks.len());
        let pending = usize::from(!self.line.trim().is_empty());
        if let Some(item) = self.items.get_mut(index) {
            item.end = end;
            item.blocks.end = blocks + pending;
        }
    }

    fn write(&mut self, text: &str) {
        if !text.contains('\u{3000}') {
            return self.push(text);
        }
        // Japanese paragraphs begin with a wide space; some pages mark them by nothing else.
        for (at, piece) in text.split("\n\u{3000}").enumerate() {
            if at > 0 {
                self.flush(false);
            }
            self.push(piece);
        }
    }

    /// Where a button is the heading itself, which unfolds what stands under it: so ARIA recommends.
    fn in_heading(&self) -> bool {
        let bound = self.bounds.last().and_then(|at| self.items.get(*at));
        bound.is_some_and(|item| is_heading(item.element.name()))
    }

    fn in_paragraph(&self) -> bool {
        let bound = self.bounds.last().and_then(|at| self.items.get(*at));
        bound.is_some_and(|item| {
            is_heading(item.element.name()) || matches!(item.element.name(), "p" | "blockquote")
        })
    }

    fn push(&mut self, text: &str) {
        if self.is_reading {
            return;
        }
        if self.is_initial
            && let Some(first) = text.trim_start().chars().next()
        {
            self.is_initial = false;
            if !first.is_lowercase() {
                self.flush(false);
            }
        }
        self.after_span = false;
        push_collapsed(&mut self.line, text);
        if self.links > 0 {
            push_collapsed(&mut self.linked, text);
        }
    }

    fn flush(&mut self, is_broken: bool) {
        if self.is_initial {
            return;
        }
        let text = finish(&self.line);
        let link_weight = weight(self.linked.trim());
        self.line.clear();
        self.linked.clear();
        self.mark = None; // what it stands in has ended
        if text.is_empty() || self.blocks.len() >= MAX_BLOCKS {
            // A second break: what stands before is a whole paragraph.
            if let Some(block) = self.blocks.last_mut().filter(|_| is_broken) {
                block.is_broken = false;
            }
            return;
        }
        self.blocks.push(Block {
            weight: weight(&text),
            link_weight,
            text,
            item: self.bounds.last().copied().unwrap_or_default(),
            roles: Roles::default(),
            is_broken,
        });
    }
}

/// Whether an element sets the first letter of a text apart to be drawn large. A letter that is a
/// word by itself stays one: nothing tells `A` from the beginning of `After`.
fn is_drop_cap(element: Element<'_>, line: &str) -> bool {
    let mut letters = line.trim().chars();
    let is_letter = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    let is_named = || {
        element.classes().any(|class| {
            ["drop", "first-letter", "firstletter", "initial", "lettrine"]
                .iter()
                .any(|word| class.contains(word))
        })
    };
    is_letter && !matches!(line.trim(), "A" | "E" | "I" | "O" | "U" | "Y") && is_named()
}

fn is_heading(tag: &str) -> bool {
    matches!(tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

fn is_skipped(tag: &str) -> bool {
    matches!(
        tag,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "svg"
            | "math"
            | "iframe"
            | "object"
            | "head"
    )
}

/// Whether an element stands within a line unless its role sets it apart.
pub(super) fn is_inline(tag: &str) -> bool {
    !bounds(tag, Roles::default())
}

/// Whether an element begins a new block: block-level ones, and inline ones that are set apart by
/// their role.
fn bounds(tag: &str, own: Roles) -> bool {
    match tag {
        "a" | "abbr" | "acronym" | "b" | "bdi" | "bdo" | "big" | "cite" | "code" | "data"
        | "del" | "dfn" | "em" | "font" | "i" | "ins" | "kbd" | "mark" | "q" | "rp" | "rt"
        | "ruby" | "s" | "samp" | "small" | "span" | "strike" | "strong" | "sub" | "sup" | "tt"
        | "u" | "var" | "wbr" | "time" | "img" | "nobr" | "source" | "amp-img" | "input"
        | "picture" | "rb" | "rtc" => own.has(
            Roles::CAPTION
                .with(Roles::HIDDEN)
                .with(Roles::SHARE)
                .with(Roles::AD)
                .with(Roles::CREDIT)
                .with(Roles::KICKER)
                .with(Roles::RELATED),
        ),
        _ => true,
    }
}

#[cfg(test)]
mod tests;
