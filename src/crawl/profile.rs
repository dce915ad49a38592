//! The sources as the workers need them: by key, with their rules compiled.

use std::collections::BTreeMap;
use std::sync::Arc;

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
pub struct Profiles(BTreeMap<SourceId, Arc<Profile>>);

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
            Ok((id, Arc::new(Profile { id, source, rules })))
        };
        sources
            .into_iter()
            .map(compile)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The source with this key, if this node knows it.
    #[must_use]
    pub fn of(&self, id: SourceId) -> Option<&Arc<Profile>> {
        self.0.get(&id)
    }

    /// The source that owns this address: the one whose home or hosts name it most exactly.
    #[must_use]
    pub fn owner(&self, url: &CanonicalUrl) -> Option<&Arc<Profile>> {
        let host = url.host();
        let owners = self.0.values().filter(|profile| profile.source.owns(host));
        owners.max_by_key(|profile| profile.source.home.host() == host)
    }

    /// All of them, by key.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Profile>> {
        self.0.values()
    }
}

/// The unit of politeness of an address met in `source`.
#[must_use]
pub fn host_key(url: &CanonicalUrl, source: Option<&Source>) -> HostKey {
    HostKey::of(url, source.map_or(Scope::Host, |source| source.scope))
}
