//! What the network does wrong ends one job with a reason in SQL, and nothing else.

use serde_json::Value;

use crate::support::{Site, Sokbo};

/// Two made-up hosts of one outlet, and one that is not its own.
const PAPER: &str = "www.paper.example";
const MOBILE: &str = "m.paper.example";
const OTHER: &str = "www.elsewhere.example";

fn article(canonical: &str, title: &str) -> String {
    format!(
        "<html lang=\"ko\"><head><meta charset=\"utf-8\"><title>{title} - 지어낸신문</title>\
         <meta property=\"og:title\" content=\"{title}\">\
         <meta property=\"article:published_time\" content=\"2026-11-20T09:00:00+09:00\">\
         <link rel=\"canonical\" href=\"{canonical}\"></head><body><article><h1>{title}</h1>\
         <p>지어낸 첫째 문단이다. 강가에 사는 사람들은 올해 물이 맑아졌다고 입을 모아 말했다. {title}</p>\
         <p>지어낸 둘째 문단이다. 시는 다음 달부터 쉼터 여섯 곳을 차례로 연다고 밝혔다.</p>\
         <p>지어낸 셋째 문단이다. 자세한 일정은 누리집에서 볼 수 있다고 덧붙였다.</p>\
         </article></body></html>"
    )
}

fn sokbo(site: &Site, more: &str) -> Sokbo {
    let at = site.address;
    let sokbo = Sokbo::with(&format!(
        "[crawler]\nper_host_delay = \"0s\"\nmax_crawl_delay = \"0s\"\nidle_wait = \"200ms\"\n\
         [fetch]\nallow_networks = [\"127.0.0.0/8\"]\nmax_body = \"64KiB\"\n\
         hosts = {{ \"{PAPER}\" = \"{at}\", \"{MOBILE}\" = \"{at}\", \"{OTHER}\" = \"{at}\" }}\n{more}"
    ));
    sokbo.source(
        "paper",
        &format!(
            "name = \"paper\"\nhome = \"http://{PAPER}/\"\ntimezone = \"Asia/Seoul\"\n\
             article_url = '/news/\\d+'\nsections = [\"http://{PAPER}/list\"]\ndelay = \"0s\"\n\
             feeds = [\"http://{PAPER}/broken-feed\"]\nsitemaps = [\"http://{PAPER}/broken-sitemap\"]\n"
        ),
    );
    sokbo
}

async fn site() -> Site {
    let site = Site::plain().await;
    let html = "text/html; charset=utf-8";
    let links: String = (1..=14)
        .map(|n| format!("<a href=\"/news/{n}\">기사 제목 {n}번</a>"))
        .collect();
    let list = format!(
        "<html><body>{links}<a href=\"http://{OTHER}/news/view/1234567\">다른 신문의 기사 제목</a>\
         <a href=\"http://{MOBILE}/news/1\">모바일 기사 제목</a></body></html>"
    );
    site.put(&format!("{PAPER}/list"), html, list);
    site.put(
        &format!("{PAPER}/robots.txt"),
        "text/plain",
        "User-agent: *\nDisallow: /news/2\n",
    );
    let own = |n: u32| format!("http://{PAPER}/news/{n}");
    site.put(
        &format!("{PAPER}/news/1"),
        html,
        article(&own(1), "강물이 맑아졌다"),
    );
    site.put(
        &format!("{MOBILE}/news/1"),
        html,
        article(&own(1), "강물이 맑아졌다"),
    );
    site.refuse(&format!("{PAPER}/news/3"), 404);
    site.refuse(&format!("{PAPER}/news/4"), 500);
    site.redirect(&format!("{PAPER}/news/5"), "/news/6");
    site.redirect(&format!("{PAPER}/news/6"), "/news/5");
    site.redirect(&format!("{PAPER}/news/7"), "http://127.66.66.66/canary");
    site.redirect(&format!("{PAPER}/news/8"), &own(18));
    site.put(
        &format!("{PAPER}/news/18"),
        html,
        article(&own(18), "옮겨 간 기사"),
    );
    site.put(&format!("{PAPER}/news/9"), html, vec![b'a'; 100_000]);
    site.put(
        &format!("{PAPER}/news/11"),
        html,
        "<html><body><p>로그인</p></body></html>",
    );
    site.put(&format!("{PAPER}/news/12"), html, "<div>".repeat(12_000));
    site.put(
        &format!("{PAPER}/news/13"),
        html,
        b"\0\xff\xed\xa0\x80\0".to_vec(),
    );
    site.redirect(&format!("{PAPER}/news/14"), "gopher://paper.example/");
    let poisoned = article(&own(10), "독이 든 기사").replace("</head>", POISON);
    site.put(&format!("{PAPER}/news/10"), html, poisoned);
    put_listings(&site);
    site
}

/// Characters that Postgres refuses in text and in jsonb, escaped in structured data.
const POISON: &str = r#"<script type="application/ld+json">{"@type":"NewsArticle",
"headline":"독이 든\u0000 기사","author":[{"@type":"Person","name":"한\u0000이든"}],
"articleSection":"사\u0000회","keywords":["가\u0000나"],
"image":{"@type":"ImageObject","url":"http://www.paper.example/1.jpg","caption":"설\u0000명"},
"description":"\u0000"}</script><meta name="author" content="한&#0;이든"></head>"#;

fn put_listings(site: &Site) {
    site.put(
        &format!("{PAPER}/broken-feed"),
        "text/xml",
        "<rss><channel><item><title>&&&",
    );
    site.put(
        &format!("{PAPER}/broken-sitemap"),
        "text/xml",
        "\u{1}\u{2}not xml at all",
    );
}

