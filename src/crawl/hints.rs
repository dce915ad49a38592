//! What feeds and sitemaps say of articles, bounded to what the parser has use for.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::discover::Candidate;
use crate::domain::{Fingerprint, Hint, JobKind, Source, StorePolicy};
use crate::extract;
use crate::store::{Found, Met, SpentHint};

use super::found::TOLERANCE;
use super::visit::Visit;

/// Articles of one listing of which hints are kept: as many as a sitemap of news may name
/// (Google's extension of sitemaps), and more than feeds do.
const MAX_HINTS: usize = 1_000;
/// The parser takes no shorter text for an article, and no longer title for one.
const MIN_TEXT_CHARS: usize = 150;
const MAX_TITLE_CHARS: usize = 400;
/// More people sign no article, and longer names are sentences.
const MAX_AUTHORS: usize = 12;
const MAX_NAME_CHARS: usize = 100;

impl Visit<'_> {
    /// Joins the links of a feed or sitemap with what it says of their articles, where it had not
    /// shown them before.
    pub(super) fn add_hints(
        &self,
        found: &mut [Found],
        (articles, met): (Vec<Candidate>, &Met),
        source: &Source,
        now: DateTime<Utc>,
    ) {
        if !matches!(self.job.kind, JobKind::Feed | JobKind::Sitemap) {
            return;
        }
        let is_new_here = |candidate: &Candidate| {
            let since = met.get(&candidate.url.fingerprint()).copied().flatten();
            since.is_none()
        };
        let mut hints: HashMap<Fingerprint, Hint> = articles
            .into_iter()
            .filter(is_new_here)
            .map(|candidate| (candidate.url.fingerprint(), hint(candidate, source, now)))
            .filter(|(_, hint)| !hint.is_empty())
            .take(MAX_HINTS)
            .collect();
        let links = found
            .iter_mut()
            .filter(|found| found.job.kind == JobKind::Article);
        for link in links {
            link.hint = hints.remove(&link.job.url.fingerprint());
        }
    }

    /// What becomes of the hint that an article's page was read with.
    pub(super) fn spent_hint(
        &mut self,
        article: Option<&crate::domain::Article>,
    ) -> Option<SpentHint> {
        let hint = self.told.hint.take()?;
        Some(SpentHint {
            hint,
            is_used: article.is_some_and(extract::needs_hint),
        })
    }
}

fn hint(candidate: Candidate, source: &Source, now: DateTime<Utc>) -> Hint {
    let is_short = |text: &str, most: usize| text.chars().nth(most).is_none();
    let is_believed = candidate.published.is_some_and(|at| at < now + TOLERANCE);
    let authors = candidate
        .authors
        .into_iter()
        .map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|name| !name.is_empty() && is_short(name, MAX_NAME_CHARS));
    // What may not be stored isn't stored here either.
    let keeps_text = source.store == StorePolicy::Full;
    Hint {
        title: candidate
            .title
            .filter(|title| !title.is_empty() && is_short(title, MAX_TITLE_CHARS)),
        authors: authors.take(MAX_AUTHORS).collect(),
        published: candidate.stated.filter(|_| is_believed),
        text: candidate
            .text
            .filter(|text| keeps_text && !is_short(text, MIN_TEXT_CHARS)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{CanonicalUrl, Identity, Precision, SourceName, Stamp};

    fn url(text: &str) -> CanonicalUrl {
        CanonicalUrl::parse(text, Identity::default()).unwrap()
    }

    fn candidate(title: &str, authors: &[String], text: &str) -> Candidate {
        let now = DateTime::UNIX_EPOCH;
        Candidate {
            url: url("https://a.example/1"),
            title: Some(title.to_owned()),
            published: Some(now),
            stated: Some(Stamp {
                local: now.naive_utc(),
                offset: None,
                precision: Precision::Minute,
            }),
            modified: None,
            authors: authors.to_vec(),
            text: Some(text.to_owned()),
        }
    }

    #[test]
    fn hint_is_what_the_parser_has_use_for_and_no_more() {
        let home = url("https://a.example/");
        let mut source = Source::new(SourceName::new("paper").unwrap(), home);
        let now = DateTime::UNIX_EPOCH;
        let names = vec![" Ann\n Lee ".to_owned(), "x".repeat(101)];
        let kept = hint(candidate("Title", &names, &"가".repeat(151)), &source, now);
        assert_eq!(kept.authors, ["Ann Lee"]);
        assert!(kept.title.is_some() && kept.text.is_some() && kept.published.is_some());

        let many = vec!["Ann Lee".to_owned(); 50];
        let long = hint(candidate(&"x".repeat(401), &many, "teaser"), &source, now);
        assert_eq!((&long.title, &long.text), (&None, &None));
        assert_eq!(long.authors.len(), MAX_AUTHORS);

        let earlier = now - TOLERANCE;
        let ahead = hint(candidate("Title", &[], ""), &source, earlier);
        assert_eq!(ahead.published, None, "dated into the future");

        source.store = StorePolicy::Metadata;
        let bare = hint(candidate("Title", &[], &"가".repeat(151)), &source, now);
        assert_eq!(bare.text, None, "the outlet's text may not be kept");
    }
}
