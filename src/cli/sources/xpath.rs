//! The simple forms of `XPath` as selectors of a rule. What has no exact counterpart in CSS is refused.

/// A selector for the elements, or the attribute, that an `XPath` names.
pub(super) fn selector(xpath: &str) -> Option<String> {
    let parts: Option<Vec<String>> = xpath.split('|').map(|part| path(part.trim())).collect();
    let parts = parts?;
    let has_attribute = parts.iter().any(|part| part.contains(" @"));
    (!has_attribute || parts.len() == 1).then(|| parts.join(", "))
}

/// `//div[@id='a']/p`.
fn path(xpath: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = xpath;
    while !rest.is_empty() {
        let joint = if let Some(below) = rest.strip_prefix("//") {
            rest = below;
            " "
        } else {
            rest = rest.strip_prefix('/')?;
            " > "
        };
        if rest == "text()" {
            break;
        }
        if let Some(name) = rest.strip_prefix('@') {
            return is_word(name).then(|| format!("{out} @{name}"));
        }
        let end = rest.find(['/', '[']).unwrap_or(rest.len());
        let (name, tail) = rest.split_at(end);
        if name != "*" && !is_word(name) {
            return None;
        }
        out.push_str(if out.is_empty() { "" } else { joint });
        out.push_str(name);
        rest = tail;
        while let Some(inside) = rest.strip_prefix('[') {
            let (conditions, tail) = bracketed(inside)?;
            for part in conditions.split(" and ") {
                out.push_str(&condition(part.trim())?);
            }
            rest = tail;
        }
    }
    (!out.is_empty()).then_some(out)
}

/// The text up to the bracket that closes, brackets inside quotes left alone, and what follows.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    let end = text.find(|c| match quote {
        Some(open) => {
            if c == open {
                quote = None;
            }
            false
        }
        None => {
            quote = matches!(c, '\'' | '"').then_some(c);
            c == ']'
        }
    })?;
    let (inside, tail) = text.split_at(end);
    Some((inside, tail.strip_prefix(']')?))
}

/// One condition of an element.
fn condition(text: &str) -> Option<String> {
    if text.parse::<u16>().is_ok_and(|number| number > 0) {
        return Some(format!(":nth-of-type({text})"));
    }
    let call = text.strip_prefix("contains(");
    if let Some(inner) = call.and_then(|call| call.strip_suffix(')')) {
        let (subject, word) = inner.rsplit_once(',')?;
        let subject: String = subject.split_whitespace().collect();
        let word = quoted(word.trim())?;
        // concat(' ', @class, ' ') with ' word ': one of the classes.
        let is_padded = subject.starts_with("concat(") && subject.contains("@class");
        if is_padded && word.trim() != word {
            return Some(format!("[class~=\"{}\"]", word.trim()));
        }
        return attribute(subject.strip_prefix('@')?, "*=", word);
    }
    let name = text.strip_prefix('@')?;
    match name.split_once('=') {
        Some((name, value)) => attribute(name.trim(), "=", quoted(value.trim())?),
        None => is_word(name).then(|| format!("[{name}]")),
    }
}

/// The condition on an attribute; a value with quotes in it has no simple form.
pub(super) fn attribute(name: &str, sign: &str, value: &str) -> Option<String> {
    let is_plain = is_word(name) && !value.is_empty() && !value.contains(['"', '\'', '\\', '\n']);
    is_plain.then(|| format!("[{name}{sign}\"{value}\"]"))
}

fn quoted(text: &str) -> Option<&str> {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('\'').or_else(|| inner('"'))
}

fn is_word(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    !text.is_empty() && text.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_paths_have_a_selector_and_others_none() {
        for (xpath, expected) in [
            ("//h1", Some("h1")),
            ("//div[@id='a-1']", Some("div[id=\"a-1\"]")),
            (
                "//div[contains(@class, 'body')]/p[1]",
                Some("div[class*=\"body\"] > p:nth-of-type(1)"),
            ),
            (
                "//*[@itemprop=\"author\"]//a",
                Some("*[itemprop=\"author\"] a"),
            ),
            (
                "//meta[@name='date']/@content",
                Some("meta[name=\"date\"] @content"),
            ),
            ("//p[@class='a' and @id]/text()", Some("p[class=\"a\"][id]")),
            (
                "//div[contains(concat(' ', normalize-space(@class), ' '), ' x ')]",
                Some("div[class~=\"x\"]"),
            ),
            ("//a | //b[@c='d]']", Some("a, b[c=\"d]\"]")),
            ("//p[text()='x']", None),
            ("//p[last()]", None),
            ("//div[@id='a']/following-sibling::p", None),
            ("substring-after(//h1, ':')", None),
            ("//a/@href | //b", None),
            ("//div[@id='a", None),
            ("", None),
        ] {
            assert_eq!(selector(xpath).as_deref(), expected, "{xpath}");
        }
    }
}
