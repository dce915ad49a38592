//! Further pages of a section are read as far as they show something new.

use std::ops::RangeInclusive;

use serde_json::Value;

use crate::support::{Site, Sokbo};

const HTML: &str = "text/html; charset=utf-8";
const PAPER: &str = "www.paper.example";
const PASS: [&str; 2] = ["run", "--until-idle"];

fn article(number: u32) -> String {
    let title = format!("{number}구역에 새 길을 낸다");
    let text = format!(
        "<p>{number}구역 사람들은 새 길을 내기로 했다고 지난주 모임에서 밝혔다.</p>\
         <p>{number}구역 옆에 사는 이들은 공사가 길어질까 걱정하면서도 반기는 눈치였다.</p>\
         <p>시는 내년 봄까지 {number}구역 둘레의 오래된 담장을 모두 고치겠다고 했다.</p>"
    );
    format!(
        "<html lang=ko><head><title>{title}</title><meta property=og:type content=article></head>\
         <body><h1>{title}</h1><p class=date>2026-11-20 09:00</p><article>{text}</article></body></html>"
    )
}

fn address(page: u32) -> String {
    match page {
        1 => format!("{PAPER}/economy"),
        _ => format!("{PAPER}/economy?page={page}"),
    }
}

fn teaser(number: u32, words: &str) -> String {
    format!("<li><a href=/n/{number}>{words}</a></li>")
}

/// Puts a page of the section with these articles, the latest first, and a bar with the next page.
fn put_page(site: &Site, page: u32, articles: RangeInclusive<u32>, has_next: bool) {
    let mut body = String::new();
    for number in articles.rev() {
        site.put(
            &format!("{PAPER}/news/view/{number}"),
            HTML,
            article(number),
        );
        body.push_str(&format!(
            "<li><a href=/news/view/{number}>{number}구역에 새 길을 낸다</a></li>"
        ));
    }
    let next = page + 1;
    if has_next {
        body.push_str(&format!("<a href='/economy?page={next}'>{next}</a>"));
    }
    site.put(&address(page), HTML, format!("<ul>{body}</ul>"));
}

fn sokbo(site: &Site) -> Sokbo {
    let at = site.address;
    let sokbo = Sokbo::with(&format!(
        "[crawler]\nper_host_delay = \"0s\"\nidle_wait = \"200ms\"\n\
         [fetch]\nallow_networks = [\"127.0.0.0/8\"]\nhosts = {{ \"{PAPER}\" = \"{at}\" }}\n"
    ));
    sokbo.source(
        "paper",
        &format!(
            "name = \"paper\"\nhome = \"http://{PAPER}/\"\nsections = [\"http://{PAPER}/economy\"]\n"
        ),
    );
    sokbo
}

fn times_asked(site: &Site, page: u32) -> usize {
    let address = address(page);
    site.asked().iter().filter(|at| **at == address).count()
}

async fn count(sokbo: &Sokbo, query: &str) -> i64 {
    let rows = sokbo.rows(query).await;
    let count = rows.first().and_then(|row| row.get("count"));
    count.and_then(Value::as_i64).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn section_is_read_page_by_page_and_later_only_as_far_as_it_is_new() {
    let site = Site::plain().await;
    let sokbo = sokbo(&site);
    put_page(&site, 1, 9_000_010..=9_000_012, true);
    put_page(&site, 2, 9_000_007..=9_000_009, true);
    put_page(&site, 3, 9_000_004..=9_000_006, true);
    put_page(&site, 4, 9_000_001..=9_000_003, false);
    sokbo.run(&PASS).await;
    assert_eq!(count(&sokbo, "select count(*) from articles").await, 12);
    assert_eq!([1, 2, 3, 4].map(|page| times_asked(&site, page)), [1; 4]);
    // Only the page that is watched teaches when to come back.
    assert_eq!(count(&sokbo, "select count(*) from crawl.pulses").await, 1);
    let waiting = "select count(*) from crawl.jobs where kind = 'page'";
    assert_eq!(count(&sokbo, waiting).await, 1);

    // One new article: the rest of the section is known.
    put_page(&site, 1, 9_000_011..=9_000_013, true);
    put_page(&site, 2, 9_000_008..=9_000_010, true);
    sokbo.run(&PASS).await;
    assert_eq!(
        [1, 2, 3, 4].map(|page| times_asked(&site, page)),
        [2, 1, 1, 1]
    );

    // More than a page of new ones: what moved on is followed, up to the first page of known ones.
    put_page(&site, 1, 9_000_016..=9_000_018, true);
    put_page(&site, 2, 9_000_013..=9_000_015, true);
    put_page(&site, 3, 9_000_010..=9_000_012, true);
    sokbo.run(&PASS).await;
    assert_eq!(
        [1, 2, 3, 4].map(|page| times_asked(&site, page)),
        [3, 2, 2, 1]
    );
    assert_eq!(count(&sokbo, "select count(*) from articles").await, 18);
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_section_is_left_after_ten_pages() {
    let site = Site::plain().await;
    let sokbo = sokbo(&site);
    for page in 1..=12 {
        let number = 9_000_000 + page;
        put_page(&site, page, number..=number, true);
    }
    sokbo.run(&PASS).await;
    assert_eq!(times_asked(&site, 10), 1);
    assert_eq!(times_asked(&site, 11), 0);
    assert_eq!(count(&sokbo, "select count(*) from articles").await, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_lead_in_a_circle_are_left_when_nothing_is_new() {
    let site = Site::plain().await;
    let sokbo = sokbo(&site);
    put_page(&site, 1, 9_000_003..=9_000_004, true);
    put_page(&site, 2, 9_000_001..=9_000_002, false);
    let back = "<a href=/news/view/9000001>9000001구역에 새 길을 낸다</a>\
                <link rel=next href='/economy?page=3'>";
    site.put(&address(2), HTML, back);
    site.put(&address(3), HTML, back.replace("page=3", "page=2"));
    sokbo.run(&PASS).await;
    assert_eq!([2, 3].map(|page| times_asked(&site, page)), [1, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_tell_nothing_are_known_from_the_feed_by_the_next_run() {
    let site = Site::plain().await;
    let sokbo = sokbo(&site);
    let file = format!(
        "name = \"paper\"\nhome = \"http://{PAPER}/\"\nsections = [\"http://{PAPER}/economy\"]\n\
         feeds = [\"http://{PAPER}/rss.xml\"]\n"
    );
    sokbo.source("paper", &file);
    let put = |number: u32| site.put(&format!("{PAPER}/n/{number}"), HTML, article(number));
    let items: String = (7_001..=7_006)
        .inspect(|number| put(*number))
        .map(|number| format!("<item><link>http://{PAPER}/n/{number}</link></item>"))
        .collect();
    let feed = format!("<rss version='2.0'><channel>{items}</channel></rss>");
    site.put(&format!("{PAPER}/rss.xml"), "text/xml", feed);
    site.put(&address(1), HTML, teaser(7_001, "새 길"));
    sokbo.run(&PASS).await;
    assert_eq!(count(&sokbo, "select count(*) from articles").await, 6);

    put(7_007);
    let page = teaser(7_007, "다리") + "<a href=/about/7008>소개</a>";
    site.put(&address(1), HTML, page);
    sokbo.run(&PASS).await;
    assert_eq!(count(&sokbo, "select count(*) from articles").await, 7);
    let known = "select addresses->'shapes' ? '/n/{number}' as is_known from crawl.site_memories";
    assert_eq!(sokbo.rows(known).await[0]["is_known"], true);
}
