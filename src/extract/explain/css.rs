//! Names elements by CSS selectors that a person can paste into a rule.

use scraper::{ElementRef, Selector};

use crate::extract::element::Element;
use crate::extract::outline::Outline;

/// Steps from the element up that a selector may have.
const MAX_STEPS: usize = 5;
/// Classes that one step names at most.
const MAX_CLASSES: usize = 2;
/// Longer values of attributes are no names.
const MAX_NAME: usize = 60;

/// The shortest selector found that matches this element and no other; where there is none, what the
/// element is called.
pub(super) fn of(outline: &Outline<'_>, index: usize) -> String {
    let mut below = String::new();
    let mut called = None;
    let steps = std::iter::once(index).chain(outline.ancestors(index, MAX_STEPS - 1));
    for item in steps.filter_map(|at| outline.items.get(at)) {
        let names = names(item.element);
        let whole = |own: &String| match below.is_empty() {
            true => own.clone(),
            false => format!("{own} > {below}"),
        };
        if let Some(found) = names.iter().map(whole).find(|s| is_unique(outline, s)) {
            return found;
        }
        let exact = names.last().map(whole).unwrap_or_default();
        called.get_or_insert_with(|| exact.clone());
        below = exact;
    }
    called.unwrap_or_default()
}

/// What an element can be called, from the most telling to the most exact.
fn names(element: Element<'_>) -> Vec<String> {
    let tag = element.name();
    let id = element.id().filter(|id| is_name(id));
    let prop = element.attr("itemprop").filter(|prop| is_name(prop));
    let classes: Vec<&str> = element.classes().filter(|class| is_name(class)).collect();
    let classes = classes.iter().take(MAX_CLASSES).enumerate();
    let mut names: Vec<String> = id.map(|id| format!("#{id}")).into_iter().collect();
    names.extend(prop.map(|prop| format!("{tag}[itemprop={prop}]")));
    let mut own = tag.to_owned();
    let bare = own.clone();
    for (at, class) in classes {
        own = format!("{own}.{class}");
        if at == 0 {
            names.push(own.clone());
        }
    }
    if own == bare {
        names.push(bare);
    } else {
        names.push(own);
    }
    names
}

/// Whether a word needs no escape in CSS and looks as if it will be there tomorrow: long numbers
/// are of one page or one build.
fn is_name(word: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let starts = word.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    starts && word.len() <= MAX_NAME && digits < 4 && word.chars().all(is_plain)
}

fn is_unique(outline: &Outline<'_>, selector: &str) -> bool {
    let Ok(selector) = Selector::parse(selector) else {
        return false;
    };
    let elements = outline
        .items
        .iter()
        .filter_map(|i| ElementRef::wrap(i.node));
    elements.filter(|e| selector.matches(e)).take(2).count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::parse_html;

    #[test]
    fn names_match_their_element_alone() {
        let html = parse_html(
            "<div class='wrap x9'><p>가</p></div><div class=wrap><p id=p20240305>나</p>\
             <div id=story itemprop=articleBody>다</div><span itemprop=author>라</span></div>\
             <div class='a b'>마</div><div class='a c'>바</div>",
        )
        .unwrap();
        let outline = Outline::of(&html);
        let named = |text: &str| {
            let block = outline.blocks.iter().find(|b| b.text == text).unwrap();
            of(&outline, block.item)
        };
        assert_eq!(named("가"), "div.wrap.x9 > p");
        assert_eq!(named("다"), "#story");
        assert_eq!(named("바"), "div.a.c");
        assert_eq!(named("나"), "p", "a number of one page is no name");
        let author = outline
            .items
            .iter()
            .position(|i| i.element.name() == "span");
        assert_eq!(of(&outline, author.unwrap()), "span[itemprop=author]");
    }
}
