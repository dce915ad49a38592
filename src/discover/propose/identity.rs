//! Which query parameter makes the address of an article.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::CanonicalUrl;

/// Fewer addresses show nothing.
const MIN_ADDRESSES: usize = 5;
/// Of the addresses, in percent, that have the parameter.
const PRESENT: usize = 95;
/// Of the addresses, in percent, that have a value of their own: the rest are the same article met
/// twice, with other parameters.
const DISTINCT: usize = 60;

/// The one parameter that tells articles apart, where that is sure: nearly all of the addresses have
/// it with a number or a code, and every other parameter is absent from many, or was seen to change
/// while it stayed the same. Two parameters that are always there may both be needed.
pub(super) fn identity(articles: &[CanonicalUrl]) -> Option<String> {
    let mut values: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
    for (at, url) in articles.iter().enumerate() {
        for (name, value) in url.as_url().query_pairs() {
            let place = values.entry(name.into_owned()).or_default();
            place.push((at, value.into_owned()));
        }
    }
    let count = articles.len();
    if count < MIN_ADDRESSES {
        return None;
    }
    let is_key = |pairs: &[(usize, String)]| {
        let distinct: BTreeSet<&str> = pairs.iter().map(|(_, value)| value.as_str()).collect();
        let is_code = |value: &&str| value.bytes().any(|b| b.is_ascii_digit());
        pairs.len() * 100 >= count * PRESENT
            && distinct.len() * 100 >= pairs.len() * DISTINCT
            && distinct.iter().all(is_code)
    };
    let mut keys = values.iter().filter(|(_, pairs)| is_key(pairs));
    let (key, of_key) = keys.next()?;
    if keys.next().is_some() {
        return None;
    }
    let key_at: BTreeMap<usize, &str> = of_key
        .iter()
        .map(|(at, value)| (*at, value.as_str()))
        .collect();
    let others = values.iter().filter(|(name, _)| *name != key);
    let is_idle =
        |pairs: &[(usize, String)]| pairs.len() * 2 < count || changes_alone(pairs, &key_at);
    others
        .map(|(_, pairs)| pairs)
        .all(|pairs| is_idle(pairs))
        .then(|| key.clone())
}

/// Whether one value of the key was met with several values of another parameter.
fn changes_alone(pairs: &[(usize, String)], key_at: &BTreeMap<usize, &str>) -> bool {
    let mut met: BTreeMap<&str, &str> = BTreeMap::new();
    pairs.iter().any(|(at, value)| {
        let Some(key) = key_at.get(at) else {
            return false;
        };
        met.insert(key, value).is_some_and(|before| before != value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Identity;

    fn of(queries: &[&str]) -> Option<String> {
        let url = |query: &&str| {
            CanonicalUrl::parse(&format!("https://e.kr/view?{query}"), Identity::default()).unwrap()
        };
        identity(&queries.iter().map(url).collect::<Vec<_>>())
    }

    #[test]
    fn parameter_that_tells_articles_apart_is_the_identity() {
        let plain = [
            "idxno=1001",
            "idxno=1002",
            "idxno=1003",
            "idxno=1004",
            "idxno=1005",
        ];
        assert_eq!(of(&plain).as_deref(), Some("idxno"));
        let some_with_more = [
            "idxno=1001&ref=top",
            "idxno=1001",
            "idxno=1002",
            "idxno=1003&ref=side",
            "idxno=1004",
            "idxno=1005",
        ];
        assert_eq!(of(&some_with_more).as_deref(), Some("idxno"));
        let section_changes = [
            "no=71&sec=a",
            "no=71&sec=b",
            "no=72&sec=a",
            "no=73&sec=b",
            "no=74&sec=b",
            "no=75&sec=b",
        ];
        assert_eq!(of(&section_changes).as_deref(), Some("no"));
    }

    #[test]
    fn identity_that_is_not_sure_is_left_open() {
        for (why, queries) in [
            ("few addresses", &["no=1", "no=2"][..]),
            (
                "a second parameter that is always there",
                &[
                    "no=1&year=2025",
                    "no=2&year=2025",
                    "no=3&year=2026",
                    "no=4&year=2026",
                    "no=5&year=2026",
                ],
            ),
            (
                "two keys",
                &[
                    "aid=1&oid=11",
                    "aid=2&oid=12",
                    "aid=3&oid=13",
                    "aid=4&oid=14",
                    "aid=5&oid=15",
                ],
            ),
            ("words", &["q=rain", "q=snow", "q=wind", "q=hail", "q=sun"]),
            ("one value", &["no=1", "no=1", "no=1", "no=1", "no=1"]),
        ] {
            assert_eq!(of(queries), None, "{why}");
        }
        let none: Vec<CanonicalUrl> = Vec::new();
        assert_eq!(identity(&none), None);
    }
}
