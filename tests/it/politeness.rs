//! What a site's owner sees of us. Gaps are bounded from below only, with room for a late start.

use std::time::Duration;

use secrecy::ExposeSecret;

use crate::support::{Site, Sokbo, database_at};

const PAPER: &str = "www.paper.example";

async fn crawled(robots: &str, delay: &str, max_crawl_delay: &str) -> (Site, String) {
    let site = Site::plain().await;
    site.put(&format!("{PAPER}/robots.txt"), "text/plain", robots);
    let list =
        "<a href=\"/news/1\">강물이 맑아졌다는 소식</a> <a href=\"/private/2\">숨은 소식입니다</a>";
    site.put(&format!("{PAPER}/list"), "text/html; charset=utf-8", list);
    let at = site.address;
    let sokbo = Sokbo::with(&format!(
        "[crawler]\nper_host_delay = \"{delay}\"\nmax_crawl_delay = \"{max_crawl_delay}\"\n\
         per_host_concurrency = 4\nidle_wait = \"100ms\"\n\
         [fetch]\nallow_networks = [\"127.0.0.0/8\"]\nhosts = {{ \"{PAPER}\" = \"{at}\" }}\n"
    ));
    sokbo.source(
        "paper",
        &format!(
            "name = \"paper\"\nhome = \"http://{PAPER}/\"\nsections = [\"http://{PAPER}/list\"]\n\
             article_url = '/(news|private)/\\d+'\n"
        ),
    );
    let said = sokbo.run(&["run", "--until-idle"]).await;
    (site, said)
}

