//! What listings say of articles that wait to be visited, and what becomes of it once they were.

use std::collections::BTreeMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::Work;
use crate::domain::{Hint, JobKind};
use crate::store::StoreError;
use crate::store::rows::{plain, plain_opt};

/// A hint as a row.
struct Row<'a> {
    host: i32,
    hint: &'a Hint,
    /// Whether the article was stored with it: it is kept for the next look, too.
    is_used: bool,
}

impl Work<'_> {
    /// Writes what is said of articles that nobody has visited yet, in the listing that brought them
    /// or in a later one, and takes hints along to the address under which an article is kept.
    /// Comes after the end of the jobs: a hint without a job is for nothing.
    pub(super) async fn write_hints(
        &self,
        connection: &mut PgConnection,
    ) -> Result<(), StoreError> {
        // By key: sorted, and each once.
        let mut rows: BTreeMap<Uuid, Row<'_>> = BTreeMap::new();
        let links = self.links.iter().flat_map(|links| &links.found);
        for found in links.filter(|found| found.job.kind == JobKind::Article) {
            let host = self.hosts.get(&found.job.host);
            if let (Some(hint), Some(host)) = (&found.hint, host) {
                let key = found.job.url.fingerprint().as_uuid();
                let row = Row {
                    host: host.0,
                    hint,
                    is_used: false,
                };
                rows.entry(key).or_insert(row);
            }
        }
        for (settlement, article) in self.articles().filter(|(_, article)| article.is_alias) {
            let spent = settlement.spent.as_ref().filter(|spent| spent.is_used);
            if let (Some(spent), Some(host)) = (spent, self.hosts.get(&article.host)) {
                let row = Row {
                    host: host.0,
                    hint: &spent.hint,
                    is_used: true,
                };
                rows.insert(article.identity.fingerprint().as_uuid(), row);
            }
        }
        if rows.is_empty() {
            return Ok(());
        }
        self.insert_hints(connection, &rows).await
    }

    /// Of two listings that speak of one article the second adds the text that the first lacks.
    async fn insert_hints(
        &self,
        connection: &mut PgConnection,
        rows: &BTreeMap<Uuid, Row<'_>>,
    ) -> Result<(), StoreError> {
        let keys: Vec<Uuid> = rows.keys().copied().collect();
        let hosts: Vec<i32> = rows.values().map(|row| row.host).collect();
        let used: Vec<bool> = rows.values().map(|row| row.is_used).collect();
        let hints = || rows.values().map(|row| row.hint);
        let titles: Vec<Option<String>> = hints().map(|h| plain_opt(h.title.as_deref())).collect();
        let texts: Vec<Option<String>> = hints().map(|h| plain_opt(h.text.as_deref())).collect();
        // Lists of lists must be rectangles in SQL.
        let authors: Vec<String> = hints().map(|h| plain(&h.authors.join("\n"))).collect();
        let stamps = || hints().map(|hint| hint.published.as_ref());
        let local: Vec<_> = stamps().map(|stamp| Some(stamp?.local)).collect();
        let offsets: Vec<_> = stamps()
            .map(|stamp| Some(stamp?.offset?.local_minus_utc()))
            .collect();
        let precisions: Vec<_> = stamps()
            .map(|stamp| Some(stamp?.precision.as_str().to_owned()))
            .collect();
        sqlx::query!(
            r#"
            INSERT INTO crawl.hints AS h (fingerprint, host_id, met_at, title, authors,
                                          published_local, offset_seconds, published_precision,
                                          text)
            SELECT t.fingerprint, t.host_id, $10, t.title,
                   coalesce(string_to_array(nullif(t.authors, ''), E'\n'), '{}'), t.local,
                   t.offset_seconds, t.precision::crawl.precision, t.text
              FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::timestamp[],
                          $6::integer[], $7::text[], $8::text[], $9::boolean[])
                AS t (fingerprint, host_id, title, authors, local, offset_seconds, precision, text,
                      is_used)
              JOIN crawl.jobs j ON j.host_id = t.host_id AND j.fingerprint = t.fingerprint
             WHERE j.kind = 'article' AND (j.interval_seconds IS NULL OR t.is_used)
             ORDER BY t.fingerprint
            ON CONFLICT (fingerprint) DO UPDATE
               SET title = coalesce(h.title, excluded.title),
                   authors = CASE WHEN h.authors = '{}' THEN excluded.authors ELSE h.authors END,
                   published_local = coalesce(h.published_local, excluded.published_local),
                   offset_seconds = CASE WHEN h.published_local IS NULL
                                         THEN excluded.offset_seconds ELSE h.offset_seconds END,
                   published_precision = coalesce(h.published_precision,
                                                  excluded.published_precision),
                   text = excluded.text
             WHERE h.text IS NULL AND excluded.text IS NOT NULL
            "#,
            &keys,
            &hosts,
            &titles as &[Option<String>],
            &authors,
            &local as &[Option<chrono::NaiveDateTime>],
            &offsets as &[Option<i32>],
            &precisions as &[Option<String>],
            &texts as &[Option<String>],
            &used,
            self.now,
        )
        .execute(connection)
        .await
        .map_err(StoreError::during("keep what listings say of articles"))?;
        Ok(())
    }

    /// Hints go with their jobs, and when an article was stored that is the same without them, or that
    /// was already being read when they came: they must not make an edit of it later.
    pub(super) async fn drop_spent_hints(
        &self,
        connection: &mut PgConnection,
    ) -> Result<(), StoreError> {
        let mut keys = Vec::new();
        let mut hosts = Vec::new();
        let mut needed = Vec::new();
        for settlement in &self.held {
            let is_stored = settlement.article.is_some();
            let spent = settlement.spent.as_ref();
            if is_stored || spent.is_some() {
                keys.push(settlement.job.fingerprint.as_uuid());
                hosts.push(settlement.host.0);
                needed.push(!is_stored || spent.is_some_and(|spent| spent.is_used));
            }
        }
        if keys.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            r#"
            DELETE FROM crawl.hints h
             USING unnest($1::uuid[], $2::integer[], $3::boolean[])
                AS t (fingerprint, host_id, is_needed)
             WHERE h.fingerprint = t.fingerprint
               AND (NOT t.is_needed
                    OR NOT EXISTS (SELECT FROM crawl.jobs j
                                    WHERE j.host_id = t.host_id AND j.fingerprint = t.fingerprint))
            "#,
            &keys,
            &hosts,
            &needed,
        )
        .execute(connection)
        .await
        .map_err(StoreError::during("drop what listings said of articles"))?;
        Ok(())
    }
}
