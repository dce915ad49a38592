//! The dates that stand outside of a page: in its address, and in what feeds say of it.

use super::claims::{Claim, Kind, read};
use crate::domain::Trust;
use crate::extract::FEED;
use crate::extract::metadata::Sources;
use crate::extract::metadata::field::Field;
use crate::extract::pattern::Pattern;

static PATH_DAY: Pattern =
    Pattern::new(r"/((?:19|20)\d\d)/(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])(?:/|$)");
static PATH_COMPACT_DAY: Pattern =
    Pattern::new(r"/((?:19|20)\d\d)[/-]?([01]\d)[/-]?([0-3]\d)(?:\D|$|\d{4,})");
static PATH_NAMED_DAY: Pattern =
    Pattern::new(r"(?i)/((?:19|20)\d\d)/([a-z]{3,9})/(3[01]|[12]\d|0?[1-9])(?:/|$)");
static PATH_MONTH: Pattern = Pattern::new(r"/((?:19|20)\d\d)/(1[0-2]|0[1-9])/");

/// What a feed or sitemap says.
pub(super) fn of_feed(page: &Sources<'_>) -> Option<Claim> {
    let stamp = page.hint?.published.as_ref()?;
    Some(Claim {
        field: Field::new(stamp.clone(), FEED, &stamp.to_text(), Trust::Medium),
        kind: Kind::Feed,
        twin: None,
    })
}

/// The day in an address such as `/2024/03/05/`, `/2024/march/05/` or `/20240305-`, else its month.
pub(super) fn of_path(page: &Sources<'_>) -> Option<Claim> {
    let path = page.url?.path();
    // an archive's address holds that of the page, behind the time of the copy
    let path = path
        .rfind("/http")
        .and_then(|at| path.get(at..))
        .unwrap_or(path);
    let days = [&PATH_DAY, &PATH_NAMED_DAY, &PATH_COMPACT_DAY];
    let kinds = [Kind::Permalink, Kind::Permalink, Kind::Path];
    let day = days.into_iter().zip(kinds).find_map(|(pattern, kind)| {
        let found = pattern.captures(path)?;
        let part = |at: usize| found.get(at).map(|part| part.as_str());
        let (year, month, day) = (part(1)?, part(2)?, part(3)?);
        let is_name = month.starts_with(|c: char| c.is_ascii_alphabetic());
        let text = if is_name {
            format!("{day} {month} {year}")
        } else {
            format!("{year}-{month:0>2}-{day:0>2}")
        };
        Some((read(page, &text)?, kind))
    });
    let month = || {
        let found = PATH_MONTH.captures(path)?;
        let text = format!("{}-{}", found.get(1)?.as_str(), found.get(2)?.as_str());
        Some((read(page, &text)?, Kind::Path))
    };
    let (reading, kind) = day.or_else(month)?;
    Some(Claim::new(&reading, kind, path))
}
