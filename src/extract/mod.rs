//! A page to an article, or the reason why it is none. In goes a parsed page with what is known of
//! it; out come all fields as far as they are known, each with its origin. Never fetches, never
//! invents: a field that nothing supports stays empty. Cost is linear in the page.

mod body;
mod element;
mod explain;
mod kind;
mod memory;
mod metadata;
mod outline;
mod pattern;
mod role;
mod rules;
mod signature;
mod state;
mod text;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use scraper::Html;
use url::Url;

use crate::domain::{
    Article, CanonicalUrl, Hint, Identity, PageKind, Provenance, RuleField, StatedOffset, Trust,
};
use crate::markup::json_ld;
use metadata::{Head, Sources};
use outline::Outline;
use rules::Ruling;

pub use explain::{Explanation, LeftOut, Place};
pub use kind::Reason;
pub use memory::{MemoryError, Observation, SiteMemory};
pub use rules::{RuleError, SiteRules};

/// Less prose on the page means that a script may hold it.
const SHOWN_PROSE: usize = 300;
/// Shorter bodies of a site rule are compared with what the generic extractor finds.
const SHORT_RULED: usize = 400;
/// Lines in front of a body that may name its authors alone.
const SIGNATURE_LINES: usize = 4;

/// The strategy of what only a feed or sitemap says.
const FEED: &str = "feed";
/// The mark of a field that the page states in several ways, where a feed decided which.
const FEED_DECIDED: &str = "feed_decided";

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
    /// What earlier pages of the site taught; an empty one has nothing to say yet and still has
    /// the page observed.
    pub memory: Option<&'a SiteMemory>,
    /// What a feed or sitemap says of the article: believed where the page says nothing.
    pub hint: Option<&'a Hint>,
    /// The local time of the source, as its feeds state it.
    pub offset: Option<StatedOffset>,
}

impl<'a> Input<'a> {
    /// A page of which nothing else is known.
    #[must_use]
    pub fn of(html: &'a Html, now: DateTime<Utc>) -> Self {
        Self {
            html,
            url: None,
            now,
            zone: None,
            language: None,
            rules: None,
            identity: Identity::default(),
            memory: None,
            hint: None,
            offset: None,
        }
    }
}

