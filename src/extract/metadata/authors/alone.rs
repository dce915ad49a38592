//! A name that stands alone over or under the text, in bold letters.

use super::super::Sources;
use super::super::byline::{Shown, is_only_names, is_topic};
use super::super::people::byline;
use crate::extract::body::Found;
use crate::extract::outline::{Block, Item};
use crate::extract::pattern::Pattern;
use crate::extract::role::Roles;

/// Blocks over the text, and first ones of it, that may be a signature.
const OVER: usize = 3;
/// Longer lines are more than two names.
const MAX_CHARS: usize = 70;
/// Headings in bold letters that are written like names.
static HEADING: Pattern = Pattern::new(concat!(
    r"(?i)\b(?:key|takeaways?|summary|overview|introduction|background|facts?|highlights?|contents?|notes?|",
    r"updates?|review|guide|tips?|about|related|quick|executive|table|conclusions?|disclaimer|sources?|",
    r"references|thoughts?|reading|read|more|learn|shop|contact|sign|join|click|thanks?|regards|happy|",
    r"zusammenfassung|fazit|einleitung|hintergrund|quellen?|inhalt|info|hinweis|resumen|résumé|sommaire)\b",
));

/// Who signed that way: over a paragraph, or behind the last one.
pub(super) fn alone(page: &Sources<'_>, found: &Found) -> Shown {
    let (blocks, span) = (&page.outline.blocks, &found.span);
    if span.is_empty() {
        return Shown::default();
    }
    let over = (span.start.saturating_sub(OVER)..span.start + OVER)
        .filter(|at| blocks.get(at + 1).is_some_and(Block::is_prose));
    let under = span.end.saturating_sub(1)..span.end + 1;
    let mut signed = over.chain(under).filter_map(|at| {
        let block = blocks.get(at).filter(|block| is_set_apart(page, block))?;
        let read = byline(&block.text);
        let is_name = is_only_names(&block.text, &read) && !is_topic(page, &read);
        is_name.then(|| Shown {
            byline: read,
            raw: block.text.clone(),
        })
    });
    signed.next().unwrap_or_default()
}

/// Whether a line is short, all in bold letters and no heading.
fn is_set_apart(page: &Sources<'_>, block: &Block) -> bool {
    let line = page.outline.items.get(block.item);
    block.text.chars().count() <= MAX_CHARS
        && !block.roles.has(Roles::AROUND)
        && !block.is_linked()
        && !HEADING.is_match(&block.text)
        && line.is_some_and(|item| item.element.name() == "p" && is_bold(item))
}

fn is_bold(item: &Item<'_>) -> bool {
    let texts = item.node.descendants().filter(|node| {
        let text = node.value().as_text();
        text.is_some_and(|text| !text.trim().is_empty())
    });
    let mut ancestors = texts.map(|text| {
        let mut above = text.ancestors().take_while(|node| *node != item.node);
        above.any(|node| {
            let element = node.value().as_element();
            element.is_some_and(|element| matches!(element.name(), "strong" | "b"))
        })
    });
    ancestors.all(|is_bold| is_bold)
}
