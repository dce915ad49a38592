use chrono::{DateTime, Utc};
use url::Url;

use super::*;
use crate::domain::{Article, Trust};
use crate::extract::{Input, page};
use crate::markup::parse_html;

const TEXT: &str = "<p>우물을 다시 판다고 마을 사람들이 말했다. 물은 봄에 나온다고 한다.</p>\
    <p>삽은 마을 회관에서 빌리고, 흙은 밭으로 옮겨 두기로 했다고 이장은 전했다.</p>";

fn rule(since: Option<&str>, fields: &[(RuleField, &str)], remove: &[&str]) -> SiteRule {
    let mut rule = SiteRule {
        since: since.map(|s| s.parse().unwrap()),
        selectors: BTreeMap::new(),
        remove: remove.iter().map(|s| (*s).to_owned()).collect(),
    };
    for (field, selector) in fields {
        let list = rule.selectors.entry(*field).or_default();
        list.push((*selector).to_owned());
    }
    rule
}

fn read(text: &str, rules: &[SiteRule]) -> Article {
    let rules = SiteRules::compile(rules).unwrap();
    let html = parse_html(text).unwrap();
    let now: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
    let url = Url::parse("https://www.saesol.example/news/7").unwrap();
    page(&Input {
        url: Some(&url),
        language: Some("ko"),
        rules: Some(&rules),
        ..Input::of(&html, now)
    })
    .article
}

/// Strategy and raw value of what was noted of a field, in order.
fn noted<'a>(article: &'a Article, field: &str) -> Vec<(&'static str, &'a str)> {
    let notes = article.provenance.iter().filter(|p| p.field == field);
    notes.map(|p| (p.strategy, p.raw.as_str())).collect()
}

#[test]
fn every_wrong_selector_is_named_with_its_place() {
    let wrong = [
        rule(
            None,
            &[(RuleField::Title, "h1"), (RuleField::Title, "h1[")],
            &[],
        ),
        rule(None, &[(RuleField::Body, "script(a)")], &[".x", "img @src"]),
    ];
    let errors = SiteRules::compile(&wrong).unwrap_err();
    let places: Vec<(usize, &str, usize)> = errors.iter().map(|e| (e.rule, e.key, e.at)).collect();
    assert_eq!(places, [(0, "title", 1), (1, "body", 0), (1, "remove", 1)]);
}

#[test]
fn every_field_can_be_selected() {
    let page = format!(
        "<meta name=lead content='두 번째 줄'><h2>옛 우물을 다시 판다</h2><i class=who>홍길동 기자</i>\
         <i class=when>2024. 3. 5. 09:20</i><i class=edit>2024. 3. 5. 10:40</i><b class=part>마을</b>\
         <a class=k>#우물</a><a class=k>물, 봄</a><em>가람통신</em><u lang=x data-l='ko-KR'></u><i class=lock></i>\
         <div class=text>{TEXT}</div><div class=pics><figure><img src=/a1.jpg><figcaption>삽을 든 사람들 [사진=한이슬]</figcaption></figure></div>"
    );
    let fields = [
        (RuleField::Title, "h2"),
        (RuleField::Subtitle, "meta[name=lead]"),
        (RuleField::Authors, ".who"),
        (RuleField::Published, ".when"),
        (RuleField::Modified, ".edit"),
        (RuleField::Section, ".part"),
        (RuleField::Tags, ".k"),
        (RuleField::Body, ".text"),
        (RuleField::Images, ".pics"),
        (RuleField::Agency, "em"),
        (RuleField::Language, "u @data-l"),
        (RuleField::Paywalled, ".lock"),
    ];
    let found = read(&page, &[rule(None, &fields, &[])]);
    assert_eq!(found.title, "옛 우물을 다시 판다");
    assert_eq!(found.subtitle.as_deref(), Some("두 번째 줄"));
    assert_eq!(found.authors, ["홍길동"]);
    let stamps = [&found.published, &found.modified].map(|s| s.as_ref().unwrap().to_text());
    assert_eq!(
        stamps,
        ["2024-03-05T09:20:00+09:00", "2024-03-05T10:40:00+09:00"]
    );
    assert_eq!(found.section.as_deref(), Some("마을"));
    assert_eq!(found.tags, ["우물", "물", "봄"]);
    assert_eq!(found.body.len(), 2);
    assert_eq!(found.images[0].url, "https://www.saesol.example/a1.jpg");
    assert_eq!(found.images[0].caption.as_deref(), Some("삽을 든 사람들"));
    assert_eq!(found.agency.as_deref(), Some("가람통신"));
    assert_eq!(found.language.as_deref(), Some("ko"));
    assert_eq!(found.paywalled, Some(true));
    for field in RuleField::ALL {
        let name = field.as_str();
        assert_eq!(noted(&found, name).len(), 1, "{name}");
        let origin = found.provenance.iter().find(|p| p.field == name).unwrap();
        assert_eq!(
            (origin.strategy, origin.trust),
            (GIVEN, Trust::High),
            "{name}"
        );
    }
}

