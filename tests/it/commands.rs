//! The command line as people use it: what is said, where, and with which exit code.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Site, Sokbo, fixture};

const MINIMAL: &str = "[crawler]\n";

fn plain(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sokbo"));
    command
        .args(arguments)
        .env_remove("DATABASE_URL")
        .env_remove("SOKBO_CONFIG");
    command
}

#[test]
fn help_names_the_commands_that_are_built_and_no_others() {
    let help = plain(&["--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for built in [
        "run", "demo", "check", "extract", "inspect", "migrate", "sql", "sources", "status", "add",
    ] {
        assert!(
            help.contains(&format!("\n  {built} ")),
            "{built} is missing:\n{help}"
        );
    }
    for later in [
        "reparse", "backfill", "export", "doctor", "forget", "archive",
    ] {
        assert!(
            !help.contains(&format!("\n  {later} ")),
            "{later} is not built:\n{help}"
        );
    }
}

#[test]
fn wrong_command_line_ends_with_two() {
    for arguments in [
        &["crawl"][..],
        &["extract"],
        &["inspect"],
        &["inspect", "date", "--timezone", "Seoul"],
        &["inspect", "date", "--now", "soon"],
        &["run", "--revisit", "all"],
        &["add"],
    ] {
        assert_eq!(
            plain(arguments).output().unwrap().status.code(),
            Some(2),
            "{arguments:?}"
        );
    }
}

#[tokio::test]
async fn check_names_file_line_key_and_remedy_of_each_mistake() {
    let cases = [
        ("[crawler]\nconcurency = 3\n", "sokbo.toml:", "concurrency"),
        ("[crawler]\nper_host_delay = 2\n", "per_host_delay", "30s"),
        ("[crawler]\nlease = \"1s\"\n", "lease", "at least"),
        ("[crawler]\n[fetch]\nmax_body = \"8\"\n", "max_body", "8MiB"),
        (
            "[crawler]\n[fetch]\nallow_networks = [\"127.0.0.1/99\"]\n",
            "allow_networks",
            "127.0.0.0/8",
        ),
        (
            "[crawler]\n[fetch]\nhosts = { \"a.kr\" = \"127.0.0.1:80\" }\n",
            "hosts",
            "allow_networks",
        ),
        ("[crawler]\n[databse]\n", "databse", "database"),
        ("[crawler]\n[log]\nformat = \"xml\"\n", "format", "json"),
        (
            "[crawler]\n[archive]\nraw_html = \"yes\"\n",
            "raw_html",
            "true",
        ),
        (
            "[crawler]\nper_host_delay = \"10ms\"\n",
            "per_host_delay",
            "500ms",
        ),
        ("[crawler]\nuser_agent = \"/1\"\n", "user_agent", "product"),
        ("[crawler\n", "sokbo.toml:1", "]"),
    ];
    for (text, place, remedy) in cases {
        let sokbo = Sokbo::with(MINIMAL);
        fs::write(sokbo.path().join("sokbo.toml"), text).unwrap();
        let output = sokbo.output(&["check"]).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{text}{said}");
        assert!(
            said.contains(place) && said.contains(remedy),
            "{text}{said}"
        );
    }
}

#[tokio::test]
async fn check_shows_every_mistake_of_every_file_at_once() {
    let sokbo = Sokbo::with("[crawler]\nconcurency = 3\n[log]\nlevle = \"info\"\n");
    sokbo.source(
        "paper",
        "name = \"paper\"\nhome = \"ftp://paper.example/\"\ntimezone = \"Asia/Soul\"\n",
    );
    let output = sokbo.output(&["check"]).await;
    let said = String::from_utf8(output.stderr).unwrap();
    for part in [
        "concurency",
        "levle",
        "paper.toml:2",
        "paper.toml:3",
        "Asia/Seoul",
    ] {
        assert!(said.contains(part), "{part} is missing:\n{said}");
    }
}

#[tokio::test]
async fn selector_that_does_not_compile_is_found_by_check_with_its_line() {
    let sokbo = Sokbo::with(MINIMAL);
    sokbo.source(
        "paper",
        "name = \"paper\"\nhome = \"https://paper.example/\"\n[[extract]]\nbody = \"div[\"\n",
    );
    let output = sokbo.output(&["check"]).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("paper.toml:4") && said.contains("div["),
        "{said}"
    );
}

