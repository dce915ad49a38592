//! `sokbo run`: the daemon, or one pass over everything that is due.

use std::io::IsTerminal;

use clap::{Args as ClapArgs, ValueEnum};
use tokio_util::sync::CancellationToken;

use crate::config::{self, Config, Environment, Overrides};
use crate::crawl::Progress;
use crate::daemon::{self, Report, Signals, Span};
use crate::store::{Access, Store};

use super::Failure;
use super::bar::Bar;
use super::terminal::print;

/// What else is due besides the listings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Revisit {
    /// Every stored article
    All,
}

/// Arguments of `sokbo run`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// Visit every listing and what it leads to, then end
    #[arg(long)]
    until_idle: bool,
    /// Visit stored articles again too
    #[arg(long, value_enum, requires = "until_idle")]
    revisit: Option<Revisit>,
}

pub(super) async fn execute(
    args: Args,
    mut config: Config,
    overrides: &Overrides,
) -> Result<(), Failure> {
    let shows_bar = args.until_idle && std::io::stderr().is_terminal();
    if shows_bar {
        // Log lines would tear the bar apart; warnings still show.
        "warn".clone_into(&mut config.log.level);
    }
    daemon::start_telemetry(&config.log).map_err(Failure::wrong)?;
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    config.require_contact()?;
    let mut signals = Signals::listen().map_err(Failure::failed)?;
    let store = Store::open(&config.database, Access::Owner).await?;
    let outcome = if args.until_idle {
        let revisit_articles = args.revisit == Some(Revisit::All);
        one_pass(&config, &store, revisit_articles, shows_bar, signals.stop()).await
    } else {
        serve(config, &store, overrides, &mut signals).await
    };
    store.close().await;
    outcome
}

async fn one_pass(
    config: &Config,
    store: &Store,
    revisit_articles: bool,
    shows_bar: bool,
    stop: &CancellationToken,
) -> Result<(), Failure> {
    let progress = Progress::default();
    let bar = shows_bar.then(|| Bar::follow(progress.clone()));
    let span = Span::UntilIdle { revisit_articles };
    let report = daemon::crawl(config, store, span, &progress, stop.clone()).await;
    drop(bar);
    conclude(&report.map_err(Failure::failed)?)
}

/// Says what was done and which sources failed; it is a failure when nothing could be visited.
pub(super) fn conclude(report: &Report) -> Result<(), Failure> {
    for source in report.sources.iter().filter(|source| !source.was_reached) {
        let unvisited = "was not visited, its hosts rest; see `sokbo status`";
        let reason = source.failure.as_deref().unwrap_or(unvisited);
        eprintln!("sokbo: source {}: {reason}", source.name);
    }
    let tally = report.tally;
    print(&format!(
        "{} listings and {} pages visited: {} new articles, {} revised, {} visits failed; {} jobs stay for later",
        tally.listings, tally.pages, tally.new, tally.revised, tally.failed, report.later
    ))?;
    if report.sources.is_empty() && tally.pages == 0 {
        return Err(Failure::failed(anyhow::anyhow!(
            "no source is enabled; write one into config/sources/ (the README shows how), or set `enabled = true` in one that is there"
        )));
    }
    if !report.sources.is_empty() && !report.sources.iter().any(|source| source.was_reached) {
        return Err(Failure::failed(anyhow::anyhow!(
            "nothing could be visited; `sokbo sql 'select url, error from fetches order by started_at desc limit 20'` tells why"
        )));
    }
    Ok(())
}

/// Crawls until stopped; a reload drains, then goes on with the new configuration.
async fn serve(
    mut config: Config,
    store: &Store,
    overrides: &Overrides,
    signals: &mut Signals,
) -> Result<(), Failure> {
    loop {
        let round = signals.stop().child_token();
        let progress = Progress::default();
        let crawl = daemon::crawl(&config, store, Span::Endless, &progress, round.clone());
        let mut crawl = Box::pin(crawl);
        let reload = tokio::select! {
            ended = &mut crawl => Err(ended),
            next = next_config(overrides, signals) => Ok(next),
        };
        let next = match reload {
            Ok(next) => next,
            Err(ended) => return ended.map(drop).map_err(Failure::failed),
        };
        round.cancel();
        crawl.await.map_err(Failure::failed)?;
        tracing::info!("going on with the new configuration");
        config = next;
    }
}

/// Waits for a reload whose configuration is fine.
async fn next_config(overrides: &Overrides, signals: &mut Signals) -> Config {
    loop {
        signals.reload().await;
        match reloaded(overrides) {
            Ok(config) => return config,
            Err(error) => tracing::error!("the configuration stays as it was: {error}"),
        }
    }
}

fn reloaded(overrides: &Overrides) -> Result<Config, config::ConfigError> {
    let config = config::load(overrides, &Environment::of_process())?;
    config.require_contact()?;
    Ok(config)
}
