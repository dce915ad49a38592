use super::*;
use proptest::prelude::*;
use std::time::Instant;

const AGENT: &str = "Sokbo";

fn allows(robots: &str, path: &str) -> bool {
    Robots::parse(robots.as_bytes(), AGENT)
        .verdict(path)
        .is_allowed
}

/// Rules of one group for everyone, and what they say of a path.
fn check(cases: &[(&str, &str, bool)]) {
    for (rules, path, is_allowed) in cases {
        let robots = format!("User-agent: *\n{rules}");
        assert_eq!(allows(&robots, path), *is_allowed, "{rules:?} on {path}");
    }
}

#[test]
fn most_specific_rule_decides_and_allow_wins_a_tie() {
    check(&[
        ("Disallow: /news\nAllow: /news/open", "/news/open/1", true),
        ("Allow: /news/open\nDisallow: /news", "/news/shut/1", false),
        ("Disallow: /page\nAllow: /page", "/page", true),
        ("Allow: /p\nDisallow: /", "/page", true),
        ("Allow: /folder\nDisallow: /folder", "/folder/page", true),
        ("Allow: /page\nDisallow: /*.htm", "/page.htm", false),
        ("Allow: /page\nDisallow: /*.ph", "/page.php5", true),
        ("Allow: /$\nDisallow: /", "/", true),
        ("Allow: /$\nDisallow: /", "/page.htm", false),
        ("Disallow: /\nAllow:", "/a", false),
        ("Disallow:", "/a", true),
    ]);
}

#[test]
fn wildcards_and_the_end_mark_match_as_in_the_reference() {
    check(&[
        ("Disallow: /fish", "/fish.html", false),
        ("Disallow: /fish", "/Fish.asp", true),
        ("Disallow: /fish*", "/fishheads/yummy.html", false),
        ("Disallow: /fish/", "/fish", true),
        ("Disallow: /fish/", "/fish/?id=anything", false),
        ("Disallow: /*.php", "/folder/any.php.file.html", false),
        ("Disallow: /*.php$", "/filename.php", false),
        ("Disallow: /*.php$", "/filename.php?a=b", true),
        ("Disallow: /*.php$", "/a.php/b.php", false),
        ("Disallow: /fish*.php", "/catfish.php", true),
        ("Disallow: *.gif", "/a/b.gif", false),
        ("Disallow: /a*b*c$", "/a-b-b-c-c", false),
        ("Disallow: /a*b*c$", "/a-c-b", true),
        ("Disallow: /ab*ba$", "/aba", true),
        ("Disallow: /***x", "/y/x", false),
        ("Disallow: $", "/", true),
        ("Disallow: *$", "/any", false),
        ("Disallow: /a$b", "/a$b", false),
        ("Disallow: /a$$", "/a$", false),
        ("Disallow: /*?print=", "/news?print=1", false),
    ]);
}

#[test]
fn escapes_are_compared_by_the_octets_they_stand_for() {
    check(&[
        ("Disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", false),
        ("Disallow: /foo/bar/baz", "/foo/bar/%62%61%7a", false),
        ("Disallow: /기사", "/%EA%B8%B0%ec%82%ac/1", false),
        ("Disallow: /%ea%b8%b0%ec%82%ac", "/기사", false),
        ("Disallow: /a%2Fb", "/a/b", true),
        ("Disallow: /a%2fb", "/a%2Fb", false),
        (
            "Disallow: /file-with-a-%2A.html",
            "/file-with-a-*.html",
            false,
        ),
        (
            "Disallow: /file-with-a-%2A.html",
            "/file-with-a-b.html",
            true,
        ),
        ("Disallow: /path/foo-%24", "/path/foo-$", false),
        ("Disallow: /a|b", "/a%7Cb", false),
        ("Disallow: /100%", "/100%", false),
        ("Disallow: /~kim", "/%7Ekim", false),
        ("Disallow: /?q='", "/?q=%27", false),
    ]);
}

#[test]
fn rule_without_a_leading_slash_matches_nothing() {
    check(&[
        ("Disallow: news", "/news", true),
        ("Disallow: news", "/", true),
    ]);
}

