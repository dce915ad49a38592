//! The only outgoing HTTP. A request goes in, one exchange is made, its answer comes out with the
//! record that `news.fetches` shows. Never follows a redirect, never retries, never keeps a cookie:
//! each of these needs a politeness turn and a look at robots.txt, which are the caller's.
//!
//! Everything that comes back is hostile: addresses are judged by a table of networks, bodies are
//! bounded by their decoded size, and every wait has a limit.

mod body;
mod challenge;
mod client;
mod error;
mod guard;
mod networks;
mod request;
mod response;
mod settings;
#[cfg(test)]
mod tests;
mod tls;

pub use client::Fetcher;
pub use error::FetchError;
pub use guard::Refused;
pub use request::{Accept, Request};
pub use response::{Failed, Fetched, Page, Posted};
pub use settings::Settings;
