//! `sokbo extract`: one page from a file, an address or standard input, or a manifest of pages.

mod batch;
mod explain;
mod line;
mod memory;
mod page;
mod remote;
mod show;

use std::path::PathBuf;

use chrono_tz::Tz;
use clap::{Args as ClapArgs, ValueEnum};

use crate::cli::Failure;
use crate::config::{self, Config, Environment, Overrides};
use crate::domain::{Clock, Source, SystemClock};

use page::Page;

/// How one article is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON object
    Json,
    /// Title, byline and body as plain text
    Text,
    /// Title, byline and body as Markdown
    Markdown,
}

/// Arguments of `sokbo extract`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// An HTML file (.gz too), an http(s) address, or - for standard input
    #[arg(value_name = "FILE|URL|-", required_unless_present = "batch")]
    input: Option<String>,
    /// The address of a page read from a file or standard input
    #[arg(long)]
    url: Option<String>,
    /// How to print the article
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Show what gave each field, where else the page states it, and how the body was chosen
    #[arg(long)]
    explain: bool,
    /// The zone of times that state none, such as Asia/Seoul
    #[arg(long, value_name = "ZONE")]
    timezone: Option<Tz>,
    /// Apply the site rules, zone and identity of this source
    #[arg(long, value_name = "NAME", conflicts_with = "batch")]
    source: Option<String>,
    /// Parse every page of a manifest: lines of {"id","url","path"}
    #[arg(long, value_name = "MANIFEST.jsonl", conflicts_with_all = ["input", "url", "explain"])]
    batch: Option<PathBuf>,
    /// Pages parsed at once in a batch
    #[arg(long, value_name = "N", default_value_t = 1, requires = "batch")]
    jobs: usize,
    /// First learn what pages of the site have in common, from a folder of them (.html, .html.gz)
    #[arg(long, value_name = "FOLDER")]
    site_memory: Option<PathBuf>,
}

pub(super) fn execute(args: &Args, overrides: &Overrides) -> Result<(), Failure> {
    let now = SystemClock.now();
    let folder = args.site_memory.as_deref();
    let memory = folder
        .map(|folder| memory::learned(folder, now))
        .transpose()?;
    let settings = page::Settings {
        zone: args.timezone,
        source: None,
        memory: memory.as_ref(),
        now,
        is_explained: args.explain,
    };
    if let Some(manifest) = &args.batch {
        return batch::run(manifest, args.jobs.max(1), settings);
    }
    let input = args.input.as_deref().unwrap_or("-");
    let is_remote = input.starts_with("http://") || input.starts_with("https://");
    // A file needs no configuration, unless a source is named.
    let config = (args.source.is_some() || is_remote)
        .then(|| config::load(overrides, &Environment::of_process()))
        .transpose()?;
    let source = match (&args.source, &config) {
        (Some(name), Some(config)) => Some(named(config, name)?),
        _ => None,
    };
    let page = match &config {
        Some(config) if is_remote => remote::get(input, config)?,
        _ => Page::local(input, args.url.as_deref())?,
    };
    let reading = page.read(page::Settings { source, ..settings })?;
    match (args.explain, args.format) {
        (true, _) => explain::print_all(&reading),
        (false, Format::Json) => show::json(&reading),
        (false, Format::Text) => show::text(&reading),
        (false, Format::Markdown) => show::markdown(&reading),
    }
}

fn named<'a>(config: &'a Config, name: &str) -> Result<&'a Source, Failure> {
    let found = config
        .sources
        .iter()
        .find(|source| source.name.as_str() == name);
    found.ok_or_else(|| {
        let names: Vec<&str> = config.sources.iter().map(|s| s.name.as_str()).collect();
        Failure::wrong(anyhow::anyhow!(
            "--source {name}: no such source; there are: {}",
            names.join(", ")
        ))
    })
}
