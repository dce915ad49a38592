//! Titles and names as plain text, whatever a feed wraps them in.

use crate::discover::xml::unescaped;

/// A headline is shorter; what is longer is the text of the item.
const MAX_TITLE_CHARS: usize = 500;
/// Titles escaped twice have this many layers of markup.
const MAX_LAYERS: usize = 2;
/// Longer texts between `<` and `>` are no tag.
const MAX_TAG_BYTES: usize = 4 << 10;

/// Elements that feeds put into titles; anything else between `<` and `>` is what an author wrote.
const INLINE: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "iframe",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "nobr",
    "ol",
    "p",
    "pre",
    "q",
    "rb",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "s",
    "samp",
    "script",
    "small",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];
/// Those of them that stand between words.
const BLOCKS: &[&str] = &[
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "ul",
];

/// What a text of a feed is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Markup {
    /// HTML, by its label or by the habit of its format.
    Html,
    /// Plain by its label, which often lies.
    Plain,
}

/// A title as people read it.
pub(super) fn plain_title(text: &str, markup: Markup) -> Option<String> {
    let mut text: String = text.chars().take(MAX_TITLE_CHARS * 4).collect();
    for layer in 0..MAX_LAYERS {
        let is_html = (layer == 0 && markup == Markup::Html) || has_closing_tag(&text);
        let stripped = if is_html {
            without_tags(&text)
        } else {
            text.clone()
        };
        let next = unescaped(&stripped);
        let is_settled = next == text;
        text = next;
        if is_settled {
            break;
        }
    }
    let short: String = words(&text).chars().take(MAX_TITLE_CHARS).collect();
    Some(short).filter(|title| !title.is_empty())
}

/// A text with single blanks and nothing invisible.
pub(super) fn words(text: &str) -> String {
    let is_seen = |c: &char| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{0}'..='\u{8}');
    let seen: String = text.chars().filter(is_seen).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name of a person in `mail@example.com (Name)`, `Name <mail@example.com>` or by itself.
pub(super) fn person(text: &str) -> Option<String> {
    let text = plain_title(text, Markup::Plain)?;
    let is_mail = |part: &str| part.contains('@') && !part.trim().contains(char::is_whitespace);
    let marks = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',');
    if let Some((mail, name)) = text.split_once('(')
        && let Some((name, _)) = name.rsplit_once(')')
    {
        if is_mail(mail) && !name.trim().is_empty() {
            return Some(name.trim_matches(marks).to_owned());
        }
        if is_mail(name) && !mail.trim().is_empty() {
            return Some(mail.trim_matches(marks).to_owned());
        }
    }
    if let Some((name, mail)) = text.split_once('<')
        && let Some((mail, _)) = mail.split_once('>')
        && is_mail(mail)
    {
        let name = name.trim_matches(marks);
        return Some(if name.is_empty() { mail } else { name }.to_owned());
    }
    Some(text.trim_start_matches("mailto:").to_owned()).filter(|name| !name.is_empty())
}

/// Whether a text has an end tag of HTML, which no plain text has by chance.
fn has_closing_tag(text: &str) -> bool {
    text.split("</").skip(1).any(|rest| {
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        let (name, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        behind.trim_start().starts_with('>') && is_in(INLINE, name)
    })
}

fn is_in(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let Some((name, bytes)) = tag(from) else {
            out.push('<');
            rest = from.get(1..).unwrap_or_default();
            continue;
        };
        if is_in(BLOCKS, name) {
            out.push(' ');
        }
        rest = from.get(bytes..).unwrap_or_default();
        if matches!(name, "script" | "style") && !from.starts_with("</") {
            rest = rest
                .find("</")
                .and_then(|end| rest.get(end..))
                .unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

/// The name of the tag that a text begins with, and its bytes; a comment has no name.
fn tag(text: &str) -> Option<(&str, usize)> {
    if let Some(inside) = text.strip_prefix("<!--") {
        return Some(("", inside.find("-->").map_or(text.len(), |end| end + 7)));
    }
    let inside = text.get(1..)?;
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let end = inside.find(|c: char| !c.is_ascii_alphanumeric())?;
    let (name, behind) = inside.split_at_checked(end)?;
    let is_end = behind.starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
    let close = text.find('>').filter(|at| *at < MAX_TAG_BYTES)?;
    (is_end && is_in(INLINE, name)).then_some((name, close + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lose_markup_and_keep_what_was_written() {
        use Markup::{Html, Plain};
        for (text, markup, expected) in [
            ("Q&amp;A", Html, "Q&A"),
            ("Q&amp;amp;A", Html, "Q&A"),
            ("a <b>bold</b> move", Html, "a bold move"),
            ("&lt;b&gt;bold&lt;/b&gt; move", Html, "bold move"),
            ("1 < 2 > 0", Html, "1 < 2 > 0"),
            ("The <blink> tag", Html, "The <blink> tag"),
            ("The &lt;p> tag", Html, "The <p> tag"),
            ("The <p> tag", Plain, "The <p> tag"),
            ("<b>bold</b> move", Plain, "bold move"),
            ("first<br/>second", Html, "first second"),
            ("<![x <script>var a = 1 < 2;</script>y", Html, "<![x y"),
            (" \n 새\u{200b}  다리 \t", Html, "새 다리"),
            ("AT&T &nosuch; &#8217;x", Html, "AT&T &nosuch; \u{2019}x"),
            ("<!-- no -->yes", Html, "yes"),
        ] {
            assert_eq!(
                plain_title(text, markup).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        assert_eq!(plain_title(" <p></p> ", Html), None);
    }

    #[test]
    fn people_are_named_without_their_address() {
        for (text, expected) in [
            ("kim@saesol.example (김하늘)", "김하늘"),
            ("김하늘 (kim@saesol.example)", "김하늘"),
            ("\"Kim, Haneul\" <kim@saesol.example>", "Kim, Haneul"),
            ("<kim@saesol.example>", "kim@saesol.example"),
            ("kim@saesol.example", "kim@saesol.example"),
            ("mailto:kim@saesol.example", "kim@saesol.example"),
            ("Kim (staff)", "Kim (staff)"),
            ("김하늘 기자", "김하늘 기자"),
        ] {
            assert_eq!(person(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(person("  "), None);
    }
}
