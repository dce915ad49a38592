use super::*;

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn json_feed_is_read() {
    let wrap = |items: &str| {
        format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"t\",\"items\":[{items}]}}"
        )
    };
    check(
        &[
            (
                "all of JSON Feed",
                r#"{"id":"1","url":"/n/1","title":"A bridge","content_html":"<p>All</p>","content_text":"All","summary":"Short","date_published":"2024-03-05T09:20:00+09:00","date_modified":"2024-03-05T10:00:00+09:00","authors":[{"name":"Kim"},{"name":"Lee"}]}"#,
                &[
                    "u /n/1 | i 1 | t A bridge | p 2024-03-05T09:20:00+09:00 | m 2024-03-05T10:00:00+09:00 | a Kim, Lee | s Short | c <p>All</p>",
                ],
                "",
            ),
            (
                "text",
                r#"{"id":"1","content_text":"a < b"}"#,
                &["i 1 | c a < b"],
                "",
            ),
            (
                "number as id",
                r#"{"id":42,"url":"/n/42"}"#,
                &["u /n/42 | i 42"],
                "",
            ),
            (
                "address as id",
                r#"{"id":"https://www.saesol.example/n/1"}"#,
                &["u /n/1 | i https://www.saesol.example/n/1"],
                "",
            ),
            (
                "page elsewhere",
                r#"{"id":"1","external_url":"https://o.example/1"}"#,
                &["u https://o.example/1 | i 1"],
                "",
            ),
            (
                "author of version 1.0",
                r#"{"id":"1","author":{"name":"Kim"}}"#,
                &["i 1 | a Kim"],
                "",
            ),
            (
                "both authors",
                r#"{"id":"1","author":{"name":"Kim"},"authors":[{"name":"Kim"}]}"#,
                &["i 1 | a Kim"],
                "",
            ),
            (
                "nulls",
                r#"{"id":"1","url":null,"title":null,"authors":null,"date_published":null}"#,
                &["i 1"],
                "",
            ),
            (
                "wrong types",
                r#"{"id":"1","title":["x"],"authors":"Kim","url":{}},7,null"#,
                &["i 1"],
                "",
            ),
            (
                "escapes",
                r#"{"id":"1","title":"\ud55c\uad6d Q&amp;A"}"#,
                &["i 1 | t 한국 Q&A"],
                "",
            ),
            ("no items", "", &[], ""),
            (
                "line end in a string",
                "{\"id\":\"1\",\"content_text\":\"a\nb\"}",
                &["i 1 | c a\nb"],
                "not well-formed",
            ),
            (
                "comma at the end",
                r#"{"id":"1"},"#,
                &["i 1"],
                "not well-formed",
            ),
            (
                "a broken item",
                r#"{"id":"1","title":"x" "y"},{"id":"2"}"#,
                &["i 2"],
                "not well-formed",
            ),
            (
                "item without an end",
                r#"{"id":"1"},{"id":"2","title":"#,
                &["i 1"],
                "not well-formed",
            ),
        ],
        "json 1.1",
        wrap,
    );
    check(
        &[(
            "1.0",
            r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1"}]}"#,
            &["i 1"],
            "",
        )],
        "json 1.0",
        whole,
    );
    check(
        &[
            (
                "no version",
                r#"{"items":[{"id":"1"}]}"#,
                &["i 1"],
                "version",
            ),
            (
                "junk before",
                ")]}'\n{\"items\":[{\"id\":\"1\"}]}",
                &["i 1"],
                "before",
            ),
        ],
        "json",
        whole,
    );
    check(
        &[(
            "cut",
            r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1"},{"id":"2""#,
            &["i 1"],
            "not well-formed",
        )],
        "json 1.0",
        whole,
    );
}
