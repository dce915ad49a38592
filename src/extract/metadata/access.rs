//! Whether a reader must pay: what structured data or a `meta` states, else the notice where the
//! text ends. Unknown where nothing says so.

use serde_json::Value;

use super::Sources;
use super::field::Field;
use crate::domain::Trust;
use crate::extract::body::Found;
use crate::extract::outline::Block;
use crate::extract::pattern::Pattern;
use crate::extract::role::Roles;
use crate::markup::json_ld::{self, Node};

/// Blocks after the body that may hold the notice.
const NOTICE_BLOCKS: usize = 12;
/// A longer block is a paragraph.
const NOTICE_CHARS: usize = 200;

static NOTICE: Pattern = Pattern::new(concat!(
    r"(?i)(?:subscribe|log in|sign in|register|become a (?:member|subscriber)|start (?:your )?(?:free )?trial).{0,40}\bto (?:continue|keep|read on|read the (?:full|rest)|unlock)|",
    r"(?:for|to) (?:our )?(?:paying )?(?:subscribers|members) only|(?:subscriber|member)[- ](?:only|exclusive)|exclusive (?:to|for) subscribers|",
    r"(?:nur|exklusiv) für (?:unsere )?abonnent|jetzt abonnieren und weiterlesen|weiterlesen mit .{2,25}(?:\+|plus|abo)|um (?:den|diesen) (?:ganzen )?artikel (?:weiter)?zu ?lesen|",
    r"réservée?s? (?:aux|à nos) abonnés|il vous reste .{1,12} de cet article à lire|",
    r"(?:exclusivo|solo|sólo|contenido) para (?:nuestros )?suscriptores|suscríbete para (?:seguir|continuar)|",
    r"(?:riservato|esclusiva?) (?:agli|per gli) abbonati|exclusivo para assinantes|conteúdo para assinantes|alleen voor abonnees|",
    r"(?:유료|구독)\s?(?:회원|독자|자)\s?(?:전용|만)|(?:구독|로그인)\s?(?:후|하고).{0,10}(?:계속|전문|이어)|전문은 .{0,10}구독|",
    r"(?:有料)?会員限定|有料(?:記事|会員)|続きを(?:読む|お読みいただく)には|(?:会员|會員|付费|付費|订阅|訂閱)(?:专享|專享|后阅读|後閱讀|可见)|",
    r"только (?:для|по) подпис(?:чик|к)|materiał (?:tylko )?dla prenumeratorów"
));

/// Whether the page says that a reader must pay, or that nobody must.
pub(super) fn paywalled(page: &Sources<'_>, found: &Found) -> Option<Field<bool>> {
    stated(page)
        .or_else(|| declared(page))
        .or_else(|| fenced(page))
        .or_else(|| noticed(page, found))
}

/// `isAccessibleForFree` of the article, else of the page; a part that is not free makes the whole
/// one to be paid for.
fn stated(page: &Sources<'_>) -> Option<Field<bool>> {
    let raw = |node: &Node| node.get("isAccessibleForFree").map(ToString::to_string);
    let nodes = || page.article.into_iter().chain(page.nodes);
    let is_paid = |node: &Node| is_free(node) == Some(false);
    let part = nodes().find_map(|node| {
        let parts = json_ld::objects(node, "hasPart");
        parts.into_iter().find(|part| is_paid(part)).and_then(raw)
    });
    if let Some(raw) = part {
        return Some(Field::new(true, "json_ld", &raw, Trust::High));
    }
    let node = nodes().find(|node| is_free(node).is_some())?;
    let raw = raw(node)?;
    Some(Field::new(!is_free(node)?, "json_ld", &raw, Trust::High))
}

