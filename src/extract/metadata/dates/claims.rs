//! Everything on a page that says when the article was published or changed.

use super::Dated;
use super::agree::believe_earlier;
use super::names::{ATTRIBUTES, LOOSE, MODIFIED, PUBLISHED};
use super::path::{of_feed, of_path};
use super::place::Place;
use crate::domain::{Precision, Stamp, Trust};
use crate::extract::FEED;
use crate::extract::body::Found;
use crate::extract::metadata::Sources;
use crate::extract::metadata::field::Field;
use crate::extract::outline::{Block, Item};
use crate::extract::role::Roles;
use crate::markup::date::{self, Label, Reading};
use crate::markup::json_ld::{self, Node};

/// Longer blocks are sentences that mention dates.
const MAX_LINE: usize = 160;
/// A line of the text itself that dates the article is shorter.
const MAX_INNER_LINE: usize = 60;
/// Words before a date in a line that is no byline.
const MAX_LEAD: usize = 40;
/// `time` elements that are looked at.
const MAX_TIMES: usize = 12;

/// What kind of source a claim comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Structured data.
    JsonLd,
    /// A `meta` that names the publication.
    Meta,
    /// A `meta` that may mean something else.
    Loose,
    /// An `itemprop`.
    Microdata,
    /// Shown near the headline or body, and called the publication.
    Labelled,
    /// Shown near the headline.
    Shown,
    /// Shown near the headline in an element made for it, and earlier than structured data says.
    First,
    /// An address of the form `/2024/03/05/`.
    Permalink,
    /// Any other date in the address.
    Path,
    /// Shown farther away.
    Far,
    /// What a feed or sitemap says.
    Feed,
}

impl Kind {
    pub(super) const FAMILIES: usize = 7;

    /// Sources that copy from each other count as one.
    pub(super) fn family(self) -> usize {
        match self {
            Self::JsonLd => 0,
            Self::Meta | Self::Loose => 1,
            Self::Microdata => 2,
            Self::Labelled | Self::Shown | Self::First => 3,
            Self::Permalink | Self::Path => 4,
            Self::Far => 5,
            Self::Feed => 6,
        }
    }

    pub(super) fn is_structured(self) -> bool {
        matches!(self, Self::JsonLd | Self::Meta | Self::Microdata)
    }

    pub(super) fn is_visible(self) -> bool {
        matches!(self, Self::Labelled | Self::Shown | Self::First)
    }
}

/// One statement about the date.
pub(super) struct Claim {
    pub(super) field: Dated,
    pub(super) kind: Kind,
    /// The other reading of an ambiguous one.
    pub(super) twin: Option<Stamp>,
}

impl Claim {
    pub(super) fn new(reading: &Reading, kind: Kind, raw: &str) -> Self {
        let (strategy, trust) = match kind {
            Kind::JsonLd => ("json_ld", Trust::High),
            Kind::Meta => ("meta", Trust::High),
            Kind::Loose => ("meta", Trust::Medium),
            Kind::Microdata => ("markup", Trust::High),
            Kind::Labelled | Kind::First => ("text", Trust::Medium),
            Kind::Shown | Kind::Far => ("text", Trust::Low),
            Kind::Permalink | Kind::Path => ("url", Trust::Low),
            Kind::Feed => (FEED, Trust::Medium),
        };
        Self {
            field: Field::new(reading.stamp.clone(), strategy, raw, trust),
            kind,
            twin: reading.twin.clone(),
        }
    }

    /// How much the claim counts. A machine's date without a time is often a print edition's or a
    /// form's; a reader's date with one is exact.
    pub(super) fn weight(&self) -> u32 {
        let is_day = self.field.value.precision <= Precision::Day;
        match self.kind {
            Kind::JsonLd | Kind::Meta | Kind::Microdata if is_day => 3,
            Kind::JsonLd | Kind::Meta | Kind::Microdata | Kind::Labelled => 4,
            Kind::Shown if is_day => 3,
            Kind::Shown => 4,
            // Made once, at the first publication, while a system renews its stamps.
            Kind::Permalink | Kind::First => 13,
            Kind::Path if self.field.value.precision == Precision::Month => 1,
            Kind::Path => 3,
            Kind::Loose => 2,
            Kind::Far => 1,
            // It is made by machines, which renew it: it gives what the page lacks, and decides nothing.
            Kind::Feed => 0,
        }
    }
}

/// What a page says, in the order of trust.
#[derive(Default)]
pub(super) struct Claims {
    pub(super) published: Vec<Claim>,
    pub(super) modified: Vec<Claim>,
}

