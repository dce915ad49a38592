//! What extraction costs beside the parse alone: `cargo bench --bench extract -- DATA`.
//!
//! DATA holds `truth.jsonl` (id, dataset, url) and `pages/<id>.html.gz`. Everything runs on one thread and is
//! timed by that thread's CPU clock. The parse alone and the whole way from bytes to article take
//! turns page by page, so that a busy machine slows both alike.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use flate2::read::MultiGzDecoder;
use nix::time::{ClockId, clock_gettime};
use scraper::Html;
use serde::Deserialize;
use sokbo::extract::{self, Input};
use sokbo::markup;
use url::Url;

/// CPU time that each of the two ways is measured for.
const MEASURED: Duration = Duration::from_secs(3);

#[derive(Deserialize)]
struct Entry {
    id: String,
    dataset: String,
    url: Option<String>,
}

struct Page {
    entry: Entry,
    url: Option<Url>,
    bytes: Vec<u8>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut folders = std::env::args_os()
        .skip(1)
        .filter(|arg| !arg.to_string_lossy().starts_with("--"));
    let Some(data) = folders.next().map(PathBuf::from) else {
        println!("extract: no folder of pages given, nothing measured");
        return Ok(());
    };
    let now = DateTime::from_timestamp(1_780_000_000, 0).unwrap_or_default();
    alone(&data, now)?;
    let mut sets: BTreeMap<String, Vec<Page>> = BTreeMap::new();
    for entry in entries(&data)? {
        let page = load(&data, entry)?;
        sets.entry(page.entry.dataset.clone())
            .or_default()
            .push(page);
    }
    let all: Vec<&Page> = sets.values().flatten().collect();
    row("all", &all, now)?;
    for (dataset, pages) in &sets {
        row(dataset, &pages.iter().collect::<Vec<_>>(), now)?;
    }
    Ok(())
}

fn entries(data: &Path) -> Result<Vec<Entry>, Box<dyn Error>> {
    let lines = fs::read_to_string(data.join("truth.jsonl"))?;
    let entries: Result<_, serde_json::Error> = lines.lines().map(serde_json::from_str).collect();
    Ok(entries?)
}

fn load(data: &Path, entry: Entry) -> Result<Page, Box<dyn Error>> {
    let path = data.join("pages").join(format!("{}.html.gz", entry.id));
    let mut bytes = Vec::new();
    MultiGzDecoder::new(fs::File::open(path)?).read_to_end(&mut bytes)?;
    let url = entry.url.as_deref().filter(|url| !url.is_empty());
    let url = url.map(Url::parse).transpose()?;
    Ok(Page { entry, url, bytes })
}

/// Each page by itself: the slowest one, and the peak of memory with no more than one page held.
fn alone(data: &Path, now: DateTime<Utc>) -> Result<(), Box<dyn Error>> {
    let mut slowest = (Duration::ZERO, String::new());
    let mut refused = 0;
    for entry in entries(data)? {
        let page = load(data, entry)?;
        let is_read = whole(&page, now); // compiles the patterns that this page is the first to need
        let start = cpu()?;
        black_box(whole(&page, now));
        let took = cpu()?.saturating_sub(start);
        refused += usize::from(!is_read);
        if took > slowest.0 {
            slowest = (took, page.entry.id);
        }
    }
    let (took, id) = slowest;
    println!(
        "slowest page {} ms ({id}), {refused} refused",
        took.as_millis()
    );
    println!("peak memory {} MB, one page held at a time", peak_mib()?);
    println!("pages per CPU second:");
    Ok(())
}

fn row(name: &str, pages: &[&Page], now: DateTime<Utc>) -> Result<(), Box<dyn Error>> {
    let texts: Vec<String> = pages
        .iter()
        .map(|page| markup::decode(&page.bytes, None, None).text)
        .collect();
    let (mut parse, mut extract) = (Duration::ZERO, Duration::ZERO);
    let mut passes = 0_u32;
    // The first pass compiles patterns and warms caches up.
    for pass in 0.. {
        if parse.min(extract) >= MEASURED && passes > 0 {
            break;
        }
        for (page, text) in pages.iter().zip(&texts) {
            let start = cpu()?;
            drop(black_box(Html::parse_document(text)));
            let parsed = cpu()?;
            black_box(whole(page, now));
            let done = cpu()?;
            if pass > 0 {
                parse += parsed.saturating_sub(start);
                extract += done.saturating_sub(parsed);
            }
        }
        passes = pass;
    }
    let rate = |time: Duration| {
        let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
        f64::from(count) * f64::from(passes) / time.as_secs_f64()
    };
    println!(
        "  {name:<12} {:>4} pages: parse_document alone {:>5.0}, bytes to article {:>5.0}, ratio {:.3}",
        pages.len(),
        rate(parse),
        rate(extract),
        parse.as_secs_f64() / extract.as_secs_f64(),
    );
    Ok(())
}

/// Bytes to article; whether there was a tree to read.
fn whole(page: &Page, now: DateTime<Utc>) -> bool {
    let host = page.url.as_ref().and_then(Url::host_str);
    let decoded = markup::decode(&page.bytes, None, host);
    let Ok(html) = markup::parse_html(&decoded.text) else {
        return false;
    };
    black_box(extract::page(&Input {
        url: page.url.as_ref(),
        ..Input::of(&html, now)
    }));
    true
}

fn cpu() -> nix::Result<Duration> {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map(Duration::from)
}

/// The most memory that the process has held so far.
fn peak_mib() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| {
        let kib = line.strip_prefix("VmHWM:")?.split_whitespace().next()?;
        kib.parse::<u64>().ok()
    });
    Ok(peak.ok_or("no VmHWM in /proc/self/status")? / 1024)
}
