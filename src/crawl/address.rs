//! Turns at a server address, for sources whose politeness counts all hosts at one address as one.

use std::net::IpAddr;
use std::time::Duration;

use crate::domain::CanonicalUrl;
use crate::fetch::Fetcher;
use crate::store::{AddressTurn, Store, StoreError, TurnNumber};

/// The address of a host, where all requests take turns.
#[derive(Debug)]
pub(super) struct SharedAddress {
    address: IpAddr,
    /// A request that nobody ended, since its node died, is over after this time.
    hold: Duration,
}

/// A turn at an address that is under way; it ends when dropped.
#[derive(Debug)]
pub(super) struct AddressHold {
    store: Store,
    address: IpAddr,
    turn: TurnNumber,
}

impl SharedAddress {
    /// Where `url`'s host leads; `None` where nobody knows, so that no request gets there.
    pub(super) async fn of(fetcher: &Fetcher, url: &CanonicalUrl) -> Option<Self> {
        let address = fetcher.first_address(url).await?;
        let hold = fetcher.time_limit();
        Some(Self { address, hold })
    }

    /// Takes a turn, or says how long to wait before the next look.
    ///
    /// # Errors
    /// When the store failed.
    pub(super) async fn take(
        &self,
        store: &Store,
        delay: Duration,
    ) -> Result<Result<AddressHold, Duration>, StoreError> {
        let taken = store.take_address(self.address, delay, self.hold).await?;
        Ok(match taken {
            AddressTurn::In(wait) => Err(wait),
            AddressTurn::Taken(turn) => Ok(AddressHold {
                store: store.clone(),
                address: self.address,
                turn,
            }),
        })
    }
}

impl Drop for AddressHold {
    // Whatever ended the visit: a turn that is not given back keeps all hosts of the address
    // waiting until its hold is over.
    fn drop(&mut self) {
        let (store, address, turn) = (self.store.clone(), self.address, self.turn);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        runtime.spawn(async move {
            if let Err(error) = store.end_turn(address, turn).await {
                tracing::debug!(%error, "a turn at {address} ends by itself");
            }
        });
    }
}
