//! Everything that reads foreign bytes, one function each: it must not panic, and what it returns must
//! keep the promises of its module.

mod mutate;
#[path = "../../src/extract/sound.rs"]
mod sound;

use chrono::{DateTime, Utc};
use sokbo::domain::{CanonicalUrl, Identity, Source, SourceName};
use sokbo::extract::Input;
use sokbo::markup::date::{Context, Scope, labelled, read};
use sokbo::policy::Robots;
use sokbo::{discover, domain, extract, markup};
use url::Url;

pub use mutate::Mutator;

const ADDRESS: &str = "https://news.example/politics/2024/03/05/bridge-1";

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).unwrap_or_default()
}

fn address() -> Url {
    Url::parse(ADDRESS).expect("the address is a constant")
}

fn source() -> Source {
    let name = SourceName::new("fuzz").expect("the name is a constant");
    let home = CanonicalUrl::parse("https://news.example/", Identity::default());
    Source::new(name, home.expect("the address is a constant"))
}

/// Bytes of a page to an article that is sound.
pub fn extract(bytes: &[u8]) {
    let decoded = markup::decode(bytes, None, Some("news.example"));
    let Ok(html) = markup::parse_html(&decoded.text) else {
        return;
    };
    let url = address();
    let found = extract::page(&Input {
        url: Some(&url),
        ..Input::of(&html, now())
    });
    if let Some(fault) = sound::fault(&found, now()) {
        panic!("{fault}");
    }
}

/// A date as people write it, by itself and in a text.
pub fn date(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for scope in [Scope::Page, Scope::Alone] {
        let context = Context {
            now: now(),
            zone: None,
            order: None,
            scope,
        };
        let _ = (read(&text, &context), labelled(&text, &context));
    }
}

/// Bytes to text: never a NUL, and never more than a few bytes for one.
pub fn charset(bytes: &[u8]) {
    let decoded = markup::decode(bytes, None, Some("news.example"));
    assert!(!decoded.text.contains('\0'));
    assert!(decoded.text.len() <= bytes.len() * 4);
}

/// A feed to candidates.
pub fn feed(bytes: &[u8]) {
    let _ = discover::feed(bytes, None, &address(), &source());
}

/// A sitemap to candidates.
pub fn sitemap(bytes: &[u8]) {
    let _ = discover::sitemap(bytes, &address(), &source(), usize::MAX);
}

/// Rules for robots: a verdict names a line that is there, and nothing kept is without bounds.
pub fn robots(bytes: &[u8]) {
    let robots = Robots::parse(bytes, "sokbo");
    let text = String::from_utf8_lossy(bytes);
    let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
    for path in text.lines().take(20) {
        let verdict = robots.verdict(path);
        assert!(verdict.line.is_none_or(|line| (1..=lines).contains(&line)));
        assert_eq!(verdict.rule.is_some(), verdict.line.is_some());
        assert!(verdict.reason().is_none_or(|reason| reason.chars().count() < 300));
    }
    assert!(robots.crawl_delay().is_none_or(|delay| delay.as_secs() <= 86_400));
    assert!(robots.content_signals().len() <= 50 && robots.sitemaps().len() <= 500);
}

/// An address in canonical form stays as it is.
pub fn url(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let parsed = CanonicalUrl::parse(&text, Identity::default());
    let joined = CanonicalUrl::join(&address(), &text, Identity::default());
    for canonical in [parsed, joined].into_iter().flatten() {
        let again = CanonicalUrl::parse(canonical.as_str(), Identity::default());
        assert_eq!(again.as_ref(), Ok(&canonical));
    }
}
