//! Addresses that a site makes without end, or that show a page once more: told by general rules,
//! whatever site they are of. Nobody visits them.

use std::collections::BTreeMap;

use super::words::{CALENDAR, FILTERS, PRIVATE, VARIANT_MODES, VARIANT_VALUES, VARIANTS};
use super::{has_key, names, stem};

/// A part of a path that comes so often is a link that was joined to itself.
const MAX_REPEATS: usize = 3;
/// More parameters that say something no page of its own has, unless one is the key of an article.
const MAX_PARAMETERS: usize = 8;
/// Filters that may be set at once, and values of one of them.
const MAX_FILTERS: usize = 2;
/// A shorter value chooses a section, a longer one names a visit.
const MIN_SESSION_CHARS: usize = 16;

/// Parameters, in a query or behind a `;`, that may name a visit.
const SESSIONS: &[&str] = &[
    "sid",
    "sess",
    "sessid",
    "session",
    "sessionid",
    "session_id",
    "sesskey",
    "jsessionid",
    "phpsessid",
    "aspsessionid",
    "cfid",
    "cftoken",
    "zenid",
    "oscsid",
    "osclid",
    "s",
];

/// Why an address is not visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trap {
    /// A day, week or month of a calendar.
    Calendar,
    /// It names a visit.
    Session,
    /// A choice among many of the same entries.
    Facets,
    /// Its path repeats itself.
    Repeats,
    /// Another look of a page: for printing, sharing, commenting.
    Variant,
}

impl Trap {
    /// What it is, for people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Calendar => "a calendar",
            Self::Session => "addresses that name a visit",
            Self::Facets => "combinations of filters",
            Self::Repeats => "paths that repeat themselves",
            Self::Variant => "other looks of pages, as for printing",
        }
    }
}

/// Whether an address, as segments and query, leads into a trap.
type Rule = fn(&[&str], &str) -> bool;

/// The trap that an address leads into; both texts are in lower case.
pub(super) fn trap(segments: &[&str], query: &str) -> Option<Trap> {
    let rules: [(Trap, Rule); 5] = [
        (Trap::Calendar, is_calendar),
        (Trap::Session, names_visit),
        (Trap::Repeats, |segments, _| repeats(segments)),
        (Trap::Variant, is_variant),
        (Trap::Facets, has_facets),
    ];
    let hit = rules.iter().find(|(_, is_hit)| is_hit(segments, query));
    hit.map(|(trap, _)| *trap)
}

/// Whether a parameter names a visit, by its name and a value that only a machine makes.
pub(in crate::discover) fn is_session(name: &str, value: &str) -> bool {
    let has = |is: fn(&u8) -> bool| value.bytes().any(|byte| is(&byte));
    let is_token = value.len() >= MIN_SESSION_CHARS
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.,".contains(&b))
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic);
    is_token
        && SESSIONS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
}

/// A word of calendars with a number or a date behind it. The same word may name a section.
fn is_calendar(segments: &[&str], query: &str) -> bool {
    let word = segments
        .iter()
        .position(|part| CALENDAR.contains(&stem(part)));
    let Some(at) = word else { return false };
    let is_number = |part: &&str| {
        part.bytes()
            .all(|b| b.is_ascii_digit() || b"-_".contains(&b))
    };
    let is_dated = segments.iter().skip(at + 1).any(is_number);
    is_dated || pairs(query).any(|(_, value)| is_number(&value))
}

fn names_visit(segments: &[&str], query: &str) -> bool {
    let in_path = segments.iter().any(|part| {
        let parameter = part
            .split_once(';')
            .and_then(|(_, rest)| rest.split_once('='));
        // the form of ASP.NET: /(S(lit3py55t21z5v55vlm25s55))/
        part.starts_with("(s(") || parameter.is_some_and(|(name, value)| is_session(name, value))
    });
    in_path || pairs(query).any(|(name, value)| is_session(name, value))
}

/// Whether a word comes three times, or two parts follow themselves: `/news/world/news/world/`.
fn repeats(segments: &[&str]) -> bool {
    let is_word = |part: &&str| part.bytes().any(|byte| byte.is_ascii_alphabetic());
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for part in segments.iter().filter(|part| is_word(part)) {
        *counts.entry(part).or_default() += 1;
    }
    let follows = segments.windows(4).any(|four| match four {
        [a, b, c, d] => a == c && b == d && is_word(a),
        _ => false,
    });
    follows || counts.values().any(|count| *count >= MAX_REPEATS)
}

