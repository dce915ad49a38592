//! What becomes of a page where a feed says more, less or something else.

use chrono::FixedOffset;

use super::*;
use crate::domain::{Precision, Stamp};
use crate::markup::parse_html;

const TEXT: [&str; 5] = [
    "The night boat of Ebbsea sails again from Monday, the harbour board said on its last evening.",
    "It will stop at both piers, and whoever has a ticket for the day boat may use it at night too.",
    "Nobody had asked for a third pier, so that none is built before the spring of the next year.",
    "The old captain stays aboard as long as the summer lasts, and teaches his daughter the tides.",
    "A trip costs three crowns, and children who can name all the lighthouses pay nothing at all.",
];

fn now() -> DateTime<Utc> {
    "2026-11-23T00:00:00Z".parse().unwrap()
}

fn read(shown: &str, hint: &Hint) -> Extraction {
    read_with(shown, hint, None)
}

fn read_with(shown: &str, hint: &Hint, offset: Option<StatedOffset>) -> Extraction {
    let html = parse_html(shown).unwrap();
    let input = Input::of(&html, now());
    page(&Input {
        hint: Some(hint),
        offset,
        ..input
    })
}

fn shows(lines: &[&str]) -> String {
    let lines: String = lines.iter().map(|line| format!("<p>{line}</p>")).collect();
    format!("<h1>The night boat sails again</h1><main>{lines}</main>")
}

fn with_text(lines: &[&str]) -> Hint {
    let lines: String = lines.iter().map(|line| format!("<p>{line}</p>")).collect();
    Hint {
        text: Some(lines),
        ..Hint::default()
    }
}

fn stamp(text: &str) -> Stamp {
    let time = DateTime::parse_from_rfc3339(text).unwrap();
    Stamp {
        local: time.naive_local(),
        offset: Some(*time.offset()),
        precision: Precision::Second,
    }
}

/// The strategies of a field.
fn origins(article: &Article, field: &str) -> Vec<&'static str> {
    let origins = article.provenance.iter().filter(|p| p.field == field);
    origins.map(|origin| origin.strategy).collect()
}

#[test]
fn text_of_a_feed_stands_in_for_a_page_that_is_cut_and_for_no_other() {
    let other = "<p>A recipe for soup with leeks, which nobody in the town had ever heard of.</p>";
    let cut = "The night boat of Ebbsea sails again from Monday, the harbour …";
    let third = "Nobody had asked for a third pier, so that none …";
    for (what, page, told, is_taken) in [
        ("a teaser", shows(&[cut]), &TEXT[..], true),
        ("half of it", shows(&TEXT[..2]), &TEXT[..], true),
        (
            "cut in its third line",
            shows(&[TEXT[0], TEXT[1], third]),
            &TEXT[..],
            true,
        ),
        (
            "nothing",
            "<h1>The night boat sails again</h1>".to_owned(),
            &TEXT[..],
            true,
        ),
        ("all", shows(&TEXT), &TEXT[..], false),
        ("more", shows(&TEXT), &TEXT[..2], false),
        (
            "other text",
            shows(&TEXT[..3]) + other,
            &[TEXT[3], TEXT[3], TEXT[2]][..],
            false,
        ),
    ] {
        let found = read(&page, &with_text(told));
        let is_fed = origins(&found.article, "body") == [FEED];
        assert_eq!(is_fed, is_taken, "{what}: {:?}", found.article.body);
        assert_eq!(needs_hint(&found.article), is_taken, "{what}");
        if is_taken {
            assert_eq!(found.article.body, TEXT, "{what}");
            assert_eq!(found.kind, PageKind::Article, "{what}");
        }
    }
}

#[test]
fn barrier_and_stub_and_first_of_several_pages_are_not_filled_from_a_feed() {
    let hint = Hint {
        title: Some("The night boat sails again".to_owned()),
        published: Some(stamp("2026-11-22T09:00:00+01:00")),
        ..with_text(&TEXT)
    };
    let wall =
        "<title>Just a moment...</title><h1>Just a moment...</h1><p>Checking your browser.</p>";
    let found = read(wall, &hint);
    assert_eq!(found.reason, Some(Reason::Challenge));
    let stub = "<meta http-equiv=refresh content='0; url=https://b.example/1'><p>Please wait.</p>";
    assert!(matches!(
        read(stub, &hint).reason,
        Some(Reason::Redirect(_))
    ));
    let first = format!(
        "<link rel=next href='https://a.example/1?page=2'>{}",
        shows(&TEXT[..2])
    );
    let html = parse_html(&first).unwrap();
    let url = Url::parse("https://a.example/1").unwrap();
    let found = page(&Input {
        hint: Some(&hint),
        url: Some(&url),
        ..Input::of(&html, now())
    });
    assert!(found.next_page.is_some());
    assert_eq!(found.article.body.len(), 2);
}

