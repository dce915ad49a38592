//! The sources as the workers need them: by key, with their rules compiled.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::domain::{CanonicalUrl, HostKey, Scope, Source, SourceId};
use crate::extract::{RuleError, SiteRules};

/// A source with its compiled site rules.
#[derive(Debug)]
pub struct Profile {
    /// Key in the store.
    pub id: SourceId,
    /// As configured.
    pub source: Source,
    /// Its `[[extract]]` tables.
    pub rules: SiteRules,
}

/// All sources of this node.
#[derive(Debug, Default)]
pub struct Profiles {
    by_id: BTreeMap<SourceId, Arc<Profile>>,
    /// The `delay` of each active source that has listings there, by unit of politeness.
    delays: BTreeMap<HostKey, Vec<Option<Duration>>>,
}

impl Profiles {
    /// Compiles the rules of `sources`.
    ///
    /// # Errors
    /// When a selector is wrong; the configuration check refuses such sources before.
    pub fn new(
        sources: impl IntoIterator<Item = (SourceId, Source)>,
    ) -> Result<Self, Vec<RuleError>> {
        let compile = |(id, source): (SourceId, Source)| {
            let rules = SiteRules::compile(&source.rules)?;
            Ok::<_, Vec<RuleError>>((id, Arc::new(Profile { id, source, rules })))
        };
        let by_id: BTreeMap<SourceId, Arc<Profile>> =
            sources.into_iter().map(compile).collect::<Result<_, _>>()?;
        let delays = delays(by_id.values().map(|profile| &profile.source));
        Ok(Self { by_id, delays })
    }

    /// The longest delay of the sources that have listings at a unit, those without one of their
    /// own counting with the `configured`; `None` where there are none.
    #[must_use]
    pub fn delay(&self, key: &HostKey, configured: Duration) -> Option<Duration> {
        let delays = self.delays.get(key)?.iter();
        delays.map(|delay| delay.unwrap_or(configured)).max()
    }

    /// The source with this key, if this node knows it.
    #[must_use]
    pub fn of(&self, id: SourceId) -> Option<&Arc<Profile>> {
        self.by_id.get(&id)
    }

    /// The source that owns this address: the one whose home or hosts name it most exactly.
    #[must_use]
    pub fn owner(&self, url: &CanonicalUrl) -> Option<&Arc<Profile>> {
        let host = url.host();
        let owners = self
            .by_id
            .values()
            .filter(|profile| profile.source.owns(host));
        owners.max_by_key(|profile| profile.source.home.host() == host)
    }

    /// All of them, by key.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Profile>> {
        self.by_id.values()
    }
}

fn delays<'a>(
    sources: impl Iterator<Item = &'a Source>,
) -> BTreeMap<HostKey, Vec<Option<Duration>>> {
    let mut delays: BTreeMap<HostKey, Vec<Option<Duration>>> = BTreeMap::new();
    for source in sources.filter(|source| source.is_active()) {
        let listings = source.sections.iter().map(|section| &section.url);
        let keys: BTreeSet<HostKey> = listings
            .chain([&source.home])
            .map(|url| host_key(url, Some(source)))
            .collect();
        for key in keys {
            delays.entry(key).or_default().push(source.spacing());
        }
    }
    delays
}

/// The unit of politeness of an address met in `source`.
#[must_use]
pub fn host_key(url: &CanonicalUrl, source: Option<&Source>) -> HostKey {
    HostKey::of(url, source.map_or(Scope::Host, |source| source.scope))
}
