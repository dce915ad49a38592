//! The body of a feed or sitemap as text: unpacked, its charset found, decoded piece by piece, so that
//! neither a big file nor a gzip bomb is ever in memory as a whole.

use std::io::{Cursor, Read};

use flate2::read::MultiGzDecoder;

use crate::markup::{self, Pieces};

/// As much as a sitemap may have (sitemaps.org), unpacked.
const MAX_BYTES: usize = 50 << 20;
/// The charset is found out from the beginning.
const SAMPLE_BYTES: usize = 256 << 10;
/// How much is decoded at once.
const PIECE_BYTES: usize = 64 << 10;
/// Some servers pack a packed file once more.
const MAX_GZIP: usize = 2;

/// Where the bytes of a body come from.
type Source<'a> = Box<dyn Read + 'a>;

/// How reading a body went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// There is more.
    More,
    /// It was read to its end.
    Whole,
    /// The compressed data broke off.
    Broken,
    /// It is longer than is read.
    TooBig,
}

/// A body that is being read.
pub(super) struct Body<'a> {
    source: Source<'a>,
    pieces: Pieces,
    piece: Vec<u8>,
    bytes_read: usize,
    /// The charset, as the Encoding standard names it.
    pub(super) charset: &'static str,
    /// A label that doesn't say so.
    pub(super) wrong_label: Option<String>,
}

impl<'a> Body<'a> {
    pub(super) fn open(body: &'a [u8], content_type: Option<&str>, host: Option<&str>) -> Self {
        let (source, sample) = unpacked(body);
        let (source, sample, is_utf32) = narrowed(source, sample);
        let mut found = Charset::of(&sample, content_type, host);
        let charset = if is_utf32 { "UTF-32" } else { found.name };
        found.wrong_label = found
            .wrong_label
            .filter(|label| !(is_utf32 && is_wide(label)));
        let sample: Vec<u8> = sample.get(found.mark_bytes..).unwrap_or_default().to_vec();
        Self {
            source: Box::new(Cursor::new(sample).chain(source)),
            pieces: Pieces::new(found.name),
            piece: Vec::new(),
            bytes_read: 0,
            charset,
            wrong_label: found.wrong_label,
        }
    }

    /// Decodes the next piece onto the end of `text`, at least as much as is in there.
    pub(super) fn fill(&mut self, text: &mut String) -> End {
        let wanted = text.len().max(PIECE_BYTES).min(MAX_BYTES - self.bytes_read);
        self.piece.clear();
        let limit = u64::try_from(wanted).unwrap_or(u64::MAX);
        let result = self
            .source
            .by_ref()
            .take(limit)
            .read_to_end(&mut self.piece);
        self.bytes_read += self.piece.len();
        let end = match result {
            Err(_) => End::Broken,
            Ok(read) if read < wanted => End::Whole,
            Ok(_) if self.bytes_read >= MAX_BYTES => End::TooBig,
            Ok(_) => End::More,
        };
        self.pieces.push(&self.piece, end != End::More, text);
        end
    }

    /// Whether some bytes so far didn't fit the charset.
    pub(super) fn has_errors(&self) -> bool {
        self.pieces.has_errors()
    }
}

/// The bytes without gzip, which is known by its mark, and the beginning of them.
fn unpacked(body: &[u8]) -> (Source<'_>, Vec<u8>) {
    let mut source: Source<'_> = Box::new(body);
    let mut sample = beginning(&mut source);
    for _ in 0..MAX_GZIP {
        if !sample.starts_with(&[0x1f, 0x8b]) {
            break;
        }
        source = Box::new(MultiGzDecoder::new(Cursor::new(sample).chain(source)));
        sample = beginning(&mut source);
    }
    (source, sample)
}

fn beginning(source: &mut Source<'_>) -> Vec<u8> {
    let mut sample = Vec::new();
    let limit = u64::try_from(SAMPLE_BYTES).unwrap_or(u64::MAX);
    // What breaks in the beginning breaks again where the rest is read, and is told there.
    let _partial = source.by_ref().take(limit).read_to_end(&mut sample);
    sample
}

/// UTF-32, which browsers don't know, as UTF-8, and whether it was that.
fn narrowed<'a>(mut source: Source<'a>, mut sample: Vec<u8>) -> (Source<'a>, Vec<u8>, bool) {
    let is_big = match sample.get(..4) {
        Some([0, 0, 0xfe, 0xff] | [0, 0, 0, b'<' | b'{']) => true,
        Some([0xff, 0xfe, 0, 0] | [b'<' | b'{', 0, 0, 0]) => false,
        Some(_) | None => return (source, sample, false),
    };
    let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    // A part is better than nothing; the text then ends early, which is told.
    let _partial = source.take(limit).read_to_end(&mut sample);
    let codes = sample.as_chunks::<4>().0.iter();
    let text: String = codes
        .map(|code| {
            if is_big {
                u32::from_be_bytes(*code)
            } else {
                u32::from_le_bytes(*code)
            }
        })
        .map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    source = Box::new(std::io::empty());
    let mut bytes = text.into_bytes();
    if !bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        bytes.splice(..0, [0xef, 0xbb, 0xbf]); // its charset is known
    }
    (source, bytes, true)
}

