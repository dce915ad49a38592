//! A single page from the network, as politely and safely as the crawl itself fetches: robots.txt
//! asked first, private addresses refused, everything bounded.

use std::sync::Arc;

use crate::cli::Failure;
use crate::config::Config;
use crate::crawl::scout::{Bounds, Scout};
use crate::domain::{CanonicalUrl, Identity, SystemClock};
use crate::fetch::Accept;

use super::page::Page;

/// A page, its redirects, and the robots.txt of each host on the way need no more.
const MAX_REQUESTS: usize = 30;

/// Fetches `address`, following redirects.
pub(super) fn get(address: &str, config: &Config) -> Result<Page, Failure> {
    let url = CanonicalUrl::parse(address, Identity::AllButTracking).map_err(Failure::wrong)?;
    let bounds = Bounds {
        max_requests: MAX_REQUESTS,
        may_ask_public: true,
    };
    let (crawler, fetch) = (config.crawler.clone(), config.fetch.clone());
    let scout = Scout::new(
        crawler,
        fetch,
        Arc::new(SystemClock),
        bounds,
        Box::new(|_, _| ()),
    );
    let scout = scout.map_err(Failure::failed)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(Failure::failed)?;
    let page = runtime
        .block_on(scout.get(&url, Accept::Html, None))
        .map_err(Failure::failed)?;
    Ok(Page {
        url: Some(page.url.as_url().clone()),
        content_type: page.content_type,
        bytes: page.body,
    })
}
