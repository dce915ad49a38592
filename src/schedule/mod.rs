//! Source files to recurring jobs; partitions and upkeep of hot tables.

mod settings;

pub use settings::Settings;
