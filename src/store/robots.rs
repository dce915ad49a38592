//! The robots.txt of origins, one copy for all nodes.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::rows::{duration, plain, plain_opt};
use super::{Store, StoreError};

/// What an origin's robots.txt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RobotsVerdict {
    /// The body holds rules.
    Rules,
    /// There is none: all is allowed (RFC 9309 section 2.3.1.3).
    AllowAll,
    /// It could not be reached: nothing is allowed (RFC 9309 section 2.3.1.4).
    DisallowAll,
}

/// A robots.txt as it was last fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RobotsCopy {
    /// What it came to.
    pub verdict: RobotsVerdict,
    /// Its bytes as received; empty unless the verdict is `Rules`.
    pub body: Vec<u8>,
    /// When it was asked for; later tries that could not read it leave it.
    pub fetched_at: DateTime<Utc>,
    /// When it must be asked for again.
    pub expires_at: DateTime<Utc>,
    /// The status of the last answer, if there was one.
    pub status: Option<u16>,
    /// Why it could not be read the last time; `None` where it could.
    pub error: Option<String>,
    /// Since when it can't be read; `None` while it can.
    pub unreadable_since: Option<DateTime<Utc>>,
    /// The Crawl-delay for us.
    pub crawl_delay: Option<Duration>,
    /// The items of the Content-Signal lines for us.
    pub content_signals: Vec<String>,
    /// The addresses of its sitemap lines.
    pub sitemaps: Vec<String>,
}

impl Store {
    /// The copy of an origin's robots.txt, expired or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn robots(&self, origin: &str) -> Result<Option<RobotsCopy>, StoreError> {
        let found = sqlx::query!(
            r#"
            SELECT verdict::text AS "verdict!", body, fetched_at, expires_at, status, error,
                   unreadable_since, crawl_delay_seconds, content_signals, sitemaps
              FROM crawl.robots WHERE origin = $1
            "#,
            origin,
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(StoreError::during("read a robots.txt"))?;
        let Some(row) = found else {
            return Ok(None);
        };
        let verdict = robots_verdict(&row.verdict).ok_or_else(|| StoreError::BadRow {
            table: "robots",
            column: "verdict",
            id: origin.to_owned(),
        })?;
        Ok(Some(RobotsCopy {
            verdict,
            body: row.body,
            fetched_at: row.fetched_at,
            expires_at: row.expires_at,
            status: row.status.and_then(|status| u16::try_from(status).ok()),
            error: row.error,
            unreadable_since: row.unreadable_since,
            crawl_delay: row.crawl_delay_seconds.map(duration),
            content_signals: row.content_signals,
            sitemaps: row.sitemaps,
        }))
    }

    /// Keeps a robots.txt; of two nodes that fetched it, the later fetch stays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_robots(&self, origin: &str, copy: &RobotsCopy) -> Result<(), StoreError> {
        let all = |texts: &[String]| texts.iter().map(|text| plain(text)).collect::<Vec<_>>();
        sqlx::query!(
            r#"
            INSERT INTO crawl.robots AS r (origin, verdict, body, fetched_at, expires_at, status,
                   error, unreadable_since, crawl_delay_seconds, content_signals, sitemaps)
            VALUES ($1, $2::text::crawl.robots_verdict, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (origin) DO UPDATE
               SET verdict = excluded.verdict, body = excluded.body,
                   fetched_at = excluded.fetched_at, expires_at = excluded.expires_at,
                   status = excluded.status, error = excluded.error,
                   unreadable_since = excluded.unreadable_since,
                   crawl_delay_seconds = excluded.crawl_delay_seconds,
                   content_signals = excluded.content_signals, sitemaps = excluded.sitemaps
             WHERE r.fetched_at <= excluded.fetched_at
            "#,
            origin,
            robots_verdict_text(copy.verdict),
            copy.body,
            copy.fetched_at,
            copy.expires_at,
            copy.status.and_then(|status| i16::try_from(status).ok()),
            plain_opt(copy.error.as_deref()),
            copy.unreadable_since,
            copy.crawl_delay.map(|delay| delay.as_secs_f64()),
            &all(&copy.content_signals),
            &all(&copy.sitemaps),
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("keep a robots.txt"))?;
        Ok(())
    }
}

fn robots_verdict_text(verdict: RobotsVerdict) -> &'static str {
    match verdict {
        RobotsVerdict::Rules => "rules",
        RobotsVerdict::AllowAll => "allow_all",
        RobotsVerdict::DisallowAll => "disallow_all",
    }
}

fn robots_verdict(text: &str) -> Option<RobotsVerdict> {
    [
        RobotsVerdict::Rules,
        RobotsVerdict::AllowAll,
        RobotsVerdict::DisallowAll,
    ]
    .into_iter()
    .find(|verdict| robots_verdict_text(*verdict) == text)
}
