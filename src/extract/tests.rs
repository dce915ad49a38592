use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::domain::SiteRule;
use crate::markup::parse_html;

fn now() -> DateTime<Utc> {
    "2026-11-23T00:00:00Z".parse().unwrap()
}

pub(super) fn extract(text: &str, url: Option<&str>, zone: Option<Tz>) -> Extraction {
    ruled(text, url, zone, None)
}

fn ruled(text: &str, url: Option<&str>, zone: Option<Tz>, rules: Option<&SiteRules>) -> Extraction {
    let html = parse_html(text).unwrap();
    let url = url.map(|url| Url::parse(url).unwrap());
    page(&Input {
        url: url.as_ref(),
        zone,
        rules,
        ..Input::of(&html, now())
    })
}

/// The rules of a page's expectation, in the form of a source file.
fn rules_of(input: &Value) -> SiteRules {
    let list = |value: &Value| -> Vec<String> {
        let list = value.as_array().unwrap().iter();
        list.map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    let rule = |given: &Value| {
        let selectors = RuleField::ALL.into_iter().filter_map(|field| {
            let selectors = given.get(field.as_str())?;
            Some((field, list(selectors)))
        });
        SiteRule {
            since: given
                .get("since")
                .map(|day| day.as_str().unwrap().parse().unwrap()),
            selectors: selectors.collect(),
            remove: given.get("remove").map(list).unwrap_or_default(),
        }
    };
    let rules = input["rules"].as_array().into_iter().flatten().map(rule);
    SiteRules::compile(&rules.collect::<Vec<_>>()).unwrap()
}

/// What site rules gave and missed.
fn marks(article: &Article) -> Vec<String> {
    let origins = article.provenance.iter();
    let ruled = origins.filter(|p| p.strategy.starts_with("site_rule"));
    ruled
        .map(|p| format!("{} {}", p.field, p.strategy))
        .collect()
}

fn as_json(found: &Extraction) -> Value {
    let article = &found.article;
    let images: Vec<Value> = article
        .images
        .iter()
        .map(|image| json!({"url": image.url, "caption": image.caption, "credit": image.credit}))
        .collect();
    json!({
        "kind": found.kind.as_str(),
        "error": found.reason.as_ref().map(ToString::to_string),
        "canonical_url": found.canonical.as_ref().map(CanonicalUrl::as_str),
        "next_page": found.next_page.as_ref().map(Url::as_str),
        "title": article.title,
        "subtitle": article.subtitle,
        "authors": article.authors,
        "published": article.published.as_ref().map(crate::domain::Stamp::to_text),
        "modified": article.modified.as_ref().map(crate::domain::Stamp::to_text),
        "language": article.language,
        "section": article.section,
        "tags": article.tags,
        "images": images,
        "agency": article.agency,
        "paywalled": article.paywalled,
        "marks": marks(article),
        "body": article.body,
    })
}

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/extraction");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|end| end == "html"))
        .collect()
}

/// Each page was written for one cause of loss; its name says which.
#[test]
fn pages_give_the_article_that_a_reader_sees() {
    let pages = fixtures();
    assert!(pages.len() >= 15);
    for path in pages {
        let expected = std::fs::read_to_string(path.with_extension("expected.json")).unwrap();
        let mut expected: Value = serde_json::from_str(&expected).unwrap();
        let input = expected.as_object_mut().unwrap().remove("input").unwrap();
        let zone = input["zone"].as_str().map(|zone| zone.parse().unwrap());
        let text = std::fs::read_to_string(&path).unwrap();
        let rules = rules_of(&input);
        let found = as_json(&ruled(&text, input["url"].as_str(), zone, Some(&rules)));
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            rewrite(&path, &input, &expected, found);
            continue;
        }
        for (key, value) in expected.as_object().unwrap() {
            assert_eq!(&found[key], value, "{key} of {}", path.display());
        }
    }
}

/// Writes what came out as what is expected, for a reviewer to read: the fields that the file names,
/// all of them where it names none yet.
fn rewrite(path: &Path, input: &Value, named: &Value, found: Value) {
    let named = named.as_object().unwrap();
    let Value::Object(mut fields) = found else {
        panic!("an object");
    };
    fields.retain(|key, _| named.is_empty() || named.contains_key(key));
    if fields == *named {
        return;
    }
    let mut expected = json!({ "input": input });
    expected.as_object_mut().unwrap().extend(fields);
    let text = serde_json::to_string_pretty(&expected).unwrap() + "\n";
    std::fs::write(path.with_extension("expected.json"), text).unwrap();
}

