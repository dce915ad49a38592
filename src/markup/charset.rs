//! Bytes to text, the way browsers do it, and a little more careful with labels that lie.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE};

/// How far into a page a `<meta>` may declare the charset (HTML standard, "prescan").
const PRESCAN_BYTES: usize = 1_024;
/// On a few hundred bytes the detector takes one CJK charset for another.
const DETECT_BYTES: usize = 256 << 10;
/// One wrong character in this many non-ASCII bytes means a wrong charset, less means damage.
const BYTES_PER_ERROR: usize = 50;
/// This many multi-byte characters never happen to be valid UTF-8 in another charset.
const SURE_UTF8_CHARS: usize = 8;

/// A body as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark and without NUL.
    pub text: String,
    /// The charset it was decoded from, as the Encoding standard names it.
    pub charset: &'static str,
    /// Whether too much of it didn't fit the charset: binary data, or no charset did.
    pub is_malformed: bool,
}

/// Decodes a body. In this order: byte order mark, Content-Type header, `<meta>`, XML declaration,
/// detection from the content and the top-level domain of `host`. A label whose charset doesn't
/// fit the bytes loses to the next one that does.
#[must_use]
pub fn decode(body: &[u8], content_type: Option<&str>, host: Option<&str>) -> Decoded {
    if let Some((encoding, bom_bytes)) = Encoding::for_bom(body) {
        return read(body.get(bom_bytes..).unwrap_or_default(), encoding);
    }
    let is_utf8 = is_surely_utf8(body);
    let labels = [
        content_type.and_then(header_charset),
        meta_charset(body),
        xml_charset(body),
        is_utf8.then_some(UTF_8),
    ];
    // Detection reads the whole body several times over, so it comes last and only when asked for.
    let detected = std::iter::once_with(|| detect(body, host));
    let mut first = None;
    for encoding in labels.into_iter().flatten().chain(detected) {
        let decoded = read(body, overrule(encoding, is_utf8));
        if !decoded.is_malformed {
            return decoded;
        }
        first.get_or_insert(decoded);
    }
    first.unwrap_or_else(|| read(body, UTF_8))
}

/// Single-byte charsets and GBK fit any bytes, so that a wrong label shows only in that the bytes
/// are UTF-8, which text in another charset never is by chance.
fn overrule(encoding: &'static Encoding, is_utf8: bool) -> &'static Encoding {
    let is_wide = encoding == UTF_16LE || encoding == UTF_16BE;
    if !is_wide && is_utf8 {
        return UTF_8;
    }
    encoding
}

fn read(body: &[u8], encoding: &'static Encoding) -> Decoded {
    let (text, has_errors) = encoding.decode_without_bom_handling(body);
    let is_malformed = has_errors && {
        let errors = text.matches('\u{fffd}').count();
        let foreign = body.iter().filter(|byte| !byte.is_ascii()).count();
        errors > 2 && errors.saturating_mul(BYTES_PER_ERROR) > foreign
    };
    let mut text = text.into_owned();
    if text.contains('\0') {
        text.retain(|c| c != '\0');
    }
    Decoded {
        text,
        charset: encoding.name(),
        is_malformed,
    }
}

fn is_surely_utf8(body: &[u8]) -> bool {
    let valid = match std::str::from_utf8(body) {
        Ok(text) => text.as_bytes(),
        Err(error) if error.error_len().is_none() => {
            body.get(..error.valid_up_to()).unwrap_or_default() // cut within a character
        }
        Err(_) => return false,
    };
    let foreign = valid.chunks(64).filter(|chunk| !chunk.is_ascii()).flatten();
    let mut starts = foreign.filter(|byte| **byte >= 0xc2);
    starts.nth(SURE_UTF8_CHARS - 1).is_some()
}

fn by_label(label: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_label(label).filter(|encoding| *encoding != REPLACEMENT)
}

fn header_charset(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    by_label(value_after(lower.as_bytes(), b"charset")?)
}

fn meta_charset(body: &[u8]) -> Option<&'static Encoding> {
    let head = body
        .get(..PRESCAN_BYTES)
        .unwrap_or(body)
        .to_ascii_lowercase();
    let mut rest = head.as_slice();
    while let Some(at) = find(rest, b"<") {
        rest = rest.get(at..)?;
        let end = if rest.starts_with(b"<!--") {
            find(rest, b"-->")?
        } else {
            find(rest, b">").unwrap_or(rest.len())
        };
        let (tag, after) = rest.split_at_checked(end)?;
        let declared = tag
            .strip_prefix(b"<meta")
            .and_then(|meta| value_after(meta, b"charset"));
        if let Some(encoding) = declared.and_then(by_label) {
            // HTML standard: a readable <meta> can't be in UTF-16
            let is_wide = encoding == UTF_16LE || encoding == UTF_16BE;
            return Some(if is_wide { UTF_8 } else { encoding });
        }
        rest = after;
    }
    None
}

fn xml_charset(body: &[u8]) -> Option<&'static Encoding> {
    let declaration = body.trim_ascii_start().strip_prefix(b"<?xml")?;
    let declaration = declaration.get(..find(declaration, b"?>")?)?;
    by_label(value_after(declaration, b"encoding")?)
}

