//! `sokbo inspect url`: the canonical form of addresses, and what politeness counts them to.

use clap::Args as ClapArgs;
use serde::Serialize;

use crate::cli::Failure;
use crate::domain::{CanonicalUrl, HostKey, Identity, Scope};

/// Arguments of `sokbo inspect url`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// Absolute addresses; without any, or with -, one a line from standard input
    #[arg(value_name = "URL")]
    urls: Vec<String>,
}

/// One address and what became of it.
#[derive(Debug, Serialize)]
struct Line {
    input: String,
    canonical: Option<String>,
    host_key: Option<String>,
    error: Option<String>,
}

pub(super) fn execute(args: &Args) -> Result<(), Failure> {
    super::print_each(&args.urls, line)
}

fn line(text: &str) -> Line {
    let parsed = CanonicalUrl::parse(text, Identity::AllButTracking);
    let url = parsed.as_ref().ok();
    Line {
        input: text.to_owned(),
        canonical: url.map(ToString::to_string),
        host_key: url.map(|url| HostKey::of(url, Scope::Host).to_string()),
        error: parsed.as_ref().err().map(ToString::to_string),
    }
}
