//! Reads classes and ids word by word. A page repeats the same names hundreds of times, so that each
//! is read once; what is known of words stands in `words`, and reading never allocates by the name.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use super::Roles;
use super::words::{ABOUT, BEGINNINGS, COMPOUNDS, HIDDEN_PARTLY, HINTS, NO_HINTS, WHOLE, WORDS};

/// Classes of one element that are read; style sheets made of utilities give some dozens.
const MAX_CLASSES: usize = 200;
/// Words of one name that are read.
const MAX_WORDS: usize = 8;
/// Characters of one name that are looked at as a whole.
const MAX_CHARS: usize = 120;
/// Longer runs of letters are no words.
const MAX_RUN: usize = 60;
/// A hint with more letters around it names something else.
const MAX_AROUND_HINT: usize = 16;

/// What a name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Told {
    pub(super) roles: Roles,
    /// Whether it says "the text of the article".
    pub(super) is_hint: bool,
    /// Whether a reader can see after all what another class hides.
    pub(super) is_shown_later: bool,
}

impl Told {
    fn of(roles: Roles) -> Self {
        Self {
            roles,
            ..Self::default()
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            roles: self.roles.with(other.roles),
            is_hint: self.is_hint || other.is_hint,
            is_shown_later: self.is_shown_later || other.is_shown_later,
        }
    }
}

/// The names of one page, as far as they have been read.
#[derive(Debug, Default)]
pub(in crate::extract) struct Names<'a> {
    known: HashMap<&'a str, Told, RandomState>,
    /// The name being read, without what joins its words.
    squashed: String,
    /// The word being read.
    word: Vec<u8>,
}

impl<'a> Names<'a> {
    /// What the names in a `class` tell, together.
    pub(super) fn read(&mut self, names: &'a str) -> Told {
        if !names.contains(|c: char| c.is_ascii_whitespace()) {
            return self.one(names);
        }
        if let Some(told) = self.known.get(names) {
            return *told;
        }
        let told = names
            .split_ascii_whitespace()
            .take(MAX_CLASSES)
            .fold(Told::default(), |told, name| told.and(self.one(name)));
        self.known.insert(names, told);
        told
    }

    /// What one name tells; the same one stands in many lists.
    fn one(&mut self, name: &'a str) -> Told {
        if let Some(told) = self.known.get(name) {
            return *told;
        }
        let told = self.name(name);
        self.known.insert(name, told);
        told
    }

    /// What one name tells, such as an `id`, which a page has but once.
    pub(super) fn name(&mut self, name: &str) -> Told {
        let whole = self.whole(name);
        if let Some((roles, _)) = WHOLE.iter().find(|(_, word)| *word == name) {
            return whole.and(Told::of(*roles));
        }
        if ABOUT.iter().any(|prefix| name.starts_with(prefix)) {
            return Told {
                roles: Roles::default(),
                ..whole
            };
        }
        let told = whole.and(self.words(name));
        Told {
            is_shown_later: told.is_shown_later || is_shown_on_wide_screens(name),
            ..told
        }
    }

    /// What the name tells as a whole (`img_desc`, `articleBody`).
    fn whole(&mut self, name: &str) -> Told {
        squash(name, &mut self.squashed);
        let squashed = self.squashed.as_str();
        let mut told = Told::default();
        let mut rest = squashed.as_bytes();
        while let Some((_, next)) = rest.split_first() {
            for (word, meant) in INSIDE.starting(rest) {
                let is_near = squashed.len() <= word.len() + MAX_AROUND_HINT;
                if rest.starts_with(word.as_bytes()) {
                    told.roles = told.roles.with(meant.roles);
                    told.is_hint |= meant.is_hint && is_near;
                }
            }
            rest = next;
        }
        told.is_hint = told.is_hint && !NO_HINTS.iter().any(|word| squashed.contains(word));
        told
    }

    /// What its words tell: those of `article-body`, `articleBody` and `article_body` are the same.
    fn words(&mut self, name: &str) -> Told {
        let mut told = Told::default();
        let parts = || {
            let runs = name.split(|c: char| !c.is_ascii_alphabetic());
            let runs = runs.filter(|run| !run.is_empty() && run.len() <= MAX_RUN);
            runs.flat_map(humps).take(MAX_WORDS)
        };
        for part in parts() {
            self.word.clear();
            self.word
                .extend(part.bytes().map(|b| b.to_ascii_lowercase()));
            told.roles = told.roles.with(roles_of(&self.word));
            told.is_shown_later |= self.word == b"accordion"; // unfolded by a click
        }
        let is_partly = |part: &str| HIDDEN_PARTLY.iter().any(|w| w.eq_ignore_ascii_case(part));
        if told.roles.has(Roles::HIDDEN) && parts().any(is_partly) {
            told.roles = told.roles.without(Roles::HIDDEN);
        }
        told
    }
}

/// The parts of `articleBody`: a capital behind a small letter begins one.
fn humps(run: &str) -> impl Iterator<Item = &str> {
    let mut rest = run;
    std::iter::from_fn(move || {
        let bytes = rest.as_bytes();
        let is_hump = |pair: &[u8]| matches!(pair, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase());
        let end = bytes
            .windows(2)
            .position(is_hump)
            .map_or(rest.len(), |at| at + 1);
        let (part, after) = rest.split_at_checked(end)?;
        rest = after;
        (!part.is_empty()).then_some(part)
    })
}

