//! A path into the state that a page hands to its script: JSON in a `script` element, or assigned to
//! a variable. Nothing is run: state that is a program (`{a: b()}`) holds no value.

use std::borrow::Cow;

use scraper::{Html, Node};
use serde_json::Value;

/// Larger scripts are programs.
const MAX_SCRIPT_BYTES: usize = 3 << 20;
/// Scripts that are looked at, and the mentions of a variable in one of them.
const MAX_SCRIPTS: usize = 200;
const MAX_MENTIONS: usize = 50;
/// Values that one step of a path may lead to.
const MAX_VALUES: usize = 5_000;
/// Longer paths are mistakes.
const MAX_STEPS: usize = 40;

/// What a path looks like, for messages.
const WANTED: &str = "write script(NAME) with the id or type of a script element or the variable it \
                      sets, then keys, [0] for one of a list, [*] for all, [type=text] for some: \
                      `script(__NEXT_DATA__).props.article.parts[*].html`";

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
    All,
    /// Those of a list whose key holds this text.
    Where(String, String),
}

/// A script and the way into its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    /// The script's id, its type (with a slash), or the variable that it sets.
    pub(super) script: String,
    steps: Vec<Step>,
}

impl Path {
    /// Reads what follows `script(`.
    ///
    /// # Errors
    /// What is wrong, and what is allowed.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("{what}; {WANTED}");
        let (script, mut rest) = text
            .split_once(')')
            .ok_or_else(|| wrong("the name of the script is not closed"))?;
        if script.trim().is_empty() {
            return Err(wrong("no script is named"));
        }
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, tail) = step(rest).map_err(|what| wrong(&what))?;
            steps.push(step);
            rest = tail;
        }
        if steps.is_empty() || steps.len() > MAX_STEPS {
            return Err(wrong("1 to 40 steps lead to a value"));
        }
        Ok(Self {
            script: script.trim().to_owned(),
            steps,
        })
    }

    /// The texts that the path leads to, in order; numbers and truth values are written out.
    pub(super) fn texts(&self, state: &[Value]) -> Vec<String> {
        let mut values: Vec<Cow<'_, Value>> = state.iter().map(Cow::Borrowed).collect();
        for step in &self.steps {
            values = values.into_iter().flat_map(|v| step.of(v)).collect();
            values.truncate(MAX_VALUES);
        }
        let texts = values.iter().flat_map(|value| match value.as_ref() {
            Value::Array(items) => items.iter().filter_map(leaf).take(MAX_VALUES).collect(),
            single => Vec::from_iter(leaf(single)),
        });
        texts.filter(|text| !text.trim().is_empty()).collect()
    }
}

/// The first step of a path, and what follows it.
fn step(path: &str) -> Result<(Step, &str), String> {
    if let Some(rest) = path.strip_prefix('.') {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (key, rest) = rest.split_at(end);
        return match key.trim() {
            "" => Err("a `.` without a key behind it".to_owned()),
            key => Ok((Step::Key(key.to_owned()), rest)),
        };
    }
    let inner = path.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let Some((inner, rest)) = inner else {
        let shown: String = path.chars().take(20).collect();
        return Err(format!("`{shown}` is no step"));
    };
    let step = match (inner.trim(), inner.split_once('=')) {
        ("", _) => return Err("nothing in `[]`".to_owned()),
        ("*", _) => Step::All,
        (_, Some((key, text))) => Step::Where(unquoted(key), unquoted(text)),
        (key, None) => key
            .parse()
            .map_or_else(|_| Step::Key(unquoted(key)), Step::Index),
    };
    Ok((step, rest))
}

fn unquoted(text: &str) -> String {
    text.trim().trim_matches(['"', '\'']).to_owned()
}

impl Step {
    /// Where the step leads; a text that holds JSON is read as such.
    fn of<'v>(&self, value: Cow<'v, Value>) -> Vec<Cow<'v, Value>> {
        let value = match value.as_str().map(nested) {
            Some(held) => Cow::Owned(held.unwrap_or_default()),
            None => value,
        };
        match value {
            Cow::Borrowed(value) => {
                let children = self.children(value).into_iter();
                children.map(Cow::Borrowed).collect()
            }
            Cow::Owned(value) => {
                let children = self.children(&value).into_iter();
                children.map(|child| Cow::Owned(child.clone())).collect()
            }
        }
    }

    fn children<'v>(&self, value: &'v Value) -> Vec<&'v Value> {
        match self {
            Self::Key(key) => value.get(key).into_iter().collect(),
            Self::Index(index) => value.get(index).into_iter().collect(),
            Self::All => items(value),
            Self::Where(key, text) => {
                let is_meant = |item: &&Value| item.get(key).and_then(leaf).as_ref() == Some(text);
                items(value).into_iter().filter(is_meant).collect()
            }
        }
    }
}

