//! One picture: whether an element is one, and what its address tells: which picture it is a version
//! of, and whether it is the site's own.

use url::Url;

use crate::extract::element::Element;
use crate::extract::pattern::Pattern;
use crate::extract::text::head;

/// Folders of an address that are looked at.
const MAX_FOLDERS: usize = 32;
/// Smaller pictures are icons.
const MIN_PIXELS: f32 = 90.0;
static SIZE_SUFFIX: Pattern =
    Pattern::new(r"[-_](?:\d{2,4}x\d{2,4}|\d{2,4}[wx]|[ws]\d{3,4}(?:-c\d{2,3})?)$");

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

/// The last part of an address's path.
pub(super) fn file_name(raw: &str) -> &str {
    let path = raw.split(['?', '#']).next().unwrap_or_default();
    path.trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default()
}

/// Whether what an element shows is too small, or by its name made, for controls and ornaments.
pub(super) fn is_icon(element: Element<'_>) -> bool {
    let pixels = |name: &str| {
        let raw = styled(element, name).or_else(|| element.attr(name))?.trim();
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
    let mut folders = element
        .attr("src")
        .unwrap_or_default()
        .split('/')
        .take(MAX_FOLDERS);
    let is_filed = folders.any(|folder| matches!(folder, "icon" | "icons" | "emoji" | "emojis"));
    is_small || names.into_iter().any(names_icon) || (!is_large && (is_filed || names_icon(file)))
}

/// The pixels that the style of an element sets a property to. A bare 0 is stretched by other rules.
fn styled<'a>(element: Element<'a>, property: &str) -> Option<&'a str> {
    let rules = element.attr("style")?.split(';').take(12);
    let mut pairs = rules.filter_map(|rule| rule.split_once(':'));
    let (_, value) = pairs.find(|(name, _)| name.trim() == property)?;
    value.trim().strip_suffix("px")
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

    #[test]
    fn versions_of_a_picture_are_one_picture() {
        for (one, other, is_same) in [
            (
                "https://a.example/up/bridge12-640x480.jpg",
                "https://b.example/x/bridge12-1024x768.webp?q=8",
                true,
            ),
            (
                "https://a.example/up/bridge12-s1100-c50.jpg",
                "https://a.example/up/bridge12-s640.jpg",
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
            ("<img src=/awards/icon/silver_32.png>", true),
            ("<img src=/2024/silicon-island.jpg width=600>", false),
            ("<img src=/2024/new-logo-7.jpg width=640>", false),
            ("<img src=/a.jpg width=1 height=1>", true),
            ("<img src=/a.jpg style='width: 1px; height: 1px'>", true),
            (
                "<img src=/a.jpg style='max-width: 40px; width: 100%'>",
                false,
            ),
            ("<img src=/a.jpg style='width:0;min-width:100%'>", false),
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
