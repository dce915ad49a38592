//! The JSON object that `extract` prints for a page. No key is ever left out.

use serde::Serialize;

use crate::domain::{PageKind, Precision, Stamp};
use crate::extract::Extraction;

/// One page's article, or why it is none.
#[derive(Debug, Default, Serialize)]
pub(super) struct Line {
    pub(super) id: Option<String>,
    pub(super) url: Option<String>,
    canonical_url: Option<String>,
    kind: &'static str,
    title: Option<String>,
    subtitle: Option<String>,
    authors: Vec<String>,
    published: Option<String>,
    published_precision: Option<&'static str>,
    modified: Option<String>,
    language: Option<String>,
    section: Option<String>,
    tags: Vec<String>,
    body: String,
    images: Vec<Picture>,
    agency: Option<String>,
    paywalled: Option<bool>,
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct Picture {
    url: String,
    caption: Option<String>,
    credit: Option<String>,
}

impl Line {
    /// The line of a page that was parsed.
    pub(super) fn of(id: Option<String>, url: Option<String>, extraction: Extraction) -> Self {
        let article = extraction.article;
        let picture = |image: crate::domain::Image| Picture {
            url: image.url,
            caption: image.caption,
            credit: image.credit,
        };
        // A stub is no page of its own: its target is in the error.
        let is_stub = extraction.kind != PageKind::Article && extraction.redirect.is_some();
        let canonical = extraction.canonical.filter(|_| !is_stub);
        Self {
            id,
            url,
            canonical_url: canonical.map(|url| url.as_str().to_owned()),
            kind: extraction.kind.as_str(),
            title: Some(article.title).filter(|title| !title.is_empty()),
            subtitle: article.subtitle,
            authors: article.authors,
            published_precision: article.published.as_ref().map(|s| s.precision).map(word),
            published: article.published.as_ref().map(Stamp::to_text),
            modified: article.modified.as_ref().map(Stamp::to_text),
            language: article.language,
            section: article.section,
            tags: article.tags,
            body: article.body.join("\n\n"),
            images: article.images.into_iter().map(picture).collect(),
            agency: article.agency,
            paywalled: article.paywalled,
            error: extraction.reason.map(|reason| reason.to_string()),
        }
    }

    /// The line of a page that could not be parsed.
    pub(super) fn broken(id: Option<String>, url: Option<String>, error: String) -> Self {
        Self {
            id,
            url,
            kind: PageKind::Other.as_str(),
            error: Some(error),
            ..Default::default()
        }
    }

    /// The line as JSON text without a line end.
    pub(super) fn to_json(&self) -> String {
        // Strings, numbers and lists of them always have a JSON form.
        serde_json::to_string(self).unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}"))
    }
}

fn word(precision: Precision) -> &'static str {
    precision.as_str()
}
