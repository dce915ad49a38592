//! Lines beside the rules: Crawl-delay, Content-Signal, Sitemap.

use super::*;

#[test]
fn crawl_delay_is_that_of_our_group() {
    let delay = |text: &str| Robots::parse(text.as_bytes(), AGENT).crawl_delay();
    let general = "User-agent: *\nCrawl-delay: 1.5\n";
    assert_eq!(delay(general), Some(Duration::from_millis(1_500)));
    let ours = format!("{general}User-agent: sokbo\nCrawl-delay: 3\nCrawl-delay: 2\nDisallow: /x");
    // The list of agents goes on over the first delay, so it was for both.
    assert_eq!(delay(&ours), Some(Duration::from_secs(3)));
    let others = "User-agent: other\nCrawl-delay: 9\nDisallow: /\nUser-agent: *\nAllow: /";
    assert_eq!(delay(others), None);
}

#[test]
fn crawl_delay_is_a_number_within_reason() {
    for (value, seconds) in [
        ("-1", None),
        ("NaN", None),
        ("inf", None),
        ("soon", None),
        ("", None),
        ("1.2.3", None),
        ("0", Some(0.0)),
        (".5", Some(0.5)),
        ("0.25 # slowly", Some(0.25)),
        ("5s", Some(5.0)),
        ("10 seconds", Some(10.0)),
        ("86401", Some(86_400.0)),
        ("99999999999999999999999999", Some(86_400.0)),
    ] {
        let text = format!("User-agent: *\nCrawl-delay: {value}");
        let delay = Robots::parse(text.as_bytes(), AGENT).crawl_delay();
        assert_eq!(delay.map(|d| d.as_secs_f64()), seconds, "{value}");
    }
}

#[test]
fn content_signals_are_those_of_our_group_and_of_the_head() {
    let robots = "Content-Signal: ai-input=no\n\
                  User-agent: *\nContent-Signal: Search = YES, ai-train=no,,ai-train=no\nAllow: /\n\
                  User-agent: other\ncontent-signal: search=no\nAllow: /\n";
    let general = Robots::parse(robots.as_bytes(), AGENT);
    assert_eq!(
        general.content_signals(),
        ["ai-input=no", "search=yes", "ai-train=no"]
    );
    let other = Robots::parse(robots.as_bytes(), "Other");
    assert_eq!(other.content_signals(), ["ai-input=no", "search=no"]);
    let many: String = (0..1_000).map(|n| format!("s{n}=yes,")).collect();
    let many = format!("Content-Signal: {many}{}", "x".repeat(2_000));
    let many = Robots::parse(many.as_bytes(), AGENT);
    assert_eq!(many.content_signals().len(), 50);
}

#[test]
fn absolute_sitemaps_are_collected_from_everywhere() {
    let robots = "Sitemap: https://e.kr/a.xml\nUser-agent: x\nsitemap: /b.xml\n\
                  Sitemap: ftp://e.kr/c.xml\nSITEMAP:http://e.kr/d.xml # new";
    let robots = Robots::parse(robots.as_bytes(), AGENT);
    assert_eq!(
        robots.sitemaps(),
        ["https://e.kr/a.xml", "http://e.kr/d.xml"]
    );
}
