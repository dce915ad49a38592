//! RSS, Atom and JSON Feed.

mod repair;

use feed_rs::model::{Entry, Feed, FeedType, Text};
use feed_rs::parser::{Builder, ParseFeedError};
use scraper::Html;
use url::Url;

use crate::discover::error::{DiscoverError, is_web_page};
use crate::discover::listing::{Candidate, Collector, Format, Listing};
use crate::discover::scope::{OwnListings, instant};
use crate::domain::{CanonicalUrl, Source};
use crate::markup::decode;

/// Feeds hold tens of items; those with the whole archive are read from the top.
const MAX_ENTRIES: usize = 2_000;
/// A headline is shorter; what is longer is the text of the item.
const MAX_TITLE_CHARS: usize = 500;
/// Titles escaped twice have this many layers of markup.
const MAX_TITLE_LAYERS: usize = 2;

/// Reads a feed. Items of all hosts are candidates: a source's own feed is trusted.
///
/// # Errors
/// When the body is a web page, or nothing of it can be read as a feed.
pub fn feed(
    body: &[u8],
    content_type: Option<&str>,
    base: &Url,
    source: &Source,
) -> Result<Listing, DiscoverError> {
    let decoded = decode(body, content_type, base.host_str());
    if is_web_page(&decoded.text) {
        return Err(DiscoverError::WebPage { expected: "feed" });
    }
    let text = repair::as_utf8_document(&decoded.text);
    let (feeds, warning) = read(&text, base, source)?;
    let format = feeds.first().map_or(Format::Rss, format_of);
    let mut collector = Collector::new(format, decoded.charset, MAX_ENTRIES);
    if decoded.is_malformed {
        collector.warn(format!(
            "the feed has bytes that are not {}",
            decoded.charset
        ));
    }
    if let Some(warning) = warning {
        collector.warn(warning);
    }
    let own = OwnListings::of(source);
    for entry in feeds.iter().flat_map(|feed| &feed.entries) {
        let candidate = candidate(entry, base, source);
        if let Some(candidate) = candidate.filter(|candidate| !own.contains(&candidate.url)) {
            collector.add_article(candidate);
        }
    }
    Ok(collector.finish(0))
}

/// The feed as it is, or repaired, or item by item.
fn read(
    text: &str,
    base: &Url,
    source: &Source,
) -> Result<(Vec<Feed>, Option<&'static str>), DiscoverError> {
    let reason = match parse(text, base, source) {
        Ok(feed) => return Ok((vec![feed], None)),
        Err(reason) => reason,
    };
    let repaired = repair::well_formed(text);
    if let Ok(feed) = parse(&repaired.text, base, source) {
        let warning = if repaired.is_cut {
            "the feed is cut short: its whole items were read"
        } else {
            "the feed is not well-formed: it was read after a repair"
        };
        return Ok((vec![feed], Some(warning)));
    }
    let single = repair::single_items(&repaired.text).take(MAX_ENTRIES);
    let feeds: Vec<Feed> = single
        .filter_map(|text| parse(&text, base, source).ok())
        .collect();
    if feeds.is_empty() {
        return Err(DiscoverError::Unreadable {
            expected: "feed",
            reason: reason.to_string(),
        });
    }
    Ok((
        feeds,
        Some("the feed is not well-formed: its readable items were kept"),
    ))
}

fn parse(text: &str, base: &Url, source: &Source) -> Result<Feed, ParseFeedError> {
    let zone = source.timezone;
    Builder::new()
        .base_uri(Some(base.as_str()))
        .timestamp_parser(move |text| instant(text, zone))
        .build()
        .parse(text.as_bytes())
}

fn format_of(feed: &Feed) -> Format {
    match feed.feed_type {
        FeedType::Atom => Format::Atom,
        FeedType::JSON => Format::JsonFeed,
        FeedType::RSS0 | FeedType::RSS1 | FeedType::RSS2 => Format::Rss,
    }
}

fn candidate(entry: &Entry, base: &Url, source: &Source) -> Option<Candidate> {
    Some(Candidate {
        url: address(entry, base, source)?,
        title: entry.title.as_ref().and_then(plain_title),
        published: entry.published,
        modified: entry
            .updated
            .filter(|updated| Some(*updated) != entry.published),
    })
}

/// The entry's link to a page, or its id where that is an address (RSS: a permalink).
fn address(entry: &Entry, base: &Url, source: &Source) -> Option<CanonicalUrl> {
    let is_page = |rel: Option<&str>| matches!(rel, None | Some("alternate" | ""));
    let links = entry.links.iter().filter(|link| link.target.is_none());
    links
        .filter(|link| is_page(link.rel.as_deref()) && !link.href.is_empty())
        .find_map(|link| CanonicalUrl::join(base, &link.href, source.identity()).ok())
        .or_else(|| CanonicalUrl::parse(&entry.id, source.identity()).ok())
}

/// The title without markup and entities, which some feeds escape twice.
fn plain_title(title: &Text) -> Option<String> {
    let mut text: String = title.content.chars().take(MAX_TITLE_CHARS).collect();
    for _ in 0..MAX_TITLE_LAYERS {
        if !text.contains(['&', '<']) {
            break;
        }
        text = Html::parse_fragment(&text).root_element().text().collect();
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    Some(words.join(" ")).filter(|title| !title.is_empty())
}

#[cfg(test)]
mod tests;
