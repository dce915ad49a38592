//! Pages that another tool fetched: what an import stores, leaves out, and leaves alone.

mod faults;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use secrecy::ExposeSecret;
use serde_json::Value;
use sqlx::PgPool;

use crate::support::{Database, Site, Sokbo, database_at, fixture};

const KO: &str = "www.saebyeok-deul.example";
const EN: &str = "www.tidewater-post.example";

/// A folder with the sources of the demo, a database, and its address.
struct Desk {
    sokbo: Sokbo,
    database: Database,
    url: String,
}

impl Desk {
    async fn new(more: &str) -> Self {
        let sokbo = Sokbo::with(&format!("[crawler]\nidle_wait = \"200ms\"\n{more}"));
        sokbo.source(
            "saebyeok-deul",
            &format!(
                "name = \"saebyeok-deul\"\nhome = \"http://{KO}/\"\nlanguage = \"ko\"\ntimezone = \"Asia/Seoul\"\n\
                 sections = [\"http://{KO}/news/section/economy\", \"http://{KO}/news/section/society\"]\n"
            ),
        );
        sokbo.source(
            "tidewater-post",
            &format!(
                "name = \"tidewater-post\"\nhome = \"http://{EN}/\"\nlanguage = \"en\"\n\
                 timezone = \"America/New_York\"\nsections = [\"http://{EN}/\"]\n"
            ),
        );
        let (database, url) = database_at().await;
        let url = url.expose_secret().to_owned();
        Self {
            sokbo,
            database,
            url,
        }
    }

