//! Who took a picture: a credit without its label, and what is one by its look.

use crate::extract::pattern::Pattern;
use crate::extract::text::{ends_sentence, is_wide};

/// Longer texts are no credit.
const MAX_CREDIT: usize = 120;

/// Words for "photo", "source" and the like, before a colon and a name.
macro_rules! labels {
    () => {
        concat!(
            r"사진\s?(?:제공|출처)?|자료\s?사진|그래픽|출처|제공|이미지|",
            r"photo(?:graph)?s?(?:\s?(?:credit|courtesy))?|images?(?:\s(?:source|credit))?|pictures?|",
            r"(?:image\s)?credits?|source|illustration|",
            r"fotos?|foto-?quelle|bild(?:quelle|rechte|nachweis|er)?|quelle|grafik|©\s?foto|",
            r"crédits?(?:\sphotos?)?|photographie|imagen|fotografía|fuente|fotografia|fonte|immagine|",
            r"beeld|bron|kilde|fotograf|kuva|lähde|zdjęcie|źródło|zdroj|фото|источник|fotoğraf|ảnh|",
            r"写真(?:提供)?|画像(?:提供)?|撮影|提供|出典|图片来源|圖片來源|图源|图片|攝影|摄影|摄|图|圖",
        )
    };
}

pub(super) use labels;

static LABEL: Pattern = Pattern::new(concat!(
    r"(?i)^\W*(?:",
    labels!(),
    r")(?:\s?by\b|\s?[:：=＝／/])\s*"
));
static GIVEN: Pattern = Pattern::new(r"^(?P<name>.{1,40}?)\s?(?:제공|提供)(?:[.,].*)?$");
static RIGHTS: Pattern = Pattern::new(
    r"(?i)\s*[.,]?\s*(?:\*?재판매.*|무단\s?전재.*|all rights reserved|tous droits réservés)\W*$",
);

/// Words that stand alone in credits.
const AGENCIES: &[&str] = &[
    "AP",
    "AFP",
    "EPA",
    "EFE",
    "ANSA",
    "PA",
    "APA",
    "dpa",
    "DPA",
    "ANP",
    "NTB",
    "TT",
    "CTK",
    "ČTK",
    "PAP",
    "TASS",
    "ТАСС",
    "Xinhua",
    "Kyodo",
    "Jiji",
    "Reuters",
    "REUTERS",
    "Getty",
    "Shutterstock",
    "iStock",
    "Alamy",
    "Imago",
    "IMAGO",
    "Keystone",
    "KEYSTONE",
    "Belga",
    "SIPA",
    "MAXPPP",
    "Unsplash",
    "Pixabay",
    "Pexels",
    "Flickr",
    "Bloomberg",
    "DB",
    "Handout",
    "LaPresse",
];
/// Parts of the names of sources in languages that write words together.
const NEWSROOM: &[&str] = &[
    "연합뉴스",
    "뉴시스",
    "뉴스1",
    "통신",
    "일보",
    "신문",
    "뉴스",
    "기자",
    "로이터",
    "공동",
    "게티이미지",
    "記者",
    "通信",
    "新聞",
    "合成",
    "新华社",
    "新華社",
    "中新社",
    "视觉中国",
];

/// A credit without its brackets, its label and the claim of rights.
pub(super) fn bare(text: &str) -> String {
    let text = RIGHTS.replace(text, "");
    let text = trimmed(&text);
    let text = LABEL.replace(text, "");
    let text = LABEL.replace(&text, "");
    let text = text.trim_start_matches(['©', 'ⓒ', ' ', ':', '|', '/', '-']);
    given(trimmed(text)).to_owned()
}

fn trimmed(text: &str) -> &str {
    text.trim()
        .trim_matches([
            '[', ']', '(', ')', '（', '）', '<', '>', '|', '/', ' ', '【', '】',
        ])
        .trim_end_matches('.')
}

/// `새솔시 제공` names the giver.
fn given(text: &str) -> &str {
    let name = GIVEN.captures(text).and_then(|found| found.name("name"));
    name.map_or(text, |name| name.as_str()).trim()
}

/// Whether a line says that it is a credit.
pub(super) fn is_credit(line: &str) -> bool {
    line.chars().count() <= MAX_CREDIT && is_labelled(line)
}

fn is_labelled(text: &str) -> bool {
    text.starts_with(['©', 'ⓒ']) || LABEL.is_match(text)
}

/// Whether the last line of several is the credit: it names a source, or it is a name after a whole
/// sentence.
pub(super) fn is_last_line(line: &str, after_sentence: bool) -> bool {
    if line.chars().count() > MAX_CREDIT || ends_sentence(line) {
        return false;
    }
    let is_bracketed = line.starts_with(['(', '[', '（']) && line.ends_with([')', ']', '）']);
    is_source(line) || (after_sentence && (is_bracketed || is_name(line)))
}

/// The credit in brackets: a giver, a labelled name, or an agency or outlet by its look.
pub(super) fn in_brackets(inner: &str) -> Option<String> {
    let inner = RIGHTS.replace(inner, "");
    let inner = inner.trim().trim_end_matches(['.', ' ']);
    if is_labelled(inner) {
        return Some(bare(inner));
    }
    let name = given(inner);
    (name.len() < inner.len() || is_source(inner)).then(|| name.to_owned())
}

/// Whether a few words name an agency, an outlet or, with a slash, a person and an agency.
pub(super) fn is_source(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let is_number = text.chars().any(|c| c.is_ascii_digit());
    if words > 10 || (is_number && !text.contains("뉴스1")) {
        return false;
    }
    let is_agency = text
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| AGENCIES.contains(&word));
    let starts_name = |part: &str| {
        let first = part.trim().chars().next();
        first.is_some_and(|c| c.is_uppercase() || is_wide(c) || c == '@')
    };
    is_agency
        || NEWSROOM.iter().any(|word| text.contains(word))
        || text
            .split_once('/')
            .is_some_and(|(a, b)| starts_name(a) && starts_name(b))
}

/// Whether a few words could be a person's name: each has a capital or is a particle.
pub(super) fn is_name(text: &str) -> bool {
    const PARTICLES: &[&str] = &[
        "de", "di", "da", "van", "von", "del", "via", "for", "&", "/", "-",
    ];
    let text = text.trim_matches(['(', ')', '[', ']']);
    let is_part = |word: &str| word.starts_with(char::is_uppercase) || PARTICLES.contains(&word);
    (1..=6).contains(&text.split_whitespace().count()) && text.split_whitespace().all(is_part)
}

/// Whether it could be the whole name of a person or firm: several words, or the initials of one.
pub(super) fn is_full_name(text: &str) -> bool {
    let is_initials = || text.len() >= 2 && text.chars().all(char::is_uppercase);
    is_name(text) && (text.contains(' ') || is_initials())
}
