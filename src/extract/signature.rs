//! Lines in which a text is signed: `홍길동 기자 gildong@…`, `[경제신문/홍길동 기자]`,
//! `(세종=통신사) 홍길동 기자 =`, `山田太郎 記者`. A line is a signature only if every word of it is
//! a name, a place, a desk, a role or an address: "…을 기획한 사람은 홍길동 기자" is a sentence.

use super::pattern::Pattern;

/// How much of a paragraph's end can hold the signature and the mark of the sentence before it.
const MAX_END: usize = 200;
/// Longer lines are sentences.
const MAX_CHARS: usize = 90;

/// What a signature names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Signature {
    /// People.
    pub(super) names: Vec<String>,
    /// A desk, where nobody is named.
    pub(super) desk: Option<String>,
    /// The agency of a wire header.
    pub(super) agency: Option<String>,
}

/// A complete address, or one that is cut after the `@`.
static EMAIL: Pattern = Pattern::new(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]*");
/// A reporter's role at the end of a word, with the name perhaps glued to it.
static ROLE: Pattern = Pattern::new(concat!(
    r"^(?P<name>.*?)(?P<kind>(?:인턴|전문|선임|객원|수습|사진|영상|취재|시민|대학생|여행|의학|국방|북한)*)",
    r"(?:기자|특파원|논설위원|편집위원|칼럼니스트|통신원|리포터|아나운서|앵커|에디터|PD|피디|기상캐스터|",
    r"記者|特派員|編集委員|論説委員)$"
));
static DESK: Pattern = Pattern::new(concat!(
    r"^[\p{L}\d]*(?:뉴스|편집|보도|기획|취재|온라인|디지털|사진|영상|정치|경제|사회|국제|문화|스포츠|산업|연예|이슈)",
    r"[\p{L}\d]*(?:팀|부|국|실|센터|데스크|본부)$"
));
static COUNT: Pattern = Pattern::new(r"\s외\s?\d+\s?[명인]");
static WIRE: Pattern =
    Pattern::new(r"^\s*[(\[【<〈]\s*([^()\[\]=<>]{1,30})=\s*([^()\[\]=<>]{2,30}?)\s*[)\]】>〉]\s*");
static WIRE_NAMES: Pattern = Pattern::new(r"^([^=＝.]{2,60}?)\s*[=＝]\s*");
static BRACKET: Pattern =
    Pattern::new(r"^\s*[(\[【<〈]\s*([^()\[\]<>]{3,50}?)\s*[)\]】>〉]\s*[=:]?\s*");
/// A sentence's end and what follows it to the end of the paragraph.
static GLUED: Pattern = Pattern::new(
    r#"^(?P<text>.*(?:[가-힣][.!?]|[。！？])["”'’)\]」]?)\s*(?P<sign>[(\[/<]?[^.!?。]{3,45}(?:@[A-Za-z0-9.-]*)?[)\]>]?)$"#,
);

/// Reads a whole line as a signature.
pub(super) fn line(text: &str) -> Option<Signature> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || "[]()<>【】〈〉/|=-–—".contains(c));
    if text.is_empty() || text.chars().count() > MAX_CHARS || text.ends_with("다.") {
        return None;
    }
    let has_email = EMAIL.is_match(text);
    let bare = EMAIL.replace_all(text, " ");
    let bare = COUNT.replace_all(&bare, " ").into_owned();
    let signature = words(&bare, has_email)?;
    let is_signed = has_email || !signature.names.is_empty() || signature.desk.is_some();
    is_signed.then_some(signature)
}

/// One word of a signature and whether a separator such as `·` binds it to the next.
struct Word {
    text: String,
    is_bound: bool,
}

fn split(text: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut word = String::new();
    let mut push = |word: &mut String, is_bound: bool| {
        if !word.is_empty() {
            found.push(Word {
                text: std::mem::take(word),
                is_bound,
            });
        } else if let Some(last) = found.last_mut().filter(|_| is_bound) {
            last.is_bound = true;
        }
    };
    for c in text.chars() {
        if "·ㆍ・∙,，、&".contains(c) {
            push(&mut word, true);
        } else if c.is_whitespace() || "/|=:()[]<>".contains(c) {
            push(&mut word, false);
        } else {
            word.push(c);
        }
    }
    push(&mut word, false);
    found
}

