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
/// A role before the names, as Chinese bylines have it (`記者王小明／台北報導`, `本报记者 张伟、李娜`).
static ROLE_FIRST: Pattern = Pattern::new(concat!(
    r"^(?:\p{Han}{1,6}[／/])?",
    r"(?:本报|本報|本刊|本网|本網|特约|特約|见习|見習|实习|實習|首席|新华社|新華社|中央社|中新社)*",
    r"(?:记者|記者|通讯员|通訊員)\s*[:：]?\s*",
    r"(?P<names>\p{Han}{2,4}(?:[\s、,，]+\p{Han}{2,4}){0,4})",
    r"(?:\s*[／/]\s*\p{Han}{1,8}(?:報導|报道|電|电))?$",
));
/// A Japanese role before a name.
static TITLED: Pattern = Pattern::new(
    r"^(?:編集委員|論説委員|論説主幹|解説委員|特派員|記者)[\s:：]+(?P<name>[\p{Han}ぁ-ヿ]{2,8})$",
);
/// What begins nearly all Chinese names of persons.
const SURNAMES: &str = "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹曾彭\
    萧蕭蔡潘田董袁于余叶葉蒋蔣杜苏蘇魏程吕呂丁沈任姚卢盧傅钟鍾鐘姜崔谭譚廖范汪陆陸金石戴贾賈韦韋夏邱方侯邹鄒熊孟\
    秦白江阎閻薛尹段雷黎史龙龍陶贺賀顾顧毛郝龚龔邵万萬钱錢严嚴赖賴洪武莫孔汤湯温溫康施文牛樊葛邢齐齊易乔喬伍庞龐\
    颜顏倪庄莊聂聶章鲁魯岳翟殷詹申欧歐耿兰蘭焦俞左柳甘祝包宁寧尚符舒阮柯纪紀梅童凌毕畢季裴霍涂苗谷盛曲翁冉骆駱\
    蓝藍路辛靳柴蒙鲍鮑华華喻祁蒲房滕屈饶饒解牟艾尤阳陽穆农農司卓古吉缪繆简簡芦蘆麦麥褚娄婁窦竇戚岑景\
    宫宮费費卜冷晏席卫衛米柏宗瞿桂佟臧闵閔苟邬鄔边邊卞姬师師仇栾欒隋商刁沙荣榮巫寇桑郎甄丛叢仲虞敖巩鞏佘\
    池麻苑迟遲邝鄺";
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
    let text = text
        .trim_matches(|c: char| c.is_whitespace() || "[]()<>【】〈〉〔〕（）/|=-–—".contains(c));
    if text.is_empty() || text.chars().count() > MAX_CHARS || text.ends_with("다.") {
        return None;
    }
    if let Some(names) = role_first(text) {
        return Some(Signature {
            names,
            ..Signature::default()
        });
    }
    let has_email = EMAIL.is_match(text);
    let bare = EMAIL.replace_all(text, " ");
    let bare = COUNT.replace_all(&bare, " ").into_owned();
    let signature = words(&bare, has_email)?;
    let is_signed = has_email || !signature.names.is_empty() || signature.desk.is_some();
    is_signed.then_some(signature)
}

/// The names behind a role. One that is glued to its role without more may be the rest of a word
/// (`記者会見`) where no family is called like it.
fn role_first(text: &str) -> Option<Vec<String>> {
    if let Some(found) = TITLED.captures(text) {
        return Some(vec![found.name("name")?.as_str().to_owned()]);
    }
    let found = ROLE_FIRST.captures(text)?;
    let listed = found.name("names")?.as_str();
    let split = listed.split(|c: char| c.is_whitespace() || "、,，".contains(c));
    let names: Vec<String> = split.filter(|n| !n.is_empty()).map(str::to_owned).collect();
    let is_family = |name: &String| name.chars().next().is_some_and(|c| SURNAMES.contains(c));
    names.iter().all(is_family).then_some(names)
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
            ("〔記者王小明／台北報導〕", &["王小明"]),
            ("體育中心／記者王小明", &["王小明"]),
            ("本报记者 张伟、李娜", &["张伟", "李娜"]),
            ("（记者：张伟）", &["张伟"]),
            ("編集委員 山田太郎", &["山田太郎"]),
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
            "記者会見",
            "记者从会上获悉",
            "记者连线",
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
