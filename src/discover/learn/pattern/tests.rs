use super::*;
use crate::domain::Identity;

fn urls(paths: &[&str]) -> Vec<CanonicalUrl> {
    let url = |path: &&str| {
        CanonicalUrl::parse(&format!("https://www.e.example{path}"), Identity::default())
    };
    paths.iter().map(url).map(Result::unwrap).collect()
}

/// Paths of articles, the expression, and paths of the same site that it must not match.
const SCHEMES: [(&[&str], &str, &[&str]); 19] = [
    (
        &[
            "/news/view/2335742",
            "/news/view/2335743",
            "/news/view/2340001",
        ],
        r"/news/view/\d+",
        &[
            "/news/list/2335742",
            "/news/view/",
            "/news/section/subsection?MID=1200",
        ],
    ),
    (
        &[
            "/news/articleView.html?idxno=670006",
            "/news/articleView.html?idxno=670007",
            "/news/articleView.html?idxno=12&idxno=670008",
        ],
        r"/news/articleView\.html\?(?:.*&)?idxno=\d+",
        &[
            "/news/articleList.html?sc_section_code=S1N1",
            "/news/articleView.html",
        ],
    ),
    (
        &[
            "/view/?id=NISX20260907_0003779780",
            "/view/?id=NISX20260907_0003779781",
            "/view/?id=NISI20260908_0003779790",
        ],
        r"/view/\?(?:.*&)?id=[0-9A-Za-z_-]+",
        &["/view/", "/list/?cid=10100"],
    ),
    (
        &[
            "/view/AKR20260907123456789",
            "/view/AKR20260907123456780",
            "/view/AKR20260908000100001",
        ],
        "/view/[0-9A-Za-z]+/?$",
        &["/economy/all", "/view/"],
    ),
    (
        &[
            "/politics/2026/03/02/timetable-temporary-census-200009.html",
            "/world/2026/03/02/why-the-river-rises-200010.html",
            "/world/2026/03/01/the-new-bridge-200011.html",
        ],
        r"^https?://[^/]+/[^/?]+/\d{4}/\d{2}/\d{2}/[^/?]+[-_]\d+\.html",
        &["/politics/", "/politics/2026/03/02/"],
    ),
    (
        &[
            "/politik/disputed-timetable-vaccine-trial-200009/",
            "/welt/why-the-river-rises-200010/",
            "/welt/the-new-bridge-200011/",
        ],
        r"^https?://[^/]+/[^/?]+/[^/?]+[-_]\d+/$",
        &["/politik/", "/politik/page/2/"],
    ),
    (
        &[
            "/2026/03/05/the-new-bridge-opens/",
            "/2026/03/06/why-the-river-rises/",
            "/2026/03/07/a-town-votes-again/",
        ],
        r"^https?://[^/]+/\d{4}/\d{2}/\d{2}/[^/?]+/$",
        &["/2026/03/05/", "/2026/03/", "/about/"],
    ),
    (
        &[
            "/2026/3/5/the-new-bridge-opens",
            "/2026/3/16/why-the-river-rises",
            "/2026/11/7/a-town-votes-again",
        ],
        r"^https?://[^/]+/\d{4}/\d{1,2}/\d{1,2}/[^/?]+/?$",
        &["/2026/3/5", "/about"],
    ),
    (
        &[
            "/article/why-the-river-rises-200010",
            "/article/the-new-bridge-200011",
            "/article/bridge-200012",
        ],
        r"/article/[^/?]+[-_]\d+/?$",
        &["/article/", "/tag/bridge"],
    ),
    (
        &[
            "/articles/economy/200009.html",
            "/articles/world/200010.html",
            "/articles/world/200011.html",
        ],
        r"/articles/[^/?]+/\d+\.html",
        &["/articles/economy/", "/economy/200009.html"],
    ),
    (
        &[
            "/economy/tech/6102133",
            "/economy/finance/6102134",
            "/world/asia/6102135",
        ],
        r"^https?://[^/]+/[^/?]+/[^/?]+/\d+",
        &["/economy/tech", "/economy/tech/latest"],
    ),
    (
        &[
            "/arti/society/labor/1234567.html",
            "/arti/economy/finance/1234568.html",
            "/arti/sports/ball/1234569.html",
        ],
        r"/arti/[^/?]+/[^/?]+/\d+\.html",
        &["/arti/society", "/arti/society/home01.html"],
    ),
    (
        &[
            "/News/Read?newsId=02482966645485984&mediaCodeNo=257",
            "/News/Read?newsId=02482966645485985&mediaCodeNo=257",
            "/News/Read?newsId=02482966645485986",
        ],
        r"/News/Read\?(?:.*&)?newsId=\d+",
        &["/News/List?page=2", "/News/Read"],
    ),
    (
        &[
            "/news/20260223/the-city-opens-a-bridge",
            "/news/20260224/the-river-rises-again",
            "/news/20260225/a-town-votes-again",
        ],
        r"/news/\d{8}/[^/?]+/?$",
        &["/news/20260223", "/news/latest"],
    ),
    (
        &[
            "/world/12345-the-city-opens-a-bridge",
            "/world/12346-the-river-rises",
            "/sports/12347-a-final-is-lost",
        ],
        r"^https?://[^/]+/[^/?]+/\d+[-_][^/?]+/?$",
        &["/world/", "/world/all-of-it"],
    ),
    (
        &[
            "/_ln/0103_202603161144318667",
            "/_ln/0103_202603161144318668",
            "/_ln/0104_202603161144318669",
        ],
        "/_ln/[0-9A-Za-z_-]+/?$",
        &["/_ln/", "/_ll/0103"],
    ),
    (
        &[
            "/news/550e8400-e29b-41d4-a716-446655440000",
            "/news/550e8400-e29b-41d4-a716-446655440001",
            "/news/650e8400-e29b-41d4-a716-446655440000",
        ],
        "/news/[0-9A-Za-z_-]+/?$",
        &["/news/", "/tag/550e8400-e29b-41d4-a716-446655440000/all"],
    ),
    (
        &["/?p=12345", "/?p=12346", "/?p=12347"],
        r"^https?://[^/]+/\?(?:.*&)?p=\d+",
        &["/", "/?cat=5"],
    ),
    (
        &[
            "/world/why-the-river-rises-every-spring",
            "/world/the-new-bridge-opens",
            "/world/a-town-votes-again",
        ],
        r"/world/[^/?]+/?$",
        &["/world/", "/sports/"],
    ),
];

