//! A caption parted from its mark and its credit: `▲전차가 달린다. (사진제공=새솔시)`.

use crate::extract::pattern::Pattern;
use crate::extract::text::clean;

/// Longer texts under a picture are paragraphs.
const MAX_CAPTION: usize = 600;

static BRACKETED: Pattern = Pattern::new(
    r"^(?P<rest>.*?)\s*[(\[（<【〈]\s*(?P<credit>[^()\[\]（）<>]{2,60})\s*[)\]）>】〉]\s*[.。]?$",
);
static LABELLED: Pattern = Pattern::new(
    r"(?i)^(?P<rest>.*?)\s*[/|,\-–—]?\s*\b(?:사진\s?제공|사진|그래픽|출처|제공|photo(?:graph)?(?:\s?credit)?|photos|image|picture|credit|foto|bild|fotos|quelle|写真|写真提供|撮影|提供)(?:\s?by\s|\s?[:：=／/]\s?)\s*(?P<credit>.{2,80})$",
);
static GIVEN: Pattern = Pattern::new(r"^(?P<name>.{1,40}?)\s?(?:제공|提供)(?:[.,].*)?$");
static LABEL: Pattern = Pattern::new(
    r"(?i)^(?:사진\s?제공|사진|그래픽|출처|제공|photo(?:graph)?(?:\s?credit)?|image|credit|foto|bild|quelle|写真|撮影)\s?(?:by\b|[:：=／/])\s*",
);
static SIGNED: Pattern = Pattern::new(
    r"^(?P<rest>.*[.!?다…])\s+(?P<credit>[가-힣]{2,4}\s?(?:[가-힣]{2}\s?)?기자)(?:\s+\S*@\S*)?$",
);
static RIGHTS: Pattern = Pattern::new(
    r"(?i)\s*[.,]?\s*(?:재판매 및 DB 금지|무단\s?전재.*|all rights reserved|\*?재판매.*)\W*$",
);

/// Parts a caption from its credit and takes the mark off.
pub(super) fn credited(texts: &[&str]) -> (Option<String>, Option<String>) {
    let joined = texts.join(" ");
    let text = clean(joined.trim_start_matches(['▲', '△', '▼', '◀', '▶', '↑', ' ']));
    if text.chars().count() > MAX_CAPTION {
        return (None, None);
    }
    let (caption, credit) = part(&text);
    let filled = |text: String| Some(text).filter(|t| t.chars().any(char::is_alphanumeric));
    (filled(caption), credit.and_then(filled))
}

fn part(text: &str) -> (String, Option<String>) {
    if let Some(found) = SIGNED.captures(text) {
        return (group(&found, "rest"), Some(group(&found, "credit")));
    }
    if let Some(found) = BRACKETED.captures(text) {
        let inner = group(&found, "credit");
        if let Some(credit) = credit(&inner) {
            return (group(&found, "rest"), Some(credit));
        }
    }
    if let Some(found) = LABELLED.captures(text) {
        return (
            group(&found, "rest")
                .trim_end_matches(['/', '|', '[', '(', ' ', '<'])
                .to_owned(),
            Some(
                group(&found, "credit")
                    .trim_matches(['[', ']', '(', ')', '>', ' ', '/'])
                    .to_owned(),
            ),
        );
    }
    if let Some((rest, credit)) = text.rsplit_once('/').filter(|(rest, credit)| {
        rest.ends_with(['.', '다', ' ']) && credit.chars().count() <= 20 && !credit.contains('.')
    }) {
        return (rest.trim().to_owned(), Some(credit.trim().to_owned()));
    }
    (text.to_owned(), None)
}

/// The credit in brackets: a giver, a labelled name, or an agency or outlet by its look.
fn credit(inner: &str) -> Option<String> {
    let inner = RIGHTS
        .replace(inner, "")
        .trim()
        .trim_end_matches('.')
        .to_owned();
    if LABEL.is_match(&inner) {
        let bare = LABEL.replace(&inner, "").into_owned();
        return Some(given(&bare));
    }
    let name = given(&inner);
    if name.chars().count() < inner.chars().count() {
        return Some(name);
    }
    let is_number = inner.chars().any(|c| c.is_ascii_digit());
    let words = inner.split_whitespace().count();
    let is_source = [
        "연합뉴스",
        "뉴시스",
        "뉴스1",
        "통신",
        "일보",
        "신문",
        "뉴스",
        "DB",
        "기자",
        "AP",
        "AFP",
        "Reuters",
        "Getty",
        "로이터",
        "EPA",
        "dpa",
        "공동",
        "記者",
        "合成",
    ]
    .iter()
    .any(|word| inner.contains(word));
    let is_slashed = inner.contains('/') && words <= 6;
    (!is_number && (is_source || is_slashed) && words <= 8).then_some(inner)
}

/// `새솔시 제공` names the giver.
fn given(text: &str) -> String {
    let found = GIVEN.captures(text);
    found
        .map_or_else(|| text.to_owned(), |found| group(&found, "name"))
        .trim()
        .to_owned()
}

fn group(found: &regex::Captures<'_>, name: &str) -> String {
    found
        .name(name)
        .map(|m| m.as_str().trim().to_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_are_parted_from_marks_and_credits() {
        for (text, caption, credit) in [
            (
                "▲전차가 달린다. (연합뉴스)",
                Some("전차가 달린다."),
                Some("연합뉴스"),
            ),
            (
                "▲전차가 달린다. (사진제공=새솔시)",
                Some("전차가 달린다."),
                Some("새솔시"),
            ),
            (
                "전차가 달린다 [새솔시 제공. 재판매 및 DB 금지]",
                Some("전차가 달린다"),
                Some("새솔시"),
            ),
            (
                "전차가 달린다. 조가람 기자 garam@",
                Some("전차가 달린다."),
                Some("조가람 기자"),
            ),
            (
                "최고경영자(CEO)가 28일 걷는다 (왼쪽)",
                Some("최고경영자(CEO)가 28일 걷는다 (왼쪽)"),
                None,
            ),
            (
                "Workers at the gate. Photo: Maya Lind",
                Some("Workers at the gate."),
                Some("Maya Lind"),
            ),
            ("전차. 사진=가람통신", Some("전차."), Some("가람통신")),
        ] {
            let (got, by) = credited(&[text]);
            assert_eq!((got.as_deref(), by.as_deref()), (caption, credit), "{text}");
        }
    }
}
