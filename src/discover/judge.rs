//! What an address looks like: an article, a listing or neither. General habits of news sites, no
//! outlet's own.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::CanonicalUrl;

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

/// Files that are no pages.
const ASSETS: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "ico", "bmp", "pdf", "css", "js", "json",
    "xml", "rss", "atom", "txt", "zip", "gz", "mp3", "mp4", "m4a", "mov", "avi", "webm", "m3u8",
    "woff", "woff2", "ttf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "hwp", "hwpx", "csv",
    "epub", "exe", "apk", "ics",
];

/// Path segments of what is never an article.
const NEVER: &[&str] = &[
    "search",
    "login",
    "logout",
    "signin",
    "signup",
    "sign-in",
    "sign-up",
    "register",
    "join",
    "member",
    "members",
    "mypage",
    "account",
    "accounts",
    "cart",
    "checkout",
    "calendar",
    "print",
    "printview",
    "share",
    "rss",
    "feed",
    "wp-login",
    "wp-admin",
    "wp-json",
    "wp-content",
    "cdn-cgi",
    "api",
    "ajax",
    "oauth",
    "sso",
    "unsubscribe",
    "redirect",
];

/// Last path segments of what is never an article.
const NEVER_LAST: &[&str] = &["comment", "comments"];

/// Path segments of listings and of pages about the outlet.
const RARELY: &[&str] = &[
    "tag",
    "tags",
    "topic",
    "topics",
    "category",
    "categories",
    "section",
    "sections",
    "author",
    "authors",
    "reporter",
    "reporters",
    "journalist",
    "journalists",
    "writer",
    "keyword",
    "keywords",
    "list",
    "page",
    "pages",
    "about",
    "about-us",
    "contact",
    "contact-us",
    "privacy",
    "privacy-policy",
    "terms",
    "terms-of-use",
    "terms-of-service",
    "policy",
    "policies",
    "legal",
    "imprint",
    "impressum",
    "datenschutz",
    "agb",
    "kontakt",
    "sitemap",
    "help",
    "faq",
    "advertise",
    "advertising",
    "company",
    "careers",
    "jobs",
    "newsletter",
    "newsletters",
    "subscribe",
    "subscription",
    "abo",
    "shop",
    "store",
    "user",
    "users",
    "profile",
    "preferences",
    "settings",
    "cookies",
    "accessibility",
];

/// Path segments that sites put before the key of an article.
const BEFORE_ARTICLE: &[&str] = &[
    "article",
    "articles",
    "view",
    "newsview",
    "read",
    "story",
    "stories",
    "artikel",
    "arti",
    "post",
    "posts",
    "articleview",
];

/// Query parameters that hold the key of an article.
const KEYS: &[&str] = &[
    "idxno",
    "articleid",
    "article_id",
    "newsid",
    "news_id",
    "arcid",
    "artid",
    "aid",
    "no",
    "id",
    "nid",
    "ncd",
    "cntn_cd",
    "ud",
    "oid",
    "storyid",
    "story_id",
    "seq",
    "idx",
    "uid",
    "key",
];

/// Query parameters that choose a page or a part of a listing.
const CHOICES: &[&str] = &[
    "page", "p", "pg", "pageno", "page_no", "pagenum", "offset", "start", "sec", "section", "cat",
    "category", "tag", "keyword", "q", "query", "s", "search", "sort", "order", "mid", "lstcode",
    "date", "month", "year",
];

/// Query parameters of pages that are made for one reader.
const PRIVATE: &[&str] = &[
    "preview",
    "replytocom",
    "print",
    "share",
    "redirect_to",
    "returnurl",
];

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
    let path = url.as_url().path().to_ascii_lowercase();
    let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let query = url
        .as_url()
        .query()
        .unwrap_or_default()
        .to_ascii_lowercase();
    if is_never(&segments, &query) {
        return SURELY_NOT;
    }
    path_score(&path, &segments) + query_score(&query, segments.is_empty()) + anchor_score(anchor)
}

