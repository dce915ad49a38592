//! Sitemaps (sitemaps.org 0.9), their indexes and the news extension.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::MultiGzDecoder;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use url::Url;

use crate::discover::error::{DiscoverError, is_web_page};
use crate::discover::judge;
use crate::discover::listing::{Candidate, Collector, Format, Listing};
use crate::discover::scope::{OwnListings, instant};
use crate::domain::{CanonicalUrl, Identity, Source};
use crate::markup::decode;

/// The protocol's own bounds.
const MAX_BYTES: u64 = 50 << 20;
const MAX_ENTRIES: usize = 50_000;
/// Children of an index that are visited: the newest.
const MAX_CHILDREN: usize = 100;
/// Longer values are no address, date or title.
const MAX_VALUE_BYTES: usize = 4_096;
/// Names of elements that are kept while they are open.
const MAX_DEPTH: usize = 16;

/// Reads a sitemap, an index of sitemaps or a list of addresses, gzipped or plain. Entries of all
/// hosts are candidates: a source's own sitemap is trusted.
///
/// # Errors
/// When the body is a web page, or no entry of it can be read.
pub fn sitemap(body: &[u8], base: &Url, source: &Source) -> Result<Listing, DiscoverError> {
    let (body, is_whole) = unpacked(body);
    let decoded = decode(&body, None, base.host_str());
    if is_web_page(&decoded.text) {
        return Err(DiscoverError::WebPage {
            expected: "sitemap",
        });
    }
    let collector = Collector::new(Format::UrlSet, decoded.charset, MAX_ENTRIES);
    let mut walk = Walk {
        base,
        source,
        own: OwnListings::of(source),
        collector,
        entry: Entry::default(),
        open: Vec::new(),
        beyond: 0,
        value: String::new(),
        has_root: false,
        bad_entries: 0,
    };
    if !is_whole {
        walk.collector
            .warn("the gzipped sitemap is cut short or too big: its beginning was read");
    }
    let text = decoded.text.trim_start();
    let end = if text.starts_with('<') {
        walk.xml(text)
    } else {
        walk.lines(text)
    };
    if walk.bad_entries > 0 {
        let count = walk.bad_entries;
        walk.collector
            .warn(format!("{count} entries have no usable address"));
    }
    let listing = walk.collector.finish(MAX_CHILDREN);
    match end {
        Err(reason) if listing.articles.is_empty() && listing.sitemaps.is_empty() => {
            Err(DiscoverError::Unreadable {
                expected: "sitemap",
                reason,
            })
        }
        _ => Ok(listing),
    }
}

/// The body without gzip, and whether that is all of it.
fn unpacked(body: &[u8]) -> (Cow<'_, [u8]>, bool) {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return (Cow::Borrowed(body), true);
    }
    let mut plain = Vec::new();
    let result = MultiGzDecoder::new(body)
        .take(MAX_BYTES)
        .read_to_end(&mut plain);
    let is_whole = result.is_ok_and(|bytes| (bytes as u64) < MAX_BYTES);
    (Cow::Owned(plain), is_whole)
}

/// The entry that is being read.
#[derive(Default)]
struct Entry {
    loc: String,
    lastmod: String,
    published: String,
    title: String,
    is_news: bool,
}

struct Walk<'a> {
    base: &'a Url,
    source: &'a Source,
    own: OwnListings,
    collector: Collector,
    entry: Entry,
    /// Local names of the open elements; beyond `MAX_DEPTH` they are only counted.
    open: Vec<String>,
    beyond: usize,
    /// The text of the innermost element so far.
    value: String,
    has_root: bool,
    /// Entries without a usable address.
    bad_entries: usize,
}

