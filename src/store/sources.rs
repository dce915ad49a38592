//! Sources and their listings: brought in line with the source files, each listing a recurring job.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use super::rows::{plain, plain_opt, section_kind, section_kind_text, store_policy_text};
use super::{Store, StoreError};
use crate::domain::{
    CanonicalUrl, HostId, HostKey, Section, SectionId, SectionKind, Source, SourceId, SourceName,
    Verified,
};

/// The keys of sources and listings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SyncedSources {
    /// Every source of the files.
    pub ids: BTreeMap<SourceName, SourceId>,
    /// Every listing of an active source.
    pub sections: Vec<SyncedSection>,
}

/// A listing and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncedSection {
    /// Key of its row.
    pub id: SectionId,
    /// Whose it is.
    pub source: SourceId,
    /// What kind of listing it is.
    pub kind: SectionKind,
    /// Where it is.
    pub url: CanonicalUrl,
}

#[derive(Serialize)]
struct SourceRow {
    name: String,
    home: String,
    language: Option<String>,
    timezone: Option<&'static str>,
    country: Option<String>,
    tags: Vec<String>,
    is_active: bool,
    store: &'static str,
    terms: Option<String>,
    verified_on: Option<chrono::NaiveDate>,
}

#[derive(Serialize)]
struct SectionRow<'a> {
    source: &'a str,
    kind: &'static str,
    url: &'a str,
    host_id: i32,
    fingerprint: Uuid,
    min_seconds: f64,
    max_seconds: f64,
}

impl Store {
    /// Brings the tables in line with the source files: rows for new sources and listings, a
    /// recurring job for each listing of an active source. Sources that are gone are disabled and
    /// never deleted; listings that are gone, or whose source is disabled, lose their job, and
    /// what else waits of a disabled source waits until it is enabled again.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then.
    pub async fn sync_sources(&self, sources: &[Source]) -> Result<SyncedSources, StoreError> {
        let keys: Vec<HostKey> = listings(sources).map(|(s, c)| host_of(s, c)).collect();
        let hosts = self.host_ids(keys.iter().collect()).await?;
        let rows: Vec<SectionRow<'_>> = listings(sources)
            .filter_map(|(source, section)| SectionRow::of(source, section, &hosts))
            .collect();
        let mut transaction: Transaction<'_, Postgres> = self
            .pool
            .begin()
            .await
            .map_err(StoreError::during("begin a transaction"))?;
        let ids = sync_rows(&mut transaction, sources).await?;
        let sections = sync_sections(&mut transaction, &rows).await?;
        drop_stale_jobs(&mut transaction).await?;
        add_listing_jobs(&mut transaction, &rows).await?;
        park_jobs(&mut transaction).await?;
        transaction
            .commit()
            .await
            .map_err(StoreError::during("commit the sources"))?;
        self.wake(hosts.values().copied().collect()).await?;
        Ok(SyncedSources { ids, sections })
    }

    /// The keys of all sources.
    ///
    /// # Errors
    /// When the database fails, or holds a name that can't be one.
    pub async fn source_ids(&self) -> Result<BTreeMap<SourceName, SourceId>, StoreError> {
        let rows = sqlx::query!("SELECT id, name FROM crawl.sources")
            .fetch_all(&self.pool)
            .await
            .map_err(StoreError::during("list the sources"))?;
        rows.into_iter()
            .map(|row| match SourceName::new(&row.name) {
                Ok(name) => Ok((name, SourceId(row.id))),
                Err(_malformed) => Err(StoreError::BadRow {
                    table: "sources",
                    column: "name",
                    id: row.id.to_string(),
                }),
            })
            .collect()
    }

    /// Makes every listing due at once, sitemaps below an index too; their hosts are ready as soon
    /// as politeness allows. Answers when that was, by the database's clock.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn make_listings_due(&self) -> Result<DateTime<Utc>, StoreError> {
        let due = sqlx::query!(
            r#"
            WITH due AS (
                UPDATE crawl.jobs SET run_at = now()
                 WHERE interval_seconds IS NOT NULL AND kind <> 'article' AND run_at < 'infinity'
                RETURNING host_id)
            SELECT now() AS "now!", array(SELECT DISTINCT host_id FROM due) AS "hosts!"
            "#,
        )
        .fetch_one(&self.pool)
        .await
        .map_err(StoreError::during("make listings due"))?;
        self.wake(due.hosts.into_iter().map(HostId).collect())
            .await?;
        Ok(due.now)
    }

    /// Makes every stored article due at once: looked at again once more, behind all else.
    /// Answers how many were added.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn make_articles_due(&self) -> Result<u64, StoreError> {
        let done = sqlx::query!(
            r#"
            INSERT INTO crawl.jobs AS j (host_id, fingerprint, first_seen_at, priority, run_at, kind,
                                         url, source_id, section_id)
            SELECT a.host_id, a.fingerprint, a.first_seen_at, 3, now(), 'article', a.url,
                   a.source_id, a.section_id
              FROM crawl.articles a LEFT JOIN crawl.sources s ON s.id = a.source_id
             WHERE coalesce(s.is_active, true)
            ON CONFLICT (host_id, fingerprint) DO UPDATE SET run_at = now()
             WHERE j.run_at > now() AND j.run_at < 'infinity'
            "#,
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("make articles due"))?;
        let hosts = sqlx::query_scalar!("SELECT id FROM crawl.hosts")
            .fetch_all(&self.pool)
            .await
            .map_err(StoreError::during("list hosts"))?;
        self.wake(hosts.into_iter().map(HostId).collect()).await?;
        Ok(done.rows_affected())
    }
}

