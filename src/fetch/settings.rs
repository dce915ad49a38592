//! `[fetch]` of the configuration, and what of `[crawler]` an outgoing request needs.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use crate::domain::{ByteSize, UserAgent};

/// How requests are made and bounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The User-Agent header.
    pub user_agent: UserAgent,
    /// From the start of a request to the last byte of its body.
    pub timeout: Duration,
    /// From the start of a request, connection included, to the head of its answer.
    pub first_byte_timeout: Duration,
    /// Largest decoded body; more is refused.
    pub max_body: ByteSize,
    /// Redirects followed in one visit.
    pub max_redirects: usize,
    /// An http, https or socks5 proxy for all requests.
    pub proxy: Option<Url>,
    /// PEM file with certificates trusted beside the built-in roots.
    pub extra_ca: Option<PathBuf>,
    /// Networks that may be reached although they are private.
    pub allow_networks: Vec<IpNet>,
    /// Host names answered here instead of by DNS; the port replaces the URL's.
    pub hosts: BTreeMap<String, SocketAddr>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            user_agent: UserAgent::with_contact(None),
            timeout: Duration::from_secs(30),
            first_byte_timeout: Duration::from_secs(15),
            max_body: ByteSize::mebibytes(8),
            max_redirects: 5,
            proxy: None,
            extra_ca: None,
            allow_networks: Vec::new(),
            hosts: BTreeMap::new(),
        }
    }
}
