//! From the bytes of a file to its records, one after the other.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

use chrono::{DateTime, Utc};
use flate2::bufread::GzDecoder;

use super::fields::Fields;
use super::layer::{GZIP, Layer, Trouble, VERSION, find_line, is_packed_record};
use super::window::Window;
use crate::domain::ByteSize;

/// A record that says it is longer is broken: passing over it would take minutes.
const MAX_BLOCK_BYTES: u64 = 4 << 30;

/// How far is gone back at most, to look for a record inside of what was no record.
const MAX_REREAD_BYTES: u64 = 64 << 20;

/// What stands behind each block; some tools leave it away.
const END: &[u8] = b"\r\n\r\n";

/// What a reader hands on at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest block: an HTTP answer with its head.
    pub block: ByteSize,
}

/// Where a record begins: the byte of the file, and inside a packed part the byte of what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// Bytes of the file before it.
    pub file: u64,
    /// Unpacked bytes before it since there.
    pub unpacked: u64,
}

/// A `response` record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarcRecord {
    /// The address that was asked.
    pub url: Option<String>,
    /// When it was asked.
    pub date: Option<DateTime<Utc>>,
    /// Whether the archive cut the answer short.
    pub is_truncated: bool,
    /// The answer as it came.
    pub block: Vec<u8>,
}

/// Why a record is not handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Passed {
    /// It is a request.
    Request,
    /// It is about another record.
    Metadata,
    /// It says that an answer was the same as one before.
    Revisit,
    /// It is of another kind.
    Other,
    /// Its block is larger than the limit.
    TooLarge,
    /// It is broken; the next one that can be found follows.
    Broken,
}

/// What a file holds next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WarcItem {
    /// An answer.
    Record(WarcRecord),
    /// Something else.
    Passed(Passed),
}

/// Lets what can't go back be read all the same: broken records may then cost the next one.
#[derive(Debug)]
pub struct Pipe<R>(pub R);

impl<R: Read> Read for Pipe<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.0.read(room)
    }
}

impl<R> Seek for Pipe<R> {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(ErrorKind::Unsupported.into())
    }
}

/// Reads records.
pub struct WarcReader<R> {
    layer: Option<Layer<R>>,
    limits: Limits,
    /// Bytes that were gone back over; bounded by those gone over, or hostile files took for ever.
    reread: u64,
    first_id: Option<String>,
}

impl<R: Read + Seek> WarcReader<R> {
    /// A reader of a file from its beginning.
    pub fn new(file: R, limits: Limits) -> Self {
        Self {
            layer: Some(Layer::Plain(Window::new(file, 0))),
            limits,
            reread: 0,
            first_id: None,
        }
    }

    /// The id of the first record that was read.
    #[must_use]
    pub fn first_id(&self) -> Option<&str> {
        self.first_id.as_deref()
    }

    /// Where the next record begins, or the blank lines before it.
    #[must_use]
    pub fn position(&self) -> Position {
        match &self.layer {
            Some(Layer::Plain(window)) => Position {
                file: window.position(),
                unpacked: 0,
            },
            Some(Layer::Packed(window, at)) => Position {
                file: *at,
                unpacked: window.position(),
            },
            None => Position::default(),
        }
    }

    /// Goes to where a record begins.
    ///
    /// # Errors
    /// When the file can't be read there.
    pub fn go_to(&mut self, position: Position) -> io::Result<()> {
        let Some(layer) = self.layer.take() else {
            return Ok(());
        };
        let mut window = layer.into_file();
        let gone = window.go_to(position.file);
        self.layer = Some(Layer::Plain(window));
        gone?;
        if position.unpacked > 0 && self.find_record().map_err(failed)? {
            let layer = self.layer.as_mut();
            layer.map_or(Ok(0), |layer| layer.skip(position.unpacked))?;
        }
        Ok(())
    }

