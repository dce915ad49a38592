//! The part of the paper that an article stands in, and the keywords that are about it.

use std::collections::HashSet;

use url::Url;

use super::Sources;
use super::field::Field;
use crate::domain::Trust;
use crate::extract::role::Roles;
use crate::extract::text::{clean, folded, weight};
use crate::markup::json_ld;

/// More keywords are not about the article.
const MAX_TAGS: usize = 30;
/// A longer name is no part of a paper.
const MAX_SECTION: usize = 50;
/// Lists of fewer keywords are somebody's choice.
const SOUP: usize = 5;
/// The weight of a word that tells more than the part of a paper.
const SOUP_WORD: usize = 6;
/// A keyword of more words is a sentence or an advertisement.
const MAX_TAG_WORDS: usize = 7;

/// What the front page and the kinds of texts are called: no part of a paper, whoever says so.
const NO_SECTION: &[&str] = &[
    "home",
    "homepage",
    "startseite",
    "start",
    "accueil",
    "inicio",
    "portada",
    "início",
    "voorpagina",
    "forside",
    "etusivu",
    "główna",
    "hlavnistrana",
    "главная",
    "anasayfa",
    "홈",
    "홈으로",
    "메인",
    "처음",
    "뉴스홈",
    "ホーム",
    "トップ",
    "top",
    "首页",
    "首頁",
    "主页",
    "frontpage",
    "uncategorized",
    "uncategorised",
    "allgemein",
    "sincategoría",
    "nonclassé",
    "geencategorie",
    "미분류",
    "未分类",
    "未分類",
    "all",
    "alle",
    "allnews",
    "allenews",
    "전체",
    "전체기사",
    "전체뉴스",
    "article",
    "articles",
    "artikel",
    "artículo",
    "articolo",
    "newsarticle",
    "기사",
    "기사본문",
    "뉴스본문",
    "상세보기",
    "記事",
    "tags",
    "tag",
    "category",
    "categories",
    "kategorie",
    "detail",
    "details",
    "detailansicht",
    "aktuellerartikel",
    "übersicht",
    "übersichtsseite",
    "default",
    "other",
    "none",
    "null",
    "undefined",
    "na",
];
/// What says hardly more than that it is news: taken only where the page says nothing better.
const WEAK_SECTION: &[&str] = &[
    "news",
    "latest",
    "latestnews",
    "nachrichten",
    "aktuelles",
    "meldungen",
    "actualités",
    "actualité",
    "actu",
    "noticias",
    "notícias",
    "notizie",
    "nieuws",
    "nyheter",
    "nyheder",
    "uutiset",
    "wiadomości",
    "zprávy",
    "новости",
    "haberler",
    "뉴스",
    "최신뉴스",
    "최신기사",
    "ニュース",
    "新闻",
    "新聞",
    "blog",
    "posts",
    "stories",
];

