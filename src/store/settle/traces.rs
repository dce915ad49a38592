//! What a visit leaves behind beside articles and jobs: aliases, discoveries, validators, marks.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Alias, AliasReason, Found, Settlement, Visit, Work};
use crate::domain::{CanonicalUrl, Fingerprint, HostId, JobKind, SectionId};
use crate::store::StoreError;
use crate::store::rows::{plain, plain_opt};

/// Where an address was met, as a row.
pub(in crate::store) struct Discovery<'a> {
    url: &'a CanonicalUrl,
    verdict: &'static str,
    title: Option<&'a str>,
    published_at: Option<DateTime<Utc>>,
}

impl<'a> Discovery<'a> {
    /// Of a link to visit.
    pub(in crate::store) fn of(found: &'a Found) -> Self {
        Self {
            url: &found.job.url,
            verdict: "enqueued",
            title: found.title.as_deref(),
            published_at: found.published_at,
        }
    }
}

/// What became of an article's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// The outlet took it down.
    Gone,
    /// It is there.
    There,
}

impl Work<'_> {
    /// Marks the articles whose pages the outlet took down, or takes the mark back from those whose
    /// pages are there again.
    pub(super) async fn mark(
        &self,
        connection: &mut PgConnection,
        found: Presence,
    ) -> Result<(), StoreError> {
        let is_meant = |s: &&&Settlement| match found {
            Presence::Gone => s.is_gone,
            Presence::There => s.job.kind == JobKind::Article && s.visit.is_some(),
        };
        let meant = self.held.iter().filter(is_meant);
        let (keys, seen): (Vec<Uuid>, Vec<DateTime<Utc>>) = meant
            .map(|s| (s.job.fingerprint.as_uuid(), s.job.first_seen_at))
            .unzip();
        if keys.is_empty() {
            return Ok(());
        }
        let removed_at = (found == Presence::Gone).then_some(self.now);
        sqlx::query!(
            r#"
            UPDATE crawl.articles a SET removed_at = $4, checked_at = $3
              FROM unnest($1::uuid[], $2::timestamptz[]) AS t (fingerprint, first_seen_at)
             WHERE a.fingerprint = t.fingerprint AND a.first_seen_at = t.first_seen_at
               AND (a.removed_at IS NULL) = ($4::timestamptz IS NOT NULL)
            "#,
            &keys,
            &seen,
            self.now,
            removed_at,
        )
        .execute(connection)
        .await
        .map_err(StoreError::during("mark articles as removed or returned"))?;
        Ok(())
    }

    pub(super) async fn write_aliases(
        &self,
        connection: &mut PgConnection,
    ) -> Result<(), StoreError> {
        let aliases = self.held.iter().flat_map(|s| &s.aliases);
        upsert_aliases(connection, aliases.map(|alias| (alias, self.now))).await
    }

    pub(super) async fn write_discoveries(
        &self,
        connection: &mut PgConnection,
    ) -> Result<(), StoreError> {
        // By key: sorted, and each once. Addresses added by hand were met in no listing.
        let mut met: BTreeMap<(Uuid, i32), Discovery<'_>> = BTreeMap::new();
        for links in &self.links {
            let Some(SectionId(section)) = links.section else {
                continue;
            };
            let found = links.found.iter().map(|found| Discovery::of(found));
            let outside = links.outside.iter().map(|outside| Discovery {
                url: &outside.url,
                verdict: "outside",
                title: outside.title.as_deref(),
                published_at: None,
            });
            for discovery in found.chain(outside) {
                let key = discovery.url.fingerprint().as_uuid();
                met.entry((key, section)).or_insert(discovery);
            }
        }
        if met.is_empty() {
            return Ok(());
        }
        insert_discoveries(connection, &met, self.now).await
    }

    pub(super) async fn write_visits(
        &self,
        connection: &mut PgConnection,
    ) -> Result<(), StoreError> {
        let visits = self.held.iter().filter_map(|s| {
            let visit = s.visit.as_ref()?;
            Some((s.job.fingerprint, s.host, visit, self.now))
        });
        upsert_visits(connection, visits).await
    }
}

