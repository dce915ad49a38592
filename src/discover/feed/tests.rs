use super::*;
use crate::domain::{Identity, SourceName};
use proptest::prelude::*;

fn source() -> Source {
    let home = CanonicalUrl::parse("https://www.saesol.example/", Identity::default()).unwrap();
    let mut source = Source::new(SourceName::new("saesol").unwrap(), home);
    source.timezone = Some(chrono_tz::Tz::Asia__Seoul);
    source
}

fn read_bytes(body: &[u8], content_type: Option<&str>) -> Result<Listing, DiscoverError> {
    let base = Url::parse("https://www.saesol.example/rss/all.xml").unwrap();
    feed(body, content_type, &base, &source())
}

fn read(body: &str) -> Listing {
    read_bytes(body.as_bytes(), None).unwrap()
}

fn paths(listing: &Listing) -> Vec<String> {
    let urls = listing
        .articles
        .iter()
        .map(|candidate| candidate.url.as_url());
    urls.map(|url| url[url::Position::BeforePath..].to_owned())
        .collect()
}

fn rss(items: &str) -> String {
    format!(
        "<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>{items}</channel></rss>"
    )
}

#[test]
fn rss_items_become_candidates_once_each() {
    let listing = read(&rss(
        "<item><title><![CDATA[새 다리 &amp; <b>강</b>]]></title><link>/news/1?utm_source=rss</link>
           <pubDate>Tue, 05 Mar 2024 09:20:00 KST</pubDate></item>
         <item><title>again</title><link>https://www.saesol.example/news/1#top</link></item>
         <item><title>no date</title><link>https://other.example/2</link></item>
         <item><title>zone of the source</title><guid>https://www.saesol.example/news/3</guid>
           <pubDate>2024-03-05 09:20:00</pubDate></item>
         <item><title>no address</title><guid isPermaLink='false'>7</guid></item>
         <item><title>home</title><link>https://www.saesol.example</link></item>",
    ));
    assert_eq!(paths(&listing), ["/news/1", "/2", "/news/3"]);
    assert_eq!(listing.articles[0].title.as_deref(), Some("새 다리 & 강"));
    let expected = "2024-03-05T00:20:00Z".parse().ok();
    assert_eq!(listing.articles[0].published, expected);
    assert_eq!(listing.articles[2].published, expected);
    assert_eq!(
        (listing.articles[1].published, listing.articles[1].modified),
        (None, None)
    );
    assert_eq!((listing.format, listing.warnings.len()), (Format::Rss, 0));
}

#[test]
fn atom_and_json_feed_are_read() {
    let atom = read(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><entry><title>a</title>
         <link rel='edit' href='/edit/1'/><link rel='alternate' href='/news/1'/><id>tag:1</id>
         <published>2024-03-05T09:20:00+09:00</published><updated>2024-03-05T10:20:00+09:00</updated>
         </entry></feed>",
    );
    assert_eq!(
        (atom.format, paths(&atom)),
        (Format::Atom, vec!["/news/1".to_owned()])
    );
    assert!(atom.articles[0].modified > atom.articles[0].published);
    let json = read(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[
            {"id":"1","url":"https://www.saesol.example/news/1","title":"a","content_text":"b",
             "date_published":"2024-03-05T09:20:00+09:00"}]}"#,
    );
    assert_eq!(
        (json.format, paths(&json)),
        (Format::JsonFeed, vec!["/news/1".to_owned()])
    );
}

#[test]
fn broken_feeds_give_their_good_items() {
    let good = "<item><title>Q&A & more &nbsp; 1 < 2</title><link>/news/1?a=1&b=2</link></item>";
    for (case, body) in [
        ("bare ampersand", rss(good)),
        (
            "control character",
            rss(good).replace("more", "mo\u{8}re\u{0}"),
        ),
        (
            "cut",
            format!(
                "{}<item><title>cut<",
                rss(good).replace("</channel></rss>", "")
            ),
        ),
        ("no version", rss(good).replace(" version='2.0'", "")),
        ("junk before", format!("\n\nWarning: x\n{}", rss(good))),
        (
            "bad item",
            rss(&format!("<item><title><b>x</i></title></item>{good}")),
        ),
    ] {
        let listing = read(&body);
        assert_eq!(paths(&listing), ["/news/1?a=1&b=2"], "{case}");
        let title = listing.articles[0].title.clone().unwrap();
        assert!(
            title.starts_with("Q&A & more") && title.ends_with("1 < 2"),
            "{case}: {title}"
        );
        assert_eq!(listing.warnings.len(), 1, "{case}: {:?}", listing.warnings);
    }
}

#[test]
fn wrong_charset_label_does_not_spoil_titles() {
    let item = "<item><title>하늘내 강변에 무인 전차가 다닌다</title><link>/1</link></item>";
    for (label, content_type) in [
        ("euc-kr", None),
        ("utf-8", Some("text/xml; charset=euc-kr")),
    ] {
        let body = rss(item).replace("?>", &format!(" encoding='{label}'?>"));
        let listing = read_bytes(body.as_bytes(), content_type).unwrap();
        let title = listing.articles[0].title.as_deref();
        assert_eq!(title, Some("하늘내 강변에 무인 전차가 다닌다"), "{label}");
    }
}

#[test]
fn what_is_no_feed_is_an_error() {
    let page = "<!DOCTYPE html><html><body>moved</body></html>";
    for (body, is_page) in [
        (page, true),
        ("<html lang=ko>", true),
        ("", false),
        ("<x/>", false),
    ] {
        let error = read_bytes(body.as_bytes(), Some("text/xml")).unwrap_err();
        assert_eq!(
            matches!(error, DiscoverError::WebPage { .. }),
            is_page,
            "{body}: {error}"
        );
    }
}

#[test]
fn deep_nesting_is_survived() {
    let deep = "<x>".repeat(50_000);
    let _ = read_bytes(rss(&format!("<item>{deep}")).as_bytes(), None);
    let json = format!(
        "{{\"version\":\"https://jsonfeed.org/version/1\",\"items\":{}",
        "[".repeat(50_000)
    );
    assert!(read_bytes(json.as_bytes(), None).is_err());
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
        text in "(<item>|</item>|<link>|</link>|<title>|<entry>|&|<|>|;|]]>|<!\\[CDATA\\[|/n/1|가){0,40}",
    ) {
        let _ = read_bytes(rss(&text).as_bytes(), None);
        let _ = read_bytes(text.as_bytes(), None);
    }
}
