use super::*;
use crate::markup::parse_html;

fn next(at: &str, page: &str) -> Option<String> {
    let own = Url::parse(&format!("https://www.saesol.example{at}")).unwrap();
    let html = parse_html(page).unwrap();
    let next = next_page(&html, &own, &own)?;
    let next = next.as_str().strip_prefix("https://www.saesol.example");
    Some(next.expect("the page's own host").to_owned())
}

#[test]
fn next_page_is_found_in_the_usual_forms() {
    for (at, page, expected) in [
        ("/eco", "<link rel=next href='/eco?page=2'>", "/eco?page=2"),
        ("/eco", "<a rel='nofollow next' href='?cursor=abc'>more</a>", "/eco?cursor=abc"),
        ("/eco", "<a href='?page=1'>1</a><a href='?page=2'>2</a><a href='?page=3'>3</a>", "/eco?page=2"),
        ("/eco?page=2", "<a href='?page=1'>1</a><a href='?page=3'>3</a><a href='?page=4'>4</a>", "/eco?page=3"),
        ("/list?s=7", "<a href='/list?s=7&amp;page=2'>2</a>", "/list?page=2&s=7"),
        ("/eco/", "<a href='/eco/page/2/'>Older posts</a>", "/eco/page/2/"),
        ("/eco/page/2/", "<a href='/eco/'>1</a><a href='/eco/page/3/'>3</a>", "/eco/page/3/"),
        ("/eco/", "<a href=/eco/2.html>2</a><a href=/eco/3.html>3</a>", "/eco/2.html"),
        ("/eco/index.html", "<a href=index_2.html>2</a>", "/eco/index_2.html"),
        ("/eco", "<a href='?start=60'>4</a><a href='?start=20'>2</a><a href='?start=40'>3</a>", "/eco?start=20"),
        ("/eco?start=20", "<a href='?start=0'>1</a><a href='?start=40'>3</a>", "/eco?start=40"),
        ("/eco", "<a href='/eco?page=1'>2</a><a href='/eco?page=2'>3</a>", "/eco?page=1"),
        (
            "/news/articleList.html?sc_section_code=S1N1&view_type=sm",
            "<ul class=pagination><li><a href='/news/articleList.html?page=2&total=912&box_idxno=&sc_section_code=S1N1&view_type=sm'>2</a></li>
             <li><a href='/news/articleList.html?page=3&total=912&box_idxno=&sc_section_code=S1N1&view_type=sm'>3</a></li></ul>",
            "/news/articleList.html?box_idxno=&page=2&sc_section_code=S1N1&total=912&view_type=sm",
        ),
        ("/eco", "<a href='/eco/2'>다음 ›</a>", "/eco/2"),
        ("/eco", "<a href='/eco/2' title='次のページ'><img src=n.png></a>", "/eco/2"),
        ("/eco", "<a href='/eco/2'>下一页</a>", "/eco/2"),
        ("/eco", "<a href='javascript:;' data-url='/eco?page=2'>2</a>", "/eco?page=2"),
        (
            "/eco",
            "<div class='list_paging'><a href='/list.php?sec=9&page=1'>1</a><a href='/list.php?sec=9&page=2'>2</a></div>",
            "/list.php?page=2&sec=9",
        ),
        // What says so itself goes before a bar.
        ("/eco", "<a href='?page=2'>2</a><link rel=next href='/eco?p=2'>", "/eco?p=2"),
        // The plainest of several goes first.
        ("/eco", "<a href='?page=2&sort=old'>2</a><a href='?page=2'>2</a>", "/eco?page=2"),
    ] {
        assert_eq!(next(at, page).as_deref(), Some(expected), "{at} {page}");
    }
}

#[test]
fn what_only_looks_like_a_next_page_is_none() {
    for (at, page) in [
        ("/eco", "<a href='/eco'>1</a>"),
        (
            "/eco?page=2",
            "<a href='/eco?page=1'>1</a><a href='/eco?page=2'>2</a>",
        ),
        (
            "/eco",
            "<link rel=next href='https://elsewhere.example/eco?page=2'>",
        ),
        (
            "/eco",
            "<a rel=next href='https://m.saesol.example/eco?page=2'>2</a>",
        ),
        ("/eco", "<link rel=next href='/eco#2'>"),
        ("/2026/11/26/", "<a rel=next href='/2026/11/27/'>next</a>"),
        (
            "/events?month=11",
            "<a href='/events?month=12'>12</a><a rel=next href='/calendar/2026/12'>&gt;</a>",
        ),
        ("/eco", "<a rel=next href='/news/view/1234567'>다음</a>"),
        ("/eco", "<a href='/eco/2'>The bridge of the two towns</a>"),
        ("/sec?no=4", "<a href='/sec?no=5'>Sports</a>"),
        ("/eco", "<a href='/list.php?page=2'>2</a>"),
        ("/eco", "<a href='/eco?page=1'>1</a>"),
        ("/eco", "<a rel=next href='/search?q=1&page=2'>2</a>"),
        ("/eco", ""),
    ] {
        assert_eq!(next(at, page), None, "{at} {page}");
    }
}

#[test]
fn next_page_of_a_listing_stands_under_the_base_of_its_page() {
    let own = Url::parse("https://www.saesol.example/eco/").unwrap();
    let html =
        parse_html("<base href=/sub/><a href='/eco/page/2'>2</a><a rel=next href=more>x</a>");
    let listing = super::super::section(
        &html.unwrap(),
        &own,
        &super::super::tests::source(),
        &crate::discover::AddressMemory::default(),
    );
    let next = listing.next.unwrap();
    assert_eq!(next.as_str(), "https://www.saesol.example/sub/more");
}
