//! `sokbo inspect`: what one parser sees, as JSON lines, for writing sources and for outside
//! test-suites. Needs no configuration, no database and no network.

mod date;
mod feed;
mod input;
mod links;
mod sitemap;

use clap::{Args as ClapArgs, Subcommand};

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
}

pub(super) fn execute(args: &Args) -> Result<(), Failure> {
    match &args.parser {
        Parser::Date(args) => date::execute(args),
        Parser::Feed(args) => feed::execute(args),
        Parser::Sitemap(args) => sitemap::execute(args),
        Parser::Links(args) => links::execute(args),
    }
}
