//! `sokbo explain URL`: all that is known of an address, and why it is or is not fetched. Reads only.

mod next;
mod show;

use clap::{Args as ClapArgs, ValueEnum};
use url::Position;

use crate::config::Config;
use crate::crawl::{copy_rules, host_key};
use crate::domain::{CanonicalUrl, HostKey, Identity, Source};
use crate::policy::Verdict;
use crate::store::{Access, AddressFacts, RobotsCopy, Store};

use super::Failure;
use super::terminal::print;

/// How it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Labelled lines for people
    Text,
    /// One JSON object
    Json,
}

/// Arguments of `sokbo explain`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// The address, in whatever form it was met
    #[arg(value_name = "URL")]
    url: String,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// All there is to tell.
struct Told<'a> {
    input: &'a str,
    url: CanonicalUrl,
    host: HostKey,
    /// The source that owns its host, by the configuration.
    owner: Option<&'a Source>,
    facts: AddressFacts,
    robots: Option<Robots>,
}

/// The copy of the robots.txt that speaks for the address, and what it says.
struct Robots {
    copy: RobotsCopy,
    verdict: Verdict,
}

pub(super) async fn execute(args: Args, config: Config) -> Result<(), Failure> {
    let parsed = CanonicalUrl::parse(&args.url, Identity::AllButTracking);
    let url = parsed.map_err(Failure::wrong)?;
    let store = Store::open(&config.database, Access::Attach).await?;
    let told = read(&args.url, url, &config, &store).await;
    store.close().await;
    let told = told?;
    let next = next::next(&told);
    print(&match args.format {
        Format::Text => show::as_text(&told, &next),
        Format::Json => show::as_json(&told, &next),
    })
}

async fn read<'a>(
    input: &'a str,
    url: CanonicalUrl,
    config: &'a Config,
    store: &Store,
) -> Result<Told<'a>, Failure> {
    let owners = config.sources.iter().filter(|s| s.owns(url.host()));
    let owner = owners.max_by_key(|source| source.home.host() == url.host());
    // An article's address is made by its source; a listing's keeps all but tracking parameters.
    let identity = owner.map(Source::identity).unwrap_or_default();
    let own = CanonicalUrl::from_url(url.as_url().clone(), identity).map_err(Failure::wrong)?;
    let mut told = look_up(own, owner, store).await?;
    if told.1.first_seen_at.is_none() && told.0 != url {
        let as_listing = look_up(url, owner, store).await?;
        if as_listing.1.first_seen_at.is_some() {
            told = as_listing;
        }
    }
    let (url, facts) = told;
    let copy = store.robots(&url.origin()).await?;
    let path = &url.as_url()[Position::BeforePath..Position::AfterQuery];
    let robots = copy.map(|copy| Robots {
        verdict: copy_rules(&copy, config.fetch.user_agent.token()).verdict(path),
        copy,
    });
    Ok(Told {
        input,
        host: host_key(&url, owner),
        url,
        owner,
        facts,
        robots,
    })
}

async fn look_up(
    url: CanonicalUrl,
    owner: Option<&Source>,
    store: &Store,
) -> Result<(CanonicalUrl, AddressFacts), Failure> {
    let host = host_key(&url, owner);
    let facts = store.facts(url.fingerprint(), &host).await?;
    Ok((url, facts))
}
