//! One job from top to bottom: lease, visit, settle. Joins the stages; parses and decides nothing
//! itself.

mod address;
mod again;
mod article;
mod cpu;
mod error;
mod found;
mod gate;
mod get;
mod hints;
mod host;
mod import;
mod listing;
mod log;
mod memory;
mod outage;
mod page;
mod past;
mod poll;
mod profile;
mod progress;
mod rhythm;
mod robots;
pub mod scout;
mod settings;
mod settler;
mod visit;
mod visitor;
mod websub;
mod worker;

pub use error::CrawlError;
pub use import::{ArchiveFile, ImportOptions, ImportProgress, ImportTally, Skip, import_archive};
pub use outage::Outage;
pub use past::walk_jobs;
pub use profile::{Profile, Profiles, host_key};
pub use progress::{Progress, SourceTally, Tally};
pub use robots::{ask_robots, copy_rules};
pub use settings::Settings;
pub use visitor::Visitor;
pub use worker::{Until, Worker};
