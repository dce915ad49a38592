use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use url::Url;

use super::*;
use crate::extract::{Extraction, Input, page};
use crate::markup::parse_html;

const PLACES: [&str; 8] = [
    "강변",
    "언덕",
    "나루",
    "시장",
    "등대",
    "방앗간",
    "우물",
    "정류장",
];
/// No word of it is known to any rule, and it stands between the paragraphs.
const BOX: &str = "<div class=zeta-k2><p>새솔의 하루를 여는 다섯 사람의 목소리를 매일 아침 만나 보세요.</p>\
                   <p>함께 걷는 독자 만 명이 이 길을 지켜 왔습니다.</p></div>";

fn now() -> DateTime<Utc> {
    "2026-11-23T00:00:00Z".parse().unwrap()
}

fn paragraphs(number: usize) -> Vec<String> {
    let place = PLACES[number % PLACES.len()];
    [
        "마을 사람들은 {}에 새 길을 내기로 했다고 지난주 모임에서 밝혔다.",
        "{} 옆에 사는 이들은 공사가 길어질까 걱정하면서도 반기는 눈치였다.",
        "시는 내년 봄까지 {} 둘레의 오래된 담장을 모두 고치겠다고 했다.",
        "끝으로 {}에서 열릴 작은 잔치의 날짜는 다음 달에 정해진다고 한다.",
    ]
    .map(|text| text.replace("{}", &format!("{place} {number}구역")))
    .to_vec()
}

/// A page of the mini-site: its article with `inserted` after the second paragraph.
fn site_page(number: usize, inserted: &str) -> String {
    framed("story-k1", number, &paragraphs(number), inserted)
}

fn framed(class: &str, number: usize, paragraphs: &[String], inserted: &str) -> String {
    let mut text: Vec<String> = paragraphs.iter().map(|p| format!("<p>{p}</p>")).collect();
    text.insert(2, inserted.to_owned());
    let title = format!(
        "{} {number}구역에 새 길을 낸다",
        PLACES[number % PLACES.len()]
    );
    format!(
        "<title>{title} - 새솔</title><meta property=og:type content=article>\
         <meta property=og:image content='https://a.example/i/masthead-2024.png'>\
         <h1>{title}</h1><div class={class}>{}</div>",
        text.concat()
    )
}

fn read(text: &str, path: &str, memory: Option<&SiteMemory>) -> Extraction {
    let html = parse_html(text).unwrap();
    let url = Url::parse(&format!("https://a.example/{path}")).unwrap();
    page(&Input {
        url: Some(&url),
        memory,
        ..Input::of(&html, now())
    })
}

fn body(text: &str, path: &str, memory: &SiteMemory) -> Vec<String> {
    read(text, path, Some(memory)).article.body
}

fn learn(memory: &mut SiteMemory, text: &str, path: &str) -> bool {
    let seen = read(text, path, Some(memory)).observation.unwrap();
    memory.learn(&seen, now())
}

/// A memory of the first `count` pages, made by `text` of their number.
fn taught(count: usize, text: impl Fn(usize) -> String) -> SiteMemory {
    let mut memory = SiteMemory::default();
    for number in 0..count {
        assert!(
            learn(&mut memory, &text(number), &number.to_string()),
            "{number}"
        );
    }
    memory
}

#[test]
fn block_that_seven_pages_repeat_is_no_part_of_the_eighth() {
    let text = site_page(7, BOX);
    let without = read(&text, "7", None);
    assert_eq!(without.article.body.len(), 6, "no rule may know the block");
    assert_eq!(without.observation, None);
    let memory = taught(7, |number| site_page(number, BOX));
    assert_eq!(body(&text, "7", &memory), paragraphs(7));
}

#[test]
fn phrase_of_one_article_stays_however_often_it_says_it() {
    let memory = taught(7, |number| site_page(number, BOX));
    let phrase = "우리는 이 길을 백 년 동안 걸어왔다고 그들은 거듭 말했다.";
    let mut expected = paragraphs(7);
    expected.insert(1, phrase.to_owned());
    expected.push(phrase.to_owned());
    let text = framed("story-k1", 7, &expected, BOX);
    assert_eq!(body(&text, "7", &memory), expected);
}

#[test]
fn paragraph_that_follow_ups_share_stays() {
    let background =
        "<p>강변 길은 1931년에 놓였고 두 번의 큰물에 떠내려갔다가 다시 놓인 일이 있다.</p>";
    let memory = taught(8, |number| {
        site_page(number, if number % 2 == 0 { background } else { "" })
    });
    assert_eq!(body(&site_page(8, background), "8", &memory).len(), 5);
}

#[test]
fn paragraph_on_nearly_every_page_is_furniture_even_unmarked() {
    let plea =
        "<p>이 글이 마음에 들었다면 이웃에게도 새솔을 읽어 보라고 권해 주시기를 바랍니다.</p>";
    let memory = taught(6, |number| site_page(number, plea));
    assert_eq!(body(&site_page(7, plea), "7", &memory), paragraphs(7));
}

