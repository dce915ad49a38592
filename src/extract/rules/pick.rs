//! One selector of a rule: where on a page a value stands.
//!
//! - `h1.title`: CSS. The value is the element's `content` or `datetime`, else its text.
//! - `img.lead @data-src`: CSS and, behind `@`, the attribute that holds the value.
//! - `script(__NEXT_DATA__).props.article.html`: a path into the state of a script.

use scraper::{ElementRef, Selector};

use super::script::Path;
use crate::extract::text::clean;

/// Texts that are joined to the value of one element.
const MAX_TEXTS: usize = 200;

/// A compiled selector.
#[derive(Debug, Clone)]
pub(super) enum Pick {
    /// Elements, and the attribute that holds the value where one is named.
    Elements {
        selector: Box<Selector>,
        attribute: Option<String>,
    },
    /// A value of a script's state.
    Script(Path),
}

impl Pick {
    /// Compiles a selector.
    ///
    /// # Errors
    /// What is wrong with it, and what is allowed.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("script(") {
            return Path::parse(path).map(Self::Script);
        }
        let (css, attribute) = match attribute(text) {
            Some((css, name)) => (css, Some(name.to_ascii_lowercase())),
            None => (text, None),
        };
        if css.is_empty() {
            return Err("names no element before the `@`; \
                        write one like `img.lead @data-src`"
                .to_owned());
        }
        let selector = Box::new(css_selector(css)?);
        Ok(Self::Elements {
            selector,
            attribute,
        })
    }
}

/// Compiles a plain CSS selector.
pub(super) fn css_selector(text: &str) -> Result<Selector, String> {
    if text.starts_with("script(") || attribute(text).is_some() {
        return Err("names no element; `remove` takes plain CSS, such as `div.related`".to_owned());
    }
    Selector::parse(text)
        .map_err(|reason| format!("no CSS selector: {reason}; write one like `div.article > p`"))
}

/// The parts around an `@` that names an attribute; one inside quotes or brackets does not.
fn attribute(text: &str) -> Option<(&str, &str)> {
    let (css, name) = text.rsplit_once('@')?;
    let name = name.trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_:.".contains(c);
    (!name.is_empty() && name.chars().all(is_name)).then(|| (css.trim(), name))
}

/// What an element says: the attribute that was asked for, else a `meta`'s content or a `time`'s
/// machine form, else its text.
pub(in crate::extract) fn value(element: ElementRef<'_>, attribute: Option<&str>) -> String {
    let stated = match attribute {
        Some(name) => Some(element.attr(name).unwrap_or_default()),
        None => element.attr("content").or_else(|| element.attr("datetime")),
    };
    match stated {
        Some(stated) => clean(stated),
        None => clean(&element.text().take(MAX_TEXTS).collect::<Vec<_>>().join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    #[test]
    fn value_is_an_attribute_a_machine_form_or_the_text() {
        let html = Html::parse_document(
            "<meta name=a content=' b '><time datetime=2024-03-05>어제</time><h1>새 <b>다리</b></h1>\
             <img data-src=/x.jpg title='a@b'>",
        );
        for (text, expected) in [
            ("meta[name=a]", "b"),
            ("time", "2024-03-05"),
            ("h1", "새 다리"),
            ("img @data-src", "/x.jpg"),
            ("img@DATA-SRC", "/x.jpg"),
            ("img[title=\"a@b\"] @title", "a@b"),
            ("img @alt", ""),
        ] {
            let Ok(Pick::Elements {
                selector,
                attribute,
            }) = Pick::parse(text)
            else {
                panic!("{text}")
            };
            let element = html.select(&selector).next().unwrap();
            assert_eq!(value(element, attribute.as_deref()), expected, "{text}");
        }
    }

    #[test]
    fn wrong_selectors_say_what_is_allowed() {
        for (text, part) in [
            ("h1[", "no CSS selector"),
            ("@href", "img.lead @data-src"),
            ("script(", "script(__NEXT_DATA__)"),
        ] {
            let problem = Pick::parse(text).unwrap_err();
            assert!(problem.contains(part), "{text}: {problem}");
        }
        for text in ["img @src", "script(a).b"] {
            assert!(css_selector(text).unwrap_err().contains("plain CSS"));
        }
    }
}
