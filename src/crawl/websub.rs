//! Feeds that push (WebSub, a W3C Recommendation of 2018): their hubs are asked for it, asked again
//! before the lease ends, and told when a feed is no longer visited. What is pushed is read as the
//! feed itself. Polling goes on as if there were no hubs.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use url::Url;

use crate::discover::{self, Hub};
use crate::domain::{CanonicalUrl, Identity, JobKind, Push, SectionId};
use crate::policy::{DelayFacts, crawl_delay};
use crate::store::{Asked, HubAnswer, Intent, NewSubscription};

use super::cpu::on_cpu;
use super::found::{MetIn, found};
use super::profile::host_key;
use super::visit::Visit;
use super::{CrawlError, Visitor};

/// The lease that hubs are asked for; they may give another one.
const LEASE_SECONDS: &str = "864000";

/// Redirects of a hub that are followed.
const MAX_HOPS: usize = 3;

/// A hub that took a request is asked again when it has not verified it within this time.
const VERIFY_LIMIT: Duration = Duration::from_secs(600);

/// A hub whose host is being asked by somebody, or is to be left alone.
const BUSY: Duration = Duration::from_secs(5);

/// Waits after failures, doubled each time.
const FIRST_WAIT: Duration = Duration::from_secs(60);
const LONGEST_WAIT: Duration = Duration::from_secs(86_400);

/// A hub that can't be told to push no more is left to the end of its lease: its pushes are refused.
const LEAVE_TRIES: u16 = 5;

/// The longest time between two looks at what is due.
const LONGEST_POLL: Duration = Duration::from_secs(5);
const SHORTEST_POLL: Duration = Duration::from_millis(200);

/// Bytes of a token and of a secret.
const SECRET_BYTES: usize = 32;

impl Visit<'_> {
    /// Wants the pushes of the feed that is visited.
    ///
    /// # Errors
    /// When the store failed.
    pub(super) async fn want_pushes(&self, hub: &Hub) -> Result<(), CrawlError> {
        let is_feed = self.job.kind == JobKind::Feed && self.job.depth == 0;
        let Some(section) = self.job.section.filter(|_| is_feed) else {
            return Ok(());
        };
        if !self.visitor.subscribes {
            return Ok(());
        }
        let new = NewSubscription {
            section,
            hub: hub.hub.to_string(),
            topic: hub.topic.to_string(),
            token: secret(),
            secret: secret(),
        };
        Ok(self.visitor.store.offer_subscription(&new).await?)
    }
}

