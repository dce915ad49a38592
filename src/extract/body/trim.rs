//! Takes away what stands before and behind the text in one container with it: the repeated title,
//! byline and date lines in front; signatures, tips, copyright and prompts at the end. From an
//! opening mark or as a whole line only: inside the text nothing is cut by its words.

use super::super::signature::{self, Signature};
use super::super::text::{ends_sentence, folded, weight};
use crate::extract::pattern::Pattern;

/// How many lines in front and at the end are looked at.
const FRONT: usize = 8;
const TAIL: usize = 14;

static DATE_LINE: Pattern = Pattern::new(concat!(
    r"(?i)^(?:[\p{L}\s·|:,/.]{0,30})?(?:\d{4}\s?[-./年년]\s?\d{1,2}|\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2,4}|",
    r"\d{1,2}\.?\s(?:de\s)?\p{L}{3,10}\.?,?\s(?:de\s)?\d{4}|\p{L}{3,10}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}).{0,70}$"
));
static BYLINE: Pattern = Pattern::new(
    r"^(?:(?i:by|von|par|por|di|door|av|af|written by|posted by|text|autor)\b:?\s)\s*(?:\p{Lu}[\p{L}.'’-]*[\s,&|]*(?:(?:and|und|et|y|e|von|van|de|der|del|da|in)\s)*){1,10}$",
);
static COPYRIGHT: Pattern = Pattern::new(
    r"(?i)^\W{0,4}(?:저작권자|copyrights?\b|ⓒ|©|\(c\)|all rights reserved|alle rechte vorbehalten|無断転載|当サイト)",
);
static REPRINT: Pattern =
    Pattern::new(r"^(?:[<\[(〈＜ⓒ©].*)?무단\s?전재[^.]{0,60}(?:금지|금합니다|불가)\W*$");
static INLINE_COPYRIGHT: Pattern =
    Pattern::new(r"\s*[<\[(〈＜]\s*(?:저작권자|ⓒ|©|Copyright|무단\s?전재).*$");
static AGENCY_ONLY: Pattern = Pattern::new(r"^[\[<(〈]\s*([\p{L}\d./ ,]{2,24})\s*[\]>)〉]$");
static PROMPT: Pattern = Pattern::new(concat!(
    r"(?i)^\W{0,3}(?:read (?:more|also|next|the full)|also read|related(?: articles?| stories| news| content)?\s*(?::|$)|",
    r"see also|more (?:on|from|about|stories|news|info)\b|follow (?:us|him|her|me|them|@)|sign up|subscribe|",
    r"share (?:this|on|via)|click here|watch:|listen:|join (?:us|our)|download (?:the|our)|contact (?:us|the author)|",
    r"get (?:the|our) .{0,30}(?:newsletter|app)|like us|email (?:us|the)|tags?:|filed under|topics?:|categories:|advertisement|",
    r"lesen sie|lesen sie auch|mehr (?:zum|zu|über)|auch interessant|das könnte|teilen|quellen?:|weitere (?:artikel|nachrichten|infos)|",
    r"lire aussi|à lire|partager|lea también|leer más|leggi anche|lees ook|関連記事|あわせて読みたい|",
    r"관련\s?기사|관련\s?뉴스|주요\s?뉴스|많이 본|이 기사를|기사\s?제보|제보는|제보\s?하기|구독|당신의 제보|네이버|카카오톡|※ 우울감|※ 이 기사는|",
    r"좋아요|공유|인쇄|스크랩|기사내용 요약|이미지 확대|사진\s?확대)"
));
static ANYWHERE: Pattern = Pattern::new(concat!(
    r"(?i)^\W{0,3}(?:advertisement|anzeige|werbung|publicidad|publicité|pubblicità|story continues below(?: advertisement)?|",
    r"article continues (?:below|after).{0,30}|continue reading(?: below)?(?: the main story)?|skip advertisement|loading\W*|caption|close|comments?|share|print|email|kommentare|コメント|image copyright.{0,60}|",
    r"read more\W*|read also:.{0,150}|also read:.{0,150}|read more:.{0,150}|related:.{0,150}|see also:.{0,150}|lesen sie auch:?.{0,150}|",
    r"lire aussi.{0,150}|lea también.{0,150}|이미지\s?확대(?:보기)?|사진\s?확대|기사내용 요약)\W{0,3}$"
));

/// What is known of the page when its text is trimmed.
pub(in crate::extract) struct Frame<'a> {
    pub(in crate::extract) title: &'a str,
    pub(in crate::extract) authors: &'a [String],
}

/// Trims the lines of a body and tells what the signatures in them named.
pub(super) fn trim(lines: &mut Vec<String>, frame: &Frame<'_>) -> Signature {
    let mut signature = Signature::default();
    lines.retain(|line| !ANYWHERE.is_match(line));
    if let Some(found) = super::broadcast::strip(lines) {
        merge(&mut signature, found);
    }
    front(lines, frame, &mut signature);
    tail(lines, frame, &mut signature);
    lines.retain(|line| line.chars().any(char::is_alphanumeric));
    signature
}

fn merge(all: &mut Signature, found: Signature) {
    for name in found.names {
        if !all.names.contains(&name) {
            all.names.push(name);
        }
    }
    all.desk = all.desk.take().or(found.desk);
    all.agency = all.agency.take().or(found.agency);
}

