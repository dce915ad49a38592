//! Which of several dates is the publication and which the last change.

use super::{Context, Found, Reading, find_all, plain};

/// What a date is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// The first publication.
    Published,
    /// The last change.
    Modified,
}

/// A word this far from its date belongs to something else.
const MAX_DISTANCE_CHARS: usize = 40;

const PUBLISHED: &[&str] = &[
    "입력",
    "등록",
    "작성",
    "발행",
    "송고",
    "승인",
    "게재",
    "게시",
    "출고",
    "published",
    "posted",
    "first published",
    "veröffentlicht",
    "erstellt",
    "publié",
    "publicado",
    "publicada",
    "pubblicato",
    "gepubliceerd",
    "opublikowano",
    "publikacja",
    "опубликовано",
    "yayınlanma",
    "yayınlandı",
    "publicerad",
    "publisert",
    "udgivet",
    "julkaistu",
    "publikováno",
    "公開",
    "掲載",
    "配信",
    "投稿",
    "发布",
    "發布",
    "發佈",
    "发表",
    "發表",
    "刊登",
];

const MODIFIED: &[&str] = &[
    "수정",
    "업데이트",
    "갱신",
    "변경",
    "updated",
    "update",
    "modified",
    "edited",
    "revised",
    "aktualisiert",
    "geändert",
    "stand:",
    "mis à jour",
    "mise à jour",
    "modifié",
    "actualizado",
    "actualizada",
    "modificado",
    "atualizado",
    "atualizada",
    "aggiornato",
    "modificato",
    "bijgewerkt",
    "zaktualizowano",
    "aktualizacja",
    "обновлено",
    "изменено",
    "güncelleme",
    "güncellendi",
    "uppdaterad",
    "oppdatert",
    "opdateret",
    "päivitetty",
    "aktualizováno",
    "更新",
    "修正",
    "改訂",
    "修改",
];

/// Every date of a short text with the word before it ("수정 2024-…"), or behind it where the text
/// writes them so ("2023/06/23 10:12 송고").
#[must_use]
pub fn labelled(text: &str, context: &Context) -> Vec<(Option<Label>, Reading)> {
    let text = plain(text);
    let found = find_all(&text, context);
    let (heads, tails) = (gaps_before(&text, &found), gaps_behind(&text, &found));
    let is_first_bare = heads.first().is_none_or(|gap| last_label(gap).is_none());
    let is_behind = is_first_bare && tails.last().is_some_and(|gap| leading_label(gap).is_some());
    let labels: Vec<Option<Label>> = if is_behind {
        tails.iter().map(|gap| leading_label(gap)).collect()
    } else {
        heads.iter().map(|gap| last_label(gap)).collect()
    };
    labels
        .into_iter()
        .zip(found.into_iter().map(|found| found.reading))
        .collect()
}

fn gaps_before<'a>(text: &'a str, found: &[Found]) -> Vec<&'a str> {
    let ends = std::iter::once(0).chain(found.iter().map(|found| found.end));
    ends.zip(found)
        .map(|(from, found)| text.get(from..found.start).unwrap_or_default())
        .collect()
}

fn gaps_behind<'a>(text: &'a str, found: &[Found]) -> Vec<&'a str> {
    let starts = found.iter().skip(1).map(|found| found.start);
    found
        .iter()
        .zip(starts.chain([text.len()]))
        .map(|(found, to)| text.get(found.end..to).unwrap_or_default())
        .collect()
}

/// The label word nearest to the end of a gap.
pub(super) fn last_label(gap: &str) -> Option<Label> {
    let skip = gap.chars().count().saturating_sub(MAX_DISTANCE_CHARS);
    let near: String = gap.chars().skip(skip).collect::<String>().to_lowercase();
    if !near.contains(char::is_alphabetic) {
        return None;
    }
    let is_ascii = near.is_ascii();
    let last = |words: &[&str]| {
        let ends = words
            .iter()
            .filter(|word| !is_ascii || word.is_ascii())
            .filter_map(|word| Some(near.rfind(word)? + word.len()));
        ends.max()
    };
    match (last(PUBLISHED), last(MODIFIED)) {
        (None, None) => None,
        (published, modified) if published > modified => Some(Label::Published),
        _ => Some(Label::Modified),
    }
}

/// The label word that a gap begins with.
fn leading_label(gap: &str) -> Option<Label> {
    let lower = gap.to_lowercase();
    let near = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    let begins = |words: &[&str]| words.iter().any(|word| near.starts_with(word));
    if begins(MODIFIED) {
        return Some(Label::Modified);
    }
    begins(PUBLISHED).then_some(Label::Published)
}
