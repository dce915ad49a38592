//! How a reading came about, for a person who judges it or writes a rule: where the page states each
//! field, why this text is the body, and what was left out of it. Nothing here is computed unless
//! somebody asks.

mod css;
mod places;
mod state;

use super::body::{self, Found};
use super::kind;
use super::metadata::Sources;
use super::outline::{Block, Outline};
use super::role::Roles;
use super::rules::GIVEN;
use super::text::{folded, head};
use super::{BodyCandidate, Extraction, Input};
use crate::domain::RuleField;

/// Characters of a line that are shown.
const LINE: usize = 160;
/// Smaller differences of scores say nothing.
const SMALL: f32 = 0.005;

/// How a reading came about.
#[derive(Debug, Clone, Default)]
pub struct Explanation {
    /// What speaks for and against an article.
    pub signs: Vec<String>,
    /// Where the page states a field, by field.
    pub places: Vec<Place>,
    /// Why the body is this one, in a sentence.
    pub body: String,
    /// The lines inside the body's container that are not in the body, in order.
    pub left_out: Vec<LeftOut>,
}

/// A place where the page states a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The field.
    pub field: RuleField,
    /// What a rule would name it by.
    pub selector: String,
    /// What it says.
    pub value: String,
    /// Whether that is what the field was read as.
    pub agrees: bool,
}

/// A line that is not in the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// What it says.
    pub text: String,
    /// Why it is no text of the article.
    pub reason: &'static str,
}

/// Explains a reading, and gives the containers of its candidates their selectors.
pub(super) fn explain(
    input: &Input<'_>,
    page: &Sources<'_>,
    found: &Found,
    reading: &mut Extraction,
) -> Explanation {
    if found.strategy == GIVEN {
        let frame = body::Frame {
            title: &reading.article.title,
            authors: &reading.article.authors,
            recall: page.recall,
        };
        let others = body::find(page.outline, &body::Stated::default(), &frame).candidates;
        let others = others.into_iter().map(|other| BodyCandidate {
            is_chosen: false,
            ..other
        });
        reading.candidates.extend(others);
    }
    for candidate in &mut reading.candidates {
        let path = candidate.item.map(|item| css::of(page.outline, item));
        candidate.path = path.unwrap_or_default();
    }
    Explanation {
        signs: kind::signs(page, &reading.article, found),
        places: places::all(page, input.html, &reading.article),
        body: sentence(&reading.candidates),
        left_out: left_out(page.outline, found),
    }
}

/// Why the chosen candidate won.
fn sentence(candidates: &[BodyCandidate]) -> String {
    let Some(chosen) = candidates.iter().find(|c| c.is_chosen) else {
        return "no container holds text that could be an article".to_owned();
    };
    if chosen.strategy == GIVEN {
        return "a site rule names it".to_owned();
    }
    if chosen.score <= 0.0 {
        return format!(
            "the page shows far less text than its {} holds",
            match chosen.strategy {
                "json_ld" => "structured data",
                _ => "script",
            }
        );
    }
    let others = candidates.iter().filter(|c| !c.is_chosen);
    let Some(next) = others.max_by(|a, b| a.score.total_cmp(&b.score)) else {
        return "it is the only candidate".to_owned();
    };
    let mut gains: Vec<(&str, f32)> = chosen
        .parts
        .iter()
        .zip(&next.parts)
        .map(|(own, other)| (own.0, own.1 - other.1))
        .filter(|(_, gain)| *gain >= SMALL)
        .collect();
    gains.sort_by(|a, b| b.1.total_cmp(&a.1));
    let gains: Vec<String> = gains
        .iter()
        .take(3)
        .map(|(name, gain)| format!("{name} +{gain:.2}"))
        .collect();
    let lead = chosen.score - next.score;
    match lead < SMALL || gains.is_empty() {
        true => format!(
            "{} and {} score alike, and the first stays",
            chosen.strategy, next.strategy
        ),
        false => format!(
            "{} leads {} by {lead:.2}: {}",
            chosen.strategy,
            next.strategy,
            gains.join(", ")
        ),
    }
}

/// The blocks in the span of the body that did not become part of it, or not whole.
fn left_out(outline: &Outline<'_>, found: &Found) -> Vec<LeftOut> {
    let kept: Vec<String> = found.paragraphs.iter().map(|p| folded(p)).collect();
    let all = kept.join("\n");
    let told = |block: &Block| {
        let text = folded(&block.text);
        let in_part = kept
            .iter()
            .any(|p| !p.is_empty() && text.contains(p.as_str()));
        let reason = match in_part {
            true => "kept in part",
            false => reason(block),
        };
        let is_left = text.is_empty() || !all.contains(&text);
        is_left.then(|| LeftOut {
            text: head(&block.text, LINE),
            reason,
        })
    };
    let blocks = outline.blocks_of(&found.container).iter();
    blocks.filter_map(told).collect()
}

fn reason(block: &Block) -> &'static str {
    let named = [
        (Roles::CUT, "remove"),
        (Roles::REPEATED, "repeated on the site"),
        (Roles::AD, "advertisement"),
        (Roles::CAPTION.with(Roles::CREDIT), "caption"),
        (Roles::SHARE, "share"),
        (Roles::RELATED, "related"),
        (Roles::OFFER, "offer"),
        (Roles::COMMENT, "comments"),
        (Roles::BYLINE.with(Roles::BIO), "byline"),
        (Roles::DATE, "date"),
        (Roles::TAGS, "tags"),
        (Roles::HEADLINE.with(Roles::KICKER), "headline"),
        (Roles::STANDFIRST, "subtitle"),
        (Roles::COPYRIGHT, "copyright"),
        (Roles::HIDDEN, "hidden"),
        (Roles::CONTROL, "control"),
        (Roles::NAV.with(Roles::CRUMBS), "navigation"),
        (
            Roles::FOOTER.with(Roles::ASIDE).with(Roles::HEAD),
            "beside the article",
        ),
    ];
    let found = named.iter().find(|(role, _)| block.roles.has(*role));
    match found {
        Some((_, reason)) => reason,
        None if block.is_linked() => "links",
        None => "trimmed",
    }
}

#[cfg(test)]
mod tests;
