use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

const TITLE: &str = "하늘내 강변에 무인 전차가 다닌다. 새솔시는 다음 달부터 시범 운행을 시작한다";

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn labelled(label: &str) -> String {
    let declaration = match label {
        "" => "<?xml version='1.0'?>".to_owned(),
        label => format!("<?xml version='1.0' encoding='{label}'?>"),
    };
    format!(
        "{declaration}<rss version='2.0'><channel><item><title>{TITLE}</title><link>/1</link></item></channel></rss>"
    )
}

fn utf16(text: &str, is_big: bool, mark: bool) -> Vec<u8> {
    let units = mark
        .then_some(0xfeff)
        .into_iter()
        .chain(text.encode_utf16());
    units
        .flat_map(|unit| {
            if is_big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        })
        .collect()
}

fn utf32(text: &str, is_big: bool) -> Vec<u8> {
    let codes = text.chars().map(u32::from);
    codes
        .flat_map(|code| {
            if is_big {
                code.to_be_bytes()
            } else {
                code.to_le_bytes()
            }
        })
        .collect()
}

/// Windows-949 as far as the test needs it is asked of the decoder of the crate: each syllable by search.
fn euc_kr(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for c in text.chars() {
        if c.is_ascii() {
            out.push(u8::try_from(c).unwrap());
            continue;
        }
        let pair = (0xb0..=0xc8_u8)
            .flat_map(|lead| (0xa1..=0xfe_u8).map(move |trail| [lead, trail]))
            .find(|pair| {
                let mut decoded = String::new();
                crate::markup::Pieces::new("euc-kr").push(pair, true, &mut decoded);
                decoded.starts_with(c)
            });
        out.extend(pair.unwrap());
    }
    out
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn charset_is_found_whatever_the_label_says() {
    let mark = [0xef, 0xbb, 0xbf];
    let utf8 = |label: &str| labelled(label).into_bytes();
    for (case, body, content_type, charset, warning) in [
        ("UTF-8", utf8("utf-8"), None, "UTF-8", ""),
        ("UTF-8 without a label", utf8(""), None, "UTF-8", ""),
        (
            "UTF-8 with a mark",
            [&mark[..], &utf8("utf-8")].concat(),
            None,
            "UTF-8",
            "",
        ),
        (
            "mark against label",
            [&mark[..], &utf8("euc-kr")].concat(),
            None,
            "UTF-8",
            "labelled `euc-kr`",
        ),
        (
            "UTF-8 labelled EUC-KR",
            utf8("euc-kr"),
            None,
            "UTF-8",
            "labelled `euc-kr`",
        ),
        (
            "UTF-8 labelled Latin",
            utf8("ISO-8859-1"),
            None,
            "UTF-8",
            "labelled `iso-8859-1`",
        ),
        (
            "UTF-8 labelled UTF-16",
            utf8("utf-16"),
            None,
            "UTF-8",
            "labelled `utf-16`",
        ),
        (
            "UTF-8 with an unknown label",
            utf8("nonsense"),
            None,
            "UTF-8",
            "labelled `nonsense`",
        ),
        (
            "UTF-8 with a header that lies",
            utf8("utf-8"),
            Some("text/xml; charset=euc-kr"),
            "UTF-8",
            "",
        ),
        ("EUC-KR", euc_kr(&labelled("euc-kr")), None, "EUC-KR", ""),
        (
            "EUC-KR by another name",
            euc_kr(&labelled("KS_C_5601-1987")),
            None,
            "EUC-KR",
            "",
        ),
        (
            "EUC-KR by header",
            euc_kr(&labelled("")),
            Some("text/xml; charset=euc-kr"),
            "EUC-KR",
            "",
        ),
        (
            "EUC-KR without a label",
            euc_kr(&labelled("")),
            None,
            "EUC-KR",
            "",
        ),
        (
            "EUC-KR labelled UTF-8",
            euc_kr(&labelled("utf-8")),
            None,
            "EUC-KR",
            "labelled `utf-8`",
        ),
        (
            "UTF-16 with a mark",
            utf16(&labelled("utf-16"), true, true),
            None,
            "UTF-16BE",
            "",
        ),
        (
            "UTF-16 the other way",
            utf16(&labelled("utf-16"), false, true),
            None,
            "UTF-16LE",
            "",
        ),
        (
            "UTF-16 without a mark",
            utf16(&labelled("utf-16"), true, false),
            None,
            "UTF-16BE",
            "",
        ),
        (
            "UTF-16 labelled UTF-8",
            utf16(&labelled("utf-8"), false, true),
            None,
            "UTF-16LE",
            "labelled `utf-8`",
        ),
        (
            "UTF-32",
            utf32(&labelled("utf-32"), true),
            None,
            "UTF-32",
            "",
        ),
        (
            "UTF-32 the other way",
            utf32(&format!("\u{feff}{}", labelled("")), false),
            None,
            "UTF-32",
            "",
        ),
        ("gzip", gzipped(&utf8("utf-8")), None, "UTF-8", ""),
        (
            "gzip twice",
            gzipped(&gzipped(&utf8("utf-8"))),
            None,
            "UTF-8",
            "",
        ),
    ] {
        let (head, found) =
            read_bytes(&body, content_type).unwrap_or_else(|error| panic!("{case}: {error}"));
        assert_eq!(head.charset, charset, "{case}");
        assert_eq!(found[0].title.as_deref(), Some(TITLE), "{case}");
        match warning {
            "" => assert!(head.warnings.is_empty(), "{case}: {:?}", head.warnings),
            part => assert!(
                head.warnings.iter().any(|w| w.contains(part)),
                "{case}: {:?}",
                head.warnings
            ),
        }
    }
}

#[test]
fn single_bytes_of_another_charset_are_read_or_marked() {
    let body = |label: &str| {
        let text = rss("<item><title>Caf\u{1}</title></item>").replace("UTF-8", label);
        text.into_bytes()
            .iter()
            .map(|byte| if *byte == 1 { 0xe9 } else { *byte })
            .collect::<Vec<u8>>()
    };
    // the name of the outlet in `rss` is UTF-8
    let latin: Vec<u8> = body("iso-8859-1")
        .into_iter()
        .filter(|byte| byte.is_ascii() || *byte == 0xe9)
        .collect();
    let (head, found) = read_bytes(&latin, None).unwrap();
    assert_eq!(
        (head.charset, found[0].title.as_deref()),
        ("windows-1252", Some("Café"))
    );
    assert!(head.warnings.is_empty(), "{:?}", head.warnings);
    let lying: Vec<u8> = body("utf-8")
        .into_iter()
        .filter(|byte| byte.is_ascii() || *byte == 0xe9)
        .collect();
    let (head, found) = read_bytes(&lying, None).unwrap();
    assert_eq!(
        (head.charset, found[0].title.as_deref()),
        ("windows-1252", Some("Café"))
    );
    assert_eq!(head.warnings.len(), 1);
    let damaged = body("utf-8");
    let (head, found) = read_bytes(&damaged, None).unwrap();
    assert_eq!(
        (head.charset, found[0].title.as_deref()),
        ("UTF-8", Some("Caf\u{fffd}"))
    );
    assert!(head.warnings[0].contains("no characters of its charset"));
}

#[test]
fn packed_feed_that_breaks_off_gives_its_beginning() {
    let items: String = (0..5_000)
        .map(|n| format!("<item><title>{n}</title><link>/n/{n}</link></item>"))
        .collect();
    let packed = gzipped(rss(&items).as_bytes());
    let (head, found) = read_bytes(&packed[..packed.len() / 2], None).unwrap();
    assert!(found.len() > 500 && found.len() < 5_000, "{}", found.len());
    assert!(
        head.warnings
            .iter()
            .any(|warning| warning.contains("compressed")),
        "{:?}",
        head.warnings
    );
}
