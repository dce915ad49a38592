//! `sokbo add`: given addresses into the frontier.

use std::collections::BTreeMap;
use std::io::BufRead;

use clap::{Args as ClapArgs, ValueEnum};

use crate::config::Config;
use crate::crawl::host_key;
use crate::domain::{
    self, CanonicalUrl, Identity, JobKind, Source, SourceId, SourceName, UrlError,
};
use crate::store::{Access, NewJob, Store};

use super::Failure;
use super::terminal::print;

/// Addresses written in one statement.
const BATCH: usize = 1_000;

/// Which addresses go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Priority {
    /// With fresh articles
    High,
    /// With other articles
    Normal,
    /// After everything else
    Low,
}

/// Arguments of `sokbo add`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// Addresses of articles, or - to read them from standard input, one a line
    #[arg(required = true, value_name = "URL|-")]
    urls: Vec<String>,
    /// Which addresses go first
    #[arg(long, value_enum, default_value_t = Priority::High)]
    priority: Priority,
}

pub(super) async fn execute(args: Args, config: Config) -> Result<(), Failure> {
    let store = Store::open(&config.database, Access::Attach).await?;
    let outcome = add_all(&args, &config, &store).await;
    store.close().await;
    outcome
}

async fn add_all(args: &Args, config: &Config, store: &Store) -> Result<(), Failure> {
    let ids = store.source_ids().await?;
    let (mut new, mut known, mut refused) = (0, 0, 0);
    let mut jobs = Vec::new();
    let mut lines = lines(&args.urls).peekable();
    while let Some(line) = lines.next() {
        let line = line.map_err(Failure::failed)?;
        match job(line.trim(), args.priority, &config.sources, &ids) {
            Ok(job) => jobs.push(job),
            Err(error) => {
                refused += 1;
                eprintln!("sokbo: {error}");
            }
        }
        if jobs.len() >= BATCH || lines.peek().is_none() {
            let added = store.enqueue(&jobs).await?.len();
            new += added;
            known += jobs.len() - added;
            jobs.clear();
        }
    }
    print(&format!(
        "{new} added, {known} known already, {refused} refused"
    ))?;
    if refused > 0 {
        Err(Failure::Reported)
    } else {
        Ok(())
    }
}

/// The addresses given, those of standard input in the place of `-`; blank lines are left out.
fn lines(urls: &[String]) -> impl Iterator<Item = std::io::Result<String>> {
    urls.iter()
        .flat_map(|url| -> Box<dyn Iterator<Item = std::io::Result<String>>> {
            if url == "-" {
                Box::new(std::io::stdin().lock().lines())
            } else {
                Box::new(std::iter::once(Ok(url.clone())))
            }
        })
        .filter(|line| !line.as_ref().is_ok_and(|line| line.trim().is_empty()))
}

fn job(
    text: &str,
    priority: Priority,
    sources: &[Source],
    ids: &BTreeMap<SourceName, SourceId>,
) -> Result<NewJob, UrlError> {
    let url = CanonicalUrl::parse(text, Identity::AllButTracking)?;
    let owner = sources.iter().find(|source| source.owns(url.host()));
    // The owner's own rule for what makes an address.
    let url = match owner {
        Some(source) => CanonicalUrl::from_url(url.as_url().clone(), source.identity())?,
        None => url,
    };
    Ok(NewJob {
        host: host_key(&url, owner),
        url,
        kind: JobKind::Article,
        priority: match priority {
            Priority::High => domain::Priority::Fresh,
            Priority::Normal => domain::Priority::Article,
            Priority::Low => domain::Priority::Backfill,
        },
        source: owner.and_then(|source| ids.get(&source.name).copied()),
        section: None,
        interval: None,
        depth: 0,
        since: None,
    })
}
