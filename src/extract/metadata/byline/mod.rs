//! Where a page shows who wrote: microdata, links to an author's page, elements that call
//! themselves a byline, lines that begin with "By", in the head of the article first and behind
//! its text after that.

mod lines;
mod places;

use std::ops::Range;

use super::Sources;
use super::authors::MAX_AUTHORS;
use super::people::{self, Byline, LABEL, PARTICLES, byline, is_of_others};
use crate::extract::outline::{Block, Item};
use crate::extract::role::Roles;
use crate::extract::text::{clean, folded};
use lines::lines_inside;
pub(super) use places::Places;

/// Longer elements are more than a byline.
const MAX_CHARS: usize = 400;
/// Longer lines that begin with "By" are sentences.
const MAX_LABELLED_CHARS: usize = 100;
/// Longer lines are more than a label.
const MAX_LABEL_CHARS: usize = 16;
/// Elements around a byline in which a frame for a picture is looked for.
const MAX_FRAMES: usize = 8;
/// Blocks between the bylines of one article.
const MAX_APART: usize = 4;

/// A byline as shown and the text it was read from.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    pub(super) byline: Byline,
    pub(super) raw: String,
}

/// Microdata of an author, outside of what surrounds the article and of other articles that the page
/// declares: those without any of the text, where that is known.
pub(super) fn declared(page: &Sources<'_>, text: &Range<usize>) -> Shown {
    let outline = page.outline;
    let around = Roles::AROUND.without(Roles::BIO).without(Roles::FOOTER);
    let mut shown = Shown::default();
    for (index, item) in outline.items.iter().enumerate() {
        let is_meant = matches!(item.element.attr("itemprop"), Some("author" | "creator"));
        // What it calls itself besides tells how it looks (`news-list-author`).
        let is_around = || {
            outline
                .items
                .get(item.parent)
                .is_some_and(|i| i.roles.has(around))
        };
        let is_other =
            || is_around() || is_of_picture(page, index, item) || is_of_teaser(page, index, text);
        if !is_meant || item.element.name() == "meta" || is_other() {
            continue;
        }
        if is_of_others(&lines_inside(item.node)) {
            continue;
        }
        let inner = outline.within(index).iter();
        let name = inner
            .clone()
            .find(|i| i.element.attr("itemprop") == Some("name"));
        let content = name
            .filter(|n| n.element.name() == "meta")
            .and_then(|n| n.element.attr("content"));
        let text = match content {
            Some(content) => clean(content),
            None => lines_inside(name.unwrap_or(item).node),
        };
        shown.add(&text, byline(&text));
    }
    shown
}

/// The byline in one of the places.
pub(super) fn shown(page: &Sources<'_>, blocks: &Range<usize>, around: Roles) -> Shown {
    let items: Vec<(usize, &Item<'_>)> = page
        .outline
        .items
        .iter()
        .enumerate()
        .filter(|(index, item)| {
            blocks.contains(&item.blocks.start)
                && !item.roles.has(around)
                && !is_of_picture(page, *index, item)
        })
        .collect();
    let linked = links(&items, is_rel_author);
    if !linked.byline.people.is_empty() {
        return linked;
    }
    let marked = marked(page, &items);
    if !marked.byline.people.is_empty() {
        return marked;
    }
    let labelled = labelled(page, blocks, around);
    if !labelled.byline.people.is_empty() {
        return labelled;
    }
    let mut profiles = links(&items, is_profile);
    profiles.byline.handle = None;
    if !profiles.byline.people.is_empty() {
        return profiles;
    }
    [linked, marked, labelled, profiles]
        .into_iter()
        .find(|shown| !shown.byline.is_empty())
        .unwrap_or_default()
}

/// Who all links to an author's page name that the page has outside of what surrounds articles: one
/// person alone, or nobody.
pub(super) fn unanimous(page: &Sources<'_>, around: Roles) -> Shown {
    let mut shown = Shown::default();
    let meant = page
        .outline
        .items
        .iter()
        .enumerate()
        .filter(|(index, item)| {
            is_rel_author(item) && !item.roles.has(around) && !is_of_picture(page, *index, item)
        });
    for (_, item) in meant.take(MAX_AUTHORS) {
        let text = lines_inside(item.node);
        if text.chars().count() <= MAX_CHARS {
            shown.add(&text, byline(&text));
        }
    }
    let is_one = shown.byline.people.len() == 1 && shown.byline.desk.is_none();
    if is_one { shown } else { Shown::default() }
}

/// Whether an element stands in an article that holds nothing of the text.
fn is_of_teaser(page: &Sources<'_>, index: usize, text: &Range<usize>) -> bool {
    let items = &page.outline.items;
    let is_article = |item: &&Item<'_>| {
        let kind = item.element.attr("itemtype").unwrap_or_default();
        kind.ends_with("Article") || kind.ends_with("Posting")
    };
    let mut around = page
        .outline
        .ancestors(index, MAX_FRAMES)
        .filter_map(|at| items.get(at));
    around.find(is_article).is_some_and(|article| {
        let blocks = &article.blocks;
        !text.is_empty() && (blocks.end <= text.start || text.end <= blocks.start)
    })
}

