use super::*;

const END: &str = "closes another element";
const PREFIX: &str = "prefix";
const CUT: &str = "end is missing";

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn broken_rss_gives_its_entries_and_tells_what_is_wrong() {
    check(
        &[
            (
                "bare ampersand",
                "<item><title>Q&A & more</title><link>/n?a=1&b=2</link></item>",
                &["u /n?a=1&b=2 | t Q&A & more"],
                "bare `&`",
            ),
            (
                "bare less",
                "<item><title>1 < 2 <3</title></item>",
                &["t 1 < 2 <3"],
                "`<` that starts no tag",
            ),
            (
                "entity of HTML",
                "<item><title>Caf&eacute;&nbsp;&hellip; &copy;</title></item>",
                &["t Café … ©"],
                "entity",
            ),
            (
                "unknown entity",
                "<item><title>a &nosuch; b</title></item>",
                &["t a &nosuch; b"],
                "entity",
            ),
            (
                "reference to nothing",
                "<item><title>a&#0;b&#xFFFF;c&#8;d</title></item>",
                &["t abcd"],
                "reference",
            ),
            (
                "control characters",
                "<item><title>a\u{8}b\u{0}c\u{1f}</title></item>",
                &["t abc"],
                "character that XML forbids",
            ),
            (
                "control character in CDATA",
                "<item><title><![CDATA[a\u{b}b]]></title></item>",
                &["t ab"],
                "character that XML forbids",
            ),
            (
                "no end of a title",
                "<item><title>A bridge<link>/1</link><pubDate>2024-03-05</pubDate></item><item><title>B</title></item>",
                &["u /1 | t A bridge | p 2024-03-05", "t B"],
                END,
            ),
            (
                "no end of a description",
                "<item><description>Short<pubDate>2024-03-05</pubDate><guid isPermaLink='false'>1</guid></item>",
                &["i 1 | p 2024-03-05 | s Short"],
                END,
            ),
            (
                "no end of an item",
                "<item><title>A</title><item><title>B</title></item>",
                &["t A", "t B"],
                END,
            ),
            (
                "no end of a category",
                "<item><category>x<title>A</title><link>/1</link></item>",
                &["u /1 | t A"],
                END,
            ),
            (
                "crossed ends",
                "<item><title><b>A</title></b><link>/1</link></item>",
                &["u /1 | t A"],
                END,
            ),
            (
                "an end too much",
                "<item><title>A</title></title></p><link>/1</link></item>",
                &["u /1 | t A"],
                END,
            ),
            (
                "HTML without ends",
                "<item><description><p>a<br>b<img src=x.png></description><link>/1</link></item>",
                &["u /1 | s <p>a<br>b<img src=x.png>"],
                "attribute",
            ),
            (
                "attributes without quotes",
                "<item><guid isPermaLink=false>https://www.saesol.example/1</guid></item>",
                &["i https://www.saesol.example/1"],
                "attribute",
            ),
            (
                "quote without an end",
                "<item><guid isPermaLink='false>1</guid><title>A</title></item><item><title>B</title></item>",
                &["i 1 | t A", "t B"],
                "attribute",
            ),
            (
                "attribute twice",
                "<item a='1' a='2'><title>A</title></item>",
                &["t A"],
                "attribute",
            ),
            (
                "prefix that nobody declares",
                "<item><foo:bar>x</foo:bar><title>A</title></item>",
                &["t A"],
                PREFIX,
            ),
            (
                "CDATA without an end",
                "<item><title><![CDATA[A bridge</title><link>/1</link></item><item><title><![CDATA[B]]></title></item>",
                &["u /1 | t A bridge", "t B"],
                "CDATA",
            ),
            (
                "end of CDATA alone",
                "<item><title>A bridge]]></title></item>",
                &["t A bridge]]>"],
                "`]]>`",
            ),
            (
                "CDATA in small letters",
                "<item><title><![cdata[A]]></title></item>",
                &["t A"],
                "CDATA",
            ),
            (
                "comment without an end",
                "<item><title>A</title><!-- x </item><item><title>B</title></item>",
                &["t A", "t B"],
                "comment",
            ),
            (
                "comment with dashes",
                "<item><!-- a -- b --><title>A</title></item>",
                &["t A"],
                "comment",
            ),
            (
                "tag without an end",
                "<item><title>A</title<link>/1</link></item>",
                &["u /1 | t A"],
                "tag",
            ),
            (
                "empty link before its text",
                "<item><title>A</title><link/>https://www.saesol.example/n/1</item>",
                &["u /n/1 | t A"],
                "",
            ),
            (
                "capital in the end tag",
                "<item><title>A</Title><pubDate>2024-03-05</pubdate></item>",
                &["t A | p 2024-03-05"],
                END,
            ),
            (
                "second declaration",
                "<?xml version='1.0'?><item><title>A</title></item>",
                &["t A"],
                "declaration",
            ),
        ],
        "rss 2.0",
        rss,
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn what_stands_around_a_broken_feed_costs_nothing() {
    let item = "<item><title>A</title><link>/1</link></item>";
    let feed = rss(item);
    let entry = &["u /1 | t A"][..];
    let without_end = feed.replace("</channel></rss>", "");
    let cases = [
        ("blank line before", format!("\n{feed}"), "declaration"),
        (
            "junk before",
            format!("Warning: x in y on line 3\n{feed}"),
            "outside of the root",
        ),
        (
            "HTML before",
            format!("<br />\n<b>Warning</b>: x<br />\n{feed}"),
            "second element",
        ),
        (
            "junk behind",
            format!("{feed}\nhello"),
            "outside of the root",
        ),
        ("comment behind", format!("{feed}\n<!-- 0.2 s -->"), ""),
        ("twice the root", format!("{feed}<rss/>"), "second element"),
        ("no end of the feed", without_end.clone(), CUT),
        (
            "cut in a title",
            format!("{without_end}<item><title>cut"),
            CUT,
        ),
        (
            "cut in a link",
            format!("{without_end}<item><title>B</title><link>/12"),
            CUT,
        ),
        (
            "cut in a tag",
            format!("{without_end}<item><title>B</ti"),
            CUT,
        ),
        (
            "cut in an attribute",
            format!("{without_end}<item a='"),
            CUT,
        ),
        (
            "cut in CDATA",
            format!("{without_end}<item><title><![CDATA[x"),
            CUT,
        ),
        (
            "end of the channel too early",
            feed.replacen("<item>", "</channel><item>", 1),
            END,
        ),
        (
            "end of the feed too early",
            feed.replacen("<item>", "</channel></rss><item>", 1),
            END,
        ),
        (
            "deep nesting",
            feed.replacen("<item>", &format!("{}<item>", "<x>".repeat(50)), 1),
            END,
        ),
        (
            "a style sheet",
            feed.replacen("?>", "?><?xml-stylesheet href='a.css'?>", 1),
            "",
        ),
        (
            "a bomb of entities",
            feed.replacen(
                "?>",
                "?><!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'><!ENTITY c '&b;&b;'>]>",
                1,
            ),
            "",
        ),
        (
            "another file",
            feed.replacen(
                "?>",
                "?><!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
                1,
            ),
            "",
        ),
    ];
    let cases: Vec<Case<'_>> = cases
        .iter()
        .map(|(name, body, warning)| (*name, body.as_str(), entry, *warning))
        .collect();
    check(&cases, "rss 2.0", whole);
}

#[test]
fn entities_of_a_document_are_read_where_they_are_plain() {
    let declared = |title: &str| {
        rss(&format!("<item><title>{title}</title></item>")).replacen(
            "?>",
            "?><!DOCTYPE rss [<!ENTITY site \"Saesol\"> <!ENTITY a 'ha'><!ENTITY bomb '&a;&a;&a;'> <!ENTITY f SYSTEM 'file:///etc/passwd'>] >",
            1,
        )
    };
    check(
        &[("plain", "&site; news", &["t Saesol news"], "")],
        "rss 2.0",
        declared,
    );
    check(
        &[
            ("bomb", "&bomb;", &["t &bomb;"], "entity"),
            ("file", "&f;", &["t &f;"], "entity"),
        ],
        "rss 2.0",
        declared,
    );
}

#[test]
fn cut_entry_is_kept_where_it_says_its_page() {
    let feed = rss("").replace("</channel></rss>", "");
    for (rest, expected) in [
        (
            "<item><link>/1</link><title>A</title><description>Sho",
            Some("u /1 | t A"),
        ),
        ("<item><title>A</title><link>/1</li", None),
        ("<item><title>A</title>", None),
    ] {
        let (_, found) = read_bytes(format!("{feed}{rest}").as_bytes(), None).unwrap();
        assert_eq!(
            found.iter().map(shown).next().as_deref(),
            expected,
            "{rest}"
        );
    }
}

#[test]
fn what_is_no_feed_is_an_error() {
    let page = "<!DOCTYPE html><html><body>moved</body></html>";
    for (body, is_page) in [
        (page, true),
        ("<html lang=ko>", true),
        (
            "<?xml version='1.0'?>\n<!-- x --><html xmlns='http://www.w3.org/1999/xhtml'/>",
            true,
        ),
        ("\n <HTML><HEAD>", true),
        ("", false),
        (" \n ", false),
        ("<x/>", false),
        ("Not found", false),
        ("{\"error\":\"no\"}", false),
        ("{\"items", false),
        ("[1,2]", false),
        ("<urlset><url><loc>/1</loc></url></urlset>", false),
    ] {
        let error = read_bytes(body.as_bytes(), Some("text/xml")).unwrap_err();
        assert_eq!(
            matches!(error, DiscoverError::WebPage { .. }),
            is_page,
            "{body}: {error}"
        );
    }
}
