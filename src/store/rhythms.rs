//! How listings publish, as it was learned: read before a visit ends, written when it is settled.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, Utc};
use uuid::Uuid;

use super::rows::duration;
use super::{Store, StoreError};
use crate::domain::{
    BEATS, CanonicalUrl, Fingerprint, Interval, Pulse, Rhythm, SectionId, SourceId, StatedOffset,
};

/// What is known of a listing and its source.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnownRhythm {
    /// The listing; `None` before its first visit.
    pub pulse: Option<Pulse>,
    /// The source.
    pub rhythm: Rhythm,
    /// The paces of all listings of the source, summed up.
    pub paces: f64,
    /// The local time of the source, as its feeds state it.
    pub offset: Option<StatedOffset>,
    /// The database's clock.
    pub now: DateTime<Utc>,
}

/// Listings whose paces and bounds are alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PaceGroup {
    /// Their mean pace.
    pub pace: f64,
    /// How many they are.
    pub count: f64,
    /// Their bounds.
    pub interval: Interval,
}

/// Addresses that were met before, in whatever listing, each with when one listing first showed it;
/// `None` where that never did.
pub type Met = BTreeMap<Fingerprint, Option<DateTime<Utc>>>;

impl Store {
    /// What is known of a listing and its source.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rhythm_of(
        &self,
        listing: Fingerprint,
        source: SourceId,
    ) -> Result<KnownRhythm, StoreError> {
        let row = sqlx::query!(
            r#"
            SELECT now() AS "now!",
                   (SELECT coalesce(sum(pace), 0) FROM crawl.pulses WHERE source_id = $2)
                       AS "paces!",
                   r.new AS "beats_new?", r.expected AS "beats_expected?",
                   p.visited_at AS "visited_at?", p.new AS "new?",
                   p.watched_days AS "watched_days?", p.recent_new AS "recent_new?",
                   p.recent_expected AS "recent_expected?", p.shown AS "shown?", p.mark_at,
                   r.offset_seconds, r.offset_at
              FROM (SELECT) one
              LEFT JOIN crawl.rhythms r ON r.source_id = $2
              LEFT JOIN crawl.pulses p ON p.fingerprint = $1
            "#,
            listing.as_uuid(),
            source.0,
        )
        .fetch_one(&self.pool)
        .await
        .map_err(StoreError::during("read how a listing publishes"))?;
        let beats = |counts: Option<Vec<f64>>| -> [f64; BEATS] {
            let counts = counts.unwrap_or_default();
            std::array::from_fn(|at| counts.get(at).copied().unwrap_or_default())
        };
        let pulse = row.visited_at.map(|visited_at| Pulse {
            visited_at,
            new: row.new.unwrap_or_default(),
            watched_days: row.watched_days.unwrap_or_default(),
            recent_new: row.recent_new.unwrap_or_default(),
            recent_expected: row.recent_expected.unwrap_or_default(),
            shown: row.shown.unwrap_or_default(),
            mark_at: row.mark_at,
        });
        let offset = row.offset_seconds.and_then(FixedOffset::east_opt);
        Ok(KnownRhythm {
            pulse,
            rhythm: Rhythm {
                new: beats(row.beats_new),
                expected: beats(row.beats_expected),
            },
            paces: row.paces,
            offset: offset
                .zip(row.offset_at)
                .map(|(offset, at)| StatedOffset { offset, at }),
            now: row.now,
        })
    }

    /// Those of `urls` that were met before, and when the listing of `section` first showed them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn met(
        &self,
        urls: impl Iterator<Item = &CanonicalUrl>,
        section: Option<SectionId>,
    ) -> Result<Met, StoreError> {
        let keys: Vec<Uuid> = urls.map(|url| url.fingerprint().as_uuid()).collect();
        let met = sqlx::query!(
            r#"
            SELECT s.fingerprint, d.discovered_at AS "here_since?"
              FROM crawl.seen s
              LEFT JOIN crawl.discoveries d
                ON d.fingerprint = s.fingerprint AND d.section_id = $2
             WHERE s.fingerprint = ANY ($1)
            "#,
            &keys,
            section.map(|SectionId(id)| id),
        )
        .fetch_all(&self.pool)
        .await
        .map_err(StoreError::during("look up known addresses"))?;
        Ok(met
            .into_iter()
            .map(|row| (Fingerprint::stored(row.fingerprint), row.here_since))
            .collect())
    }

    /// The paces of all configured listings of active sources, in groups of like ones.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pace_groups(&self) -> Result<Vec<PaceGroup>, StoreError> {
        let rows = sqlx::query!(
            r#"
            SELECT avg(p.pace) AS "pace!", count(*) AS "count!",
                   p.min_seconds AS "min_seconds!", p.max_seconds AS "max_seconds!"
              FROM crawl.pulses p JOIN crawl.sources s ON s.id = p.source_id
             WHERE p.is_configured AND s.is_active
             GROUP BY p.min_seconds, p.max_seconds, round(ln(greatest(p.pace, 1e-9)) * 4)
            "#,
        )
        .fetch_all(&self.pool)
        .await
        .map_err(StoreError::during("sum up the paces of listings"))?;
        let group = |(pace, count, min, max): (f64, i64, f64, f64)| PaceGroup {
            pace,
            count: u32::try_from(count).map_or(f64::from(u32::MAX), f64::from),
            interval: Interval {
                min: duration(min),
                max: duration(max),
            },
        };
        Ok(rows
            .into_iter()
            .map(|row| group((row.pace, row.count, row.min_seconds, row.max_seconds)))
            .collect())
    }

    /// Forgets listings that were not visited for as long as `age`: they are gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_pulses(&self, age: Duration) -> Result<u64, StoreError> {
        let done = sqlx::query!(
            "DELETE FROM crawl.pulses WHERE visited_at < now() - make_interval(secs => $1)",
            age.as_secs_f64(),
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("forget listings that are gone"))?;
        Ok(done.rows_affected())
    }
}
