//! The time that the name of a sitemap stands for: `sitemap-2019-03.xml`, `/sitemap/2019/03/05`.

use std::sync::LazyLock;

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use regex::Regex;

use crate::domain::CanonicalUrl;

/// A year, or a year with its month, or a day; not a part of a longer number.
static PERIOD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|\D)((?:19|20)\d\d)(?:[-_/.]?(0[1-9]|1[0-2])(?:[-_/.]?(0[1-9]|[12]\d|3[01]))?)?(?:\D|$)").ok()
});

/// Whether the name of a sitemap says that all in it is from before `since`. A day of grace is for
/// the zone, which the name does not say. A bare year may be a mere number, and counts with `years`
/// only.
#[must_use]
pub fn ends_before(sitemap: &CanonicalUrl, since: DateTime<Utc>, years: bool) -> bool {
    let url = sitemap.as_url();
    let name = [url.path(), url.query().unwrap_or_default()].join("?");
    let end = end_of(&name, years);
    end.is_some_and(|end| end < since.date_naive())
}

/// The day after the period, and one more.
fn end_of(name: &str, years: bool) -> Option<NaiveDate> {
    let found = PERIOD.as_ref()?.captures(name)?;
    let part = |n| {
        found
            .get(n)
            .and_then(|part| part.as_str().parse::<u32>().ok())
    };
    let year = i32::try_from(part(1)?).ok()?;
    let end = match (part(2), part(3)) {
        (Some(month), Some(day)) => {
            NaiveDate::from_ymd_opt(year, month, day)?.checked_add_days(Days::new(1))
        }
        (Some(month), None) => {
            NaiveDate::from_ymd_opt(year, month, 1)?.checked_add_months(Months::new(1))
        }
        (None, _) if years => NaiveDate::from_ymd_opt(year + 1, 1, 1),
        (None, _) => None,
    };
    end?.checked_add_days(Days::new(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Identity;

    #[test]
    fn names_tell_until_when_their_sitemaps_go() {
        let since = "2024-03-15T00:00:00Z".parse().unwrap();
        for (name, years, is_before) in [
            ("sitemap-2019-03.xml", false, true),
            ("sitemap_202402.xml.gz", false, true),
            ("sitemap_202403.xml.gz", false, false),
            ("sitemap/2024/03/10", false, true),
            ("sitemap/2024/03/14", false, false),
            ("sitemap.xml?yyyy=2023&mm=12&dd=01", true, true),
            ("sitemap-2023.xml", true, true),
            ("sitemap-2023.xml", false, false),
            ("sitemap-2024.xml", true, false),
            ("sitemap-120190301.xml", true, false),
            ("sitemap-1.xml", true, false),
        ] {
            let url = format!("https://a.example/{name}");
            let url = CanonicalUrl::parse(&url, Identity::default()).unwrap();
            assert_eq!(ends_before(&url, since, years), is_before, "{name}");
        }
    }
}
