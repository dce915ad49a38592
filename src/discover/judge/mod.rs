//! What an address looks like: an article, a listing or neither. General habits of news sites, no
//! outlet's own.

mod trap;
mod words;

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::CanonicalUrl;
pub use trap::Trap;
pub(super) use trap::is_session;
pub(super) use words::{ABOUT, ACROSS};
use words::{ASSETS, BEFORE_ARTICLE, CHOICES, KEYS, LISTINGS, NEVER, NEVER_LAST};

/// What a link of a page leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// An article of the source.
    Article,
    /// A listing: a section, a tag, an author, a further page.
    Section,
    /// Neither.
    Other,
    /// What looks like an article, on a host that the source doesn't own.
    Outside,
}

impl Verdict {
    /// The word of `inspect links`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Section => "section",
            Self::Other => "other",
            Self::Outside => "outside",
        }
    }
}

/// From this score on an address counts as an article's.
pub(super) const ARTICLE: i32 = 4;
/// At and below this score it isn't one, whoever lists it.
pub(super) const SURELY_NOT: i32 = -20;
/// At and below this score it is a listing.
pub(super) const LISTING: i32 = -2;

struct Patterns {
    /// A day or month in the path with something behind it.
    dated: Regex,
    /// A day or month that ends the path: an archive.
    archive: Regex,
    /// A number of five digits or more.
    number: Regex,
    /// Nothing but year, month and day.
    day: Regex,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    Some(Patterns {
        dated: Regex::new(r"/(?:19|20)\d\d(?:[/-]?(?:0?[1-9]|1[0-2])){1,2}(?:[/-]?\d{1,2})?/[^/]+")
            .ok()?,
        archive: Regex::new(r"/(?:19|20)\d\d(?:[/-]\d{1,2}){0,2}/?$").ok()?,
        number: Regex::new(r"\d{5,}").ok()?,
        day: Regex::new(r"^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-3]\d)?$").ok()?,
    })
});

/// How much an address, linked with the words of `anchor`, looks like an article's.
pub(super) fn score(url: &CanonicalUrl, anchor: &str) -> i32 {
    let (path, query) = lower_case(url);
    let segments = segments(&path);
    if is_never_named(&segments, &query) {
        return SURELY_NOT;
    }
    path_score(&path, &segments) + query_score(&query, segments.is_empty()) + anchor_score(anchor)
}

/// Whether an address names what is neither an article nor a listing of articles.
pub(super) fn is_never(url: &CanonicalUrl) -> bool {
    let (path, query) = lower_case(url);
    is_never_named(&segments(&path), &query)
}

/// The trap that an address leads into.
pub(super) fn trap(url: &CanonicalUrl) -> Option<Trap> {
    let (path, query) = lower_case(url);
    trap::trap(&segments(&path), &query)
}

/// Whether an address ends in a year, month or day: the listing of a time.
pub(super) fn is_dated(url: &CanonicalUrl) -> bool {
    let patterns = PATTERNS.as_ref();
    patterns.is_some_and(|patterns| patterns.archive.is_match(url.as_url().path()))
}

