//! The simulation of `benches/freshness`, small: how late the policy of the daemon finds articles.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "the benchmark's own code, part of which only the benchmark uses"
)]

use std::time::Duration;

#[path = "../../benches/freshness/measure.rs"]
mod measure;
#[path = "../../benches/freshness/policies.rs"]
mod policies;
#[path = "../../benches/freshness/world.rs"]
mod world;

#[test]
fn learned_visits_find_articles_nearly_as_soon_as_visits_that_know_every_rate() {
    let listings = world::world(1, 25);
    let visits = policies::learned(&listings, Duration::from_secs(2 * 3600));
    let learned = measure::measure(&listings, &visits);
    let fixed = measure::measure(&listings, &policies::fixed(&listings, learned.visits));
    let told = measure::measure(&listings, &policies::told(&listings, learned.visits));
    let budget = 25 * world::MEASURED * 12;
    assert!(
        learned.visits * 20 < budget * 21,
        "{} visits of {budget}",
        learned.visits
    );
    assert!(learned.mean < fixed.mean * 0.7, "{learned:?} and {fixed:?}");
    assert!(learned.mean < told.mean * 1.3, "{learned:?} and {told:?}");
    assert!(
        told.mean <= learned.mean * 1.02,
        "the one who is told does best: {told:?}"
    );
    assert!(
        learned.pushed_off <= told.pushed_off,
        "{learned:?} and {told:?}"
    );
}
