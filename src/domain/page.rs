//! What an HTTP exchange leaves behind: validators, and the record that `news.fetches` shows.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// What a conditional request is made of (RFC 9110 section 13).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    /// The `ETag` header as received, weak mark and quotes included.
    pub etag: Option<String>,
    /// The Last-Modified header as received.
    pub last_modified: Option<String>,
}

/// Why a visit did not give what it was for; one word a reader can group by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorClass {
    /// The address is private, has a foreign scheme or a refused port.
    Address,
    /// The host's name could not be resolved.
    Dns,
    /// No connection.
    Connect,
    /// The certificate or the handshake was refused.
    Tls,
    /// A time limit was reached.
    Timeout,
    /// The answer broke HTTP.
    Protocol,
    /// The body was cut short or could not be decoded.
    Body,
    /// The body is larger than `[fetch] max_body`.
    TooLarge,
    /// Robots.txt forbids the address, or could not be read.
    Robots,
    /// The page itself asks not to be kept, or its links not to be followed.
    Directive,
    /// The site's protection answered instead of the site.
    Challenge,
    /// A status of 400 or above.
    Status,
    /// Too many redirects, a loop, or a redirect to nowhere.
    Redirect,
    /// The page could not be parsed, or is no article.
    Content,
    /// Given up after the last attempt for another reason.
    Internal,
}

impl ErrorClass {
    /// Every class, in the order of the declaration.
    pub const ALL: [Self; 15] = [
        Self::Address,
        Self::Dns,
        Self::Connect,
        Self::Tls,
        Self::Timeout,
        Self::Protocol,
        Self::Body,
        Self::TooLarge,
        Self::Robots,
        Self::Directive,
        Self::Challenge,
        Self::Status,
        Self::Redirect,
        Self::Content,
        Self::Internal,
    ];

    /// The word in SQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Protocol => "protocol",
            Self::Body => "body",
            Self::TooLarge => "too_large",
            Self::Robots => "robots",
            Self::Directive => "directive",
            Self::Challenge => "challenge",
            Self::Status => "status",
            Self::Redirect => "redirect",
            Self::Content => "content",
            Self::Internal => "internal",
        }
    }
}

/// What came of one exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchOutcome {
    /// A body was read and used.
    Used,
    /// 304, or the same bytes as last time.
    Unchanged,
    /// Answered with a redirect.
    Redirected,
    /// Nothing usable: the class, and one plain sentence with what was attempted.
    Failed(ErrorClass, String),
}

/// One HTTP exchange, or the refusal to make it; a row of `news.fetches`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The address asked.
    pub url: String,
    /// When the request was started.
    pub started_at: DateTime<Utc>,
    /// From the start to the last byte.
    pub elapsed: Duration,
    /// The answer's status; `None` when there was no answer.
    pub status: Option<u16>,
    /// Bytes of the decoded body.
    pub body_bytes: u64,
    /// How long the answer asks us to stay away.
    pub retry_after: Option<Duration>,
    /// What came of it.
    pub outcome: FetchOutcome,
}

impl Exchange {
    /// Why it gave nothing usable, in one sentence.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        match &self.outcome {
            FetchOutcome::Failed(_, reason) => Some(reason),
            FetchOutcome::Used | FetchOutcome::Unchanged | FetchOutcome::Redirected => None,
        }
    }
}
