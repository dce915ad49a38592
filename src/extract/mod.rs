//! A page to an article, or the reason why it is none. In goes a parsed page with what is known of
//! it; out come all fields as far as they are known, each with its origin. Never fetches, never
//! invents: a field that nothing supports stays empty. Cost is linear in the page.

mod body;
mod element;
mod kind;
mod metadata;
mod outline;
mod pattern;
mod role;
mod rules;
mod signature;
mod state;
mod text;
mod walk;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use scraper::Html;
use url::Url;

use crate::domain::{Article, CanonicalUrl, Identity, PageKind, Provenance, Trust};
use crate::markup::{date, json_ld};
use metadata::{Head, Sources};
use outline::Outline;

pub use kind::Reason;
pub use rules::{RuleError, SiteRules};

/// Less prose on the page means that a script may hold it.
const SHOWN_PROSE: usize = 300;

/// A page and what is known of it.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The parsed page.
    pub html: &'a Html,
    /// Its address, after redirects.
    pub url: Option<&'a Url>,
    /// The present instant: bounds the dates that are believed.
    pub now: DateTime<Utc>,
    /// The zone of times that state none.
    pub zone: Option<Tz>,
    /// The source's language, for texts too short to tell.
    pub language: Option<&'a str>,
    /// Selectors that win over the generic extractor.
    pub rules: Option<&'a SiteRules>,
    /// What makes an address of the source.
    pub identity: Identity<'a>,
}

/// What the page asks of robots in its `meta`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RobotsMeta {
    /// Not to be listed.
    pub noindex: bool,
    /// Its links are not to be followed.
    pub nofollow: bool,
    /// Not to be kept.
    pub noarchive: bool,
}

/// One guess at the body, for explanation.
#[derive(Debug, Clone, PartialEq)]
pub struct BodyCandidate {
    /// How it was found.
    pub strategy: &'static str,
    /// What the judge gave it; only comparable on one page.
    pub score: f32,
    /// Characters of text.
    pub chars: usize,
    /// The container, such as `body>div.wrap>article#story`; empty where there is none.
    pub path: String,
    /// Whether it became the body.
    pub is_chosen: bool,
}

/// What was read from a page.
#[derive(Debug, Clone)]
pub struct Extraction {
    /// What the page is.
    pub kind: PageKind,
    /// How sure that is, from 0 to 1.
    pub confidence: f32,
    /// The fields, as far as they are known, whatever the kind.
    pub article: Article,
    /// The address that the page calls its own, if it can be; else the one it was met at.
    pub canonical: Option<CanonicalUrl>,
    /// The next page of the same article.
    pub next_page: Option<Url>,
    /// Where the page leads by itself.
    pub redirect: Option<Url>,
    /// Whether it is the AMP twin of another page.
    pub is_amp: bool,
    /// What it asks of robots.
    pub robots: RobotsMeta,
    /// Why it is no article.
    pub reason: Option<Reason>,
    /// The guesses at its body.
    pub candidates: Vec<BodyCandidate>,
}

/// Reads a page.
#[must_use]
pub fn page(input: &Input<'_>) -> Extraction {
    let outline = Outline::of(input.html);
    let nodes = json_ld::nodes(input.html);
    let sources = Sources::new(input, &outline, Head::of(input.html), &nodes);
    let mut article = Article::default();
    metadata::headline(&sources, &mut article);
    ruled_title(input, &mut article);
    let found = body(input, &sources, &article);
    article.body.clone_from(&found.paragraphs);
    if let Some(lead) = article.body.first() {
        let (raw, strategy) = (text::head(lead, 200), found.strategy);
        article.provenance.push(Provenance {
            field: "body",
            strategy,
            raw,
            trust: Trust::Medium,
        });
    }
    metadata::fill(&sources, &found, input.language, &mut article);
    ruled_fields(input, &sources, &mut article);
    let redirect = metadata::redirect(&sources, input);
    let verdict = kind::judge(&sources, &article, &found, redirect.as_ref());
    Extraction {
        kind: verdict.kind,
        confidence: verdict.confidence,
        canonical: metadata::canonical(&sources, input),
        next_page: metadata::next_page(&sources),
        redirect,
        is_amp: sources.head.is_amp,
        robots: metadata::robots(&sources.head),
        reason: verdict.reason,
        candidates: found.candidates,
        article,
    }
}

