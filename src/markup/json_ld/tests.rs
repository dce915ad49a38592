use super::*;
use crate::markup::parse_html;
use proptest::prelude::*;

fn read(script: &str) -> Vec<Node> {
    let page = format!("<script type='application/ld+json'>{script}</script>");
    nodes(&parse_html(&page).unwrap())
}

fn headlines(script: &str) -> Vec<String> {
    read(script)
        .iter()
        .filter_map(|node| text(node, "headline"))
        .collect()
}

#[test]
fn objects_are_found_however_they_are_written() {
    for (script, expected) in [
        (r#"{"headline":"가"}"#, vec!["가"]),
        (r#"[{"headline":"a"},[{"headline":"b"}]]"#, vec!["a", "b"]),
        (
            r#"{"@graph":[{"headline":"a"},{"@graph":{"headline":"b"}}]}"#,
            vec!["a", "b"],
        ),
        (
            r#"{"headline":"p","mainEntity":{"headline":"a"}}"#,
            vec!["p", "a"],
        ),
        ("{\"headline\":\"a\nb\tc\"}", vec!["a b c"]),
        (r#"{"headline":"a",};"#, vec!["a"]),
        (
            r#"{"x":[1,2,],"headline":"a"},{"headline":"b"}"#,
            vec!["a", "b"],
        ),
        (r#"{"headline":"a"}{"headline":"b"}"#, vec!["a", "b"]),
        (r#"{"headline":"a"} {"headline":"#, vec!["a"]),
        ("<!-- {\"headline\":\"a\"} -->", vec!["a"]),
        ("//<![CDATA[\n{\"headline\":\"a\"}\n//]]>", vec!["a"]),
        ("/* <![CDATA[ */{\"headline\":\"a\"}/* ]]> */", vec!["a"]),
        (
            r#"{"headline":"it\'s \ud83d \ud83d\ude00",}"#,
            vec!["it's \u{fffd} 😀"],
        ),
        (r#"{"headline":"\u0022a\u0022\u000a",}"#, vec!["\"a\""]),
        ("{&quot;headline&quot;:&quot;a&quot;}", vec!["a"]),
        (
            r#"{"headline":"the "long" way",}"#,
            vec!["the \"long\" way"],
        ),
        (r#"{"headline":'it's "so"'}"#, vec!["it's \"so\""]),
        ("", vec![]),
        ("\"headline\"", vec![]),
    ] {
        assert_eq!(headlines(script), expected, "{script}");
    }
}

#[test]
fn texts_come_from_strings_arrays_names_and_values() {
    let node = &read(
        r#"{"author":[{"name":"한 명"},{"@value":" two "},"three",{"name":["four",{"name":"five"}]},{},""],
            "n":7,"none":null}"#,
    )[0];
    assert_eq!(
        texts(node, "author"),
        ["한 명", "two", "three", "four", "five"]
    );
    assert_eq!(texts(node, "n"), ["7"]);
    assert!(texts(node, "none").is_empty() && texts(node, "missing").is_empty());
    assert_eq!(objects(node, "author").len(), 4);
}

#[test]
fn type_is_known_with_and_without_its_vocabulary() {
    for script in [
        r#"{"@type":"NewsArticle"}"#,
        r#"{"@type":["Thing","https://schema.org/NewsArticle"]}"#,
        r#"{"@type":"schema:NewsArticle"}"#,
    ] {
        assert!(is_a(&read(script)[0], "NewsArticle"), "{script}");
        assert!(!is_a(&read(script)[0], "Article"), "{script}");
    }
}

#[test]
fn hostile_depth_and_count_end_quietly() {
    assert!(read(&"[".repeat(100_000)).is_empty());
    assert_eq!(
        read(&format!("[{}{{}}]", "{},".repeat(5_000))).len(),
        MAX_NODES
    );
}

#[test]
fn scripts_beyond_what_a_page_may_hold_are_left() {
    let script = format!(
        "<script type='application/ld+json'>{{\"a\":\"{}\"}}</script>",
        "x".repeat(900 << 10)
    );
    let html = crate::markup::parse_html(&script.repeat(3)).unwrap();
    assert_eq!(nodes(&html).len(), 2);
}

proptest! {
    #[test]
    fn any_script_is_read(script in r#"(\{|\}|\[|\]|"|,|;|:|\\|u|d83d|a|1|가|<!--|//|\n){0,60}"#) {
        read(&script);
    }

    #[test]
    fn strict_json_survives_the_repair(text in "[^<]{0,40}") {
        let json = serde_json::to_string(&serde_json::json!([{ "headline": text }])).unwrap();
        let value: Value = serde_json::from_str(&repaired(&json)).unwrap();
        let blank = |c: char| if c.is_control() { ' ' } else { c };
        let kept: String = value[0]["headline"].as_str().unwrap().chars().map(blank).collect();
        prop_assert_eq!(kept, text.chars().map(blank).collect::<String>());
    }
}
