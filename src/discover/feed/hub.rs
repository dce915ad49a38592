//! Who pushes what is new in a feed: the links `hub` and `self` of the feed and of its answer (WebSub
//! section 4).

use url::Url;

use crate::discover::listing::Hub;

/// Longer addresses are not kept.
const MAX_URL_BYTES: usize = 2_000;

/// More Link headers than these are not read, and no longer ones.
const MAX_HEADERS: usize = 20;
const MAX_HEADER_BYTES: usize = 8_000;

/// The links found so far; the first of each kind counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HubLinks {
    hub: Option<Url>,
    own: Option<Url>,
}

impl HubLinks {
    /// The links of `Link` headers (RFC 8288); relative addresses stand under `base`.
    pub fn of_headers<'a>(values: impl Iterator<Item = &'a str>, base: &Url) -> Self {
        let mut links = Self::default();
        let sane = values.filter(|value| value.len() <= MAX_HEADER_BYTES);
        for value in sane.take(MAX_HEADERS) {
            // Each link begins with its address in angle brackets.
            for link in value.split('<').skip(1) {
                let Some((address, rest)) = link.split_once('>') else {
                    continue;
                };
                let rel = rest.split(';').find_map(|parameter| {
                    let (name, value) = parameter.split_once('=')?;
                    let is_rel = name.trim().eq_ignore_ascii_case("rel");
                    is_rel.then(|| value.trim().trim_end_matches(',').trim().trim_matches('"'))
                });
                links.offer(rel.unwrap_or_default(), base.join(address.trim()).ok());
            }
        }
        links
    }

    /// These links, and where they lack one that of `others`: headers go before the feed itself.
    #[must_use]
    pub fn or(self, others: Option<&Hub>) -> Self {
        Self {
            hub: self.hub.or_else(|| others.map(|other| other.hub.clone())),
            own: self.own.or_else(|| others.map(|other| other.topic.clone())),
        }
    }

    /// The hub, of the feed at `base` where it does not say what it is called.
    #[must_use]
    pub fn hub(self, base: &Url) -> Option<Hub> {
        Some(Hub {
            hub: self.hub?,
            topic: self.own.unwrap_or_else(|| base.clone()),
        })
    }

    /// Takes a link with these relations.
    pub(super) fn offer(&mut self, rel: &str, address: Option<Url>) {
        let is_sane = |url: &Url| {
            matches!(url.scheme(), "http" | "https") && url.as_str().len() <= MAX_URL_BYTES
        };
        let Some(address) = address.filter(is_sane) else {
            return;
        };
        for rel in rel.split_ascii_whitespace() {
            let place = match rel.to_ascii_lowercase().as_str() {
                "hub" => &mut self.hub,
                "self" => &mut self.own,
                _ => continue,
            };
            place.get_or_insert_with(|| address.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn headers_name_hub_and_topic() {
        let base = url("https://a.example/feed.xml");
        let headers = [
            "<https://hub.example/>; rel=\"hub\", </atom>; title=x; rel=self",
            "<https://other.example/>; rel=hub",
            "<ftp://x.example/>; rel=self",
            "broken <",
        ];
        let links = HubLinks::of_headers(headers.into_iter(), &base);
        let expected = Hub {
            hub: url("https://hub.example/"),
            topic: url("https://a.example/atom"),
        };
        assert_eq!(links.hub(&base), Some(expected.clone()));
        let none = HubLinks::of_headers(["<x>; rel=next"].into_iter(), &base);
        assert_eq!(none.clone().hub(&base), None);
        assert_eq!(none.or(Some(&expected)).hub(&base), Some(expected));
    }
}
