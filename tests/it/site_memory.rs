//! What the pages of a site have in common is learned while it is crawled, and from a folder.

use std::fs;
use std::path::Path;

use secrecy::ExposeSecret;
use serde_json::Value;

use crate::support::{Site, Sokbo, empty_database};

const HTML: &str = "text/html; charset=utf-8";
const PAPER: &str = "www.paper.example";
const WEEKLY: &str = "weekly.paper.example";
/// Furniture that no rule knows, in the middle of the text.
const BOX: &str = "골목을 걷는 사람들의 이야기를 매주 한 통의 편지에 담아 건네고 있습니다.";

fn paragraphs(number: u32) -> [String; 4] {
    [
        format!("{number}구역 사람들은 새 길을 내기로 했다고 지난주 모임에서 밝혔다."),
        format!("{number}구역 옆에 사는 이들은 공사가 길어질까 걱정하면서도 반기는 눈치였다."),
        format!("시는 내년 봄까지 {number}구역 둘레의 오래된 담장을 모두 고치겠다고 했다."),
        format!("끝으로 {number}구역에서 열릴 작은 잔치의 날짜는 다음 달에 정해진다고 한다."),
    ]
}

fn page(number: u32) -> String {
    let [one, two, three, four] = paragraphs(number);
    let title = format!("{number}구역에 새 길을 낸다");
    format!(
        "<html lang=ko><head><title>{title}</title><meta property=og:type content=article></head>\
         <body><h1>{title}</h1><p class=date>2026-11-20 09:00</p><div class=text-k1><p>{one}</p>\
         <p>{two}</p><div class=zeta><p>{BOX}</p></div><p>{three}</p><p>{four}</p></div></body></html>"
    )
}

fn body(number: u32) -> String {
    paragraphs(number).join("\n\n")
}

/// Publishes articles on a host, and lists them alone.
fn publish(site: &Site, host: &str, numbers: impl Iterator<Item = u32>) {
    let mut links = String::new();
    for number in numbers {
        site.put(&format!("{host}/news/{number}"), HTML, page(number));
        links.push_str(&format!(
            "<a href=\"/news/{number}\">{number}구역에 새 길을 낸다</a>"
        ));
    }
    site.put(&format!("{host}/list"), HTML, links);
}

fn sokbo(site: &Site) -> Sokbo {
    configured(site, "2s", "")
}

fn configured(site: &Site, lease: &str, more: &str) -> Sokbo {
    let at = site.address;
    let sokbo = Sokbo::with(&format!(
        "{more}[crawler]\nper_host_delay = \"0s\"\nidle_wait = \"200ms\"\nlease = \"{lease}\"\n\
         [fetch]\nallow_networks = [\"127.0.0.0/8\"]\n\
         hosts = {{ \"{PAPER}\" = \"{at}\", \"{WEEKLY}\" = \"{at}\" }}\n"
    ));
    sokbo.source(
        "paper",
        &format!(
            "name = \"paper\"\nhome = \"http://{PAPER}/\"\nhosts = [\"{WEEKLY}\"]\n\
             timezone = \"Asia/Seoul\"\narticle_url = '/news/\\d+'\n\
             sections = [\"http://{PAPER}/list\", \"http://{WEEKLY}/list\"]\n\
             interval = {{ min = \"1s\", max = \"1s\" }}\n"
        ),
    );
    sokbo
}

async fn body_of(sokbo: &Sokbo, number: u32) -> Value {
    let query = format!("select body from articles where url like '%/news/{number}'");
    let rows = sokbo.rows(&query).await;
    let [row] = rows.as_slice() else {
        panic!("not one article {number}: {rows:?}");
    };
    row.get("body").cloned().unwrap_or_default()
}

const PASS: [&str; 2] = ["run", "--until-idle"];

#[tokio::test(flavor = "multi_thread")]
async fn what_one_run_learned_serves_the_next_and_outlives_a_kill() {
    let site = Site::plain().await;
    let sokbo = sokbo(&site);
    publish(&site, WEEKLY, 0..0);
    publish(&site, PAPER, 1..8);
    sokbo.run(&PASS).await;

    publish(&site, PAPER, 8..9);
    let at = format!("{PAPER}/news/8");
    sokbo.kill_when_asked(&site, &at).await;

    publish(&site, PAPER, 9..10);
    sokbo.run(&PASS).await;
    assert_eq!(body_of(&sokbo, 9).await, body(9));
    let known = sokbo
        .rows("select articles, octet_length(memory) as bytes from crawl.site_memories")
        .await;
    assert!(known[0]["articles"].as_i64().unwrap() >= 7, "{known:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_add_to_one_memory() {
    let site = Site::plain().await;
    // a private server would end with the first node
    let database = empty_database().await.url.unwrap();
    let database = format!("[database]\nurl = \"{}\"\n", database.expose_secret());
    // A visit that outlives its lease is made again by the other node, and learned from twice.
    let sokbo = configured(&site, "60s", &database);
    publish(&site, PAPER, 1..9);
    publish(&site, WEEKLY, 11..19);
    sokbo.run(&["migrate"]).await;
    let (one, other) = tokio::join!(sokbo.output(&PASS), sokbo.output(&PASS));
    for node in [one, other] {
        assert!(node.status.success(), "{node:?}");
    }
    let known = sokbo.rows("select articles from crawl.site_memories").await;
    // 16 articles, each fading by 1/32 with every later one
    assert_eq!(known[0]["articles"], 13, "none is lost, none counts twice");
}

#[test]
fn extract_learns_from_a_folder_and_never_from_the_page_itself() {
    let folder = tempfile::tempdir().unwrap();
    let others = folder.path().join("others");
    fs::create_dir(&others).unwrap();
    let file = |folder: &Path, number: u32| {
        let path = folder.join(format!("{number}.html"));
        fs::write(&path, page(number)).unwrap();
        path
    };
    let input = file(folder.path(), 9);
    let read = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sokbo"));
        let output = command.arg("extract").args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let line: Value = serde_json::from_slice(&output.stdout).unwrap();
        line["body"].as_str().unwrap().to_owned()
    };
    let (input, memory) = (input.to_str().unwrap(), others.to_str().unwrap());
    assert!(read(&[input]).contains(BOX));
    file(&others, 9);
    file(&others, 1);
    assert!(read(&[input, "--site-memory", memory]).contains(BOX));
    file(&others, 2);
    assert_eq!(read(&[input, "--site-memory", memory]), body(9));
    let manifest = folder.path().join("manifest.jsonl");
    fs::write(&manifest, "{\"id\":\"nine\",\"path\":\"9.html\"}\n").unwrap();
    let manifest = manifest.to_str().unwrap();
    assert_eq!(
        read(&["--batch", manifest, "--site-memory", memory]),
        body(9)
    );
}