/// The outlet's own word for the part of the paper: what a `meta` or structured data states, else the
/// end of the breadcrumb trail.
pub(super) fn section(page: &Sources<'_>, title: &str) -> Option<Field<String>> {
    let metas = [
        "article:section",
        "og:article:section",
        "section",
        "cxenseparse:category",
        "dable:item_category",
    ];
    let metas = metas.iter().flat_map(|name| page.head.metas_of(name));
    let mut stated: Vec<(&'static str, String)> =
        metas.map(|text| ("meta", text.to_owned())).collect();
    let nodes = page.article.into_iter();
    stated.extend(
        nodes
            .flat_map(|node| json_ld::texts(node, "articleSection"))
            .map(|text| ("json_ld", text)),
    );
    stated.extend(trail(page).into_iter().rev().map(|text| ("json_ld", text)));
    stated.extend(crumbs(page).into_iter().rev().map(|text| ("markup", text)));
    let sites: HashSet<String> = page.site_names().iter().map(|name| folded(name)).collect();
    let headline = folded(title);
    // Trails repeat the headline, at times cut; a word of it may well be a part of the paper.
    let is_headline = |name: &str| {
        name == headline || (headline.starts_with(name) && name.len() * 2 > headline.len())
    };
    let is_address = |text: &str| !text.contains(' ') && text.trim_matches('.').contains('.');
    let words = stated.iter().filter_map(|(strategy, raw)| {
        let text = clean(raw);
        let name = folded(&text);
        let is_word = !name.is_empty()
            && name.chars().any(char::is_alphabetic)
            && text.chars().count() <= MAX_SECTION
            && !is_headline(&name)
            && !is_address(&text)
            && !sites.contains(&name)
            && !NO_SECTION.contains(&name.as_str());
        is_word.then_some((strategy, raw, text, name))
    });
    let words: Vec<_> = words.take(20).collect();
    let strong = words
        .iter()
        .find(|(_, _, _, name)| !WEAK_SECTION.contains(&name.as_str()));
    let (strategy, raw, text, _) = strong.or_else(|| words.first())?;
    Some(Field::new(text.clone(), strategy, raw, Trust::Medium))
}

/// The breadcrumb trail of structured data, from the front page down.
fn trail(page: &Sources<'_>) -> Vec<String> {
    let list = page
        .nodes
        .iter()
        .find(|node| json_ld::is_a(node, "BreadcrumbList"));
    let steps = list.map(|node| json_ld::objects(node, "itemListElement"));
    let name =
        |step: &json_ld::Node| json_ld::text(step, "name").or_else(|| json_ld::text(step, "item"));
    let steps = steps.unwrap_or_default().into_iter().take(8);
    let address = |step: &json_ld::Node| match step.get("item") {
        Some(serde_json::Value::Object(item)) => {
            json_ld::text(item, "@id").or_else(|| json_ld::text(item, "url"))
        }
        _ => json_ld::text(step, "item"),
    };
    steps
        .filter(|step| !address(step).is_some_and(|raw| leads_home(page, &raw)))
        .filter_map(name)
        .collect()
}

/// The breadcrumb trail that a reader sees.
fn crumbs(page: &Sources<'_>) -> Vec<String> {
    let items = &page.outline.items;
    let Some(trail) = items.iter().position(|item| item.own.has(Roles::CRUMBS)) else {
        return Vec::new();
    };
    let links = page.outline.within(trail).iter();
    let links = links.filter(|item| {
        let href = item.element.attr("href").unwrap_or_default();
        item.element.name() == "a" && !leads_home(page, href)
    });
    let texts = links.map(|item| page.text_inside(item)).take(8);
    texts.filter(|text| text.chars().count() <= 30).collect()
}

/// Whether a step leads to the front page: its name is the site's, whatever it is.
fn leads_home(page: &Sources<'_>, raw: &str) -> bool {
    let url = match page.base.as_ref() {
        Some(base) => base.join(raw),
        None => Url::parse(raw),
    };
    url.is_ok_and(|url| url.path().len() <= 1 && url.query().is_none() && !raw.starts_with('#'))
}

/// Keywords that are about this article.
pub(super) fn tags(page: &Sources<'_>, text: &str) -> Option<Field<Vec<String>>> {
    let node = page.article.map(|node| json_ld::texts(node, "keywords"));
    let stated = node.unwrap_or_default();
    let of_metas = |name: &str| page.head.metas_of(name).flat_map(split).collect();
    let keywords = ["news_keywords", "keywords"].iter().find_map(|name| {
        let found: Vec<String> = of_metas(name);
        (!found.is_empty()).then_some(found)
    });
    let sources: [(&'static str, Vec<String>, bool); 4] = [
        (
            "json_ld",
            stated.iter().flat_map(|t| split(t)).collect(),
            false,
        ),
        ("meta", of_metas("article:tag"), false),
        ("markup", shown(page), false),
        ("meta", keywords.unwrap_or_default(), true),
    ];
    let sites: HashSet<String> = page.site_names().iter().map(|name| folded(name)).collect();
    for (strategy, found, is_doubted) in sources {
        let mut tags = distinct(found, &sites);
        if is_doubted {
            without_soup(&mut tags, text);
        }
        if !tags.is_empty() {
            let raw = tags.join(",");
            return Some(Field::new(tags, strategy, &raw, Trust::Medium));
        }
    }
    None
}

fn split(text: &str) -> Vec<String> {
    text.split([',', ';', '|', '、', '，', '#'])
        .map(clean)
        .collect()
}

/// The keywords in the element that names itself so.
fn shown(page: &Sources<'_>) -> Vec<String> {
    let outline = page.outline;
    let items = outline.items.iter().enumerate();
    let lists = items.filter(|(_, item)| item.own.has(Roles::TAGS));
    let links = lists
        .flat_map(|(at, _)| outline.within(at))
        .filter(|item| item.element.name() == "a");
    let texts = links.map(|item| page.text_inside(item));
    texts.take(2 * MAX_TAGS).collect()
}

/// Each keyword once, whatever its case, without labels, codes, addresses and the site's own name.
fn distinct(found: Vec<String>, sites: &HashSet<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut tags = Vec::new();
    for tag in found {
        let tag = tag.trim_matches(['#', '"', '\'', ' ', '[', ']']).to_owned();
        let name = folded(&tag);
        let is_code = tag.split_once(':').is_some_and(|(key, value)| {
            value.is_empty() || (!key.contains(' ') && !value.starts_with(' '))
        });
        let is_word = !name.is_empty()
            && !is_code
            && tag.chars().count() <= 60
            && tag.split_whitespace().count() <= MAX_TAG_WORDS
            && !sites.contains(&name);
        if is_word && tags.len() < MAX_TAGS && seen.insert(name) {
            tags.push(tag);
        }
    }
    tags
}

/// Many sites print the same keywords on all their pages: of a long list that mostly speaks of other
/// things only those in the text are kept, and no short ones, which every text has.
fn without_soup(tags: &mut Vec<String>, text: &str) {
    if tags.len() < SOUP {
        return;
    }
    let text = folded(text);
    let is_said = |tag: &String| text.contains(&folded(tag));
    let said = tags.iter().filter(|tag| is_said(tag)).count();
    if said * 2 < tags.len() {
        tags.retain(|tag| is_said(tag) && weight(tag) >= SOUP_WORD);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::tests::extract;

    const TEXT: &str = "<article><h1>Ferry to run at night</h1><p>The ferry will run until two in the morning, the harbour board said.</p></article>";

    #[test]
    fn section_is_the_outlets_word_for_a_part_of_the_paper() {
        let meta = |value: &str| format!("<meta property='article:section' content='{value}'>");
        let json = |data: &str| format!("<script type='application/ld+json'>{data}</script>");
        let trail = "{\"@type\":\"BreadcrumbList\",\"itemListElement\":[{\"name\":\"The Tide\",\"item\":\"https://tide.example/\"},{\"item\":{\"name\":\"Harbour\"}},{\"name\":\"Ferry to run at night\"}]}";
        for (said, expected) in [
            (meta("Harbour"), Some("Harbour")),
            (meta("Home") + &meta("사회"), Some("사회")),
            (meta("News") + &json(trail), Some("Harbour")),
            (meta("News"), Some("News")),
            (meta("Uncategorized"), None),
            (meta("NewsArticle"), None),
            (meta("Ferry"), Some("Ferry")),
            (meta("tide.example"), None),
            (meta("Ferry to run at night"), None),
            (meta("1200"), None),
            (json("{\"@type\":\"NewsArticle\",\"articleSection\":[\"기사\",\"경제\"]}"), Some("경제")),
            (
                "<div class=breadcrumb><a href=/>홈</a><a href=/s>사회</a><a href=/s/2>항만</a></div>".to_owned(),
                Some("항만"),
            ),
            ("<meta property='og:site_name' content='Tide'>".to_owned() + &meta("Tide"), None),
        ] {
            let found = extract(&format!("{said}{TEXT}"), None, None);
            assert_eq!(found.article.section.as_deref(), expected, "{said}");
        }
    }

    #[test]
    fn lists_of_names_are_written_as_they_are_compared() {
        for word in NO_SECTION.iter().chain(WEAK_SECTION) {
            assert_eq!(folded(word), **word);
        }
    }

    #[test]
    fn tags_are_distinct_words_about_the_article() {
        let keywords = |value: &str| format!("<meta name=keywords content='{value}'>");
        for (said, expected) in [
            (keywords("ferry, Ferry , harbour board"), vec!["ferry", "harbour board"]),
            (keywords("ferry、harbour"), vec!["ferry", "harbour"]),
            (keywords("news, sport, film, harbour, music"), vec!["harbour"]),
            (keywords("정치, 경제, 사회, 문화, board"), vec![]),
            (keywords("night boats, islands"), vec!["night boats", "islands"]),
            (
                "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"keywords\":[\"type:story\",\"Night boats\",\"night boats\"]}</script>".to_owned(),
                vec!["Night boats"],
            ),
            (
                "<div class=tags>Topics: <a href=/t/1>#항구</a> <a href=/t/2>Topics:</a> <a href=/t/3>read all that we ever wrote about the harbour</a></div>".to_owned(),
                vec!["항구"],
            ),
        ] {
            let found = extract(&format!("{said}{TEXT}"), None, None);
            assert_eq!(found.article.tags, expected, "{said}");
        }
    }
}
