//! `sokbo explain`: where an address stands, and why.

use std::process::Stdio;

use serde_json::Value;

use crate::support::{Site, Sokbo};

const PAPER: &str = "www.paper.example";
const MOBILE: &str = "m.paper.example";
const OTHER: &str = "www.elsewhere.example";

fn article(title: &str) -> String {
    format!(
        "<html lang=\"ko\"><head><meta charset=\"utf-8\"><title>{title} - 지어낸신문</title>\
         <meta property=\"og:title\" content=\"{title}\">\
         <meta property=\"article:published_time\" content=\"2026-11-20T09:00:00+09:00\">\
         <link rel=\"canonical\" href=\"http://{PAPER}/news/1\"></head>\
         <body><article><h1>{title}</h1>\
         <p>지어낸 첫째 문단이다. 강가에 사는 사람들은 올해 물이 맑아졌다고 입을 모아 말했다.</p>\
         <p>지어낸 둘째 문단이다. 시는 다음 달부터 쉼터 여섯 곳을 차례로 연다고 밝혔다.</p>\
         <p>지어낸 셋째 문단이다. 자세한 일정은 누리집에서 볼 수 있다고 덧붙였다.</p>\
         </article></body></html>"
    )
}

async fn site() -> Site {
    let site = Site::plain().await;
    let html = "text/html; charset=utf-8";
    let list = format!(
        "<a href=\"/news/1\">강물이 맑아졌다는 소식</a><a href=\"/news/2\">막힌 기사 제목</a>\
         <a href=\"/news/3\">사라진 기사 제목</a><a href=\"http://{MOBILE}/news/1\">작은 화면 기사</a>\
         <a href=\"http://{OTHER}/news/view/1234567\">다른 신문의 기사 제목</a>"
    );
    site.put(&format!("{PAPER}/list"), html, list);
    let robots = "# rules\nUser-agent: *\nContent-Signal: ai-train=no\nAllow: /news/1\n\
                  Disallow: /news/2\n";
    site.put(&format!("{PAPER}/robots.txt"), "text/plain", robots);
    for host in [PAPER, MOBILE] {
        site.put(&format!("{host}/news/1"), html, article("강물이 맑아졌다"));
    }
    site.refuse(&format!("{PAPER}/news/3"), 410);
    site
}

fn sokbo(site: &Site) -> Sokbo {
    let at = site.address;
    let sokbo = Sokbo::with(&format!(
        "[crawler]\nper_host_delay = \"0s\"\nmax_crawl_delay = \"0s\"\nidle_wait = \"200ms\"\n\
         [fetch]\nallow_networks = [\"127.0.0.0/8\"]\n\
         hosts = {{ \"{PAPER}\" = \"{at}\", \"{MOBILE}\" = \"{at}\", \"{OTHER}\" = \"{at}\" }}\n"
    ));
    sokbo.source(
        "paper",
        &format!(
            "name = \"paper\"\nhome = \"http://{PAPER}/\"\nsections = [\"http://{PAPER}/list\"]\n\
             article_url = '/news/\\d+'\n"
        ),
    );
    sokbo
}

async fn told(sokbo: &Sokbo, url: &str) -> Value {
    let json = sokbo.run(&["explain", url, "--format", "json"]).await;
    serde_json::from_str(&json).unwrap()
}

