//! What belongs to a body but stands outside of its container: the lead between headline and text.

use super::candidates::Candidate;
use crate::extract::outline::{Block, Outline};
use crate::extract::pattern::Pattern;
use crate::extract::role::Roles;
use crate::extract::text::{ends_sentence, folded};

/// Blocks above the text that are looked at: a byline, a row of buttons, a picture and its caption.
const MAX_ABOVE: usize = 40;
/// A lead has few paragraphs.
const MAX_LEADS: usize = 3;
/// The paragraphs of one element are at most so many.
const MAX_RUN: usize = 10;
/// Longer ones are another text.
const MAX_LEAD: usize = 900;

static SENTENCE_END: Pattern = Pattern::new(r"\p{L}{2}[”»)]?[.!?…]+[”»)]?(?:\s|$)|[。！？]");
/// Who is paid for the links of the page, and how.
static DISCLOSURE: Pattern = Pattern::new(concat!(
    r"(?i)\b(?:affiliate|commissions?|affiliés?|afiliados?|affiliazione|partnerlinks?|provision(?:en)?)\b|",
    r"アフィリエイト|제휴 마케팅|파트너스 활동|수수료를 (?:제공)?받"
));

/// A candidate with what belongs to it.
pub(super) fn whole(outline: &Outline<'_>, title: &str, candidate: &Candidate) -> Candidate {
    let mut kept = lead(outline, title, &candidate.kept);
    kept.extend(&candidate.kept);
    Candidate {
        kept,
        ..candidate.clone()
    }
}

/// The blocks of the lead: paragraphs between the headline and the first one of the text.
fn lead(outline: &Outline<'_>, title: &str, kept: &[usize]) -> Vec<usize> {
    let Some(first) = kept.first().copied() else {
        return Vec::new();
    };
    let Some(start) = headline_above(outline, title, first) else {
        return Vec::new();
    };
    let opening: String = kept
        .iter()
        .take(MAX_LEADS)
        .filter_map(|at| outline.blocks.get(*at))
        .map(|block| folded(&block.text))
        .collect();
    let is_new = |block: &Block| !opening.contains(&folded(&block.text));
    let above = (start + 1..first).filter(|at| {
        let block = outline.blocks.get(*at);
        block.is_some_and(|block| is_lead(block) && is_new(block))
    });
    let leads: Vec<usize> = above.take(MAX_LEADS).collect();
    let mut run: Vec<usize> = leads.iter().flat_map(|at| beside(outline, *at)).collect();
    run.retain(|at| {
        let block = outline.blocks.get(*at);
        (start + 1..first).contains(at) && block.is_some_and(is_new)
    });
    run.extend(leads);
    run.sort_unstable();
    run.dedup();
    run
}

/// The sentences that stand in one element with a paragraph of the lead: they are its other paragraphs.
fn beside(outline: &Outline<'_>, lead: usize) -> Vec<usize> {
    let parent = |at: usize| {
        let item = outline.blocks.get(at)?.item;
        outline.items.get(item).map(|item| item.parent)
    };
    let own = parent(lead);
    let is_sibling = |at: &usize| {
        let block = outline.blocks.get(*at);
        let is_sentence = block.is_some_and(|block| {
            is_plain(block) && block.is_prose() && !DISCLOSURE.is_match(&block.text)
        });
        is_sentence && parent(*at) == own
    };
    let before = (lead.saturating_sub(MAX_RUN)..lead)
        .rev()
        .take_while(is_sibling);
    let behind = (lead + 1..lead + MAX_RUN).take_while(is_sibling);
    before.chain(behind).collect()
}

/// The last block above the text that is the article's headline.
fn headline_above(outline: &Outline<'_>, title: &str, first: usize) -> Option<usize> {
    let title = folded(title);
    let above = (first.saturating_sub(MAX_ABOVE)..first).rev();
    let is_own = |at: &usize| {
        outline.blocks.get(*at).is_some_and(|block| {
            let text = folded(&block.text);
            !text.is_empty() && (text == title || (is_top(outline, block) && title.contains(&text)))
        })
    };
    above.into_iter().find(is_own)
}

fn is_top(outline: &Outline<'_>, block: &Block) -> bool {
    outline.tag(block) == "h1" || block.roles.has(Roles::HEADLINE)
}

fn is_lead(block: &Block) -> bool {
    is_plain(block) && is_paragraph(&block.text)
}

/// A block of text, not too long, that is nothing else.
fn is_plain(block: &Block) -> bool {
    let own = Roles::HEAD.with(Roles::STANDFIRST);
    let not_text = Roles::FURNITURE.with(Roles::PICTURE).with(Roles::HEADLINE);
    block.weight <= MAX_LEAD && !block.is_linked() && !block.roles.without(own).has(not_text)
}

/// Whether a standfirst is the first paragraph of the text and not only a deck under the headline:
/// it has two sentences. A single one sums up what the text says again.
pub(super) fn is_paragraph(text: &str) -> bool {
    let ends = SENTENCE_END.regex().map(|end| end.find_iter(text).count());
    ends_sentence(text) && ends >= Some(2) && !DISCLOSURE.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::super::candidates;
    use super::*;
    use crate::markup::parse_html;

    const TITLE: &str = "The bridge opens";

    fn opening(above: &str) -> String {
        let html = parse_html(&format!(
            "<h1>{TITLE}</h1><div class=top>{above}</div><div class=article-body><p>On Monday the \
             first trams crossed the new bridge over the bay, and nobody had to wait.</p><p>The \
             old one stays open for those who walk, said the harbour board.</p></div>"
        ));
        let html = html.unwrap();
        let outline = Outline::of(&html);
        let candidate = candidates::all(&outline, TITLE).remove(0);
        let whole = whole(&outline, TITLE, &candidate);
        assert!(whole.kept.ends_with(&candidate.kept));
        let first = whole.kept.first().and_then(|at| outline.blocks.get(*at));
        first.map(|block| block.text.clone()).unwrap_or_default()
    }

    #[test]
    fn paragraph_above_the_container_is_the_lead() {
        let above = "<p>Nine years they waited. Now the bay has a bridge for trams.</p>";
        assert!(opening(above).starts_with("Nine years"));
    }

    #[test]
    fn a_lead_of_several_paragraphs_is_joined_whole() {
        let above = "<p>The bay waited nine years for a bridge that carries trams to the island.</p>\
            <p>Now it has one. It shines.</p>\
            <p>Those who doubted it were the first to cross, and they came back twice.</p>";
        let text = opening(above);
        assert!(text.starts_with("The bay waited"), "{text}");
        // A deck in an element of its own stays out.
        let above = "<div><p>Nine years they waited for a bridge, and for trams that cross it.</p></div>\
            <p>Now it has one. It shines.</p>";
        assert!(opening(above).starts_with("Now it has"));
    }

    #[test]
    fn deck_caption_byline_and_disclosure_above_the_container_are_no_lead() {
        for above in [
            "<p>Nine years they waited for a bridge for trams.</p>",
            "<p class=caption>The bridge at night. Seen from the harbour.</p>",
            "<p class=byline>By Ada Fenwick. She lives at the bay.</p>",
            "<p>We may earn a commission. It costs you nothing.</p>",
        ] {
            assert!(opening(above).starts_with("On Monday"), "{above}");
        }
    }
}
