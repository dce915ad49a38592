//! The HTTP answer in a record: its head, and its body as a client would have decoded it.

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::fields::Fields;
use crate::domain::ByteSize;

/// The working memory of the Brotli decoder's input.
const BROTLI_BUFFER_BYTES: usize = 4 << 10;

/// An HTTP answer as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    head: Fields,
    body: Vec<u8>,
}

/// Why a body can't be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Undecodable {
    /// It is larger than the limit, decoded.
    TooLarge,
    /// It breaks off, or is encoded in a way that is not decoded.
    Broken,
}

impl Answer {
    /// Reads the block of a `response` record; `None` where it is no HTTP answer.
    #[must_use]
    pub fn read(mut block: Vec<u8>) -> Option<Self> {
        let (head, end) = Fields::read(&block);
        let mut words = head.first_line.split_ascii_whitespace();
        let is_http = words
            .next()
            .is_some_and(|version| version.starts_with("HTTP/"));
        let status = words.next()?.parse().ok().filter(|_| is_http)?;
        block.drain(..end);
        Some(Self {
            status,
            head,
            body: block,
        })
    }

    /// The first header of this name, which is in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.get(name)
    }

    /// Every header of this name, which is in lower case.
    pub fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        self.head.all(name)
    }

    /// Whether the body is a web page, as far as its type says; without one, whether it looks so.
    #[must_use]
    pub fn is_html(&self) -> bool {
        match self.header("content-type") {
            Some(kind) => {
                let kind = kind.to_ascii_lowercase();
                kind.contains("text/html") || kind.contains("application/xhtml")
            }
            None => self.body.trim_ascii_start().starts_with(b"<"),
        }
    }

    /// The body, `limit` bytes of it at most, without the encodings that its headers name. Archives
    /// often keep the headers of what they decoded: what does not look encoded is taken as it is.
    ///
    /// # Errors
    /// When it is larger than `limit`, breaks off, or is encoded in another way.
    pub fn body(self, limit: ByteSize) -> Result<Vec<u8>, Undecodable> {
        let is_chunked = self
            .headers("transfer-encoding")
            .any(|value| value.to_ascii_lowercase().contains("chunked"));
        let values = self.headers("content-encoding");
        let encodings: Vec<String> = values
            .flat_map(|value| value.split(','))
            .map(|value| value.trim().to_ascii_lowercase())
            .filter(|value| !value.is_empty() && value != "identity")
            .collect();
        let body = match is_chunked {
            true => unchunked(&self.body)?.unwrap_or(self.body),
            false => self.body,
        };
        match encodings.as_slice() {
            [] => bounded(body.as_slice(), limit),
            [encoding] => decoded(&body, encoding, limit),
            _ => Err(Undecodable::Broken),
        }
    }
}

fn decoded(body: &[u8], encoding: &str, limit: ByteSize) -> Result<Vec<u8>, Undecodable> {
    match (encoding, body) {
        ("gzip" | "x-gzip", [0x1f, 0x8b, ..]) => bounded(MultiGzDecoder::new(body), limit),
        ("zstd", [0x28, 0xb5, 0x2f, 0xfd, ..]) => {
            let decoder =
                zstd::Decoder::with_buffer(body).map_err(|_broken| Undecodable::Broken)?;
            bounded(decoder, limit)
        }
        // RFC 9110 section 8.4.1.2: zlib; some servers leave its frame away.
        ("deflate", [first, second, ..]) if is_zlib(*first, *second) => {
            bounded(ZlibDecoder::new(body), limit)
        }
        ("deflate", _) => or_as_it_is(bounded(DeflateDecoder::new(body), limit), body, limit),
        ("br", _) => {
            let decoder = brotli_decompressor::Decompressor::new(body, BROTLI_BUFFER_BYTES);
            or_as_it_is(bounded(decoder, limit), body, limit)
        }
        ("gzip" | "x-gzip" | "zstd", _) => bounded(body, limit),
        _ => Err(Undecodable::Broken),
    }
}

/// These encodings have no mark: what begins like a page was decoded before it was archived.
fn or_as_it_is(
    decoded: Result<Vec<u8>, Undecodable>,
    body: &[u8],
    limit: ByteSize,
) -> Result<Vec<u8>, Undecodable> {
    match decoded {
        Err(Undecodable::Broken) if body.trim_ascii_start().starts_with(b"<") => {
            bounded(body, limit)
        }
        decoded => decoded,
    }
}

/// RFC 1950 section 2.2.
fn is_zlib(first: u8, second: u8) -> bool {
    first & 0x0f == 8 && (u16::from(first) << 8 | u16::from(second)).is_multiple_of(31)
}

fn bounded(source: impl Read, limit: ByteSize) -> Result<Vec<u8>, Undecodable> {
    let limit = limit.as_u64();
    let mut body = Vec::new();
    let read = source
        .take(limit.saturating_add(1))
        .read_to_end(&mut body)
        .map_err(|_broken| Undecodable::Broken)?;
    match u64::try_from(read) {
        Ok(read) if read <= limit => Ok(body),
        _ => Err(Undecodable::TooLarge),
    }
}

