//! Who signed the text, in it and in the lines just around it.

use super::super::{Sources, agency};
use crate::extract::body::Found;
use crate::extract::pattern::Pattern;
use crate::extract::role::Roles;
use crate::extract::signature::{self, Signature};

static JOINT: Pattern = Pattern::new(
    r"[가-힣]{2,4}(?:\s?[,·ㆍ・、]\s?[가-힣]{2,4}\b)+|[\p{Han}ぁ-ヿ]{2,8}(?:\s?[,·・、]\s?[\p{Han}ぁ-ヿ]{2,8})+",
);

/// An agency that stands alone on one of the last lines.
pub(super) fn closing_agency(page: &Sources<'_>, found: &Found) -> Option<String> {
    let last = found.span.end;
    let blocks = page.outline.blocks.get(last.saturating_sub(3)..)?;
    let lines = blocks
        .iter()
        .take(6)
        .filter(|b| !b.roles.has(Roles::AROUND));
    lines
        .filter(|b| !b.is_linked())
        .find_map(|b| agency::named(&b.text))
}

/// Signatures in the body and in the lines just around it.
pub(super) fn signature(page: &Sources<'_>, found: &Found) -> Signature {
    let mut signature = found.signature.clone();
    if found.span.is_empty() {
        return signature;
    }
    let range = found.span.start.saturating_sub(10)..(found.span.end + 5);
    for at in range {
        let Some(block) = page.outline.blocks.get(at) else {
            continue;
        };
        if block.roles.has(Roles::AROUND) {
            continue;
        }
        if let Some(line) = signature::line(&block.text) {
            signature.desk = signature.desk.take().or(line.desk);
            if signature.names.is_empty() {
                signature.names = line.names;
            }
        }
    }
    if let [name] = signature.names.as_slice()
        && let Some(joint) = joint(page, found, name)
    {
        signature.names = joint;
    }
    signature
}

/// All names of a joint byline over the text of which `name` signed it alone.
fn joint(page: &Sources<'_>, found: &Found, name: &str) -> Option<Vec<String>> {
    let last = (found.span.start + 4).min(page.outline.blocks.len());
    let blocks = page.outline.blocks.get(..last)?.iter().rev().take(16);
    let lists = blocks
        .filter(|b| b.text.contains(name) && b.weight <= 250)
        .flat_map(|b| JOINT.regex().map(|joint| joint.find_iter(&b.text)));
    let lists: Vec<Vec<String>> = lists
        .flatten()
        .map(|list| {
            list.as_str()
                .split(|c: char| c.is_whitespace() || ",·ㆍ・、".contains(c))
                .filter(|n| !n.is_empty())
                .map(str::to_owned)
                .collect()
        })
        .collect();
    lists
        .into_iter()
        .find(|list| list.iter().any(|n| n == name) && list.iter().all(|n| signature::is_name(n)))
}
