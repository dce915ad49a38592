//! `extract --explain`: what gave each field, where else the page states it, how the body was chosen
//! and what was left out of it, in a form that a rule can be written from.

use std::fmt::Write;
use std::io::IsTerminal;

use comfy_table::{ColumnConstraint, Table};

use crate::cli::Failure;
use crate::cli::terminal::{print, table};
use crate::domain::{Article, PageKind, Provenance, Stamp, Trust};
use crate::extract::{BodyCandidate, Explanation, Extraction, LeftOut};

use super::page::Reading;
use super::show::outcome;

/// Columns where no terminal tells how many there are.
const WIDTH: u16 = 100;
/// Characters of a value, and of what the page says.
const VALUE: usize = 90;
const RAW: usize = 60;
/// Selectors up to this length stay on one line, so that they can be copied.
const SELECTOR: usize = 58;
/// Lines left out that are shown from the front, and as many from the end.
const EDGE: usize = 6;
/// Parts of a score below this say nothing.
const SMALL: f32 = 0.005;

/// Prints everything that is known of how a page was read.
pub(super) fn print_all(reading: &Reading) -> Result<(), Failure> {
    let extraction = outcome(reading)?;
    let told = reading.explanation.clone().unwrap_or_default();
    let parts = [
        head(reading, extraction, &told),
        fields(&extraction.article),
        places(&told),
        bodies(&extraction.candidates, &told.body),
        left_out(&told.left_out),
    ];
    let parts: Vec<&str> = parts.iter().map(|p| p.trim_end()).collect();
    let parts: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    print(&parts.join("\n\n"))
}

/// Kind, confidence and reasons; then what is known of the page as a whole.
fn head(reading: &Reading, extraction: &Extraction, told: &Explanation) -> String {
    let (kind, confidence) = (extraction.kind.as_str(), extraction.confidence);
    let mut out = format!("kind: {kind} (confidence {confidence:.2})\n");
    if let Some(reason) = &extraction.reason {
        let _infallible = writeln!(out, "  {reason}");
    }
    for sign in &told.signs {
        let _infallible = writeln!(out, "  {sign}");
    }
    let canonical = extraction.canonical.as_ref().map(ToString::to_string);
    let next = extraction.next_page.as_ref().map(ToString::to_string);
    let twin = (extraction.kind != PageKind::Article)
        .then(|| extraction.redirect.as_ref().map(ToString::to_string));
    let rows = [
        ("charset", Some(reading.charset.to_owned())),
        ("canonical", canonical),
        ("next page", next),
        ("leads to", twin.flatten()),
    ];
    for (name, value) in rows {
        if let Some(value) = value {
            let _infallible = writeln!(out, "{name}: {value}");
        }
    }
    out
}

/// The fields that are known, and what site rules did not give.
fn fields(article: &Article) -> String {
    let mut rows = frame(&["field", "value", "from", "trust", "as the page says it"]);
    let (marks, origins): (Vec<&Provenance>, Vec<&Provenance>) = article
        .provenance
        .iter()
        .partition(|p| p.strategy.starts_with("site_rule_"));
    for origin in origins {
        let value = value_of(article, origin.field);
        if value.is_empty() {
            continue;
        }
        let raw = match same(&origin.raw, &value) {
            true => String::new(),
            false => cut(&origin.raw, RAW),
        };
        let trust = word(origin.trust);
        rows.add_row([
            origin.field,
            &cut(&value, VALUE),
            origin.strategy,
            trust,
            &raw,
        ]);
    }
    let mut out = format!("{rows}\n");
    for mark in marks {
        let what = match mark.strategy {
            "site_rule_ignored" => "would take nearly all of the text and is ignored",
            _ => "gave nothing of use; the generic engine answered",
        };
        let _infallible = write!(out, "\nsite rule: {} = {} {what}", mark.field, mark.raw);
    }
    out
}

/// Where the page states the fields, by selectors for a rule.
fn places(told: &Explanation) -> String {
    if told.places.is_empty() {
        return String::new();
    }
    let mut rows = frame(&["field", "a rule could say", "", "which gives"]);
    for place in &told.places {
        let field = place.field.as_str();
        let mark = if place.agrees { "=" } else { "" };
        rows.add_row([field, &place.selector, mark, &cut(&place.value, VALUE)]);
    }
    keep_whole(
        &mut rows,
        1,
        told.places.iter().map(|p| p.selector.as_str()),
    );
    format!("Where the page states its fields (= as read above)\n\n{rows}")
}

