//! Makes JSON of what was meant as JSON.

/// The script as strict JSON where it has one of the common mistakes: comments or CDATA marks
/// around it, escaped quotes, raw control characters or bare quotes in strings, single quotes around
/// them, wrong escapes, and stray commas or
/// semicolons behind values.
pub(super) fn repaired(script: &str) -> String {
    let script = unwrapped(script);
    let unescaped;
    let script = if script.starts_with("{&quot;") || script.starts_with("[{&quot;") {
        unescaped = script.replace("&quot;", "\"").replace("&amp;", "&");
        &unescaped
    } else {
        script
    };
    let mut writer = Writer::default();
    let mut rest = script.chars();
    while let Some(c) = rest.next() {
        if let Some(quote) = writer.quote {
            writer.in_string(c, quote, &mut rest);
        } else {
            writer.between(c);
        }
    }
    writer.out
}

/// What stands inside `<!-- -->`, `<![CDATA[ ]]>` and the script comments that hide those.
fn unwrapped(script: &str) -> &str {
    const OPENING: [&str; 5] = ["<!--", "<![CDATA[", "//", "/*", "*/"];
    const CLOSING: [&str; 5] = ["-->", "]]>", "//", "/*", "*/"];
    let mut text = script.trim().trim_start_matches('\u{feff}');
    loop {
        let mut inner = text;
        for mark in OPENING {
            inner = inner.strip_prefix(mark).unwrap_or(inner).trim_start();
        }
        for mark in CLOSING {
            inner = inner.strip_suffix(mark).unwrap_or(inner).trim_end();
        }
        if inner.len() == text.len() {
            return text;
        }
        text = inner;
    }
}

/// Whether a quotation mark before `rest` closes its string, and isn't one of the text that
/// somebody forgot to escape.
fn ends_string(rest: &str) -> bool {
    let next = rest.trim_start().chars().next();
    next.is_none_or(|c| matches!(c, ',' | ':' | '}' | ']' | ';'))
}

#[derive(Default)]
struct Writer {
    out: String,
    /// The mark that opened the string being read.
    quote: Option<char>,
    depth: usize,
    is_comma_pending: bool,
}

impl Writer {
    fn in_string(&mut self, c: char, quote: char, rest: &mut std::str::Chars<'_>) {
        match c {
            c if c == quote && ends_string(rest.as_str()) => {
                self.quote = None;
                self.out.push('"');
            }
            '"' => self.out.push_str("\\\""),
            '\\' => self.escape(rest),
            c if c.is_control() => self.out.push(' '),
            c => self.out.push(c),
        }
    }

    fn escape(&mut self, rest: &mut std::str::Chars<'_>) {
        match rest.next() {
            Some('u') => self.unicode_escape(rest),
            Some(c @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {
                self.out.push('\\');
                self.out.push(c);
            }
            Some(c) if c.is_control() => self.out.push(' '),
            Some(c) => self.out.push(c), // \' and the like
            None => {}
        }
    }

    /// Keeps pairs of surrogates and all other characters, replaces what can't be one.
    fn unicode_escape(&mut self, rest: &mut std::str::Chars<'_>) {
        let unit = |text: &str| {
            let digits = text.get(..4)?;
            let is_hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
            is_hex
                .then(|| u32::from_str_radix(digits, 16).ok())
                .flatten()
        };
        let text = rest.as_str();
        let Some(first) = unit(text) else {
            self.out.push('\u{fffd}');
            return;
        };
        let low = text
            .get(4..)
            .and_then(|t| t.strip_prefix("\\u"))
            .and_then(unit);
        let (code, chars) = match (first, low) {
            (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) => {
                (0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00), 10)
            }
            _ => (first, 4),
        };
        let c = char::from_u32(code).unwrap_or('\u{fffd}');
        match c {
            '"' | '\\' => self.out.extend(['\\', c]),
            c if c.is_control() => self.out.push(' '),
            c => self.out.push(c),
        }
        *rest = text.get(chars..).unwrap_or_default().chars();
    }

    fn between(&mut self, c: char) {
        match c {
            ',' => self.is_comma_pending = self.depth > 0,
            ';' => {}
            c if c.is_whitespace() || c.is_control() => self.out.push(' '),
            '}' | ']' => {
                self.is_comma_pending = false; // a comma behind the last item
                self.depth = self.depth.saturating_sub(1);
                self.out.push(c);
            }
            c => {
                if std::mem::take(&mut self.is_comma_pending) {
                    self.out.push(',');
                }
                self.depth += usize::from(matches!(c, '{' | '['));
                let is_quote = matches!(c, '"' | '\'');
                self.quote = is_quote.then_some(c);
                self.out.push(if is_quote { '"' } else { c });
            }
        }
    }
}
