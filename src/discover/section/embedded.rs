//! Lists of articles that a page carries for machines: JSON-LD, and the state of its scripts.

use chrono::{DateTime, Utc};
use scraper::Html;
use serde_json::{Map, Value};
use url::Url;

use crate::discover::judge;
use crate::discover::scope::{is_own, link, moment, stamp};
use crate::domain::{CanonicalUrl, Source};
use crate::markup::{json_ld, states};

/// Entries of embedded lists that are taken.
const MAX_LISTED: usize = 500;
/// Values of all states that are looked at; those of the fullest front pages have some ten thousand.
const MAX_VALUES: usize = 100_000;
/// Longer texts are no headline.
const MAX_TITLE_CHARS: usize = 300;

/// Keys that hold an address, a headline and a date; the best first.
const ADDRESSES: &[&str] = &[
    "canonical_url",
    "canonicalUrl",
    "website_url",
    "articleUrl",
    "article_url",
    "newsUrl",
    "url",
    "link",
    "linkUrl",
    "href",
    "permalink",
    "path",
    "uri",
];
const TITLES: &[&str] = &[
    "headline",
    "headlines",
    "title",
    "name",
    "articleTitle",
    "newsTitle",
    "subject",
    "heading",
];
const DATES: &[&str] = &[
    "datePublished",
    "published",
    "publishedAt",
    "published_at",
    "publishDate",
    "publish_date",
    "publicationDate",
    "first_publish_date",
    "display_date",
    "pubDate",
    "regDate",
    "createdAt",
];
/// Keys of a headline that is an object of several forms.
const FORMS: &[&str] = &["basic", "rendered", "default", "text", "main"];

/// An entry of a list.
pub(super) struct Entry {
    pub(super) url: CanonicalUrl,
    pub(super) title: String,
    pub(super) published: Option<DateTime<Utc>>,
}

/// The entries of all lists: those that are called so, and what else has the address and the
/// headline of an article.
pub(super) fn entries(html: &Html, base: &Url, source: &Source) -> Vec<Entry> {
    let mut found = listed(html, base, source);
    let mut values_left = MAX_VALUES;
    for state in states(html) {
        walk(&state, &mut values_left, &mut |object, root| {
            let entry = entry(object, root, base, source);
            let is_article = |entry: &Entry| {
                let score = judge::score(&entry.url, &entry.title);
                score >= judge::ARTICLE && is_own(&entry.url, source)
            };
            found.extend(entry.filter(is_article));
            found.len() < MAX_LISTED
        });
    }
    found
}

/// The entries of lists that JSON-LD states.
fn listed(html: &Html, base: &Url, source: &Source) -> Vec<Entry> {
    let nodes = json_ld::nodes(html);
    let is_list = |node: &&json_ld::Node| {
        json_ld::is_a(node, "ItemList") || json_ld::is_a(node, "CollectionPage")
    };
    let items = nodes.iter().filter(is_list).flat_map(|list| {
        ["itemListElement", "hasPart"]
            .into_iter()
            .flat_map(|name| json_ld::objects(list, name))
    });
    let found = items.take(MAX_LISTED).filter_map(|item| {
        let inner = item.get("item").and_then(Value::as_object).unwrap_or(item);
        let text = |name: &str| {
            let value = inner.get(name).or_else(|| item.get(name));
            value.and_then(Value::as_str)
        };
        let address = text("url")
            .or_else(|| text("@id"))
            .or_else(|| text("item"))?;
        let title = text("headline").or_else(|| text("name"));
        Some(Entry {
            url: link(base, address, source)?,
            title: one_line(title.unwrap_or_default()),
            published: text("datePublished").and_then(|text| date(text, source)),
        })
    });
    found.collect()
}

/// Calls `take` for each object with the value it stands in, until it has enough.
fn walk(
    root: &Value,
    left: &mut usize,
    take: &mut impl FnMut(&Map<String, Value>, &Value) -> bool,
) {
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        *left = left.saturating_sub(1);
        if *left == 0 {
            return;
        }
        match value {
            Value::Array(values) => open.extend(values.iter().rev()),
            Value::Object(object) => {
                if !take(object, root) {
                    return;
                }
                let mut inner: Vec<&Value> = object.values().collect();
                inner.reverse();
                open.extend(inner);
            }
            _ => {}
        }
    }
}

fn entry(object: &Map<String, Value>, root: &Value, base: &Url, source: &Source) -> Option<Entry> {
    let texts = |names: &'static [&str]| {
        names
            .iter()
            .filter_map(|name| text(object.get(*name)?, root))
    };
    let is_title = |title: &String| title.chars().any(char::is_alphabetic);
    let title = texts(TITLES).map(one_line).find(is_title)?;
    let is_address = |text: &&str| text.starts_with('/') || text.starts_with("http");
    Some(Entry {
        url: link(base, texts(ADDRESSES).find(is_address)?, source)?,
        title,
        published: texts(DATES).find_map(|text| date(text, source)),
    })
}

/// A text, that of an object's best form, or the one that a number stands for: flat states name
/// their values by their place in the outermost list.
fn text<'a>(value: &'a Value, root: &'a Value) -> Option<&'a str> {
    match value {
        Value::String(text) => Some(text),
        Value::Object(forms) => FORMS.iter().find_map(|form| forms.get(*form)?.as_str()),
        Value::Number(place) => {
            let place = usize::try_from(place.as_u64()?).ok()?;
            root.as_array()?.get(place)?.as_str()
        }
        _ => None,
    }
}

fn date(text: &str, source: &Source) -> Option<DateTime<Utc>> {
    stamp(text, source.timezone).as_ref().and_then(moment)
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(MAX_TITLE_CHARS).collect()
}