/// The listings of active sources.
fn listings(sources: &[Source]) -> impl Iterator<Item = (&Source, &Section)> {
    sources
        .iter()
        .filter(|source| source.is_active())
        .flat_map(|source| source.sections.iter().map(move |section| (source, section)))
}

fn host_of(source: &Source, section: &Section) -> HostKey {
    HostKey::of(&section.url, source.scope)
}

impl SourceRow {
    fn of(source: &Source) -> Self {
        Self {
            name: source.name.as_str().to_owned(),
            home: plain(source.home.as_str()),
            language: plain_opt(source.language.as_deref()),
            timezone: source.timezone.map(|zone| zone.name()),
            country: source.country.as_ref().map(|country| plain(&country.0)),
            tags: source.tags.iter().map(|tag| plain(tag)).collect(),
            is_active: source.is_active(),
            store: store_policy_text(source.store),
            terms: plain_opt(source.terms.as_deref()),
            verified_on: match source.verified {
                Verified::Never => None,
                Verified::On(day) => Some(day),
            },
        }
    }
}

impl<'a> SectionRow<'a> {
    fn of(
        source: &'a Source,
        section: &'a Section,
        hosts: &BTreeMap<HostKey, HostId>,
    ) -> Option<Self> {
        // Zero would be a job that is always due.
        let seconds = |interval: Duration| interval.max(Duration::from_millis(1)).as_secs_f64();
        Some(Self {
            source: source.name.as_str(),
            kind: section_kind_text(section.kind),
            url: section.url.as_str(),
            host_id: hosts.get(&host_of(source, section))?.0,
            fingerprint: section.url.fingerprint().as_uuid(),
            min_seconds: seconds(source.interval.min),
            max_seconds: seconds(source.interval.max.max(source.interval.min)),
        })
    }
}

fn json(rows: &impl Serialize) -> Result<serde_json::Value, StoreError> {
    serde_json::to_value(rows)
        .map_err(|error| StoreError::during("take the sources")(sqlx::Error::Encode(error.into())))
}

async fn sync_rows(
    connection: &mut PgConnection,
    sources: &[Source],
) -> Result<BTreeMap<SourceName, SourceId>, StoreError> {
    let rows: Vec<SourceRow> = sources.iter().map(SourceRow::of).collect();
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    sqlx::query!(
        "UPDATE crawl.sources SET is_active = false WHERE is_active AND name <> ALL ($1)",
        &names,
    )
    .execute(&mut *connection)
    .await
    .map_err(StoreError::during("disable sources"))?;
    let synced = sqlx::query!(
        r#"
        INSERT INTO crawl.sources (name, home, language, timezone, country, tags, is_active, store,
                                   terms, verified_on)
        SELECT name, home, language, timezone, country, tags, is_active, store, terms, verified_on
          FROM jsonb_to_recordset($1) AS t (name text, home text, language text, timezone text,
                                            country text, tags text[], is_active boolean,
                                            store crawl.store_policy, terms text, verified_on date)
         ORDER BY name
        ON CONFLICT (name) DO UPDATE
           SET home = excluded.home, language = excluded.language, timezone = excluded.timezone,
               country = excluded.country, tags = excluded.tags, is_active = excluded.is_active,
               store = excluded.store, terms = excluded.terms, verified_on = excluded.verified_on
        RETURNING id, name
        "#,
        json(&rows)?,
    )
    .fetch_all(connection)
    .await
    .map_err(StoreError::during("store sources"))?;
    let ids: BTreeMap<String, i32> = synced.into_iter().map(|row| (row.name, row.id)).collect();
    let id_of = |source: &Source| Some(SourceId(*ids.get(source.name.as_str())?));
    Ok(sources
        .iter()
        .filter_map(|source| Some((source.name.clone(), id_of(source)?)))
        .collect())
}

