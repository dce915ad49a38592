//! The command line as people use it: what is said, where, and with which exit code.

mod discover;
mod explain;
mod extract;
mod inspect;
mod inspect_listings;

use std::fs;
use std::process::Command;

use crate::support::Sokbo;

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
        "run", "demo", "check", "discover", "try", "extract", "inspect", "explain", "migrate",
        "sql", "sources", "status", "add", "backfill", "import",
    ] {
        assert!(
            help.contains(&format!("\n  {built} ")),
            "{built} is missing:\n{help}"
        );
    }
    for later in ["reparse", "export", "doctor", "forget", "archive"] {
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
        &["inspect", "feed", "x.xml"],
        &["inspect", "feed", "-", "--url", "x.xml"],
        &["inspect", "sitemap", "-", "--url", "ftp://saesol.example/"],
        &["inspect", "links", "-"],
        &["run", "--revisit", "all"],
        &["add"],
        &["discover"],
        &["discover", "https://paper.example/", "--force"],
        &["try"],
        &["explain"],
        &["inspect", "robots"],
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

#[tokio::test]
async fn source_is_switched_in_its_file_and_nothing_else_changes() {
    let sokbo = Sokbo::with(MINIMAL);
    let written = "# A paper.\nname = \"paper\"\nhome = \"https://paper.example/\"\n\
                   enabled = false   # not yet: enabled = true was too early\n\
                   [[extract]]\nbody = \".text\"\n";
    let bare =
        "name = \"bare\"\r\nhome = \"https://bare.example/\"\r\n[[extract]]\r\nbody = \"p\"\r\n";
    sokbo.source("paper", written);
    sokbo.source("bare", bare);
    let file = |name: &str| sokbo.path().join(format!("sources/{name}.toml"));
    let text = |name: &str| std::fs::read_to_string(file(name)).unwrap();

    let said = sokbo.run(&["sources", "enable", "paper", "bare"]).await;
    assert!(said.contains("paper is enabled from"), "{said}");
    assert!(said.contains("bare is enabled already"), "{said}");
    let expected = written.replacen("enabled = false", "enabled = true", 1);
    assert_eq!(text("paper"), expected);
    assert_eq!(text("bare"), bare);

    sokbo.run(&["sources", "disable", "paper", "bare"]).await;
    assert_eq!(text("paper"), written);
    let expected = bare.replacen("[[", "enabled = false\r\n[[", 1);
    assert_eq!(text("bare"), expected);
    let said = sokbo.run(&["check"]).await;
    assert!(said.contains("2 sources, 0 enabled"), "{said}");

    let output = sokbo.output(&["sources", "enable", "bare", "papr"]).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("there is no source papr"), "{said}");
    assert!(text("bare").contains("enabled = false"), "all or none");
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
