//! The only outgoing HTTP.

mod settings;

pub use settings::Settings;
