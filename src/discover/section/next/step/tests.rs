use super::*;

fn url(path: &str) -> Url {
    Url::parse("https://e.example").unwrap().join(path).unwrap()
}

#[test]
fn further_pages_are_known_by_their_number() {
    for (own, to, number, is_named) in [
        ("/economy", "/economy?page=2", 2, true),
        ("/economy?page=1", "/economy?page=2", 2, true),
        ("/economy?page=9", "/economy?page=10", 10, true),
        ("/list.html?sec=7", "/list.html?page=2&sec=7", 2, true),
        (
            "/articleList.html?sc_section_code=S1N1&view_type=sm",
            "/articleList.html?box_idxno=&page=2&sc_section_code=S1N1&total=81&view_type=sm",
            2,
            true,
        ),
        ("/economy/", "/economy/page/2/", 2, true),
        ("/economy/page/2/", "/economy/page/3/", 3, true),
        ("/", "/page/2", 2, true),
        ("/economy", "/economy/p2", 2, true),
        ("/economy/", "/economy/page-2.html", 2, true),
        ("/section.html", "/section/2.html", 2, false),
        ("/section/1.html", "/section/2.html", 2, false),
        ("/section/", "/section/2", 2, false),
        ("/index.html", "/index_2.html", 2, true),
        ("/sports/", "/sports/index_2.html", 2, true),
        ("/sports/index_2.html", "/sports/index_3.html", 3, false),
        ("/list.html", "/list_2.html", 2, true),
        ("/economy.html", "/economy-2.html", 2, false),
        ("/2026/11/", "/2026/11/page/2/", 2, true),
        ("/2026/11/page/2/", "/2026/11/page/3/", 3, true),
        ("/list?no=4", "/list?no=5", 5, false),
    ] {
        let step = step(&url(own), &url(to)).unwrap_or_else(|| panic!("{own} -> {to}"));
        assert_eq!((step.number, step.is_named), (number, is_named), "{to}");
        assert_eq!(step.unit, Unit::Pages, "{to}");
    }
    let unit = |own, to| step(&url(own), &url(to)).map(|step| (step.unit, step.number));
    assert_eq!(unit("/a", "/a?start=20"), Some((Unit::Entries, 20)));
    assert_eq!(
        unit("/a?start=20", "/a?start=40"),
        Some((Unit::Entries, 40))
    );
    assert_eq!(
        unit("/news", "/news?page=1"),
        Some((Unit::PagesFromZero, 1))
    );
}

#[test]
fn other_addresses_lead_nowhere_on() {
    for (own, to) in [
        ("/economy", "/economy"),
        ("/economy", "/economy?page=3"),
        ("/economy?page=3", "/economy?page=2"),
        ("/economy?page=3", "/economy?page=3"),
        ("/economy?page=3", "/economy"),
        ("/economy", "/sports?page=2"),
        ("/list?sec=7", "/list?page=2"),
        ("/list?sec=7", "/list?page=2&sec=8"),
        ("/list?sec=7", "/list?sec=8&sort=new"),
        ("/2026/11/26/", "/2026/11/27/"),
        ("/archive/2026/", "/archive/2027/"),
        ("/list?date=20261126", "/list?date=20261127"),
        ("/list?day=26", "/list?day=27"),
        ("/list?id=1234567", "/list?id=1234568"),
        ("/news/view/1234567", "/news/view/1234568"),
        ("/economy", "/economy/23"),
        ("/economy", "/economy/web2"),
        ("/economy", "/economy2"),
        ("/a?start=40", "/a?start=20"),
    ] {
        assert_eq!(step(&url(own), &url(to)), None, "{own} -> {to}");
    }
}

#[test]
fn number_of_a_page_stands_in_query_or_path() {
    for (at, expected) in [
        ("/a?page=3", Some(3)),
        ("/a/page/12/", Some(12)),
        ("/a/3", None),
        ("/a/index_2.html", None),
        ("/a?id=3", None),
    ] {
        assert_eq!(page_number(&url(at)), expected, "{at}");
    }
}
