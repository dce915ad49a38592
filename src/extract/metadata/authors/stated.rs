//! Who the page tells machines that its authors are.

use super::super::Sources;
use super::super::people::{self, byline};
use crate::extract::pattern::Pattern;
use crate::extract::text::{clean, folded};
use crate::markup::json_ld::{self, Node};

/// Pairs of label and value that one preview of a link has.
const MAX_LABELS: usize = 4;
/// Who made the site, not the article.
static MADE_BY: Pattern = Pattern::new(
    r"(?i)\b(?:(?:web ?)?design(?:s|ed|er)?|cod(?:e|ed|ing)\s*(?:by|:)|develop(?:ed|er|ment)|webmaster|powered by)\b",
);
/// The address of an outlet, and places or departments behind it.
static HOST_FIRST: Pattern = Pattern::new(r"^(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,12}\s*,");
/// Such labels where no byline begins with them, folded.
const WRITTEN_BY: [&str; 21] = [
    "writtenby",
    "verfasstvon",
    "geschriebenvon",
    "écritpar",
    "rédigépar",
    "escritopor",
    "scrittoda",
    "geschrevendoor",
    "skrivenav",
    "skrevetaf",
    "skrevetav",
    "kirjoittanut",
    "napisaneprzez",
    "napísal",
    "napsal",
    "yazar",
    "ditulisoleh",
    "автор",
    "작성자",
    "글쓴이",
    "執筆者",
];

/// The names in the structured data of the article.
pub(super) fn of_article(page: &Sources<'_>) -> Vec<String> {
    page.article
        .map(|node| of_node(page, node))
        .unwrap_or_default()
}

fn of_node(page: &Sources<'_>, node: &Node) -> Vec<String> {
    let mut found = Vec::new();
    for property in ["author", "creator"] {
        let people = json_ld::objects(node, property);
        if people.is_empty() {
            let texts = json_ld::texts(node, property);
            found.extend(
                texts
                    .iter()
                    .filter(|t| !t.contains("://"))
                    .map(|t| clean(t)),
            );
        }
        for person in people {
            found.extend(name_of(page, person));
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}

/// The name of a person node, perhaps by reference to another node. An organisation is kept where
/// it is an agency or a desk.
fn name_of(page: &Sources<'_>, person: &Node) -> Vec<String> {
    let named = |node: &Node| -> Vec<String> {
        let is_company = ["Organization", "NewsMediaOrganization", "Corporation"]
            .iter()
            .any(|kind| json_ld::is_a(node, kind) && !json_ld::is_a(node, "Person"));
        let names = json_ld::texts(node, "name").into_iter().map(|t| clean(&t));
        names
            .filter(|name| !is_company || byline(name).people.is_empty())
            .collect()
    };
    let own = named(person);
    if !own.is_empty() {
        return own;
    }
    let Some(id) = person.get("@id").and_then(|id| id.as_str()) else {
        return Vec::new();
    };
    let target = page
        .nodes
        .iter()
        .find(|n| n.get("@id").and_then(|i| i.as_str()) == Some(id) && n.contains_key("name"));
    target.map(named).unwrap_or_default()
}

/// The names in its `meta`.
pub(super) fn of_metas(page: &Sources<'_>) -> Vec<String> {
    for name in [
        "author",
        "article:author",
        "parsely-author",
        "sailthru.author",
        "byl",
        "dc.creator",
        "dcterms.creator",
        "citation_author",
        "dable:author",
        "og:article:author",
        "article:author_name",
        "cxenseparse:author",
    ] {
        let found: Vec<String> = page
            .head
            .metas_of(name)
            .filter(|v| !v.contains("://") && !v.contains(".com/"))
            .filter(|v| !MADE_BY.is_match(v) && !HOST_FIRST.is_match(v))
            .map(str::to_owned)
            .collect();
        let found: Vec<String> = if name.starts_with("dc") || name == "citation_author" {
            found.iter().map(|text| given_name_first(text)).collect()
        } else {
            found
        };
        if found.iter().any(|text| !byline(text).is_empty()) {
            return found;
        }
    }
    let found: Vec<String> = labelled(page).map(str::to_owned).into_iter().collect();
    if found.is_empty() && page.article.is_none() {
        // Some publishing systems name whoever published a post on the node of its page.
        let mut nodes = page.nodes.iter();
        let node = nodes.find(|node| json_ld::is_a(node, "WebPage"));
        return node.map(|node| of_node(page, node)).unwrap_or_default();
    }
    found
}

/// What the pairs of label and value name that publishing systems state for previews of a link
/// (`twitter:label1` "Written by", `twitter:data1`; some join both: `twitter:misc:Written by`).
fn labelled<'a>(page: &'a Sources<'_>) -> Option<&'a str> {
    let is_author =
        |label: &str| people::is_lone_label(label) || WRITTEN_BY.contains(&folded(label).as_str());
    let numbered = (1..=MAX_LABELS).find_map(|number| {
        let label = page.head.meta_of(&[&format!("twitter:label{number}")])?;
        let value = page.head.meta_of(&[&format!("twitter:data{number}")])?;
        is_author(label).then_some(value)
    });
    let joined = || {
        let mut pairs = page.head.metas_under("twitter:misc:");
        pairs.find(|(label, _)| is_author(label))
    };
    numbered.or_else(|| joined().map(|(_, value)| value))
}

/// `Birch, Clara` as `Clara Birch`: Dublin Core and library catalogues have people stated that way.
fn given_name_first(text: &str) -> String {
    match text.split_once(',') {
        Some((family, given)) if !given.contains(',') && !given.trim().is_empty() => {
            format!("{} {}", given.trim(), family.trim())
        }
        _ => text.to_owned(),
    }
}
