//! The files that come with Sokbo, and a source file with every key.

use std::path::Path;

use super::super::document::Document;
use super::super::environment::Overlay;
use super::super::findings::Findings;
use super::super::service;
use super::*;
use crate::domain::{Country, RuleField, Scope, SectionKind, StorePolicy, Verified};

const EVERY_KEY: &str = r#"
name = "saesol"
home = "https://WWW.saesol.example"
language = "ko-KR"
timezone = "Asia/Seoul"
sections = ["https://www.saesol.example/list?b=2&a=1&utm_source=x"]
feeds = ["https://rss.saesol.example/all.xml"]
sitemaps = ["https://www.saesol.example/news.xml"]
article_url = '/news/view/\d+'
interval = { min = "2m", max = "30m" }
hosts = ["새솔.example"]
identity = ["idxno"]
delay = "5s"
scope = "domain"
conditional = false
enabled = false
country = "kr"
tags = ["economy"]
verified = 2026-11-02
headers = { Accept-Language = "ko" }
store = "metadata"
terms = "RSS terms read 2026-11-02"
[[extract]]
since = 2025-07-01
title = ["h1.head", "meta[property='og:title']"]
images = "figure img @data-src"
body = "script(__NEXT_DATA__).props.article.parts[type=text].html"
remove = [".related"]
"#;

/// Reads a service file alone.
pub(super) fn read_service(document: &Document) -> (Config, Findings) {
    let overlay = Overlay::new();
    let above = service::Above {
        overlay: &overlay,
        database_url: None,
        data_dir: Config::default().data_dir,
    };
    let mut findings = Findings::default();
    let config = match document.parse() {
        Ok(tree) => service::read(document, tree.get_ref(), &above, &mut findings),
        Err(problems) => {
            findings.problems.extend(problems);
            Config::default()
        }
    };
    (config, findings)
}

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config/sokbo.toml")
}

#[test]
fn shipped_file_says_what_the_defaults_are() {
    let document = Document::read(&shipped()).unwrap();
    let (config, findings) = read_service(&document);
    assert_eq!(findings.problems, []);
    assert_eq!(findings.warnings, Vec::<String>::new());
    assert_eq!(format!("{config:?}"), format!("{:?}", Config::default()));
}

