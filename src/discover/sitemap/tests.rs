use super::*;
use crate::domain::SourceName;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use std::io::Write;

const BASE: &str = "https://www.saesol.example/sitemap.xml";

fn source() -> Source {
    let home = CanonicalUrl::parse("https://www.saesol.example/", Identity::default()).unwrap();
    Source::new(SourceName::new("saesol").unwrap(), home)
}

fn read_as(body: &[u8], source: &Source) -> Result<Listing, DiscoverError> {
    sitemap(body, &Url::parse(BASE).unwrap(), source, NEWEST_CHILDREN)
}

fn read(body: &str) -> Listing {
    read_as(body.as_bytes(), &source()).unwrap()
}

fn urls(candidates: &[Candidate]) -> Vec<&str> {
    candidates
        .iter()
        .map(|candidate| candidate.url.as_str())
        .collect()
}

fn gzipped(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

const NEWS: &str = "<?xml version='1.0'?><s:urlset xmlns:s='x' xmlns:news='n' xmlns:image='i'>
    <s:url><s:loc>https://www.saesol.example/news/1?a=1&amp;b=2</s:loc>
      <image:image><image:loc>https://cdn.example/1.jpg</image:loc><image:title>x</image:title></image:image>
      <news:news><news:publication><news:name>N</news:name></news:publication>
        <news:publication_date>2024-03-05T09:20+09:00</news:publication_date>
        <news:title><![CDATA[다리 & ]]>&#xAC15;</news:title></news:news></s:url>
    <s:url><s:loc> /news/2 </s:loc><s:lastmod>2024-03-05</s:lastmod></s:url>
    <s:url><s:loc>https://www.saesol.example/</s:loc></s:url>
    <s:url><s:loc>https://www.saesol.example/tag/bridge.xml</s:loc></s:url>
    <s:url><s:loc>https://www.saesol.example/news/2#x</s:loc></s:url></s:urlset>";

#[test]
fn news_sitemap_is_read_with_its_titles_and_dates() {
    let listing = read(NEWS);
    let expected = [
        "https://www.saesol.example/news/1?a=1&b=2",
        "https://www.saesol.example/news/2",
    ];
    assert_eq!(urls(&listing.articles), expected);
    let first = &listing.articles[0];
    assert_eq!(first.title.as_deref(), Some("다리 & 강"));
    assert_eq!(first.published, "2024-03-05T00:20:00Z".parse().ok());
    assert_eq!(
        listing.articles[1].modified,
        "2024-03-05T00:00:00Z".parse().ok()
    );
    assert!(listing.warnings.is_empty(), "{:?}", listing.warnings);
}

#[test]
fn gzip_is_known_by_its_bytes_and_may_be_cut() {
    let whole = gzipped(NEWS);
    assert_eq!(
        read_as(&whole, &source()).unwrap().articles,
        read(NEWS).articles
    );
    let many: String = (0..9_999)
        .map(|n| format!("<url><loc>/news/{n}</loc></url>"))
        .collect();
    let cut = gzipped(&format!("<urlset>{many}</urlset>"));
    let listing = read_as(&cut[..cut.len() / 2], &source()).unwrap();
    assert!(listing.articles.len() > 1_000 && listing.warnings.len() == 2);
}

#[test]
fn cut_sitemap_keeps_its_whole_entries() {
    let cut = NEWS.split_once("2024-03-05</s:lastmod>").unwrap().0;
    let listing = read(cut);
    assert_eq!(listing.articles.len(), 2); // its address was whole
    let before = NEWS.split_once("/news/2 </s:loc>").unwrap().0;
    let listing = read(before);
    assert_eq!(listing.articles.len(), 1);
    assert_eq!(listing.warnings, ["not well-formed: its end is missing"]);
}

#[test]
fn index_gives_its_children_newest_first_and_never_itself() {
    let child = |n: u32| {
        format!("<sitemap><loc>/s/{n}.xml</loc><lastmod>20{n:02}-01-01</lastmod></sitemap>")
    };
    let many: String = (10..=20).map(child).collect();
    let listing = read(&format!(
        "<sitemapindex><sitemap><loc>{BASE}</loc></sitemap><sitemap><loc>/s/x.xml</loc></sitemap>{many}</sitemapindex>"
    ));
    assert!(listing.articles.is_empty());
    assert_eq!(listing.sitemaps.len(), 12);
    assert_eq!(
        listing.sitemaps[0].url.as_str(),
        "https://www.saesol.example/s/20.xml"
    );
    assert_eq!(listing.sitemaps[11].modified, None);
    assert_eq!(listing.warnings, ["the index lists itself"]);
}

#[test]
fn text_form_and_article_pattern_are_honoured() {
    let text =
        "https://www.saesol.example/news/1\n\nhttps://www.saesol.example/world/x\nnonsense\n";
    assert_eq!(read(text).articles.len(), 2);
    let mut source = source();
    source.article_url = Some(regex::Regex::new(r"/news/\d+").unwrap());
    let listing = read_as(text.as_bytes(), &source).unwrap();
    assert_eq!(
        urls(&listing.articles),
        ["https://www.saesol.example/news/1"]
    );
    assert_eq!(listing.format, Format::Text);
}

#[test]
fn what_is_no_sitemap_is_an_error_and_an_empty_one_is_not() {
    for body in [
        "",
        "<!doctype html><p>",
        "<x/>",
        "hello",
        "<?xml version='1.0'?><html/>",
    ] {
        assert!(read_as(body.as_bytes(), &source()).is_err(), "{body}");
    }
    assert!(read("<urlset></urlset>").articles.is_empty());
    assert!(read("<urlset/>").articles.is_empty());
}

#[test]
fn entries_are_bounded() {
    let entries: String = (0..MAX_ENTRIES + 5)
        .map(|n| format!("<url><loc>/n/{n}</loc></url>"))
        .collect();
    let listing = read(&format!("<urlset>{entries}</urlset>"));
    assert_eq!(listing.articles.len(), MAX_ENTRIES);
    assert_eq!(listing.warnings.len(), 1);
}

fn shown(body: &[u8]) -> (Vec<String>, SitemapHead) {
    let mut found = Vec::new();
    let mut take = |entry: SitemapEntry| {
        let url = entry.url.as_str();
        let url = url
            .strip_prefix("https://www.saesol.example")
            .unwrap_or(url)
            .to_owned();
        let stamp = |stamp: Option<crate::domain::Stamp>| stamp.map(|stamp| stamp.to_text());
        let fields = [
            (entry.kind.as_str(), Some(url)),
            ("m", stamp(entry.lastmod)),
            ("p", stamp(entry.published)),
            ("t", entry.title),
            ("l", entry.language),
        ];
        let known = fields
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name} {}", value?)));
        found.push(known.collect::<Vec<_>>().join(" | "));
        true
    };
    let head = sitemap_entries(body, &Url::parse(BASE).unwrap(), None, &mut take);
    (found, head.unwrap())
}

