use super::agree::agree;
use crate::domain::{Precision, Stamp};
use crate::markup::date::{self, Context, Scope};

fn stamp(text: &str) -> Stamp {
    let context = Context {
        now: "2026-11-23T00:00:00Z".parse().unwrap(),
        zone: None,
        order: None,
        scope: Scope::Page,
    };
    date::read(text, &context).unwrap().stamp
}

#[test]
fn statements_agree_where_a_zone_of_the_earth_makes_them_one() {
    for (a, b, expected) in [
        ("2024-03-05T09:20:00Z", "2024-03-05", true),
        ("2024-03-05T23:20:00Z", "2024-03-06", true),
        ("2024-03-05T23:20:00Z", "2024-03-07", false),
        ("2024-03-05T23:20:00Z", "2024-03-06 08:20", true),
        ("2024-03-05T23:20:00Z", "2024-03-06 08:21", false),
        ("2024-03-05T09:20:00+09:00", "2024-03-06", false),
        ("2024-03-05T19:30:00+01:00", "2024-03-06", true),
        ("2024-03-05T09:20:00Z", "March 2024", true),
        ("2024-03-05T09:20:00Z", "April 2024", false),
    ] {
        assert_eq!(agree(&stamp(a), &stamp(b)), expected, "{a} {b}");
        assert_eq!(agree(&stamp(b), &stamp(a)), expected, "{b} {a}");
    }
    assert_eq!(stamp("March 2024").precision, Precision::Month);
}
