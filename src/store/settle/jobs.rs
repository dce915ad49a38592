//! The end of jobs: gone, or later.

use std::time::Duration;

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Outcome, Settlement, Stored, Work};
use crate::domain::{Disposition, JobKind, SourceId};
use crate::store::rows::{plain, small};
use crate::store::{StoreError, StoredArticle};

/// What becomes of a job's row.
enum End {
    Gone,
    Later(Later),
}

struct Later {
    after: Duration,
    /// The new interval; `None` leaves it.
    interval: Option<Duration>,
    attempt: u16,
}

impl Work<'_> {
    pub(super) async fn finish_jobs(
        &self,
        connection: &mut PgConnection,
        written: &Stored<'_>,
    ) -> Result<(), StoreError> {
        let mut gone = Vec::new();
        let mut later = Vec::new();
        for settlement in &self.held {
            match end(settlement, written.outcome(settlement)) {
                End::Gone => gone.push(*settlement),
                End::Later(when) => later.push((*settlement, when)),
            }
        }
        delete_jobs(connection, &gone).await?;
        put_off_jobs(connection, &later).await?;
        self.delete_jobs_of_articles(connection, written).await?;
        self.look_again_at_articles(connection, written).await
    }

    /// A new article that was read at another address is looked at again at its own.
    async fn look_again_at_articles(
        &self,
        connection: &mut PgConnection,
        written: &Stored<'_>,
    ) -> Result<(), StoreError> {
        let again: Vec<_> = self
            .articles()
            .filter(|(s, article)| article.is_alias && written.outcome(s) == Outcome::New)
            .filter_map(|(s, article)| {
                let wait = s.again?.unchanged?;
                Some((s, article, self.hosts.get(&article.host)?.0, wait))
            })
            .collect();
        if again.is_empty() {
            return Ok(());
        }
        let key = |article: &StoredArticle| article.identity.fingerprint().as_uuid();
        let hosts: Vec<i32> = again.iter().map(|(.., host, _)| *host).collect();
        let keys: Vec<Uuid> = again.iter().map(|(_, a, ..)| key(a)).collect();
        let urls: Vec<String> = again
            .iter()
            .map(|(_, a, ..)| plain(a.identity.as_str()))
            .collect();
        let sources: Vec<Option<i32>> = again
            .iter()
            .map(|(s, ..)| s.job.source.map(|SourceId(id)| id))
            .collect();
        let sections: Vec<Option<i32>> = again
            .iter()
            .map(|(s, ..)| s.job.section.map(|section| section.0))
            .collect();
        let waits: Vec<f64> = again.iter().map(|(.., wait)| wait.as_secs_f64()).collect();
        sqlx::query!(
            r#"
            INSERT INTO crawl.jobs (host_id, fingerprint, first_seen_at, priority, run_at,
                                    interval_seconds, kind, url, source_id, section_id)
            SELECT t.host_id, t.fingerprint, s.first_seen_at, 3,
                   now() + make_interval(secs => t.wait), t.wait, 'article', t.url, t.source_id,
                   t.section_id
              FROM unnest($1::integer[], $2::uuid[], $3::text[], $4::integer[], $5::integer[],
                          $6::float8[])
                AS t (host_id, fingerprint, url, source_id, section_id, wait)
              JOIN crawl.seen s ON s.fingerprint = t.fingerprint
             ORDER BY t.fingerprint
            ON CONFLICT DO NOTHING
            "#,
            &hosts,
            &keys,
            &urls,
            &sources as &[Option<i32>],
            &sections as &[Option<i32>],
            &waits,
        )
        .execute(connection)
        .await
        .map_err(StoreError::during("look again at articles"))?;
        Ok(())
    }

    /// A new article that was read at another address need not be visited at its own: its waiting
    /// job goes. That of a known one is a look at it, which may be under way. One that is locked is
    /// being settled by another node, and is left to it, since waiting for each other's jobs could
    /// go on for ever.
    async fn delete_jobs_of_articles(
        &self,
        connection: &mut PgConnection,
        written: &Stored<'_>,
    ) -> Result<(), StoreError> {
        let (hosts, keys): (Vec<i32>, Vec<Uuid>) = self
            .articles()
            .filter(|(s, _)| s.read_elsewhere().is_some() && written.outcome(s) == Outcome::New)
            .filter_map(|(_, article)| {
                let host = self.hosts.get(&article.host)?;
                Some((host.0, article.identity.fingerprint().as_uuid()))
            })
            .unzip();
        if keys.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            r#"
            DELETE FROM crawl.jobs WHERE (host_id, fingerprint) IN (
                SELECT j.host_id, j.fingerprint
                  FROM unnest($1::integer[], $2::uuid[]) AS t (host_id, fingerprint)
                  JOIN crawl.jobs j
                    ON j.host_id = t.host_id AND j.fingerprint = t.fingerprint
                 WHERE j.interval_seconds IS NULL AND j.kind = 'article'
                   FOR UPDATE OF j SKIP LOCKED)
            "#,
            &hosts,
            &keys,
        )
        .execute(connection)
        .await
        .map_err(StoreError::during("end the jobs of stored articles"))?;
        Ok(())
    }
}