const PROTOCOL: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

#[test]
fn sitemaps_are_read_in_any_dress_and_in_any_state() {
    let page = &["page /n/1 | m 2024-03-05"][..];
    let entry = "<url><loc>/n/1</loc><lastmod>2024-03-05</lastmod></url>";
    let cases: &[(&str, String, &[&str], &str)] = &[
        ("as the protocol says", format!("<?xml version='1.0' encoding='UTF-8'?><urlset xmlns='{PROTOCOL}'>{entry}</urlset>"), page, ""),
        ("no namespace", format!("<urlset>{entry}</urlset>"), page, ""),
        ("wrong namespace", format!("<urlset xmlns='http://www.google.com/schemas/sitemap/0.84'>{entry}</urlset>"), page, ""),
        ("prefix", format!("<s:urlset xmlns:s='{PROTOCOL}'>{}</s:urlset>", entry.replace('<', "<s:").replace("<s:/", "</s:")), page, ""),
        ("prefix without a namespace", format!("<x:urlset>{entry}</x:urlset>"), page, "prefix"),
        ("upper case", format!("<urlset>{entry}</urlset>").to_uppercase().replace("/N/1", "/n/1"), page, ""),
        ("no root", entry.to_owned(), page, ""),
        ("blank line before", format!("\n<?xml version='1.0'?><urlset>{entry}</urlset>"), page, "declaration"),
        ("junk before", format!("Notice: x\n<urlset>{entry}</urlset>"), page, "outside"),
        ("address in CDATA", "<urlset><url><loc><![CDATA[ /n?a=1&b=2 ]]></loc></url></urlset>".to_owned(), &["page /n?a=1&b=2"], ""),
        ("bare ampersand", "<urlset><url><loc>/n?a=1&b=2</loc></url></urlset>".to_owned(), &["page /n?a=1&b=2"], "bare `&`"),
        ("address over lines", "<urlset><url><loc>\n  /n/1\n</loc></url></urlset>".to_owned(), &["page /n/1"], ""),
        ("no end of an address", "<urlset><url><loc>/n/1<lastmod>2024-03-05</lastmod></url></urlset>".to_owned(), page, "closes another"),
        ("no end of an entry", "<urlset><url><loc>/n/1</loc><url><loc>/n/2</loc></url></urlset>".to_owned(), &["page /n/1", "page /n/2"], "closes another"),
        ("no end of anything", "<urlset><url><loc>/n/1<url><loc>/n/2</loc>".to_owned(), &["page /n/1", "page /n/2"], "end is missing"),
        ("no address", "<urlset><url><lastmod>2024</lastmod></url><url><loc>mailto:x</loc></url><url><loc>/n/1</loc></url></urlset>".to_owned(), &["page /n/1"], "2 entries"),
        ("two addresses", "<urlset><url><loc>/n/1</loc><loc>/n/2</loc></url></urlset>".to_owned(), &["page /n/1"], ""),
        ("empty address first", "<urlset><url><loc> </loc><loc>/n/2</loc></url></urlset>".to_owned(), &["page /n/2"], ""),
        ("pictures and videos", "<urlset xmlns:image='i' xmlns:video='v'><url><loc>/n/1</loc><image:image><image:loc>/i.jpg</image:loc></image:image><video:video><video:title>x</video:title><video:url>/v</video:url><video:publication_date>2020-01-01</video:publication_date></video:video></url></urlset>".to_owned(), &["page /n/1"], ""),
        ("other languages", "<urlset xmlns:xhtml='http://www.w3.org/1999/xhtml'><url><loc>/n/1</loc><xhtml:link rel='alternate' hreflang='en' href='/en/1'/></url></urlset>".to_owned(), &["page /n/1"], ""),
        ("news", "<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>/n/1</loc><news:news><news:publication><news:name>Saesol</news:name><news:language>ko</news:language></news:publication><news:publication_date>2024-03-05T09:20+09:00</news:publication_date><news:title>다리 &amp; 강</news:title></news:news></url></urlset>".to_owned(), &["page /n/1 | p 2024-03-05T09:20:00+09:00 | t 다리 & 강 | l ko"], ""),
        ("news by a wrong prefix", "<urlset xmlns:n='x'><url><loc>/n/1</loc><n:news><n:title>x</n:title></n:news></url></urlset>".to_owned(), &["page /n/1 | t x"], ""),
        ("index", format!("<sitemapindex xmlns='{PROTOCOL}'><sitemap><loc>/s/1.xml.gz</loc><lastmod>2024-03-05T09:20:00Z</lastmod></sitemap></sitemapindex>"), &["sitemap /s/1.xml.gz | m 2024-03-05T09:20:00+00:00"], ""),
        ("index of pages by its elements", "<sitemapindex><url><loc>/s/1.xml</loc></url></sitemapindex>".to_owned(), &["sitemap /s/1.xml"], ""),
        ("both in one", "<urlset><url><loc>/n/1</loc></url><sitemap><loc>/s/1.xml</loc></sitemap></urlset>".to_owned(), &["page /n/1", "sitemap /s/1.xml"], ""),
        ("text", "\u{feff}https://www.saesol.example/n/1\r\nhttps://www.saesol.example/n/2 2024\n# no\n".to_owned(), &["page /n/1", "page /n/2"], ""),
        ("RSS", "<rss version='2.0'><channel><item><title>T</title><link>/n/1</link><pubDate>Tue, 05 Mar 2024 09:20:00 GMT</pubDate></item></channel></rss>".to_owned(), &["page /n/1 | p 2024-03-05T09:20:00+00:00 | t T"], ""),
        ("Atom", "<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='/n/1'/><updated>2024-03-05T09:20:00Z</updated></entry></feed>".to_owned(), &["page /n/1 | m 2024-03-05T09:20:00+00:00"], ""),
    ];
    for (name, body, expected, warning) in cases {
        let (found, head) = shown(body.as_bytes());
        assert_eq!(found, *expected, "{name}");
        let is_told = match *warning {
            "" => head.warnings.is_empty(),
            part => head.warnings.iter().any(|warning| warning.contains(part)),
        };
        assert!(is_told, "{name}: {:?}", head.warnings);
    }
}

