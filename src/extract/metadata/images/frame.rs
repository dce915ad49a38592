//! The caption and the credit of a picture, from the frame around it.

use std::collections::HashSet;

use super::caption::{self, Described};
use super::credit::is_credit;
use super::lines::{Lines, is_unseen, names_credit};
use super::{picture, source};
use crate::extract::element::Element;
use crate::extract::metadata::Sources;
use crate::extract::outline::{Block, Item};
use crate::extract::role::Roles;
use crate::extract::text::{clean, folded};
use crate::markup::json_ld;

/// How far up the frame of a picture is looked for.
const MAX_LEVELS: usize = 6;
/// More blocks make an article, not a frame.
const MAX_BLOCKS: usize = 10;
/// The weight of a caption that nothing marks as one.
const MAX_UNMARKED: usize = 300;
/// What a line beside a picture is, where it is no caption.
const UNTOLD: Roles = Roles::HEADLINE
    .with(Roles::OFFER)
    .with(Roles::AD)
    .with(Roles::NAV)
    .with(Roles::SHARE);

/// What the pictures of a page are described with.
pub(super) struct Frames<'a> {
    page: &'a Sources<'a>,
    /// The paragraphs of the body, which are no captions.
    paragraphs: HashSet<&'a str>,
}

impl<'a> Frames<'a> {
    pub(super) fn new(page: &'a Sources<'a>, paragraphs: &'a [String]) -> Self {
        let paragraphs = paragraphs.iter().map(String::as_str).collect();
        Self { page, paragraphs }
    }

    /// Caption and credit from the markup around a picture: what is marked as such in its smallest
    /// frame, else the lines of that frame, else a marked line right below it.
    pub(super) fn describe(&self, index: usize, url: &str) -> Described {
        let mut described = Described::default();
        let identity = picture::identity(url);
        for at in self.page.outline.ancestors(index, MAX_LEVELS) {
            let Some(frame) = self.page.outline.items.get(at) else {
                break;
            };
            if frame.blocks.len() > MAX_BLOCKS || self.holds_others(at, &identity) {
                break;
            }
            if frame.blocks.is_empty() {
                continue;
            }
            described.complete(self.marked(at));
            if described.caption.is_none() {
                described.complete(self.unmarked(at, index));
            }
            if described.caption.is_some() {
                return described;
            }
        }
        described.complete(self.below(index));
        described.complete(self.stated(&identity));
        described
    }

    /// Whether a frame holds another picture than this one.
    fn holds_others(&self, frame: usize, identity: &str) -> bool {
        let inside = self.page.outline.within(frame).iter();
        let others = inside
            .filter(|item| picture::is_picture(item.element) && !picture::is_icon(item.element));
        others
            .take(4)
            .filter_map(source::address)
            .filter_map(|raw| source::resolve(self.page.base.as_ref(), &raw))
            .any(|other| picture::identity(&other) != identity)
    }

    /// What is marked as caption or credit inside a frame.
    fn marked(&self, frame: usize) -> Described {
        let outline = self.page.outline;
        let mut lines = Lines::default();
        let mut at = frame;
        let end = outline.items.get(frame).map_or(frame, |item| item.end);
        while let Some(item) = outline.items.get(at).filter(|_| at < end) {
            let is_marked = || item.own.has(Roles::CAPTION) || names_credit(item.element);
            let is_meant = !item.blocks.is_empty() && is_marked() && !is_control(item);
            // A gallery hides the captions of the leaves that it doesn't show.
            if is_meant && (item.element.name() == "figcaption" || !item.own.has(Roles::HIDDEN)) {
                lines.read(item);
                at = item.end;
            } else {
                at += 1;
            }
        }
        lines.described()
    }

    /// The lines of a frame that holds nothing but a picture and a few words.
    fn unmarked(&self, frame: usize, index: usize) -> Described {
        let outline = self.page.outline;
        let Some(item) = outline.items.get(frame) else {
            return Described::default();
        };
        let blocks = outline.blocks_of(&item.blocks);
        let weight: usize = blocks.iter().map(|b| b.weight).sum();
        let is_figure = item.element.name() == "figure" || item.own.has(Roles::PICTURE);
        let is_signed = blocks.iter().any(|b| is_credit(&b.text));
        let is_text = |text: &str| !is_signed && self.paragraphs.contains(text);
        let is_small = weight <= MAX_UNMARKED && blocks.len() <= 3;
        let is_plain = matches!(item.element.name(), "div" | "span" | "a" | "td" | "table")
            && is_small
            && outline.ancestors(index, 2).any(|at| at == frame);
        let is_frame = (is_figure && weight <= 2 * MAX_UNMARKED) || is_plain;
        let is_other = |b: &Block| b.is_linked() || b.roles.has(UNTOLD) || is_text(&b.text);
        let is_form = || {
            let mut inside = outline.within(frame).iter();
            inside.any(|item| matches!(item.element.name(), "form" | "input"))
        };
        if !is_frame || blocks.iter().any(is_other) || is_form() {
            return Described::default();
        }
        let mut lines = Lines::default();
        lines.read(item);
        lines.described()
    }

    /// A line right below the picture that is marked as its caption.
    fn below(&self, index: usize) -> Described {
        let outline = self.page.outline;
        let following = outline
            .items
            .get(index)
            .and_then(|item| outline.blocks.get(item.blocks.end));
        let is_caption =
            |block: &&Block| block.roles.has(Roles::CAPTION) && !block.roles.has(Roles::HIDDEN);
        following
            .filter(is_caption)
            .map(|block| caption::described(&[&block.text], &[]))
            .unwrap_or_default()
    }

    /// What structured data says of a picture.
    fn stated(&self, identity: &str) -> Described {
        let is_this = |node: &&json_ld::Node| {
            let stated = json_ld::text(node, "contentUrl").or_else(|| json_ld::text(node, "url"));
            stated.is_some_and(|stated| picture::identity(&stated) == identity)
        };
        let lists = self.page.nodes.iter().chain(self.page.article);
        let images = lists.flat_map(|node| {
            let inner = ["image", "primaryImageOfPage", "associatedMedia"]
                .into_iter()
                .flat_map(|name| json_ld::objects(node, name));
            std::iter::once(node).chain(inner).take(40)
        });
        let found = images
            .filter(|node| json_ld::is_a(node, "ImageObject"))
            .find(is_this);
        let Some(node) = found else {
            return Described::default();
        };
        let text = |name: &str| json_ld::text(node, name).map(|t| clean(&t));
        let (caption, credit) = (text("caption"), text("creditText"));
        caption::described(
            &caption.iter().map(String::as_str).collect::<Vec<_>>(),
            &credit.iter().map(String::as_str).collect::<Vec<_>>(),
        )
    }
}

/// What a picture's `alt` says, where that is more than the headline or a file name.
pub(super) fn alt(element: Element<'_>, title: &str) -> Described {
    let text = clean(element.attr("alt").unwrap_or_default());
    let is_words = text.split_whitespace().count() >= 2 && !text.contains('_');
    let is_told = folded(&text) != folded(title);
    if is_words && is_told {
        caption::described(&[&text], &[])
    } else {
        Described::default()
    }
}

fn is_control(item: &Item<'_>) -> bool {
    let name = item.element.name();
    let is_hidden = || name != "figcaption" && is_unseen(item.element);
    matches!(name, "button" | "img" | "picture") || is_hidden()
}
