//! `extract` and `inspect date`: what they print of pages, batches and dates.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use super::{MINIMAL, plain};
use crate::support::{Site, Sokbo, fixture};

#[test]
fn extract_reads_standard_input_and_prints_every_key() {
    let mut child = plain(&[
        "extract",
        "-",
        "--url",
        "https://www.saesol-economy.example/news/view/9000001",
    ])
    .stdin(Stdio::piped())
    .stdout(Stdio::piped())
    .spawn()
    .unwrap();
    let page = fs::read(fixture("crawl/etoday/pages/view_9000001.html")).unwrap();
    child.stdin.take().unwrap().write_all(&page).unwrap();
    let output = child.wait_with_output().unwrap();
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    let keys: Vec<&str> = line
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut expected = vec![
        "id",
        "url",
        "canonical_url",
        "kind",
        "title",
        "subtitle",
        "authors",
        "published",
        "published_precision",
        "modified",
        "language",
        "section",
        "tags",
        "body",
        "images",
        "agency",
        "paywalled",
        "error",
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!(line["kind"], "article");
    assert_eq!(line["published_precision"], "second");
}

#[test]
fn batch_keeps_the_order_and_survives_every_bad_line() {
    let folder = tempfile::tempdir().unwrap();
    let page = fixture("crawl/etoday/pages/view_9000002_v1.html");
    let page = page.to_str().unwrap();
    fs::write(folder.path().join("deep.html"), "<div>".repeat(100_000)).unwrap();
    fs::write(
        folder.path().join("nul.html"),
        b"<p>\0\0\xff\xfe\xed\xa0\x80",
    )
    .unwrap();
    let good = |id: &str, path: &str| {
        format!("{{\"id\":\"{id}\",\"url\":\"https://a.example/{id}\",\"path\":\"{path}\"}}\n")
    };
    let manifest = [
        good("1", page),
        "no json\n".to_owned(),
        good("3", "missing.html"),
        good("4", "deep.html"),
        good("5", "nul.html"),
        "{\"id\":\"6\",\"url\":\"not an address\",\"path\":\"nul.html\"}\n".to_owned(),
        good("7", page),
        format!("{{\"id\":\"8\",\"url\":\"\",\"path\":\"{page}\"}}\n"),
    ];
    let path = folder.path().join("manifest.jsonl");
    fs::write(&path, manifest.concat()).unwrap();
    for jobs in ["1", "3"] {
        let path = path.to_str().unwrap();
        let output = plain(&["extract", "--batch", path, "--jobs", jobs])
            .output()
            .unwrap();
        assert!(output.status.success());
        let lines: Vec<Value> = String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 8);
        assert_eq!(lines[0]["kind"], "article");
        assert_eq!(lines[6]["id"], "7");
        // An empty address is an unknown one.
        assert_eq!(lines[7]["kind"], "article");
        assert_eq!(lines[7]["url"], Value::Null);
        for bad in [1, 2, 3, 5] {
            assert_eq!(lines[bad]["kind"], "other");
            assert!(lines[bad]["error"].is_string(), "{}", lines[bad]);
        }
    }
}

/// Five pages of different kinds, each with what a person needs to write a rule for it.
#[test]
fn explanation_can_be_read_by_who_writes_a_rule() {
    for (page, parts) in [
        (
            "crawl/etoday/view_2335742_like.html",
            &[
                "kind: article (confidence ",
                "it has structured data of an article",
                "h1.main_title",
                "meta[property=\"article:published_time\"]",
                "div[itemprop=articleBody]",
                " leads ",
                " caption ",
            ][..],
        ),
        (
            "crawl/etoday/list_subsection_MID_1200.html",
            &["kind: section", "a listing", "no container holds text"],
        ),
        (
            "extraction/en-login-wall.html",
            &["kind: other", "asks to log in", "=   Sign in"],
        ),
        (
            "extraction/ko-wire-lazy-image.html",
            &[
                "이다온, 최하늘",
                "script(application/ld+json).author[*].name",
                "copyright",
            ],
        ),
        (
            "extraction/ko-text-in-script-state.html",
            &[
                "script(Fusion.globalContent).content_elements[*].content",
                "than its script holds",
            ],
        ),
    ] {
        let page = fixture(page);
        let output = plain(&["extract", page.to_str().unwrap(), "--explain"])
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        for part in parts {
            assert!(said.contains(part), "{part} is missing:\n{said}");
        }
        assert!(
            said.lines().all(|line| line.chars().count() <= 100),
            "{said}"
        );
    }
}

