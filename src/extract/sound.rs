//! What holds of every extraction, whatever the page was: checked by property tests here and by the
//! fuzz targets in `fuzz/`.

use chrono::{DateTime, TimeDelta, Utc};
use unicode_normalization::is_nfc;
use url::Url;

use crate::domain::{Image, Precision, Stamp};
use crate::extract::Extraction;

/// Zones and embargoes explain this much future.
const MAX_FUTURE: TimeDelta = TimeDelta::days(3);

/// The first promise that an extraction breaks.
pub(crate) fn fault(found: &Extraction, now: DateTime<Utc>) -> Option<String> {
    let article = &found.article;
    let lines = article
        .body
        .iter()
        .chain(&article.authors)
        .chain(&article.tags)
        .chain(&article.subtitle)
        .chain(&article.section);
    let captions = article
        .images
        .iter()
        .flat_map(|image| image.caption.iter().chain(&image.credit));
    let bad_line = lines
        .chain(captions)
        .find(|line| !is_line(line) || line.is_empty())
        .or_else(|| Some(&article.title).filter(|title| !is_line(title)));
    let bad_image = article.images.iter().find(|image| !is_address(image));
    let mut stamps = article.published.iter().chain(&article.modified);
    let bad_stamp = stamps.find(|stamp| !is_past(stamp, now));
    let is_sure = (0.0..=1.0).contains(&found.confidence);
    bad_line
        .map(|line| format!("a line that is not clean: {line:?}"))
        .or_else(|| bad_image.map(|image| format!("an image without address: {image:?}")))
        .or_else(|| bad_stamp.map(|stamp| format!("a date in the future: {stamp:?}")))
        .or_else(|| (!is_sure).then(|| format!("confidence {}", found.confidence)))
}

/// One line of clean text: NFC, no control character, no white space at its ends.
fn is_line(text: &str) -> bool {
    is_nfc(text) && text.trim() == text && !text.contains(char::is_control)
}

fn is_address(image: &Image) -> bool {
    Url::parse(&image.url)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn is_past(stamp: &Stamp, now: DateTime<Utc>) -> bool {
    let latest = now + MAX_FUTURE;
    match stamp.precision {
        // The first of a month that has begun.
        Precision::Month => stamp.local <= latest.naive_utc(),
        Precision::Day | Precision::Minute | Precision::Second => {
            stamp.local <= latest.naive_utc()
                && stamp.instant().is_none_or(|instant| instant <= latest)
        }
    }
}
