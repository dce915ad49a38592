//! When a listing or an article is due again. A listing: from what its visits found, at which hours
//! its source publishes, and what a visit is worth under the budget. An article: from its age and
//! whether it was edited.

mod article;
mod listing;
mod price;
mod profile;
mod settings;

pub use article::{ArticleFacts, look_again};
pub use listing::{ListingFacts, Seen, after_turnover, expected, new_pulse, next_visit, pace};
pub use price::{Crowd, price, price_of_cap};
pub use settings::Settings;
