//! The language of the text. Some scripts are certain; else what the page declares, unless a
//! statistical guess over enough text is sure of another.

use whatlang::Lang;

use super::Sources;
use super::field::Field;
use crate::domain::Trust;
use crate::extract::text::head;
use crate::markup::json_ld;

/// Characters that are looked at.
const SAMPLE: usize = 2_000;
/// The commonest words of languages. Statistics cost as much as a quarter of a page's extraction, and
/// tell nothing new of a text that is full of these words of the language it is declared in.
const COMMON: &[(&str, &str)] = &[
    ("en", "the of and to a in is on was for that with"),
    (
        "de",
        "der die und das nicht ist mit von den ein eine im zu auf für in",
    ),
    ("fr", "les des est une dans pour qui du et le la de à en"),
    ("es", "los las una por con del el en y la de que a"),
    ("it", "che di della il per non sono del è un e la a in"),
    ("pt", "não uma com do da os em para o que de e a"),
    ("nl", "het een van dat niet zijn op de en voor in is met te"),
];
/// Words in a hundred that have to be common ones; in texts of related languages fewer are.
const COMMON_SHARE: usize = 18;
/// Fewer words prove nothing.
const MIN_WORDS: usize = 60;
/// Fewer letters say nothing about a language.
const MIN_LETTERS: usize = 120;

/// The language of `text`, a sample of the article.
pub(super) fn language(
    page: &Sources<'_>,
    text: &str,
    configured: Option<&str>,
) -> Option<Field<String>> {
    let sample = head(text, SAMPLE);
    if let Some(code) = by_script(&sample) {
        return Some(Field::new(
            code.to_owned(),
            "text",
            &head(&sample, 60),
            Trust::High,
        ));
    }
    let declared = declared(page);
    let is_confirmed = declared
        .as_ref()
        .is_some_and(|(_, code, _)| is_written_in(code, &sample));
    let guess = if is_confirmed { None } else { guess(&sample) };
    match (declared, guess) {
        (Some((_, code, _)), Some(guess))
            if code != guess && is_told_apart(&code) && !is_near(&code, guess) =>
        {
            Some(Field::new(
                guess.to_owned(),
                "text",
                &head(&sample, 60),
                Trust::Medium,
            ))
        }
        (Some((strategy, code, raw)), _) => Some(Field::new(code, strategy, &raw, Trust::High)),
        (None, Some(guess)) => Some(Field::new(
            guess.to_owned(),
            "text",
            &head(&sample, 60),
            Trust::Medium,
        )),
        (None, None) => {
            let code = configured?;
            Some(Field::new(code.to_owned(), "source", code, Trust::Low))
        }
    }
}

/// Scripts of one language of the news each, with the percent of the letters that prove it.
const SCRIPTS: [(std::ops::RangeInclusive<char>, usize, &str); 7] = [
    ('\u{ac00}'..='\u{d7a3}', 25, "ko"),
    ('\u{3041}'..='\u{30ff}', 15, "ja"),
    ('\u{0e01}'..='\u{0e5b}', 50, "th"),
    ('\u{0590}'..='\u{05ff}', 50, "he"),
    ('\u{0370}'..='\u{03ff}', 50, "el"),
    ('\u{10a0}'..='\u{10ff}', 50, "ka"),
    ('\u{0530}'..='\u{058f}', 50, "hy"),
];
/// Fewer letters prove no script.
const MIN_SCRIPT_LETTERS: usize = 8;

/// Hangul is Korean, kana is Japanese, and a few scripts have one language of the news.
pub(super) fn by_script(text: &str) -> Option<&'static str> {
    if text.is_ascii() {
        return None;
    }
    let mut letters = 0;
    let mut counts = [0_usize; SCRIPTS.len()];
    for c in text.chars() {
        letters += usize::from(c.is_alphabetic());
        if c >= '\u{370}' {
            let scripts = SCRIPTS.iter().zip(&mut counts);
            for ((range, ..), count) in scripts {
                *count += usize::from(range.contains(&c));
            }
        }
    }
    let mut scripts = SCRIPTS.iter().zip(counts);
    let proven = scripts.find(|((_, share, _), count)| count * 100 >= letters * share);
    proven
        .filter(|_| letters >= MIN_SCRIPT_LETTERS)
        .map(|((.., code), _)| *code)
}

fn declared(page: &Sources<'_>) -> Option<(&'static str, String, String)> {
    let stated = page
        .article
        .and_then(|node| json_ld::text(node, "inLanguage"));
    let metas = page
        .head
        .meta_of(&["og:locale", "content-language", "dc.language", "language"]);
    [
        ("json_ld", stated),
        ("markup", page.head.language.clone()),
        ("meta", metas.map(str::to_owned)),
    ]
    .into_iter()
    .find_map(|(strategy, raw)| {
        let raw = raw?;
        Some((strategy, code(&raw)?, raw))
    })
}

