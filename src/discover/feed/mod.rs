//! RSS, Atom and JSON Feed: an own reader, since half of the feeds in the wild are broken somewhere and
//! must not lose an entry for it (docs/DISCOVERY.md).

mod capture;
mod entry;
mod hub;
mod json;
mod names;
mod text;
mod walk;

use chrono_tz::Tz;
use url::Url;

use crate::discover::body::{Body, End};
use crate::discover::error::{DiscoverError, is_web_page};
use crate::discover::listing::{Candidate, Collector, Format, Listing};
use crate::discover::scope::{OwnListings, moment};
use crate::discover::xml;
use crate::domain::{CanonicalUrl, Source};

pub use entry::Entry;
pub use hub::HubLinks;
use walk::{Kind, Walk};

/// Feeds hold tens of entries, some the whole archive; as many as a sitemap may have.
const MAX_ENTRIES: usize = 50_000;
/// The text of a JSON Feed is held as a whole, and once more where it is broken.
const MAX_JSON_BYTES: usize = 8 << 20;
/// The text of one entry that is kept as a hint, and of all of them.
const MAX_HINT_BYTES: usize = 64 << 10;
const MAX_HINTS_BYTES: usize = 8 << 20;

/// How a feed is written, and what was wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedHead {
    /// How it is written.
    pub format: Format,
    /// The version as the feed states it: `2.0`, `0.3`, `1.1`; empty where it states none.
    pub version: String,
    /// The charset it was decoded from, as the Encoding standard names it.
    pub charset: &'static str,
    /// What was wrong with it; empty for a well-formed feed.
    pub warnings: Vec<String>,
    /// Who pushes what is new in it.
    pub links: HubLinks,
}

impl FeedHead {
    /// `rss 2.0`, `atom 1.0`, `json 1.1`; the bare word where the version is not stated.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} {}", self.format.as_str(), self.version)
            .trim_end()
            .to_owned()
    }
}

/// Reads a feed. Items of all hosts are candidates: a source's own feed is trusted.
///
/// # Errors
/// When the body is a web page, nothing of it can be read as a feed, or it is broken and gave nothing.
pub fn feed(
    body: &[u8],
    content_type: Option<&str>,
    base: &Url,
    source: &Source,
) -> Result<Listing, DiscoverError> {
    let mut collector = Collector::new(Format::Rss, "UTF-8", MAX_ENTRIES);
    let own = OwnListings::of(source);
    let mut room = MAX_HINTS_BYTES;
    let mut without_address = 0_usize;
    let mut take = |entry: Entry| {
        match candidate(entry, source, &mut room) {
            Some(candidate) if !own.contains(&candidate.url) => collector.add_article(candidate),
            Some(_) => {}
            None => without_address += 1,
        }
        !collector.is_full()
    };
    let head = feed_entries(body, content_type, base, source.timezone, &mut take)?;
    collector.set_format(head.format);
    collector.set_charset(head.charset);
    for warning in head.warnings {
        collector.warn(warning);
    }
    if without_address > 0 {
        collector.warn(format!("{without_address} entries have no usable address"));
    }
    let mut listing = collector.finish(0);
    listing.hub = head.links.hub(base);
    match listing.warnings.first() {
        // A feed that is well-formed and empty has no news; of a broken one nobody knows.
        Some(reason) if listing.articles.is_empty() => Err(DiscoverError::Unreadable {
            expected: "feed",
            reason: reason.clone(),
        }),
        _ => Ok(listing),
    }
}

