//! Zones as times name them. A name that several countries use for different zones is no zone.

use std::sync::LazyLock;

use chrono::FixedOffset;
use chrono_tz::Tz;
use regex::Regex;

use crate::domain::Stamp;

/// What a zone name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    /// A fixed distance from UTC.
    Offset(FixedOffset),
    /// Rules of a region, where the name covers winter and summer.
    Region(Tz),
}

/// Fixed zones, in minutes east of UTC. Not in here, as they are ambiguous: IST (India, Ireland,
/// Israel), CST (America, China), BST, AST, PST of the Philippines is PHT.
const FIXED: &[(&str, i32)] = &[
    ("Z", 0),
    ("UTC", 0),
    ("UT", 0),
    ("GMT", 0),
    ("WET", 0),
    ("WEST", 60),
    ("CET", 60),
    ("MEZ", 60),
    ("CEST", 120),
    ("MESZ", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("TRT", 180),
    ("PKT", 300),
    ("WIB", 420),
    ("ICT", 420),
    ("HKT", 480),
    ("SGT", 480),
    ("PHT", 480),
    ("AWST", 480),
    ("KST", 540),
    ("JST", 540),
    ("AEST", 600),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
    ("BRT", -180),
    ("ART", -180),
    ("EDT", -240),
    ("EST", -300),
    ("CDT", -300),
    ("MDT", -360),
    ("MST", -420),
    ("PDT", -420),
    ("PST", -480),
    ("AKDT", -480),
    ("AKST", -540),
    ("HST", -600),
];

/// Names that American newsrooms use the whole year.
const REGIONS: &[(&str, Tz)] = &[
    ("ET", Tz::America__New_York),
    ("CT", Tz::America__Chicago),
    ("MT", Tz::America__Denver),
    ("PT", Tz::America__Los_Angeles),
];

/// Names that show that a text was written in the United States.
const AMERICAN: &[&str] = &[
    "ET", "CT", "MT", "PT", "EST", "EDT", "CDT", "MDT", "MST", "PDT", "PST", "AKDT", "AKST", "HST",
];

/// A zone at the beginning of a text.
pub(super) struct Stated {
    /// Unset where the name is ambiguous.
    pub(super) zone: Option<Zone>,
    pub(super) is_american: bool,
    /// How much of the text it takes.
    pub(super) bytes: usize,
}

impl Zone {
    /// The stamp with its offset.
    pub(super) fn apply(self, stamp: Stamp) -> Stamp {
        match self {
            Self::Offset(offset) => Stamp {
                offset: Some(offset),
                ..stamp
            },
            Self::Region(zone) => stamp.or_in(Some(zone)),
        }
    }
}

/// Whether a zone lies in the United States, where the month comes first.
pub(super) fn is_american(zone: Tz) -> bool {
    REGIONS.iter().any(|(_, region)| *region == zone)
}

/// Whether a zone lies where dates begin with the year.
pub(super) fn is_east_asian(zone: Tz) -> bool {
    const ZONES: [Tz; 6] = [
        Tz::Asia__Seoul,
        Tz::Asia__Tokyo,
        Tz::Asia__Shanghai,
        Tz::Asia__Taipei,
        Tz::Asia__Hong_Kong,
        Tz::Asia__Pyongyang,
    ];
    ZONES.contains(&zone)
}

/// The zone that a text begins with, as it stands behind a time: `Z`, `+09:00`, `+0900`, `GMT+9`,
/// `(KST)`, ` EST`.
pub(super) fn at_start(text: &str) -> Option<Stated> {
    numeric(text).or_else(|| named(text))
}

fn numeric(text: &str) -> Option<Stated> {
    static NUMERIC: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^ ?\(?(?:UTC|GMT)? ?([+-])(\d{2})(?::?(\d{2}))?\b\)?|^ ?\(?(?:UTC|GMT) ?([+-])(\d{1,2})\b\)?").ok()
    });
    let found = NUMERIC.as_ref()?.captures(text)?;
    let number = |name: usize| found.get(name).and_then(|n| n.as_str().parse::<i32>().ok());
    let sign = found.get(1).or_else(|| found.get(4))?.as_str();
    let hours = number(2).or_else(|| number(5))?;
    let minutes = number(3).unwrap_or(0);
    if hours > 14 || minutes % 15 != 0 {
        return None; // the end of a range of times
    }
    let seconds = (hours * 60 + minutes) * 60;
    let offset = if sign == "-" {
        FixedOffset::west_opt(seconds)
    } else {
        FixedOffset::east_opt(seconds)
    };
    Some(Stated {
        zone: offset.map(Zone::Offset),
        is_american: false,
        bytes: found.get(0)?.len(),
    })
}

fn named(text: &str) -> Option<Stated> {
    static NAME: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^,? ?\(?([A-Z]{1,4})\b\)?").ok());
    let found = NAME.as_ref()?.captures(text)?;
    let name = found.get(1)?.as_str();
    let fixed = FIXED.iter().find(|(known, _)| *known == name);
    let region = REGIONS.iter().find(|(known, _)| *known == name);
    let zone = fixed
        .and_then(|(_, minutes)| FixedOffset::east_opt(minutes * 60))
        .map(Zone::Offset)
        .or(region.map(|(_, zone)| Zone::Region(*zone)));
    zone.map(|zone| Stated {
        zone: Some(zone),
        is_american: AMERICAN.contains(&name),
        bytes: found.get(0).map_or(0, |all| all.len()),
    })
}
