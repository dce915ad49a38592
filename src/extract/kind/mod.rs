//! Whether a page is an article, a listing or neither, how sure that is, and why it is no article.

mod marks;
mod notice;

use std::fmt;
use url::Url;

use super::FEED;
use super::body::Found;
use super::metadata::Sources;
use super::role::Roles;
use super::text::weight;
use crate::domain::{Article, PageKind};
use crate::markup::json_ld;
use marks::{evidence, marks, marks_date};
use notice::Notice;

/// Less text is no article, whatever the page says of itself.
const MIN_TEXT: usize = 45;
/// Text that is an article even where nothing else says so.
const FULL_TEXT: usize = 900;
/// Notices of a few lines: barriers and errors have no more.
const NOTICE_TEXT: usize = 1_200;
/// Less is a line under a picture or a player.
const LINE_TEXT: usize = 160;
/// As many pictures with hardly a sentence are a gallery.
const GALLERY: usize = 4;
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
    /// It lists what a search found.
    Search,
    /// It presents a person, with what they wrote.
    Profile,
    /// It holds no text to speak of.
    NoText,
    /// It shows pictures, and no text to speak of.
    Gallery,
    /// It is a player with a line of text.
    Video,
    /// It sells a thing.
    Product,
    /// It offers a job.
    Job,
    /// It asks for proof of being human, or refuses to answer.
    Challenge,
    /// It asks for consent before it shows anything.
    Consent,
    /// It asks to log in.
    Login,
    /// It says that there is nothing, with a status of success.
    SoftNotFound,
    /// Its text is too little and nothing marks it as an article.
    Unmarked,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NeedsScript => "needs_script",
            Self::Redirect(target) => return write!(f, "redirect stub to {target}"),
            Self::Section => "a listing, not an article",
            Self::Search => "a page of search results",
            Self::Profile => "the page of a person",
            Self::NoText => "no article text on the page",
            Self::Gallery => "pictures without an article",
            Self::Video => "a player without an article",
            Self::Product => "the page of a product",
            Self::Job => "a job advertisement",
            Self::Challenge => "a challenge page of the site's protection",
            Self::Consent => "the page asks for consent first",
            Self::Login => "the page asks to log in",
            Self::SoftNotFound => "the page says that nothing was found",
            Self::Unmarked => "little text, and nothing marks the page as an article",
        })
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
        let kind = match reason {
            Reason::Section | Reason::Search | Reason::Profile => PageKind::Section,
            Reason::NeedsScript
            | Reason::Redirect(_)
            | Reason::NoText
            | Reason::Gallery
            | Reason::Video
            | Reason::Product
            | Reason::Job
            | Reason::Challenge
            | Reason::Consent
            | Reason::Login
            | Reason::SoftNotFound
            | Reason::Unmarked => PageKind::Other,
        };
        Self {
            kind,
            confidence,
            reason: Some(reason),
        }
    }
}

/// Judges a page by its text, its links and what it says of itself.
///
/// Barriers come first, since they may bear every mark of an article; then what is too short to be
/// one; then what the page calls itself; then links against text. The confidence of an article
/// grows with its text and with each independent sign of one, see [`confidence`]; that of a refusal
/// is 0.95 where the page names what it is, 0.8 where its words do, and 0.6 to 0.9 where links and
/// text were counted.
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
    if let Some(reason) = pictured(page, article, text) {
        return Verdict::no_article(reason, 0.8);
    }
    if text < MIN_TEXT {
        return empty(page, teasers);
    }
    if let Some(reason) = named(page, article, text, evidence) {
        return Verdict::no_article(reason, 0.95);
    }
    if is_listing(page, text, evidence, teasers) {
        return Verdict::no_article(Reason::Section, if evidence == 0 { 0.9 } else { 0.7 });
    }
    let prose = found
        .prose
        .max(if article.body.len() >= 2 { text / 2 } else { 0 });
    // What a feed gives as the text of an article needs no more signs.
    if evidence == 0 && prose < FULL_TEXT / 2 && found.strategy != FEED {
        return Verdict::no_article(Reason::Unmarked, 0.6);
    }
    Verdict {
        kind: PageKind::Article,
        confidence: confidence(evidence, text, teasers),
        reason: None,
    }
}

/// How sure an article is: 0.55 for its text, 0.1 for each of up to three signs, 0.1 where the text
/// alone would do, less 0.1 where headlines of others surround a short one. At most 0.95.
fn confidence(evidence: usize, text: usize, teasers: usize) -> f32 {
    let signs = match evidence {
        0 => 0.0,
        1 => 0.1,
        2 => 0.2,
        _ => 0.3,
    };
    let full = if text >= FULL_TEXT { 0.1 } else { 0.0 };
    let doubt = if text < FULL_TEXT && teasers >= TEASERS {
        0.1
    } else {
        0.0
    };
    0.55 + signs + full - doubt
}

