//! The politeness of one leased host while this node owns it.
//!
//! Every request to the host, robots.txt and redirect hops included, first takes its turn here. A
//! turn waits for the delay since the last start, keeps the lease alive while it waits, and is
//! refused when the lease was lost or the daemon stops.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::domain::{
    Clock, ErrorClass, Exchange, FetchOutcome, HostId, HostKey, LeaseToken, Standing,
};
use crate::policy::{after_word, host_rest, word, word_of_retry};
use crate::store::{Store, StoreError};

use super::address::{AddressHold, SharedAddress};

/// A lease is renewed when this share of it is over; storage allows 0.8 at most.
const RENEW_AT: f64 = 0.4;

/// The gate of one host.
#[derive(Debug)]
pub(super) struct HostGate {
    pub(super) id: HostId,
    pub(super) key: HostKey,
    pub(super) token: LeaseToken,
    store: Store,
    clock: Arc<dyn Clock>,
    lease: Duration,
    permits: Arc<Semaphore>,
    stop: CancellationToken,
    turns: Mutex<Turns>,
    standing: Mutex<Standing>,
    is_public: AtomicBool,
    robots: tokio::sync::Mutex<()>,
    /// Where the host leads, once a source wants hosts at one address to be asked in turn.
    address: OnceCell<Option<SharedAddress>>,
}

/// The right to one request: to be kept until its answer was read.
#[derive(Debug)]
pub(super) struct Turn {
    _permit: OwnedSemaphorePermit,
    _address: Option<AddressHold>,
}

#[derive(Debug)]
struct Turns {
    /// Nothing starts before: politeness from before this lease, and rests.
    not_before: Instant,
    started_at: Option<Instant>,
    delay: Duration,
    /// By the uptime, which goes on while the machine sleeps: whoever wakes up renews first, or
    /// finds that the host is another's.
    renew_at: Duration,
    is_lost: bool,
}

impl Turns {
    /// When the next request may start. Judged by the delay of now: the first answer of a host is
    /// its robots.txt, which may ask for a longer one.
    fn next_at(&self) -> Instant {
        let after_last = self.started_at.map(|started| started + self.delay);
        after_last.map_or(self.not_before, |at| at.max(self.not_before))
    }
}

/// Why no more requests may go to the host.
#[derive(Debug, thiserror::Error)]
pub enum Closed {
    /// Another node has the host now.
    #[error("the lease of the host was lost")]
    Lost,
    /// The daemon is stopping.
    #[error("the daemon is stopping")]
    Stopping,
    /// The lease could not be renewed.
    #[error("renewing the lease failed")]
    Store(#[from] StoreError),
}

impl HostGate {
    /// `leased_at` is the uptime before the lease was asked for.
    pub(super) fn new(
        (store, clock): (Store, Arc<dyn Clock>),
        host: (HostId, HostKey, LeaseToken),
        (polite_in, standing): (Duration, Standing),
        (leased_at, lease): (Duration, Duration),
        permits: Arc<Semaphore>,
        stop: CancellationToken,
    ) -> Self {
        let now = Instant::now();
        let turns = Turns {
            not_before: now + polite_in,
            started_at: None,
            delay: Duration::ZERO,
            renew_at: leased_at + lease.mul_f64(RENEW_AT),
            is_lost: false,
        };
        let (id, key, token) = host;
        Self {
            id,
            key,
            token,
            store,
            clock,
            lease,
            permits,
            stop,
            turns: Mutex::new(turns),
            standing: Mutex::new(standing),
            is_public: AtomicBool::new(true),
            robots: tokio::sync::Mutex::new(()),
            address: OnceCell::new(),
        }
    }

    /// Says whether the host is reached at a public address, where floors hold.
    pub(super) fn set_public(&self, is_public: bool) {
        self.is_public.store(is_public, Ordering::Relaxed);
    }

    /// Lets every request take a turn at the address of the host too. `find` looks it up, at the
    /// first call; what it finds holds for this lease.
    pub(super) async fn share<F>(&self, find: impl FnOnce() -> F)
    where
        F: Future<Output = Option<SharedAddress>>,
    {
        self.address.get_or_init(find).await;
    }

    /// Whether the host is reached at a public address.
    pub(super) fn is_public(&self) -> bool {
        self.is_public.load(Ordering::Relaxed)
    }

    /// Takes in what the exchanges of a visit say of the host; how long it must rest, if at all.
    /// `is_retry`: the address failed before.
    pub(super) fn judge(&self, exchanges: &[Exchange], is_retry: bool) -> Option<Duration> {
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut longest = None;
        for exchange in exchanges {
            let failure = match &exchange.outcome {
                FetchOutcome::Failed(class, _) => Some(*class),
                FetchOutcome::Used | FetchOutcome::Unchanged | FetchOutcome::Redirected => None,
            };
            let said = word(failure, exchange.status);
            let said = if is_retry { word_of_retry(said) } else { said };
            let (after, must_rest) = after_word(*standing, said);
            *standing = after;
            if must_rest {
                let is_challenge = failure == Some(ErrorClass::Challenge);
                let rest = host_rest(after, is_challenge, exchange.retry_after, rand::random());
                longest = longest.max(Some(rest));
            }
        }
        longest
    }

