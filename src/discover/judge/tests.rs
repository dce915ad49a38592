use super::*;
use crate::domain::Identity;

fn judged(url: &str, anchor: &str) -> i32 {
    score(
        &CanonicalUrl::parse(url, Identity::default()).unwrap(),
        anchor,
    )
}

#[test]
fn all_patterns_compile() {
    assert!(PATTERNS.is_some());
}

#[test]
fn addresses_of_articles_are_known_without_their_anchor() {
    for path in [
        "/news/view/2335742",
        "/news/articleView.html?idxno=670006",
        "/view/?id=NISX20260907_0003779780",
        "/view/AKR20260907123456789",
        "/economy/tech/6102133",
        "/politics/2026/03/02/timetable-temporary-census-200009.html",
        "/politik/disputed-timetable-vaccine-trial-200009/",
        "/economy/tech_it/2026/01/06/ABCDEFGHIJKLMNOPQRSTUVWXYZ/",
        "/news/Economy/article/all/20260227/133433525/2",
        "/arti/society/labor/1234567.html",
        "/News/Read?newsId=02482966645485984&mediaCodeNo=257",
        "/news/20260223/the-city-opens-a-bridge",
        "/sections/health/2024/03/05/1234567/why-the-river-rises-every-spring",
        "/world/why-the-river-rises-every-single-spring",
        "/2024/03/05/bridge",
        "/_ln/0103_202603161144318667",
        "/comment/opinion/article/3046526/why-the-river-rises",
        "/why-the-river-rises-every-single-spring/DHCHJTT5TNETPCHC",
    ] {
        let score = judged(&format!("https://www.e.kr{path}"), "");
        assert!(score >= ARTICLE, "{path}: {score}");
    }
}

#[test]
fn other_addresses_are_not_taken_for_articles() {
    let headline = "A headline that is long enough to be one";
    for path in [
        "/",
        "/world/",
        "/list.html?sec=politics&page=1",
        "/news/articleList.html?sc_section_code=S1N1&view_type=sm",
        "/news/section/subsection?MID=1200&page=2",
        "/news/flashnews/",
        "/tag/world-0",
        "/tag/the-long-way-to-the-new-bridge",
        "/author/1234567",
        "/print/200009",
        "/calendar/2026/03/05/events-of-the-day-100009",
        "/search?q=1234567",
        "/member/login?next=/news/view/2335742",
        "/2024/03/05/",
        "/2024/03",
        "/sitemap/articles/2024/20240305",
        "/company/about",
        "/img/2024/03/05/photo-of-the-new-bridge-123456.jpg",
        "/privacy-policy",
        "/rss/all.xml",
        "/news/view/2335742/comments",
        "/news/view/2335742?preview=1",
    ] {
        let score = judged(&format!("https://www.e.kr{path}"), headline);
        assert!(score < ARTICLE, "{path}: {score}");
    }
    assert!(judged("https://www.e.kr/archive/why-the-river?p=21", "2") <= LISTING);
}

#[test]
fn headline_raises_and_page_number_lowers() {
    let url = "https://www.e.kr/world/the-new-bridge";
    assert!(judged(url, "새 다리가 다음 달 개통된다") > judged(url, "더보기"));
    assert!(judged(url, "3") < judged(url, ""));
}
