//! Tries many short spoilt inputs on stable Rust: `scripts/fuzz N [SEED]`. Prints what panicked, the slowest
//! input and the peak of memory; ends with 1 where something panicked.

use std::cell::RefCell;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use sokbo_fuzz::Mutator;

/// Each with its share of the inputs.
const TARGETS: [(&str, fn(&[u8]), u64); 7] = [
    ("extract", sokbo_fuzz::extract, 6),
    ("date", sokbo_fuzz::date, 2),
    ("charset", sokbo_fuzz::charset, 1),
    ("feed", sokbo_fuzz::feed, 1),
    ("sitemap", sokbo_fuzz::sitemap, 1),
    ("robots", sokbo_fuzz::robots, 1),
    ("url", sokbo_fuzz::url, 1),
];

/// Inputs between two lines that say how far it is.
const PROGRESS: u64 = 50_000;

thread_local! {
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

fn main() -> ExitCode {
    let number = |at: usize, default: u64| {
        let given = std::env::args().nth(at);
        given.map_or(default, |text| text.parse().expect("a number is expected"))
    };
    let (inputs, seed) = (number(1, 100_000), number(2, 1));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut mutator = Mutator::new(seed, corpus(&root.join("../tests/fixtures")));
    std::panic::set_hook(Box::new(|info| {
        PANIC.with(|text| *text.borrow_mut() = info.to_string().replace('\n', " "));
    }));
    let shares: u64 = TARGETS.iter().map(|(_, _, share)| share).sum();
    let mut failures = 0;
    let mut slowest = (Duration::ZERO, "", Vec::new());
    for at in 0..inputs {
        if at.is_multiple_of(PROGRESS) && at > 0 {
            eprintln!("{at} of {inputs} inputs, {failures} failures");
        }
        let input = mutator.input();
        let (name, target) = target(at % shares);
        let start = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| target(&input)));
        let took = start.elapsed();
        if outcome.is_err() {
            failures += 1;
            let path = keep(root, name, at, &input);
            println!(
                "{name}: {} ({})",
                PANIC.with(|text| text.borrow().clone()),
                path.display()
            );
        }
        if took > slowest.0 {
            slowest = (took, name, input);
        }
    }
    let (took, name, input) = slowest;
    let path = keep(root, name, inputs, &input);
    println!(
        "seed {seed}: {inputs} inputs, {failures} failures, peak memory {} MB",
        peak_mib()
    );
    println!(
        "slowest: {name}, {:.1} ms ({})",
        took.as_secs_f64() * 1e3,
        path.display()
    );
    ExitCode::from(u8::from(failures > 0))
}

fn target(turn: u64) -> (&'static str, fn(&[u8])) {
    let mut left = turn;
    for (name, target, share) in TARGETS {
        if left < share {
            return (name, target);
        }
        left -= share;
    }
    unreachable!("a turn is less than all shares")
}

/// All documents below a folder.
fn corpus(folder: &Path) -> Vec<Vec<u8>> {
    let mut folders = vec![folder.to_owned()];
    let mut paths = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the fixtures are there") {
            let path = entry.expect("the fixtures can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                paths.push(path);
            }
        }
    }
    paths.sort(); // the same seed makes the same inputs everywhere
    paths
        .iter()
        .map(|path| fs::read(path).expect("the fixtures can be read"))
        .collect()
}

fn keep(root: &Path, name: &str, at: u64, input: &[u8]) -> PathBuf {
    let folder = root.join("artifacts").join(name);
    fs::create_dir_all(&folder).expect("artifacts can be written");
    let path = folder.join(format!("mutated-{at}"));
    fs::write(&path, input).expect("artifacts can be written");
    path
}

fn peak_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| {
        line.strip_prefix("VmHWM:")?
            .split_whitespace()
            .next()?
            .parse::<u64>()
            .ok()
    });
    peak.unwrap_or_default() / 1024
}
