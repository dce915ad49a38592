//! A single page from the network, as politely and safely as the crawl itself fetches: robots.txt
//! asked first, private addresses refused, everything bounded.

use std::sync::Arc;

use crate::cli::Failure;
use crate::config::Config;
use crate::crawl::ask_robots;
use crate::domain::{CanonicalUrl, Exchange, Identity, SystemClock};
use crate::fetch::{Accept, Fetched, Fetcher, Request};

use super::page::Page;

/// Fetches `address`, following redirects.
pub(super) fn get(address: &str, config: &Config) -> Result<Page, Failure> {
    let url = CanonicalUrl::parse(address, Identity::AllButTracking).map_err(Failure::wrong)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime
        .map_err(Failure::failed)?
        .block_on(follow(url, config))
}

async fn follow(mut url: CanonicalUrl, config: &Config) -> Result<Page, Failure> {
    let clock = Arc::new(SystemClock);
    let fetcher = Fetcher::new(config.fetch.clone(), clock).map_err(Failure::failed)?;
    let token = config.fetch.user_agent.token();
    for _ in 0..=config.fetch.max_redirects {
        let mut exchanges = Vec::new();
        let turn = || std::future::ready(Ok::<(), Failure>(()));
        let answer = ask_robots(&fetcher, &url, &mut exchanges, turn).await?;
        let path = url.as_url()[url::Position::BeforePath..].to_owned();
        let verdict = answer.rules(token).verdict(&path);
        if !verdict.is_allowed {
            let why = exchanges.last().and_then(Exchange::failure);
            let why = why.filter(|_| verdict.rule.is_none());
            let rule = verdict.reason().unwrap_or_default();
            let why = why.map_or_else(
                || format!("robots.txt forbids {url}: {rule}"),
                str::to_owned,
            );
            return Err(Failure::failed(anyhow::anyhow!("{why}")));
        }
        let request = Request::new(url.clone(), Accept::Html);
        match fetcher
            .get(&request)
            .await
            .map_err(|failed| Failure::failed(failed.error))?
        {
            Fetched::Page(page) => {
                return Ok(Page {
                    url: Some(page.url.as_url().clone()),
                    content_type: page.content_type,
                    bytes: page.body,
                });
            }
            Fetched::Moved { to, .. } => {
                url = CanonicalUrl::from_url(to, Identity::AllButTracking)
                    .map_err(Failure::failed)?;
            }
            Fetched::Gone { .. } | Fetched::NotModified { .. } => {
                return Err(Failure::failed(anyhow::anyhow!("{url} does not exist")));
            }
        }
    }
    let limit = config.fetch.max_redirects;
    Err(Failure::failed(anyhow::anyhow!(
        "{url} was reached after {limit} redirects; giving up"
    )))
}
