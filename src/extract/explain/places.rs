//! Where a page states a field, whatever the extractor made of it: `meta` elements, structured data
//! and marked-up elements, each with the selector that a rule would name it by.

use scraper::{ElementRef, Html, Selector};

use super::{Place, css};
use crate::domain::RuleField;
use crate::extract::metadata::Sources;
use crate::extract::outline::Item;
use crate::extract::role::Roles;
use crate::extract::rules::{selected, value};
use crate::extract::text::head;
use crate::markup::date;

/// Places of one kind that are told of one field.
const MAX_PLACES: usize = 4;
/// Longer texts are no headline, byline or date.
const MAX_VALUE: usize = 300;

/// Keys of structured data, and where they may stand.
const STATED: &[(RuleField, &str)] = &[
    (RuleField::Title, ".headline"),
    (RuleField::Subtitle, ".alternativeHeadline"),
    (RuleField::Authors, ".author.name"),
    (RuleField::Authors, ".author[*].name"),
    (RuleField::Published, ".datePublished"),
    (RuleField::Modified, ".dateModified"),
    (RuleField::Section, ".articleSection"),
    (RuleField::Tags, ".keywords"),
    (RuleField::Body, ".articleBody"),
    (RuleField::Images, ".image.url"),
    (RuleField::Images, ".image"),
    (RuleField::Language, ".inLanguage"),
];
const ROOTS: &[&str] = &["", "[*]", ".@graph[*]"];

/// All places, by field.
pub(super) fn all(page: &Sources<'_>, html: &Html) -> Vec<Place> {
    let mut places = stated(html);
    places.extend(metas(html, page));
    places.extend(elements(page));
    places.sort_by_key(|place| place.field);
    places
}

fn stated(html: &Html) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for (field, keys) in STATED {
        let selectors = ROOTS
            .iter()
            .map(|root| format!("script(application/ld+json){root}{keys}"));
        let found = selectors.into_iter().find_map(|selector| {
            let value = selected(html, &selector).join(" | ");
            (!value.is_empty()).then(|| place(*field, selector, &value))
        });
        places.extend(found);
    }
    places
}

fn metas(html: &Html, page: &Sources<'_>) -> Vec<Place> {
    let metas = Selector::parse("meta[content]").map(|all| html.select(&all).collect());
    let metas: Vec<ElementRef<'_>> = metas.unwrap_or_default();
    let title = page.head.title.iter();
    let mut places: Vec<Place> = title
        .map(|text| place(RuleField::Title, "title".to_owned(), text))
        .collect();
    for meta in metas {
        let key = ["property", "name", "itemprop"]
            .iter()
            .find_map(|key| Some((*key, meta.attr(key)?)));
        let Some((key, name)) = key else { continue };
        let value = value(meta, None);
        let is_date = date::read(&value, &page.dates).is_some();
        let Some(field) = field_of(&name.to_ascii_lowercase(), is_date) else {
            continue;
        };
        let is_room = places.iter().filter(|p| p.field == field).count() < MAX_PLACES;
        if is_room && !value.is_empty() {
            places.push(place(field, format!("meta[{key}=\"{name}\"]"), &value));
        }
    }
    places
}

/// What a `meta` of this name is about.
fn field_of(name: &str, is_date: bool) -> Option<RuleField> {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let ends = |words: &[&str]| words.iter().any(|word| name.ends_with(word));
    if is_date {
        let is_change = has(&["modif", "updat", "revis"]);
        return Some(match is_change {
            true => RuleField::Modified,
            false => RuleField::Published,
        });
    }
    if ends(&["title", "headline"]) && !has(&["app", "site"]) {
        return Some(RuleField::Title);
    }
    let known: [(&[&str], RuleField); 7] = [
        (&["author", "byl", "creator"], RuleField::Authors),
        (&["section", "category"], RuleField::Section),
        (&["keyword", ":tag"], RuleField::Tags),
        (&["content_tier", "paywall"], RuleField::Paywalled),
        (&["locale", "language"], RuleField::Language),
        (&["description"], RuleField::Subtitle),
        (&["image"], RuleField::Images),
    ];
    let is_part = ends(&[":width", ":height", ":alt", ":type", "_size"]);
    let found = known.iter().find(|(words, _)| has(words) && !is_part);
    found.map(|(_, field)| *field)
}

/// Elements whose tag or name says what they hold.
fn elements(page: &Sources<'_>) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for (index, item) in page.outline.items.iter().enumerate() {
        let Some(field) = meant(item).filter(|_| !item.roles.has(Roles::AROUND)) else {
            continue;
        };
        let is_room = places.iter().filter(|p| p.field == field).count() < MAX_PLACES;
        let Some(value) = ElementRef::wrap(item.node).map(|e| value(e, None)) else {
            continue;
        };
        let is_date = || date::read(&value, &page.dates).is_some();
        let is_dated = !date::labelled(&value, &page.dates).is_empty();
        let is_true = field != RuleField::Published || is_dated || is_date();
        let fits = !value.is_empty() && value.chars().count() <= MAX_VALUE;
        if !is_room || !is_true || !fits {
            continue;
        }
        let place = place(field, css::of(page.outline, index), &value);
        let is_told = places
            .iter()
            .any(|p| p.field == field && (p.value == place.value || p.selector == place.selector));
        if !is_told {
            places.push(place);
        }
    }
    places
}

fn meant(item: &Item<'_>) -> Option<RuleField> {
    let own = item.own;
    [
        (Roles::HEADLINE, RuleField::Title),
        (Roles::STANDFIRST, RuleField::Subtitle),
        (Roles::BYLINE, RuleField::Authors),
        (Roles::DATE, RuleField::Published),
        (Roles::CRUMBS, RuleField::Section),
        (Roles::TAGS, RuleField::Tags),
    ]
    .into_iter()
    .find(|(role, _)| own.has(*role))
    .map(|(_, field)| field)
}

fn place(field: RuleField, selector: String, value: &str) -> Place {
    Place {
        field,
        selector,
        value: head(value, MAX_VALUE),
    }
}