/// Gathers what a page says.
pub(super) fn all(page: &Sources<'_>, found: &Found, title: &str) -> Claims {
    let place = Place::of(page, found, title);
    let mut claims = Claims {
        published: structured(page, "datePublished", PUBLISHED),
        modified: structured(page, "dateModified", MODIFIED),
    };
    claims.times(page, &place);
    believe_earlier(&mut claims.published);
    claims.lines(page, &place);
    claims.published.extend(metas(page, LOOSE, Kind::Loose));
    claims.published.extend(of_title(page));
    claims.published.extend(of_path(page));
    if claims.published.is_empty() {
        claims.inner_lines(page, &place);
    }
    if claims.published.is_empty() && page.article.is_none() {
        let uploaded = page
            .nodes
            .iter()
            .find_map(|node| of_node(page, node, "uploadDate"));
        claims.published.extend(uploaded);
    }
    claims.published.extend(of_feed(page));
    // sorting keeps the order of the page among claims of one weight
    claims.published.sort_by_key(|claim| rank(claim.kind));
    claims
}

fn rank(kind: Kind) -> usize {
    match kind {
        Kind::JsonLd => 0,
        Kind::Meta => 1,
        Kind::Microdata => 2,
        Kind::Labelled | Kind::First => 3,
        Kind::Shown => 4,
        Kind::Loose => 5,
        Kind::Permalink | Kind::Path => 6,
        Kind::Far => 7,
        Kind::Feed => 8,
    }
}

/// What counts from now isn't believed: nobody knows when the copy of the page was made.
pub(super) fn read(page: &Sources<'_>, text: &str) -> Option<Reading> {
    date::read(text, &page.dates).filter(|reading| !reading.is_relative())
}

/// Structured data, then `meta`, then microdata.
fn structured(page: &Sources<'_>, property: &str, names: &[&str]) -> Vec<Claim> {
    let pages = page.nodes.iter().filter(|node| {
        let kinds = ["WebPage", "NewsArticle", "BlogPosting", "Article"];
        kinds.iter().any(|kind| json_ld::is_a(node, kind))
    });
    let mut nodes = page.article.into_iter().chain(pages);
    let mut claims: Vec<Claim> = Vec::new();
    claims.extend(nodes.find_map(|node| of_node(page, node, property)));
    claims.extend(metas(page, names, Kind::Meta));
    let items = page.outline.items.iter().filter(|item| {
        let props = item.element.attr("itemprop").unwrap_or_default();
        props.split_ascii_whitespace().any(|p| p == property)
    });
    let stated = items.filter_map(|item| {
        let raw = ["content", "datetime", "value"]
            .iter()
            .find_map(|name| item.element.attr(name))
            .map_or_else(|| page.text_inside(item), str::to_owned);
        Some(Claim::new(&read(page, &raw)?, Kind::Microdata, &raw))
    });
    claims.extend(stated.take(1));
    claims
}

fn of_node(page: &Sources<'_>, node: &Node, property: &str) -> Option<Claim> {
    let raw = json_ld::text(node, property)?;
    Some(Claim::new(&read(page, &raw)?, Kind::JsonLd, &raw))
}

fn metas(page: &Sources<'_>, names: &[&str], kind: Kind) -> Vec<Claim> {
    let values = names.iter().flat_map(|name| page.head.metas_of(name));
    values
        .filter_map(|raw| Some(Claim::new(&read(page, raw)?, kind, raw)))
        .collect()
}

impl Claims {
    /// `time` elements and elements with a date in an attribute.
    fn times(&mut self, page: &Sources<'_>, place: &Place) {
        let mut count = 0;
        for item in &page.outline.items {
            let at = item.blocks.start;
            if at >= place.tail.end || count >= MAX_TIMES {
                return;
            }
            if !place.may_date(at, item.roles) {
                continue;
            }
            let Some((raw, reading)) = of_element(page, item) else {
                continue;
            };
            count += 1;
            let label = label_of_class(item).or_else(|| label_in_line(page, at, &reading));
            let is_near = place.head.contains(&at);
            let mut claim = shown(label, &reading, &raw, is_near);
            claim.field = claim.field.by("markup");
            self.add(label, claim);
        }
    }

    /// Dates in the lines around the body, with what they are called.
    fn lines(&mut self, page: &Sources<'_>, place: &Place) {
        for at in place.head.clone().chain(place.tail.clone()) {
            let Some(block) = page.outline.blocks.get(at) else {
                continue;
            };
            let is_line =
                place.may_date(at, block.roles) && !is_caption(block) && has_date(&block.text);
            let Some(line) = line(&block.text).filter(|_| is_line) else {
                continue;
            };
            for (label, reading) in date::labelled(line, &page.dates) {
                let is_near = place.head.contains(&at) && leads(line, block.roles);
                let is_believed = label.is_some() || !is_styled(block);
                if is_believed && !reading.is_relative() {
                    self.add(label, shown(label, &reading, line, is_near));
                }
            }
        }
    }

