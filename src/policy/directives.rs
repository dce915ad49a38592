//! What a page asks of robots: the `X-Robots-Tag` headers and the `meta` of its head. There is no
//! standard; the words are those that search engines document. Of several answers the most
//! restrictive holds, those for other agents say nothing to us.

use chrono::{DateTime, NaiveDate, Utc};

use super::retry::parse_http_date;

/// Directives that take a value behind a colon, and so are no agent's name.
const VALUED: [&str; 4] = [
    "max-snippet",
    "max-image-preview",
    "max-video-preview",
    "unavailable_after",
];

/// The words that have a meaning for us. `nosnippet` and `max-…` speak of search results, which we
/// don't make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Directives {
    /// The page is not to be stored; also where its `unavailable_after` is past.
    pub noindex: bool,
    /// Its links are not to be followed.
    pub nofollow: bool,
    /// Its bytes are not to be kept.
    pub noarchive: bool,
}

impl Directives {
    /// Reads the values of the `X-Robots-Tag` headers, and pairs of name and content of `meta`
    /// elements; `agent` is our product token.
    #[must_use]
    pub fn read<'a>(
        headers: impl IntoIterator<Item = &'a str>,
        metas: impl IntoIterator<Item = (&'a str, &'a str)>,
        agent: &str,
        now: DateTime<Utc>,
    ) -> Self {
        let mut read = Self::default();
        for header in headers {
            read.header(header, agent, now);
        }
        for (name, content) in metas {
            let name = name.trim();
            if name.eq_ignore_ascii_case("robots") || name.eq_ignore_ascii_case(agent) {
                read.list(content, now);
            }
        }
        read
    }

    /// One header: a list, whose parts behind "name:" are for that agent up to the next such name.
    fn header(&mut self, value: &str, agent: &str, now: DateTime<Utc>) {
        let mut is_ours = true;
        let mut ours = Vec::new();
        for part in value.split(',') {
            let mut rest = part.trim();
            if let Some((name, after)) = rest.split_once(':')
                && is_agent(name.trim())
            {
                let name = name.trim();
                is_ours = name == "*" || name.eq_ignore_ascii_case(agent);
                rest = after.trim();
            }
            if is_ours {
                ours.push(rest);
            }
        }
        self.list(&ours.join(","), now);
    }

    fn list(&mut self, list: &str, now: DateTime<Utc>) {
        let mut parts = list.split(',').map(str::trim);
        while let Some(part) = parts.next() {
            let (word, value) = part.split_once(':').unwrap_or((part, ""));
            match word.trim().to_ascii_lowercase().as_str() {
                "noindex" => self.noindex = true,
                "nofollow" => self.nofollow = true,
                "noarchive" => self.noarchive = true,
                "none" => {
                    self.noindex = true;
                    self.nofollow = true;
                }
                "unavailable_after" => {
                    // "Friday, 25-Jun-10 15:00:00 UTC": the comma is the date's own.
                    let is_day = value.trim().bytes().all(|b| b.is_ascii_alphabetic());
                    let date = match parts.clone().next().filter(|_| is_day) {
                        Some(rest) => format!("{}, {rest}", value.trim()),
                        None => value.trim().to_owned(),
                    };
                    self.noindex |= parse_date(&date).is_some_and(|date| date <= now);
                }
                _ => {}
            }
        }
    }
}

/// Whether the name before a colon is an agent's. Product tokens have no blanks, and the rest of a
/// date ("15:00:00 PST") begins with a digit.
fn is_agent(name: &str) -> bool {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "-_*.".contains(c);
    let is_valued = VALUED.iter().any(|word| name.eq_ignore_ascii_case(word));
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '*');
    starts && !is_valued && name.chars().all(is_token)
}

/// A date as people write it there: RFC 822 and its kin, ISO 8601, or a day, which then begins.
fn parse_date(text: &str) -> Option<DateTime<Utc>> {
    let utc = |date: DateTime<chrono::FixedOffset>| date.to_utc();
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    DateTime::parse_from_rfc2822(text)
        .or_else(|_not_822| DateTime::parse_from_rfc3339(text))
        .map(utc)
        .ok()
        .or_else(|| parse_http_date(&text.replace("UTC", "GMT")))
        .or_else(|| Some(day(text)?.and_hms_opt(0, 0, 0)?.and_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use proptest::prelude::*;

    fn read(headers: &[&str], metas: &[(&str, &str)]) -> String {
        let now = Utc.with_ymd_and_hms(2026, 11, 6, 8, 0, 0).unwrap();
        let read = Directives::read(headers.iter().copied(), metas.iter().copied(), "Sokbo", now);
        [
            (read.noindex, "i"),
            (read.nofollow, "f"),
            (read.noarchive, "a"),
        ]
        .iter()
        .filter(|(is_set, _)| *is_set)
        .map(|(_, letter)| *letter)
        .collect()
    }

    #[test]
    fn headers_are_read_for_all_and_for_us_and_not_for_others() {
        for (headers, expected) in [
            (&["noindex"][..], "i"),
            (&["NoIndex , NOFOLLOW"], "if"),
            (&["none"], "if"),
            (&["noarchive", "nofollow"], "fa"),
            (&["sokbo: noindex"], "i"),
            (&["*: noindex"], "i"),
            (&["otherbot: noindex, nofollow"], ""),
            (&["otherbot: noindex", "noarchive"], "a"),
            (&["otherbot: noindex, Sokbo: nofollow, noarchive"], "fa"),
            (
                &["nosnippet, max-snippet:0, max-image-preview: none, all, index"],
                "",
            ),
            (&["max-snippet: -1, noindex"], "i"),
            (&["", ":", ",,,", ": noindex", "noindexing"], ""),
        ] {
            assert_eq!(read(headers, &[]), expected, "{headers:?}");
        }
    }

    #[test]
    fn what_is_unavailable_by_now_is_not_stored() {
        for (date, expected) in [
            ("25 Jun 2010 15:00:00 PST", "i"),
            ("Friday, 25-Jun-10 15:00:00 UTC", "i"),
            ("Fri, 25 Jun 2010 15:00:00 GMT", "i"),
            ("2026-11-06", "i"),
            ("2026-11-06T08:00:00+00:00", "i"),
            ("2026-11-06T08:00:01+00:00", ""),
            ("25 Jun 2030 15:00:00 PST", ""),
            ("some day", ""),
            ("", ""),
        ] {
            let value = format!("unavailable_after: {date}");
            assert_eq!(read(&[value.as_str()], &[]), expected, "{date}");
            let value = format!("sokbo: noarchive, unavailable_after: {date}");
            assert_eq!(
                read(&[value.as_str()], &[]),
                format!("{expected}a"),
                "{date}"
            );
            assert_eq!(
                read(&[], &[("robots", value.trim_start_matches("sokbo: "))]),
                format!("{expected}a"),
                "{date}"
            );
        }
    }

    #[test]
    fn metas_are_read_by_name() {
        for (name, expected) in [("ROBOTS", "i"), ("sokbo", "i"), ("googlebot", ""), ("", "")] {
            assert_eq!(read(&[], &[(name, "noindex")]), expected, "{name}");
        }
        assert_eq!(
            read(&["noarchive"], &[("robots", "index"), ("sokbo", "none")]),
            "ifa"
        );
    }

    proptest! {
        #[test]
        fn no_value_makes_us_panic(value in ".{0,80}", name in "[a-z*]{0,8}") {
            read(&[&value, &format!("{name}: {value}")], &[("robots", &value)]);
        }
    }
}
