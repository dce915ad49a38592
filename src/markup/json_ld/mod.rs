//! JSON-LD of a page as a flat list of objects, read leniently: what browsers never execute,
//! nobody tests.

mod repair;

use std::collections::VecDeque;

use scraper::Html;
use serde_json::{Deserializer, Map, Value};

use repair::repaired;

/// Longer scripts are skipped; real ones with the whole text of an article stay below 200 KB.
const MAX_SCRIPT_BYTES: usize = 1 << 20;
/// And so much of all scripts of one page is read: a tree of numbers weighs sixteen times its text.
const MAX_BYTES: usize = 2 << 20;
/// Scripts of one page that are read.
const MAX_SCRIPTS: usize = 50;
/// Objects that are returned.
const MAX_NODES: usize = 500;
/// Values looked at for the texts of one property.
const MAX_VALUES: usize = 1_000;
/// Properties whose objects count as nodes of their own.
const INNER: [&str; 2] = ["@graph", "mainEntity"];

/// An object of structured data.
pub type Node = Map<String, Value>;

/// All objects of all JSON-LD scripts in the order of the page. Arrays and `@graph` are flattened.
#[must_use]
pub fn nodes(html: &Html) -> Vec<Node> {
    let scripts = html.tree.nodes().filter(|node| {
        let element = node.value().as_element();
        element.is_some_and(|e| e.name() == "script" && e.attrs().any(is_json_ld))
    });
    let mut found = Vec::new();
    let mut room = MAX_BYTES;
    for script in scripts.take(MAX_SCRIPTS) {
        let texts = script.children().filter_map(|node| node.value().as_text());
        let text: String = texts.map(|text| &**text).collect();
        if text.len() <= MAX_SCRIPT_BYTES.min(room) {
            room -= text.len();
            flatten(values(&text), &mut found);
        }
    }
    found
}

fn is_json_ld((name, value): (&str, &str)) -> bool {
    name == "type" && value.to_ascii_lowercase().contains("ld+json")
}

/// Whether an object is of a type, given by its schema.org name without an address.
#[must_use]
pub fn is_a(node: &Node, name: &str) -> bool {
    let has_name = |value: &Value| {
        let full = value.as_str().unwrap_or_default();
        full.rsplit(['/', ':', '#']).next() == Some(name)
    };
    match node.get("@type") {
        Some(Value::Array(types)) => types.iter().any(has_name),
        Some(value) => has_name(value),
        None => false,
    }
}

/// The texts of a property: a string or number, an object's `@value`, `name` or `url`, or an array
/// of these. Trimmed, without empty ones.
#[must_use]
pub fn texts(node: &Node, property: &str) -> Vec<String> {
    let mut found = Vec::new();
    visit(node.get(property), |value| {
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return,
        };
        if !text.is_empty() {
            found.push(text);
        }
    });
    found
}

/// The first text of a property.
#[must_use]
pub fn text(node: &Node, property: &str) -> Option<String> {
    texts(node, property).into_iter().next()
}

/// The objects of a property that holds one or an array of them.
#[must_use]
pub fn objects<'a>(node: &'a Node, property: &str) -> Vec<&'a Node> {
    match node.get(property) {
        Some(Value::Object(object)) => vec![object],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_object).collect(),
        _ => Vec::new(),
    }
}

/// Calls `on_leaf` for each plain value in or below `value`, in order.
fn visit(value: Option<&Value>, mut on_leaf: impl FnMut(&Value)) {
    let mut pending: VecDeque<&Value> = value.into_iter().collect();
    for _ in 0..MAX_VALUES {
        match pending.pop_front() {
            Some(Value::Array(items)) => items.iter().rev().for_each(|v| pending.push_front(v)),
            Some(Value::Object(object)) => {
                let named = ["@value", "name", "url"]
                    .iter()
                    .find_map(|key| object.get(*key));
                named
                    .into_iter()
                    .for_each(|value| pending.push_front(value));
            }
            Some(leaf) => on_leaf(leaf),
            None => return,
        }
    }
}

/// The values of a script, several where several are written one after the other. What comes
/// before the first mistake is kept.
fn values(script: &str) -> Vec<Value> {
    let read = |text: &str| -> (Vec<Value>, bool) {
        let mut values = Vec::new();
        for value in Deserializer::from_str(text).into_iter::<Value>() {
            match value {
                Ok(value) => values.push(value),
                Err(_) => return (values, false),
            }
        }
        (values, true)
    };
    let (strict, is_whole) = read(script.trim());
    if is_whole {
        return strict;
    }
    let (lenient, _) = read(&repaired(script));
    if lenient.len() >= strict.len() {
        lenient
    } else {
        strict
    }
}

fn flatten(values: Vec<Value>, found: &mut Vec<Node>) {
    let mut pending = VecDeque::from(values);
    while let Some(value) = pending.pop_front() {
        if found.len() >= MAX_NODES {
            return;
        }
        match value {
            Value::Array(items) => items.into_iter().rev().for_each(|v| pending.push_front(v)),
            Value::Object(node) => {
                let inner = INNER.iter().filter_map(|key| node.get(*key));
                let inner: Vec<Value> = inner
                    .filter(|v| v.is_object() || v.is_array())
                    .cloned()
                    .collect();
                found.push(node);
                inner.into_iter().rev().for_each(|v| pending.push_front(v));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
