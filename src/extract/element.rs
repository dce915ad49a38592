//! An element as the extractor reads it.

use std::fmt;

/// A view of an element whose look-ups cost a comparison for each attribute. Those of the library
/// intern the name first, under a lock that all threads share, and extraction asks each element of
/// a page for some dozen names.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    inner: &'a scraper::node::Element,
    /// A bit for the look of each attribute's name: most elements lack most of those asked for.
    looks: u64,
}

impl<'a> From<&'a scraper::node::Element> for Element<'a> {
    fn from(element: &'a scraper::node::Element) -> Self {
        let looks = element.attrs().fold(0, |all, (name, _)| all | look(name));
        Self {
            inner: element,
            looks,
        }
    }
}

impl fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl<'a> Element<'a> {
    /// The name of its tag, in lower case.
    pub(super) fn name(&self) -> &'a str {
        self.inner.name()
    }

    /// Its attributes in any order.
    pub(super) fn attrs(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.inner.attrs()
    }

    /// The value of an attribute, given by its name in lower case.
    pub(super) fn attr(&self, name: &str) -> Option<&'a str> {
        if self.looks & look(name) == 0 {
            return None;
        }
        let mut attrs = self.inner.attrs();
        attrs.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Its id.
    pub(super) fn id(&self) -> Option<&'a str> {
        self.attr("id")
    }

    /// Its classes in the order of the page.
    pub(super) fn classes(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.attr("class")
            .unwrap_or_default()
            .split_ascii_whitespace()
    }
}

/// One bit of 64 by the first and last letter and the length of a name.
fn look(name: &str) -> u64 {
    let ends = name.as_bytes().first().zip(name.as_bytes().last());
    let (first, last) = ends.map_or((0, 0), |(first, last)| (usize::from(*first), *last));
    1 << ((first * 5 + usize::from(last) * 3 + name.len()) % 64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::parse_html;

    #[test]
    fn attributes_are_those_that_the_library_gives() {
        let html = parse_html("<p CLASS='b a b' id=x data-Date=1 title>").unwrap();
        let selector = scraper::Selector::parse("p").unwrap();
        let found = html.select(&selector).next().unwrap().value();
        let element = Element::from(found);
        for name in ["class", "id", "data-date", "title", "data-Date", "lang"] {
            assert_eq!(element.attr(name), found.attr(name), "{name}");
        }
        assert_eq!((element.name(), element.id()), (found.name(), found.id()));
        assert_eq!(element.classes().collect::<Vec<_>>(), ["b", "a", "b"]);
        assert_eq!(element.attrs().count(), 4);
    }
}
