//! How values of the domain are written in columns, and read back.

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::StoreError;
use crate::domain::{
    CanonicalUrl, ContentHash, Fingerprint, Job, JobKind, Priority, SectionId, SectionKind,
    SourceId, StorePolicy, Validators,
};

/// Text as Postgres takes it: without NUL.
pub(super) fn plain(text: &str) -> String {
    text.replace('\0', "")
}

pub(super) fn plain_opt(text: Option<&str>) -> Option<String> {
    text.map(plain)
}

pub(super) fn job_kind_text(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Page => "page",
        JobKind::Feed => "feed",
        JobKind::Sitemap => "sitemap",
        JobKind::Article => "article",
    }
}

fn job_kind(text: &str) -> Option<JobKind> {
    [
        JobKind::Page,
        JobKind::Feed,
        JobKind::Sitemap,
        JobKind::Article,
    ]
    .into_iter()
    .find(|kind| job_kind_text(*kind) == text)
}

pub(super) fn section_kind_text(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Page => "page",
        SectionKind::Feed => "feed",
        SectionKind::Sitemap => "sitemap",
    }
}

pub(super) fn section_kind(text: &str) -> Option<SectionKind> {
    [SectionKind::Page, SectionKind::Feed, SectionKind::Sitemap]
        .into_iter()
        .find(|kind| section_kind_text(*kind) == text)
}

pub(super) fn store_policy_text(policy: StorePolicy) -> &'static str {
    match policy {
        StorePolicy::Full => "full",
        StorePolicy::Metadata => "metadata",
        StorePolicy::Off => "off",
    }
}

pub(super) fn priority_number(priority: Priority) -> i16 {
    match priority {
        Priority::Listing => 0,
        Priority::Fresh => 1,
        Priority::Article => 2,
        Priority::Backfill => 3,
    }
}

fn priority(number: i16) -> Option<Priority> {
    [
        Priority::Listing,
        Priority::Fresh,
        Priority::Article,
        Priority::Backfill,
    ]
    .into_iter()
    .find(|priority| priority_number(*priority) == number)
}

/// A count as a `smallint`; more than fits is cut.
pub(super) fn small(count: u16) -> i16 {
    i16::try_from(count).unwrap_or(i16::MAX)
}

/// A count as an `integer`; more than fits is cut.
pub(super) fn whole(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// A `smallint` as a count; the tables hold no negative ones.
pub(super) fn count(number: i16) -> u16 {
    u16::try_from(number).unwrap_or_default()
}

/// Seconds as a duration; negative ones and those beyond all reason become zero.
pub(super) fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

/// A row of `crawl.jobs` with what `crawl.visits` knows of its address.
pub(super) struct JobRow {
    pub(super) host_id: i32,
    pub(super) fingerprint: Uuid,
    pub(super) url: String,
    pub(super) kind: String,
    pub(super) priority: i16,
    pub(super) attempt: i16,
    pub(super) first_seen_at: DateTime<Utc>,
    pub(super) source_id: Option<i32>,
    pub(super) section_id: Option<i32>,
    pub(super) interval_seconds: Option<f64>,
    pub(super) depth: i16,
    pub(super) since: Option<DateTime<Utc>>,
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
    pub(super) body_hash: Option<Uuid>,
}

impl TryFrom<JobRow> for Job {
    type Error = StoreError;

    fn try_from(row: JobRow) -> Result<Self, StoreError> {
        let bad = |column| StoreError::BadRow {
            table: "jobs",
            column,
            id: row.fingerprint.to_string(),
        };
        Ok(Self {
            fingerprint: Fingerprint::stored(row.fingerprint),
            url: CanonicalUrl::stored(&row.url).map_err(|_malformed| bad("url"))?,
            kind: job_kind(&row.kind).ok_or_else(|| bad("kind"))?,
            priority: priority(row.priority).ok_or_else(|| bad("priority"))?,
            attempt: count(row.attempt),
            first_seen_at: row.first_seen_at,
            source: row.source_id.map(SourceId),
            section: row.section_id.map(SectionId),
            interval: row.interval_seconds.map(duration),
            depth: count(row.depth),
            since: row.since,
            validators: Validators {
                etag: row.etag,
                last_modified: row.last_modified,
            },
            body_hash: row.body_hash.map(ContentHash::stored),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_tables_are_read_back() {
        for kind in [
            JobKind::Page,
            JobKind::Feed,
            JobKind::Sitemap,
            JobKind::Article,
        ] {
            assert_eq!(job_kind(job_kind_text(kind)), Some(kind));
        }
        for kind in [SectionKind::Page, SectionKind::Feed, SectionKind::Sitemap] {
            assert_eq!(section_kind(section_kind_text(kind)), Some(kind));
        }
        assert_eq!(
            priority(priority_number(Priority::Backfill)),
            Some(Priority::Backfill)
        );
        assert_eq!(priority(9), None);
    }

    #[test]
    fn nul_is_stripped_and_numbers_are_kept_in_range() {
        assert_eq!(plain("속\0보"), "속보");
        assert_eq!(small(u16::MAX), i16::MAX);
        assert_eq!(count(-1), 0);
        assert_eq!(duration(-1.0), Duration::ZERO);
        assert_eq!(duration(f64::NAN), Duration::ZERO);
    }
}
