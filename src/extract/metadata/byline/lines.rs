//! The text of an element as lines of a byline.

use ego_tree::{NodeRef, iter::Edge};
use scraper::Node;

use crate::extract::element::Element;
use crate::extract::text::clean;

/// Longer texts are more than a byline.
const MAX_BYTES: usize = 3_200;
/// Texts of one element that are read.
const MAX_TEXTS: usize = 80;

/// The text inside an element, a line for each block in it, without times and what tells of roles.
pub(super) fn lines_inside(node: NodeRef<'_, Node>) -> String {
    let mut text = String::new();
    let mut skipped = 0_usize;
    let mut texts = 0;
    for edge in node.traverse() {
        let (node, is_open) = match edge {
            Edge::Open(node) => (node, true),
            Edge::Close(node) => (node, false),
        };
        match node.value() {
            Node::Text(piece) if is_open && skipped == 0 => {
                texts += 1;
                if texts > MAX_TEXTS || text.len() > MAX_BYTES {
                    break;
                }
                text.push_str(piece.replace('\n', " ").as_str());
            }
            Node::Element(element) => {
                let element = Element::from(element);
                let is_out = is_left_out(element);
                match (is_out, is_open) {
                    (true, true) => skipped += 1,
                    (true, false) => skipped = skipped.saturating_sub(1),
                    (false, _) => text.push(if is_inline(element.name()) { ' ' } else { '\n' }),
                }
            }
            _ => {}
        }
    }
    let lines: Vec<String> = text
        .split('\n')
        .map(clean)
        .filter(|l| !l.is_empty())
        .collect();
    lines.join("\n")
}

fn is_inline(tag: &str) -> bool {
    matches!(
        tag,
        "a" | "span"
            | "b"
            | "strong"
            | "i"
            | "em"
            | "u"
            | "small"
            | "font"
            | "cite"
            | "bdi"
            | "wbr"
            | "abbr"
            | "img"
            | "meta"
            | "link"
            | "address"
    )
}

/// Parts of a byline that are no names: scripts, times, titles and functions.
fn is_left_out(element: Element<'_>) -> bool {
    const WORDS: [&str; 8] = [
        "role",
        "position",
        "function",
        "jobtitle",
        "job",
        "bio",
        "description",
        "date",
    ];
    let is_word = |class: &str| {
        class
            .split(['-', '_'])
            .any(|word| WORDS.contains(&word.to_ascii_lowercase().as_str()))
    };
    matches!(
        element.name(),
        "script" | "style" | "svg" | "noscript" | "template" | "time" | "button" | "img"
    ) || element.attr("itemprop") == Some("jobTitle")
        || element.classes().any(is_word)
}
