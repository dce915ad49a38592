//! `sokbo inspect feed`: the entries of a feed as the crawl reads them.

use chrono_tz::Tz;
use clap::Args as ClapArgs;
use serde::Serialize;

use crate::cli::Failure;
use crate::discover::{self, Entry};
use crate::domain::Stamp;

use super::input::{self, Lines};

/// Arguments of `sokbo inspect feed`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// A feed, packed or plain, or - for standard input
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
    url: Option<String>,
    id: Option<String>,
    title: Option<String>,
    published: Option<String>,
    updated: Option<String>,
    authors: Vec<String>,
    summary: Option<String>,
    content: Option<String>,
}

/// The last line.
#[derive(Debug, Serialize)]
struct LastLine {
    kind: &'static str,
    format: Option<String>,
    encoding: Option<String>,
    warnings: Vec<String>,
}

impl From<Entry> for Line {
    fn from(entry: Entry) -> Self {
        Self {
            url: entry.url.map(String::from),
            id: entry.id,
            title: entry.title,
            published: entry.published.as_ref().map(Stamp::to_text),
            updated: entry.updated.as_ref().map(Stamp::to_text),
            authors: entry.authors,
            summary: entry.summary,
            content: entry.content,
        }
    }
}

/// What is no feed gets its last line too, which says so, and exit code 1.
pub(super) fn execute(args: &Args) -> Result<(), Failure> {
    let base = input::address(&args.url)?;
    let bytes = input::bytes(&args.file)?;
    let mut lines = Lines::new();
    let mut take = |entry: Entry| lines.write(&Line::from(entry));
    let result = discover::feed_entries(&bytes, None, &base, args.timezone, &mut take);
    let last = match &result {
        Ok(head) => LastLine {
            kind: "feed",
            format: Some(head.label()),
            encoding: Some(head.charset.to_ascii_lowercase()),
            warnings: head.warnings.clone(),
        },
        Err(error) => LastLine {
            kind: "feed",
            format: None,
            encoding: None,
            warnings: vec![error.to_string()],
        },
    };
    lines.write(&last);
    lines.finish()?;
    result.map(|_| ()).map_err(|error| {
        let error = anyhow::Error::new(error);
        Failure::failed(error.context(format!("reading {}", args.file)))
    })
}
