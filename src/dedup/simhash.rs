//! `SimHash` of a text (Charikar 2002) over character shingles.
//!
//! Characters, not words: spacing is free in Korean and absent in Chinese and Japanese, so all white
//! space and punctuation is dropped and letters are folded before shingles are taken.

use unicode_normalization::UnicodeNormalization;
use xxhash_rust::xxh3::xxh3_64;

use crate::domain::SimHash;

/// Characters in a shingle: four Hangul syllables are about a word with its particle.
const SHINGLE: usize = 4;

/// The sketch of `text`; texts shorter than one shingle are sketched whole.
#[must_use]
pub fn sim_hash(text: &str) -> SimHash {
    let letters: Vec<char> = text
        .nfkc()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let mut counts = [0_i32; 64];
    let mut buffer = String::with_capacity(SHINGLE * 4);
    for shingle in letters.windows(SHINGLE.min(letters.len()).max(1)) {
        buffer.clear();
        buffer.extend(shingle);
        let hash = xxh3_64(buffer.as_bytes());
        for (bit, count) in counts.iter_mut().enumerate() {
            *count += if hash >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    let bits = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    SimHash::from_bits(bits.fold(0, |sum, (bit, _)| sum | 1 << bit))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "새솔시가 하늘내 강변을 따라 무인 전차를 시범 운행한다고 5일 밝혔다. 전차 4대가 6.2㎞ \
                        구간을 20분 간격으로 오간다. 시는 지난해 12월부터 석 달 동안 시험 노선을 점검했다.";

    #[test]
    fn spacing_quotes_and_width_do_not_change_the_sketch() {
        let other = TEXT.replace(' ', "").replace("㎞", "km").replace('4', "４");
        assert_eq!(sim_hash(TEXT), sim_hash(&other));
    }

    #[test]
    fn small_edits_stay_near_and_other_texts_are_far() {
        let text = sim_hash(TEXT);
        let edited = text.distance(sim_hash(&TEXT.replace("20분", "25분")));
        let other =
            "가온구 도서관이 6월 새 건물로 옮긴다고 가온구청이 6일 밝혔다. 열람석은 180석이다.";
        let other = text.distance(sim_hash(other));
        assert!(edited < 16 && other > 16, "edited {edited}, other {other}");
    }

    #[test]
    fn empty_and_tiny_texts_have_a_sketch() {
        assert_eq!(sim_hash(""), sim_hash(" … "));
        assert_ne!(sim_hash("가"), sim_hash("나"));
    }
}
