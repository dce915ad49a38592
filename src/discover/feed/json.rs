//! JSON Feed 1.0 and 1.1, item by item, so that a cut or broken feed gives the items before the break,
//! and in pieces of its text, since a tree of numbers weighs sixteen times what they do.

use std::fmt;

use chrono_tz::Tz;
use serde::de::{Deserializer as _, MapAccess, SeqAccess, Visitor};
use serde_json::Deserializer;
use serde_json::value::RawValue;
use url::Url;

use super::entry::{Context, Draft, Entry, Field};
use super::hub::HubLinks;
use super::text::Markup;

/// Items that can't be read before the rest is given up.
const MAX_BROKEN: usize = 100;
/// Authors of one item that are looked at.
const MAX_AUTHORS: usize = 50;

/// What is read of a feed, of its items and of their authors.
const NAMES: [&str; 17] = [
    "version",
    "items",
    "url",
    "external_url",
    "id",
    "title",
    "date_published",
    "date_modified",
    "summary",
    "content_html",
    "content_text",
    "authors",
    "author",
    "name",
    "feed_url",
    "hubs",
    "type",
];

/// What a JSON Feed says of itself.
pub(super) struct Head {
    /// `1`, `1.1`; empty where it isn't stated.
    pub(super) version: String,
    pub(super) warnings: Vec<String>,
    pub(super) links: HubLinks,
}

/// Reads a JSON Feed; none where it is none.
pub(super) fn read(
    text: &str,
    base: &Url,
    zone: Option<Tz>,
    take: &mut dyn FnMut(Entry) -> bool,
) -> Option<Head> {
    let start = text.find('{')?;
    let context = Context { base, zone };
    let text = text.get(start..)?;
    let mut warnings = Vec::new();
    if start > 0 {
        warnings.push("text stands before the JSON".to_owned());
    }
    let feed = match Members::of(text) {
        Ok(feed) => feed,
        Err(error) => {
            warnings.push(format!("not well-formed: {error}"));
            return Some(Head {
                version: salvage(text, &context, take)?,
                warnings,
                links: HubLinks::default(),
            });
        }
    };
    let items = feed.get("items").filter(|items| items.starts_with('['));
    let version = feed.text("version").as_deref().and_then(number);
    if items.is_none() && version.is_none() {
        return None;
    }
    if version.is_none() {
        warnings.push("it has no `version` of JSON Feed".to_owned());
    }
    if items.is_none() {
        warnings.push("it has no `items`".to_owned());
    }
    each_element(items.unwrap_or("[]"), |item| {
        Members::of(item).map_or(true, |item| take(entry(&item, &context)))
    });
    Some(Head {
        version: version.unwrap_or_default(),
        warnings,
        links: links(&feed, base),
    })
}

/// The hubs and the feed's own address, by the field names of JSON Feed.
fn links(feed: &Members<'_>, base: &Url) -> HubLinks {
    let mut links = HubLinks::default();
    let mut offer = |rel, address: Option<String>| {
        links.offer(rel, address.and_then(|address| base.join(&address).ok()));
    };
    offer("self", feed.text("feed_url"));
    let hubs = feed.get("hubs").filter(|hubs| hubs.starts_with('['));
    each_element(hubs.unwrap_or("[]"), |hub| {
        if let Ok(hub) = Members::of(hub)
            && let Some("websub" | "pubsubhubbub") = hub
                .text("type")
                .map(|kind| kind.to_ascii_lowercase())
                .as_deref()
        {
            offer("hub", hub.text("url"));
        }
        true
    });
    links
}

/// `1.1` of `https://jsonfeed.org/version/1.1`
fn number(version: &str) -> Option<String> {
    let (_, number) = version.split_once("jsonfeed.org/version/")?;
    Some(number.trim_end_matches('/').to_owned())
}

/// Reads the items that can be read one by one; gives the version.
fn salvage(
    text: &str,
    context: &Context<'_>,
    take: &mut dyn FnMut(Entry) -> bool,
) -> Option<String> {
    let text = with_escaped_controls(text);
    let (head, items) = text.split_once("\"items\"")?;
    let version = number(
        text.split_once("jsonfeed.org/version/")
            .map_or(head, |(before, _)| {
                let from = before.len();
                text.get(from..)
                    .and_then(|rest| rest.split('"').next())
                    .unwrap_or_default()
            }),
    );
    let mut rest = items
        .trim_start()
        .strip_prefix(':')?
        .trim_start()
        .strip_prefix('[')?;
    let mut broken = 0;
    while broken < MAX_BROKEN {
        let Some(at) = rest.find('{') else { break };
        if rest.get(..at).is_some_and(|between| between.contains(']')) {
            break;
        }
        rest = rest.get(at..).unwrap_or_default();
        let mut values = Deserializer::from_str(rest).into_iter::<&RawValue>();
        let item = values.next().and_then(Result::ok);
        let bytes = match item.and_then(|item| Members::of(item.get()).ok()) {
            Some(item) => {
                if !take(entry(&item, context)) {
                    break;
                }
                values.byte_offset()
            }
            None => {
                broken += 1;
                next_item(rest)
            }
        };
        rest = rest.get(bytes..).unwrap_or_default();
    }
    Some(version.unwrap_or_default())
}

