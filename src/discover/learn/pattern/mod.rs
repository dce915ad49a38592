//! A regular expression for `article_url`, read off examples.

use std::collections::BTreeMap;

use regex::{Regex, escape};

use crate::discover::learn::shape::{Class, Part, Shape};
use crate::domain::CanonicalUrl;

/// Fewer examples tell nothing.
const MIN_URLS: usize = 3;
/// More of them than this add nothing.
const MAX_URLS: usize = 2_000;
/// Expressions that are joined.
const MAX_SHAPES: usize = 3;
/// A shape of fewer of the examples, in percent, is an exception.
const MIN_PERCENT: usize = 5;
/// An expression for a smaller part of the examples is of no use.
const MIN_SHARE: f64 = 0.5;

/// Addresses of one kind, taken apart.
type Family<'a> = Vec<(&'a CanonicalUrl, Shape<'a>)>;

/// A readable regular expression that matches the addresses, and the share of them that it does;
/// `None` where they have nothing in common that tells them from other addresses of the site.
#[must_use]
pub fn pattern_of(urls: &[CanonicalUrl]) -> Option<(String, f64)> {
    let urls = urls.get(..MAX_URLS).unwrap_or(urls);
    if urls.len() < MIN_URLS {
        return None;
    }
    let mut families: BTreeMap<String, Family<'_>> = BTreeMap::new();
    for url in urls {
        let shape = Shape::of(url);
        families
            .entry(frame(&shape))
            .or_default()
            .push((url, shape));
    }
    let mut families: Vec<Family<'_>> = families.into_values().collect();
    families.retain(|family| family.len() * 100 >= urls.len() * MIN_PERCENT);
    families.sort_by_key(|family| std::cmp::Reverse(family.len()));
    let mut patterns: Vec<Regex> = Vec::new();
    for family in &families {
        let is_met = |(url, _): &(&CanonicalUrl, Shape<'_>)| is_match(&patterns, url);
        if patterns.len() < MAX_SHAPES && !family.iter().all(is_met) {
            patterns.extend(expression(family).and_then(|text| Regex::new(&text).ok()));
        }
    }
    let matched = urls.iter().filter(|url| is_match(&patterns, url)).count();
    let share = matched as f64 / urls.len() as f64;
    let texts: Vec<&str> = patterns.iter().map(Regex::as_str).collect();
    (share >= MIN_SHARE).then(|| (texts.join("|"), share))
}

fn is_match(patterns: &[Regex], url: &CanonicalUrl) -> bool {
    patterns
        .iter()
        .any(|pattern| pattern.is_match(url.as_str()))
}

/// What addresses of one kind share: how many parts they have, the dates among them, and the
/// parameters that hold a key.
fn frame(shape: &Shape<'_>) -> String {
    let mark = |part: &Part<'_>| match part.class {
        Class::Word | Class::Small => "w",
        Class::Year | Class::Day => "d",
        Class::Date => "t",
        Class::Number | Class::Key | Class::Slug | Class::SlugKey | Class::KeySlug => "k",
    };
    let path: Vec<&str> = shape.path.iter().map(mark).collect();
    let keys: Vec<&str> = shape.query_keys().map(|part| part.name).collect();
    let ending = shape.path.last().map_or("", |leaf| leaf.ending);
    format!("{}{ending}?{}", path.join("/"), keys.join("&"))
}

/// The expression of one family.
fn expression(family: &Family<'_>) -> Option<String> {
    let (_, first) = family.first()?;
    let shapes = || family.iter().map(|(_, shape)| shape);
    let columns: Vec<Column> = (0..first.path.len())
        .map(|at| Column::of(shapes().filter_map(|shape| shape.path.get(at)).collect()))
        .collect();
    let keys: Vec<(&str, Column)> = first
        .query_keys()
        .map(|key| {
            let of = |shape| Shape::query_keys(shape).find(|part| part.name == key.name);
            (key.name, Column::of(shapes().filter_map(of).collect()))
        })
        .collect();
    let is_told = columns
        .iter()
        .any(|column| column.is_key || column.is_fixed);
    let leaf = columns.last().filter(|leaf| !leaf.is_fixed);
    if keys.is_empty() && !(is_told && leaf.is_some()) {
        return None;
    }
    let is_anchored = !columns.first().is_some_and(|column| column.is_fixed);
    let mut text = String::from(if is_anchored { "^https?://[^/]+" } else { "" });
    for column in &columns {
        text.push('/');
        text.push_str(&column.expression);
    }
    let ending = first.path.last().map_or("", |leaf| leaf.ending);
    text.push_str(&escape(ending));
    if keys.is_empty() && ending.is_empty() && !leaf.is_some_and(|leaf| leaf.is_number) {
        let is_folder = shapes().all(|shape| shape.is_folder);
        text.push_str(if is_folder { "/$" } else { "/?$" });
    }
    if !keys.is_empty() && (first.is_folder || columns.is_empty()) {
        text.push('/');
    }
    for (at, (name, key)) in keys.iter().enumerate() {
        text.push_str(if at == 0 { r"\?(?:.*&)?" } else { "&(?:.*&)?" });
        text.push_str(&format!("{}={}", escape(name), key.expression));
    }
    Some(text)
}

/// What stands at one place of all addresses of a family.
struct Column {
    /// Whether it is the same word in all of them.
    is_fixed: bool,
    /// Whether it tells one page from another.
    is_key: bool,
    /// Whether nothing can follow that would belong to it.
    is_number: bool,
    expression: String,
}

impl Column {
    fn of(parts: Vec<&Part<'_>>) -> Self {
        let text = parts.first().map_or("", |part| part.text);
        let is_all = |class| parts.iter().all(|part| part.class == class);
        let is_fixed = is_all(Class::Word) && parts.iter().all(|part| part.text == text);
        Self {
            is_fixed,
            is_key: parts.iter().all(|part| part.class.is_key()),
            is_number: is_all(Class::Number),
            expression: if is_fixed {
                escape(text)
            } else {
                free(&parts).to_owned()
            },
        }
    }
}

/// The expression for parts that differ.
fn free(parts: &[&Part<'_>]) -> &'static str {
    let first = parts.first().map(|part| part.class);
    let class = first.filter(|class| parts.iter().all(|part| part.class == *class));
    let all = |is: fn(&str) -> bool| parts.iter().all(|part| is(part.text));
    match class {
        Some(Class::Year) => r"\d{4}",
        Some(Class::Day) if all(|text| text.len() == 2) => r"\d{2}",
        Some(Class::Day) => r"\d{1,2}",
        Some(Class::Date) if all(|text| text.len() == 8 && is_digits(text)) => r"\d{8}",
        Some(Class::Date) => r"\d[\d_-]+",
        Some(Class::Small | Class::Number) => r"\d+",
        Some(Class::Key) if all(|text| text.bytes().all(|b| b.is_ascii_alphanumeric())) => {
            "[0-9A-Za-z]+"
        }
        Some(Class::Key) => "[0-9A-Za-z_-]+",
        Some(Class::SlugKey)
            if all(|text| text.rsplit(['-', '_']).next().is_some_and(is_digits)) =>
        {
            r"[^/?]+[-_]\d+"
        }
        Some(Class::KeySlug)
            if all(|text| text.split(['-', '_']).next().is_some_and(is_digits)) =>
        {
            r"\d+[-_][^/?]+"
        }
        Some(Class::Word | Class::Slug | Class::SlugKey | Class::KeySlug) | None => "[^/?]+",
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
