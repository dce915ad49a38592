//! The bundled news site of the demo: two made-up outlets on three host names, served on loopback.
//! One page is EUC-KR, one article has an AMP twin, one a mobile twin, one was withdrawn, and one is
//! edited between the two visits of the demo.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Host names that the site answers to.
pub(super) const HOSTS: [&str; 3] = [
    "www.saebyeok-deul.example",
    "m.saebyeok-deul.example",
    "www.tidewater-post.example",
];

const HTML: &str = "text/html";
const XML: &str = "application/xml";

macro_rules! page {
    ($host:literal, $path:expr, $kind:expr, $file:literal) => {
        (
            $host,
            $path,
            $kind,
            include_bytes!(concat!("site/", $file)).as_slice(),
        )
    };
}

/// Host, path, content type, bytes.
type Page = (&'static str, &'static str, &'static str, &'static [u8]);

const PAGES: [Page; 16] = [
    page!(
        "www.saebyeok-deul.example",
        "/robots.txt",
        "text/plain",
        "ko-robots.txt"
    ),
    page!(
        "www.saebyeok-deul.example",
        "/news/section/economy",
        HTML,
        "ko-section-economy.html"
    ),
    page!(
        "www.saebyeok-deul.example",
        "/news/section/society",
        HTML,
        "ko-section-society.html"
    ),
    page!(
        "www.saebyeok-deul.example",
        "/rss/all.xml",
        XML,
        "ko-feed.xml"
    ),
    page!(
        "www.saebyeok-deul.example",
        "/news/view/1001",
        HTML,
        "ko-1001.html"
    ),
    page!(
        "www.saebyeok-deul.example",
        "/news/view/1002",
        HTML,
        "ko-1002.html"
    ),
    page!(
        "m.saebyeok-deul.example",
        "/news/view/1002",
        HTML,
        "ko-1002.html"
    ),
    page!(
        "www.saebyeok-deul.example",
        "/news/view/1003",
        HTML,
        "ko-1003-euckr.html"
    ),
    page!(
        "www.saebyeok-deul.example",
        "/news/view/1004",
        HTML,
        "ko-1004.html"
    ),
    page!("www.tidewater-post.example", "/", HTML, "en-home.html"),
    page!(
        "www.tidewater-post.example",
        "/sitemap.xml",
        XML,
        "en-sitemap.xml"
    ),
    page!(
        "www.tidewater-post.example",
        "/2026/11/harbor-ferry-returns",
        HTML,
        "en-harbor-ferry-returns.html"
    ),
    page!(
        "www.tidewater-post.example",
        "/amp/2026/11/harbor-ferry-returns",
        HTML,
        "en-amp-harbor-ferry-returns.html"
    ),
    page!(
        "www.tidewater-post.example",
        "/2026/11/school-roof-solar-vote",
        HTML,
        "en-school-roof-solar-vote.html"
    ),
    page!(
        "www.tidewater-post.example",
        "/2026/11/library-late-fees-end",
        HTML,
        "en-library-late-fees-end.html"
    ),
    page!(
        "www.saebyeok-deul.example",
        EDITED_PATH,
        HTML,
        "ko-1001-edited.html"
    ),
];

/// The edited version is kept under a path that no page links to.
const EDITED_PATH: &str = "/edited/1001";

/// The running site; it stops when dropped.
pub(super) struct Site {
    address: SocketAddr,
    is_edited: Arc<AtomicBool>,
    server: JoinHandle<()>,
}

impl Site {
    /// Serves the site on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be opened.
    pub(super) async fn serve() -> std::io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let is_edited = Arc::new(AtomicBool::new(false));
        let app = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&is_edited));
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, app).await {
                tracing::error!(%error, "the demo's site stopped");
            }
        });
        Ok(Self {
            address,
            is_edited,
            server,
        })
    }

    /// Where the site listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Publishes the edited version of one article.
    pub(super) fn edit(&self) {
        self.is_edited.store(true, Ordering::Relaxed);
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(is_edited): State<Arc<AtomicBool>>, request: Request) -> Response {
    let host = header_text(request.headers(), header::HOST);
    let host = host.split(':').next().unwrap_or_default();
    let path = match request.uri().path() {
        "/news/view/1001" if is_edited.load(Ordering::Relaxed) => EDITED_PATH,
        path => path,
    };
    let page = PAGES
        .iter()
        .find(|(at, under, ..)| *at == host && *under == path);
    let Some((_, _, kind, body)) = page else {
        return (StatusCode::NOT_FOUND, "no such page").into_response();
    };
    let etag = format!("\"{:x}\"", xxhash_rust::xxh3::xxh3_64(body));
    if header_text(request.headers(), header::IF_NONE_MATCH) == etag {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
    }
    (
        [
            (header::CONTENT_TYPE, (*kind).to_owned()),
            (header::ETAG, etag),
        ],
        *body,
    )
        .into_response()
}

fn header_text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}
