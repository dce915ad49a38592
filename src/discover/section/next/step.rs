//! How one address leads on from another: the same but for one number, which is one higher.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

/// No reader pages further; longer numbers are keys and days.
const MAX_PAGE: u64 = 10_000;
/// The same for listings that count entries.
const MAX_OFFSET: u64 = 1_000_000;
/// Parameters that a page bar writes beside the number, such as the count of all entries.
const MAX_EXTRAS: usize = 6;

/// Query parameters that number pages.
const PAGES: &[&str] = &[
    "page",
    "p",
    "pg",
    "pageno",
    "page_no",
    "page_num",
    "pagenum",
    "pagenumber",
    "pageidx",
    "pageindex",
    "page_index",
    "page_id_no",
    "paged",
    "curpage",
    "cur_page",
    "currentpage",
    "current_page",
    "cpage",
    "nowpage",
    "gotopage",
    "seite",
    "pagina",
    "pag",
    "strana",
    "strona",
    "sida",
    "side",
    "trang",
    "sayfa",
    "halaman",
    "startpage",
    "listpage",
];
/// Query parameters that number entries.
const OFFSETS: &[&str] = &[
    "start",
    "offset",
    "from",
    "skip",
    "limitstart",
    "first",
    "begin",
    "startrow",
    "start_row",
    "startindex",
    "b_start",
    "st",
];
/// Query parameters of days: the next one is no further page.
const DAYS: &[&str] = &[
    "date",
    "day",
    "d",
    "m",
    "month",
    "mon",
    "y",
    "year",
    "ym",
    "ymd",
    "week",
    "w",
    "hour",
    "dt",
    "sdate",
    "edate",
    "startdate",
    "enddate",
    "regdate",
    "pubdate",
];

/// The number at the end of a path with what marks it: `/page/2/`, `/2.html`, `index_2.html`.
static TAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let word = "page|pages|pg|p|seite|pagina|p%C3%A1gina|strana|strona|sida|side|trang|sayfa";
    let pattern = format!(
        r"(?i)^(?<stem>.*?)(?<word>[/_.\-](?:{word}|index|list))?(?<sep>[/_.=\-])?(?<number>\d{{1,4}})(?:\.[a-z]{{2,5}})?/?$"
    );
    Regex::new(&pattern).ok()
});

/// A way from one page of a listing to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// Whether the address says that the number is a page's.
    pub(super) is_named: bool,
    /// What the number counts.
    pub(super) unit: Unit,
    /// The number of the further page, or of its first entry.
    pub(super) number: u64,
    /// Parameters that only the further page has.
    pub(super) extras: usize,
}

/// What the number of an address counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    /// Pages, the first being 1.
    Pages,
    /// Pages, the first being 0 and having no number.
    PagesFromZero,
    /// Entries.
    Entries,
}

/// The step from a page to the one that follows it; a step by entries may be one over several
/// pages.
pub(super) fn step(own: &Url, to: &Url) -> Option<Step> {
    let (from, pairs) = (pairs(own), pairs(to));
    if bare(own.path()) == bare(to.path()) {
        let steps = pairs
            .iter()
            .filter_map(|pair| step_of_pair(&from, &pairs, *pair));
        return steps.min_by_key(|step| (!step.is_named, step.extras));
    }
    let extras = extras(&from, &pairs, None)?;
    step_of_path(own.path(), to.path()).map(|step| Step { extras, ..step })
}

/// The number of the page that an address names, where it names one.
pub(super) fn page_number(url: &Url) -> Option<u64> {
    let pairs = pairs(url);
    let stated = pairs.iter().find(|(name, _)| is_in(PAGES, name));
    if let Some((_, value)) = stated {
        return number(value, MAX_PAGE);
    }
    let found = TAIL.as_ref()?.captures(url.path())?;
    let word = found.name("word")?.as_str().to_ascii_lowercase();
    let is_page = !word.ends_with("index") && !word.ends_with("list");
    number(found.name("number").filter(|_| is_page)?.as_str(), MAX_PAGE)
}

type Pair<'a> = (&'a str, &'a str);

/// The parameters that say something.
fn pairs(url: &Url) -> Vec<Pair<'_>> {
    let pairs = url.query().unwrap_or_default().split('&');
    let pairs = pairs.filter_map(|pair| pair.split_once('='));
    pairs.filter(|(_, value)| !value.is_empty()).collect()
}

fn is_in(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn number(text: &str, max: u64) -> Option<u64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| is_plain)?;
    (number <= max).then_some(number)
}