#[test]
fn groups_that_name_us_are_merged_and_put_the_general_ones_aside() {
    let robots = "User-agent: *\nDisallow: /\n\n\
                  User-agent: other\nUser-agent: SOKBO\nDisallow: /a\n\n\
                  User-agent: other\nDisallow: /b\n\n\
                  User-agent: sokbo/2.1 beta\nDisallow: /c\n";
    for (path, is_allowed) in [("/a", false), ("/b", true), ("/c", false), ("/d", true)] {
        assert_eq!(allows(robots, path), is_allowed, "{path}");
    }
    assert!(allows(
        "User-agent: *\nDisallow: /\nUser-agent: sokbo\n",
        "/a"
    ));
    let general = "User-agent: *\nDisallow: /a\nUser-agent: x\nDisallow: /\n\
                   User-agent: * all others\nDisallow: /b";
    assert!(!allows(general, "/a") && !allows(general, "/b") && allows(general, "/c"));
}

#[test]
fn agent_is_matched_by_its_whole_product_token_in_any_case() {
    for (agent, is_ours) in [
        ("sokbo", true),
        ("SokBo/9 (+x)", true),
        ("sokbo 봇", true),
        ("sokbo-news", false),
        ("sok", false),
        ("sokbobot", false),
        ("1sokbo", false),
        ("*sokbo", false),
    ] {
        let robots = format!("User-agent: {agent}\nDisallow: /");
        assert_eq!(!allows(&robots, "/a"), is_ours, "{agent}");
    }
}

#[test]
fn lines_that_are_no_rules_do_not_end_the_list_of_agents() {
    for between in [
        "Crawl-delay: 5",
        "Sitemap: https://e.kr/s.xml",
        "Host: e.kr",
        "",
        "# x",
    ] {
        let robots = format!("User-agent: sokbo\n{between}\nUser-agent: other\nDisallow: /");
        assert!(!allows(&robots, "/a"), "{between}");
    }
}

#[test]
fn rules_before_any_agent_are_nobodys() {
    assert!(allows("Disallow: /\nUser-agent: *\nDisallow: /x", "/a"));
}

#[test]
fn mistakes_of_writing_are_forgiven() {
    for robots in [
        "\u{feff}User-agent: *\nDisallow: /",
        "user-agent:*\rdisallow:/",
        "USER-AGENT : *\r\n\tDISALLOW\t:\t/\t# all\r\n",
        "user agent: *\nDisallaw: /",
        "useragent *\ndissallow /",
        "User-agent: *\nDisallowed: /",
        "\n\0\nUser-agent: *\nfoo bar baz\n:::\nDisallow: /",
    ] {
        assert!(!allows(robots, "/a"), "{robots:?}");
    }
    assert!(allows("User-agent: *\nDisallow / for all", "/a"));
}

#[test]
fn verdict_names_the_line_that_decided() {
    let robots = "# hello\r\nUser-agent: *\r\n\r\n  Disallow: /a*  # why\r\nAllow: /";
    let robots = Robots::parse(robots.as_bytes(), AGENT);
    let verdict = robots.verdict("/a/b");
    assert_eq!(verdict.rule.as_deref(), Some("Disallow: /a*  # why"));
    assert_eq!(verdict.line, Some(4));
    assert_eq!(robots.verdict("/b").line, Some(5));
    let silent = Robots::allow_all().verdict("/b");
    assert_eq!(
        (silent.is_allowed, silent.rule, silent.line),
        (true, None, None)
    );
}

#[test]
fn robots_file_itself_is_always_allowed() {
    let forbidding = Robots::parse(b"User-agent: *\nDisallow: /", AGENT);
    for robots in [Robots::disallow_all(), forbidding] {
        assert!(robots.verdict("/robots.txt").is_allowed);
        for path in ["/", "", "/a", "/robots.txt.bak", "?q"] {
            assert!(!robots.verdict(path).is_allowed, "{path}");
        }
    }
    assert_eq!(Robots::disallow_all().verdict("/a").rule, None);
}

