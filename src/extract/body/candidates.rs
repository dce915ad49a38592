//! Several cheap guesses at where the text of the article stands. Each is a range of blocks; what
//! is furniture inside is left out later in the same way for all.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use foldhash::fast::RandomState;

use crate::extract::outline::{Block, Item, Outline};
use crate::extract::role::Roles;
use crate::extract::text::{folded, folds_to};

/// Containers of one kind that are looked at.
const MAX_PER_STRATEGY: usize = 5;
/// Containers of the highest score that are looked at.
const MAX_SCORED: usize = 3;

/// Shorter texts may well come twice.
const MIN_REPEATED: usize = 70;
/// An article's headline is among its first blocks, after a picture, a kicker and a date.
const MAX_BEFORE_HEADING: usize = 5;
/// Less prose is a teaser.
const MIN_ARTICLE: usize = 200;

/// A guess.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) strategy: &'static str,
    /// How much the strategy is trusted beforehand, 0 to 1.
    pub(super) prior: f32,
    /// The container, where there is one.
    pub(super) item: Option<usize>,
    /// The blocks that are article text, in order.
    pub(super) kept: Vec<usize>,
}

/// All guesses for a page whose headline is `title`, the same text once.
pub(super) fn all(outline: &Outline<'_>, title: &str) -> Vec<Candidate> {
    let texts = Texts::of(outline, title);
    let mut found = Vec::new();
    for (strategy, prior, items) in [
        ("markup", 0.30, declared(outline)),
        ("class", 0.25, hinted(outline)),
        ("article", 0.10, semantic(outline)),
        ("score", 0.15, scored(outline)),
    ] {
        for item in items {
            let range = outline.items.get(item).map(|i| i.blocks.clone());
            let kept = texts.within(range.unwrap_or_default());
            push(
                &mut found,
                outline,
                Candidate {
                    strategy,
                    prior,
                    item: Some(item),
                    kept,
                },
            );
        }
    }
    for range in [siblings(outline), run(outline)] {
        let kept = texts.within(range);
        push(
            &mut found,
            outline,
            Candidate {
                strategy: "run",
                prior: 0.10,
                item: None,
                kept,
            },
        );
    }
    found
}

fn push(found: &mut Vec<Candidate>, outline: &Outline<'_>, candidate: Candidate) {
    let has_text = candidate
        .kept
        .iter()
        .any(|at| outline.blocks.get(*at).is_some_and(|b| b.weight > 20));
    if !has_text {
        return;
    }
    match found.iter_mut().find(|known| known.kept == candidate.kept) {
        Some(known) => known.prior += candidate.prior / 2.0,
        None => found.push(candidate),
    }
}

/// What of the page can be article text, found out once for all candidates.
struct Texts {
    /// For each block that can be text, the first one that says the same: mostly itself.
    first: Vec<Option<usize>>,
}

impl Texts {
    fn of(outline: &Outline<'_>, title: &str) -> Self {
        let mut is_foreign = vec![false; outline.blocks.len()];
        let mut marked = 0; // ranges that begin before here may nest, and are not marked again
        for range in foreign(outline, title) {
            let rest = range.start.max(marked)..range.end;
            is_foreign.get_mut(rest).unwrap_or_default().fill(true);
            marked = range.end.max(marked);
        }
        let mut known: HashMap<&str, usize, RandomState> = HashMap::default();
        let mut first = Vec::with_capacity(outline.blocks.len());
        for (at, (block, is_foreign)) in outline.blocks.iter().zip(is_foreign).enumerate() {
            first.push(match block.weight {
                _ if is_foreign || !is_text(block) => None,
                MIN_REPEATED.. => Some(*known.entry(&block.text).or_insert(at)),
                _ => Some(at),
            });
        }
        Self { first }
    }

    /// The blocks of a range that can be article text. A paragraph that comes a second time (a copy
    /// for machines or for another width of screen) counts once.
    fn within(&self, range: Range<usize>) -> Vec<usize> {
        let mut seen = HashSet::new();
        let is_new = |at: &usize| {
            let first = self.first.get(*at).copied().flatten();
            first.is_some_and(|first| seen.insert(first))
        };
        range.filter(is_new).collect()
    }
}

fn is_text(block: &Block) -> bool {
    let is_link_line = block.is_linked() && block.weight < 250;
    !block.roles.has(Roles::FURNITURE) && !is_link_line && !block.roles.has(Roles::HEADLINE)
}

