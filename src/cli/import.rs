//! `sokbo import warc`: pages that another tool fetched.

use std::ffi::OsStr;
use std::fmt::Write;
use std::fs::File;
use std::io::{self, IsTerminal, Read, Seek};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args as ClapArgs, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use tokio_util::sync::CancellationToken;

use crate::archive::Pipe;
use crate::config::Config;
use crate::crawl::{ArchiveFile, ImportProgress, ImportTally, Skip};
use crate::daemon::{self, Signals};
use crate::domain::SourceName;
use crate::store::{Access, Store};

use super::Failure;
use super::terminal::print;

/// Time between two looks at the counters.
const TICK: Duration = Duration::from_millis(200);

/// Arguments of `sokbo import`.
#[derive(Debug, ClapArgs)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Pages of a web archive (WARC 1.0 or 1.1, .warc or .warc.gz), such as Common Crawl's news
    Warc(Warc),
}

#[derive(Debug, ClapArgs)]
struct Warc {
    /// The archive, or - for standard input
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    /// Gives all pages to this source, whatever their hosts
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
}

pub(super) async fn execute(args: Args, mut config: Config) -> Result<(), Failure> {
    let What::Warc(args) = args.what;
    let source = args.source.as_deref().map(|name| known(name, &config));
    let source = source.transpose()?;
    let shows_bar = io::stderr().is_terminal();
    if shows_bar {
        // Log lines would tear the bar apart; warnings still show.
        "warn".clone_into(&mut config.log.level);
    }
    daemon::start_telemetry(&config.log).map_err(Failure::wrong)?;
    let bar = if shows_bar {
        ProgressBar::no_length()
    } else {
        ProgressBar::hidden()
    };
    if args.file.as_os_str() == "-" {
        let input = Pipe(bar.wrap_read(io::stdin()));
        let file = ArchiveFile {
            name: "standard input".to_owned(),
            bytes: None,
            input,
        };
        return import(&config, file, source.as_ref(), &bar).await;
    }
    let (input, bytes) = opened(&args.file).map_err(|error| {
        let told = format!("opening the archive {}", args.file.display());
        Failure::failed(anyhow::Error::new(error).context(told))
    })?;
    bar.set_length(bytes);
    let name = args.file.file_name().unwrap_or(OsStr::new("archive"));
    let file = ArchiveFile {
        name: name.to_string_lossy().into_owned(),
        bytes: Some(bytes),
        input: bar.wrap_read(input),
    };
    import(&config, file, source.as_ref(), &bar).await
}

fn known(name: &str, config: &Config) -> Result<SourceName, Failure> {
    let mut names = config.sources.iter().map(|source| &source.name);
    let found = names.find(|known| known.as_str() == name);
    found.cloned().ok_or_else(|| {
        Failure::wrong(anyhow::anyhow!(
            "there is no source `{name}`; `sokbo sources` lists them, and the README shows how to write one"
        ))
    })
}

fn opened(path: &Path) -> io::Result<(File, u64)> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    if about.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok((file, about.len()))
}

async fn import<R: Read + Seek + Send + 'static>(
    config: &Config,
    file: ArchiveFile<R>,
    source: Option<&SourceName>,
    bar: &ProgressBar,
) -> Result<(), Failure> {
    let signals = Signals::listen().map_err(Failure::failed)?;
    let store = Store::open(&config.database, Access::Owner).await?;
    let progress = ImportProgress::default();
    let is_done = CancellationToken::new();
    let follower = tokio::spawn(follow(bar.clone(), progress.clone(), is_done.clone()));
    let can_go_on = file.bytes.is_some();
    let stop = signals.stop().clone();
    let outcome = daemon::import(config, &store, (file, source), progress.clone(), stop).await;
    is_done.cancel();
    follower.await.map_err(Failure::failed)?;
    store.close().await;
    let is_whole = outcome.map_err(Failure::failed)?;
    print(&told(&progress.tally()))?;
    match (is_whole, can_go_on) {
        (true, _) => Ok(()),
        (false, true) => Err(Failure::failed(anyhow::anyhow!(
            "stopped before the end of the archive; the same command goes on from there"
        ))),
        (false, false) => Err(Failure::failed(anyhow::anyhow!(
            "stopped before the end of standard input; import it again, what is stored stays as it is"
        ))),
    }
}

/// Shows the counters beside the bar until `is_done`.
async fn follow(bar: ProgressBar, progress: ImportProgress, is_done: CancellationToken) {
    let template = "{wide_bar} {bytes}/{total_bytes} {eta}  {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    let mut ticks = tokio::time::interval(TICK);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = is_done.cancelled() => break,
        }
        let tally = progress.tally();
        let (records, new, known) = (tally.records, tally.new, tally.known);
        bar.set_message(format!("{records} records, {new} new, {known} known"));
    }
    bar.finish_and_clear();
}

/// The summary.
fn told(tally: &ImportTally) -> String {
    let mut out = String::new();
    if let Some(byte) = tally.resumed_at {
        let _infallible = writeln!(out, "went on at byte {byte}, where the last import ended");
    }
    let _infallible = writeln!(
        out,
        "{} records and {} pages read: {} new articles, {} revised, {} known already, {} known with a later text",
        tally.records, tally.pages, tally.new, tally.revised, tally.known, tally.older
    );
    for (why, count) in &tally.skipped {
        let _infallible = writeln!(out, "{count:>9} {}", why.told());
    }
    if tally.unjoined > 0 {
        let _infallible = writeln!(
            out,
            "{} articles go on over further pages, which are not joined",
            tally.unjoined
        );
    }
    if tally.skipped.contains_key(&Skip::Unowned) {
        let hosts: Vec<&str> = tally.unowned_hosts.iter().map(String::as_str).collect();
        let _infallible = writeln!(
            out,
            "no source owns hosts such as {}: write source files for them, or give all pages to one with --source NAME",
            hosts.join(", ")
        );
    }
    out
}
