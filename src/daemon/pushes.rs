//! What hubs push is read while the daemon runs.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::crawl::Visitor;

use super::Vitals;

/// Reads what is pushed, one after the other, until stopped. A push that can't be stored is lost: the
/// feed is visited all the same.
pub(super) async fn take(vitals: Vitals, visitor: Arc<Visitor>, stop: CancellationToken) {
    loop {
        let push = tokio::select! {
            push = vitals.next_push() => push,
            () = stop.cancelled() => return,
        };
        let Some(push) = push else { return };
        let url = push.url.as_str().to_owned();
        match visitor.take_push(push).await {
            Ok(links) => {
                tracing::info!(url, links, "pushed by the hub of {url}: {links} new links")
            }
            Err(error) => tracing::warn!(url, %error, "a push for {url} is lost: {error}"),
        }
    }
}