fn end(settlement: &Settlement, outcome: Outcome) -> End {
    let job = &settlement.job;
    if let Some(again) = settlement.again {
        let is_alias = settlement.article.as_ref().is_some_and(|a| a.is_alias);
        let wait = match outcome {
            Outcome::Revised(_) => again.edited,
            Outcome::Lost | Outcome::Done | Outcome::New | Outcome::Unchanged | Outcome::Known => {
                again.unchanged
            }
        };
        // Read at another address: it is looked at again at its own.
        return match wait.filter(|_| !is_alias) {
            None => End::Gone,
            Some(after) => End::Later(Later {
                after,
                interval: Some(after),
                attempt: 0,
            }),
        };
    }
    let later = |after, attempt| {
        End::Later(Later {
            after,
            interval: None,
            attempt,
        })
    };
    match (&settlement.disposition, job.interval) {
        (Disposition::Complete { interval: None }, _) => End::Gone,
        (
            Disposition::Complete {
                interval: Some(next),
            },
            _,
        ) => End::Later(Later {
            after: *next,
            interval: Some(*next),
            attempt: 0,
        }),
        (Disposition::Snooze { after }, _) => later(*after, job.attempt),
        (Disposition::Retry { after }, _) => later(*after, job.attempt.saturating_add(1)),
        // One try is given up, not the listing: an outlet must not fall silent by a bad day.
        (Disposition::Discard, Some(interval)) if job.kind != JobKind::Article => {
            later(interval, 0)
        }
        (Disposition::Discard, _) => End::Gone,
    }
}

async fn delete_jobs(
    connection: &mut PgConnection,
    gone: &[&Settlement],
) -> Result<(), StoreError> {
    if gone.is_empty() {
        return Ok(());
    }
    let hosts: Vec<i32> = gone.iter().map(|s| s.host.0).collect();
    let keys: Vec<Uuid> = gone.iter().map(|s| s.job.fingerprint.as_uuid()).collect();
    sqlx::query!(
        r#"
        DELETE FROM crawl.jobs j
         USING unnest($1::integer[], $2::uuid[]) AS t (host_id, fingerprint)
         WHERE j.host_id = t.host_id AND j.fingerprint = t.fingerprint
        "#,
        &hosts,
        &keys,
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("end jobs"))?;
    Ok(())
}

