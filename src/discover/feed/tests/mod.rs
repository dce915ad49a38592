//! Feeds as they are written and as they are broken. A case is a name, a feed, its entries and a part of
//! its warning, or none where it is well-formed. Entries are written as their fields, those that are
//! known: `u` address, `i` id, `t` title, `p` published, `m` updated, `a` authors, `s` summary, `c` content.

mod atom;
mod broken;
mod bytes;
mod candidates;
mod dates;
mod dress;
mod json;
mod rss;

use super::*;
use crate::domain::Stamp;

const BASE: &str = "https://www.saesol.example/rss/all.xml";

/// A name, a feed, its entries, and a part of its warning.
type Case<'c> = (&'c str, &'c str, &'c [&'c str], &'c str);

fn base() -> Url {
    Url::parse(BASE).unwrap()
}

fn read_bytes(
    body: &[u8],
    content_type: Option<&str>,
) -> Result<(FeedHead, Vec<Entry>), DiscoverError> {
    let mut found = Vec::new();
    let mut take = |entry| {
        found.push(entry);
        true
    };
    let head = feed_entries(body, content_type, &base(), None, &mut take)?;
    Ok((head, found))
}

fn shown(entry: &Entry) -> String {
    let url = entry.url.as_ref().map(Url::as_str);
    let own = |url: &str| {
        url.strip_prefix("https://www.saesol.example")
            .unwrap_or(url)
            .to_owned()
    };
    let authors = Some(entry.authors.join(", ")).filter(|authors| !authors.is_empty());
    let fields = [
        ("u", url.map(own)),
        ("i", entry.id.clone()),
        ("t", entry.title.clone()),
        ("p", entry.published.as_ref().map(Stamp::to_text)),
        ("m", entry.updated.as_ref().map(Stamp::to_text)),
        ("a", authors),
        ("s", entry.summary.clone()),
        ("c", entry.content.clone()),
    ];
    let known = fields
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name} {}", value?)));
    known.collect::<Vec<_>>().join(" | ")
}

/// Reads each case and tells all that differ at once.
fn check(cases: &[Case<'_>], format: &str, wrap: impl Fn(&str) -> String) {
    let mut wrong = Vec::new();
    for (name, inner, expected, warning) in cases {
        match read_bytes(wrap(inner).as_bytes(), None) {
            Ok((head, found)) => {
                let found: Vec<String> = found.iter().map(shown).collect();
                if found != *expected {
                    wrong.push(format!(
                        "{name}:\n  found    {found:#?}\n  expected {expected:#?}"
                    ));
                }
                let is_told = match *warning {
                    "" => head.warnings.is_empty(),
                    part => head.warnings.iter().any(|warning| warning.contains(part)),
                };
                if !is_told {
                    wrong.push(format!("{name}: warnings {:?}", head.warnings));
                }
                if head.label() != format {
                    wrong.push(format!("{name}: format {}", head.label()));
                }
            }
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// RSS 2.0 with the usual namespaces.
fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:media=\"http://search.yahoo.com/mrss/\" xmlns:atom=\"http://www.w3.org/2005/Atom\" \
         xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" \
         xmlns:feedburner=\"http://rssnamespace.org/feedburner/ext/1.0\"><channel><title>새솔신문</title>\
         <link>https://www.saesol.example/</link><description>d</description>{items}</channel></rss>"
    )
}

/// Atom 1.0.
fn atom(entries: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\
         <title>Saesol</title><id>urn:feed</id><author><name>The outlet</name></author>\
         <updated>2024-01-01T00:00:00Z</updated>{entries}</feed>"
    )
}

fn whole(text: &str) -> String {
    text.to_owned()
}