#[test]
fn shipped_configuration_is_fine() {
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/config/sokbo.toml");
    let output = plain(&["--config", config, "check"]).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
async fn run_refuses_public_hosts_without_a_contact() {
    let sokbo = Sokbo::with(MINIMAL);
    sokbo.source(
        "paper",
        "name = \"paper\"\nhome = \"https://paper.example/\"\n",
    );
    let output = sokbo.output(&["run", "--until-idle"]).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("contact"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn run_without_any_source_says_what_to_do() {
    let sokbo = Sokbo::with(MINIMAL);
    let output = sokbo.output(&["run", "--until-idle"]).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("no source is enabled"), "{said}");
}

#[tokio::test]
async fn database_that_is_away_is_a_clear_error_and_one() {
    let sokbo = Sokbo::with(MINIMAL);
    let arguments = [
        "--database-url",
        "postgresql://u:secret@127.0.0.1:9/x",
        "sql",
        "select 1",
    ];
    let output = sokbo.output(&arguments).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.lines().count() <= 3, "{said}");
    assert!(!said.contains("secret"), "{said}");
}

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
async fn imported_rules_load_as_they_are_printed() {
    let sokbo = Sokbo::with(MINIMAL);
    let file = sokbo.path().join("paper.example.txt");
    let rules = "title: //h1[@class='head']\nbody: //div[@id='story']\nstrip_id_or_class: share\n\
                 body: //div[@id='old']\nnext_page_link: //a[@rel='next']\n";
    fs::write(&file, rules).unwrap();
    let file = file.to_str().unwrap();
    let block = sokbo.run(&["sources", "import-ftr", file]).await;
    assert!(
        block.contains("# Not translated:\n#   next_page_link"),
        "{block}"
    );
    sokbo.source(
        "paper",
        &format!(
            "name = \"paper\"\nhome = \"https://www.paper.example/\"\nenabled = false\n{block}"
        ),
    );
    sokbo.run(&["check"]).await;
    fs::write(file, "prune: no\n").unwrap();
    let refused = sokbo.output(&["sources", "import-ftr", file]).await;
    assert_eq!(refused.status.code(), Some(1));
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
async fn queries_are_printed_in_three_forms_and_are_read_only() {
    let sokbo = Sokbo::with(MINIMAL);
    sokbo.run(&["migrate"]).await;
    let query = "select 1 as one, null as nothing, 'a,\"b' as text, array['x','y'] as list";
    let table = sokbo.run(&["sql", query]).await;
    assert!(table.contains("one") && table.contains("a,\"b"), "{table}");
    let csv = sokbo.run(&["sql", query, "--format", "csv"]).await;
    assert_eq!(csv, "one,nothing,text,list\n1,,\"a,\"\"b\",\"{x,y}\"\n");
    let rows = sokbo
        .rows("select 1 as one, null as nothing, true as yes")
        .await;
    assert_eq!(
        rows[0].to_string(),
        r#"{"nothing":null,"one":1,"yes":true}"#
    );

    let change = "insert into crawl.seen values (gen_random_uuid(), now())";
    let refused = sokbo.output(&["sql", change]).await;
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("--write"), "{said}");
    sokbo.run(&["sql", change, "--write"]).await;
    assert_eq!(
        sokbo.rows("select count(*) as n from crawl.seen").await[0]["n"],
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_view_and_column_of_news_has_a_comment() {
    let sokbo = Sokbo::with(MINIMAL);
    sokbo.run(&["migrate"]).await;
    let without = sokbo
        .rows(
            "select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid \
             where c.relnamespace = 'news'::regnamespace and a.attnum > 0 \
               and (col_description(c.oid, a.attnum) is null or obj_description(c.oid) is null)",
        )
        .await;
    assert!(without.is_empty(), "{without:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn added_addresses_are_told_apart() {
    let sokbo = Sokbo::with(MINIMAL);
    sokbo.run(&["migrate"]).await;
    let first = sokbo
        .run(&[
            "add",
            "https://paper.example/a/1",
            "https://paper.example/a/2",
        ])
        .await;
    assert!(first.contains("2 added"), "{first}");
    let again = sokbo
        .output(&["add", "https://paper.example/a/1?utm_source=x", "nonsense"])
        .await;
    let out = String::from_utf8(again.stdout).unwrap();
    assert!(out.contains("0 added, 1 known already, 1 refused"), "{out}");
    assert_eq!(again.status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn demo_shows_its_articles_also_the_second_time() {
    let sokbo = Sokbo::with(MINIMAL);
    for (round, news) in ["7 new articles", "0 new articles"].into_iter().enumerate() {
        let said = sokbo.run(&["demo"]).await;
        assert!(said.contains(news), "round {round}:\n{said}");
        for part in ["잊힌 동요 악보", "똠얌꿍", "Harbor Ferry", "공사비 52억"] {
            assert!(
                said.contains(part),
                "round {round}: {part} is missing:\n{said}"
            );
        }
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
        "[crawler]\n[fetch]\nallow_networks = [\"127.0.0.0/8\"]\n\
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
