use super::*;
use proptest::prelude::*;

mod alone;

fn context(zone: Option<Tz>) -> Context {
    Context {
        now: "2026-11-23T03:04:05Z".parse().unwrap(),
        zone,
        order: None,
        scope: Scope::Page,
    }
}

fn seoul() -> Context {
    context(Some(Tz::Asia__Seoul))
}

fn check(context: &Context, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let value = read(text, context).map(|reading| reading.stamp.to_text());
        assert_eq!(value.as_deref().unwrap_or("none"), *expected, "{text}");
    }
}

#[test]
fn korean_forms_are_read() {
    check(
        &seoul(),
        &[
            ("2026-02-12T17:05:00+09:00", "2026-02-12T17:05:00+09:00"),
            ("2025-05-15T20:00:52.000+0900", "2025-05-15T20:00:52+09:00"),
            ("20240731193413", "2024-07-31T19:34:13+09:00"),
            ("202403050841", "2024-03-05T08:41:00+09:00"),
            (
                "Thu, 29 Feb 2024 11:10:00 +0900",
                "2024-02-29T11:10:00+09:00",
            ),
            ("입력 2024-02-29 11:10", "2024-02-29T11:10:00+09:00"),
            ("입력 : 2026-01-06 14:44:16", "2026-01-06T14:44:16+09:00"),
            (
                "입력 :\u{a0}2026-01-06\u{a0}14:44:16",
                "2026-01-06T14:44:16+09:00",
            ),
            (
                "2026\u{200b}.01.\u{200b}06 17\u{200b}:45",
                "2026-01-06T17:45:00+09:00",
            ),
            ("송고2026-01-06 16:46", "2026-01-06T16:46:00+09:00"),
            ("2023/06/23 10:12 송고", "2023-06-23T10:12:00+09:00"),
            ("2026년06월20일 08시00분 송고", "2026-06-20T08:00:00+09:00"),
            ("입력 2026.01.06. 08:15", "2026-01-06T08:15:00+09:00"),
            ("2026.08.04. 오후 2:18", "2026-08-04T14:18:00+09:00"),
            ("2026.08.04. 오전 12:05", "2026-08-04T00:05:00+09:00"),
            ("2026.08.04. 오후 12:05", "2026-08-04T12:05:00+09:00"),
            ("등록: 2026.01.06 오후 17:25", "2026-01-06T17:25:00+09:00"),
            ("입력 2026.01.06 (17:45)", "2026-01-06T17:45:00+09:00"),
            ("입력 2026.01.06.18:05", "2026-01-06T18:05:00+09:00"),
            ("2026. 9. 27. 09:54", "2026-09-27T09:54:00+09:00"),
            ("2025년 12월 26일 15시 12분", "2025-12-26T15:12:00+09:00"),
            (
                "2025년 12월 26일 (금) 오후 3시",
                "2025-12-26T15:00:00+09:00",
            ),
            (
                "2025년 12월 26일 금요일 오후 3시 5분 7초",
                "2025-12-26T15:05:07+09:00",
            ),
            ("게재 일자 : 2014년 1월 2일", "2014-01-02"),
            ("2026-01-06", "2026-01-06"),
            ("2026-01-06 24:10", "2026-01-06"),
            ("07.15\n2026", "2026-07-15"),
            ("2026-01-06 12:00:00 KST", "2026-01-06T12:00:00+09:00"),
            ("2024.03.04 (19:05)", "2024-03-04T19:05:00+09:00"),
            ("2024년 3월", "2024-03"),
            ("2024．03．04　１９：０５", "2024-03-04T19:05:00+09:00"),
        ],
    );
}

