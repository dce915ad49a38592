//! The words of a caption parted from its mark and its credit: `▲전차가 달린다. (사진제공=새솔시)`.

use super::credit::{
    bare, in_brackets, is_credit, is_full_name, is_last_line, is_name, is_source, labels,
};
use crate::extract::pattern::Pattern;
use crate::extract::text::{clean, ends_sentence, is_wide};

/// Longer texts under a picture are paragraphs.
const MAX_CAPTION: usize = 800;
/// Longer texts that the markup calls a credit are paragraphs too.
const MAX_STATED_CREDIT: usize = 250;

static BRACKETED: Pattern = Pattern::new(
    r"^(?P<rest>.*?)\s*[(\[（<【〈]\s*(?P<credit>[^()\[\]（）<>【】]{2,90})\s*[)\]）>】〉]\s*[.。]?$",
);
static LABELLED: Pattern = Pattern::new(concat!(
    r"(?i)^(?:(?P<rest>.*?[.。])\s*[/|(\[]*\s*|(?P<start>.*?)[\s/|,\-–—(\[]+)??(?:",
    labels!(),
    r")(?:\s?by\s|\s?[:：=＝／/]\s?)\s*(?P<credit>.{2,120})$"
));
static GLUED: Pattern = Pattern::new(
    r"^(?P<rest>.+[.다])\s?/?(?:사진\s?(?:제공)?|그래픽|출처)\s?[:：=＝]\s?(?P<credit>.{2,60})$",
);
static RIGHTS_SIGN: Pattern = Pattern::new(
    r"(?i)^(?P<rest>.*?)\s*[|/,\-–(]?\s*(?:©|ⓒ|\(c\)|copyright)\s*(?P<credit>.{2,90})$",
);
static SIGNED: Pattern = Pattern::new(
    r"^(?P<rest>.*[.!?다…])\s+(?P<credit>[가-힣]{2,4}\s?(?:[가-힣]{2}\s?)?기자)(?:\s+\S*@\S*)?$",
);
static WIRE: Pattern =
    Pattern::new(r"^(?P<rest>.*[^\s=＝])\s?[=＝]\s?(?P<credit>[^\s=＝、。\d]{2,20})$");
static CONTROL: Pattern = Pattern::new(concat!(
    r"(?i)^\W*(?:(?:이미지|사진|그림)\s?(?:크게\s?보기|확대(?:보기)?|원본\s?보기)|크게\s?보기|확대|닫기|",
    r"(?:open|view|see|show|enlarge|expand|click|tap|zoom)\b.{0,20}\b(?:photos?|images?|pictures?|gallery|enlarge|zoom|full ?screen|size)\b.{0,14}|",
    r"(?:bild|foto|detailansicht|vollbild)\s(?:vergrößern|öffnen|anzeigen|in .{2,20})|vergrößern|in vollbild.{0,12}|(?:foto|bilder)strecke.{0,12}|",
    r"(?:agrandir|voir)(?:\sl['’]image)?(?:\sen plein écran)?|ampliar(?:\s(?:foto|imagen|imagem))?|",
    r"ingrandisci(?:\s(?:foto|immagine))?|vergroot(?:\s(?:foto|beeld))?|powiększ(?:\szdjęcie)?|",
    r"(?:画像|写真|図)?を?(?:拡大(?:する|表示)?|開く)|点击查看大图|查看大图|放大|увеличить|",
    r"(?:slide|image|photo|foto|bild|\d+)\s?\d*\s?(?:/|of|von|de|di|sur)\s?\d+|",
    r"caption|image|images|photo|video|foto|bild|undefined|null|advertisement|[\d:]+\s?(?:min|sec|s)?)\W*$"
));
static CAPTION_LABEL: Pattern = Pattern::new(
    r"(?i)^(?:image caption|photo caption|caption|legende?|légende|bildunterschrift|사진\s?설명|이미지\s?설명|画像説明|写真説明)\s?[,:：=]?\s+",
);

/// What is known of a picture.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Described {
    pub(super) caption: Option<String>,
    pub(super) credit: Option<String>,
}

impl Described {
    /// Takes over what was not known.
    pub(super) fn complete(&mut self, other: Self) {
        self.credit = self.credit.take().or(other.credit);
        let is_credit = self.credit.is_some() && other.caption == self.credit;
        let caption = other.caption.filter(|_| !is_credit);
        self.caption = self.caption.take().or(caption);
    }
}

