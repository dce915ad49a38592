//! What answers mean for their address and their host, seen from outside: one crawl, then SQL.

use serde_json::Value;

use crate::support::{Site, Sokbo};

const PAPER: &str = "www.paper.example";
const HTML: &str = "text/html; charset=utf-8";

fn article(n: u32, head: &str) -> String {
    format!(
        "<html lang=\"ko\"><head><title>지어낸 기사 {n}</title>{head}\
         <meta property=\"article:published_time\" content=\"2026-11-20T09:00:00+09:00\">\
         </head><body><article><h1>지어낸 기사 {n}</h1>\
         <p>지어낸 첫째 문단이다. 강가에 사는 사람들은 올해 물이 맑아졌다고 입을 모아 말했다. {n}</p>\
         <p>지어낸 둘째 문단이다. 시는 다음 달부터 쉼터 여섯 곳을 차례로 연다고 밝혔다.</p>\
         </article></body></html>"
    )
}

async fn site(count: u32) -> Site {
    let site = Site::plain().await;
    site.put(&format!("{PAPER}/robots.txt"), "text/plain", "");
    let links: String = (1..=count)
        .map(|n| format!("<a href=\"/news/{n}\">지어낸 기사의 제목 {n}번</a>"))
        .collect();
    site.put(&format!("{PAPER}/list"), HTML, links);
    for n in 1..=count {
        site.put(&at(n), HTML, article(n, ""));
    }
    site
}

fn at(n: u32) -> String {
    format!("{PAPER}/news/{n}")
}

fn sokbo(site: &Site, more: &str) -> Sokbo {
    let at = site.address;
    let sokbo = Sokbo::with(&format!(
        "[crawler]\nper_host_delay = \"0s\"\nmax_crawl_delay = \"0s\"\nidle_wait = \"100ms\"\n\
         [fetch]\nallow_networks = [\"127.0.0.0/8\"]\nhosts = {{ \"{PAPER}\" = \"{at}\" }}\n"
    ));
    sokbo.source(
        "paper",
        &format!(
            "name = \"paper\"\nhome = \"http://{PAPER}/\"\nsections = [\"http://{PAPER}/list\"]\n\
             article_url = '/news/\\d+'\n{more}"
        ),
    );
    sokbo
}

async fn host(sokbo: &Sokbo) -> Value {
    let query = "select failures, last_error, leased_by, delay,
                        extract(epoch from resting_until - now())::bigint as rest from hosts";
    sokbo.rows(query).await.remove(0)
}

