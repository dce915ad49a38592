//! A reading as JSON, text, Markdown, or an explanation of where each field comes from.

use std::fmt::Write;

use crate::cli::Failure;
use crate::cli::terminal::{print, table};
use crate::domain::{Article, PageKind, Stamp, Trust};
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

fn outcome(reading: &Reading) -> Result<&Extraction, Failure> {
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

/// Prints kind and charset, the source of each field, and the candidates for the body.
pub(super) fn explanation(reading: &Reading) -> Result<(), Failure> {
    let extraction = outcome(reading)?;
    let mut out = format!(
        "kind: {} (confidence {:.2})   charset: {}\n",
        extraction.kind.as_str(),
        extraction.confidence,
        reading.charset
    );
    if let Some(reason) = &extraction.reason {
        let _infallible = writeln!(out, "reason: {reason}");
    }
    if let Some(canonical) = &extraction.canonical {
        let _infallible = writeln!(out, "canonical: {canonical}");
    }
    if let Some(next) = &extraction.next_page {
        let _infallible = writeln!(out, "next page: {next}");
    }
    let mut fields = table(&["field", "value", "strategy", "trust", "as the page says it"]);
    for field in &extraction.article.provenance {
        let value = value_of(&extraction.article, field.field);
        let raw = cut(&field.raw, 60);
        fields.add_row([field.field, &value, field.strategy, word(field.trust), &raw]);
    }
    let mut bodies = table(&["", "body candidate", "score", "characters", "where"]);
    for body in &extraction.candidates {
        let mark = if body.is_chosen { "→" } else { "" };
        let (score, chars) = (format!("{:.2}", body.score), body.chars.to_string());
        bodies.add_row([mark, body.strategy, &score, &chars, &body.path]);
    }
    let paragraphs = extraction.article.body.len();
    let _infallible = write!(out, "{fields}\n\n{bodies}\n{paragraphs} paragraphs");
    print(&out)
}

fn value_of(article: &Article, field: &str) -> String {
    let stamp = |stamp: &Option<Stamp>| stamp.as_ref().map(Stamp::to_text).unwrap_or_default();
    let value = match field {
        "title" => article.title.clone(),
        "subtitle" => article.subtitle.clone().unwrap_or_default(),
        "authors" => article.authors.join(", "),
        "published" | "published_at" => stamp(&article.published),
        "modified" | "modified_at" => stamp(&article.modified),
        "section" => article.section.clone().unwrap_or_default(),
        "tags" => article.tags.join(", "),
        "language" => article.language.clone().unwrap_or_default(),
        "agency" => article.agency.clone().unwrap_or_default(),
        "images" => format!("{} pictures", article.images.len()),
        "body" => article.lead(),
        _ => String::new(),
    };
    cut(&value, 60)
}

fn cut(text: &str, chars: usize) -> String {
    if text.chars().count() <= chars {
        return text.to_owned();
    }
    text.chars().take(chars).chain(['…']).collect()
}

fn word(trust: Trust) -> &'static str {
    match trust {
        Trust::High => "high",
        Trust::Medium => "medium",
        Trust::Low => "low",
    }
}
