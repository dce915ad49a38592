//! Who the page tells machines that its authors are.

use super::super::Sources;
use super::super::people::{self, byline};
use crate::extract::text::{clean, folded};
use crate::markup::json_ld::{self, Node};

/// Pairs of label and value that one preview of a link has.
const MAX_LABELS: usize = 4;
/// Such labels where no byline begins with them, folded.
const WRITTEN_BY: [&str; 20] = [
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
    let Some(node) = page.article else {
        return Vec::new();
    };
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
    labelled(page).map(str::to_owned).into_iter().collect()
}

/// What the pairs of label and value name that publishing systems state for previews of a link
/// (`twitter:label1` "Written by", `twitter:data1`).
fn labelled<'a>(page: &'a Sources<'_>) -> Option<&'a str> {
    (1..=MAX_LABELS).find_map(|number| {
        let label = page.head.meta_of(&[&format!("twitter:label{number}")])?;
        let is_author =
            people::is_lone_label(label) || WRITTEN_BY.contains(&folded(label).as_str());
        let value = page.head.meta_of(&[&format!("twitter:data{number}")])?;
        is_author.then_some(value)
    })
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
