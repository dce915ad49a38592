//! Every kind of mistake names its file, line, key and remedy.

use proptest::prelude::*;

use super::*;

/// Checks that each text as the whole service file gives exactly this one complaint.
fn check_service(cases: &[(&str, &str)]) {
    for (text, complaint) in cases {
        assert_eq!(Folder::new(text, &[]).complaints(), [*complaint], "{text}");
    }
}

/// Checks that each text from line 3 of a source file on gives exactly this one complaint.
fn check_source(cases: &[(&str, &str)]) {
    for (more, complaint) in cases {
        let folder = Folder::new("", &[("saesol", &source("saesol", more))]);
        let expected = format!("sources/saesol.toml:{complaint}");
        assert_eq!(folder.complaints(), [expected], "{more}");
    }
}

#[test]
fn misspelt_keys_and_tables_are_refused_with_the_nearest_spelling() {
    check_service(&[
        (
            "[fetch]\nmaxbody = \"1MiB\"",
            "sokbo.toml:2:1: fetch.maxbody: unknown key; did you mean `max_body`?",
        ),
        (
            "\n[crawlr]\nlease = \"3m\"",
            "sokbo.toml:2:2: crawlr: unknown key; did you mean `crawler`?",
        ),
        (
            "[crawler]\nmax_redirects = 3",
            "sokbo.toml:2:1: crawler.max_redirects: unknown key here; it belongs under `fetch`",
        ),
        (
            "[log]\ncolour = true",
            "sokbo.toml:2:1: log.colour: unknown key; known here: format, level",
        ),
        (
            "[revisit]\nafter = \"1h\"",
            "sokbo.toml:2:1: revisit.after: unknown key; known here: listings, articles, first",
        ),
    ]);
    check_source(&[
        (
            "sectoins = []",
            "3:1: sectoins: unknown key; did you mean `sections`?",
        ),
        (
            "interval = { min = \"1m\", maximum = \"2m\" }",
            "3:26: interval.maximum: unknown key; known here: min, max",
        ),
        (
            "[[extract]]\nbody = \"p\"\nremoved = [\"b\"]",
            "5:1: extract[0].removed: unknown key; did you mean `remove`?",
        ),
    ]);
}

#[test]
fn values_of_another_kind_say_what_to_write() {
    check_service(&[
        (
            "[crawler]\nper_host_delay = 5",
            "sokbo.toml:2:18: crawler.per_host_delay: 5 is no duration; write \"30s\", \"5m\", \"1h\" or \"2d\"",
        ),
        (
            "[crawler]\nconcurrency = 0",
            "sokbo.toml:2:15: crawler.concurrency: 0 is out of bounds; write a whole number from 1 to 4096",
        ),
        (
            "[fetch]\nmax_body = \"8mb\"",
            "sokbo.toml:2:12: fetch.max_body: `8mb` is no size; write a number with a unit: \"512KiB\", \"8MiB\", \"2GiB\"",
        ),
        (
            "[database]\nmigrate = \"yes\"",
            "sokbo.toml:2:11: database.migrate: \"yes\" is text; write true or false",
        ),
        (
            "[log]\nformat = \"jsn\"",
            "sokbo.toml:2:10: log.format: \"jsn\" is not known here; did you mean \"json\"? Allowed are \"text\" or \"json\"",
        ),
        (
            "[log]\nlevel = \"inf\"",
            "sokbo.toml:2:9: log.level: \"inf\" is no log level; did you mean \"info\"? Allowed are error, warn, info, debug, trace, off, or by module: \"info,sokbo::fetch=debug\"",
        ),
        (
            "fetch = 3",
            "sokbo.toml:1:9: fetch: 3 is a number; write a table",
        ),
    ]);
}