impl Walk<'_> {
    /// One address a line.
    fn lines(&mut self, text: &str) -> Result<(), String> {
        self.collector.set_format(Format::Text);
        for line in text.lines().map(str::trim) {
            if line.starts_with("http") {
                line.clone_into(&mut self.entry.loc);
                self.end_entry();
            }
        }
        Err("it has neither XML nor lines with addresses".to_owned())
    }

    fn xml(&mut self, text: &str) -> Result<(), String> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        config.allow_unmatched_ends = true;
        config.check_end_names = false;
        config.expand_empty_elements = true;
        while !self.collector.is_full() {
            match reader.read_event() {
                Ok(Event::Start(tag)) => self.start(tag.local_name().as_ref()),
                Ok(Event::End(tag)) => self.end(tag.local_name().as_ref()),
                Ok(Event::Text(text)) => self.push(&text),
                Ok(Event::CData(text)) => self.push(&text),
                Ok(Event::GeneralRef(name)) => self.push_reference(&name),
                Ok(Event::Eof) if self.open.is_empty() => break,
                Ok(Event::Eof) => return self.broken("it is cut short"),
                Ok(_) => {}
                Err(error) => return self.broken(&error.to_string()),
            }
        }
        if self.has_root {
            return Ok(());
        }
        Err("it has no `urlset` and no `sitemapindex`".to_owned())
    }

    fn broken(&mut self, reason: &str) -> Result<(), String> {
        let entries = "the entries before were kept";
        self.collector.warn(format!(
            "the sitemap is not well-formed, {entries}: {reason}"
        ));
        Err(reason.to_owned())
    }

    fn start(&mut self, name: &str) {
        self.value.clear();
        match name {
            "urlset" => self.has_root = true,
            "sitemapindex" => {
                self.has_root = true;
                self.collector.set_format(Format::SitemapIndex);
            }
            "url" | "sitemap" => self.entry = Entry::default(),
            "news" => self.entry.is_news = true,
            _ => {}
        }
        if self.open.len() < MAX_DEPTH {
            self.open.push(name.to_owned());
        } else {
            self.beyond += 1;
        }
    }

    fn end(&mut self, name: &str) {
        let value = std::mem::take(&mut self.value);
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        self.open.pop();
        // image:image and video:video have a `loc` and a `title` of their own
        let parent = self.open.last().map_or("", String::as_str);
        let slot = match (parent, name) {
            ("url" | "sitemap", "loc") => &mut self.entry.loc,
            ("url" | "sitemap", "lastmod") => &mut self.entry.lastmod,
            ("news", "publication_date") => &mut self.entry.published,
            ("news", "title") => &mut self.entry.title,
            (_, "url" | "sitemap") => return self.end_entry(),
            _ => return,
        };
        *slot = value;
    }

    fn push(&mut self, text: &str) {
        if self.value.len() + text.len() <= MAX_VALUE_BYTES {
            self.value.push_str(text);
        }
    }

    fn push_reference(&mut self, reference: &BytesRef<'_>) {
        let name: &str = reference;
        let known = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => reference.resolve_char_ref().ok().flatten(),
        };
        match known {
            Some(c) => self.push(c.encode_utf8(&mut [0; 4])),
            None => self.push(&format!("&{name};")),
        }
    }

    fn end_entry(&mut self) {
        let entry = std::mem::take(&mut self.entry);
        let is_index = self.collector.format() == Format::SitemapIndex;
        let identity = if is_index {
            Identity::AllButTracking
        } else {
            self.source.identity()
        };
        let Ok(url) = CanonicalUrl::join(self.base, &entry.loc, identity) else {
            self.bad_entries += 1;
            return;
        };
        let words: Vec<&str> = entry.title.split_whitespace().collect();
        let candidate = Candidate {
            title: Some(words.join(" ")).filter(|title| !title.is_empty()),
            published: instant(&entry.published, self.source.timezone),
            modified: instant(&entry.lastmod, self.source.timezone),
            url,
        };
        if is_index {
            self.add_child(candidate);
        } else if entry.is_news || self.may_be_article(&candidate.url) {
            self.collector.add_article(candidate);
        }
    }

    fn add_child(&mut self, child: Candidate) {
        let own = CanonicalUrl::from_url(self.base.clone(), Identity::AllButTracking);
        if own.is_ok_and(|own| own.fingerprint() == child.url.fingerprint()) {
            self.collector.warn("the index lists itself");
        } else {
            self.collector.add_sitemap(child);
        }
    }

    /// A sitemap may list everything of a site; what is surely no article is left out.
    fn may_be_article(&self, url: &CanonicalUrl) -> bool {
        match &self.source.article_url {
            Some(pattern) => pattern.is_match(url.as_str()),
            None => !self.own.contains(url) && judge::score(url, "") > judge::SURELY_NOT,
        }
    }
}

#[cfg(test)]
mod tests;
