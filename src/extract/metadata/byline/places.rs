//! Where on a page the byline of its article can stand.

use std::ops::Range;

use super::super::Sources;
use crate::extract::body::Found;
use crate::extract::role::Roles;
use crate::extract::text::folded;

/// Blocks over the text that belong to the head of the article, where its headline is not found.
const HEAD_BLOCKS: usize = 12;
/// The same at most, between the headline and the text.
const MAX_HEAD_BLOCKS: usize = 60;
/// Blocks behind the text that may be its signature or the box on its author.
const TAIL_BLOCKS: usize = 10;

/// The places of an article that carry bylines, as ranges of blocks.
pub(in crate::extract::metadata) struct Places {
    pub(in crate::extract::metadata) head: Range<usize>,
    pub(in crate::extract::metadata) tail: Range<usize>,
}

impl Places {
    /// From the headline to the first paragraphs, and from the last paragraphs on.
    pub(in crate::extract::metadata) fn of(page: &Sources<'_>, found: &Found, title: &str) -> Self {
        let blocks = &page.outline.blocks;
        let span = &found.span;
        let headline = block_of_headline(page, found, title);
        let start = match headline {
            Some(at) => at,
            None if span.is_empty() => 0,
            None => span.start.saturating_sub(HEAD_BLOCKS),
        };
        let below = blocks.get(start + 1..).unwrap_or_default().iter();
        let below = below.take(MAX_HEAD_BLOCKS).enumerate();
        // The first may be the standfirst; signatures stand on the line over the text, too.
        let prose = below.filter(|(_, b)| b.is_prose() && !b.roles.has(Roles::FURNITURE));
        let end = prose.map(|(at, _)| at).nth(1).unwrap_or(MAX_HEAD_BLOCKS);
        let end = end.max(span.start.saturating_sub(start).min(MAX_HEAD_BLOCKS));
        Self {
            // The byline of some layouts stands over the headline.
            head: start.saturating_sub(usize::from(headline.is_some()) * 4)..start + end + 3,
            tail: span.end.saturating_sub(3)..span.end + TAIL_BLOCKS,
        }
    }
}

/// The block of the headline: the last before the body that has its text, else the first in it.
fn block_of_headline(page: &Sources<'_>, found: &Found, title: &str) -> Option<usize> {
    let title = folded(title);
    let is_titled = |at: &usize| {
        let block = page.outline.blocks.get(*at);
        block.is_some_and(|block| {
            let own = folded(&block.text);
            own.chars().count() >= 6
                && (title.contains(&own) || own.contains(&title))
                && own.chars().count() <= title.chars().count() * 2
        })
    };
    let start = found.span.start;
    let before = (start.saturating_sub(MAX_HEAD_BLOCKS)..start).rfind(is_titled);
    before.or_else(|| (start..start + MAX_HEAD_BLOCKS).find(is_titled))
}