/// The members of a list, or the values of an object.
fn items(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().take(MAX_VALUES).collect(),
        Value::Object(map) => map.values().take(MAX_VALUES).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

fn leaf(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn nested(text: &str) -> Option<Value> {
    let is_json = text.trim_start().starts_with(['{', '[']);
    is_json.then(|| serde_json::from_str(text).ok()).flatten()
}

/// The texts that a whole selector, `script(…)` included, leads to.
pub(in crate::extract) fn selected(html: &Html, selector: &str) -> Vec<String> {
    let path = selector.strip_prefix("script(").map(Path::parse);
    match path {
        Some(Ok(path)) => path.texts(&states(html, &path.script)),
        Some(Err(_)) | None => Vec::new(),
    }
}

/// The states of all scripts that a name stands for.
pub(in crate::extract) fn states(html: &Html, name: &str) -> Vec<Value> {
    let nodes = html.tree.nodes();
    let scripts = nodes.filter_map(|node| {
        let element = node.value().as_element().filter(|e| e.name() == "script")?;
        let text = node.children().find_map(|child| match child.value() {
            Node::Text(text) if text.len() <= MAX_SCRIPT_BYTES => Some(&**text),
            _ => None,
        })?;
        Some((element, text))
    });
    let state = |(element, text): (&scraper::node::Element, &str)| {
        let kind = element.attr("type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if element.id() == Some(name) || (name.contains('/') && kind.eq_ignore_ascii_case(name)) {
            return first_value(text).or_else(|| assigned(text, name));
        }
        assigned(text, name)
    };
    scripts.take(MAX_SCRIPTS).filter_map(state).collect()
}

/// The value that a script assigns to a variable.
fn assigned(text: &str, variable: &str) -> Option<Value> {
    let mentions = text.match_indices(variable).take(MAX_MENTIONS);
    mentions.into_iter().find_map(|(at, _)| {
        let is_inside = text
            .get(..at)
            .and_then(|before| before.chars().next_back())
            .is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$');
        let after = text.get(at + variable.len()..).filter(|_| !is_inside)?;
        let after = after.trim_start().trim_start_matches(['"', '\'', ']']);
        let value = after.trim_start().strip_prefix('=')?;
        first_value(value)
    })
}

/// The JSON value that a text begins with, also one that is handed over as a text.
fn first_value(text: &str) -> Option<Value> {
    let text = text.trim_start();
    let text = text.strip_prefix("JSON.parse(").unwrap_or(text);
    let is_json = text.trim_start().starts_with(['{', '[', '"']);
    let mut values =
        serde_json::Deserializer::from_str(is_json.then_some(text)?).into_iter::<Value>();
    values.next()?.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(page: &str, path: &str) -> Vec<String> {
        selected(&Html::parse_document(page), path)
    }

    #[test]
    fn paths_lead_into_elements_variables_and_texts_that_hold_json() {
        let page = r#"
            <script id="state" type="application/json">{"a":{"b c":[{"kind":"text","t":"하나"},{"kind":"ad","t":"둘"},{"kind":"text","t":3}],"on":true,"no":null}}</script>
            <script type="application/ld+json">{"author":[{"name":"한이슬"},{"name":"오새날"}]}</script>
            <script>window.Page = window.Page || {}; Page.now={"k":["x","y"]}; myPage.now={"k":"z"}</script>
            <script>window["__S__"] = JSON.parse("{\"deep\":\"{\\\"t\\\":\\\"속\\\"}\"}")</script>
            <script>BROKEN = {a: b()}</script>"#;
        for (path, expected) in [
            ("script(state).a[\"b c\"][0].t", &["하나"][..]),
            ("script(state).a['b c'][*].t", &["하나", "둘", "3"]),
            ("script(state).a[b c][kind=text].t", &["하나", "3"]),
            ("script(state).a.on", &["true"]),
            ("script(state).a.no", &[]),
            ("script(state).a", &[]),
            (
                "script(application/ld+json).author[*].name",
                &["한이슬", "오새날"],
            ),
            ("script(Page.now).k", &["x", "y"]),
            ("script(__S__).deep.t", &["속"]),
            ("script(BROKEN).a", &[]),
            ("script(nosuch).a", &[]),
        ] {
            assert_eq!(texts(page, path), expected, "{path}");
        }
    }

    #[test]
    fn wrong_paths_are_told_with_the_right_form() {
        for text in ["a", ").b", "a)", "a).", "a).b..c", "a)[]", "a)b", "a).b[0"] {
            let problem = Path::parse(text).unwrap_err();
            assert!(problem.contains("script(__NEXT_DATA__).props"), "{problem}");
        }
    }

    #[test]
    fn wide_lists_are_bounded() {
        let list = vec!["[1,1,1,1,1,1,1,1,1,1]"; 2_000].join(",");
        let page = format!("<script>A = [{list}]</script>");
        assert_eq!(texts(&page, "script(A)[*][*]").len(), MAX_VALUES);
    }
}
