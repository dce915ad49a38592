//! Where the file of a picture lies: the largest version that the page lists, the true one of a lazy
//! picture, the original behind a resizer.

use ego_tree::NodeRef;
use scraper::Node;
use url::Url;

use super::picture::file_name;
use crate::extract::element::Element;
use crate::extract::outline::Item;
use crate::extract::pattern::Pattern;

/// Longer addresses hold the picture itself or worse.
const MAX_ADDRESS: usize = 2_000;
/// A `noscript` that holds more than a picture.
const MAX_NOSCRIPT: usize = 4_000;
/// Where lazy pictures keep their address, the most telling first.
const LAZY: &[&str] = &[
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-lazyload",
    "data-lazyimage-src",
    "data-actualsrc",
    "data-echo",
    "data-hi-res-src",
    "data-url",
    "data-img",
    "data-image",
    "data-original-src",
    "data-pin-media",
    "data-full-src",
    "data-orig-file",
    "_src",
];
/// Where the versions of a picture are listed with their sizes.
const SETS: &[&str] = &[
    "srcset",
    "data-srcset",
    "data-lazy-srcset",
    "data-original-set",
];

static NOSCRIPT_PICTURE: Pattern =
    Pattern::new(r#"(?i)<(?:amp-)?img\b[^>]*?\ssrc\s*=\s*["']?([^"'\s>]+)"#);
static BACKGROUND: Pattern =
    Pattern::new(r#"(?i)background(?:-image)?\s*:[^;]*?url\(\s*["']?([^"')\s]+)"#);
/// The address of a picture as written: the largest version that the page lists, the true one of a
/// lazy picture, the plain one, one of its `<picture>`, or that for visitors without scripts.
pub(super) fn address(item: &Item<'_>) -> Option<String> {
    let element = item.element;
    let valued =
        |names: &'static [&'static str]| names.iter().filter_map(|name| element.attr(name));
    let plain = element.attr("src").filter(|src| !is_stand_in(element, src));
    let single = || valued(LAZY).chain(plain).find_map(usable);
    valued(SETS)
        .find_map(largest)
        .or_else(single)
        .map(str::to_owned)
        .or_else(|| sourced(item))
        .or_else(|| without_script(item.node))
}

/// Whether another attribute calls the shown address that of a stand-in (`placeholdersrc`).
fn is_stand_in(element: Element<'_>, src: &str) -> bool {
    let mut attributes = element.attrs();
    attributes.any(|(name, value)| name.contains("placeholder") && value.trim() == src.trim())
}

/// The address among the `<source>`s of the `<picture>` around an image.
fn sourced(item: &Item<'_>) -> Option<String> {
    let parent = item.node.parent()?;
    if parent.value().as_element()?.name() != "picture" {
        return None;
    }
    let sources = parent.children().filter_map(|n| n.value().as_element());
    sources
        .take(12)
        .filter(|element| element.name() == "source")
        .find_map(|source| SETS.iter().find_map(|name| largest(source.attr(name)?)))
        .map(str::to_owned)
}

/// The address in the `<noscript>` after a picture that a script would fill, or after its frame.
fn without_script(node: NodeRef<'_, Node>) -> Option<String> {
    let beside = |node: NodeRef<'_, Node>| {
        let siblings = node.next_siblings();
        siblings
            .filter(|n| n.value().is_element())
            .take(2)
            .find_map(noscript_picture)
    };
    beside(node).or_else(|| node.parent().and_then(beside))
}

/// The address of the picture inside a `<noscript>`, whose content is text to a parser that counts
/// on scripts.
pub(super) fn noscript_picture(node: NodeRef<'_, Node>) -> Option<String> {
    if node.value().as_element()?.name() != "noscript" {
        return None;
    }
    let text: String = node
        .children()
        .filter_map(|n| n.value().as_text())
        .flat_map(|t| t.chars())
        .take(MAX_NOSCRIPT)
        .collect();
    let found = NOSCRIPT_PICTURE.captures(&text)?;
    let raw = found.get(1)?.as_str().replace("&amp;", "&");
    usable(&raw).map(str::to_owned)
}

/// The picture that an element shows as its background.
pub(super) fn background(element: Element<'_>) -> Option<String> {
    let lazy = ["data-bg", "data-background-image", "data-background"]
        .iter()
        .find_map(|name| element.attr(name));
    let style = element.attr("style").filter(|s| s.len() <= MAX_ADDRESS);
    let styled = style.and_then(|style| Some(BACKGROUND.captures(style)?.get(1)?.as_str()));
    usable(lazy.or(styled)?).map(str::to_owned)
}

/// An address, unless it is that of a stand-in, a template's variable or the picture itself.
fn usable(raw: &str) -> Option<&str> {
    let raw = raw.trim();
    let is_address = !raw.is_empty()
        && raw.len() <= MAX_ADDRESS
        && !raw.starts_with("data:")
        && !raw.starts_with("blob:")
        && !raw.starts_with(['{', '[', '#'])
        && !raw.contains("${");
    (is_address && !is_placeholder(raw)).then_some(raw)
}

/// What stands where a picture has yet to be loaded.
fn is_placeholder(raw: &str) -> bool {
    let file = file_name(raw).to_ascii_lowercase();
    let stem = file.split('.').next().unwrap_or_default();
    let mut words = stem.split(|c: char| !c.is_ascii_alphanumeric());
    // These words may be a part of a picture's name, but are no whole one.
    let is_stand_in = matches!(
        stem,
        "placeholder" | "loading" | "loader" | "pixel" | "dummy" | "clear" | "lazy" | "default"
    );
    file.ends_with(".svg")
        || is_stand_in
        || words.any(|word| {
            matches!(
                word,
                "blank" | "transparent" | "spacer" | "lazyload" | "1x1" | "noimage" | "noimg"
            )
        })
}

