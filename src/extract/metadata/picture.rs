//! One picture: where it lies, which of its versions is the largest, and whether it is one at all.

use ego_tree::NodeRef;
use scraper::Node;
use url::Url;

use crate::extract::element::Element;
use crate::extract::outline::Item;
use crate::extract::pattern::Pattern;
use crate::extract::text::head;

/// Smaller pictures are icons.
const MIN_PIXELS: f32 = 90.0;
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
static SIZE_SUFFIX: Pattern = Pattern::new(r"[-_](?:\d{2,4}x\d{2,4}|\d{2,4}[wx])$");

/// Whether an element is a picture: HTML's own, or a component that is one by its name.
pub(super) fn is_picture(element: Element<'_>) -> bool {
    let name = element.name();
    let is_component = || {
        name.contains('-')
            && ["-image", "-img", "-picture"]
                .iter()
                .any(|end| name.ends_with(end))
            && element.attr("src").is_some()
    };
    matches!(name, "img" | "amp-img") || is_component()
}

/// The address of a picture as written: the largest version that the page lists, the true one of a
/// lazy picture, the plain one, one of its `<picture>`, or that for visitors without scripts.
pub(super) fn address(item: &Item<'_>) -> Option<String> {
    let element = item.element;
    let listed = SETS
        .iter()
        .filter_map(|name| element.attr(name))
        .find_map(largest);
    let lazy = LAZY
        .iter()
        .filter_map(|name| element.attr(name))
        .map(str::trim)
        .find(|raw| is_address(raw) && !is_placeholder(raw));
    let plain = element
        .attr("src")
        .map(str::trim)
        .filter(|raw| is_address(raw) && !is_placeholder(raw));
    let single = lazy.or(plain).map(str::to_owned);
    listed
        .or(single)
        .or_else(|| sourced(item))
        .or_else(|| without_script(item.node))
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
    (is_address(&raw) && !is_placeholder(&raw)).then_some(raw)
}

/// The picture that an element shows as its background.
pub(super) fn background(element: Element<'_>) -> Option<String> {
    let lazy = ["data-bg", "data-background-image", "data-background"]
        .iter()
        .find_map(|name| element.attr(name));
    let style = element.attr("style").filter(|s| s.len() <= MAX_ADDRESS);
    let styled = style.and_then(|style| Some(BACKGROUND.captures(style)?.get(1)?.as_str()));
    let raw = lazy.or(styled)?.trim();
    (is_address(raw) && !is_placeholder(raw)).then(|| raw.to_owned())
}

fn is_address(raw: &str) -> bool {
    !raw.is_empty()
        && raw.len() <= MAX_ADDRESS
        && !raw.starts_with("data:")
        && !raw.starts_with("blob:")
        && !raw.starts_with(['{', '[', '#'])
        && !raw.contains("${")
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

/// The last part of an address's path.
fn file_name(raw: &str) -> &str {
    let path = raw.split(['?', '#']).next().unwrap_or_default();
    path.trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default()
}

/// The largest address of a `srcset`, read as HTML says: an address is all up to white space.
fn largest(set: &str) -> Option<String> {
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
        let raw = entry.trim_end_matches(',');
        let size = size.trim().trim_end_matches(['w', 'x']);
        let size = size.parse::<f32>().unwrap_or(0.0);
        let is_better = best.is_none_or(|(known, _)| size > known);
        if is_better && is_address(raw) && !is_placeholder(raw) {
            best = Some((size, raw));
        }
    }
    best.map(|(_, raw)| raw.to_owned())
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

/// What versions of one picture have in common: the name of its file without size and kind, or
/// its whole path where the name is too short to tell.
pub(super) fn identity(url: &str) -> String {
    let file = file_name(url).to_ascii_lowercase();
    let stem = match file.rsplit_once('.') {
        Some((stem, kind)) if kind.len() <= 5 => stem,
        _ => file.as_str(),
    };
    let stem = SIZE_SUFFIX.replace(stem, "").into_owned();
    let has_number = stem.bytes().any(|b| b.is_ascii_digit());
    if stem.len() >= 8 && has_number {
        return stem;
    }
    if file.contains('.') {
        return url.split(['?', '#']).next().unwrap_or_default().to_owned();
    }
    url.to_owned()
}

/// Whether what an element shows is too small, or by its name made, for controls and ornaments.
pub(super) fn is_icon(element: Element<'_>) -> bool {
    let pixels = |name: &str| {
        let raw = element.attr(name)?.trim();
        raw.trim_end_matches("px").parse::<f32>().ok()
    };
    let (width, height) = (pixels("width"), pixels("height"));
    // Responsive AMP pictures state a ratio, not a size.
    let is_ratio = element.attr("layout") == Some("responsive");
    let is_small = [width, height]
        .into_iter()
        .flatten()
        .any(|size| size < MIN_PIXELS && !is_ratio);
    let file = element.attr("src").map(file_name).unwrap_or_default();
    let is_large = width.is_some_and(|w| w >= 300.0);
    let names = element.classes().chain(element.id());
    is_small || names.into_iter().any(names_icon) || (!is_large && names_icon(file))
}

/// A class or id in lower case without anything but letters and digits.
pub(super) fn squash(name: &str) -> String {
    let letters = name.chars().take(120).filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn names_icon(name: &str) -> bool {
    let name = head(name, 200).to_ascii_lowercase();
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| {
            matches!(
                word,
                "icon"
                    | "icons"
                    | "ico"
                    | "logo"
                    | "logos"
                    | "avatar"
                    | "emoji"
                    | "tracking"
                    | "gravatar"
                    | "btn"
                    | "sprite"
                    | "badge"
                    | "favicon"
            )
        })
}

/// Whether an address belongs to a whole site and not to one page: its file name has no digit, and
/// neither folder nor query tells one picture from the next.
pub(super) fn is_site_default(url: &Url) -> bool {
    let has_digit = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
    let file = file_name(url.path()).to_ascii_lowercase();
    let stem = file.split('.').next().unwrap_or_default();
    let is_named = stem
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| {
            matches!(
                word,
                "default" | "logo" | "noimage" | "noimg" | "fallback" | "favicon"
            )
        });
    if is_named {
        return true;
    }
    if has_digit(&file) {
        return false;
    }
    let is_script = !file.contains('.') || file.ends_with(".php") || file.ends_with(".aspx");
    let is_keyed = is_script && url.query().is_some_and(has_digit);
    let is_number = |part: &str| part.len() >= 5 && part.bytes().all(|b| b.is_ascii_digit());
    let is_hash = |part: &str| part.len() >= 16 && has_digit(part);
    let mut folders = url.path_segments().into_iter().flatten();
    !is_keyed && !folders.any(|part| is_number(part) || is_hash(part))
}

