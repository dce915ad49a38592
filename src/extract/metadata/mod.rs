//! Every field but the body: structured data, then Open Graph, then `meta`, then markup, then text;
//! several sources are compared where one alone is often wrong.

mod address;
mod agency;
mod authors;
mod byline;
mod caption;
mod dates;
mod field;
mod frame;
mod head;
mod headline;
mod images;
mod language;
mod order;
mod people;
mod picture;
mod post;
mod title;

use chrono_tz::Tz;
use url::Url;

use super::body::Found;
use super::outline::{Item, Outline};
use super::role::Roles;
use super::text::{clean, folded};
use super::{Input, RobotsMeta};
use crate::domain::{Article, CanonicalUrl, Image, Stamp, Trust};
use crate::markup::date::{Context, Scope};
use crate::markup::json_ld::{self, Node};
use field::Field;
pub(super) use head::Head;

/// More keywords are not about the article.
const MAX_TAGS: usize = 30;

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
        let zone = input.zone.or_else(|| zone_of_script(outline, &head));
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
        if let Some(recall) = &self.outline.recall {
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
        sample.push_str(&block.text);
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
    if let Some(title) = title::title(page) {
        article.title = title.record("title", &mut article.provenance);
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
    article.section = section(page, &article.title).map(|s| s.record("section", log));
    article.tags = tags(page)
        .map(|t| t.record("tags", log))
        .unwrap_or_default();
    article.language =
        language::language(page, &sample, configured).map(|l| l.record("language", log));
    let (images, pictures) = images::images(page, found, &article.title);
    article.images = images.record("images", log);
    article.paywalled = paywalled(page).map(|p| p.record("paywalled", log));
    pictures
}

/// The outlet's own word for the part of the paper.
fn section(page: &Sources<'_>, title: &str) -> Option<Field<String>> {
    let stated = page
        .article
        .and_then(|node| json_ld::text(node, "articleSection"))
        .map(|t| ("json_ld", t));
    let meta = || {
        page.head
            .meta_of(&[
                "article:section",
                "og:article:section",
                "section",
                "cxenseparse:category",
                "dable:item_category",
            ])
            .map(|t| ("meta", t.to_owned()))
    };
    let crumb = || crumbs(page, title).map(|t| ("markup", t));
    let (strategy, raw) = meta().or(stated).or_else(crumb)?;
    let text = clean(&raw);
    let is_word = !text.is_empty() && text.chars().count() <= 60 && !text.contains("://");
    is_word.then(|| Field::new(text, strategy, &raw, Trust::Medium))
}

/// The last part of a breadcrumb trail that is neither home nor the article.
fn crumbs(page: &Sources<'_>, title: &str) -> Option<String> {
    let outline = page.outline;
    let trail = outline
        .items
        .iter()
        .position(|item| item.own.has(Roles::CRUMBS))?;
    let links = outline
        .within(trail)
        .iter()
        .filter(|i| i.element.name() == "a");
    let texts: Vec<String> = links.map(|i| page.text_inside(i)).take(8).collect();
    texts.into_iter().rfind(|text| {
        let is_home = matches!(
            folded(text).as_str(),
            "" | "home" | "홈" | "startseite" | "ホーム" | "トップ"
        );
        !is_home && folded(text) != folded(title) && text.chars().count() <= 30
    })
}

/// Keywords that are about this article.
fn tags(page: &Sources<'_>) -> Option<Field<Vec<String>>> {
    let split = |text: &str| -> Vec<String> { text.split([',', ';', '|']).map(clean).collect() };
    let shown = || -> Vec<String> {
        let items = page
            .outline
            .items
            .iter()
            .enumerate()
            .filter(|(_, i)| i.own.has(Roles::TAGS));
        let links = items
            .flat_map(|(at, _)| page.outline.within(at))
            .filter(|i| i.element.name() == "a");
        links
            .map(|i| {
                page.text_inside(i)
                    .trim_start_matches('#')
                    .trim()
                    .to_owned()
            })
            .take(MAX_TAGS)
            .collect()
    };
    let node = |name: &str| {
        page.article
            .map(|n| json_ld::texts(n, name))
            .unwrap_or_default()
    };
    let sources: [(&'static str, Vec<String>); 4] = [
        (
            "json_ld",
            node("keywords").iter().flat_map(|t| split(t)).collect(),
        ),
        (
            "meta",
            page.head.metas_of("article:tag").flat_map(split).collect(),
        ),
        ("markup", shown()),
        (
            "meta",
            page.head
                .meta_of(&["news_keywords", "keywords"])
                .map(split)
                .unwrap_or_default(),
        ),
    ];
    for (strategy, found) in sources {
        let mut tags: Vec<String> = Vec::new();
        for tag in found {
            let is_word = !tag.is_empty() && tag.chars().count() <= 60 && !tag.contains("://");
            if is_word && !tags.contains(&tag) && tags.len() < MAX_TAGS {
                tags.push(tag);
            }
        }
        if !tags.is_empty() {
            let raw = tags.join(",");
            return Some(Field::new(tags, strategy, &raw, Trust::Medium));
        }
    }
    None
}

/// Whether the page says that a reader must pay.
fn paywalled(page: &Sources<'_>) -> Option<Field<bool>> {
    let free = |node: &Node| node.get("isAccessibleForFree").cloned();
    let stated = page
        .article
        .and_then(free)
        .or_else(|| page.nodes.iter().find_map(free));
    let is_free = stated.as_ref().and_then(|value| match value {
        serde_json::Value::Bool(free) => Some(*free),
        serde_json::Value::String(text) => text.to_ascii_lowercase().parse().ok(),
        _ => None,
    });
    if let (Some(is_free), Some(raw)) = (is_free, stated) {
        return Some(Field::new(
            !is_free,
            "json_ld",
            &raw.to_string(),
            Trust::High,
        ));
    }
    let raw = page
        .head
        .meta_of(&["article:content_tier", "og:article:content_tier"])?;
    let is_paid = match raw {
        "free" => false,
        "locked" | "metered" | "premium" | "paid" => true,
        _ => return None,
    };
    Some(Field::new(is_paid, "open_graph", raw, Trust::High))
}

/// What the page asks of robots.
pub(super) fn robots(head: &Head) -> RobotsMeta {
    let words: Vec<String> = ["robots", "sokbo"]
        .iter()
        .flat_map(|name| head.metas_of(name))
        .flat_map(|v| v.split(','))
        .map(|w| w.trim().to_ascii_lowercase())
        .collect();
    let has = |word: &str| words.iter().any(|w| w == word || w == "none");
    RobotsMeta {
        noindex: has("noindex"),
        nofollow: has("nofollow"),
        noarchive: words.iter().any(|w| w == "noarchive"),
    }
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