async fn reason(sokbo: &Sokbo, path: &str) -> Value {
    let query = format!(
        "select status, error_class, error from fetches where url = 'http://{PAPER}{path}' \
         order by started_at desc limit 1"
    );
    sokbo
        .rows(&query)
        .await
        .into_iter()
        .next()
        .unwrap_or(Value::Null)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_address_has_its_reason_and_good_articles_are_stored_once() {
    let site = site().await;
    let sokbo = sokbo(&site, "");
    sokbo.run(&["run", "--until-idle"]).await;

    let stored = sokbo
        .rows("select url, title from articles order by url")
        .await;
    let urls: Vec<&str> = stored
        .iter()
        .map(|row| row["url"].as_str().unwrap())
        .collect();
    assert_eq!(
        urls,
        [
            format!("http://{PAPER}/news/1"),
            format!("http://{PAPER}/news/10"),
            format!("http://{PAPER}/news/18")
        ]
    );

    for (path, class, part) in [
        ("/news/2", "robots", "Disallow: /news/2"),
        ("/news/3", "status", "404"),
        ("/news/4", "status", "500"),
        ("/news/6", "redirect", "circle"),
        ("/news/7", "redirect", "127.66.66.66"),
        ("/news/9", "too_large", "larger than"),
        ("/news/11", "content", "no article"),
        ("/news/13", "content", "no article"),
        ("/news/14", "redirect", "gopher"),
        ("/broken-feed", "content", ""),
        ("/broken-sitemap", "content", ""),
    ] {
        let row = reason(&sokbo, path).await;
        assert_eq!(row["error_class"], class, "{path}: {row}");
        assert!(
            row["error"].as_str().unwrap().contains(part),
            "{path}: {row}"
        );
    }
    let deep = reason(&sokbo, "/news/12").await;
    assert!(deep["error"].is_string(), "{deep}");
    assert!(
        !site
            .asked()
            .iter()
            .any(|at| at.contains("/news/2") && !at.contains("/news/2/")),
        "refused"
    );
    assert!(
        !site.asked().iter().any(|at| at.contains("canary")),
        "the canary was hit"
    );
    assert!(
        !site.asked().iter().any(|at| at.starts_with(OTHER)),
        "another outlet was visited"
    );
    let outside = sokbo
        .rows("select url, verdict from discoveries where verdict = 'outside'")
        .await;
    assert_eq!(outside.len(), 1, "{outside:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn listing_of_no_use_is_not_sent_again_and_keeps_its_reason() {
    let site = site().await;
    site.tag(&format!("{PAPER}/broken-feed"), "\"1\"");
    let sokbo = sokbo(&site, "");
    sokbo.run(&["run", "--until-idle"]).await;
    let first = reason(&sokbo, "/broken-feed").await;
    assert_eq!(
        (&first["status"], &first["error_class"]),
        (&200.into(), &"content".into())
    );

    sokbo.run(&["run", "--until-idle"]).await;
    let second = reason(&sokbo, "/broken-feed").await;
    assert_eq!(
        (&second["status"], &second["error_class"]),
        (&304.into(), &"content".into())
    );

    let feed = format!(
        "<rss version=\"2.0\"><channel><title>지어낸신문</title><item><title>강물</title>\
         <link>http://{PAPER}/news/18</link></item></channel></rss>"
    );
    site.put(&format!("{PAPER}/broken-feed"), "text/xml", feed);
    sokbo.run(&["run", "--until-idle"]).await;
    let third = reason(&sokbo, "/broken-feed").await;
    assert_eq!(
        (&third["status"], &third["error_class"]),
        (&200.into(), &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn private_address_in_a_feed_is_given_up_with_its_reason() {
    let site = site().await;
    let item =
        |n: u32| format!("<item><title>기사</title><link>http://10.9.8.7/news/{n}</link></item>");
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>지어낸신문</title>{}{}</channel></rss>",
        item(1),
        item(2)
    );
    site.put(&format!("{PAPER}/broken-feed"), "text/xml", feed);
    let sokbo = sokbo(&site, "");
    sokbo.run(&["run", "--until-idle"]).await;
    for n in [1, 2] {
        let query = format!(
            "select error_class, error from fetches where url = 'http://10.9.8.7/news/{n}'"
        );
        let rows = sokbo.rows(&query).await;
        assert_eq!(rows[0]["error_class"], "address", "{rows:?}");
        assert!(
            rows[0]["error"].as_str().unwrap().contains("10.9.8.7"),
            "{rows:?}"
        );
    }
    let waiting = sokbo
        .rows("select url from crawl.jobs where url like '%10.9.8.7%'")
        .await;
    assert!(waiting.is_empty(), "{waiting:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn page_that_is_data_is_no_article() {
    let site = site().await;
    let noise: Vec<u8> = (0..40_000_u32)
        .map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0])
        .collect();
    site.put(&format!("{PAPER}/news/11"), "text/html", noise);
    let sokbo = sokbo(&site, "");
    sokbo.run(&["run", "--until-idle"]).await;
    let row = reason(&sokbo, "/news/11").await;
    assert_eq!(row["error_class"], "content");
    assert!(
        row["error"].as_str().unwrap().contains("no text but data"),
        "{row}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_certificate_is_refused_with_a_reason_and_exit_one() {
    let site = Site::secure(&[PAPER]).await;
    let sokbo = sokbo(&site, "");
    sokbo.source(
        "paper",
        &format!("name = \"paper\"\nhome = \"https://{PAPER}/\"\ndelay = \"0s\"\n"),
    );
    let output = sokbo.output(&["run", "--until-idle"]).await;
    assert_eq!(output.status.code(), Some(1));
    let reasons = sokbo
        .rows("select error from fetches where error_class = 'tls'")
        .await;
    assert!(
        !reasons.is_empty(),
        "the handshake's failure has its reason"
    );
}
