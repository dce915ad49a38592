//! What surrounds the names in a byline.

use crate::extract::pattern::Pattern;

/// Words that open a byline, in the languages that have one.
pub(in crate::extract::metadata) static LABEL: Pattern = Pattern::new(concat!(
    r"(?i)^\W*(?:(?:(?:written|posted|reported|published|created|authored|reviewed|submitted|",
    r"story|words|text|article|report|analysis|opinion|review|guest post|interview)\s+by|by|",
    r"authors?|author\(s\)|words|writer|reporter|",
    r"(?:eingestellt |alles |ein beitrag |ein artikel )?vo[nm]|verfasst von|geschrieben von|autor(?:in)?(?:nen)?|autor/in|autorin/autor|autor/autorin|autor[:*_]in(?:nen)?|",
    r"texte? de|texte|écrit par|rédigé par|publié par|par|auteure?s?|",
    r"escrito por|redactado por|publicado por|por|autor(?:a|es)?|texto|scritto da|",
    r"pubblicato da|a cura di|di|da|testo|autor[ei]|door|geschreven door|tekst|auteur|",
    r"av|af|skrevet av|skrevet af|skriven av|text|tekst|författare|forfatter|",
    r"autorzy|tekst|opracował|napsal|yazan|yazar|haberi?|oleh|penulis|reporter|",
    r"автор(?:ы|и)?|текст)\b\s*[:：|]?\s+|",
    r"(?:글쓴이|글|기자명|작성자|문|文責|執筆者?|著者|筆者|文・構成|取材・文|文|撰文|撰稿|作者|记者|記者|",
    r"بقلم|كتب|कलम|द्वारा|إعداد|από|του|מאת)(?:\s*[:：|/／]\s*|\s+))"
));
/// A label with nothing behind it: the name follows on the next line.
pub(super) static LONE_LABEL: Pattern = Pattern::new(concat!(
    r"(?i)^\W*(?:(?:(?:written|posted|reported|published|story|words|text)\s+)?by|von|autor(?:in)?|",
    r"par|auteure?|por|autora?|di|a cura di|door|auteur|av|af|authors?|author\(s\)|writer|reporter|",
    r"words|text|texte|글|기자|작성자|文|作者|撰文|執筆|著者|автор|oleh|penulis|yazar)\s*[:：|]?\s*$",
));
pub(super) static SEPARATOR: Pattern = Pattern::new(concat!(
    r"(?i)\s*(?:[;·ㆍ・∙•⋅|、，]|&|\s[-–—]\s|/)\s*|",
    r"\s(?:and|und|et|y|och|og|en|mit|e|i|ve|dan|и|та|및|와|with)\s|\s*\n\s*",
));
pub(super) static NOISE: Pattern = Pattern::new(concat!(
    r"(?i)https?://\S+|www\.\S+|\S+@\S*|\([^)]*\)|\[[^\]]*\]|(?:^|\s)@\w+|\b외\s?\d+\s?명|",
    r"\b(?:for|in) the [A-Z]\w+(?: [A-Z]\w+)*$",
));
/// What stands before the label of a byline: a date, a rubric.
pub(super) static PREFIX: Pattern = Pattern::new(
    r"^(.*\b[Bb][Yy]|[\p{Ll}\d].*\b[Vv]on|.*\d.*\b(?:[Vv]on|[Pp]or|[Pp]ar))\s+(\p{Lu}.*)$",
);
/// What stands behind the names.
pub(super) static SUFFIX: Pattern = Pattern::new(concat!(
    r"(?i)\s+(?:(?:last )?updated|published|posted|reviewed|edited|stand|hace|im gespräch mit|",
    r"(?:photos?|photography|fotos?|fotografie|bilder|images|pictures|illustrations?)(?: by|\s?:\s*)|",
    r"on behalf of|for|from|is an?|ist|is the|min(?:ute)? read|lesezeit|view profile|view bio|",
    r"follow|am (?:mon|diens|donners|frei|sams|sonn)tag|am mittwoch|",
    r"sagt|says|über den autor|about the author|bio)\b.*$"
));
/// The label of somebody who did not write, behind those who did or alone.
pub(super) static EDITED_BY: Pattern = Pattern::new(concat!(
    r"(?i)(?P<apart>[,;|–—-]\s*)?\b(?:edited|reviewed|updated|checked|verified|approved|curated|",
    r"translated|produced|presented|photographed|illustrated|designed) by$",
));
/// A date behind the names, and everything after it.
pub(super) static DATED: Pattern = Pattern::new(concat!(
    r"(?i)[\s(|·,–-]+(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*,?\s)?(?:(?:jan(?:uary?|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|",
    r"apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|",
    r"nov(?:ember)?|de[cz](?:ember)?)\.?\s)?\d.*$"
));
/// A whole date, perhaps with a time, in front of the names.
pub(super) static DATE_FIRST: Pattern = Pattern::new(concat!(
    r"(?i)^(?:(?:\p{L}+\.?,?\s)?(?:\p{L}+\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s|",
    r"\d{1,2}\.?\s(?:de\s)?\p{L}+\.?\s(?:de\s)?)\d{4}|",
    r"\d{4}[./-]\d{1,2}[./-]\d{1,2}\.?|\d{1,2}[./-]\d{1,2}[./-]\d{4})",
    r"(?:,?\s(?:at\s|um\s)?\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\.?)?(?:\suhr)?)?[\s|·•,–—-]+"
));
/// Lines on those who did not write: editors, reviewers, photographers.
pub(super) static OTHERS: Pattern = Pattern::new(concat!(
    r"(?i)^\W*(?:(?:last )?(?:updated|edited|reviewed|fact[ -]?checked|medically reviewed|photos?|",
    r"photographs?|illustrat\w+|image|pictures?|graphics?|curated|translated|produced|presented|",
    r"geprüft|bearbeitet|aktualisiert|redigiert|fotos?|bilder|bild|grafik|übersetz\w+|quelle|credit|",
    r"source|foto's|beeld|photographie|traduction|traducción|traduzione|ilustraci\w+)\b[^,]{0,24}?",
    r"(?:\b(?:by|von|par|por|di|door|av|af)\b|[:：|©/])|",
    r"editors?\s*[:：]|责任编辑|責任編輯|责编|責編|编辑|編輯|校对|審稿|摄影|攝影|撮影|사진|편집|영상|감수)",
));
