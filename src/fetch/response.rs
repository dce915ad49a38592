//! What an exchange gave, and the record that it leaves.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;
use url::Url;

use super::{FetchError, Request};
use crate::domain::{CanonicalUrl, ErrorClass, Exchange, FetchOutcome, Validators};
use crate::policy::parse_retry_after;

/// Longer header values are not kept: no server needs them, and they would be stored.
const MAX_HEADER_BYTES: usize = 2_000;

/// More headers of one name than these are not read.
const MAX_SEVERAL: usize = 20;

/// Links to styles and scripts fill these headers; they are not kept.
const MAX_LINK_BYTES: usize = 8_000;

/// The answer to one request, where it is one that was to be expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// A body.
    Page(Page),
    /// The body is the one that the validators stand for.
    NotModified {
        /// The record.
        exchange: Exchange,
        /// Those for the next request.
        validators: Validators,
    },
    /// 404 or 410: there is nothing at this address, or no more.
    Gone {
        /// The record.
        exchange: Exchange,
    },
    /// A redirect, not followed.
    Moved {
        /// The record.
        exchange: Exchange,
        /// Where to; not judged, and of any scheme.
        to: Url,
        /// Whether for good (301, 308).
        is_permanent: bool,
    },
}

/// A body with what its headers say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The record.
    pub exchange: Exchange,
    /// The address asked.
    pub url: CanonicalUrl,
    /// The Content-Type header.
    pub content_type: Option<String>,
    /// The decoded body.
    pub body: Vec<u8>,
    /// Those for the next request.
    pub validators: Validators,
    /// The X-Robots-Tag headers; each has its own "agent:".
    pub robots_tags: Vec<String>,
    /// The Link headers.
    pub links: Vec<String>,
}

/// What came back for a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The status.
    pub status: u16,
    /// Where to post it instead (307, 308).
    pub to: Option<Url>,
    /// The beginning of the body as text, in one line.
    pub said: String,
}

impl Posted {
    pub(super) fn read(request: &Request, status: u16, headers: &HeaderMap, said: &[u8]) -> Self {
        let to = matches!(status, 307 | 308).then(|| target(request, headers));
        let said = String::from_utf8_lossy(said);
        let words: Vec<&str> = said.split_whitespace().collect();
        Self {
            status,
            to: to.flatten(),
            said: words.join(" "),
        }
    }
}

/// A request that gave nothing.
#[derive(Debug, thiserror::Error)]
#[error("{}", error.sentence())]
pub struct Failed {
    /// The record; its outcome names class and reason.
    pub exchange: Exchange,
    /// Why.
    pub error: FetchError,
    /// How long the server asks us to stay away.
    pub retry_after: Option<Duration>,
}

/// What the head of an answer means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Head {
    Body,
    NotModified,
    Gone,
    Moved { to: Url, is_permanent: bool },
}

impl Head {
    pub(super) fn read(
        request: &Request,
        status: u16,
        headers: &HeaderMap,
    ) -> Result<Self, FetchError> {
        let url = || request.url.to_string();
        match status {
            206 => Err(FetchError::Unasked { url: url(), status }),
            200..=299 => Ok(Self::Body),
            301 | 302 | 303 | 307 | 308 => match target(request, headers) {
                Some(to) => Ok(Self::Moved {
                    to,
                    is_permanent: matches!(status, 301 | 308),
                }),
                None => Err(FetchError::Redirect { url: url() }),
            },
            304 if request.is_conditional() => Ok(Self::NotModified),
            404 | 410 => Ok(Self::Gone),
            400.. => Err(FetchError::Status { url: url(), status }),
            _ => Err(FetchError::Unasked { url: url(), status }),
        }
    }
}