/// How many parameters `to` has beside those of `from` and the one called `except`; `None` where it
/// lacks one of them.
fn extras(from: &[Pair<'_>], to: &[Pair<'_>], except: Option<&str>) -> Option<usize> {
    let counts = |pair: &&Pair<'_>| Some(pair.0) != except;
    let is_kept = from.iter().filter(counts).all(|pair| to.contains(pair));
    let more = to
        .iter()
        .filter(counts)
        .filter(|pair| !from.contains(pair))
        .count();
    (is_kept && more <= MAX_EXTRAS).then_some(more)
}

fn step_of_pair(from: &[Pair<'_>], to: &[Pair<'_>], (name, value): Pair<'_>) -> Option<Step> {
    if is_in(DAYS, name) {
        return None;
    }
    let extras = extras(from, to, Some(name))?;
    let before = from.iter().find(|pair| pair.0 == name);
    let step = |is_named, unit, number| Step {
        is_named,
        unit,
        number,
        extras,
    };
    if is_in(OFFSETS, name) {
        let before = before.map_or(Some(0), |pair| number(pair.1, MAX_OFFSET))?;
        let number = number(value, MAX_OFFSET).filter(|number| *number > before + 1)?;
        return Some(step(true, Unit::Entries, number));
    }
    let is_named = is_in(PAGES, name);
    let number = number(value, MAX_PAGE)?;
    match before {
        Some(pair) => {
            let is_next = number == self::number(pair.1, MAX_PAGE)? + 1;
            let is_bare = is_named || extras == 0;
            (is_next && is_bare).then(|| step(is_named, Unit::Pages, number))
        }
        None if is_named => first_step(number).map(|unit| step(true, unit, number)),
        None => None,
    }
}

/// The step from a first page without a number.
fn first_step(number: u64) -> Option<Unit> {
    match number {
        1 => Some(Unit::PagesFromZero),
        2 => Some(Unit::Pages),
        _ => None,
    }
}

fn step_of_path(own: &str, to: &str) -> Option<Step> {
    let step = |is_named, unit, number| Step {
        is_named,
        unit,
        number,
        extras: 0,
    };
    if let Some((is_named, number)) = higher(own, to) {
        return Some(step(is_named, Unit::Pages, number));
    }
    let found = TAIL.as_ref()?.captures(to)?;
    let text = |name| found.name(name).map_or("", |part| part.as_str());
    let (stem, word, sep) = (text("stem"), text("word"), text("sep"));
    let number = number(text("number"), MAX_PAGE)?;
    let unit = first_step(number)?;
    if word.is_empty() && sep.is_empty() {
        return None;
    }
    let with_word = format!("{stem}{word}");
    let own = stems(own);
    let is_family = |stem: &str| own.iter().any(|own| own == stem.trim_end_matches('/'));
    let is_named = !word.is_empty() && is_family(stem);
    (is_named || is_family(&with_word)).then(|| step(is_named, unit, number))
}

/// The path of a first page as the further ones begin: without what stands for the folder itself.
fn stems(path: &str) -> Vec<String> {
    let path = bare(path);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let leaf = path.get(folder.len()..).unwrap_or_default();
    let leaf = leaf.split_once('.').map_or(leaf, |(stem, _)| stem);
    let mut stems = vec![path.to_owned(), format!("{folder}{leaf}")];
    if matches!(leaf, "/index" | "/list" | "/default" | "/main") {
        stems.push(folder.to_owned());
    }
    stems
}

fn bare(path: &str) -> &str {
    path.trim_end_matches('/')
}

/// The one number in which two paths differ, if it is by one.
fn higher(own: &str, to: &str) -> Option<(bool, u64)> {
    let (from, to) = (runs(bare(own)), runs(bare(to)));
    if from.len() != to.len() {
        return None;
    }
    let mut different = from
        .iter()
        .zip(&to)
        .enumerate()
        .filter(|(_, (a, b))| a != b);
    let (at, (before, after)) = different.next()?;
    if different.next().is_some() {
        return None;
    }
    let number_before = number(before, MAX_PAGE)?;
    let number = number(after, MAX_PAGE).filter(|number| *number == number_before + 1)?;
    let ahead = at.checked_sub(1).and_then(|at| to.get(at)).copied();
    let is_named = ahead.is_some_and(ends_with_page_word);
    let is_year =
        |text: &&str| text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
    let is_day = from.iter().any(is_year) || before.len() > 4;
    (is_named || !is_day).then_some((is_named, number))
}

