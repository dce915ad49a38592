//! Articles: one row each, a revision for each content, written in batches inside a settlement.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::rows::{count, plain, plain_opt};
use super::{Store, StoreError};
use crate::domain::{
    Article, CanonicalUrl, ContentHash, Fingerprint, HostId, HostKey, Provenance, SectionId,
    SimHash, SourceId, Stamp, Trust,
};

/// An article to be stored.
#[derive(Debug, Clone)]
pub struct StoredArticle {
    /// The address that is its identity.
    pub identity: CanonicalUrl,
    /// The unit of politeness of that address.
    pub host: HostKey,
    /// What was read.
    pub article: Article,
    /// Near-duplicate sketch of the text.
    pub sim_hash: SimHash,
    /// Exact hash of the content.
    pub content_hash: ContentHash,
    /// Words of the text.
    pub word_count: u32,
    /// Whether the text may be kept; otherwise only what describes it.
    pub keep_body: bool,
    /// Whether it was read at another address than its identity: an article that is known already
    /// is then left as it is.
    pub is_alias: bool,
    /// The page it was read from, where raw pages are kept.
    pub raw: Option<RawPage>,
}

/// The bytes that an article was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawPage {
    /// As `archive::pack` gives them.
    pub packed: Vec<u8>,
    /// The answer's status.
    pub status: u16,
    /// The Content-Type header as received.
    pub content_type: Option<String>,
    /// The character set it was read in.
    pub charset: Option<String>,
}

/// An article on its way into the tables.
pub(super) struct Incoming<'a> {
    pub(super) key: Uuid,
    pub(super) first_seen_at: DateTime<Utc>,
    pub(super) host: HostId,
    pub(super) source: Option<SourceId>,
    pub(super) section: Option<SectionId>,
    /// When it was read.
    pub(super) at: DateTime<Utc>,
    pub(super) stored: &'a StoredArticle,
}

/// Which of the known articles are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Every one that differs.
    Replaced,
    /// Those that were not written at a later time than the one that comes.
    ReplacedByLater,
}

/// What the tables made of an article that they took.
pub(super) struct Written {
    /// How many contents it has had, this one included.
    pub(super) revision: i32,
    /// Whether its content is new; otherwise it only came back.
    pub(super) is_changed: bool,
}

/// The smaller fields, in one column of the batch.
#[derive(Serialize)]
struct Fields {
    subtitle: Option<String>,
    authors: Vec<String>,
    agency: Option<String>,
    section: Option<String>,
    tags: Vec<String>,
    language: Option<String>,
    published_at: Option<DateTime<Utc>>,
    published_precision: Option<&'static str>,
    published_text: Option<String>,
    modified_at: Option<DateTime<Utc>>,
    modified_text: Option<String>,
    paywalled: Option<bool>,
    provenance: Vec<FieldSource>,
}

#[derive(Serialize)]
struct FieldSource {
    field: &'static str,
    strategy: &'static str,
    trust: &'static str,
    raw: String,
}

impl Store {
    /// The last raw page of an article; `None` where none was kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn raw_page(&self, article: Fingerprint) -> Result<Option<RawPage>, StoreError> {
        let found = sqlx::query!(
            r#"
            SELECT packed, status, content_type, charset FROM crawl.raw_pages
             WHERE fingerprint = $1 ORDER BY fetched_at DESC LIMIT 1
            "#,
            article.as_uuid(),
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(StoreError::during("read a raw page"))?;
        Ok(found.map(|row| RawPage {
            packed: row.packed,
            status: count(row.status),
            content_type: row.content_type,
            charset: row.charset,
        }))
    }
}

