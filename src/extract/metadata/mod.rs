//! Every field but the body: structured data, then Open Graph, then `meta`, then markup, then text;
//! several sources are compared where one alone is often wrong.

mod access;
mod address;
mod agency;
mod authors;
mod byline;
mod dates;
mod field;
mod head;
mod headline;
mod images;
mod language;
mod order;
mod outlet;
mod people;
mod post;
mod title;
mod topic;

use chrono_tz::Tz;
use url::Url;

use super::body::Found;
use super::memory::Recall;
use super::outline::{Item, Outline};
use super::text::{clean, front};
use super::{Input, decided_by_feed};
use crate::domain::{Article, CanonicalUrl, Hint, Image, Stamp, StatedOffset};
use crate::markup::date::{Context, Scope};
use crate::markup::json_ld::{self, Node};
pub(super) use head::Head;

/// All that a page says, read once.
pub(super) struct Sources<'a> {
    pub(super) outline: &'a Outline<'a>,
    pub(super) head: Head,
    pub(super) nodes: &'a [Node],
    /// The structured data of the article itself.
    pub(super) article: Option<&'a Node>,
    pub(super) url: Option<&'a Url>,
    pub(super) base: Option<Url>,
    pub(super) dates: Context,
    /// What the memory of the site says of the page, where there is one.
    pub(super) recall: Option<&'a Recall<'a>>,
    /// What a feed or sitemap says of the article.
    pub(super) hint: Option<&'a Hint>,
    /// The local time of the source, as its feeds state it.
    pub(super) offset: Option<StatedOffset>,
    /// That of the page's script, where there is but one.
    pub(super) script_zone: Option<Tz>,
}

impl<'a> Sources<'a> {
    /// Gathers what a page says.
    pub(super) fn new(
        input: &Input<'a>,
        outline: &'a Outline<'a>,
        head: Head,
        nodes: &'a [Node],
    ) -> Self {
        let base = head.base(input.url);
        let article = article_node(nodes, input.url);
        let script_zone = zone_of_script(outline, &head);
        // What feeds state comes before it, and is applied to whole times.
        let zone = input
            .zone
            .or(script_zone.filter(|_| input.offset.is_none()));
        let order = order::of(&head, input.url, input.language);
        Self {
            outline,
            head,
            nodes,
            article,
            url: input.url,
            base,
            dates: Context {
                now: input.now,
                zone,
                order,
                scope: Scope::Page,
            },
            recall: None,
            hint: input.hint,
            offset: input.offset,
            script_zone,
        }
    }

    /// A time that states no zone, in that of the source's feeds, else in that of the script.
    pub(super) fn in_zone(&self, stamp: Stamp) -> Stamp {
        match self.offset {
            Some(stated) => stated.complete(stamp).or_in(self.script_zone),
            None => stamp,
        }
    }

    /// What the site calls itself.
    pub(super) fn site_names(&self) -> Vec<String> {
        let metas = [
            "og:site_name",
            "application-name",
            "apple-mobile-web-app-title",
            "copyright",
            "publisher",
            "dc.publisher",
            "al:ios:app_name",
            "al:android:app_name",
        ];
        let mut names: Vec<String> = metas
            .iter()
            .filter_map(|name| self.head.meta_of(&[name]))
            .map(str::to_owned)
            .collect();
        for node in self.nodes {
            let is_site = ["WebSite", "Organization", "NewsMediaOrganization"]
                .iter()
                .any(|kind| json_ld::is_a(node, kind));
            if is_site {
                names.extend(json_ld::text(node, "name"));
            }
            names.extend(json_ld::text(node, "publisher"));
        }
        if let Some(recall) = self.recall {
            names.extend(recall.site_names().map(str::to_owned));
        }
        names.retain(|name| !name.contains("://") && name.chars().count() <= 60);
        names
    }

    /// The text inside an element, inline ones included.
    pub(super) fn text_inside(&self, item: &Item<'_>) -> String {
        let texts = item
            .node
            .descendants()
            .filter_map(|n| n.value().as_text())
            .take(40);
        let joined: Vec<&str> = texts.map(|t| &**t).collect();
        clean(&joined.join(" "))
    }
}

/// Korean and Japanese pages speak local time.
fn zone_of_script(outline: &Outline<'_>, head: &Head) -> Option<Tz> {
    let mut sample = head.title.clone().unwrap_or_default();
    for block in outline.blocks.iter().filter(|b| b.is_prose()).take(20) {
        sample.push_str(front(&block.text, 2_000)); // a block may be as long as the page
    }
    let declared = head.language.as_deref().unwrap_or_default();
    match language::by_script(&sample) {
        Some("ko") => Some(Tz::Asia__Seoul),
        Some("ja") => Some(Tz::Asia__Tokyo),
        None if declared.starts_with("ko") && sample.is_empty() => Some(Tz::Asia__Seoul),
        _ => None,
    }
}