fn ends_with_page_word(text: &str) -> bool {
    let text = text.trim_end_matches(['/', '-', '_', '=', '.']);
    let word = text.rsplit(['/', '-', '_', '.']).next().unwrap_or_default();
    is_in(PAGES, word)
}

/// A text cut where digits begin and end.
fn runs(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut runs = Vec::new();
    let mut start = 0;
    for (at, pair) in bytes.windows(2).enumerate() {
        let [left, right] = pair else { continue };
        if left.is_ascii_digit() != right.is_ascii_digit() {
            runs.extend(text.get(start..=at));
            start = at + 1;
        }
    }
    runs.extend(text.get(start..));
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("https://e.example").unwrap().join(path).unwrap()
    }

    #[test]
    fn further_pages_are_known_by_their_number() {
        for (own, to, number, is_named) in [
            ("/economy", "/economy?page=2", 2, true),
            ("/economy?page=1", "/economy?page=2", 2, true),
            ("/economy?page=9", "/economy?page=10", 10, true),
            ("/list.html?sec=7", "/list.html?page=2&sec=7", 2, true),
            (
                "/articleList.html?sc_section_code=S1N1&view_type=sm",
                "/articleList.html?box_idxno=&page=2&sc_section_code=S1N1&total=81&view_type=sm",
                2,
                true,
            ),
            ("/economy/", "/economy/page/2/", 2, true),
            ("/economy/page/2/", "/economy/page/3/", 3, true),
            ("/", "/page/2", 2, true),
            ("/economy", "/economy/p2", 2, true),
            ("/economy/", "/economy/page-2.html", 2, true),
            ("/section.html", "/section/2.html", 2, false),
            ("/section/1.html", "/section/2.html", 2, false),
            ("/section/", "/section/2", 2, false),
            ("/index.html", "/index_2.html", 2, true),
            ("/sports/", "/sports/index_2.html", 2, true),
            ("/sports/index_2.html", "/sports/index_3.html", 3, false),
            ("/list.html", "/list_2.html", 2, true),
            ("/economy.html", "/economy-2.html", 2, false),
            ("/2026/11/", "/2026/11/page/2/", 2, true),
            ("/2026/11/page/2/", "/2026/11/page/3/", 3, true),
            ("/list?no=4", "/list?no=5", 5, false),
        ] {
            let step = step(&url(own), &url(to)).unwrap_or_else(|| panic!("{own} -> {to}"));
            assert_eq!((step.number, step.is_named), (number, is_named), "{to}");
            assert_eq!(step.unit, Unit::Pages, "{to}");
        }
        let unit = |own, to| step(&url(own), &url(to)).map(|step| (step.unit, step.number));
        assert_eq!(unit("/a", "/a?start=20"), Some((Unit::Entries, 20)));
        assert_eq!(
            unit("/a?start=20", "/a?start=40"),
            Some((Unit::Entries, 40))
        );
        assert_eq!(
            unit("/news", "/news?page=1"),
            Some((Unit::PagesFromZero, 1))
        );
    }

    #[test]
    fn other_addresses_lead_nowhere_on() {
        for (own, to) in [
            ("/economy", "/economy"),
            ("/economy", "/economy?page=3"),
            ("/economy?page=3", "/economy?page=2"),
            ("/economy?page=3", "/economy?page=3"),
            ("/economy?page=3", "/economy"),
            ("/economy", "/sports?page=2"),
            ("/list?sec=7", "/list?page=2"),
            ("/list?sec=7", "/list?page=2&sec=8"),
            ("/list?sec=7", "/list?sec=8&sort=new"),
            ("/2026/11/26/", "/2026/11/27/"),
            ("/archive/2026/", "/archive/2027/"),
            ("/list?date=20261126", "/list?date=20261127"),
            ("/list?day=26", "/list?day=27"),
            ("/list?id=1234567", "/list?id=1234568"),
            ("/news/view/1234567", "/news/view/1234568"),
            ("/economy", "/economy/23"),
            ("/economy", "/economy/web2"),
            ("/economy", "/economy2"),
            ("/a?start=40", "/a?start=20"),
        ] {
            assert_eq!(step(&url(own), &url(to)), None, "{own} -> {to}");
        }
    }

    #[test]
    fn number_of_a_page_stands_in_query_or_path() {
        for (at, expected) in [
            ("/a?page=3", Some(3)),
            ("/a/page/12/", Some(12)),
            ("/a/3", None),
            ("/a/index_2.html", None),
            ("/a?id=3", None),
        ] {
            assert_eq!(page_number(&url(at)), expected, "{at}");
        }
    }
}
