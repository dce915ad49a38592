//! Which addresses may be reached: a table of networks that no page may send us to, and the
//! exceptions of `[fetch] allow_networks`. The standard library has no stable `is_global`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// What an address is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Anybody's.
    Public,
    /// Inside `allow_networks`.
    Allowed,
    /// Neither; the name of the network it lies in.
    Refused(&'static str),
}

/// The table, with the exceptions.
#[derive(Debug, Clone)]
pub(super) struct Networks {
    allow: Vec<IpNet>,
}

const fn v4(a: u8, b: u8, c: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, 0), length)
}

const fn v6(a: u16, b: u16, c: u16, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), length)
}

/// The IANA registry of special-purpose IPv4 addresses, with multicast and what lies behind it.
const REFUSED_V4: &[(Ipv4Net, &str)] = &[
    (v4(0, 0, 0, 8), "\"this network\""),
    (v4(10, 0, 0, 8), "private use"),
    (v4(100, 64, 0, 10), "carrier-grade NAT"),
    (v4(127, 0, 0, 8), "loopback"),
    (v4(169, 254, 0, 16), "link-local"),
    (v4(172, 16, 0, 12), "private use"),
    (v4(192, 0, 0, 24), "protocol assignments"),
    (v4(192, 0, 2, 24), "documentation"),
    (v4(192, 88, 99, 24), "6to4 relays"),
    (v4(192, 168, 0, 16), "private use"),
    (v4(198, 18, 0, 15), "benchmarks"),
    (v4(198, 51, 100, 24), "documentation"),
    (v4(203, 0, 113, 24), "documentation"),
    (v4(224, 0, 0, 3), "multicast and reserved"),
];

/// The only IPv6 addresses given out so far (RFC 4291 section 2.4): loopback, unique local,
/// link-local, multicast and IPv4-compatible addresses lie outside.
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 0, 3);

const REFUSED_V6: &[(Ipv6Net, &str)] = &[
    (v6(0x2001, 0, 0, 23), "Teredo and protocol assignments"),
    (v6(0x2001, 0xdb8, 0, 32), "documentation"),
    (v6(0x3fff, 0, 0, 20), "documentation"),
];

const NAT64: Ipv6Net = v6(0x64, 0xff9b, 0, 96);
const SIX_TO_FOUR: Ipv6Net = v6(0x2002, 0, 0, 16);

impl Networks {
    pub(super) fn new(allow: Vec<IpNet>) -> Self {
        Self { allow }
    }

    /// What `ip` is, judged by the IPv4 address inside where it has one.
    pub(super) fn judge(&self, ip: IpAddr) -> Reach {
        let inner = embedded(ip);
        let is_allowed = |ip: &IpAddr| self.allow.iter().any(|net| net.contains(ip));
        if is_allowed(&ip) || is_allowed(&inner) {
            return Reach::Allowed;
        }
        match refused(inner) {
            Some(network) => Reach::Refused(network),
            None => Reach::Public,
        }
    }
}

fn refused(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => find(REFUSED_V4, |net| net.contains(&ip)),
        IpAddr::V6(ip) if GLOBAL_V6.contains(&ip) => find(REFUSED_V6, |net| net.contains(&ip)),
        IpAddr::V6(_) => Some("not global"),
    }
}

fn find<N>(table: &[(N, &'static str)], is_in: impl Fn(&N) -> bool) -> Option<&'static str> {
    table
        .iter()
        .find(|(net, _)| is_in(net))
        .map(|(_, name)| *name)
}

/// The IPv4 address that a mapped, NAT64 or 6to4 address leads to; any other address itself.
fn embedded(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = ip else {
        return ip;
    };
    if let Some(mapped) = v6.to_ipv4_mapped() {
        return mapped.into();
    }
    let [_, _, a, b, c, d, .., e, f, g, h] = v6.octets();
    if NAT64.contains(&v6) {
        Ipv4Addr::new(e, f, g, h).into()
    } else if SIX_TO_FOUR.contains(&v6) {
        Ipv4Addr::new(a, b, c, d).into()
    } else {
        ip
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(ip: &str) -> Reach {
        Networks::new(Vec::new()).judge(ip.parse().unwrap())
    }

    #[test]
    fn first_and_last_address_of_each_refused_network_are_refused() {
        for (net, name) in REFUSED_V4 {
            for ip in [net.network(), net.broadcast()] {
                assert_eq!(judge(&ip.to_string()), Reach::Refused(name), "{ip}");
            }
        }
        for (net, name) in REFUSED_V6 {
            for ip in [net.network(), net.broadcast()] {
                assert_eq!(judge(&ip.to_string()), Reach::Refused(name), "{ip}");
            }
        }
    }

    #[test]
    fn each_kind_of_address_that_is_nobodys_business_is_refused() {
        for ip in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.251",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:7f00:1",
            "::ffff:a9fe:a9fe",
            "::ffff:0:7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(matches!(judge(ip), Reach::Refused(_)), "{ip}");
        }
    }

    #[test]
    fn public_addresses_are_public_also_inside_ipv6() {
        for ip in [
            "1.1.1.1",
            "11.0.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "126.255.255.255",
            "172.15.255.255",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.255.255",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1",
            "2a00:1450::1",
            "2001:200::1",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2002:101:101::1",
        ] {
            assert_eq!(judge(ip), Reach::Public, "{ip}");
        }
    }

    #[test]
    fn allowed_networks_are_exceptions_in_each_spelling_of_an_address() {
        let allow = ["127.0.0.0/8", "fd00::/8"].map(|net| net.parse().unwrap());
        let networks = Networks::new(allow.into());
        for (ip, is_allowed) in [
            ("127.0.0.1", true),
            ("::ffff:127.0.0.1", true),
            ("fd00::1", true),
            ("::1", false),
            ("10.0.0.1", false),
        ] {
            let reach = networks.judge(ip.parse().unwrap());
            assert_eq!(reach == Reach::Allowed, is_allowed, "{ip}");
        }
        let reach = networks.judge("1.1.1.1".parse().unwrap());
        assert_eq!(reach, Reach::Public);
    }
}
