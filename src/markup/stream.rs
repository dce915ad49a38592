//! Bytes to text piece by piece, for bodies that are too big to be held twice.

use encoding_rs::{Decoder, Encoding, UTF_8};

/// A decoder that takes a body in pieces, without its byte order mark.
pub struct Pieces {
    decoder: Decoder,
    has_errors: bool,
}

impl Pieces {
    /// A decoder of a charset as [`decode`](super::decode) names it; UTF-8 where nobody knows it.
    #[must_use]
    pub fn new(charset: &str) -> Self {
        let encoding = Encoding::for_label(charset.as_bytes()).unwrap_or(UTF_8);
        Self {
            decoder: encoding.new_decoder_without_bom_handling(),
            has_errors: false,
        }
    }

    /// Decodes the next piece onto the end of `text`.
    pub fn push(&mut self, mut piece: &[u8], is_last: bool, text: &mut String) {
        loop {
            let room = self.decoder.max_utf8_buffer_length(piece.len());
            text.reserve(room.unwrap_or(piece.len()));
            let (result, read, has_errors) = self.decoder.decode_to_string(piece, text, is_last);
            self.has_errors |= has_errors;
            piece = piece.get(read..).unwrap_or_default();
            if result == encoding_rs::CoderResult::InputEmpty {
                return;
            }
        }
    }

    /// Whether some bytes didn't fit the charset.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.has_errors
    }
}

/// Whether a label names this charset; none where nobody knows the label.
#[must_use]
pub fn names(label: &str, charset: &str) -> Option<bool> {
    Some(Encoding::for_label(label.as_bytes())?.name() == charset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_may_cut_a_character() {
        let mut pieces = Pieces::new("EUC-KR");
        let mut text = String::new();
        for byte in [0xb0_u8, 0xa1, b'x', 0xb3, 0xaa] {
            pieces.push(&[byte], false, &mut text);
        }
        assert_eq!((text.as_str(), pieces.has_errors()), ("가x나", false));
        pieces.push(&[0xff], true, &mut text);
        assert!(pieces.has_errors());
    }

    #[test]
    fn labels_are_compared_by_what_they_mean() {
        assert_eq!(names("ks_c_5601-1987", "EUC-KR"), Some(true));
        assert_eq!(names("latin1", "UTF-8"), Some(false));
        assert_eq!(names("nonsense", "UTF-8"), None);
    }
}