/// Parts lines of a caption, and lines that the markup calls a credit, into caption and credit.
pub(super) fn described(lines: &[&str], credits: &[&str]) -> Described {
    if lines.is_empty() && credits.is_empty() {
        return Described::default();
    }
    let is_said = |line: &&&str| !CONTROL.is_match(line);
    let mut lines: Vec<&str> = lines.iter().filter(is_said).copied().collect();
    let marked: Vec<&str> = credits.iter().filter(is_said).copied().collect();
    let credit = if marked.is_empty() {
        take_credit(&mut lines)
    } else {
        stated_credit(&marked.join(" "), &lines.join(" "))
    };
    let joined = lines.join(" ");
    let text = joined.trim_start_matches(['▲', '△', '▼', '◀', '▶', '↑', '◆', ' ']);
    let text = clean(&CAPTION_LABEL.replace(text, ""));
    if text.chars().count() > MAX_CAPTION {
        return Described::default();
    }
    let (caption, found) = part(&text);
    let filled = |text: String| Some(text).filter(|t| t.chars().any(char::is_alphanumeric));
    Described {
        caption: filled(caption),
        credit: credit.or(found).and_then(filled),
    }
}

/// The credit that the markup states; one element around caption and credit repeats the caption.
fn stated_credit(marked: &str, caption: &str) -> Option<String> {
    let credit = bare(marked.strip_prefix(caption).unwrap_or(marked));
    Some(credit).filter(|credit| credit.chars().count() <= MAX_STATED_CREDIT)
}

/// The line of several that is the credit: one that says so, or the last one.
fn take_credit(lines: &mut Vec<&str>) -> Option<String> {
    let [.., before, last] = lines.as_slice() else {
        return None;
    };
    let is_last = || is_last_line(last, ends_sentence(before)).then_some(lines.len() - 1);
    let at = lines
        .iter()
        .position(|line| is_credit(line))
        .or_else(is_last)?;
    Some(bare(lines.remove(at)))
}

fn part(text: &str) -> (String, Option<String>) {
    if let Some(found) = SIGNED.captures(text) {
        return (group(&found, "rest"), Some(group(&found, "credit")));
    }
    if let Some(found) = BRACKETED.captures(text) {
        let (rest, inner) = (group(&found, "rest"), group(&found, "credit"));
        let named = || (ends_sentence(&rest) && is_full_name(&inner)).then(|| inner.clone());
        if let Some(credit) = in_brackets(&inner).or_else(named) {
            return (rest, Some(credit));
        }
    }
    for pattern in [&LABELLED, &GLUED, &RIGHTS_SIGN] {
        if let Some(found) = pattern.captures(text) {
            let rest = group(&found, "rest") + &group(&found, "start");
            let rest = rest.trim_end_matches(['/', '|', '[', '(', ' ', '<', ',', '-', '–', '—']);
            return (rest.to_owned(), Some(bare(&group(&found, "credit"))));
        }
    }
    match trailing(text) {
        Some((rest, credit)) => (rest.trim().to_owned(), Some(bare(credit))),
        None => (text.to_owned(), None),
    }
}

/// The text and the credit at its end that nothing but its place tells: after a bar, an equals sign,
/// a slash or the last sentence.
fn trailing(text: &str) -> Option<(&str, &str)> {
    if let Some((rest, credit)) = text.rsplit_once(" | ") {
        let is_short = credit.chars().count() <= 80 && !ends_sentence(credit);
        return is_short.then_some((rest, credit));
    }
    if let Some(found) = WIRE.captures(text).filter(|_| text.chars().any(is_wide)) {
        let (rest, credit) = (found.name("rest")?, found.name("credit")?);
        return Some((rest.as_str(), credit.as_str()));
    }
    if let Some((rest, credit)) = text.split_once(" / ") {
        let is_short = credit.chars().count() <= 60 && !has_sentence(credit);
        let is_named = credit.contains(" / ") || is_source(credit) || is_name(credit);
        return (is_short && is_named).then_some((rest, credit));
    }
    if let Some((rest, credit)) = text.rsplit_once('/') {
        let is_end = rest.ends_with(['.', '다', ' ']) && credit.chars().any(is_wide);
        if is_end && credit.chars().count() <= 20 && !credit.contains('.') {
            return Some((rest, credit));
        }
    }
    let end = text.rfind(['.', '!', '?', '…', '”', '»', '"'])?;
    let next = end + text.get(end..)?.chars().next()?.len_utf8();
    let (rest, credit) = text.split_at_checked(next)?;
    let is_parted = credit.starts_with(' ') && credit.chars().count() <= 80;
    (is_parted && is_source(credit.trim())).then_some((rest, credit))
}

