//! JSON Feed 1.0 and 1.1, item by item, so that a cut or broken feed gives the items before the break.

use chrono_tz::Tz;
use serde_json::{Deserializer, Map, Value};
use url::Url;

use super::entry::{Context, Draft, Entry, Field};
use super::text::Markup;

/// Items that can't be read before the rest is given up.
const MAX_BROKEN: usize = 100;

/// What a JSON Feed says of itself.
pub(super) struct Head {
    /// `1`, `1.1`; empty where it isn't stated.
    pub(super) version: String,
    pub(super) warnings: Vec<String>,
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
    let feed = match serde_json::from_str(text) {
        Ok(Value::Object(feed)) => feed,
        Ok(_) => return None,
        Err(error) => {
            warnings.push(format!("not well-formed: {error}"));
            return Some(Head {
                version: salvage(text, &context, take)?,
                warnings,
            });
        }
    };
    let items = feed.get("items").and_then(Value::as_array);
    let version = feed.get("version").and_then(Value::as_str).and_then(number);
    if items.is_none() && version.is_none() {
        return None;
    }
    if version.is_none() {
        warnings.push("it has no `version` of JSON Feed".to_owned());
    }
    if items.is_none() {
        warnings.push("it has no `items`".to_owned());
    }
    for item in items.into_iter().flatten() {
        if let Some(entry) = item.as_object().map(|item| entry(item, &context))
            && !take(entry)
        {
            break;
        }
    }
    Some(Head {
        version: version.unwrap_or_default(),
        warnings,
    })
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
        let mut values = Deserializer::from_str(rest).into_iter::<Value>();
        let bytes = match values.next() {
            Some(Ok(Value::Object(item))) => {
                if !take(entry(&item, context)) {
                    break;
                }
                values.byte_offset()
            }
            Some(Ok(_) | Err(_)) | None => {
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

fn entry(item: &Map<String, Value>, context: &Context<'_>) -> Entry {
    let mut draft = Draft::default();
    let mut offer = |field, rank, name: &str, markup| {
        let value = match item.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(_) | None => return,
        };
        draft.offer(field, rank, &value, markup, context);
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
    let many = item.get("authors").and_then(Value::as_array);
    for author in many.into_iter().flatten().chain(item.get("author")) {
        let name = author.get("name").unwrap_or(author).as_str();
        draft.offer(
            Field::Author,
            9,
            name.unwrap_or_default(),
            Markup::Plain,
            context,
        );
    }
    draft.finish()
}
