//! Where on a page the date of its article is shown.

use std::ops::Range;

use crate::extract::body::Found;
use crate::extract::metadata::Sources;
use crate::extract::outline::Block;
use crate::extract::role::Roles;
use crate::extract::text::{folded, folds_to};

/// Blocks before the headline that may hold the date.
const ABOVE: usize = 8;
/// Blocks between the headline and the text at most.
const BETWEEN: usize = 40;
/// Blocks of the text that may be a line with the date.
const INTO: usize = 4;
/// Blocks around the body where no headline is found.
const NEAR: usize = 14;

/// The parts of a page around its article.
pub(super) struct Place {
    /// From a little above the headline to the first lines of the text.
    pub(super) head: Range<usize>,
    /// The rest of the body.
    pub(super) body: Range<usize>,
    /// A little below the body.
    pub(super) tail: Range<usize>,
    /// Roles that the headline itself has inherited, which therefore say nothing.
    meaningless: Roles,
}

impl Place {
    pub(super) fn of(page: &Sources<'_>, found: &Found, title: &str) -> Self {
        let blocks = &page.outline.blocks;
        let title = &folded(title);
        let span = &found.span;
        let headline = headline(blocks, span, title);
        let head = match headline {
            Some(at) => {
                let text = text_after(blocks, at).max(span.start.min(at + BETWEEN));
                at.saturating_sub(ABOVE)..text + INTO
            }
            None => span.start.saturating_sub(NEAR)..(span.start + INTO).min(span.end.max(INTO)),
        };
        let titles = blocks.get(head.clone()).unwrap_or_default();
        let titles = titles.iter().filter(|block| says(block, title));
        let meaningless = titles.fold(Roles::default(), |roles, block| roles.with(block.roles));
        Self {
            body: head.end..span.end.max(head.end),
            tail: span.end.max(head.end)..span.end.max(head.end) + NEAR,
            head,
            meaningless,
        }
    }

    /// Whether a block with these roles can show the date of the article. In the head, lines of
    /// share buttons and author boxes hold it as well.
    pub(super) fn may_date(&self, at: usize, roles: Roles) -> bool {
        let around = Roles::AROUND.without(Roles::FOOTER);
        let foreign = if self.head.contains(&at) {
            around
                .without(Roles::SHARE)
                .without(Roles::BIO)
                .without(Roles::ASIDE)
        } else {
            around.without(Roles::ASIDE)
        };
        !roles.without(self.meaningless).has(foreign)
    }
}

/// The block that says the folded title, nearest to the body.
fn headline(blocks: &[Block], span: &Range<usize>, title: &str) -> Option<usize> {
    let last = if span.is_empty() {
        usize::MAX
    } else {
        span.end
    };
    let all = blocks.iter().enumerate().take(last);
    let said = all.filter(|(_, block)| says(block, title));
    let nearest =
        said.min_by_key(|(at, block)| (!block.roles.has(Roles::HEADLINE), at.abs_diff(span.start)));
    let heading = || {
        let all = blocks.iter().enumerate().take(span.start + INTO);
        let mut heads = all.filter(|(_, b)| b.roles.has(Roles::HEADLINE) && b.text.len() > 12);
        heads.next_back()
    };
    nearest.or_else(heading).map(|(at, _)| at)
}

/// Whether a block is the folded title and no crumb.
fn says(block: &Block, title: &str) -> bool {
    let is_crumb = block.roles.has(Roles::CRUMBS) && !block.roles.has(Roles::HEADLINE);
    !title.is_empty() && !is_crumb && folds_to(&block.text, title)
}

/// The first paragraph after the headline.
fn text_after(blocks: &[Block], at: usize) -> usize {
    let furniture = Roles::FURNITURE.with(Roles::STANDFIRST);
    let mut after = blocks.iter().enumerate().skip(at + 1).take(BETWEEN);
    let first = after.find(|(_, block)| block.is_prose() && !block.roles.has(furniture));
    first.map_or(at, |(first, _)| first)
}