#[tokio::test(flavor = "multi_thread")]
async fn crawl_delay_of_robots_txt_holds_from_the_first_request_on() {
    let (site, _) = crawled("User-agent: *\nCrawl-delay: 1\n", "0s", "60s").await;
    assert_eq!(
        site.gaps().len(),
        3,
        "robots.txt, the list, two articles: {:?}",
        site.asked()
    );
    assert!(
        site.gaps()
            .iter()
            .all(|gap| *gap > Duration::from_millis(700)),
        "{:?}",
        site.gaps()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn configured_delay_holds_between_all_requests_of_a_host() {
    let (site, _) = crawled("", "600ms", "60s").await;
    assert_eq!(site.gaps().len(), 3, "{:?}", site.asked());
    assert!(
        site.gaps()
            .iter()
            .all(|gap| *gap > Duration::from_millis(400)),
        "{:?}",
        site.gaps()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_txt_comes_first_is_asked_once_and_is_obeyed() {
    let robots = "User-agent: *\nAllow: /\n\nUser-agent: sokbo\nDisallow: /private/\n";
    let (site, _) = crawled(robots, "0s", "0s").await;
    let asked = site.asked();
    assert_eq!(asked.first(), Some(&format!("{PAPER}/robots.txt")));
    assert_eq!(
        asked
            .iter()
            .filter(|at| at.ends_with("/robots.txt"))
            .count(),
        1,
        "{asked:?}"
    );
    assert!(
        !asked.iter().any(|at| at.contains("/private/")),
        "{asked:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_of_one_address_are_asked_in_turn_where_the_source_says_so() {
    let site = Site::plain().await;
    let hosts = ["www.paper.example", "www.gazette.example"];
    for host in hosts {
        let list = "<a href=\"/news/1\">강물이 맑아졌다는 소식</a> <a href=\"/news/2\">다리가 열렸다는 소식</a>";
        site.put(&format!("{host}/list"), "text/html; charset=utf-8", list);
    }
    let at = site.address;
    let sokbo = Sokbo::with(&format!(
        "[crawler]\nper_host_delay = \"400ms\"\nmax_crawl_delay = \"0s\"\nidle_wait = \"100ms\"\n\
         per_host_concurrency = 4\n[fetch]\nallow_networks = [\"127.0.0.0/8\"]\n\
         hosts = {{ \"{}\" = \"{at}\", \"{}\" = \"{at}\" }}\n",
        hosts[0], hosts[1]
    ));
    for (name, host) in ["paper", "gazette"].into_iter().zip(hosts) {
        sokbo.source(
            name,
            &format!(
                "name = \"{name}\"\nhome = \"http://{host}/\"\nsections = [\"http://{host}/list\"]\n\
                 article_url = '/news/\\d+'\nscope = \"address\"\n"
            ),
        );
    }
    sokbo.run(&["run", "--until-idle"]).await;
    assert_eq!(
        site.gaps().len(),
        7,
        "of each host robots.txt, the list, two articles: {:?}",
        site.asked()
    );
    assert!(
        site.gaps()
            .iter()
            .all(|gap| *gap > Duration::from_millis(300)),
        "{:?}",
        site.gaps()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rest_holds_for_the_next_node_when_the_one_that_was_told_is_killed_before_it_settles() {
    let (database, url) = database_at().await;
    let site = Site::plain().await;
    let list = format!("{PAPER}/list");
    site.refuse(&list, 503);
    site.add_header(&list, "retry-after", "60");
    let (at, url) = (site.address, url.expose_secret());
    let sokbo = Sokbo::with(&format!(
        "[crawler]\nper_host_delay = \"0s\"\nmax_crawl_delay = \"0s\"\nlease = \"2s\"\nidle_wait = \"1s\"\n\
         [fetch]\nallow_networks = [\"127.0.0.0/8\"]\nhosts = {{ \"{PAPER}\" = \"{at}\" }}\n\
         [database]\nurl = \"{url}\"\n"
    ));
    sokbo.source(
        "paper",
        &format!(
            "name = \"paper\"\nhome = \"http://{PAPER}/\"\nsections = [\"http://{PAPER}/list\"]\n"
        ),
    );
    let mut reader = database.pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE crawl.fetches IN SHARE MODE")
        .execute(&mut *reader)
        .await
        .unwrap();
    let mut daemon = sokbo.command(&["run"]).spawn().unwrap();
    let rests = "SELECT count(*) FROM crawl.hosts
                  WHERE rests_until > now() + interval '30 s' AND polite_at >= rests_until";
    let told = async {
        while database.count(rests).await == 0 {
            tokio::task::yield_now().await;
        }
    };
    let told = tokio::time::timeout(Duration::from_secs(60), told).await;
    daemon.kill().unwrap();
    daemon.wait().unwrap();
    told.expect("the host rests before its visit is settled");
    reader.rollback().await.unwrap();
    let unsettled = "SELECT count(*) FROM crawl.jobs WHERE attempt = 0 AND run_at <= now()";
    assert_eq!(database.count(unsettled).await, 1);
    let asked = site.asked();

    let said = sokbo.output(&["run", "--until-idle"]).await;
    assert!(!said.status.success(), "nothing could be visited: {said:?}");
    assert_eq!(site.asked(), asked);
    assert_eq!(database.count(rests).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn article_that_a_redirect_led_to_is_not_asked_for_again() {
    let site = Site::plain().await;
    let at = site.address;
    let text =
        "<p>다리가 새로 놓인다는 소식을 시가 전했다. 공사는 봄에 시작해 가을에 끝난다고 한다.</p>"
            .repeat(4);
    let page = format!(
        "<html lang=ko><meta property=og:type content=article><h1>다리가 새로 놓인다</h1><article>{text}</article></html>"
    );
    site.put(&format!("{PAPER}/news/2"), "text/html; charset=utf-8", page);
    site.redirect(
        &format!("{PAPER}/news/1"),
        &format!("http://{PAPER}/news/2"),
    );
    let sokbo = Sokbo::with(&format!(
        "[crawler]\nper_host_delay = \"0s\"\nidle_wait = \"100ms\"\n\
         [fetch]\nallow_networks = [\"127.0.0.0/8\"]\nhosts = {{ \"{PAPER}\" = \"{at}\" }}\n"
    ));
    sokbo.run(&["migrate"]).await;
    for number in [1, 2] {
        let url = format!("http://{PAPER}/news/{number}");
        sokbo.run(&["add", &url]).await;
    }
    sokbo.run(&["run", "--until-idle"]).await;
    let asked = site.asked();
    let times = |path: &str| asked.iter().filter(|at| at.ends_with(path)).count();
    assert_eq!((times("/news/1"), times("/news/2")), (1, 1), "{asked:?}");
    assert_eq!(sokbo.rows("select url from articles").await.len(), 1);
}
