//! When the article was published and last changed, as precise as the page states it.

use chrono::{NaiveDate, Timelike};

use super::Sources;
use super::field::Field;
use crate::domain::{Precision, Stamp, Trust};
use crate::extract::body::Found;
use crate::extract::pattern::Pattern;
use crate::extract::role::Roles;
use crate::markup::date::{self, Label, Reading};
use crate::markup::json_ld;

/// Longer blocks are sentences that mention dates.
const MAX_LINE: usize = 160;
/// How many blocks around the body may hold its dates.
const NEAR: usize = 14;

const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "og:published_time",
    "datepublished",
    "og:regdate",
    "published_time",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "date.release",
    "dc.date.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "article_date_original",
    "originalpublicationdate",
    "date",
    "datecreated",
    "created",
    "rnews:datepublished",
    "dcterms.issued",
    "analyticsattributes.articledate",
];
const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:article:modified_time",
    "article:modified",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "revised",
];

static PATH_DATE: Pattern =
    Pattern::new(r"/((?:19|20)\d\d)[/-]?([01]\d)[/-]?([0-3]\d)(?:\D|$|\d{4,})");

type Dated = Field<Stamp>;

/// Both dates; the second only where it is after the first.
pub(super) fn dates(page: &Sources<'_>, found: &Found) -> (Option<Dated>, Option<Dated>) {
    let shown = shown(page, found);
    let mut published = stated(page, "datePublished", PUBLISHED);
    let labelled = |label: Label| {
        shown
            .iter()
            .find(|(l, _, _)| *l == Some(label))
            .map(|(_, r, raw)| field(r, "text", raw, Trust::Medium))
    };
    published.extend(labelled(Label::Published));
    published.extend(declared(page, found));
    published.extend(
        shown
            .iter()
            .find(|(l, _, _)| l.is_none())
            .map(|(_, r, raw)| field(r, "text", raw, Trust::Low)),
    );
    published.extend(of_path(page));
    let mut modified = stated(page, "dateModified", MODIFIED);
    modified.extend(labelled(Label::Modified));
    let published = sharpest(published);
    let modified = modified.into_iter().next();
    let is_later = |m: &Dated| {
        published
            .as_ref()
            .is_none_or(|p| is_after(&m.value, &p.value))
    };
    let modified = modified.filter(is_later);
    match (published, modified) {
        // A page that only states its last change was published then, as far as anybody knows.
        (None, Some(modified)) => (Some(modified), None),
        both => both,
    }
}

fn field(reading: &Reading, strategy: &'static str, raw: &str, trust: Trust) -> Dated {
    Field::new(reading.stamp.clone(), strategy, raw, trust)
}

/// The first reading, or one of the same day that knows the time where the first does not.
fn sharpest(found: Vec<Dated>) -> Option<Dated> {
    let mut found = found.into_iter();
    let first = found.next()?;
    let is_vague = |stamp: &Stamp| {
        stamp.precision <= Precision::Day || (stamp.local.num_seconds_from_midnight() == 0)
    };
    if !is_vague(&first.value) {
        return Some(first);
    }
    let day = first.value.local.date();
    let better = found.find(|other| !is_vague(&other.value) && other.value.local.date() == day);
    Some(better.unwrap_or(first))
}

/// Whether `a` is after `b` at the coarser precision of the two.
pub(super) fn is_after(a: &Stamp, b: &Stamp) -> bool {
    let precision = a.precision.min(b.precision);
    let cut = |stamp: &Stamp| {
        let local = match stamp.instant() {
            Some(instant) if precision > Precision::Day => instant.naive_utc(),
            _ => stamp.local,
        };
        match precision {
            Precision::Month | Precision::Day => local.date().into(),
            Precision::Minute => local.with_second(0).unwrap_or(local),
            Precision::Second => local,
        }
    };
    cut(a) > cut(b)
}

