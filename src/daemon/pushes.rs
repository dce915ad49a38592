//! What hubs push is read while the daemon runs.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::crawl::Visitor;
use crate::web::Delivery;

use super::Vitals;

/// Reads what is pushed, one after the other, until stopped. The hub of a push that can't be stored is
/// not told that it was, and sends it again; the feed is visited all the same.
pub(super) async fn take(vitals: Vitals, visitor: Arc<Visitor>, stop: CancellationToken) {
    loop {
        let push = tokio::select! {
            push = vitals.next_push() => push,
            () = stop.cancelled() => return,
        };
        let Some(Delivery { push, stored }) = push else {
            return;
        };
        let url = push.url.as_str().to_owned();
        match visitor.take_push(push).await {
            Ok(links) => {
                tracing::info!(url, links, "pushed by the hub of {url}: {links} new links");
                // Fails where the hub has hung up: it sends the push again, and nothing is new.
                let _told = stored.send(());
            }
            Err(error) => tracing::warn!(url, %error, "a push for {url} is not stored: {error}"),
        }
    }
}