#[test]
fn article_does_not_teach_that_it_is_furniture() {
    let mut memory = SiteMemory::default();
    assert!(learn(&mut memory, &site_page(1, BOX), "1"));
    // fetched again, a twin at another address, a copy with a paragraph more and a new headline
    let mut copy = paragraphs(1);
    copy.push("덧붙은 문단에는 잔치에 올 사람들의 이름이 차례로 적혀 있다고 한다.".to_owned());
    let copy = framed("story-k1", 1, &copy, BOX).replace("새 길을 낸다", "잔치가 열린다");
    for (text, path) in [
        (site_page(1, BOX), "1"),
        (site_page(1, BOX), "amp/1"),
        (copy, "copy"),
    ] {
        assert!(!learn(&mut memory, &text, path), "{path}");
    }
    assert_eq!(memory.articles(), 1);
}

#[test]
fn page_that_is_known_counts_one_article_less() {
    let memory = taught(2, |number| site_page(number, BOX));
    assert_eq!(body(&site_page(1, BOX), "1", &memory).len(), 6);
    assert_eq!(body(&site_page(2, BOX), "2", &memory), paragraphs(2));
}

#[test]
fn new_template_is_read_as_without_memory_and_then_learned() {
    let mut memory = taught(7, |number| site_page(number, BOX));
    let renewed = |number| {
        framed(
            "neu-text",
            number,
            &paragraphs(number),
            "<div class=omega-q><p>길잡이 편지를 받아 보는 방법이 궁금하다면 눌러 보세요.</p></div>",
        )
    };
    let without = read(&renewed(8), "8", None).article.body;
    assert_eq!(body(&renewed(8), "8", &memory), without);
    for number in 8..14 {
        learn(&mut memory, &renewed(number), &number.to_string());
    }
    assert_eq!(body(&renewed(15), "15", &memory), paragraphs(15));
}

#[test]
fn byline_that_repeats_still_names_its_author() {
    let byline = "<p class=zz9>홍가온 기자 gaon@a.example</p>";
    let page = |number| site_page(number, "").replace("</div>", &format!("{byline}</div>"));
    let memory = taught(6, page);
    let article = read(&page(7), "7", Some(&memory)).article;
    assert_eq!(article.authors, ["홍가온"]);
    assert_eq!(article.body, paragraphs(7));
}

#[test]
fn picture_of_many_articles_is_the_picture_of_none() {
    let memory = taught(4, |number| site_page(number, ""));
    let text = site_page(7, "");
    assert_eq!(read(&text, "7", None).article.images.len(), 1);
    assert!(read(&text, "7", Some(&memory)).article.images.is_empty());
}

#[test]
fn what_is_always_repeated_stays_known_while_it_is_left_out() {
    let memory = taught(60, |number| site_page(number, BOX));
    assert_eq!(body(&site_page(61, BOX), "61", &memory), paragraphs(61));
    assert!(memory.recent.len() <= MAX_RECENT);
}

#[test]
fn memory_fades_with_time() {
    let mut memory = taught(4, |number| site_page(number, BOX));
    let seen = read(&site_page(5, ""), "5", Some(&memory))
        .observation
        .unwrap();
    memory.learn(&seen, now() + TimeDelta::days(365));
    assert_eq!(memory.articles(), 1);
    assert_eq!(body(&site_page(7, BOX), "7", &memory).len(), 6);
}

#[test]
fn fullest_memory_fits_its_bound_and_comes_back_whole() {
    let weights = |count: u64| (0..count).map(|key| (key, 1.0)).collect();
    let mut memory = SiteMemory {
        articles: 20.0,
        learned_at: Some(now()),
        lines: (0..5_000)
            .map(|key| {
                (
                    key,
                    Trace {
                        seen: 1.0,
                        inside: 0.5,
                        plain: 0.25,
                    },
                )
            })
            .collect(),
        containers: weights(100),
        pictures: weights(1_000),
        names: (100..200)
            .map(|n| (format!("{n}").repeat(encoding::MAX_NAME_BYTES / 3), 1.0))
            .collect(),
        recent: (0..100)
            .map(|n| Likeness {
                address: n,
                title: n,
                sketch: (0_u32..).take(SKETCH).collect(),
            })
            .collect(),
    };
    memory.shrink();
    let bytes = memory.encode();
    assert!(bytes.len() <= SiteMemory::MAX_BYTES, "{}", bytes.len());
    assert_eq!(SiteMemory::decode(&bytes), Ok(memory));
}

#[test]
fn other_versions_and_broken_bytes_are_refused() {
    let mut bytes = taught(2, |number| site_page(number, BOX)).encode();
    assert_eq!(
        SiteMemory::decode(&bytes[..bytes.len() - 1]),
        Err(MemoryError::Broken)
    );
    assert_eq!(SiteMemory::decode(&[]), Err(MemoryError::Broken));
    bytes[0] = bytes[0].wrapping_add(1);
    assert_eq!(
        SiteMemory::decode(&bytes),
        Err(MemoryError::Version(SiteMemory::VERSION + 1))
    );
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let versioned: Vec<u8> = SiteMemory::VERSION.to_le_bytes().into_iter().chain(bytes).collect();
        if let Ok(memory) = SiteMemory::decode(&versioned) {
            prop_assert!(memory.encode().len() <= SiteMemory::MAX_BYTES);
        }
    }
}
