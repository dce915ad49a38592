//! What addresses of articles look like, learned from examples: a pattern for people, a memory for
//! the crawl. Never fetches.

mod pattern;
mod shape;

pub use pattern::pattern_of;
