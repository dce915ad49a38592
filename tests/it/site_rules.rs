//! Site rules in a crawl: they win while they match; when they stop, the generic engine answers and
//! the rows say so.

use serde_json::Value;

use crate::support::{Site, Sokbo};

const PAPER: &str = "www.paper.example";

/// The outlet's pages as its rule knows them: the headline and the text stand in elements whose
/// names tell nothing, and another line looks more like a headline.
fn known(number: u32) -> String {
    format!(
        "<html lang=ko><head><title>지어낸신문</title>\
         <meta property=og:title content='오늘의 지어낸신문 {number}호'></head><body>\
         <b class=x1>나루터 {number}호가 다시 열린다</b><i class=x2>2026-11-20 09:0{number}</i>\
         <div class=x3><p>나루터가 아홉 해 만에 다시 열린다고 시가 밝혔다. 첫 배는 {number}월에 뜬다.</p>\
         <p class=x4>지난 소식: 나루터가 문을 닫던 날에는 비가 왔다고 사람들이 전했다.</p>\
         <p>배는 하루 여섯 번 강을 건너며, 주민은 삯을 내지 않아도 된다고 한다.</p></div></body></html>"
    )
}

/// The same outlet after a redesign.
fn redesigned(number: u32) -> String {
    format!(
        "<html lang=ko><head><title>나루터 {number}호가 다시 열린다 - 지어낸신문</title></head><body>\
         <article><h1>나루터 {number}호가 다시 열린다</h1><time datetime='2026-11-21T09:00:00+09:00'></time>\
         <p>나루터가 아홉 해 만에 다시 열린다고 시가 밝혔다. 첫 배는 {number}월에 뜬다.</p>\
         <p>배는 하루 여섯 번 강을 건너며, 주민은 삯을 내지 않아도 된다고 한다.</p></article></body></html>"
    )
}

fn sokbo(site: &Site) -> Sokbo {
    let at = site.address;
    let sokbo = Sokbo::with(&format!(
        "[crawler]\nper_host_delay = \"0s\"\nmax_crawl_delay = \"0s\"\nidle_wait = \"200ms\"\n\
         [fetch]\nallow_networks = [\"127.0.0.0/8\"]\nhosts = {{ \"{PAPER}\" = \"{at}\" }}\n"
    ));
    sokbo.source(
        "paper",
        &format!(
            "name = \"paper\"\nhome = \"http://{PAPER}/\"\ntimezone = \"Asia/Seoul\"\n\
             article_url = '/news/\\d+'\nsections = [\"http://{PAPER}/list\"]\ndelay = \"0s\"\n\
             [[extract]]\nsince = 2026-01-01\ntitle = \".x1\"\npublished = [\".x2 @datetime\", \".x2\"]\n\
             body = \".x3\"\nremove = [\".x4\"]\n"
        ),
    );
    sokbo
}

fn publish(site: &Site, pages: &[(u32, String)]) {
    let html = "text/html; charset=utf-8";
    let link = |(n, _): &(u32, String)| format!("<a href='/news/{n}'>나루터 {n}호가 열린다</a>");
    let links: String = pages.iter().map(link).collect();
    site.put(&format!("{PAPER}/list"), html, links);
    for (number, page) in pages {
        site.put(&format!("{PAPER}/news/{number}"), html, page.clone());
    }
}

async fn strategies(sokbo: &Sokbo, url_end: u32) -> Vec<String> {
    let rows = sokbo
        .rows(&format!(
            "select p.field, p.strategy from provenance p join articles a on a.id = p.article_id
              where a.url like '%/news/{url_end}' and p.field in ('title', 'published', 'body')
              order by 1, 2"
        ))
        .await;
    let text = |row: &Value| {
        let word = |key: &str| row[key].as_str().unwrap().to_owned();
        format!("{} {}", word("field"), word("strategy"))
    };
    rows.iter().map(text).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_win_while_they_match_and_their_misses_can_be_counted() {
    let site = Site::plain().await;
    publish(&site, &[(1, known(1)), (2, known(2))]);
    let sokbo = sokbo(&site);
    sokbo.run(&["run", "--until-idle"]).await;
    let stored = sokbo
        .rows("select title, body, published_at::text as at from articles order by url")
        .await;
    assert_eq!(stored.len(), 2);
    assert_eq!(stored[0]["title"], "나루터 1호가 다시 열린다");
    assert!(!stored[0]["body"].as_str().unwrap().contains("지난 소식"));
    assert!(
        stored[0]["at"]
            .as_str()
            .unwrap()
            .starts_with("2026-11-20 00:01")
    );
    assert_eq!(
        strategies(&sokbo, 1).await,
        ["body site_rule", "published site_rule", "title site_rule"]
    );
    let misses = "select source, field, count(*) as n from provenance
                   where strategy = 'site_rule_missed'
                     and first_seen_at > now() - interval '1 day' group by 1, 2 order by 2";
    assert_eq!(sokbo.rows(misses).await, Vec::<Value>::new());

    publish(&site, &[(3, redesigned(3)), (4, redesigned(4))]);
    sokbo.run(&["run", "--until-idle"]).await;
    let title = sokbo
        .rows("select title from articles where url like '%/news/3'")
        .await;
    assert_eq!(
        title[0]["title"], "나루터 3호가 다시 열린다",
        "the generic engine answers"
    );
    assert_eq!(
        strategies(&sokbo, 3).await,
        [
            "body article",
            "body site_rule_missed",
            "published markup",
            "published site_rule_missed",
            "title markup",
            "title site_rule_missed",
        ]
    );
    let counted = sokbo.rows(misses).await;
    let counts: Vec<(&str, i64)> = counted
        .iter()
        .map(|row| (row["field"].as_str().unwrap(), row["n"].as_i64().unwrap()))
        .collect();
    assert_eq!(counts, [("body", 2), ("published", 2), ("title", 2)]);
}