/// The text of other articles on the page: what follows on scrolling, related ones, teasers. Where
/// teasers hold most of the page's text they are its entries: a list of products or places.
fn foreign(outline: &Outline<'_>, title: &str) -> Vec<Range<usize>> {
    let title = folded(title);
    let items = outline.items.iter();
    let articles: Vec<&Range<usize>> = items
        .filter(|item| item.element.name() == "article")
        .map(|item| &item.blocks)
        .collect();
    let own = own_article(outline, &articles, &title);
    let is_beside = |range: &Range<usize>| {
        own.is_some_and(|own| range.end <= own.start || range.start >= own.end)
    };
    let teasers = articles
        .iter()
        .filter(|range| is_teaser(outline, range, &title));
    let teased: usize = teasers.map(|range| outline.sums(range).prose).sum();
    let are_entries = teased * 2 > outline.all().prose;
    let others = articles
        .into_iter()
        .filter(|range| is_beside(range) || (!are_entries && is_teaser(outline, range, &title)));
    others.cloned().collect()
}

/// The innermost article that holds the page's headline and text under it.
fn own_article<'r>(
    outline: &Outline<'_>,
    articles: &[&'r Range<usize>],
    title: &str,
) -> Option<&'r Range<usize>> {
    let is_own = |range: &Range<usize>| {
        let mut first = outline.blocks_of(range).iter().take(MAX_BEFORE_HEADING);
        first.any(|block| folds_to(&block.text, title))
    };
    let prose = |range: &Range<usize>| outline.sums(range).prose;
    let own = articles.iter().rev().find(|range| is_own(range))?;
    let others = articles.iter().filter(|range| range.start >= own.end);
    let largest = others.map(|range| prose(range)).max().unwrap_or_default();
    // A head that calls itself an article has its text in the next one.
    (!title.is_empty() && prose(own) >= MIN_ARTICLE && prose(own) * 4 >= largest).then_some(own)
}

/// Whether an article only begins here: its headline is a link.
fn is_teaser(outline: &Outline<'_>, range: &Range<usize>, title: &str) -> bool {
    let is_heading = |block: &Block| matches!(outline.tag(block), "h1" | "h2" | "h3" | "h4");
    let mut first = outline.blocks_of(range).iter().take(MAX_BEFORE_HEADING);
    let heading = first.find(|block| is_heading(block));
    heading.is_some_and(|block| block.is_linked() && !folds_to(&block.text, title))
}

/// Containers that say so in machine-readable form.
fn declared(outline: &Outline<'_>) -> Vec<usize> {
    best(outline, |item| {
        let prop = item.element.attr("itemprop").unwrap_or_default();
        prop.split_ascii_whitespace().any(|p| p == "articleBody")
    })
}

/// Containers whose class or id says so.
fn hinted(outline: &Outline<'_>) -> Vec<usize> {
    best(outline, |item| {
        item.is_hint && !item.roles.has(Roles::AROUND)
    })
}

/// `article`, `main` and the like.
fn semantic(outline: &Outline<'_>) -> Vec<usize> {
    best(outline, |item| {
        matches!(item.element.name(), "article" | "main")
            || matches!(item.element.attr("role"), Some("main" | "article"))
    })
}

/// The items that satisfy `is_meant`, those with most prose first.
fn best(outline: &Outline<'_>, is_meant: impl Fn(&Item<'_>) -> bool) -> Vec<usize> {
    let items = outline.items.iter().enumerate();
    let meant = items.filter(|(_, item)| is_meant(item));
    let sizes = meant.map(|(index, item)| (index, outline.sums(&item.blocks).text));
    largest(sizes, MAX_PER_STRATEGY)
}

/// Of indexes with their sizes the `count` largest; what has no size is not among them.
fn largest(sized: impl Iterator<Item = (usize, usize)>, count: usize) -> Vec<usize> {
    let mut found: Vec<(usize, usize)> = sized.filter(|(_, size)| *size > 0).collect();
    found.sort_by_key(|(index, size)| (Reverse(*size), *index));
    found.truncate(count);
    found.into_iter().map(|(index, _)| index).collect()
}

/// Containers whose children are paragraphs: each paragraph scores for its container, half for the
/// one around it, a quarter for the next.
fn scored(outline: &Outline<'_>) -> Vec<usize> {
    let mut scores = vec![0_usize; outline.items.len()];
    for block in &outline.blocks {
        if !block.is_prose() || block.roles.has(Roles::FURNITURE) {
            continue;
        }
        let mut share = block.weight;
        let inner = container(outline, block);
        let around = outline.ancestors(inner.unwrap_or_default(), 2);
        for at in inner.into_iter().chain(around) {
            if let Some(score) = scores.get_mut(at) {
                *score += share;
            }
            share /= 2;
        }
    }
    let scores = scores.into_iter().enumerate();
    largest(scores, MAX_SCORED)
}