    /// What the host's answers let us expect.
    pub(super) fn standing(&self) -> Standing {
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The delay in force.
    pub(super) fn delay(&self) -> Duration {
        self.turns().delay
    }

    /// Held by the one visit that asks for robots.txt, while others wait for its answer.
    pub(super) async fn asking_robots(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.robots.lock().await
    }

    /// Whether the daemon is stopping.
    pub(super) fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Cancelled when the daemon stops.
    pub(super) fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Sets the time from the start of a request to the start of the next.
    pub(super) fn set_delay(&self, delay: Duration) {
        self.turns().delay = delay;
    }

    /// Waits until the next request may start; it must start at once.
    ///
    /// # Errors
    /// When the lease is lost or can't be renewed, or the daemon stops.
    pub(super) async fn turn(&self) -> Result<Turn, Closed> {
        loop {
            if self.is_stopping() {
                return Err(Closed::Stopping);
            }
            self.keep_lease().await?;
            // The permit comes first: once the turn is taken, the request starts at once. It is
            // not held over the delay, or waiting hosts would keep others from their turns.
            let until = match self.next_look() {
                Some(until) => until,
                None => {
                    let permits = Arc::clone(&self.permits);
                    let permit = permits.acquire_owned().await;
                    let permit = permit.map_err(|_closed| Closed::Stopping)?;
                    match self.take_turns().await? {
                        Err(until) => until,
                        Ok(address) => {
                            return Ok(Turn {
                                _permit: permit,
                                _address: address,
                            });
                        }
                    }
                }
            };
            tokio::select! {
                () = tokio::time::sleep_until(until) => {}
                () = self.stop.cancelled() => {}
            }
        }
    }

    /// When to look again, if it is not time yet.
    fn next_look(&self) -> Option<Instant> {
        let turns = self.turns();
        let is_early = turns.next_at() > Instant::now();
        is_early.then(|| turns.next_at().min(self.next_renewal(&turns)))
    }

    /// Takes the turn at the address, where it is shared, then that of the host; else says when to
    /// look again.
    async fn take_turns(&self) -> Result<Result<Option<AddressHold>, Instant>, StoreError> {
        let hold = match self.address.get().and_then(Option::as_ref) {
            None => None,
            Some(shared) => match shared.take(&self.store, self.delay()).await? {
                Ok(hold) => Some(hold),
                Err(wait) => {
                    let renewal = self.next_renewal(&self.turns());
                    return Ok(Err(renewal.min(Instant::now() + wait)));
                }
            },
        };
        Ok(self.take_turn().map_or(Ok(hold), Err))
    }

    /// Takes the turn if it is time; else says when to look again.
    fn take_turn(&self) -> Option<Instant> {
        let mut turns = self.turns();
        let now = Instant::now();
        let renewal = self.next_renewal(&turns);
        if turns.next_at() > now || renewal <= now {
            return Some(turns.next_at().min(renewal));
        }
        turns.started_at = Some(now);
        None
    }

    /// Renews the lease if it is time. No lock is held over the statement: visits of one host are
    /// polled by one task, and must not wait for each other here.
    ///
    /// # Errors
    /// When the lease is lost or can't be renewed.
    pub(super) async fn keep_lease(&self) -> Result<(), Closed> {
        let asked_at = self.clock.uptime();
        {
            let mut turns = self.turns();
            if turns.is_lost {
                return Err(Closed::Lost);
            }
            if turns.renew_at > asked_at {
                return Ok(());
            }
            turns.renew_at = asked_at + self.lease.mul_f64(RENEW_AT);
        }
        let held = self.store.renew(&[(self.id, self.token)], self.lease).await;
        let mut turns = self.turns();
        match held {
            Ok(held) if held.contains(&self.id) => Ok(()),
            Ok(_) => {
                turns.is_lost = true;
                Err(Closed::Lost)
            }
            Err(error) => {
                turns.renew_at = asked_at;
                Err(error.into())
            }
        }
    }

    /// When the lease is renewed next, as far as can be told now.
    fn next_renewal(&self, turns: &Turns) -> Instant {
        Instant::now() + turns.renew_at.saturating_sub(self.clock.uptime())
    }

    /// How long from now until the next request may start.
    pub(super) fn polite_for(&self) -> Duration {
        self.turns()
            .next_at()
            .saturating_duration_since(Instant::now())
    }

    /// Lets nothing start for `rest`, at least; for 429, 503 and failing hosts.
    pub(super) fn rest(&self, rest: Duration) {
        let mut turns = self.turns();
        turns.not_before = turns.not_before.max(Instant::now() + rest);
    }

    fn turns(&self) -> MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
