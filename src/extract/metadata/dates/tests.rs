use super::agree::agree;
use crate::domain::{Precision, Stamp};
use crate::extract::tests::extract;
use crate::markup::date::{self, Context, Scope};

fn stamp(text: &str) -> Stamp {
    let context = Context {
        now: "2026-11-23T00:00:00Z".parse().unwrap(),
        zone: None,
        order: None,
        scope: Scope::Page,
    };
    date::read(text, &context).unwrap().stamp
}

#[test]
fn statements_agree_where_a_zone_of_the_earth_makes_them_one() {
    for (a, b, expected) in [
        ("2024-03-05T09:20:00Z", "2024-03-05", true),
        ("2024-03-05T23:20:00Z", "2024-03-06", true),
        ("2024-03-05T23:20:00Z", "2024-03-07", false),
        ("2024-03-05T23:20:00Z", "2024-03-06 08:20", true),
        ("2024-03-05T23:20:00Z", "2024-03-06 08:21", false),
        ("2024-03-05T09:20:00+09:00", "2024-03-06", false),
        ("2024-03-05T19:30:00+01:00", "2024-03-06", true),
        ("2024-03-05T09:20:00Z", "March 2024", true),
        ("2024-03-05T09:20:00Z", "April 2024", false),
    ] {
        assert_eq!(agree(&stamp(a), &stamp(b)), expected, "{a} {b}");
        assert_eq!(agree(&stamp(b), &stamp(a)), expected, "{b} {a}");
    }
    assert_eq!(stamp("March 2024").precision, Precision::Month);
}

/// The day of an article that a system stamped on 2 May 2024, with some markup under its headline.
fn day_with(shown: &str) -> String {
    let text = "The council of Marrow Bay agreed on Tuesday night, after four hours of debate, to \
        build a second pier for the ferries that cross the bay in winter.";
    let page = format!(
        "<html><head><meta property=article:published_time content=2024-05-02T10:00:00Z></head>\
         <body><article><h1>Second pier for Marrow Bay</h1>{shown}<p>{text}</p><p>Now {text}</p>\
         <p>Then {text}</p></article></body></html>"
    );
    let found = extract(&page, Some("https://paper.example/bay/pier"), None);
    let published = found.article.published.unwrap();
    published.local.date().to_string()
}

#[test]
fn earlier_date_under_the_headline_is_the_publication() {
    for (shown, expected) in [
        (
            "<time datetime=2021-03-05>5 March 2021</time>",
            "2021-03-05",
        ),
        ("<time>5 March 2021</time>", "2021-03-05"),
        (
            "<time class=updated datetime=2021-03-05>5 March 2021</time>",
            "2024-05-02",
        ),
        (
            "<time datetime=2024-05-02>2 May 2024</time> after <time>5 March 2021</time>",
            "2024-05-02",
        ),
        ("<time datetime=2024-05-04>4 May 2024</time>", "2024-05-02"),
        ("<p>The pier of 5 March 2021</p>", "2024-05-02"),
    ] {
        assert_eq!(day_with(shown), expected, "{shown}");
    }
}
