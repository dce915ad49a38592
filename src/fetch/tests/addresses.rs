//! Which addresses are asked, by which name, and whom we trust to answer.

use super::*;
use std::collections::BTreeMap;
use std::net::SocketAddr;

fn mapped(name: &str, address: SocketAddr) -> Settings {
    let hosts = BTreeMap::from([(name.to_owned(), address)]);
    Settings {
        hosts,
        ..settings()
    }
}

#[tokio::test]
async fn private_hosts_are_refused_in_each_spelling() {
    let mut server = Server::start(ok("", b"secret"), Ending::Close).await;
    let port = server.address.port();
    let closed = fetcher(Settings {
        allow_networks: Vec::new(),
        ..settings()
    });
    for host in [
        "127.0.0.1",
        "0177.0.0.1",
        "2130706433",
        "0x7f.1",
        "0.0.0.0",
        "[::1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "169.254.169.254",
        "localhost",
        "localhost.",
    ] {
        for port in [80, port] {
            let url = format!("http://{host}:{port}/");
            let failed = failed(closed.get(&request(&url)).await, ErrorClass::Address);
            assert!(failed.to_string().contains("not public"), "{failed}");
            assert!(!failed.error.is_transient());
        }
    }
    assert_eq!(server.more_heads(), 0);
}

#[tokio::test]
async fn unusual_ports_are_open_inside_allowed_networks_only() {
    let refused = get(settings(), "http://93.184.215.14:6379/").await;
    let failed = failed(refused, ErrorClass::Address);
    assert!(
        failed.to_string().contains("ports other than 80"),
        "{failed}"
    );
    let server = Server::start(ok("", b"hello"), Ending::Close).await;
    assert_eq!(page(ask(&server).await).body, b"hello");
    let url = format!("http://localhost:{}/", server.address.port());
    assert_eq!(page(get(settings(), &url).await).body, b"hello");
}

#[tokio::test]
async fn name_that_leads_nowhere_is_a_dns_failure() {
    // RFC 6761 section 6.4: resolvers answer for `.invalid` themselves.
    let failed = failed(
        get(settings(), "http://nowhere.invalid/").await,
        ErrorClass::Dns,
    );
    assert!(failed.error.is_transient());
}

#[tokio::test]
async fn mapped_host_is_reached_whatever_port_the_address_states() {
    let mut server = Server::start(ok("", b"hello"), Ending::Close).await;
    let fetcher = fetcher(mapped("WWW.Paper.Example", server.address));
    for (url, host) in [
        ("http://www.paper.example/a", "host: www.paper.example\r\n"),
        (
            "http://www.paper.example:8080/a",
            "host: www.paper.example:8080\r\n",
        ),
        (
            "http://www.paper.example:22/a",
            "host: www.paper.example:22\r\n",
        ),
    ] {
        assert_eq!(page(fetcher.get(&request(url)).await).body, b"hello");
        let head = server.head().await.to_lowercase();
        assert!(head.contains(host) && head.starts_with("get /a "), "{head}");
    }
}

#[test]
fn mapped_host_outside_the_allowed_networks_is_refused_at_the_start() {
    let clock = Arc::new(ManualClock::at(chrono::DateTime::UNIX_EPOCH));
    let outside = mapped("a.example", "10.0.0.1:80".parse().unwrap());
    let error = Fetcher::new(outside, clock).map(drop).unwrap_err();
    assert!(
        error.sentence().contains("a.example"),
        "{}",
        error.sentence()
    );
}

#[tokio::test]
async fn public_is_judged_by_the_address_reached() {
    let fetcher = fetcher(mapped("www.paper.example", "127.0.0.1:1".parse().unwrap()));
    for (url, is_public) in [
        ("http://127.0.0.1:9/", false),
        ("http://www.paper.example/", false),
        ("http://localhost/", false),
        ("http://93.184.215.14/", true),
        ("http://10.0.0.1/", true),
    ] {
        let url = request(url).url;
        assert_eq!(fetcher.reaches_public(&url).await, is_public, "{url}");
    }
}

#[tokio::test]
async fn certificate_is_verified_for_the_name_asked() {
    let (pem, config) = authority("www.paper.example");
    let server = Server::start_tls(ok("", b"hello"), config).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pem).unwrap();
    let trusting = |name| Settings {
        extra_ca: Some(file.path().to_owned()),
        ..mapped(name, server.address)
    };

    for url in [
        "https://www.paper.example/",
        "https://www.paper.example:8443/",
    ] {
        let known = get(trusting("www.paper.example"), url).await;
        assert_eq!(page(known).body, b"hello");
    }
    let other = get(trusting("other.example"), "https://other.example/").await;
    failed(other, ErrorClass::Tls);
    let stranger = mapped("www.paper.example", server.address);
    let unknown = get(stranger, "https://www.paper.example/").await;
    let unknown = failed(unknown, ErrorClass::Tls);
    assert!(unknown.to_string().contains("UnknownIssuer"), "{unknown}");
}

#[test]
fn unreadable_certificates_are_refused_at_the_start() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let missing = file.path().with_extension("missing");
    for path in [file.path().to_owned(), missing] {
        let settings = Settings {
            extra_ca: Some(path),
            ..settings()
        };
        let clock = Arc::new(ManualClock::at(chrono::DateTime::UNIX_EPOCH));
        assert!(Fetcher::new(settings, clock).is_err());
    }
}

#[tokio::test]
async fn proxy_gets_the_requests_and_private_targets_stay_closed() {
    let mut proxy = Server::start(ok("", b"by proxy"), Ending::Close).await;
    let through = || Settings {
        proxy: Some(format!("http://{}/", proxy.address).parse().unwrap()),
        allow_networks: Vec::new(),
        ..settings()
    };
    let (public, private) = (
        get(through(), "http://93.184.215.14/").await,
        "http://10.0.0.1/",
    );
    assert_eq!(page(public).body, b"by proxy");
    failed(get(through(), private).await, ErrorClass::Address);
    failed(
        get(through(), "http://localhost/").await,
        ErrorClass::Address,
    );
    assert!(proxy.head().await.starts_with("GET http://93.184.215.14/ "));
    assert_eq!(proxy.more_heads(), 0);
}
