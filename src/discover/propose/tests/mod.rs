mod site;

use chrono::NaiveDate;

use regex::Regex;

use super::plan::{MAX_GUESSES, MAX_SECTIONS, MAX_SITEMAPS, SAMPLES};
use super::*;
use crate::discover::feed;
use crate::domain::{Identity, Precision, SourceName};
use crate::markup::parse_html;
use site::{Site, links, menu, numbered, rss, urls, urlset};

#[test]
fn korean_cms_is_known_by_its_addresses_alone() {
    let article = "/news/articleView.html?idxno={}";
    let shown = numbered(article, 670_000..670_010);
    let economy = numbered(article, 669_000..669_020);
    let nav = menu(&[
        (
            "/news/articleList.html?sc_section_code=S1N1&view_type=sm",
            "경제",
        ),
        (
            "/news/articleList.html?sc_section_code=S1N2&view_type=sm",
            "정치",
        ),
        ("/com/jb.html", "회사소개"),
        ("/tag/economy", "경제"),
        ("/member/login.html", "로그인"),
    ]);
    let mut site = Site::new("https://www.saesol.example/", "ko")
        .with(
            "/",
            format!("<html lang=ko>{nav}<ul>{}</ul>", links(&shown)),
        )
        .with(
            "/rss/allArticle.xml",
            rss(&numbered(article, 669_990..670_010)),
        )
        .with(
            "/news/articleList.html?sc_section_code=S1N1&view_type=sm",
            links(&economy),
        )
        .with(
            "/news/articleList.html?sc_section_code=S1N2&view_type=sm",
            links(&shown),
        );
    let found = site.look(&[]).unwrap();
    assert_eq!(found.cms, Some("ndsoft"));
    assert_eq!(urls(&found.feeds), ["/rss/allArticle.xml"]);
    // The second one shows what the front page shows.
    assert_eq!(
        urls(&found.sections),
        ["/news/articleList.html?sc_section_code=S1N1&view_type=sm"]
    );
    assert!(
        found.sections[0]
            .evidence
            .contains("20 article links, 20 of them not on the front page")
    );
    assert_eq!(found.identity, Some(vec!["idxno".to_owned()]));
    let pattern = Regex::new(&found.article_url.unwrap().text).unwrap();
    assert!(pattern.is_match("https://www.saesol.example/news/articleView.html?idxno=1"));
    assert!(
        !pattern.is_match("https://www.saesol.example/news/articleList.html?sc_section_code=S1N1")
    );
    assert_eq!(found.timezone.unwrap().0, chrono_tz::Tz::Asia__Seoul);
    assert_eq!(found.language.unwrap().0, "ko");
    assert!(
        !site
            .asked
            .iter()
            .any(|path| path.contains("/tag/") || path.contains("/com/"))
    );
}

#[test]
fn feed_that_the_page_names_spares_all_guesses() {
    let shown = numbered("/world/2026/03/02/why-the-river-rises-{}.html", 100..110);
    let head = "<link rel=alternate type=application/rss+xml href=/feeds/all.xml>\
                <link rel=alternate type=application/rss+xml href=/comments/feed/>";
    let mut site = Site::new("https://www.tidewater.example/", "en")
        .with("/", format!("<head>{head}</head>{}", links(&shown)))
        .with("/feeds/all.xml", rss(&shown));
    let found = site.look(&[]).unwrap();
    assert_eq!(urls(&found.feeds), ["/feeds/all.xml"]);
    assert!(
        !site
            .asked
            .iter()
            .any(|path| path.contains("comments") || path == "/rss")
    );
    // Everything that the front page shows is in the feed, so it is no section of its own.
    assert!(found.sections.is_empty());
    assert!(found.timezone.is_err());
}

#[test]
fn page_at_the_usual_address_of_a_feed_leads_to_the_feeds() {
    let shown = numbered("/article/{}", 20_001..20_020);
    let list = "<a href=/rss/politics.xml>정치</a><a href=/rss/economy.xml>경제</a>";
    let mut site = Site::new("https://www.haedon.example/", "ko")
        .with("/", links(&shown))
        .with("/rss", format!("<html>{list}"))
        .with(
            "/rss/politics.xml",
            rss(&numbered("/article/{}", 20_001..20_010)),
        )
        .with(
            "/rss/economy.xml",
            rss(&numbered("/article/{}", 19_001..19_010)),
        );
    let found = site.look(&[]).unwrap();
    assert_eq!(
        urls(&found.feeds),
        ["/rss/politics.xml", "/rss/economy.xml"]
    );
    // The front page has articles that no feed has.
    assert_eq!(urls(&found.sections), ["/"]);
}