/// The state of an address, checked together with a part of the reasons.
async fn check(sokbo: &Sokbo, url: &str, state: &str, part: &str) {
    let told = told(sokbo, url).await;
    let of = |path| told.pointer(path).unwrap();
    let reasons = of("/next/reasons").to_string();
    assert_eq!(of("/next/state"), state, "{url}: {reasons}");
    assert!(reasons.contains(part), "{url}: {reasons}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_end_of_an_address_is_explained() {
    let site = site().await;
    let sokbo = sokbo(&site);
    sokbo.run(&["run", "--until-idle"]).await;
    let at = |path: &str| format!("http://{PAPER}{path}");

    let text = sokbo
        .run(&["explain", &at("/news/1?utm_source=x#top")])
        .await;
    for part in [
        "address     http://www.paper.example/news/1\n",
        "given as http://www.paper.example/news/1?utm_source=x#top",
        "source      paper\n",
        "in page http://www.paper.example/list of paper (enqueued): 강물이 맑아졌다는 소식",
        "robots      allowed: line 4 says `Allow: /news/1`\n",
        "Content-Signal: ai-train=no",
        "(status 200)",
        "answers     2",
        "(done)",
        "article     강물이 맑아졌다\n",
        "also at http://m.paper.example/news/1 (canonical)",
        "title from ",
        "revisions   1 first",
    ] {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
    let stored = told(&sokbo, &at("/news/1")).await;
    assert_eq!(stored["robots"]["line"], 4);
    assert_eq!(stored["article"]["revisions"][0]["revision"], 1);
    assert!(!stored["article"]["fields"].as_array().unwrap().is_empty());
    assert_eq!(stored["discoveries"][0]["source"], "paper");

    check(
        &sokbo,
        &at("/news/2"),
        "discarded",
        "line 5 says `Disallow: /news/2`",
    )
    .await;
    check(&sokbo, &at("/news/3"), "discarded", "410").await;
    check(
        &sokbo,
        &at("/news/9"),
        "unknown",
        "source paper owns its host",
    )
    .await;
    check(
        &sokbo,
        "https://stranger.example/",
        "unknown",
        "no source owns",
    )
    .await;
    check(&sokbo, &at("/list"), "later", "visited about every").await;
    let mobile = format!("http://{MOBILE}/news/1");
    check(&sokbo, &mobile, "alias", "http://www.paper.example/news/1").await;
    let outside = format!("http://{OTHER}/news/view/1234567");
    check(&sokbo, &outside, "outside", "does not own its host").await;

    let wrong = sokbo.output(&["explain", "nonsense"]).await;
    assert_eq!(wrong.status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_keeps_an_address_waiting_is_named() {
    let site = site().await;
    let sokbo = sokbo(&site);
    sokbo.run(&["migrate"]).await;
    let url = format!("http://{PAPER}/news/1");
    sokbo.run(&["add", &url]).await;
    check(&sokbo, &url, "due", "a running node takes it next").await;
    for (change, state, part) in [
        (
            "update crawl.hosts set rests_until = now() + interval '1 hour', failures = 3, \
             last_error = 'it answered 503'",
            "resting",
            "3 failures in a row, because it answered 503",
        ),
        (
            "update crawl.hosts set rests_until = null, lease_token = 7, leased_by = 'node-b', \
             ready_at = now() + interval '1 minute'",
            "leased",
            "leased by node node-b until",
        ),
        (
            "update crawl.hosts set ready_at = now() - interval '1 minute'",
            "due",
            "the lease of node node-b",
        ),
        (
            "update crawl.jobs set attempt = 2, run_at = now() + interval '1 hour'",
            "later",
            "not due before",
        ),
        (
            "insert into crawl.robots (origin, verdict, body, fetched_at, expires_at, \
             unreadable_since, error) values ('http://www.paper.example', 'disallow_all', '', now(), \
             now() + interval '10 min', now(), 'connection refused')",
            "robots",
            "robots.txt can't be read",
        ),
        (
            "update crawl.jobs set run_at = 'infinity'",
            "disabled",
            "is disabled",
        ),
        ("delete from crawl.jobs", "done", "has no visit to come"),
    ] {
        sokbo.run(&["sql", "--write", change]).await;
        check(&sokbo, &url, state, part).await;
    }
    let text = sokbo.run(&["explain", &url]).await;
    assert!(text.contains("connection refused"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn running_daemon_is_not_disturbed() {
    let site = site().await;
    let sokbo = sokbo(&site);
    let page = format!("{PAPER}/news/1");
    site.hold(&page);
    let mut run = sokbo.command(&["run", "--until-idle"]);
    let mut daemon = run
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    site.wait_until_asked(&page).await;
    check(
        &sokbo,
        &format!("http://{page}"),
        "leased",
        "leased by node",
    )
    .await;
    site.release(&page);
    let ended = tokio::task::spawn_blocking(move || daemon.wait().unwrap());
    assert!(ended.await.unwrap().success());
}
