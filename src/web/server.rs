//! The listener and its three pages.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::websub::{self, Delivery, Hubs};
use super::{Counters, metrics};
use crate::store::{Backlog, Store};

/// Counting the jobs reads all of them: it is done once in this time, however often one asks.
const BACKLOG_LIFE: Duration = Duration::from_secs(10);

/// What was found about readiness holds for this time, however often one asks.
const REASONS_LIFE: Duration = Duration::from_secs(1);

/// How long counting the jobs may take.
const BACKLOG_LIMIT: Duration = Duration::from_secs(3);

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// The address can't be listened on.
    #[error(
        "could not listen on {address} for health and metrics; is another Sokbo running? Set \
         `[http] listen` to another address, to port 0 for any free one, or to \"\" for none"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
}

/// What the pages tell of; handed over by the daemon.
pub struct Sight {
    /// The store, once it is open.
    pub store: Box<dyn Fn() -> Option<Store> + Send + Sync>,
    /// Why this node does not do its work now, each in a line; the database itself is asked by us.
    pub hindrances: Box<dyn Fn() -> Vec<String> + Send + Sync>,
    /// What was done so far.
    pub counters: Box<dyn Fn() -> Counters + Send + Sync>,
    /// Where the pushes of feeds go, and the store that knows them; `None`: nobody pushes to us.
    pub pushes: Option<Pushes>,
}

/// Where what hubs push goes.
pub struct Pushes {
    /// The store, once it is open.
    pub store: Box<dyn Fn() -> Option<Store> + Send + Sync>,
    /// Takes what is signed as it must be.
    pub sender: mpsc::Sender<Delivery>,
}

/// A listener that does not serve yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

pub(super) struct Pages {
    pub(super) hubs: Option<Hubs>,
    sight: Sight,
    found: Mutex<Option<(Instant, Vec<String>)>>,
    backlog: Mutex<Option<(Instant, Backlog)>>,
}

impl Server {
    /// Takes the address.
    ///
    /// # Errors
    /// When it can't be had.
    pub async fn bind(address: SocketAddr) -> Result<Self, WebError> {
        let refused = |source| WebError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        Ok(Self { listener, address })
    }

    /// The address, with the port that was found where 0 was asked for.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until stopped; requests in flight are dropped then.
    pub async fn serve(self, mut sight: Sight, stop: CancellationToken) {
        let hubs = sight.pushes.take();
        let pages = Arc::new(Pages {
            hubs: hubs.map(|pushes| Hubs::new(pushes.store, pushes.sender)),
            sight,
            found: Mutex::default(),
            backlog: Mutex::default(),
        });
        let app = Router::new()
            .route("/healthz", get(healthz))
            .route("/readyz", get(readyz))
            .route("/metrics", get(counters))
            .route("/websub/{token}", get(websub::verify).post(websub::push))
            .with_state(pages);
        let serving = axum::serve(self.listener, app);
        tokio::select! {
            ended = serving => {
                if let Err(error) = ended {
                    tracing::error!(%error, "health and metrics are no longer served");
                }
            }
            () = stop.cancelled() => {}
        }
    }
}

/// The process answers.
async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether the node does its work; else why not.
async fn readyz(State(pages): State<Arc<Pages>>) -> impl IntoResponse {
    let reasons = pages.reasons().await;
    if reasons.is_empty() {
        return (StatusCode::OK, "ready\n".to_owned());
    }
    (StatusCode::SERVICE_UNAVAILABLE, reasons.join("\n") + "\n")
}

async fn counters(State(pages): State<Arc<Pages>>) -> impl IntoResponse {
    let is_ready = pages.reasons().await.is_empty();
    let is_up = is_ready || pages.is_database_up().await;
    let backlog = if is_up { pages.backlog().await } else { None };
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    let page = metrics::page(
        &(pages.sight.counters)(),
        (is_ready, is_up),
        backlog.as_ref(),
    );
    ([(header::CONTENT_TYPE, kind)], page)
}

impl Pages {
    /// Why the node is not ready, each reason in a line of its own.
    async fn reasons(&self) -> Vec<String> {
        // Held over the look: those who ask at once share one connection to the database.
        let mut found = self.found.lock().await;
        if let Some((at, reasons)) = &*found
            && at.elapsed() < REASONS_LIFE
        {
            return reasons.clone();
        }
        let mut reasons = (self.sight.hindrances)();
        if let Some(store) = (self.sight.store)()
            && let Err(error) = store.check().await
        {
            let reason = error.told();
            if !reasons.iter().any(|known| known.contains(&reason)) {
                reasons.push(reason);
            }
        }
        let reasons: Vec<String> = reasons.iter().map(|reason| one_line(reason)).collect();
        *found = Some((Instant::now(), reasons.clone()));
        reasons
    }

    /// Whether the database answers, whatever else stands in the way.
    async fn is_database_up(&self) -> bool {
        match (self.sight.store)() {
            Some(store) => store.check().await.is_ok(),
            None => false,
        }
    }

    /// The frontier in numbers, if the database answers.
    async fn backlog(&self) -> Option<Backlog> {
        let store = (self.sight.store)()?;
        let mut known = self.backlog.lock().await;
        if let Some((at, backlog)) = *known
            && at.elapsed() < BACKLOG_LIFE
        {
            return Some(backlog);
        }
        let backlog = timeout(BACKLOG_LIMIT, store.backlog(Duration::ZERO, None));
        let backlog = backlog.await.ok()?.ok()?;
        *known = Some((Instant::now(), backlog));
        Some(backlog)
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
