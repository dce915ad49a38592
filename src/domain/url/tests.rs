use super::*;
use proptest::prelude::*;

fn canonical(text: &str) -> String {
    match CanonicalUrl::parse(text, Identity::AllButTracking) {
        Ok(url) => url.to_string(),
        Err(error) => format!("refused: {error}"),
    }
}

fn check(cases: &[(&str, &str)]) {
    for (given, expected) in cases {
        assert_eq!(canonical(given), *expected, "{given}");
    }
}

#[test]
fn scheme_and_host_are_in_lower_case_and_ports_only_where_they_differ() {
    check(&[
        ("HTTP://WWW.Example.COM:80/a", "http://www.example.com/a"),
        ("https://example.com:443/", "https://example.com/"),
        ("https://example.com:/", "https://example.com/"),
        ("http://example.com:443/", "http://example.com:443/"),
        ("https://example.com:08443/a", "https://example.com:8443/a"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com?a=1", "https://example.com/?a=1"),
        ("  https://example.com/a\n", "https://example.com/a"),
        ("https:example.com/a", "https://example.com/a"),
        ("https:\\\\example.com\\a\\b", "https://example.com/a/b"),
    ]);
}

#[test]
fn a_host_has_one_name() {
    check(&[
        ("https://example.com./a", "https://example.com/a"),
        ("https://example.com..:443/a", "https://example.com/a"),
        ("https://속보.kr/", "https://xn--on3b37f.kr/"),
        ("https://%EC%86%8D%EB%B3%B4.kr/", "https://xn--on3b37f.kr/"),
        ("https://XN--ON3B37F.kr/", "https://xn--on3b37f.kr/"),
        ("https://ｎｅｗｓ。example/", "https://news.example/"),
        ("https://STRAßE.example/", "https://xn--strae-oqa.example/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://0177.0.0.01/", "http://127.0.0.1/"),
        ("http://127.0.0.1./", "http://127.0.0.1/"),
        ("http://[::FFFF:127.0.0.1]/", "http://[::ffff:7f00:1]/"),
        ("http://[0:0:0::0001]:80/", "http://[::1]/"),
    ]);
}

#[test]
fn paths_lose_their_dots_and_sessions_and_keep_their_slashes() {
    check(&[
        ("https://e.com/a/../b", "https://e.com/b"),
        ("https://e.com/a/./b/.", "https://e.com/a/b/"),
        ("https://e.com/../../a", "https://e.com/a"),
        ("https://e.com/a/%2e%2E/b", "https://e.com/b"),
        ("https://e.com//a///b/", "https://e.com//a///b/"),
        ("https://e.com/a", "https://e.com/a"),
        ("https://e.com/a;jsessionid=9F?x=1", "https://e.com/a?x=1"),
        ("https://e.com/a;JSESSIONID=9F/b", "https://e.com/a"),
        ("https://e.com/%2E;jsessionid=9", "https://e.com/"),
        ("https://e.com/a;p=1/b", "https://e.com/a;p=1/b"),
        ("https://e.com/a\tb\nc", "https://e.com/abc"),
    ]);
}

// RFC 3986 section 6.2.2
#[test]
fn escapes_are_in_one_form() {
    check(&[
        ("https://e.com/%7euser/%e3%81", "https://e.com/~user/%E3%81"),
        ("https://e.com/%41%5f%2d", "https://e.com/A_-"),
        ("https://e.com/a%2fb%3Fc", "https://e.com/a%2Fb%3Fc"),
        ("https://e.com/100%/%zz", "https://e.com/100%/%zz"),
        ("https://e.com/%2541", "https://e.com/%2541"),
        ("https://e.com/기사", "https://e.com/%EA%B8%B0%EC%82%AC"),
        ("https://e.com/a b?c d", "https://e.com/a%20b?c%20d"),
        ("https://e.com/?q=%ea%b8%b0", "https://e.com/?q=%EA%B8%B0"),
        ("https://e.com/?q=%B1%E2", "https://e.com/?q=%B1%E2"),
    ]);
}

#[test]
fn queries_are_sorted_by_name_without_what_only_tracks() {
    check(&[
        ("https://e.com/a?", "https://e.com/a"),
        ("https://e.com/a?&&", "https://e.com/a"),
        ("https://e.com/a?b=2&a=1", "https://e.com/a?a=1&b=2"),
        ("https://e.com/a?x=2&x=1&x=2", "https://e.com/a?x=2&x=1&x=2"),
        ("https://e.com/a?x=1&x=1", "https://e.com/a?x=1"),
        ("https://e.com/a?b&a=", "https://e.com/a?a=&b"),
        ("https://e.com/a?B=1&a=2", "https://e.com/a?B=1&a=2"),
        (
            "https://e.com/a?utm_source=x&id=7&fbclid=9&UTM_Medium=y",
            "https://e.com/a?id=7",
        ),
        ("https://e.com/a?utm_source=x", "https://e.com/a"),
        ("https://e.com/a?utm=1&ref=2", "https://e.com/a?ref=2&utm=1"),
        (
            "https://e.com/a?%78=1&u=2&utm%5Fid=3",
            "https://e.com/a?u=2&x=1",
        ),
        ("https://e.com/a?x=1#b?c", "https://e.com/a?x=1"),
        ("https://e.com/a#", "https://e.com/a"),
        (
            "https://e.com/?u=http://d.kr/?a&b",
            "https://e.com/?b&u=http://d.kr/?a",
        ),
    ]);
}

#[test]
fn identity_keeps_only_the_named_parameters() {
    let names = vec!["idxno".to_owned()];
    let url = "https://e.kr/news/articleView.html?idxno=7&sc=1&ref=naver";
    let url = CanonicalUrl::parse(url, Identity::Only(&names)).unwrap();
    assert_eq!(url.as_str(), "https://e.kr/news/articleView.html?idxno=7");
}

#[test]
fn what_cannot_be_visited_is_refused() {
    for (text, reason) in [
        ("javascript:;", "`javascript:`"),
        ("file:///etc/passwd", "`file:`"),
        ("mailto:a@e.com", "`mailto:`"),
        ("data:text/html,a", "`data:`"),
        ("http://u:p@e.com/", "password"),
        ("http://u@e.com/", "user name"),
        ("http://:p@e.com/", "password"),
        ("", "no absolute address"),
        ("/a", "no absolute address"),
        ("example.com/a", "no absolute address"),
        ("http://", "no absolute address"),
        ("http://./", "no absolute address"),
        ("http://a b/", "no absolute address"),
        ("http://[::1/", "no absolute address"),
        ("http://e.com:65536/", "no absolute address"),
        ("http://256.0.0.1/", "no absolute address"),
        ("http://1.2.3.4.5/", "no absolute address"),
    ] {
        let said = canonical(text);
        assert!(
            said.starts_with("refused") && said.contains(reason),
            "{text}: {said}"
        );
    }
}

#[test]
fn nobody_at_the_door_is_let_in() {
    check(&[
        ("http://@e.com/", "http://e.com/"),
        ("http://:@e.com/", "http://e.com/"),
    ]);
}

#[test]
fn long_addresses_are_refused_as_written_and_as_escaped() {
    let fits = format!("https://e.com/{}", "a".repeat(MAX_URL_CHARS - 14));
    assert_eq!(canonical(&fits), fits);
    let grows = format!("https://e.com/{}", "가".repeat(300));
    for long in [format!("{fits}a"), format!("{fits}#b"), grows] {
        let refused = CanonicalUrl::parse(&long, Identity::default());
        assert_eq!(refused, Err(UrlError::TooLong), "{long}");
    }
}

#[test]
fn links_are_joined_to_their_page() {
    let base = Url::parse("https://e.com/news/list?page=2").unwrap();
    for (link, expected) in [
        ("view/1", "https://e.com/news/view/1"),
        ("/a", "https://e.com/a"),
        ("?page=3", "https://e.com/news/list?page=3"),
        ("//d.com/a", "https://d.com/a"),
        ("#top", "https://e.com/news/list?page=2"),
        ("", "https://e.com/news/list?page=2"),
    ] {
        let joined = CanonicalUrl::join(&base, link, Identity::default()).unwrap();
        assert_eq!(joined.as_str(), expected, "{link}");
    }
}

#[test]
fn scheme_takes_no_part_in_the_fingerprint() {
    let key = |t: &str| {
        CanonicalUrl::parse(t, Identity::default())
            .unwrap()
            .fingerprint()
    };
    assert_eq!(key("http://e.com/a"), key("https://e.com/a"));
    assert_ne!(key("http://e.com/a"), key("http://e.com/a/"));
}

proptest! {
    #[test]
    fn canonical_form_is_a_fixed_point(
        scheme in "(https?|HTTPS)",
        host in "([a-zA-Z가-힣ß]{1,8}[.]{1,2}){0,2}(com|kr|example)[.]{0,2}(:[0-9]{0,5})?",
        path in "[ -~가-힣]{0,40}",
        query in "([?]([ -~가]{0,12}&?){0,4})?",
        fragment in "(#[ -~]{0,5})?",
    ) {
        let text = format!("{scheme}://{host}/{path}{query}{fragment}");
        if let Ok(once) = CanonicalUrl::parse(&text, Identity::AllButTracking) {
            let twice = CanonicalUrl::parse(once.as_str(), Identity::AllButTracking).unwrap();
            prop_assert_eq!(&once, &twice);
            prop_assert_eq!(CanonicalUrl::stored(once.as_str()), Ok(once.clone()));
            prop_assert!(once.as_str().is_ascii() && once.as_str().len() <= MAX_URL_CHARS);
            prop_assert!(!once.as_str().contains('#') && !once.host().ends_with('.'));
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic_or_grow(text in "\\PC{0,60}|(http:[/\\\\]{0,3}\\PC{0,60})") {
        if let Ok(once) = CanonicalUrl::parse(&text, Identity::AllButTracking) {
            let twice = CanonicalUrl::parse(once.as_str(), Identity::AllButTracking);
            prop_assert_eq!(twice, Ok(once));
        }
    }
}