#[test]
fn text_that_is_no_toml_has_a_line_too() {
    let complaints = Folder::new("[log]\nlevel = \n", &[]).complaints();
    assert!(complaints[0].starts_with("sokbo.toml:2:"), "{complaints:?}");
    assert!(complaints[0].contains("is no TOML here"), "{complaints:?}");
    let folder = Folder::new("", &[]);
    fs::write(
        folder.source("latin"),
        b"name = \"latin\"\ntags = [\"caf\xe9\"]",
    )
    .unwrap();
    assert_eq!(
        folder.complaints(),
        ["sources/latin.toml:2:13: is no UTF-8 here; save the file as UTF-8"]
    );
}

#[test]
fn deep_nesting_is_refused_without_running_out_of_stack() {
    let folder = Folder::new(&format!("deep = {}", "[".repeat(100_000)), &[]);
    assert!(folder.complaints()[0].starts_with("sokbo.toml:1:"));
    let tables = Folder::new(&format!("{}a = 1", "a.".repeat(100_000)), &[]);
    assert!(!tables.complaints().is_empty());
}

#[test]
fn private_networks_and_mirrors_are_bound_to_each_other() {
    check_service(&[
        (
            "[fetch]\nhosts = { \"www.x.kr\" = \"127.0.0.1:8443\" }",
            "sokbo.toml:2:24: fetch.hosts.www.x.kr: 127.0.0.1 lies outside fetch.allow_networks; add its network there: allow_networks = [\"127.0.0.1/32\"]",
        ),
        (
            "[fetch]\nallow_networks = [\"10.0.0.0/8\", \"localhost\"]",
            "sokbo.toml:2:33: fetch.allow_networks[1]: \"localhost\" is no network; write \"127.0.0.0/8\" or \"10.1.0.0/16\"",
        ),
        (
            "[fetch]\nallow_networks = [\"0.0.0.0/0\"]",
            "sokbo.toml:2:19: fetch.allow_networks[0]: \"0.0.0.0/0\" is wider than any private network; write one of /8 or narrower",
        ),
    ]);
}

#[test]
fn politeness_floors_and_the_lease_hold() {
    check_service(&[
        (
            "[crawler]\nper_host_delay = \"100ms\"",
            "sokbo.toml:2:18: crawler.per_host_delay: \"100ms\" is too short for public hosts; write at least \"500ms\" (shorter ones are for hosts inside fetch.allow_networks)",
        ),
        (
            "[crawler]\nlease = \"5s\"",
            "sokbo.toml:2:9: crawler.lease: \"5s\" is shorter than 3 x the largest delay, \"2s\"; write at least \"6s\"",
        ),
        (
            "[crawler]\nmax_crawl_delay = \"0s\"",
            "sokbo.toml:2:19: crawler.max_crawl_delay: \"0s\" waives Crawl-delay, which only hosts inside fetch.allow_networks may; write \"60s\"",
        ),
        (
            "[crawler]\ncontact = \"me\"",
            "sokbo.toml:2:11: crawler.contact: \"me\" is neither an e-mail address nor a web page; write \"ops@example.org\" or \"https://example.org/crawler\"",
        ),
    ]);
    check_source(&[(
        "delay = \"0s\"",
        "3:9: delay: \"0s\" is too short for public hosts; write at least \"500ms\" (shorter ones are for hosts inside fetch.allow_networks)",
    )]);
    check_source(&[(
        "delay = \"1m\"",
        "3:9: delay: \"1m\" is more than a third of [crawler] lease, \"2m\"; shorten it or set that to \"3m\"",
    )]);
    let lease = "[crawler]\nlease = \"2m\"";
    let slow = Folder::new(lease, &[("saesol", &source("saesol", "delay = \"1m\""))]);
    assert_eq!(
        slow.complaints(),
        [
            "sokbo.toml:2:9: crawler.lease: \"2m\" is shorter than 3 x the largest delay, \"1m\" (of source saesol); write at least \"3m\""
        ]
    );
}

