use super::*;

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn older_rss_is_read() {
    check(
        &[(
            "0.91",
            "<?xml version='1.0'?><!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' 'http://my.netscape.com/publish/formats/rss-0.91.dtd'><rss version='0.91'><channel><title>t</title><item><title>Caf&eacute;</title><link>/1</link></item></channel></rss>",
            &["u /1 | t Café"],
            "",
        )],
        "rss 0.91",
        whole,
    );
    check(
        &[(
            "0.92",
            "<rss version='0.92'><channel><item><description>d</description></item></channel></rss>",
            &["s d"],
            "",
        )],
        "rss 0.92",
        whole,
    );
    check(
        &[(
            "0.93",
            "<rss version=' 0.93 '><channel><item><title>t</title></item></channel></rss>",
            &["t t"],
            "",
        )],
        "rss 0.93",
        whole,
    );
    check(
        &[(
            "1.0",
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='/'><title>t</title><items><rdf:Seq><rdf:li resource='/1'/></rdf:Seq></items></channel><image><title>no</title></image><item rdf:about='https://www.saesol.example/n/1'><title>T</title><link>/n/1?x</link><dc:date>2024-03-05</dc:date><dc:creator>Kim</dc:creator></item><item rdf:about='https://www.saesol.example/n/2'><title>U</title></item></rdf:RDF>",
            &[
                "u /n/1?x | i https://www.saesol.example/n/1 | t T | p 2024-03-05 | a Kim",
                "u /n/2 | i https://www.saesol.example/n/2 | t U",
            ],
            "",
        )],
        "rss 1.0",
        whole,
    );
    check(
        &[(
            "0.90",
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/'><channel><title>t</title></channel><item><title>T</title><link>/1</link></item></rdf:RDF>",
            &["u /1 | t T"],
            "",
        )],
        "rss 0.90",
        whole,
    );
    check(
        &[
            (
                "no version",
                "<rss><channel><item><title>T</title></item></channel></rss>",
                &["t T"],
                "",
            ),
            (
                "no root",
                "<channel><item><title>T</title></item></channel>",
                &["t T"],
                "",
            ),
            (
                "nothing but items",
                "<items><item><title>T</title></item></items>",
                &["t T"],
                "",
            ),
        ],
        "rss",
        whole,
    );
}

#[test]
fn names_are_found_in_any_dress() {
    check(
        &[
            (
                "upper case",
                "<RSS VERSION='2.0'><CHANNEL><ITEM><TITLE>T</TITLE><LINK>/1</LINK><PUBDATE>2024-03-05</PUBDATE></ITEM></CHANNEL></RSS>",
                &["u /1 | t T | p 2024-03-05"],
                "",
            ),
            (
                "RSS in a namespace",
                "<rss version='2.0' xmlns='http://backend.userland.com/rss2'><channel><item><title>T</title></item></channel></rss>",
                &["t T"],
                "",
            ),
            (
                "RSS in a foreign namespace",
                "<rss version='2.0' xmlns='http://saesol.example/'><channel><item><title>T</title></item></channel></rss>",
                &["t T"],
                "",
            ),
            (
                "another prefix",
                "<rss version='2.0' xmlns:d='http://purl.org/dc/elements/1.1/' xmlns:full='http://purl.org/rss/1.0/modules/content/'><channel><item><d:creator>Kim</d:creator><full:encoded>x</full:encoded></item></channel></rss>",
                &["a Kim | c x"],
                "",
            ),
            (
                "usual prefix for an unusual address",
                "<rss version='2.0' xmlns:dc='http://saesol.example/dc'><channel><item><dc:creator>Kim</dc:creator></item></channel></rss>",
                &["a Kim"],
                "",
            ),
            (
                "prefix of something else",
                "<rss version='2.0' xmlns:x='http://saesol.example/x'><channel><item><x:title>no</x:title><title>T</title></item></channel></rss>",
                &["t T"],
                "",
            ),
            (
                "prefix declared at the item",
                "<rss version='2.0'><channel><item xmlns:k='http://purl.org/dc/elements/1.1/'><k:creator>Kim</k:creator></item></channel></rss>",
                &["a Kim"],
                "",
            ),
            (
                "body in XHTML",
                "<rss version='2.0'><channel><item><title>T</title><body xmlns='http://www.w3.org/1999/xhtml'><p>x</p></body></item></channel></rss>",
                &["t T | c <p>x</p>"],
                "",
            ),
        ],
        "rss 2.0",
        whole,
    );
}
