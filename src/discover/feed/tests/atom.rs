use super::*;

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn atom_1_is_read_element_by_element() {
    check(
        &[
            (
                "all of Atom",
                "<entry><title>A bridge</title><link href='/n/1'/><id>urn:1</id><published>2024-03-05T09:20:00+09:00</published><updated>2024-03-05T10:00:00+09:00</updated><author><name>Kim</name><uri>/kim</uri><email>k@x.example</email></author><author><name>Lee</name></author><contributor><name>No</name></contributor><summary>Short</summary><content type='html'>&lt;p>All&lt;/p></content></entry>",
                &[
                    "u /n/1 | i urn:1 | t A bridge | p 2024-03-05T09:20:00+09:00 | m 2024-03-05T10:00:00+09:00 | a Kim, Lee | s Short | c <p>All</p>",
                ],
                "",
            ),
            (
                "links by their relation",
                "<entry><link rel='edit' href='/e'/><link rel='replies' href='/r'/><link rel='enclosure' href='/a.mp3'/><link rel='self' href='/s'/><link rel='alternate' type='text/html' href='/n/1'/></entry>",
                &["u /n/1"],
                "",
            ),
            (
                "page before other forms",
                "<entry><link rel='alternate' type='application/json' href='/n/1.json'/><link rel='alternate' type='text/html' href='/n/1'/></entry>",
                &["u /n/1"],
                "",
            ),
            (
                "relation as an address",
                "<entry><link rel='http://www.iana.org/assignments/relation/alternate' href='/n/1'/></entry>",
                &["u /n/1"],
                "",
            ),
            (
                "no link but an address as id",
                "<entry><id>https://www.saesol.example/n/1</id></entry>",
                &["u /n/1 | i https://www.saesol.example/n/1"],
                "",
            ),
            (
                "no link at all",
                "<entry><id>urn:1</id><title>x</title></entry>",
                &["i urn:1 | t x"],
                "",
            ),
            (
                "link as text",
                "<entry><link>/n/1</link></entry>",
                &["u /n/1"],
                "",
            ),
            (
                "xml:base in steps",
                "<entry xml:base='/a/'><link xml:base='b/' href='c'/></entry><entry><link href='c'/></entry>",
                &["u /a/b/c", "u /rss/c"],
                "",
            ),
            (
                "title as HTML",
                "<entry><title type='html'>A &lt;b>new&lt;/b> bridge &amp;amp; more</title></entry>",
                &["t A new bridge & more"],
                "",
            ),
            (
                "title in CDATA",
                "<entry><title type='html'><![CDATA[A <i>new</i> bridge]]></title></entry>",
                &["t A new bridge"],
                "",
            ),
            (
                "title as XHTML",
                "<entry><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A <b>new</b> bridge &amp; more</div></title></entry>",
                &["t A new bridge & more"],
                "",
            ),
            (
                "title as text with brackets",
                "<entry><title type='text'>History of the &lt;blink> tag</title></entry>",
                &["t History of the <blink> tag"],
                "",
            ),
            (
                "title as text that lies",
                "<entry><title type='text'>A &lt;b>new&lt;/b> bridge &amp;#38; more</title></entry>",
                &["t A new bridge & more"],
                "",
            ),
            (
                "content as XHTML",
                "<entry><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>a <b>b</b></p><div>c</div></div></content></entry>",
                &["c <p>a <b>b</b></p><div>c</div>"],
                "",
            ),
            (
                "content as XHTML with a prefix",
                "<entry><content type='xhtml'><h:div xmlns:h='http://www.w3.org/1999/xhtml'><h:p id='x'>a</h:p></h:div></content></entry>",
                &["c <p id='x'>a</p>"],
                "",
            ),
            (
                "content as text",
                "<entry><content>1 &lt; 2</content></entry>",
                &["c 1 < 2"],
                "",
            ),
            (
                "content elsewhere",
                "<entry><content type='text/html' src='/n/1'/><link href='/n/1'/></entry>",
                &["u /n/1"],
                "",
            ),
            (
                "the feed it was taken from",
                "<entry><source><title>Other</title><id>urn:o</id><link href='/o'/><updated>2020-01-01T00:00:00Z</updated><author><name>No</name></author></source><title>x</title><id>urn:1</id></entry>",
                &["i urn:1 | t x"],
                "",
            ),
            (
                "mail where there is no name",
                "<entry><author><email>kim@x.example</email></author></entry>",
                &["a kim@x.example"],
                "",
            ),
            (
                "part of a second",
                "<entry><updated>2024-03-05T09:20:00.123456Z</updated></entry>",
                &["m 2024-03-05T09:20:00+00:00"],
                "",
            ),
            (
                "small letters in a date",
                "<entry><updated>2024-03-05t09:20:00z</updated></entry>",
                &["m 2024-03-05T09:20:00+00:00"],
                "",
            ),
            (
                "picture of a video",
                "<entry><title>x</title><media:group xmlns:media='http://search.yahoo.com/mrss/'><media:title>y</media:title><media:description>d</media:description></media:group></entry>",
                &["t x | s d"],
                "",
            ),
            (
                "signature that follows",
                "<entry><title>x</title><id>urn:1</id></entry><Signature xmlns='http://www.w3.org/2000/09/xmldsig#'><id>y</id></Signature>",
                &["i urn:1 | t x"],
                "",
            ),
        ],
        "atom 1.0",
        atom,
    );
}

