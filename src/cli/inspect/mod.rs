//! `sokbo inspect`: what one parser sees, as JSON lines, for writing sources and for outside
//! test-suites. Needs no configuration, no database and no network.

mod date;
mod feed;
mod input;
mod links;
mod robots;
mod sitemap;
mod url;

use std::io::{BufRead, Write};

use clap::{Args as ClapArgs, Subcommand};
use serde::Serialize;

use crate::cli::Failure;

/// Arguments of `sokbo inspect`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    #[command(subcommand)]
    parser: Parser,
}

#[derive(Debug, Subcommand)]
enum Parser {
    /// Read dates as pages write them
    Date(date::Args),
    /// Show the entries of a feed, and how it is written
    Feed(feed::Args),
    /// Show the entries of a sitemap
    Sitemap(sitemap::Args),
    /// Show the links of a page, and what each is taken for
    Links(links::Args),
    /// Say which addresses a robots.txt allows, and by which rule
    Robots(robots::Args),
    /// Bring addresses into canonical form
    Url(url::Args),
}

pub(super) fn execute(args: &Args) -> Result<(), Failure> {
    match &args.parser {
        Parser::Date(args) => date::execute(args),
        Parser::Feed(args) => feed::execute(args),
        Parser::Sitemap(args) => sitemap::execute(args),
        Parser::Links(args) => links::execute(args),
        Parser::Robots(args) => robots::execute(args),
        Parser::Url(args) => url::execute(args),
    }
}

/// Prints a JSON line for each of `texts`, or without any, or with -, for each line of standard
/// input.
fn print_each<L: Serialize>(texts: &[String], line: impl Fn(&str) -> L) -> Result<(), Failure> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut print = |text: &str| {
        let json = serde_json::to_string(&line(text)).map_err(Failure::failed)?;
        writeln!(out, "{json}").map_err(Failure::failed)
    };
    if texts.is_empty() || texts == ["-"] {
        for line in std::io::stdin().lock().split(b'\n') {
            let line = line.map_err(Failure::failed)?;
            let text = String::from_utf8_lossy(&line);
            print(text.trim_end_matches('\r'))?;
        }
    } else {
        texts.iter().try_for_each(|text| print(text))?;
    }
    out.flush().map_err(Failure::failed)
}
