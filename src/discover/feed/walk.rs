//! RSS of all versions and Atom, element by element.

use chrono_tz::Tz;
use url::Url;

use crate::discover::xml::{Element, Handler, Open};

use super::capture::Capture;
use super::entry::{Context, Draft, Entry, Field};
use super::hub::HubLinks;
use super::names::{self, Place};

/// The kinds of feeds in XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Rss,
    Atom,
}

/// What a feed is, by its root.
pub(super) struct Root {
    pub(super) kind: Kind,
    /// `2.0`, `0.3`; empty where it isn't stated.
    pub(super) version: String,
}

/// The entry that is being read.
struct Current {
    draft: Draft,
    /// The depth of its element.
    depth: usize,
}

/// Walks through a feed and hands its entries on, as long as they are taken.
pub(super) struct Walk<'a, 'f> {
    zone: Option<Tz>,
    /// The address of the document and those of `xml:base`, with the depth of their element.
    bases: Vec<(usize, Url)>,
    take: &'f mut dyn FnMut(Entry) -> bool,
    current: Option<Current>,
    capture: Option<Capture>,
    is_done: bool,
    /// Whether the end of the document is missing.
    is_cut: bool,
    /// What the first known root says.
    pub(super) root: Option<Root>,
    /// Whether an entry was met, under whatever root.
    pub(super) has_entries: bool,
    /// Whether a web page came first.
    pub(super) is_web_page: bool,
    /// Who pushes what is new in the feed.
    pub(super) links: HubLinks,
    base: &'a Url,
}

impl<'a, 'f> Walk<'a, 'f> {
    pub(super) fn new(
        base: &'a Url,
        zone: Option<Tz>,
        take: &'f mut dyn FnMut(Entry) -> bool,
    ) -> Self {
        Self {
            zone,
            bases: Vec::new(),
            take,
            current: None,
            capture: None,
            is_done: false,
            is_cut: false,
            root: None,
            has_entries: false,
            is_web_page: false,
            links: HubLinks::default(),
            base,
        }
    }

    fn base(&self) -> &Url {
        self.bases.last().map_or(self.base, |(_, base)| base)
    }

    fn offer(&mut self, field: Field, rank: u8, capture: &Capture) {
        if field == Field::Language {
            let language = capture.plain().trim().to_ascii_lowercase();
            self.zone = self.zone.or_else(|| names::zone_of(&language));
            return;
        }
        let (text, markup) = capture.value();
        let base = self.bases.last().map_or(self.base, |(_, base)| base);
        let context = Context {
            base,
            zone: self.zone,
        };
        if let Some(current) = &mut self.current {
            current.draft.offer(field, rank, &text, markup, &context);
        }
    }

    fn end_capture(&mut self) {
        if let Some(capture) = self.capture.take() {
            self.offer(capture.field, capture.rank, &capture);
        }
    }

    fn begin_entry(&mut self, element: &Element<'_>) {
        self.end_entry();
        self.has_entries = true;
        let mut draft = Draft::default();
        let about = element
            .attributes
            .iter()
            .find(|(name, _)| *name == "about" || name.ends_with(":about"));
        if let Some((_, about)) = about {
            let context = Context {
                base: self.base(),
                zone: self.zone,
            };
            let field = Field::Id { is_link: true };
            draft.offer(field, 5, about, super::text::Markup::Plain, &context);
        }
        self.current = Some(Current {
            draft,
            depth: element.path.len(),
        });
    }

    /// Hands the entry on; one that breaks off must say where its page is.
    fn end_entry(&mut self) {
        self.end_capture();
        if let Some(current) = self.current.take()
            && (!self.is_cut || current.draft.has_link())
        {
            self.is_done |= !(self.take)(current.draft.finish());
        }
    }

    /// A link that stands in attributes (Atom, and RSS that borrows from it).
    fn link(&mut self, element: &Element<'_>) {
        let context = Context {
            base: self.base(),
            zone: self.zone,
        };
        let href = element
            .attribute("href")
            .and_then(|href| context.address(href));
        let kind = element.attribute("type").unwrap_or_default();
        let rank = names::link_rank(element.attribute("rel"), kind);
        let rank = if self.is_rss() { rank.min(5) } else { rank };
        if let Some(current) = &mut self.current {
            current.draft.offer_link(rank, href.filter(|_| rank > 0));
        }
    }