/// Reads a feed and hands each entry on in its order, until `take` wants no more. Relative addresses
/// stand under `base`, times that state no zone are in `zone`.
///
/// # Errors
/// When the body is a web page, or nothing of it can be read as a feed.
pub fn feed_entries(
    body: &[u8],
    content_type: Option<&str>,
    base: &Url,
    zone: Option<Tz>,
    take: &mut dyn FnMut(Entry) -> bool,
) -> Result<FeedHead, DiscoverError> {
    let mut body = Body::open(body, content_type, base.host_str());
    let mut text = String::new();
    let end = body.fill(&mut text);
    if is_web_page(&text) {
        return Err(DiscoverError::WebPage { expected: "feed" });
    }
    let is_json = text.chars().find(|c| matches!(c, '{' | '<')) == Some('{');
    let mut head = if is_json {
        from_json(&mut body, (text, end), base, zone, take)?
    } else {
        from_xml(&mut body, (text, end), base, zone, take)?
    };
    if let Some(label) = &body.wrong_label {
        let charset = body.charset.to_ascii_lowercase();
        head.warnings.insert(
            0,
            format!("it is labelled `{label}` and was read as {charset}"),
        );
    }
    Ok(head)
}

fn unreadable(reason: impl Into<String>) -> DiscoverError {
    DiscoverError::Unreadable {
        expected: "feed",
        reason: reason.into(),
    }
}

fn from_json(
    body: &mut Body<'_>,
    (mut text, mut end): (String, End),
    base: &Url,
    zone: Option<Tz>,
    take: &mut dyn FnMut(Entry) -> bool,
) -> Result<FeedHead, DiscoverError> {
    while end == End::More && text.len() < MAX_JSON_BYTES {
        end = body.fill(&mut text);
    }
    let head = json::read(&text, base, zone, take);
    let mut head = head.ok_or_else(|| unreadable("it is JSON, but no JSON Feed"))?;
    if end == End::More {
        let bytes = MAX_JSON_BYTES >> 20;
        head.warnings.push(format!(
            "it is longer than {bytes} MiB: its beginning was read"
        ));
    }
    if body.has_errors() {
        head.warnings
            .push(format!("not well-formed: {}", xml::Fault::Bytes));
    }
    Ok(FeedHead {
        format: Format::JsonFeed,
        version: if head.version == "1" {
            "1.0".to_owned()
        } else {
            head.version
        },
        charset: body.charset,
        warnings: head.warnings,
        links: head.links,
    })
}

fn from_xml(
    body: &mut Body<'_>,
    (text, end): (String, End),
    base: &Url,
    zone: Option<Tz>,
    take: &mut dyn FnMut(Entry) -> bool,
) -> Result<FeedHead, DiscoverError> {
    let is_empty = text.trim().is_empty();
    let mut walk = Walk::new(base, zone, take);
    let faults = xml::read(body, text, end, &mut walk);
    if walk.is_web_page {
        return Err(DiscoverError::WebPage { expected: "feed" });
    }
    let (format, version) = match walk.root {
        Some(root) => match root.kind {
            Kind::Rss => (Format::Rss, root.version),
            Kind::Atom => (Format::Atom, root.version),
        },
        None if walk.has_entries => (Format::Rss, String::new()),
        None if is_empty => return Err(unreadable("it is empty")),
        None => {
            return Err(unreadable(
                "it has neither `rss` nor `feed`, `rdf:RDF` or items of JSON",
            ));
        }
    };
    Ok(FeedHead {
        format,
        version,
        charset: body.charset,
        warnings: faults.warnings().collect(),
        links: walk.links,
    })
}

/// What the crawl needs of an entry; `room` is what all hints together may still take.
fn candidate(entry: Entry, source: &Source, room: &mut usize) -> Option<Candidate> {
    let url = CanonicalUrl::from_url(entry.url?, source.identity()).ok()?;
    let published = entry.published.as_ref().and_then(moment);
    let longer = match (entry.content, entry.summary) {
        (Some(content), Some(summary)) if summary.len() > content.len() => Some(summary),
        (Some(content), _) => Some(content),
        (None, summary) => summary,
    };
    let text = longer.filter(|text| !text.is_empty()).and_then(|mut text| {
        text.truncate(text.floor_char_boundary(MAX_HINT_BYTES));
        *room = room.checked_sub(text.len())?;
        Some(text)
    });
    Some(Candidate {
        title: entry.title,
        published,
        stated: entry.published,
        modified: entry
            .updated
            .as_ref()
            .and_then(moment)
            .filter(|at| Some(*at) != published),
        authors: entry.authors,
        text,
        url,
    })
}

#[cfg(test)]
mod tests;