#[test]
fn lastmod_is_read_in_all_forms_of_the_protocol_and_in_others() {
    for (text, expected) in [
        ("2024-03", "2024-03"),
        ("2024-03-05", "2024-03-05"),
        ("2024-03-05T09:20Z", "2024-03-05T09:20:00+00:00"),
        ("2024-03-05T09:20+09:00", "2024-03-05T09:20:00+09:00"),
        ("2024-03-05T09:20:30Z", "2024-03-05T09:20:30+00:00"),
        ("2024-03-05T09:20:30.45+09:00", "2024-03-05T09:20:30+09:00"),
        ("2024-03-05T09:20:30+0900", "2024-03-05T09:20:30+09:00"),
        ("2024-03-05 09:20:30", "2024-03-05T09:20:30"),
        ("2024-03-05T09:20:30", "2024-03-05T09:20:30"),
        ("Tue, 05 Mar 2024 09:20:30 GMT", "2024-03-05T09:20:30+00:00"),
        ("20240305", "2024-03-05"),
        ("2024", ""), // no month: less than we know how to say
        ("2024-13-45", ""),
        ("0001-01-01T00:00:00Z", ""),
        ("soon", ""),
    ] {
        let (found, _) = shown(
            format!("<urlset><url><loc>/n</loc><lastmod>{text}</lastmod></url></urlset>")
                .as_bytes(),
        );
        let lastmod = found[0]
            .split_once("| m ")
            .map_or("", |(_, lastmod)| lastmod);
        assert_eq!(lastmod, expected, "{text}");
    }
}

