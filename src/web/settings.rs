//! `[http]` of the configuration.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use url::Url;

/// Where this node is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The address that is listened on; unset: none.
    pub listen: Option<SocketAddr>,
    /// How the outside reaches this node, for feeds that push.
    pub public_url: Option<Url>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8650)),
            public_url: None,
        }
    }
}

impl Settings {
    /// Where to listen, unless it is the default: a short pass is looked at only where that was
    /// asked for, and the daemon beside it has the usual address.
    #[must_use]
    pub fn chosen(&self) -> Option<SocketAddr> {
        self.listen
            .filter(|_| self.listen != Self::default().listen)
    }
}
