//! Text that a page carries only as the state of its script: JSON in a script element or assigned
//! to a variable. Looked at only where the page shows no text.

use scraper::Html;
use serde_json::Value;

use super::body::lines_of_markup;
use super::text::{clean, weight};
use crate::markup::states;

/// Values that are looked at.
const MAX_VALUES: usize = 200_000;
/// Keys that hold an article's text.
const KEYS: &[&str] = &[
    "articleBody",
    "contentHtml",
    "content_elements",
    "bodyHtml",
    "bodyText",
    "body",
    "content",
    "html",
    "text",
    "paragraphs",
    "blocks",
    "components",
];

/// The longest article text in the state, line by line.
pub(super) fn lines(html: &Html) -> Vec<String> {
    let mut best: Vec<String> = Vec::new();
    for state in states(html) {
        let found = longest(&state);
        if total(&found) > total(&best) {
            best = found;
        }
    }
    best
}

fn total(lines: &[String]) -> usize {
    lines.iter().map(|line| weight(line)).sum()
}

/// The longest text under one of the known keys, found without recursion.
fn longest(value: &Value) -> Vec<String> {
    let mut best: Vec<String> = Vec::new();
    let mut open = vec![value];
    let mut seen = 0;
    while let Some(value) = open.pop() {
        seen += 1;
        if seen > MAX_VALUES {
            break;
        }
        match value {
            Value::Array(values) => open.extend(values),
            Value::Object(map) => {
                for (key, value) in map {
                    if KEYS.contains(&key.as_str()) {
                        let found = text_lines(value);
                        if total(&found) > total(&best) {
                            best = found;
                        }
                    }
                    open.push(value);
                }
            }
            _ => {}
        }
    }
    best
}

fn text_lines(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) if text.len() >= 200 => markup_lines(text),
        Value::Array(values) => values.iter().take(1_000).flat_map(element_lines).collect(),
        _ => Vec::new(),
    }
}

/// A text, or an object of a text type with its content.
fn element_lines(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => markup_lines(text),
        Value::Object(map) => {
            let kind = ["type", "kind", "__typename"]
                .iter()
                .find_map(|k| map.get(*k)?.as_str())
                .unwrap_or("text");
            let kind = kind.to_ascii_lowercase();
            let is_text = [
                "text",
                "paragraph",
                "header",
                "heading",
                "html",
                "p",
                "quote",
            ]
            .iter()
            .any(|word| kind.contains(word));
            let content = ["content", "text", "html", "value"]
                .iter()
                .find_map(|k| map.get(*k)?.as_str());
            content
                .filter(|_| is_text)
                .map(markup_lines)
                .unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn markup_lines(text: &str) -> Vec<String> {
    if text.contains('<') {
        return lines_of_markup(text);
    }
    text.lines()
        .map(clean)
        .filter(|line| !line.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_found_in_assigned_state() {
        let long = "전차가 강변을 달린다. ".repeat(10);
        let page = format!(
            "<script>window.Fusion=window.Fusion||{{}};Fusion.globalContent={{\"content_elements\":[{{\"type\":\"text\",\"content\":\"<b>{long}</b>\"}},{{\"type\":\"image\",\"content\":\"x\"}}]}};Fusion.x=1</script>"
        );
        assert_eq!(lines(&Html::parse_document(&page)), [long.trim()]);
    }

    #[test]
    fn programs_and_broken_objects_hold_no_text() {
        for script in [
            "var a = {b: 1}",
            "__NEXT_DATA__ = {",
            "__NUXT__=(function(a){return {}}())",
        ] {
            let page = format!("<script>{script}</script>");
            assert!(lines(&Html::parse_document(&page)).is_empty(), "{script}");
        }
    }
}
