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
    section(&parse_html(page).unwrap(), &base, source)
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
         <img data-url='/img/9000005.jpg'><div onclick='open()'>no</div>",
        &source(),
    );
    let expected: Vec<String> = (1..=4).map(|n| format!("/news/view/900000{n}")).collect();
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