#[test]
fn shipped_file_names_every_key() {
    let text = fs::read_to_string(shipped()).unwrap();
    let (_, findings) = read_service(&Document::new("sokbo.toml", text.clone()));
    let mut missing: Vec<&str> = Vec::new();
    for known in &findings.known {
        let Some((table, key)) = known.split_once('.') else {
            assert!(text.contains(&format!("\n[{known}]\n")), "[{known}]");
            continue;
        };
        let (_, section) = text.split_once(&format!("\n[{table}]\n")).unwrap();
        let section = section.split("\n[").next().unwrap();
        let is_named = section.lines().any(|line| {
            let line = line.trim_start_matches("# ");
            line.strip_prefix(key)
                .is_some_and(|rest| rest.starts_with(" = "))
        });
        if !is_named {
            missing.push(known);
        }
    }
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn commented_examples_of_the_shipped_file_are_valid() {
    let text = fs::read_to_string(shipped()).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with("# url_file"));
    let lines = lines.filter(|line| !line.starts_with("# extra_ca"));
    let is_example = |line: &str| {
        let key = line
            .strip_prefix("# ")
            .and_then(|rest| rest.split_once(" = "));
        key.is_some_and(|(key, _)| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
    };
    let text: Vec<&str> = lines
        .map(|line| {
            if is_example(line) {
                line.trim_start_matches("# ")
            } else {
                line
            }
        })
        .collect();
    let (config, findings) = read_service(&Document::new("sokbo.toml", text.join("\n")));
    assert_eq!(findings.problems, []);
    assert!(config.contact.is_some() && config.retention.fetches.is_some());
}

#[test]
fn shipped_sources_load_without_remarks() {
    let overrides = Overrides {
        config: Some(shipped()),
        database_url: None,
    };
    let config = load(&overrides, &environment(&[("HOME", "/home/kim")])).unwrap();
    assert_eq!(config.warnings, Vec::<String>::new());
    let is_korean = |source: &&Source| source.country == Some(Country("KR".to_owned()));
    let korean = config.sources.iter().filter(is_korean).count();
    assert!(korean >= 40, "{korean} Korean outlets");
    let international = config.sources.len() - korean;
    assert!(international >= 40, "{international} international outlets");
    let etoday = config
        .sources
        .iter()
        .find(|s| s.name.as_str() == "etoday")
        .unwrap();
    assert!(etoday.is_active());
    assert_eq!(etoday.rules.len(), 1);
    let article = "https://www.etoday.co.kr/news/view/2335742";
    assert!(etoday.article_url.as_ref().unwrap().is_match(article));
    let chosun = config
        .sources
        .iter()
        .find(|s| s.name.as_str() == "chosun")
        .unwrap();
    assert!(
        chosun.sections[0].url.as_str().contains("/rss/?"),
        "the final slash stays"
    );
    for source in &config.sources {
        assert!(
            source.language.is_some() && source.terms.is_some(),
            "{}",
            source.name
        );
        let pattern = source.article_url.as_ref();
        for section in &source.sections {
            let url = section.url.as_str();
            assert!(
                !pattern.is_some_and(|p| p.is_match(url)),
                "{url} looks like an article"
            );
        }
    }
}

#[test]
fn every_key_of_a_source_file_arrives() {
    let folder = Folder::new("", &[("saesol", EVERY_KEY)]);
    let config = folder.load().unwrap();
    let source = &config.sources[0];
    assert_eq!(source.home.as_str(), "https://www.saesol.example/");
    assert_eq!(source.language.as_deref(), Some("ko"));
    assert_eq!(source.timezone, Some(chrono_tz::Asia::Seoul));
    let kinds: Vec<_> = source.sections.iter().map(|section| section.kind).collect();
    assert_eq!(
        kinds,
        [SectionKind::Page, SectionKind::Feed, SectionKind::Sitemap]
    );
    assert_eq!(
        source.sections[0].url.as_str(),
        "https://www.saesol.example/list?a=1&b=2"
    );
    assert_eq!(source.interval.min.as_secs(), 120);
    assert_eq!(source.hosts, ["xn--og4bqo.example".to_owned()]);
    assert_eq!(source.identity, Some(vec!["idxno".to_owned()]));
    assert_eq!(source.delay.map(|delay| delay.as_secs()), Some(5));
    assert_eq!(source.scope, Scope::Domain);
    assert!(!source.conditional && !source.enabled);
    assert_eq!(
        source.country.as_ref().map(|country| country.0.as_str()),
        Some("KR")
    );
    assert_eq!(source.store, StorePolicy::Metadata);
    assert!(matches!(source.verified, Verified::On(day) if day.to_string() == "2026-11-02"));
    let rule = &source.rules[0];
    assert_eq!(
        rule.since.map(|day| day.to_string()).as_deref(),
        Some("2025-07-01")
    );
    let lists = [RuleField::Title, RuleField::Images].map(|field| rule.selectors[&field].len());
    assert_eq!(lists, [2, 1]);
    assert!(rule.selectors[&RuleField::Body][0].ends_with("parts[type=text].html"));
    assert_eq!(rule.remove, [".related"]);
}

#[test]
fn example_of_the_documentation_loads_and_shows_every_field() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/SITE_RULES.md");
    let docs = fs::read_to_string(docs).unwrap();
    let (_, example) = docs.split_once("```toml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let config = Folder::new("", &[("saesol", example)]).load().unwrap();
    let rules = &config.sources[0].rules;
    assert_eq!(rules.len(), 2);
    for field in RuleField::ALL {
        assert!(rules[1].selectors.contains_key(&field), "{field:?}");
    }
    assert_eq!(rules[1].remove.len(), 3);
}

#[test]
fn source_without_listings_is_visited_at_home() {
    let folder = Folder::new("", &[("saesol", &source("saesol", "feeds = []\n"))]);
    let config = folder.load().unwrap();
    let sections = &config.sources[0].sections;
    assert_eq!(sections.len(), 1);
    assert_eq!(
        (sections[0].kind, &sections[0].url),
        (SectionKind::Page, &config.sources[0].home)
    );
}
