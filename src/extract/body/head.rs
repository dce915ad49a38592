//! The lines of an article's head: headline, byline, dates, how long reading takes.

use super::super::signature;
use super::super::text::{ends_sentence, folds_to, weight};
use crate::extract::pattern::Pattern;

/// Longer lines are sentences.
const MAX_WEIGHT: usize = 110;
/// Characters before the date of a line that is one.
const MAX_BEFORE_DATE: usize = 30;

static DATE_LINE: Pattern = Pattern::new(concat!(
    r"(?i)^(?:\d{1,2}:\d\d\s?)?(?P<front>[\p{L}\s·|:,/.]*)(?:\d{4}\s?[-./年년]\s?\d{1,2}|\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2,4}|",
    r"\d{1,2}\.?\s(?:de\s)?\p{L}+\.?,?\s(?:de\s)?\d{4}|\p{L}+\.?\s\d{1,2}(?:st|",
    r"nd|rd|th)?,?\s\d{4}).*$",
));
/// A date or a time after the word that says what happened then.
static STAMP: Pattern = Pattern::new(concat!(
    r"(?i)^\W{0,3}(?:(?:last |first )?(?:updated|published|posted|modified)|aktualisiert|stand|veröffentlicht|erstellt|",
    r"mis à jour|publié|actualizado|publicado|aggiornato|pubblicato|atualizado|bijgewerkt|gepubliceerd|",
    r"uppdaterad|publicerad|oppdatert|publisert|opdateret|opublikowano|aktualizace|обновлено|опубликовано|",
    r"diperbarui|更新|公開|掲載|発行|发布|發布|기사\s?입력|입력|등록|승인|송고|수정|최종\s?수정|업데이트)\b[^\d]{0,24}\d.{0,50}$"
));
static READING_TIME: Pattern = Pattern::new(concat!(
    r"(?i)^(?:(?:(?:estimated )?reading time|read time|lesezeit|lesedauer|tiempo de lectura|temps de lecture|",
    r"tempo d[ie] lettura|tempo de leitura|leestijd|lästid|lesetid|czas czytania|время чтения|",
    r"읽는\s?시간|読了時間|阅读时间)\W{0,3}(?:ca\.?\s|about\s|약\s?)?\d+[^.]{0,12}|",
    r"(?:(?:ca\.?|about)\s)?\d+[\s-]?(?:min(?:ute)?s?\.?|minuten?|minutos|minuti|мин|분|分)\s?",
    r"(?:read(?:ing)?(?: time)?|lesezeit|de lectura|de lecture|di lettura|de leitura|leestijd|czytania|чтения|읽기|で読めます)|",
    r"min read)\W*$"
));
static BYLINE: Pattern = Pattern::new(concat!(
    r"^(?:(?i:by|von|par|por|di|door|av|af|written by|posted by|text|autor)\b:?\s)\s*(?:\p{Lu}[\p{L}.'’-]*[\s,&|",
    r"]*(?:(?:and|und|et|y|e|von|van|de|der|del|da|in)\s)*){1,10}$"
));

/// A byline, or when something happened to the text.
pub(super) fn is_byline(line: &str, authors: &[String]) -> bool {
    is_labelled(line) || STAMP.is_match(line) || is_author(line, authors)
}

/// A byline that says it is one.
pub(super) fn is_labelled(line: &str) -> bool {
    BYLINE.is_match(line)
}

/// How long reading takes.
pub(super) fn is_reading_time(line: &str) -> bool {
    READING_TIME.is_match(line)
}

/// A known author's name and perhaps a little more.
fn is_author(line: &str, authors: &[String]) -> bool {
    authors.iter().any(|author| {
        line.strip_prefix(author.as_str())
            .is_some_and(|rest| weight(rest) <= 40 && !ends_sentence(rest))
    })
}

/// The title, perhaps with a kicker and a mark before it.
pub(super) fn is_headline(line: &str, title: &str) -> bool {
    if title.chars().count() < 4 {
        return false;
    }
    let behind_mark = [" - ", " – ", " — ", " | ", ": "]
        .iter()
        .filter_map(|mark| line.split_once(mark))
        .any(|(kicker, rest)| weight(kicker) <= 40 && folds_to(rest, title));
    // An element of its own in front of the headline has neither mark nor space behind it.
    let is_grown_together = || {
        let mut is_apart = true;
        line.char_indices().take(120).any(|(at, c)| {
            let is_joined = c.is_alphanumeric() && !is_apart;
            is_apart = !c.is_alphanumeric() && (is_apart || c.is_whitespace());
            is_joined && line.get(at..).is_some_and(|rest| folds_to(rest, title))
        })
    };
    behind_mark || folds_to(line, title) || (weight(line) <= 300 && is_grown_together())
}

/// Bylines, date lines and how long reading takes.
pub(super) fn is_head_line(line: &str, authors: &[String]) -> bool {
    weight(line) <= MAX_WEIGHT
        && (signature::line(line).is_some()
            || is_byline(line, authors)
            || is_reading_time(line)
            || (is_date_line(line) && (!ends_quote(line) || is_mostly_digits(line))))
}

fn is_date_line(line: &str) -> bool {
    let found = DATE_LINE.captures(line);
    let front = found.as_ref().and_then(|found| found.name("front"));
    front.is_some_and(|front| front.as_str().chars().count() <= MAX_BEFORE_DATE)
}

/// Whether a line ends as text does and not as a date.
fn ends_quote(line: &str) -> bool {
    line.ends_with(['.', '。', '"', '”'])
}

fn is_mostly_digits(line: &str) -> bool {
    let digits = line.chars().filter(char::is_ascii_digit).count();
    digits * 3 >= line.chars().count()
}