#[test]
fn every_field_says_where_it_comes_from() {
    let text = "<title>Ferry - Ledger</title><meta property=article:published_time content=2024-03-05T08:20:00Z>\
                <h1>Ferry to run at night</h1><article><p>The ferry will run until two in the morning, the board said.</p></article>";
    let found = extract(text, None, None);
    let origin = |field: &str| {
        let found = found.article.provenance.iter().find(|p| p.field == field);
        found.map(|p| (p.strategy, p.raw.clone()))
    };
    assert_eq!(
        origin("title"),
        Some(("markup", "Ferry to run at night".to_owned()))
    );
    assert_eq!(
        origin("published"),
        Some(("meta", "2024-03-05T08:20:00Z".to_owned()))
    );
    assert!(origin("body").is_some());
}

/// Over the text of an article, as its page shows and states it.
pub(super) const TEXT: &str = "<p>The ferry will run until two in the morning, the harbour board said on Tuesday.</p>\
                    <p>Until now the last boat left at half past nine, and people took the long road.</p>";

fn title_of(head: &str, over: &str) -> String {
    let text = format!("<head>{head}</head><body><article>{over}{TEXT}</article></body>");
    extract(&text, None, None).article.title
}

#[test]
fn titles_are_whole_and_of_this_page() {
    for (head, over, expected) in [
        // What is cut for search engines is not the headline, though several say it.
        (
            "<title>Ferry to run at night | Ledger</title><meta property=og:title content='Ferry to run at night'>",
            "<h1>Ferry to run at night until autumn</h1>",
            "Ferry to run at night until autumn",
        ),
        // A linked headline that the page is called like, beside the head of a box.
        (
            "<title>Ferry to run at night - Ledger</title>",
            "<h1><a href=/a/1 itemprop=headline>Ferry to run at night</a></h1><h3 itemprop=headline>Settings of this site</h3>",
            "Ferry to run at night",
        ),
        // Words in the middle of the page's title are no headline.
        (
            "<title>Harbour: how boats of the night leave</title><meta property=og:title content='Ferry to run at night'>",
            "<p>boats of the night</p>",
            "Ferry to run at night",
        ),
    ] {
        assert_eq!(title_of(head, over), expected, "{head} {over}");
    }
}

#[test]
fn titles_are_the_headline_that_a_reader_sees() {
    for (head, over, expected) in [
        // What the page tells networks is not what it shows.
        (
            "<title>Night boats | Ledger</title><meta property=og:title content='Night boats'>",
            "<h1>Ferry to run at night</h1>",
            "Ferry to run at night",
        ),
        (
            "<title>Ferry to run at night - Ledger</title>",
            "<h1><span class=kicker>Harbour</span> Ferry to run at night</h1>",
            "Ferry to run at night",
        ),
        // What is called a kicker behind the first words is not one.
        (
            "<title>Boats - Ledger</title>",
            "<h1><b>Ferry to run</b> <span class=topline>at night</span></h1>",
            "Ferry to run at night",
        ),
        // A kicker that the page states with its headline belongs to it.
        (
            "<title>Harbour: Ferry to run at night</title>",
            "<h1><span class=kicker>Harbour:</span> Ferry to run at night</h1>",
            "Harbour: Ferry to run at night",
        ),
        (
            "<title>Ferry to run at night - Ledger</title>",
            "<h1>Ferry to run at night</h1><h1><a href=/x>Ferry to run at night by day</a></h1>",
            "Ferry to run at night",
        ),
        // A path of sections is no headline, whatever its tag.
        (
            "<title>Boats until two</title><meta property=og:title content='Ferry to run at night'>",
            "<div class=breadcrumb><h1>Boats until two</h1></div><h2>Ferry to run at night</h2>",
            "Ferry to run at night",
        ),
        // Nor is the last piece of such a path, whatever it is called.
        (
            "<title>Boats until two</title><meta property=og:title content='Ferry to run at night'>",
            "<div><a href=/>Start</a><a href=/sea>Sea</a><h1>Boats until two</h1></div><h2>Ferry to run at night</h2>",
            "Ferry to run at night",
        ),
        // An element of its own in front of the stated headline is a kicker, whatever it is called.
        (
            "<title>Harbour: Ferry to run at night | Ledger</title><meta property=og:title content='Ferry to run at night'>",
            "<h1><span>Harbour</span><span> – </span><span>Ferry to run at night</span></h1>",
            "Ferry to run at night",
        ),
        (
            "<title>Harbour / Ferry to run</title><meta property=og:title content='Harbour / Ferry to run'>",
            "<h1><span>Harbour</span>Ferry to run</h1>",
            "Harbour / Ferry to run",
        ),
        // The outermost part is cut, and no piece of the headline with it.
        (
            "<title>Boats for all - News | Ledger.example</title><meta property=og:site_name content=Ledger.example>",
            "<h1>Boats for all - News</h1>",
            "Boats for all - News",
        ),
    ] {
        assert_eq!(title_of(head, over), expected, "{head} {over}");
    }
}