fn words(text: &str, has_email: bool) -> Option<Signature> {
    let words = split(text);
    if words.len() > 12 {
        return None;
    }
    let mut signature = Signature::default();
    let mut pending: Vec<Word> = Vec::new();
    let mut roles = 0;
    for word in words {
        if DESK.is_match(&word.text) {
            signature.desk.get_or_insert(word.text);
            continue;
        }
        match role_name(&word.text) {
            Some(glued) => {
                roles += 1;
                if !glued.is_empty() {
                    pending.push(Word {
                        text: glued,
                        is_bound: false,
                    });
                }
                signature.names.extend(names(std::mem::take(&mut pending))?);
            }
            None if is_qualifier(&word.text) => {}
            None => pending.push(word),
        }
    }
    let rest = pending.len();
    if roles == 0 && has_email && rest > 0 {
        signature.names.extend(unlabelled(&pending)?);
    } else if rest > 2 || !pending.iter().all(|w| is_place(&w.text)) {
        return None;
    }
    Some(signature)
}

/// The name glued to a role, `""` for a role alone, `None` for a word that is no role.
fn role_name(word: &str) -> Option<String> {
    let found = ROLE.captures(word)?;
    let name = found.name("name")?.as_str();
    (name.is_empty() || is_name(name)).then(|| name.to_owned())
}

fn is_qualifier(word: &str) -> bool {
    matches!(
        word,
        "온라인"
            | "뉴스"
            | "디지털"
            | "인턴"
            | "선임"
            | "전문"
            | "객원"
            | "사진"
            | "글"
            | "스포츠"
            | "기자명"
            | "글·사진"
    )
}

/// The names before a role: the last word and those bound to it; what stands before is a place.
fn names(mut pending: Vec<Word>) -> Option<Vec<String>> {
    let Some(last) = pending.pop() else {
        return Some(Vec::new());
    };
    let mut names = vec![last.text];
    while pending
        .last()
        .is_some_and(|w| w.is_bound && is_name(&w.text))
    {
        names.extend(pending.pop().map(|w| w.text));
    }
    // "이데일리 홍길동 김철수 기자": a name may also stand free before the last.
    names.reverse();
    let is_short = pending.len() <= 3 && pending.iter().all(|w| is_place(&w.text));
    (is_short && names.iter().all(|n| is_name(n))).then_some(names)
}

/// A name with an address and no role.
fn unlabelled(pending: &[Word]) -> Option<Vec<String>> {
    let texts: Vec<&str> = pending.iter().map(|w| w.text.as_str()).collect();
    if let [name] = texts.as_slice() {
        return is_name(name).then(|| vec![(*name).to_owned()]);
    }
    let is_latin = |w: &&str| {
        w.chars().all(|c| c.is_alphabetic() || ".'’-".contains(c))
            && w.chars().next().is_some_and(char::is_uppercase)
    };
    (texts.len() <= 4 && texts.iter().all(is_latin)).then(|| vec![texts.join(" ")])
}

/// Whether a word can be a person's name in Korean, Japanese or Chinese.
pub(super) fn is_name(word: &str) -> bool {
    let count = word.chars().count();
    let is_hangul = word.chars().all(|c| ('가'..='힣').contains(&c));
    let is_japanese = word
        .chars()
        .all(|c| matches!(u32::from(c), 0x3005 | 0x3040..=0x30ff | 0x4e00..=0x9fff));
    (is_hangul && (2..=4).contains(&count)) || (is_japanese && (2..=8).contains(&count))
}

fn is_place(word: &str) -> bool {
    let has_particle = word.chars().count() > 1
        && word.ends_with(['은', '는', '을', '를', '의', '에', '.', '!', '?']);
    word.chars().count() <= 12
        && !has_particle
        && word
            .chars()
            .all(|c| c.is_alphanumeric() || "-.&".contains(c))
}

/// Splits a wire header or a byline in brackets from the start of a paragraph.
pub(super) fn opening(text: &str) -> Option<(Signature, &str)> {
    wire(text).or_else(|| bracket(text))
}

fn wire(text: &str) -> Option<(Signature, &str)> {
    let found = WIRE.captures(text)?;
    let mut signature = Signature::default();
    let source = found.get(2)?.as_str();
    match line(source).filter(|s| !s.names.is_empty()) {
        Some(signed) => signature.names = signed.names,
        None if source.chars().any(|c| "0123456789%".contains(c)) => return None,
        None => signature.agency = Some(source.to_owned()),
    }
    let rest = text.get(found.get(0)?.end()..)?;
    if let Some(names) = WIRE_NAMES.captures(rest)
        && let Some(signed) = line(names.get(1)?.as_str())
    {
        signature.names.extend(signed.names);
        return Some((signature, rest.get(names.get(0)?.end()..)?));
    }
    Some((signature, rest))
}