#[test]
fn pattern_covers_the_articles_and_leaves_the_rest_of_the_site() {
    for (articles, expected, others) in SCHEMES {
        let (pattern, share) =
            pattern_of(&urls(articles)).unwrap_or_else(|| panic!("{articles:?}"));
        assert_eq!((pattern.as_str(), share), (expected, 1.0), "{articles:?}");
        let pattern = Regex::new(&pattern).unwrap();
        for other in urls(others) {
            assert!(
                !pattern.is_match(other.as_str()),
                "{expected} matches {other}"
            );
        }
    }
}

#[test]
fn exceptions_are_left_out_and_two_schemes_are_joined() {
    let of = |n: u32| match n % 20 {
        0 => "/about".to_owned(),
        1..=6 => format!("/photo/view/90{n:04}"),
        _ => format!("/news/articleView.html?idxno=67{n:04}"),
    };
    let paths: Vec<String> = (0..60).map(of).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let (pattern, share) = pattern_of(&urls(&paths)).unwrap();
    let expected = r"/news/articleView\.html\?(?:.*&)?idxno=\d+|/photo/view/\d+";
    assert_eq!(pattern, expected);
    assert!((share - 0.95).abs() < 1e-9, "{share}");
}

#[test]
fn addresses_without_anything_of_their_own_give_no_pattern() {
    for paths in [
        &["/economy/", "/world/", "/sports/"][..],
        &["/world/asia", "/sports/ball", "/economy/money"],
        &["/2026/03/05/", "/2026/03/06/", "/2026/03/07/"],
        &["/news/view/2335742", "/news/view/2335743"],
        &[],
    ] {
        assert_eq!(pattern_of(&urls(paths)), None, "{paths:?}");
    }
}
