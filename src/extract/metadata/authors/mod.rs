//! Who wrote the article: people, or a desk where nobody is named; never the outlet. Agencies are
//! kept apart.

mod alone;
mod signed;
mod stated;

use super::Sources;
use super::byline::{self, Places, Shown};
use super::field::Field;
use super::outlet::Outlet;
use super::people::{Byline, byline as read_byline, people};
use crate::domain::Trust;
use crate::extract::FEED;
use crate::extract::body::Found;
use crate::extract::role::Roles;
use crate::extract::text::folded;

/// More people never sign one article.
pub(super) const MAX_AUTHORS: usize = 12;

/// Where some claims stand in the list of all.
const STRUCTURED: usize = 0;
const METAS: usize = 2;
const HEAD: usize = 3;

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
        authors: authors(&claims).or_else(|| authors(&[told_claim(page, title)])),
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
        stated_claim("json_ld", Trust::High, stated::of_article(page)),
        claim("markup", Trust::High, byline::declared(page, &found.span)),
        stated_claim("meta", Trust::Medium, stated::of_metas(page)),
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
        claim("markup", Trust::Low, alone::alone(page, found)),
    ];
    let mut outlet = Outlet::of(page, title);
    if let Some(head) = claims.get(HEAD) {
        outlet.learn_owner(&head.byline);
    }
    for claim in &mut claims {
        if outlet.is_called(&claim.raw) {
            claim.byline = Byline::default();
        }
        outlet.leave_out(&mut claim.byline);
    }
    settle_visible(&mut claims);
    complete(&mut claims);
    claims
}

/// What readers see in the head of the article comes before a `meta` that names somebody else: that
/// is often whoever published the page. It comes before single words of structured data, too.
fn settle_visible(claims: &mut [Claim]) {
    if let (Some(stated), Some(head)) = (claims.get(STRUCTURED), claims.get(HEAD)) {
        let is_full = |name: &String| name.contains(' ') || !name.is_ascii();
        let people = &stated.byline.people;
        let is_single = !people.is_empty() && !people.iter().any(is_full);
        if is_single && head.byline.people.iter().any(is_full) && !agrees(stated, head) {
            claims.swap(STRUCTURED, HEAD);
        }
    }
    let (Some(meta), Some(head)) = (claims.get(METAS), claims.get(HEAD)) else {
        return;
    };
    if !head.byline.people.is_empty() && !agrees(meta, head) {
        claims.swap(METAS, HEAD);
    }
}

/// Structured data often has room for one author only: where a `meta` names that one and others
/// beside, it names all.
fn complete(claims: &mut [Claim]) {
    let all = claims
        .iter()
        .find(|claim| claim.strategy == "meta")
        .map(|claim| claim.byline.people.clone());
    let first = claims
        .iter_mut()
        .find(|claim| !claim.byline.people.is_empty());
    let (Some(all), Some(first)) = (all, first) else {
        return;
    };
    let known: Vec<String> = all.iter().map(|name| folded(name)).collect();
    let mut stated = first.byline.people.iter();
    if all.len() > first.byline.people.len() && stated.all(|name| known.contains(&folded(name))) {
        first.byline.people = all;
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

/// Whom a feed names.
fn told_claim(page: &Sources<'_>, title: &str) -> Claim {
    let names = page.hint.map(|hint| hint.authors.clone());
    let mut claim = stated_claim(FEED, Trust::Medium, names.unwrap_or_default());
    let outlet = Outlet::of(page, title);
    if outlet.is_called(&claim.raw) {
        claim.byline = Byline::default();
    }
    outlet.leave_out(&mut claim.byline);
    claim
}

/// The names before the body is known, for trimming it.
pub(super) fn stated_names(page: &Sources<'_>) -> Vec<String> {
    let texts = stated::of_article(page)
        .into_iter()
        .chain(stated::of_metas(page));
    let mut names: Vec<String> = texts.flat_map(|text| people(&text)).collect();
    names.extend(byline::declared(page, &(0..0)).byline.people);
    names.truncate(MAX_AUTHORS);
    names
}

fn signed_claim(page: &Sources<'_>, found: &Found) -> Claim {
    let signed = signed::signature(page, found);
    let raw = if signed.names.is_empty() {
        signed.desk.clone().unwrap_or_default()
    } else {
        signed.names.join(" | ")
    };
    let closing = signed::closing_agency(page, found);
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

#[cfg(test)]
mod tests;
