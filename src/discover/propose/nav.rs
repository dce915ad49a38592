//! Which links of a front page lead to its sections, the likeliest first.

use std::collections::HashSet;

use super::front::Front;
use crate::discover::judge;
use crate::discover::scope::OwnListings;
use crate::discover::section::Link;
use crate::domain::{CanonicalUrl, Source};

/// A link scores at least this to be worth a visit.
const WORTH: i32 = 2;
/// So many articles under a path show that it is a section's.
const MIN_BELOW: usize = 2;
/// Names of sections are short.
const SHORT_NAME: usize = 20;
const LONG_NAME: usize = 40;

/// Path segments of what an outlet has beside its articles.
const SERVICES: &[&str] = &[
    "cookie-policy",
    "com",
    "etc",
    "event",
    "events",
    "games",
    "weather",
    "live",
    "video",
    "videos",
    "podcast",
    "podcasts",
    "e-paper",
    "epaper",
    "pdf",
    "app",
    "apps",
];

/// Path segments of what has no end, is old, or is another look of a page.
const ASIDE: &[&str] = &["archive", "archives", "page", "amp", "print"];

/// Query parameters that lead to further pages, one reader's pages and other orders.
const ENDLESS: &[&str] = &[
    "sid",
    "session",
    "sessionid",
    "session_id",
    "token",
    "q",
    "query",
    "keyword",
    "tag",
    "date",
    "year",
    "month",
    "day",
    "sort",
    "order",
    "replytocom",
    "lang",
];

/// Query parameters that count pages.
const PAGES: &[&str] = &[
    "page", "p", "pg", "pageno", "page_no", "pagenum", "offset", "start",
];

/// Path segments and file names of sections, by any name.
const LISTS: &[&str] = &[
    "section",
    "sections",
    "category",
    "categories",
    "list",
    "articlelist",
    "newslist",
    "news",
    "topic",
    "topics",
    "rubrik",
    "ressort",
];

/// The addresses of what may be sections, the likeliest first; of equals the first on the page.
/// Where menus name any, only those count and what articles stand under.
pub(super) fn sections(
    front: &Front,
    articles: &[CanonicalUrl],
    source: &Source,
) -> Vec<CanonicalUrl> {
    let own = OwnListings::of(source);
    let mut seen = HashSet::new();
    let mut ranked: Vec<(bool, i32, &Link)> = Vec::new();
    for link in &front.links {
        let url = &link.url;
        let is_own = source.owns(url.host()) && !own.contains(url);
        if !is_own
            || link.score >= judge::ARTICLE
            || !may_be_section(link)
            || !seen.insert(url.fingerprint())
        {
            continue;
        }
        let below = prefix(url).map_or(0, |prefix| {
            articles
                .iter()
                .filter(|article| article.as_str().starts_with(&prefix))
                .count()
        });
        let is_evident = below >= MIN_BELOW || front.menu.contains(&url.fingerprint());
        let score = score(link, source) + if below >= MIN_BELOW { 3 } else { 0 };
        if score >= WORTH {
            ranked.push((is_evident, score, link));
        }
    }
    let has_evident = ranked.iter().filter(|(is_evident, ..)| *is_evident).count() >= 2;
    ranked.retain(|(is_evident, ..)| *is_evident || !has_evident);
    ranked.sort_by_key(|(_, score, _)| std::cmp::Reverse(*score));
    ranked
        .into_iter()
        .map(|(.., link)| link.url.clone())
        .collect()
}

/// What stands in front of the articles of a section whose address is a path: `https://e.kr/sport/`.
fn prefix(url: &CanonicalUrl) -> Option<String> {
    let path = url.as_url().path();
    let is_plain = url.as_url().query().is_none() && path != "/";
    is_plain.then(|| format!("{}/", url.as_str().trim_end_matches('/')))
}

fn segments(url: &CanonicalUrl) -> Vec<String> {
    let path = url.as_url().path().to_ascii_lowercase();
    let parts = path.split('/').filter(|part| !part.is_empty());
    parts
        .map(|part| part.split('.').next().unwrap_or(part).to_owned())
        .collect()
}

/// Whether an address is surely no article, by the names of its path: a tag, an author, a page about
/// the outlet.
pub(super) fn is_aside(url: &CanonicalUrl) -> bool {
    let parts = segments(url);
    parts.iter().any(|part| {
        [judge::ABOUT, judge::ACROSS, SERVICES, ASIDE]
            .iter()
            .any(|names| names.contains(&part.as_str()))
    })
}

/// Whether nothing speaks against it: no page about the outlet, no tag, no day, no further page.
fn may_be_section(link: &Link) -> bool {
    let parts = segments(&link.url);
    let is_year = |part: &String| {
        part.len() >= 4
            && part.bytes().all(|b| b.is_ascii_digit() || b == b'-')
            && (part.starts_with("19") || part.starts_with("20"))
    };
    let query = link
        .url
        .as_url()
        .query()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_endless = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .any(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            ENDLESS.contains(&name) || PAGES.contains(&name) && !matches!(value, "0" | "1")
        });
    link.score > judge::SURELY_NOT
        && link.trap.is_none()
        && !is_aside(&link.url)
        && !parts.iter().any(is_year)
        && !is_endless
}

fn score(link: &Link, source: &Source) -> i32 {
    let parts = segments(&link.url);
    let depth = match parts.len() {
        0 | 1 => 2,
        2 => 1,
        3 => 0,
        _ => -2,
    };
    let name = match link.anchor.chars().count() {
        0 => -1,
        1..=SHORT_NAME => 1,
        LONG_NAME.. => -3,
        _ => 0,
    };
    let is_list = parts.iter().any(|part| LISTS.contains(&part.as_str()));
    let at_home = if link.url.host() == source.home.host() {
        1
    } else {
        -1
    };
    depth + name + at_home + i32::from(is_list)
}