    /// Lines inside the text that say when it was published, where nothing else does.
    fn inner_lines(&mut self, page: &Sources<'_>, place: &Place) {
        for at in place.body.clone() {
            let Some(block) = page.outline.blocks.get(at) else {
                return;
            };
            let is_line = block.text.chars().count() <= MAX_INNER_LINE && has_date(&block.text);
            if !is_line || !place.may_date(at, block.roles) {
                continue;
            }
            for (label, reading) in date::labelled(&block.text, &page.dates) {
                if label == Some(Label::Published) && !reading.is_relative() {
                    self.add(label, shown(label, &reading, &block.text, true));
                    return;
                }
            }
        }
    }

    fn add(&mut self, label: Option<Label>, claim: Claim) {
        match label {
            Some(Label::Modified) => self.modified.push(claim),
            Some(Label::Published) | None => self.published.push(claim),
        }
    }
}

/// The claim of a date that readers see.
fn shown(label: Option<Label>, reading: &Reading, raw: &str, is_near: bool) -> Claim {
    let kind = match label {
        Some(_) => Kind::Labelled,
        None if is_near => Kind::Shown,
        None => Kind::Far,
    };
    Claim::new(reading, kind, raw)
}

/// The date of an element that is made to hold one.
fn of_element(page: &Sources<'_>, item: &Item<'_>) -> Option<(String, Reading)> {
    let is_time = item.element.name() == "time" || item.own.has(Roles::DATE);
    let attributes = item.element.attrs().filter_map(|(name, value)| {
        let rank = ATTRIBUTES.iter().position(|known| *known == name)?;
        Some((rank, value))
    });
    let stated = attributes.min_by_key(|(rank, _)| *rank).map(|(_, raw)| raw);
    let read_stated = stated
        .filter(|raw| is_time || raw.len() >= 8)
        .and_then(|raw| Some((raw.to_owned(), read(page, raw)?)));
    read_stated.or_else(|| {
        let raw = is_time.then(|| page.text_inside(item))?;
        let reading = read(page, &raw).filter(|_| raw.chars().count() <= MAX_LINE)?;
        Some((raw, reading))
    })
}

/// What the classes of an element call its date; `published updated` is what themes write on one
/// that is both.
fn label_of_class(item: &Item<'_>) -> Option<Label> {
    let has = |words: &[&str]| {
        let mut classes = item.element.classes();
        classes.any(|class| {
            let class = class.to_ascii_lowercase();
            words.iter().any(|word| class.contains(word))
        })
    };
    if has(&["publish", "pubdate", "pub-date", "created"]) {
        return None; // the line may still say "updated"
    }
    has(&["updat", "modif"]).then_some(Label::Modified)
}

/// What the line around an element calls its date.
fn label_in_line(page: &Sources<'_>, at: usize, reading: &Reading) -> Option<Label> {
    let block = page.outline.blocks.get(at)?;
    let line = line(&block.text)?;
    let day = reading.stamp.local.date();
    let readings = date::labelled(line, &page.dates).into_iter();
    let mut same = readings.filter(|(_, other)| other.stamp.local.date() == day);
    same.next()?.0
}

/// The line itself, or the head of a longer text that is set off by a bar or a dash.
fn line(text: &str) -> Option<&str> {
    if text.chars().count() <= MAX_LINE {
        return Some(text);
    }
    let marks = [" | ", " – ", " — ", " - "];
    let end = marks.iter().filter_map(|mark| text.find(mark)).min()?;
    text.get(..end).filter(|head| head.len() <= MAX_INNER_LINE)
}

/// Whether a block belongs to a picture or says who owns the page.
fn is_caption(block: &Block) -> bool {
    let of_picture = block.roles.has(Roles::CAPTION) && block.roles.has(Roles::PICTURE);
    of_picture || block.roles.has(Roles::CREDIT.with(Roles::COPYRIGHT))
}

/// Whether a block is styled as a caption, as lines under the headline are at times: only one that
/// begins with the date, or says what it is, is believed.
fn is_styled(block: &Block) -> bool {
    let begins_with_date = block.text.starts_with(|c: char| c.is_ascii_digit());
    block.roles.has(Roles::CAPTION) && !begins_with_date
}

/// Whether a line is made of a byline and a date, and is no sentence that ends with one.
fn leads(line: &str, roles: Roles) -> bool {
    let words = line
        .find(|c: char| c.is_numeric())
        .and_then(|at| line.get(..at));
    let before = words.unwrap_or_default().chars().count();
    before <= MAX_LEAD || roles.has(Roles::BYLINE.with(Roles::DATE).with(Roles::HEAD))
}

/// Whether a text has enough digits for a date.
fn has_date(text: &str) -> bool {
    text.chars().filter(|c| c.is_numeric()).take(3).count() == 3
}

/// A date that ends the title of the page, set off by a bar, as some archives write.
fn of_title(page: &Sources<'_>) -> Option<Claim> {
    let title = page.head.title.as_deref()?;
    let (_, last) = title.rsplit_once(" | ")?;
    let is_date = !last.contains(char::is_alphabetic) && has_date(last);
    Some(Claim::new(
        &read(page, last).filter(|_| is_date)?,
        Kind::Loose,
        last,
    ))
}
