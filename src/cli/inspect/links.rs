//! `sokbo inspect links`: what the crawl takes the links of a page for.

use std::collections::BTreeMap;

use anyhow::anyhow;
use clap::Args as ClapArgs;
use serde::Serialize;

use crate::cli::Failure;
use crate::discover::{self, Link, Trap};
use crate::domain::{CanonicalUrl, Identity, Source, SourceName};
use crate::markup;

use super::input::{self, Lines};

/// Arguments of `sokbo inspect links`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// An HTML file, or - for standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// The address of the page; its registrable domain is the outlet's
    #[arg(long)]
    url: String,
}

/// A link, each address once.
#[derive(Debug, Serialize)]
struct Line {
    url: String,
    anchor: String,
    verdict: &'static str,
    score: f64,
}

pub(super) fn execute(args: &Args) -> Result<(), Failure> {
    let url = input::address(&args.url)?;
    let bytes = input::bytes(&args.file)?;
    let home = url
        .join("/")
        .map_err(anyhow::Error::new)
        .and_then(|home| Ok(CanonicalUrl::from_url(home, Identity::default())?))
        .map_err(|error| Failure::wrong(error.context(format!("--url {}", args.url))))?;
    let name = SourceName::new("page").map_err(Failure::failed)?;
    let source = Source::new(name, home);
    let decoded = markup::decode(&bytes, None, url.host_str());
    let html = markup::parse_html(&decoded.text)
        .map_err(|error| Failure::failed(anyhow!("reading {}: {error}", args.file)))?;
    let links = discover::links(&html, &url, &source);
    report_traps(&args.file, &links);
    let mut lines = Lines::new();
    for link in links {
        let line = Line {
            score: (link.likelihood() * 1_000.0).round() / 1_000.0,
            url: link.url.as_str().to_owned(),
            anchor: link.anchor,
            verdict: link.verdict.as_str(),
        };
        if !lines.write(&line) {
            break;
        }
    }
    lines.finish()
}

/// Says aside what links are left for, whatever they look like.
fn report_traps(file: &str, links: &[Link]) {
    let mut traps: BTreeMap<Trap, usize> = BTreeMap::new();
    for trap in links.iter().filter_map(|link| link.trap) {
        *traps.entry(trap).or_default() += 1;
    }
    for (trap, count) in traps {
        eprintln!(
            "sokbo: {file}: {count} links are never followed: {}",
            trap.as_str()
        );
    }
}