#[tokio::test]
async fn explanation_tells_what_the_rules_of_a_source_gave_and_missed() {
    let sokbo = Sokbo::with(MINIMAL);
    sokbo.source(
        "paper",
        "name = \"paper\"\nhome = \"https://www.paper.example/\"\n[[extract]]\ntitle = \"h1\"\n\
         subtitle = [\".gone\", \".away\"]\nremove = [\"body\"]\n",
    );
    let page = fixture("extraction/ko-wire-lazy-image.html");
    let page = page.to_str().unwrap();
    let said = sokbo
        .run(&["extract", page, "--source", "paper", "--explain"])
        .await;
    for part in [
        "site_rule",
        "site rule: subtitle = .gone | .away gave nothing",
        "site rule: remove = body would take nearly all",
    ] {
        assert!(said.contains(part), "{part} is missing:\n{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn extract_of_an_address_asks_robots_follows_redirects_and_refuses_private_networks() {
    let site = Site::plain().await;
    let page = fs::read(fixture("crawl/etoday/pages/view_9000002_v1.html")).unwrap();
    site.put(
        "www.paper.example/robots.txt",
        "text/plain",
        "User-agent: *\nDisallow: /private/\n",
    );
    site.redirect("www.paper.example/short", "/news/1");
    site.put("www.paper.example/news/1", "text/html", page);
    let at = site.address;
    let sokbo = Sokbo::with(&format!(
        "[crawler]\nper_host_delay = \"0s\"\n[fetch]\nallow_networks = [\"127.0.0.0/8\"]\n\
         hosts = {{ \"www.paper.example\" = \"{at}\" }}\n"
    ));
    let said = sokbo
        .run(&[
            "extract",
            "http://www.paper.example/short",
            "--format",
            "text",
        ])
        .await;
    assert!(said.contains("체육관"), "{said}");
    let cases = [
        ("http://www.paper.example/private/1", "robots.txt forbids"),
        ("http://www.paper.example/gone", "does not exist"),
    ];
    for (url, part) in cases {
        let output = sokbo.output(&["extract", url]).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(
            output.status.code() == Some(1) && said.contains(part),
            "{said}"
        );
    }
    let outside = Sokbo::with(MINIMAL);
    let output = outside
        .output(&["extract", &format!("http://{at}/news/1")])
        .await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("not public"), "{said}");
}

#[test]
fn inspect_date_prints_one_object_a_line_for_arguments_and_for_standard_input() {
    let now = [
        "--timezone",
        "Asia/Seoul",
        "--now",
        "2026-11-23T12:04:05+09:00",
    ];
    let texts = [
        "2024.03.05. 오후 2:05",
        "3시간 전",
        "31 February 2024",
        "2024년 3월",
    ];
    let expected = [
        r#"{"input":"2024.03.05. 오후 2:05","value":"2024-03-05T14:05:00+09:00","precision":"minute","rule":"year_first"}"#,
        r#"{"input":"3시간 전","value":"2026-11-23T09:04:00+09:00","precision":"minute","rule":"relative_ago"}"#,
        r#"{"input":"31 February 2024","value":null,"precision":null,"rule":null}"#,
        r#"{"input":"2024년 3월","value":"2024-03","precision":"month","rule":"cjk"}"#,
    ];
    let said = |output: std::process::Output| {
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let arguments = [&["inspect", "date"][..], &texts, &now].concat();
    let printed = said(plain(&arguments).output().unwrap());
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected);
    for piped in [&["inspect", "date"][..], &["inspect", "date", "-"]] {
        let mut child = plain(&[piped, &now].concat())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = texts.join("\r\n");
        child
            .stdin
            .take()
            .unwrap()
            .write_all(lines.as_bytes())
            .unwrap();
        let printed = said(child.wait_with_output().unwrap());
        assert_eq!(printed.lines().collect::<Vec<_>>(), expected);
    }
}