/// Whether a text holds the end of a sentence: a full stop that follows no initial.
fn has_sentence(text: &str) -> bool {
    let mut parts = text.split(". ").peekable();
    let is_word = |part: &str| {
        part.rsplit(' ')
            .next()
            .is_some_and(|word| word.chars().nth(1).is_some())
    };
    std::iter::from_fn(|| parts.next().filter(|_| parts.peek().is_some())).any(is_word)
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

    type Case = (&'static str, Option<&'static str>, Option<&'static str>);

    /// A text, its caption and its credit.
    const CAPTIONS: &[Case] = &[
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
            "전차가 달린다. [사진 출처 = 새솔시]",
            Some("전차가 달린다."),
            Some("새솔시"),
        ),
        ("전차. 사진=가람통신", Some("전차."), Some("가람통신")),
        (
            "전차가 달린다./사진제공=새솔시",
            Some("전차가 달린다."),
            Some("새솔시"),
        ),
        (
            "전차가 달린다. /가람일보",
            Some("전차가 달린다."),
            Some("가람일보"),
        ),
        ("国会前の列車＝ＡＰ", Some("国会前の列車"), Some("ＡＰ")),
        (
            "列車が走る。写真：東雲新聞",
            Some("列車が走る。"),
            Some("東雲新聞"),
        ),
        ("列车驶过。图/晨光社", Some("列车驶过。"), Some("晨光社")),
        (
            "Workers at the gate. Photo: Maya Lind",
            Some("Workers at the gate."),
            Some("Maya Lind"),
        ),
        (
            "Workers at the gate. | Maya Lind/Harbour Press",
            Some("Workers at the gate."),
            Some("Maya Lind/Harbour Press"),
        ),
        (
            "Workers at the gate. Noel Ash/Getty Images",
            Some("Workers at the gate."),
            Some("Noel Ash/Getty Images"),
        ),
        (
            "Workers at the gate. (Maya Lind)",
            Some("Workers at the gate."),
            Some("Maya Lind"),
        ),
        (
            "Arbeiter am Tor. (Symbolbild)",
            Some("Arbeiter am Tor. (Symbolbild)"),
            None,
        ),
        (
            "Prie vartų / M. Lindaitės / Uosto nuotr.",
            Some("Prie vartų"),
            Some("M. Lindaitės / Uosto nuotr"),
        ),
        (
            "Am Tor (Foto: Ada Lind/AFP)",
            Some("Am Tor"),
            Some("Ada Lind/AFP"),
        ),
        (
            "Am Tor. Bildrechte: MLF/Ada Lind",
            Some("Am Tor."),
            Some("MLF/Ada Lind"),
        ),
        ("Au port © Léa Marin", Some("Au port"), Some("Léa Marin")),
        (
            "El puerto. Fuente: Lucía Mar",
            Some("El puerto."),
            Some("Lucía Mar"),
        ),
        (
            "Порт вечером. Фото: Анна Лисова",
            Some("Порт вечером."),
            Some("Анна Лисова"),
        ),
        ("Foto: Ada Lind", None, Some("Ada Lind")),
        (
            "The picture that won: a ferry at night.",
            Some("The picture that won: a ferry at night."),
            None,
        ),
        (
            "Legende: Das Tor am Abend.",
            Some("Das Tor am Abend."),
            None,
        ),
    ];

    #[test]
    fn captions_are_parted_from_marks_and_credits() {
        for (text, caption, credit) in CAPTIONS {
            let got = described(&[text], &[]);
            assert_eq!(
                (got.caption.as_deref(), got.credit.as_deref()),
                (*caption, *credit),
                "{text}"
            );
        }
    }

    #[test]
    fn lines_of_a_frame_are_told_apart() {
        for (lines, credits, caption, credit) in [
            (
                &["The ferry at night.", "Getty Images"][..],
                &[][..],
                Some("The ferry at night."),
                Some("Getty Images"),
            ),
            (
                &["Die Fähre bei Nacht."],
                &["(Foto: Ada Lind)"],
                Some("Die Fähre bei Nacht."),
                Some("Ada Lind"),
            ),
            (
                &["View 3 Images", "The ferry at night"],
                &[],
                Some("The ferry at night"),
                None,
            ),
            (&["사진 확대"], &[], None, None),
            (
                &["Detailansicht öffnen", "Die Fähre"],
                &[],
                Some("Die Fähre"),
                None,
            ),
            (
                &["Foto: Ada Lind", "Die Fähre bei Nacht"],
                &[],
                Some("Die Fähre bei Nacht"),
                Some("Ada Lind"),
            ),
            (
                &["The ferry at night"],
                &["The ferry at night Ada Lind/Harbour Press"],
                Some("The ferry at night"),
                Some("Ada Lind/Harbour Press"),
            ),
            (&["2"], &["Ada Lind"], None, Some("Ada Lind")),
            (
                &["The ferry", "It sails at nine."],
                &[],
                Some("The ferry It sails at nine."),
                None,
            ),
        ] {
            let got = described(lines, credits);
            assert_eq!(
                (got.caption.as_deref(), got.credit.as_deref()),
                (caption, credit),
                "{lines:?}"
            );
        }
    }

    #[test]
    fn a_paragraph_is_neither_caption_nor_credit() {
        let text = "The ferry at night. ".repeat(14);
        let known = Described {
            caption: Some("The ferry".to_owned()),
            credit: None,
        };
        assert_eq!(described(&["The ferry"], &[&text]), known);
        assert_eq!(
            described(&[&"long text ".repeat(90)], &[]),
            Described::default()
        );
    }
}
