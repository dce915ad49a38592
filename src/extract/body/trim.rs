//! Takes away what stands before and behind the text in one container with it: the repeated title,
//! byline and date lines in front; signatures, tips, copyright and prompts at the end. From an
//! opening mark or as a whole line only: inside the text nothing is cut by its words.

use super::super::signature::{self, Signature};
use super::super::text::{ends_sentence, folded, weight};
use super::head::{is_byline, is_head_line, is_headline, is_labelled, is_reading_time};
use super::prompt;
use crate::extract::memory::Recall;
use crate::extract::pattern::Pattern;

/// How many lines in front and at the end are looked at.
const FRONT: usize = 8;
const TAIL: usize = 14;

static COPYRIGHT: Pattern = Pattern::new(
    r"(?i)^\W{0,4}(?:저작권자|copyrights?\b|ⓒ|©|\(c\)|all rights reserved|alle rechte vorbehalten|無断転載|当サイト)",
);
static REPRINT: Pattern = Pattern::new(
    r"^(?:[<\[(〈＜ⓒ©].*|[^.]{0,40}[ⓒ©][^.]{0,30})?무단\s?전재[^.]{0,60}(?:금지|금합니다|불가)\W*$",
);
static INLINE_COPYRIGHT: Pattern =
    Pattern::new(r"\s*[<\[(〈＜]\s*(?:저작권자|ⓒ|©|Copyright|무단\s?전재).*$");
static AGENCY_ONLY: Pattern = Pattern::new(r"^[\[<(〈]\s*([\p{L}\d./ ,]+)\s*[\]>)〉]$");
/// What follows an author's name where a note presents the author: nobody writes so of themselves.
static PORTRAIT: Pattern = Pattern::new(concat!(
    r"^(?:,? (?:is|was|has been|works|writes|covers|reports|ist|war|arbeitet|schreibt|berichtet|est|écrit|travaille|",
    r"es|escribe|cubre|è|scrive|é|escreve|schrijft|werkt|är|skriver|er|jest|pisze) |(?:은|는)\s|は|是)"
));

/// What is known of the page when its text is looked for.
pub(in crate::extract) struct Frame<'a> {
    pub(in crate::extract) title: &'a str,
    pub(in crate::extract) authors: &'a [String],
    /// What the memory of the site says of the page.
    pub(in crate::extract) recall: Option<&'a Recall<'a>>,
}

/// Trims the lines of a body and tells what the signatures in them named.
pub(super) fn trim(lines: &mut Vec<String>, frame: &Frame<'_>) -> Signature {
    let mut signature = Signature::default();
    lines.retain(|line| !prompt::is_bare(line));
    if let Some(found) = super::broadcast::strip(lines) {
        merge(&mut signature, found);
    }
    front(lines, frame, &mut signature);
    tail(lines, frame, &mut signature);
    lines.retain(|line| line.chars().any(char::is_alphanumeric) || is_rule(line));
    signature
}