#[test]
fn latest_rule_in_force_on_the_day_of_the_article_decides_all_fields() {
    let rules = [
        rule(
            None,
            &[(RuleField::Title, "h2"), (RuleField::Section, "i")],
            &[],
        ),
        rule(Some("2025-07-01"), &[(RuleField::Title, "h3")], &[]),
        rule(Some("2027-01-01"), &[(RuleField::Title, "h6")], &[]),
    ];
    for (day, title) in [("2025-06-30", "옛 제목이다"), ("2025-07-01", "새 제목이다")] {
        let page = format!(
            "<meta property=article:published_time content={day}T09:00:00+09:00><h1>다른 제목</h1>\
             <h2>옛 제목이다</h2><h3>새 제목이다</h3><i>마을</i><article>{TEXT}</article>"
        );
        let found = read(&page, &rules);
        assert_eq!(found.title, title, "{day}");
        assert_eq!(
            found.section.as_deref(),
            Some("마을"),
            "rules add up by field"
        );
    }
    let undated = read(&format!("<h3>새 제목이다</h3>{TEXT}"), &rules);
    assert_eq!(
        undated.title, "새 제목이다",
        "a page without a date is of today"
    );
}

#[test]
fn selectors_of_a_field_are_tried_in_order() {
    let page = format!(
        "<h1>제목</h1><i class=b>2024-03-05</i><i class=a>어제쯤</i><article>{TEXT}</article>"
    );
    let fields = [
        (RuleField::Published, ".none"),
        (RuleField::Published, ".a"),
        (RuleField::Published, ".b"),
    ];
    let found = read(&page, &[rule(None, &fields, &[])]);
    assert_eq!(noted(&found, "published"), [(GIVEN, "2024-03-05")]);
}

#[test]
fn rule_that_misses_leaves_the_field_to_the_generic_engine_and_a_mark() {
    let page = format!("<h1>우물을 다시 판다</h1><article>{TEXT}</article>");
    let fields = [
        (RuleField::Title, "h4"),
        (RuleField::Title, "h5"),
        (RuleField::Body, ".gone"),
        (RuleField::Paywalled, ".lock"),
    ];
    let found = read(&page, &[rule(None, &fields, &[])]);
    assert_eq!(found.title, "우물을 다시 판다");
    assert_eq!(found.body.len(), 2);
    assert_eq!(
        noted(&found, "title"),
        [("markup", "우물을 다시 판다"), (MISSED, "h4 | h5")]
    );
    let body: Vec<&str> = noted(&found, "body").iter().map(|n| n.0).collect();
    assert_eq!(body, ["article", MISSED]);
    assert_eq!(noted(&found, "paywalled"), [], "most pages have no lock");
}

#[test]
fn body_rule_that_matches_a_scrap_has_missed() {
    let villages = ["윗", "아랫", "건넛", "새"];
    let long: String = villages
        .iter()
        .map(|name| TEXT.replace("마을", &format!("{name}마을")))
        .collect();
    let page =
        format!("<h1>우물</h1><article>{long}</article><p class=lead>우물을 다시 판다고 한다.</p>");
    let body = [(RuleField::Body, ".lead")];
    let found = read(&page, &[rule(None, &body, &[])]);
    assert_eq!(found.body.len(), 8);
    assert!(noted(&found, "body").contains(&(MISSED, ".lead")));
    let flash = "<h1>우물</h1><p class=lead>우물을 다시 판다고 한다.</p>";
    let found = read(flash, &[rule(None, &body, &[])]);
    assert_eq!(
        found.body,
        ["우물을 다시 판다고 한다."],
        "short news is short everywhere"
    );
    assert_eq!(noted(&found, "body").len(), 1);
}

