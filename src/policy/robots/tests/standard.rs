//! The examples of RFC 9309, in our words, and its tables as they stand.

use super::*;

fn verdicts(robots: &str, agent: &str, paths: &[(&str, bool)]) {
    let rules = Robots::parse(robots.as_bytes(), agent);
    for (path, is_allowed) in paths {
        assert_eq!(
            rules.verdict(path).is_allowed,
            *is_allowed,
            "{agent} {path} of {robots}"
        );
    }
}

#[test]
fn section_2_2_1_names_an_agent_twice() {
    let robots = "user-agent: ExampleBot\ndisallow: /foo\ndisallow: /bar\n\n\
                  user-agent: ExampleBot\ndisallow: /baz\n";
    let paths = [
        ("/foo", false),
        ("/bar", false),
        ("/baz", false),
        ("/qux", true),
    ];
    verdicts(robots, "ExampleBot", &paths);
}

#[test]
fn section_2_2_1_has_a_group_for_the_rest_with_no_rule() {
    let robots = "user-agent: *\ndisallow: /foo\ndisallow: /bar\n\n\
                  user-agent: ExampleBot\ndisallow: /baz\n\nuser-agent: BazBot\n";
    verdicts(robots, "ExampleBot", &[("/foo", true), ("/baz", false)]);
    verdicts(robots, "BazBot", &[("/foo", true), ("/baz", true)]);
    verdicts(robots, "Other", &[("/foo", false), ("/baz", true)]);
}

#[test]
fn section_2_2_2_compares_paths_in_one_form() {
    for (path, spellings) in [
        ("/foo/bar?baz=quz", &["/foo/bar?baz=quz"][..]),
        (
            "/foo/bar?baz=https://foo.bar",
            &[
                "/foo/bar?baz=https://foo.bar",
                "/foo/bar?baz=https%3A%2F%2Ffoo.bar",
                "/foo/bar?baz=https%3a%2f%2ffoo.bar",
            ],
        ),
        (
            "/foo/bar/\u{30c4}",
            &["/foo/bar/%E3%83%84", "/foo/bar/\u{30c4}"],
        ),
        (
            "/foo/bar/%E3%83%84",
            &["/foo/bar/%E3%83%84", "/foo/bar/%e3%83%84"],
        ),
        (
            "/foo/bar/%62%61%7A",
            &["/foo/bar/baz", "/foo/bar/%62%61%7A"],
        ),
    ] {
        // each spelling as a rule, on each as an address
        for rule in spellings.iter().chain([&path]) {
            let robots = format!("user-agent: *\ndisallow: {rule}$");
            for address in spellings.iter().chain([&path]) {
                verdicts(&robots, AGENT, &[(address, false)]);
            }
        }
    }
}

#[test]
fn section_2_2_3_has_special_characters_and_their_escapes() {
    verdicts(
        "user-agent: *\nallow: /\ndisallow: /a # comment",
        AGENT,
        &[("/a", false)],
    );
    verdicts(
        "user-agent: *\ndisallow: /exact$",
        AGENT,
        &[("/exact", false), ("/exactly", true)],
    );
    let infix = "user-agent: *\ndisallow: /this/*/exactly";
    verdicts(
        infix,
        AGENT,
        &[("/this/or/that/exactly", false), ("/this/exactly", true)],
    );
    for (rule, address, other) in [
        (
            "/path/file-with-a-%2A.html",
            "/path/file-with-a-*.html",
            "/path/file-with-a-b.html",
        ),
        ("/path/foo-%24", "/path/foo-$", "/path/foo-"),
    ] {
        let robots = format!("user-agent: *\ndisallow: {rule}");
        verdicts(&robots, AGENT, &[(address, false), (other, true)]);
    }
}

#[test]
fn section_2_2_4_lets_other_records_interfere_with_nothing() {
    let robots = "user-agent: ExampleBot\nsitemap: https://e.kr/map.xml\ndisallow: /a\n";
    verdicts(robots, "ExampleBot", &[("/a", false), ("/b", true)]);
}

#[test]
fn section_5_1_is_a_simple_example() {
    let robots = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n\
                  User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\n\
                  Allow:/example/allowed.gif\n\n\
                  User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\n\
                  User-Agent: quxbot\n\nEOF\n";
    for (path, general, foo, bar) in [
        ("/example/page.html", false, true, false),
        ("/a/picture.gif", false, false, true),
        ("/example/allowed.gif", false, true, true),
        ("/publications/1", true, false, true),
    ] {
        for (agent, is_allowed) in [
            ("other", general),
            ("foobot", foo),
            ("BarBot", bar),
            ("bazbot", bar),
            ("quxbot", true),
        ] {
            verdicts(robots, agent, &[(path, is_allowed)]);
        }
    }
}

#[test]
fn section_5_2_takes_the_longest_match() {
    let robots = "User-Agent: foobot\nAllow: /example/page/\n\
                  Disallow: /example/page/disallowed.gif\n";
    let paths = [
        ("/example/page/disallowed.gif", false),
        ("/example/page/x.gif", true),
    ];
    verdicts(robots, "foobot", &paths);
}