fn bracket(text: &str) -> Option<(Signature, &str)> {
    let found = BRACKET.captures(text)?;
    let signature = line(found.get(1)?.as_str())?;
    if signature.names.is_empty() && signature.desk.is_none() {
        return None;
    }
    Some((signature, text.get(found.get(0)?.end()..)?))
}

/// Splits a signature from the end of the last paragraph, where it follows a sentence's end.
pub(super) fn glued(text: &str) -> Option<(&str, Signature)> {
    let start = text
        .char_indices()
        .rev()
        .nth(MAX_END)
        .map_or(0, |(at, _)| at);
    let found = GLUED.captures(text.get(start..)?)?;
    let signature = line(found.name("sign")?.as_str())?;
    let text = text.get(..start + found.name("text")?.end())?;
    Some((text, signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signature_lines_name_their_people() {
        for (text, names) in [
            ("홍길동 기자 gildong@sandeul.example", &["홍길동"][..]),
            ("홍길동기자", &["홍길동"]),
            ("[ 홍길동 기자 / id@host.example ]", &["홍길동"]),
            ("최하늘·홍가온 기자", &["최하늘", "홍가온"]),
            ("홍길동 인턴기자·김철수 기자", &["홍길동", "김철수"]),
            ("도쿄/홍길동 특파원", &["홍길동"]),
            ("순천, 광양 홍길동 기자", &["홍길동"]),
            ("홍길동 온라인 뉴스 기자 id@host.example", &["홍길동"]),
            ("이름 김가람 기자 외 1명", &["김가람"]),
            ("광주=홍길동 기자", &["홍길동"]),
            ("山田太郎 記者 desk1@x.example", &["山田太郎"]),
            ("id@host.example", &[]),
            ("홍길동 의학전문기자", &["홍길동"]),
            ("조현호 기자 hyunho@", &["조현호"]),
        ] {
            assert_eq!(
                line(text).unwrap_or_else(|| panic!("{text}")).names,
                names,
                "{text}"
            );
        }
    }

    #[test]
    fn desk_is_told_from_a_person() {
        let signature = line("온라인뉴스팀 online@host.example").unwrap();
        assert_eq!(signature.desk.as_deref(), Some("온라인뉴스팀"));
        assert!(signature.names.is_empty());
    }

    #[test]
    fn sentences_that_end_in_a_reporter_are_no_signatures() {
        for text in [
            "이 연재를 처음부터 기획한 사람은 홍길동 기자",
            "정바다 기자가 보도합니다.",
            "시는 철교 옆에 보행로를 더하기로 했다.",
            "기자들이 모였다",
            "문의는 id@host.example 으로 보내면 된다.",
        ] {
            assert_eq!(line(text), None, "{text}");
        }
    }

    #[test]
    fn openings_are_cut_and_read() {
        let (signature, rest) = opening("(새솔=바다통신) 이다온 기자 = 새솔시가 한다.").unwrap();
        assert_eq!(
            (signature.names, signature.agency.as_deref(), rest),
            (
                vec!["이다온".to_owned()],
                Some("바다통신"),
                "새솔시가 한다."
            )
        );
        let (signature, rest) =
            opening("[새솔=바다통신]이다온·홍가온 기자 = 새솔시가 한다.").unwrap();
        assert_eq!((signature.names.len(), rest), (2, "새솔시가 한다."));
        let (signature, rest) = opening("[새솔경제/홍가온 기자] 새솔시가 한다.").unwrap();
        assert_eq!(
            (signature.names, rest),
            (vec!["홍가온".to_owned()], "새솔시가 한다.")
        );
        for text in [
            "[단독] 새솔시가 한다.",
            "[가상기획] 다리를 걷다.",
            "(이율=5%) 한다.",
        ] {
            assert_eq!(opening(text), None, "{text}");
        }
    }

    #[test]
    fn signature_is_cut_from_a_paragraph_only_behind_a_sentence() {
        let (text, signature) = glued("새솔시가 밝혔다.홍길동기자 id@host.example").unwrap();
        assert_eq!(
            (text, signature.names),
            ("새솔시가 밝혔다.", vec!["홍길동".to_owned()])
        );
        assert!(glued("이 연재를 기획한 사람은 홍길동 기자").is_none());
        assert!(glued("그는 말했다. 다음 날 그는 떠났다").is_none());
    }
}