async fn put_off_jobs(
    connection: &mut PgConnection,
    later: &[(&Settlement, Later)],
) -> Result<(), StoreError> {
    if later.is_empty() {
        return Ok(());
    }
    let hosts: Vec<i32> = later.iter().map(|(s, _)| s.host.0).collect();
    let keys: Vec<Uuid> = later
        .iter()
        .map(|(s, _)| s.job.fingerprint.as_uuid())
        .collect();
    let after: Vec<f64> = later
        .iter()
        .map(|(_, when)| when.after.as_secs_f64())
        .collect();
    let intervals: Vec<Option<f64>> = later
        .iter()
        .map(|(_, when)| when.interval.map(|interval| interval.as_secs_f64()))
        .collect();
    let attempts: Vec<i16> = later.iter().map(|(_, when)| small(when.attempt)).collect();
    // An article that is looked at again waits behind those that nobody has seen.
    sqlx::query!(
        r#"
        UPDATE crawl.jobs j
           SET run_at = now() + make_interval(secs => t.after_seconds), attempt = t.attempt,
               interval_seconds = coalesce(nullif(t.interval_seconds, 0), j.interval_seconds),
               since = CASE WHEN t.interval_seconds IS NULL THEN j.since END,
               priority = CASE WHEN t.interval_seconds IS NOT NULL AND j.kind = 'article' THEN 3
                               ELSE j.priority END
          FROM unnest($1::integer[], $2::uuid[], $3::float8[], $4::float8[], $5::smallint[])
            AS t (host_id, fingerprint, after_seconds, interval_seconds, attempt)
         WHERE j.host_id = t.host_id AND j.fingerprint = t.fingerprint
        "#,
        &hosts,
        &keys,
        &after,
        &intervals as &[Option<f64>],
        &attempts,
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("put jobs off"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{CanonicalUrl, HostId, Identity, Job, LeaseToken, Priority, Validators};
    use chrono::DateTime;

    const HOUR: Duration = Duration::from_secs(3600);

    fn settlement(
        kind: JobKind,
        interval: Option<Duration>,
        disposition: Disposition,
    ) -> Settlement {
        let url = CanonicalUrl::parse("https://a.example/1", Identity::default()).unwrap();
        let job = Job {
            fingerprint: url.fingerprint(),
            url,
            kind,
            priority: Priority::Fresh,
            attempt: 2,
            first_seen_at: DateTime::UNIX_EPOCH,
            source: None,
            section: None,
            interval,
            depth: 0,
            since: None,
            validators: Validators::default(),
            body_hash: None,
        };
        Settlement::new(HostId(1), LeaseToken(1), job, disposition)
    }

    /// Seconds until the next visit and its attempt; `None` where there is none.
    fn outcome(settlement: &Settlement) -> Option<(u64, Option<Duration>, u16)> {
        match end(settlement, Outcome::Done) {
            End::Gone => None,
            End::Later(later) => Some((later.after.as_secs(), later.interval, later.attempt)),
        }
    }

    #[test]
    fn each_disposition_has_one_end() {
        use Disposition::{Complete, Discard, Retry, Snooze};
        let after = Duration::from_secs(9);
        let once = None;
        for (kind, interval, disposition, expected) in [
            (JobKind::Article, once, Complete { interval: None }, None),
            (JobKind::Feed, Some(HOUR), Complete { interval: None }, None),
            (
                JobKind::Article,
                once,
                Complete {
                    interval: Some(HOUR),
                },
                Some((3600, Some(HOUR), 0)),
            ),
            (JobKind::Article, once, Snooze { after }, Some((9, None, 2))),
            (
                JobKind::Feed,
                Some(HOUR),
                Retry { after },
                Some((9, None, 3)),
            ),
            (JobKind::Article, once, Discard, None),
            (JobKind::Article, Some(HOUR), Discard, None),
            (JobKind::Feed, Some(HOUR), Discard, Some((3600, None, 0))),
            (JobKind::Sitemap, once, Discard, None),
        ] {
            let given = settlement(kind, interval, disposition);
            assert_eq!(outcome(&given), expected, "{given:?}");
        }
    }
}
