mod extensions;
mod reference;
mod standard;

use super::*;
use proptest::prelude::*;

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
        "Content-Signal: ai-train=no",
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
    assert!(!allows("User-agent: *\nDisallow: /a\0b", "/a/c"));
}

#[test]
fn files_that_are_no_robots_txt_forbid_nothing() {
    let page = "<!DOCTYPE html>\n<html><head><title>Not found: /</title>\n\
                <style>a { color: red }</style></head>\n<body>Disallow: /</body></html>";
    let utf16: Vec<u8> = "User-agent: *\nDisallow: /"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for body in [
        page.as_bytes(),
        &utf16,
        b"\x7fELF\0\0\x01\n:\n\xff\xfe:",
        b"\0\0\0\0",
    ] {
        assert!(Robots::parse(body, AGENT).verdict("/a").is_allowed);
    }
}

#[test]
fn empty_token_is_nobodys() {
    let robots = Robots::parse("User-agent: 봇\nDisallow: /".as_bytes(), "");
    assert!(robots.verdict("/a").is_allowed);
}

#[test]
fn long_rule_is_cut_where_people_read_it() {
    let robots = format!("User-agent: *\nDisallow: /{}*", "가".repeat(2_000));
    let robots = Robots::parse(robots.as_bytes(), AGENT);
    let verdict = robots.verdict(&format!("/{}", "가".repeat(2_000)));
    let reason = verdict.reason().unwrap();
    assert!(reason.starts_with("line 2 says `Disallow: /가"), "{reason}");
    assert!(reason.ends_with("가…`") && reason.chars().count() < 230);
    assert_eq!(Robots::allow_all().verdict("/").reason(), None);
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
fn patterns_full_of_stars_are_answered_without_backtracking() {
    // Backtracking would need more steps than there are atoms: this test ends, or it fails.
    let many: String = (0..20_000)
        .map(|n| format!("Disallow: /*a*{n}*z$\n"))
        .collect();
    let deep = format!("Disallow: /{}b\n", "*a".repeat(5_000));
    let twins: String = (0..500)
        .map(|n| format!("Disallow: *{}b{n}\n", "a".repeat(990)))
        .collect();
    let path = format!("/{}", "a".repeat(1_999));
    for rules in [many, deep, twins] {
        let robots = Robots::parse(format!("User-agent: *\n{rules}").as_bytes(), AGENT);
        assert!(robots.verdict(&path).is_allowed);
    }
}

#[test]
fn answers_mean_what_the_standard_says() {
    let forbids = RobotsAnswer::Body(b"User-agent: *\nDisallow: /".to_vec());
    for (answer, is_allowed, is_conclusive) in [
        (forbids, false, true),
        (RobotsAnswer::Body(Vec::new()), true, true),
        (RobotsAnswer::Status(404, None), true, true),
        (RobotsAnswer::Status(401, None), true, true),
        (RobotsAnswer::Status(304, None), true, true),
        (RobotsAnswer::Astray, true, true),
        (RobotsAnswer::Status(429, None), false, false),
        (RobotsAnswer::Status(503, None), false, false),
        (RobotsAnswer::Unreachable, false, false),
    ] {
        let verdict = answer.rules(AGENT).verdict("/a");
        assert_eq!(verdict.is_allowed, is_allowed, "{answer:?}");
        assert_eq!(answer.is_conclusive(), is_conclusive, "{answer:?}");
        let kept = answer.keep_for(Duration::ZERO);
        assert_eq!(
            kept > Duration::from_secs(3600),
            is_conclusive,
            "{answer:?}"
        );
    }
}

#[test]
fn unreadable_file_is_asked_for_ever_more_seldom_and_at_least_daily() {
    const MIN: u64 = 60;
    const HOUR: u64 = 3600;
    let down = RobotsAnswer::Status(503, None);
    let patient = |secs| RobotsAnswer::Status(429, Some(Duration::from_secs(secs)));
    for (answer, unreadable_for, kept) in [
        (&down, 0, 10 * MIN),
        (&down, 20 * MIN, 10 * MIN),
        (&down, HOUR, 30 * MIN),
        (&down, 900 * 24 * HOUR, 6 * HOUR),
        (&RobotsAnswer::Unreachable, 2 * HOUR, HOUR),
        (&patient(5), 0, 10 * MIN),
        (&patient(2 * HOUR), HOUR, 2 * HOUR),
        (&patient(u64::MAX), 0, 24 * HOUR),
        (&RobotsAnswer::Status(404, None), 9 * HOUR, 12 * HOUR),
    ] {
        let kept_for = answer.keep_for(Duration::from_secs(unreadable_for));
        assert_eq!(
            kept_for.as_secs(),
            kept,
            "{answer:?} after {unreadable_for} s"
        );
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
    fn spelling_of_an_address_makes_no_difference(
        path in "/[a-z/?:@!,;()é가~*$ ]{0,12}",
        rule in "/[a-z/:@!,;()é가~]{0,4}",
    ) {
        // every octet that parts nothing, escaped in either case
        let escape = |text: &str, is_upper: bool| -> String {
            let escaped = |byte: u8| match byte {
                b'/' | b'?' | b'*' | b'$' => char::from(byte).to_string(),
                _ if is_upper => format!("%{byte:02X}"),
                _ => format!("%{byte:02x}"),
            };
            text.bytes().map(escaped).collect()
        };
        let plain = Robots::parse(format!("User-agent: *\nDisallow: {rule}").as_bytes(), AGENT);
        let escaped = format!("User-agent: *\nDisallow: {}", escape(&rule, true));
        let escaped = Robots::parse(escaped.as_bytes(), AGENT);
        let expected = plain.verdict(&path).is_allowed;
        prop_assert_eq!(plain.verdict(&escape(&path, false)).is_allowed, expected);
        prop_assert_eq!(escaped.verdict(&path).is_allowed, expected);
        prop_assert_eq!(escaped.verdict(&escape(&path, true)).is_allowed, expected);
    }

    #[test]
    fn matching_is_that_of_the_definition(pattern in "/[ab*]{0,8}[$]?", path in "/[ab]{0,8}") {
        let robots = Robots::parse(format!("User-agent: *\nDisallow: {pattern}").as_bytes(), AGENT);
        let expected = matches_by_definition(pattern.as_bytes(), path.as_bytes());
        prop_assert_eq!(!robots.verdict(&path).is_allowed, expected, "{} on {}", pattern, path);
    }
}