#[test]
fn machine_forms_are_read() {
    check(
        &context(None),
        &[
            ("2024-03-05T09:20:00Z", "2024-03-05T09:20:00+00:00"),
            ("2024-03-05T09:20Z", "2024-03-05T09:20:00+00:00"),
            (
                "2024-03-05t09:20:00.123456-05:00",
                "2024-03-05T09:20:00-05:00",
            ),
            ("2024-03-05 09:20:00 +09:00", "2024-03-05T09:20:00+09:00"),
            ("2024-03-05T09:20:00+09", "2024-03-05T09:20:00+09:00"),
            ("2024-03-05T09:20:00", "2024-03-05T09:20:00"),
            ("20240305T092000Z", "2024-03-05T09:20:00+00:00"),
            ("20240305", "2024-03-05"),
            ("2024-03", "2024-03"),
            ("/news/2024/3/5/bridge", "2024-03-05"),
            ("Tue, 05 Mar 2024 09:20:00 KST", "2024-03-05T09:20:00+09:00"),
            ("Tue, 5 Mar 2024 09:20:00 EST", "2024-03-05T09:20:00-05:00"),
            ("Tue, 5 Mar 2024 09:20:00 GMT", "2024-03-05T09:20:00+00:00"),
            ("Tue, 5 Mar 2024 09:20:00 IST", "2024-03-05T09:20:00+05:30"),
            ("Tue Mar 05 09:20:00 JST 2024", "2024-03-05T09:20:00+09:00"),
            ("Tue Mar  5 09:20:00 2024", "2024-03-05T09:20:00"),
            (
                "Tue Mar 05 2024 09:20:00 GMT+0900 (KST)",
                "2024-03-05T09:20:00+09:00",
            ),
            ("1709598000", "2024-03-05T00:20:00+00:00"),
            ("1709598000000", "2024-03-05T00:20:00+00:00"),
            ("9999999999", "none"),
            ("2024-03-05 09:20 UTC+9", "2024-03-05T09:20:00+09:00"),
        ],
    );
}

#[test]
fn western_forms_are_read() {
    check(
        &context(None),
        &[
            (
                "March 5, 2024 at 9:20 a.m. EST",
                "2024-03-05T09:20:00-05:00",
            ),
            ("July 5, 2024 | 9:20 PM ET", "2024-07-05T21:20:00-04:00"),
            (
                "Updated 9:20 AM ET, Tue March 5, 2024",
                "2024-03-05T09:20:00-05:00",
            ),
            ("3:24 PM · Mar 5, 2024", "2024-03-05T15:24:00"),
            ("Mar. 5th, 2024 9 p.m.", "2024-03-05T21:00:00"),
            ("5 March 2024", "2024-03-05"),
            ("Tue 5 Mar 2024 09.20 GMT", "2024-03-05T09:20:00+00:00"),
            ("5. März 2024, 09:20 Uhr", "2024-03-05T09:20:00"),
            ("05.03.2024 um 9.20 Uhr", "2024-03-05T09:20:00"),
            (
                "Stand: 05.03.2024 | 09:20 Uhr MEZ",
                "2024-03-05T09:20:00+01:00",
            ),
            ("mardi 5 mars 2024 à 09h20", "2024-03-05T09:20:00"),
            ("1er août 2024", "2024-08-01"),
            ("5 de marzo de 2024 a las 09:20 h", "2024-03-05T09:20:00"),
            ("5 de março de 2024 às 09h20", "2024-03-05T09:20:00"),
            ("5 marzo 2024 alle ore 9:20", "2024-03-05T09:20:00"),
            ("5 maart 2024 om 09:20 uur", "2024-03-05T09:20:00"),
            ("5 marca 2024, godz. 9:20", "2024-03-05T09:20:00"),
            ("5 марта 2024 г. в 09:20", "2024-03-05T09:20:00"),
            ("5 Mart 2024 Salı", "2024-03-05"),
            ("5. března 2024 9:20", "2024-03-05T09:20:00"),
            ("5. mars 2024 kl. 09.20", "2024-03-05T09:20:00"),
            ("2024. március 5. 9:20", "2024-03-05T09:20:00"),
            ("25/03/2024 09:20", "2024-03-25T09:20:00"),
            ("03/25/2024 09:20", "2024-03-25T09:20:00"),
            ("05/03/2024 09:20", "2024-03-05T09:20:00"),
            ("05/03/2024 09:20 AM", "2024-05-03T09:20:00"),
            ("05/03/2024 09:20 PDT", "2024-05-03T09:20:00-07:00"),
            ("09:20, 05.03.2024", "2024-03-05T09:20:00"),
            ("March 2024", "2024-03"),
            ("5 March 2024 14:20 - 16:20", "2024-03-05T14:20:00"),
        ],
    );
}

