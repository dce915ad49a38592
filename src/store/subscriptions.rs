//! Feeds that push: what is asked of their hubs, and what hubs are believed. Several nodes share the
//! rows: one asks a hub at a time, any may be pushed to.

use std::time::Duration;

use sqlx::PgConnection;

use super::rows::{duration, plain};
use super::{Store, StoreError};
use crate::domain::SectionId;

/// While a node asks a hub, the others leave the subscription alone; a node that died meanwhile is
/// replaced after this time.
const CLAIM: Duration = Duration::from_secs(300);

/// A lease is renewed when four fifths of it are over.
const RENEWED_AT: f64 = 0.8;

/// A hub that said no is asked again after this time.
const DENIED: Duration = Duration::from_secs(86_400);

/// Leases that hubs give are taken within these bounds: shorter ones would keep us asking, longer
/// ones would never be checked.
const MIN_LEASE: Duration = Duration::from_secs(60);
const MAX_LEASE: Duration = Duration::from_secs(30 * 86_400);

/// A feed that names a hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSubscription {
    /// The feed.
    pub section: SectionId,
    /// Its hub.
    pub hub: String,
    /// The feed, as the hub calls it.
    pub topic: String,
    /// The unguessable part of the callback.
    pub token: String,
    /// What pushes are to be signed with.
    pub secret: String,
}

/// What a hub is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// To push.
    Subscribe,
    /// To push no more.
    Unsubscribe,
}

impl Intent {
    /// The word of the protocol, and of the tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Subscribe => "subscribe",
            Self::Unsubscribe => "unsubscribe",
        }
    }
}

/// A hub to ask; nobody else asks it for this feed meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The feed.
    pub section: SectionId,
    /// What for.
    pub intent: Intent,
    /// Whom.
    pub hub: String,
    /// The feed, as the hub calls it.
    pub topic: String,
    /// The unguessable part of the callback.
    pub token: String,
    /// What pushes are to be signed with.
    pub secret: String,
    /// How often it was asked since something came of it, this time included.
    pub tries: u16,
}

/// How asking a hub went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HubAnswer {
    /// It took the request, and is to verify it within this time.
    Accepted {
        /// After that it is asked again.
        within: Duration,
    },
    /// It could not be asked now, for no fault of its own: later, not counted as a try.
    Busy {
        /// From now.
        after: Duration,
    },
    /// It said no, or nothing.
    Failed {
        /// It is asked again then.
        after: Duration,
        /// Why, in one sentence.
        reason: String,
    },
    /// It is asked no more, and the subscription is gone.
    GivenUp,
}

/// Whether what a hub told was what we had asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It was.
    Believed,
    /// Nobody asked.
    Unasked,
}

