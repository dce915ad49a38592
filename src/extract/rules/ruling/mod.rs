//! The rules that are in force for one page: what they select, and where they missed. A field is
//! decided by the latest rule in force that names it; where its selectors give nothing, the generic
//! extractor answers and the article carries a mark.

mod removal;

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use ego_tree::NodeId;
use scraper::{Html, Selector};
use serde_json::Value;

use super::pick::{Pick, value};
use super::script::states;
use super::{Rule, SiteRules, Written};
use crate::domain::{Article, Image, Provenance, RuleField, Stamp, Trust};
use crate::extract::body::{self, Found, Frame};
use crate::extract::metadata::{self, Sources};
use crate::extract::outline::Outline;
use crate::extract::text::{clean, head};
use crate::markup::date::{self, Label, Reading};

/// Elements that one selector may name on one page.
const MAX_MATCHES: usize = 500;
/// Characters of what the page or a rule said that are kept for explanation.
const RAW_CHARS: usize = 200;
/// More names and keywords are a wrong selector.
const MAX_TAGS: usize = 60;

/// A field of this strategy was given by a rule.
pub(in crate::extract) const GIVEN: &str = "site_rule";
/// A rule in force named the field and gave nothing, or far too little; `raw` is its selectors.
pub(super) const MISSED: &str = "site_rule_missed";
/// A `remove` selector would have taken nearly all; `raw` is the selector.
pub(super) const IGNORED: &str = "site_rule_ignored";

/// The rules in force for a page.
pub(in crate::extract) struct Ruling<'a> {
    html: &'a Html,
    in_force: Vec<&'a Rule>,
    /// State of scripts, read once for all fields.
    states: BTreeMap<String, Vec<Value>>,
    marks: Vec<Provenance>,
}

impl<'a> Ruling<'a> {
    /// The rules in force on the page's day.
    pub(in crate::extract) fn new(rules: &'a SiteRules, html: &'a Html, day: NaiveDate) -> Self {
        Self {
            html,
            in_force: rules.on(day),
            states: BTreeMap::new(),
            marks: Vec::new(),
        }
    }