#[test]
fn years_of_two_digits_are_read_where_one_reading_is_left() {
    let cases = |zone: Option<Tz>, cases: &[(&str, &str)]| check(&context(zone), cases);
    cases(
        None,
        &[
            ("10/25/22", "2022-10-25"),
            ("29/09/23", "2023-09-29"),
            ("19.10.19, 08:00 Uhr", "2019-10-19T08:00:00"),
            ("17.11.19", "none"),
            ("On 11/12/19 at 4:00 PM EST", "2019-11-12T16:00:00-05:00"),
            ("10.20.30.40", "none"),
            ("1.10.20.19", "none"),
            ("12/34/56", "none"),
        ],
    );
    cases(
        Some(Tz::Asia__Seoul),
        &[("24.03.05 19:05", "2024-03-05T19:05:00+09:00")],
    );
    cases(Some(Tz::Europe__Berlin), &[("05.03.24", "2024-03-05")]);
}

#[test]
fn east_asian_forms_are_read() {
    check(
        &context(Some(Tz::Asia__Tokyo)),
        &[
            ("2026年3月2日 09:00", "2026-03-02T09:00:00+09:00"),
            ("2026年3月2日(月) 午後3時05分", "2026-03-02T15:05:00+09:00"),
            (
                "2026年03月02日 星期一 下午3:05",
                "2026-03-02T15:05:00+09:00",
            ),
            ("令和6年3月2日", "2024-03-02"),
        ],
    );
}

#[test]
fn relative_dates_count_from_now() {
    // now is 2026-11-23 12:04:05 in Seoul
    check(
        &seoul(),
        &[
            ("방금 전", "2026-11-23T12:04:00+09:00"),
            ("5분 전", "2026-11-23T11:59:00+09:00"),
            ("19분전", "2026-11-23T11:45:00+09:00"),
            ("3시간 전", "2026-11-23T09:04:00+09:00"),
            ("2일전", "2026-11-21"),
            ("어제", "2026-11-22"),
            ("어제 오후 3:05", "2026-11-22T15:05:00+09:00"),
            ("2개월 전", "2026-09"),
            ("an hour ago", "2026-11-23T11:04:00+09:00"),
            ("1h ago", "2026-11-23T11:04:00+09:00"),
            ("2d ago", "2026-11-21"),
            ("vor 2 Stunden", "2026-11-23T10:04:00+09:00"),
            ("il y a 5 minutes", "2026-11-23T11:59:00+09:00"),
            ("3時間前", "2026-11-23T09:04:00+09:00"),
            ("Today 9:20 am", "2026-11-23T09:20:00+09:00"),
            ("오늘 밤 11시 방송", "none"),
            ("hier entlang", "none"),
        ],
    );
}

#[test]
fn what_is_no_date_is_not_read() {
    check(
        &seoul(),
        &[
            ("", "none"),
            ("10:20", "none"),
            ("2024.13.45", "none"),
            ("1889-03-04", "none"),
            ("2031-03-04", "none"),
            ("2026-11-26 12:00", "none"),
            ("031-2024-03051", "none"),
            ("AKR20240305084100002", "none"),
            ("NISX20260907_0003779780", "none"),
            ("02-2024-0305", "none"),
            ("3월 4일", "none"),
            ("v1.2.3", "none"),
            ("someone 2024", "none"),
        ],
    );
}

#[test]
fn order_of_the_page_decides_between_day_and_month() {
    use Order::{DayFirst, MonthFirst, YearFirst};
    for (text, order, expected) in [
        ("03/05/2024", Some(MonthFirst), "2024-03-05"),
        ("03/05/2024", Some(DayFirst), "2024-05-03"),
        ("03/05/2024", None, "2024-05-03"),
        ("03.05.2024", Some(MonthFirst), "2024-05-03"),
        ("03/25/2024", Some(DayFirst), "2024-03-25"),
        ("03/05/2024 9:20 am", Some(DayFirst), "2024-05-03T09:20:00"),
        ("05.03.24 | 09:20", Some(DayFirst), "2024-03-05T09:20:00"),
        ("24.3.5", Some(YearFirst), "2024-03-05"),
        ("Release 8.4.13", Some(YearFirst), "none"),
        ("Kultur, 5.3.24", Some(DayFirst), "2024-03-05"),
    ] {
        let context = Context {
            order,
            ..context(None)
        };
        check(&context, &[(text, expected)]);
    }
}

