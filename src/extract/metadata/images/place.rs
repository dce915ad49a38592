//! Which pictures of a page stand in its article: those between headline and end of the body, and
//! the one that leads it; no teasers, icons and furniture.

use super::{picture, source};
use crate::extract::body::Found;
use crate::extract::metadata::Sources;
use crate::extract::outline::{Block, Item};
use crate::extract::role::Roles;
use crate::extract::text::folded;

/// A headline further above the body is another article's.
const MAX_HEAD_BLOCKS: usize = 60;
/// Blocks between a leading picture and the headline below it.
const MAX_LEAD_BLOCKS: usize = 16;
/// A picture's frame holds no more: caption, credit, a control or two.
const MAX_FRAME_BLOCKS: usize = 6;
/// Levels of a page that are looked at.
const MAX_DEPTH: usize = 40;
/// Levels between the body and what holds the headline too.
const MAX_FRAME_LEVELS: usize = 12;
/// What the words of a picture's own frame often say of other things than the picture.
const DOUBTED: Roles = Roles::OFFER
    .with(Roles::ASIDE)
    .with(Roles::AD)
    .with(Roles::HIDDEN)
    .with(Roles::SHARE)
    .with(Roles::NAV);

/// The pictures between the headline and the end of the body that belong to the article, with
/// their addresses as written.
pub(super) fn pictures(page: &Sources<'_>, found: &Found) -> Vec<(usize, String)> {
    let outline = page.outline;
    let span = &found.container;
    if span.is_empty() {
        return Vec::new();
    }
    let first = headline(page, span.start).unwrap_or_else(|| span.start.saturating_sub(6));
    let frame = common_frame(page, span.start, first);
    let leads = first.saturating_sub(MAX_LEAD_BLOCKS)..first;
    let is_near = |index: usize, item: &Item<'_>| {
        let is_lead = || leads.contains(&item.blocks.start) && is_inside(page, frame, index);
        (first..=span.end).contains(&item.blocks.start) || is_lead()
    };
    let holds = |item: &Item<'_>| item.blocks.contains(&first) || item.blocks.contains(&span.start);
    let is_meant = |index: usize, item: &Item<'_>| {
        let link = link_around(page, index);
        !believed(page, index, link.is_some(), holds)
            .has(Roles::AROUND.with(Roles::BYLINE).with(Roles::TAGS))
            && !item.roles.has(Roles::CUT)
            && !picture::is_icon(item.element)
            && !link.is_some_and(|link| is_teaser(page, link))
    };
    let mut pictures = Vec::new();
    for (index, item) in outline.items.iter().enumerate() {
        if !is_near(index, item) {
            continue;
        }
        let raw = shown(page, index, item).filter(|_| is_meant(index, item));
        pictures.extend(raw.map(|raw| (index, raw)));
    }
    pictures
}

/// What the markup around a picture says, up to what holds the headline or the body too. The words
/// of its own frame tell how it is shown (`modal`, `hidden`, `sidebar`), not what it is; a frame that
/// links elsewhere is taken at its word. A small inner `<article>` with a link is the card of another.
fn believed(
    page: &Sources<'_>,
    index: usize,
    is_linked: bool,
    holds: impl Fn(&Item<'_>) -> bool,
) -> Roles {
    let items = &page.outline.items;
    let is_frame = |at: usize| {
        items
            .get(at)
            .is_some_and(|item| item.blocks.len() <= MAX_FRAME_BLOCKS)
    };
    let is_figure = |at: &usize| {
        items.get(*at).is_some_and(|item| {
            let is_captioned = item.own.has(Roles::PICTURE) && item.roles.has(Roles::CAPTION);
            is_frame(*at) && (item.element.name() == "figure" || is_captioned)
        })
    };
    let figure = page.outline.ancestors(index, 8).filter(is_figure).last();
    let is_card = |item: &Item<'_>| {
        item.blocks.len() <= MAX_FRAME_BLOCKS && page.outline.sums(&item.blocks).links > 0
    };
    let mut roles = Roles::default();
    let mut is_own = true;
    for at in std::iter::once(index).chain(page.outline.ancestors(index, MAX_DEPTH)) {
        let Some(item) = items.get(at).filter(|item| !holds(item)) else {
            break;
        };
        is_own &= at == index || (is_frame(at) && figure.is_some());
        let own = item.own.common(item.roles);
        let is_doubted = is_own && !is_linked;
        roles = roles.with(if is_doubted {
            own.without(DOUBTED)
        } else {
            own
        });
        if item.element.name() == "article" && is_card(item) {
            roles = roles.with(Roles::RELATED);
        }
    }
    roles
}

/// The link to another page that a picture stands in; one to a picture or to a place on the same
/// page only enlarges it.
fn link_around(page: &Sources<'_>, index: usize) -> Option<usize> {
    let items = &page.outline.items;
    let is_link = |at: &usize| {
        items
            .get(*at)
            .is_some_and(|item| item.element.name() == "a")
    };
    let at = page.outline.ancestors(index, 5).find(is_link)?;
    let href = items.get(at)?.element.attr("href").unwrap_or_default();
    let file = href
        .split('?')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_file = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"]
        .iter()
        .any(|end| file.contains(end));
    (!is_file && !href.is_empty() && !href.starts_with('#')).then_some(at)
}

