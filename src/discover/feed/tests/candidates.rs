use super::*;
use crate::domain::{Identity, SourceName};
use proptest::prelude::*;

fn source() -> Source {
    let home = CanonicalUrl::parse("https://www.saesol.example/", Identity::default()).unwrap();
    let mut source = Source::new(SourceName::new("saesol").unwrap(), home);
    source.timezone = Some(chrono_tz::Tz::Asia__Seoul);
    source
}

fn read(body: &str) -> Listing {
    feed(body.as_bytes(), None, &base(), &source()).unwrap()
}

fn paths(listing: &Listing) -> Vec<String> {
    let urls = listing
        .articles
        .iter()
        .map(|candidate| candidate.url.as_url());
    urls.map(|url| url[url::Position::BeforePath..].to_owned())
        .collect()
}

#[test]
fn items_become_candidates_once_each() {
    let listing = read(&rss(
        "<item><title><![CDATA[새 다리 &amp; <b>강</b>]]></title><link>/news/1?utm_source=rss</link>
           <pubDate>Tue, 05 Mar 2024 09:20:00 KST</pubDate><dc:creator>김하늘</dc:creator>
           <description>짧다</description><content:encoded>길고 길다</content:encoded></item>
         <item><title>again</title><link>https://www.saesol.example/news/1#top</link></item>
         <item><title>no date</title><link>https://other.example/2</link></item>
         <item><title>zone of the source</title><guid>https://www.saesol.example/news/3</guid>
           <pubDate>2024-03-05 09:20:00</pubDate></item>
         <item><title>no address</title><guid isPermaLink='false'>7</guid></item>
         <item><title>home</title><link>https://www.saesol.example</link></item>",
    ));
    assert_eq!(paths(&listing), ["/news/1", "/2", "/news/3"]);
    let first = &listing.articles[0];
    assert_eq!(first.title.as_deref(), Some("새 다리 & 강"));
    assert_eq!(first.authors, ["김하늘"]);
    assert_eq!(first.text.as_deref(), Some("길고 길다"));
    let expected = "2024-03-05T00:20:00Z".parse().ok();
    assert_eq!(first.published, expected);
    assert_eq!(listing.articles[2].published, expected);
    assert_eq!(
        (listing.articles[1].published, listing.articles[1].modified),
        (None, None)
    );
    assert_eq!(listing.format, Format::Rss);
    assert_eq!(listing.warnings, ["1 entries have no usable address"]);
}

#[test]
fn texts_kept_as_hints_are_bounded_one_by_one_and_together() {
    let text = "가".repeat(40_000);
    let item =
        |n: usize| format!("<item><link>/n/{n}</link><description>{text}</description></item>");
    let items: String = (0..200).map(item).collect();
    let listing = read(&rss(&items));
    assert_eq!(listing.articles.len(), 200);
    let sizes: Vec<usize> = listing
        .articles
        .iter()
        .filter_map(|c| c.text.as_ref().map(String::len))
        .collect();
    assert!(sizes.iter().all(|bytes| *bytes <= MAX_HINT_BYTES));
    assert!(sizes.iter().sum::<usize>() <= MAX_HINTS_BYTES && sizes.len() > 100);
}

#[test]
fn huge_text_is_cut_and_the_next_entries_are_read() {
    let text = "<![CDATA[".to_owned() + &"x".repeat(6 << 20) + "]]>";
    let (_, found) = read_bytes(rss(&format!("<item><title>A</title><description>{text}</description></item><item><title>B</title></item>")).as_bytes(), None).unwrap();
    assert_eq!(found.len(), 2);
    assert!(found[0].summary.as_ref().unwrap().len() <= 1 << 20);
    assert_eq!(found[1].title.as_deref(), Some("B"));
}

#[test]
fn deep_nesting_is_survived() {
    let deep = "<x>".repeat(50_000);
    let (_, found) = read_bytes(
        rss(&format!("<item><link>/1</link>{deep}")).as_bytes(),
        None,
    )
    .unwrap();
    assert_eq!(found.len(), 1);
    let json = format!(
        "{{\"version\":\"https://jsonfeed.org/version/1\",\"items\":{}",
        "[".repeat(50_000)
    );
    let _ = read_bytes(json.as_bytes(), None);
}

#[test]
fn digest_depends_on_the_set_of_links_alone() {
    let item = |n: u8| format!("<item><title>t{n}</title><link>/news/{n}</link></item>");
    let digest =
        |items: &[u8]| read(&rss(&items.iter().map(|n| item(*n)).collect::<String>())).digest;
    assert_eq!(digest(&[1, 2]), digest(&[2, 1, 2]));
    assert_ne!(digest(&[1, 2]), digest(&[1, 3]));
}

proptest! {
    #[test]
    fn any_body_is_read_or_refused(
        text in "(<item>|</item>|<link>|</link>|<title>|</title>|<entry|&|<|>|;|'|=|]]>|<!\\[CDATA\\[|<!--|-->|<!DOCTYPE|\\[|/n/1|가){0,40}",
    ) {
        let _ = read_bytes(rss(&text).as_bytes(), None);
        let _ = read_bytes(text.as_bytes(), None);
        let _ = read_bytes(format!("{{\"items\":[{text}").as_bytes(), None);
    }

    #[test]
    fn entries_around_a_broken_one_are_kept(
        text in "(<title>|</title>|<description>|</description>|<link>|</link>|<p>|</b>|&|& |< |&x;|<!\\[CDATA\\[|가| ){0,12}",
    ) {
        let body = rss(&format!("<item><link>/first</link></item><item>{text}</item><item><link>/last</link></item>"));
        let (_, found) = read_bytes(body.as_bytes(), None).unwrap();
        let has = |path: &str| found.iter().any(|e| e.url.as_ref().is_some_and(|url| url.path() == path));
        prop_assert!(has("/first") && has("/last"), "{found:?}");
    }

    #[test]
    fn any_json_is_read_or_refused(
        text in "(\\{|\\}|\\[|\\]|,|:|\"|\"items\"|\"url\"|\"version\"|\"jsonfeed.org/version/1\"|1|\\\\|\n|가){0,40}",
    ) {
        let _ = read_bytes(format!("{{{text}").as_bytes(), None);
    }

    #[test]
    fn cut_anywhere_a_feed_keeps_its_whole_entries(at in 0_usize..100) {
        let items: String = (0..5).map(|n| format!("<item><title>t{n}</title><link>/n/{n}</link></item>")).collect();
        let whole = rss(&items);
        let end = whole.floor_char_boundary(whole.len() * at / 100);
        let cut = whole.get(..end).unwrap();
        let count = cut.matches("</item>").count();
        if let Ok((_, found)) = read_bytes(cut.as_bytes(), None) {
            prop_assert!(found.len() == count || found.len() == count + 1);
        }
    }
}
