//! `sokbo discover`: from a front page to a source file.

use std::fs;
use std::io::ErrorKind;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use crate::config::{Config, SourceDraft};
use crate::crawl::scout::{self, Scout};
use crate::discover::propose::{Found, Proposal};
use crate::domain::{CanonicalUrl, Identity, Source, SourceName, registrable_domain};

use super::Failure;
use super::scouting::{self, MAX_REQUESTS};
use super::terminal::print;

/// Longer names are cut.
const MAX_NAME: usize = 40;

/// Arguments of `sokbo discover`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// The front page of an outlet
    url: String,
    /// Save the file in sources/ beside the configuration instead of printing it
    #[arg(long)]
    write: bool,
    /// Replace a file that is there already
    #[arg(long, requires = "write")]
    force: bool,
    /// The name of the source, where that of its host won't do
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

pub(super) async fn execute(args: Args, config: Config) -> Result<(), Failure> {
    let url = CanonicalUrl::parse(&args.url, Identity::AllButTracking).map_err(Failure::wrong)?;
    let named = args.name.as_deref().map(SourceName::new).transpose();
    let named = named.map_err(Failure::wrong)?;
    let guessed = named.clone().map_or_else(|| name_of(&url), Ok)?;
    config.require_contact_for(&Source::new(guessed.clone(), url.clone()))?;
    if args.write && !args.force {
        refuse_second(&path_of(&config, &guessed)?)?; // before anybody is asked for anything
    }
    let (scout, shown) = scouting::scout(&config, MAX_REQUESTS)?;
    let found = source_file(&scout, &url, named, &config).await;
    drop(shown);
    let (text, source) = found?;
    if !args.write {
        return print(&text);
    }
    let path = path_of(&config, &source.name)?;
    save(&path, &text, args.force)?;
    print(&format!(
        "{} written after {} requests; `sokbo try {}` visits it once, `sokbo run` from its next start on",
        path.display(),
        scout.requests(),
        source.name
    ))
}

/// The text of a source file for the outlet at `url`, and the source that it describes.
pub(super) async fn source_file(
    scout: &Scout,
    url: &CanonicalUrl,
    named: Option<SourceName>,
    config: &Config,
) -> Result<(String, Source), Failure> {
    let proposal = scout::discover(scout, url).await.map_err(Failure::failed)?;
    let name = named.map_or_else(|| name_of(&proposal.home), Ok)?;
    let path = path_of(config, &name).unwrap_or_else(|_| file_name(&name));
    let draft = draft(&name, &proposal, url, scout.requests());
    Ok(draft.finish(&path)?)
}

/// A name for the outlet of a front page: that of its domain.
pub(super) fn name_of(home: &CanonicalUrl) -> Result<SourceName, Failure> {
    let host = home.host();
    let domain = registrable_domain(host);
    let is_address = host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
    let label = match domain.split('.').next() {
        Some(label) if !is_address => label,
        _ => host,
    };
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = label.chars().map(plain).take(MAX_NAME).collect();
    SourceName::new(name.trim_matches('-')).map_err(Failure::wrong)
}

fn file_name(name: &SourceName) -> PathBuf {
    PathBuf::from(format!("{name}.toml"))
}

fn path_of(config: &Config, name: &SourceName) -> Result<PathBuf, Failure> {
    let folder = config.sources_dir().ok_or_else(|| {
        Failure::wrong(anyhow::anyhow!(
            "--write saves beside the configuration file, and there is none; name it with --config"
        ))
    })?;
    Ok(folder.join(file_name(name)))
}

fn refuse_second(path: &Path) -> Result<(), Failure> {
    if path.exists() {
        let path = path.display();
        return Err(Failure::failed(anyhow::anyhow!(
            "{path} is there already; --force replaces it, --name NAME gives the new one another name"
        )));
    }
    Ok(())
}

