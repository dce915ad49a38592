//! Short values that stand for long ones: addresses, contents, near contents.

use uuid::Uuid;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// The 128-bit key of an address: 32 bits of the host's hash, then 96 bits of the address's hash,
/// so that the keys of one host stay together in an index. The scheme takes no part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(Uuid);

impl Fingerprint {
    /// The key of `address`, an address text without its scheme, on `host`.
    #[must_use]
    pub(super) fn of(host: &str, address: &str) -> Self {
        let [h0, h1, h2, h3, ..] = xxh3_64(host.as_bytes()).to_be_bytes();
        let mut bytes = xxh3_128(address.as_bytes()).to_be_bytes();
        for (slot, byte) in bytes.iter_mut().zip([h0, h1, h2, h3]) {
            *slot = byte;
        }
        Self(Uuid::from_bytes(bytes))
    }

    /// The key of something else about this address, told by `what`: it stays with those of the host.
    #[must_use]
    pub fn aside(self, what: &[u8]) -> Self {
        let own = self.0.into_bytes();
        let mut bytes = xxh3_128(&[own.as_slice(), what].concat()).to_be_bytes();
        for (slot, byte) in bytes.iter_mut().zip(own).take(4) {
            *slot = byte;
        }
        Self(Uuid::from_bytes(bytes))
    }

    /// A key read back from the store.
    #[must_use]
    pub fn stored(key: Uuid) -> Self {
        Self(key)
    }

    /// The key as Postgres keeps it.
    #[must_use]
    pub fn as_uuid(self) -> Uuid {
        self.0
    }
}

/// The exact identity of a content: the first 128 bits of SHA-256 over length-prefixed parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentHash(Uuid);

impl ContentHash {
    /// The hash of `parts` in this order; where one part ends matters.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        use sha2::{Digest, Sha256};
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        let mut bytes = [0_u8; 16];
        for (slot, byte) in bytes.iter_mut().zip(hasher.finalize()) {
            *slot = byte;
        }
        Self(Uuid::from_bytes(bytes))
    }

    /// A hash read back from the store.
    #[must_use]
    pub fn stored(hash: Uuid) -> Self {
        Self(hash)
    }

    /// The hash as Postgres keeps it.
    #[must_use]
    pub fn as_uuid(self) -> Uuid {
        self.0
    }
}

/// A 64-bit sketch whose Hamming distance tells how near two texts are (Charikar 2002).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SimHash(u64);

impl SimHash {
    /// A sketch from its bits.
    #[must_use]
    pub fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The bits as Postgres keeps them, in a signed `bigint`.
    #[must_use]
    pub fn as_i64(self) -> i64 {
        i64::from_ne_bytes(self.0.to_ne_bytes())
    }

    /// In how many of 64 bits two sketches differ.
    #[must_use]
    pub fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_one_host_share_their_first_32_bits() {
        let a = Fingerprint::of("a.kr", "a.kr/1").as_uuid();
        let b = Fingerprint::of("a.kr", "a.kr/2").as_uuid();
        assert_ne!(a, b);
        assert_eq!(a.as_bytes().get(..4), b.as_bytes().get(..4));
    }

    #[test]
    fn content_hash_depends_on_where_parts_end() {
        let joined = ContentHash::of([b"ab".as_slice(), b"c".as_slice()]);
        assert_ne!(joined, ContentHash::of([b"a".as_slice(), b"bc".as_slice()]));
    }

    #[test]
    fn distance_counts_differing_bits() {
        assert_eq!(
            SimHash::from_bits(0b1011).distance(SimHash::from_bits(0b0001)),
            2
        );
    }
}
