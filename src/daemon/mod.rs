//! Wiring: the store opened, the sources synchronised, the worker and the upkeep running side by
//! side until a stop is asked for, and everything given back.

mod crawl;
mod disk;
mod import;
mod private;
mod pushes;
mod signals;
mod telemetry;
mod vitals;

pub use crawl::{Report, SourceReport, Span, crawl};
pub use import::import;
pub use signals::Signals;
pub use telemetry::start as start_telemetry;
pub use vitals::Vitals;
