//! The founding page's site, crawled over TLS with the source file that ships: each article once,
//! every field as expected, and a reason for every address without a page.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{Site, Sokbo, fixture};

const ECONOMY: &str = "www.etoday.co.kr";
const FEEDS: &str = "rss.etoday.co.kr";
const FICTION: &str = "www.saesol-economy.example";

/// The site's pages: those of the fixtures, or of the folder in `SOKBO_ETODAY_DATA`.
fn data() -> PathBuf {
    std::env::var_os("SOKBO_ETODAY_DATA").map_or_else(|| fixture("crawl/etoday"), PathBuf::from)
}

/// Address, content type and file of each page.
const PAGES: [(&str, &str, &str); 9] = [
    (
        "www.etoday.co.kr/news/section/subsection?MID=1200",
        HTML,
        "list_subsection_MID_1200.html",
    ),
    (
        "rss.etoday.co.kr/eto/etoday_news_all.xml",
        XML,
        "rss_news_all.xml",
    ),
    ("www.etoday.co.kr/rss/news_sitemap", XML, "news_sitemap.xml"),
    (
        "www.etoday.co.kr/news/view/2335742",
        HTML,
        "view_2335742_like.html",
    ),
    (
        "www.saesol-economy.example/news/view/9000001",
        HTML,
        "pages/view_9000001.html",
    ),
    (
        "www.saesol-economy.example/news/view/9000002",
        HTML,
        "pages/view_9000002_v2.html",
    ),
    (
        "www.saesol-economy.example/news/view/9000003",
        HTML,
        "pages/view_9000003_p1.html",
    ),
    (
        "www.saesol-economy.example/news/view/9000003?page=2",
        HTML,
        "pages/view_9000003_p2.html",
    ),
    (
        "www.saesol-economy.example/news/view/9000003?page=3",
        HTML,
        "pages/view_9000003_p3.html",
    ),
];
const HTML: &str = "text/html";
const XML: &str = "text/xml";

async fn site(data: &Path) -> Site {
    let site = Site::secure(&[ECONOMY, FEEDS, FICTION]).await;
    let read = |name: &str| fs::read(data.join(name)).unwrap();
    for host in [ECONOMY, FICTION] {
        site.put(
            &format!("{host}/robots.txt"),
            "text/plain",
            read("robots_sample.txt"),
        );
    }
    for (at, kind, file) in PAGES {
        site.put(at, kind, read(file));
    }
    site
}

fn sokbo(site: &Site) -> Sokbo {
    let at = site.address;
    let sokbo = Sokbo::with(&format!(
        "[crawler]\nper_host_delay = \"0s\"\nmax_crawl_delay = \"0s\"\nidle_wait = \"200ms\"\n\
         [fetch]\nallow_networks = [\"127.0.0.0/8\"]\nextra_ca = \"ca.pem\"\n\
         hosts = {{ \"{ECONOMY}\" = \"{at}\", \"{FEEDS}\" = \"{at}\", \"{FICTION}\" = \"{at}\" }}\n"
    ));
    fs::write(sokbo.path().join("ca.pem"), &site.ca_pem).unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/sources/etoday.toml");
    let shipped = fs::read_to_string(shipped).unwrap();
    // A table's keys come before its sub-tables, so the host goes to the top.
    let delay = shipped.replace("delay = \"5s\"", "delay = \"0s\"");
    sokbo.source("etoday", &format!("hosts = [\"{FICTION}\"]\n{delay}"));
    sokbo
}

fn expected(data: &Path) -> BTreeMap<String, Value> {
    let all: BTreeMap<String, Value> =
        serde_json::from_slice(&fs::read(data.join("expected.json")).unwrap()).unwrap();
    let wanted = [
        "view_2335742_like.html",
        "pages/view_9000001.html",
        "pages/view_9000002_v2.html",
        "pages/view_9000003_p1.html",
    ];
    let of = |name: &str| {
        let page = all.get(name).unwrap();
        let images = page["images"].as_array().unwrap().iter();
        let images: Vec<Value> = images
            .map(|i| json!({ "url": i["src"], "caption": i["caption"], "credit": i["credit"] }))
            .collect();
        let body: Vec<&str> = page["body"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p.as_str().unwrap())
            .collect();
        let article = json!({
            "title": page["title"], "section": page["section"], "published": page["published"],
            "modified": page["updated"], "authors": page["authors"], "language": page["language"],
            "body": body.join("\n\n"), "images": images,
        });
        (page["canonical_url"].as_str().unwrap().to_owned(), article)
    };
    wanted.into_iter().map(of).collect()
}