/// Path and query.
fn lower_case(url: &CanonicalUrl) -> (String, String) {
    let query = url.as_url().query().unwrap_or_default();
    (
        url.as_url().path().to_ascii_lowercase(),
        query.to_ascii_lowercase(),
    )
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

fn is_never_named(segments: &[&str], query: &str) -> bool {
    let leaf = segments.last().copied().unwrap_or_default();
    let extension = leaf.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_named = |names: &[&str]| segments.iter().any(|part| names.contains(&stem(part)));
    let is_part = NEVER_LAST.contains(&leaf); // of an article that has its own address
    ASSETS.contains(&extension)
        || is_named(NEVER)
        || is_part
        || trap::trap(segments, query).is_some()
}

/// A segment without its file extension.
fn stem(segment: &str) -> &str {
    segment.split_once('.').map_or(segment, |(stem, _)| stem)
}

fn names(query: &str) -> impl Iterator<Item = &str> {
    query.split('&').filter_map(|pair| pair.split('=').next())
}

fn path_score(path: &str, segments: &[&str]) -> i32 {
    let Some(leaf) = segments.last().copied() else {
        return LISTING; // a front page
    };
    let Some(patterns) = PATTERNS.as_ref() else {
        return 0;
    };
    let mut score = 0;
    let is_rare = |part: &&str| {
        [LISTINGS, ACROSS, ABOUT]
            .iter()
            .any(|names| names.contains(&stem(part)))
    };
    if segments.iter().any(is_rare) {
        score -= 6;
    }
    if patterns.archive.is_match(path) {
        score -= 4;
    } else if patterns.dated.is_match(path) {
        score += 4;
    }
    let tail = segments.iter().rev().take(2);
    let is_key =
        |part: &&&str| patterns.number.is_match(part) && !patterns.day.is_match(stem(part));
    if tail.filter(is_key).count() > 0 {
        score += 4;
    }
    if segments
        .iter()
        .rev()
        .skip(1)
        .any(|part| BEFORE_ARTICLE.contains(part))
    {
        score += 2;
    }
    let before = segments.iter().rev().nth(1).copied().unwrap_or_default();
    let is_continued = leaf.contains(|c: char| c.is_ascii_digit()) || stem(leaf) == "index";
    let slug = slug_score(leaf);
    let slug = if is_continued {
        slug.max(slug_score(before))
    } else {
        slug
    };
    score + slug + leaf_score(leaf, slug > 0)
}

/// A headline as a path segment, its words joined.
fn slug_score(segment: &str) -> i32 {
    let stem = stem(segment);
    let words = stem.split(['-', '_']).filter(|word| word.len() > 1).count();
    let foreign = stem.matches('%').count(); // a byte of a word in another script each
    match (words, stem.len()) {
        (4.., 20..) => 4,
        (3, 12..) => 2,
        _ if foreign >= 24 => 3,
        _ => 0,
    }
}

fn leaf_score(leaf: &str, is_slug: bool) -> i32 {
    let stem = stem(leaf);
    let is_page = leaf.ends_with(".html") || leaf.ends_with(".htm") || leaf.ends_with(".shtml");
    let is_list = stem.starts_with("list") || stem.ends_with("list") || stem.ends_with("lists");
    let is_view = stem.ends_with("view") || stem.ends_with("read") || stem.ends_with("article");
    i32::from(is_page) + 2 * i32::from(is_view) - 6 * i32::from(is_list && !is_slug)
}

fn query_score(query: &str, is_front: bool) -> i32 {
    let has_choice = names(query).any(|name| CHOICES.contains(&name));
    match (has_key(query, is_front), has_choice) {
        (true, _) => 4,
        (false, true) => -6,
        (false, false) => 0,
    }
}

/// Whether a parameter is the key of an article.
fn has_key(query: &str, is_front: bool) -> bool {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.any(|(name, value)| {
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        let is_post = is_front && name == "p" && digits >= 3; // a blog without speaking addresses
        is_post || KEYS.contains(&name) && digits >= 4
    })
}

/// Headlines are long; numbers and signs lead to further pages.
fn anchor_score(anchor: &str) -> i32 {
    if !anchor.is_empty() && !anchor.chars().any(char::is_alphabetic) {
        -4
    } else if is_headline(anchor) {
        2
    } else {
        0
    }
}

/// Whether the words of a link are as many as those of headlines.
pub(super) fn is_headline(anchor: &str) -> bool {
    let letters = anchor.chars().filter(|c| c.is_alphabetic()).count();
    let wide = anchor.chars().filter(|c| *c >= '\u{1100}').count(); // say more with fewer letters
    letters + wide >= 20
}

#[cfg(test)]
mod tests;
