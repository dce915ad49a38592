//! A line on the terminal that shows how a crawl is getting on.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tokio::task::JoinHandle;

use crate::crawl::Progress;

/// Time between two looks at the counters.
const TICK: Duration = Duration::from_millis(100);

/// The line; it is wiped when dropped.
pub(super) struct Bar {
    bar: ProgressBar,
    follower: JoinHandle<()>,
}

impl Bar {
    /// Shows the counters of `progress` until dropped.
    pub(super) fn follow(progress: Progress) -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed_precise}  {msg}") {
            bar.set_style(style);
        }
        let shown = bar.clone();
        let follower = tokio::spawn(async move {
            let mut ticks = tokio::time::interval(TICK);
            loop {
                ticks.tick().await;
                let tally = progress.tally();
                shown.set_message(format!(
                    "{} listings, {} pages, {} new, {} revised, {} failed",
                    tally.listings, tally.pages, tally.new, tally.revised, tally.failed
                ));
                shown.tick();
            }
        });
        Self { bar, follower }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.follower.abort();
        self.bar.finish_and_clear();
    }
}