#[test]
fn atom_in_other_dress_is_read() {
    check(
        &[
            (
                "with a prefix",
                "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>x</a:title><a:link href='/1'/></a:entry></a:feed>",
                &["u /1 | t x"],
                "",
            ),
            (
                "without a namespace",
                "<feed><entry><title>x</title><link href='/1'/></entry></feed>",
                &["u /1 | t x"],
                "",
            ),
            (
                "an entry alone",
                "<entry xmlns='http://www.w3.org/2005/Atom'><title>x</title><id>urn:1</id></entry>",
                &["i urn:1 | t x"],
                "",
            ),
            (
                "base at the root",
                "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://o.example/a/'><entry><link href='b'/></entry></feed>",
                &["u https://o.example/a/b"],
                "",
            ),
            (
                "markup of the whole in XHTML",
                "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:xhtml='http://www.w3.org/1999/xhtml'><entry><summary type='xhtml'><xhtml:div>a<xhtml:br/>b</xhtml:div></summary></entry></feed>",
                &["s a<br/>b"],
                "",
            ),
        ],
        "atom 1.0",
        whole,
    );
}

#[test]
fn atom_0_3_is_read() {
    let wrap = |entries: &str| {
        format!(
            "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>t</title>{entries}</feed>"
        )
    };
    check(
        &[
            (
                "dates",
                "<entry><title>x</title><link rel='alternate' type='text/html' href='/1'/><id>urn:1</id><issued>2024-03-05T09:20:00+09:00</issued><modified>2024-03-05T01:00:00Z</modified><created>2024-03-04T00:00:00Z</created></entry>",
                &[
                    "u /1 | i urn:1 | t x | p 2024-03-05T09:20:00+09:00 | m 2024-03-05T01:00:00+00:00",
                ],
                "",
            ),
            (
                "escaped",
                "<entry><title type='text/html' mode='escaped'>A &lt;b>b&lt;/b></title><content type='text/html' mode='escaped'>&lt;p>c&lt;/p></content></entry>",
                &["t A b | c <p>c</p>"],
                "",
            ),
            (
                "as XML",
                "<entry><content type='application/xhtml+xml' mode='xml'><div xmlns='http://www.w3.org/1999/xhtml'><p>c</p></div></content></entry>",
                &["c <p>c</p>"],
                "",
            ),
            (
                "in Base64",
                "<entry><content type='text/html' mode='base64'>PHA+Yz\nwvcD4=</content></entry>",
                &["c <p>c</p>"],
                "",
            ),
        ],
        "atom 0.3",
        wrap,
    );
}
