//! `sokbo backfill`: the past of a source, at the lowest priority.

use std::io::IsTerminal;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::Args as ClapArgs;
use indicatif::ProgressBar;

use crate::config::Config;
use crate::crawl::walk_jobs;
use crate::daemon::Signals;
use crate::domain::{
    CanonicalUrl, Identity, JobKind, Precision, SectionKind, Source, SourceName, Stamp,
};
use crate::store::{Access, Backfill, Store};

use super::Failure;
use super::terminal::{moment, print};

/// Time between two looks at what is left.
const LOOK: Duration = Duration::from_secs(1);

/// Looks between two lines where no terminal shows a bar.
const LOOKS_A_LINE: u64 = 30;

/// Arguments of `sokbo backfill`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// The source
    #[arg(value_name = "SOURCE")]
    source: String,
    /// How far back: a day in the source's zone (2024-01-31), or a time (2024-01-31T09:00:00+09:00)
    #[arg(long, value_name = "DATE")]
    since: String,
    /// Waits until a running daemon has visited everything
    #[arg(long)]
    wait: bool,
}

pub(super) async fn execute(args: Args, config: Config) -> Result<(), Failure> {
    let named = |source: &&Source| source.name.as_str() == args.source;
    let source = config.sources.iter().find(named).ok_or_else(|| {
        Failure::wrong(anyhow::anyhow!(
            "there is no source `{}`; `sokbo sources` lists them",
            args.source
        ))
    })?;
    if !source.is_active() {
        return Err(Failure::wrong(anyhow::anyhow!(
            "the source `{0}` is disabled and not visited; `sokbo sources enable {0}` changes that",
            args.source
        )));
    }
    let since = instant(&args.since, source)?;
    let store = Store::open(&config.database, Access::Owner).await?;
    let outcome = backfill(&store, &config, source, (since, args.wait)).await;
    store.close().await;
    outcome
}

/// The time that is meant; a day begins in the zone of the source.
fn instant(text: &str, source: &Source) -> Result<DateTime<Utc>, Failure> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.to_utc());
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_malformed| {
        Failure::wrong(anyhow::anyhow!(
            "--since `{text}` is no date; write 2024-01-31 or 2024-01-31T09:00:00+09:00"
        ))
    })?;
    let midnight = Stamp {
        local: day.and_time(NaiveTime::MIN),
        offset: None,
        precision: Precision::Day,
    };
    let begins = midnight.or_in(source.timezone);
    Ok(begins.instant().unwrap_or_else(|| begins.local.and_utc()))
}

async fn backfill(
    store: &Store,
    config: &Config,
    source: &Source,
    (since, waits): (DateTime<Utc>, bool),
) -> Result<(), Failure> {
    let name = &source.name;
    match store.backfill(name).await? {
        Some(walk) if walk.since <= since => {
            let (since, state) = (moment(walk.since), state(&walk));
            print(&format!(
                "{name} is walked back to {since} already: {state}"
            ))?;
        }
        Some(_) | None => begin(store, config, source, since).await?,
    }
    if waits {
        return wait(store, name).await;
    }
    Ok(())
}

async fn begin(
    store: &Store,
    config: &Config,
    source: &Source,
    since: DateTime<Utc>,
) -> Result<(), Failure> {
    let synced = store.sync_sources(&config.sources).await?;
    let id = *synced.ids.get(&source.name).ok_or(Failure::Reported)?;
    let own = synced
        .sections
        .iter()
        .filter(|section| section.source == id);
    let sections: Vec<_> = own
        .map(|section| {
            let kind = match section.kind {
                SectionKind::Page => JobKind::Page,
                SectionKind::Feed => JobKind::Feed,
                SectionKind::Sitemap => JobKind::Sitemap,
            };
            (section.id, kind, section.url.clone())
        })
        .collect();
    let more = sitemaps_of_robots(store, source).await?;
    let jobs = walk_jobs((id, source), &sections, &more, since);
    if jobs.is_empty() {
        return Err(Failure::wrong(anyhow::anyhow!(
            "the source `{0}` has no sitemap and no section page to walk back over; add some to its file",
            source.name
        )));
    }
    let new = store.begin_backfill(id, since, &jobs).await?;
    print(&format!(
        "{}: {new} listings to walk back over to {}; `sokbo run` visits them behind all else, and `sokbo status` shows what is left",
        source.name,
        moment(since)
    ))
}

/// The sitemaps that the robots.txt of the source's front page names and its file does not.
async fn sitemaps_of_robots(store: &Store, source: &Source) -> Result<Vec<CanonicalUrl>, Failure> {
    let robots = store.robots(&source.home.origin()).await?;
    let named = robots.map(|copy| copy.sitemaps).unwrap_or_default();
    let urls = named
        .iter()
        .filter_map(|url| CanonicalUrl::parse(url, Identity::AllButTracking).ok());
    let is_new = |url: &CanonicalUrl| {
        let mut sections = source.sections.iter();
        source.owns(url.host())
            && sections.all(|section| section.url.fingerprint() != url.fingerprint())
    };
    Ok(urls.filter(is_new).collect())
}

/// How far a walk is.
pub(super) fn state(walk: &Backfill) -> String {
    match walk.finished_at {
        Some(at) => format!("finished {}", moment(at)),
        None => format!(
            "{} listings and {} articles are left",
            walk.listings, walk.articles
        ),
    }
}

async fn wait(store: &Store, name: &SourceName) -> Result<(), Failure> {
    let signals = Signals::listen().map_err(Failure::failed)?;
    let bar = match std::io::stderr().is_terminal() {
        true => ProgressBar::new_spinner(),
        false => ProgressBar::hidden(),
    };
    for look in 0_u64.. {
        store.finish_backfills().await?;
        let Some(walk) = store.backfill(name).await? else {
            break;
        };
        let state = state(&walk);
        if walk.finished_at.is_some() {
            bar.finish_and_clear();
            return print(&format!("{name} since {}: {state}", moment(walk.since)));
        }
        bar.set_message(format!("{name}: {state}"));
        bar.tick();
        if bar.is_hidden() && look.is_multiple_of(LOOKS_A_LINE) {
            eprintln!("{name}: {state}");
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = signals.stop().cancelled() => break,
        }
    }
    bar.finish_and_clear();
    Err(Failure::failed(anyhow::anyhow!(
        "stopped waiting; the walk goes on with `sokbo run`"
    )))
}
