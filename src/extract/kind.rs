//! Whether a page is an article, a listing or neither, how sure that is, and why it is no article.

use std::fmt;
use url::Url;

use super::body::Found;
use super::metadata::Sources;
use super::pattern::Pattern;
use super::role::Roles;
use super::text::weight;
use crate::domain::{Article, PageKind};
use crate::markup::json_ld;

/// Less text is no article, whatever the page says of itself.
const MIN_TEXT: usize = 45;
/// Text that is an article even where nothing else says so.
const FULL_TEXT: usize = 900;
/// Notices of a few lines: barriers and errors have no more.
const NOTICE_TEXT: usize = 1_200;
/// As many teasers make a listing.
const TEASERS: usize = 8;

/// Why a page is no article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Its text is made by a script that we don't run.
    NeedsScript,
    /// It only leads elsewhere.
    Redirect(Url),
    /// It lists articles.
    Section,
    /// It holds no text to speak of.
    NoText,
    /// It asks for proof of being human, or for cookies to be set.
    Challenge,
    /// It asks to log in.
    Login,
    /// It says that there is nothing, with a status of success.
    SoftNotFound,
    /// Its text is too little and nothing marks it as an article.
    Unmarked,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeedsScript => f.write_str("needs_script"),
            Self::Redirect(target) => write!(f, "redirect stub to {target}"),
            Self::Section => f.write_str("a listing, not an article"),
            Self::NoText => f.write_str("no article text on the page"),
            Self::Challenge => f.write_str("a challenge page of the site's protection"),
            Self::Login => f.write_str("the page asks to log in"),
            Self::SoftNotFound => f.write_str("the page says that nothing was found"),
            Self::Unmarked => f.write_str("little text, and nothing marks the page as an article"),
        }
    }
}

/// What a page is.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) kind: PageKind,
    /// From 0 to 1.
    pub(super) confidence: f32,
    pub(super) reason: Option<Reason>,
}

impl Verdict {
    fn no_article(reason: Reason, confidence: f32) -> Self {
        let kind = if reason == Reason::Section {
            PageKind::Section
        } else {
            PageKind::Other
        };
        Self {
            kind,
            confidence,
            reason: Some(reason),
        }
    }
}

static CHALLENGE: Pattern = Pattern::new(concat!(
    r"(?i)^just a moment|attention required|access denied|are you (?:a )?(?:human|",
    r"robot)|verify you are|checking your browser|security check|captcha|pardon our interruption|",
    r"자동\s?등록\s?방지|비정상적인 접근"
));
static LOGIN: Pattern = Pattern::new(
    r"(?i)^\W*(?:log ?in|sign ?in|anmelden|로그인|ログイン|connexion|iniciar sesión)\b",
);
static NOT_FOUND: Pattern = Pattern::new(concat!(
    r"(?i)\b404\b|(?:page|article|story) (?:was |could )?not (?:be )?found|no longer (?:available|",
    r"exists)|nicht gefunden|페이지를 찾을 수 없|존재하지 않는|삭제된 (?:기사|페이지)|없는 기사|ページが見つかりません|",
    r"ページは存在しません|page introuvable|página no encontrada"
));

/// Judges a page by its text, its links and what it says of itself.
pub(super) fn judge(
    page: &Sources<'_>,
    article: &Article,
    found: &Found,
    redirect: Option<&Url>,
) -> Verdict {
    let text: usize = article.body.iter().map(|p| weight(p)).sum();
    if let Some(target) = redirect.filter(|_| text < NOTICE_TEXT / 4) {
        return Verdict::no_article(Reason::Redirect(target.clone()), 0.95);
    }
    if let Some(reason) = notice(page, article, text) {
        return Verdict::no_article(reason, 0.8);
    }
    let (evidence, teasers) = (evidence(page, article), teasers(page, found));
    let is_home = page
        .url
        .is_some_and(|url| url.path().len() <= 1 && url.query().is_none());
    if text < MIN_TEXT {
        return empty(page, teasers);
    }
    let is_listing = (is_home && evidence < 3)
        || is_listed(page)
        || (evidence <= 1 && teasers >= TEASERS && text < FULL_TEXT)
        || (evidence == 0 && teasers >= TEASERS && teasers * 120 > text)
        || (evidence == 2 && teasers >= TEASERS && text < 150);
    if is_listing {
        return Verdict::no_article(Reason::Section, if evidence == 0 { 0.9 } else { 0.7 });
    }
    let prose = found
        .prose
        .max(if article.body.len() >= 2 { text / 2 } else { 0 });
    if evidence == 0 && prose < FULL_TEXT / 2 {
        return Verdict::no_article(Reason::Unmarked, 0.6);
    }
    let confidence = match (evidence, text >= FULL_TEXT) {
        (3.., true) => 0.98,
        (3.., false) | (1..=2, true) => 0.9,
        (_, true) => 0.75,
        _ => 0.65,
    };
    Verdict {
        kind: PageKind::Article,
        confidence,
        reason: None,
    }
}