/// The largest address of a `srcset`, read as HTML says: an address is all up to white space.
fn largest(set: &str) -> Option<&str> {
    let mut best: Option<(f32, &str)> = None;
    let mut rest = set;
    for _ in 0..40 {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        if rest.is_empty() {
            break;
        }
        let (entry, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let (size, after) = if entry.ends_with(',') {
            ("", after)
        } else {
            after.split_once(',').unwrap_or((after, ""))
        };
        rest = after;
        let size = size.trim().trim_end_matches(['w', 'x']);
        let size = size.parse::<f32>().unwrap_or(0.0);
        let is_better = best.is_none_or(|(known, _)| size > known);
        if let Some(raw) = usable(entry.trim_end_matches(',')).filter(|_| is_better) {
            best = Some((size, raw));
        }
    }
    best.map(|(_, raw)| raw)
}

/// The absolute address of a picture. A resizer that only wraps the address of the original in its
/// query gives way to the original, which is what names the picture.
pub(super) fn resolve(base: Option<&Url>, raw: &str) -> Option<String> {
    let url = match base {
        Some(base) => base.join(raw).ok()?,
        None => Url::parse(raw).ok()?,
    };
    let url = original(&url).unwrap_or(url);
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}

fn original(url: &Url) -> Option<Url> {
    let is_wrapper = url.path().contains("/_next/image") || !file_name(url.path()).contains('.');
    let (_, inner) = url
        .query_pairs()
        .take(12)
        .find(|(key, _)| matches!(&**key, "url" | "src" | "image" | "img"))
        .filter(|_| is_wrapper)?;
    let is_file = file_name(&inner).contains('.');
    let is_absolute = inner.starts_with("http://") || inner.starts_with("https://");
    (is_file && (is_absolute || inner.starts_with('/')))
        .then(|| url.join(&inner).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::super::picture::is_picture;
    use super::*;
    use crate::extract::outline::Outline;

    fn address_in(markup: &str) -> Option<String> {
        let html = scraper::Html::parse_document(markup);
        let outline = Outline::of(&html);
        let item = outline.items.iter().find(|i| is_picture(i.element));
        item.and_then(address)
    }

    #[test]
    fn largest_listed_version_is_taken() {
        for (set, expected) in [
            ("/a.jpg?w=480 480w, /a.jpg?w=960 960w", "/a.jpg?w=960"),
            ("/a.jpg 600w,/b.jpg 300w", "/a.jpg"),
            ("/w_1,h_2/a.jpg 1x, /w_2,h_4/a.jpg 2x", "/w_2,h_4/a.jpg"),
            ("/only.jpg", "/only.jpg"),
            ("data:image/gif;base64,R0 10w, /a.jpg 5w", "/a.jpg"),
        ] {
            assert_eq!(largest(set), Some(expected), "{set}");
        }
    }

    #[test]
    fn lazy_pictures_have_their_true_address() {
        for (markup, expected) in [
            ("<img src=/blank.gif data-src=/a.jpg>", "/a.jpg"),
            ("<img src=/placeholder.png data-src=/a.jpg>", "/a.jpg"),
            ("<img src=/placeholder-7.jpg>", "/placeholder-7.jpg"),
            (
                "<p><img src=/photo/42.gif placeholdersrc=/photo/42.gif><noscript><img src=/a.jpg></noscript></p>",
                "/a.jpg",
            ),
            (
                "<img src='data:image/gif;base64,R0' data-original=/a.jpg>",
                "/a.jpg",
            ),
            ("<amp-img src=/a.jpg width=600></amp-img>", "/a.jpg"),
            (
                "<picture><source srcset='/s.webp 300w, /l.webp 900w'><img src=/img/placeholder.png></picture>",
                "/l.webp",
            ),
            (
                "<p><img src=/index-transparent_h-3.gif><noscript><img alt=x src=\"/a.jpg?v=1&amp;w=2\"></noscript></p>",
                "/a.jpg?v=1&w=2",
            ),
            (
                "<div><span><img src=/lazyload.gif></span><noscript><img src=/a.jpg></noscript></div>",
                "/a.jpg",
            ),
        ] {
            assert_eq!(address_in(markup).as_deref(), Some(expected), "{markup}");
        }
        assert_eq!(address_in("<img src='data:image/png;base64,AA'>"), None);
    }

    #[test]
    fn resizers_give_way_to_the_original() {
        let base = Url::parse("https://p.example/a/1").unwrap();
        for (raw, expected) in [
            (
                "/_next/image?url=%2Fup%2F7.jpg&w=1080&q=75",
                "https://p.example/up/7.jpg",
            ),
            (
                "https://r.example/90/?url=https%3A%2F%2Fs.example%2F7.jpg",
                "https://s.example/7.jpg",
            ),
            (
                "/7.jpg?url=https%3A%2F%2Fs.example%2F8.jpg",
                "https://p.example/7.jpg?url=https%3A%2F%2Fs.example%2F8.jpg",
            ),
            ("//i.example/7.jpg", "https://i.example/7.jpg"),
        ] {
            assert_eq!(resolve(Some(&base), raw).as_deref(), Some(expected));
        }
        assert_eq!(resolve(Some(&base), "javascript:void(0)"), None);
    }
}
