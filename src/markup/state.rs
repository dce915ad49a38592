//! The state that a page carries for its scripts: JSON in a script element or assigned to a variable.

use scraper::{Html, Node};
use serde_json::Value;

/// Larger scripts are programs.
const MAX_SCRIPT_BYTES: usize = 3 << 20;
/// Scripts that are looked at.
const MAX_SCRIPTS: usize = 60;
/// Variables that sites keep their state in, up to the object.
const VARIABLES: &[&str] = &[
    "Fusion.globalContent",
    "Fusion.contentCache",
    "__NEXT_DATA__",
    "__NUXT__",
    "__INITIAL_STATE__",
    "__PRELOADED_STATE__",
    "__APOLLO_STATE__",
    "__STATE__",
];

/// The states of a page, one script after the other.
pub fn states(html: &Html) -> impl Iterator<Item = Value> {
    let scripts = html.tree.nodes().filter_map(|node| {
        let element = node.value().as_element()?;
        (element.name() == "script").then_some((element, node))
    });
    let states = scripts.take(MAX_SCRIPTS).map(|(element, node)| {
        let text = node.children().find_map(|child| match child.value() {
            Node::Text(text) if text.len() <= MAX_SCRIPT_BYTES => Some(&**text),
            _ => None,
        });
        let text = text.unwrap_or_default();
        let is_json = element
            .attr("type")
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        if is_json {
            return first_value(text, &['{', '[']).into_iter().collect();
        }
        let assigned = VARIABLES.iter().filter_map(|name| {
            let at = text.find(name)?;
            first_value(text.get(at..)?, &['{'])
        });
        assigned.collect::<Vec<Value>>()
    });
    states.flatten()
}

/// The JSON value at the first of the signs that may begin one.
fn first_value(text: &str, signs: &[char]) -> Option<Value> {
    let start = text.find(signs)?;
    let mut values = serde_json::Deserializer::from_str(text.get(start..)?).into_iter::<Value>();
    values.next()?.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn states_are_read_from_elements_and_variables() {
        let page = "<script type=application/json>[{\"a\":1}]</script>\
                    <script>window.Fusion={};Fusion.contentCache={\"b\":2};Fusion.globalContent={\"c\":3};</script>\
                    <script>var a = {b: 1}</script><script>__NEXT_DATA__ = {</script>\
                    <script>__NUXT__=(function(a){return {}}())</script>";
        let found: Vec<Value> = states(&Html::parse_document(page)).collect();
        assert_eq!(
            found,
            [json!([{"a": 1}]), json!({"c": 3}), json!({"b": 2}),]
        );
    }
}
