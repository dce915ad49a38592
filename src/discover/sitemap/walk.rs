//! Sitemaps in XML and in text, entry by entry. Namespaces say nothing here: half of the sitemaps in the
//! wild have none, or a wrong one.

use chrono_tz::Tz;
use url::Url;

use crate::discover::body::{Body, End};
use crate::discover::scope::stamp;
use crate::discover::xml::{Element, Handler, Open};
use crate::domain::Stamp;

/// Longer values are no address, date or title.
const MAX_VALUE_BYTES: usize = 4_096;

/// What an entry of a sitemap leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A page.
    Page,
    /// Another sitemap.
    Sitemap,
}

impl EntryKind {
    /// The word of `inspect sitemap`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Sitemap => "sitemap",
        }
    }
}

/// An entry as a sitemap states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitemapEntry {
    /// The absolute address.
    pub url: Url,
    /// What it leads to.
    pub kind: EntryKind,
    /// When it was last changed.
    pub lastmod: Option<Stamp>,
    /// When it was published, by the news extension.
    pub published: Option<Stamp>,
    /// The headline, by the news extension.
    pub title: Option<String>,
    /// The language, by the news extension.
    pub language: Option<String>,
    /// Whether the news extension speaks of it.
    pub is_news: bool,
}

/// The entry that is being read.
#[derive(Default)]
struct Draft {
    loc: String,
    lastmod: String,
    published: String,
    title: String,
    language: String,
    is_news: bool,
}

/// What a document turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Unknown,
    UrlSet,
    Index,
    /// RSS or Atom, which the protocol allows too.
    Feed,
    WebPage,
}

/// Walks through a sitemap and hands its entries on, as long as they are taken.
pub(super) struct Walk<'a, 'f> {
    base: &'a Url,
    zone: Option<Tz>,
    take: &'f mut dyn FnMut(SitemapEntry) -> bool,
    draft: Option<Draft>,
    /// The text of the innermost element so far.
    value: String,
    is_done: bool,
    is_cut: bool,
    pub(super) shape: Shape,
    /// Entries were met.
    pub(super) has_entries: bool,
    /// Entries without a usable address.
    pub(super) bad_entries: usize,
}

impl<'a, 'f> Walk<'a, 'f> {
    pub(super) fn new(
        base: &'a Url,
        zone: Option<Tz>,
        take: &'f mut dyn FnMut(SitemapEntry) -> bool,
    ) -> Self {
        Self {
            base,
            zone,
            take,
            draft: None,
            value: String::new(),
            is_done: false,
            is_cut: false,
            shape: Shape::Unknown,
            has_entries: false,
            bad_entries: 0,
        }
    }

    /// One address a line.
    pub(super) fn lines(&mut self, body: &mut Body<'_>, mut text: String, mut end: End) {
        loop {
            let whole = match end {
                End::More => text.rfind(['\n', '\r']).map_or(0, |at| at + 1),
                End::Whole | End::Broken | End::TooBig => text.len(),
            };
            for line in text.get(..whole).unwrap_or_default().lines() {
                let address = line.split_whitespace().next().unwrap_or_default();
                if address.starts_with("http://") || address.starts_with("https://") {
                    let draft = Draft {
                        loc: address.to_owned(),
                        ..Draft::default()
                    };
                    self.hand_on(draft, EntryKind::Page);
                }
            }
            text.drain(..whole);
            if end != End::More || self.is_done || text.len() > MAX_VALUE_BYTES * 16 {
                return;
            }
            end = body.fill(&mut text);
        }
    }

    fn slot(&mut self, parent: &str, name: &str) -> Option<&mut String> {
        let draft = self.draft.as_mut()?;
        // image:image and video:video have a `loc` and a `title` of their own
        match (parent, name) {
            ("url" | "sitemap", "loc") => Some(&mut draft.loc),
            ("url" | "sitemap", "lastmod") => Some(&mut draft.lastmod),
            ("news", "publication_date") => Some(&mut draft.published),
            ("news", "title") => Some(&mut draft.title),
            ("news" | "publication", "language") => Some(&mut draft.language),
            _ => None,
        }
    }

