//! `discover` and `try` against a fictional site on loopback: what they ask, what they print, and why
//! they give up.

use std::time::Duration;

use crate::support::{Site, Sokbo};

const HOST: &str = "www.saesol-daily.example";
const HOME: &str = "http://www.saesol-daily.example/";
/// Requests of one look, those for robots.txt included.
const MOST: usize = 30;

/// A configuration that reaches the site by the outlet's name, without delay.
fn sokbo(site: &Site, crawler: &str) -> Sokbo {
    let at = site.address;
    Sokbo::with(&format!(
        "[crawler]\nidle_wait = \"1s\"\nmax_crawl_delay = \"60s\"\n{crawler}\n[fetch]\ntimeout = \"4s\"\n\
         first_byte_timeout = \"2s\"\nallow_networks = [\"127.0.0.0/8\"]\n\
         hosts = {{ \"{HOST}\" = \"{at}\", \"m.saesol-daily.example\" = \"{at}\" }}\n"
    ))
}

fn at(path: &str) -> String {
    format!("{HOST}{path}")
}

/// A page with an article of some length, in Korean and with a date.
fn article(number: u32) -> String {
    let text = "별내시는 강변 자전거길을 새로 연다고 27일 밝혔다. 길이는 12킬로미터이고 공사비는 52억 원이 들었다. \
                시는 다음 달부터 안내판과 쉼터를 늘리고 야간 조명을 더 밝게 하기로 했다.";
    let paragraphs: String = (1..5)
        .map(|n| format!("<p>{text} 이번 공사는 {n}차 사업이다.</p>"))
        .collect();
    format!(
        "<html lang=ko><head><title>별내시, 강변 자전거길 {number}호 연다</title>\
         <meta property=\"og:type\" content=\"article\">\
         <meta property=\"article:published_time\" content=\"2026-03-02T09:20:00+09:00\"></head>\
         <body><article><h1>별내시, 강변 자전거길 {number}호 연다</h1><p class=date>입력 2026-03-02 09:20</p>\
         <div class=article-body>{paragraphs}</div></article></body></html>"
    )
}

fn links(numbers: std::ops::Range<u32>) -> String {
    numbers
        .map(|n| {
            format!(
                "<li><a href=\"/news/view/{n}\">별내시, 강변 자전거길 {n}호를 다음 달 연다</a></li>"
            )
        })
        .collect()
}

fn feed(numbers: std::ops::Range<u32>) -> String {
    let items: String = numbers
        .map(|n| {
            format!(
                "<item><title>자전거길 {n}호</title><link>{HOME}news/view/{n}</link>\
                 <pubDate>Mon, 02 Mar 2026 09:20:00 +0900</pubDate></item>"
            )
        })
        .collect();
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel>{items}</channel></rss>")
}

/// A small outlet with a menu, a feed, two sections and traps.
async fn outlet(robots: &str) -> Site {
    let site = Site::plain().await;
    site.put(&at("/robots.txt"), "text/plain", robots);
    let menu = "<nav><a href=/section/economy>경제</a><a href=/section/society>사회</a>\
                <a href=/section/secret>비밀</a><a href=/tag/bike>자전거</a><a href=/about>소개</a></nav>";
    let traps = "<a href=/calendar/2026/03/>3월</a><a href='/section/economy?sid=abc'>내 소식</a>\
                 <a href=http://partner.example/shop/1234567>광고</a>";
    let head = "<link rel=alternate type=application/rss+xml href=/rss/all.xml>";
    let front = format!(
        "<html lang=ko><head>{head}</head>{menu}<ul>{}</ul>{traps}</html>",
        links(20_001..20_009)
    );
    site.put(&at("/"), "text/html; charset=utf-8", front);
    site.put(
        &at("/rss/all.xml"),
        "application/rss+xml",
        feed(20_001..20_006),
    );
    site.put(
        &at("/section/economy"),
        "text/html; charset=utf-8",
        links(19_001..19_006),
    );
    site.put(
        &at("/section/society"),
        "text/html; charset=utf-8",
        links(20_001..20_004),
    );
    site.put(
        &at("/section/secret"),
        "text/html; charset=utf-8",
        links(10_001..10_004),
    );
    for number in (19_001..19_006).chain(20_001..20_009).chain(10_001..10_004) {
        site.put(
            &at(&format!("/news/view/{number}")),
            "text/html; charset=utf-8",
            article(number),
        );
    }
    site
}

const ROBOTS: &str = "User-agent: *\nDisallow: /section/secret\n";

