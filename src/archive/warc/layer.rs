//! The bytes of records: those of the file, or of a packed part of it.

use std::io::{self, ErrorKind, Read};

use flate2::bufread::GzDecoder;

use super::fields::Fields;
use super::window::Window;

/// The head of a record at most; those of real archives have less than 2 KiB.
const MAX_HEAD_BYTES: usize = 64 << 10;

/// As much of a packed record as shows that it is one: the longest gzip head, and some text.
const LOOK_BYTES: usize = 4 << 10;

pub(super) const GZIP: &[u8] = &[0x1f, 0x8b, 0x08];
pub(super) const VERSION: &[u8] = b"WARC/";

/// What the next record is read from.
pub(super) enum Layer<R> {
    /// The file itself.
    Plain(Window<R>),
    /// A part of the file that is packed, and where it begins.
    Packed(Box<Window<GzDecoder<Window<R>>>>, u64),
}

/// Why a record could not be read.
pub(super) enum Trouble {
    /// It is none.
    Broken,
    /// What it is packed in is damaged.
    Damaged,
    /// The file can't be read.
    Failed(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::UnexpectedEof => {
                Self::Damaged
            }
            _ => Self::Failed(error),
        }
    }
}

impl<R: Read> Layer<R> {
    pub(super) fn into_file(self) -> Window<R> {
        match self {
            Self::Plain(window) => window,
            Self::Packed(window, _) => window.into_source().into_inner(),
        }
    }

    pub(super) fn peek(&mut self, wanted: usize) -> io::Result<&[u8]> {
        match self {
            Self::Plain(window) => window.peek(wanted),
            Self::Packed(window, _) => window.peek(wanted),
        }
    }

    pub(super) fn take(&mut self, bytes: usize) {
        match self {
            Self::Plain(window) => window.advance(bytes),
            Self::Packed(window, _) => window.advance(bytes),
        }
    }

    pub(super) fn skip(&mut self, bytes: u64) -> io::Result<u64> {
        match self {
            Self::Plain(window) => window.skip(bytes),
            Self::Packed(window, _) => window.skip(bytes),
        }
    }

    pub(super) fn skip_blanks(&mut self) -> io::Result<()> {
        loop {
            let next = self.peek(1)?;
            let blanks = next.iter().take_while(|b| b.is_ascii_whitespace()).count();
            if blanks == 0 {
                return Ok(());
            }
            self.take(blanks);
        }
    }

    /// The head of the record that begins here.
    pub(super) fn head(&mut self) -> Result<Fields, Trouble> {
        let next = self.peek(MAX_HEAD_BYTES)?;
        let next = next.get(..MAX_HEAD_BYTES).unwrap_or(next);
        let blank = |marks: &[u8]| next.windows(marks.len()).position(|w| w == marks);
        let has_end = blank(b"\n\r\n").is_some() || blank(b"\n\n").is_some();
        if !next.starts_with(VERSION) || !has_end {
            return Err(Trouble::Broken);
        }
        let (head, end) = Fields::read(next);
        self.take(end);
        Ok(head)
    }

    pub(super) fn block(&mut self, length: u64) -> Result<Vec<u8>, Trouble> {
        let mut block = Vec::new(); // grows as it comes: a length is only a claim
        let mut left = usize::try_from(length).map_err(|_too_long| Trouble::Broken)?;
        while left > 0 {
            let next = self.peek(1)?;
            let part = next.get(..left).unwrap_or(next);
            if part.is_empty() {
                return Err(Trouble::Broken);
            }
            block.extend_from_slice(part);
            let taken = part.len();
            self.take(taken);
            left -= taken;
        }
        Ok(block)
    }
}

/// Goes to the next line that begins a record, in the middle of one that was cut too, or to bytes that `is_start` takes for one; else to
/// the end.
pub(super) fn find_line<S: Read>(
    window: &mut Window<S>,
    is_start: impl Fn(&[u8]) -> bool,
) -> io::Result<()> {
    let is_line = |there: &[u8]| match there.strip_prefix(VERSION) {
        Some([b'1', b'.', b'0'..=b'9', b'\r' | b'\n', ..]) => true,
        Some(_) | None => false,
    };
    loop {
        let next = window.peek(2 * LOOK_BYTES)?;
        // The last bytes are looked at with those that follow them.
        let looked_at = match next.len() {
            length if length < 2 * LOOK_BYTES => length,
            length => length - LOOK_BYTES,
        };
        let start = (0..looked_at).find_map(|n| {
            let there = next.get(n..)?;
            let is_found = is_line(there) || there.starts_with(GZIP) && is_start(there);
            is_found.then_some(n)
        });
        window.advance(start.unwrap_or(looked_at));
        if start.is_some() || looked_at == 0 {
            return Ok(());
        }
    }
}

/// Whether packed bytes hold the beginning of a record.
pub(super) fn is_packed_record(bytes: &[u8]) -> bool {
    let mut start = [0; VERSION.len()];
    let unpacked = GzDecoder::new(bytes).read_exact(&mut start);
    unpacked.is_ok() && start == VERSION
}
