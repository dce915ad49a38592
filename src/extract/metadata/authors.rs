//! Who wrote the article: people, or a desk where nobody is named; never the outlet.

use std::sync::LazyLock;

use regex::Regex;

use super::Sources;
use super::field::Field;
use crate::domain::Trust;
use crate::extract::body::Found;
use crate::extract::role::Roles;
use crate::extract::signature::{self, Signature};
use crate::extract::text::{clean, folded};
use crate::markup::json_ld::{self, Node};

/// More people never sign one article.
const MAX_AUTHORS: usize = 12;

static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:written by|posted by|reported by|story by|words by|text by|by|von|par|por|di|door|av|af|författare|autor(?:in|a|es)?|auteur|text|글|기자명|작성자|文|文責|執筆)\b?\s*[:：|]?\s+").ok()
});
static ROLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?:^|,|\s[-–|(]|\s)\s*(?:(?:senior|staff|chief|deputy|associate|political|business|science|sports?|technology|tech|health|education|national|foreign|special|freelance|contributing|managing|executive|environment|news|white house|digital)\s)*",
        r"(?:reporter|writer|correspondent|editor|columnist|contributor|journalist|producer|photographer|critic|redakteur(?:in)?|korrespondent(?:in)?|記者|編集部|特派員)\b.*$"
    ))
    .ok()
});
static SEPARATOR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\s*(?:[,;·ㆍ・∙|/、，•]|&|\s[-–—]\s|\s(?:and|und|et|y|och|og|en|with|mit|e|i)\s|\r?\n)\s*").ok()
});
static NOISE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)https?://\S+|\S+@\S*|\([^)]*\)|\[[^\]]*\]|@\w+|\b외\s?\d+\s?명").ok()
});
static JOINT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[가-힣]{2,4}(?:\s?[,·ㆍ・、]\s?[가-힣]{2,4}\b)+|[\p{Han}ぁ-ヿ]{2,8}(?:\s?[,·・、]\s?[\p{Han}ぁ-ヿ]{2,8})+").ok()
});
/// A date behind the names, and everything after it.
static DATED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)[\s(|·,–-]+(?:(?:jan(?:uary?|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\.?\s)?\d.*$").ok()
});
static NOBODY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^(?:admin|administrator|editor|editors|editorial(?: team| staff| board)?|staff|newsroom|news ?desk|redaktion|online|web ?desk|guest(?: author)?|",
        r"author|autor|unknown|none|null|anonymous|press release|contributor|contributors|agencies|agency|wire|user|root|webmaster|",
        r"reuters|ap|afp|dpa|upi|ansa|efe|bloomberg|associated press|the associated press|dpa-infocom|sid|apa|kyodo|xinhua|연합뉴스|뉴시스|뉴스1|",
        r"published|updated|share|follow|read more|facebook|twitter|email|view (?:all|profile).*|more (?:by|from).*|posts?)$|",
        r"(?i)\b(?:staff|newsroom|redaktion|editorial|team|desk|magazine|media|news|press|agency|inc|ltd|gmbh|blog|tv|radio|zeitung|times|post)\b"
    ))
    .ok()
});

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

/// Byline blocks near the article, and links to an author's page.
fn shown(page: &Sources<'_>, found: &Found) -> Vec<String> {
    let outline = page.outline;
    let around = Roles::AROUND.without(Roles::ASIDE).without(Roles::FOOTER);
    let last = found.span.end + 8;
    let items = || {
        outline
            .items
            .iter()
            .filter(|i| !i.roles.has(around) && (found.span.is_empty() || i.blocks.start <= last))
    };
    let linked: Vec<String> = items()
        .filter(|i| i.element.attr("rel").is_some_and(|r| r == "author"))
        .map(|i| page.text_inside(i))
        .take(4)
        .collect();
    if linked.iter().any(|text| !people(text).is_empty()) {
        return linked;
    }
    for item in items().filter(|i| i.own.has(Roles::BYLINE)).take(12) {
        let text = page.text_inside(item);
        if text.chars().count() <= 160 && !people(&text).is_empty() {
            return vec![text];
        }
    }
    let blocks = outline
        .blocks
        .get(..found.span.start.min(outline.blocks.len()))
        .unwrap_or_default();
    let by = |text: &str| {
        let is_label = LABEL.as_ref().is_some_and(|label| label.is_match(text));
        is_label && text.chars().count() <= 100 && text.split_whitespace().count() >= 3
    };
    let line = blocks
        .iter()
        .rev()
        .take(12)
        .find(|b| !b.roles.has(around) && by(&b.text));
    line.map(|b| vec![b.text.clone()]).unwrap_or_default()
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
        .flat_map(|b| JOINT.as_ref().map(|joint| joint.find_iter(&b.text)));
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

/// The people that a byline names.
pub(super) fn people(text: &str) -> Vec<String> {
    let text = clean(text);
    if let Some(signature) = signature::line(&text).filter(|s| !s.names.is_empty()) {
        return signature.names;
    }
    let (Some(label), Some(role), Some(separator), Some(noise), Some(dated)) = (
        LABEL.as_ref(),
        ROLE.as_ref(),
        SEPARATOR.as_ref(),
        NOISE.as_ref(),
        DATED.as_ref(),
    ) else {
        return Vec::new();
    };
    let text = label.replace(&text, "").into_owned();
    let text = noise.replace_all(&text, " ").into_owned();
    let text = dated.replace(&text, "").into_owned();
    separator
        .split(&text)
        .take(MAX_AUTHORS)
        .map(|part| {
            let part = label.replace(part, "").into_owned();
            let part = role.replace(&part, "").into_owned();
            let part = part.strip_suffix("기자").unwrap_or(&part);
            clean(part)
                .trim_matches(|c: char| !c.is_alphanumeric() && c != '.')
                .trim_end_matches('.')
                .to_owned()
        })
        .filter(|name| is_person(name))
        .collect()
}

fn is_person(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let chars = name.chars().count();
    let is_nobody = NOBODY.as_ref().is_some_and(|nobody| nobody.is_match(name));
    let is_plain = name
        .chars()
        .all(|c| c.is_alphabetic() || " .'’-‘´`\u{200c}".contains(c) || is_mark(c));
    let is_cased = name.chars().any(char::is_uppercase) || !name.is_ascii();
    let first_upper = words
        .iter()
        .filter(|w| {
            w.chars()
                .next()
                .is_some_and(|c| c.is_uppercase() || !c.is_lowercase())
        })
        .count();
    (2..=48).contains(&chars)
        && words.len() <= 5
        && is_plain
        && is_cased
        && !is_nobody
        && first_upper * 2 >= words.len()
        && !(words.len() == 1 && name.is_ascii() && chars < 3)
}

/// Combining marks of scripts that write vowels as such.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_are_split_into_people() {
        for (text, expected) in [
            (
                "By Clara Birch and John O'Neil",
                &["Clara Birch", "John O'Neil"][..],
            ),
            ("Von Nele Voß – 2. März 2026, 12:00 Uhr", &["Nele Voß"]),
            ("홍길동 기자 외 1명", &["홍길동"]),
            ("최하늘·홍가온 기자", &["최하늘", "홍가온"]),
            (
                "Maya Abbott, Senior Political Correspondent",
                &["Maya Abbott"],
            ),
            ("西田拓也", &["西田拓也"]),
            ("https://facebook.example/news", &[]),
            ("Editorial Team", &[]),
            ("admin", &[]),
            ("Updated 3 March 2024", &[]),
        ] {
            assert_eq!(people(text), expected, "{text}");
        }
    }
}
