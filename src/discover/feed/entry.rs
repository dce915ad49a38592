//! An entry of a feed, and how it comes together from elements that say the same in different words.

use chrono_tz::Tz;
use url::Url;

use crate::discover::scope::stamp;
use crate::domain::Stamp;

use super::text::{Markup, person, plain_title, words};

/// Authors of one entry.
const MAX_AUTHORS: usize = 20;

/// An entry as a feed states it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The absolute address of its page.
    pub url: Option<Url>,
    /// What the feed calls it: `guid`, `id`, `rdf:about`.
    pub id: Option<String>,
    /// The headline, plain.
    pub title: Option<String>,
    /// When it was published.
    pub published: Option<Stamp>,
    /// When it was last changed.
    pub updated: Option<Stamp>,
    /// The names of its authors.
    pub authors: Vec<String>,
    /// The teaser, as the feed writes it: plain or HTML.
    pub summary: Option<String>,
    /// The text, as the feed writes it: plain or HTML.
    pub content: Option<String>,
}

/// A value and how much the element it comes from is worth; the first of the best is kept.
#[derive(Debug)]
struct Slot<T>(Option<(u8, T)>);

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Slot<T> {
    fn offer(&mut self, rank: u8, value: Option<T>) {
        let is_better = self.0.as_ref().is_none_or(|(held, _)| rank > *held);
        if let (true, Some(value)) = (is_better, value) {
            self.0 = Some((rank, value));
        }
    }

    fn take(self) -> Option<T> {
        self.0.map(|(_, value)| value)
    }
}

/// What an element of an entry is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    Link,
    /// An id; whether it is an address too.
    Id {
        is_link: bool,
    },
    Published,
    Updated,
    Summary,
    Content,
    Author,
    /// Not of an entry but of the feed.
    Language,
}

/// An entry while it is read.
#[derive(Debug, Default)]
pub(super) struct Draft {
    url: Slot<Url>,
    id: Slot<String>,
    title: Slot<String>,
    published: Slot<Stamp>,
    updated: Slot<Stamp>,
    summary: Slot<String>,
    content: Slot<String>,
    authors: Vec<(u8, String)>,
}

impl Draft {
    /// Takes what an element says.
    pub(super) fn offer(
        &mut self,
        field: Field,
        rank: u8,
        text: &str,
        markup: Markup,
        context: &Context<'_>,
    ) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let whole = || Some(text.to_owned());
        match field {
            Field::Title => self.title.offer(rank, plain_title(text, markup)),
            Field::Link => self.url.offer(rank, context.address(text)),
            Field::Id { is_link } => {
                self.id.offer(rank, Some(words(text)));
                if is_link && (text.starts_with("http://") || text.starts_with("https://")) {
                    self.url.offer(1, context.address(text)); // less than any link
                }
            }
            Field::Published => self.published.offer(rank, stamp(text, context.zone)),
            Field::Updated => self.updated.offer(rank, stamp(text, context.zone)),
            Field::Summary => self.summary.offer(rank, whole()),
            Field::Content => self.content.offer(rank, whole()),
            Field::Author => {
                if let Some(name) = person(text).filter(|_| self.authors.len() < MAX_AUTHORS) {
                    self.authors.push((rank, name));
                }
            }
            Field::Language => {}
        }
    }

    /// Takes an address that was resolved already.
    pub(super) fn offer_link(&mut self, rank: u8, url: Option<Url>) {
        self.url.offer(rank, url);
    }

    /// Whether it says where its page is.
    pub(super) fn has_link(&self) -> bool {
        self.url.0.is_some()
    }

    pub(super) fn finish(self) -> Entry {
        let best = self.authors.iter().map(|(rank, _)| *rank).max();
        let mut authors: Vec<String> = Vec::new();
        for (rank, name) in self.authors {
            if Some(rank) == best && !authors.contains(&name) {
                authors.push(name);
            }
        }
        Entry {
            url: self.url.take(),
            id: self.id.take(),
            title: self.title.take(),
            published: self.published.take(),
            updated: self.updated.take(),
            authors,
            summary: self.summary.take(),
            content: self.content.take(),
        }
    }
}

/// What values are read by.
pub(super) struct Context<'a> {
    /// What relative addresses stand under.
    pub(super) base: &'a Url,
    /// The zone of times that state none.
    pub(super) zone: Option<Tz>,
}

impl Context<'_> {
    /// An absolute http(s) address. Some feeds escape `&` twice.
    pub(super) fn address(&self, text: &str) -> Option<Url> {
        let text = text.trim().replace("&amp;", "&");
        let url = self.base.join(&text).ok()?;
        let is_page = matches!(url.scheme(), "http" | "https") && url.has_host();
        is_page.then_some(url)
    }
}
