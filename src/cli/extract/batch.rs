//! `extract --batch`: one JSON line for each line of a manifest, in its order, whatever happens.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use chrono_tz::Tz;
use serde::Deserialize;
use url::Url;

use crate::cli::Failure;

use super::line::Line;
use super::page::{Page, Settings, file};

/// Lines of output that may wait for a slower page before them, for each job.
const WAITING_PER_JOB: usize = 16;

/// A line of a manifest.
#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    id: Option<String>,
    pub(super) url: Option<String>,
    pub(super) path: PathBuf,
    timezone: Option<String>,
}

/// What every page of a batch is parsed with.
#[derive(Clone, Copy)]
struct Batch<'a> {
    folder: &'a Path,
    settings: Settings<'a>,
}

/// Parses the pages of `manifest`, `jobs` at once.
pub(super) fn run(manifest: &Path, jobs: usize, settings: Settings<'_>) -> Result<(), Failure> {
    let reader = File::open(manifest).map(BufReader::new).map_err(|error| {
        Failure::failed(anyhow::anyhow!("opening {}: {error}", manifest.display()))
    })?;
    let folder = manifest.parent().unwrap_or(Path::new("."));
    let batch = Batch { folder, settings };
    let (todo, work) = sync_channel::<(usize, String)>(jobs * WAITING_PER_JOB);
    let (done, results) = sync_channel::<(usize, String)>(jobs * WAITING_PER_JOB);
    let work = Mutex::new(work);
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            let (work, done) = (&work, done.clone());
            scope.spawn(move || parse_all(batch, work, &done));
        }
        drop(done);
        let feeder = scope.spawn(move || feed(reader, &todo));
        let printed = print_in_order(&results);
        drop(results);
        let read = feeder.join().unwrap_or(Ok(()));
        printed.map_err(Failure::failed)?;
        read.map_err(|e| Failure::failed(anyhow::anyhow!("reading {}: {e}", manifest.display())))
    })
}

fn feed(reader: impl BufRead, todo: &SyncSender<(usize, String)>) -> std::io::Result<()> {
    let lines = reader
        .lines()
        .filter(|line| !line.as_ref().is_ok_and(|l| l.trim().is_empty()));
    for (number, line) in lines.enumerate() {
        if todo.send((number, line?)).is_err() {
            break; // nobody works any more: the output was closed
        }
    }
    Ok(())
}

fn parse_all(
    batch: Batch<'_>,
    work: &Mutex<Receiver<(usize, String)>>,
    done: &SyncSender<(usize, String)>,
) {
    loop {
        let next = match work.lock() {
            Ok(work) => work.recv(),
            Err(_) => return,
        };
        let Ok((number, line)) = next else { return };
        if done.send((number, batch.parse(&line).to_json())).is_err() {
            return;
        }
    }
}

fn print_in_order(results: &Receiver<(usize, String)>) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for (number, line) in results {
        waiting.insert(number, line);
        while let Some(line) = waiting.remove(&next) {
            out.write_all(line.as_bytes())?;
            out.write_all(b"\n")?;
            next += 1;
        }
    }
    out.flush()
}

impl Batch<'_> {
    fn parse(self, line: &str) -> Line {
        let entry: Entry = match serde_json::from_str(line) {
            Ok(entry) => entry,
            Err(error) => {
                return Line::broken(None, None, format!("the manifest's line is wrong: {error}"));
            }
        };
        let entry = Entry {
            url: entry.url.filter(|url| !url.trim().is_empty()), // unknown, as if it were left out
            ..entry
        };
        let (id, url) = (entry.id.clone(), entry.url.clone());
        // A page that breaks the parser costs its own line only.
        let read = catch_unwind(AssertUnwindSafe(|| self.read(entry)));
        let read = read.unwrap_or_else(|_| Err("parsing the page broke the parser".to_owned()));
        read.unwrap_or_else(|error| Line::broken(id, url, error))
    }

    fn read(self, entry: Entry) -> Result<Line, String> {
        let path = self.folder.join(&entry.path);
        let bytes = file(&path).map_err(|e| format!("reading {}: {e}", entry.path.display()))?;
        let url = entry.url.as_deref().map(Url::parse).transpose();
        let url = url.map_err(|e| format!("the url is no absolute address: {e}"))?;
        let zone = entry.timezone.as_deref().map(str::parse::<Tz>).transpose();
        let zone = zone
            .map_err(|e| format!("the timezone is unknown: {e}"))?
            .or(self.settings.zone);
        let page = Page {
            url,
            content_type: None,
            bytes,
        };
        let settings = Settings {
            zone,
            ..self.settings
        };
        let reading = page.read_with(settings, None);
        Ok(Line::of(entry.id, entry.url, reading.outcome?))
    }
}
