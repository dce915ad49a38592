//! The pictures of the body in order, with caption and credit; `og:image` where it has none.

use url::Url;

use super::Sources;
use super::caption::credited;
use super::field::Field;
use crate::domain::{Image, Trust};
use crate::extract::body::Found;
use crate::extract::element::Element;
use crate::extract::outline::Item;
use crate::extract::role::Roles;
use crate::extract::text::{clean, folded, head};

/// More pictures make a gallery.
const MAX_IMAGES: usize = 60;
/// Smaller pictures are icons.
const MIN_PIXELS: u32 = 90;
/// Where lazy pictures keep their address, the most telling first.
const LAZY: &[&str] = &[
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-hi-res-src",
    "data-url",
    "data-img",
    "data-image",
    "data-original-src",
    "_src",
    "data-full-src",
];

/// The pictures of an article.
pub(super) fn images(page: &Sources<'_>, found: &Found, title: &str) -> Field<Vec<Image>> {
    let images = read(page, pictures(page, found), title);
    if !images.is_empty() {
        let raw = images.first().map(|i| i.url.clone()).unwrap_or_default();
        return Field::new(images, "markup", &raw, Trust::Medium);
    }
    let cover = cover(page).into_iter().collect();
    Field::new(cover, "open_graph", "", Trust::Medium)
}

/// The pictures inside some elements, or those that are pictures themselves.
pub(super) fn inside(page: &Sources<'_>, items: &[usize], title: &str) -> Vec<Image> {
    let outline = page.outline;
    let is_meant = |container: usize, at: usize| {
        outline.items.get(at).is_some_and(|item| {
            matches!(item.element.name(), "img" | "amp-img")
                && !item.roles.has(Roles::CUT)
                && (at == container || !is_icon(item.element))
        })
    };
    let found = items.iter().flat_map(|container| {
        let end = outline.items.get(*container).map_or(0, |item| item.end);
        (*container..end).filter(|at| is_meant(*container, *at))
    });
    read(page, found.collect(), title)
}

/// A picture that is known by its address alone.
pub(super) fn at(page: &Sources<'_>, raw: &str) -> Option<Image> {
    let is_address = !raw.contains(char::is_whitespace) && raw.len() <= 2_000;
    let url = resolve(page.base.as_ref(), raw).filter(|_| is_address)?;
    Some(Image {
        url,
        caption: None,
        credit: None,
    })
}

/// Address, caption and credit of each picture, each address once.
fn read(page: &Sources<'_>, pictures: Vec<usize>, title: &str) -> Vec<Image> {
    let base = page.base.as_ref();
    let mut images: Vec<Image> = Vec::new();
    for index in pictures {
        let Some(item) = page.outline.items.get(index) else {
            continue;
        };
        let Some(url) = address(item.element).and_then(|raw| resolve(base, &raw)) else {
            continue;
        };
        if images.iter().any(|known| known.url == url) || images.len() >= MAX_IMAGES {
            continue;
        }
        let (caption, credit) = described(page, index, title);
        images.push(Image {
            url,
            caption,
            credit,
        });
    }
    images
}

/// The picture that the page gives to those who link to it, unless it is the site's default.
fn cover(page: &Sources<'_>) -> Option<Image> {
    let raw = page.head.meta_of(&[
        "og:image",
        "og:image:url",
        "og:image:secure_url",
        "twitter:image",
        "twitter:image:src",
    ])?;
    let url = resolve(page.base.as_ref(), raw)?;
    let parsed = Url::parse(&url).ok()?;
    let file = parsed.path_segments()?.next_back()?.to_owned();
    let is_default = !file.bytes().any(|b| b.is_ascii_digit())
        && !parsed
            .query()
            .is_some_and(|q| q.bytes().any(|b| b.is_ascii_digit()));
    (!is_default).then_some(Image {
        url,
        caption: None,
        credit: None,
    })
}

/// The image elements between the headline and the end of the body that belong to the article.
fn pictures(page: &Sources<'_>, found: &Found) -> Vec<usize> {
    let outline = page.outline;
    let span = &found.container;
    if span.is_empty() {
        return Vec::new();
    }
    let start = headline(page, span.start).unwrap_or_else(|| span.start.saturating_sub(6));
    let is_near = |item: &Item<'_>| (start..=span.end).contains(&item.blocks.start);
    let is_meant = |index: &usize| {
        outline.items.get(*index).is_some_and(|item| {
            matches!(item.element.name(), "img" | "amp-img")
                && is_near(item)
                && !item.roles.has(
                    Roles::AROUND
                        .with(Roles::BYLINE)
                        .with(Roles::TAGS)
                        .with(Roles::CUT),
                )
                && !is_icon(item.element)
                && !in_teaser(page, *index)
        })
    };
    (0..outline.items.len()).filter(is_meant).collect()
}

/// The block of the headline nearest before the body.
fn headline(page: &Sources<'_>, before: usize) -> Option<usize> {
    let blocks = page.outline.blocks.get(..before)?;
    let title = page.head.title.as_deref().map(folded)?;
    let is_headline = |text: &str| {
        let own = folded(text);
        own.chars().count() >= 6 && title.contains(&own)
    };
    let from = before.saturating_sub(60);
    blocks
        .iter()
        .enumerate()
        .skip(from)
        .filter(|(_, b)| b.roles.has(Roles::HEADLINE) || is_headline(&b.text))
        .map(|(at, _)| at)
        .next_back()
}

