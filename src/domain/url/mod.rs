//! The canonical URL: our normalised identity of a page (RFC 3986 section 6, without the rules that
//! guess). `rel=canonical` is only a hint and lives elsewhere.

use std::fmt;

use url::{Host, Url};

use crate::domain::Fingerprint;

/// Longer addresses are refused: no outlet needs them, traps do.
const MAX_URL_CHARS: usize = 2_000;

/// Query parameters that never make an address, by exact name.
const TRACKING: &[&str] = &[
    "fbclid",
    "fb_action_ids",
    "fb_action_types",
    "fb_source",
    "mibextid",
    "li_fat_id",
    "gclid",
    "dclid",
    "gbraid",
    "gclsrc",
    "gad_source",
    "gad_campaignid",
    "srsltid",
    "wbraid",
    "msclkid",
    "yclid",
    "twclid",
    "ttclid",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "mkt_tok",
    "vero_id",
    "oly_anon_id",
    "oly_enc_id",
    "rb_clickid",
    "s_cid",
    "cmpid",
    "ns_campaign",
    "ns_mchannel",
    "ns_source",
    "ns_linkname",
    "ocid",
    "ref_src",
    "ref_url",
    "trc",
    "cloc",
    "outlnkchk",
    "phpsessid",
    "jsessionid",
    "aspsessionid",
    "wt_mc",
    "wt_zmc",
    "at_medium",
    "at_campaign",
    "xtor",
    "spm",
    "smid",
    "smtyp",
];

/// Prefixes of query parameters that never make an address.
const TRACKING_PREFIXES: &[&str] = &["utm_", "hsa_", "pk_", "mtm_", "matomo_", "piwik_"];

/// An address in canonical form: http or https, lower-case ASCII host without a trailing dot or
/// default port, no user, no fragment, unreserved characters unescaped, tracking parameters gone,
/// the others sorted by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CanonicalUrl(Url);

/// Why a text is no address that we could visit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Not an absolute URL by the WHATWG rules.
    #[error("`{text}` is no absolute address: {reason}")]
    Malformed {
        /// What was given, cut to a readable length.
        text: String,
        /// What the URL parser said.
        reason: url::ParseError,
    },
    /// A scheme other than http and https.
    #[error("`{0}:` addresses are not crawled, only http and https")]
    Scheme(String),
    /// An address that carries a user or a password.
    #[error("the address carries a user name or password, which is never sent")]
    Credentials,
    /// Longer than any real page's address.
    #[error("the address is longer than {MAX_URL_CHARS} characters")]
    TooLong,
}

/// Which query parameters make an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Identity<'a> {
    /// All but those known to track readers.
    #[default]
    AllButTracking,
    /// Only those named by the source.
    Only(&'a [String]),
}

impl CanonicalUrl {
    /// Brings an absolute address into canonical form.
    ///
    /// # Errors
    /// When the text is no http(s) address, carries credentials or is too long.
    pub fn parse(text: &str, identity: Identity<'_>) -> Result<Self, UrlError> {
        let text = text.trim();
        if text.len() > MAX_URL_CHARS {
            return Err(UrlError::TooLong);
        }
        let url = Url::parse(text).map_err(|reason| UrlError::Malformed {
            text: text.chars().take(100).collect(),
            reason,
        })?;
        Self::from_url(url, identity)
    }

    /// Brings a link, perhaps a relative one, found on the page at `base` into canonical form.
    ///
    /// # Errors
    /// As [`CanonicalUrl::parse`].
    pub fn join(base: &Url, link: &str, identity: Identity<'_>) -> Result<Self, UrlError> {
        let link = link.trim();
        if link.len() > MAX_URL_CHARS {
            return Err(UrlError::TooLong);
        }
        let url = base.join(link).map_err(|reason| UrlError::Malformed {
            text: link.chars().take(100).collect(),
            reason,
        })?;
        Self::from_url(url, identity)
    }

    /// Brings a parsed address into canonical form.
    ///
    /// # Errors
    /// As [`CanonicalUrl::parse`].
    pub fn from_url(mut url: Url, identity: Identity<'_>) -> Result<Self, UrlError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(UrlError::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlError::Credentials);
        }
        url.set_fragment(None);
        drop_trailing_dot(&mut url)?;
        let path = normalize_escapes(strip_session(url.path()));
        url.set_path(&path);
        let query = url.query().map(|query| canonical_query(query, identity));
        url.set_query(query.as_deref().filter(|query| !query.is_empty()));
        if url.as_str().len() > MAX_URL_CHARS {
            return Err(UrlError::TooLong);
        }
        Ok(Self(url))
    }

    /// An address read back from the store, which is in canonical form already.
    ///
    /// # Errors
    /// When the text is no absolute address.
    pub fn stored(text: &str) -> Result<Self, UrlError> {
        let url = Url::parse(text).map_err(|reason| UrlError::Malformed {
            text: text.chars().take(100).collect(),
            reason,
        })?;
        Ok(Self(url))
    }

    /// The key under which the frontier and the articles know this address.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let text = self.0.as_str();
        let address = text.split_once("://").map_or(text, |(_, rest)| rest);
        Fingerprint::of(self.host(), address)
    }

    /// The host: a lower-case name, an IPv4 address, or an IPv6 address in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The address as a URL.
    #[must_use]
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Scheme, host and port, the unit that a robots.txt speaks for (RFC 9309 section 2.3).
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }
}

impl fmt::Display for CanonicalUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

fn drop_trailing_dot(url: &mut Url) -> Result<(), UrlError> {
    let Some(Host::Domain(host)) = url.host() else {
        return Ok(());
    };
    let bare = host.trim_end_matches('.').to_owned();
    if bare.len() == host.len() {
        return Ok(());
    }
    url.set_host(Some(&bare))
        .map_err(|reason| UrlError::Malformed { text: bare, reason })
}

/// Path parameters such as `;jsessionid=…` name a visitor, not a page.
fn strip_session(path: &str) -> &str {
    match path.to_ascii_lowercase().find(";jsessionid=") {
        Some(at) => path.get(..at).unwrap_or(path),
        None => path,
    }
}

// RFC 3986 section 6.2.2: upper-case the digits of an escape, unescape unreserved characters.
fn normalize_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let hex = escape
            .get(1..3)
            .filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(hex) = hex else {
            out.push('%');
            rest = escape.get(1..).unwrap_or_default();
            continue;
        };
        match u8::from_str_radix(hex, 16) {
            Ok(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                out.push(char::from(byte));
            }
            _ => {
                out.push('%');
                out.push_str(&hex.to_ascii_uppercase());
            }
        }
        rest = escape.get(3..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

fn canonical_query(query: &str, identity: Identity<'_>) -> String {
    fn name(pair: &str) -> &str {
        pair.split('=').next().unwrap_or_default()
    }
    let mut pairs: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(normalize_escapes)
        .filter(|pair| makes_address(name(pair), identity))
        .collect();
    pairs.sort_by(|a, b| name(a).cmp(name(b))); // stable: repeated names keep their order
    pairs.dedup();
    pairs.join("&")
}

fn makes_address(name: &str, identity: Identity<'_>) -> bool {
    match identity {
        Identity::Only(names) => names.iter().any(|known| known == name),
        Identity::AllButTracking => {
            let name = name.to_ascii_lowercase();
            !TRACKING.contains(&name.as_str())
                && !TRACKING_PREFIXES
                    .iter()
                    .any(|prefix| name.starts_with(prefix))
        }
    }
}

#[cfg(test)]
mod tests;
