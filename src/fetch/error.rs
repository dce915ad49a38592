//! Why an exchange gave nothing, told apart as far as somebody decides by it.

use std::error::Error;
use std::io;
use std::time::Duration;

use url::Url;

use super::guard::LookupError;
use super::{Refused, Request};
use crate::domain::{CanonicalUrl, ErrorClass};
use crate::policy;

type Cause = Box<dyn Error + Send + Sync>;

/// Longer sentences are cut: causes may quote what a server sent.
const MAX_SENTENCE_CHARS: usize = 500;

/// Why an exchange gave nothing usable.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The settings can't be used.
    #[error("{what}")]
    Setup {
        /// What was attempted.
        what: String,
        /// What is wrong.
        #[source]
        cause: Cause,
    },
    /// A header that can't or mustn't be sent.
    #[error("could not ask {url} with the header `{name}`: it is malformed or reserved")]
    Header {
        /// The address asked.
        url: String,
        /// The header's name.
        name: String,
    },
    /// The address is closed to us.
    #[error("refused to ask {url}")]
    Address {
        /// The address.
        url: String,
        /// Why.
        #[source]
        reason: Refused,
    },
    /// The host's name leads nowhere.
    #[error("could not look up the host of {url}")]
    Dns {
        /// The address asked.
        url: String,
        /// Why.
        #[source]
        cause: Cause,
    },
    /// No connection.
    #[error("could not connect to {url}")]
    Connect {
        /// The address asked.
        url: String,
        /// Why.
        #[source]
        cause: reqwest::Error,
    },
    /// No trust, or no common version of TLS.
    #[error("could not agree on TLS with {url}")]
    Tls {
        /// The address asked.
        url: String,
        /// Why.
        #[source]
        cause: reqwest::Error,
    },
    /// A time limit was reached.
    #[error("gave up on {url}: {missing} within {limit:?}")]
    Timeout {
        /// The address asked.
        url: String,
        /// What did not come in time.
        missing: &'static str,
        /// The limit.
        limit: Duration,
    },
    /// The answer broke HTTP, or broke off before its body.
    #[error("could not read an answer from {url}")]
    Protocol {
        /// The address asked.
        url: String,
        /// Why.
        #[source]
        cause: reqwest::Error,
    },
    /// The body was cut short or can't be decoded.
    #[error("could not read the body of {url}")]
    Body {
        /// The address asked.
        url: String,
        /// Why.
        #[source]
        cause: reqwest::Error,
    },
    /// The body is encoded in a way that we don't decode, or twice.
    #[error("could not read the body of {url}: it is encoded as `{encoding}`")]
    Encoding {
        /// The address asked.
        url: String,
        /// The Content-Encoding that was left.
        encoding: String,
    },
    /// The decoded body is larger than the limit.
    #[error("gave up on {url}: its body is larger than {limit} bytes")]
    TooLarge {
        /// The address asked.
        url: String,
        /// The limit.
        limit: usize,
    },
    /// A status that says no.
    #[error("{url} answered with status {status}{}", policy::meaning(*status))]
    Status {
        /// The address asked.
        url: String,
        /// The status.
        status: u16,
    },
    /// The site's protection answered, with whatever status.
    #[error("{url} answered with status {status} and a challenge of {vendor} instead of the page")]
    Challenge {
        /// The address asked.
        url: String,
        /// The status.
        status: u16,
        /// Whose protection it is.
        vendor: &'static str,
    },
    /// A status that makes no sense as an answer to what was asked.
    #[error("{url} answered with status {status}, which nothing asked for")]
    Unasked {
        /// The address asked.
        url: String,
        /// The status.
        status: u16,
    },
    /// A redirect without a target, or with one that can't be read.
    #[error("{url} redirects to nowhere")]
    Redirect {
        /// The address asked.
        url: String,
    },
}

impl FetchError {
    pub(super) fn setup(what: impl Into<String>, cause: impl Into<Cause>) -> Self {
        let (what, cause) = (what.into(), cause.into());
        Self::Setup { what, cause }
    }

    pub(super) fn dns(url: &Url, cause: LookupError) -> Self {
        let cause = Box::new(cause);
        Self::Dns {
            url: url.to_string(),
            cause,
        }
    }

    /// Tells apart what may happen up to the head of an answer.
    pub(super) fn before_head(request: &Request, limit: Duration, cause: reqwest::Error) -> Self {
        let url = request.url.to_string();
        let cause = cause.without_url(); // our sentence names it
        if let Some(reason) = chain(&cause).find_map(|e| e.downcast_ref::<Refused>()) {
            let reason = reason.clone();
            return Self::Address { url, reason };
        }
        if cause.is_timeout() {
            let missing = "no connection";
            return Self::Timeout {
                url,
                missing,
                limit,
            };
        }
        if cause.is_dns() {
            let cause = Box::new(cause);
            return Self::Dns { url, cause };
        }
        if chain(&cause).any(is_tls) {
            return Self::Tls { url, cause };
        }
        if cause.is_connect() {
            return Self::Connect { url, cause };
        }
        Self::Protocol { url, cause }
    }

    pub(super) fn in_body(url: &CanonicalUrl, cause: reqwest::Error) -> Self {
        let url = url.to_string();
        let cause = cause.without_url();
        Self::Body { url, cause }
    }

    /// The word that failures are counted by.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Setup { .. } | Self::Header { .. } => ErrorClass::Internal,
            Self::Address { .. } => ErrorClass::Address,
            Self::Dns { .. } => ErrorClass::Dns,
            Self::Connect { .. } => ErrorClass::Connect,
            Self::Tls { .. } => ErrorClass::Tls,
            Self::Timeout { .. } => ErrorClass::Timeout,
            Self::Protocol { .. } | Self::Unasked { .. } => ErrorClass::Protocol,
            Self::Body { .. } | Self::Encoding { .. } => ErrorClass::Body,
            Self::TooLarge { .. } => ErrorClass::TooLarge,
            Self::Status { .. } => ErrorClass::Status,
            Self::Challenge { .. } => ErrorClass::Challenge,
            Self::Redirect { .. } => ErrorClass::Redirect,
        }
    }

    /// Whether a later try may succeed. Certificates are renewed and names come back, often within
    /// hours of breaking; addresses, sizes and redirects are as their owner wants them.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Dns { .. }
            | Self::Connect { .. }
            | Self::Tls { .. }
            | Self::Timeout { .. }
            | Self::Protocol { .. }
            | Self::Body { .. }
            | Self::Challenge { .. } => true,
            Self::Status { status, .. } => policy::may_pass(*status),
            Self::Setup { .. }
            | Self::Header { .. }
            | Self::Address { .. }
            | Self::Encoding { .. }
            | Self::TooLarge { .. }
            | Self::Unasked { .. }
            | Self::Redirect { .. } => false,
        }
    }

    /// The message with its first cause, as `news.fetches` shows it.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut text = self.to_string();
        if let Some(cause) = self.source().and_then(|first| chain(first).last()) {
            text = format!("{text}: {cause}");
        }
        text.chars().take(MAX_SENTENCE_CHARS).collect()
    }
}

/// An error and its causes.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| cause_of(*error))
}

/// An I/O error that wraps another has that one for its cause; its `source` passes it over.
fn cause_of<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

fn is_tls(error: &(dyn Error + 'static)) -> bool {
    error.is::<rustls::Error>()
}
