//! What holds of every page: no panic, sound fields, and the same answer each time.

use std::path::PathBuf;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::markup::{decode, parse_html};

/// The pages of the fixtures, whole.
static PAGES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/extraction");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "html"));
    paths.sort();
    let read = |path: &PathBuf| decode(&std::fs::read(path).unwrap(), None, None).text;
    paths.iter().map(read).collect()
});

fn fault(text: &str) -> Option<String> {
    let html = parse_html(text).ok()?;
    let now = "2026-11-23T00:00:00Z".parse().unwrap();
    let url = Url::parse("https://a.example/news/2024/03/05/bridge-1").unwrap();
    let read = || {
        page(&Input {
            url: Some(&url),
            ..Input::of(&html, now)
        })
    };
    let found = read();
    let is_same = format!("{found:?}") == format!("{:?}", read());
    sound::fault(&found, now).or_else(|| (!is_same).then(|| "another answer".to_owned()))
}

/// A page with parts of it moved, repeated or left out.
fn mangled(page: &str, cuts: &[(Index, Index, u8)]) -> String {
    let mut text = page.to_owned();
    for (from, length, what) in cuts {
        let at = |index: usize| text.floor_char_boundary(index);
        let start = at(from.index(text.len().max(1)));
        let end = at((start + length.index(600)).min(text.len()));
        let part = text.get(start..end).unwrap_or_default().to_owned();
        match what % 4 {
            0 => text.replace_range(start..end, ""),
            1 => text.insert_str(start, &part),
            2 => text.insert_str(start, &part.repeat(5)),
            _ => text = format!("{part}{text}"),
        }
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_bytes_make_a_sound_extraction(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert_eq!(fault(&decode(&bytes, None, None).text), None);
    }

    #[test]
    fn anything_like_markup_makes_a_sound_extraction(
        text in "((<(p|br|b|i|h1|ul><li|table><tr><td|/p|/b|/table|article class='x|img src='|meta name=author content='|time datetime=')[ '>]{0,2})|[가-힣a-zA-Z0-9 .:@&;-]{1,30}|\\PC|\n){0,60}"
    ) {
        prop_assert_eq!(fault(&text), None);
    }

    #[test]
    fn mangled_pages_make_a_sound_extraction(
        page in any::<Index>(),
        cuts in prop::collection::vec(any::<(Index, Index, u8)>(), 0..12),
    ) {
        prop_assert_eq!(fault(&mangled(&PAGES[page.index(PAGES.len())], &cuts)), None);
    }
}

#[test]
fn what_is_returned_and_walked_is_bounded() {
    let many = |piece: &str, count: usize| piece.repeat(count);
    let page = [
        many("<meta property=article:tag content=bridge>", 3_000),
        (0..3_000).map(|n| format!("<meta name=author content='Anna Bauer{n}'>")).collect(),
        (0..200).map(|n| format!("<article class=article-body><h1>A bridge {n}</h1>")).collect(),
        (0..500).map(|n| format!("<p>Line {n} of a text about the bridge over the river.<img src={n}.jpg width=900>")).collect(),
        many("<p>x", 70_000),
    ]
    .concat();
    let html = parse_html(&page).unwrap();
    let outline = Outline::of(&html);
    assert_eq!(outline.blocks.len(), 60_000);
    assert!(outline.items.len() > 70_000);
    let found = super::page(&Input::of(&html, "2026-11-23T00:00:00Z".parse().unwrap()));
    let article = &found.article;
    assert!(found.candidates.len() <= 24, "{}", found.candidates.len());
    assert!(article.images.len() <= 60 && article.tags.len() <= 30 && article.authors.len() <= 12);
}

#[test]
fn fixtures_make_sound_extractions() {
    for page in PAGES.iter() {
        assert_eq!(fault(page), None);
    }
}
