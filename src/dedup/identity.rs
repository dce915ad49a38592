//! Under which address an article is kept.
//!
//! A page may be met by many addresses: with other query parameters, as an AMP page, on a mobile
//! host, through a redirect. It names its own address by `rel=canonical` (RFC 6596), which is a
//! hint: templates name the front page, other outlets, or nothing.

use crate::domain::{CanonicalUrl, Source};

/// What the address of a visited page turns out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// The article's own address: keep it here.
    Own,
    /// The same page written another way (query, case, slash): keep the text under this address.
    Variant(CanonicalUrl),
    /// Another page for the same article, such as AMP or a mobile host: visit this address instead,
    /// so that one article's text always comes from one page.
    Twin(CanonicalUrl),
}

/// Judges `hint`, the canonical address a page states, for the page at `url`.
///
/// Hints that leave the source are ignored: a copy that names the original outlet is still this
/// outlet's article. So are hints at the front page and at the source's own listings.
#[must_use]
pub fn address(
    url: &CanonicalUrl,
    hint: Option<&CanonicalUrl>,
    source: Option<&Source>,
) -> Address {
    let Some(hint) = hint.filter(|hint| is_plausible(url, hint, source)) else {
        return Address::Own;
    };
    if hint.fingerprint() == url.fingerprint() {
        return Address::Own;
    }
    if is_variant(url, hint) {
        Address::Variant(hint.clone())
    } else {
        Address::Twin(hint.clone())
    }
}

fn is_plausible(url: &CanonicalUrl, hint: &CanonicalUrl, source: Option<&Source>) -> bool {
    if hint.as_url().path() == "/" && hint.as_url().query().is_none() {
        return false;
    }
    if loses_its_number(url, hint) {
        return false;
    }
    match source {
        Some(source) => {
            source.owns(hint.host())
                && hint.fingerprint() != source.home.fingerprint()
                && source
                    .sections
                    .iter()
                    .all(|s| s.url.fingerprint() != hint.fingerprint())
        }
        None => hint.host() == url.host(),
    }
}

/// A template that writes `articleView.html` for `articleView.html?idxno=7` would fold all articles
/// of the outlet into one.
fn loses_its_number(url: &CanonicalUrl, hint: &CanonicalUrl) -> bool {
    let has_digit = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
    let hint = hint.as_url();
    let in_query = url.as_url().query().is_some_and(has_digit) && !has_digit(url.as_url().path());
    in_query && hint.query().is_none() && !has_digit(hint.path())
}

/// Whether two addresses on one host differ only in query, case or a final slash of the path.
fn is_variant(a: &CanonicalUrl, b: &CanonicalUrl) -> bool {
    let path = |u: &CanonicalUrl| u.as_url().path().trim_end_matches('/').to_lowercase();
    a.host() == b.host() && a.as_url().port() == b.as_url().port() && path(a) == path(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Identity, SourceName};

    fn url(text: &str) -> CanonicalUrl {
        CanonicalUrl::parse(text, Identity::AllButTracking).unwrap()
    }

    fn source() -> Source {
        Source::new(
            SourceName::new("paper").unwrap(),
            url("https://www.paper.example/"),
        )
    }

    #[test]
    fn canonical_hints_are_weighed() {
        let own = "https://www.paper.example/news/1?sc=2";
        for (hint, expected) in [
            (None, Address::Own),
            (Some("https://www.paper.example/news/1?sc=2"), Address::Own),
            (Some("https://www.paper.example/"), Address::Own),
            (Some("https://wire.example/view/9"), Address::Own),
            (
                Some("https://www.paper.example/news/1"),
                Address::Variant(url("https://www.paper.example/news/1")),
            ),
            (
                Some("https://www.paper.example/news/1/"),
                Address::Variant(url("https://www.paper.example/news/1/")),
            ),
            (
                Some("https://m.paper.example/news/1"),
                Address::Twin(url("https://m.paper.example/news/1")),
            ),
            (
                Some("https://www.paper.example/amp/news/1"),
                Address::Twin(url("https://www.paper.example/amp/news/1")),
            ),
        ] {
            let hint = hint.map(url);
            assert_eq!(
                address(&url(own), hint.as_ref(), Some(&source())),
                expected,
                "{hint:?}"
            );
        }
    }

    #[test]
    fn hint_that_drops_the_number_from_the_query_is_ignored() {
        let page = url("https://www.paper.example/news/articleView.html?idxno=7");
        let hint = url("https://www.paper.example/news/articleView.html");
        assert_eq!(address(&page, Some(&hint), Some(&source())), Address::Own);
    }

    #[test]
    fn without_a_source_only_the_same_host_is_believed() {
        let page = url("https://a.example/x/1");
        let elsewhere = url("https://b.example/x/1");
        assert_eq!(address(&page, Some(&elsewhere), None), Address::Own);
    }
}