/// The value in `name = value`, perhaps in quotes.
fn value_after<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let mut rest = text;
    loop {
        rest = rest.get(find(rest, name)? + name.len()..)?;
        let Some(value) = rest.trim_ascii_start().strip_prefix(b"=") else {
            continue;
        };
        let value = value.trim_ascii_start();
        let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"\"';>/,".contains(byte);
        let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'');
        let value = value.get(usize::from(value.first().is_some_and(is_quote))..)?;
        let end = value.iter().position(is_end).unwrap_or(value.len());
        return value.get(..end);
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

fn detect(body: &[u8], host: Option<&str>) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let sample = body.get(..DETECT_BYTES).unwrap_or(body);
    detector.feed(sample, sample.len() == body.len());
    let tld = host
        .and_then(|host| host.rsplit('.').next())
        .filter(|tld| tld.len() > 1 && tld.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
    detector.guess(tld.map(str::as_bytes), Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KOREAN: &str = "새솔시 하늘내 강변에 무인 전차가 시범 운행을 시작했다. 똠얌과 펲시, 햏.";

    fn in_charset(label: &str, text: &str) -> Vec<u8> {
        Encoding::for_label(label.as_bytes())
            .unwrap()
            .encode(text)
            .0
            .into_owned()
    }

    #[test]
    fn declared_charset_is_found_in_the_order_of_browsers() {
        let euc_kr = in_charset("euc-kr", KOREAN);
        let meta = |meta: &str| [meta.as_bytes(), euc_kr.as_slice()].concat();
        for (body, content_type, case) in [
            (euc_kr.clone(), Some("text/html; charset=EUC-KR"), "header"),
            (
                euc_kr.clone(),
                Some("text/html;charset=\"ks_c_5601-1987\""),
                "quoted alias",
            ),
            (meta("<META Charset='euc-kr'>"), None, "meta"),
            (
                meta("<meta http-equiv=Content-Type content='text/html; charset=euc-kr' />"),
                Some("text/html"),
                "http-equiv",
            ),
            (
                meta("<!-- <meta charset=utf-8> --><meta charset=euc-kr>"),
                None,
                "comment",
            ),
            (meta("<?xml version='1.0' encoding='EUC-KR'?>"), None, "xml"),
            (euc_kr.clone(), None, "detection"),
        ] {
            let decoded = decode(&body, content_type, Some("www.example.kr"));
            assert_eq!(decoded.charset, "EUC-KR", "{case}");
            assert!(decoded.text.ends_with(KOREAN), "{case}: {}", decoded.text);
            assert!(!decoded.is_malformed);
        }
    }

    #[test]
    fn byte_order_mark_wins_and_is_dropped() {
        let body = [b"\xef\xbb\xbf".as_slice(), KOREAN.as_bytes()].concat();
        let decoded = decode(&body, Some("text/html; charset=euc-kr"), None);
        assert_eq!((decoded.text.as_str(), decoded.charset), (KOREAN, "UTF-8"));
    }

    #[test]
    fn label_that_lies_loses_to_what_fits() {
        let text = KOREAN.repeat(4);
        let lying_meta = [
            b"<meta charset=utf-8>".as_slice(),
            &in_charset("euc-kr", &text),
        ]
        .concat();
        for (body, content_type, charset) in [
            (
                lying_meta.clone(),
                Some("text/html; charset=EUC-KR"),
                "EUC-KR",
            ),
            (lying_meta, None, "EUC-KR"),
            (
                in_charset("euc-kr", &text),
                Some("text/html; charset=utf-8"),
                "EUC-KR",
            ),
            (
                text.clone().into_bytes(),
                Some("text/html; charset=iso-8859-1"),
                "UTF-8",
            ),
            (
                text.clone().into_bytes(),
                Some("text/html; charset=euc-kr"),
                "UTF-8",
            ),
        ] {
            let decoded = decode(&body, content_type, Some("a.example.kr"));
            assert_eq!(decoded.charset, charset);
            assert!(decoded.text.ends_with(&text), "{}", decoded.text);
        }
    }

    #[test]
    fn single_byte_header_is_believed_where_bytes_are_not_utf8() {
        let decoded = decode(
            b"<meta charset=utf-8>Z\xfcrich",
            Some("text/html; charset=latin1"),
            None,
        );
        assert_eq!(decoded.text, "<meta charset=utf-8>Zürich");
    }

    #[test]
    fn cut_character_does_not_unseat_the_charset() {
        let mut body = KOREAN.repeat(4).into_bytes();
        body.truncate(body.len() - 6);
        assert_eq!(decode(&body, None, None).charset, "UTF-8");
    }

    #[test]
    fn binary_data_is_malformed() {
        let body: Vec<u8> = (0..4_000_u32)
            .map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0])
            .collect();
        assert!(read(&body, UTF_8).is_malformed);
    }

    proptest! {
        #[test]
        fn any_bytes_decode_without_nul(
            body in prop::collection::vec(any::<u8>(), 0..300),
            header in "[ -~]{0,30}",
            host in "[a-zA-Z0-9.가-힣-]{0,12}",
        ) {
            let body = [b"<meta charset=".as_slice(), &body].concat();
            let decoded = decode(&body, Some(&header), Some(&host));
            prop_assert!(!decoded.text.contains('\0'));
        }
    }
}
