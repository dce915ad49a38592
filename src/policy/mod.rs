//! Decisions as pure functions of facts and the present instant: no I/O, no clock, no state.
//! What robots.txt and a page's own words allow, how long a host waits between requests, when a
//! failed job is tried again, when a listing or an article is due and how much of an outlet goes by
//! unseen. Jitter comes in as a number, so that each decision can be repeated.

pub mod coverage;
mod directives;
mod politeness;
mod retry;
pub mod revisit;
mod robots;
mod standing;

pub use directives::Directives;
pub use politeness::{DelayFacts, crawl_delay, in_flight};
pub use retry::{Failure, after_failure, may_pass, meaning, parse_retry_after};
pub use robots::{Robots, RobotsAnswer, Verdict};
pub use standing::{Word, after_word, host_rest, word, word_of_retry};
