use super::*;
use crate::extract::{Extraction, Input, page};
use crate::markup::parse_html;

fn read(text: &str, url: &str) -> Extraction {
    let html = parse_html(text).unwrap();
    let url = Url::parse(url).unwrap();
    page(&Input {
        url: Some(&url),
        ..Input::of(&html, "2026-11-23T00:00:00Z".parse().unwrap())
    })
}

fn titled(title: &str, body: &str) -> String {
    format!("<title>{title}</title><body><main><h1>{title}</h1>{body}</main></body>")
}

/// Title, first line and what they amount to.
const BARRIERS: &[(&str, &str, Reason)] = &[
    (
        "Just a moment...",
        "Checking your browser before you go on.",
        Reason::Challenge,
    ),
    (
        "Attention Required!",
        "Please complete the check to reach the page.",
        Reason::Challenge,
    ),
    (
        "접속이 차단되었습니다",
        "보안 정책에 의해 요청이 거부되었습니다. 관리자에게 문의하십시오.",
        Reason::Challenge,
    ),
    (
        "안내",
        "비정상적인 접근이 감지되었습니다. 잠시 뒤에 다시 시도해 주십시오.",
        Reason::Challenge,
    ),
    (
        "安全验证",
        "请完成下面的验证后继续访问本站的内容。",
        Reason::Challenge,
    ),
    (
        "Zugriff verweigert",
        "Ihre Anfrage wurde vom Schutz dieser Seite abgelehnt.",
        Reason::Challenge,
    ),
    (
        "Доступ ограничен",
        "Запрос отклонён системой защиты этого сайта.",
        Reason::Challenge,
    ),
    (
        "Before you continue",
        "We and our partners store data on your device to show you ads.",
        Reason::Consent,
    ),
    (
        "Datenschutzeinstellungen",
        "Wir und unsere Partner speichern Daten auf Ihrem Gerät.",
        Reason::Consent,
    ),
    (
        "Votre vie privée",
        "Nous et nos partenaires conservons des données sur votre appareil.",
        Reason::Consent,
    ),
    (
        "Log in - The Alder Post",
        "Enter your name and password to go on reading with us.",
        Reason::Login,
    ),
    (
        "Anmelden",
        "Bitte geben Sie Ihre E-Mail-Adresse und Ihr Kennwort ein.",
        Reason::Login,
    ),
    (
        "로그인 - 누리신문",
        "회원 아이디와 비밀번호를 입력하고 계속 읽으십시오.",
        Reason::Login,
    ),
    (
        "会員ログイン",
        "続きを読むには会員番号とパスワードを入力してください。",
        Reason::Login,
    ),
    (
        "Page not found",
        "We looked everywhere and it is gone. Try the front page.",
        Reason::SoftNotFound,
    ),
    (
        "Oops",
        "This story is no longer available. It may have been withdrawn.",
        Reason::SoftNotFound,
    ),
    (
        "Hinweis",
        "Der gesuchte Artikel wurde nicht gefunden, vielleicht ist er alt.",
        Reason::SoftNotFound,
    ),
    (
        "Page introuvable",
        "La page que vous cherchez a été déplacée ou retirée.",
        Reason::SoftNotFound,
    ),
    (
        "Página no encontrada",
        "La dirección que busca ya no está en nuestro sitio.",
        Reason::SoftNotFound,
    ),
    (
        "Pagina non trovata",
        "L'indirizzo richiesto non si trova più su questo sito.",
        Reason::SoftNotFound,
    ),
    (
        "Strony nie znaleziono",
        "Adres jest błędny albo artykuł został usunięty z serwisu.",
        Reason::SoftNotFound,
    ),
    (
        "오류",
        "삭제된 기사이거나 주소가 바뀌었습니다. 첫 화면으로 이동하십시오.",
        Reason::SoftNotFound,
    ),
    (
        "お知らせ",
        "お探しの記事は掲載を終えたか、移動した可能性があります。",
        Reason::SoftNotFound,
    ),
    (
        "提示",
        "您访问的页面不存在，可能已被移走，请返回首页查看。",
        Reason::SoftNotFound,
    ),
    (
        "Ошибка",
        "Такая страница не существует или была удалена редакцией.",
        Reason::SoftNotFound,
    ),
];

#[test]
fn barriers_and_errors_are_refused_in_many_languages() {
    for (title, text, expected) in BARRIERS {
        let found = read(
            &titled(title, &format!("<p>{text}</p>")),
            "https://a.example/n/7",
        );
        assert_eq!(
            found.reason,
            Some(expected.clone()),
            "{title}: {:?}",
            found.article.body
        );
        assert_eq!(found.kind, PageKind::Other);
    }
}