#[cfg(test)]
mod tests {
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
            assert_eq!(largest(set).as_deref(), Some(expected), "{set}");
        }
    }

    #[test]
    fn lazy_pictures_have_their_true_address() {
        for (markup, expected) in [
            ("<img src=/blank.gif data-src=/a.jpg>", "/a.jpg"),
            ("<img src=/placeholder.png data-src=/a.jpg>", "/a.jpg"),
            ("<img src=/placeholder-7.jpg>", "/placeholder-7.jpg"),
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

    #[test]
    fn versions_of_a_picture_are_one_picture() {
        for (one, other, is_same) in [
            (
                "https://a.example/up/bridge12-640x480.jpg",
                "https://b.example/x/bridge12-1024x768.webp?q=8",
                true,
            ),
            (
                "https://a.example/1/image.jpg?w=1",
                "https://a.example/1/image.jpg?w=2",
                true,
            ),
            (
                "https://a.example/1/image.jpg",
                "https://a.example/2/image.jpg",
                false,
            ),
            (
                "https://a.example/get?id=1",
                "https://a.example/get?id=2",
                false,
            ),
            (
                "https://a.example/s/https%3A%2F%2Fb.example%2F1b7c",
                "https://a.example/s/https%3A%2F%2Fb.example%2F1b7d",
                false,
            ),
        ] {
            assert_eq!(identity(one) == identity(other), is_same, "{one} {other}");
        }
    }

    #[test]
    fn site_defaults_are_known_by_their_names() {
        for (url, is_default) in [
            ("https://a.example/img/og_share.png", true),
            ("https://a.example/img/og_share.png?v=20240101", true),
            ("https://a.example/img/logo-1200x630.png", true),
            ("https://a.example/2024/03/share.png", true),
            ("https://a.example/img/20240305_7.jpg", false),
            ("https://a.example/photo/1708221/image.jpg", false),
            ("https://a.example/r/?i=1165535950&w=800", false),
        ] {
            assert_eq!(
                is_site_default(&Url::parse(url).unwrap()),
                is_default,
                "{url}"
            );
        }
    }

    #[test]
    fn icons_are_told_by_size_and_whole_words() {
        for (markup, is_icon_here) in [
            ("<img src=a.jpg width=16 height=16>", true),
            ("<img class='user-avatar' src=a.jpg>", true),
            ("<img src=/img/logo_print.png>", true),
            ("<img src=/2024/silicon-island.jpg width=600>", false),
            ("<img src=/2024/new-logo-7.jpg width=640>", false),
            ("<img src=/a.jpg width=1 height=1>", true),
            (
                "<amp-img src=/a.jpg width=16 height=9 layout=responsive></amp-img>",
                false,
            ),
        ] {
            let html = scraper::Html::parse_fragment(markup);
            let outline = Outline::of(&html);
            let item = outline.items.iter().find(|i| is_picture(i.element));
            assert_eq!(is_icon(item.unwrap().element), is_icon_here, "{markup}");
        }
    }
}