/// Writes the file; one that is there is replaced at once, or left alone.
fn save(path: &Path, text: &str, is_forced: bool) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::failed(anyhow::anyhow!("writing {}: {error}", path.display()))
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    if is_forced {
        let beside = path.with_extension("toml.new");
        return fs::write(&beside, text)
            .and_then(|()| fs::rename(&beside, path))
            .map_err(failed);
    }
    match fs::File::create_new(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map_err(failed),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => refuse_second(path),
        Err(error) => Err(failed(error)),
    }
}

/// The source file, key by key, each with its evidence.
fn draft(
    name: &SourceName,
    found: &Proposal,
    asked: &CanonicalUrl,
    requests: usize,
) -> SourceDraft {
    let mut draft = SourceDraft::new();
    draft.comment(&format!(
        "Found by `sokbo discover {asked}` on {} with {requests} requests. Read the outlet's terms, and say in \
         `terms` what they allow and when you read them.",
        found.today
    ));
    if let Some(cms) = found.cms {
        draft.comment(&format!("Its pages look like those of {cms}."));
    }
    about(&mut draft, name, found);
    draft.gap();
    listings(
        &mut draft,
        "feeds",
        &found.feeds,
        "no feed was found that names articles",
    );
    listings(
        &mut draft,
        "sitemaps",
        &found.sitemaps,
        "no sitemap was found that names articles",
    );
    let none = "no page of its menus links to articles that the front page does not have";
    listings(&mut draft, "sections", &found.sections, none);
    draft.gap();
    addresses(&mut draft, found);
    draft.gap();
    draft.day(
        "verified",
        found.today,
        "looked at, not yet read by a person",
    );
    if !found.remarks.is_empty() {
        draft.gap();
        draft.comment("Looked at without use:");
        for remark in &found.remarks {
            draft.comment(&format!("- {remark}"));
        }
    }
    draft
}

/// What the outlet is.
fn about(draft: &mut SourceDraft, name: &SourceName, found: &Proposal) {
    draft.text("name", name.as_str(), "");
    draft.text("home", found.home.as_str(), "");
    match &found.language {
        Some((code, why)) => draft.text("language", code, why),
        None => draft.comment("language: no sample was read that tells; learned from the pages"),
    }
    match &found.timezone {
        Ok((zone, why)) => draft.text("timezone", zone.name(), why),
        Err(why) => draft.comment(&format!("timezone: {why}")),
    }
}

/// What its articles' addresses are like.
fn addresses(draft: &mut SourceDraft, found: &Proposal) {
    match &found.article_url {
        Ok(pattern) => {
            draft.comment(&pattern.evidence);
            draft.text("article_url", &pattern.text, "");
        }
        Err(why) => draft.comment(&format!("article_url: {why}")),
    }
    if let Some(identity) = &found.identity {
        draft.words(
            "identity",
            identity,
            "tells one article from the next in each address",
        );
    }
    if !found.hosts.is_empty() {
        draft.words(
            "hosts",
            &found.hosts,
            "where its feeds and sitemaps say its articles are",
        );
    }
}

fn listings(draft: &mut SourceDraft, key: &str, found: &[Found], none: &str) {
    if found.is_empty() {
        draft.comment(&format!("{key}: {none}"));
        return;
    }
    draft.list(
        key,
        found
            .iter()
            .map(|one| (one.url.as_str(), one.evidence.as_str())),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlet_is_named_after_its_domain() {
        for (home, name) in [
            ("https://www.saesol-economy.co.kr/main", "saesol-economy"),
            ("https://news.tidewater.example/", "tidewater"),
            ("http://127.20.0.1:8600/", "127-20-0-1"),
            ("http://[::1]:8600/", "1"),
            ("https://새솔.example/", "xn--og4bqo"),
        ] {
            let home = CanonicalUrl::parse(home, Identity::AllButTracking).unwrap();
            let found = name_of(&home).map(|name| name.as_str().to_owned());
            assert_eq!(found.unwrap(), name, "{home}");
        }
    }
}