    fn see_root(&mut self, element: &Element<'_>) {
        if self.root.is_some() || self.is_web_page {
            return;
        }
        let declared = |part: &str| {
            let mut spaces = element
                .attributes
                .iter()
                .filter(|(name, _)| name.starts_with("xmlns"));
            spaces.any(|(_, address)| address.to_ascii_lowercase().contains(part))
        };
        let stated = element
            .attribute("version")
            .unwrap_or_default()
            .trim()
            .to_owned();
        let (kind, version) = match element.local() {
            "rss" => (Kind::Rss, stated),
            "rdf" if declared("netscape.com/rdf/simple/0.9") => (Kind::Rss, "0.90".to_owned()),
            "rdf" => (Kind::Rss, "1.0".to_owned()),
            "feed" if declared("purl.org/atom/ns") && stated.is_empty() => {
                (Kind::Atom, "0.3".to_owned())
            }
            "feed" if stated.is_empty() || declared("www.w3.org/2005/atom") => {
                (Kind::Atom, "1.0".to_owned())
            }
            "feed" => (Kind::Atom, stated),
            "channel" => (Kind::Rss, String::new()),
            // an entry may be a document of its own (RFC 4287 section 2)
            "entry" if element.path.len() == 1 => (Kind::Atom, "1.0".to_owned()),
            "html" if !self.has_entries => {
                self.is_web_page = true;
                self.is_done = true;
                return;
            }
            _ => return,
        };
        self.root = Some(Root { kind, version });
    }

    fn is_rss(&self) -> bool {
        self.root.as_ref().is_none_or(|root| root.kind == Kind::Rss)
    }
}

impl Handler for Walk<'_, '_> {
    fn start(&mut self, element: &Element<'_>) {
        self.see_root(element);
        let depth = element.path.len();
        if let Some(base) = element
            .attribute("xml:base")
            .and_then(|base| self.base().join(base.trim()).ok())
        {
            self.bases.push((depth, base));
        }
        let is_entry = element.space().is_empty() && matches!(element.local(), "item" | "entry");
        if is_entry {
            return self.begin_entry(element);
        }
        if let Some(capture) = &mut self.capture {
            if !capture.breaks_at(element) {
                return capture.start(element);
            }
            self.end_capture();
        }
        let root = self.current.as_ref().map(|current| current.depth);
        let parents = element
            .path
            .split_last()
            .map_or(&[][..], |(_, parents)| parents);
        let place = names::place(parents, root, self.is_rss());
        let is_link = element.space().is_empty() && element.local() == "link";
        if let Some(href) = element.attribute("href").filter(|_| is_link) {
            match place {
                Place::Entry => return self.link(element),
                Place::Head => {
                    let rel = element.attribute("rel").unwrap_or_default();
                    let base = self.bases.last().map_or(self.base, |(_, base)| base);
                    self.links.offer(rel, base.join(href.trim()).ok());
                    return;
                }
                Place::Author | Place::Media | Place::Other => {}
            }
        }
        let wanted = names::field(place, element);
        if let Some((field, rank)) = wanted {
            self.capture = Some(Capture::new(field, rank, element, self.is_rss()));
        }
    }

    fn end(&mut self, path: &[Open], raw: &str) {
        let depth = path.len();
        match &mut self.capture {
            Some(capture) if capture.depth < depth => capture.end(path, raw),
            Some(_) | None => self.end_capture(),
        }
        while self.bases.last().is_some_and(|(at, _)| *at >= depth) {
            self.bases.pop();
        }
        if self
            .current
            .as_ref()
            .is_some_and(|current| current.depth == depth)
        {
            self.end_entry();
        }
    }

    fn cut(&mut self) {
        self.capture = None; // half an address leads nowhere
        self.is_cut = true;
    }

    fn text(&mut self, path: &[Open], plain: &str, raw: Option<&str>) {
        if let Some(capture) = &mut self.capture {
            capture.text(plain, raw);
            return;
        }
        // `<link/>https://…`, as HTML serializers write it
        let text = plain.trim();
        if let Some(current) = &mut self.current
            && current.depth == path.len()
            && text.starts_with("http")
        {
            let base = self.bases.last().map_or(self.base, |(_, base)| base);
            let context = Context { base, zone: None };
            current.draft.offer_link(2, context.address(text));
        }
    }

    fn is_done(&self) -> bool {
        self.is_done
    }
}
