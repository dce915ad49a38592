//! One import over an open store: the sources synchronised, the disk watched meanwhile.

use std::io::{Read, Seek};
use std::sync::Arc;

use anyhow::Context;
use chrono::TimeDelta;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::crawl::{ArchiveFile, ImportOptions, ImportProgress, Profile, Visitor, import_archive};
use crate::domain::{Clock, SourceName, SystemClock};
use crate::fetch::Fetcher;
use crate::store::Store;

use super::crawl::{existing, profiles};
use super::disk;

/// Imports the pages of a web archive, all of them into `source` where one is given; answers whether
/// it came to the end before `stop`.
///
/// # Errors
/// When the source is unknown, the file can't be read or the store fails for good.
pub async fn import<R: Read + Seek + Send + 'static>(
    config: &Config,
    store: &Store,
    (file, source): (ArchiveFile<R>, Option<&SourceName>),
    progress: ImportProgress,
    stop: CancellationToken,
) -> anyhow::Result<bool> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let now = clock.now();
    let fetcher = Fetcher::new(config.fetch.clone(), Arc::clone(&clock))
        .context("building the HTTP client")?;
    store.ensure_partitions(now).await?;
    let profiles = profiles(config, store).await??;
    let named = |profile: &&Arc<Profile>| source == Some(&profile.source.name);
    let options = ImportOptions {
        source: profiles.iter().find(named).cloned(),
        since: config.retention.articles.and_then(|kept| {
            let kept = TimeDelta::from_std(kept).ok()?;
            now.checked_sub_signed(kept)
        }),
        max_body: config.fetch.max_body,
    };
    let visitor = Visitor::new(
        config.crawler.clone(),
        config.archive.clone(),
        (fetcher, &config.fetch),
        store.clone(),
        profiles,
        clock,
    );
    let (pause, is_paused) = watch::channel(false);
    let side = stop.child_token();
    let (folder, min_free) = (existing(&config.data_dir), config.archive.min_free_disk);
    let watching = tokio::spawn(disk::watch(folder, min_free, pause, side.clone()));
    let outcome = import_archive(visitor, file, (options, progress), is_paused, stop).await;
    side.cancel();
    watching.await.context("watching the disk")?;
    Ok(outcome?)
}
