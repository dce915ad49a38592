//! What a freshly read article is against what is already known: sketches of texts, and the choice
//! of the address under which an article is kept. Pure functions; the store applies the verdict.

mod identity;
mod simhash;

pub use identity::{Address, address};
pub use simhash::sim_hash;
