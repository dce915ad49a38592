use super::around::*;
use super::name::*;
use super::*;

#[test]
fn patterns_are_well_formed() {
    for pattern in [
        &LABEL,
        &OTHERS,
        &LONE_LABEL,
        &SEPARATOR,
        &NOISE,
        &PREFIX,
        &SUFFIX,
        &DATE_FIRST,
        &EDITED_BY,
        &DATED,
        &CREDENTIAL,
        &NOBODY,
        &DESK,
    ] {
        assert!(pattern.regex().is_some(), "{pattern:?}");
    }
}

#[test]
fn bylines_are_split_into_people() {
    for (text, expected) in [
        (
            "By Clara Birch and John O'Neil",
            &["Clara Birch", "John O'Neil"][..],
        ),
        ("Von Nele Voß .", &["Nele Voß"]),
        ("Von Nele Voß – 2. März 2026, 12:00 Uhr", &["Nele Voß"]),
        ("홍길동 기자 외 1명", &["홍길동"]),
        ("최하늘·홍가온 기자", &["최하늘", "홍가온"]),
        (
            "Maya Abbott, Senior Political Correspondent",
            &["Maya Abbott"],
        ),
        ("西田拓也", &["西田拓也"]),
        ("https://facebook.example/news", &[]),
        ("Editorial Team", &[]),
        ("admin", &[]),
        ("Updated 3 March 2024", &[]),
        ("January 17, 2017 at 6:08 PM by Kori Lind", &["Kori Lind"]),
        ("Maya Abbott Senior Politics Editor", &["Maya Abbott"]),
        (
            "By Reyan Petrov Published on July 18, 2025",
            &["Reyan Petrov"],
        ),
        ("Walter von Aachen", &["Walter von Aachen"]),
        (
            "By Ana Ruiz, Tom Vale and Ida Brandt, Reuters",
            &["Ana Ruiz", "Tom Vale", "Ida Brandt"],
        ),
        ("Tom Vale Deputy Content Hub Director", &["Tom Vale"]),
        (
            "Tom Vale, Director of Operations, Harbour Lines",
            &["Tom Vale"],
        ),
        ("Ana Ruiz, Ph.D.", &["Ana Ruiz"]),
        ("Ana Ruiz, MS, RD", &["Ana Ruiz"]),
        (
            "Markus M. Vale, London, Beat Brandt",
            &["Markus M. Vale", "Beat Brandt"],
        ),
        ("By\nAna Ruiz\nStaff Writer", &["Ana Ruiz"]),
        ("Ana Ruiz\nFounder, Lead Reviewer", &["Ana Ruiz"]),
        ("Ana Ruiz and\nTom Vale", &["Ana Ruiz", "Tom Vale"]),
        ("Tom Vale am", &["Tom Vale"]),
        ("Eingestellt von Tom Vale", &["Tom Vale"]),
        ("Por Ana de la Cruz Ortega", &["Ana de la Cruz Ortega"]),
        ("Fact Checked By", &[]),
        ("T. V. Vale", &["T. V. Vale"]),
        ("Ana Ruiz Jr.", &["Ana Ruiz Jr."]),
    ] {
        assert_eq!(people(text), expected, "{text}");
    }
}

#[test]
fn every_conjunction_separates_names_and_binds_lines() {
    let both = ["Ana Ruiz", "Tom Vale"];
    for word in CONJUNCTIONS {
        for text in [
            format!("Ana Ruiz {word} Tom Vale"),
            format!("Ana Ruiz {word}\nTom Vale"),
            format!("Ana Ruiz\n{word} Tom Vale"),
        ] {
            assert_eq!(people(&text), both, "{text}");
        }
    }
}

#[test]
fn people_are_told_from_dates_editors_and_phrases() {
    for (text, expected) in [
        ("Dec 17, 2025 Julia K. Lind", &["Julia K. Lind"][..]),
        ("2. März 2026, 12:00 Uhr | Nele Voß", &["Nele Voß"]),
        (
            "2026-03-02 · Ana Ruiz and Tom Vale",
            &["Ana Ruiz", "Tom Vale"],
        ),
        ("Hafenbau GmbH & Co. KG", &[]),
        ("By Ana Ruiz, DVM. Reviewed by Tom Vale, DVM", &["Ana Ruiz"]),
        (
            "By Ana Ruiz – Updated Mar 5, 2026 | Fact-checked by Tom Vale",
            &["Ana Ruiz"],
        ),
        (
            "Words: Ana Ruiz, Tom Vale Photos: Ida Brandt",
            &["Ana Ruiz", "Tom Vale"],
        ),
        ("The Harbour Team, edited by Tom Vale", &[]),
        (
            "By Ana Ruiz ⋅ Review Editor ⋅ Updated March 2, 2026",
            &["Ana Ruiz"],
        ),
        ("The Harbour Book. Second Edition Edited by Tom Vale", &[]),
        ("Alle Artikel", &[]),
        ("The Coastal", &[]),
        ("Zu Besuch bei Ana Ruiz", &[]),
        ("Ana von der Heide", &["Ana von der Heide"]),
    ] {
        assert_eq!(people(text), expected, "{text}");
    }
}
