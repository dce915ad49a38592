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
    sitemap(body, &Url::parse(BASE).unwrap(), source)
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
    assert_eq!(listing.articles.len(), 1);
    assert!(
        listing.warnings[0].contains("cut short"),
        "{:?}",
        listing.warnings
    );
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
    for body in ["", "<!doctype html><p>", "<rss></rss>", "hello"] {
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

proptest! {
    #[test]
    fn any_body_is_read_or_refused(
        text in "(<urlset>|<url>|</url>|<loc>|</loc>|<news:news>|</x>|<sitemap>|&|&#0;|&amp;|<!\\[CDATA\\[|/n/1|가){0,40}",
    ) {
        let _ = read_as(text.as_bytes(), &source());
        let _ = read_as(&gzipped(&text), &source());
    }
}