fn is_free(node: &Node) -> Option<bool> {
    match node.get("isAccessibleForFree")? {
        Value::Bool(is_free) => Some(*is_free),
        Value::String(text) => match text.rsplit('/').next()?.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => None,
        },
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The `meta` of outlets and of their measuring services.
fn declared(page: &Sources<'_>) -> Option<Field<bool>> {
    let tier = [
        "article:content_tier",
        "og:article:content_tier",
        "content_tier",
        "content-tier",
    ];
    let flag = [
        "paywall",
        "premium",
        "ispremium",
        "is_premium",
        "article:premium",
        "paid",
        "paid-content",
    ];
    let raw = page
        .head
        .meta_of(&tier)
        .or_else(|| page.head.meta_of(&flag))?;
    let is_paid = match raw.to_ascii_lowercase().as_str() {
        "free" | "false" | "no" | "0" | "open" | "none" => false,
        "locked" | "metered" | "premium" | "paid" | "true" | "yes" | "1" | "hard"
        | "subscriber" | "subscription" => true,
        _ => return None,
    };
    Some(Field::new(is_paid, "meta", raw, Trust::High))
}

/// The same said by microdata.
fn fenced(page: &Sources<'_>) -> Option<Field<bool>> {
    let items = page.outline.items.iter();
    let raw = items
        .filter(|item| item.element.attr("itemprop") == Some("isAccessibleForFree"))
        .find_map(|item| item.element.attr("content"))
        .or_else(|| page.head.meta_of(&["isaccessibleforfree"]))?;
    let is_free = match raw.trim().to_ascii_lowercase().as_str() {
        "true" => true,
        "false" => false,
        _ => return None,
    };
    Some(Field::new(!is_free, "markup", raw, Trust::High))
}

/// A notice for those who don't pay, where the text ends.
fn noticed(page: &Sources<'_>, found: &Found) -> Option<Field<bool>> {
    if found.span.is_empty() {
        return None;
    }
    let last = found.span.end.saturating_sub(3);
    let around = last..(found.span.end + NOTICE_BLOCKS).min(page.outline.blocks.len());
    let is_notice = |block: &&Block| {
        let is_elsewhere = Roles::COMMENT
            .with(Roles::FOOTER)
            .with(Roles::NAV)
            .with(Roles::RELATED);
        block.text.chars().count() <= NOTICE_CHARS
            && !block.roles.has(is_elsewhere)
            && NOTICE.is_match(&block.text)
    };
    let block = page.outline.blocks_of(&around).iter().find(is_notice)?;
    Some(Field::new(true, "text", &block.text, Trust::Low))
}

#[cfg(test)]
mod tests {
    use crate::extract::tests::extract;

    #[test]
    fn payment_is_known_where_the_page_says_so_and_nowhere_else() {
        let json = |data: &str| format!("<script type='application/ld+json'>{data}</script>");
        let meta = |name: &str, value: &str| format!("<meta name='{name}' content='{value}'>");
        for (said, expected) in [
            (
                json("{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":\"False\"}"),
                Some(true),
            ),
            (
                json(
                    "{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":\"https://schema.org/True\"}",
                ),
                Some(false),
            ),
            (
                json(
                    "{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":true,\"hasPart\":{\"isAccessibleForFree\":false}}",
                ),
                Some(true),
            ),
            (meta("article:content_tier", "Free"), Some(false)),
            (meta("article:content_tier", "metered"), Some(true)),
            (meta("premium", "yes"), Some(true)),
            (meta("premium", "maybe"), None),
            (
                "<i itemprop=isAccessibleForFree content=false></i>".to_owned(),
                Some(true),
            ),
            (String::new(), None),
        ] {
            let text = format!(
                "{said}<article><h1>밤배가 뜬다</h1><p>가람시 항구에서 밤배가 다시 뜬다고 항만위원회가 5일 밝혔다.</p></article>"
            );
            assert_eq!(
                extract(&text, None, None).article.paywalled,
                expected,
                "{said}"
            );
        }
    }

    #[test]
    fn notice_at_the_end_of_the_text_says_so_too() {
        for (notice, expected) in [
            ("이 기사는 유료회원 전용입니다.", Some(true)),
            ("この記事は有料会員限定です。残り800文字", Some(true)),
            ("Subscribe now to continue reading", Some(true)),
            ("Dieser Artikel ist nur für Abonnenten.", Some(true)),
            ("Cet article est réservé aux abonnés.", Some(true)),
            ("Contenido exclusivo para suscriptores", Some(true)),
            ("Subscribe to our newsletter", None),
            ("구독하기", None),
        ] {
            let text = format!(
                "<article><h1>밤배가 뜬다</h1><p>가람시 항구에서 밤배가 다시 뜬다고 항만위원회가 5일 밝혔다.</p>\
                 <p>배는 밤 열한 시에 떠나고 표는 당일에만 판다고 위원회는 덧붙였다.</p></article><div class=box><p>{notice}</p></div>"
            );
            assert_eq!(
                extract(&text, None, None).article.paywalled,
                expected,
                "{notice}"
            );
        }
    }
}
