//! Addresses of every kind: of pages, hosts, networks, people and databases.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use secrecy::SecretString;
use url::Url;

use super::reader::Entry;
use super::value::{quoted, text};
use crate::domain::{CanonicalUrl, Identity};

/// What a proxy may speak.
pub(super) const PROXY_SCHEMES: &[&str] = &["http", "https", "socks5"];

/// An address that a listing or a front page may have.
pub(super) fn address(entry: &Entry<'_>) -> Result<CanonicalUrl, String> {
    let given = text(entry)?;
    CanonicalUrl::parse(given, Identity::AllButTracking)
        .map_err(|error| format!("{error}; write a full address: \"https://www.example.com/news\""))
}

/// An address of one of the given schemes.
pub(super) fn url_of(
    schemes: &'static [&'static str],
) -> impl Fn(&Entry<'_>) -> Result<Url, String> {
    move |entry| {
        let given = text(entry)?;
        let url = Url::parse(given).ok();
        let url = url.filter(|url| schemes.contains(&url.scheme()) && url.has_host());
        url.ok_or_else(|| {
            let schemes = schemes.join("://…, ");
            format!("this is no address that can be used here; write {schemes}://…")
        })
    }
}

/// A host name or address as URLs have it: lower case, ASCII, no port.
pub(super) fn host_name(given: &str) -> Result<String, String> {
    let refused = || {
        let given = quoted(given);
        format!("{given} is no host name; write \"www.example.com\", without scheme, port or path")
    };
    let has_more = given.contains(['/', '?', '#', '@', '\\']) || given.trim() != given;
    let url = Url::parse(&format!("http://{given}/"))
        .ok()
        .filter(|_| !has_more);
    let url = url.filter(|url| url.port().is_none() && !given.ends_with(":80"));
    let host = url.as_ref().and_then(Url::host_str).ok_or_else(refused)?;
    Ok(host.trim_end_matches('.').to_owned())
}

/// A network in CIDR notation; a bare address is a network of one.
pub(super) fn network(entry: &Entry<'_>) -> Result<IpNet, String> {
    let given = text(entry)?.trim();
    let bare = given.parse::<IpAddr>().map(IpNet::from);
    let network: IpNet = given
        .parse()
        .or(bare)
        .map_err(|_e: std::net::AddrParseError| {
            format!(
                "{} is no network; write \"127.0.0.0/8\" or \"10.1.0.0/16\"",
                quoted(given)
            )
        })?;
    // 10.0.0.0/8 (RFC 1918) and fc00::/7 (RFC 4193) are the largest private networks.
    let shortest = if network.addr().is_ipv4() { 8 } else { 7 };
    if network.prefix_len() < shortest {
        return Err(format!(
            "{} is wider than any private network; write one of /{shortest} or narrower",
            quoted(given)
        ));
    }
    Ok(network.trunc())
}

/// An address with a port, inside one of the networks.
pub(super) fn mirror(entry: &Entry<'_>, networks: &[IpNet]) -> Result<SocketAddr, String> {
    let given = text(entry)?.trim();
    let address: SocketAddr = given.parse().map_err(|_e: std::net::AddrParseError| {
        let given = quoted(given);
        format!("{given} is no address with a port; write \"127.0.0.1:8443\" or \"[::1]:8443\"")
    })?;
    if networks
        .iter()
        .any(|network| network.contains(&address.ip()))
    {
        return Ok(address);
    }
    let alone = IpNet::from(address.ip());
    Err(format!(
        "{} lies outside fetch.allow_networks; \
         add its network there: allow_networks = [\"{alone}\"]",
        address.ip()
    ))
}

/// How the operator can be reached: an e-mail address or a web page.
pub(super) fn contact(entry: &Entry<'_>) -> Result<String, String> {
    let given = text(entry)?.trim();
    let is_page = Url::parse(given).is_ok_and(|u| matches!(u.scheme(), "http" | "https"));
    let bare = given.strip_prefix("mailto:").unwrap_or(given);
    let is_mail = bare.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.contains('@') && host_name(host).is_ok()
    });
    let is_sendable = given.bytes().all(|b| b.is_ascii_graphic()) && !given.contains(['(', ')']);
    if (is_page || is_mail) && is_sendable {
        return Ok(given.to_owned());
    }
    Err(format!(
        "{} is neither an e-mail address nor a web page; \
         write \"ops@example.org\" or \"https://example.org/crawler\"",
        quoted(given)
    ))
}

/// Where the database is. The message never repeats the value, which holds a password.
pub(super) fn database_url(given: &str) -> Result<SecretString, String> {
    let url = Url::parse(given.trim());
    let is_postgres = url.is_ok_and(|url| matches!(url.scheme(), "postgres" | "postgresql"));
    if is_postgres {
        return Ok(SecretString::from(given.trim()));
    }
    Err(
        "this is no Postgres address; write \"postgresql://user:password@host:5432/database\""
            .to_owned(),
    )
}