const STORED: &str = "\
select json_build_object('url', a.url, 'title', a.title, 'section', a.section,
         'published', to_char(a.published_at at time zone 'Asia/Seoul', 'YYYY-MM-DD\"T\"HH24:MI:SS+09:00'),
         'modified', to_char(a.modified_at at time zone 'Asia/Seoul', 'YYYY-MM-DD\"T\"HH24:MI:SS+09:00'),
         'authors', a.authors, 'language', a.language, 'body', a.body, 'images',
         coalesce((select json_agg(json_build_object('url', i.url, 'caption', i.caption, 'credit', i.credit)
                          order by i.position) from images i where i.article_id = a.id), '[]'))::text as article
  from articles a";

async fn stored(sokbo: &Sokbo) -> Vec<(String, Value)> {
    let rows = sokbo.rows(STORED).await;
    let article = |row: &Value| {
        let mut article: Value = match &row["article"] {
            Value::String(text) => serde_json::from_str(text).unwrap(),
            object => object.clone(),
        };
        let url = article.as_object_mut().unwrap().remove("url").unwrap();
        (url.as_str().unwrap().to_owned(), article)
    };
    rows.iter().map(article).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn founding_site_is_crawled_to_exactly_its_articles() {
    let data = data();
    let site = site(&data).await;
    let sokbo = sokbo(&site);
    sokbo.run(&["run", "--until-idle"]).await;

    let stored = stored(&sokbo).await;
    let expected = expected(&data);
    assert_eq!(
        stored.len(),
        expected.len(),
        "each article once: {stored:#?}"
    );
    for (url, article) in &stored {
        assert_eq!(Some(article), expected.get(url), "{url}");
    }

    let without_page = sokbo
        .rows("select url, error_class, error from fetches where url like '%/news/view/2340001'")
        .await;
    assert_eq!(without_page.len(), 1);
    assert_eq!(without_page[0]["error_class"], "status");
    assert!(
        without_page[0]["error"].as_str().unwrap().contains("404"),
        "{without_page:?}"
    );

    let asked = site.asked();
    let times = |at: &str| asked.iter().filter(|a| a.as_str() == at).count();
    assert_eq!(times("www.saesol-economy.example/news/view/9000001"), 1);
    assert_eq!(times("www.saesol-economy.example/robots.txt"), 1);
    assert_eq!(
        site.versions().into_iter().collect::<Vec<_>>(),
        ["HTTP/2.0"]
    );
    assert!(
        asked.iter().all(|at| !at.contains("trc=")),
        "tracking parameters are never sent"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn second_run_stores_nothing_new_and_an_edit_becomes_a_revision() {
    let data = data();
    let site = site(&data).await;
    let first = fs::read(data.join("pages/view_9000002_v1.html")).unwrap();
    site.put(
        "www.saesol-economy.example/news/view/9000002",
        "text/html",
        first,
    );
    let sokbo = sokbo(&site);
    sokbo.run(&["run", "--until-idle"]).await;
    let again = sokbo.run(&["run", "--until-idle"]).await;
    assert!(again.contains(" 0 new articles, 0 revised"), "{again}");

    let edited = fs::read(data.join("pages/view_9000002_v2.html")).unwrap();
    site.put(
        "www.saesol-economy.example/news/view/9000002",
        "text/html",
        edited,
    );
    let third = sokbo
        .run(&["run", "--until-idle", "--revisit", "all"])
        .await;
    assert!(third.contains(" 0 new articles, 1 revised"), "{third}");
    let revisions = sokbo
        .rows("select revision, title, changed from revisions where title like '%체육관%' or title like '%도서관%' order by revision")
        .await;
    assert_eq!(revisions.len(), 2, "{revisions:?}");
    assert_ne!(revisions[0]["title"], revisions[1]["title"]);
}
