//! Where a page states a field, whatever the extractor made of it: `meta` elements, structured data
//! and marked-up elements, each with the selector that a rule would name it by.

use scraper::{ElementRef, Html, Selector};

use super::{Place, css, state};
use crate::domain::{Article, RuleField, Stamp};
use crate::extract::metadata::{self, Sources};
use crate::extract::outline::Item;
use crate::extract::role::Roles;
use crate::extract::rules::{selected, value};
use crate::extract::text::head;
use crate::markup::date;

/// Places of one kind that are told of one field.
const MAX_PLACES: usize = 4;
/// Places that are told of one field, and those of them that say the same.
const MAX_OF_FIELD: usize = 6;
const MAX_SAME: usize = 2;
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
pub(super) fn all(page: &Sources<'_>, html: &Html, article: &Article) -> Vec<Place> {
    let mut places = elements(page);
    places.extend(stated(html));
    places.extend(metas(html, page));
    places.extend(states(html, article));
    places.sort_by_key(|place| place.field);
    let mut told: Vec<Place> = Vec::new();
    for place in places {
        let of_field = told.iter().filter(|p| p.field == place.field);
        let same = of_field.clone().filter(|p| p.value == place.value);
        if of_field.count() < MAX_OF_FIELD && same.count() < MAX_SAME {
            let agrees = agrees(&place, page, article);
            told.push(Place { agrees, ..place });
        }
    }
    told
}

/// Where the state of scripts holds the headline and the text.
fn states(html: &Html, article: &Article) -> Vec<Place> {
    let longest = article.body.iter().max_by_key(|line| line.len());
    let wanted = [
        (RuleField::Title, Some(&article.title)),
        (RuleField::Body, longest),
    ];
    let found = wanted.iter().filter_map(|(field, text)| {
        let text = (*text)?;
        Some(place(*field, state::path_of(html, text)?, text))
    });
    found.collect()
}

/// Whether a place says what the field was read as.
fn agrees(place: &Place, page: &Sources<'_>, article: &Article) -> bool {
    let value = place.value.as_str();
    let is = |field: &Option<String>| field.as_deref() == Some(value);
    let is_stamp = |field: &Option<Stamp>| {
        let read = date::read(value, &page.dates).map(|reading| reading.stamp);
        read.is_some() && read == *field
    };
    match place.field {
        RuleField::Title => article.title == value,
        RuleField::Subtitle => is(&article.subtitle),
        RuleField::Authors => metadata::people(value) == article.authors,
        RuleField::Published => is_stamp(&article.published),
        RuleField::Modified => is_stamp(&article.modified),
        RuleField::Section => is(&article.section),
        RuleField::Tags => article
            .tags
            .iter()
            .eq(value.split(&[',', '|'][..]).map(str::trim)),
        RuleField::Body => article
            .body
            .iter()
            .any(|line| value.contains(line.as_str())),
        RuleField::Images => article
            .images
            .iter()
            .any(|image| value.contains(&image.url)),
        RuleField::Agency => is(&article.agency),
        RuleField::Language => metadata::language_code(value) == article.language,
        RuleField::Paywalled => false,
    }
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
        // Tokens and numbers of services may read as a date.
        let is_word = value.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_date = (!is_word || names_date(name)) && date::read(&value, &page.dates).is_some();
        let Some(field) = field_of(&name.to_ascii_lowercase(), is_date) else {
            continue;
        };
        let is_room = places.iter().filter(|p| p.field == field).count() < MAX_PLACES;
        let is_meant = field != RuleField::Images || value.contains('/');
        if is_room && is_meant && !value.is_empty() {
            places.push(place(field, format!("meta[{key}=\"{name}\"]"), &value));
        }
    }
    places
}

fn names_date(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["date", "time", "publish", "issued", "created", "modif"]
        .iter()
        .any(|word| name.contains(word))
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
        agrees: false,
    }
}
