//! `sokbo status`: one screen on how the crawl is doing.

use std::fmt::Write;

use clap::Args as ClapArgs;
use serde_json::json;

use crate::config::Config;
use crate::store::{Access, Backfill, Counts, SourceState, Store};

use super::Failure;
use super::backfill::state;
use super::terminal::{local, print, span, table};

/// Failing sources that one screen holds.
const SHOWN_FAILURES: usize = 10;

/// Arguments of `sokbo status`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn execute(args: Args, config: Config) -> Result<(), Failure> {
    let store = Store::open(&config.database, Access::Attach).await?;
    let found = read(&store).await;
    store.close().await;
    let (counts, sources, walks) = found?;
    print(&if args.json {
        as_json(&counts, &sources, &walks)
    } else {
        as_text(&counts, &sources, &walks)
    })
}

async fn read(store: &Store) -> Result<(Counts, Vec<SourceState>, Vec<Backfill>), Failure> {
    Ok((
        store.counts().await?,
        store.source_states().await?,
        store.backfills().await?,
    ))
}

fn as_json(counts: &Counts, sources: &[SourceState], walks: &[Backfill]) -> String {
    let walks = walks.iter().map(|walk| {
        json!({
            "source": walk.source,
            "since": walk.since,
            "started_at": walk.started_at,
            "finished_at": walk.finished_at,
            "listings": walk.listings,
            "articles": walk.articles,
        })
    });
    let sources = sources.iter().map(|source| {
        json!({
            "name": source.name,
            "enabled": source.is_active,
            "last_success_at": source.last_success_at,
            "next_visit_at": source.next_visit_at,
            "articles_day": source.articles_day,
            "waiting": source.waiting,
            "last_error": source.last_error,
        })
    });
    json!({
        "articles_hour": counts.articles_hour,
        "articles_day": counts.articles_day,
        "fetches_hour": counts.fetches_hour,
        "failures_hour": counts.failures_hour,
        "due": counts.due,
        "later": counts.later,
        "oldest_due_seconds": counts.oldest_due.map(|age| age.as_secs()),
        "leased_hosts": counts.leased_hosts,
        "sources": sources.collect::<Vec<_>>(),
        "backfills": walks.collect::<Vec<_>>(),
    })
    .to_string()
}

fn as_text(counts: &Counts, sources: &[SourceState], walks: &[Backfill]) -> String {
    let waits = counts
        .oldest_due
        .map_or_else(String::new, |age| format!(", the oldest for {}", span(age)));
    let active = sources.iter().filter(|source| source.is_active).count();
    let mut out = format!(
        "articles   {} in the last hour, {} in 24 h\n\
         fetches    {} in the last hour, {} of them failed\n\
         queue      {} due now{waits}; {} later; {} hosts in hand\n\
         sources    {active} of {} enabled\n",
        counts.articles_hour,
        counts.articles_day,
        counts.fetches_hour,
        counts.failures_hour,
        counts.due,
        counts.later,
        counts.leased_hosts,
        sources.len(),
    );
    for walk in walks.iter().filter(|walk| walk.finished_at.is_none()) {
        let (source, since, state) = (&walk.source, local(Some(walk.since)), state(walk));
        let _infallible = writeln!(out, "backfill   {source} since {since}: {state}");
    }
    let failing: Vec<&SourceState> = sources
        .iter()
        .filter(|s| s.is_active && s.last_error.is_some())
        .collect();
    if failing.is_empty() {
        return out;
    }
    let mut rows = table(&["source", "last success", "last failure in 24 h"]);
    for source in failing.iter().take(SHOWN_FAILURES) {
        let error = source.last_error.clone().unwrap_or_default();
        rows.add_row([source.name.clone(), local(source.last_success_at), error]);
    }
    let _infallible = write!(out, "\n{rows}\n");
    if let Some(more) = failing
        .len()
        .checked_sub(SHOWN_FAILURES)
        .filter(|more| *more > 0)
    {
        let _infallible = writeln!(out, "and {more} more; `sokbo sources` lists all");
    }
    out
}