/// Stores other addresses of articles, each with when that was seen; what was seen later stays.
pub(in crate::store) async fn upsert_aliases(
    connection: &mut PgConnection,
    aliases: impl Iterator<Item = (&Alias, DateTime<Utc>)>,
) -> Result<(), StoreError> {
    // By key: sorted, and each once.
    let aliases: BTreeMap<Uuid, (&Alias, DateTime<Utc>)> = aliases
        .map(|seen| (seen.0.from.fingerprint().as_uuid(), seen))
        .filter(|(from, (alias, _))| *from != alias.to.fingerprint().as_uuid())
        .collect();
    if aliases.is_empty() {
        return Ok(());
    }
    let keys: Vec<Uuid> = aliases.keys().copied().collect();
    let targets: Vec<Uuid> = aliases
        .values()
        .map(|(alias, _)| alias.to.fingerprint().as_uuid())
        .collect();
    let urls: Vec<String> = aliases
        .values()
        .map(|(alias, _)| plain(alias.from.as_str()))
        .collect();
    let reasons: Vec<String> = aliases
        .values()
        .map(|(alias, _)| reason_text(alias.reason).to_owned())
        .collect();
    let times: Vec<DateTime<Utc>> = aliases.values().map(|(_, at)| *at).collect();
    sqlx::query!(
        r#"
        INSERT INTO crawl.aliases AS a (fingerprint, article_fingerprint, url, reason, seen_at)
        SELECT fingerprint, article_fingerprint, url, reason::crawl.alias_reason, seen_at
          FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[])
            AS t (fingerprint, article_fingerprint, url, reason, seen_at)
         ORDER BY fingerprint
        ON CONFLICT (fingerprint) DO UPDATE
           SET article_fingerprint = excluded.article_fingerprint,
               reason = excluded.reason, seen_at = excluded.seen_at
         WHERE a.article_fingerprint <> excluded.article_fingerprint
           AND a.seen_at <= excluded.seen_at
        "#,
        &keys,
        &targets,
        &urls,
        &reasons,
        &times,
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("store aliases"))?;
    Ok(())
}

/// Stores what answers left behind for the next request, each with when it came; what came later
/// stays.
pub(in crate::store) async fn upsert_visits<'a>(
    connection: &mut PgConnection,
    visits: impl Iterator<Item = (Fingerprint, HostId, &'a Visit, DateTime<Utc>)>,
) -> Result<(), StoreError> {
    // By key: sorted, and each once.
    let visits: BTreeMap<Uuid, (HostId, &Visit, DateTime<Utc>)> = visits
        .map(|(key, host, visit, at)| (key.as_uuid(), (host, visit, at)))
        .collect();
    if visits.is_empty() {
        return Ok(());
    }
    let keys: Vec<Uuid> = visits.keys().copied().collect();
    let of = |of: fn(&Visit) -> Option<&str>| -> Vec<Option<String>> {
        let visits = visits.values();
        visits.map(|(_, visit, _)| plain_opt(of(visit))).collect()
    };
    let etags = of(|visit| visit.validators.etag.as_deref());
    let modified = of(|visit| visit.validators.last_modified.as_deref());
    let hosts: Vec<i32> = visits.values().map(|(host, ..)| host.0).collect();
    let hashes: Vec<Option<Uuid>> = visits
        .values()
        .map(|(_, visit, _)| visit.body_hash.map(|hash| hash.as_uuid()))
        .collect();
    let times: Vec<DateTime<Utc>> = visits.values().map(|(.., at)| *at).collect();
    sqlx::query!(
        r#"
        INSERT INTO crawl.visits AS v (fingerprint, host_id, etag, last_modified, body_hash,
                                       checked_at)
        SELECT fingerprint, host_id, etag, last_modified, body_hash, checked_at
          FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::uuid[],
                      $6::timestamptz[])
            AS t (fingerprint, host_id, etag, last_modified, body_hash, checked_at)
         ORDER BY fingerprint
        ON CONFLICT (fingerprint) DO UPDATE
           SET host_id = excluded.host_id, etag = excluded.etag,
               last_modified = excluded.last_modified, body_hash = excluded.body_hash,
               checked_at = excluded.checked_at
         WHERE v.checked_at <= excluded.checked_at
        "#,
        &keys,
        &hosts,
        &etags as &[Option<String>],
        &modified as &[Option<String>],
        &hashes as &[Option<Uuid>],
        &times,
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("store validators"))?;
    Ok(())
}

pub(in crate::store) async fn insert_discoveries(
    connection: &mut PgConnection,
    met: &BTreeMap<(Uuid, i32), Discovery<'_>>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (keys, sections): (Vec<Uuid>, Vec<i32>) = met.keys().copied().unzip();
    let urls: Vec<String> = met.values().map(|d| plain(d.url.as_str())).collect();
    let verdicts: Vec<String> = met.values().map(|d| d.verdict.to_owned()).collect();
    let titles: Vec<Option<String>> = met.values().map(|d| plain_opt(d.title)).collect();
    let published: Vec<Option<DateTime<Utc>>> = met.values().map(|d| d.published_at).collect();
    sqlx::query!(
        r#"
        INSERT INTO crawl.discoveries (fingerprint, section_id, url, verdict, title, published_at,
                                       discovered_at)
        SELECT fingerprint, section_id, url, verdict::crawl.discovery_verdict, title,
               published_at, $7
          FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::text[],
                      $6::timestamptz[])
            AS t (fingerprint, section_id, url, verdict, title, published_at)
         ORDER BY fingerprint, section_id
        ON CONFLICT DO NOTHING
        "#,
        &keys,
        &sections,
        &urls,
        &verdicts,
        &titles as &[Option<String>],
        &published as &[Option<DateTime<Utc>>],
        now,
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("store discoveries"))?;
    Ok(())
}

fn reason_text(reason: AliasReason) -> &'static str {
    match reason {
        AliasReason::Redirect => "redirect",
        AliasReason::Canonical => "canonical",
        AliasReason::Amp => "amp",
        AliasReason::Mobile => "mobile",
    }
}
