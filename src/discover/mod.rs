//! A listing to its candidates: feeds, sitemaps and section pages in, addresses of articles out.
//! Never fetches and never decides when something is visited. Foreign bytes are bounded, and a
//! broken listing gives what can be read of it, with a warning.

mod body;
mod error;
mod feed;
mod judge;
mod learn;
mod listing;
pub mod propose;
mod scope;
mod section;
mod sitemap;
mod xml;

pub use error::DiscoverError;
pub use feed::{Entry, FeedHead, HubLinks, feed, feed_entries};
pub use judge::{Trap, Verdict};
pub use learn::{AddressMemory, AddressSeen, pattern_of};
pub use listing::{Candidate, Format, Hub, Listing};
pub use section::{Link, links, section};
pub use sitemap::{
    EntryKind, NEWEST_CHILDREN, SitemapEntry, SitemapHead, ends_before, sitemap, sitemap_entries,
};
