//! `sokbo run`: the daemon, or one pass over everything that is due.

use std::io::IsTerminal;
use std::net::SocketAddr;

use clap::{Args as ClapArgs, ValueEnum};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::config::{self, Config, Environment, Overrides};
use crate::daemon::{self, Report, Signals, Span, Vitals};
use crate::store::{Access, Store};
use crate::web;

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
    let vitals = Vitals::default();
    let served = CancellationToken::new();
    let listen = if args.until_idle {
        config.http.chosen()
    } else {
        config.http.listen
    };
    let takes_pushes = config.http.public_url.is_some() && !args.until_idle;
    let server = show(listen, vitals.sight(takes_pushes), &served).await?;
    let outcome = crawl(&args, config, overrides, &mut signals, (&vitals, shows_bar)).await;
    served.cancel();
    if let Some(Err(error)) = futures_util::future::OptionFuture::from(server).await {
        tracing::error!(%error, "the task that serves health and metrics broke");
    }
    outcome
}

/// Serves health and metrics from now on, before the database is open.
async fn show(
    listen: Option<SocketAddr>,
    sight: web::Sight,
    stop: &CancellationToken,
) -> Result<Option<JoinHandle<()>>, Failure> {
    let Some(address) = listen else {
        return Ok(None);
    };
    let server = web::Server::bind(address).await.map_err(Failure::failed)?;
    let address = server.address();
    tracing::info!(http.address = %address, "health and metrics at http://{address}/readyz and /metrics");
    Ok(Some(tokio::spawn(server.serve(sight, stop.clone()))))
}

async fn crawl(
    args: &Args,
    config: Config,
    overrides: &Overrides,
    signals: &mut Signals,
    (vitals, shows_bar): (&Vitals, bool),
) -> Result<(), Failure> {
    let open = || Store::open(&config.database, Access::Owner);
    let store = if args.until_idle {
        open().await?
    } else {
        // A daemon may be started before its database is up.
        match vitals.outage.outlast(signals.stop(), open).await? {
            Some(store) => store,
            None => return Ok(()),
        }
    };
    let outcome = if args.until_idle {
        let revisit_articles = args.revisit == Some(Revisit::All);
        let span = Span::UntilIdle { revisit_articles };
        one_pass(&config, &store, span, (vitals, shows_bar), signals.stop()).await
    } else {
        serve(config, &store, overrides, signals, vitals).await
    };
    store.close().await;
    outcome
}

async fn one_pass(
    config: &Config,
    store: &Store,
    span: Span,
    (vitals, shows_bar): (&Vitals, bool),
    stop: &CancellationToken,
) -> Result<(), Failure> {
    let bar = shows_bar.then(|| Bar::follow(vitals.progress.clone()));
    let report = daemon::crawl(config, store, span, vitals, stop.clone()).await;
    drop(bar);
    let report = report.map_err(Failure::failed)?;
    conclude(&report.ok_or_else(Failure::interrupted)?)
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
    vitals: &Vitals,
) -> Result<(), Failure> {
    loop {
        let round = signals.stop().child_token();
        let crawl = daemon::crawl(&config, store, Span::Endless, vitals, round.clone());
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
