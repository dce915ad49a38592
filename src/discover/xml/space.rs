//! Namespaces, by a short name each: feeds bind them under many addresses, or forget to.

/// The short names, with a part of the addresses that mean them, in lower case.
const SPACES: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "http://www.w3.org/2005/atom",
            "https://www.w3.org/2005/atom",
            "http://purl.org/atom/ns#",
            "http://purl.org/rss/1.0/",
            "http://my.netscape.com/",
            "http://channel.netscape.com/",
            "http://my.userland.com/",
            "http://backend.userland.com/",
            "http://blogs.law.harvard.edu/tech/rss",
            "http://cyber.law.harvard.edu/rss",
            "http://cyber.harvard.edu/rss",
        ],
    ),
    ("content", &["http://purl.org/rss/1.0/modules/content"]),
    (
        "other",
        &[
            "http://purl.org/rss/1.0/modules/",
            "http://backend.userland.com/creativecommonsrssmodule",
        ],
    ),
    ("rdf", &["http://www.w3.org/1999/02/22-rdf-syntax-ns#"]),
    (
        "dc",
        &[
            "http://purl.org/dc/elements/1.",
            "http://purl.org/dc/elements/",
            "http://purl.org/dc/1.",
        ],
    ),
    ("dcterms", &["http://purl.org/dc/terms"]),
    (
        "media",
        &[
            "http://search.yahoo.com/mrss",
            "http://video.search.yahoo.com/mrss",
            "http://tools.search.yahoo.com/mrss",
        ],
    ),
    ("itunes", &["http://www.itunes.com/dtds/podcast"]),
    ("feedburner", &["http://rssnamespace.org/feedburner/ext"]),
    ("pheedo", &["http://www.pheedo.com/namespace/pheedo"]),
    ("xhtml", &["http://www.w3.org/1999/xhtml"]),
    ("yandex", &["http://news.yandex.ru"]),
    ("prism", &["http://prismstandard.org/namespaces/"]),
];

/// Prefixes that mean what they say where nobody declares them.
const USUAL: &[(&str, &str)] = &[
    ("atom", ""),
    ("atom10", ""),
    ("a10", ""),
    ("rss", ""),
    ("content", "content"),
    ("rdf", "rdf"),
    ("dc", "dc"),
    ("dcterms", "dcterms"),
    ("media", "media"),
    ("itunes", "itunes"),
    ("feedburner", "feedburner"),
    ("pheedo", "pheedo"),
    ("xhtml", "xhtml"),
    ("yandex", "yandex"),
];

/// Prefixes that are kept at a time.
const MAX_BINDINGS: usize = 500;

/// Prefixes in use: the depth of their element, the prefix, the short name.
#[derive(Default)]
pub(super) struct Bindings(Vec<(usize, String, &'static str)>);

/// An element's name in its namespace.
pub(super) struct Resolved {
    pub(super) space: &'static str,
    pub(super) local: String,
    pub(super) is_bound: bool,
}

impl Bindings {
    /// Takes the declarations of an element at a depth.
    pub(super) fn declare(&mut self, depth: usize, attributes: &[(&str, String)]) {
        for (name, value) in attributes {
            let prefix = match name.split_once(':') {
                Some(("xmlns", prefix)) => prefix,
                None if *name == "xmlns" => "",
                Some(_) | None => continue,
            };
            if self.0.len() >= MAX_BINDINGS {
                return;
            }
            self.0
                .push((depth, prefix.to_owned(), of_address(value, prefix)));
        }
    }

    /// Drops the declarations of the elements from a depth on.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.0.last().is_some_and(|(at, _, _)| *at >= depth) {
            self.0.pop();
        }
    }

    pub(super) fn resolve(&self, name: &str) -> Resolved {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let bound = self.0.iter().rev().find(|(_, known, _)| known == prefix);
        let space = bound.map(|(_, _, space)| *space);
        Resolved {
            space: space
                .or_else(|| usual(prefix))
                .unwrap_or(if prefix.is_empty() { "" } else { "other" }),
            local: local.to_ascii_lowercase(),
            is_bound: space.is_some() || prefix.is_empty(),
        }
    }

    /// Whether the prefix of an attribute is declared.
    pub(super) fn is_bound(&self, name: &str) -> bool {
        match name.split_once(':') {
            Some((prefix, _)) => {
                matches!(prefix, "xml" | "xmlns")
                    || self.0.iter().any(|(_, known, _)| known == prefix)
            }
            None => true,
        }
    }
}

/// The longest address that fits decides.
fn of_address(address: &str, prefix: &str) -> &'static str {
    let address = address.trim().to_ascii_lowercase();
    let fitting = SPACES
        .iter()
        .flat_map(|(space, parts)| parts.iter().map(move |part| (part, space)));
    let best = fitting
        .filter(|(part, _)| address.starts_with(*part))
        .max_by_key(|(part, _)| part.len());
    match best {
        Some((_, space)) => space,
        None if prefix.is_empty() => "",
        None => usual(prefix).unwrap_or("other"),
    }
}

fn usual(prefix: &str) -> Option<&'static str> {
    USUAL
        .iter()
        .find(|(usual, _)| usual.eq_ignore_ascii_case(prefix))
        .map(|(_, space)| *space)
}