    /// The selectors of the latest rule in force that names a field.
    fn picks(&self, field: RuleField) -> Option<&'a [Written<Pick>]> {
        let named = self
            .in_force
            .iter()
            .find_map(|rule| rule.fields.get(&field));
        named.map(Vec::as_slice)
    }

    /// The day of publication as the rules read it.
    pub(in crate::extract) fn day(&mut self, page: &Sources<'_>) -> Option<NaiveDate> {
        let published = self.picks(RuleField::Published)?.iter().find_map(|pick| {
            let texts = self.texts(&pick.compiled);
            stamp(&texts, Label::Published, page)
        });
        published.map(|stamp| stamp.local.date())
    }

    /// Title and subtitle, which the body is trimmed with.
    pub(in crate::extract) fn headline(&mut self, article: &mut Article) {
        let first = |texts: Vec<String>| texts.into_iter().next();
        if let Some(title) = self.give(RuleField::Title, article, first) {
            article.title = title;
        }
        if let Some(subtitle) = self.give(RuleField::Subtitle, article, first) {
            article.subtitle = Some(subtitle);
        }
    }

    /// The body, before it is known whether it is long enough.
    pub(in crate::extract) fn body(
        &mut self,
        outline: &Outline<'_>,
        frame: &Frame<'_>,
    ) -> Option<Found> {
        let found = self.picks(RuleField::Body)?.iter().find_map(|pick| {
            let lines = match &pick.compiled {
                Pick::Elements {
                    selector,
                    attribute: None,
                } => {
                    return body::of_items(
                        outline,
                        &items(self.html, outline, selector),
                        GIVEN,
                        frame,
                    );
                }
                Pick::Elements { .. } | Pick::Script(_) => self.raw_texts(&pick.compiled),
            };
            let lines = lines.iter().flat_map(|text| self.lines(text)).collect();
            body::of_lines(lines, GIVEN, frame)
        });
        if found.is_none() {
            self.missed(RuleField::Body);
        }
        found
    }

    /// Notes that the rule of a field gave nothing of use.
    pub(in crate::extract) fn missed(&mut self, field: RuleField) {
        let texts = self.picks(field).unwrap_or_default().iter();
        let texts: Vec<&str> = texts.map(|pick| pick.text.as_str()).collect();
        self.mark(field.as_str(), MISSED, &texts.join(" | "));
    }

    /// All other fields; then the marks of those that were missed.
    pub(in crate::extract) fn fields(mut self, page: &Sources<'_>, article: &mut Article) {
        let first = |texts: Vec<String>| texts.into_iter().next();
        let people = |texts: Vec<String>| {
            let names: Vec<String> = texts.iter().flat_map(|t| metadata::people(t)).collect();
            (!names.is_empty()).then_some(names)
        };
        if let Some(authors) = self.give(RuleField::Authors, article, people) {
            article.authors = authors;
        }
        self.dates(page, article);
        if let Some(section) = self.give(RuleField::Section, article, first) {
            article.section = Some(section);
        }
        if let Some(tags) = self.give(RuleField::Tags, article, tags) {
            article.tags = tags;
        }
        if let Some(agency) = self.give(RuleField::Agency, article, first) {
            article.agency = Some(agency);
        }
        let code = |texts: Vec<String>| texts.iter().find_map(|t| metadata::language_code(t));
        if let Some(language) = self.give(RuleField::Language, article, code) {
            article.language = Some(language);
        }
        self.paywalled(article);
        self.images(page, article);
        article.provenance.append(&mut self.marks);
    }

    fn dates(&mut self, page: &Sources<'_>, article: &mut Article) {
        let published = |texts: Vec<String>| stamp(&texts, Label::Published, page);
        let modified = |texts: Vec<String>| stamp(&texts, Label::Modified, page);
        if let Some(published) = self.give(RuleField::Published, article, published) {
            article.published = Some(published);
        }
        if let Some(modified) = self.give(RuleField::Modified, article, modified) {
            article.modified = Some(modified);
        }
        let is_later = match (&article.modified, &article.published) {
            (Some(modified), Some(published)) => metadata::is_after(modified, published),
            (Some(_), None) | (None, _) => true,
        };
        if !is_later {
            article.modified = None;
            article.provenance.retain(|known| known.field != "modified");
        }
    }

    /// An element that is there says "paid" unless its value says "free". One that is not there
    /// says nothing: most pages have none.
    fn paywalled(&mut self, article: &mut Article) {
        let picks = self.picks(RuleField::Paywalled).unwrap_or_default();
        let found = picks.iter().find_map(|pick| match &pick.compiled {
            Pick::Elements {
                selector,
                attribute: None,
            } => Some(value(self.html.select(selector).next()?, None)),
            Pick::Elements { .. } | Pick::Script(_) => {
                self.texts(&pick.compiled).into_iter().next()
            }
        });
        let Some(raw) = found else { return };
        let word = raw.to_ascii_lowercase();
        article.paywalled = Some(!matches!(word.as_str(), "false" | "free" | "no" | "0"));
        record(article, RuleField::Paywalled, &raw);
    }

    fn images(&mut self, page: &Sources<'_>, article: &mut Article) {
        let Some(picks) = self.picks(RuleField::Images) else {
            return;
        };
        let given = picks.iter().find_map(|pick| {
            let images = self.pictures(&pick.compiled, page, &article.title);
            Some(images).filter(|images| !images.is_empty())
        });
        match given {
            Some(images) => {
                let raw = images.first().map_or("", |image| image.url.as_str());
                record(article, RuleField::Images, raw);
                article.images = images;
            }
            None => self.missed(RuleField::Images),
        }
    }

    /// The pictures of a selector: elements are read like those of any page, with their captions;
    /// other values are addresses.
    fn pictures(&mut self, pick: &Pick, page: &Sources<'_>, title: &str) -> Vec<Image> {
        let addresses = match pick {
            Pick::Elements {
                selector,
                attribute: None,
            } => {
                let found =
                    metadata::pictures(page, &items(self.html, page.outline, selector), title);
                if !found.is_empty() {
                    return found;
                }
                let stated = self.html.select(selector).take(MAX_MATCHES);
                stated
                    .filter_map(|e| e.attr("content").map(clean))
                    .collect()
            }
            Pick::Elements { .. } | Pick::Script(_) => self.texts(pick),
        };
        let image = |raw: &String| metadata::picture_at(page, raw);
        addresses.iter().filter_map(image).collect()
    }

    /// The value of a field by the first selector that gives one, recorded; a field that was named
    /// and not given is marked.
    fn give<T>(
        &mut self,
        field: RuleField,
        article: &mut Article,
        read: impl Fn(Vec<String>) -> Option<T>,
    ) -> Option<T> {
        let given = self.picks(field)?.iter().find_map(|pick| {
            let texts = self.texts(&pick.compiled);
            let raw = texts.join(" | ");
            Some((read(texts)?, raw))
        });
        match given {
            Some((value, raw)) => {
                record(article, field, &raw);
                Some(value)
            }
            None => {
                self.missed(field);
                None
            }
        }
    }

    /// The clean texts that a selector leads to, one line each.
    fn texts(&mut self, pick: &Pick) -> Vec<String> {
        let lines = |text: &String| match text.contains('<') {
            true => body::split(text).join(" "),
            false => clean(text),
        };
        let texts = self.raw_texts(pick);
        let texts = texts.iter().map(lines).filter(|text| !text.is_empty());
        texts.take(MAX_MATCHES).collect()
    }

    /// The same with markup and line ends where the page keeps them in a text.
    fn raw_texts(&mut self, pick: &Pick) -> Vec<String> {
        match pick {
            Pick::Elements {
                selector,
                attribute,
            } => {
                let elements = self.html.select(selector).take(MAX_MATCHES);
                elements.map(|e| value(e, attribute.as_deref())).collect()
            }
            Pick::Script(path) => {
                let html = self.html;
                let name = path.script.clone();
                let read = || states(html, &path.script);
                path.texts(self.states.entry(name).or_insert_with(read))
            }
        }
    }

    fn mark(&mut self, field: &'static str, strategy: &'static str, raw: &str) {
        self.marks.push(Provenance {
            field,
            strategy,
            raw: head(raw, RAW_CHARS),
            trust: Trust::Low,
        });
    }
}

