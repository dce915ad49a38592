//! One zstd frame a page, with its length and checksum.

use std::io::Read;

use crate::domain::ByteSize;

/// Half of the best ratio's gain over plain gzip for a tenth of its time; a page takes well below a
/// millisecond.
const LEVEL: i32 = 3;

/// Why packed bytes could not be read back.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// They are no whole frame, or were changed since.
    #[error("could not unpack a raw page of {packed} bytes")]
    Broken {
        /// How many bytes there were.
        packed: usize,
        /// What the decoder said.
        #[source]
        source: std::io::Error,
    },
    /// The page is larger than the caller can take.
    #[error("the raw page is larger than {limit}")]
    TooLarge {
        /// What the caller can take.
        limit: ByteSize,
    },
}

/// Packs the bytes of a page.
///
/// # Errors
/// When the encoder can't get the memory it needs.
pub fn pack(page: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = zstd::bulk::Compressor::new(LEVEL)?;
    encoder.include_checksum(true)?;
    encoder.compress(page)
}

/// Reads the bytes of a page back, `limit` of them at most, whatever the frame says of its size.
///
/// # Errors
/// When the bytes are broken, or the page is larger than `limit`.
pub fn unpack(packed: &[u8], limit: ByteSize) -> Result<Vec<u8>, UnpackError> {
    let broken = |source| UnpackError::Broken {
        packed: packed.len(),
        source,
    };
    let decoder = zstd::Decoder::with_buffer(packed).map_err(broken)?;
    let mut page = Vec::new();
    let read = decoder
        .take(limit.as_u64().saturating_add(1))
        .read_to_end(&mut page)
        .map_err(broken)?;
    if u64::try_from(read).is_ok_and(|read| read <= limit.as_u64()) {
        return Ok(page);
    }
    Err(UnpackError::TooLarge { limit })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIMIT: ByteSize = ByteSize::mebibytes(1);

    #[test]
    fn page_is_smaller_packed() {
        let page = "<p>속보입니다</p>".repeat(1000);
        let packed = pack(page.as_bytes()).unwrap();
        assert!(packed.len() < page.len() / 10);
    }

    #[test]
    fn bomb_is_cut_off_at_the_limit() {
        let packed = pack(&vec![0; 2 << 20]).unwrap();
        let refused = unpack(&packed, LIMIT);
        assert!(matches!(refused, Err(UnpackError::TooLarge { .. })));
        assert_eq!(
            unpack(&packed, ByteSize::mebibytes(2)).unwrap().len(),
            2 << 20
        );
    }

    #[test]
    fn changed_or_cut_bytes_are_noticed() {
        let packed = pack("속보".repeat(100).as_bytes()).unwrap();
        let cut = packed.get(..packed.len() - 1).unwrap();
        assert!(unpack(cut, LIMIT).is_err());
        let mut changed = packed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(unpack(&changed, LIMIT).is_err());
    }

    proptest! {
        #[test]
        fn page_comes_back_as_it_was(page in prop::collection::vec(any::<u8>(), 0..5_000)) {
            let packed = pack(&page).unwrap();
            prop_assert_eq!(unpack(&packed, LIMIT).unwrap(), page);
        }

        #[test]
        fn foreign_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..500)) {
            drop(unpack(&bytes, LIMIT));
        }
    }
}
