//! Visits of listings as rows: what they showed, what of it was new, what went by unseen.

use sqlx::PgConnection;

use super::{Poll, Settlement, Work};
use crate::domain::SourceId;
use crate::store::StoreError;
use crate::store::rows::{job_kind_text, plain, whole};

impl Work<'_> {
    pub(super) async fn write_polls(
        &self,
        connection: &mut PgConnection,
    ) -> Result<(), StoreError> {
        let polls: Vec<(&Settlement, SourceId, &Poll)> = self
            .held
            .iter()
            .filter_map(|s| Some((*s, s.job.source?, s.poll.as_ref()?)))
            .collect();
        if polls.is_empty() {
            return Ok(());
        }
        let keys: Vec<_> = polls
            .iter()
            .map(|(s, ..)| s.job.fingerprint.as_uuid())
            .collect();
        let sources: Vec<i32> = polls.iter().map(|(_, source, _)| source.0).collect();
        let kinds: Vec<String> = polls
            .iter()
            .map(|(s, ..)| job_kind_text(s.job.kind).to_owned())
            .collect();
        let urls: Vec<String> = polls
            .iter()
            .map(|(s, ..)| plain(s.job.url.as_str()))
            .collect();
        let all = || polls.iter().map(|(.., poll)| *poll);
        let listed: Vec<Option<i32>> = all().map(|p| p.listed.map(whole)).collect();
        let new: Vec<i32> = all().map(|p| whole(p.new)).collect();
        let outside: Vec<Option<i32>> = all().map(|p| p.outside.map(whole)).collect();
        let turned: Vec<bool> = all().map(|p| p.is_turned_over).collect();
        let missed: Vec<Option<f64>> = all().map(|p| p.missed).collect();
        let intervals: Vec<f64> = all().map(|p| p.next.as_secs_f64()).collect();
        sqlx::query!(
            r#"
            INSERT INTO crawl.polls (polled_at, fingerprint, source_id, kind, url, listed, new,
                                     outside, is_unchanged, is_turned_over, missed,
                                     interval_seconds)
            SELECT $11, fingerprint, source_id, kind::crawl.job_kind, url, listed, new, outside,
                   listed IS NULL, is_turned_over, missed, interval_seconds
              FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::integer[],
                          $6::integer[], $7::integer[], $8::boolean[], $9::float8[],
                          $10::float8[])
                AS t (fingerprint, source_id, kind, url, listed, new, outside, is_turned_over,
                      missed, interval_seconds)
            "#,
            &keys,
            &sources,
            &kinds,
            &urls,
            &listed as &[Option<i32>],
            &new,
            &outside as &[Option<i32>],
            &turned,
            &missed as &[Option<f64>],
            &intervals,
            self.now,
        )
        .execute(connection)
        .await
        .map_err(StoreError::during("record visits of listings"))?;
        Ok(())
    }
}
