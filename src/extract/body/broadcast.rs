//! Broadcast scripts: marks that say who speaks, the hand-over to the reporter, the sign-off and
//! the credits. Nothing is touched on pages without such a mark.

use super::super::signature::{self, Signature};
use crate::extract::pattern::Pattern;

static MARK: Pattern = Pattern::new(
    r"^\s*[\[【<(〈]\s*(?:앵커|앵커\s?멘트|리포트|기자|VCR|アナウンサー)\s*[\]】>)〉]\s*",
);
static HAND_OVER: Pattern = Pattern::new(concat!(
    r"^(?:[가-힣]{2,8}에서\s)?(?P<name>[가-힣]{2,4})\s?(?:기자|특파원)(?:가|의|이)?\s?[가-힣\s]{0,20}(?:보도|",
    r"전해|전합|취재|알아|살펴|만나|정리)[가-힣\s]{0,10}니다\.?$"
));
static SIGN_OFF: Pattern = Pattern::new(concat!(
    r"^(?:지금까지\s)?(?:[\p{L}\d]+\s){0,2}(?:[가-힣]{2,8}에서\s)?[\p{L}\d]*(?:뉴스|",
    r"뉴스룸)?\s?(?P<name>[가-힣]{2,4})(?:이었|였)?(?:입니다|습니다)\.?$"
));
static CREDITS: Pattern = Pattern::new(
    r"^[(\[<]?\s*(?:촬영|영상|편집|그래픽|자막|취재|구성|화면|자료|CG|연출|작가|디자인|음성)[가-힣\s]{0,8}[:：].{1,120}$",
);

/// Takes marks, hand-over, sign-off and credits out of a script.
pub(super) fn strip(lines: &mut Vec<String>) -> Option<Signature> {
    if !lines.iter().any(|line| MARK.is_match(line)) {
        return None;
    }
    let mut signature = Signature::default();
    let last = lines.len().saturating_sub(6);
    let mut at = 0;
    lines.retain_mut(|line| {
        at += 1;
        let bare = MARK.replace(line, "").into_owned();
        *line = bare;
        !(line.is_empty() || is_frame(line, at > last, &mut signature))
    });
    Some(signature)
}

fn is_frame(line: &str, is_late: bool, signature: &mut Signature) -> bool {
    let name_of = |pattern: &Pattern| {
        let found = pattern.captures(line)?;
        Some(found.name("name")?.as_str().to_owned())
    };
    if let Some(name) = name_of(&HAND_OVER) {
        if signature::is_name(&name) && !signature.names.contains(&name) {
            signature.names.push(name);
        }
        return true;
    }
    let is_short = line.chars().count() <= 40;
    if is_late && is_short && line.contains("뉴스") && name_of(&SIGN_OFF).is_some() {
        return true;
    }
    is_late && CREDITS.is_match(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|t| (*t).to_owned()).collect()
    }

    #[test]
    fn script_keeps_what_is_said_about_the_matter() {
        let mut script = lines(&[
            "[앵커]",
            "전차가 다닙니다.",
            "정바다 기자가 보도합니다.",
            "[리포트] 정류장은 11곳입니다.",
            "노을뉴스 정바다입니다.",
            "촬영기자:김가람/영상편집:이나래",
        ]);
        let signature = strip(&mut script).unwrap();
        assert_eq!(script, ["전차가 다닙니다.", "정류장은 11곳입니다."]);
        assert_eq!(signature.names, ["정바다"]);
    }

    #[test]
    fn text_without_marks_is_left_alone() {
        let mut text = lines(&["정바다 기자가 보도합니다.", "촬영: 김가람"]);
        assert_eq!(strip(&mut text), None);
        assert_eq!(text.len(), 2);
    }
}
