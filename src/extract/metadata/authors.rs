//! Who wrote the article: people, or a desk where nobody is named; never the outlet. Agencies are
//! kept apart.

use super::Sources;
use super::agency;
use super::byline::{self, Places, Shown};
use super::field::Field;
use super::outlet::Outlet;
use super::people::{self, Byline, byline as read_byline, people};
use crate::domain::Trust;
use crate::extract::body::Found;
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

/// Authors and agency of an article.
#[derive(Debug, Default)]
pub(super) struct Credits {
    pub(super) authors: Option<Field<Vec<String>>>,
    pub(super) agency: Option<Field<String>>,
}

/// What one source says.
struct Claim {
    strategy: &'static str,
    trust: Trust,
    byline: Byline,
    raw: String,
}

/// Authors from the most trusted source that names people, and the agency.
pub(super) fn credits(page: &Sources<'_>, found: &Found, title: &str) -> Credits {
    let claims = claims(page, found, title);
    Credits {
        authors: authors(&claims),
        agency: agency_of(&claims, found),
    }
}

fn authors(claims: &[Claim]) -> Option<Field<Vec<String>>> {
    let named = claims.iter().find(|claim| !claim.byline.people.is_empty());
    if let Some(claim) = named {
        let agreeing = claims.iter().filter(|other| agrees(claim, other)).count();
        let trust = if agreeing > 1 {
            Trust::High
        } else {
            claim.trust
        };
        let people = claim.byline.people.clone();
        return Some(Field::new(people, claim.strategy, &claim.raw, trust));
    }
    let of = |pick: fn(&Byline) -> Option<&String>| {
        let claim = claims.iter().find(|claim| pick(&claim.byline).is_some())?;
        let name = pick(&claim.byline)?.clone();
        Some(Field::new(
            vec![name],
            claim.strategy,
            &claim.raw,
            Trust::Low,
        ))
    };
    of(|byline| byline.desk.as_ref()).or_else(|| of(|byline| byline.handle.as_ref()))
}

/// Whether another claim names one of the same people, perhaps with more around the name.
fn agrees(claim: &Claim, other: &Claim) -> bool {
    let names: Vec<String> = claim.byline.people.iter().map(|n| folded(n)).collect();
    let is_same = |theirs: String| names.iter().any(|own| theirs.starts_with(own.as_str()));
    other.byline.people.iter().any(|name| is_same(folded(name)))
}

fn agency_of(claims: &[Claim], found: &Found) -> Option<Field<String>> {
    if let Some(name) = &found.signature.agency {
        return Some(Field::new(name.clone(), "text", name, Trust::Medium));
    }
    let claim = claims
        .iter()
        .find(|claim| !claim.byline.agencies.is_empty())?;
    let name = claim.byline.agencies.first()?.clone();
    Some(Field::new(name, claim.strategy, &claim.raw, claim.trust))
}

/// What all sources say, the most trusted first, without the outlet's own names.
fn claims(page: &Sources<'_>, found: &Found, title: &str) -> Vec<Claim> {
    let places = Places::of(page, found, title);
    // Between headline and text little else can be meant by what looks like a byline.
    let over = Roles::NAV
        .with(Roles::RELATED)
        .with(Roles::COMMENT)
        .with(Roles::OFFER)
        .with(Roles::HIDDEN);
    let around = Roles::AROUND
        .without(Roles::ASIDE)
        .without(Roles::FOOTER)
        .without(Roles::BIO);
    let claim = |strategy, trust, shown: Shown| Claim {
        strategy,
        trust,
        byline: shown.byline,
        raw: shown.raw,
    };
    let mut claims = vec![
        stated_claim("json_ld", Trust::High, stated(page)),
        claim("markup", Trust::High, byline::declared(page)),
        stated_claim("meta", Trust::Medium, metas(page)),
        claim(
            "markup",
            Trust::Medium,
            byline::shown(page, &places.head, over),
        ),
        claim(
            "markup",
            Trust::Medium,
            byline::shown(page, &places.tail, around),
        ),
        signed_claim(page, found),
        claim("markup", Trust::Low, byline::unanimous(page, over)),
    ];
    let mut outlet = Outlet::of(page, title);
    if let Some(head) = claims.get(3) {
        outlet.learn_owner(&head.byline);
    }
    for claim in &mut claims {
        outlet.leave_out(&mut claim.byline);
    }
    settle_visible(&mut claims);
    claims
}

/// What readers see in the head of the article comes before a `meta` that names somebody else: that
/// is often whoever published the page.
fn settle_visible(claims: &mut [Claim]) {
    let (Some(meta), Some(head)) = (claims.get(2), claims.get(3)) else {
        return;
    };
    if !head.byline.people.is_empty() && !agrees(meta, head) {
        claims.swap(2, 3);
    }
}

fn stated_claim(strategy: &'static str, trust: Trust, texts: Vec<String>) -> Claim {
    let mut byline = Byline::default();
    for text in &texts {
        byline.join(read_byline(text));
    }
    Claim {
        strategy,
        trust,
        byline,
        raw: texts.join(" | "),
    }
}

/// The names before the body is known, for trimming it.
pub(super) fn stated_names(page: &Sources<'_>) -> Vec<String> {
    let texts = stated(page).into_iter().chain(metas(page));
    let mut names: Vec<String> = texts.flat_map(|text| people(&text)).collect();
    names.extend(byline::declared(page).byline.people);
    names.truncate(MAX_AUTHORS);
    names
}

fn stated(page: &Sources<'_>) -> Vec<String> {
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
            .filter(|name| !is_company || read_byline(name).people.is_empty())
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
        if found.iter().any(|text| !read_byline(text).is_empty()) {
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

fn signed_claim(page: &Sources<'_>, found: &Found) -> Claim {
    let signed = signed(page, found);
    let raw = if signed.names.is_empty() {
        signed.desk.clone().unwrap_or_default()
    } else {
        signed.names.join(" | ")
    };
    let closing = closing_agency(page, found);
    Claim {
        strategy: "text",
        trust: Trust::Medium,
        raw: if raw.is_empty() {
            closing.clone().unwrap_or_default()
        } else {
            raw
        },
        byline: Byline {
            people: signed.names,
            desk: signed.desk,
            agencies: closing.into_iter().collect(),
            handle: None,
        },
    }
}

/// An agency that stands alone on one of the last lines.
fn closing_agency(page: &Sources<'_>, found: &Found) -> Option<String> {
    let last = found.span.end;
    let blocks = page.outline.blocks.get(last.saturating_sub(3)..)?;
    let lines = blocks
        .iter()
        .take(6)
        .filter(|b| !b.roles.has(Roles::AROUND));
    lines
        .filter(|b| !b.is_linked())
        .find_map(|b| agency::named(&b.text))
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