/// Pictures inside a link to another page of the site that also holds text are teasers.
fn in_teaser(page: &Sources<'_>, index: usize) -> bool {
    page.outline.ancestors(index, 4).any(|at| {
        page.outline.items.get(at).is_some_and(|item| {
            let href = item.element.attr("href").unwrap_or_default();
            let is_picture = [".jpg", ".jpeg", ".png", ".webp", ".gif"]
                .iter()
                .any(|end| href.to_ascii_lowercase().contains(end));
            item.element.name() == "a"
                && !item.blocks.is_empty()
                && !is_picture
                && !item.own.has(Roles::PICTURE)
        })
    })
}

fn is_icon(element: Element<'_>) -> bool {
    let pixels = |name: &str| {
        element
            .attr(name)
            .and_then(|v| v.trim_end_matches("px").parse::<u32>().ok())
    };
    let is_small = [pixels("width"), pixels("height")]
        .into_iter()
        .flatten()
        .any(|p| p < MIN_PIXELS);
    let names = element
        .classes()
        .chain(element.id())
        .chain(element.attr("src"));
    let is_named = names.into_iter().any(|name| {
        let name = head(name, 300).to_ascii_lowercase();
        [
            "icon", "logo", "avatar", "emoji", "spacer", "pixel", "blank", "tracking", "gravatar",
            "btn_", "/ads/",
        ]
        .iter()
        .any(|word| name.contains(word))
    });
    is_small || (is_named && LAZY.iter().all(|name| element.attr(name).is_none()))
}

/// The address of a picture as written, the true one of a lazy picture first.
fn address(element: Element<'_>) -> Option<String> {
    let is_address = |raw: &&str| {
        !raw.is_empty()
            && !raw.starts_with("data:")
            && !raw.starts_with("blob:")
            && raw.len() <= 2_000
    };
    let lazy = LAZY
        .iter()
        .filter_map(|name| element.attr(name))
        .map(str::trim)
        .find(is_address);
    let plain = element
        .attr("src")
        .map(str::trim)
        .filter(is_address)
        .filter(|raw| {
            let raw = raw.to_ascii_lowercase();
            !raw.contains("placeholder.")
                && !raw.contains("/blank.")
                && !raw.ends_with(".svg")
                && !raw.contains("transparent.")
        });
    let set = ["srcset", "data-srcset", "data-lazy-srcset"]
        .iter()
        .find_map(|name| largest(element.attr(name)?));
    lazy.or(plain).map(str::to_owned).or(set)
}

/// The last and so largest address of a `srcset`, by its stated width.
fn largest(srcset: &str) -> Option<String> {
    let sizes = srcset.split(", ").filter_map(|entry| {
        let mut parts = entry.split_ascii_whitespace();
        let address = parts.next()?.trim_end_matches(',');
        let width = parts
            .next()
            .and_then(|w| w.trim_end_matches(['w', 'x']).parse::<f32>().ok());
        (!address.starts_with("data:")).then(|| (width.unwrap_or(0.0), address.to_owned()))
    });
    sizes
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, address)| address)
}

fn resolve(base: Option<&Url>, raw: &str) -> Option<String> {
    let url = match base {
        Some(base) => base.join(raw).ok()?,
        None => Url::parse(raw).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}

/// Caption and credit of a picture: the caption beside it in its smallest frame, else its `alt`.
fn described(page: &Sources<'_>, index: usize, title: &str) -> (Option<String>, Option<String>) {
    let outline = page.outline;
    let element = outline.items.get(index).map(|i| i.element);
    for at in outline.ancestors(index, 5) {
        let Some(frame) = outline.items.get(at) else {
            break;
        };
        let pictures = outline
            .within(at)
            .iter()
            .filter(|i| matches!(i.element.name(), "img" | "amp-img"))
            .take(3)
            .count();
        if frame.blocks.len() > 8 || pictures > 1 {
            break;
        }
        let blocks = outline.blocks_of(&frame.blocks);
        let is_caption = |roles: Roles| roles.has(Roles::CAPTION.with(Roles::CREDIT));
        let texts: Vec<&str> = blocks
            .iter()
            .filter(|b| is_caption(b.roles))
            .map(|b| b.text.as_str())
            .collect();
        if !texts.is_empty() {
            return credited(&texts);
        }
    }
    let alt = element
        .and_then(|e| e.attr("alt"))
        .map(clean)
        .filter(|t| !t.is_empty());
    let following = following_caption(page, index);
    let text = following.or_else(|| {
        alt.filter(|alt| {
            alt.chars().count() >= 4
                && (folded(alt) != folded(title) || page.sources_without_caption())
        })
    });
    text.map_or((None, None), |text| credited(&[&text]))
}

/// A caption block that follows the picture directly.
fn following_caption(page: &Sources<'_>, index: usize) -> Option<String> {
    let item = page.outline.items.get(index)?;
    let block = page.outline.blocks.get(item.blocks.end)?;
    (block.roles.has(Roles::CAPTION) || block.text.starts_with('▲')).then(|| block.text.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widest_picture_of_a_set_is_taken() {
        let set = "/a.jpg?w=480 480w, /a.jpg?w=960 960w";
        assert_eq!(largest(set).as_deref(), Some("/a.jpg?w=960"));
    }
}