    /// Keeps the text of the last element of a path.
    fn end_value(&mut self, path: &[Open]) {
        let value = std::mem::take(&mut self.value);
        let mut names = path.iter().rev().map(|open| open.local.as_str());
        let name = names.next().unwrap_or_default();
        let parent = names.find(|name| !is_leaf(name)).unwrap_or_default();
        if let Some(slot) = self.slot(parent, name)
            && slot.trim().is_empty()
        {
            *slot = value;
        }
    }

    fn kind(&self, name: &str) -> EntryKind {
        match (name, self.shape) {
            ("sitemap", _) | (_, Shape::Index) => EntryKind::Sitemap,
            (_, Shape::Unknown | Shape::UrlSet | Shape::Feed | Shape::WebPage) => EntryKind::Page,
        }
    }

    fn end_entry(&mut self, name: &str) {
        if let Some(draft) = self.draft.take() {
            let is_half = self.is_cut && draft.loc.is_empty();
            let kind = self.kind(name);
            if !is_half {
                self.hand_on(draft, kind);
            }
        }
    }

    fn hand_on(&mut self, draft: Draft, kind: EntryKind) {
        self.has_entries = true;
        let address = draft.loc.trim();
        let url = Some(address).filter(|address| !address.is_empty());
        let url = url.and_then(|address| self.base.join(address).ok());
        let Some(url) =
            url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        else {
            self.bad_entries += 1;
            return;
        };
        let words: Vec<&str> = draft.title.split_whitespace().collect();
        let entry = SitemapEntry {
            url,
            kind,
            lastmod: stamp(&draft.lastmod, self.zone),
            published: stamp(&draft.published, self.zone),
            title: Some(words.join(" ")).filter(|title| !title.is_empty()),
            language: Some(draft.language.trim().to_owned())
                .filter(|language| !language.is_empty()),
            is_news: draft.is_news,
        };
        self.is_done |= !(self.take)(entry);
    }
}

/// Elements that hold no elements: one that is open around another was never closed.
fn is_leaf(name: &str) -> bool {
    matches!(
        name,
        "loc" | "lastmod" | "changefreq" | "priority" | "title" | "publication_date"
    )
}

fn is_entry(name: &str) -> bool {
    matches!(name, "url" | "sitemap")
}

impl Handler for Walk<'_, '_> {
    fn start(&mut self, element: &Element<'_>) {
        let parents = element
            .path
            .split_last()
            .map_or(&[][..], |(_, parents)| parents);
        self.end_value(parents); // the end of that element may be missing
        let name = element.local();
        if self.shape == Shape::Unknown {
            self.shape = match name {
                "urlset" => Shape::UrlSet,
                "sitemapindex" => Shape::Index,
                "rss" | "feed" | "rdf" if !self.has_entries => Shape::Feed,
                "html" if !self.has_entries => Shape::WebPage,
                _ => Shape::Unknown,
            };
            self.is_done |= matches!(self.shape, Shape::Feed | Shape::WebPage);
        }
        // an entry within an entry: the end of the first is missing
        if is_entry(name) && !element.path.iter().any(is_within) {
            self.end_entry(name);
            self.draft = Some(Draft::default());
        } else if let ("news", Some(draft)) = (name, &mut self.draft) {
            draft.is_news = true;
        }
    }

    fn end(&mut self, path: &[Open], _raw: &str) {
        self.end_value(path);
        if let Some((last, parents)) = path.split_last()
            && is_entry(&last.local)
            && !parents.iter().any(is_within)
        {
            self.end_entry(&last.local);
        }
    }

    fn text(&mut self, _path: &[Open], plain: &str, _raw: Option<&str>) {
        if self.value.len() + plain.len() <= MAX_VALUE_BYTES {
            self.value.push_str(plain);
        }
    }

    fn cut(&mut self) {
        self.is_cut = true;
        self.value.clear(); // half an address leads nowhere
    }

    fn is_done(&self) -> bool {
        self.is_done
    }
}

/// Whether an element holds `url` elements that are no entries.
fn is_within(open: &Open) -> bool {
    matches!(
        open.local.as_str(),
        "image" | "video" | "news" | "publication" | "player_loc"
    )
}
