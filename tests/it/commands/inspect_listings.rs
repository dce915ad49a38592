//! `inspect feed`, `inspect sitemap` and `inspect links`: what they print of a listing.

use std::io::Write;
use std::process::{Output, Stdio};

use super::plain;

fn inspect(what: &str, body: &[u8]) -> Output {
    let url = "https://www.saesol.example/all";
    let mut child = plain(&["inspect", what, "-", "--url", url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(body).unwrap();
    child.wait_with_output().unwrap()
}

fn lines(output: &Output) -> Vec<String> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn inspect_feed_prints_each_entry_and_how_the_feed_is_written() {
    let feed = "<rss version='2.0'><channel><item><title>Q&A</title><link>/n/1</link>\
                <pubDate>2024-03-05</pubDate><author>k@x.example (Kim)</author>\
                <description>&lt;p>x&lt;/p></description></item><item/></channel></rss>";
    let output = inspect("feed", feed.as_bytes());
    assert!(output.status.success());
    let expected = [
        r#"{"url":"https://www.saesol.example/n/1","id":null,"title":"Q&A","published":"2024-03-05","updated":null,"authors":["Kim"],"summary":"<p>x</p>","content":null}"#,
        r#"{"url":null,"id":null,"title":null,"published":null,"updated":null,"authors":[],"summary":null,"content":null}"#,
        r#"{"kind":"feed","format":"rss 2.0","encoding":"utf-8","warnings":["not well-formed: a bare `&`"]}"#,
    ];
    assert_eq!(lines(&output), expected);
}

#[test]
fn what_is_no_feed_is_said_in_the_last_line_and_by_the_exit_code() {
    let output = inspect("feed", b"<!doctype html><p>moved");
    assert_eq!(output.status.code(), Some(1));
    let expected = r#"{"kind":"feed","format":null,"encoding":null,"warnings":["expected a feed, got a web page: check its address"]}"#;
    assert_eq!(lines(&output), [expected]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("got a web page"));
}

#[test]
fn inspect_sitemap_prints_each_entry_and_warns_aside() {
    let sitemap = "<urlset><url><loc>/n?a=1&b=2</loc><lastmod>2024-03-05</lastmod></url>\
                   <sitemap><loc>/s.xml</loc></sitemap></urlset>";
    let output = inspect("sitemap", sitemap.as_bytes());
    assert!(output.status.success());
    let expected = [
        r#"{"url":"https://www.saesol.example/n?a=1&b=2","lastmod":"2024-03-05","title":null,"published":null,"language":null,"kind":"page"}"#,
        r#"{"url":"https://www.saesol.example/s.xml","lastmod":null,"title":null,"published":null,"language":null,"kind":"sitemap"}"#,
    ];
    assert_eq!(lines(&output), expected);
    assert!(String::from_utf8_lossy(&output.stderr).contains("a bare `&`"));
    assert_eq!(inspect("sitemap", b"hello").status.code(), Some(1));
}

#[test]
fn inspect_links_judges_each_link_once() {
    let page = "<base href=/world/><a href=view/1234567>A headline</a><a href=view/1234567#c>3</a>\
                <a href=/tag/bridge>Bridge</a><a href=https://o.example/n/1234567>Elsewhere</a><a href=/about-us>x</a>";
    let output = inspect("links", page.as_bytes());
    assert!(output.status.success());
    let found: Vec<serde_json::Value> = lines(&output)
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let told: Vec<(&str, &str, &str)> = found
        .iter()
        .map(|link| {
            (
                link["url"].as_str().unwrap(),
                link["anchor"].as_str().unwrap(),
                link["verdict"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        (
            "https://www.saesol.example/world/view/1234567",
            "A headline",
            "article",
        ),
        ("https://www.saesol.example/tag/bridge", "Bridge", "section"),
        ("https://o.example/n/1234567", "Elsewhere", "outside"),
        ("https://www.saesol.example/about-us", "x", "section"),
    ];
    assert_eq!(told, expected);
    for link in &found {
        let score = link["score"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&score));
        assert_eq!(
            score >= 0.5,
            matches!(link["verdict"].as_str().unwrap(), "article" | "outside"),
            "{link}"
        );
    }
}
