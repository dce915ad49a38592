//! `sokbo inspect sitemap`: the entries of a sitemap as the crawl reads them.

use chrono_tz::Tz;
use clap::Args as ClapArgs;
use serde::Serialize;

use crate::cli::Failure;
use crate::discover::{self, SitemapEntry};
use crate::domain::Stamp;

use super::input::{self, Lines};

/// Arguments of `sokbo inspect sitemap`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// A sitemap or an index, packed or plain, or - for standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// The address it was fetched from, which relative addresses stand under
    #[arg(long)]
    url: String,
    /// The zone of times that state none, such as Asia/Seoul
    #[arg(long, value_name = "ZONE")]
    timezone: Option<Tz>,
}

/// An entry.
#[derive(Debug, Serialize)]
struct Line {
    url: String,
    lastmod: Option<String>,
    title: Option<String>,
    published: Option<String>,
    language: Option<String>,
    kind: &'static str,
}

impl From<SitemapEntry> for Line {
    fn from(entry: SitemapEntry) -> Self {
        Self {
            url: entry.url.into(),
            lastmod: entry.lastmod.as_ref().map(Stamp::to_text),
            title: entry.title,
            published: entry.published.as_ref().map(Stamp::to_text),
            language: entry.language,
            kind: entry.kind.as_str(),
        }
    }
}

/// Warnings go to standard error: the lines are entries alone.
pub(super) fn execute(args: &Args) -> Result<(), Failure> {
    let base = input::address(&args.url)?;
    let bytes = input::bytes(&args.file)?;
    let mut lines = Lines::new();
    let mut take = |entry: SitemapEntry| lines.write(&Line::from(entry));
    let result = discover::sitemap_entries(&bytes, &base, args.timezone, &mut take);
    lines.finish()?;
    let head = result.map_err(|error| {
        let error = anyhow::Error::new(error);
        Failure::failed(error.context(format!("reading {}", args.file)))
    })?;
    for warning in head.warnings {
        eprintln!("sokbo: {}: {warning}", args.file);
    }
    Ok(())
}
