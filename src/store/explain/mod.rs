//! All that the tables know of one address, read in one snapshot. Writes nothing, so that it works
//! beside a running daemon and on a standby server.

mod facts;

pub use facts::{
    AddressFacts, AliasFact, ArticleFact, DiscoveryFact, ExchangeFact, FieldFact, HostFact,
    JobFact, ListingFact, RevisionFact,
};

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Store, StoreError};
use crate::domain::{Fingerprint, HostKey};

impl Store {
    /// What is known of the address with this key; `host` is what politeness counts it to, should
    /// no job say otherwise.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn facts(
        &self,
        key: Fingerprint,
        host: &HostKey,
    ) -> Result<AddressFacts, StoreError> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let mut snapshot = self
            .pool
            .begin_with(begin)
            .await
            .map_err(StoreError::during("begin a transaction"))?;
        let key = key.as_uuid();
        let (now, first_seen_at) = seen(&mut snapshot, key).await?;
        let job = job(&mut snapshot, key).await?;
        let host_key = job.as_ref().map_or(host.as_str(), |job| job.host.as_str());
        let alias_of = alias_of(&mut snapshot, key).await?;
        let article_key = alias_of.as_ref().map_or(key, |alias| alias.article_id);
        Ok(AddressFacts {
            now,
            first_seen_at,
            host: host_state(&mut snapshot, host_key).await?,
            listing: listing(&mut snapshot, key).await?,
            discoveries: discoveries(&mut snapshot, key).await?,
            exchanges: exchanges(&mut snapshot, key).await?,
            aliases: aliases(&mut snapshot, article_key).await?,
            article: article(&mut snapshot, article_key).await?,
            fields: fields(&mut snapshot, article_key).await?,
            revisions: revisions(&mut snapshot, article_key).await?,
            job,
            alias_of,
        })
    }
}

async fn seen(
    connection: &mut PgConnection,
    key: Uuid,
) -> Result<(facts::Time, Option<facts::Time>), StoreError> {
    let row = sqlx::query!(
        r#"
        SELECT now() AS "now!",
               (SELECT first_seen_at FROM crawl.seen WHERE fingerprint = $1) AS first_seen_at
        "#,
        key,
    )
    .fetch_one(connection)
    .await
    .map_err(StoreError::during("look up an address"))?;
    Ok((row.now, row.first_seen_at))
}

/// Its visit to come. The key begins with the host, so every host is probed: what an address counts
/// to may have changed since.
async fn job(connection: &mut PgConnection, key: Uuid) -> Result<Option<JobFact>, StoreError> {
    sqlx::query_as!(
        JobFact,
        r#"
        SELECT h.key AS host, j.kind::text AS "kind!", j.priority, j.attempt,
               CASE WHEN j.run_at < 'infinity' THEN j.run_at END AS run_at, j.interval_seconds,
               s.name AS "source?", coalesce(s.is_active, true) AS "is_source_active!",
               (SELECT count(*) FROM (
                       SELECT FROM crawl.jobs o
                        WHERE o.host_id = j.host_id AND o.run_at <= now()
                          AND (o.priority, o.run_at) < (j.priority, j.run_at)
                        LIMIT 1000) ahead) AS "ahead!"
          FROM crawl.jobs j
          JOIN crawl.hosts h ON h.id = j.host_id
          LEFT JOIN crawl.sources s ON s.id = j.source_id
         WHERE j.host_id = ANY (ARRAY(SELECT id FROM crawl.hosts)) AND j.fingerprint = $1
         LIMIT 1
        "#,
        key,
    )
    .fetch_optional(connection)
    .await
    .map_err(StoreError::during("look for the job of an address"))
}

async fn host_state(
    connection: &mut PgConnection,
    key: &str,
) -> Result<Option<HostFact>, StoreError> {
    sqlx::query_as!(
        HostFact,
        r#"
        SELECT key, lease_token <> 0 AS "is_leased!", leased_by, ready_at,
               CASE WHEN polite_at > '-infinity' THEN polite_at END AS polite_at, failures,
               rests_until, last_error
          FROM crawl.hosts WHERE id = (SELECT host_id FROM crawl.host_keys WHERE key = $1)
        "#,
        key,
    )
    .fetch_optional(connection)
    .await
    .map_err(StoreError::during("look at a host"))
}

