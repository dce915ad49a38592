//! Who wrote the article: people, or a desk where nobody is named; never the outlet.

use super::Sources;
use super::field::Field;
use super::people::{LABEL, people};
use crate::domain::Trust;
use crate::extract::body::Found;
use crate::extract::outline::Item;
use crate::extract::pattern::Pattern;
use crate::extract::role::Roles;
use crate::extract::signature::{self, Signature};
use crate::extract::text::{clean, folded};
use crate::markup::json_ld::{self, Node};

/// More people never sign one article.
pub(super) const MAX_AUTHORS: usize = 12;

static JOINT: Pattern = Pattern::new(
    r"[가-힣]{2,4}(?:\s?[,·ㆍ・、]\s?[가-힣]{2,4}\b)+|[\p{Han}ぁ-ヿ]{2,8}(?:\s?[,·・、]\s?[\p{Han}ぁ-ヿ]{2,8})+",
);

/// Authors from the most trusted source that names people.
pub(super) fn authors(page: &Sources<'_>, found: &Found) -> Option<Field<Vec<String>>> {
    let sites: Vec<String> = page.site_names().iter().map(|n| folded(n)).collect();
    let people_of = |texts: Vec<String>| -> (Vec<String>, String) {
        let raw = texts.join(" | ");
        let mut named: Vec<String> = Vec::new();
        for name in texts.iter().flat_map(|text| people(text)) {
            let own = folded(&name);
            let is_known = sites.contains(&own) || named.iter().any(|known| folded(known) == own);
            if !is_known && named.len() < MAX_AUTHORS {
                named.push(name);
            }
        }
        (named, raw)
    };
    let sources: [(&'static str, Trust, Vec<String>); 4] = [
        ("json_ld", Trust::High, stated(page)),
        ("markup", Trust::High, declared(page)),
        ("meta", Trust::Medium, metas(page)),
        ("markup", Trust::Medium, shown(page, found)),
    ];
    for (strategy, trust, texts) in sources {
        let (people, raw) = people_of(texts);
        if !people.is_empty() {
            return Some(Field::new(people, strategy, &raw, trust));
        }
    }
    let signed = signed(page, found);
    if !signed.names.is_empty() {
        let raw = signed.names.join(" | ");
        return Some(Field::new(signed.names, "text", &raw, Trust::Medium));
    }
    let desk = signed.desk?;
    Some(Field::new(vec![desk.clone()], "text", &desk, Trust::Low))
}

/// The names before the body is known, for trimming it.
pub(super) fn stated_names(page: &Sources<'_>) -> Vec<String> {
    let texts = stated(page)
        .into_iter()
        .chain(declared(page))
        .chain(metas(page));
    texts
        .flat_map(|text| people(&text))
        .take(MAX_AUTHORS)
        .collect()
}

fn stated(page: &Sources<'_>) -> Vec<String> {
    let Some(node) = page.article else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for property in ["author", "creator"] {
        let people = json_ld::objects(node, property);
        if people.is_empty() {
            found.extend(json_ld::texts(node, property).iter().map(|t| clean(t)));
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

/// The name of a person node, perhaps by reference to another node.
fn name_of(page: &Sources<'_>, person: &Node) -> Vec<String> {
    let named = |node: &Node| -> Vec<String> {
        if json_ld::is_a(node, "Organization") || json_ld::is_a(node, "NewsMediaOrganization") {
            return Vec::new();
        }
        json_ld::texts(node, "name")
            .iter()
            .map(|t| clean(t))
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

fn metas(page: &Sources<'_>) -> Vec<String> {
    for name in [
        "author",
        "article:author",
        "parsely-author",
        "sailthru.author",
        "byl",
        "dc.creator",
        "dcterms.creator",
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
        if found.iter().any(|text| !people(text).is_empty()) {
            return found;
        }
    }
    Vec::new()
}

/// Microdata and `rel=author` outside of what surrounds the article.
fn declared(page: &Sources<'_>) -> Vec<String> {
    let outline = page.outline;
    let is_author = |prop: &str| matches!(prop, "author" | "creator");
    let mut found = Vec::new();
    for (index, item) in outline.items.iter().enumerate() {
        let is_meant = item.element.attr("itemprop").is_some_and(is_author);
        if !is_meant
            || item
                .roles
                .has(Roles::AROUND.without(Roles::BIO).without(Roles::FOOTER))
            || item.element.name() == "meta"
        {
            continue;
        }
        let name = outline
            .within(index)
            .iter()
            .find(|i| i.element.attr("itemprop") == Some("name"));
        let name = match name
            .filter(|n| n.element.name() == "meta")
            .and_then(|n| n.element.attr("content"))
        {
            Some(content) => content.to_owned(),
            None => page.text_inside(name.unwrap_or(item)),
        };
        found.push(clean(&name));
    }
    found.truncate(MAX_AUTHORS);
    found
}

/// Byline blocks near the article, links to an author's page, lines that begin with "By".
fn shown(page: &Sources<'_>, found: &Found) -> Vec<String> {
    let outline = page.outline;
    let around = Roles::AROUND
        .without(Roles::ASIDE)
        .without(Roles::FOOTER)
        .without(Roles::BIO);
    let last = found.span.end + 8;
    let near = outline
        .items
        .iter()
        .filter(|i| !i.roles.has(around) && (found.span.is_empty() || i.blocks.start <= last));
    let items: Vec<&Item<'_>> = near.collect();
    let names = |is_meant: &dyn Fn(&Item<'_>) -> bool| -> Vec<String> {
        let meant = items.iter().filter(|i| is_meant(i)).take(MAX_AUTHORS);
        let texts = meant
            .map(|i| page.text_inside(i))
            .filter(|text| text.chars().count() <= 160);
        // A single Latin word in such a place is a label more often than a name.
        let is_full = |name: &String| name.contains(' ') || !name.is_ascii();
        texts
            .filter(|text| people(text).iter().any(is_full))
            .collect()
    };
    let linked = names(&|i| i.element.attr("rel").is_some_and(|rel| rel == "author"));
    if !linked.is_empty() {
        return linked;
    }
    if let Some(byline) = names(&|i| i.own.has(Roles::BYLINE)).into_iter().next() {
        return vec![byline];
    }
    let head = found.span.start.saturating_sub(12)..=found.span.start + 2;
    let profiles = names(&|i| head.contains(&i.blocks.start) && is_profile(i));
    if !profiles.is_empty() {
        return profiles;
    }
    labelled(page, found, around)
}

/// Whether a link leads to the page of a person who writes.
fn is_profile(item: &Item<'_>) -> bool {
    const FOLDERS: [&str; 9] = [
        "/author/",
        "/authors/",
        "/autor/",
        "/autoren/",
        "/staff/",
        "/people/",
        "/reporter/",
        "/journalist/",
        "/profile/",
    ];
    let href = item.element.attr("href").unwrap_or_default();
    item.element.name() == "a" && FOLDERS.iter().any(|folder| href.contains(folder))
}

/// The nearest line before the text that begins with "By", or the one after a lone "By".
fn labelled(page: &Sources<'_>, found: &Found, around: Roles) -> Vec<String> {
    let before = found.span.start.min(page.outline.blocks.len());
    let blocks = page.outline.blocks.get(..before).unwrap_or_default();
    let mut next: Option<&str> = None;
    for block in blocks
        .iter()
        .rev()
        .take(12)
        .filter(|b| !b.roles.has(around))
    {
        let text = block.text.as_str();
        let is_label = LABEL.is_match(text);
        if is_label && text.chars().count() <= 100 && text.split_whitespace().count() >= 3 {
            return vec![text.to_owned()];
        }
        if matches!(
            text.to_lowercase().trim_end_matches(':'),
            "by" | "von" | "por" | "par"
        ) {
            return next.map(str::to_owned).into_iter().collect();
        }
        next = Some(text);
    }
    Vec::new()
}

/// Signatures in the body and in the lines just around it.
fn signed(page: &Sources<'_>, found: &Found) -> Signature {
    let mut signature = found.signature.clone();
    if found.span.is_empty() {
        return signature;
    }
    let range = found.span.start.saturating_sub(10)..(found.span.end + 5);
    for at in range {
        let Some(block) = page.outline.blocks.get(at) else {
            continue;
        };
        if block.roles.has(Roles::AROUND) {
            continue;
        }
        if let Some(line) = signature::line(&block.text) {
            signature.desk = signature.desk.take().or(line.desk);
            if signature.names.is_empty() {
                signature.names = line.names;
            }
        }
    }
    if let [name] = signature.names.as_slice()
        && let Some(joint) = joint(page, found, name)
    {
        signature.names = joint;
    }
    signature
}

/// All names of a joint byline over the text of which `name` signed it alone.
fn joint(page: &Sources<'_>, found: &Found, name: &str) -> Option<Vec<String>> {
    let last = (found.span.start + 4).min(page.outline.blocks.len());
    let blocks = page.outline.blocks.get(..last)?.iter().rev().take(16);
    let lists = blocks
        .filter(|b| b.text.contains(name) && b.weight <= 250)
        .flat_map(|b| JOINT.regex().map(|joint| joint.find_iter(&b.text)));
    let lists: Vec<Vec<String>> = lists
        .flatten()
        .map(|list| {
            list.as_str()
                .split(|c: char| c.is_whitespace() || ",·ㆍ・、".contains(c))
                .filter(|n| !n.is_empty())
                .map(str::to_owned)
                .collect()
        })
        .collect();
    lists
        .into_iter()
        .find(|list| list.iter().any(|n| n == name) && list.iter().all(|n| signature::is_name(n)))
}