/// Whether an element tells who took a picture: pictures are signed, too. A line that is a caption
/// only by standing beside a picture is none where it calls itself a byline: the picture is the
/// author's.
fn is_of_picture(page: &Sources<'_>, index: usize, item: &Item<'_>) -> bool {
    if item.roles.has(Roles::CREDIT) {
        return true;
    }
    let is_framed = |at: usize| {
        let frame = page.outline.items.get(at);
        frame.is_some_and(|frame| frame.own.has(Roles::CAPTION.with(Roles::PICTURE)))
    };
    item.roles.has(Roles::CAPTION)
        && (!item.roles.has(Roles::BYLINE.with(Roles::BIO))
            || is_framed(index)
            || page.outline.ancestors(index, MAX_FRAMES).any(is_framed))
}

impl Shown {
    fn add(&mut self, raw: &str, mut byline: Byline) {
        // A single Latin word in such a place is a label more often than a name.
        let (people, single): (Vec<String>, Vec<String>) = byline
            .people
            .into_iter()
            .partition(|name| name.contains(' ') || !name.is_ascii());
        byline.people = people;
        byline.handle = byline.handle.or_else(|| single.into_iter().next());
        let is_name = |name: &String| !name.contains(' ') && name.chars().any(char::is_lowercase);
        byline.handle = byline.handle.filter(is_name);
        if byline.is_empty() {
            return;
        }
        if !self.raw.is_empty() {
            self.raw.push_str(" | ");
        }
        self.raw.push_str(&clean(raw));
        self.byline.join(byline);
    }
}

