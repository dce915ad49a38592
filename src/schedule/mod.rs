//! What must happen again and again beside the crawl: partitions created ahead, hot tables
//! vacuumed, what is too old removed. One loop; the recurring jobs themselves are rows of the frontier.

mod settings;
mod upkeep;

pub use settings::Settings;
pub use upkeep::{keep_up, look_after};
