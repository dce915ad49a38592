//! The pictures of the body in order, with caption and credit; `og:image` where it has none.
//!
//! The body begins with its headline here: the picture that leads the article belongs to it,
//! whether it stands in the text, above it, or above the headline inside the article's element.

mod caption;
mod credit;
mod frame;
mod lines;
mod picture;
mod place;
mod source;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use url::Url;

use super::Sources;
use super::field::Field;
use crate::domain::{Image, Trust};
use crate::extract::body::Found;
use crate::extract::role::Roles;
use caption::Described;
use frame::{Frames, alt};

/// More pictures make a gallery.
const MAX_IMAGES: usize = 60;
/// Pictures that are looked at; a long page shows some hundreds.
const MAX_PICTURES: usize = 2_000;

/// The pictures of an article, and the addresses of all that could be: those that the site is known
/// to show with many articles are not among the former.
pub(super) fn images(
    page: &Sources<'_>,
    found: &Found,
    title: &str,
) -> (Field<Vec<Image>>, Vec<String>) {
    let frames = Frames::new(page, &found.paragraphs);
    let mut images = read(page, &place::pictures(page, found), &frames, title);
    let mut addresses: Vec<String> = images.iter().map(|image| image.url.clone()).collect();
    if let Some(recall) = page.recall {
        images.retain(|image| !recall.is_shared_picture(&image.url));
    }
    if !images.is_empty() {
        let raw = images.first().map(|i| i.url.clone()).unwrap_or_default();
        return (Field::new(images, "markup", &raw, Trust::Medium), addresses);
    }
    let cover = cover(page, &mut addresses).into_iter().collect();
    (
        Field::new(cover, "open_graph", "", Trust::Medium),
        addresses,
    )
}

/// The pictures inside some elements, or those that are pictures themselves.
pub(super) fn inside(page: &Sources<'_>, items: &[usize], title: &str) -> Vec<Image> {
    let outline = page.outline;
    let mut pictures = Vec::new();
    for container in items {
        let end = outline.items.get(*container).map_or(0, |item| item.end);
        for at in *container..end {
            let meant = outline.items.get(at).filter(|item| {
                let is_chosen = at == *container || !picture::is_icon(item.element);
                is_chosen && !item.roles.has(Roles::CUT)
            });
            let raw = meant.and_then(|item| place::shown(page, at, item));
            pictures.extend(raw.map(|raw| (at, raw)));
        }
    }
    read(page, &pictures, &Frames::new(page, &[]), title)
}

/// A picture that is known by its address alone.
pub(super) fn at(page: &Sources<'_>, raw: &str) -> Option<Image> {
    let is_address = !raw.contains(char::is_whitespace) && raw.len() <= 2_000;
    let url = source::resolve(page.base.as_ref(), raw).filter(|_| is_address)?;
    Some(undescribed(url))
}

/// Address, caption and credit of each picture, each picture once.
fn read(
    page: &Sources<'_>,
    pictures: &[(usize, String)],
    frames: &Frames<'_>,
    title: &str,
) -> Vec<Image> {
    let mut images: Vec<Image> = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut elements = Vec::new();
    for (index, raw) in pictures.iter().take(MAX_PICTURES) {
        let Some(url) = source::resolve(page.base.as_ref(), raw) else {
            continue;
        };
        let identity = picture::identity(&url);
        if images.len() >= MAX_IMAGES && !seen.contains_key(&identity) {
            continue;
        }
        let described = frames.describe(*index, &url);
        let at = *seen.entry(identity).or_insert(images.len());
        if at == images.len() {
            images.push(undescribed(url));
        }
        complete(images.get_mut(at), described);
        elements.extend(
            page.outline
                .items
                .get(*index)
                .map(|item| (at, item.element)),
        );
    }
    // `alt` describes a picture to those who don't see it; a caption it is only where an outlet
    // writes no other.
    if images.iter().all(|image| image.caption.is_none()) {
        for (at, element) in elements {
            complete(images.get_mut(at), alt(element, title));
        }
    }
    images
}

fn undescribed(url: String) -> Image {
    Image {
        url,
        caption: None,
        credit: None,
    }
}

/// Takes over what was not known of an image.
fn complete(image: Option<&mut Image>, found: Described) {
    if let Some(image) = image {
        image.caption = image.caption.take().or(found.caption);
        image.credit = image.credit.take().or(found.credit);
    }
}

/// The picture that the page gives to those who link to it, unless it is the site's default.
fn cover(page: &Sources<'_>, addresses: &mut Vec<String>) -> Option<Image> {
    let raw = page.head.meta_of(&[
        "og:image",
        "og:image:url",
        "og:image:secure_url",
        "twitter:image",
        "twitter:image:src",
    ])?;
    let url = source::resolve(page.base.as_ref(), raw)?;
    let is_default = picture::is_site_default(&Url::parse(&url).ok()?);
    let is_shared = page
        .recall
        .is_some_and(|recall| recall.is_shared_picture(&url));
    addresses.push(url.clone());
    (!is_default && !is_shared).then(|| undescribed(url))
}
