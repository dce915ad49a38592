//! What the links of a listing's last visits were: nearly all of them are there again ten minutes
//! later, and need not be asked of the database. Fed by what was committed, and only a shortcut: a
//! link that is not in here is looked up in the tables, which alone say what is known.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Found, Outside, Settlement};
use crate::domain::{Fingerprint, JobKind, SectionId};

/// Of all listings together: two million links, which is 20,000 listings of a hundred.
const MAX_BYTES: usize = 32 << 20;

/// What a listing costs beside its links, about.
const LISTING_BYTES: usize = 200;

/// A listing, and the section that its links are recorded under.
type Key = (Fingerprint, Option<SectionId>);

/// The links of a settlement that may be new to the tables.
pub(super) struct Links<'a> {
    pub(super) section: Option<SectionId>,
    pub(super) found: Vec<&'a Found>,
    pub(super) outside: Vec<&'a Outside>,
}

/// The links of listings that this node settled lately.
#[derive(Debug)]
pub(in crate::store) struct Recent {
    max_bytes: usize,
    listings: Mutex<Listings>,
}

#[derive(Debug, Default)]
struct Listings {
    by_key: HashMap<Key, Listing>,
    /// Those not visited for longest come first.
    by_turn: BTreeMap<u64, Key>,
    turn: u64,
    bytes: usize,
}

/// Sorted keys. A link to visit is known with its discovery, one to another outlet has only that.
#[derive(Debug)]
struct Listing {
    turn: u64,
    found: Box<[Fingerprint]>,
    outside: Box<[Fingerprint]>,
}

impl Default for Recent {
    fn default() -> Self {
        Self::bounded(MAX_BYTES)
    }
}

impl Recent {
    fn bounded(max_bytes: usize) -> Self {
        Self {
            max_bytes,
            listings: Mutex::default(),
        }
    }

    /// The links of a visit that its listing did not have the last time.
    pub(super) fn unknown<'a>(&self, settlement: &'a Settlement) -> Links<'a> {
        let listings = self.listings();
        let known = listings.by_key.get(&key(settlement));
        let is_new = |known: Option<&[Fingerprint]>, key: Fingerprint| {
            known.is_none_or(|known| known.binary_search(&key).is_err())
        };
        let (found, outside) = (known.map(|k| &*k.found), known.map(|k| &*k.outside));
        Links {
            section: settlement.job.section,
            found: settlement
                .found
                .iter()
                .filter(|link| is_new(found, link.job.url.fingerprint()))
                .collect(),
            outside: settlement
                .outside
                .iter()
                .filter(|link| is_new(outside, link.url.fingerprint()))
                .collect(),
        }
    }

    /// Keeps the links of a visit that was committed, in place of those of the visit before.
    pub(super) fn keep(&self, settlement: &Settlement) {
        let is_empty = settlement.found.is_empty() && settlement.outside.is_empty();
        if settlement.job.kind == JobKind::Article || is_empty {
            return;
        }
        let found = settlement.found.iter().map(|l| l.job.url.fingerprint());
        let outside = settlement.outside.iter().map(|l| l.url.fingerprint());
        let (found, outside) = (sorted(found), sorted(outside));
        let mut listings = self.listings();
        listings.drop_listing(key(settlement));
        listings.add(key(settlement), found, outside);
        while listings.bytes > self.max_bytes {
            let Some((_, oldest)) = listings.by_turn.first_key_value() else {
                break;
            };
            let oldest = *oldest;
            listings.drop_listing(oldest);
        }
    }

    fn listings(&self) -> MutexGuard<'_, Listings> {
        self.listings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listings {
    fn add(&mut self, key: Key, found: Box<[Fingerprint]>, outside: Box<[Fingerprint]>) {
        self.turn += 1;
        let listing = Listing {
            turn: self.turn,
            found,
            outside,
        };
        self.bytes += listing.bytes();
        self.by_turn.insert(self.turn, key);
        self.by_key.insert(key, listing);
    }

    fn drop_listing(&mut self, key: Key) {
        if let Some(listing) = self.by_key.remove(&key) {
            self.by_turn.remove(&listing.turn);
            self.bytes -= listing.bytes();
        }
    }
}

