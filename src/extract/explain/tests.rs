use std::path::Path;

use super::*;
use crate::domain::SiteRule;
use crate::extract::{SiteRules, explained, page};
use crate::markup::parse_html;

fn input<'a>(html: &'a scraper::Html, rules: Option<&'a SiteRules>) -> Input<'a> {
    Input {
        rules,
        ..Input::of(html, "2026-11-23T00:00:00Z".parse().unwrap())
    }
}

fn told(text: &str) -> (Extraction, Explanation) {
    explained(&input(&parse_html(text).unwrap(), None))
}

#[test]
fn explained_page_reads_like_any_other() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/extraction");
    let mut pages = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "html") {
            continue;
        }
        pages += 1;
        let html = parse_html(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let (found, told) = explained(&input(&html, None));
        assert_eq!(found.article, page(&input(&html, None)).article, "{path:?}");
        for place in &told.places {
            // What is told can be pasted into a rule, and the rule gives what was told.
            let selectors = [(place.field, vec![place.selector.clone()])].into();
            let rule = SiteRule {
                selectors,
                ..SiteRule::default()
            };
            let rules = SiteRules::compile(&[rule]).unwrap();
            let again = page(&input(&html, Some(&rules))).article;
            if place.field == RuleField::Title {
                assert_eq!(again.title, place.value, "{path:?} {place:?}");
            }
        }
    }
    assert!(pages >= 15);
}

#[test]
fn containers_are_named_and_what_was_left_out_of_them_has_a_reason() {
    let (found, told) = told(
        "<h1>나루터가 다시 열린다</h1><div class='view body x20240305'>\
         <p>(별내=가람통신) 한이슬 기자 = 나루터가 아홉 해 만에 다시 열린다고 시가 밝혔다.</p>\
         <figure><img src=a.jpg><figcaption>나루터에 모인 사람들</figcaption></figure>\
         <p>배는 하루 여섯 번 강을 건너며, 주민은 삯을 내지 않아도 된다고 한다.</p>\
         <p>▶ 관련기사: 나루터 네 곳</p></div>",
    );
    let chosen = found.candidates.iter().find(|c| c.is_chosen).unwrap();
    assert_eq!(chosen.path, "div.view");
    assert!((chosen.score - chosen.parts.iter().map(|p| p.1).sum::<f32>()).abs() < 1e-6);
    let reasons: Vec<&str> = told.left_out.iter().map(|line| line.reason).collect();
    assert_eq!(reasons, ["kept in part", "caption", "trimmed"]);
}

#[test]
fn places_of_a_field_are_told_with_what_they_say() {
    let (_, told) = told(
        "<title>나루터 - 새솔</title><meta property=og:title content='나루터가 열린다'>\
         <meta name=pubdate content=2024-03-05><meta name=owner content=1110738559><script type=application/ld+json>\
         {\"@graph\":[{\"@type\":\"NewsArticle\",\"headline\":\"나루터\",\"author\":[{\"name\":\"한이슬\"}]}]}</script>\
         <h1 class=top>나루터가 다시 열린다</h1>",
    );
    let places: Vec<(&str, &str, &str)> = told
        .places
        .iter()
        .map(|p| (p.field.as_str(), p.selector.as_str(), p.value.as_str()))
        .collect();
    assert_eq!(
        places,
        [
            ("title", "h1.top", "나루터가 다시 열린다"),
            (
                "title",
                "script(application/ld+json).@graph[*].headline",
                "나루터"
            ),
            ("title", "title", "나루터 - 새솔"),
            ("title", "meta[property=\"og:title\"]", "나루터가 열린다"),
            (
                "authors",
                "script(application/ld+json).@graph[*].author[*].name",
                "한이슬"
            ),
            ("published", "meta[name=\"pubdate\"]", "2024-03-05"),
        ]
    );
}

#[test]
fn body_of_a_rule_is_told_beside_the_generic_candidates() {
    let rule = SiteRule {
        selectors: [(RuleField::Body, vec![".x".to_owned()])].into(),
        ..SiteRule::default()
    };
    let rules = SiteRules::compile(&[rule]).unwrap();
    let text = "나루터가 아홉 해 만에 다시 열린다고 시가 밝혔다. 첫 배는 새달에 뜬다고 한다.";
    let html = parse_html(&format!("<h1>나루터</h1><div class=x><p>{text}</p></div>")).unwrap();
    let (found, told) = explained(&input(&html, Some(&rules)));
    assert_eq!(told.body, "a site rule names it");
    let chosen: Vec<bool> = found.candidates.iter().map(|c| c.is_chosen).collect();
    assert_eq!(chosen.iter().filter(|is| **is).count(), 1);
    assert!(chosen.len() > 1, "{:?}", found.candidates);
}
