//! `sokbo try`: one dry visit of a source, or of an outlet that is no source yet.

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use clap::Args as ClapArgs;

use crate::config::Config;
use crate::crawl::scout::{self, Listed, SampleRead, Trial};
use crate::domain::{Article, CanonicalUrl, Identity, SectionKind, Source, Stamp};

use super::Failure;
use super::scouting::{self, MAX_REQUESTS};
use super::terminal::{print, table};
use super::{discover, terminal};

/// Characters of a title, a warning and the like.
const SHOWN: usize = 60;

/// Arguments of `sokbo try`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    /// The name of a source, or the address of a front page
    #[arg(value_name = "SOURCE|URL")]
    target: String,
}

/// What is to be visited.
enum Target<'a> {
    Known(&'a Source),
    Unknown(CanonicalUrl),
}

pub(super) async fn execute(args: Args, config: Config) -> Result<(), Failure> {
    let target = target(&args.target, &config)?;
    let most = match &target {
        Target::Known(source) => {
            config.require_contact_for(source)?;
            MAX_REQUESTS
        }
        Target::Unknown(url) => {
            config.require_contact_for(&Source::new(discover::name_of(url)?, url.clone()))?;
            2 * MAX_REQUESTS // to discover it, then to visit it
        }
    };
    let (scout, shown) = scouting::scout(&config, most)?;
    let (source, found) = match target {
        Target::Known(source) => (source.clone(), None),
        Target::Unknown(url) => {
            let (text, source) = discover::source_file(&scout, &url, None, &config).await?;
            (source, Some(text))
        }
    };
    let trial = scout::try_source(&scout, &source).await;
    drop(shown);
    if let Some(text) = found {
        print(&format!(
            "No source has this front page. This one would fit:\n\n{text}"
        ))?;
    }
    print(&report(&source, &trial, scout.requests()))?;
    if trial.articles > 0 {
        return Ok(());
    }
    let reason = trial
        .listings
        .iter()
        .find_map(|listed| listed.read.as_ref().err());
    let reason = reason.map_or("its listings name no article", String::as_str);
    Err(Failure::failed(anyhow!(
        "nothing could be visited: {reason}"
    )))
}

fn target<'a>(text: &str, config: &'a Config) -> Result<Target<'a>, Failure> {
    if let Some(source) = config
        .sources
        .iter()
        .find(|source| source.name.as_str() == text)
    {
        return Ok(Target::Known(source));
    }
    if !text.contains("://") {
        let names: Vec<&str> = config.sources.iter().map(|s| s.name.as_str()).collect();
        return Err(Failure::wrong(anyhow!(
            "there is no source {text}; name one of {}, or give the address of a front page",
            if names.is_empty() {
                "those in sources/ (none yet)".to_owned()
            } else {
                names.join(", ")
            }
        )));
    }
    let url = CanonicalUrl::parse(text, Identity::AllButTracking).map_err(Failure::wrong)?;
    let owner = config.sources.iter().find(|source| source.owns(url.host()));
    Ok(owner.map_or(Target::Unknown(url), Target::Known))
}

/// All that the visit found.
fn report(source: &Source, trial: &Trial, requests: usize) -> String {
    let mut parts = vec![format!("{}, {}", source.name, source.home)];
    let robots = trial.robots.iter();
    parts.extend(robots.map(|(origin, said)| format!("{origin}/robots.txt: {said}")));
    let mut rows = table(&["listing", "kind", "articles", "newest", "oldest", "remark"]);
    for listed in &trial.listings {
        rows.add_row(listing_row(listed));
    }
    parts.push(format!("\n{rows}"));
    if trial.left_out > 0 {
        parts.push(format!(
            "{} more listings were not looked at",
            trial.left_out
        ));
    }
    if !trial.samples.is_empty() {
        parts.push(format!("\n{}", samples(&trial.samples)));
        let count = trial
            .samples
            .iter()
            .filter(|sample| sample.read.is_ok())
            .count();
        let mut rows = table(&["field", "filled"]);
        for fill in &trial.fills {
            rows.add_row([fill.field.to_owned(), format!("{} of {count}", fill.filled)]);
        }
        parts.push(format!("\n{rows}"));
    }
    if !trial.next.is_empty() {
        parts.push(format!(
            "\nThe crawl would fetch {} articles, the first of them:",
            trial.articles
        ));
        parts.extend(trial.next.iter().map(|url| format!("  {url}")));
    }
    parts.push(format!("\n{requests} requests; nothing was stored."));
    parts.join("\n")
}

fn listing_row(listed: &Listed) -> [String; 6] {
    let kind = match listed.kind {
        SectionKind::Page => "section",
        SectionKind::Feed => "feed",
        SectionKind::Sitemap => "sitemap",
    };
    let url = listed.url.to_string();
    let day = |at: Option<DateTime<Utc>>| terminal::local(at);
    match &listed.read {
        Err(why) => [
            url,
            kind.to_owned(),
            "-".into(),
            "-".into(),
            "-".into(),
            why.clone(),
        ],
        Ok(content) => {
            let mut remarks = Vec::new();
            if content.sitemaps > 0 {
                remarks.push(format!("names {} sitemaps", content.sitemaps));
            }
            if content.outside > 0 {
                remarks.push(format!(
                    "{} links elsewhere are left alone",
                    content.outside
                ));
            }
            remarks.extend(content.warnings.first().cloned());
            let (newest, oldest) = (content.span.map(|s| s.0), content.span.map(|s| s.1));
            let kind = format!("{kind} ({})", content.format.as_str());
            let articles = content.articles.to_string();
            [
                url,
                kind,
                articles,
                day(newest),
                day(oldest),
                remarks.join("; "),
            ]
        }
    }
}

fn samples(samples: &[SampleRead]) -> String {
    let mut rows = table(&["sample", "title", "published", "authors", "words"]);
    for sample in samples {
        let url = sample.url.to_string();
        match &sample.read {
            Ok(article) => rows.add_row(article_row(url, article)),
            Err(why) => rows.add_row([url, why.clone()]),
        };
    }
    rows.to_string()
}

fn article_row(url: String, article: &Article) -> [String; 5] {
    let published = article.published.as_ref().map(Stamp::to_text);
    [
        url,
        article.title.chars().take(SHOWN).collect(),
        published.unwrap_or_else(|| "-".to_owned()),
        article.authors.join(", "),
        article.word_count().to_string(),
    ]
}
