use super::*;
use crate::domain::{Identity, Section, SectionKind, SourceName};
use crate::markup::parse_html;
use proptest::prelude::*;

fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text, Identity::default()).unwrap()
}

pub(super) fn source() -> Source {
    let home = url("https://www.saesol.example/");
    let mut source = Source::new(SourceName::new("saesol").unwrap(), home);
    source.sections.push(Section {
        kind: SectionKind::Page,
        url: url("https://www.saesol.example/economy/list-of-20240305"),
    });
    source
}

fn read(page: &str, source: &Source) -> Listing {
    let base = Url::parse("https://www.saesol.example/economy/").unwrap();
    section(
        &parse_html(page).unwrap(),
        &base,
        source,
        &AddressMemory::default(),
    )
}

fn urls(listing: &Listing) -> Vec<&str> {
    let urls = listing
        .articles
        .iter()
        .map(|candidate| candidate.url.as_str());
    urls.map(|url| url.trim_start_matches("https://www.saesol.example"))
        .collect()
}

#[test]
fn each_article_comes_once_in_the_order_of_the_page() {
    let listing = read(
        "<nav><a href=/economy/>경제</a><a href=/tag/bridge-123456>다리</a></nav>
         <a href='/news/view/9000003?utm_source=list'><img></a>
         <a href='/news/view/9000003'>하늘내의 다리 셋을 걷다</a> <a href='/news/view/9000003#none'>1</a>
         <a href='9000002.html'><h3>가온구 도서관 이전</h3><p>가온구 도서관이 6월에 옮긴다.</p></a>
         <a href='/economy/list-of-20240305'>own section</a> <a href='/list?page=2'>2</a>
         <a href='javascript:;'>x</a><a href='mailto:a@b.example'>x</a><a href='/img/1234567.jpg'>x</a>
         <a href='https://elsewhere.example/news/view/7654321'>A story of somebody else</a>
         <a href='https://m.saesol.example/news/view/9000001'>mobile</a>
         <footer><a href='/company/about'>About</a></footer>",
        &source(),
    );
    let expected = [
        "/news/view/9000003",
        "/economy/9000002.html",
        "https://m.saesol.example/news/view/9000001",
    ];
    assert_eq!(urls(&listing), expected);
    assert_eq!(
        listing.articles[0].title.as_deref(),
        Some("하늘내의 다리 셋을 걷다")
    );
    assert_eq!(
        listing.articles[1].title.as_deref(),
        Some("가온구 도서관 이전")
    );
    assert_eq!(
        listing.outside,
        [url("https://elsewhere.example/news/view/7654321")]
    );
}

#[test]
fn base_element_moves_relative_links() {
    let page = "<base href='/archive/'><a href='1234567.html'>x</a>";
    assert_eq!(urls(&read(page, &source())), ["/archive/1234567.html"]);
}

#[test]
fn article_pattern_of_the_source_alone_decides() {
    let mut source = source();
    source.article_url = Some(regex::Regex::new("/column/[a-z]+$").unwrap());
    let page =
        "<a href=/column/bridge>x</a><a href=/news/view/9000003>A long and true headline</a>";
    assert_eq!(urls(&read(page, &source)), ["/column/bridge"]);
}

#[test]
fn amp_twin_is_left_out_where_the_plain_page_is_linked() {
    let page = "<a href=/amp/news/view/9000003>x</a><a href=/news/view/9000003>x</a>
                <a href=/news/view/9000004/amp>x</a>";
    assert_eq!(
        urls(&read(page, &source())),
        ["/news/view/9000003", "/news/view/9000004/amp"]
    );
}

#[test]
fn links_tell_what_they_lead_to() {
    let page = "<a href=/>home</a><a href=/tag/x>x</a><a href=/hello>x</a><a href=/n/1234567>x</a>
                <a href=https://e.example/n/1234567>x</a>";
    let base = Url::parse("https://www.saesol.example/").unwrap();
    let links = links(&parse_html(page).unwrap(), &base, &source());
    let verdicts: Vec<_> = links.iter().map(|link| link.verdict).collect();
    assert_eq!(
        verdicts,
        [
            Verdict::Section,
            Verdict::Section,
            Verdict::Other,
            Verdict::Article,
            Verdict::Outside
        ]
    );
}