#[test]
fn removed_elements_leave_the_body_and_its_pictures_and_no_other_field() {
    let page = format!(
        "<h1>우물을 다시 판다</h1><article><div class=by>2024-03-05 09:20 홍길동 기자</div>{TEXT}\
         <p>끝으로 <span class=x>광고를 보세요</span>물맛을 본다고 사람들은 입을 모아 말했다.</p>\
         <div class=more><p>다른 소식을 여기에서 이어 읽을 수 있다고 안내하는 글이다.</p><img src=/b2.jpg></div></article>"
    );
    for body in [&[][..], &[(RuleField::Body, "article")]] {
        let found = read(&page, &[rule(None, body, &[".more", ".x", ".by", ".none"])]);
        let last = found.body.last().unwrap();
        assert_eq!(last, "끝으로 물맛을 본다고 사람들은 입을 모아 말했다.");
        assert_eq!(found.images, []);
        assert_eq!(found.authors, ["홍길동"]);
        assert_eq!(
            found.published.as_ref().unwrap().to_text(),
            "2024-03-05T09:20:00+09:00"
        );
        assert_eq!(noted(&found, "remove"), []);
    }
}

#[test]
fn remove_that_would_take_everything_is_ignored_and_marked() {
    let page = format!("<h1>우물</h1><article><b class=x>가</b>{TEXT}</article>");
    for (body, everything) in [
        (&[][..], "article p"),
        (&[(RuleField::Body, "article")], "p"),
    ] {
        let found = read(&page, &[rule(None, body, &[everything, ".x"])]);
        assert_eq!(found.body.len(), 2, "{everything}");
        assert_eq!(noted(&found, "remove"), [(IGNORED, everything)]);
    }
}

#[test]
fn state_of_a_script_gives_any_field() {
    let page = r#"<title>x</title><div id=app></div><script id=__NEXT_DATA__ type=application/json>
        {"props":{"article":{"head":"우물을 <b>다시</b> 판다","at":"2024-03-05T09:20:00+09:00","by":[{"name":"한이슬"},{"name":"오새날"}],
        "cover":"/c3.jpg","parts":[{"type":"text","html":"<p>우물을 다시 판다고 마을 사람들이 말했다.</p><p>물은 봄에 나온다고 한다.</p>"},
        {"type":"ad","html":"<p>싸게 팝니다.</p>"},{"type":"text","html":"삽은 빌린다고 이장은 전했다."}]}}}</script>"#;
    let fields = [
        (RuleField::Title, "script(__NEXT_DATA__).props.article.head"),
        (
            RuleField::Published,
            "script(__NEXT_DATA__).props.article.at",
        ),
        (
            RuleField::Authors,
            "script(__NEXT_DATA__).props.article.by[*].name",
        ),
        (
            RuleField::Images,
            "script(__NEXT_DATA__).props.article.cover",
        ),
        (
            RuleField::Body,
            "script(__NEXT_DATA__).props.article.parts[type=text].html",
        ),
    ];
    let found = read(page, &[rule(None, &fields, &[])]);
    assert_eq!(found.title, "우물을 다시 판다");
    assert_eq!(found.authors, ["한이슬", "오새날"]);
    assert_eq!(
        found.published.as_ref().unwrap().to_text(),
        "2024-03-05T09:20:00+09:00"
    );
    assert_eq!(found.images[0].url, "https://www.saesol.example/c3.jpg");
    assert_eq!(
        found.body,
        [
            "우물을 다시 판다고 마을 사람들이 말했다.",
            "물은 봄에 나온다고 한다.",
            "삽은 빌린다고 이장은 전했다."
        ]
    );
    assert!(found.provenance.iter().all(|p| p.strategy != MISSED));
}

#[test]
fn one_element_with_two_dates_gives_both() {
    let page = format!(
        "<h1>우물</h1><p class=when>수정 2024.03.05 10:40 입력 2024.03.05 09:20</p><article>{TEXT}</article>"
    );
    let fields = [
        (RuleField::Published, ".when"),
        (RuleField::Modified, ".when"),
    ];
    let found = read(&page, &[rule(None, &fields, &[])]);
    let stamps = [&found.published, &found.modified].map(|s| s.as_ref().unwrap().to_text());
    assert_eq!(
        stamps,
        ["2024-03-05T09:20:00+09:00", "2024-03-05T10:40:00+09:00"]
    );
}

#[test]
fn markup_in_the_state_of_a_script_loses_what_is_removed() {
    let page = "<h1>우물</h1><script>S = {\"html\": \"<p>우물을 다시 <i class=ad>싸게</i> 판다고 마을 사람들이 말했다.</p>\
                <div class=more><p>다른 소식을 이어서 읽는다.</p></div>\"}</script>";
    let body = [(RuleField::Body, "script(S).html")];
    let found = read(page, &[rule(None, &body, &[".more", ".ad"])]);
    assert_eq!(found.body, ["우물을 다시 판다고 마을 사람들이 말했다."]);
    let found = read(page, &[rule(None, &body, &["p"])]);
    assert_eq!(found.body.last().unwrap(), "다른 소식을 이어서 읽는다.");
    assert_eq!(noted(&found, "remove"), [(IGNORED, "p")]);
}
