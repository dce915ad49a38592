//! The memory as bytes: a version, then numbers in little-endian order. Weights are kept to a 256th.

use std::collections::{BTreeMap, VecDeque};

use chrono::DateTime;

use super::{
    Likeness, MAX_CONTAINERS, MAX_LINES, MAX_NAMES, MAX_PICTURES, MAX_RECENT, SKETCH, SiteMemory,
    Trace,
};

/// Longer names are not kept.
pub(super) const MAX_NAME_BYTES: usize = 120;
/// Weights have this many steps to one.
const STEPS: f32 = 256.0;

/// Why bytes are no memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MemoryError {
    /// Another version of the program wrote it.
    #[error("the memory has version {0}, not {expected}", expected = SiteMemory::VERSION)]
    Version(i16),
    /// It is cut or changed.
    #[error("the memory is broken")]
    Broken,
}

impl SiteMemory {
    /// More bytes no memory has.
    pub const MAX_BYTES: usize = 64 << 10;

    /// The memory as bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer(Vec::new());
        out.bytes(&Self::VERSION.to_le_bytes());
        out.bytes(&self.learned_at.map_or(0, |at| at.timestamp()).to_le_bytes());
        out.weight(self.articles);
        out.count(self.lines.len());
        for (key, trace) in &self.lines {
            out.bytes(&key.to_le_bytes());
            out.weight(trace.seen);
            out.weight(trace.inside);
            out.weight(trace.plain);
        }
        for map in [&self.containers, &self.pictures] {
            out.count(map.len());
            for (key, weight) in map {
                out.bytes(&key.to_le_bytes());
                out.weight(*weight);
            }
        }
        out.count(self.names.len());
        for (name, weight) in &self.names {
            out.count(name.len());
            out.bytes(name.as_bytes());
            out.weight(*weight);
        }
        out.count(self.recent.len());
        for known in &self.recent {
            out.bytes(&known.address.to_le_bytes());
            out.bytes(&known.title.to_le_bytes());
            out.count(known.sketch.len());
            for hash in &known.sketch {
                out.bytes(&hash.to_le_bytes());
            }
        }
        out.0
    }

    /// Reads a memory back.
    ///
    /// # Errors
    /// When another version wrote it, or it is cut or changed.
    pub fn decode(bytes: &[u8]) -> Result<Self, MemoryError> {
        let mut input = Reader(bytes);
        let version = i16::from_le_bytes(input.array().ok_or(MemoryError::Broken)?);
        if version != Self::VERSION {
            return Err(MemoryError::Version(version));
        }
        let memory = input.memory().ok_or(MemoryError::Broken)?;
        if input.0.is_empty() {
            Ok(memory)
        } else {
            Err(MemoryError::Broken)
        }
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn count(&mut self, count: usize) {
        // every collection is bounded far below
        self.bytes(&u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes());
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "weights are sums of a series below 33, and never negative"
    )]
    fn weight(&mut self, weight: f32) {
        self.bytes(&((weight * STEPS).round() as u16).to_le_bytes());
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn memory(&mut self) -> Option<SiteMemory> {
        let learned_at = i64::from_le_bytes(self.array()?);
        Some(SiteMemory {
            learned_at: (learned_at != 0)
                .then(|| DateTime::from_timestamp(learned_at, 0))
                .flatten(),
            articles: self.weight()?,
            lines: self.lines()?,
            containers: self.weights(MAX_CONTAINERS)?,
            pictures: self.weights(MAX_PICTURES)?,
            names: self.names()?,
            recent: self.recent()?,
        })
    }

    fn lines(&mut self) -> Option<BTreeMap<u64, Trace>> {
        let count = self.count(MAX_LINES)?;
        let mut entry = || {
            let key = u64::from_le_bytes(self.array()?);
            let (seen, inside, plain) = (self.weight()?, self.weight()?, self.weight()?);
            Some((
                key,
                Trace {
                    seen,
                    inside,
                    plain,
                },
            ))
        };
        (0..count).map(|_| entry()).collect()
    }

    fn weights(&mut self, most: usize) -> Option<BTreeMap<u64, f32>> {
        let count = self.count(most)?;
        let mut entry = || Some((u64::from_le_bytes(self.array()?), self.weight()?));
        (0..count).map(|_| entry()).collect()
    }

    fn names(&mut self) -> Option<BTreeMap<String, f32>> {
        let count = self.count(MAX_NAMES)?;
        let mut entry = || {
            let length = self.count(MAX_NAME_BYTES)?;
            let name = String::from_utf8(self.take(length)?.to_vec()).ok()?;
            Some((name, self.weight()?))
        };
        (0..count).map(|_| entry()).collect()
    }

    fn recent(&mut self) -> Option<VecDeque<Likeness>> {
        let count = self.count(MAX_RECENT)?;
        let mut entry = || {
            let (address, title) = (
                u64::from_le_bytes(self.array()?),
                u64::from_le_bytes(self.array()?),
            );
            let hashes = self.count(SKETCH)?;
            let sketch = (0..hashes).map(|_| Some(u32::from_le_bytes(self.array()?)));
            Some(Likeness {
                address,
                title,
                sketch: sketch.collect::<Option<_>>()?,
            })
        };
        (0..count).map(|_| entry()).collect()
    }

    fn count(&mut self, most: usize) -> Option<usize> {
        let count = usize::from(u16::from_le_bytes(self.array()?));
        (count <= most).then_some(count)
    }

    fn weight(&mut self) -> Option<f32> {
        Some(f32::from(u16::from_le_bytes(self.array()?)) / STEPS)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn take(&mut self, count: usize) -> Option<&[u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }
}
