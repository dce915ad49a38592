//! A web site on loopback for one test: pages by host and path, over TLS with a CA of its own or
//! in the clear, every request counted.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::server::TlsStream;

/// What the site has and what it was asked.
#[derive(Default)]
struct Content {
    pages: Mutex<BTreeMap<String, Page>>,
    asked: Mutex<Vec<(Instant, String)>>,
    versions: Mutex<BTreeSet<String>>,
    conditions: Mutex<Vec<String>>,
    held: watch::Sender<BTreeSet<String>>,
}

#[derive(Clone)]
struct Page {
    status: u16,
    kind: String,
    body: Vec<u8>,
    headers: Vec<(&'static str, String)>,
}

/// A running site; it stops when dropped.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    /// The PEM of the CA that signed the site's certificate; empty without TLS.
    pub(crate) ca_pem: String,
    content: Arc<Content>,
    server: tokio::task::JoinHandle<()>,
}

impl Site {
    /// Serves `hosts` over TLS on a free port of 127.0.0.1.
    pub(crate) async fn secure(hosts: &[&str]) -> Self {
        let (acceptor, ca_pem) = certify(hosts);
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = tcp.local_addr().unwrap();
        let content = Arc::new(Content::default());
        let app = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&content));
        let server = tokio::spawn(async move {
            axum::serve(Secure { tcp, acceptor }, app).await.unwrap();
        });
        Self {
            address,
            ca_pem,
            content,
            server,
        }
    }

    /// Serves in the clear on a free port of 127.0.0.1.
    pub(crate) async fn plain() -> Self {
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = tcp.local_addr().unwrap();
        let content = Arc::new(Content::default());
        let app = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&content));
        let server = tokio::spawn(async move { axum::serve(tcp, app).await.unwrap() });
        Self {
            address,
            ca_pem: String::new(),
            content,
            server,
        }
    }

    /// Puts a page at "host/path?query".
    pub(crate) fn put(&self, at: &str, kind: &str, body: impl Into<Vec<u8>>) {
        let page = Page {
            status: 200,
            kind: kind.into(),
            body: body.into(),
            headers: Vec::new(),
        };
        self.content.pages.lock().unwrap().insert(at.into(), page);
    }

    /// Gives what was put at "host/path?query" an `ETag`; who names it is answered with 304.
    pub(crate) fn tag(&self, at: &str, etag: &str) {
        let mut pages = self.content.pages.lock().unwrap();
        let headers = &mut pages.get_mut(at).unwrap().headers;
        headers.retain(|(name, _)| *name != "etag");
        headers.push(("etag", etag.into()));
    }

    /// Answers "host/path?query" with a status and no body.
    pub(crate) fn refuse(&self, at: &str, status: u16) {
        let page = Page {
            status,
            kind: "text/plain".into(),
            body: Vec::new(),
            headers: Vec::new(),
        };
        self.content.pages.lock().unwrap().insert(at.into(), page);
    }

    /// Redirects "host/path?query".
    pub(crate) fn redirect(&self, at: &str, to: &str) {
        let page = Page {
            status: 301,
            kind: String::new(),
            body: Vec::new(),
            headers: vec![("location", to.into())],
        };
        self.content.pages.lock().unwrap().insert(at.into(), page);
    }

    /// Adds a header to what was put at "host/path?query".
    pub(crate) fn add_header(&self, at: &str, name: &'static str, value: &str) {
        let mut pages = self.content.pages.lock().unwrap();
        let page = pages.get_mut(at).unwrap();
        page.headers.push((name, value.to_owned()));
    }

    /// Every `If-None-Match` so far, as "host/path?query value".
    pub(crate) fn conditions(&self) -> Vec<String> {
        self.content.conditions.lock().unwrap().clone()
    }

    /// Lets requests for "host/path?query" wait for their answer until `release`.
    pub(crate) fn hold(&self, at: &str) {
        self.content.held.send_modify(|held| {
            held.insert(at.to_owned());
        });
    }

    /// Answers what was held, and what is asked from now on.
    pub(crate) fn release(&self, at: &str) {
        self.content.held.send_modify(|held| {
            held.remove(at);
        });
    }

    /// The versions of HTTP that were spoken.
    pub(crate) fn versions(&self) -> BTreeSet<String> {
        self.content.versions.lock().unwrap().clone()
    }

    /// Every request so far, as "host/path?query".
    pub(crate) fn asked(&self) -> Vec<String> {
        let asked = self.content.asked.lock().unwrap();
        asked.iter().map(|(_, at)| at.clone()).collect()
    }

    /// Waits for a request for "host/path?query".
    pub(crate) async fn wait_until_asked(&self, at: &str) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !self.asked().iter().any(|asked| asked == at) {
            assert!(Instant::now() < deadline, "{at} is not asked for");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The times between the starts of successive requests.
    pub(crate) fn gaps(&self) -> Vec<Duration> {
        let asked = self.content.asked.lock().unwrap();
        let pairs = asked.iter().zip(asked.iter().skip(1));
        pairs.map(|(a, b)| b.0.duration_since(a.0)).collect()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(content): State<Arc<Content>>, request: Request) -> Response {
    let version = format!("{:?}", request.version());
    content.versions.lock().unwrap().insert(version);
    // HTTP/2 has the host in the address, HTTP/1.1 in a header.
    let named = request
        .headers()
        .get(header::HOST)
        .and_then(|h| h.to_str().ok());
    let host = request.uri().host().or(named).unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let path = request.uri().path_and_query().map_or("/", |p| p.as_str());
    let at = format!("{host}{path}");
    content
        .asked
        .lock()
        .unwrap()
        .push((Instant::now(), at.clone()));
    let mut held = content.held.subscribe();
    held.wait_for(|held| !held.contains(&at)).await.unwrap();
    let page = content.pages.lock().unwrap().get(&at).cloned();
    let etag = page.as_ref().and_then(|page| {
        let etag = page.headers.iter().find(|(name, _)| *name == "etag");
        etag.map(|(_, value)| value.clone())
    });
    let asked_for = request.headers().get(header::IF_NONE_MATCH);
    let asked_for = asked_for.map(|value| value.to_str().unwrap().to_owned());
    if let Some(etag) = &asked_for {
        let seen = format!("{at} {etag}");
        content.conditions.lock().unwrap().push(seen);
    }
    if asked_for.is_some() && asked_for == etag {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let Some(page) = page else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let status = StatusCode::from_u16(page.status).unwrap();
    let mut response = (status, page.body).into_response();
    let headers = response.headers_mut();
    if !page.kind.is_empty() {
        headers.insert(header::CONTENT_TYPE, page.kind.parse().unwrap());
    }
    for (name, value) in page.headers {
        headers.append(name, value.parse().unwrap());
    }
    response
}

fn certify(hosts: &[&str]) -> (TlsAcceptor, String) {
    let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let key = rcgen::KeyPair::generate().unwrap();
    let ca = authority.self_signed(&key).unwrap();
    let issuer = rcgen::Issuer::new(authority, key);
    let names: Vec<String> = hosts.iter().map(ToString::to_string).collect();
    let leaf_key = rcgen::KeyPair::generate().unwrap();
    let leaf = rcgen::CertificateParams::new(names)
        .unwrap()
        .signed_by(&leaf_key, &issuer)
        .unwrap();
    let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], private)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    (TlsAcceptor::from(Arc::new(config)), ca.pem())
}

struct Secure {
    tcp: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for Secure {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (tcp, from) = self.tcp.accept().await.unwrap();
            if let Ok(tls) = self.acceptor.accept(tcp).await {
                return (tls, from);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.tcp.local_addr()
    }
}
