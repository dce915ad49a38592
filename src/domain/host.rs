//! The unit of politeness, and which hosts belong together.

use std::fmt;

use super::CanonicalUrl;

/// What politeness counts as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// Each host name by itself.
    #[default]
    Host,
    /// All hosts under one registrable domain together.
    Domain,
    /// All hosts at one server address together. The unit of a job stays its host name, since what
    /// a name leads to changes; at the address each request takes a turn of its own.
    Address,
}

/// What the last answers of a host let us expect of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Failures of the host, forgiven one by one; above zero a single request goes first.
    pub failures: u16,
    /// Answers in a row that may speak of the host or of their page only.
    pub doubts: u16,
}

/// The unit of politeness: lower case, without a port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostKey(String);

impl HostKey {
    /// The unit that `url` belongs to under `scope`.
    #[must_use]
    pub fn of(url: &CanonicalUrl, scope: Scope) -> Self {
        let host = url.host();
        Self(match scope {
            Scope::Host | Scope::Address => host.to_owned(),
            Scope::Domain => registrable_domain(host).to_owned(),
        })
    }

    /// A key read back from the store.
    #[must_use]
    pub fn stored(key: String) -> Self {
        Self(key)
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The registrable domain of a host name (Public Suffix List); addresses and names without a
/// public suffix are their own.
#[must_use]
pub fn registrable_domain(host: &str) -> &str {
    let is_address = host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
    if is_address {
        return host;
    }
    psl::domain_str(host).unwrap_or(host)
}

/// Whether `host` is `domain` or one of its subdomains.
#[must_use]
pub fn is_within(host: &str, domain: &str) -> bool {
    host == domain
        || host
            .strip_suffix(domain)
            .is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registrable_domain_knows_second_level_suffixes_and_leaves_addresses_alone() {
        for (host, domain) in [
            ("www.etoday.co.kr", "etoday.co.kr"),
            ("news.example.com", "example.com"),
            ("127.0.0.1", "127.0.0.1"),
            ("[::1]", "[::1]"),
            ("localhost", "localhost"),
            ("www.saesol-economy.example", "saesol-economy.example"),
        ] {
            assert_eq!(registrable_domain(host), domain);
        }
    }

    #[test]
    fn subdomains_are_within_and_lookalikes_are_not() {
        assert!(is_within("m.etoday.co.kr", "etoday.co.kr"));
        assert!(!is_within("notetoday.co.kr", "etoday.co.kr"));
    }
}