/// Whether a class shows on wider screens what another one hides: `hidden md:block`.
fn is_shown_on_wide_screens(class: &str) -> bool {
    class.split_once(':').is_some_and(|(screen, display)| {
        matches!(screen, "sm" | "md" | "lg" | "xl")
            && matches!(display, "block" | "flex" | "grid" | "contents")
    })
}

fn roles_of(word: &[u8]) -> Roles {
    let known = ALONE.starting(word).iter();
    let roles = known
        .filter(|(name, _)| name.as_bytes() == word)
        .fold(Roles::default(), |roles, (_, meant)| roles.with(*meant));
    let grown = BEGINNINGS
        .iter()
        .find(|(_, start)| word.starts_with(start.as_bytes()));
    grown.map_or(roles, |(meant, _)| roles.with(*meant))
}

/// Puts the name in lower case without anything but letters and digits into `out`.
pub(super) fn squash(name: &str, out: &mut String) {
    out.clear();
    for c in name.chars().take(MAX_CHARS) {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !c.is_ascii() && c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        }
    }
}

static ALONE: LazyLock<Table<Roles>> = LazyLock::new(|| {
    Table::new(
        WORDS
            .iter()
            .flat_map(|(roles, words)| words.split_ascii_whitespace().map(|word| (word, *roles))),
    )
});

static INSIDE: LazyLock<Table<Told>> = LazyLock::new(|| {
    let compounds = COMPOUNDS.iter().flat_map(|(roles, words)| {
        let told = Told::of(*roles);
        words.split_ascii_whitespace().map(move |word| (word, told))
    });
    let hint = Told {
        is_hint: true,
        ..Told::default()
    };
    let hints = HINTS.split_ascii_whitespace().map(|word| (word, hint));
    Table::new(compounds.chain(hints))
});

/// Words that are found by their first two letters.
struct Table<T> {
    words: Vec<(&'static str, T)>,
    starts: Vec<Range<usize>>,
}

impl<T> Table<T> {
    fn new(words: impl Iterator<Item = (&'static str, T)>) -> Self {
        let mut words: Vec<(&'static str, T)> = words.collect();
        words.sort_by_key(|(word, _)| *word);
        let mut starts = vec![0..0; 26 * 26];
        for (at, (word, _)) in words.iter().enumerate() {
            let start = start(word.as_bytes()).and_then(|start| starts.get_mut(start));
            debug_assert!(start.is_some(), "{word} does not begin with two letters");
            if let Some(range) = start {
                let first = if range.start == range.end {
                    at
                } else {
                    range.start
                };
                *range = first..at + 1;
            }
        }
        Self { words, starts }
    }

    /// The words that begin with the same two letters as `text`.
    fn starting(&self, text: &[u8]) -> &[(&'static str, T)] {
        let range = start(text).and_then(|start| self.starts.get(start));
        range
            .and_then(|range| self.words.get(range.clone()))
            .unwrap_or_default()
    }
}

/// The number of the first two letters, in lower case.
fn start(text: &[u8]) -> Option<usize> {
    let [first, second, ..] = text else {
        return None;
    };
    let letter = |byte: u8| byte.is_ascii_lowercase().then(|| usize::from(byte - b'a'));
    Some(letter(*first)? * 26 + letter(*second)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(names: &str) -> Told {
        Names::default().read(names)
    }

    #[test]
    fn every_word_of_the_tables_is_found() {
        for (roles, words) in WORDS {
            for word in words.split_ascii_whitespace() {
                assert!(read(&format!("x-{word} y")).roles.has(*roles), "{word}");
            }
        }
        for (roles, words) in COMPOUNDS {
            for word in words.split_ascii_whitespace() {
                assert!(read(&format!("x9{word}9")).roles.has(*roles), "{word}");
            }
        }
        for word in HINTS.split_ascii_whitespace() {
            assert!(read(&format!("x_{word}")).is_hint, "{word}");
        }
    }

    #[test]
    fn hidden_is_believed_where_it_means_the_whole_element() {
        for names in ["hidden", "is-hidden", "x blind", "invisible"] {
            assert!(read(names).roles.has(Roles::HIDDEN), "{names}");
        }
        for names in [
            "overflow-hidden",
            "overflowHidden",
            "hidden-print",
            "elementor-invisible",
        ] {
            assert!(!read(names).roles.has(Roles::HIDDEN), "{names}");
        }
        assert!(read("hidden md:block").is_shown_later);
        assert!(read("faq-accordion is-hidden").is_shown_later);
    }

    #[test]
    fn hint_with_much_or_something_else_around_it_is_none() {
        assert!(read("news-article_body01").is_hint);
        assert!(!read("article-body-of-the-third-kind-of-page").is_hint);
        assert!(!read("articleBodyShare").is_hint);
    }

    #[test]
    fn names_are_read_the_same_each_time_and_up_to_a_bound() {
        let mut names = Names::default();
        let first = names.read("byline reporter-name");
        assert!(first.roles.has(Roles::BYLINE));
        assert_eq!(names.read("byline reporter-name"), first);
        let long = "x ".repeat(MAX_CLASSES) + "byline";
        assert_eq!(read(&long), Told::default());
    }
}