/// What a score is made of, by name.
pub type Parts = [(&'static str, f32); 7];

/// One guess at the body, for explanation.
#[derive(Debug, Clone, PartialEq)]
pub struct BodyCandidate {
    /// How it was found.
    pub strategy: &'static str,
    /// What the judge gave it; only comparable on one page.
    pub score: f32,
    /// What the score is made of; all zero where nobody judged.
    pub parts: Parts,
    /// Characters of text.
    pub chars: usize,
    /// The container as a CSS selector; empty where there is none, or nobody asked.
    pub path: String,
    /// Whether it became the body.
    pub is_chosen: bool,
    /// The container among the elements of the page.
    item: Option<usize>,
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
    /// Why it is no article.
    pub reason: Option<Reason>,
    /// The guesses at its body.
    pub candidates: Vec<BodyCandidate>,
    /// What the memory of the site may learn from it, where one was given and it is an article.
    pub observation: Option<Observation>,
}

/// Whether an article would be another one without what a feed or sitemap said of it.
#[must_use]
pub fn needs_hint(article: &Article) -> bool {
    let mut strategies = article.provenance.iter().map(|origin| origin.strategy);
    strategies.any(|strategy| [FEED, FEED_DECIDED].contains(&strategy))
}

/// Reads a page.
#[must_use]
pub fn page(input: &Input<'_>) -> Extraction {
    read(input, |_, _, _| ()).0
}

/// Reads a page and tells how the reading came about.
#[must_use]
pub fn explained(input: &Input<'_>) -> (Extraction, Explanation) {
    read(input, |page, found, reading| {
        explain::explain(input, page, found, reading)
    })
}

/// Reads a page; `tell` sees what it was read from.
fn read<T>(
    input: &Input<'_>,
    tell: impl FnOnce(&Sources<'_>, &body::Found, &mut Extraction) -> T,
) -> (Extraction, T) {
    let mut outline = Outline::of(input.html);
    let nodes = json_ld::nodes(input.html);
    let mut ruling = input.rules.map(|rules| {
        let day = day(rules, input, &outline, &nodes);
        Ruling::new(rules, input.html, day)
    });
    let removed = ruling.as_mut().map(|ruling| ruling.removed(&outline));
    if let Some(removed) = removed.filter(|removed| !removed.is_empty()) {
        outline = outline.without(input.html, &removed);
    }
    let head = Head::of(input.html);
    let title = metadata::stated_title(&head);
    let known = memory::Page::of(input, title.as_deref());
    let recall = input.memory.map(|memory| known.recall(memory, &outline));
    if let Some(recall) = &recall {
        let repeated = recall.repeated(&outline);
        outline.mark_repeated(&repeated);
    }
    let sources = Sources {
        recall: recall.as_ref(),
        ..Sources::new(input, &outline, head, &nodes)
    };
    let mut article = Article::default();
    metadata::headline(&sources, &mut article);
    if let Some(ruling) = &mut ruling {
        ruling.headline(&mut article);
    }
    let mut found = body(input, &sources, &article, ruling.as_mut());
    record_body(&found, &mut article);
    let pictures = metadata::fill(&sources, &found, input.language, &mut article);
    if found.strategy != rules::GIVEN {
        drop_signature(&mut article);
    }
    if let Some(ruling) = ruling {
        ruling.fields(&sources, &mut article);
    }
    let redirect = metadata::redirect(&sources, input);
    let verdict = kind::judge(&sources, &article, &found, redirect.as_ref());
    let is_article = verdict.kind == PageKind::Article;
    let observation = recall.as_ref().filter(|_| is_article).map(|recall| {
        let body = (found.kept.as_slice(), found.candidates.as_slice());
        memory::observe(&known, &outline, recall, body, &pictures)
    });
    let mut reading = Extraction {
        kind: verdict.kind,
        confidence: verdict.confidence,
        canonical: metadata::canonical(&sources, input),
        next_page: metadata::next_page(&sources),
        redirect,
        is_amp: sources.head.is_amp,
        reason: verdict.reason,
        observation,
        candidates: std::mem::take(&mut found.candidates),
        article,
    };
    let told = tell(&sources, &found, &mut reading);
    (reading, told)
}

/// Takes the line that only names the authors off the front and the end of the body.
fn drop_signature(article: &mut Article) {
    let names = text::folded(&article.authors.concat());
    let last = article.body.len().saturating_sub(1);
    if names.is_empty() || last == 0 {
        return;
    }
    let mut at = 0;
    article.body.retain(|paragraph| {
        let is_edge = at < SIGNATURE_LINES || at == last;
        at += 1;
        !(is_edge && text::folds_to(paragraph, &names))
    });
}

/// Takes the body over, and says where it is from.
fn record_body(found: &body::Found, article: &mut Article) {
    article.body.clone_from(&found.paragraphs);
    let Some(lead) = article.body.first() else {
        return;
    };
    let is_ruled = found.strategy == rules::GIVEN;
    article.provenance.push(Provenance {
        field: "body",
        strategy: found.strategy,
        raw: text::head(lead, 200),
        trust: if is_ruled { Trust::High } else { Trust::Medium },
    });
    if found.is_decided_by_feed {
        article.provenance.push(decided_by_feed("body", lead));
    }
}

/// The mark of a field that a feed decided.
fn decided_by_feed(field: &'static str, raw: &str) -> Provenance {
    Provenance {
        field,
        strategy: FEED_DECIDED,
        raw: text::head(raw, 200),
        trust: Trust::Medium,
    }
}

/// The day that decides which site rules are in force: that of publication as the page states it, or
/// as the rules of today read it, else today.
fn day(
    rules: &SiteRules,
    input: &Input<'_>,
    outline: &Outline<'_>,
    nodes: &[json_ld::Node],
) -> NaiveDate {
    let today = input.now.date_naive();
    if !rules.are_dated() {
        return today;
    }
    let sources = Sources::new(input, outline, Head::of(input.html), nodes);
    let ruled = || Ruling::new(rules, input.html, today).day(&sources);
    metadata::stated_day(&sources)
        .or_else(ruled)
        .unwrap_or(today)
}

/// The body by site rule, unless that gives a scrap of what the page shows; else by the generic
/// extractor, else from the state of a script.
fn body(
    input: &Input<'_>,
    sources: &Sources<'_>,
    article: &Article,
    mut ruling: Option<&mut Ruling<'_>>,
) -> body::Found {
    let authors = metadata::stated_names(sources);
    let frame = body::Frame {
        title: &article.title,
        authors: &authors,
        recall: sources.recall,
    };
    let ruled = ruling
        .as_mut()
        .and_then(|ruling| ruling.body(sources.outline, &frame));
    let short = match ruled {
        Some(found) if found.weight() >= SHORT_RULED => return found,
        short_or_none => short_or_none,
    };
    let structured = metadata::stated_body(sources.article);
    let told = input.hint.and_then(|hint| hint.text.as_deref());
    let stated = body::Stated {
        structured: structured.as_deref(),
        feed: told,
    };
    let mut found = body::find(sources.outline, &stated, &frame);
    if found.prose < SHOWN_PROSE {
        body::rescue(&mut found, "script", state::lines(input.html), &frame);
    }
    // A page that leads on, or bars the way, must not pass for the whole article.
    if let Some(told) = told
        && metadata::redirect(sources, input).is_none()
        && metadata::next_page(sources).is_none()
        && !kind::is_barrier(sources, &article.title, &found)
    {
        body::rescue_cut(&mut found, told, &frame);
    }
    let (Some(short), Some(ruling)) = (short, ruling) else {
        return found;
    };
    if short.weight() * 5 >= found.weight() * 2 {
        return short;
    }
    // A rule that finds the teaser of a page does its work.
    if found.strategy != FEED {
        ruling.missed(RuleField::Body);
    }
    found
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod sound;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod told;