fn is_never(segments: &[&str], query: &str) -> bool {
    let leaf = segments.last().copied().unwrap_or_default();
    let extension = leaf.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_named = |names: &[&str]| segments.iter().any(|part| names.contains(&stem(part)));
    let is_private = names(query).any(|name| PRIVATE.contains(&name));
    let is_part = NEVER_LAST.contains(&leaf); // of an article that has its own address
    ASSETS.contains(&extension) || is_named(NEVER) || is_part || is_private
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
    if segments.iter().any(|part| RARELY.contains(&stem(part))) {
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
    let has_key = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .any(|(name, value)| {
            let digits = value.bytes().filter(u8::is_ascii_digit).count();
            let is_post = is_front && name == "p" && digits >= 3; // a blog without speaking addresses
            is_post || KEYS.contains(&name) && digits >= 4
        });
    let has_choice = names(query).any(|name| CHOICES.contains(&name));
    match (has_key, has_choice) {
        (true, _) => 4,
        (false, true) => -6,
        (false, false) => 0,
    }
}

/// Headlines are long; numbers and signs lead to further pages.
fn anchor_score(anchor: &str) -> i32 {
    let letters = anchor.chars().filter(|c| c.is_alphabetic()).count();
    let wide = anchor.chars().filter(|c| *c >= '\u{1100}').count(); // say more with fewer letters
    if !anchor.is_empty() && letters == 0 {
        -4
    } else if letters + wide >= 20 {
        2
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Identity;

    fn judged(url: &str, anchor: &str) -> i32 {
        score(
            &CanonicalUrl::parse(url, Identity::default()).unwrap(),
            anchor,
        )
    }

    #[test]
    fn all_patterns_compile() {
        assert!(PATTERNS.is_some());
    }

    #[test]
    fn addresses_of_articles_are_known_without_their_anchor() {
        for path in [
            "/news/view/2335742",
            "/news/articleView.html?idxno=670006",
            "/view/?id=NISX20260907_0003779780",
            "/view/AKR20260907123456789",
            "/economy/tech/6102133",
            "/politics/2026/03/02/timetable-temporary-census-200009.html",
            "/politik/disputed-timetable-vaccine-trial-200009/",
            "/economy/tech_it/2026/01/06/ABCDEFGHIJKLMNOPQRSTUVWXYZ/",
            "/news/Economy/article/all/20260227/133433525/2",
            "/arti/society/labor/1234567.html",
            "/News/Read?newsId=02482966645485984&mediaCodeNo=257",
            "/news/20260223/the-city-opens-a-bridge",
            "/sections/health/2024/03/05/1234567/why-the-river-rises-every-spring",
            "/world/why-the-river-rises-every-single-spring",
            "/2024/03/05/bridge",
            "/_ln/0103_202603161144318667",
            "/comment/opinion/article/3046526/why-the-river-rises",
            "/why-the-river-rises-every-single-spring/DHCHJTT5TNETPCHC",
        ] {
            let score = judged(&format!("https://www.e.kr{path}"), "");
            assert!(score >= ARTICLE, "{path}: {score}");
        }
    }

    #[test]
    fn other_addresses_are_not_taken_for_articles() {
        let headline = "A headline that is long enough to be one";
        for path in [
            "/",
            "/world/",
            "/list.html?sec=politics&page=1",
            "/news/articleList.html?sc_section_code=S1N1&view_type=sm",
            "/news/section/subsection?MID=1200&page=2",
            "/news/flashnews/",
            "/tag/world-0",
            "/tag/the-long-way-to-the-new-bridge",
            "/author/1234567",
            "/print/200009",
            "/calendar/2026/03/05/events-of-the-day-100009",
            "/search?q=1234567",
            "/member/login?next=/news/view/2335742",
            "/2024/03/05/",
            "/2024/03",
            "/sitemap/articles/2024/20240305",
            "/company/about",
            "/img/2024/03/05/photo-of-the-new-bridge-123456.jpg",
            "/privacy-policy",
            "/rss/all.xml",
            "/news/view/2335742/comments",
            "/news/view/2335742?preview=1",
        ] {
            let score = judged(&format!("https://www.e.kr{path}"), headline);
            assert!(score < ARTICLE, "{path}: {score}");
        }
        assert!(judged("https://www.e.kr/archive/why-the-river?p=21", "2") <= LISTING);
    }

    #[test]
    fn headline_raises_and_page_number_lowers() {
        let url = "https://www.e.kr/world/the-new-bridge";
        assert!(judged(url, "새 다리가 다음 달 개통된다") > judged(url, "더보기"));
        assert!(judged(url, "3") < judged(url, ""));
    }
}
