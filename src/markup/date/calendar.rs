//! Years that are counted otherwise: Japanese eras, the Republic of China, Buddhist and Persian
//! years.

use chrono::{Datelike, NaiveDate, TimeDelta};

/// Names of an era, the year before its first, and its last year.
const ERAS: [(&[&str], i32, i32); 7] = [
    (&["令和", "R"], 2018, 99),
    (&["平成", "H"], 1988, 31),
    (&["昭和", "S"], 1925, 64),
    (&["大正"], 1911, 15),
    (&["明治"], 1867, 45),
    (
        &["民國", "民国", "中華民國", "中华民国", "중화민국"],
        1911,
        200,
    ),
    (&["단기", "檀紀"], -2333, 4_500),
];

/// The year of an era in our counting. 元 is the first one.
pub(super) fn of_era(era: &str, year: &str) -> Option<i32> {
    let (_, base, last) = ERAS.iter().find(|(names, _, _)| names.contains(&era))?;
    let year = if year == "元" {
        1
    } else {
        year.parse::<i32>().ok()?
    };
    (1..=*last).contains(&year).then_some(base + year)
}

/// A Buddhist year in our counting, where it can be one of today.
pub(super) fn of_buddhist(year: i32) -> Option<i32> {
    (2443..=2743).contains(&year).then_some(year - 543)
}

/// The day of a Persian date, by the rule of 33-year cycles, which holds from 1244 to 1472.
pub(super) fn of_persian(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    if !(1244..=1472).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    let is_leap = |year: i32| [1, 5, 9, 13, 17, 22, 26, 30].contains(&(year % 33));
    let length = match month {
        1..=6 => 31,
        7..=11 => 30,
        _ => 29 + u32::from(is_leap(year)),
    };
    if day == 0 || day > length {
        return None;
    }
    // 1 Farvardin 1403 was 20 March 2024
    let leaps = |year: i32| i64::try_from((1..year).filter(|y| is_leap(*y)).count()).unwrap_or(0);
    let years = i64::from(year - 1403) * 365 + leaps(year) - leaps(1403);
    let months = i64::from((month - 1) * 30 + (month - 1).min(6));
    let first = NaiveDate::from_ymd_opt(2024, 3, 20)?;
    first.checked_add_signed(TimeDelta::days(years + months + i64::from(day) - 1))
}

/// The last such day that isn't after `today`: what a date without its year means.
pub(super) fn last_such_day(month: u32, day: u32, today: NaiveDate) -> Option<NaiveDate> {
    // eight years reach the next 29 February in any case
    let years = (0..=8).map(|back| today.year() - back);
    let mut days = years.filter_map(|year| NaiveDate::from_ymd_opt(year, month, day));
    days.find(|day| *day <= today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_of_other_calendars_are_converted() {
        assert_eq!(of_era("令和", "6"), Some(2024));
        assert_eq!(of_era("平成", "元"), Some(1989));
        assert_eq!(of_era("平成", "32"), None);
        assert_eq!(of_era("民國", "113"), Some(2024));
        assert_eq!(of_buddhist(2567), Some(2024));
        assert_eq!(of_buddhist(2024), None);
    }

    #[test]
    fn persian_days_are_converted() {
        for (persian, common) in [
            ((1403, 1, 1), (2024, 3, 20)),
            ((1402, 12, 15), (2024, 3, 5)),
            ((1399, 12, 30), (2021, 3, 20)),
            ((1404, 1, 1), (2025, 3, 21)),
            ((1370, 7, 1), (1991, 9, 23)),
        ] {
            let (year, month, day) = common;
            let expected = NaiveDate::from_ymd_opt(year, month, day);
            assert_eq!(
                of_persian(persian.0, persian.1, persian.2),
                expected,
                "{persian:?}"
            );
        }
        assert_eq!(of_persian(1402, 12, 30), None);
        assert_eq!(of_persian(1402, 7, 31), None);
    }

    #[test]
    fn day_without_year_is_the_last_one() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let last = |month, day| last_such_day(month, day, today).map(|day| day.year());
        assert_eq!(last(11, 23), Some(2026));
        assert_eq!(last(11, 24), Some(2025));
        assert_eq!(last(2, 29), Some(2024));
        assert_eq!(last(2, 30), None);
    }
}
