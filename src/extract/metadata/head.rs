//! What a page says about itself outside its text: `meta`, `link`, `title`, `base`, `html lang`.

use scraper::{Html, Node};
use url::Url;

use crate::extract::element::Element;
use crate::extract::text::{clean, front};

/// More of one page are not read.
const MAX_ENTRIES: usize = 2_000;
/// Longer values are cut.
const MAX_CHARS: usize = 4_000;

/// The collected declarations, in the order of the page.
#[derive(Debug, Default)]
pub(in crate::extract) struct Head {
    /// Lower-case name and clean content of each `meta`.
    metas: Vec<(String, String)>,
    /// Lower-case `rel` and the address of each `link`.
    links: Vec<(String, String)>,
    /// The first `title`.
    pub(in crate::extract) title: Option<String>,
    pub(in crate::extract) language: Option<String>,
    pub(in crate::extract) is_amp: bool,
    /// Whether it tells visitors to turn scripts on.
    pub(in crate::extract) needs_script: bool,
    base: Option<String>,
}

impl Head {
    /// Collects them.
    pub(in crate::extract) fn of(html: &Html) -> Self {
        let mut head = Self::default();
        for node in html.tree.nodes() {
            let Node::Element(element) = node.value() else {
                continue;
            };
            let element = Element::from(element);
            match element.name() {
                "meta" if head.metas.len() < MAX_ENTRIES => head.meta(element),
                "link" if head.links.len() < MAX_ENTRIES => {
                    if let (Some(rel), Some(href)) = (element.attr("rel"), element.attr("href")) {
                        head.links
                            .push((rel.to_ascii_lowercase(), href.trim().to_owned()));
                    }
                }
                "title" if head.title.is_none() && !in_svg(node) => {
                    let texts = node.children().filter_map(|n| n.value().as_text());
                    let text: String = texts.flat_map(|t| t.chars()).take(MAX_CHARS).collect();
                    head.title = Some(clean(&text)).filter(|t| !t.is_empty());
                }
                "noscript" => {
                    let texts = node
                        .descendants()
                        .filter_map(|n| n.value().as_text())
                        .take(20);
                    let text: String = texts.flat_map(|t| t.chars()).take(MAX_CHARS).collect();
                    head.needs_script |= asks_for_script(&text);
                }
                "base" if head.base.is_none() => {
                    head.base = element.attr("href").map(str::to_owned)
                }
                "html" => {
                    head.language = element
                        .attr("lang")
                        .or_else(|| element.attr("xml:lang"))
                        .map(str::to_owned);
                    head.is_amp = element.attr("amp").is_some() || element.attr("⚡").is_some();
                }
                _ => {}
            }
        }
        head
    }

    fn meta(&mut self, element: Element<'_>) {
        let name = ["property", "name", "itemprop", "http-equiv"]
            .iter()
            .find_map(|key| element.attr(key));
        // Hand-written pages say `value` by mistake, as their forms do.
        let content = element.attr("content").or_else(|| element.attr("value"));
        if let (Some(name), Some(content)) = (name, content) {
            let content = clean(front(content, MAX_CHARS));
            if !content.is_empty() {
                self.metas.push((name.trim().to_ascii_lowercase(), content));
            }
        }
    }

    /// The first value of the first of these names that has one.
    pub(in crate::extract) fn meta_of(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.metas_of(name).next())
    }

    /// All values of a name.
    pub(in crate::extract) fn metas_of<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let name = name.to_owned();
        self.metas
            .iter()
            .filter(move |(key, _)| *key == name)
            .map(|(_, value)| value.as_str())
    }

    /// What follows in the names that begin with `prefix`, and their values.
    pub(in crate::extract) fn metas_under<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.metas
            .iter()
            .filter_map(move |(key, value)| Some((key.strip_prefix(prefix)?, value.as_str())))
    }

    /// The address of the first `link` with this relation.
    pub(in crate::extract) fn link(&self, rel: &str) -> Option<&str> {
        let is_meant = |rels: &str| rels.split_ascii_whitespace().any(|r| r == rel);
        self.links
            .iter()
            .find(|(rels, _)| is_meant(rels))
            .map(|(_, href)| href.as_str())
    }

    /// The address that relative links of the page start from.
    pub(in crate::extract) fn base(&self, page: Option<&Url>) -> Option<Url> {
        match (page, self.base.as_deref()) {
            (Some(page), Some(base)) => page.join(base).ok(),
            (None, Some(base)) => Url::parse(base).ok(),
            (page, None) => page.cloned(),
        }
    }
}

fn asks_for_script(text: &str) -> bool {
    let text = text.to_lowercase();
    let is_named = text.contains("javascript") || text.contains("자바스크립트");
    is_named
        && [
            "enable",
            "need",
            "turn on",
            "aktivieren",
            "requires",
            "활성",
            "필요",
            "有効",
        ]
        .iter()
        .any(|word| text.contains(word))
}

fn in_svg(node: ego_tree::NodeRef<'_, Node>) -> bool {
    node.parent()
        .and_then(|parent| parent.value().as_element())
        .is_some_and(|parent| matches!(parent.name(), "svg" | "g" | "symbol" | "use"))
}
