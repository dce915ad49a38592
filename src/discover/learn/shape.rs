//! The shape of an address: what is the same in the addresses of all articles of a kind, and what
//! is each one's own.

use crate::domain::CanonicalUrl;

/// Parts of an address that are looked at; deeper ones are traps.
const MAX_PARTS: usize = 16;
/// A shape that is longer as text is none that a site repeats.
const MAX_CHARS: usize = 120;

/// What a part of an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A word of the site: `news`, `view`, `economy`.
    Word,
    /// 2026
    Year,
    /// A month or a day behind a year.
    Day,
    /// 20261127, 2026-11-27, 202611
    Date,
    /// A number of up to three digits.
    Small,
    /// A longer one: a key.
    Number,
    /// Letters and digits that are no words: a key.
    Key,
    /// The words of a headline.
    Slug,
    /// The words of a headline with a key behind them.
    SlugKey,
    /// The words of a headline with a key before them.
    KeySlug,
}

/// A part of a path, or the value of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part<'a> {
    /// The parameter's name; empty in the path.
    pub(super) name: &'a str,
    /// As written, without `ending`.
    pub(super) text: &'a str,
    /// What it is.
    pub(super) class: Class,
    /// The file ending with its dot.
    pub(super) ending: &'a str,
}

/// An address taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::discover) struct Shape<'a> {
    /// Of the path.
    pub(super) path: Vec<Part<'a>>,
    /// Parameters that say something, in canonical order.
    pub(super) query: Vec<Part<'a>>,
    /// Whether the path ends in a slash.
    pub(super) is_folder: bool,
}

impl Class {
    /// Whether it tells one page from another, so that it may be an article's.
    pub(super) fn is_key(self) -> bool {
        match self {
            Self::Word | Self::Year | Self::Day | Self::Date | Self::Small => false,
            Self::Number | Self::Key | Self::Slug | Self::SlugKey | Self::KeySlug => true,
        }
    }

    fn mark(self) -> &'static str {
        match self {
            Self::Word => "{word}",
            Self::Year => "{year}",
            Self::Day => "{day}",
            Self::Date => "{date}",
            Self::Small => "{small}",
            Self::Number => "{number}",
            Self::Key => "{key}",
            Self::Slug => "{slug}",
            Self::SlugKey => "{slug-key}",
            Self::KeySlug => "{key-slug}",
        }
    }
}

impl<'a> Shape<'a> {
    /// Takes an address apart.
    pub(in crate::discover) fn of(url: &'a CanonicalUrl) -> Self {
        let path = url.as_url().path();
        let segments: Vec<&str> = path.split('/').filter(|text| !text.is_empty()).collect();
        let mut parts: Vec<Part<'a>> = Vec::new();
        for (at, segment) in segments.iter().take(MAX_PARTS).enumerate() {
            let is_leaf = at + 1 == segments.len();
            let (text, ending) = split_ending(segment, is_leaf);
            let is_dated = parts
                .last()
                .is_some_and(|part| matches!(part.class, Class::Year | Class::Day));
            parts.push(Part {
                name: "",
                text,
                class: class(text, is_dated, is_leaf),
                ending,
            });
        }
        let query = url.as_url().query().unwrap_or_default();
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let pairs = pairs.filter(|(_, value)| !value.is_empty());
        let query = pairs.take(MAX_PARTS).map(|(name, text)| Part {
            name,
            text,
            class: class(text, false, true),
            ending: "",
        });
        Self {
            path: parts,
            query: query.collect(),
            is_folder: path.ends_with('/') && path.len() > 1,
        }
    }

    /// The parts that tell this page from others.
    pub(super) fn keys(&self) -> impl Iterator<Item = &Part<'a>> {
        let parts = self.path.iter().chain(&self.query);
        parts.filter(|part| part.class.is_key())
    }

    /// The parameters among them.
    pub(super) fn query_keys(&self) -> impl Iterator<Item = &Part<'a>> {
        self.query.iter().filter(|part| part.class.is_key())
    }

    /// The shape with the site's own words; `None` where nothing tells one page from another.
    pub(super) fn exact(&self) -> Option<String> {
        self.text(|part| match part.class {
            Class::Word => part.text,
            class => class.mark(),
        })
    }

    /// The shape without words, for sections that were not seen yet.
    pub(super) fn general(&self) -> Option<String> {
        self.text(|part| part.class.mark())
    }

    /// The exact shape, its last part being anything: what links of one list have in common.
    pub(in crate::discover) fn family(&self) -> String {
        let mut out = String::new();
        let folders = self.path.len().saturating_sub(1);
        for part in self.path.iter().take(folders) {
            let is_own = part.class == Class::Word;
            out.push('/');
            out.push_str(if is_own { part.text } else { part.class.mark() });
        }
        let ending = self.path.last().map_or("", |leaf| leaf.ending);
        out.push_str("/*");
        out.push_str(ending);
        for part in &self.query {
            out.push('&');
            out.push_str(part.name);
        }
        out
    }

    fn text(&self, of: impl Fn(&Part<'a>) -> &'a str) -> Option<String> {
        self.keys().next()?;
        let mut out = String::new();
        for part in &self.path {
            out.push('/');
            out.push_str(of(part));
            out.push_str(part.ending);
        }
        for (at, part) in self.query.iter().enumerate() {
            out.push(if at == 0 { '?' } else { '&' });
            out.push_str(part.name);
            out.push('=');
            out.push_str(of(part));
        }
        (out.len() <= MAX_CHARS).then_some(out)
    }
}

