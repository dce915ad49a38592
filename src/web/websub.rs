//! What hubs ask and push, at an address that only they were told: their question whether we asked
//! is answered by what the store says, and a push is handed on when its signature is right.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::timeout;
use url::form_urlencoded;

use super::server::Pages;
use super::signature;
use crate::domain::Push;
use crate::store::{Claim, Intent, Store, StoreError, Subscription};

/// A push has what is new in a feed; feeds as a whole have some 100 KiB.
const MAX_PUSH_BYTES: usize = 4 << 20;

/// Pushes that are read at once: more than that would be held in memory.
const MAX_AT_ONCE: usize = 8;

/// How long a push may take to come.
const READ_LIMIT: Duration = Duration::from_secs(20);

/// What hubs say is not repeated to them, nor kept, beyond this.
const MAX_CHALLENGE_BYTES: usize = 1_000;
const MAX_REASON_CHARS: usize = 300;

/// Digits of a token.
const TOKEN_DIGITS: usize = 64;

/// How long reading a push and storing its links may take before its hub is to come again.
const STORE_LIMIT: Duration = Duration::from_secs(20);

/// A push on its way to whoever reads it. Its hub hears that it was taken when `stored` says so.
#[derive(Debug)]
pub struct Delivery {
    /// What was pushed.
    pub push: Push,
    /// To be sent once the links of the push are in the frontier; dropped where they can't be.
    pub stored: oneshot::Sender<()>,
}

/// Where pushes are taken.
pub(super) struct Hubs {
    store: Box<dyn Fn() -> Option<Store> + Send + Sync>,
    pushes: mpsc::Sender<Delivery>,
    at_once: Semaphore,
}

impl Hubs {
    pub(super) fn new(
        store: Box<dyn Fn() -> Option<Store> + Send + Sync>,
        pushes: mpsc::Sender<Delivery>,
    ) -> Self {
        Self {
            store,
            pushes,
            at_once: Semaphore::new(MAX_AT_ONCE),
        }
    }
}

/// Why a request is not answered well; hubs come again where the status lets them.
pub(super) enum Refusal {
    /// Nobody was told this address, or nothing is pushed to it any more.
    Unknown,
    /// The request is malformed.
    Malformed,
    /// The push is too large.
    TooLarge,
    /// Not now.
    Busy,
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::debug!(%error, "a hub is to come again: {error}");
        Self::Busy
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            // WebSub section 7: 410 ends the subscription at the hub.
            Self::Unknown => StatusCode::GONE,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
        .into_response()
    }
}

/// What a hub asks: whether we want what we are said to want (WebSub section 5.3).
struct Question {
    mode: String,
    topic: String,
    challenge: Option<String>,
    lease: Option<Duration>,
    reason: Option<String>,
}

impl Question {
    fn read(query: &str) -> Option<Self> {
        let find = |wanted: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value.into_owned())
        };
        let lease = find("hub.lease_seconds").and_then(|seconds| seconds.parse().ok());
        Some(Self {
            mode: find("hub.mode")?,
            topic: find("hub.topic")?,
            challenge: find("hub.challenge").filter(|text| text.len() <= MAX_CHALLENGE_BYTES),
            lease: lease.map(Duration::from_secs),
            reason: find("hub.reason"),
        })
    }
}

/// Answers a hub's question.
pub(super) async fn verify(
    State(pages): State<Arc<Pages>>,
    Path(token): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let (_, store) = open(&pages.hubs, &token)?;
    let question = Question::read(uri.query().unwrap_or_default()).ok_or(Refusal::Malformed)?;
    let intent = match question.mode.as_str() {
        "subscribe" => Intent::Subscribe,
        "unsubscribe" => Intent::Unsubscribe,
        "denied" => {
            let reason = question.reason.as_deref().unwrap_or("it gives no reason");
            let reason: String = reason.chars().take(MAX_REASON_CHARS).collect();
            let told = format!("the hub denied it: {reason}");
            let denied = store.deny_subscription(&token, &question.topic, &told);
            return believed(denied.await?).map(|()| StatusCode::OK.into_response());
        }
        _ => return Err(Refusal::Malformed),
    };
    let challenge = question.challenge.ok_or(Refusal::Malformed)?;
    let asked = (intent, question.topic.as_str());
    believed(
        store
            .verify_subscription(&token, asked, question.lease)
            .await?,
    )?;
    // Echoed as text: whoever lured a browser here gets no page out of it.
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, challenge).into_response())
}

/// Takes a push. One whose signature is not right is acknowledged too, and ignored: WebSub section
/// 8 has it so, since the status would help whoever tries signatures.
pub(super) async fn push(
    State(pages): State<Arc<Pages>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Refusal> {
    let (hubs, store) = open(&pages.hubs, &token)?;
    let _one_of_few = hubs.at_once.try_acquire().map_err(|_full| Refusal::Busy)?;
    let subscription = store.subscription(&token).await?.ok_or(Refusal::Unknown)?;
    let body = timeout(READ_LIMIT, to_bytes(body, MAX_PUSH_BYTES)).await;
    let body = body.map_err(|_late| Refusal::Busy)?;
    let body = body.map_err(|_too_large| Refusal::TooLarge)?.to_vec();
    let text = |name: &str| Some(headers.get(name)?.to_str().ok()?.to_owned());
    let signed = signature::check(
        &subscription.secret,
        text("x-hub-signature").as_deref(),
        &body,
    );
    if let Err(reason) = signed {
        let url = subscription.url.as_str();
        tracing::warn!(url, "a push for {url} is ignored: {reason}");
        store.count_push(subscription.section, Some(reason)).await?;
        return Ok(StatusCode::ACCEPTED);
    }
    let push = pushed(subscription, text("content-type"), body);
    // What is acknowledged is never lost: the hub waits until it is stored.
    let (stored, is_stored) = oneshot::channel();
    let delivery = Delivery { push, stored };
    let sent = hubs.pushes.try_send(delivery);
    sent.map_err(|_full| Refusal::Busy)?;
    let told = timeout(STORE_LIMIT, is_stored).await;
    told.map_err(|_late| Refusal::Busy)?
        .map_err(|_dropped| Refusal::Busy)?;
    Ok(StatusCode::ACCEPTED)
}

fn pushed(from: Subscription, content_type: Option<String>, body: Vec<u8>) -> Push {
    Push {
        section: from.section,
        source: from.source,
        url: from.url,
        content_type,
        body,
    }
}

/// The store, for an address that may be one of ours.
fn open<'a>(hubs: &'a Option<Hubs>, token: &str) -> Result<(&'a Hubs, Store), Refusal> {
    let is_token = token.len() == TOKEN_DIGITS
        && token
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let hubs = hubs.as_ref().filter(|_| is_token).ok_or(Refusal::Unknown)?;
    let store = (hubs.store)().ok_or(Refusal::Busy)?;
    Ok((hubs, store))
}

fn believed(told: Claim) -> Result<(), Refusal> {
    match told {
        Claim::Believed => Ok(()),
        // WebSub section 5.3.1: any status but 2xx says that we do not want it.
        Claim::Unasked => Err(Refusal::Unknown),
    }
}