async fn failure(sokbo: &Sokbo, path: &str) -> Value {
    let query = format!(
        "select status, error_class, error from fetches where url = 'http://{PAPER}{path}'
          order by started_at desc limit 1"
    );
    sokbo.rows(&query).await.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_forbidden_page_is_its_own_matter_and_six_in_a_row_are_the_hosts() {
    let paper = site(4).await;
    paper.refuse(&at(2), 403);
    let one = sokbo(&paper, "");
    one.run(&["run", "--until-idle"]).await;
    let row = host(&one).await;
    assert_eq!(
        (&row["failures"], &row["rest"]),
        (&0.into(), &Value::Null),
        "{row}"
    );
    let said = failure(&one, "/news/2").await;
    assert!(
        said["error"].as_str().unwrap().contains("turned away"),
        "{said}"
    );

    let paper = site(20).await;
    for n in 1..=20 {
        paper.refuse(&at(n), 403);
    }
    let all = sokbo(&paper, "");
    all.run(&["run", "--until-idle"]).await;
    let row = host(&all).await;
    assert_eq!(row["failures"], 1, "{row}");
    assert!(row["rest"].as_i64().is_some_and(|rest| rest <= 45), "{row}");
    let asked = paper
        .asked()
        .iter()
        .filter(|at| at.contains("/news/"))
        .count();
    assert_eq!(asked, 6, "{:?}", paper.asked());
}

#[tokio::test(flavor = "multi_thread")]
async fn challenged_host_rests_for_hours_and_the_rest_of_its_pages_is_not_asked() {
    let paper = site(9).await;
    for n in 1..=9 {
        paper.refuse(&at(n), 403);
        paper.add_header(&at(n), "cf-mitigated", "challenge");
    }
    let sokbo = sokbo(&paper, "");
    sokbo.run(&["run", "--until-idle"]).await;
    let asked = paper
        .asked()
        .iter()
        .filter(|at| at.contains("/news/"))
        .count();
    assert_eq!(asked, 1, "{:?}", paper.asked());
    let row = host(&sokbo).await;
    assert!(
        row["rest"].as_i64().is_some_and(|rest| rest > 7_000),
        "{row}"
    );
    let classes = "select distinct error_class from fetches where error_class is not null";
    let classes = sokbo.rows(classes).await;
    assert_eq!(classes, [serde_json::json!({"error_class": "challenge"})]);
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_txt_behind_a_challenge_forbids_everything() {
    for status in [200, 403] {
        let paper = site(2).await;
        let robots = format!("{PAPER}/robots.txt");
        if status == 403 {
            paper.refuse(&robots, status);
        }
        paper.add_header(&robots, "cf-mitigated", "challenge");
        let sokbo = sokbo(&paper, "");
        sokbo.output(&["run", "--until-idle"]).await;
        assert_eq!(paper.asked(), [robots], "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn directives_of_pages_are_honoured_and_those_for_others_are_not() {
    let paper = site(6).await;
    paper.add_header(&at(1), "x-robots-tag", "noindex");
    paper.add_header(&at(2), "x-robots-tag", "otherbot: noindex");
    paper.put(&at(3), HTML, article(3, "<meta name=sokbo content=none>"));
    paper.put(
        &at(4),
        HTML,
        article(4, "<meta name=otherbot content=noindex>"),
    );
    paper.put(
        &at(5),
        HTML,
        article(5, "<meta name=robots content=noarchive>"),
    );
    paper.add_header(
        &at(6),
        "x-robots-tag",
        "unavailable_after: 25 Jun 2010 15:00:00 GMT",
    );
    let sokbo = sokbo(&paper, "");
    sokbo.run(&["run", "--until-idle"]).await;
    let stored = sokbo
        .rows(
            "select right(a.url, 1) as n, exists (select from crawl.raw_pages r
                      where r.fingerprint = a.id) as raw from articles a order by url",
        )
        .await;
    let expected = [("2", true), ("4", true), ("5", false)];
    let expected = expected.map(|(n, raw)| serde_json::json!({"n": n, "raw": raw}));
    assert_eq!(stored, expected);
    for n in [1, 3, 6] {
        let said = failure(&sokbo, &format!("/news/{n}")).await;
        assert_eq!(said["error_class"], "directive", "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn listing_whose_links_are_not_to_be_followed_leads_nowhere() {
    let paper = site(3).await;
    paper.add_header(&format!("{PAPER}/list"), "x-robots-tag", "nofollow");
    let sokbo = sokbo(&paper, "");
    sokbo.output(&["run", "--until-idle"]).await;
    assert!(!paper.asked().iter().any(|at| at.contains("/news/")));
    assert_eq!(failure(&sokbo, "/list").await["error_class"], "directive");
}

#[tokio::test(flavor = "multi_thread")]
async fn address_that_was_just_met_and_is_missing_gets_one_more_look() {
    let paper = site(2).await;
    paper.refuse(&at(1), 404);
    paper.refuse(&at(2), 410);
    let sokbo = sokbo(&paper, "");
    sokbo.run(&["run", "--until-idle"]).await;
    let waiting = "select url, attempt from crawl.jobs where kind = 'article'";
    let waiting = sokbo.rows(waiting).await;
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    assert_eq!(
        (&waiting[0]["url"], &waiting[0]["attempt"]),
        (&format!("http://{}", at(1)).into(), &1.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn validators_belong_to_the_address_that_answered() {
    let paper = site(1).await;
    let list = format!("{PAPER}/list");
    paper.add_header(&list, "etag", "W/\"1\"");
    let direct = sokbo(&paper, "");
    for _ in 0..2 {
        direct.run(&["run", "--until-idle"]).await;
    }
    assert!(
        paper.conditions().contains(&format!("{list} W/\"1\"")),
        "{:?}",
        paper.conditions()
    );
    let unchanged =
        "select count(*) as n from fetches where outcome = 'unchanged' and status = 304";
    assert_eq!(direct.rows(unchanged).await[0]["n"], 1);

    let paper = site(1).await;
    paper.put(
        &format!("{PAPER}/moved"),
        HTML,
        "<a href=\"/news/1\">지어낸 기사의 제목 1번</a>",
    );
    paper.add_header(&format!("{PAPER}/moved"), "etag", "\"2\"");
    paper.redirect(&list, "/moved");
    let moved = sokbo(&paper, "");
    for _ in 0..2 {
        moved.run(&["run", "--until-idle"]).await;
    }
    assert!(
        paper.conditions().iter().all(|at| !at.contains("\"2\"")),
        "{:?}",
        paper.conditions()
    );
    let unchanged =
        "select count(*) as n from fetches where outcome = 'unchanged' and status = 200";
    assert_eq!(moved.rows(unchanged).await[0]["n"], 1);

    let paper = site(1).await;
    paper.add_header(&list, "etag", "\"3\"");
    let never = sokbo(&paper, "conditional = false\n");
    for _ in 0..2 {
        never.run(&["run", "--until-idle"]).await;
    }
    assert!(paper.conditions().is_empty(), "{:?}", paper.conditions());
}

#[tokio::test(flavor = "multi_thread")]
async fn sources_that_share_a_host_take_the_longest_delay() {
    let paper = site(1).await;
    let sokbo = sokbo(&paper, "delay = \"0s\"\n");
    sokbo.source(
        "weekly",
        &format!(
            "name = \"weekly\"\nhome = \"http://{PAPER}/weekly\"\ndelay = \"700ms\"\nenabled = true\n\
             sections = [\"http://{PAPER}/list?weekly\"]\narticle_url = '/news/\\d+'\n"
        ),
    );
    paper.put(&format!("{PAPER}/list?weekly"), HTML, "");
    sokbo.run(&["run", "--until-idle"]).await;
    let gaps = paper.gaps();
    assert!(gaps.len() >= 2, "{:?}", paper.asked());
    let shortest = std::time::Duration::from_millis(500);
    assert!(gaps.iter().all(|gap| *gap > shortest), "{gaps:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn http_2_asks_with_conditions_too() {
    let paper = Site::secure(&[PAPER]).await;
    let list = format!("{PAPER}/list");
    paper.put(
        &list,
        HTML,
        "<a href=\"/news/1\">지어낸 기사의 제목 1번</a>",
    );
    paper.put(&at(1), HTML, article(1, ""));
    paper.tag(&list, "\"1\"");
    paper.tag(&at(1), "\"2\"");
    let address = paper.address;
    let sokbo = Sokbo::with(&format!(
        "[crawler]\nper_host_delay = \"0s\"\nmax_crawl_delay = \"0s\"\nidle_wait = \"100ms\"\n\
         [fetch]\nallow_networks = [\"127.0.0.0/8\"]\nextra_ca = \"ca.pem\"\n\
         hosts = {{ \"{PAPER}\" = \"{address}\" }}\n"
    ));
    std::fs::write(sokbo.path().join("ca.pem"), &paper.ca_pem).unwrap();
    sokbo.source(
        "paper",
        &format!(
            "name = \"paper\"\nhome = \"https://{PAPER}/\"\nsections = [\"https://{PAPER}/list\"]\n\
             article_url = '/news/\\d+'\n"
        ),
    );
    sokbo.run(&["run", "--until-idle"]).await;
    sokbo
        .run(&["run", "--until-idle", "--revisit", "all"])
        .await;
    assert_eq!(
        paper.conditions(),
        [format!("{list} \"1\""), format!("{} \"2\"", at(1))]
    );
    let versions: Vec<String> = paper.versions().into_iter().collect();
    assert_eq!(versions, ["HTTP/2.0"]);
    let unchanged =
        "select count(*) as n from fetches where outcome = 'unchanged' and status = 304";
    assert_eq!(sokbo.rows(unchanged).await[0]["n"], 2);
}
