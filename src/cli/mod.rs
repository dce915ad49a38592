//! The command line: one file per command. Commands print to standard output; what went wrong goes
//! to standard error in a sentence or two.

mod add;
mod backfill;
mod bar;
mod check;
mod demo;
mod discover;
mod explain;
mod extract;
mod failure;
mod import;
mod inspect;
mod migrate;
mod run;
mod scouting;
mod sources;
mod sql;
mod status;
mod terminal;
mod try_source;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{self, Config, Environment, Overrides};

use failure::Failure;

/// An async news-crawling service: sections, feeds and sitemaps in, clean articles in Postgres out.
#[derive(Debug, Parser)]
#[command(name = "sokbo", version, arg_required_else_help = true)]
struct Cli {
    /// The configuration file [env: `SOKBO_CONFIG`; default: config/sokbo.toml, then
    /// /etc/sokbo/sokbo.toml]
    #[arg(long, global = true, value_name = "PATH")]
    config: Option<PathBuf>,
    /// The Postgres to use instead of the private one [env: `DATABASE_URL`]
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Crawl: the daemon, or one pass with --until-idle
    Run(run::Args),
    /// Crawl a small bundled site and show the articles; works offline
    Demo,
    /// Validate the configuration and every source file
    Check,
    /// Look at a front page and print a ready source file, each line with its evidence
    Discover(discover::Args),
    /// Visit a source or a front page once and show what comes of it; stores nothing
    Try(try_source::Args),
    /// Parse one page, or a manifest of pages, and print the articles
    Extract(extract::Args),
    /// Show what one parser sees, as JSON lines
    Inspect(inspect::Args),
    /// Tell all that is known of an address, and why it is or is not fetched
    Explain(explain::Args),
    /// Apply the database migrations and exit
    Migrate,
    /// Run a query and print a table, or open psql
    Sql(sql::Args),
    /// List the sources, their state, last success and next visit
    Sources(sources::Args),
    /// Show one screen on how the crawl is doing
    Status(status::Args),
    /// Put addresses into the frontier
    Add(add::Args),
    /// Visit the past of a source, behind all else
    Backfill(backfill::Args),
    /// Take in pages that another tool fetched
    Import(import::Args),
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return failure::usage(&error),
    };
    match execute(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn execute(cli: Cli) -> Result<(), Failure> {
    let overrides = Overrides {
        config: cli.config,
        database_url: cli.database_url,
    };
    match cli.command {
        Command::Check => check::execute(&overrides),
        Command::Extract(args) => extract::execute(&args, &overrides),
        Command::Inspect(args) => inspect::execute(&args),
        Command::Demo => run_async(demo::execute(demo::config(&overrides)?)),
        Command::Run(args) => run_async(run::execute(args, load(&overrides)?, &overrides)),
        Command::Explain(args) => run_async(explain::execute(args, load(&overrides)?)),
        Command::Discover(args) => run_async(discover::execute(args, load(&overrides)?)),
        Command::Try(args) => run_async(try_source::execute(args, load(&overrides)?)),
        Command::Migrate => run_async(migrate::execute(load(&overrides)?)),
        Command::Sql(args) => run_async(sql::execute(args, load(&overrides)?)),
        Command::Sources(args) => match &args.action {
            Some(action) => sources::act(action, &overrides),
            None => run_async(sources::list(load(&overrides)?)),
        },
        Command::Status(args) => run_async(status::execute(args, load(&overrides)?)),
        Command::Add(args) => run_async(add::execute(args, load(&overrides)?)),
        Command::Backfill(args) => run_async(backfill::execute(args, load(&overrides)?)),
        Command::Import(args) => run_async(import::execute(args, load(&overrides)?)),
    }
}

fn load(overrides: &Overrides) -> Result<Config, Failure> {
    Ok(config::load(overrides, &Environment::of_process())?)
}

fn run_async(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime
        .map_err(Failure::failed)?
        .block_on(Box::pin(command))
}