/// The node of the article among the structured data of a page: of an article's type, and for this
/// address where several are.
fn article_node<'n>(nodes: &'n [Node], url: Option<&Url>) -> Option<&'n Node> {
    let is_article = |node: &&Node| {
        let has_headline = node.contains_key("headline") || node.contains_key("articleBody");
        has_headline
            && (node.contains_key("datePublished")
                || node.contains_key("author")
                || node.contains_key("articleBody"))
            || [
                "NewsArticle",
                "Article",
                "BlogPosting",
                "ReportageNewsArticle",
                "LiveBlogPosting",
            ]
            .iter()
            .any(|kind| json_ld::is_a(node, kind))
    };
    let found: Vec<&Node> = nodes.iter().filter(is_article).collect();
    let is_this = |node: &&&Node| {
        let path = url.map(Url::path).filter(|path| path.len() > 1);
        let stated = json_ld::text(node, "url")
            .or_else(|| json_ld::text(node, "mainEntityOfPage"))
            .unwrap_or_default();
        path.is_some_and(|path| stated.contains(path))
    };
    found
        .iter()
        .find(is_this)
        .or_else(|| found.first())
        .copied()
}

/// The text that structured data states, whole or cut.
pub(super) fn stated_body(article: Option<&Node>) -> Option<String> {
    json_ld::text(article?, "articleBody").or_else(|| json_ld::text(article?, "text"))
}

/// The headline, which the body is trimmed with.
pub(super) fn headline(page: &Sources<'_>, article: &mut Article) {
    if let Some((title, is_decided_by_feed)) = title::title(page) {
        article.title = title.record("title", &mut article.provenance);
        if is_decided_by_feed {
            let mark = decided_by_feed("title", &article.title);
            article.provenance.push(mark);
        }
    }
    if let Some(subtitle) = title::subtitle(page, &article.title) {
        article.subtitle = Some(subtitle.record("subtitle", &mut article.provenance));
    }
}

/// The names that the page states outside its text.
pub(super) fn stated_names(page: &Sources<'_>) -> Vec<String> {
    authors::stated_names(page)
}

/// The people that a byline names.
pub(super) fn people(text: &str) -> Vec<String> {
    people::people(text)
}

/// The pictures inside some elements of the page, with their captions.
pub(super) fn pictures(page: &Sources<'_>, items: &[usize], title: &str) -> Vec<Image> {
    images::inside(page, items, title)
}

/// The picture at an address as the page writes it.
pub(super) fn picture_at(page: &Sources<'_>, raw: &str) -> Option<Image> {
    images::at(page, raw)
}

/// The ISO 639-1 part of a tag such as `en-US`.
pub(super) fn language_code(tag: &str) -> Option<String> {
    language::code(tag)
}

/// Whether `a` is after `b` at the coarser precision of the two.
pub(super) fn is_after(a: &Stamp, b: &Stamp) -> bool {
    dates::is_after(a, b)
}

/// The day of publication as far as the page states it outside its text.
pub(super) fn stated_day(page: &Sources<'_>) -> Option<chrono::NaiveDate> {
    let stated = dates::dates(page, &Found::default(), "").0;
    stated.map(|stamp| stamp.value.local.date())
}

/// The title that the page's head states.
pub(super) fn stated_title(head: &Head) -> Option<String> {
    let title = head.title.as_deref();
    title
        .or_else(|| head.meta_of(&["og:title"]))
        .map(str::to_owned)
}

/// Fills in everything else; answers with the addresses of all that could be its pictures.
pub(super) fn fill(
    page: &Sources<'_>,
    found: &Found,
    configured: Option<&str>,
    article: &mut Article,
) -> Vec<String> {
    let sample = if article.body.is_empty() {
        article.title.clone()
    } else {
        article.body_text()
    };
    let log = &mut article.provenance;
    let credits = authors::credits(page, found, &article.title);
    article.authors = credits
        .authors
        .map(|a| a.record("authors", log))
        .unwrap_or_default();
    article.agency = credits.agency.map(|a| a.record("agency", log));
    let (published, modified) = dates::dates(page, found, &article.title);
    article.published = published.map(|p| p.record("published", log));
    article.modified = modified.map(|m| m.record("modified", log));
    article.section = topic::section(page, &article.title).map(|s| s.record("section", log));
    article.tags = topic::tags(page, &sample)
        .map(|t| t.record("tags", log))
        .unwrap_or_default();
    article.language =
        language::language(page, &sample, configured).map(|l| l.record("language", log));
    let (images, pictures) = images::images(page, found, &article.title);
    article.images = images.record("images", log);
    article.paywalled = access::paywalled(page, found).map(|p| p.record("paywalled", log));
    pictures
}

/// The page's canonical address.
pub(super) fn canonical(page: &Sources<'_>, input: &Input<'_>) -> Option<CanonicalUrl> {
    address::canonical(page, input.identity)
}

/// The next page of the same article.
pub(super) fn next_page(page: &Sources<'_>) -> Option<Url> {
    address::next_page(page)
}

/// Where a stub leads.
pub(super) fn redirect(page: &Sources<'_>, input: &Input<'_>) -> Option<Url> {
    address::redirect(input.html, page)
}