/// Structured data, then `meta`, then microdata.
fn stated(page: &Sources<'_>, property: &str, metas: &[&str]) -> Vec<Dated> {
    let mut found = Vec::new();
    let read = |text: &str| date::read(text, &page.dates).filter(|r| r.rule != "relative");
    let nodes = page.article.into_iter().chain(
        page.nodes
            .iter()
            .filter(|n| json_ld::is_a(n, "WebPage") || json_ld::is_a(n, "NewsArticle")),
    );
    if let Some((raw, reading)) = nodes
        .filter_map(|n| json_ld::text(n, property))
        .find_map(|t| Some((t.clone(), read(&t)?)))
    {
        found.push(field(&reading, "json_ld", &raw, Trust::High));
    }
    for name in metas {
        if let Some((raw, reading)) = page.head.metas_of(name).find_map(|t| Some((t, read(t)?))) {
            found.push(field(&reading, "meta", raw, Trust::High));
        }
    }
    for item in page.outline.items.iter().filter(|i| {
        i.element
            .attr("itemprop")
            .is_some_and(|p| p.split_ascii_whitespace().any(|p| p == property))
    }) {
        let stated = item
            .element
            .attr("content")
            .or_else(|| item.element.attr("datetime"));
        let raw = stated.map_or_else(|| page.text_inside(item), str::to_owned);
        if let Some(reading) = read(&raw) {
            found.push(field(&reading, "markup", &raw, Trust::High));
            break;
        }
    }
    found
}

/// `time` elements and date attributes near the article, the first that is no change.
fn declared(page: &Sources<'_>, found: &Found) -> Vec<Dated> {
    let last = if found.span.is_empty() {
        usize::MAX
    } else {
        found.span.end + NEAR
    };
    let around = Roles::AROUND.without(Roles::FOOTER).without(Roles::ASIDE);
    let items = page
        .outline
        .items
        .iter()
        .filter(|i| !i.roles.has(around) && i.blocks.start <= last);
    let attributes = [
        "datetime",
        "data-published-time",
        "data-date-time",
        "data-publish-date",
        "data-published",
        "data-date",
        "data-deploy-dt",
        "data-timestamp",
    ];
    let mut dates = Vec::new();
    for item in items {
        let is_time = item.element.name() == "time" || item.own.has(Roles::DATE);
        let stated = attributes.iter().find_map(|name| item.element.attr(name));
        let raw = match stated {
            Some(raw) if is_time || raw.len() >= 8 => raw.to_owned(),
            _ if is_time => page.text_inside(item),
            _ => continue,
        };
        let is_change = item
            .element
            .classes()
            .any(|c| c.contains("updat") || c.contains("modif"));
        let reading = date::read(&raw, &page.dates)
            .filter(|r| r.rule != "relative" && !is_change && raw.len() <= 200);
        if let Some(reading) = reading {
            dates.push(field(&reading, "markup", &raw, Trust::Medium));
            if dates.len() >= 3 {
                break;
            }
        }
    }
    dates
}

/// Dates in the lines around the body, with what they are called.
fn shown(page: &Sources<'_>, found: &Found) -> Vec<(Option<Label>, Reading, String)> {
    let blocks = &page.outline.blocks;
    let around = Roles::AROUND.without(Roles::FOOTER).without(Roles::ASIDE);
    let start = found.span.start;
    let before = start.saturating_sub(NEAR)..start;
    let inside = start..(start + 4).min(found.span.end.max(start));
    let after = found.span.end..found.span.end + NEAR;
    let mut dates = Vec::new();
    for at in before.chain(inside).chain(after) {
        let Some(block) = blocks.get(at) else {
            continue;
        };
        let is_line = block.text.chars().count() <= MAX_LINE && !block.roles.has(around);
        if is_line && block.text.chars().any(|c| c.is_ascii_digit()) {
            let readings = date::labelled(&block.text, &page.dates);
            let readings = readings.into_iter().filter(|(_, r)| r.rule != "relative");
            dates.extend(readings.map(|(label, reading)| (label, reading, block.text.clone())));
        }
    }
    dates
}

/// The day in an address such as `/2024/03/05/`.
fn of_path(page: &Sources<'_>) -> Option<Dated> {
    let path = page.url?.path();
    let found = PATH_DATE.captures(path)?;
    let number = |at: usize| found.get(at)?.as_str().parse::<u32>().ok();
    let year = i32::try_from(number(1)?).ok()?;
    let day = NaiveDate::from_ymd_opt(year, number(2)?, number(3)?)?;
    let text = day.format("%Y-%m-%d").to_string();
    let reading = date::read(&text, &page.dates)?;
    Some(field(&reading, "url", path, Trust::Low))
}