#[test]
fn crawl_delay_is_that_of_our_group() {
    let delay = |text: &str| Robots::parse(text.as_bytes(), AGENT).crawl_delay();
    let general = "User-agent: *\nCrawl-delay: 1.5\n";
    assert_eq!(delay(general), Some(Duration::from_millis(1_500)));
    let ours = format!("{general}User-agent: sokbo\nCrawl-delay: 3\nCrawl-delay: 2\nDisallow: /x");
    // The list of agents goes on over the first delay, so it was for both.
    assert_eq!(delay(&ours), Some(Duration::from_secs(3)));
    for value in ["-1", "NaN", "inf", "soon", "", "1e400"] {
        let text = format!("User-agent: *\nCrawl-delay: {value}");
        assert_eq!(delay(&text), None, "{value}");
    }
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

#[test]
fn file_is_read_up_to_its_last_whole_line_within_the_limit() {
    let mut robots = "User-agent: *\nDisallow: /early\n".to_owned();
    while robots.len() < MAX_BODY - 20 {
        robots.push_str("#\n");
    }
    robots.push_str("Disallow: /a/long/path/that/is/cut");
    assert!(!allows(&robots, "/early"));
    assert!(allows(&robots, "/a/long/path/that/is/cut"));
}

#[test]
fn hostile_files_are_answered_in_no_time() {
    let many: String = (0..20_000)
        .map(|n| format!("Disallow: /*a*{n}*z$\n"))
        .collect();
    let deep = format!("Disallow: /{}\n", "a*".repeat(5_000));
    let twins: String = (0..500)
        .map(|n| format!("Disallow: *{}b{n}\n", "a".repeat(990)))
        .collect();
    let path = format!("/{}", "a".repeat(1_999));
    for rules in [many, deep, twins] {
        let started = Instant::now();
        let robots = Robots::parse(format!("User-agent: *\n{rules}").as_bytes(), AGENT);
        assert!(robots.verdict(&path).is_allowed);
        let took = started.elapsed();
        // Generous, for a debug build on a busy machine; backtracking would take hours.
        assert!(took < Duration::from_secs(2), "{took:?}");
    }
}

#[test]
fn answers_mean_what_the_standard_says() {
    let forbids = RobotsAnswer::Body(b"User-agent: *\nDisallow: /".to_vec());
    for (answer, is_allowed, is_conclusive) in [
        (forbids, false, true),
        (RobotsAnswer::Body(Vec::new()), true, true),
        (RobotsAnswer::Status(404), true, true),
        (RobotsAnswer::Status(401), true, true),
        (RobotsAnswer::Status(304), true, true),
        (RobotsAnswer::Astray, true, true),
        (RobotsAnswer::Status(429), false, false),
        (RobotsAnswer::Status(503), false, false),
        (RobotsAnswer::Unreachable, false, false),
    ] {
        let verdict = answer.rules(AGENT).verdict("/a");
        assert_eq!(verdict.is_allowed, is_allowed, "{answer:?}");
        assert_eq!(answer.is_conclusive(), is_conclusive, "{answer:?}");
        let is_long = answer.keep_for() > Duration::from_secs(3600);
        assert_eq!(is_long, is_conclusive, "{answer:?}");
        assert!(answer.keep_for() <= Duration::from_secs(24 * 3600));
    }
}

/// The plain definition of matching, for short texts.
fn matches_by_definition(pattern: &[u8], target: &[u8]) -> bool {
    match pattern {
        [] => true,
        b"$" => target.is_empty(),
        [b'*', rest @ ..] => {
            (0..=target.len()).any(|skip| matches_by_definition(rest, &target[skip..]))
        }
        [byte, rest @ ..] => {
            target.first() == Some(byte) && matches_by_definition(rest, &target[1..])
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_or_the_verdict_panic(
        body in proptest::collection::vec(any::<u8>(), 0..400),
        rules in "((User-agent|Disallow|Allow|Crawl-delay|Sitemap)? ?:? ?[ -~]{0,12}[\r\n]){0,12}",
        path in ".{0,40}",
    ) {
        for text in [body.as_slice(), rules.as_bytes()] {
            let robots = Robots::parse(text, AGENT);
            let _allowed = robots.verdict(&path).is_allowed;
            let _delay = robots.crawl_delay();
        }
    }

    #[test]
    fn matching_is_that_of_the_definition(pattern in "/[ab*]{0,8}[$]?", path in "/[ab]{0,8}") {
        let robots = Robots::parse(format!("User-agent: *\nDisallow: {pattern}").as_bytes(), AGENT);
        let expected = matches_by_definition(pattern.as_bytes(), path.as_bytes());
        prop_assert_eq!(!robots.verdict(&path).is_allowed, expected, "{} on {}", pattern, path);
    }
}