impl Store {
    /// Wants the pushes of a feed; one whose hub and topic are as they were is left alone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offer_subscription(&self, new: &NewSubscription) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            INSERT INTO crawl.subscriptions AS s (section_id, token, secret, hub, topic, next_at)
            VALUES ($1, $2, $3, $4, $5, now())
            ON CONFLICT (section_id) DO UPDATE
               SET token = excluded.token, secret = excluded.secret, hub = excluded.hub,
                   topic = excluded.topic, callback = NULL, state = 'wanted', asked_for = NULL,
                   next_at = now(), tries = 0, expires_at = NULL, last_error = NULL
             WHERE (s.hub, s.topic) <> (excluded.hub, excluded.topic)
            "#,
            new.section.0,
            new.token,
            new.secret,
            plain(&new.hub),
            plain(&new.topic),
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("want a subscription"))?;
        Ok(())
    }

    /// Lets the hubs be told that pushes go elsewhere than to `callback` no more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn move_subscriptions(&self, callback: &str) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            UPDATE crawl.subscriptions SET next_at = now(), tries = 0
             WHERE callback <> $1 AND state <> 'leaving'
            "#,
            callback,
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("move subscriptions"))?;
        Ok(())
    }

    /// Takes the next hub that is to be asked; `None` where none is due. Feeds that are no longer
    /// visited are to be pushed no more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_subscription(&self, callback: &str) -> Result<Option<Asked>, StoreError> {
        let mut connection = self
            .pool
            .acquire()
            .await
            .map_err(StoreError::during("give a connection"))?;
        leave_unvisited(&mut connection).await?;
        let row = sqlx::query!(
            r#"
            UPDATE crawl.subscriptions
               SET next_at = now() + make_interval(secs => $1), callback = $2, tries = tries + 1,
                   asked_for = CASE state WHEN 'leaving' THEN 'unsubscribe'
                                          ELSE 'subscribe' END::crawl.subscription_request
             WHERE section_id = (SELECT section_id FROM crawl.subscriptions
                                  WHERE next_at <= now() ORDER BY next_at LIMIT 1
                                    FOR UPDATE SKIP LOCKED)
            RETURNING section_id, hub, topic, token, secret, tries,
                      asked_for = 'unsubscribe' AS "is_leaving!"
            "#,
            CLAIM.as_secs_f64(),
            callback,
        )
        .fetch_optional(&mut *connection)
        .await
        .map_err(StoreError::during("take a subscription"))?;
        Ok(row.map(|row| Asked {
            section: SectionId(row.section_id),
            intent: match row.is_leaving {
                true => Intent::Unsubscribe,
                false => Intent::Subscribe,
            },
            hub: row.hub,
            topic: row.topic,
            token: row.token,
            secret: row.secret,
            tries: u16::try_from(row.tries).unwrap_or_default(),
        }))
    }

    /// Notes how asking a hub went. One that has verified meanwhile is not asked again for it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_hub(&self, section: SectionId, answer: &HubAnswer) -> Result<(), StoreError> {
        let (after, reason, tries_back) = match answer {
            HubAnswer::Accepted { within } => (*within, None, 0),
            HubAnswer::Busy { after } => (*after, None, 1),
            HubAnswer::Failed { after, reason } => (*after, Some(plain(reason)), 0),
            HubAnswer::GivenUp => {
                return self.drop_subscription(section).await;
            }
        };
        sqlx::query!(
            r#"
            UPDATE crawl.subscriptions
               SET next_at = now() + make_interval(secs => $2),
                   last_error = coalesce($3, last_error), tries = greatest(tries - $4, 0)
             WHERE section_id = $1 AND asked_for IS NOT NULL
            "#,
            section.0,
            after.as_secs_f64(),
            reason,
            tries_back,
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("note what a hub answered"))?;
        Ok(())
    }

    async fn drop_subscription(&self, section: SectionId) -> Result<(), StoreError> {
        sqlx::query!(
            "DELETE FROM crawl.subscriptions WHERE section_id = $1",
            section.0
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("end a subscription"))?;
        Ok(())
    }

    /// A hub asks whether we asked for this; a lease begins, or the subscription ends.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify_subscription(
        &self,
        token: &str,
        (intent, topic): (Intent, &str),
        lease: Option<Duration>,
    ) -> Result<Claim, StoreError> {
        let done = match intent {
            Intent::Subscribe => {
                let lease = lease.unwrap_or(MIN_LEASE).clamp(MIN_LEASE, MAX_LEASE);
                sqlx::query!(
                    r#"
                    UPDATE crawl.subscriptions
                       SET state = 'active', asked_for = NULL, tries = 0, last_error = NULL,
                           expires_at = now() + make_interval(secs => $3),
                           next_at = now() + make_interval(secs => $3 * $4)
                     WHERE token = $1 AND topic = $2 AND asked_for = 'subscribe'
                    "#,
                    token,
                    topic,
                    lease.as_secs_f64(),
                    RENEWED_AT,
                )
                .execute(&self.pool)
                .await
            }
            Intent::Unsubscribe => {
                sqlx::query!(
                    r#"
                    DELETE FROM crawl.subscriptions
                     WHERE token = $1 AND topic = $2 AND asked_for = 'unsubscribe'
                    "#,
                    token,
                    topic,
                )
                .execute(&self.pool)
                .await
            }
        };
        let done = done.map_err(StoreError::during("verify a subscription"))?;
        Ok(told(done.rows_affected()))
    }

    /// A hub says no: it is asked again after a day.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn deny_subscription(
        &self,
        token: &str,
        topic: &str,
        reason: &str,
    ) -> Result<Claim, StoreError> {
        let done = sqlx::query!(
            r#"
            UPDATE crawl.subscriptions
               SET state = CASE state WHEN 'leaving' THEN state ELSE 'denied' END,
                   asked_for = NULL, next_at = now() + make_interval(secs => $4), last_error = $3
             WHERE token = $1 AND topic = $2
            "#,
            token,
            topic,
            plain(reason),
            DENIED.as_secs_f64(),
        )
        .execute(&self.pool)
        .await
        .map_err(StoreError::during("note a denial"))?;
        Ok(told(done.rows_affected()))
    }

    /// How long from now until a hub is to be asked; `None` where none is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_subscription_in(&self) -> Result<Option<Duration>, StoreError> {
        let seconds = sqlx::query_scalar!(
            "SELECT extract(epoch FROM min(next_at) - now())::float8 FROM crawl.subscriptions"
        )
        .fetch_one(&self.pool)
        .await
        .map_err(StoreError::during("look for the next subscription"))?;
        Ok(seconds.map(duration))
    }
}

async fn leave_unvisited(connection: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query!(
        r#"
        UPDATE crawl.subscriptions u
           SET state = CASE WHEN c.is_active THEN 'wanted' ELSE 'leaving' END
                       ::crawl.subscription_state,
               asked_for = NULL, next_at = now(), tries = 0
          FROM crawl.sections c
         WHERE c.id = u.section_id AND c.is_active = (u.state = 'leaving')
        "#,
    )
    .execute(connection)
    .await
    .map_err(StoreError::during("leave feeds that are not visited"))?;
    Ok(())
}

fn told(rows: u64) -> Claim {
    if rows == 0 {
        Claim::Unasked
    } else {
        Claim::Believed
    }
}