async fn sync_sections(
    connection: &mut PgConnection,
    rows: &[SectionRow<'_>],
) -> Result<Vec<SyncedSection>, StoreError> {
    sqlx::query!("UPDATE crawl.sections SET is_active = false WHERE is_active")
        .execute(&mut *connection)
        .await
        .map_err(StoreError::during("disable listings"))?;
    let synced = sqlx::query!(
        r#"
        INSERT INTO crawl.sections (source_id, kind, url, host_id, fingerprint)
        SELECT DISTINCT ON (s.id, t.kind, t.url) s.id, t.kind, t.url, t.host_id, t.fingerprint
          FROM jsonb_to_recordset($1) AS t (source text, kind crawl.section_kind, url text,
                                            host_id integer, fingerprint uuid)
          JOIN crawl.sources s ON s.name = t.source
         ORDER BY s.id, t.kind, t.url
        ON CONFLICT (source_id, kind, url) DO UPDATE
           SET is_active = true, host_id = excluded.host_id, fingerprint = excluded.fingerprint
        RETURNING id, source_id, kind::text AS "kind!", url
        "#,
        json(&rows)?,
    )
    .fetch_all(connection)
    .await
    .map_err(StoreError::during("store listings"))?;
    let section = |(id, source, kind, url): (i32, i32, String, String)| {
        let bad = |column| StoreError::BadRow {
            table: "sections",
            column,
            id: id.to_string(),
        };
        Ok(SyncedSection {
            id: SectionId(id),
            source: SourceId(source),
            kind: section_kind(&kind).ok_or_else(|| bad("kind"))?,
            url: CanonicalUrl::stored(&url).map_err(|_malformed| bad("url"))?,
        })
    };
    synced
        .into_iter()
        .map(|row| section((row.id, row.source_id, row.kind, row.url)))
        .collect()
}

/// Jobs of listings that are gone, or whose host is counted otherwise now.
async fn drop_stale_jobs(connection: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query!(
        r#"
        DELETE FROM crawl.jobs j
         WHERE j.kind <> 'article' AND j.section_id IS NOT NULL
           AND NOT EXISTS (
               SELECT FROM crawl.sections c
                WHERE c.id = j.section_id AND c.is_active
                  AND (j.depth > 0
                       OR (c.host_id = j.host_id AND c.fingerprint = j.fingerprint)))
        "#,
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("end the jobs of listings that are gone"))?;
    Ok(())
}

/// A recurring job for each listing. One that is there keeps its learned interval, within bounds.
async fn add_listing_jobs(
    connection: &mut PgConnection,
    rows: &[SectionRow<'_>],
) -> Result<(), StoreError> {
    sqlx::query!(
        r#"
        WITH listings AS (
            SELECT DISTINCT ON (t.host_id, t.fingerprint)
                   t.host_id, t.fingerprint, t.kind, t.url, t.min_seconds, t.max_seconds,
                   c.source_id, c.id AS section_id
              FROM jsonb_to_recordset($1) AS t (source text, kind crawl.section_kind, url text,
                                                host_id integer, fingerprint uuid,
                                                min_seconds float8, max_seconds float8)
              JOIN crawl.sources s ON s.name = t.source
              JOIN crawl.sections c ON c.source_id = s.id AND c.kind = t.kind AND c.url = t.url
             ORDER BY t.host_id, t.fingerprint, c.id),
        met AS (
            INSERT INTO crawl.seen (fingerprint, first_seen_at)
            SELECT DISTINCT fingerprint, now() FROM listings ORDER BY fingerprint
            ON CONFLICT DO NOTHING)
        INSERT INTO crawl.jobs AS j (host_id, fingerprint, first_seen_at, priority, run_at,
                                     interval_seconds, kind, url, source_id, section_id)
        SELECT l.host_id, l.fingerprint, now(), 0, now(), l.min_seconds,
               l.kind::text::crawl.job_kind, l.url, l.source_id, l.section_id
          FROM listings l
        ON CONFLICT (host_id, fingerprint) DO UPDATE
           SET priority = 0, kind = excluded.kind, url = excluded.url, depth = 0,
               source_id = excluded.source_id, section_id = excluded.section_id,
               run_at = least(j.run_at, now() + make_interval(secs => (
                   SELECT l.max_seconds FROM listings l
                    WHERE l.host_id = j.host_id AND l.fingerprint = j.fingerprint))),
               interval_seconds = (
                   SELECT least(greatest(coalesce(j.interval_seconds, 0), l.min_seconds),
                                l.max_seconds)
                     FROM listings l
                    WHERE l.host_id = j.host_id AND l.fingerprint = j.fingerprint)
        "#,
        json(&rows)?,
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("enqueue listings"))?;
    Ok(())
}

/// Lets the jobs of disabled sources wait for ever, and those of enabled ones go on.
async fn park_jobs(connection: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query!(
        r#"
        UPDATE crawl.jobs j
           SET run_at = CASE WHEN s.is_active THEN now() ELSE 'infinity' END
          FROM crawl.sources s
         WHERE s.id = j.source_id AND s.is_active = (j.run_at = 'infinity')
        "#,
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("park the jobs of disabled sources"))?;
    Ok(())
}
