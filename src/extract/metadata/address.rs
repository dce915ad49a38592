//! Addresses a page states: its canonical one, the next page of the same article, and where a stub
//! leads. All of them are hints from a stranger.

use scraper::{Html, Node};
use url::Url;

use super::Sources;
use crate::domain::{CanonicalUrl, Identity, registrable_domain};
use crate::extract::pattern::Pattern;
use crate::extract::role::Roles;
use crate::markup::json_ld;

/// Later refreshes keep a page up to date and lead nowhere.
const MAX_REFRESH_SECONDS: f32 = 10.0;

static REFRESH: Pattern = Pattern::new(r#"(?i)^\s*([\d.]+)\s*[;,]\s*(?:url\s*=\s*)?['"]?([^'"]+)"#);
static SCRIPT: Pattern = Pattern::new(
    r#"(?:location\s*\.\s*(?:replace|assign)\s*\(\s*|location(?:\.href)?\s*=\s*)["']([^"']+)["']"#,
);

/// The canonical address: the first stated one that can be this page's, else its own.
pub(super) fn canonical(page: &Sources<'_>, identity: Identity<'_>) -> Option<CanonicalUrl> {
    let stated = page.article.into_iter().flat_map(|node| {
        let main = json_ld::objects(node, "mainEntityOfPage");
        let ids = main
            .into_iter()
            .filter_map(|n| n.get("@id").and_then(|id| id.as_str()).map(str::to_owned));
        ids.chain(json_ld::text(node, "mainEntityOfPage"))
            .chain(json_ld::text(node, "url"))
            .collect::<Vec<_>>()
    });
    let links = page.head.link("canonical").map(str::to_owned);
    let og = page.head.meta_of(&["og:url"]).map(str::to_owned);
    links
        .into_iter()
        .chain(og)
        .chain(stated)
        .find_map(|raw| plausible(page, &raw, identity))
        .or_else(|| CanonicalUrl::from_url(page.url?.clone(), identity).ok())
}

fn plausible(page: &Sources<'_>, raw: &str, identity: Identity<'_>) -> Option<CanonicalUrl> {
    let canonical = match page.base.as_ref() {
        Some(base) => CanonicalUrl::join(base, raw, identity),
        None => CanonicalUrl::parse(raw, identity),
    }
    .ok()?;
    let Some(own) = page.url else {
        return Some(canonical);
    };
    let is_home = |url: &Url| url.path().len() <= 1 && url.query().is_none();
    let host = |url: &Url| registrable_domain(url.host_str().unwrap_or_default()).to_owned();
    // A twin on another domain has the same path; anything else there is another outlet's page.
    let is_twin = own.path() == canonical.as_url().path() && !is_home(own);
    let is_ours = host(own) == host(canonical.as_url()) || is_twin;
    let is_garbage = is_home(canonical.as_url()) && !is_home(own);
    (is_ours && !is_garbage).then_some(canonical)
}

/// The next page of the same article.
pub(super) fn next_page(page: &Sources<'_>) -> Option<Url> {
    let own = page.url?;
    let base = page.base.as_ref()?;
    let linked = page.head.link("next").and_then(|href| base.join(href).ok());
    linked
        .filter(|next| is_next(own, next))
        .or_else(|| in_page_bar(page, own, base))
}

/// The number after the present one in a page bar.
fn in_page_bar(page: &Sources<'_>, own: &Url, base: &Url) -> Option<Url> {
    let outline = page.outline;
    let present = page_number(own);
    let links = outline.items.iter().filter(|i| {
        i.element.name() == "a" && i.roles.has(Roles::NAV) && !i.roles.has(Roles::COMMENT)
    });
    links
        .filter_map(|item| {
            let next = base.join(item.element.attr("href")?).ok()?;
            let text = outline.text_of(item);
            let is_number = text.trim().parse::<u32>().ok() == Some(present + 1);
            (is_number && is_next(own, &next) && page_number(&next) == present + 1).then_some(next)
        })
        .next()
}

/// Same host, and the same path with a higher page number in its query or behind it.
fn is_next(own: &Url, next: &Url) -> bool {
    let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
    let (here, there) = (path(own), path(next));
    let is_second = there.strip_prefix(here.as_str()).is_some_and(|rest| {
        let rest = rest.trim_start_matches("/page");
        rest.trim_start_matches(['/', '-', '_']) == "2"
    });
    let is_family = here == there || is_second || stem(&here) == stem(&there);
    let is_later = is_second || page_number(next) > page_number(own);
    own.host_str() == next.host_str() && here.len() > 1 && is_family && is_later
}

/// The number of a page, from its query or the end of its path; 1 where none is stated.
fn page_number(url: &Url) -> u32 {
    const NAMES: [&str; 7] = ["page", "p", "pg", "seite", "pageno", "page_no", "pageidx"];
    let query = url
        .query_pairs()
        .find(|(name, _)| NAMES.contains(&name.to_ascii_lowercase().as_str()));
    if let Some((_, value)) = query {
        return value.parse().unwrap_or(1);
    }
    let path = url.path().trim_end_matches('/');
    let last = path.strip_prefix(stem(path).as_str()).unwrap_or_default();
    last.parse().unwrap_or(1)
}

/// The path without the page number at its end. A path without digit or hyphen before the number
/// names a section, and the number an article.
fn stem(path: &str) -> String {
    let stem = path.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_number = path.len() - stem.len() <= 2 && stem.ends_with('/');
    let names_article = stem.contains(|c: char| c.is_ascii_digit() || c == '-');
    let path = if is_number && names_article {
        stem
    } else {
        path
    };
    path.to_owned()
}

/// Where a stub leads: a short meta refresh, or a script in a page without text.
pub(super) fn redirect(html: &Html, page: &Sources<'_>) -> Option<Url> {
    let base = page.base.as_ref();
    let resolve = |raw: &str| match base {
        Some(base) => base.join(raw).ok(),
        None => Url::parse(raw).ok(),
    };
    let is_elsewhere = |url: &Url| {
        matches!(url.scheme(), "http" | "https") && page.url.is_none_or(|own| own != url)
    };
    let refresh = page.head.metas_of("refresh").find_map(|content| {
        let found = REFRESH.captures(content)?;
        let seconds: f32 = found.get(1)?.as_str().parse().ok()?;
        (seconds <= MAX_REFRESH_SECONDS).then(|| resolve(found.get(2)?.as_str().trim()))?
    });
    if let Some(url) = refresh.filter(is_elsewhere) {
        return Some(url);
    }
    let is_empty = page.outline.all().text < 200;
    if !is_empty {
        return None;
    }
    let scripts = html
        .tree
        .nodes()
        .filter(|n| n.value().as_element().is_some_and(|e| e.name() == "script"));
    let texts = scripts
        .flat_map(|n| n.children())
        .filter_map(|n| match n.value() {
            Node::Text(text) if text.len() <= 5_000 => Some(text),
            _ => None,
        });
    texts
        .filter_map(|text| resolve(SCRIPT.captures(text)?.get(1)?.as_str()))
        .find(is_elsewhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_page_belongs_to_the_same_article() {
        let own = Url::parse("https://a.kr/news/view/9").unwrap();
        for (next, expected) in [
            ("https://a.kr/news/view/9?page=2", true),
            ("https://a.kr/news/view/9/2", true),
            ("https://a.kr/news/view/10", false),
            ("https://a.kr/news/view/10", false),
            ("https://b.kr/news/view/9?page=2", false),
            ("https://a.kr/news/view/9", false),
        ] {
            assert_eq!(
                is_next(&own, &Url::parse(next).unwrap()),
                expected,
                "{next}"
            );
        }
    }
}