    /// The next record; `None` at the end of the file.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn read(&mut self) -> io::Result<Option<WarcItem>> {
        let mut start = self.position();
        let read = self.find_record().and_then(|is_there| {
            start = self.position();
            is_there.then(|| self.record()).transpose()
        });
        match read {
            Ok(item) => Ok(item),
            Err(Trouble::Failed(error)) => Err(error),
            Err(Trouble::Broken) if self.find_inside() => {
                Ok(Some(WarcItem::Passed(Passed::Broken)))
            }
            Err(Trouble::Broken | Trouble::Damaged) => {
                self.find_after(start)?;
                Ok(Some(WarcItem::Passed(Passed::Broken)))
            }
        }
    }

    /// Goes over blank lines and into packed parts; answers whether there is something.
    fn find_record(&mut self) -> Result<bool, Trouble> {
        loop {
            let Some(layer) = &mut self.layer else {
                return Ok(false);
            };
            layer.skip_blanks()?;
            let next = layer.peek(GZIP.len())?;
            let (is_end, is_packed) = (next.is_empty(), next.starts_with(GZIP));
            match (self.layer.take(), is_end) {
                (Some(Layer::Plain(window)), false) if is_packed => {
                    let at = window.position();
                    let unpacked = Window::new(GzDecoder::new(window), 0);
                    self.layer = Some(Layer::Packed(Box::new(unpacked), at));
                }
                (Some(layer @ Layer::Packed(..)), true) => {
                    self.layer = Some(Layer::Plain(layer.into_file()));
                }
                (layer, is_end) => {
                    self.layer = layer;
                    return Ok(!is_end);
                }
            }
        }
    }

    fn record(&mut self) -> Result<WarcItem, Trouble> {
        let Some(layer) = &mut self.layer else {
            return Err(Trouble::Broken);
        };
        let head = layer.head()?;
        if self.first_id.is_none() {
            self.first_id = head.get("warc-record-id").map(ToOwned::to_owned);
        }
        let length = head
            .get("content-length")
            .and_then(|text| text.parse().ok());
        let length = length.filter(|length| *length <= MAX_BLOCK_BYTES);
        let length: u64 = length.ok_or(Trouble::Broken)?;
        let kind = head.get("warc-type").map(str::to_ascii_lowercase);
        let passed = match kind.as_deref() {
            Some("response") if length > self.limits.block.as_u64() => Some(Passed::TooLarge),
            Some("response") => None,
            Some("request") => Some(Passed::Request),
            Some("metadata") => Some(Passed::Metadata),
            Some("revisit") => Some(Passed::Revisit),
            Some(_) => Some(Passed::Other),
            None => return Err(Trouble::Broken),
        };
        let item = match passed {
            Some(passed) if layer.skip(length)? == length => WarcItem::Passed(passed),
            Some(_) => return Err(Trouble::Broken),
            None => WarcItem::Record(response(&head, layer.block(length)?)),
        };
        // What is packed is checked at its end only, so that the end is asked for.
        let has_end = layer.peek(END.len())?.starts_with(END);
        layer.skip_blanks()?;
        let next = layer.peek(VERSION.len())?;
        let is_whole = has_end || next.is_empty() || next.starts_with(VERSION);
        is_whole.then_some(item).ok_or(Trouble::Broken)
    }

    /// Goes to the next record of the packed part that is being read, or to its end.
    fn find_inside(&mut self) -> bool {
        match &mut self.layer {
            Some(Layer::Packed(window, _)) => find_line(window, |_| false).is_ok(),
            Some(Layer::Plain(_)) | None => false,
        }
    }

    /// Goes to the first record that begins after `start`, where one did not.
    fn find_after(&mut self, start: Position) -> io::Result<()> {
        let Some(layer) = self.layer.take() else {
            return Ok(());
        };
        let mut window = layer.into_file();
        let back = window.position().saturating_sub(start.file);
        let may_go_back =
            back <= MAX_REREAD_BYTES && self.reread.saturating_add(back) <= window.position();
        // What can't go back goes on from here.
        if may_go_back && window.go_to(start.file + 1).is_ok() {
            self.reread += back;
        }
        let found = find_line(&mut window, is_packed_record);
        self.layer = Some(Layer::Plain(window));
        found
    }
}

fn response(head: &Fields, block: Vec<u8>) -> WarcRecord {
    let date = head.get("warc-date").map(DateTime::parse_from_rfc3339);
    // Some tools write the address in angle brackets.
    let url = head.get("warc-target-uri");
    let url = url.map(|url| url.trim_matches(['<', '>']).to_owned());
    WarcRecord {
        url,
        date: date.and_then(Result::ok).map(|date| date.to_utc()),
        is_truncated: head.get("warc-truncated").is_some(),
        block,
    }
}

fn failed(trouble: Trouble) -> io::Error {
    match trouble {
        Trouble::Failed(error) => error,
        Trouble::Broken | Trouble::Damaged => ErrorKind::InvalidData.into(),
    }
}