#[test]
fn pages_that_name_what_they_are_are_believed() {
    let lines = "<p>A sturdy kettle of enamelled steel for stoves of every kind, with a handle of beech wood.</p>\
                 <p>It holds a litre and a half, whistles when it boils, and is mended for free for ten years.</p>";
    let data = |json: &str| format!("<script type='application/ld+json'>{json}</script>{lines}");
    for (body, url, expected) in [
        (
            data("{\"@type\":\"Product\",\"name\":\"Kettle\",\"offers\":{\"price\":\"40\"}}"),
            "https://a.example/k/7",
            Reason::Product,
        ),
        (
            format!("<meta property='og:type' content='product.item'>{lines}"),
            "https://a.example/k/8",
            Reason::Product,
        ),
        (
            data("{\"@type\":\"JobPosting\",\"title\":\"Editor\"}"),
            "https://a.example/j/7",
            Reason::Job,
        ),
        (
            data("{\"@type\":\"SearchResultsPage\"}"),
            "https://a.example/x",
            Reason::Search,
        ),
        (
            lines.to_owned(),
            "https://a.example/suche?q=kessel",
            Reason::Search,
        ),
        (
            lines.to_owned(),
            "https://a.example/news/search.php?keyword=7",
            Reason::Search,
        ),
        (
            data("{\"@type\":\"ProfilePage\"}"),
            "https://a.example/people/maya-lind",
            Reason::Profile,
        ),
        (
            format!("<meta property='og:type' content='profile'>{lines}"),
            "https://a.example/autor/7",
            Reason::Profile,
        ),
        (
            data("{\"@type\":\"CollectionPage\"}"),
            "https://a.example/tag/kettles",
            Reason::Section,
        ),
        (lines.to_owned(), "https://a.example/", Reason::Section),
    ] {
        let found = read(&titled("Kettle", &body), url);
        assert_eq!(found.reason, Some(expected), "{url}");
    }
}

#[test]
fn pictures_and_players_without_text_are_no_articles() {
    let pictures: String = (1..7)
        .map(|n| format!("<figure><img src='/p/2024050{n}.jpg'><figcaption>The harbour, view {n}</figcaption></figure>"))
        .collect();
    let gallery =
        format!("<p>The harbour through the year, seen from the old tower.</p>{pictures}");
    let video = "<video src=/v/7.mp4></video><p>Watch the ferry leave the harbour at night.</p>";
    for (body, expected) in [(gallery.as_str(), Reason::Gallery), (video, Reason::Video)] {
        let found = read(&titled("The harbour", body), "https://a.example/g/7");
        assert_eq!(
            found.reason,
            Some(expected),
            "{:?}",
            found.article.images.len()
        );
    }
}

#[test]
fn articles_that_look_like_something_else_are_kept() {
    let date = "<meta property='article:published_time' content='2024-03-05T08:20:00Z'>";
    let text = "<p>The board said on Tuesday that every page of the old register will be read again by two people.</p>\
                <p>It will take until the autumn, and the names that were not found will be printed in the paper.</p>";
    for (title, extra, url) in [
        ("Page not found: how links rot", "", "https://a.example/n/7"),
        (
            "Access denied to the old quarry",
            "",
            "https://a.example/n/8",
        ),
        (
            "Log in, tune out",
            "<form><input type=password></form>",
            "https://a.example/n/9",
        ),
        (
            "The kettle of the year",
            "<script type='application/ld+json'>{\"@type\":\"Product\",\"offers\":{}}</script><p class=byline>By Maya Lind</p>",
            "https://a.example/n/10",
        ),
        (
            "Ferry seen at night",
            "<video src=/v/7.mp4></video>",
            "https://a.example/n/11",
        ),
        (
            "The search for the register",
            "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"The search for the register\"}</script>",
            "https://a.example/search/n-12?p=1",
        ),
    ] {
        let found = read(&titled(title, &format!("{date}{extra}{text}")), url);
        assert_eq!(found.kind, PageKind::Article, "{title}: {:?}", found.reason);
    }
}

#[test]
fn teaser_before_a_paywall_is_an_article() {
    let text = titled(
        "옛 항구에 밤배가 다시 뜬다",
        "<meta property='article:published_time' content='2024-03-05T08:20:00+09:00'>\
         <meta property='article:content_tier' content='locked'>\
         <p>가람시 옛 항구에서 밤배가 열두 해 만에 다시 뜬다고 항만위원회가 5일 밝혔다.</p>\
         <div class=paywall>이 기사는 구독자 전용입니다.</div>",
    );
    let found = read(&text, "https://nuri.example/v/7");
    assert_eq!(found.kind, PageKind::Article);
    assert_eq!(found.article.paywalled, Some(true));
}

#[test]
fn confidence_grows_with_signs_and_text_and_falls_with_headlines() {
    let order = [
        confidence(0, 500, TEASERS),
        confidence(0, 500, 0),
        confidence(1, 500, 0),
        confidence(2, FULL_TEXT, 0),
        confidence(3, FULL_TEXT, TEASERS),
    ];
    assert!(order.is_sorted_by(|a, b| a < b), "{order:?}");
    assert!((confidence(5, FULL_TEXT, 0) - 0.95).abs() < 0.001);
}

#[test]
fn reasons_read_as_the_error_column_wants_them() {
    assert_eq!(Reason::NeedsScript.to_string(), "needs_script");
    let target = Url::parse("https://a.kr/1").unwrap();
    assert_eq!(
        Reason::Redirect(target).to_string(),
        "redirect stub to https://a.kr/1"
    );
}