/// Whether links outweigh text, or the page says that it is a list.
fn is_listing(page: &Sources<'_>, text: usize, evidence: usize, teasers: usize) -> bool {
    let is_home = page
        .url
        .is_some_and(|url| url.path().len() <= 1 && url.query().is_none());
    (is_home && evidence < 3)
        || is_listed(page)
        || (evidence <= 1 && teasers >= TEASERS && text < FULL_TEXT)
        || (evidence == 0 && teasers >= TEASERS && teasers * 120 > text)
        || (evidence == 2 && teasers >= TEASERS && text < 150)
}

/// Whether what a page shows by itself is a barrier or an error, before anything else is known.
pub(super) fn is_barrier(page: &Sources<'_>, title: &str, found: &Found) -> bool {
    let lead = found.paragraphs.first().map(String::as_str);
    found.weight() < NOTICE_TEXT
        && page.article.is_none()
        && noticed(page, title, lead.unwrap_or_default(), found.weight()).is_some()
}

/// Barriers and errors; see [`Notice`].
fn notice(page: &Sources<'_>, article: &Article, text: usize) -> Option<Reason> {
    if text >= NOTICE_TEXT || page.article.is_some() || marks_date(article) {
        return None;
    }
    noticed(page, &article.title, &article.lead(), text)
}

fn noticed(page: &Sources<'_>, title: &str, lead: &str, text: usize) -> Option<Reason> {
    let asks_password = page.outline.items.iter().any(|item| {
        item.element.name() == "input" && item.element.attr("type") == Some("password")
    });
    let notice = Notice {
        titles: [title, page.head.title.as_deref().unwrap_or_default()],
        lead,
        text,
        asks_password,
    };
    notice.reason()
}

/// Pictures or a player with hardly a sentence. One picture with its line is news, many are a
/// gallery; a player is the page's matter where the page says so.
fn pictured(page: &Sources<'_>, article: &Article, text: usize) -> Option<Reason> {
    if text >= LINE_TEXT {
        return None;
    }
    let has_type = |name: &str| page.nodes.iter().any(|n| json_ld::is_a(n, name));
    let og_type = page.head.meta_of(&["og:type"]).unwrap_or_default();
    let has_player = page
        .outline
        .items
        .iter()
        .any(|item| item.element.name() == "video");
    let is_video = og_type.starts_with("video") || has_type("VideoObject") || has_player;
    if is_video {
        return Some(Reason::Video);
    }
    let is_gallery = has_type("ImageGallery") || has_type("MediaGallery");
    let is_many = article.images.len() >= GALLERY && text < LINE_TEXT / 2;
    let is_many = is_many || (is_gallery && article.images.len() >= 2);
    is_many.then_some(Reason::Gallery)
}

/// What the page calls itself in its structured data, or its address says, where nothing calls it
/// an article.
fn named(page: &Sources<'_>, article: &Article, text: usize, evidence: usize) -> Option<Reason> {
    let og_type = page.head.meta_of(&["og:type"]).unwrap_or_default();
    if page.article.is_some() || og_type.eq_ignore_ascii_case("article") {
        return None;
    }
    let has_type = |name: &str| page.nodes.iter().any(|n| json_ld::is_a(n, name));
    let is_signed = !article.authors.is_empty() && article.published.is_some();
    if has_type("JobPosting") {
        return Some(Reason::Job);
    }
    let sells =
        |node: &json_ld::Node| json_ld::is_a(node, "Product") && node.contains_key("offers");
    if !is_signed && (page.nodes.iter().any(sells) || og_type.starts_with("product")) {
        return Some(Reason::Product);
    }
    let is_searched = evidence <= 1 && page.url.is_some_and(is_search);
    if has_type("SearchResultsPage") || is_searched {
        return Some(Reason::Search);
    }
    let is_person = has_type("ProfilePage") || og_type.eq_ignore_ascii_case("profile");
    (is_person && !is_signed && text < NOTICE_TEXT).then_some(Reason::Profile)
}

/// Whether an address asks a site's search: its path says so and its query holds the words.
fn is_search(url: &Url) -> bool {
    let is_word = |part: &str| {
        let part = part.split('.').next().unwrap_or_default();
        matches!(
            part.to_ascii_lowercase().as_str(),
            "search"
                | "searchresult"
                | "searchresults"
                | "suche"
                | "recherche"
                | "buscar"
                | "busca"
                | "ricerca"
                | "zoeken"
                | "szukaj"
                | "sok"
                | "arama"
                | "poisk"
        )
    };
    url.query().is_some()
        && url
            .path_segments()
            .is_some_and(|mut parts| parts.any(is_word))
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
mod tests;
