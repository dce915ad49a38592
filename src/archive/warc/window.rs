//! Bytes as they come, with a look ahead and a count of what was taken.

use std::io::{self, BufRead, ErrorKind, Read, Seek, SeekFrom};

/// How much is asked of the source at once.
const PIECE_BYTES: usize = 64 << 10;

/// A source that can be looked ahead into.
pub(super) struct Window<S> {
    source: S,
    buffer: Vec<u8>,
    start: usize,
    position: u64,
    is_end: bool,
}

impl<S: Read> Window<S> {
    /// A window whose first byte is at `position`.
    pub(super) fn new(source: S, position: u64) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            start: 0,
            position,
            is_end: false,
        }
    }

    /// Where the next byte is.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// The source, which may be further on than the window.
    pub(super) fn into_source(self) -> S {
        self.source
    }

    /// What comes next: `wanted` bytes or more, fewer only at the end.
    pub(super) fn peek(&mut self, wanted: usize) -> io::Result<&[u8]> {
        while self.buffer.len() - self.start < wanted && !self.is_end {
            self.buffer.drain(..self.start);
            self.start = 0;
            let filled = self.buffer.len();
            self.buffer
                .resize(filled + PIECE_BYTES.max(wanted - filled), 0);
            let read = match self.buffer.get_mut(filled..) {
                Some(room) => self.source.read(room),
                None => Ok(0),
            };
            self.buffer.truncate(filled + *read.as_ref().unwrap_or(&0));
            match read {
                Ok(read) => self.is_end = read == 0,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.buffer.get(self.start..).unwrap_or_default())
    }

    /// Goes on by so many bytes of those that were looked at.
    pub(super) fn advance(&mut self, bytes: usize) {
        let bytes = bytes.min(self.buffer.len() - self.start);
        self.start += bytes;
        self.position += u64::try_from(bytes).unwrap_or_default();
    }

    /// Goes on by `bytes`; answers how many there were.
    pub(super) fn skip(&mut self, bytes: u64) -> io::Result<u64> {
        let mut left = bytes;
        while left > 0 {
            let there = self.peek(1)?.len();
            if there == 0 {
                break;
            }
            let step = usize::try_from(left).map_or(there, |left| left.min(there));
            self.advance(step);
            left -= u64::try_from(step).unwrap_or(left);
        }
        Ok(bytes - left)
    }
}

impl<S: Read + Seek> Window<S> {
    /// Goes to `position`.
    pub(super) fn go_to(&mut self, position: u64) -> io::Result<()> {
        self.source.seek(SeekFrom::Start(position))?;
        self.buffer.clear();
        self.start = 0;
        self.is_end = false;
        self.position = position;
        Ok(())
    }
}

impl<S: Read> Read for Window<S> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let there = self.peek(1)?;
        let count = there.len().min(room.len());
        if let (Some(from), Some(to)) = (there.get(..count), room.get_mut(..count)) {
            to.copy_from_slice(from);
        }
        self.advance(count);
        Ok(count)
    }
}

impl<S: Read> BufRead for Window<S> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.peek(1)
    }

    fn consume(&mut self, bytes: usize) {
        self.advance(bytes);
    }
}
