//! The line right beneath a picture: its caption, where a mark that points at the picture begins it or
//! a photographer ends it. Many Korean pages have nothing else that tells a caption.

use super::{Block, Item};
use crate::extract::pattern::Pattern;

/// What points from a caption to its picture.
const MARKS: [char; 5] = ['▲', '△', '▼', '◀', '▶'];
/// Heavier lines with a mark are paragraphs.
const MAX_MARKED: usize = 700;
/// Heavier lines with a photographer are paragraphs.
const MAX_SIGNED: usize = 250;

static SIGNED: Pattern = Pattern::new(concat!(
    r"(?i)(?:^|[\s.다/|(\[<【（])(?:(?:사진\s?(?:제공|출처)?|자료\s?사진|그래픽|photos?(?:\s(?:credit|courtesy))?|",
    r"fotos?|bild|photographie|фото|fotoğraf|写真(?:提供)?|画像(?:提供)?|撮影|图片(?:来源)?|摄影|攝影)",
    r"\s?[:：=＝／/]|photo\sby\s|[©ⓒ])\s?[^\s\d].{0,50}$"
));

/// The places of the blocks that are such captions.
pub(super) fn captions(items: &[Item<'_>], blocks: &[Block]) -> Vec<usize> {
    let is_picture = |item: &&Item<'_>| matches!(item.element.name(), "img" | "amp-img");
    let beneath = items.iter().filter(is_picture).map(|item| item.blocks.end);
    beneath
        .filter(|at| {
            let next = blocks.get(at + 1).map_or("", |block| &block.text);
            blocks
                .get(*at)
                .is_some_and(|line| is_signed(line) || is_marked(line, next))
        })
        .collect()
}

/// Whether a mark begins the line. The points of a list have the same mark again.
fn is_marked(line: &Block, next: &str) -> bool {
    let mark = line.text.chars().next().filter(|c| MARKS.contains(c));
    mark.is_some_and(|mark| {
        line.weight <= MAX_MARKED && line.text.matches(mark).count() == 1 && !next.starts_with(mark)
    })
}

/// Whether the line ends with who took the picture.
fn is_signed(line: &Block) -> bool {
    line.weight <= MAX_SIGNED && SIGNED.is_match(&line.text)
}
