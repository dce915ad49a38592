//! What is asked for, and the headers that it is asked with.

use std::collections::BTreeMap;

use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::FetchError;
use crate::domain::{ByteSize, CanonicalUrl, Validators};

/// What a caller hopes to get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accept {
    /// A page.
    Html,
    /// An RSS, Atom or JSON feed.
    Feed,
    /// A sitemap.
    Sitemap,
    /// A robots.txt. Its body is cut at the limit instead of refused: RFC 9309 section 2.5 has the
    /// beginning of a long file honoured.
    Robots,
    /// Whatever comes back for a form.
    Any,
}

impl Accept {
    fn value(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Html => "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            Self::Feed => {
                "application/atom+xml,application/rss+xml,application/feed+json,\
                 application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.8"
            }
            Self::Sitemap => "application/xml,text/xml,text/plain;q=0.9,*/*;q=0.8",
            Self::Robots => "text/plain,*/*;q=0.8",
            Self::Any => "*/*",
        })
    }

    pub(super) fn is_cut(self) -> bool {
        self == Self::Robots
    }
}

/// One GET request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What to ask.
    pub url: CanonicalUrl,
    /// Those of the last answer, which make the request conditional.
    pub validators: Validators,
    /// More headers, as the source's file has them.
    pub headers: BTreeMap<String, String>,
    /// What for.
    pub accept: Accept,
    /// Largest decoded body, where it differs from `[fetch] max_body`.
    pub max_body: Option<ByteSize>,
}

/// Headers that are ours to set: who we are, whom we ask, and how the exchange is framed.
const RESERVED: &[HeaderName] = &[
    header::ACCEPT_ENCODING,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::HOST,
    header::RANGE,
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::USER_AGENT,
];

impl Request {
    /// An unconditional request without headers of its own.
    #[must_use]
    pub fn new(url: CanonicalUrl, accept: Accept) -> Self {
        Self {
            url,
            validators: Validators::default(),
            headers: BTreeMap::new(),
            accept,
            max_body: None,
        }
    }

    pub(super) fn is_conditional(&self) -> bool {
        self.validators != Validators::default()
    }

    pub(super) fn header_map(&self) -> Result<HeaderMap, FetchError> {
        let mut map = HeaderMap::new();
        map.insert(header::ACCEPT, self.accept.value());
        let conditions = [
            (header::IF_NONE_MATCH, &self.validators.etag),
            (header::IF_MODIFIED_SINCE, &self.validators.last_modified),
        ];
        for (name, value) in conditions {
            if let Some(value) = value {
                self.insert(&mut map, name.as_str(), value)?;
            }
        }
        for (name, value) in &self.headers {
            self.insert(&mut map, name, value)?;
        }
        Ok(map)
    }

    fn insert(&self, map: &mut HeaderMap, name: &str, value: &str) -> Result<(), FetchError> {
        let pair = HeaderName::try_from(name)
            .ok()
            .filter(|name| !RESERVED.contains(name))
            .zip(HeaderValue::from_str(value).ok());
        let (header, value) = pair.ok_or_else(|| FetchError::Header {
            url: self.url.to_string(),
            name: name.to_owned(),
        })?;
        map.insert(header, value);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Identity;

    fn request(name: &str, value: &str) -> Request {
        let url = CanonicalUrl::parse("https://e.kr/", Identity::default()).unwrap();
        let mut request = Request::new(url, Accept::Html);
        request.headers.insert(name.to_owned(), value.to_owned());
        request
    }

    #[test]
    fn headers_of_a_source_are_sent_unless_they_are_ours_or_broken() {
        let sent = request("Accept-Language", "ko").header_map().unwrap();
        assert_eq!(sent.get("accept-language").unwrap(), "ko");
        for (name, value) in [
            ("User-Agent", "Browser/1.0"),
            ("host", "other.kr"),
            ("X-A", "a\r\nX-B: b"),
            ("X A", "a"),
        ] {
            assert!(request(name, value).header_map().is_err(), "{name}");
        }
    }
}
