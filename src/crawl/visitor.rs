//! What every visit shares: the client, the store, the sources, and the limits.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, Semaphore};

use crate::archive;
use crate::domain::{Clock, UserAgent};
use crate::fetch::Fetcher;
use crate::policy::{DelayFacts, crawl_delay};
use crate::store::Store;

use super::gate::HostGate;
use super::memory::Memories;
use super::robots::RobotsCache;
use super::{Outage, Profile, Profiles, Settings};

/// Shared by all visits of a node.
pub struct Visitor {
    pub(super) settings: Settings,
    pub(super) archive: archive::Settings,
    pub(super) agent: UserAgent,
    pub(super) max_redirects: usize,
    pub(super) fetcher: Fetcher,
    pub(super) store: Store,
    pub(super) profiles: Profiles,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) robots: RobotsCache,
    pub(super) memories: Memories,
    pub(super) permits: Arc<Semaphore>,
    /// What a visit of a listing costs, and the uptime at which that was reckoned.
    pub(super) price: Mutex<Option<(Duration, f64)>>,
    pub(super) outage: Outage,
    /// Whether feeds that name a hub are asked to push.
    pub(super) subscribes: bool,
}

impl Visitor {
    /// Joins the parts; `fetch` gave `fetcher` and says who we are.
    #[must_use]
    pub fn new(
        settings: Settings,
        archive: archive::Settings,
        (fetcher, fetch): (Fetcher, &crate::fetch::Settings),
        store: Store,
        profiles: Profiles,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            outage: Outage::default(),
            permits: Arc::new(Semaphore::new(settings.concurrency)),
            memories: Memories::new(store.clone(), Arc::clone(&clock)),
            settings,
            archive,
            agent: fetch.user_agent.clone(),
            max_redirects: fetch.max_redirects,
            fetcher,
            store,
            profiles,
            clock,
            robots: RobotsCache::default(),
            price: Mutex::new(None),
            subscribes: false,
        }
    }

    /// Wants to be pushed to by feeds that name a hub.
    #[must_use]
    pub fn with_subscriptions(mut self) -> Self {
        self.subscribes = true;
        self
    }

    /// Notices outages of the database together with others.
    #[must_use]
    pub fn with_outage(mut self, outage: Outage) -> Self {
        self.outage = outage;
        self
    }

    /// Sets the gate's delay from the settings, the source and robots.txt. Of the sources that share
    /// the host the longest delay holds.
    pub(super) fn set_delay(
        &self,
        gate: &HostGate,
        profile: Option<&Profile>,
        robots: Option<Duration>,
    ) {
        let configured = self.settings.per_host_delay;
        let own = profile.map(|profile| profile.source.spacing().unwrap_or(configured));
        gate.set_delay(crawl_delay(DelayFacts {
            configured,
            source: own.max(self.profiles.delay(&gate.key, configured)),
            robots,
            max_crawl_delay: self.settings.max_crawl_delay,
            is_public: gate.is_public(),
        }));
    }
}