impl Listing {
    fn bytes(&self) -> usize {
        let links = self.found.len() + self.outside.len();
        LISTING_BYTES + links * size_of::<Fingerprint>()
    }
}

fn key(settlement: &Settlement) -> Key {
    (settlement.job.fingerprint, settlement.job.section)
}

fn sorted(keys: impl Iterator<Item = Fingerprint>) -> Box<[Fingerprint]> {
    let mut keys: Vec<Fingerprint> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    keys.into_boxed_slice()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::DateTime;

    use super::*;
    use crate::domain::{
        CanonicalUrl, Disposition, HostId, HostKey, Identity, Job, LeaseToken, Priority, Scope,
        Validators,
    };
    use crate::store::NewJob;

    fn url(text: &str) -> CanonicalUrl {
        CanonicalUrl::parse(text, Identity::default()).unwrap()
    }

    fn found(n: u32) -> Found {
        let url = url(&format!("https://a.example/{n}"));
        let job = NewJob {
            host: HostKey::of(&url, Scope::Host),
            url,
            kind: JobKind::Article,
            priority: Priority::Fresh,
            source: None,
            section: Some(SectionId(1)),
            interval: None,
            depth: 0,
            since: None,
        };
        Found {
            job,
            title: None,
            published_at: None,
            hint: None,
        }
    }

    /// A visit of listing `n` that found these links.
    fn visit(n: i32, links: std::ops::Range<u32>) -> Settlement {
        let url = url(&format!("https://a.example/section/{n}"));
        let job = Job {
            fingerprint: url.fingerprint(),
            url,
            kind: JobKind::Page,
            priority: Priority::Listing,
            attempt: 0,
            first_seen_at: DateTime::UNIX_EPOCH,
            source: None,
            section: Some(SectionId(n)),
            interval: Some(Duration::from_secs(60)),
            depth: 0,
            since: None,
            validators: Validators::default(),
            body_hash: None,
        };
        let done = Disposition::Complete { interval: None };
        let mut settlement = Settlement::new(HostId(1), LeaseToken(1), job, done);
        settlement.found = links.map(found).collect();
        settlement
    }

    #[test]
    fn only_links_that_the_listing_did_not_have_are_unknown() {
        let recent = Recent::default();
        let mut first = visit(1, 0..3);
        first.outside.push(Outside {
            url: url("https://b.example/1"),
            title: None,
        });
        assert_eq!(recent.unknown(&first).found.len(), 3);
        recent.keep(&first);
        let mut second = visit(1, 1..5);
        second.outside = first.outside.clone();
        let links = recent.unknown(&second);
        assert_eq!((links.found.len(), links.outside.len()), (2, 0));
        // Another listing has discoveries of its own.
        assert_eq!(recent.unknown(&visit(2, 0..3)).found.len(), 3);
    }

    #[test]
    fn link_to_another_outlet_that_comes_home_is_unknown() {
        let recent = Recent::default();
        let mut outside = visit(1, 0..0);
        outside.outside.push(Outside {
            url: found(7).job.url,
            title: None,
        });
        recent.keep(&outside);
        assert_eq!(recent.unknown(&visit(1, 7..8)).found.len(), 1);
    }

    #[test]
    fn listings_not_visited_for_longest_make_room() {
        let recent = Recent::bounded(2 * (LISTING_BYTES + 16));
        for n in [1, 2, 1, 3] {
            recent.keep(&visit(n, 0..1));
        }
        let unknown = |n| recent.unknown(&visit(n, 0..1)).found.len();
        assert_eq!((unknown(1), unknown(2), unknown(3)), (0, 1, 0));
        // One that is larger than all there is leaves nothing behind, itself neither.
        recent.keep(&visit(4, 0..100));
        assert_eq!(recent.listings().bytes, 0);
        assert!(recent.listings().by_turn.is_empty());
    }
}