/// The candidates for the body with what speaks for each.
fn bodies(candidates: &[BodyCandidate], sentence: &str) -> String {
    let mut out = format!("The body: {sentence}\n\n");
    let mut rows = frame(&["", "found by", "score", "made of", "characters", "body = "]);
    let mut candidates: Vec<&BodyCandidate> = candidates.iter().collect();
    candidates.sort_by(|a, b| {
        let by_score = b.score.total_cmp(&a.score);
        b.is_chosen.cmp(&a.is_chosen).then(by_score)
    });
    for body in &candidates {
        let mark = if body.is_chosen { "→" } else { "" };
        let parts = body.parts.iter().filter(|part| part.1.abs() >= SMALL);
        let parts: Vec<String> = parts.map(|(name, v)| format!("{name} {v:.2}")).collect();
        let score = match parts.is_empty() {
            true => "-".to_owned(),
            false => format!("{:.2}", body.score),
        };
        let chars = body.chars.to_string();
        rows.add_row([
            mark,
            body.strategy,
            &score,
            &parts.join(", "),
            &chars,
            &body.path,
        ]);
    }
    keep_whole(&mut rows, 5, candidates.iter().map(|c| c.path.as_str()));
    if !candidates.is_empty() {
        let _infallible = write!(out, "{rows}");
    }
    out
}

/// The first and last lines that were left out inside the body's container.
fn left_out(lines: &[LeftOut]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let mut rows = frame(&["left out as", "line"]);
    let hidden = lines.len().saturating_sub(2 * EDGE);
    for (at, line) in lines.iter().enumerate() {
        if at < EDGE || at >= EDGE + hidden {
            rows.add_row([line.reason, &cut(&line.text, VALUE)]);
        } else if at == EDGE {
            rows.add_row(["", &format!("… and {hidden} more …")]);
        }
    }
    let count = lines.len();
    format!("Inside the body's container, {count} lines are no part of it\n\n{rows}")
}

/// A table as wide as the terminal.
fn frame(head: &[&str]) -> Table {
    let mut table = table(head);
    if !std::io::stdout().is_terminal() {
        table.set_width(WIDTH);
    }
    table
}

/// Keeps the selectors of a column on one line each, unless one is too long.
fn keep_whole<'a>(rows: &mut Table, column: usize, mut texts: impl Iterator<Item = &'a str>) {
    let fits = texts.all(|text| text.chars().count() <= SELECTOR);
    if let Some(column) = rows.column_mut(column).filter(|_| fits) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
}

fn value_of(article: &Article, field: &str) -> String {
    let stamp = |stamp: &Option<Stamp>| stamp.as_ref().map(Stamp::to_text).unwrap_or_default();
    match field {
        "title" => article.title.clone(),
        "subtitle" => article.subtitle.clone().unwrap_or_default(),
        "authors" => article.authors.join(", "),
        "published" => stamp(&article.published),
        "modified" => stamp(&article.modified),
        "section" => article.section.clone().unwrap_or_default(),
        "tags" => article.tags.join(", "),
        "language" => article.language.clone().unwrap_or_default(),
        "agency" => article.agency.clone().unwrap_or_default(),
        "paywalled" => article.paywalled.map(|p| p.to_string()).unwrap_or_default(),
        "images" => images(article),
        "body" => article.lead(),
        _ => String::new(),
    }
}

fn images(article: &Article) -> String {
    let first = article.images.first().map_or("", |image| &image.url);
    match article.images.len() {
        0 => String::new(),
        1 => first.to_owned(),
        more => format!("{first} and {} more", more - 1),
    }
}

/// Whether two texts differ in white space at most.
fn same(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

/// The first characters of a text, on one line.
fn cut(text: &str, chars: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= chars {
        return line;
    }
    line.chars().take(chars).chain(['…']).collect()
}

fn word(trust: Trust) -> &'static str {
    match trust {
        Trust::High => "high",
        Trust::Medium => "medium",
        Trust::Low => "low",
    }
}