/// The charset of a body.
struct Charset {
    name: &'static str,
    /// Bytes of the mark in front.
    mark_bytes: usize,
    wrong_label: Option<String>,
}

impl Charset {
    fn of(sample: &[u8], content_type: Option<&str>, host: Option<&str>) -> Self {
        let label = declared(sample);
        let (name, mark_bytes) = match sample {
            [0xef, 0xbb, 0xbf, ..] => ("UTF-8", 3),
            [0xff, 0xfe, ..] => ("UTF-16LE", 2),
            [0xfe, 0xff, ..] => ("UTF-16BE", 2),
            // XML 1.0 appendix F
            [0, b'<' | b'{', ..] => ("UTF-16BE", 0),
            [b'<' | b'{', 0, ..] => ("UTF-16LE", 0),
            _ => (
                without_mark(sample, label.as_deref(), content_type, host),
                0,
            ),
        };
        let is_wrong = label.as_ref().is_some_and(|label| !fits(label, name));
        Self {
            name,
            mark_bytes,
            wrong_label: label.filter(|_| is_wrong),
        }
    }
}

fn without_mark(
    sample: &[u8],
    label: Option<&str>,
    content_type: Option<&str>,
    host: Option<&str>,
) -> &'static str {
    let lower = content_type
        .map(str::to_ascii_lowercase)
        .unwrap_or_default();
    // What is readable byte by byte is not in UTF-16, whatever the labels say.
    let content_type = content_type.filter(|_| !is_wide(&lower));
    let label = label.filter(|label| !is_wide(label));
    let has_label = label.is_some() || content_type.is_some() && lower.contains("charset");
    let (characters, errors) = utf8_in(sample);
    if !has_label && errors == 0 {
        return "UTF-8"; // XML 1.0 section 4.3.3
    }
    let behind_label = match label {
        Some(_) => sample,
        None => without_declaration(sample),
    };
    let decoded = markup::decode(behind_label, content_type, host);
    if decoded.charset == "UTF-8" && errors > characters {
        // said to be UTF-8, and nothing in it is
        return markup::decode(without_declaration(sample), None, host).charset;
    }
    decoded.charset
}

fn is_wide(label: &str) -> bool {
    ["utf-16", "utf16", "utf-32", "utf32", "ucs-", "ucs2", "ucs4"]
        .iter()
        .any(|wide| label.contains(wide))
}

/// Whether a label may stand on a body of this charset.
fn fits(label: &str, charset: &str) -> bool {
    if charset.starts_with("UTF-16") && is_wide(label) {
        return true;
    }
    markup::names(label, charset) == Some(true)
}

/// Characters of several bytes that are UTF-8, and places that are not.
fn utf8_in(sample: &[u8]) -> (usize, usize) {
    let mut characters = 0;
    let mut errors = 0;
    let mut read = 0;
    for chunk in sample.utf8_chunks() {
        read += chunk.valid().len() + chunk.invalid().len();
        characters += chunk.valid().bytes().filter(|byte| *byte >= 0xc2).count();
        let is_cut = read == sample.len() && sample.len() >= SAMPLE_BYTES;
        errors += usize::from(!chunk.invalid().is_empty() && !is_cut);
    }
    (characters, errors)
}

/// What the XML declaration calls the charset, in lower case.
fn declared(sample: &[u8]) -> Option<String> {
    let head: Vec<u8> = sample
        .iter()
        .copied()
        .filter(|byte| *byte != 0)
        .take(400)
        .collect();
    let head = String::from_utf8_lossy(&head);
    let declaration = head.split_once("<?xml")?.1.split_once("?>")?.0;
    let value = declaration
        .split_once("encoding")?
        .1
        .trim_start()
        .strip_prefix('=')?;
    let value = value.trim().trim_start_matches(['"', '\'']);
    let end = value.find(['"', '\'']).unwrap_or(value.len());
    let label = value.get(..end)?.trim().to_ascii_lowercase();
    Some(label).filter(|label| !label.is_empty())
}

fn without_declaration(sample: &[u8]) -> &[u8] {
    let head = sample.get(..400).unwrap_or(sample);
    let is_open = head.windows(5).any(|window| window == b"<?xml");
    let end = head.windows(2).position(|window| window == b"?>");
    end.filter(|_| is_open)
        .and_then(|end| sample.get(end + 2..))
        .unwrap_or(sample)
}
