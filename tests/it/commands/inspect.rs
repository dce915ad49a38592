//! `sokbo inspect robots` and `sokbo inspect url`: exact lines, as outside suites read them.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn inspect(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sokbo"));
    let command = command.arg("inspect").args(arguments);
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = pipes.stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // It may end without having read what it does not need.
    drop(stdin.write_all(input.as_bytes()));
    drop(stdin);
    child.wait_with_output().unwrap()
}

fn lines(arguments: &[&str], input: &str) -> Vec<Value> {
    let output = inspect(arguments, input);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    let text = String::from_utf8(output.stdout).unwrap();
    let parsed = text.lines().map(serde_json::from_str);
    parsed.collect::<Result<_, _>>().unwrap()
}

const ROBOTS: &str = "# greetings\r\nUser-agent: *\r\nCrawl-delay: 1.5\r\n\
    \t Disallow: /a*  # not here\t\r\n\r\nUser-agent: PaperBot/2\r\nCrawl-delay: 5\r\nAllow: /\r\n";

#[test]
fn robots_are_judged_line_by_line_with_the_rule_as_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("robots.txt");
    std::fs::write(&file, ROBOTS).unwrap();
    let file = file.to_str().unwrap();
    let urls = ["https://e.kr/a?b=1#c", "https://e.kr/b", "/abc", ""];
    let said = lines(
        &[&["robots", file, "--agent", "Other"][..], &urls].concat(),
        "",
    );
    let rule = "Disallow: /a*  # not here";
    assert_eq!(
        said,
        [
            json!({"url": urls[0], "allowed": false, "rule": rule, "line": 4, "crawl_delay": 1.5}),
            json!({"url": urls[1], "allowed": true, "rule": null, "line": null, "crawl_delay": 1.5}),
            json!({"url": urls[2], "allowed": false, "rule": rule, "line": 4, "crawl_delay": 1.5}),
            json!({"url": urls[3], "allowed": true, "rule": null, "line": null, "crawl_delay": 1.5}),
        ]
    );
    let named = lines(
        &["robots", file, "--agent", "paperbot"],
        "https://e.kr/a\r\n/b\n",
    );
    assert_eq!(
        named,
        [
            json!({"url": "https://e.kr/a", "allowed": true, "rule": "Allow: /", "line": 8, "crawl_delay": 5}),
            json!({"url": "/b", "allowed": true, "rule": "Allow: /", "line": 8, "crawl_delay": 5}),
        ]
    );
}

#[test]
fn robots_may_come_from_standard_input() {
    let said = lines(
        &["robots", "-", "--agent", "PaperBot", "https://e.kr/"],
        ROBOTS,
    );
    assert_eq!(said[0]["line"], 8);
    let both = inspect(&["robots", "-", "--agent", "PaperBot"], ROBOTS);
    assert_eq!(both.status.code(), Some(2));
    let missing = inspect(&["robots", "/nowhere/robots.txt", "https://e.kr/"], "");
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("/nowhere/robots.txt"));
    let version = inspect(&["robots", "-", "--agent", "PaperBot/2", "/a"], ROBOTS);
    assert!(String::from_utf8_lossy(&version.stderr).contains("no product token"));
    assert!(version.status.success());
}

#[test]
fn urls_are_told_in_canonical_form_or_with_what_is_wrong() {
    let urls = ["HTTPS://E.kr:443/b/../a?utm_source=x&c=1#d", "ftp://e.kr/"];
    let said = lines(&[&["url"][..], &urls].concat(), "");
    assert_eq!(
        said[0],
        json!({"input": urls[0], "canonical": "https://e.kr/a?c=1", "host_key": "e.kr", "error": null})
    );
    assert_eq!(
        (&said[1]["canonical"], &said[1]["host_key"]),
        (&json!(null), &json!(null))
    );
    assert!(said[1]["error"].as_str().unwrap().contains("ftp"));
    let piped = lines(&["url"], "http://0x7f.1:8080/\nhttp://[::1]/\n\n");
    let keys: Vec<&Value> = piped.iter().map(|line| &line["host_key"]).collect();
    assert_eq!(keys, [&json!("127.0.0.1"), &json!("[::1]"), &json!(null)]);
}
