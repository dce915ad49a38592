//! A database that is away is waited out: by everyone who needs it, with growing waits, and said
//! once in the log, whoever notices first. Nothing is given up for it, and a stop does not wait for
//! it.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::store::{Store, StoreError};

/// Waits between tries, jittered so that nodes don't march.
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A try that takes longer is given up: the network may have swallowed it.
const TRY_LIMIT: Duration = Duration::from_secs(60);

/// For how long after a stop the database is still tried.
const LAST_TRIES: Duration = Duration::from_secs(3);

/// Whether the database is away, as the tasks of a node notice it. Clones share what they know.
#[derive(Debug, Clone, Default)]
pub struct Outage(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// Asked for the reason, once it is open.
    store: OnceLock<Store>,
    state: Mutex<State>,
    /// Wakes all who wait when one gets through.
    is_through: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// Tasks that wait.
    waiting: usize,
    /// Why, in words for the operator; empty while nobody waits.
    reason: String,
    since: Option<Instant>,
    /// Outages that are over.
    ended: u64,
}

/// One task that waits; dropped when it got through or gave up.
struct Waiting<'a>(&'a Outage);

impl Outage {
    /// Says where to ask for the reason of an outage.
    pub fn watch(&self, store: &Store) {
        self.0.store.get_or_init(|| store.clone());
    }

    /// Why the database is being waited for; `None` while it is not.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        let state = self.state();
        (state.waiting > 0).then(|| state.reason.clone())
    }

    /// Whether the database is being waited for.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.state().waiting > 0
    }

    /// How many outages there were that are over, or this one that is not.
    pub(super) fn count(&self) -> u64 {
        let state = self.state();
        state.ended + u64::from(state.waiting > 0)
    }

    /// Waits until nobody waits for the database any more.
    pub(super) async fn over(&self) {
        loop {
            let is_through = self.0.is_through.notified();
            if !self.is_on() {
                return;
            }
            is_through.await;
        }
    }

    /// Repeats `attempt` until the database takes it. `None` when `stop` came first: then it is
    /// tried for some seconds more and left.
    ///
    /// # Errors
    /// When it fails for good.
    pub async fn outlast<T, F>(
        &self,
        stop: &CancellationToken,
        mut attempt: impl FnMut() -> F,
    ) -> Result<Option<T>, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut is_last_call = std::pin::pin!(async {
            stop.cancelled().await;
            sleep(LAST_TRIES).await;
        });
        let mut waiting = None;
        let mut reason = String::new();
        let mut is_first = true;
        let mut wait = FIRST_WAIT;
        loop {
            let tried = tokio::select! {
                biased;
                tried = timeout(TRY_LIMIT, attempt()) => tried,
                () = &mut is_last_call => return Ok(None),
            };
            let tried = tried.unwrap_or(Err(StoreError::Silent { limit: TRY_LIMIT }));
            match tried {
                Err(error) if error.is_transient() => {
                    if waiting.is_none() {
                        let is_up = self.is_up(&mut reason, &error).await;
                        if is_up && is_first {
                            // One broken connection, or a deadlock: no outage, unless again.
                            is_first = false;
                            continue;
                        }
                        waiting = Some(self.begin(std::mem::take(&mut reason)));
                    }
                }
                done => return done.map(Some),
            }
            let was_stopping = stop.is_cancelled();
            tokio::select! {
                () = sleep(wait.mul_f64(rand::random_range(0.75..1.25))) => {}
                () = self.0.is_through.notified() => {}
                () = stop.cancelled(), if !was_stopping => {}
                () = &mut is_last_call => return Ok(None),
            }
            wait = if stop.is_cancelled() {
                FIRST_WAIT
            } else {
                (wait * 2).min(LONGEST_WAIT)
            };
        }
    }

    /// Whether the database does its work all the same; `reason` is why not, or else what failed.
    /// All that a pool says of an outage is that it has no connection: a look tells more.
    async fn is_up(&self, reason: &mut String, error: &StoreError) -> bool {
        *reason = error.told();
        let Some(store) = self.0.store.get() else {
            return false;
        };
        let found = store.check().await;
        if let Err(found) = &found {
            *reason = found.told();
        }
        found.is_ok()
    }

    fn begin(&self, reason: String) -> Waiting<'_> {
        let mut state = self.state();
        state.waiting += 1;
        if state.waiting == 1 {
            tracing::warn!(error = reason, "waiting for the database: {reason}");
            state.reason = reason;
            state.since = Some(Instant::now());
        }
        drop(state);
        Waiting(self)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.waiting -= 1;
        if state.waiting == 0 {
            state.ended += 1;
            let seconds = state
                .since
                .take()
                .map_or(0, |since| since.elapsed().as_secs());
            tracing::info!(
                seconds,
                "no longer waiting for the database, after {seconds} s"
            );
        }
        drop(state);
        self.0.0.is_through.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn away() -> StoreError {
        StoreError::ReadOnly
    }

    #[tokio::test(start_paused = true)]
    async fn outage_is_waited_out_and_told_while_it_lasts() {
        let outage = Outage::default();
        let mut tries = 0;
        let stop = CancellationToken::new();
        let done = outage
            .outlast(&stop, || {
                tries += 1;
                assert_eq!(outage.is_on(), tries > 1);
                std::future::ready(if tries < 9 { Err(away()) } else { Ok(tries) })
            })
            .await;
        assert_eq!(done.unwrap(), Some(9));
        assert!(!outage.is_on());
    }

    #[tokio::test(start_paused = true)]
    async fn waits_grow_and_stay_below_a_bound() {
        let outage = Outage::default();
        let mut at = vec![Instant::now()];
        let stop = CancellationToken::new();
        let done = outage
            .outlast(&stop, || {
                at.push(Instant::now());
                std::future::ready(if at.len() < 20 { Err(away()) } else { Ok(()) })
            })
            .await;
        assert!(done.unwrap().is_some());
        let gaps: Vec<_> = at
            .windows(2)
            .skip(1)
            .map(|pair| pair[1] - pair[0])
            .collect();
        assert!(gaps[0] < Duration::from_millis(300), "{gaps:?}");
        assert!(gaps[10] > Duration::from_secs(3), "{gaps:?}");
        assert!(gaps.iter().all(|gap| *gap < LONGEST_WAIT * 2), "{gaps:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn stop_ends_the_wait_within_seconds_even_if_nothing_answers() {
        let outage = Outage::default();
        let stop = CancellationToken::new();
        let asked = stop.clone();
        tokio::spawn(async move {
            sleep(Duration::from_secs(30)).await;
            asked.cancel();
        });
        let began = Instant::now();
        let done: Result<Option<()>, _> = outage.outlast(&stop, std::future::pending).await;
        assert_eq!(done.unwrap(), None);
        assert_eq!(began.elapsed(), Duration::from_secs(30) + LAST_TRIES);
    }

    #[tokio::test(start_paused = true)]
    async fn error_that_does_not_pass_is_answered_at_once() {
        let outage = Outage::default();
        let done: Result<Option<()>, _> = outage
            .outlast(&CancellationToken::new(), || {
                std::future::ready(Err(StoreError::NotMigrated { missing: 1 }))
            })
            .await;
        assert!(done.is_err());
        assert!(!outage.is_on());
    }
}
