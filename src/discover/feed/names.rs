//! Which element of a feed says what. The higher the rank, the more it is believed.

use chrono_tz::Tz;

use crate::discover::xml::{Element, Open};

use super::entry::Field;

/// Where an element stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the head of the feed.
    Head,
    /// Directly in an entry.
    Entry,
    /// In an Atom author of an entry.
    Author,
    /// In a Media RSS element of an entry.
    Media,
    /// In something of an entry that speaks for itself, such as the feed it was taken from.
    Other,
}

/// Elements of an entry that hold no elements: one that is open around another was never closed.
const LEAVES: &[&str] = &[
    "title",
    "link",
    "guid",
    "id",
    "pubdate",
    "description",
    "summary",
    "category",
    "comments",
    "enclosure",
    "published",
    "updated",
    "issued",
    "modified",
    "created",
    "creator",
    "date",
    "encoded",
    "subject",
    "language",
    "rights",
];

/// The place of an element by what is open around it; `entry` is the depth of the entry.
pub(super) fn place(parents: &[Open], entry: Option<usize>, is_rss: bool) -> Place {
    let Some(depth) = entry else {
        return Place::Head;
    };
    let mut place = Place::Entry;
    for open in parents.get(depth..).unwrap_or_default() {
        place = match (open.space, open.local.as_str()) {
            ("", "author") if place == Place::Entry => Place::Author,
            ("media", _) if place != Place::Author => Place::Media,
            ("", "source") if is_rss => place,
            ("" | "dc" | "content", local) if LEAVES.contains(&local) => place,
            _ => return Place::Other,
        };
    }
    place
}

/// What an element is good for.
pub(super) fn field(place: Place, element: &Element<'_>) -> Option<(Field, u8)> {
    let name = (element.space(), element.local());
    match place {
        Place::Head => matches!(name, ("" | "dc", "language")).then_some((Field::Language, 1)),
        Place::Entry => core(element).or_else(|| borrowed(name)),
        Place::Author => match name {
            ("", "name") => Some((Field::Author, 9)),
            ("", "email") => Some((Field::Author, 3)),
            _ => None,
        },
        Place::Media => media(name),
        Place::Other => None,
    }
}

/// The elements of RSS and Atom themselves.
fn core(element: &Element<'_>) -> Option<(Field, u8)> {
    if !element.space().is_empty() {
        return None;
    }
    Some(match element.local() {
        "title" => (Field::Title, 9),
        "link" => (Field::Link, 6),
        "guid" => {
            // RSS 2.0: a permalink unless it says otherwise
            let stated = element.attribute("isPermaLink").map(str::trim);
            let is_link = !stated.is_some_and(|stated| stated.eq_ignore_ascii_case("false"));
            (Field::Id { is_link }, 9)
        }
        "id" => (Field::Id { is_link: true }, 9),
        "pubdate" | "published" | "issued" => (Field::Published, 9),
        "created" => (Field::Published, 7),
        "date" => (Field::Published, 6),
        "updated" | "modified" => (Field::Updated, 9),
        "lastbuilddate" => (Field::Updated, 5),
        "description" | "summary" => (Field::Summary, 9),
        "abstract" => (Field::Summary, 6),
        "content" => (Field::Content, 8),
        "body" | "fullitem" | "full-text" => (Field::Content, 6),
        "author" => (Field::Author, 8),
        _ => return None,
    })
}

/// The elements of other vocabularies.
fn borrowed(name: (&str, &str)) -> Option<(Field, u8)> {
    Some(match name {
        ("feedburner" | "pheedo", "origlink") => (Field::Link, 9),
        ("content", "encoded") => (Field::Content, 9),
        ("xhtml", "body" | "div") => (Field::Content, 7),
        ("yandex", "full-text") => (Field::Content, 6),
        ("dc" | "dcterms", "title") => (Field::Title, 7),
        ("itunes", "title") => (Field::Title, 5),
        ("dc" | "dcterms", "creator") => (Field::Author, 9),
        ("itunes", "author") => (Field::Author, 5),
        ("dc" | "dcterms", "date") => (Field::Published, 8),
        ("dcterms", "issued" | "created" | "available" | "dateaccepted") => (Field::Published, 7),
        ("prism", "publicationdate") => (Field::Published, 6),
        ("dcterms", "modified") => (Field::Updated, 8),
        ("prism", "modificationdate") => (Field::Updated, 6),
        ("dc" | "dcterms", "description" | "abstract") => (Field::Summary, 7),
        ("itunes", "summary") => (Field::Summary, 5),
        ("itunes", "subtitle") => (Field::Summary, 4),
        ("dc" | "dcterms", "identifier") => (Field::Id { is_link: false }, 4),
        _ => return media(name),
    })
}

/// The elements of Media RSS: they speak of a picture, and only where nothing else speaks of the entry.
fn media(name: (&str, &str)) -> Option<(Field, u8)> {
    match name {
        ("media", "title") => Some((Field::Title, 3)),
        ("media", "description" | "text") => Some((Field::Summary, 3)),
        _ => None,
    }
}

/// Whether an element that begins within the text of another one can only be its neighbour, since the
/// end of the other is missing.
pub(super) fn is_neighbour(within: Field, element: &Element<'_>) -> bool {
    let is_foreign = matches!(
        element.space(),
        "dc" | "dcterms" | "content" | "media" | "itunes" | "feedburner"
    );
    let local = element.local();
    let is_core = element.space().is_empty();
    match within {
        Field::Summary | Field::Content => {
            is_foreign || is_core && matches!(local, "pubdate" | "guid")
        }
        Field::Author if is_core && matches!(local, "name" | "email" | "uri") => true,
        Field::Title
        | Field::Link
        | Field::Id { .. }
        | Field::Published
        | Field::Updated
        | Field::Author
        | Field::Language => {
            let is_leaf =
                LEAVES.contains(&local) || matches!(local, "content" | "author" | "source");
            is_foreign || is_core && is_leaf
        }
    }
}

/// What an Atom link is worth as the address of an entry; 0 for those that lead elsewhere.
pub(super) fn link_rank(rel: Option<&str>, kind: &str) -> u8 {
    let rel = rel.unwrap_or_default().trim().to_ascii_lowercase();
    // RFC 4287 section 4.2.7.2: a short relation is one of the registry
    let rel = rel.rsplit('/').next().unwrap_or_default();
    let kind = kind.to_ascii_lowercase();
    match rel {
        "" | "alternate" if kind.is_empty() || kind.contains("html") => 8,
        "" | "alternate" => 4,
        "canonical" => 3,
        _ => 0,
    }
}

/// Korean and Japanese feeds that state no zone mean their own.
pub(super) fn zone_of(language: &str) -> Option<Tz> {
    match language.split(['-', '_']).next().unwrap_or_default() {
        "ko" | "kr" | "korean" => Some(Tz::Asia__Seoul),
        "ja" | "jp" | "japanese" => Some(Tz::Asia__Tokyo),
        _ => None,
    }
}