#[test]
fn addresses_that_scripts_open_are_links() {
    let listing = read(
        "<a href='#' data-href='/news/view/9000001'>x</a><li data-url='/news/view/9000002'>y</li>
         <div onclick=\"location.href='/news/view/9000003'\"><p>z</p></div>
         <a href='javascript:;' onclick='location = \"/news/view/9000004\"'>w</a>
         <p onclick=\"window.open('/news/view/9000005')\">v</p>
         <img data-url='/img/9000006.jpg'><div onclick='open()'>no</div>",
        &source(),
    );
    let expected: Vec<String> = (1..=5).map(|n| format!("/news/view/900000{n}")).collect();
    assert_eq!(urls(&listing), expected);
}

#[test]
fn lists_for_machines_are_links() {
    let listing = read(
        r#"<script type="application/ld+json">{"@type":"ItemList","itemListElement":[
           {"@type":"ListItem","position":1,"url":"/news/view/9000001","name":"A bridge"},
           {"@type":"ListItem","item":{"@type":"NewsArticle","url":"/news/view/9000002","headline":"A road"}},
           {"@type":"ListItem","item":"https://www.saesol.example/news/view/9000003"}]}</script>
           <a href=/news/view/9000001>x</a>"#,
        &source(),
    );
    assert_eq!(
        urls(&listing),
        [
            "/news/view/9000001",
            "/news/view/9000002",
            "/news/view/9000003"
        ]
    );
    assert_eq!(listing.articles[1].title.as_deref(), Some("A road"));
}

#[test]
fn state_of_scripts_gives_the_articles_of_the_host_with_headline_and_date() {
    let listing = read(
        r#"<script id=__NEXT_DATA__ type="application/json">{"props":{"feed":[
             {"title":"The bridge of two towns","url":"/news/view/9000001","publishedAt":"2024-03-05T09:20:00+09:00"},
             {"title":"About us","url":"/company/about"},{"url":"/news/view/9000009"},
             {"title":"A story of somebody else","url":"https://elsewhere.example/news/view/9000008"}]}}</script>
           <script>window.Fusion={};Fusion.globalContent={"content_elements":[
             {"headlines":{"basic":"A road"},"canonical_url":"/news/view/9000002"}]};</script>
           <script type="application/json" id="__NUXT_DATA__">[{"title":1,"link":2},"A river","/news/view/9000003"]</script>
           <script type="application/ld+json">{"@type":"CollectionPage","hasPart":[
             {"@type":"NewsArticle","url":"/news/view/9000004","headline":"A hill","datePublished":"2024-03-05T00:20:00Z"}]}</script>
           <script>var x = {"title":"Not state","url":"/news/view/9000007"}</script>"#,
        &source(),
    );
    let mut found: Vec<_> = listing
        .articles
        .iter()
        .map(|page| {
            (
                page.url.as_url().path(),
                page.title.as_deref().unwrap(),
                page.published,
            )
        })
        .collect();
    found.sort_unstable();
    let date = "2024-03-05T00:20:00Z".parse().ok();
    let expected = [
        ("/news/view/9000001", "The bridge of two towns", date),
        ("/news/view/9000002", "A road", None),
        ("/news/view/9000003", "A river", None),
        ("/news/view/9000004", "A hill", date),
    ];
    assert_eq!(found, expected);
    assert_eq!(listing.outside, []);
}

#[test]
fn what_is_hidden_in_templates_and_from_scripts_is_read() {
    let listing = read(
        "<template><ul><li><a href=/news/view/9000001>x</a></ul></template>
         <noscript><a href='/news/view/9000002'>y</a></noscript>
         <div><noscript><ul><li><a href='/news/view/9000003'><b>z</b></a></ul></noscript></div>
         <noscript><img src=/p.gif></noscript>",
        &source(),
    );
    let expected: Vec<String> = (1..=3).map(|n| format!("/news/view/900000{n}")).collect();
    assert_eq!(urls(&listing), expected);
}

#[test]
fn list_of_headlines_under_alike_addresses_is_one_of_articles() {
    let item = |n: u32, words: &str| format!("<li><a href=/world/bridge{n}>{words}</a></li>");
    let list = |words: &str| (1..=6).map(|n| item(n, words)).collect::<String>();
    let headline = "The two towns have built a bridge";
    assert_eq!(read(&list(headline), &source()).articles.len(), 6);
    assert_eq!(read(&list("Bridges"), &source()).articles.len(), 0);
    let menu = format!("<nav>{}</nav>", list(headline));
    assert_eq!(read(&menu, &source()).articles.len(), 0);
    let few: String = (1..=4).map(|n| item(n, headline)).collect();
    assert_eq!(read(&few, &source()).articles.len(), 0);
    // Lists of tags and writers are lists all the same.
    let tags = list(headline).replace("/world/", "/tag/");
    assert_eq!(read(&tags, &source()).articles.len(), 0);
}

