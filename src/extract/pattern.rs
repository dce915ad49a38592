//! A regular expression that is compiled when it is first used.

use std::borrow::Cow;
use std::sync::OnceLock;

use regex::{Captures, Regex, RegexBuilder};

/// Bytes that the automaton of one pattern may take, for each thread that uses it: a quarter of what
/// it is given by default. Texts of all languages make them grow, and less would be rebuilt often.
const CACHE_BYTES: usize = 512 << 10;

/// A constant of the program: one that is wrong fails every test that uses it, and matches nothing
/// in production.
#[derive(Debug)]
pub(super) struct Pattern {
    text: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(super) const fn new(text: &'static str) -> Self {
        Self {
            text,
            compiled: OnceLock::new(),
        }
    }

    pub(super) fn regex(&self) -> Option<&Regex> {
        let compile = || {
            let compiled = RegexBuilder::new(self.text)
                .dfa_size_limit(CACHE_BYTES)
                .build();
            debug_assert!(compiled.is_ok(), "{compiled:?}");
            compiled.ok()
        };
        self.compiled.get_or_init(compile).as_ref()
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    pub(super) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.regex()?.captures(text)
    }

    /// The text with the first match replaced.
    pub(super) fn replace<'t>(&self, text: &'t str, with: &str) -> Cow<'t, str> {
        match self.regex() {
            Some(regex) => regex.replace(text, with),
            None => Cow::Borrowed(text),
        }
    }

    /// The text with every match replaced.
    pub(super) fn replace_all<'t>(&self, text: &'t str, with: &str) -> Cow<'t, str> {
        match self.regex() {
            Some(regex) => regex.replace_all(text, with),
            None => Cow::Borrowed(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    /// The source files below a folder.
    fn sources(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
        let paths = entries.map(|entry| entry.path());
        let paths = paths.flat_map(|path| {
            if path.is_dir() {
                sources(&path)
            } else {
                vec![path]
            }
        });
        paths.collect()
    }

    /// The raw strings of a piece of source, joined.
    fn literals(source: &str) -> String {
        let raw = Regex::new(r##"(?s)r(?:#"(.*?)"#|"(.*?)")"##).unwrap();
        let texts = raw.captures_iter(source);
        let texts = texts.map(|found| found.get(1).or(found.get(2)).unwrap().as_str());
        texts.collect()
    }

    #[test]
    fn every_pattern_of_the_engine_compiles() {
        let begin = Regex::new(r"=\s+Pattern::new\(").unwrap();
        let mut patterns = 0;
        for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/extract")) {
            let source = fs::read_to_string(&path).unwrap();
            for piece in begin.split(&source).skip(1) {
                let text = literals(piece.split(");\n").next().unwrap());
                let compiled = Regex::new(&text);
                assert!(compiled.is_ok(), "{}: {compiled:?}", path.display());
                assert!(!text.is_empty(), "{}", path.display());
                patterns += 1;
            }
        }
        assert!(patterns > 50, "{patterns}");
    }
}
