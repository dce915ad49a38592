//! The lines of a frame, as its markup parts them, and which of them are credits.

use ego_tree::{NodeId, iter::Edge};
use scraper::Node;

use super::caption::{self, Described};
use super::picture;
use crate::extract::element::Element;
use crate::extract::outline::Item;
use crate::extract::text::clean;

/// Nodes read inside one caption.
const MAX_NODES: usize = 300;

/// The lines of a caption and of a credit.
#[derive(Default)]
pub(super) struct Lines {
    captions: Vec<String>,
    credits: Vec<String>,
}

impl Lines {
    /// Reads an element: each part that is set apart is a line of its own, and a credit where its
    /// name says so.
    pub(super) fn read(&mut self, item: &Item<'_>) {
        let mut line = String::new();
        let mut credit: Option<NodeId> = None;
        let mut hidden: Option<NodeId> = None;
        for edge in item.node.traverse().take(2 * MAX_NODES) {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Element(element) => {
                        let element = Element::from(element);
                        if !is_inline(element.name()) {
                            self.end(&mut line, credit.is_some());
                        }
                        if credit.is_none() && names_credit(element) {
                            self.end(&mut line, false);
                            credit = Some(node.id());
                        }
                        let is_root = node.id() == item.node.id();
                        if hidden.is_none() && !is_root && is_unseen(element) {
                            hidden = Some(node.id());
                        }
                    }
                    Node::Text(text) if hidden.is_none() => line.push_str(text),
                    _ => {}
                },
                Edge::Close(node) => {
                    let is_bound = node
                        .value()
                        .as_element()
                        .is_some_and(|element| !is_inline(element.name()));
                    if is_bound || credit == Some(node.id()) {
                        self.end(&mut line, credit.is_some());
                    }
                    credit = credit.filter(|open| *open != node.id());
                    hidden = hidden.filter(|open| *open != node.id());
                }
            }
        }
        self.end(&mut line, credit.is_some());
    }

    fn end(&mut self, line: &mut String, is_credit: bool) {
        let text = clean(&std::mem::take(line));
        let target = if is_credit {
            &mut self.credits
        } else {
            &mut self.captions
        };
        if !text.is_empty() && !target.contains(&text) {
            target.push(text);
        }
    }

    pub(super) fn described(&self) -> Described {
        let (captions, credits): (Vec<&str>, Vec<&str>) = (
            self.captions.iter().map(String::as_str).collect(),
            self.credits.iter().map(String::as_str).collect(),
        );
        caption::described(&captions, &credits)
    }
}

fn is_inline(tag: &str) -> bool {
    matches!(
        tag,
        "a" | "abbr"
            | "b"
            | "bdi"
            | "em"
            | "font"
            | "i"
            | "mark"
            | "q"
            | "ruby"
            | "strong"
            | "sub"
            | "sup"
            | "u"
            | "wbr"
            | "time"
            | "nobr"
    )
}

/// Whether the markup of an element says "credit": HTML's `cite` and `small`, and the words that
/// newsrooms use.
pub(super) fn names_credit(element: Element<'_>) -> bool {
    if matches!(element.name(), "cite" | "small") {
        return true;
    }
    let is_stated = element.attr("itemprop").is_some_and(|prop| {
        matches!(
            prop,
            "copyrightHolder" | "creditText" | "author" | "creator"
        )
    });
    let names = element.classes().chain(element.id()).take(12);
    is_stated
        || names.map(picture::squash).any(|name| {
            [
                "credit",
                "copyright",
                "photographer",
                "imagesource",
                "photosource",
                "imgsource",
                "picsource",
                "captionsource",
                "imageauthor",
                "photoauthor",
                "captionauthor",
                "attribution",
                "courtesy",
                "bildquelle",
                "fotograf",
                "bildrechte",
                "imageagency",
                "photoby",
                "imagerights",
                "byline",
                "creditos",
            ]
            .iter()
            .any(|word| name.contains(word))
                || matches!(
                    name.as_str(),
                    "source" | "author" | "agency" | "rights" | "quelle"
                )
        })
}

/// What a reader of the page doesn't see in a frame: controls and texts for screen readers.
pub(super) fn is_unseen(element: Element<'_>) -> bool {
    if matches!(
        element.name(),
        "button" | "script" | "style" | "noscript" | "svg" | "template" | "video" | "audio"
    ) {
        return true;
    }
    let names = element.classes().chain(element.id()).take(12);
    names.map(picture::squash).any(|name| {
        [
            "visuallyhidden",
            "sronly",
            "screenreader",
            "isblind",
            "a11yhidden",
            "offscreen",
        ]
        .iter()
        .any(|word| name.contains(word))
            || matches!(name.as_str(), "hidden" | "blind")
    })
}