#[tokio::test(flavor = "multi_thread")]
async fn written_file_passes_check_and_crawls_everything_but_the_traps() {
    let site = outlet(ROBOTS).await;
    let sokbo = sokbo(&site, "per_host_delay = \"0s\"");
    let printed = sokbo.run(&["discover", HOME]).await;
    for line in [
        "name = \"saesol-daily\"",
        "language = \"ko\" # 3 of 3 sample articles",
        "timezone = \"Asia/Seoul\"",
        "/rss/all.xml\", # 5 article links, the newest of 2026-03-02 00:20 UTC",
        "/section/economy\", # 5 article links, 5 of them not on the front page",
        r"article_url = '/news/view/\d+'",
        "- http://www.saesol-daily.example/section/secret: robots.txt forbids",
    ] {
        assert!(printed.contains(line), "{line} is missing:\n{printed}");
    }
    // It shows nothing that the front page doesn't.
    assert!(!printed.contains("/section/society\""), "{printed}");
    let asked = site.asked();
    assert!(asked.len() <= MOST, "{asked:?}");
    assert_eq!(asked[0], at("/robots.txt"));
    for trap in ["calendar", "sid=", "tag", "about", "secret"] {
        assert!(
            !asked.iter().any(|at| at.contains(trap)),
            "{trap}: {asked:?}"
        );
    }

    sokbo.run(&["discover", HOME, "--write"]).await;
    let said = sokbo.run(&["check"]).await;
    assert!(said.contains("1 sources, 1 enabled"), "{said}");
    let again = sokbo.output(&["discover", HOME, "--write"]).await;
    let said = String::from_utf8(again.stderr).unwrap();
    assert_eq!(again.status.code(), Some(1), "{said}");
    assert!(said.contains("is there already; --force"), "{said}");
    sokbo.run(&["discover", HOME, "--write", "--force"]).await;
    sokbo
        .run(&["discover", HOME, "--write", "--name", "other"])
        .await;
    assert!(sokbo.path().join("sources/other.toml").exists());
    std::fs::remove_file(sokbo.path().join("sources/other.toml")).unwrap();

    sokbo.run(&["run", "--until-idle"]).await;
    let urls = sokbo.rows("select url from articles order by url").await;
    assert_eq!(urls.len(), 13, "{urls:?}");
    let traps = sokbo
        .rows("select url from fetches where url ~ 'calendar|sid=|tag|shop|secret'")
        .await;
    assert!(traps.is_empty(), "{traps:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_keep_the_delay_that_robots_asks_for() {
    const DELAY: Duration = Duration::from_millis(500);
    /// A request may be late on a busy machine, and the next one then seems early.
    const LATE: Duration = Duration::from_millis(250);
    let site = outlet("User-agent: *\nCrawl-delay: 0.5\nDisallow: /section/\n").await;
    let sokbo = sokbo(&site, "per_host_delay = \"0s\"");
    sokbo.run(&["discover", HOME]).await;
    let gaps = site.gaps();
    assert!(gaps.len() >= 4, "{:?}", site.asked());
    assert!(gaps.iter().all(|gap| *gap + LATE >= DELAY), "{gaps:?}");
    let waits = u32::try_from(gaps.len()).unwrap();
    assert!(
        gaps.iter().sum::<Duration>() + LATE >= DELAY * waits,
        "{gaps:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn site_without_end_gets_no_more_than_its_share_of_requests() {
    let site = Site::plain().await;
    let menu: String = (0..90)
        .map(|n| format!("<a href=/part{n}/>부문</a>"))
        .collect();
    let feeds: String = (0..90)
        .map(|n| format!("<link rel=alternate type=application/rss+xml href=/f{n}>"))
        .collect();
    let front = format!(
        "<head>{feeds}</head><nav>{menu}</nav>{}",
        links(20_001..20_050)
    );
    site.put(&at("/"), "text/html; charset=utf-8", front);
    let maps: String = (0..90)
        .map(|n| format!("Sitemap: {HOME}news{n}.xml\n"))
        .collect();
    site.put(&at("/robots.txt"), "text/plain", maps);
    for n in 0..90 {
        // Each leads on and on.
        for (path, to) in [
            (format!("/f{n}"), "f"),
            (format!("/part{n}/"), "part"),
            (format!("/news{n}.xml"), "news"),
        ] {
            site.redirect(&at(&path), &format!("/{to}{}", (n + 1) % 90));
        }
        site.redirect(&at(&format!("/part{n}")), &format!("/part{}/", n + 1));
    }
    let sokbo = sokbo(&site, "per_host_delay = \"0s\"");
    let printed = sokbo.run(&["discover", HOME]).await;
    assert!(printed.contains("article links"), "{printed}");
    let asked = site.asked();
    assert_eq!(asked.len(), MOST, "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn host_that_asks_for_patience_is_asked_no_more() {
    let site = outlet(ROBOTS).await;
    site.refuse(&at("/rss/all.xml"), 429);
    let sokbo = sokbo(&site, "per_host_delay = \"0s\"");
    let printed = sokbo.run(&["discover", HOME]).await;
    assert_eq!(site.asked().last(), Some(&at("/rss/all.xml")));
    assert!(printed.contains("is left alone"), "{printed}");
    assert!(
        printed.contains(r"article_url = '/news/view/\d+'"),
        "{printed}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn home_that_can_not_be_read_says_why_and_costs_two_requests() {
    let challenge = "<html><head><title>Just a moment...</title></head><body>\
                     <script src=\"/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1\"></script></body></html>";
    for (case, reason) in [
        (
            "robots",
            "robots.txt forbids http://www.saesol-daily.example/: line 2 says `Disallow: /`",
        ),
        ("gone", "does not exist"),
        ("silent", "no answer"),
        ("challenge", "a challenge of Cloudflare"),
        ("closed", "503"),
        ("empty", "leads to no article"),
    ] {
        let site = Site::plain().await;
        match case {
            "robots" => {
                site.put(
                    &at("/robots.txt"),
                    "text/plain",
                    "User-agent: *\nDisallow: /\n",
                );
                site.put(&at("/"), "text/html", links(20_001..20_009));
            }
            "silent" => site.hold(&at("/")),
            "challenge" => {
                site.put(&at("/"), "text/html", challenge);
                site.add_header(&at("/"), "cf-mitigated", "challenge");
            }
            "closed" => site.refuse(&at("/robots.txt"), 503),
            "empty" => site.put(&at("/"), "text/html", "<p>nothing here</p>"),
            _ => {}
        }
        let sokbo = sokbo(&site, "per_host_delay = \"0s\"");
        for command in ["discover", "try"] {
            let before = site.asked().len();
            let output = sokbo.output(&[command, HOME]).await;
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{case}: {said}");
            assert!(said.contains(reason), "{case}: {said}");
            assert!(output.stdout.is_empty());
            let requests = site.asked().len() - before;
            assert!(
                requests <= 2 || case == "empty",
                "{case}: {:?}",
                site.asked()
            );
        }
    }
}

#[tokio::test]
async fn public_host_needs_a_contact_and_private_one_is_refused() {
    let sokbo = Sokbo::with("[crawler]\n");
    for command in ["discover", "try"] {
        let output = sokbo
            .output(&[command, "https://www.saesol-daily.example/"])
            .await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("contact"), "{said}");
    }
    let sokbo = Sokbo::with("[crawler]\ncontact = \"ops@saesol-daily.example\"\n");
    let output = sokbo.output(&["discover", "http://127.0.0.1:8000/"]).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("127.0.0.1"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn trial_shows_listings_samples_fields_and_what_comes_next_and_stores_nothing() {
    let site = outlet(ROBOTS).await;
    let sokbo = sokbo(&site, "per_host_delay = \"0s\"");
    sokbo.source(
        "saesol-daily",
        &format!(
            "name = \"saesol-daily\"\nhome = \"{HOME}\"\nenabled = false\nfeeds = [\"{HOME}rss/all.xml\"]\n\
             sections = [\"{HOME}section/economy\", \"{HOME}section/secret\", \"{HOME}section/none\"]\n\
             article_url = '/news/view/\\d+'\n"
        ),
    );
    for target in ["saesol-daily", HOME] {
        let said = sokbo.run(&["try", target]).await;
        let flat: String = said.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in [
            "robots.txt: rules for us: 1, sitemaps named: 0",
            "feed (rss)",
            "section (page)",
            "robots.txt forbids",
            "does not exist",
            "별내시, 강변 자전거길",
            "2026-03-02T09:20:00+09:00",
            "The crawl would fetch 10 articles, the first of them:",
            "nothing was stored",
        ] {
            assert!(flat.contains(part), "{part} is missing:\n{said}");
        }
        let filled = |field: &str| {
            said.lines()
                .any(|line| line.contains(field) && line.contains("3 of 3"))
        };
        assert!(
            filled("title") && filled("body") && filled("published"),
            "{said}"
        );
        assert!(
            said.lines()
                .any(|line| line.contains("authors") && line.contains("0 of 3")),
            "{said}"
        );
    }
    assert!(
        !sokbo.path().join("data").exists(),
        "a trial needs no database"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn trial_of_an_unknown_outlet_discovers_it_first() {
    let site = outlet(ROBOTS).await;
    let sokbo = sokbo(&site, "per_host_delay = \"0s\"");
    let said = sokbo.run(&["try", HOME]).await;
    assert!(
        said.contains("No source has this front page") && said.contains("name = \"saesol-daily\""),
        "{said}"
    );
    assert!(said.contains("nothing was stored"), "{said}");
    assert!(!sokbo.path().join("sources/saesol-daily.toml").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn trial_that_reads_nothing_fails_and_unknown_name_is_a_wrong_command() {
    let site = outlet("User-agent: *\nDisallow: /\n").await;
    let sokbo = sokbo(&site, "per_host_delay = \"0s\"");
    sokbo.source(
        "saesol-daily",
        &format!("name = \"saesol-daily\"\nhome = \"{HOME}\"\n"),
    );
    let output = sokbo.output(&["try", "saesol-daily"]).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("nothing could be visited: robots.txt forbids"),
        "{said}"
    );
    let output = sokbo.output(&["try", "saesol"]).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("there is no source saesol; name one of saesol-daily"),
        "{said}"
    );
}
