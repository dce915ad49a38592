//! In which order a page writes dates in figures: by the country that its language tag or its
//! address names, else by its language.

use url::Url;

use super::Head;
use crate::markup::date::Order;

/// Countries that write the month first.
const MONTH_FIRST: &[&str] = &["us", "ph"];
/// Countries that write the year first.
const YEAR_FIRST: &[&str] = &["kr", "kp", "jp", "cn", "tw", "hk", "hu", "lt", "mn"];
/// Languages of countries that write the year first.
const YEAR_FIRST_LANGUAGES: &[&str] = &["ko", "ja", "zh", "hu", "lt", "mn"];
/// Country domains that are sold to everybody and name no country.
const GENERIC: &[&str] = &[
    "ai", "am", "app", "cc", "co", "eu", "fm", "gg", "io", "la", "ly", "me", "su", "to", "tv", "ws",
];

/// The order that a page's tags and address speak for.
pub(super) fn of(head: &Head, url: Option<&Url>, configured: Option<&str>) -> Option<Order> {
    let declared = [head.language.as_deref(), head.meta_of(&["og:locale"])];
    let tags = || declared.into_iter().flatten().chain(configured);
    let of_tags = tags().filter_map(country_of_tag).next();
    let language = tags().filter_map(language_of_tag).next();
    let country = country_of_host(url).or(of_tags);
    by(country.as_deref(), language.as_deref())
}

fn by(country: Option<&str>, language: Option<&str>) -> Option<Order> {
    match (country, language) {
        (Some(country), _) if YEAR_FIRST.contains(&country) => Some(Order::YearFirst),
        (Some(country), Some("en" | "es" | "fil" | "tl")) if MONTH_FIRST.contains(&country) => {
            Some(Order::MonthFirst)
        }
        (_, Some(language)) if YEAR_FIRST_LANGUAGES.contains(&language) => Some(Order::YearFirst),
        // English that names no country is mostly American
        (None, Some("en")) => Some(Order::MonthFirst),
        (None, None) => None,
        _ => Some(Order::DayFirst),
    }
}

fn country_of_tag(tag: &str) -> Option<String> {
    let mut parts = tag.split(['-', '_']).skip(1);
    let country =
        parts.find(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_alphabetic()))?;
    Some(country.to_ascii_lowercase())
}

fn language_of_tag(tag: &str) -> Option<String> {
    let language = tag.split(['-', '_', ',']).next()?.trim();
    let is_code =
        (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic());
    is_code.then(|| language.to_ascii_lowercase())
}

fn country_of_host(url: Option<&Url>) -> Option<String> {
    let last = url?.host_str()?.rsplit('.').next()?;
    let is_country = last.len() == 2 && last.bytes().all(|b| b.is_ascii_alphabetic());
    (is_country && !GENERIC.contains(&last)).then(|| last.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn country_decides_before_language() {
        use Order::{DayFirst, MonthFirst, YearFirst};
        for (country, language, expected) in [
            (Some("us"), Some("en"), Some(MonthFirst)),
            (Some("gb"), Some("en"), Some(DayFirst)),
            (None, Some("en"), Some(MonthFirst)),
            (None, Some("de"), Some(DayFirst)),
            (Some("us"), Some("de"), Some(DayFirst)),
            (None, Some("ko"), Some(YearFirst)),
            (Some("kr"), Some("en"), Some(YearFirst)),
            (Some("ca"), Some("fr"), Some(DayFirst)),
            (None, None, None),
        ] {
            assert_eq!(by(country, language), expected, "{country:?} {language:?}");
        }
    }

    #[test]
    fn country_comes_from_tag_and_address() {
        assert_eq!(country_of_tag("en-US").as_deref(), Some("us"));
        assert_eq!(country_of_tag("zh-Hant_TW").as_deref(), Some("tw"));
        assert_eq!(country_of_tag("en"), None);
        let host = |text: &str| country_of_host(Some(&Url::parse(text).unwrap()));
        assert_eq!(host("https://www.paper.co.uk/1").as_deref(), Some("uk"));
        assert_eq!(host("https://paper.io/1"), None);
        assert_eq!(host("https://paper.example/1"), None);
    }
}
