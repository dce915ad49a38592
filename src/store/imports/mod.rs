//! Pages of web archives on their way into the tables: as a visit would have left them at the time
//! of the archive, without a job and without a lease. Texts of an earlier time than the stored one
//! are left out (`docs/DATA_MODEL.md`).

mod marks;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use super::articles::{Incoming, Known, Written, keep_raw_pages, replace_images, upsert_articles};
use super::error::is_conflict;
use super::fetches::{Made, insert_exchanges};
use super::settle::{CONFLICT_TRIES, seen_at, upsert_aliases, upsert_visits};
use super::{Alias, Outcome, Store, StoreError, StoredArticle, Visit};
use crate::domain::{CanonicalUrl, ContentHash, Exchange, HostId, HostKey, JobKind, SourceId};

use marks::keep_mark;
pub use marks::{ImportMark, ImportedFile};

/// A page of an archive.
#[derive(Debug, Clone)]
pub struct ImportedPage {
    /// The address that was asked.
    pub url: CanonicalUrl,
    /// The unit of politeness of that address.
    pub host: HostKey,
    /// Whose it is.
    pub source: SourceId,
    /// What the archive says of the exchange; it began when the page is from.
    pub exchange: Exchange,
    /// What the answer left behind.
    pub visit: Visit,
    /// Other addresses of the article.
    pub aliases: Vec<Alias>,
    /// The article that was read.
    pub article: Option<StoredArticle>,
}

/// What is stored of an article.
struct Stored {
    content_hash: ContentHash,
    /// When the content was last found to be so.
    until: DateTime<Utc>,
}

impl Store {
    /// Stores pages of an archive, and how far the file was read with them, in one transaction.
    /// No identity may be among them twice. Answers with what became of each page; what is stored
    /// already is not stored again.
    ///
    /// # Errors
    /// When the database fails; nothing is written then, and the pages may be imported again.
    pub async fn import(
        &self,
        pages: &[ImportedPage],
        (file, mark): (&ImportedFile, ImportMark),
        now: DateTime<Utc>,
    ) -> Result<Vec<Imported>, StoreError> {
        let articles = pages.iter().filter_map(|page| page.article.as_ref());
        let keys = articles.map(|article| &article.host);
        let hosts = self
            .host_ids(keys.chain(pages.iter().map(|page| &page.host)).collect())
            .await?;
        let mut tries = 1;
        loop {
            let tried = self.try_import(pages, &hosts, (file, mark), now).await;
            match tried {
                Err(error) if is_conflict(&error) && tries < CONFLICT_TRIES => tries += 1,
                result => return result,
            }
        }
    }

    async fn try_import(
        &self,
        pages: &[ImportedPage],
        hosts: &BTreeMap<HostKey, HostId>,
        (file, mark): (&ImportedFile, ImportMark),
        now: DateTime<Utc>,
    ) -> Result<Vec<Imported>, StoreError> {
        let mut transaction: Transaction<'_, Postgres> = self
            .pool
            .begin()
            .await
            .map_err(StoreError::during("begin a transaction"))?;
        let met = meet(&mut transaction, pages).await?;
        let stored = stored(&mut transaction, &met).await?;
        let outcomes: Vec<Imported> = pages.iter().map(|page| judge(page, &stored)).collect();
        let judged: Vec<(&ImportedPage, Imported)> =
            pages.iter().zip(outcomes.iter().copied()).collect();
        let incoming: Vec<Incoming<'_>> = judged
            .iter()
            .filter(|(_, outcome)| outcome.is_written())
            .filter_map(|(page, _)| incoming(page, &met, hosts))
            .collect();
        let written = upsert_articles(&mut transaction, &incoming, Known::ReplacedByLater).await?;
        replace_images(&mut transaction, &incoming, &written).await?;
        keep_raw_pages(&mut transaction, &incoming, &written).await?;
        leave_traces(&mut transaction, &judged, hosts, file).await?;
        keep_mark(&mut transaction, file, mark, now).await?;
        transaction
            .commit()
            .await
            .map_err(StoreError::during("commit an import"))?;
        Ok(judged
            .iter()
            .map(|(page, o)| confirmed(page, *o, &written))
            .collect())
    }
}

/// What became of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    /// It is no article.
    NoArticle,
    /// As with a visit.
    Article(Outcome),
    /// Its article is stored with a text of a later time.
    Older,
}

impl Imported {
    fn is_written(self) -> bool {
        matches!(self, Self::Article(Outcome::New | Outcome::Revised(_)))
    }
}

/// Makes the addresses of articles known since when the archive met them, unless they were met
/// before; answers with since when.
async fn meet(
    connection: &mut PgConnection,
    pages: &[ImportedPage],
) -> Result<BTreeMap<Uuid, DateTime<Utc>>, StoreError> {
    let mut met: BTreeMap<Uuid, DateTime<Utc>> = BTreeMap::new();
    for page in pages {
        let Some(article) = &page.article else {
            continue;
        };
        let others = page.aliases.iter().map(|alias| &alias.from);
        for url in others.chain([&article.identity]) {
            let at = page.exchange.started_at;
            let first = met.entry(url.fingerprint().as_uuid()).or_insert(at);
            *first = at.min(*first);
        }
    }
    let (keys, times): (Vec<Uuid>, Vec<DateTime<Utc>>) = met.into_iter().unzip();
    sqlx::query!(
        r#"
        INSERT INTO crawl.seen (fingerprint, first_seen_at)
        SELECT * FROM unnest($1::uuid[], $2::timestamptz[]) AS t (fingerprint, first_seen_at)
         ORDER BY fingerprint
        ON CONFLICT DO NOTHING
        "#,
        &keys,
        &times,
    )
    .execute(&mut *connection)
    .await
    .map_err(StoreError::during("meet the addresses of an archive"))?;
    seen_at(connection, keys).await
}