fn is_variant(segments: &[&str], query: &str) -> bool {
    let leaf = segments.last().copied().map(stem).unwrap_or_default();
    let is_comments = leaf.starts_with("comment-page-");
    let is_named = segments.iter().any(|part| VARIANTS.contains(&stem(part)));
    let is_asked = names(query).any(|name| PRIVATE.contains(&name));
    let is_mode = pairs(query)
        .any(|(name, value)| VARIANT_MODES.contains(&name) && VARIANT_VALUES.contains(&value));
    is_comments || is_named || is_asked || is_mode
}

fn has_facets(segments: &[&str], query: &str) -> bool {
    if has_key(query, segments.is_empty()) {
        return false;
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, _) in pairs(query) {
        *counts.entry(name).or_default() += 1;
    }
    let is_list = |name: &&str| name.ends_with("[]") || name.ends_with("%5b%5d");
    let lists: usize = counts
        .iter()
        .filter(|(name, _)| is_list(name))
        .map(|(_, n)| n)
        .sum();
    let filters = counts.keys().filter(|name| FILTERS.contains(name)).count();
    let most = counts.values().copied().max().unwrap_or_default();
    let all: usize = counts.values().sum();
    lists > 1 || most > MAX_FILTERS || filters > MAX_FILTERS || all > MAX_PARAMETERS
}

/// The parameters that say something.
fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(_, value)| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::trap as trap_of;
    use super::*;
    use crate::domain::{CanonicalUrl, Identity};

    #[test]
    fn traps_are_told_by_general_rules() {
        for (path, expected) in [
            ("/calendar/2026/03/", Trap::Calendar),
            ("/calendar/2026/03/5/?sid=17-5", Trap::Calendar),
            ("/kalender?month=2026-12", Trap::Calendar),
            (
                "/events/2026/11/27/concert-at-the-old-town-hall",
                Trap::Calendar,
            ),
            ("/event-calendar/week/48", Trap::Calendar),
            (
                "/news/view/1234567?sid=a3f9c27be81d4405a3f9c27be81d4405",
                Trap::Session,
            ),
            ("/news/view/1234567;sid=a3f9c27be81d4405a3f9", Trap::Session),
            ("/(S(lit3py55t21z5v55vlm25s55))/news/1234567", Trap::Session),
            ("/shop?color=red&size=xl&price=10-20", Trap::Facets),
            ("/list?filter[]=a&filter[]=b", Trap::Facets),
            ("/list?tag=a&tag=b&tag=c", Trap::Facets),
            ("/list?a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&i=9", Trap::Facets),
            (
                "/news/world/news/world/the-bridge-of-two-towns",
                Trap::Repeats,
            ),
            ("/a/b/a/c/a/1234567", Trap::Repeats),
            ("/news/view/1234567/print", Trap::Variant),
            ("/news/articlePrint.html?idxno=670006", Trap::Variant),
            (
                "/news/articleView.html?idxno=670006&mode=print",
                Trap::Variant,
            ),
            ("/news/view/1234567?share=twitter", Trap::Variant),
            ("/news/view/1234567?replytocom=77", Trap::Variant),
            (
                "/2026/11/27/the-bridge-of-two-towns/comment-page-2",
                Trap::Variant,
            ),
            ("/share/1234567", Trap::Variant),
            ("/reply/1234567", Trap::Variant),
        ] {
            let url = CanonicalUrl::parse(&format!("https://e.kr{path}"), Identity::default());
            assert_eq!(trap_of(&url.unwrap()), Some(expected), "{path}");
        }
    }

    #[test]
    fn articles_and_listings_are_no_traps() {
        for path in [
            "/news/view/1234567",
            "/2026/03/03/03/the-bridge-of-two-towns",
            "/events/the-old-town-hall-burns",
            "/events/the-old-town-hall-burns-200009.html",
            "/news/articleList.html?page=2&sc_section_code=S1N1&sc_area=&sc_level=&total=81&view_type=sm",
            "/n?aid=1234567&sid=101",
            "/world/asia/world-cup",
            "/News/Read?newsId=02482966645485984&mediaCodeNo=257&tag=a&tag=b&tag=c",
            "/list?sort=new&page=2",
            "/economy/economy/1234567",
            "/the-blueprint-of-the-new-bridge",
            "/opinion/why-we-share-what-we-share",
        ] {
            let url = CanonicalUrl::parse(&format!("https://e.kr{path}"), Identity::default());
            assert_eq!(trap_of(&url.unwrap()), None, "{path}");
        }
    }
}
