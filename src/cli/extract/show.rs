//! A reading as JSON, text or Markdown.

use std::fmt::Write;

use crate::cli::Failure;
use crate::cli::terminal::print;
use crate::domain::{Article, PageKind, Stamp};
use crate::extract::Extraction;

use super::line::Line;
use super::page::Reading;

/// Prints the JSON object.
pub(super) fn json(reading: &Reading) -> Result<(), Failure> {
    let url = reading.url.as_ref().map(ToString::to_string);
    let line = match &reading.outcome {
        Ok(extraction) => Line::of(None, url, extraction.clone()),
        Err(error) => Line::broken(None, url, error.clone()),
    };
    print(&line.to_json())
}

/// Prints title, byline and body.
pub(super) fn text(reading: &Reading) -> Result<(), Failure> {
    let article = article(reading)?;
    print(&format!(
        "{}\n{}\n\n{}",
        article.title,
        byline(article),
        article.body_text()
    ))
}

/// Prints a Markdown document.
pub(super) fn markdown(reading: &Reading) -> Result<(), Failure> {
    let article = article(reading)?;
    let mut out = format!("# {}\n\n", article.title);
    if let Some(subtitle) = &article.subtitle {
        let _infallible = write!(out, "**{subtitle}**\n\n");
    }
    let byline = byline(article);
    if !byline.is_empty() {
        let _infallible = write!(out, "*{byline}*\n\n");
    }
    out.push_str(&article.body_text());
    print(&out)
}

fn article(reading: &Reading) -> Result<&Article, Failure> {
    let extraction = outcome(reading)?;
    if extraction.kind == PageKind::Article {
        return Ok(&extraction.article);
    }
    let reason = extraction
        .reason
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    Err(Failure::failed(anyhow::anyhow!(
        "the page is no article: {reason}"
    )))
}

pub(super) fn outcome(reading: &Reading) -> Result<&Extraction, Failure> {
    reading
        .outcome
        .as_ref()
        .map_err(|e| Failure::failed(anyhow::anyhow!("{e}")))
}

fn byline(article: &Article) -> String {
    let published = article.published.as_ref().map(Stamp::to_text);
    let parts: Vec<String> = article
        .authors
        .iter()
        .cloned()
        .chain(article.agency.clone())
        .chain(published)
        .collect();
    parts.join(" · ")
}
