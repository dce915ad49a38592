//! The `meta` elements of a page as pairs of name and content.

use std::sync::LazyLock;

use scraper::{ElementRef, Html, Selector};

/// More are not read; no page has as many, and each is copied.
const MAX_METAS: usize = 500;

static META: LazyLock<Option<Selector>> =
    LazyLock::new(|| Selector::parse("meta[name][content]").ok());

/// Name and content of each `meta` that has both, in the order of the page.
pub fn named_metas(html: &Html) -> impl Iterator<Item = (&str, &str)> {
    let metas = META.iter().flat_map(|meta| html.select(meta));
    metas.take(MAX_METAS).filter_map(pair)
}

fn pair<'a>(meta: ElementRef<'a>) -> Option<(&'a str, &'a str)> {
    let element = meta.value();
    element.attr("name").zip(element.attr("content"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metas_are_pairs_of_name_and_content() {
        let html = Html::parse_document(
            "<meta charset=utf-8><meta name=Robots content=noindex><meta name=a><meta content=b>",
        );
        assert_eq!(
            named_metas(&html).collect::<Vec<_>>(),
            [("Robots", "noindex")]
        );
    }
}