#[test]
fn other_reading_is_given_where_nothing_decides() {
    let twin = |text: &str| {
        let reading = read(text, &context(None)).unwrap();
        reading.twin.map(|twin| twin.to_text())
    };
    assert_eq!(twin("03/05/2024").as_deref(), Some("2024-03-05"));
    assert_eq!(twin("25/03/2024"), None);
    assert_eq!(twin("03/05/2024 9:20 am"), None);
    assert_eq!(twin("2024-03-05"), None);
}

#[test]
fn long_texts_cost_no_more_than_their_beginning() {
    for piece in [
        "1", "1.", "12:", "March ", "5 March ", "2024-", "年1", "一", "ago 3 ",
    ] {
        let text = piece.repeat(200_000 / piece.len());
        assert!(read(&text, &context(None)).is_none(), "{piece}");
    }
}

#[test]
fn words_before_or_behind_say_what_a_date_is() {
    use Label::{Modified, Published};
    for (text, expected) in [
        (
            "입력 2024-02-29 11:10 수정 2024-02-29 12:10",
            vec![Some(Published), Some(Modified)],
        ),
        (
            "기사입력 2026-01-06 13:59 | 최종수정 2026-01-06 14:16",
            vec![Some(Published), Some(Modified)],
        ),
        ("2023/06/23 10:12 송고", vec![Some(Published)]),
        (
            "2024.03.05 10:12 등록 2024.03.05 11:12 수정",
            vec![Some(Published), Some(Modified)],
        ),
        (
            "2024-02-29 11:10 | 업데이트 2024-02-29 12:10",
            vec![None, Some(Modified)],
        ),
        (
            "Published March 5, 2024 Updated March 6, 2024",
            vec![Some(Published), Some(Modified)],
        ),
        (
            "公開日 2024年3月5日 更新日 2024年3月6日",
            vec![Some(Published), Some(Modified)],
        ),
        (
            "Veröffentlicht am 5. März 2024, aktualisiert: 6. März 2024",
            vec![Some(Published), Some(Modified)],
        ),
        (
            "Updated 9:20 AM ET, Tue March 5, 2024",
            vec![Some(Modified)],
        ),
        ("2024-02-29 홍길동 기자", vec![None]),
        ("입력 어제", vec![Some(Published)]),
    ] {
        let labels: Vec<_> = labelled(text, &seoul())
            .into_iter()
            .map(|(label, _)| label)
            .collect();
        assert_eq!(labels, expected, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in "([0-9]{1,4}|[-./: T年월日Z+]|Mar|오후|전|ago|\\PC){0,30}") {
        for (_, reading) in labelled(&text, &seoul()) {
            prop_assert!(reading.stamp.local.year() >= FIRST_YEAR || reading.is_relative());
        }
    }

    #[test]
    fn any_text_by_itself_is_read_with_a_year_of_four_digits(
        text in "([0-9]{1,4}|[-./: T年月일日Z+W]|März|tháng|ago|어제|令和|\\PC){0,30}",
    ) {
        let alone = Context { scope: Scope::Alone, ..context(None) };
        if let Some(reading) = read(&text, &alone) {
            prop_assert!(reading.is_relative() || YEARS.contains(&reading.stamp.local.year()));
        }
    }

    #[test]
    fn iso_form_round_trips(seconds in 631_152_000_i64..1_795_000_000) {
        let text = DateTime::from_timestamp(seconds, 0).unwrap().to_rfc3339();
        let stamp = read(&text, &context(None)).unwrap().stamp;
        prop_assert_eq!(stamp.instant().map(|instant| instant.timestamp()), Some(seconds));
        prop_assert_eq!(stamp.to_text(), text);
    }
}
