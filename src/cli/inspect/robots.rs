//! `sokbo inspect robots`: what a robots.txt says of addresses.

use std::fs::File;
use std::io::Read;
use std::time::Duration;

use anyhow::anyhow;
use clap::Args as ClapArgs;
use serde::Serialize;
use serde_json::Number;
use url::{Position, Url};

use crate::cli::Failure;
use crate::policy::Robots;

/// More than the parser reads.
const MAX_BYTES: u64 = 1 << 20;

/// Arguments of `sokbo inspect robots`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// The robots.txt, or - for standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// The product token of the agent that asks, without a version
    #[arg(long, value_name = "TOKEN", default_value = "Sokbo")]
    agent: String,
    /// Addresses; without any, or with -, one a line from standard input
    #[arg(value_name = "URL")]
    urls: Vec<String>,
}

/// One address and what is said of it.
#[derive(Debug, Serialize)]
struct Line {
    url: String,
    allowed: bool,
    rule: Option<String>,
    line: Option<usize>,
    crawl_delay: Option<Number>,
}

pub(super) fn execute(args: &Args) -> Result<(), Failure> {
    let is_piped = args.urls.is_empty() || args.urls == ["-"];
    if args.file == "-" && is_piped {
        let said =
            "standard input can't be both the robots.txt and the addresses; name one of them";
        return Err(Failure::wrong(anyhow!(said)));
    }
    let is_token = |b: u8| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-');
    if args.agent.is_empty() || !args.agent.bytes().all(is_token) {
        let agent = &args.agent;
        eprintln!(
            "sokbo: `{agent}` is no product token (letters, `_` and `-`), so no group names it"
        );
    }
    let robots = Robots::parse(&read(&args.file)?, &args.agent);
    let crawl_delay = robots.crawl_delay().and_then(seconds);
    super::print_each(&args.urls, |url| {
        let verdict = robots.verdict(&path_and_query(url));
        Line {
            url: url.to_owned(),
            allowed: verdict.is_allowed,
            rule: verdict.rule,
            line: verdict.line,
            crawl_delay: crawl_delay.clone(),
        }
    })
}

fn read(file: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if file == "-" {
        let input = std::io::stdin().lock();
        input.take(MAX_BYTES).read_to_end(&mut bytes)
    } else {
        File::open(file).and_then(|opened| opened.take(MAX_BYTES).read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::failed(anyhow!("reading {file}: {error}")))?;
    Ok(bytes)
}

/// Whole seconds without a point.
fn seconds(delay: Duration) -> Option<Number> {
    if delay.subsec_nanos() == 0 {
        Some(delay.as_secs().into())
    } else {
        Number::from_f64(delay.as_secs_f64())
    }
}

/// What rules are matched with: the address from its path on, without a fragment. Text that is no
/// absolute address is taken as a host with a path, as the reference matcher takes it.
fn path_and_query(address: &str) -> String {
    if let Ok(url) = Url::parse(address)
        && url.has_host()
    {
        return url[Position::BeforePath..Position::AfterQuery].to_owned();
    }
    let text = address.split('#').next().unwrap_or_default();
    let text = text.strip_prefix("//").unwrap_or(text);
    let after_scheme = match text.split_once("://") {
        Some((scheme, rest)) if !scheme.contains(['/', '?', ';']) => rest,
        Some(_) | None => text,
    };
    let path = after_scheme.find(['/', '?', ';']);
    let path = path.and_then(|at| after_scheme.get(at..)).unwrap_or("/");
    if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_judged_from_their_path_on() {
        for (address, path) in [
            ("", "/"),
            ("http://e.kr", "/"),
            ("http://e.kr?a", "/?a"),
            (
                "http://e.kr/a/b?c=http://d.kr/&e#f",
                "/a/b?c=http://d.kr/&e",
            ),
            ("http://e.kr/a/../b", "/b"),
            ("e.kr", "/"),
            ("e.kr/a?b", "/a?b"),
            ("e.kr:80/a", "/a"),
            ("e.kr;p", "/;p"),
            ("/a?b#c", "/a?b"),
            ("//e.kr/a", "/a"),
            ("a#/b", "/"),
        ] {
            assert_eq!(path_and_query(address), path, "{address}");
        }
    }

    #[test]
    fn delays_are_numbers_of_seconds() {
        let text = |ms| seconds(Duration::from_millis(ms)).unwrap().to_string();
        assert_eq!((text(5_000), text(500)), ("5".to_owned(), "0.5".to_owned()));
    }
}