/// A line of underscores: how agencies part and end their stories in plain text.
fn is_rule(line: &str) -> bool {
    line.len() >= 3 && line.chars().all(|c| c == '_')
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
    // Where the last line of the head stood: what stands above it belongs to the head as well.
    let mut head = None;
    let mut at = 0;
    for _ in 0..FRONT {
        let Some(line) = lines.get(at).filter(|_| at + 1 < lines.len()) else {
            break;
        };
        let is_title = is_headline(line, &title);
        if is_title || is_head_line(line, frame.authors) {
            if let Some(found) = signature::line(line) {
                merge(signature, found);
            }
            let above = if is_title { Some(0) } else { head };
            let from = above.unwrap_or(at);
            lines.drain(from..=at);
            (at, head) = (from, Some(from));
        } else if weight(line) >= 90 || ends_sentence(line) {
            behind_lead(lines, at + 1, frame, signature);
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

/// Takes out the byline that stands between a lead, the first line of running text, and what
/// follows; with it go the short lines down to a date or the like close behind.
fn behind_lead(lines: &mut Vec<String>, at: usize, frame: &Frame<'_>, signature: &mut Signature) {
    let is_byline = |line: &&String| weight(line) <= 80 && is_byline(line, frame.authors);
    if lines.get(at).filter(is_byline).is_none() {
        return;
    }
    let near = lines.iter().skip(at).take(FRONT / 2);
    let head = near.take_while(|line| {
        weight(line) <= 80 && (!ends_sentence(line) || is_head_line(line, frame.authors))
    });
    let size = head
        .enumerate()
        .filter(|(_, line)| is_head_line(line, frame.authors))
        .last()
        .map_or(0, |(index, _)| index + 1);
    if at + size < lines.len() {
        for line in lines.drain(at..at + size) {
            if let Some(found) = signature::line(&line) {
                merge(signature, found);
            }
        }
    }
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
    weight(line) <= 60 && !ends_sentence(line) && prompt::is_closing(line)
}

fn agency_line(line: &str) -> Option<String> {
    let name = AGENCY_ONLY.captures(line)?.get(1)?.as_str();
    let is_plain = (2..=24).contains(&name.chars().count())
        && !name.chars().any(|c| c.is_ascii_digit())
        && name.split_whitespace().count() <= 2;
    is_plain.then(|| name.trim().to_owned())
}

fn is_tail_line(line: &str, frame: &Frame<'_>) -> bool {
    let is_pointer = line.starts_with(['▶', '☞', '▷', '►', '➤', '👉', '☎']);
    let is_mark = line.starts_with(['■', '◆', '●', '★', '*', '※', '▲'])
        && weight(line) <= 90
        && !ends_sentence(line);
    let is_author = frame.authors.iter().any(|author| {
        let rest = line.strip_prefix(author.as_str());
        rest.is_some_and(|rest| rest.is_empty() || PORTRAIT.is_match(rest))
    });
    let is_bare = !line.chars().any(char::is_alphanumeric) && !is_rule(line);
    is_pointer
        || is_mark
        || is_author
        || is_bare
        || COPYRIGHT.is_match(line)
        || REPRINT.is_match(line)
        || (weight(line) <= 150 && prompt::is_closing(line))
        || is_reading_time(line)
        || (weight(line) <= 60 && is_labelled(line))
        || (line.starts_with('#') && !line.contains(". "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame<'static> = Frame {
        title: "다리 셋을 걷다",
        authors: &[],
        recall: None,
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
    fn headline_goes_with_a_kicker_but_not_with_words_that_make_it_another() {
        let text = "다리는 1931년에 놓였다는 설정이다.";
        for head in ["새솔\u{201d}다리 셋을 걷다", "새솔: 다리 셋을 걷다"] {
            assert_eq!(trimmed(&[head, text]).0, [text], "{head}");
        }
        for head in ["오늘 다리 셋을 걷다", "오늘 \u{201c}다리 셋을 걷다\u{201d}"] {
            assert_eq!(trimmed(&[head, text]).0, [head, text], "{head}");
        }
    }

    #[test]
    fn head_goes_with_what_stands_between_its_lines() {
        let text =
            "The ferry will run until two in the morning, the harbour board said on Tuesday.";
        for head in [
            &[
                "By Nora Quill",
                "Staff writer",
                "January 17, 2025",
                "3 min read",
            ][..],
            &["Hafen", "Kicker - 다리 셋을 걷다", "Lesezeit: 4 Minuten"],
            &["17:41 JST, October 13, 2024"],
            &[
                "기사입력 :[ 2024-03-05 09:20 ]",
                "최종수정 2024.03.05 10:00",
            ],
        ] {
            let lines: Vec<&str> = head.iter().copied().chain([text]).collect();
            assert_eq!(trimmed(&lines).0, [text], "{head:?}");
        }
    }

    #[test]
    fn byline_behind_the_lead_goes_and_a_chronicle_keeps_its_dates() {
        let lead =
            "The ferry will run until two in the morning, the harbour board said on Tuesday.";
        let text = "Nobody objected, and the first boat left at midnight with four hundred people.";
        let found = trimmed(&[lead, "By Nora Quill", "Ebbsea", "6 min read", text]).0;
        assert_eq!(found, [lead, text]);
        let chronicle = [lead, "March 5, 2024", text];
        assert_eq!(trimmed(&chronicle).0, chronicle);
    }

    #[test]
    fn closing_lines_go_and_the_rule_of_an_agency_stays() {
        let text = "Nobody objected, and the first boat left at midnight with four hundred people.";
        for closing in [
            &["Associated Press writers Ian Moss and Della Crane contributed to this report."][..],
            &["With files from Ebbsea Press"],
            &["Do you have a story to tell? Write to tips@harbour.example"],
            &["Tags", "Con información de Agencia Marina"],
            &["이 기사를 추천합니다", "좋아요 0 화나요 0"],
            &["화나요0", "슬퍼요 12", "추가취재 원해요0"],
            &["해솔신문 ⓒ , 무단전재 및 수집, 재배포금지"],
        ] {
            let lines: Vec<&str> = [text, "___"].iter().chain(closing).copied().collect();
            assert_eq!(trimmed(&lines).0, [text, "___"], "{closing:?}");
        }
    }

    #[test]
    fn note_that_presents_the_author_goes() {
        let frame = Frame {
            title: "",
            authors: &["Nora Quill".to_owned(), "윤슬기".to_owned()],
            recall: None,
        };
        let last =
            "Nora Quill met them at the pier. They sailed at midnight, all four hundred of them.";
        for note in [
            "Nora Quill is the Courier's harbour correspondent and has written two books on boats.",
            "윤슬기는 한빛일보 사회부에서 일한다.",
        ] {
            let mut lines = vec![last.to_owned(), note.to_owned()];
            trim(&mut lines, &frame);
            assert_eq!(lines, [last], "{note}");
        }
        let mut lines = vec!["A first line.".to_owned(), last.to_owned()];
        trim(&mut lines, &frame);
        assert_eq!(lines.len(), 2);
    }

    #[test]
    fn one_line_is_never_trimmed_away() {
        assert_eq!(trimmed(&["홍가온 기자"]).0, ["홍가온 기자"]);
    }
}
