//! The headline that a reader sees above the article, without the site's name.

use super::Sources;
use super::field::Field;
use super::headline::headings;
use crate::domain::Trust;
use crate::extract::FEED;
use crate::extract::role::Roles;
use crate::extract::text::{clean, folded, head};
use crate::markup::json_ld;

/// What may stand between a headline and the site's name.
const SEPARATORS: &[&str] = &[
    " - ", " | ", " – ", " — ", " :: ", " : ", " · ", " • ", " « ", " » ", " < ", " > ", " / ",
    "|", "ㅣ", "::", "｜", " ― ", " -- ", "－", "-", "–", "—",
];
/// Longer headlines are paragraphs.
const MAX_CHARS: usize = 400;
/// As many as Open Graph has: it is more than the `title` of a page, which may be the site's.
const FEED_VOTES: u32 = 3;

/// A title that one source states, cleaned.
struct Stated {
    text: String,
    strategy: &'static str,
    raw: String,
    votes: u32,
}

/// A title with where it is from: source, votes and text.
type Claim = (&'static str, u32, String);

/// Chooses the title on which most sources agree, and says whether that of a feed decided between
/// those that the page states.
pub(super) fn title(page: &Sources<'_>) -> Option<(Field<String>, bool)> {
    let mut stated = stated(page);
    let sites = sites(page);
    let own = choose(&stated, &sites);
    let told = page.hint.and_then(|hint| hint.title.as_deref()).map(clean);
    let Some(told) = told.filter(|told| is_title(told)) else {
        return Some((own?, false));
    };
    stated.push((FEED, FEED_VOTES, told));
    let best = choose(&stated, &sites)?;
    let is_decided = own.is_some_and(|own| own.value != best.value) && !best.is_by(FEED);
    Some((best, is_decided))
}

fn choose(stated: &[Claim], sites: &[String]) -> Option<Field<String>> {
    let mut options: Vec<Stated> = Vec::new();
    for (strategy, votes, raw) in stated {
        let others: Vec<String> = stated
            .iter()
            .filter(|(s, _, _)| s != strategy)
            .map(|(_, _, t)| folded(t))
            .collect();
        let text = without_site(raw, sites, &others);
        if !text.is_empty() && !sites.contains(&folded(&text)) {
            options.push(Stated {
                text,
                strategy,
                raw: raw.clone(),
                votes: *votes,
            });
        }
    }
    let judged = options
        .iter()
        .map(|option| (support(option, &options), option));
    let (_, best) =
        judged.max_by_key(|(votes, option)| (*votes, std::cmp::Reverse(rank(option.strategy))))?;
    let best = sharpest(best, &options);
    let agreeing = options
        .iter()
        .filter(|o| folded(&o.text) == folded(&best.text))
        .count();
    let trust = if agreeing > 1 {
        Trust::High
    } else {
        Trust::Medium
    };
    Some(Field::new(
        best.text.clone(),
        best.strategy,
        &best.raw,
        trust,
    ))
}

/// The same headline with its punctuation and spaces, where the one that readers see leaves them to
/// style.
fn sharpest<'a>(best: &'a Stated, all: &'a [Stated]) -> &'a Stated {
    let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let words = |text: &str| {
        let words = text.split_whitespace();
        words
            .filter(|w| w.contains(|c: char| c.is_alphanumeric()))
            .count()
    };
    let is_sharper = |other: &&Stated| {
        let is_spaced = best.text.contains(" : ") && !other.text.contains(" : ");
        let is_same = folded(&other.text) == folded(&best.text);
        let is_whole = other.text.matches(':').count() > best.text.matches(':').count();
        // Elements side by side in a headline are set apart by style.
        let is_split = best.strategy == "markup" && words(&other.text) > words(&best.text);
        is_same
            && (is_whole || is_spaced || is_split)
            && visible(&other.text) >= visible(&best.text)
    };
    all.iter().find(is_sharper).unwrap_or(best)
}

/// Votes of all that say the same, and half the votes of those that contain it.
fn support(option: &Stated, all: &[Stated]) -> u32 {
    let own = folded(&option.text);
    all.iter()
        .map(|other| {
            let theirs = folded(&other.text);
            if theirs == own {
                other.votes * 2
            } else if own.chars().count() >= 8 && contains(other, &theirs, &own) {
                other.votes
            } else {
                0
            }
        })
        .sum()
}

/// Whether what another says has the whole of an option. A headline that readers see and that goes on
/// behind it is no support for the shorter form that is made for search engines.
fn contains(other: &Stated, theirs: &str, own: &str) -> bool {
    theirs.contains(own) && !(other.strategy == "markup" && theirs.starts_with(own))
}

/// Among equals the form that readers see wins.
fn rank(strategy: &str) -> u8 {
    match strategy {
        "markup" => 0,
        "json_ld" => 1,
        "open_graph" => 2,
        "meta" => 3,
        FEED => 5,
        _ => 4,
    }
}

fn stated(page: &Sources<'_>) -> Vec<Claim> {
    let mut found = Vec::new();
    let headings = headings(page);
    // One headline on the page outweighs all that the page tells search engines and networks.
    let votes = if headings.len() == 1 { 9 } else { 3 };
    for text in headings.into_iter().take(3) {
        found.push(("markup", votes, text));
    }
    if let Some(text) = page
        .article
        .and_then(|node| json_ld::text(node, "headline").or_else(|| json_ld::text(node, "name")))
    {
        found.push(("json_ld", 3, clean(&text)));
    }
    for (strategy, votes, names) in [
        ("open_graph", 3, &["og:title"][..]),
        (
            "meta",
            u32::from(found.is_empty()),
            &[
                "twitter:title",
                "dc.title",
                "dcterms.title",
                "title",
                "headline",
            ][..],
        ),
    ] {
        if let Some(text) = page.head.meta_of(names) {
            found.push((strategy, votes, text.to_owned()));
        }
    }
    if let Some(text) = &page.head.title {
        found.push(("title", 2, text.clone()));
    }
    found.retain(|(_, _, text)| is_title(text));
    found
}

fn is_title(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= MAX_CHARS
}

/// The site's names, folded.
pub(super) fn sites(page: &Sources<'_>) -> Vec<String> {
    let mut names: Vec<String> = page.site_names().iter().map(|n| folded(n)).collect();
    if let Some(domain) = page.url.and_then(|url| url.host_str()) {
        let domain = crate::domain::registrable_domain(domain);
        names.push(folded(domain));
        names.extend(domain.split('.').next().map(folded));
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Takes the site's name off either end: a part between separators that is the site's name, or
/// that no other source has.
fn without_site(text: &str, sites: &[String], others: &[String]) -> String {
    let mut text = text.to_owned();
    for _ in 0..3 {
        let Some(shorter) = cut_once(&text, sites, others) else {
            break;
        };
        text = shorter;
    }
    text
}

fn cut_once(text: &str, sites: &[String], others: &[String]) -> Option<String> {
    let cuts = SEPARATORS.iter().flat_map(|separator| {
        let behind = text.rsplit_once(separator);
        let front = text.split_once(separator).map(|(part, rest)| (rest, part));
        [(behind, false), (front, true)]
            .into_iter()
            .filter_map(move |(cut, is_front)| {
                let (rest, part) = cut?;
                Some(Cut {
                    rest: rest.trim(),
                    part: part.trim(),
                    separator,
                    is_front,
                })
            })
    });
    let mut cuts: Vec<Cut<'_>> = cuts.collect();
    // The outermost part first: a longer one has it and more of the headline.
    cuts.sort_by_key(|cut| cut.part.len());
    let found = cuts.iter().find(|cut| cut.is_meant(text, sites, others))?;
    Some(found.rest.to_owned())
}

/// A title in two at a separator.
struct Cut<'t> {
    rest: &'t str,
    part: &'t str,
    separator: &'static str,
    is_front: bool,
}

impl Cut<'_> {
    /// Whether the part is no part of the headline.
    fn is_meant(&self, text: &str, sites: &[String], others: &[String]) -> bool {
        // With nothing to compare, a short last part is the site's name; a first one may be a
        // kicker.
        let is_set_apart =
            self.separator.starts_with(' ') && !self.is_front || self.separator == " :: ";
        let is_likely = others.is_empty() && is_set_apart && is_shorter(self.part, self.rest);
        // A bare hyphen also joins words.
        let is_bare = matches!(self.separator, "-" | "–" | "—" | "－");
        let is_site = if is_bare {
            !self.is_front && sites.contains(&folded(self.part))
        } else {
            is_likely || is_named(self.part, sites)
        };
        self.rest.chars().count() >= 4 && (is_site || self.is_told(text, others))
    }

    /// Whether other sources have the rest alone. One that does is no proof that a part in front is
    /// a kicker where more have it too.
    fn is_told(&self, text: &str, others: &[String]) -> bool {
        let (rest, whole) = (folded(self.rest), folded(text));
        let without = others.iter().filter(|other| **other == rest).count();
        let with = others.iter().filter(|other| other.starts_with(&whole));
        without > 0 && (!self.is_front || without >= with.count())
    }
}

/// Whether a part is a name of the site, much of one, or one with a little more (`Ledger News`).
pub(super) fn is_named(part: &str, sites: &[String]) -> bool {
    let own = folded(part);
    let long = |name: &str| name.chars().count() >= 4;
    sites.iter().any(|site| {
        let is_much = long(&own) && site.contains(&own) && own.len() * 2 >= site.len();
        let is_more = long(site)
            && own.contains(site.as_str())
            && own.chars().count() <= site.chars().count() + 14;
        !own.is_empty() && (*site == own || is_much || is_more)
    })
}

fn is_shorter(part: &str, rest: &str) -> bool {
    let (part, rest) = (part.chars().count(), rest.chars().count());
    part <= 28 && part * 2 < rest + 8
}

/// The line under the headline.
pub(super) fn subtitle(page: &Sources<'_>, title: &str) -> Option<Field<String>> {
    let stated = page
        .article
        .and_then(|node| json_ld::text(node, "alternativeHeadline"))
        .map(|t| ("json_ld", clean(&t)));
    let shown = || {
        let outline = page.outline;
        let item = outline.items.iter().find(|item| {
            item.own.has(Roles::STANDFIRST)
                && !item.roles.has(Roles::AROUND)
                && !item.blocks.is_empty()
                && item.blocks.len() <= 3
        })?;
        let text = head(&outline.text_of(item), 1_000);
        Some(("markup", text.trim_end().to_owned()))
    };
    let (strategy, text) = stated.or_else(shown)?;
    let is_new = !text.is_empty() && folded(&text) != folded(title);
    is_new.then(|| Field::new(text.clone(), strategy, &text, Trust::Medium))
}
