//! What visits of listings taught: the pulse of each listing, and the rhythm of its source.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Work;
use crate::domain::{Lesson, RHYTHM_HALF_LIFE, Rhythm, SourceId, StatedOffset};
use crate::store::StoreError;

impl Work<'_> {
    pub(super) async fn write_lessons(
        &self,
        connection: &mut PgConnection,
    ) -> Result<(), StoreError> {
        // By key: sorted, and each once.
        let mut pulses: BTreeMap<Uuid, (SourceId, &Lesson)> = BTreeMap::new();
        let mut rhythms: BTreeMap<SourceId, (Rhythm, Option<StatedOffset>)> = BTreeMap::new();
        for settlement in &self.held {
            if let (Some(lesson), Some(source)) = (&settlement.lesson, settlement.job.source) {
                pulses.insert(settlement.job.fingerprint.as_uuid(), (source, lesson));
                let (more, offset) = rhythms.entry(source).or_default();
                more.add(&lesson.more, 1.0);
                let newer = [*offset, lesson.offset].into_iter().flatten();
                *offset = newer.max_by_key(|stated| stated.at);
            }
        }
        if pulses.is_empty() {
            return Ok(());
        }
        upsert_pulses(connection, &pulses).await?;
        for (source, (more, offset)) in &rhythms {
            self.upsert_rhythm(connection, *source, more, *offset)
                .await?;
        }
        Ok(())
    }

    async fn upsert_rhythm(
        &self,
        connection: &mut PgConnection,
        source: SourceId,
        more: &Rhythm,
        offset: Option<StatedOffset>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            INSERT INTO crawl.rhythms AS r (source_id, new, expected, updated_at, offset_seconds,
                                            offset_at)
            VALUES ($1, $2, $3, $4, $6, $7)
            ON CONFLICT (source_id) DO UPDATE
               SET offset_seconds = CASE WHEN excluded.offset_at >= coalesce(r.offset_at, '-infinity')
                                         THEN excluded.offset_seconds ELSE r.offset_seconds END,
                   offset_at = greatest(r.offset_at, excluded.offset_at),
                   (new, expected, updated_at) = (
                   SELECT array_agg(b.new * f.kept + b.more_new ORDER BY b.n),
                          array_agg(b.expected * f.kept + b.more_expected ORDER BY b.n),
                          greatest(r.updated_at, excluded.updated_at)
                     FROM unnest(r.new, r.expected, excluded.new, excluded.expected)
                              WITH ORDINALITY AS b (new, expected, more_new, more_expected, n),
                          (SELECT 0.5 ^ (greatest(0, extract(
                                      epoch FROM excluded.updated_at - r.updated_at))::float8 / $5)
                                  AS kept) f)
            "#,
            source.0,
            more.new.as_slice(),
            more.expected.as_slice(),
            self.now,
            RHYTHM_HALF_LIFE.as_secs_f64(),
            offset.map(|stated| stated.offset.local_minus_utc()),
            offset.map(|stated| stated.at),
        )
        .execute(connection)
        .await
        .map_err(StoreError::during("store the rhythm of a source"))?;
        Ok(())
    }
}

async fn upsert_pulses(
    connection: &mut PgConnection,
    pulses: &BTreeMap<Uuid, (SourceId, &Lesson)>,
) -> Result<(), StoreError> {
    let keys: Vec<Uuid> = pulses.keys().copied().collect();
    let sources: Vec<i32> = pulses.values().map(|(source, _)| source.0).collect();
    let visited: Vec<_> = pulses.values().map(|(_, l)| l.pulse.visited_at).collect();
    let configured: Vec<bool> = pulses.values().map(|(_, l)| l.is_configured).collect();
    let marks: Vec<_> = pulses.values().map(|(_, l)| l.pulse.mark_at).collect();
    let column = |of: fn(&Lesson) -> f64| -> Vec<f64> {
        pulses.values().map(|(_, lesson)| of(lesson)).collect()
    };
    sqlx::query!(
        r#"
        INSERT INTO crawl.pulses (fingerprint, source_id, visited_at, new, watched_days, recent_new,
                                  recent_expected, shown, pace, min_seconds, max_seconds,
                                  is_configured, mark_at)
        SELECT * FROM unnest($1::uuid[], $2::integer[], $3::timestamptz[], $4::float8[],
                             $5::float8[], $6::float8[], $7::float8[], $8::float8[], $9::float8[],
                             $10::float8[], $11::float8[], $12::boolean[], $13::timestamptz[])
        ON CONFLICT (fingerprint) DO UPDATE
           SET source_id = excluded.source_id, visited_at = excluded.visited_at,
               new = excluded.new, watched_days = excluded.watched_days,
               recent_new = excluded.recent_new, recent_expected = excluded.recent_expected,
               shown = excluded.shown, pace = excluded.pace, min_seconds = excluded.min_seconds,
               max_seconds = excluded.max_seconds, is_configured = excluded.is_configured,
               mark_at = excluded.mark_at
        "#,
        &keys,
        &sources,
        &visited,
        &column(|l| l.pulse.new),
        &column(|l| l.pulse.watched_days),
        &column(|l| l.pulse.recent_new),
        &column(|l| l.pulse.recent_expected),
        &column(|l| l.pulse.shown),
        &column(|l| l.pace),
        &column(|l| l.interval.min.as_secs_f64()),
        &column(|l| l.interval.max.as_secs_f64()),
        &configured,
        &marks as &[Option<DateTime<Utc>>],
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("store how listings publish"))?;
    Ok(())
}
