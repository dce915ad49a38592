//! What addresses of articles look like, learned from examples: a pattern for people, a memory for
//! the crawl. Never fetches.

mod memory;
mod pattern;
pub(super) mod shape;

pub use memory::{AddressMemory, AddressSeen};
pub use pattern::pattern_of;