fn links(items: &[(usize, &Item<'_>)], is_meant: impl Fn(&Item<'_>) -> bool) -> Shown {
    let mut shown = Shown::default();
    let mut last = None;
    let meant = items.iter().filter(|(_, item)| is_meant(item));
    for (_, item) in meant.take(MAX_AUTHORS) {
        let text = lines_inside(item.node);
        let at = item.blocks.start;
        // Those of one article stand together; others are those of its teasers.
        let is_near = last.is_none_or(|last| at <= last + MAX_APART);
        if text.chars().count() <= MAX_CHARS && is_near {
            shown.add(&text, byline(&text));
            last = (!shown.byline.is_empty()).then_some(at);
        }
    }
    shown
}

/// Elements that call themselves a byline: the first that names somebody, and those like it.
fn marked(page: &Sources<'_>, items: &[(usize, &Item<'_>)]) -> Shown {
    let mut shown = Shown::default();
    let mut like: Option<(&str, Option<&str>, usize)> = None;
    let mut end = 0;
    for (index, item) in items {
        if *index < end || !item.own.has(Roles::BYLINE) {
            continue;
        }
        let form = (item.element.name(), item.element.attr("class"));
        let is_other = like.is_some_and(|(name, class, at)| {
            form != (name, class) || item.blocks.start > at + MAX_APART
        });
        if is_other {
            continue;
        }
        let text = lines_inside(item.node);
        if text.chars().count() > MAX_CHARS {
            continue; // its parts may still be one
        }
        let mut read = byline(&text);
        let inner: Vec<(usize, &Item<'_>)> =
            page.outline.within(*index).iter().map(|i| (0, i)).collect();
        if !is_of_others(&text) {
            read.join(links(&inner, |i| is_profile(i) || is_rel_author(i)).byline);
        }
        let is_named = !read.people.is_empty();
        shown.add(&text, read);
        if is_named {
            end = item.end;
            like = Some((form.0, form.1, item.blocks.start));
        }
    }
    shown
}

fn is_rel_author(item: &Item<'_>) -> bool {
    let rel = item.element.attr("rel").unwrap_or_default();
    rel.split_ascii_whitespace().any(|word| word == "author")
}

/// Whether a link leads to the page of a person who writes.
fn is_profile(item: &Item<'_>) -> bool {
    const FOLDERS: [&str; 18] = [
        "author",
        "authors",
        "autor",
        "autoren",
        "autores",
        "auteur",
        "auteurs",
        "autore",
        "autori",
        "staff",
        "newsteam",
        "reporter",
        "reporters",
        "journalist",
        "journalists",
        "contributors",
        "editors",
        "profile",
    ];
    let href = item.element.attr("href").unwrap_or_default();
    let (path, query) = href.split_once('?').unwrap_or((href, ""));
    // Where addresses have no words, authors have numbers; a name is searched for.
    let number = query.strip_prefix("author=").unwrap_or_default();
    let is_folder = |part: &str| FOLDERS.contains(&part.to_ascii_lowercase().as_str());
    // `/author-clara-birch-12.html`
    let is_own_page = |part: &str| {
        let named = ["author-", "autor-", "auteur-"].iter();
        named.into_iter().any(|folder| part.starts_with(folder))
    };
    item.element.name() == "a"
        && href.len() < 500
        && (path
            .split('/')
            .any(|part| is_folder(part) || is_own_page(part))
            || number.starts_with(|c: char| c.is_ascii_digit()))
}

/// The nearest line before the text that begins with "By", or those after a lone "By".
fn labelled(page: &Sources<'_>, blocks: &Range<usize>, around: Roles) -> Shown {
    let end = blocks.end.min(page.outline.blocks.len());
    let lines = page.outline.blocks_of(&(blocks.start.min(end)..end));
    for (at, line) in lines.iter().enumerate() {
        let text = line.text.as_str();
        if line.roles.has(around) || text.chars().count() > MAX_LABELLED_CHARS {
            continue;
        }
        let mut shown = Shown::default();
        if is_lone_label(text) {
            shown = listed(lines.get(at + 1..).unwrap_or_default());
        } else if LABEL.is_match(text) {
            let read = byline(text);
            if read.people.iter().any(|name| is_full(name)) {
                shown.add(text, read);
            }
        } else if let Some(rest) = people::behind_date(text).filter(|_| !line.is_linked()) {
            let read = byline(rest);
            if is_only_names(rest, &read) && !is_topic(page, &read) {
                shown.add(text, read);
            }
        }
        if !shown.byline.people.is_empty() {
            return shown;
        }
    }
    Shown::default()
}

/// The names on the lines under a label: one, and further ones that are nothing but a name. A list
/// of linked names looks like a list of links.
fn listed(lines: &[Block]) -> Shown {
    let mut shown = Shown::default();
    for line in lines.iter().take(MAX_AUTHORS) {
        let read = byline(&line.text);
        let is_more = shown.byline.is_empty() || is_bare(&line.text, &read);
        let is_short = line.text.chars().count() <= MAX_LABELLED_CHARS;
        if !is_short || !is_more || !read.people.iter().any(|name| is_full(name)) {
            break;
        }
        shown.add(&line.text, read);
    }
    shown
}

/// Whether a line is nothing but full names.
pub(super) fn is_only_names(line: &str, read: &Byline) -> bool {
    !read.people.is_empty() && read.people.iter().all(|name| is_full(name)) && is_bare(line, read)
}

/// Whether the page files itself under what reads like a name: dates stand beside rubrics, too.
pub(super) fn is_topic(page: &Sources<'_>, read: &Byline) -> bool {
    let metas = [
        "article:section",
        "section",
        "keywords",
        "news_keywords",
        "article:tag",
    ];
    let topics = metas.iter().flat_map(|name| page.head.metas_of(name));
    let topics: Vec<String> = topics.map(folded).collect();
    let is_filed = |name: &String| {
        let own = folded(name);
        topics.iter().any(|topic| topic.contains(&own))
    };
    read.people.iter().any(is_filed)
}

/// Whether a line has nothing but the names read from it.
fn is_bare(line: &str, read: &Byline) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let names: usize = read.people.iter().map(|name| letters(name)).sum();
    names == letters(line)
}

fn is_lone_label(line: &str) -> bool {
    line.chars().count() <= MAX_LABEL_CHARS && people::is_lone_label(line)
}

/// Two words or more, each of them written like a name.
fn is_full(name: &str) -> bool {
    let is_named = |word: &str| {
        let is_upper = word.chars().next().is_some_and(|c| !c.is_lowercase());
        is_upper || PARTICLES.contains(&word)
    };
    let words = name.split_whitespace().count();
    (words >= 2 || !name.is_ascii()) && name.split_whitespace().all(is_named)
}