#[test]
fn sitemaps_of_news_come_first_and_those_of_tags_not_at_all() {
    let host = "https://www.morgenblatt.example";
    let posts = numbered("/politik/der-streit-um-die-bruecke-{}/", 300_001..300_030);
    let index = format!(
        "<?xml version=\"1.0\"?><sitemapindex>\
         <sitemap><loc>{host}/post_tag-sitemap.xml</loc></sitemap>\
         <sitemap><loc>{host}/post-sitemap9.xml</loc></sitemap></sitemapindex>"
    );
    let mut site = Site::new("https://www.morgenblatt.example/", "de")
        .with(
            "/",
            format!(
                "<meta name=generator content=\"WordPress 6.7\">{}",
                links(&posts[..5])
            ),
        )
        .with("/sitemap_index.xml", index)
        .with("/post-sitemap9.xml", urlset(&posts, host));
    let named = [
        "https://www.morgenblatt.example/author-sitemap.xml",
        "https://www.morgenblatt.example/sitemap_index.xml",
    ];
    let found = site.look(&named).unwrap();
    assert_eq!(found.cms, Some("WordPress"));
    assert_eq!(urls(&found.sitemaps), ["/sitemap_index.xml"]);
    assert!(
        found.sitemaps[0]
            .evidence
            .starts_with("an index of 2, 29 article links"),
        "{:?}",
        found.sitemaps
    );
    assert!(
        !site
            .asked
            .iter()
            .any(|path| path.contains("author") || path.contains("tag-sitemap"))
    );
    assert!(site.asked.contains(&"/feed/".to_owned()));
    assert_eq!(found.timezone.unwrap().0, chrono_tz::Tz::Europe__Berlin);
}

#[test]
fn trap_is_neither_asked_for_nor_proposed() {
    let shown = numbered("/articles/world/{}.html", 10_001..10_010);
    let traps = "<a href=/calendar/2026/03/>March</a><a href=/2026/03/>March</a>\
                 <a href='/list?sid=abc123'>Mine</a><a href=/tag/bridge>bridge</a>\
                 <a href=/world/?page=2>2</a><a href=https://partner.example/shop/>Shop</a>\
                 <a href='/world/?date=20260301'>yesterday</a><a href=/about>About</a>";
    let nav = menu(&[("/world/", "World"), ("/sport/", "Sport")]);
    let mut site = Site::new("https://www.tidewater.example/", "en")
        .with("/", format!("{nav}{}{traps}", links(&shown)))
        .with(
            "/world/",
            links(&numbered("/articles/world/{}.html", 9_001..9_010)),
        )
        .with("/sport/", "<p>nothing yet</p>");
    let found = site.look(&[]).unwrap();
    assert_eq!(urls(&found.sections), ["/", "/world/"]);
    for trap in [
        "calendar", "/2026/", "sid", "tag", "page=", "shop", "date=", "about",
    ] {
        assert!(
            !site.asked.iter().any(|path| path.contains(trap)),
            "{trap}: {:?}",
            site.asked
        );
    }
}

#[test]
fn pattern_that_would_let_tags_in_is_not_proposed() {
    let shown = numbered("/notes/{}", 10_001..10_020);
    let asides = "<a href=/tag/10001>bridge</a><a href=/tag/10002>river</a>";
    let feed = numbered("/tag/{}", 10_001..10_020);
    let mut site = Site::new("https://www.tidewater.example/", "en")
        .with(
            "/",
            format!(
                "<link rel=alternate type=application/rss+xml href=/all.xml>{}{asides}",
                links(&shown)
            ),
        )
        .with("/all.xml", rss(&feed));
    let found = site.look(&[]).unwrap();
    assert!(found.article_url.is_err(), "{:?}", found.article_url);
}

#[test]
fn pattern_of_pages_that_are_no_articles_is_withdrawn() {
    let shown = numbered("/quiz/play/{}", 10_001..10_020);
    let mut site = Site::new("https://www.tidewater.example/", "en").with("/", links(&shown));
    let found = site.look(&[]).unwrap();
    assert!(
        found
            .article_url
            .is_err_and(|why| why.contains("0 of 3 sample pages"))
    );
}

#[test]
fn host_belongs_to_the_outlet_where_its_feed_says_so_and_a_partner_does_not() {
    let here = numbered("https://www.saesol.example/news/view/{}", 10_001..10_010);
    let there = numbered("https://saesol-sports.example/news/view/{}", 5_001..5_010);
    let partner = numbered("https://partner.example/news/view/{}", 1..2);
    let all: Vec<String> = here.iter().chain(&there).chain(&partner).cloned().collect();
    let mut site = Site::new("https://www.saesol.example/", "ko")
        .with("/", links(&here))
        .with("/rss", rss(&all));
    let found = site.look(&[]).unwrap();
    assert_eq!(found.hosts, ["saesol-sports.example"]);
    assert!(
        found.feeds[0].evidence.starts_with("18 article links"),
        "{:?}",
        found.feeds
    );
}

