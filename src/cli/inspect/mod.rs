//! `sokbo inspect`: what one parser sees, as JSON lines, for writing sources and for outside
//! test-suites. Needs no configuration, no database and no network.

mod date;

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
}

pub(super) fn execute(args: &Args) -> Result<(), Failure> {
    match &args.parser {
        Parser::Date(args) => date::execute(args),
    }
}