/// The ISO 639-1 part of a tag such as `en-US`.
pub(super) fn code(tag: &str) -> Option<String> {
    let primary = tag
        .split(['-', '_', ','])
        .next()?
        .trim()
        .to_ascii_lowercase();
    match primary.as_str() {
        "kor" | "korean" => return Some("ko".to_owned()),
        "eng" | "english" => return Some("en".to_owned()),
        "jpn" | "jp" | "japanese" => return Some("ja".to_owned()),
        "ger" | "deu" | "german" | "deutsch" => return Some("de".to_owned()),
        "nb" | "nn" => return Some("no".to_owned()),
        _ => {}
    }
    let is_code = primary.len() == 2 && primary.bytes().all(|b| b.is_ascii_lowercase());
    is_code.then_some(primary)
}

/// Whether the statistics know a language. Of others they name the next relative: Zulu for Xhosa.
fn is_told_apart(code: &str) -> bool {
    Lang::all()
        .iter()
        .any(|lang| two_letters(*lang) == Some(code))
}

/// Languages that statistics confuse.
fn is_near(declared: &str, guess: &str) -> bool {
    const NEAR: &[&[&str]] = &[
        &["no", "da", "sv"],
        &["hr", "sr", "bs", "sl"],
        &["id", "ms"],
        &["cs", "sk"],
        &["es", "pt", "ca", "gl"],
        &["ru", "uk", "bg", "mk", "be"],
        &["zh", "ja"],
        &["de", "nl", "lb", "af"],
        &["hi", "mr", "ne"],
        &["fa", "ar", "ur"],
    ];
    NEAR.iter()
        .any(|family| family.contains(&declared) && family.contains(&guess))
}

/// Whether the text is full of the commonest words of a language.
fn is_written_in(code: &str, sample: &str) -> bool {
    let Some((_, common)) = COMMON.iter().find(|(known, _)| *known == code) else {
        return false;
    };
    let common: Vec<&str> = common.split(' ').collect();
    let (mut words, mut found) = (0, 0);
    for word in sample.split_whitespace() {
        words += 1;
        found += usize::from(common.contains(&word));
    }
    words >= MIN_WORDS && found * 100 >= words * COMMON_SHARE
}

fn guess(sample: &str) -> Option<&'static str> {
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    let found = whatlang::detect(sample)?;
    let is_sure = letters >= MIN_LETTERS && found.is_reliable() && found.confidence() > 0.9;
    if is_sure || matches!(found.lang(), Lang::Cmn) {
        two_letters(found.lang())
    } else {
        None
    }
}

fn two_letters(lang: Lang) -> Option<&'static str> {
    Some(match lang {
        Lang::Eng => "en",
        Lang::Deu => "de",
        Lang::Fra => "fr",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Rus => "ru",
        Lang::Ukr => "uk",
        Lang::Pol => "pl",
        Lang::Ces => "cs",
        Lang::Tur => "tr",
        Lang::Swe => "sv",
        Lang::Dan => "da",
        Lang::Nob => "no",
        Lang::Fin => "fi",
        Lang::Hun => "hu",
        Lang::Ron => "ro",
        Lang::Cmn => "zh",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Vie => "vi",
        Lang::Ind => "id",
        Lang::Ara => "ar",
        Lang::Heb => "he",
        Lang::Pes => "fa",
        Lang::Hin => "hi",
        Lang::Tha => "th",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Lav => "lv",
        Lang::Lit => "lt",
        Lang::Est => "et",
        Lang::Cat => "ca",
        Lang::Slk => "sk",
        Lang::Slv => "sl",
        Lang::Mya => "my",
        Lang::Khm => "km",
        Lang::Ben => "bn",
        Lang::Tam => "ta",
        Lang::Zul => "zu",
        Lang::Afr => "af",
        Lang::Urd => "ur",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hangul_and_kana_are_certain() {
        assert_eq!(by_script("새솔시가 강변에 AI 전차를"), Some("ko"));
        assert_eq!(by_script("国勢調査は終わっていない"), Some("ja"));
        assert_eq!(by_script("The quick brown fox"), None);
    }

    #[test]
    fn only_known_languages_are_overruled() {
        assert!(is_told_apart("en") && is_told_apart("zu"));
        assert!(!is_told_apart("xh") && !is_told_apart("cy"));
    }

    #[test]
    fn language_tags_become_two_letters() {
        for (tag, expected) in [
            ("ko-KR", Some("ko")),
            ("en_US", Some("en")),
            ("Korean", Some("ko")),
            ("x", None),
        ] {
            assert_eq!(code(tag).as_deref(), expected);
        }
    }
}