fn front(lines: &mut Vec<String>, frame: &Frame<'_>, signature: &mut Signature) {
    let title = folded(frame.title);
    let mut looked = 0;
    let mut at = 0;
    while looked < FRONT && at + 1 < lines.len() {
        let Some(line) = lines.get(at) else { break };
        looked += 1;
        let is_title = title.chars().count() >= 4 && folded(line) == title;
        if is_title || is_front_line(line, frame.authors) {
            if let Some(found) = signature::line(line) {
                merge(signature, found);
            }
            lines.remove(at);
        } else if weight(line) >= 90 || ends_sentence(line) {
            break;
        } else {
            at += 1;
        }
    }
    for line in lines.iter_mut().take(3) {
        if let Some((found, rest)) = signature::opening(line) {
            merge(signature, found);
            *line = rest.to_owned();
        }
    }
    lines.retain(|line| !line.is_empty());
}

/// Bylines and date lines.
fn is_front_line(line: &str, authors: &[String]) -> bool {
    let is_short = weight(line) <= 110;
    let is_author = authors.iter().any(|author| {
        line.strip_prefix(author.as_str())
            .is_some_and(|rest| weight(rest) <= 40 && !ends_sentence(rest))
    });
    is_short
        && (signature::line(line).is_some()
            || BYLINE.is_match(line)
            || is_author
            || (DATE_LINE.is_match(line) && !line.ends_with(['.', '。', '"', '”'])))
}

fn tail(lines: &mut Vec<String>, frame: &Frame<'_>, signature: &mut Signature) {
    cut_at_mark(lines);
    for _ in 0..TAIL {
        let Some(line) = lines.last().filter(|_| lines.len() > 1) else {
            break;
        };
        if let Some(found) = signature::line(line) {
            merge(signature, found);
        } else if let Some(agency) = agency_line(line) {
            signature.agency.get_or_insert(agency);
        } else if !is_tail_line(line, frame) {
            break;
        }
        lines.pop();
    }
    if let Some(line) = lines.last_mut() {
        *line = INLINE_COPYRIGHT.replace(line, "").into_owned();
        if let Some((text, found)) = signature::glued(line) {
            let text = text.to_owned();
            merge(signature, found);
            *line = text;
        }
    }
    lines.retain(|line| !line.is_empty());
}

/// A copyright or promotion line ends the text when only short lines follow it.
fn cut_at_mark(lines: &mut Vec<String>) {
    let first = lines.len().saturating_sub(TAIL).max(1);
    let mut cut = None;
    for (at, line) in lines.iter().enumerate().skip(first).rev() {
        if COPYRIGHT.is_match(line) || REPRINT.is_match(line) || is_heading_prompt(line) {
            cut = Some(at);
        } else if weight(line) > 160 && ends_sentence(line) {
            break;
        }
    }
    if let Some(cut) = cut {
        lines.truncate(cut);
    }
}

fn is_heading_prompt(line: &str) -> bool {
    weight(line) <= 60 && !ends_sentence(line) && PROMPT.is_match(line)
}

fn agency_line(line: &str) -> Option<String> {
    let name = AGENCY_ONLY.captures(line)?.get(1)?.as_str();
    let is_plain =
        !name.chars().any(|c| c.is_ascii_digit()) && name.split_whitespace().count() <= 2;
    is_plain.then(|| name.trim().to_owned())
}

fn is_tail_line(line: &str, frame: &Frame<'_>) -> bool {
    let is_pointer = line.starts_with(['▶', '☞', '▷', '►', '➤', '👉', '☎']);
    let is_mark = line.starts_with(['■', '◆', '●', '★', '*', '※', '▲'])
        && weight(line) <= 90
        && !ends_sentence(line);
    let is_author = frame.authors.iter().any(|author| line == author);
    let is_bare = !line.chars().any(char::is_alphanumeric);
    is_pointer
        || is_mark
        || is_author
        || is_bare
        || COPYRIGHT.is_match(line)
        || REPRINT.is_match(line)
        || (weight(line) <= 150 && PROMPT.is_match(line))
        || (weight(line) <= 60 && BYLINE.is_match(line))
        || (line.starts_with('#') && !line.contains(". "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame<'static> = Frame {
        title: "다리 셋을 걷다",
        authors: &[],
    };

    fn trimmed(texts: &[&str]) -> (Vec<String>, Signature) {
        let mut lines: Vec<String> = texts.iter().map(|t| (*t).to_owned()).collect();
        let signature = trim(&mut lines, &FRAME);
        (lines, signature)
    }

    #[test]
    fn front_and_tail_go_and_the_text_stays() {
        let (lines, signature) = trimmed(&[
            "다리 셋을 걷다",
            "입력 2024-03-05 09:20",
            "홍가온 기자",
            "다리는 1931년에 놓였다는 설정이다.",
            "‘무단 전재’가 논란이 됐다고 그는 말했다.",
            "▶ 관련기사: 노선도",
            "<저작권자 ⓒ 새솔경제, 무단전재 및 재배포 금지>",
            "댓글 0",
        ]);
        assert_eq!(
            lines,
            [
                "다리는 1931년에 놓였다는 설정이다.",
                "‘무단 전재’가 논란이 됐다고 그는 말했다."
            ]
        );
        assert_eq!(signature.names, ["홍가온"]);
    }

    #[test]
    fn true_sentences_are_not_mistaken_for_furniture() {
        let text = [
            "그는 무단 전재 금지를 요구했다.",
            "▲ 첫째는 노선이다. ▲ 둘째는 요금이다.",
            "이 연재를 기획한 사람은 홍길동 기자",
        ];
        assert_eq!(trimmed(&text).0, text);
    }

    #[test]
    fn one_line_is_never_trimmed_away() {
        assert_eq!(trimmed(&["홍가온 기자"]).0, ["홍가온 기자"]);
    }
}