/// The address of the picture that an element shows: as an image, for visitors without scripts, or
/// as the background of a gallery's leaf.
pub(super) fn shown(page: &Sources<'_>, index: usize, item: &Item<'_>) -> Option<String> {
    if picture::is_picture(item.element) {
        return source::address(item);
    }
    if !matches!(
        item.element.name(),
        "div" | "figure" | "span" | "a" | "li" | "p"
    ) {
        return None;
    }
    let left_out = || {
        item.node
            .children()
            .take(30)
            .find_map(source::noscript_picture)
    };
    let background = || {
        let raw = source::background(item.element)?;
        in_gallery(page, index).then_some(raw)
    };
    left_out().or_else(background)
}

fn in_gallery(page: &Sources<'_>, index: usize) -> bool {
    let names_gallery = |item: &Item<'_>| {
        item.element
            .classes()
            .chain(item.element.id())
            .take(12)
            .map(picture::squash)
            .any(|name| {
                ["gallery", "galerie", "slide", "swiper", "carousel", "slick"]
                    .iter()
                    .any(|word| name.contains(word))
            })
    };
    std::iter::once(index)
        .chain(page.outline.ancestors(index, 4))
        .filter_map(|at| page.outline.items.get(at))
        .any(names_gallery)
}

/// The element around headline and body, unless it is the whole page.
fn common_frame(page: &Sources<'_>, body: usize, headline: usize) -> Option<usize> {
    let outline = page.outline;
    let (body, headline) = (
        outline.blocks.get(body)?.item,
        outline.blocks.get(headline)?.item,
    );
    let holds = |at: &usize| {
        outline
            .items
            .get(*at)
            .is_some_and(|item| (*at..item.end).contains(&headline))
    };
    let is_whole = |at: usize| {
        let name = outline.items.get(at).map(|item| item.element.name());
        matches!(name, Some("html" | "body") | None)
    };
    let frame = std::iter::once(body)
        .chain(outline.ancestors(body, MAX_FRAME_LEVELS))
        .find(holds)
        .filter(|at| !is_whole(*at))?;
    // The element that adds but a leading picture with its caption is still the article's.
    let start = outline.items.get(frame)?.blocks.start;
    let adds_little = |at: &usize| {
        let item = outline.items.get(*at);
        !is_whole(*at) && item.is_some_and(|item| item.blocks.start + 2 >= start)
    };
    let wider = outline.ancestors(frame, 3).take_while(adds_little).last();
    wider.or(Some(frame))
}

fn is_inside(page: &Sources<'_>, frame: Option<usize>, index: usize) -> bool {
    frame.is_some_and(|frame| {
        let end = page.outline.items.get(frame).map_or(frame, |item| item.end);
        (frame..end).contains(&index)
    })
}

/// The block of the headline nearest before the body.
fn headline(page: &Sources<'_>, before: usize) -> Option<usize> {
    let blocks = page.outline.blocks.get(..before)?;
    let title = page.head.title.as_deref().map(folded)?;
    let is_headline = |text: &str| {
        let own = folded(text);
        own.chars().count() >= 6 && title.contains(&own)
    };
    let from = before.saturating_sub(MAX_HEAD_BLOCKS);
    blocks
        .iter()
        .enumerate()
        .skip(from)
        .filter(|(_, b)| b.roles.has(Roles::HEADLINE) || is_headline(&b.text))
        .map(|(at, _)| at)
        .next_back()
}

/// Whether the link around a picture leads to another article or home: it holds other text than a
/// caption, it is repeated as a line of text beside the picture, or it has no path.
fn is_teaser(page: &Sources<'_>, at: usize) -> bool {
    let outline = page.outline;
    let Some(link) = outline.items.get(at) else {
        return false;
    };
    let href = link.element.attr("href").unwrap_or_default();
    let is_home = page
        .base
        .as_ref()
        .and_then(|base| base.join(href).ok())
        .is_some_and(|url| url.path().len() <= 1 && url.query().is_none());
    let inside = outline.blocks_of(&link.blocks);
    let is_told = |block: &Block| {
        block.roles.has(Roles::CREDIT.with(Roles::CAPTION)) && !block.roles.has(Roles::HEADLINE)
    };
    let holds_text = !inside.iter().all(is_told) && !link.own.has(Roles::PICTURE);
    is_home || holds_text || is_repeated(page, at, href)
}

/// Whether a link stands again beside an element, with a headline's worth of text in it.
fn is_repeated(page: &Sources<'_>, at: usize, href: &str) -> bool {
    let outline = page.outline;
    let near = outline.ancestors(at, 3).filter(|frame| {
        outline
            .items
            .get(*frame)
            .is_some_and(|item| item.blocks.len() <= 6 && item.end - frame <= 60)
    });
    near.last().is_some_and(|frame| {
        outline.within(frame).iter().any(|item| {
            item.element.name() == "a"
                && item.element.attr("href") == Some(href)
                && outline.sums(&item.blocks).text >= 24
        })
    })
}