/// The element that holds the block's paragraph beside others.
fn container(outline: &Outline<'_>, block: &Block) -> Option<usize> {
    const PARTS: [&str; 13] = [
        "p",
        "li",
        "ul",
        "ol",
        "blockquote",
        "h2",
        "h3",
        "h4",
        "pre",
        "br",
        "td",
        "tr",
        "tbody",
    ];
    let is_container = |at: &usize| {
        let item = outline.items.get(*at);
        item.is_some_and(|item| !PARTS.contains(&item.element.name()))
    };
    let mut around = std::iter::once(block.item).chain(outline.ancestors(block.item, 4));
    around.find(is_container)
}

/// The children of one parent that share a class with the best-known container: a body in pieces.
fn siblings(outline: &Outline<'_>) -> Range<usize> {
    let Some(first) = hinted(outline)
        .first()
        .and_then(|at| outline.items.get(*at))
    else {
        return 0..0;
    };
    let class = first.element.attr("class");
    let pieces = outline
        .items
        .iter()
        .filter(|i| i.parent == first.parent && i.is_hint && i.element.attr("class") == class);
    pieces.fold(first.blocks.clone(), |all, piece| {
        all.start.min(piece.blocks.start)..all.end.max(piece.blocks.end)
    })
}

/// The stretch of blocks with most text and least else: the maximal sum where prose counts for and
/// everything else against it.
fn run(outline: &Outline<'_>) -> Range<usize> {
    let (mut sum, mut start, mut best, mut range) = (0_i64, 0, 0_i64, 0..0);
    for (at, block) in outline.blocks.iter().enumerate() {
        if sum <= 0 {
            (sum, start) = (0, at);
        }
        sum += worth(block);
        if sum > best {
            (best, range) = (sum, start..at + 1);
        }
    }
    range
}

fn worth(block: &Block) -> i64 {
    let weight = i64::try_from(block.weight.min(2_000)).unwrap_or(2_000);
    let is_inserted = block
        .roles
        .has(Roles::AD.with(Roles::CAPTION).with(Roles::CREDIT));
    if is_inserted {
        -10
    } else if block.roles.has(Roles::FURNITURE) || block.is_linked() {
        -(weight.min(300) + 40)
    } else if block.is_prose() {
        weight
    } else {
        -15
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::parse_html;

    const TITLE: &str = "The bridge opens";
    const OWN: &str = "<article><h1>The bridge opens</h1><p>On Monday the first trams crossed the new \
        bridge over the bay, and nobody had to wait for a boat.</p><p>The old one stays open for those \
        who walk, said the harbour board after its meeting on Monday, and the boats will be sold.</p></article>";

    /// The texts of the candidate that keeps most.
    fn widest(page: &str) -> String {
        let html = parse_html(page).unwrap();
        let outline = Outline::of(&html);
        let candidates = all(&outline, TITLE);
        let widest = candidates.iter().max_by_key(|c| c.kept.len()).unwrap();
        let texts = widest.kept.iter().filter_map(|at| outline.blocks.get(*at));
        texts
            .map(|block| block.text.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn articles_beside_the_one_under_the_headline_are_left_out() {
        let other = "<article><h1>Bakers strike</h1><p>No bread was sold on Sunday in the whole town, \
            since the bakers want cheaper flour.</p></article>";
        let text = widest(&format!("<main>{OWN}{other}</main>"));
        assert!(
            text.contains("first trams") && !text.contains("No bread"),
            "{text}"
        );
    }

    #[test]
    fn head_that_calls_itself_an_article_leaves_the_text_in_the_next_one() {
        let head =
            "<article><h1>The bridge opens</h1><p>Nine years they waited for it.</p></article>";
        let body = OWN.replace("<h1>The bridge opens</h1>", "");
        assert!(widest(&format!("<main>{head}{body}</main>")).contains("first trams"));
    }

    #[test]
    fn entries_of_a_list_stay_and_a_teaser_goes() {
        let entry = "<article><h2><a href=/x>An inn</a></h2><p>It has six rooms above the beach, and \
            breakfast is served until noon for whoever sleeps long.</p></article>";
        let intro = "<h1>The bridge opens</h1><p>These are the inns on both sides of it.</p>";
        assert!(widest(&format!("<main>{intro}{entry}{entry}</main>")).contains("six rooms"));
        let text = "<p>On Monday the first trams crossed the new bridge over the bay, and nobody had \
            to wait for a boat.</p><p>The harbour board met on the evening before, for the last time \
            in the old customs house.</p>";
        let page = format!("<main><h1>The bridge opens</h1>{text}{entry}</main>");
        assert!(!widest(&page).contains("six rooms"));
    }

    #[test]
    fn paragraph_that_comes_twice_counts_once() {
        let text = widest(&format!(
            "<main><div>{OWN}</div><div class=phone>{OWN}</div></main>"
        ));
        assert_eq!(text.matches("first trams").count(), 1, "{text}");
    }
}
