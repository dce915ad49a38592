//! How late articles are found: `cargo bench --bench freshness`. A simulated world of listings is
//! visited by the policy that the daemon uses, by one interval for all, and by one who is told every
//! rate; each with as many visits as the daemon's policy made. `-- --plot FILE` draws the curve.

mod measure;
mod plot;
mod policies;
mod world;

use std::error::Error;
use std::time::Duration;

use measure::{Figures, measure};
use world::{DAY, MEASURED};

/// The recorded seed.
const SEED: u64 = 20_261_127;
const SECTIONS: usize = 200;
/// One visit of each listing in this time, on the average.
const AVERAGE_MINUTES: f64 = 30.0;
/// Budgets of the curve, as multiples of that.
const BUDGETS: [f64; 9] = [0.1, 0.18, 0.32, 0.56, 1.0, 1.8, 3.2, 5.6, 10.0];

fn main() -> Result<(), Box<dyn Error>> {
    let listings = world::world(SEED, SECTIONS);
    println!(
        "seed {SEED}: {SECTIONS} listings, {} days learned, {MEASURED} measured; delays in minutes",
        world::LEARNING
    );
    println!("budget  policy      mean  median     p95  pushed off   visits  of the budget");
    let mut curve = Vec::new();
    for budget in BUDGETS {
        let average = Duration::from_secs_f64(AVERAGE_MINUTES / budget * 60.0);
        let learned = measure(&listings, &policies::learned(&listings, average));
        let fixed = measure(&listings, &policies::fixed(&listings, learned.visits));
        let told = measure(&listings, &policies::told(&listings, learned.visits));
        let full = (SECTIONS * MEASURED * DAY) as f64 / AVERAGE_MINUTES * budget;
        for (name, figures) in [("fixed", fixed), ("learned", learned), ("told", told)] {
            row(budget, name, figures, full);
        }
        println!(
            "        learned to fixed: mean {:.3}; to told: mean {:.3}, median {:.3}, p95 {:.3}",
            learned.mean / fixed.mean,
            learned.mean / told.mean,
            learned.median / told.median,
            learned.p95 / told.p95
        );
        curve.push((budget, [fixed, learned, told]));
    }
    let mut arguments = std::env::args().skip_while(|argument| argument != "--plot");
    if let Some(file) = arguments.nth(1) {
        std::fs::write(&file, plot::svg(&curve))?;
        println!("plot: {file}");
    }
    Ok(())
}

fn row(budget: f64, name: &str, figures: Figures, full: f64) {
    println!(
        "{budget:>5}x  {name:<8} {:>7.2} {:>7.2} {:>7.2} {:>11} {:>8} {:>9.3}",
        figures.mean,
        figures.median,
        figures.p95,
        figures.pushed_off,
        figures.visits,
        figures.visits as f64 / full
    );
}
