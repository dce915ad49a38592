//! A source file as it is written: each key with a remark on where its value comes from. What is
//! written is read back by the reader of `check` before it is handed out.

use std::fmt::Write;
use std::path::Path;

use chrono::NaiveDate;
use toml::Value;

use super::document::Document;
use super::findings::Findings;
use super::problem::ConfigError;
use super::source;
use crate::domain::Source;

/// Columns of a comment that stands alone.
const WIDTH: usize = 110;

/// A source file to be, key by key.
#[derive(Debug, Default)]
pub struct SourceDraft {
    text: String,
}

impl SourceDraft {
    /// A draft of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a remark of its own lines.
    pub fn comment(&mut self, remark: &str) {
        let mut column = WIDTH;
        for word in line(remark).split(' ').filter(|word| !word.is_empty()) {
            let chars = word.chars().count();
            if column + 1 + chars > WIDTH {
                let end = if self.text.is_empty() || self.text.ends_with('\n') {
                    ""
                } else {
                    "\n"
                };
                self.push(&format!("{end}#"));
                column = 1;
            }
            self.push(&format!(" {word}"));
            column += 1 + chars;
        }
        self.push("\n");
    }

    /// Adds an empty line.
    pub fn gap(&mut self) {
        self.push("\n");
    }

    /// Adds a text.
    pub fn text(&mut self, key: &str, value: &str, remark: &str) {
        self.pair(key, &quoted(value), remark);
    }

    /// Adds a day.
    pub fn day(&mut self, key: &str, value: NaiveDate, remark: &str) {
        self.pair(key, &value.format("%Y-%m-%d").to_string(), remark);
    }

    /// Adds a list on one line.
    pub fn words(&mut self, key: &str, values: &[String], remark: &str) {
        let words: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        self.pair(key, &format!("[{}]", words.join(", ")), remark);
    }

    /// Adds a list of one line a value, each with its remark.
    pub fn list<'a>(&mut self, key: &str, values: impl IntoIterator<Item = (&'a str, &'a str)>) {
        self.push(&format!("{key} = [\n"));
        for (value, remark) in values {
            self.push(&format!("    {}, # {}\n", quoted(value), line(remark)));
        }
        self.push("]\n");
    }

    /// The file's text, to stand at `path`, and the source as `check` reads it.
    ///
    /// # Errors
    /// When the reader finds anything wrong with it.
    pub fn finish(self, path: &Path) -> Result<(String, Source), ConfigError> {
        let document = Document::new(path, self.text);
        let mut findings = Findings::default();
        let read = source::read(&document, &mut findings);
        match read.filter(|_| findings.problems.is_empty()) {
            Some(source) => Ok((document.into_text(), source)),
            None => Err(ConfigError::new(findings.problems)),
        }
    }

    fn pair(&mut self, key: &str, value: &str, remark: &str) {
        let remark = line(remark);
        let tail = if remark.is_empty() {
            String::new()
        } else {
            format!(" # {remark}")
        };
        self.push(&format!("{key} = {value}{tail}\n"));
    }

    fn push(&mut self, text: &str) {
        let _infallible = self.text.write_str(text);
    }
}

/// A string in the plainest form that TOML has for it.
fn quoted(value: &str) -> String {
    Value::String(value.to_owned()).to_string()
}

/// A remark on one line: foreign text may hold what ends a comment or breaks the file.
fn line(remark: &str) -> String {
    let is_bad = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let words: Vec<&str> = remark
        .split(|c: char| c.is_whitespace() || is_bad(c))
        .collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{SectionKind, Verified};

    /// What foreign pages may put into a file.
    const HOSTILE: &[&str] = &[
        "",
        "plain",
        "a \"quoted\" and 'quoted' word",
        "'''\"\"\"",
        "back\\slash \\u0041 \\",
        "two\nlines\r\nname = \"other\"",
        "\u{1}\u{7f}\u{85}\u{2028}bell",
        "# [table] = {}",
        "속보 – ニュース 😀",
    ];

    fn path() -> &'static Path {
        Path::new("sources/saesol.toml")
    }

    #[test]
    fn what_is_written_is_read_back_equal_whatever_texts_and_remarks_hold() {
        for hostile in HOSTILE {
            let mut draft = SourceDraft::new();
            draft.comment(hostile);
            draft.text("name", "saesol", hostile);
            draft.text("home", "https://www.saesol.example/", hostile);
            draft.gap();
            let day = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
            draft.day("verified", day, hostile);
            draft.text("terms", hostile, hostile);
            let feeds = [("https://www.saesol.example/rss.xml?a='b'&c=%22", *hostile)];
            draft.list("feeds", feeds);
            draft.words("identity", &["idx\"no'".to_owned()], hostile);
            let (text, source) = draft
                .finish(path())
                .unwrap_or_else(|e| panic!("{hostile:?}: {e}"));
            assert_eq!(source.terms.as_deref(), Some(*hostile), "{text}");
            assert_eq!(source.name.as_str(), "saesol");
            assert_eq!(source.home.as_str(), "https://www.saesol.example/");
            assert_eq!(source.verified, Verified::On(day));
            assert_eq!(source.identity, Some(vec!["idx\"no'".to_owned()]));
            let [feed] = source.sections.as_slice() else {
                panic!("{text}");
            };
            assert_eq!(feed.kind, SectionKind::Feed);
            assert_eq!(
                feed.url.as_str(),
                "https://www.saesol.example/rss.xml?a=%27b%27&c=%22"
            );
        }
    }

    #[test]
    fn patterns_stay_readable_and_whole() {
        for (pattern, line) in [
            (r"/news/view/\d+", r"article_url = '/news/view/\d+'"),
            (r"/it's/\d+", r"article_url = '''/it's/\d+'''"),
        ] {
            let mut draft = SourceDraft::new();
            draft.text("name", "saesol", "");
            draft.text("home", "https://www.saesol.example/", "");
            draft.text("article_url", pattern, "");
            let (text, source) = draft.finish(path()).unwrap();
            assert!(text.contains(line), "{text}");
            assert_eq!(source.article_url.unwrap().as_str(), pattern);
        }
    }

    #[test]
    fn draft_that_check_would_refuse_is_not_handed_out() {
        let mut draft = SourceDraft::new();
        draft.text("name", "saesol", "");
        draft.text("home", "ftp://www.saesol.example/", "");
        draft.text("article_url", "(", "");
        let error = draft.finish(path()).unwrap_err().to_string();
        assert!(
            error.contains("home") && error.contains("article_url"),
            "{error}"
        );
    }

    #[test]
    fn long_remarks_are_broken_into_lines() {
        let mut draft = SourceDraft::new();
        draft.comment(&"word ".repeat(60));
        assert!(draft.text.lines().count() > 1);
        assert!(
            draft
                .text
                .lines()
                .all(|line| line.starts_with("# word") && line.len() <= WIDTH)
        );
    }
}