impl Visitor {
    /// Asks hubs when it is time, until stopped; `base` is how the outside reaches this node, and
    /// `node` says who asks.
    pub async fn keep_subscribed(
        self: Arc<Self>,
        base: Url,
        node: String,
        stop: CancellationToken,
    ) {
        let callback = callback(&base, "");
        let mut has_moved = false;
        loop {
            let round = async {
                if !has_moved {
                    self.store.move_subscriptions(&callback).await?;
                    has_moved = true;
                }
                self.ask_due(&base, &callback, &node).await
            };
            let asked = tokio::select! {
                asked = round => asked,
                () = stop.cancelled() => return,
            };
            let wait = match asked {
                Ok(wait) => wait.clamp(SHORTEST_POLL, LONGEST_POLL),
                Err(error) => {
                    tracing::debug!(%error, "hubs wait for the database");
                    LONGEST_POLL
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait.mul_f64(rand::random_range(0.75..1.25))) => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// Asks the hubs that are due; answers with the time until the next one is.
    async fn ask_due(
        &self,
        base: &Url,
        callback: &str,
        node: &str,
    ) -> Result<Duration, CrawlError> {
        while let Some(asked) = self.store.next_subscription(callback).await? {
            let answer = self.ask(&asked, base, node).await?;
            if let HubAnswer::Failed { reason, .. } = &answer {
                let hub = asked.hub.as_str();
                tracing::warn!(hub, error = reason, "the hub {hub}: {reason}");
            }
            self.store.note_hub(asked.section, &answer).await?;
        }
        let next = self.store.next_subscription_in().await?;
        Ok(next.unwrap_or(LONGEST_POLL))
    }

    async fn ask(&self, asked: &Asked, base: &Url, node: &str) -> Result<HubAnswer, CrawlError> {
        let callback = callback(base, &asked.token);
        let form = [
            ("hub.callback", callback.as_str()),
            ("hub.mode", asked.intent.as_str()),
            ("hub.topic", &asked.topic),
            ("hub.lease_seconds", LEASE_SECONDS),
            ("hub.secret", &asked.secret),
        ];
        let mut hub = asked.hub.clone();
        for _ in 0..=MAX_HOPS {
            let Ok(url) = CanonicalUrl::parse(&hub, Identity::AllButTracking) else {
                return Ok(failed(asked, format!("{hub} is no http address")));
            };
            let key = host_key(&url, None);
            let lease = self.settings.lease;
            let Some((host, token, failures)) = self.store.lease_host(&key, node, lease).await?
            else {
                return Ok(HubAnswer::Busy { after: BUSY });
            };
            let posted = self.fetcher.post(&url, &form).await;
            let delay = crawl_delay(DelayFacts {
                configured: self.settings.per_host_delay,
                source: self.profiles.delay(&key, self.settings.per_host_delay),
                robots: None,
                max_crawl_delay: self.settings.max_crawl_delay,
                is_public: self.fetcher.reaches_public(&url).await,
            });
            self.store.release(host, token, delay, failures).await?;
            match posted {
                Err(error) => return Ok(failed(asked, error.sentence())),
                Ok(posted) if (200..300).contains(&posted.status) => return Ok(accepted(asked)),
                Ok(posted) => match posted.to {
                    Some(to) => hub = to.to_string(),
                    None => {
                        let (status, said) = (posted.status, posted.said);
                        return Ok(failed(asked, format!("{hub} answered {status}: {said}")));
                    }
                },
            }
        }
        Ok(failed(
            asked,
            format!("it redirects more than {MAX_HOPS} times"),
        ))
    }

    /// Reads what was pushed as a visit of the feed would have; answers with how many addresses
    /// were new.
    ///
    /// # Errors
    /// When the store failed.
    pub async fn take_push(&self, push: Push) -> Result<usize, CrawlError> {
        let Push {
            section,
            source,
            url,
            content_type,
            body,
        } = push;
        let profile = self.profiles.of(source).cloned();
        let Some(profile) = profile.filter(|profile| profile.source.is_active()) else {
            return Ok(0);
        };
        let read = {
            let profile = Arc::clone(&profile);
            on_cpu(move || {
                discover::feed(
                    &body,
                    content_type.as_deref(),
                    url.as_url(),
                    &profile.source,
                )
            })
            .await
        };
        let listing = match read {
            Ok(Ok(listing)) => listing,
            Ok(Err(error)) => return self.ignore(section, &error.to_string()).await,
            Err(CrawlError::Page(reason)) => return self.ignore(section, &reason).await,
            Err(error) => return Err(error),
        };
        let met = MetIn {
            kind: JobKind::Feed,
            source: Some(source),
            section: Some(section),
            depth: 0,
            is_further: false,
        };
        let found = found(&listing, &profile, &met, self.clock.now());
        let new = self.store.enqueue_found(section, &found).await?.len();
        self.store.count_push(section, None).await?;
        Ok(new)
    }

    async fn ignore(&self, section: SectionId, reason: &str) -> Result<usize, CrawlError> {
        self.store.count_push(section, Some(reason)).await?;
        Ok(0)
    }
}

fn accepted(asked: &Asked) -> HubAnswer {
    if is_left(asked) {
        return HubAnswer::GivenUp;
    }
    HubAnswer::Accepted {
        within: VERIFY_LIMIT.max(wait(asked.tries)),
    }
}

/// Whether a hub was told often enough that a feed is no longer visited.
fn is_left(asked: &Asked) -> bool {
    asked.intent == Intent::Unsubscribe && asked.tries >= LEAVE_TRIES
}

fn failed(asked: &Asked, reason: String) -> HubAnswer {
    if is_left(asked) {
        return HubAnswer::GivenUp;
    }
    HubAnswer::Failed {
        after: wait(asked.tries).mul_f64(rand::random_range(0.75..1.25)),
        reason,
    }
}

/// The wait after so many tries.
fn wait(tries: u16) -> Duration {
    let doubled = 2_u32.saturating_pow(u32::from(tries.saturating_sub(1)));
    FIRST_WAIT.saturating_mul(doubled).min(LONGEST_WAIT)
}

/// Where hubs reach us for a subscription.
fn callback(base: &Url, token: &str) -> String {
    format!("{}/websub/{token}", base.as_str().trim_end_matches('/'))
}

/// What nobody guesses, in hexadecimal digits.
fn secret() -> String {
    let bytes: [u8; SECRET_BYTES] = rand::random();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_day() {
        assert_eq!(wait(1), FIRST_WAIT);
        assert_eq!(wait(3), FIRST_WAIT * 4);
        assert_eq!(wait(u16::MAX), LONGEST_WAIT);
    }

    #[test]
    fn callback_stands_below_the_public_address() {
        let base: Url = "https://a.example/sokbo/".parse().unwrap();
        assert_eq!(callback(&base, "ab"), "https://a.example/sokbo/websub/ab");
        assert_eq!(secret().len(), 2 * SECRET_BYTES);
        assert_ne!(secret(), secret());
    }
}