#[test]
fn site_without_articles_says_what_was_asked() {
    let mut site = Site::new("https://www.tidewater.example/", "en")
        .with("/", "<div id=app></div>")
        .with("/news.xml", "<html>");
    let error = site
        .look(&["https://www.tidewater.example/news.xml"])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("leads to no article") && error.contains("/news.xml"),
        "{error}"
    );
}

#[test]
fn no_site_makes_the_prospect_ask_without_end() {
    let nav: String = (0..500)
        .map(|n| format!("<a href=/part{n}/>Part</a>"))
        .collect();
    let feeds: String = (0..500)
        .map(|n| format!("<link rel=alternate type=application/rss+xml href=/f{n}.xml>"))
        .collect();
    let shown = numbered("/news/view/{}", 10_001..10_500);
    let index: String = (0..500)
        .map(|n| format!("<sitemap><loc>https://www.e.example/news-{n}.xml</loc></sitemap>"))
        .collect();
    let index = format!("<?xml version=\"1.0\"?><sitemapindex>{index}</sitemapindex>");
    let names: Vec<String> = (0..500)
        .map(|n| format!("https://www.e.example/news-{n}.xml"))
        .collect();
    let mut site = Site::new("https://www.e.example/", "en")
        .with("/", format!("{feeds}<nav>{nav}</nav>{}", links(&shown)));
    for n in 0..500 {
        site = site
            .with(&format!("/news-{n}.xml"), index.clone())
            .with(&format!("/f{n}.xml"), rss(&shown));
    }
    let named: Vec<&str> = names.iter().map(String::as_str).collect();
    site.look(&named).unwrap();
    let named = MAX_FEEDS + MAX_SITEMAPS + MAX_CHILDREN;
    let most = named + 2 * MAX_GUESSES + MAX_SECTIONS + SAMPLES;
    assert!(site.asked.len() <= most, "{}", site.asked.len());
}

#[test]
fn time_that_the_page_writes_and_the_feed_states_tell_the_zone() {
    let stamp = Stamp {
        local: NaiveDate::from_ymd_opt(2026, 3, 2)
            .unwrap()
            .and_hms_opt(10, 0, 0)
            .unwrap(),
        offset: None,
        precision: Precision::Minute,
    };
    let shown = numbered("/articles/world/{}.html", 10_001..10_010);
    let home =
        CanonicalUrl::parse("https://www.morgenblatt.example/", Identity::default()).unwrap();
    let source = Source::new(SourceName::new("paper").unwrap(), home.clone());
    let html = parse_html(&links(&shown)).unwrap();
    let mut prospect = Prospect::new(
        source.clone(),
        front(&html, home.as_url(), &source),
        Vec::new(),
    );
    while let Some(errand) = prospect.next_errand() {
        let answer = match errand.what {
            What::Feed => Answer::Listing(Box::new(
                feed(rss(&shown).as_bytes(), None, home.as_url(), &source).unwrap(),
            )),
            What::Sample => Answer::Sample(Sample {
                url: errand.url.clone(),
                is_article: true,
                language: Some("de".to_owned()),
                published: Some(stamp.clone()),
            }),
            What::Sitemap | What::Section => Answer::Nothing("nothing".to_owned()),
        };
        prospect.take(&errand, answer);
    }
    let found = prospect
        .finish(NaiveDate::from_ymd_opt(2026, 11, 27).unwrap())
        .unwrap();
    let (zone, why) = found.timezone.unwrap();
    assert_eq!(zone, chrono_tz::Tz::Europe__Berlin);
    assert!(why.contains("3 sample articles agree"), "{why}");
}

#[test]
fn guesses_follow_where_what_was_named_is_gone() {
    let shown = numbered("/news/view/{}", 10_001..10_010);
    let head = "<link rel=alternate type=application/rss+xml href=/old/all.xml>";
    let mut site = Site::new("https://www.saesol.example/", "ko")
        .with("/", format!("<head>{head}</head>{}", links(&shown)))
        .with("/feed", rss(&shown))
        .with("/sitemap.xml", urlset(&shown, "https://www.saesol.example"));
    let found = site
        .look(&["https://www.saesol.example/old/news.xml"])
        .unwrap();
    assert_eq!(urls(&found.feeds), ["/feed"]);
    assert_eq!(urls(&found.sitemaps), ["/sitemap.xml"]);
    assert!(
        found
            .remarks
            .iter()
            .any(|remark| remark.contains("/old/all.xml")),
        "{:?}",
        found.remarks
    );
}
