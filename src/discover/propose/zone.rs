//! The zone of an outlet's times: by its language or its country, as far as what its pages and feeds
//! state doesn't speak against it.

use chrono::{DateTime, FixedOffset, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use crate::domain::Stamp;

/// Zones of countries with one zone of the news each, by the end of host names.
const COUNTRIES: &[(&str, Tz)] = &[
    ("kr", Tz::Asia__Seoul),
    ("jp", Tz::Asia__Tokyo),
    ("cn", Tz::Asia__Shanghai),
    ("tw", Tz::Asia__Taipei),
    ("hk", Tz::Asia__Hong_Kong),
    ("sg", Tz::Asia__Singapore),
    ("vn", Tz::Asia__Ho_Chi_Minh),
    ("th", Tz::Asia__Bangkok),
    ("ph", Tz::Asia__Manila),
    ("my", Tz::Asia__Kuala_Lumpur),
    ("in", Tz::Asia__Kolkata),
    ("pk", Tz::Asia__Karachi),
    ("il", Tz::Asia__Jerusalem),
    ("ir", Tz::Asia__Tehran),
    ("tr", Tz::Europe__Istanbul),
    ("uk", Tz::Europe__London),
    ("ie", Tz::Europe__Dublin),
    ("de", Tz::Europe__Berlin),
    ("at", Tz::Europe__Vienna),
    ("ch", Tz::Europe__Zurich),
    ("fr", Tz::Europe__Paris),
    ("be", Tz::Europe__Brussels),
    ("nl", Tz::Europe__Amsterdam),
    ("it", Tz::Europe__Rome),
    ("es", Tz::Europe__Madrid),
    ("pt", Tz::Europe__Lisbon),
    ("pl", Tz::Europe__Warsaw),
    ("cz", Tz::Europe__Prague),
    ("hu", Tz::Europe__Budapest),
    ("gr", Tz::Europe__Athens),
    ("ro", Tz::Europe__Bucharest),
    ("ua", Tz::Europe__Kyiv),
    ("se", Tz::Europe__Stockholm),
    ("no", Tz::Europe__Oslo),
    ("dk", Tz::Europe__Copenhagen),
    ("fi", Tz::Europe__Helsinki),
    ("nz", Tz::Pacific__Auckland),
    ("za", Tz::Africa__Johannesburg),
    ("ng", Tz::Africa__Lagos),
    ("ke", Tz::Africa__Nairobi),
    ("eg", Tz::Africa__Cairo),
    ("ar", Tz::America__Argentina__Buenos_Aires),
    ("cl", Tz::America__Santiago),
    ("pe", Tz::America__Lima),
];

/// Zones of languages whose news is nearly all of one zone.
const LANGUAGES: &[(&str, Tz)] = &[
    ("ko", Tz::Asia__Seoul),
    ("ja", Tz::Asia__Tokyo),
    ("vi", Tz::Asia__Ho_Chi_Minh),
    ("th", Tz::Asia__Bangkok),
    ("he", Tz::Asia__Jerusalem),
    ("fa", Tz::Asia__Tehran),
    ("tr", Tz::Europe__Istanbul),
    ("de", Tz::Europe__Berlin),
    ("it", Tz::Europe__Rome),
    ("nl", Tz::Europe__Amsterdam),
    ("pl", Tz::Europe__Warsaw),
    ("cs", Tz::Europe__Prague),
    ("sk", Tz::Europe__Bratislava),
    ("hu", Tz::Europe__Budapest),
    ("el", Tz::Europe__Athens),
    ("ro", Tz::Europe__Bucharest),
    ("bg", Tz::Europe__Sofia),
    ("uk", Tz::Europe__Kyiv),
    ("sv", Tz::Europe__Stockholm),
    ("no", Tz::Europe__Oslo),
    ("nb", Tz::Europe__Oslo),
    ("da", Tz::Europe__Copenhagen),
    ("fi", Tz::Europe__Helsinki),
];

/// A zone is at most this far from UTC, and at whole quarters of an hour.
const MAX_OFFSET_SECONDS: i64 = 14 * 3600;
const QUARTER_SECONDS: i64 = 900;

/// One article's time: as the page writes it and, where a listing states it, the instant.
#[derive(Debug, Clone)]
pub(super) struct Evidence {
    /// On the page.
    pub(super) stamp: Stamp,
    /// In a feed or sitemap.
    pub(super) listed: Option<DateTime<Utc>>,
}

/// What is known of the zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Zone {
    /// The zone, and why.
    Known(Tz, String),
    /// None, and why.
    Open(String),
}

