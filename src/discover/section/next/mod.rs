//! The next page of a section page: what says so itself, else the number after the page's own in a
//! bar of page numbers. Never another host, never the page itself.

mod step;

use ego_tree::NodeRef;
use scraper::node::Element;
use scraper::{Html, Node};
use url::Url;

use super::{MAX_LINKS, anchor, hints};
use crate::discover::judge;
use crate::domain::{CanonicalUrl, Identity};
use step::{Unit, page_number, step};

/// How far above a link the element of its page bar may stand.
const MAX_STEPS: usize = 4;
/// Longer anchors are headlines, whatever numbers they hold.
const MAX_LABEL_CHARS: usize = 24;

/// The words of links to the next page, without signs, in lower case.
const WORDS: &[&str] = &[
    "next",
    "next page",
    "older",
    "older posts",
    "older entries",
    "older stories",
    "more",
    "다음",
    "다음 페이지",
    "다음페이지",
    "다음 목록",
    "더보기",
    "次",
    "次へ",
    "次のページ",
    "次ページ",
    "下一页",
    "下一頁",
    "下页",
    "下頁",
    "weiter",
    "nächste",
    "nächste seite",
    "ältere beiträge",
    "suivant",
    "suivante",
    "page suivante",
    "articles plus anciens",
    "siguiente",
    "página siguiente",
    "próxima",
    "próximo",
    "seguinte",
    "successiva",
    "avanti",
    "volgende",
    "nästa",
    "neste",
    "næste",
    "seuraava",
    "dalej",
    "następna",
    "další",
    "далее",
    "следующая",
    "вперед",
    "التالي",
    "sonraki",
    "berikutnya",
    "tiếp",
];

/// How surely a link leads to the next page; the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Evidence {
    /// `rel=next`.
    Said,
    /// The address numbers pages, and the words agree.
    AddressAndWords,
    /// The address numbers pages.
    Address,
    /// The address has a number one higher, and the words agree.
    NumberAndWords,
    /// The words are the number one higher, in a page bar.
    Bar,
}

/// The next page of the section page at `own`, whose links stand under `base`.
pub(super) fn next_page(html: &Html, own: &Url, base: &Url) -> Option<CanonicalUrl> {
    let own = CanonicalUrl::from_url(own.clone(), Identity::AllButTracking).ok()?;
    let links = html.tree.root().descendants().filter_map(|node| {
        let element = node.value().as_element()?;
        let target = match element.name() {
            "link" => element.attr("href").filter(|_| says_next(element))?,
            _ => hints::target(element)?,
        };
        Some((node, element, target))
    });
    let ranked = links.take(MAX_LINKS).filter_map(|(node, element, target)| {
        let to = CanonicalUrl::join(base, target, Identity::AllButTracking).ok()?;
        let is_elsewhere = to.fingerprint() != own.fingerprint();
        let to = Some(to).filter(|to| to.origin() == own.origin() && is_elsewhere)?;
        Some((rank(node, element, own.as_url(), &to)?, to))
    });
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, to)| to)
}

/// The order in which links are taken: by evidence, then the nearest entry, then the plainest
/// address.
type Rank = (Evidence, u64, usize);

fn rank(node: NodeRef<'_, Node>, element: &Element, own: &Url, to: &CanonicalUrl) -> Option<Rank> {
    if judge::is_never(to) {
        return None;
    }
    let step = step(own, to.as_url());
    if says_next(element) {
        let leads_on =
            step.is_some() || !judge::is_dated(to) && judge::score(to, "") < judge::ARTICLE;
        return leads_on.then_some((Evidence::Said, 0, 0));
    }
    let label = label(node, element);
    let Some(step) = step else {
        let next = page_number(own).unwrap_or(1) + 1;
        let is_numbered =
            page_number(to.as_url()) == Some(next) && label_number(&label) == Some(next);
        return (is_numbered && is_in_bar(node)).then_some((Evidence::Bar, 0, 0));
    };
    let agrees = match (step.unit, label_number(&label)) {
        (Unit::Pages, Some(number)) => number == step.number,
        (Unit::PagesFromZero, Some(number)) => number == step.number + 1,
        (Unit::Entries, Some(_)) => true,
        (_, None) => is_next_word(&label),
    };
    let evidence = match (step.is_named, agrees) {
        (true, true) => Evidence::AddressAndWords,
        // The first page of all is often linked by its number.
        (true, false) if step.unit != Unit::PagesFromZero => Evidence::Address,
        (false, true) => Evidence::NumberAndWords,
        (_, false) => return None,
    };
    let distance = if step.unit == Unit::Entries {
        step.number
    } else {
        0
    };
    Some((evidence, distance, step.extras))
}

fn says_next(element: &Element) -> bool {
    let words = element.attr("rel").unwrap_or_default().split_whitespace();
    words
        .into_iter()
        .any(|word| word.eq_ignore_ascii_case("next"))
}

/// The words of a link, or those that stand for a sign.
fn label(node: NodeRef<'_, Node>, element: &Element) -> String {
    let words = anchor(node);
    let has_words = words.chars().any(char::is_alphanumeric);
    let spoken = ["aria-label", "title"]
        .iter()
        .find_map(|name| element.attr(name));
    match spoken {
        Some(spoken) if !has_words => spoken.to_owned(),
        _ => words,
    }
}

/// The number of a short label: `2`, `[2]`, `2페이지`.
fn label_number(label: &str) -> Option<u64> {
    if label.chars().take(MAX_LABEL_CHARS + 1).count() > MAX_LABEL_CHARS {
        return None;
    }
    let mut numbers = label
        .split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty());
    let number = numbers.next()?.parse().ok()?;
    numbers.next().is_none().then_some(number)
}

fn is_next_word(label: &str) -> bool {
    let is_sign = |c: char| !c.is_alphanumeric();
    let word = label.trim_matches(is_sign).to_lowercase();
    let is_arrow = matches!(label.trim(), ">" | "›" | "→" | "▶" | "»" | ">>");
    is_arrow || WORDS.contains(&word.as_str())
}

/// Whether a link stands in an element that is called a page bar.
fn is_in_bar(node: NodeRef<'_, Node>) -> bool {
    let elements = node
        .ancestors()
        .take(MAX_STEPS)
        .filter_map(|node| node.value().as_element());
    let mut names = elements.flat_map(|e| [e.attr("class"), e.attr("id")].into_iter().flatten());
    names.any(|name| {
        let name = name.to_ascii_lowercase();
        name.contains("paging") || name.contains("pagin") || name.contains("pager")
    })
}

#[cfg(test)]
mod tests;