/// Raw line ends within strings are the usual fault.
fn with_escaped_controls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_string = false;
    let mut is_escaped = false;
    for c in text.chars() {
        match c {
            '\n' if is_string => out.push_str("\\n"),
            c if c < ' ' => out.push(' '),
            c => out.push(c),
        }
        is_string ^= c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
    }
    out
}

/// Where the next item begins, by the way that items are written.
fn next_item(text: &str) -> usize {
    let inside = text.get(1..).unwrap_or_default();
    let starts = inside.match_indices('{').filter(|(at, _)| {
        let before = inside.get(..*at).unwrap_or_default().trim_end();
        let behind = inside.get(at + 1..).unwrap_or_default().trim_start();
        before.ends_with(',') && behind.starts_with('"')
    });
    starts.map(|(at, _)| at + 1).next().unwrap_or(text.len())
}

fn entry(item: &Members<'_>, context: &Context<'_>) -> Entry {
    let mut draft = Draft::default();
    let mut offer = |field, rank, name: &str, markup| {
        if let Some(text) = item.text(name) {
            draft.offer(field, rank, &text, markup, context);
        }
    };
    offer(Field::Link, 9, "url", Markup::Plain);
    offer(Field::Link, 8, "external_url", Markup::Plain);
    offer(Field::Id { is_link: true }, 9, "id", Markup::Plain);
    offer(Field::Title, 9, "title", Markup::Plain);
    offer(Field::Published, 9, "date_published", Markup::Plain);
    offer(Field::Updated, 9, "date_modified", Markup::Plain);
    offer(Field::Summary, 9, "summary", Markup::Plain);
    offer(Field::Content, 9, "content_html", Markup::Html);
    offer(Field::Content, 8, "content_text", Markup::Plain);
    let mut author = |author: &str| {
        let name = match Members::of(author) {
            Ok(person) => person.text("name"),
            Err(_) => serde_json::from_str(author).ok(),
        };
        let name = name.unwrap_or_default();
        draft.offer(Field::Author, 9, &name, Markup::Plain, context);
    };
    if let Some(many) = item.get("authors").filter(|many| many.starts_with('[')) {
        let mut left = MAX_AUTHORS;
        each_element(many, |one| {
            author(one);
            left -= 1;
            left > 0
        });
    }
    item.get("author").into_iter().for_each(author);
    draft.finish()
}

/// The members of an object that a feed may have, as their texts; of two with one name the last.
#[derive(Default)]
struct Members<'j>([Option<&'j str>; NAMES.len()]);

impl<'j> Members<'j> {
    /// Reads an object; what is none, or not well-formed, is an error.
    fn of(text: &'j str) -> serde_json::Result<Self> {
        let mut json = Deserializer::from_str(text);
        let members = json.deserialize_map(MemberVisitor)?;
        json.end()?;
        Ok(members)
    }

    fn get(&self, name: &str) -> Option<&'j str> {
        let at = NAMES.iter().position(|known| *known == name)?;
        self.0.get(at).copied().flatten()
    }

    /// The text of a string or number.
    fn text(&self, name: &str) -> Option<String> {
        let raw = self.get(name)?;
        let is_number = raw.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        if is_number {
            return Some(raw.to_owned());
        }
        serde_json::from_str(raw).ok()
    }
}

struct MemberVisitor;

impl<'j> Visitor<'j> for MemberVisitor {
    type Value = Members<'j>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'j>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut members = Members::default();
        while let Some((name, value)) = object.next_entry::<String, &RawValue>()? {
            let at = NAMES.iter().position(|known| *known == name);
            if let Some(slot) = at.and_then(|at| members.0.get_mut(at)) {
                *slot = Some(value.get());
            }
        }
        Ok(members)
    }
}

/// Calls `take` with the text of each element of a list, until it wants no more.
fn each_element(text: &str, take: impl FnMut(&str) -> bool) {
    // The document is well-formed, so that only the reader itself ends the reading early.
    let _end = Deserializer::from_str(text).deserialize_seq(Elements(take));
}

struct Elements<F>(F);

impl<'j, F: FnMut(&str) -> bool> Visitor<'j> for Elements<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'j>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element::<&RawValue>()? {
            if !(self.0)(element.get()) {
                break;
            }
        }
        Ok(())
    }
}
