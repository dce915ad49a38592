//! Zones as times name them. Of a name that several countries use, the context's zone tells which is
//! meant; without one it is that of the most readers: IST is India's, CST and AST are America's,
//! BST is Britain's. CST is no zone in a text that writes its dates as China does.

use std::sync::LazyLock;

use chrono::FixedOffset;
use chrono_tz::Tz;
use regex::Regex;

use super::{Context, Order};
use crate::domain::Stamp;

/// What a zone name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    /// A fixed distance from UTC.
    Offset(FixedOffset),
    /// Rules of a region, where the name covers winter and summer.
    Region(Tz),
    /// A name that several countries use.
    Shared(&'static Shared),
}

/// What a name means here and there, in minutes east of UTC.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shared {
    name: &'static str,
    usual: i32,
    /// Where it means something else.
    elsewhere: &'static [(Tz, i32)],
    /// Whether that is so in all places that write the year first.
    is_unsure: bool,
}

const SHARED: &[Shared] = &[
    Shared {
        name: "IST",
        usual: 330,
        elsewhere: &[(Tz::Europe__Dublin, 60), (Tz::Asia__Jerusalem, 120)],
        is_unsure: false,
    },
    Shared {
        name: "CST",
        usual: -360,
        elsewhere: &[
            (Tz::Asia__Shanghai, 480),
            (Tz::Asia__Taipei, 480),
            (Tz::Asia__Hong_Kong, 480),
            (Tz::Asia__Macau, 480),
            (Tz::America__Havana, -300),
        ],
        is_unsure: true,
    },
    Shared {
        name: "BST",
        usual: 60,
        elsewhere: &[(Tz::Asia__Dhaka, 360)],
        is_unsure: false,
    },
    Shared {
        name: "AST",
        usual: -240,
        elsewhere: &[
            (Tz::Asia__Riyadh, 180),
            (Tz::Asia__Baghdad, 180),
            (Tz::Asia__Kuwait, 180),
            (Tz::Asia__Qatar, 180),
            (Tz::Asia__Bahrain, 180),
        ],
        is_unsure: false,
    },
];

/// Fixed zones, in minutes east of UTC.
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
    ("ADT", -180),
    ("NST", -210),
    ("NDT", -150),
    ("SAST", 120),
    ("CAT", 120),
    ("EAT", 180),
    ("WAT", 60),
    ("GST", 240),
    ("IRST", 210),
    ("IDT", 180),
    ("NPT", 345),
    ("WITA", 480),
    ("WIT", 540),
    ("MYT", 480),
    ("ACST", 570),
    ("ACDT", 630),
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
            Self::Shared(_) => stamp,
        }
    }

    /// What the name means in a text of this context.
    pub(super) fn in_context(self, context: &Context) -> Option<Self> {
        let Self::Shared(shared) = self else {
            return Some(self);
        };
        let here = context.zone.and_then(|zone| {
            let mut places = shared.elsewhere.iter();
            places.find(|(place, _)| *place == zone)
        });
        if here.is_none() && shared.is_unsure && context.order == Some(Order::YearFirst) {
            return None;
        }
        let minutes = here.map_or(shared.usual, |(_, minutes)| *minutes);
        FixedOffset::east_opt(minutes * 60).map(Self::Offset)
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
/// `(KST)`, ` EST`, `[Asia/Seoul]`.
pub(super) fn at_start(text: &str) -> Option<Stated> {
    numeric(text)
        .or_else(|| named(text))
        .or_else(|| region(text))
}

/// Whether a text begins with what is written as an offset, and is none: `+25:00`.
pub(super) fn is_wrong(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).map(|rest| {
        let digits = rest.chars().filter(|c| *c != ':');
        digits.take_while(char::is_ascii_digit).count()
    });
    matches!(digits, Some(2 | 4)) && numeric(text).is_none()
}

fn numeric(text: &str) -> Option<Stated> {
    static NUMERIC: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"^ ?\(?(?:(?:UTC|GMT)? ?([+-])(?:(\d{1,2}):(\d{2})|(\d{2})(\d{2})?)|(?:UTC|GMT) ?([+-])(\d{1,2}))\b\)?",
        )
        .ok()
    });
    let found = NUMERIC.as_ref()?.captures(text)?;
    let number = |name: usize| found.get(name).and_then(|n| n.as_str().parse::<i32>().ok());
    let sign = found.get(1).or_else(|| found.get(6))?.as_str();
    let hours = number(2).or_else(|| number(4)).or_else(|| number(7))?;
    let minutes = number(3).or_else(|| number(5)).unwrap_or(0);
    if hours > 14 || minutes >= 60 || minutes % 15 != 0 {
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
        LazyLock::new(|| Regex::new(r"^(?:z\b|,? ?\(?([A-Z]{1,4})\b\)?)").ok());
    let found = NAME.as_ref()?.captures(text)?;
    let name = found.get(1).map_or("Z", |name| name.as_str());
    let fixed = FIXED.iter().find(|(known, _)| *known == name);
    let region = REGIONS.iter().find(|(known, _)| *known == name);
    let shared = SHARED.iter().find(|shared| shared.name == name);
    let zone = fixed
        .and_then(|(_, minutes)| FixedOffset::east_opt(minutes * 60))
        .map(Zone::Offset)
        .or(region.map(|(_, zone)| Zone::Region(*zone)))
        .or(shared.map(Zone::Shared));
    zone.map(|zone| Stated {
        zone: Some(zone),
        is_american: AMERICAN.contains(&name),
        bytes: found.get(0).map_or(0, |all| all.len()),
    })
}

/// A zone by its name in the tz database, as RFC 9557 and logs write it.
fn region(text: &str) -> Option<Stated> {
    let inner = text.trim_start_matches([' ', '[', '(']);
    let is_name = |c: char| c.is_ascii_alphabetic() || "/_-".contains(c);
    let end = inner.find(|c| !is_name(c)).unwrap_or(inner.len());
    let name = inner
        .get(..end)
        .filter(|name| name.contains('/') && name.len() <= 40)?;
    Some(Stated {
        zone: Some(Zone::Region(name.parse().ok()?)),
        is_american: false,
        bytes: text.len() - inner.len() + end,
    })
}