/// Barriers and errors: they say so in the title, and say little else.
fn notice(page: &Sources<'_>, article: &Article, text: usize) -> Option<Reason> {
    if text >= NOTICE_TEXT || page.article.is_some() {
        return None;
    }
    let titles = [
        article.title.as_str(),
        page.head.title.as_deref().unwrap_or_default(),
    ];
    let lead = article.lead();
    let in_title = |pattern: &Pattern| titles.iter().any(|title| pattern.is_match(title));
    let is_dated = article.published.is_some();
    if !is_dated && (in_title(&CHALLENGE) || (text < 300 && CHALLENGE.is_match(&lead))) {
        return Some(Reason::Challenge);
    }
    if !is_dated && (in_title(&NOT_FOUND) || (text < 300 && NOT_FOUND.is_match(&lead))) {
        return Some(Reason::SoftNotFound);
    }
    (!is_dated && in_title(&LOGIN)).then_some(Reason::Login)
}

/// A page without text: a listing, an empty shell for a script, or nothing.
fn empty(page: &Sources<'_>, teasers: usize) -> Verdict {
    if teasers >= TEASERS / 2 {
        return Verdict::no_article(Reason::Section, 0.8);
    }
    let is_shell = page.outline.items.iter().any(|item| {
        let id = item.element.id().unwrap_or_default();
        matches!(
            id,
            "root"
                | "app"
                | "__next"
                | "__nuxt"
                | "fusion-app"
                | "app-root"
                | "react-root"
                | "main-app"
        ) || item.element.name() == "app-root"
    });
    if is_shell || page.head.needs_script {
        return Verdict::no_article(Reason::NeedsScript, 0.8);
    }
    Verdict::no_article(Reason::NoText, 0.7)
}

/// How many independent signs say "article": 0 to 5.
fn evidence(page: &Sources<'_>, article: &Article) -> usize {
    let marks = marks(page, article);
    marks.iter().filter(|(_, is_there)| *is_there).count()
}

/// The signs of an article, independent of each other, and which of them are there.
fn marks(page: &Sources<'_>, article: &Article) -> [(&'static str, bool); 5] {
    let is_typed = page
        .article
        .is_some_and(|node| !json_ld::is_a(node, "WebPage"));
    let is_og = page
        .head
        .meta_of(&["og:type"])
        .is_some_and(|t| t.eq_ignore_ascii_case("article"));
    let has_metas = page
        .head
        .meta_of(&["article:published_time", "datepublished", "pubdate"])
        .is_some();
    let is_marked = page.outline.items.iter().any(|i| {
        i.element.attr("itemprop") == Some("articleBody")
            || i.element
                .attr("itemtype")
                .is_some_and(|t| t.ends_with("Article"))
    });
    [
        ("structured data of an article", is_typed || is_marked),
        ("og:type article", is_og),
        ("a meta with its date", has_metas),
        ("an author", !article.authors.is_empty()),
        ("a date", article.published.is_some()),
    ]
}

/// What speaks for and against an article, in words.
pub(super) fn signs(page: &Sources<'_>, article: &Article, found: &Found) -> Vec<String> {
    let (mut there, mut missing) = (Vec::new(), Vec::new());
    for (name, is_there) in marks(page, article) {
        if is_there { &mut there } else { &mut missing }.push(name);
    }
    let chars: usize = article.body.iter().map(|p| p.chars().count()).sum();
    let mut signs = vec![
        format!(
            "{chars} characters of text, {} paragraphs",
            article.body.len()
        ),
        format!("{} links like headlines beside them", teasers(page, found)),
    ];
    for (what, names) in [("it has", there), ("it lacks", missing)] {
        if !names.is_empty() {
            signs.push(format!("{what} {}", names.join(", ")));
        }
    }
    if is_listed(page) {
        signs.push("its structured data calls it a list".to_owned());
    }
    signs
}

/// Structured data or Open Graph that says "a list".
fn is_listed(page: &Sources<'_>) -> bool {
    let is_list = page
        .nodes
        .iter()
        .any(|n| json_ld::is_a(n, "CollectionPage") || json_ld::is_a(n, "SearchResultsPage"));
    is_list && page.article.is_none()
}

/// Headline-like links outside the menus and the found body.
fn teasers(page: &Sources<'_>, found: &Found) -> usize {
    let around = Roles::NAV
        .with(Roles::FOOTER)
        .with(Roles::COMMENT)
        .with(Roles::TAGS)
        .with(Roles::SHARE);
    let blocks = page.outline.blocks.iter().enumerate();
    blocks
        .filter(|(at, _)| !found.span.contains(at) || found.prose < FULL_TEXT)
        .filter(|(_, b)| b.is_linked() && b.weight >= 24 && !b.roles.has(around))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_read_as_the_error_column_wants_them() {
        assert_eq!(Reason::NeedsScript.to_string(), "needs_script");
        let target = Url::parse("https://a.kr/1").unwrap();
        assert_eq!(
            Reason::Redirect(target).to_string(),
            "redirect stub to https://a.kr/1"
        );
    }
}