/// Judges the zone of an outlet at `host`, written in `language`.
pub(super) fn zone(host: &str, language: Option<&str>, times: &[Evidence]) -> Zone {
    let country = host.rsplit('.').next().unwrap_or_default();
    let of = |table: &[(&str, Tz)], key: &str| {
        table
            .iter()
            .find(|(known, _)| *known == key)
            .map(|(_, zone)| *zone)
    };
    let by_country =
        of(COUNTRIES, country).map(|zone| (zone, format!("by its country, .{country}")));
    let by_language = language.and_then(|code| {
        of(LANGUAGES, code).map(|zone| (zone, format!("by its language, {code}")))
    });
    let offsets: Vec<(FixedOffset, DateTime<Utc>)> = times.iter().filter_map(offset).collect();
    let stated = offsets.first().map(|(offset, _)| *offset);
    let Some((zone, why)) = by_country.or(by_language) else {
        return Zone::Open(match stated {
            Some(offset) => format!("not known; its articles are stated at {offset}"),
            None => "not known; write one if its pages state times without a zone".to_owned(),
        });
    };
    let is_at = |(offset, at): &&(FixedOffset, DateTime<Utc>)| {
        zone.offset_from_utc_datetime(&at.naive_utc()).fix() == *offset
    };
    match (offsets.iter().filter(is_at).count(), stated) {
        (0, Some(offset)) => Zone::Open(format!(
            "not sure: {zone} {why}, but its articles are stated at {offset}"
        )),
        (0, None) => Zone::Known(zone, why),
        (agree, _) => Zone::Known(zone, format!("{why}; {agree} sample articles agree")),
    }
}

/// The distance from UTC at which an article's time is written. A time in UTC says nothing: that is
/// how machines write.
fn offset(time: &Evidence) -> Option<(FixedOffset, DateTime<Utc>)> {
    let stamp = &time.stamp;
    let is_exact = stamp.precision >= crate::domain::Precision::Minute;
    let offset = match (stamp.offset, time.listed) {
        (Some(offset), _) => offset,
        (None, Some(listed)) if is_exact => {
            let ahead = (stamp.local.and_utc() - listed).num_seconds();
            let quarters = (ahead + QUARTER_SECONDS / 2).div_euclid(QUARTER_SECONDS);
            let seconds = quarters * QUARTER_SECONDS;
            // Seconds may be cut on the page; more is another time, such as that of an edit.
            if (ahead - seconds).abs() > 60 || seconds.abs() > MAX_OFFSET_SECONDS {
                return None;
            }
            FixedOffset::east_opt(i32::try_from(seconds).ok()?)?
        }
        (None, _) => return None,
    };
    let at = offset.from_local_datetime(&stamp.local).single()?.to_utc();
    (offset.local_minus_utc() != 0).then_some((offset, at))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::Precision;

    fn time(hour: u32, offset: Option<i32>, listed_hour: Option<u32>) -> Evidence {
        let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        Evidence {
            stamp: Stamp {
                local: day.and_hms_opt(hour, 5, 0).unwrap(),
                offset: offset.map(|hours| FixedOffset::east_opt(hours * 3600).unwrap()),
                precision: Precision::Minute,
            },
            listed: listed_hour.map(|hour| day.and_hms_opt(hour, 5, 20).unwrap().and_utc()),
        }
    }

    #[test]
    fn zone_follows_country_then_language_where_times_do_not_contradict() {
        for (host, language, times, expected) in [
            ("www.saesol.co.kr", None, vec![], Some("Asia/Seoul")),
            (
                "saesol.example",
                Some("ko"),
                vec![time(18, Some(9), None)],
                Some("Asia/Seoul"),
            ),
            (
                "morgenblatt.example",
                Some("de"),
                vec![time(10, None, Some(9))],
                Some("Europe/Berlin"),
            ),
            ("morgenblatt.at", Some("de"), vec![], Some("Europe/Vienna")),
            // UTC is how machines write.
            (
                "morgenblatt.example",
                Some("de"),
                vec![time(9, Some(0), None)],
                Some("Europe/Berlin"),
            ),
            (
                "morgenblatt.example",
                Some("de"),
                vec![time(4, Some(-5), None)],
                None,
            ),
            (
                "tidewater.example",
                Some("en"),
                vec![time(9, Some(0), None)],
                None,
            ),
        ] {
            let found = match zone(host, language, &times) {
                Zone::Known(zone, _) => Some(zone.name()),
                Zone::Open(_) => None,
            };
            assert_eq!(found, expected, "{host} {language:?} {times:?}");
        }
    }

    #[test]
    fn open_zone_says_what_the_pages_state() {
        let found = zone("tidewater.example", Some("en"), &[time(4, Some(-5), None)]);
        assert!(
            matches!(&found, Zone::Open(why) if why.contains("-05:00")),
            "{found:?}"
        );
        // Forty minutes apart are two times, not a zone.
        let mut edited = time(10, None, Some(9));
        edited.listed = edited.listed.map(|at| at + chrono::TimeDelta::minutes(7));
        let found = zone("tidewater.example", Some("en"), &[edited]);
        assert!(
            matches!(&found, Zone::Open(why) if !why.contains("stated at")),
            "{found:?}"
        );
    }
}