#[test]
fn addresses_patterns_and_names_are_judged() {
    check_source(&[
        (
            "sections = [\n  \"https://a.example/\",\n  \"ftp://a.example/\",\n]",
            "5:3: sections[1]: `ftp:` addresses are not crawled, only http and https; write a full address: \"https://www.example.com/news\"",
        ),
        (
            "article_url = '/news/(\\d+'",
            "3:15: article_url: \"/news/(\\\\d+\" is no pattern: unclosed group; write one like '/news/\\d+'",
        ),
        (
            "timezone = \"Asia/Soul\"",
            "3:12: timezone: \"Asia/Soul\" is no time zone; did you mean \"Asia/Seoul\"?",
        ),
        (
            "timezone = \"seoul\"",
            "3:12: timezone: \"seoul\" is no time zone; did you mean \"Asia/Seoul\"?",
        ),
        (
            "language = \"korean\"",
            "3:12: language: \"korean\" is no language; write two letters of ISO 639-1: \"ko\", \"en\"",
        ),
        (
            "country = \"UK\"",
            "3:11: country: \"UK\" is no country; write two letters of ISO 3166-1: \"KR\", \"GB\"",
        ),
        (
            "hosts = [\"https://img.saesol.example/\"]",
            "3:10: hosts[0]: \"https://img.saesol.example/\" is no host name; write \"www.example.com\", without scheme, port or path",
        ),
    ]);
    let huge = Folder::new("", &[("a", &source("a", "article_url = '\\w{999}{999}'"))]);
    assert!(
        huge.complaints()[0].contains("is no pattern"),
        "{:?}",
        huge.complaints()
    );
}

#[test]
fn intervals_scopes_dates_and_headers_are_judged() {
    check_source(&[
        (
            "interval = { min = \"1x\" }",
            "3:20: interval.min: \"1x\" is no duration; write \"30s\", \"5m\", \"1h\" or \"2d\"",
        ),
        (
            "interval = { min = \"2h\", max = \"1h\" }",
            "3:20: interval.min: min \"2h\" is longer than max \"1h\"; write min <= max",
        ),
        (
            "scope = \"planet\"",
            "3:9: scope: \"planet\" is not known here; write \"host\" or \"domain\" or \"address\"",
        ),
        (
            "verified = \"2026-11-02\"",
            "3:12: verified: \"2026-11-02\" is text; write a day without quotes: 2026-11-02 or \"never\"",
        ),
        (
            "headers = { User-Agent = \"Mozilla/5.0\" }",
            "3:26: headers.User-Agent: is set by Sokbo itself; set [crawler] user_agent",
        ),
        (
            "budget = \"many\"",
            "3:10: budget: \"many\" is no budget; write \"2000/day\" or \"100/hour\"",
        ),
        (
            "[[extract]]\nsince = 2025-07-01T00:00:00Z\nbody = \"p\"",
            "4:9: extract[0].since: 2025-07-01T00:00:00Z is no day; write a day without quotes: 2026-11-02",
        ),
        (
            "[[extract]]\nsince = 2025-07-01",
            "3:1: extract[0]: names no selector; give one for title, subtitle, authors, published, modified, section, tags, body, images, agency, language, paywalled or remove",
        ),
    ]);
}

#[test]
fn names_are_needed_match_their_file_and_are_given_once() {
    let folder = Folder::new(
        "",
        &[
            ("a", &source("saesol", "")),
            ("b", "language = \"ko\""),
            ("saesol", &source("saesol", "")),
        ],
    );
    let complaints = folder.complaints();
    assert_eq!(complaints.len(), 4, "{complaints:#?}");
    assert_eq!(
        complaints[0],
        "sources/a.toml:1:8: name: \"saesol\" differs from the file's name \"a.toml\"; name the file \"saesol.toml\""
    );
    assert_eq!(
        complaints[1],
        "sources/b.toml:1:1: home: is missing; every source file needs it"
    );
    assert_eq!(
        complaints[2],
        "sources/b.toml:1:1: name: is missing; every source file needs it"
    );
    assert!(complaints[3].starts_with("sources/saesol.toml:1:8: name: \"saesol\" is taken by"));
}

