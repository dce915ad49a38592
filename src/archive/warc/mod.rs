//! Web archives (WARC 1.0 and 1.1, ISO 28500) as other tools write them: plain, with each record
//! packed by itself as Common Crawl does it, or packed as a whole. Read record by record in bounded
//! memory; what is broken is passed over and told.

mod answer;
mod fields;
mod layer;
mod reader;
#[cfg(test)]
mod tests;
mod window;

pub use answer::{Answer, Undecodable};
pub use reader::{Limits, Passed, Pipe, Position, WarcItem, WarcReader, WarcRecord};