/// The body without the marks between its chunks (RFC 9112 section 7.1); `None` where it has none.
fn unchunked(body: &[u8]) -> Result<Option<Vec<u8>>, Undecodable> {
    let mut whole = Vec::new();
    let mut rest = body;
    while let Some((size, after)) = chunk_size(rest) {
        if size == 0 {
            return Ok(Some(whole));
        }
        let (chunk, after) = after.split_at_checked(size).ok_or(Undecodable::Broken)?;
        whole.extend_from_slice(chunk);
        rest = after.strip_prefix(b"\r\n").unwrap_or(after);
    }
    match whole.is_empty() {
        true => Ok(None),
        false => Err(Undecodable::Broken),
    }
}

/// The length that a chunk states, and what follows its line.
fn chunk_size(bytes: &[u8]) -> Option<(usize, &[u8])> {
    /// Hexadecimal digits, an extension and the line's end.
    const MAX_LINE_BYTES: usize = 256;
    let line_bytes = bytes
        .iter()
        .take(MAX_LINE_BYTES)
        .position(|b| *b == b'\n')?;
    let (line, after) = bytes.split_at_checked(line_bytes + 1)?;
    let line = str::from_utf8(line).ok()?;
    let digits = line.split(';').next().unwrap_or_default().trim();
    let is_hex = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let size = usize::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
    Some((size, after))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use proptest::prelude::*;

    use super::*;

    const LIMIT: ByteSize = ByteSize::mebibytes(1);
    const PAGE: &[u8] = "<p>속보입니다</p>".as_bytes();

    fn answer(headers: &str, body: &[u8]) -> Answer {
        let mut block = format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes();
        block.extend_from_slice(body);
        Answer::read(block).unwrap()
    }

    fn gzipped(page: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(page).unwrap();
        encoder.finish().unwrap()
    }

    fn chunked(body: &[u8]) -> Vec<u8> {
        let mut whole = Vec::new();
        for chunk in body.chunks(7) {
            whole.extend(format!("{:x};a=b\r\n", chunk.len()).bytes());
            whole.extend_from_slice(chunk);
            whole.extend(b"\r\n");
        }
        whole.extend(b"0\r\n\r\n");
        whole
    }

    #[test]
    fn bodies_are_decoded_as_a_client_does_it() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(PAGE).unwrap();
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
        raw.write_all(PAGE).unwrap();
        let zstd = zstd::encode_all(PAGE, 1).unwrap();
        // A stored Brotli stream of "<p>a</p>", its last block empty.
        let brotli = b"\x8f\x03\x80<p>a</p>\x03";
        for (headers, body) in [
            ("", PAGE.to_vec()),
            ("Content-Encoding: gzip\r\n", gzipped(PAGE)),
            ("Content-Encoding: deflate\r\n", zlib.finish().unwrap()),
            ("Content-Encoding: deflate\r\n", raw.finish().unwrap()),
            ("Content-Encoding: zstd\r\n", zstd),
            ("Transfer-Encoding: chunked\r\n", chunked(PAGE)),
            (
                "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
                chunked(&gzipped(PAGE)),
            ),
            // Decoded before it was archived, with the headers as they came.
            ("Content-Encoding: gzip\r\n", PAGE.to_vec()),
            ("Content-Encoding: br\r\n", PAGE.to_vec()),
            ("Transfer-Encoding: chunked\r\n", PAGE.to_vec()),
        ] {
            assert_eq!(
                answer(headers, &body).body(LIMIT).unwrap(),
                PAGE,
                "{headers}"
            );
        }
        let plain = answer("Content-Encoding: br\r\n", brotli).body(LIMIT);
        assert_eq!(plain.unwrap(), b"<p>a</p>");
    }

    #[test]
    fn bombs_cut_bodies_and_foreign_encodings_are_refused() {
        let bomb = gzipped(&vec![b'a'; 2 << 20]);
        let cut = gzipped(PAGE);
        for (headers, body, why) in [
            ("Content-Encoding: gzip\r\n", bomb, Undecodable::TooLarge),
            (
                "Content-Encoding: gzip\r\n",
                cut[..cut.len() - 9].to_vec(),
                Undecodable::Broken,
            ),
            (
                "Content-Encoding: gzip, gzip\r\n",
                gzipped(&gzipped(PAGE)),
                Undecodable::Broken,
            ),
            (
                "Content-Encoding: compress\r\n",
                vec![1, 2],
                Undecodable::Broken,
            ),
            (
                "Transfer-Encoding: chunked\r\n",
                b"5\r\nabcde\r\nffff\r\nx".to_vec(),
                Undecodable::Broken,
            ),
        ] {
            assert_eq!(answer(headers, &body).body(LIMIT), Err(why), "{headers}");
        }
    }

    #[test]
    fn only_web_pages_count_as_such() {
        assert!(answer("Content-Type: Text/HTML; charset=euc-kr\r\n", b"").is_html());
        assert!(answer("", b" <!doctype html>").is_html());
        assert!(!answer("Content-Type: image/png\r\n", b"<").is_html());
        assert_eq!(Answer::read(b"GET / HTTP/1.1\r\n\r\n".to_vec()), None);
    }

    proptest! {
        #[test]
        fn foreign_bytes_never_panic(block in prop::collection::vec(any::<u8>(), 0..400), n in 0..6_usize) {
            let headers = ["gzip", "br", "zstd", "deflate", "x", ""].map(|e| format!("Content-Encoding: {e}\r\nTransfer-Encoding: chunked\r\n"));
            drop(answer(&headers[n], &block).body(LIMIT));
            drop(Answer::read(block));
        }
    }
}
