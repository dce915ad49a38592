//! Further pages of section pages. Unlike all other addresses they are visited again although they
//! were met: each time that the page before them leads on.

use std::collections::BTreeMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::Work;
use crate::domain::{Fingerprint, HostId};
use crate::store::rows::{job_kind_text, plain, priority_number, small};
use crate::store::{NewJob, StoreError};

impl Work<'_> {
    pub(super) fn next_pages(&self) -> impl Iterator<Item = &NewJob> {
        self.held.iter().filter_map(|s| s.next.as_ref())
    }

    /// A visit of each further page, unless one waits already. After the ends of jobs: such a page
    /// may have been visited in this very batch.
    pub(super) async fn enqueue_next_pages(
        &self,
        connection: &mut PgConnection,
    ) -> Result<Vec<(HostId, Fingerprint)>, StoreError> {
        // By key: sorted, and each once.
        let pages: BTreeMap<Uuid, (i32, &NewJob)> = self
            .next_pages()
            .filter_map(|job| {
                let host = self.hosts.get(&job.host)?.0;
                Some((job.url.fingerprint().as_uuid(), (host, job)))
            })
            .collect();
        if pages.is_empty() {
            return Ok(Vec::new());
        }
        let jobs = || pages.values().map(|(_, job)| *job);
        let keys: Vec<Uuid> = pages.keys().copied().collect();
        let hosts: Vec<i32> = pages.values().map(|(host, _)| *host).collect();
        let urls: Vec<String> = jobs().map(|job| plain(job.url.as_str())).collect();
        let kinds: Vec<String> = jobs()
            .map(|job| job_kind_text(job.kind).to_owned())
            .collect();
        let priorities: Vec<i16> = jobs().map(|job| priority_number(job.priority)).collect();
        let sources: Vec<Option<i32>> = jobs().map(|job| job.source.map(|id| id.0)).collect();
        let sections: Vec<Option<i32>> = jobs().map(|job| job.section.map(|id| id.0)).collect();
        let depths: Vec<i16> = jobs().map(|job| small(job.depth)).collect();
        let rows = sqlx::query!(
            r#"
            INSERT INTO crawl.jobs (host_id, fingerprint, first_seen_at, priority, run_at, kind, url,
                                    source_id, section_id, depth)
            SELECT t.host_id, t.fingerprint, s.first_seen_at, t.priority, now(),
                   t.kind::crawl.job_kind, t.url, t.source_id, t.section_id, t.depth
              FROM unnest($1::integer[], $2::uuid[], $3::text[], $4::text[], $5::smallint[],
                          $6::integer[], $7::integer[], $8::smallint[])
                AS t (host_id, fingerprint, url, kind, priority, source_id, section_id, depth)
              JOIN crawl.seen s ON s.fingerprint = t.fingerprint
             ORDER BY t.fingerprint
            ON CONFLICT DO NOTHING
            RETURNING host_id, fingerprint
            "#,
            &hosts,
            &keys,
            &urls,
            &kinds,
            &priorities,
            &sources as &[Option<i32>],
            &sections as &[Option<i32>],
            &depths,
        )
        .fetch_all(connection)
        .await
        .map_err(StoreError::during("enqueue further pages of listings"))?;
        Ok(rows
            .into_iter()
            .map(|row| (HostId(row.host_id), Fingerprint::stored(row.fingerprint)))
            .collect())
    }
}