#[test]
fn what_is_known_of_addresses_decides_where_they_tell_nothing() {
    let mut known = AddressMemory::default();
    for n in 4000..4020 {
        for (path, is_article) in [("n", true), ("photo/2026/03/05", false)] {
            let url = url(&format!("https://www.saesol.example/{path}/{n}"));
            let seen = crate::discover::AddressSeen::read(&url, is_article).unwrap();
            known.learn(&seen, DateTime::UNIX_EPOCH);
        }
    }
    let page =
        "<nav><a href=/n/7001>x</a></nav><a href=/n/7002>y</a><a href=/photo/2026/03/06/7003>z</a>
                <a href=/n/7004/print>w</a><a href=/tag/7005>v</a>";
    let html = parse_html(page).unwrap();
    let base = Url::parse("https://www.saesol.example/").unwrap();
    let of = |source: &Source, known: &AddressMemory| -> Vec<String> {
        let listing = section(&html, &base, source, known);
        urls(&listing).into_iter().map(str::to_owned).collect()
    };
    assert_eq!(
        of(&source(), &AddressMemory::default()),
        ["/photo/2026/03/06/7003"]
    );
    assert_eq!(of(&source(), &known), ["/n/7001", "/n/7002"]);
    let mut told = source();
    told.article_url = Some(regex::Regex::new("/photo/").unwrap());
    assert_eq!(of(&told, &known), ["/photo/2026/03/06/7003"]);
}

#[test]
fn traps_are_no_articles_and_say_so() {
    let page = "<a href='/calendar/2026/03/5/the-long-day-of-the-bridge-9000001?sid=17-5'>The long day of the bridge</a>
                <a href='/news/view/9000002?sid=a3f9c27be81d4405a3f9c27be81d4405'>x</a>";
    let base = Url::parse("https://www.saesol.example/").unwrap();
    let links = links(&parse_html(page).unwrap(), &base, &source());
    let found: Vec<_> = links.iter().map(|l| (l.verdict, l.trap)).collect();
    let expected = [
        (Verdict::Other, Some(Trap::Calendar)),
        (Verdict::Article, None),
    ];
    assert_eq!(found, expected);
    assert_eq!(
        links[1].url,
        url("https://www.saesol.example/news/view/9000002")
    );
}

#[test]
fn date_beside_a_link_is_a_hint_and_one_beside_several_is_none() {
    let mut source = source();
    source.timezone = Some(chrono_tz::Tz::Asia__Seoul);
    let listing = read(
        "<ul><li><a href=/news/view/9000001><img></a><a href=/news/view/9000001>x</a><a href=/author/7>k</a>
             <time datetime='2024-03-05T09:20:00+09:00'>today</time></li>
           <li><div><a href=/news/view/9000002>y</a></div><span class=list-date>2024.03.05 09:20</span></li>
           <li><a href=/news/view/9000003>z</a><span class=date>3시간 전</span></li></ul>
         <div><span class=date>2024.03.05</span><a href=/news/view/9000004>v</a><a href=/news/view/9000005>w</a></div>",
        &source,
    );
    let expected = "2024-03-05T00:20:00Z".parse().ok();
    let dates: Vec<_> = listing.articles.iter().map(|page| page.published).collect();
    assert_eq!(dates, [expected, expected, None, None, None]);
}

#[test]
fn candidates_of_a_page_are_bounded() {
    let page: String = (0..3_000)
        .map(|n| format!("<a href=/n/10{n:04}>x</a>"))
        .collect();
    let listing = read(&page, &source());
    assert_eq!(
        (listing.articles.len(), listing.warnings.len()),
        (MAX_CANDIDATES, 1)
    );
}

proptest! {
    #[test]
    fn any_page_is_read(page in "(<a href=|'|\"|/n/1234567|http://|//|:|%|<base href=|>|</a>|<nav>|가){0,40}") {
        read(&page, &source());
    }
}
