//! One job from top to bottom: lease, visit, settle. Joins the stages; parses and decides nothing
//! itself.

mod address;
mod again;
mod article;
mod cpu;
mod error;
mod gate;
mod get;
mod host;
mod listing;
mod log;
mod memory;
mod outage;
mod profile;
mod progress;
mod rhythm;
mod robots;
pub mod scout;
mod settings;
mod settler;
mod visit;
mod visitor;
mod worker;

pub use error::CrawlError;
pub use outage::Outage;
pub use profile::{Profile, Profiles, host_key};
pub use progress::{Progress, SourceTally, Tally};
pub use robots::{ask_robots, copy_rules};
pub use settings::Settings;
pub use visitor::Visitor;
pub use worker::{Until, Worker};