/// The listing that it is, if it is one.
async fn listing(
    connection: &mut PgConnection,
    key: Uuid,
) -> Result<Option<ListingFact>, StoreError> {
    sqlx::query_as!(
        ListingFact,
        r#"
        SELECT c.kind::text AS "kind!", s.name AS source, c.is_active
          FROM crawl.sections c JOIN crawl.sources s ON s.id = c.source_id
         WHERE c.fingerprint = $1 ORDER BY c.is_active DESC LIMIT 1
        "#,
        key,
    )
    .fetch_optional(connection)
    .await
    .map_err(StoreError::during("look for a listing"))
}

async fn discoveries(
    connection: &mut PgConnection,
    key: Uuid,
) -> Result<Vec<DiscoveryFact>, StoreError> {
    sqlx::query_as!(
        DiscoveryFact,
        r#"
        SELECT source AS "source!", section_kind AS "section_kind!",
               section_url AS "section_url!", discovered_at AS "discovered_at!",
               verdict AS "verdict!", title
          FROM news.discoveries WHERE article_id = $1 ORDER BY discovered_at LIMIT 20
        "#,
        key,
    )
    .fetch_all(connection)
    .await
    .map_err(StoreError::during("read where an address was met"))
}

async fn exchanges(
    connection: &mut PgConnection,
    key: Uuid,
) -> Result<Vec<ExchangeFact>, StoreError> {
    sqlx::query_as!(
        ExchangeFact,
        r#"
        SELECT started_at, url, status, body_bytes AS bytes, elapsed_ms,
               outcome::text AS "outcome!", error_class, error, archive
          FROM crawl.fetches WHERE fingerprint = $1 ORDER BY started_at DESC LIMIT 20
        "#,
        key,
    )
    .fetch_all(connection)
    .await
    .map_err(StoreError::during("read the exchanges of an address"))
}

/// The article whose other address it is.
async fn alias_of(
    connection: &mut PgConnection,
    key: Uuid,
) -> Result<Option<AliasFact>, StoreError> {
    sqlx::query_as!(
        AliasFact,
        r#"
        SELECT al.article_fingerprint AS article_id, a.url AS "url?", al.reason::text AS "reason!",
               al.seen_at
          FROM crawl.aliases al
          LEFT JOIN crawl.articles a ON a.fingerprint = al.article_fingerprint
         WHERE al.fingerprint = $1 LIMIT 1
        "#,
        key,
    )
    .fetch_optional(connection)
    .await
    .map_err(StoreError::during("look up an alias"))
}

/// The other addresses of an article.
async fn aliases(connection: &mut PgConnection, key: Uuid) -> Result<Vec<AliasFact>, StoreError> {
    sqlx::query_as!(
        AliasFact,
        r#"
        SELECT article_fingerprint AS article_id, url AS "url?", reason::text AS "reason!", seen_at
          FROM crawl.aliases WHERE article_fingerprint = $1 ORDER BY seen_at LIMIT 20
        "#,
        key,
    )
    .fetch_all(connection)
    .await
    .map_err(StoreError::during("list aliases"))
}

async fn article(
    connection: &mut PgConnection,
    key: Uuid,
) -> Result<Option<ArticleFact>, StoreError> {
    sqlx::query_as!(
        ArticleFact,
        r#"
        SELECT id AS "id!", source, url AS "url!", title AS "title!", language, published_at,
               modified_at, first_seen_at AS "first_seen_at!",
               last_checked_at AS "last_checked_at!", word_count AS "word_count!",
               revision_count AS "revision_count!", removed_at
          FROM news.articles WHERE id = $1
        "#,
        key,
    )
    .fetch_optional(connection)
    .await
    .map_err(StoreError::during("read an article"))
}

async fn fields(connection: &mut PgConnection, key: Uuid) -> Result<Vec<FieldFact>, StoreError> {
    sqlx::query_as!(
        FieldFact,
        r#"
        SELECT field AS "field!", strategy AS "strategy!", trust AS "trust!", raw
          FROM news.provenance WHERE article_id = $1
        "#,
        key,
    )
    .fetch_all(connection)
    .await
    .map_err(StoreError::during("read where fields came from"))
}

async fn revisions(
    connection: &mut PgConnection,
    key: Uuid,
) -> Result<Vec<RevisionFact>, StoreError> {
    sqlx::query_as!(
        RevisionFact,
        r#"
        SELECT revision AS "revision!", kind AS "kind!", seen_at AS "seen_at!",
               changed AS "changed!", title AS "title!"
          FROM news.revisions WHERE article_id = $1 ORDER BY revision DESC LIMIT 50
        "#,
        key,
    )
    .fetch_all(connection)
    .await
    .map_err(StoreError::during("list revisions"))
}
