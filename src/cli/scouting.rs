//! What `discover` and `try` share: a scout made from the configuration, with its progress shown.

use std::io::IsTerminal;
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};

use crate::config::Config;
use crate::crawl::scout::{Bounds, Scout, Told};
use crate::domain::SystemClock;

use super::Failure;

/// Requests of one look at a site, those for robots.txt and along redirects included.
pub(super) const MAX_REQUESTS: usize = 30;

/// A scout with `max_requests`, and the line that shows what it asks; wiped when dropped.
pub(super) fn scout(config: &Config, max_requests: usize) -> Result<(Scout, Shown), Failure> {
    let bounds = Bounds {
        max_requests,
        may_ask_public: config.contact.is_some(),
    };
    let (told, shown) = shown(max_requests);
    let clock = Arc::new(SystemClock);
    let settings = (config.crawler.clone(), config.fetch.clone());
    let scout = Scout::new(settings.0, settings.1, clock, bounds, told);
    Ok((scout.map_err(Failure::failed)?, shown))
}

/// The line on the terminal.
pub(super) struct Shown(Option<ProgressBar>);

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// A line that moves on a terminal, a line a request elsewhere.
fn shown(most: usize) -> (Told, Shown) {
    if !std::io::stderr().is_terminal() {
        let told = move |number: usize, url: &str| {
            eprintln!("sokbo: request {number} of at most {most}: {url}")
        };
        return (Box::new(told), Shown(None));
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed_precise}  {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(std::time::Duration::from_millis(100));
    let moved = bar.clone();
    let told = move |number: usize, url: &str| {
        moved.set_message(format!("request {number} of at most {most}: {url}"));
    };
    (Box::new(told), Shown(Some(bar)))
}