#[test]
fn all_errors_come_at_once_by_file_and_line() {
    let service = "[crawler]\nlease = \"1s\"\nconcurency = 3\n[fetch]\ntimeout = true\n";
    let folder = Folder::new(
        service,
        &[
            (
                "gana",
                &source("gana", "language = 5\ndelay = \"10ms\"\ntimezon = \"x\"\n"),
            ),
            ("dara", "name = \"dara\"\nhome = \"dara\"\n"),
            ("maba", "name = \n"),
        ],
    );
    let complaints = folder.complaints();
    let starts: Vec<String> = complaints
        .iter()
        .map(|line| line.split(": ").take(2).collect::<Vec<_>>().join(": "))
        .collect();
    assert_eq!(
        starts,
        [
            "sokbo.toml:2:9: crawler.lease",
            "sokbo.toml:3:1: crawler.concurency",
            "sokbo.toml:5:11: fetch.timeout",
            "sources/dara.toml:2:8: home",
            "sources/gana.toml:3:12: language",
            "sources/gana.toml:4:9: delay",
            "sources/gana.toml:5:1: timezon",
            "sources/maba.toml:1:8: is no TOML here",
        ],
        "{complaints:#?}"
    );
}

#[test]
fn selectors_that_do_not_compile_are_problems_with_their_line() {
    let rule = "[[extract]]\ntitle = [\"h1\",\n  \"p[\"]\nbody = \"script(a.b\"\n\
                published = []\nremove = [\".a\", \"img @src\"]\n";
    let folder = Folder::new("", &[("saesol", &source("saesol", rule))]);
    let complaints = folder.complaints();
    let expected = [
        ":5:3: extract[0].title[1]: `p[`: no CSS selector",
        ":6:8: extract[0].body: `script(a.b`: the name of the script is not closed; write script(NAME)",
        ":7:13: extract[0].published: lists no selector; give one or leave the key out",
        ":8:17: extract[0].remove[1]: `img @src`: names no element; `remove` takes plain CSS",
    ];
    assert_eq!(complaints.len(), expected.len(), "{complaints:#?}");
    for (complaint, expected) in complaints.iter().zip(expected) {
        assert!(complaint.contains(expected), "{complaint}");
    }
}

#[test]
fn secrets_are_never_repeated() {
    let folder = Folder::new("[database]\nurl = \"mysql://me:hunter2@db/news\"", &[]);
    let complaints = folder.complaints();
    assert!(
        complaints[0].starts_with("sokbo.toml:2:7: database.url: "),
        "{complaints:?}"
    );
    assert!(!complaints[0].contains("hunter2"), "{complaints:?}");
    let folder = Folder::new("[database]\nurl = \"postgres://me:hunter2@db/news\"", &[]);
    assert!(!format!("{:?}", folder.load().unwrap()).contains("hunter2"));
}

/// Parses a text as a service file and as a source file.
fn read_both(text: &str) {
    let document = super::super::document::Document::new("sources/any.toml", text);
    let mut findings = super::super::findings::Findings::default();
    let _source = super::super::source::read(&document, &mut findings);
    let _config = shipped::read_service(&document);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_without_panic(text in "\\PC{0,200}") {
        read_both(&text);
    }

    #[test]
    fn any_value_of_a_known_key_is_read_or_refused_without_panic(
        key in "(crawler\\.lease|fetch\\.hosts|fetch\\.max_body|fetch\\.allow_networks|log\\.level|name|\
                home|interval|article_url|timezone|verified|headers|extract|hosts|delay|budget)",
        value in "(\"[^\"\\\\\n]{0,20}\"|[0-9]{1,25}|[0-9]{4}-[0-9]{2}-[0-9]{2}|\\[.{0,10}\\]|\
                  \\{ [a-z]{1,4} = .{0,8} \\}|\"[0-9]{1,30}(ms|d|GiB|/day)\"|.{0,20})",
    ) {
        read_both(&format!("{key} = {value}\n"));
    }
}
