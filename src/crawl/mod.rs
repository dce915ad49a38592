//! One job from top to bottom.

mod settings;

pub use settings::Settings;