#[test]
fn same_lastmod_everywhere_says_nothing() {
    let entries = |day: fn(usize) -> usize| -> String {
        let entry = |n| {
            format!(
                "<url><loc>/n/{n}</loc><lastmod>2024-03-{:02}</lastmod></url>",
                day(n)
            )
        };
        (1..=20).map(entry).collect()
    };
    let same = read(&format!("<urlset>{}</urlset>", entries(|_| 5)));
    assert!(same.articles.iter().all(|page| page.modified.is_none()));
    assert_eq!(
        same.warnings,
        ["all entries have the same `lastmod`: it says nothing"]
    );
    let different = read(&format!("<urlset>{}</urlset>", entries(|n| n)));
    assert!(
        different
            .articles
            .iter()
            .all(|page| page.modified.is_some())
    );
}

#[test]
fn address_without_an_end_costs_itself_alone() {
    let endless = format!(
        "<urlset><url><loc>/n/1</loc></url><url><loc>{}",
        "x".repeat(5 << 20)
    );
    assert_eq!(
        read_as(&gzipped(&endless), &source())
            .unwrap()
            .articles
            .len(),
        1
    );
}

proptest! {
    #[test]
    fn any_body_is_read_or_refused(
        text in "(<urlset>|<url>|</url>|<loc>|</loc>|<news:news>|</x>|<sitemap>|&|&#0;|&amp;|<!\\[CDATA\\[|/n/1|가){0,40}",
    ) {
        let _ = read_as(text.as_bytes(), &source());
        let _ = read_as(&gzipped(&text), &source());
    }

    #[test]
    fn entries_around_a_broken_one_are_kept(
        text in "(<loc>|</loc>|<lastmod>|</lastmod>|<news:title>|</news>|<news:news>|</b>|&|& |< |&x;|<!\\[CDATA\\[|가| ){0,12}",
    ) {
        let url = |inner: &str| format!("<url>{inner}</url>");
        let body = format!("<urlset>{}{}{}</urlset>", url("<loc>/first</loc>"), url(&text), url("<loc>/last</loc>"));
        let (found, _) = shown(body.as_bytes());
        prop_assert!(found.iter().any(|e| e.starts_with("page /first")), "{found:?}");
        prop_assert!(found.iter().any(|e| e.starts_with("page /last")), "{found:?}");
    }
}