#[test]
fn shell_for_a_script_is_an_article_where_a_feed_has_its_text() {
    let shell = "<title>Ebbsea</title><div id=root></div>";
    let bare = read(shell, &Hint::default());
    assert_eq!(bare.reason, Some(Reason::NeedsScript));
    let hint = Hint {
        title: Some("The night boat sails again".to_owned()),
        authors: vec!["Ann Lee".to_owned()],
        ..with_text(&TEXT)
    };
    let found = read(shell, &hint);
    assert_eq!(found.kind, PageKind::Article);
    assert_eq!(found.article.title, "The night boat sails again");
    assert_eq!(found.article.authors, ["Ann Lee"]);
    for field in ["title", "authors", "body"] {
        assert_eq!(origins(&found.article, field), [FEED], "{field}");
    }
}

#[test]
fn fields_of_a_feed_fill_gaps_and_displace_nothing() {
    let hint = Hint {
        title: Some("Boats".to_owned()),
        authors: vec!["Bo Berg".to_owned()],
        published: Some(stamp("2026-11-20T09:00:00+01:00")),
        text: None,
    };
    let head = "<meta name=author content='Ann Lee'>\
                <meta property=article:published_time content='2026-11-22T09:20:00+01:00'>";
    let full = read(&format!("{head}{}", shows(&TEXT)), &hint).article;
    assert_eq!(
        (full.title.as_str(), &full.authors[..]),
        ("The night boat sails again", &["Ann Lee".to_owned()][..])
    );
    assert_eq!(
        full.published,
        Some(Stamp {
            precision: full.published.as_ref().unwrap().precision,
            ..stamp("2026-11-22T09:20:00+01:00")
        })
    );
    assert!(!needs_hint(&full), "{:?}", full.provenance);
    let bare = read(&shows(&TEXT), &hint).article;
    assert_eq!(bare.published, hint.published);
    assert_eq!(bare.authors, hint.authors);
    assert_eq!(origins(&bare, "published"), [FEED]);
}

