//! A plain text as numbers, words and marks.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// ASCII digits.
    Number,
    /// Letters of one script family with their marks.
    Word,
    /// One character of punctuation.
    Mark,
}

/// A piece of a text without blanks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    pub(super) start: usize,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The value of a number of at most this many digits.
    pub(super) fn number(&self, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
        let is_meant = self.kind == Kind::Number && digits.contains(&self.text.len());
        self.text.parse().ok().filter(|_| is_meant)
    }
}

/// The tokens of a text in order.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found: Vec<Token<'_>> = Vec::new();
    let mut open: Option<(Kind, usize)> = None;
    let ends = std::iter::once((text.len(), ' '));
    for (at, c) in text.char_indices().chain(ends) {
        let kind = kind(c);
        let goes_on = open.is_some_and(|(open, _)| Some(open) == kind && open != Kind::Mark);
        if goes_on {
            continue;
        }
        if let Some((kind, start)) = open.take() {
            let text = text.get(start..at).unwrap_or_default();
            found.push(Token { kind, text, start });
        }
        open = kind.map(|kind| (kind, at));
    }
    found
}

fn kind(c: char) -> Option<Kind> {
    match c {
        c if c.is_whitespace() => None,
        c if c.is_ascii_digit() => Some(Kind::Number),
        c if c.is_alphabetic() || is_combining(c) => Some(Kind::Word),
        _ => Some(Kind::Mark),
    }
}

/// Marks that belong to the letter before them, as in Hindi and Thai.
fn is_combining(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_falls_into_numbers_words_and_marks() {
        let texts = |text| {
            tokens(text)
                .iter()
                .map(|t| t.text.to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            texts("5th of März, 2024"),
            ["5", "th", "of", "März", ",", "2024"]
        );
        assert_eq!(texts("5มี.ค.67"), ["5", "มี", ".", "ค", ".", "67"]);
        assert_eq!(texts("५ मार्च"), ["५", "मार्च"]);
        assert!(tokens("").is_empty());
    }
}