/// A segment and its file ending.
fn split_ending(segment: &str, is_leaf: bool) -> (&str, &str) {
    let Some(at) = segment.rfind('.').filter(|at| is_leaf && *at > 0) else {
        return (segment, "");
    };
    let (stem, ending) = segment.split_at(at);
    let is_ending = (2..=6).contains(&ending.len())
        && ending
            .bytes()
            .skip(1)
            .all(|byte| byte.is_ascii_alphabetic());
    if is_ending {
        (stem, ending)
    } else {
        (segment, "")
    }
}

fn class(text: &str, is_dated: bool, is_leaf: bool) -> Class {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if is_digits(text) {
        return match text.len() {
            1 | 2 if is_dated => Class::Day,
            4 if is_year(text) => Class::Year,
            8 if is_date(text) => Class::Date,
            // at the end a key as short is likelier
            6 if is_date(text) && !is_leaf => Class::Date,
            1..=3 => Class::Small,
            _ => Class::Number,
        };
    }
    let tokens: Vec<&str> = text
        .split(['-', '_'])
        .filter(|token| !token.is_empty())
        .collect();
    if matches!(tokens.as_slice(), [year, month] | [year, month, _] if is_year(year) && is_digits(month) && month.len() <= 2)
    {
        return Class::Date;
    }
    // bytes of words in another script
    let is_foreign = text.matches('%').count() >= 6;
    match tokens.as_slice() {
        [] => Class::Word,
        [one] if is_foreign => slug_or_word(one),
        [one] => key_or_word(one),
        // a UUID, and other keys in groups
        parts if parts.iter().all(|part| is_hex(part) || is_digits(part)) => Class::Key,
        [first @ .., last] if is_own_key(last) && first.iter().any(|part| !is_own_key(part)) => {
            Class::SlugKey
        }
        [first, ..]
            if is_own_key(first) && !is_own_key(tokens.last().copied().unwrap_or_default()) =>
        {
            Class::KeySlug
        }
        parts if parts.iter().all(|part| is_own_key(part) || is_digits(part)) => Class::Key,
        _ if is_foreign || tokens.len() >= 3 => Class::Slug,
        _ => Class::Word,
    }
}

fn slug_or_word(text: &str) -> Class {
    if text.len() >= 24 {
        Class::Slug
    } else {
        Class::Word
    }
}

fn key_or_word(text: &str) -> Class {
    if is_own_key(text) {
        Class::Key
    } else {
        Class::Word
    }
}

/// Letters and digits that no word is made of, or a number of four digits or more.
fn is_own_key(text: &str) -> bool {
    let count = |is: fn(&u8) -> bool| text.bytes().filter(is).count();
    let digits = count(u8::is_ascii_digit);
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_mixed = text.len() >= 6 && digits >= 3;
    let is_loud = text.len() >= 12
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    is_plain && (digits == text.len() && digits >= 4 || is_mixed || is_loud)
}

fn is_hex(text: &str) -> bool {
    text.len() >= 4
        && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

fn is_year(text: &str) -> bool {
    text.len() == 4
        && (text.starts_with("19") || text.starts_with("20"))
        && text.parse::<u16>().is_ok()
}

/// `YYYYMM` or `YYYYMMDD`.
fn is_date(text: &str) -> bool {
    let part = |from: usize| {
        text.get(from..from + 2)
            .and_then(|part| part.parse::<u8>().ok())
    };
    let is_month = part(4).is_some_and(|month| (1..=12).contains(&month));
    let is_day = text.len() == 6 || part(6).is_some_and(|day| (1..=31).contains(&day));
    text.get(..4).is_some_and(is_year) && is_month && is_day
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Identity;

    #[test]
    fn parts_of_addresses_are_told_apart() {
        for (path, exact) in [
            ("/news/view/2335742", "/news/view/{number}"),
            (
                "/news/articleView.html?idxno=670006",
                "/news/articleView.html?idxno={number}",
            ),
            ("/view/?id=NISX20260907_0003779780", "/view?id={key}"),
            ("/view/AKR20260907123456789", "/view/{key}"),
            (
                "/politics/2026/03/02/timetable-of-the-census-200009.html",
                "/politics/{year}/{day}/{day}/{slug-key}.html",
            ),
            (
                "/a/2026/11/27/why-the-river-rises/",
                "/a/{year}/{day}/{day}/{slug}",
            ),
            ("/news/20260223/the-city-opens", "/news/{date}/{slug}"),
            ("/2026-11-27/12345-the-city-opens", "/{date}/{key-slug}"),
            ("/a/550e8400-e29b-41d4-a716-446655440000", "/a/{key}"),
            ("/a/ABCDEFGHIJKLMNOPQRSTUVWXYZ", "/a/{key}"),
            ("/_ln/0103_202603161144318667", "/_ln/{key}"),
            ("/n?aid=12345&sec=eco", "/n?aid={number}&sec=eco"),
            (
                "/a/%EC%84%9C%EC%9A%B8%EC%8B%9C%EA%B0%80-%EB%8B%A4%EB%A6%AC",
                "/a/{slug}",
            ),
        ] {
            let url = CanonicalUrl::parse(&format!("https://e.kr{path}"), Identity::default());
            let url = url.unwrap();
            assert_eq!(Shape::of(&url).exact().as_deref(), Some(exact), "{path}");
        }
    }

    #[test]
    fn addresses_of_words_and_dates_have_no_shape_of_articles() {
        for path in [
            "/",
            "/economy/",
            "/economy/world-trade",
            "/2026/11/27/",
            "/list?page=2&sec=eco",
            "/a/12",
            "/covid19",
        ] {
            let url = CanonicalUrl::parse(&format!("https://e.kr{path}"), Identity::default());
            let url = url.unwrap();
            assert_eq!(Shape::of(&url).exact(), None, "{path}");
        }
    }
}
