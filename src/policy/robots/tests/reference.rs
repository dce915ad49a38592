//! What the reference matcher (google/robotstxt) answers in the cases of its own tests, in our
//! words. One of them is left out, since RFC 9309 says otherwise: there `%62` is not `b`.

use super::super::line::MAX_LINE;
use super::*;

/// A file, an agent, and what it is told of paths.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, bool)]);

fn check(cases: &[Case<'_>]) {
    for (robots, agent, paths) in cases {
        let rules = Robots::parse(robots.as_bytes(), agent);
        for (path, is_allowed) in *paths {
            let verdict = rules.verdict(path);
            assert_eq!(verdict.is_allowed, *is_allowed, "{robots:?} {agent} {path}");
        }
    }
}

#[test]
fn nothing_said_to_nobody_allows_all() {
    let closed = "user-agent: PaperBot\ndisallow: /\n";
    check(&[
        ("", "PaperBot", &[("", true)]),
        (closed, "", &[("", true)]),
        (closed, "PaperBot", &[("", false)]),
        ("", "", &[("", true)]),
    ]);
}

#[test]
fn lines_are_keys_and_values_perhaps_without_the_colon() {
    check(&[
        (
            "user-agent: PaperBot\ndisallow: /\n",
            "PaperBot",
            &[("/x/y", false)],
        ),
        ("foo: PaperBot\nbar: /\n", "PaperBot", &[("/x/y", true)]),
        (
            "user-agent PaperBot\ndisallow /\n",
            "PaperBot",
            &[("/x/y", false)],
        ),
    ]);
}

#[test]
fn groups_hold_the_rules_of_all_their_agents_wherever_they_stand() {
    let robots = "allow: /early/\n\nuser-agent: PaperBot\ndisallow: /\nallow: /x/\n\
                  user-agent: RadioBot\ndisallow: /\nallow: /y/\n\n\n\
                  allow: /w/\nuser-agent: EmptyBot\n\n\
                  user-agent: PaperBot\nallow: /z/\ndisallow: /\n";
    check(&[
        (
            robots,
            "PaperBot",
            &[
                ("/x/b", true),
                ("/z/d", true),
                ("/y/c", false),
                ("/early/", false),
            ],
        ),
        (
            robots,
            "RadioBot",
            &[
                ("/y/c", true),
                ("/w/a", true),
                ("/z/d", false),
                ("/early/", false),
            ],
        ),
        (robots, "EmptyBot", &[("/z/d", true), ("/early/", false)]),
    ]);
}

#[test]
fn other_lines_do_not_close_a_group() {
    for other in ["Sitemap: https://e.kr/map", "No-Such-Key: value"] {
        let robots = format!("User-agent: RadioBot\n{other}\nUser-agent: *\nDisallow: /\n");
        for agent in ["PaperBot", "RadioBot"] {
            check(&[(&robots, agent, &[("/", false)])]);
        }
    }
}

#[test]
fn keys_and_agents_come_in_any_case_and_paths_do_not() {
    for robots in [
        "USER-AGENT: PAPERBOT\nALLOW: /x/\nDISALLOW: /\n",
        "user-agent: paperbot\nallow: /x/\ndisallow: /\n",
        "uSeR-aGeNt: pApErBoT\nAlLoW: /x/\ndIsAlLoW: /\n",
        "user-agent: PaperBot/3.1 (compatible)\nallow: /x/\ndisallow: /\n",
    ] {
        for agent in ["PaperBot", "paperbot", "PAPERBOT"] {
            check(&[(
                robots,
                agent,
                &[("/x/y", true), ("/a/b", false), ("/X/y", false)],
            )]);
        }
    }
}

#[test]
fn agent_of_a_line_ends_at_its_first_other_character() {
    let robots = "User-Agent: *\nDisallow: /\nUser-Agent: Paper Bot\nAllow: /x/\nDisallow: /\n";
    check(&[
        (robots, "Paper", &[("/x/y", true)]),
        // A token with a space names nobody, so what holds for all holds.
        (robots, "Paper Bot", &[("/x/y", false)]),
    ]);
}

#[test]
fn group_for_all_is_for_those_without_one() {
    let general = "user-agent: *\nallow: /\nuser-agent: PaperBot\ndisallow: /\n";
    let specific = "user-agent: PaperBot\nallow: /\nuser-agent: RadioBot\ndisallow: /\n\
                    user-agent: WireBot\ndisallow: /\n";
    let both = "User-agent: *\nDisallow: /x/\nUser-agent: PaperBot\nDisallow: /y/\n";
    check(&[
        (general, "PaperBot", &[("/x/y", false)]),
        (general, "RadioBot", &[("/x/y", true)]),
        (specific, "OtherBot", &[("/x/y", true)]),
        (both, "PaperBot", &[("/x/page", true), ("/y/page", false)]),
        (
            "user-agent: * for all\ndisallow: /",
            "PaperBot",
            &[("/", false)],
        ),
        ("user-agent: *-all\ndisallow: /", "PaperBot", &[("/", true)]),
    ]);
}

/// Rules for one agent.
fn check_rules(cases: &[(&str, &[(&str, bool)])]) {
    for (rules, paths) in cases {
        check(&[(
            &format!("user-agent: PaperBot\n{rules}\n"),
            "PaperBot",
            paths,
        )]);
    }
}

#[test]
fn longest_rule_decides_in_whatever_order() {
    check_rules(&[
        (
            "disallow: /x/page.html\nallow: /x/",
            &[("/x/page.html", false)],
        ),
        (
            "allow: /x/page.html\ndisallow: /x/",
            &[("/x/page.html", true), ("/x/", false)],
        ),
        ("disallow: \nallow: ", &[("/x/page.html", true)]),
        ("disallow: /\nallow: /", &[("/x/page.html", true)]),
        ("disallow: /x\nallow: /x/", &[("/x", false), ("/x/", true)]),
        (
            "disallow: /x/page.html\nallow: /x/page.html",
            &[("/x/page.html", true)],
        ),
        (
            "allow: /page\ndisallow: /*.html",
            &[("/page.html", false), ("/page", true)],
        ),
        (
            "allow: /x/page.\ndisallow: /*.html",
            &[("/x/page.html", true), ("/x/y.html", false)],
        ),
        ("allow: /p\ndisallow: /", &[("/page", true)]),
        (
            "allow: /folder\ndisallow: /folder",
            &[("/folder/page", true)],
        ),
        ("allow: /page\ndisallow: /*.htm", &[("/page.htm", false)]),
        (
            "allow: /$\ndisallow: /",
            &[("/", true), ("/page.html", false)],
        ),
    ]);
}

#[test]
fn star_dollar_and_hash_have_their_meanings() {
    check_rules(&[
        (
            "disallow: /foo/bar/quz\nallow: /foo/*/qux",
            &[
                ("/foo/bar/quz", false),
                ("/foo/quz", true),
                ("/foo//quz", true),
                ("/foo/bax/quz", true),
            ],
        ),
        (
            "disallow: /foo/bar$\nallow: /foo/bar/qux",
            &[
                ("/foo/bar", false),
                ("/foo/bar/qux", true),
                ("/foo/bar/", true),
                ("/foo/bar/baz", true),
            ],
        ),
        (
            "# disallow: /\ndisallow: /foo/quz#qux\nallow: /",
            &[("/foo/bar", true), ("/foo/quz", false)],
        ),
    ]);
}

#[test]
fn documented_examples_match_what_they_say() {
    let only = |pattern: &str, matching: &[&str], others: &[&str]| {
        let rules = format!("disallow: /\nallow: {pattern}");
        let yes = matching.iter().map(|path| (*path, true));
        let paths: Vec<(&str, bool)> = yes
            .chain(others.iter().map(|path| (*path, false)))
            .collect();
        check_rules(&[(&rules, &paths)]);
    };
    let fish = [
        "/fish",
        "/fish.html",
        "/fish/salmon.html",
        "/fishheads",
        "/fishheads/yummy.html",
        "/fish.html?id=anything",
    ];
    let no_fish = ["/bar", "/Fish.asp", "/catfish", "/?id=fish"];
    only("/fish", &fish, &no_fish);
    only("/fish*", &fish, &no_fish);
    only(
        "/fish/",
        &[
            "/fish/",
            "/fish/salmon",
            "/fish/?salmon",
            "/fish/salmon.html",
            "/fish/?id=anything",
        ],
        &["/bar", "/fish", "/fish.html", "/Fish/Salmon.html"],
    );
    only(
        "/*.php",
        &[
            "/filename.php",
            "/folder/filename.php",
            "/folder/filename.php?parameters",
            "//folder/any.php.file.html",
            "/filename.php/",
            "/index?f=filename.php/",
        ],
        &["/bar", "/php/", "/index?php", "/windows.PHP"],
    );
    only(
        "/*.php$",
        &["/filename.php", "/folder/filename.php"],
        &[
            "/bar",
            "/filename.php?parameters",
            "/filename.php/",
            "/filename.php5",
            "/php/",
            "/filename?php",
            "/aaaphpaaa",
            "//windows.PHP",
        ],
    );
    only(
        "/fish*.php",
        &["/fish.php", "/fishheads/catfish.php?parameters"],
        &["/bar", "/Fish.PHP"],
    );
}

#[test]
fn whoever_allows_an_index_page_allows_its_folder() {
    check_rules(&[(
        "allow: /open/index.html\ndisallow: /",
        &[
            ("/open/", true),
            ("/open/index.html", true),
            ("/open/index.htm", false),
            ("/open/more", false),
            ("/other", false),
        ],
    )]);
    let robots = Robots::parse(b"user-agent: *\nallow: /a/index.htm\ndisallow: /", AGENT);
    assert_eq!(robots.verdict("/a/").line, Some(2));
}

#[test]
fn addresses_in_a_query_and_letters_of_three_octets_match_themselves() {
    check_rules(&[
        (
            "disallow: /\nallow: /a/b?qux=taz&baz=http://e.kr?tar&par",
            &[("/a/b?qux=taz&baz=http://e.kr?tar&par", true)],
        ),
        (
            "disallow: /\nallow: /a/ツ",
            &[("/a/%E3%83%84", true), ("/a/%e3%83%84", true)],
        ),
        (
            "disallow: /\nallow: /a/%E3%83%84",
            &[("/a/%E3%83%84", true)],
        ),
        (
            "disallow: /\nallow: /a/%62%61%7A",
            &[("/a/%62%61%7A", true)],
        ),
    ]);
}

#[test]
fn overlong_line_counts_up_to_its_limit() {
    let head = "disallow: ";
    let cut = format!("/x/{}", "a".repeat(MAX_LINE - head.len() - 3));
    let robots = format!("user-agent: PaperBot\n{head}{cut}/qux\n");
    let beyond = format!("{cut}/fux");
    check(&[(&robots, "PaperBot", &[("/fux", true), (&beyond, false)])]);
    let head = "allow: ";
    let cut = format!("/x/{}", "b".repeat(MAX_LINE - head.len() - 3));
    let robots = format!("user-agent: PaperBot\ndisallow: /\n{head}{cut}/qux\n");
    let (exact, beyond) = (format!("{cut}/qux"), format!("{cut}/fux"));
    check(&[(
        &robots,
        "PaperBot",
        &[("/", false), (&exact, true), (&beyond, true)],
    )]);
}

#[test]
fn lines_are_counted_alike_whatever_ends_them() {
    let lines = [
        "User-Agent: paper",
        "Allow: /some/path",
        "User-Agent: radio",
        "",
        "",
        "Disallow: /",
    ];
    for end in ["\n", "\r\n", "\r"] {
        for last in ["", end] {
            let robots = lines.join(end) + last;
            let line = |agent| {
                Robots::parse(robots.as_bytes(), agent)
                    .verdict("/some/path")
                    .line
            };
            assert_eq!(
                (line("radio"), line("paper")),
                (Some(6), Some(2)),
                "{robots:?}"
            );
        }
    }
}

#[test]
fn byte_order_mark_is_passed_over_at_the_start_only_and_also_in_part() {
    for (start, is_read) in [
        (&b"\xEF\xBB\xBF"[..], true),
        (b"\xEF\xBB", true),
        (b"\xEF", true),
        (b"\xEF\x11\xBF", false),
    ] {
        let robots = [start, b"User-Agent: paper\nDisallow: /\n"].concat();
        let verdict = Robots::parse(&robots, "paper").verdict("/");
        assert_eq!(!verdict.is_allowed, is_read, "{start:?}");
    }
    let inside = "User-Agent: paper\n\u{feff}Disallow: /\n";
    check(&[(inside, "paper", &[("/", true)])]);
}

#[test]
fn sitemap_lines_are_found_anywhere() {
    let map = "Sitemap: https://e.kr/map.xml\n";
    let rules = "User-Agent: paper\nAllow: /some/path\nUser-Agent: radio\n\n\nDisallow: /\n";
    for robots in [format!("{map}{rules}"), format!("{rules}{map}")] {
        let robots = Robots::parse(robots.as_bytes(), "other");
        assert_eq!(robots.sitemaps(), ["https://e.kr/map.xml"]);
    }
}