    fn with_url<'a>(&'a self, arguments: &[&'a str]) -> Vec<&'a str> {
        [&["--database-url", &self.url], arguments].concat()
    }

    async fn run(&self, arguments: &[&str]) -> String {
        self.sokbo.run(&self.with_url(arguments)).await
    }

    async fn output(&self, arguments: &[&str]) -> Output {
        self.sokbo.output(&self.with_url(arguments)).await
    }

    /// Imports an archive of these bytes.
    async fn import(&self, name: &str, archive: &[u8], more: &[&str]) -> String {
        let file = self.sokbo.path().join(name);
        fs::write(&file, archive).unwrap();
        let arguments = [&["import", "warc", file.to_str().unwrap()], more].concat();
        self.run(&arguments).await
    }
}

fn demo_archive() -> String {
    fixture("warc/demo.warc.gz").to_str().unwrap().to_owned()
}

fn demo_page(name: &str) -> Vec<u8> {
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/demo/site");
    fs::read(site.join(name)).unwrap()
}

/// Everything that a page states, of each article by its address.
async fn articles(pool: &PgPool) -> Vec<Value> {
    sqlx::query_scalar(
        "SELECT to_jsonb(t) FROM (
                SELECT a.url, a.source, a.title, a.subtitle, a.authors, a.section, a.tags,
                       a.language, a.published_at, a.published_precision, a.modified_at, a.body,
                       a.lead, a.word_count, a.agency, a.paywalled, a.revision_count,
                       (SELECT jsonb_agg(to_jsonb(i) ORDER BY i.position)
                          FROM news.images i WHERE i.article_id = a.id) AS images,
                       (SELECT jsonb_agg(to_jsonb(p) - 'first_seen_at' ORDER BY p.field, p.strategy)
                          FROM news.provenance p WHERE p.article_id = a.id) AS provenance
                  FROM news.articles a ORDER BY a.url) t",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

/// Every row of the tables that an import writes to, but for when the import itself was.
async fn rows(pool: &PgPool) -> Vec<Value> {
    sqlx::query_scalar(
        "SELECT to_jsonb(a) FROM crawl.articles a UNION ALL
         SELECT to_jsonb(r) FROM crawl.revisions r UNION ALL
         SELECT to_jsonb(i) FROM crawl.images i UNION ALL
         SELECT to_jsonb(p) FROM crawl.raw_pages p UNION ALL
         SELECT to_jsonb(f) FROM crawl.fetches f UNION ALL
         SELECT to_jsonb(l) FROM crawl.aliases l UNION ALL
         SELECT to_jsonb(v) FROM crawl.visits v UNION ALL
         SELECT to_jsonb(s) FROM crawl.seen s
         ORDER BY 1",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn site() -> Site {
    let site = Site::plain().await;
    for (at, file) in [
        (
            "www.saebyeok-deul.example/news/section/economy",
            "ko-section-economy.html",
        ),
        (
            "www.saebyeok-deul.example/news/section/society",
            "ko-section-society.html",
        ),
        ("www.saebyeok-deul.example/news/view/1001", "ko-1001.html"),
        ("www.saebyeok-deul.example/news/view/1002", "ko-1002.html"),
        (
            "www.saebyeok-deul.example/news/view/1003",
            "ko-1003-euckr.html",
        ),
        ("www.saebyeok-deul.example/news/view/1004", "ko-1004.html"),
        ("www.tidewater-post.example/", "en-home.html"),
        (
            "www.tidewater-post.example/2026/11/harbor-ferry-returns",
            "en-harbor-ferry-returns.html",
        ),
        (
            "www.tidewater-post.example/amp/2026/11/harbor-ferry-returns",
            "en-amp-harbor-ferry-returns.html",
        ),
        (
            "www.tidewater-post.example/2026/11/school-roof-solar-vote",
            "en-school-roof-solar-vote.html",
        ),
    ] {
        site.put(at, "text/html", demo_page(file));
    }
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn archive_of_another_tool_gives_the_articles_of_a_live_crawl() {
    let site = site().await;
    let at = site.address;
    let loopback = format!(
        "per_host_delay = \"0s\"\nmax_crawl_delay = \"0s\"\n[fetch]\n\
         allow_networks = [\"127.0.0.0/8\"]\nhosts = {{ \"{KO}\" = \"{at}\", \"{EN}\" = \"{at}\" }}\n"
    );
    let live = Desk::new(&loopback).await;
    live.run(&["run", "--until-idle"]).await;
    let imported = Desk::new("").await;
    let told = imported.run(&["import", "warc", &demo_archive()]).await;

    let articles = articles(&imported.database.pool).await;
    assert_eq!(articles, self::articles(&live.database.pool).await);
    assert_eq!(articles.len(), 6, "{articles:#?}");
    for line in [
        "17 records and 9 pages read: 6 new articles, 0 revised, 0 known already, 0 known with a later text",
        "        1 requests",
        "        1 revisits",
        "        1 answers of hosts that no source owns",
        "        1 answers that the archive cut short",
        "        1 answers with another status than 200",
        "        1 redirects",
        "        1 answers that are no web page",
        "        1 pages that are no article",
        "        2 pages that stand for another address",
        "no source owns hosts such as www.unknown-courier.example:",
    ] {
        assert!(told.contains(line), "{line} is not in\n{told}");
    }
    let jobs = "SELECT count(*) FROM crawl.jobs WHERE kind = 'article'";
    assert_eq!(imported.database.count(jobs).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn imported_page_is_from_when_it_was_archived_and_says_from_where() {
    let desk = Desk::new("").await;
    desk.run(&["import", "warc", &demo_archive()]).await;
    for (sql, expected) in [
        (
            "SELECT count(*) FROM news.articles a JOIN news.revisions r ON r.article_id = a.id
              WHERE a.url LIKE '%/view/1001' AND a.first_seen_at = '2026-11-21T03:01:00Z'
                AND r.seen_at = a.first_seen_at AND a.last_checked_at = a.first_seen_at",
            1,
        ),
        (
            "SELECT count(*) FROM news.fetches WHERE archive = 'demo.warc.gz' AND status = 200
                AND outcome = 'used' AND started_at < '2026-11-22'",
            8,
        ),
        (
            "SELECT count(*) FROM news.fetches WHERE archive = 'demo.warc.gz'
                AND error_class = 'content' AND url LIKE '%/section/economy'",
            1,
        ),
        (
            "SELECT count(*) FROM crawl.raw_pages WHERE fetched_at < '2026-11-22'",
            6,
        ),
        (
            "SELECT count(*) FROM crawl.aliases l JOIN crawl.articles a
                 ON a.fingerprint = l.article_fingerprint
              WHERE l.url LIKE '%/go/1002' OR l.url LIKE '%m.saebyeok-deul%' OR l.url LIKE '%/amp/%'",
            3,
        ),
        (
            "SELECT count(*) FROM crawl.visits WHERE etag = '\"1001-a\"'",
            1,
        ),
    ] {
        assert_eq!(desk.database.count(sql).await, expected, "{sql}");
    }
    let told = desk
        .run(&["explain", &format!("http://{KO}/news/view/1001")])
        .await;
    assert!(told.contains("from the archive demo.warc.gz"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn second_import_changes_nothing_packed_or_not_by_file_or_pipe() {
    let desk = Desk::new("").await;
    desk.run(&["import", "warc", &demo_archive()]).await;
    let first = rows(&desk.database.pool).await;
    let again = desk.run(&["import", "warc", &demo_archive()]).await;
    assert!(
        again.contains("0 new articles, 0 revised, 6 known already"),
        "{again}"
    );
    assert_eq!(rows(&desk.database.pool).await, first);

    let arguments = desk.with_url(&["import", "warc", "-"]);
    let mut command = desk.sokbo.command(&arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let piped = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().unwrap();
        let archive = fs::read(demo_archive()).unwrap();
        let mut unpacked = Vec::new();
        let mut decoder = flate2::read::MultiGzDecoder::new(archive.as_slice());
        std::io::copy(&mut decoder, &mut unpacked).unwrap();
        child.stdin.take().unwrap().write_all(&unpacked).unwrap();
        child.wait_with_output().unwrap()
    });
    let piped = String::from_utf8(piped.await.unwrap().stdout).unwrap();
    assert!(
        piped.contains("0 new articles, 0 revised, 6 known already"),
        "{piped}"
    );
    assert_eq!(rows(&desk.database.pool).await, first);
}

/// A response record of a page.
fn record(url: &str, date: &str, page: &[u8]) -> Vec<u8> {
    let answer = [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", page].concat();
    let mut record = format!(
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:{date}:{url}>\r\nWARC-Date: {date}\r\n\
         WARC-Target-URI: {url}\r\nContent-Type: application/http;msgtype=response\r\nContent-Length: {}\r\n\r\n",
        answer.len()
    )
    .into_bytes();
    record.extend(answer);
    record.extend(b"\r\n\r\n");
    record
}

#[tokio::test(flavor = "multi_thread")]
async fn later_text_becomes_a_revision_and_an_earlier_one_is_left_out() {
    let desk = Desk::new("").await;
    let url = format!("http://{KO}/news/view/1001");
    let edited = demo_page("ko-1001-edited.html");
    let (first, later, last) = (
        "2026-11-21T03:01:00Z",
        "2026-11-22T00:00:00Z",
        "2026-11-23T00:00:00Z",
    );
    // Both times in one file: the second is judged by the first.
    let both = [
        record(&url, first, &demo_page("ko-1001.html")),
        record(&url, later, &edited),
    ];
    let told = desk.import("both.warc", &both.concat(), &[]).await;
    assert!(
        told.contains("1 new articles, 1 revised, 0 known already"),
        "{told}"
    );
    let seen = "SELECT count(*) FROM news.revisions
                 WHERE revision = 2 AND kind = 'edit' AND seen_at = '2026-11-22T00:00:00Z'";
    assert_eq!(desk.database.count(seen).await, 1);

    // The edited text was there still at a later time; what came between is no edit of it.
    let still = record(&url, last, &edited);
    let told = desk.import("still.warc", &still, &[]).await;
    assert!(told.contains("0 revised, 1 known already"), "{told}");
    let between = record(&url, "2026-11-22T12:00:00Z", &demo_page("ko-1001.html"));
    let told = desk.import("between.warc", &between, &[]).await;
    assert!(
        told.contains("0 revised, 0 known already, 1 known with a later text"),
        "{told}"
    );
    assert_eq!(
        desk.database
            .count("SELECT count(*) FROM news.revisions")
            .await,
        2
    );
    let stands = "SELECT count(*) FROM news.articles WHERE revision_count = 2
                     AND last_checked_at = '2026-11-23T00:00:00Z' AND first_seen_at = '2026-11-21T03:01:00Z'";
    assert_eq!(desk.database.count(stands).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_unknown_hosts_go_to_the_source_that_is_named() {
    let desk = Desk::new("").await;
    let page = demo_page("en-school-roof-solar-vote.html");
    let old = record(
        "http://mirror.example/2016/1",
        "2016-08-27T00:00:00Z",
        &page,
    );
    let told = desk
        .import("old.warc", &old, &["--source", "tidewater-post"])
        .await;
    assert!(told.contains("1 new articles"), "{told}");
    let stored = "SELECT count(*) FROM news.articles WHERE source = 'tidewater-post' AND first_seen_at < '2017-01-01'";
    assert_eq!(desk.database.count(stored).await, 1);
    let partition = "SELECT count(*) FROM crawl.articles_2016_08";
    assert_eq!(desk.database.count(partition).await, 1);

    let unknown = desk
        .output(&["import", "warc", &demo_archive(), "--source", "nobody"])
        .await;
    assert_eq!(unknown.status.code(), Some(2));
    let said = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(said.contains("there is no source `nobody`"), "{said}");
    let missing = desk.output(&["import", "warc", "missing.warc"]).await;
    assert_eq!(missing.status.code(), Some(1));
}