/// Where a redirect leads. Servers send the bytes of other scripts bare, in whatever charset their
/// pages have, so they are escaped as they are.
fn target(request: &Request, headers: &HeaderMap) -> Option<Url> {
    let location = headers.get(header::LOCATION)?.as_bytes();
    let mut text = String::new();
    for byte in location {
        if byte.is_ascii() {
            text.push(char::from(*byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    (!text.trim().is_empty())
        .then(|| request.url.as_url().join(&text).ok())
        .flatten()
}

/// One exchange in the making.
#[derive(Debug)]
pub(super) struct Record {
    url: CanonicalUrl,
    started_at: DateTime<Utc>,
    started: Instant,
    status: Option<u16>,
    retry_after: Option<Duration>,
    /// What was read of the body.
    pub(super) body: Vec<u8>,
}

impl Record {
    pub(super) fn start(url: &CanonicalUrl, now: DateTime<Utc>) -> Self {
        Self {
            url: url.clone(),
            started_at: now,
            started: Instant::now(),
            status: None,
            retry_after: None,
            body: Vec::new(),
        }
    }

    pub(super) fn note_head(&mut self, status: u16, headers: &HeaderMap, now: DateTime<Utc>) {
        self.status = Some(status);
        self.retry_after =
            text(headers, header::RETRY_AFTER).and_then(|value| parse_retry_after(&value, now));
    }

    pub(super) fn finish(self, head: Head, request: &Request, headers: &HeaderMap) -> Fetched {
        match head {
            Head::Body => Fetched::Page(Page {
                exchange: self.exchange(FetchOutcome::Used),
                url: self.url,
                content_type: text(headers, header::CONTENT_TYPE),
                body: self.body,
                validators: validators(headers),
                robots_tags: several(headers, "x-robots-tag", MAX_HEADER_BYTES),
                links: several(headers, "link", MAX_LINK_BYTES),
            }),
            Head::NotModified => Fetched::NotModified {
                exchange: self.exchange(FetchOutcome::Unchanged),
                // RFC 9110 section 15.4.5: a 304 may carry newer ones; what it omits stays.
                validators: {
                    let newer = validators(headers);
                    let older = request.validators.clone();
                    Validators {
                        etag: newer.etag.or(older.etag),
                        last_modified: newer.last_modified.or(older.last_modified),
                    }
                },
            },
            Head::Gone => Fetched::Gone {
                exchange: {
                    let (url, status) = (self.url.to_string(), self.status.unwrap_or_default());
                    let sentence = FetchError::Status { url, status }.sentence();
                    self.exchange(FetchOutcome::Failed(ErrorClass::Status, sentence))
                },
            },
            Head::Moved { to, is_permanent } => Fetched::Moved {
                exchange: self.exchange(FetchOutcome::Redirected),
                to,
                is_permanent,
            },
        }
    }

    pub(super) fn fail(self, error: FetchError) -> Failed {
        let outcome = FetchOutcome::Failed(error.class(), error.sentence());
        Failed {
            exchange: self.exchange(outcome),
            error,
            retry_after: self.retry_after,
        }
    }

    fn exchange(&self, outcome: FetchOutcome) -> Exchange {
        Exchange {
            url: self.url.to_string(),
            started_at: self.started_at,
            elapsed: self.started.elapsed(),
            status: self.status,
            body_bytes: self.body.len() as u64,
            retry_after: self.retry_after,
            outcome,
        }
    }
}

fn validators(headers: &HeaderMap) -> Validators {
    // Sent back as received, so only what can be: visible ASCII.
    let sendable = |name: HeaderName| text(headers, name).filter(|value| value.is_ascii());
    Validators {
        etag: sendable(header::ETAG),
        last_modified: sendable(header::LAST_MODIFIED),
    }
}

fn several(headers: &HeaderMap, name: &str, max_bytes: usize) -> Vec<String> {
    let values = headers.get_all(name).iter().take(MAX_SEVERAL);
    let sane = values.filter(|value| value.len() <= max_bytes);
    sane.map(decoded).collect()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    (value.len() <= MAX_HEADER_BYTES).then(|| decoded(value))
}

fn decoded(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Identity;
    use crate::fetch::Accept;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_status_and_no_header_makes_us_panic(
            status in 100_u16..1000,
            location in proptest::collection::vec(any::<u8>(), 0..60),
        ) {
            let url = CanonicalUrl::parse("https://e.kr/a/b", Identity::default()).unwrap();
            let request = Request::new(url, Accept::Html);
            let mut headers = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_bytes(&location) {
                for name in [header::LOCATION, header::ETAG, header::RETRY_AFTER] {
                    headers.insert(name, value.clone());
                }
            }
            let mut record = Record::start(&request.url, DateTime::UNIX_EPOCH);
            record.note_head(status, &headers, DateTime::UNIX_EPOCH);
            if let Ok(head) = Head::read(&request, status, &headers) {
                let _fetched = record.finish(head, &request, &headers);
            }
        }
    }
}
