//! Raw pages: packed for keeping, unpacked for reading.

mod settings;

pub use settings::Settings;