/// The body by site rule, else by the generic extractor, else from the state of a script.
fn body(input: &Input<'_>, sources: &Sources<'_>, article: &Article) -> body::Found {
    let authors = metadata::stated_names(sources);
    let frame = body::Frame {
        title: &article.title,
        authors: &authors,
    };
    let ruled = input
        .rules
        .and_then(|rules| rules.body(input.html, day(input, sources)));
    if let Some((kept, removed)) = ruled {
        let items = |elements: &[scraper::ElementRef<'_>]| -> Vec<usize> {
            let ids: std::collections::HashSet<_> = elements.iter().map(|e| e.id()).collect();
            let all = sources.outline.items.iter().enumerate();
            all.filter(|(_, item)| ids.contains(&item.node.id()))
                .map(|(at, _)| at)
                .collect()
        };
        if let Some(found) = body::of_rule(sources.outline, &items(&kept), &items(&removed), &frame)
        {
            return found;
        }
    }
    let stated = metadata::stated_body(sources.article);
    let mut found = body::find(sources.outline, stated.as_deref(), &frame);
    if found.prose < SHOWN_PROSE {
        body::rescue(&mut found, "script", state::lines(input.html), &frame);
    }
    found
}

/// The day that decides which site rules are in force: that of publication, else today.
fn day(input: &Input<'_>, sources: &Sources<'_>) -> NaiveDate {
    metadata::stated_day(sources).unwrap_or_else(|| input.now.date_naive())
}

fn ruled_title(input: &Input<'_>, article: &mut Article) {
    let Some(rules) = input.rules else { return };
    let today = input.now.date_naive();
    if let Some(title) = rules.texts(input.html, "title", today).into_iter().next() {
        record(article, "title", &title);
        article.title = title;
    }
    if let Some(subtitle) = rules
        .texts(input.html, "subtitle", today)
        .into_iter()
        .next()
    {
        record(article, "subtitle", &subtitle);
        article.subtitle = Some(subtitle);
    }
}

fn ruled_fields(input: &Input<'_>, sources: &Sources<'_>, article: &mut Article) {
    let Some(rules) = input.rules else { return };
    let day = day(input, sources);
    let texts = |field: &str| rules.texts(input.html, field, day);
    let authors: Vec<String> = texts("authors")
        .iter()
        .flat_map(|t| metadata::people(t))
        .collect();
    if !authors.is_empty() {
        record(article, "authors", &authors.join(" | "));
        article.authors = authors;
    }
    let date = |field: &'static str| {
        texts(field)
            .into_iter()
            .find_map(|t| Some((date::read(&t, &sources.dates)?.stamp, t)))
    };
    if let Some((stamp, raw)) = date("published") {
        record(article, "published", &raw);
        article.published = Some(stamp);
    }
    if let Some((stamp, raw)) = date("modified") {
        record(article, "modified", &raw);
        article.modified = Some(stamp).filter(|stamp| article.published.as_ref() != Some(stamp));
    }
    if let Some(section) = texts("section").into_iter().next() {
        record(article, "section", &section);
        article.section = Some(section);
    }
    let tags = texts("tags");
    if !tags.is_empty() {
        record(article, "tags", &tags.join(","));
        article.tags = tags;
    }
}

/// Notes that a site rule gave a field, instead of what was noted before.
fn record(article: &mut Article, field: &'static str, raw: &str) {
    article.provenance.retain(|known| known.field != field);
    let raw = text::head(raw, 200);
    article.provenance.push(Provenance {
        field,
        strategy: "site_rule",
        raw,
        trust: Trust::High,
    });
}

#[cfg(test)]
mod tests;