#[test]
fn feed_gives_the_hour_and_the_zone_of_the_day_that_a_page_shows() {
    let hint = Hint {
        published: Some(stamp("2026-11-22T09:20:00+01:00")),
        ..Hint::default()
    };
    let published = |date: &str| {
        let text = shows(&TEXT[1..]);
        let page = format!("<h1>{}</h1><time datetime='{date}'></time>{text}", TEXT[0]);
        let published = read(&page, &hint).article.published;
        published.map(|stamp| stamp.to_text())
    };
    for (shown, expected) in [
        ("2026-11-22", "2026-11-22T09:20:00+01:00"),
        ("2026-11-22T09:20", "2026-11-22T09:20:00+01:00"),
        ("2026-11-21", "2026-11-21"),
        ("2026-11-21T08:00:00+02:00", "2026-11-21T08:00:00+02:00"),
    ] {
        assert_eq!(published(shown).as_deref(), Some(expected), "{shown}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn zone_of_the_sources_feeds_comes_before_that_of_the_script_and_after_the_configured_one() {
    let offset = StatedOffset {
        offset: FixedOffset::west_opt(5 * 3600).unwrap(),
        at: now(),
    };
    let published = |date: &str, text: &str, zone: Option<Tz>, offset: Option<StatedOffset>| {
        let page = format!("<h1>{text}</h1><time datetime='{date}'></time><p>{text}</p>");
        let html = parse_html(&page).unwrap();
        let input = Input::of(&html, now());
        let found = super::page(&Input {
            zone,
            offset,
            ..input
        });
        found.article.published.map(|stamp| stamp.to_text())
    };
    let korean = "나루터가 아홉 해 만에 다시 열린다고 시가 밝혔다.";
    let fresh = "2026-11-20T09:00";
    for (what, date, text, zone, offset, expected) in [
        (
            "nothing is known",
            fresh,
            TEXT[0],
            None,
            None,
            "2026-11-20T09:00:00",
        ),
        (
            "learned",
            fresh,
            TEXT[0],
            None,
            Some(offset),
            "2026-11-20T09:00:00-05:00",
        ),
        (
            "learned and configured",
            fresh,
            TEXT[0],
            Some(Tz::Europe__Berlin),
            Some(offset),
            "2026-11-20T09:00:00+01:00",
        ),
        (
            "learned and of a script",
            fresh,
            korean,
            None,
            Some(offset),
            "2026-11-20T09:00:00-05:00",
        ),
        (
            "of a script",
            fresh,
            korean,
            None,
            None,
            "2026-11-20T09:00:00+09:00",
        ),
        (
            "learned in another season",
            "2026-07-20T09:00",
            TEXT[0],
            None,
            Some(offset),
            "2026-07-20T09:00:00",
        ),
        (
            "in another season, of a script",
            "2026-07-20T09:00",
            korean,
            None,
            Some(offset),
            "2026-07-20T09:00:00+09:00",
        ),
    ] {
        let got = published(date, text, zone, offset);
        assert_eq!(got.as_deref(), Some(expected), "{what}");
    }
}

#[test]
fn title_that_a_feed_decided_says_so() {
    // Two that one source each states; the feed has one of them.
    let page = |more: &str| {
        format!(
            "<title>Boats of the bay</title><meta name=title content='Night boat sails'>{more}{}",
            TEXT[0]
        )
    };
    let told = |title: &str| Hint {
        title: Some(title.to_owned()),
        ..Hint::default()
    };
    let alone = read(&page(""), &Hint::default()).article;
    assert_eq!(alone.title, "Boats of the bay");
    let decided = read(&page(""), &told("Night boat sails")).article;
    assert_eq!(decided.title, "Night boat sails");
    assert_eq!(origins(&decided, "title"), ["meta", FEED_DECIDED]);
    let same = read(&page(""), &told("Boats of the bay")).article;
    assert_eq!(origins(&same, "title"), ["title"]);
}

#[test]
fn body_that_a_feed_decided_says_so() {
    let lines = |class: &str, lines: &[&str]| {
        let lines: String = lines.iter().map(|line| format!("<p>{line}</p>")).collect();
        format!("<div class={class}>{lines}</div>")
    };
    let inn = [
        "The inn at the pier serves soup on Sundays, and its guests get a second bowl for nothing.",
        "Its six rooms look over the bay, and breakfast is served until noon for whoever sleeps long.",
        "Who stays for a week gets a boat for a day, and a hat that floats should the boat not float.",
        "The cook once sailed with the old captain, and says that the captain could not boil an egg.",
        "Whoever cannot pay may wash the dishes, which the last three guests of the winter did gladly.",
        "A dog that belongs to nobody sleeps before the door, and is fed by whoever comes out last.",
    ];
    let (inns, boats) = (lines("x", &inn), lines("story-body", &TEXT));
    let page =
        format!("<section><h2>Inns</h2>{inns}</section><section><h2>Boats</h2>{boats}</section>");
    let alone = read(&page, &Hint::default()).article;
    let told = read(&page, &with_text(&TEXT)).article;
    assert!(alone.body.len() > inn.len(), "{:?}", alone.body);
    assert_eq!(told.body, TEXT);
    assert_eq!(origins(&told, "body"), ["class", FEED_DECIDED]);
    assert!(needs_hint(&told) && !needs_hint(&alone));
}

#[test]
fn rule_that_finds_a_teaser_is_not_missed_where_the_feed_has_the_text() {
    let body = [".x".to_owned()].into();
    let rule = crate::domain::SiteRule {
        since: None,
        selectors: [(RuleField::Body, body)].into(),
        remove: Vec::new(),
    };
    let rules = SiteRules::compile(&[rule]).unwrap();
    let page = format!("<h1>Night boat</h1><div class=x><p>{}</p></div>", TEXT[0]);
    let html = parse_html(&page).unwrap();
    let read = |hint: &Hint| {
        let found = super::page(&Input {
            hint: Some(hint),
            rules: Some(&rules),
            ..Input::of(&html, now())
        });
        let body = found.article.body.len();
        (body, origins(&found.article, "body"))
    };
    assert_eq!(read(&Hint::default()), (1, vec!["site_rule"]));
    assert_eq!(read(&with_text(&TEXT)), (5, vec![FEED]));
}