#[test]
fn canonical_address_is_a_hint_and_no_order() {
    for (stated, expected) in [
        ("https://a.example/n/7", "https://a.example/n/7"),
        ("/n/7?utm_source=x", "https://a.example/n/7"),
        ("https://a.example/", "https://m.a.example/n/7"),
        ("https://elsewhere.example/x", "https://m.a.example/n/7"),
        (
            "https://elsewhere.example/n/7",
            "https://elsewhere.example/n/7",
        ),
        ("javascript:alert(1)", "https://m.a.example/n/7"),
        ("http://user:pw@a.example/n/7", "https://m.a.example/n/7"),
    ] {
        let text = format!("<base href='https://a.example/'><link rel=canonical href='{stated}'>");
        let found = extract(&text, Some("https://m.a.example/n/7"), None);
        assert_eq!(found.canonical.unwrap().as_str(), expected, "{stated}");
    }
}

#[test]
fn scrap_in_a_container_called_body_is_not_the_body() {
    let text = "<main><h1>Ferry to run at night</h1><div class=article-content>By Clara Birch today.</div>\
                <div><p>The ferry will run until two in the morning, the harbour board said on Tuesday.</p>\
                <p>Until now the last boat left at half past nine, and people took the long road.</p>\
                <p>The board will look at the figures again in September, when the trial ends.</p></div></main>";
    let found = extract(text, None, None);
    let last = found.article.body.last().unwrap();
    assert!(
        last.starts_with("The board will look"),
        "{:?}",
        found.candidates
    );
}

/// Pages made to cost much; within the limits of the parser they must come back quickly.
#[test]
fn hostile_pages_end_without_harm() {
    let attributes: String = (0..20_000).map(|n| format!(" a{n}=x")).collect();
    let pages = [
        "<div>".repeat(900) + "text",
        format!("<p>{}</p>", "가나다 ".repeat(400_000)),
        format!("<div{attributes}>text</div>"),
        "<ul><li><a href=x>y</a>".repeat(300),
        format!("<p>{}", "x<br>".repeat(100_000)),
        "<img src=a.jpg>".repeat(20_000),
        "<span class=a>x</span>".repeat(30_000),
        format!("<title>{}</title>", "a - ".repeat(50_000)),
        format!("<h1>{}</h1>", "a | b ".repeat(50_000)),
        format!("<p class=byline>{}</p>", "홍길동·".repeat(20_000)),
        format!("<article><p>{}</p></article>", "[앵커] ".repeat(20_000)),
        format!(
            "<script>__NEXT_DATA__ = {}</script>",
            "{\"a\":[".repeat(50_000)
        ),
    ];
    for text in &pages {
        let Ok(html) = parse_html(text) else { continue };
        let found = page(&Input::of(&html, now()));
        assert!(found.article.body.len() <= 60_000);
    }
}

proptest! {
    #[test]
    fn any_page_is_read_without_panic(
        text in "(<(p|div|a|h1|br|img|table|td|span|script|meta|time|li)( (class|id|itemprop|src|content|datetime)=\"[a-z가-힣0-9:/ -]{0,12}\")?>|</[a-z]{1,4}>|\\PC{0,30}|홍길동 기자 a@b|\\[앵커\\]|2024.03.05 09:20){0,60}",
        url in prop::option::of("https://[a-z]{1,5}\\.example/[a-z0-9/]{0,10}")
    ) {
        if let Ok(html) = parse_html(&text) {
            let url = url.and_then(|url| Url::parse(&url).ok());
            let found = page(&Input {url: url.as_ref(),..Input::of(&html, now()) });
            for text in found.article.body.iter().chain([&found.article.title]) {
                prop_assert!(!text.contains('\0'));
                prop_assert!(unicode_normalization::is_nfc(text));
            }
        }
    }
}