/// What is stored of the articles at these addresses.
async fn stored(
    connection: &mut PgConnection,
    met: &BTreeMap<Uuid, DateTime<Utc>>,
) -> Result<BTreeMap<Uuid, Stored>, StoreError> {
    let (keys, seen): (Vec<Uuid>, Vec<DateTime<Utc>>) = met.iter().unzip();
    let rows = sqlx::query!(
        r#"
        SELECT a.fingerprint, a.content_hash,
               greatest(a.checked_at, v.checked_at) AS "until!"
          FROM unnest($1::uuid[], $2::timestamptz[]) AS t (fingerprint, first_seen_at)
          JOIN crawl.articles a
            ON a.fingerprint = t.fingerprint AND a.first_seen_at = t.first_seen_at
          LEFT JOIN crawl.visits v ON v.fingerprint = a.fingerprint
        "#,
        &keys,
        &seen,
    )
    .fetch_all(connection)
    .await
    .map_err(StoreError::during("look up articles"))?;
    let stored = |row: (Uuid, DateTime<Utc>)| Stored {
        content_hash: ContentHash::stored(row.0),
        until: row.1,
    };
    Ok(rows
        .into_iter()
        .map(|row| (row.fingerprint, stored((row.content_hash, row.until))))
        .collect())
}

fn judge(page: &ImportedPage, stored: &BTreeMap<Uuid, Stored>) -> Imported {
    let Some(article) = &page.article else {
        return Imported::NoArticle;
    };
    let at = page.exchange.started_at;
    match stored.get(&article.identity.fingerprint().as_uuid()) {
        None => Imported::Article(Outcome::New),
        Some(_) if article.is_alias => Imported::Article(Outcome::Known),
        Some(known) if known.content_hash == article.content_hash => {
            Imported::Article(Outcome::Unchanged)
        }
        Some(known) if at < known.until => Imported::Older,
        // Its number is known when it is written.
        Some(_) => Imported::Article(Outcome::Revised(0)),
    }
}

fn incoming<'a>(
    page: &'a ImportedPage,
    met: &BTreeMap<Uuid, DateTime<Utc>>,
    hosts: &BTreeMap<HostKey, HostId>,
) -> Option<Incoming<'a>> {
    let stored = page.article.as_ref()?;
    let key = stored.identity.fingerprint().as_uuid();
    Some(Incoming {
        key,
        first_seen_at: *met.get(&key)?,
        host: *hosts.get(&stored.host)?,
        source: Some(page.source),
        section: None,
        at: page.exchange.started_at,
        stored,
    })
}

/// What was expected, after what the tables made of it: a visit may have been quicker.
fn confirmed(
    page: &ImportedPage,
    expected: Imported,
    written: &BTreeMap<Uuid, Written>,
) -> Imported {
    let article = page.article.as_ref().filter(|_| expected.is_written());
    let Some(article) = article else {
        return expected;
    };
    match written.get(&article.identity.fingerprint().as_uuid()) {
        Some(written) if written.revision == 1 => Imported::Article(Outcome::New),
        Some(written) => Imported::Article(Outcome::Revised(written.revision)),
        None => Imported::Article(Outcome::Known),
    }
}

async fn leave_traces(
    connection: &mut PgConnection,
    judged: &[(&ImportedPage, Imported)],
    hosts: &BTreeMap<HostKey, HostId>,
    file: &ImportedFile,
) -> Result<(), StoreError> {
    let aliases = judged.iter().flat_map(|(page, _)| {
        let at = page.exchange.started_at;
        page.aliases.iter().map(move |alias| (alias, at))
    });
    upsert_aliases(connection, aliases).await?;
    // What was read at another address says nothing of the next request for the article.
    let read = judged.iter().filter(|(page, _)| {
        let article = page.article.as_ref();
        article.is_some_and(|article| !article.is_alias)
    });
    let visits = read.filter_map(|(page, _)| {
        let host = *hosts.get(&page.host)?;
        let at = page.exchange.started_at;
        Some((page.url.fingerprint(), host, &page.visit, at))
    });
    upsert_visits(connection, visits).await?;
    let known = recorded(connection, judged).await?;
    let made: Vec<Made<'_>> = judged
        .iter()
        .filter(|(page, _)| {
            let key = page.url.fingerprint().as_uuid();
            !known.contains(&(key, page.exchange.started_at))
        })
        .filter_map(|(page, _)| {
            Some(Made {
                host: *hosts.get(&page.host)?,
                key: page.url.fingerprint(),
                kind: JobKind::Article,
                source: Some(page.source),
                exchange: &page.exchange,
                archive: Some(&file.name),
            })
        })
        .collect();
    insert_exchanges(connection, &made).await
}

/// The exchanges of archives that are recorded already.
async fn recorded(
    connection: &mut PgConnection,
    judged: &[(&ImportedPage, Imported)],
) -> Result<BTreeSet<(Uuid, DateTime<Utc>)>, StoreError> {
    let (keys, times): (Vec<Uuid>, Vec<DateTime<Utc>>) = judged
        .iter()
        .map(|(page, _)| (page.url.fingerprint().as_uuid(), page.exchange.started_at))
        .unzip();
    let rows = sqlx::query!(
        r#"
        SELECT fingerprint, started_at FROM crawl.fetches
         WHERE fingerprint = ANY ($1) AND started_at = ANY ($2) AND archive IS NOT NULL
        "#,
        &keys,
        &times,
    )
    .fetch_all(connection)
    .await
    .map_err(StoreError::during("look up exchanges of archives"))?;
    Ok(rows
        .into_iter()
        .map(|row| (row.fingerprint, row.started_at))
        .collect())
}