/// The elements of the outline that a selector matches.
fn items(html: &Html, outline: &Outline<'_>, selector: &Selector) -> Vec<usize> {
    let found = html.select(selector).take(MAX_MATCHES);
    let found: HashSet<NodeId> = found.map(|element| element.id()).collect();
    if found.is_empty() {
        return Vec::new();
    }
    let items = outline.items.iter().enumerate();
    let meant = items.filter(|(_, item)| found.contains(&item.node.id()));
    meant.map(|(at, _)| at).collect()
}

/// The date in some texts. One element often holds both, each with its word.
fn stamp(texts: &[String], wanted: Label, page: &Sources<'_>) -> Option<Stamp> {
    let dates = texts.iter().flat_map(|t| date::labelled(t, &page.dates));
    let dates: Vec<(Option<Label>, Reading)> = dates.collect();
    let named = dates.iter().find(|(label, _)| *label == Some(wanted));
    let bare = dates.iter().find(|(label, _)| label.is_none());
    let (_, reading) = named.or(bare)?;
    Some(page.in_zone(reading.stamp.clone()))
}

/// Keywords: those of one text are parted by commas.
fn tags(texts: Vec<String>) -> Option<Vec<String>> {
    let mut tags: Vec<String> = Vec::new();
    for tag in texts.iter().flat_map(|text| text.split(',')) {
        let tag = clean(tag.trim().trim_start_matches('#'));
        if !tag.is_empty() && !tags.contains(&tag) && tags.len() < MAX_TAGS {
            tags.push(tag);
        }
    }
    (!tags.is_empty()).then_some(tags)
}

/// Notes that a site rule gave a field, instead of what was noted before.
fn record(article: &mut Article, field: RuleField, raw: &str) {
    article
        .provenance
        .retain(|known| known.field != field.as_str());
    article.provenance.push(Provenance {
        field: field.as_str(),
        strategy: GIVEN,
        raw: head(raw, RAW_CHARS),
        trust: Trust::High,
    });
}
