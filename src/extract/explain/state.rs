//! Where the state of a script holds a text, as the path that a rule would name it by.

use scraper::{Html, Node};
use serde_json::Value;

use crate::extract::body::split;
use crate::extract::pattern::Pattern;
use crate::extract::rules::states;
use crate::extract::text::folded;

/// Scripts, variables of one script, and values that are looked at.
const MAX_SCRIPTS: usize = 60;
const MAX_VARIABLES: usize = 5;
const MAX_VALUES: usize = 50_000;
/// Shorter texts stand in too many places.
const MIN_CHARS: usize = 6;

static ASSIGNED: Pattern =
    Pattern::new(r#"([A-Za-z_$][\w$.]*)["'\]]*\s*=\s*(?:JSON\.parse\(|[{\[])"#);

/// The first path that leads to a text with `wanted` in it. Where that is one part of a list, the
/// path is of all parts.
pub(super) fn path_of(html: &Html, wanted: &str) -> Option<String> {
    let wanted: String = folded(wanted).chars().take(40).collect();
    if wanted.chars().count() < MIN_CHARS {
        return None;
    }
    names(html).iter().find_map(|name| {
        let states = states(html, name);
        let path = states.iter().find_map(|state| way(state, &wanted))?;
        Some(format!("script({name}){path}"))
    })
}

/// The ids of scripts that hold JSON, and the variables that others set.
fn names(html: &Html) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let nodes = html.tree.nodes();
    let scripts = nodes.filter(|n| n.value().as_element().is_some_and(|e| e.name() == "script"));
    for script in scripts.take(MAX_SCRIPTS) {
        let element = script.value().as_element();
        if let Some(id) = element.and_then(scraper::node::Element::id) {
            names.push(id.to_owned());
            continue;
        }
        let texts = script.children().filter_map(|n| match n.value() {
            Node::Text(text) => Some(&**text),
            _ => None,
        });
        for text in texts {
            let found = ASSIGNED
                .regex()
                .into_iter()
                .flat_map(|r| r.captures_iter(text));
            let found = found.take(MAX_VARIABLES).filter_map(|c| c.get(1));
            names.extend(found.map(|name| name.as_str().trim_start_matches("window.").to_owned()));
        }
    }
    names.dedup();
    names
}

/// The way to a text, found without recursion.
fn way(state: &Value, wanted: &str) -> Option<String> {
    let mut open = vec![(String::new(), state)];
    for _ in 0..MAX_VALUES {
        let (path, value) = open.pop()?;
        match value {
            Value::String(text) if !is_address(text) && shown(text).contains(wanted) => {
                return Some(path);
            }
            Value::Object(map) => {
                let step = |key: &String| match key.contains(['.', '[', ']']) {
                    true => format!("{path}[\"{key}\"]"),
                    false => format!("{path}.{key}"),
                };
                open.extend(map.iter().map(|(key, value)| (step(key), value)));
            }
            Value::Array(items) => {
                let path = format!("{path}[{}]", if items.len() == 1 { "0" } else { "*" });
                open.extend(items.iter().map(|item| (path.clone(), item)));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    None
}

/// The words of a headline stand in addresses too.
fn is_address(text: &str) -> bool {
    text.contains('/') && !text.contains(char::is_whitespace)
}

/// A text without its markup, folded.
fn shown(text: &str) -> String {
    match text.contains('<') {
        true => folded(&split(text).join("")),
        false => folded(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_leads_to_the_text_again() {
        let html = Html::parse_document(
            r#"<script>var a = 1; window.App.state = {"x":{"parts":[{"t":"다른 글이 여기 있다"},{"t":"<b>나루터</b>가 다시 열린다"}]}}</script>
               <script id=data type=application/json>{"k.l":["우물을 다시 판다"]}</script>"#,
        );
        let found = |text: &str| path_of(&html, text).unwrap_or_default();
        assert_eq!(found("우물을 다시 판다"), r#"script(data)["k.l"][0]"#);
        assert_eq!(
            found("다른 글이 여기 있다"),
            "script(App.state).x.parts[*].t"
        );
        assert_eq!(found("어디에도 없는 글"), "");
    }
}