/// Stores articles, each identity at most once; answers with those that are new, changed or back.
pub(super) async fn upsert_articles(
    connection: &mut PgConnection,
    incoming: &[Incoming<'_>],
    known: Known,
) -> Result<BTreeMap<Uuid, Written>, StoreError> {
    if incoming.is_empty() {
        return Ok(BTreeMap::new());
    }
    let aliases: Vec<Uuid> = incoming
        .iter()
        .filter(|i| i.stored.is_alias)
        .map(|i| i.key)
        .collect();
    let fields: Vec<serde_json::Value> = incoming
        .iter()
        .map(|i| serde_json::to_value(Fields::of(&i.stored.article)))
        .collect::<Result<_, _>>()
        .map_err(|error| {
            StoreError::during("take an article")(sqlx::Error::Encode(error.into()))
        })?;
    let rows = sqlx::query_file!(
        "src/store/sql/upsert_articles.sql",
        &column(incoming, |i| i.key),
        &column(incoming, |i| i.first_seen_at),
        &column(incoming, |i| i.source.map(|id| id.0)) as &[Option<i32>],
        &column(incoming, |i| i.section.map(|id| id.0)) as &[Option<i32>],
        &column(incoming, |i| i.host.0),
        &column(incoming, |i| plain(i.stored.identity.as_str())),
        &column(incoming, |i| plain(&i.stored.article.title)),
        &column(incoming, |i| lead(i.stored)),
        &column(incoming, |i| body(i.stored)) as &[Option<String>],
        &column(incoming, |i| i32::try_from(i.stored.word_count)
            .unwrap_or(i32::MAX)),
        &column(incoming, |i| i.stored.content_hash.as_uuid()),
        &column(incoming, |i| i.stored.sim_hash.as_i64()),
        &fields,
        &column(incoming, |i| i.at),
        &aliases,
        known == Known::ReplacedByLater,
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(StoreError::during("store articles"))?;
    let mut replaced = Vec::new();
    let mut written = BTreeMap::new();
    for row in rows {
        if row.revision != row.replaced + i32::from(row.is_changed) {
            return Err(StoreError::Overtaken);
        }
        if let Some(body) = row.replaced_body {
            replaced.push((row.fingerprint, row.first_seen_at, row.replaced, body));
        }
        let outcome = Written {
            revision: row.revision,
            is_changed: row.is_changed,
        };
        written.insert(row.fingerprint, outcome);
    }
    keep_replaced(connection, &replaced).await?;
    Ok(written)
}

/// Gives revisions the texts that their articles no longer have.
async fn keep_replaced(
    connection: &mut PgConnection,
    replaced: &[(Uuid, DateTime<Utc>, i32, String)],
) -> Result<(), StoreError> {
    if replaced.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        r#"
        UPDATE crawl.revisions r SET body = t.body
          FROM unnest($1::uuid[], $2::timestamptz[], $3::integer[], $4::text[])
            AS t (fingerprint, first_seen_at, revision, body)
         WHERE r.fingerprint = t.fingerprint AND r.first_seen_at = t.first_seen_at
           AND r.revision = t.revision
        "#,
        &column(replaced, |(key, ..)| *key),
        &column(replaced, |(_, seen, ..)| *seen),
        &column(replaced, |(.., revision, _)| *revision),
        &column(replaced, |(.., body)| body.clone()),
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("keep replaced texts"))?;
    Ok(())
}

/// Replaces the pictures of the articles that were `written` with a new content.
pub(super) async fn replace_images(
    connection: &mut PgConnection,
    incoming: &[Incoming<'_>],
    written: &BTreeMap<Uuid, Written>,
) -> Result<(), StoreError> {
    let is_changed = |i: &&Incoming<'_>| written.get(&i.key).is_some_and(|w| w.is_changed);
    let changed: Vec<&Incoming<'_>> = incoming.iter().filter(is_changed).collect();
    let is_known = |i: &&&Incoming<'_>| written.get(&i.key).is_some_and(|w| w.revision > 1);
    let known: Vec<&Incoming<'_>> = changed.iter().filter(is_known).copied().collect();
    if !known.is_empty() {
        sqlx::query!(
            r#"
            DELETE FROM crawl.images WHERE (fingerprint, first_seen_at) IN (  -- Citus takes no USING
                SELECT * FROM unnest($1::uuid[], $2::timestamptz[]))
            "#,
            &column(&known, |i| i.key),
            &column(&known, |i| i.first_seen_at),
        )
        .execute(&mut *connection)
        .await
        .map_err(StoreError::during("replace pictures"))?;
    }
    let images: Vec<_> = changed
        .iter()
        .flat_map(|i| {
            (1_i16..)
                .zip(&i.stored.article.images)
                .map(|(n, image)| (*i, n, image))
        })
        .collect();
    if images.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        r#"
        INSERT INTO crawl.images (fingerprint, first_seen_at, position, url, caption, credit)
        SELECT fingerprint, first_seen_at, position, url, caption, credit
          FROM unnest($1::uuid[], $2::timestamptz[], $3::smallint[], $4::text[], $5::text[],
                      $6::text[]) AS t (fingerprint, first_seen_at, position, url, caption, credit)
        "#,
        &column(&images, |(i, ..)| i.key),
        &column(&images, |(i, ..)| i.first_seen_at),
        &column(&images, |(_, n, _)| *n),
        &column(&images, |(.., image)| plain(&image.url)),
        &column(&images, |(.., image)| plain_opt(image.caption.as_deref())) as &[Option<String>],
        &column(&images, |(.., image)| plain_opt(image.credit.as_deref())) as &[Option<String>],
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("store pictures"))?;
    Ok(())
}

/// Keeps the raw pages of the articles that were `written` with a new content.
pub(super) async fn keep_raw_pages(
    connection: &mut PgConnection,
    incoming: &[Incoming<'_>],
    written: &BTreeMap<Uuid, Written>,
) -> Result<(), StoreError> {
    let is_changed = |i: &&Incoming<'_>| written.get(&i.key).is_some_and(|w| w.is_changed);
    let pages: Vec<(&Incoming<'_>, &RawPage)> = incoming
        .iter()
        .filter(is_changed)
        .filter(|i| i.stored.keep_body)
        .filter_map(|i| Some((i, i.stored.raw.as_ref()?)))
        .collect();
    if pages.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        r#"
        INSERT INTO crawl.raw_pages (fingerprint, fetched_at, status, content_type, charset, packed)
        SELECT fingerprint, fetched_at, status, content_type, charset, packed
          FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::bytea[],
                      $6::timestamptz[])
            AS t (fingerprint, status, content_type, charset, packed, fetched_at)
        ON CONFLICT DO NOTHING
        "#,
        &column(&pages, |(i, _)| i.key),
        &column(&pages, |(_, page)| i16::try_from(page.status)
            .unwrap_or(i16::MAX)),
        &column(&pages, |(_, page)| plain_opt(page.content_type.as_deref())) as &[Option<String>],
        &column(&pages, |(_, page)| plain_opt(page.charset.as_deref())) as &[Option<String>],
        &column(&pages, |(_, page)| page.packed.as_slice()) as &[&[u8]],
        &column(&pages, |(i, _)| i.at),
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("keep raw pages"))?;
    Ok(())
}

fn column<I, T>(rows: &[I], of: impl Fn(&I) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}

/// The lead is text too: where the text may not be kept, it may not either.
fn lead(stored: &StoredArticle) -> String {
    match stored.keep_body {
        true => plain(&stored.article.lead()),
        false => String::new(),
    }
}

fn body(stored: &StoredArticle) -> Option<String> {
    stored.keep_body.then(|| plain(&stored.article.body_text()))
}

impl Fields {
    fn of(article: &Article) -> Self {
        let text = |stamp: &Stamp| stamp.to_text();
        let published = article.published.as_ref();
        let modified = article.modified.as_ref();
        Self {
            subtitle: plain_opt(article.subtitle.as_deref()),
            authors: article.authors.iter().map(|name| plain(name)).collect(),
            agency: plain_opt(article.agency.as_deref()),
            section: plain_opt(article.section.as_deref()),
            tags: article.tags.iter().map(|tag| plain(tag)).collect(),
            language: plain_opt(article.language.as_deref()),
            published_at: published.and_then(Stamp::instant),
            published_precision: published.map(|stamp| stamp.precision.as_str()),
            published_text: published.map(text),
            modified_at: modified.and_then(Stamp::instant),
            modified_text: modified.map(text),
            paywalled: article.paywalled,
            provenance: article.provenance.iter().map(FieldSource::of).collect(),
        }
    }
}

impl FieldSource {
    fn of(provenance: &Provenance) -> Self {
        Self {
            field: provenance.field,
            strategy: provenance.strategy,
            trust: match provenance.trust {
                Trust::Low => "low",
                Trust::Medium => "medium",
                Trust::High => "high",
            },
            raw: plain(&provenance.raw),
        }
    }
}
