//! A web archive into the tables: its records are read in their order on one thread, its pages on
//! the threads for pages, and what they leave behind is stored in batches together with how far the
//! file was read. A killed import goes on there; one that is repeated changes nothing.

mod batch;
mod page;
mod tally;

use std::io::{Read, Seek};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::{Stream, StreamExt, stream};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::archive::{Limits, Position, WarcItem, WarcReader};
use crate::domain::ByteSize;
use crate::store::{ImportMark, ImportedFile, ImportedPage};

use super::{CrawlError, Profile, Visitor};
use batch::Batch;
use page::Importer;
pub use tally::{ImportProgress, ImportTally, Skip};

/// Pages that are read ahead of those being stored: enough for the threads while a batch is written.
const AHEAD: usize = 64;

/// What all answers in hand may hold in memory, in KiB.
const MAX_HELD_KIB: u32 = 64 << 10;

/// An answer's head beside its body.
const MAX_HEAD_BYTES: u64 = 1 << 20;

/// What was read is written when nothing more comes for so long: from a slow pipe, or because what
/// waits holds the memory that the next answer needs.
const LINGER: Duration = Duration::from_millis(500);

/// How an archive is imported.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// The source that all pages are given to; `None`: by their hosts.
    pub source: Option<Arc<Profile>>,
    /// Older pages are left out: they would be removed soon.
    pub since: Option<DateTime<Utc>>,
    /// Largest decoded body.
    pub max_body: ByteSize,
}

/// A file to import.
#[derive(Debug)]
pub struct ArchiveFile<R> {
    /// Its name, without its folder.
    pub name: String,
    /// Its size; `None` for what comes through a pipe, which always begins anew.
    pub bytes: Option<u64>,
    /// What is in it.
    pub input: R,
}

/// A record on its way, with where the next one begins and its share of the memory.
struct Entry {
    item: WarcItem,
    next: Position,
    held: Option<OwnedSemaphorePermit>,
}

/// What became of a record.
struct Done {
    page: Option<ImportedPage>,
    next: Position,
    held: Option<OwnedSemaphorePermit>,
}

/// Imports `file`, until its end or until `stop`; answers whether it came to the end. Nothing is
/// stored while `is_paused`.
///
/// # Errors
/// When the file can't be read or the store fails for good.
pub async fn import_archive<R: Read + Seek + Send + 'static>(
    visitor: Visitor,
    file: ArchiveFile<R>,
    (options, progress): (ImportOptions, ImportProgress),
    is_paused: watch::Receiver<bool>,
    stop: CancellationToken,
) -> Result<bool, CrawlError> {
    let limits = Limits {
        block: ByteSize::bytes(options.max_body.as_u64().saturating_add(MAX_HEAD_BYTES)),
    };
    let source = options.source.as_ref();
    let mut opened = open(file, limits, source.map(|s| s.source.name.to_string())).await?;
    if let Some(mark) = opened.mark(&visitor).await? {
        progress.resume(mark.file_offset);
        opened = opened.go_to(mark).await?;
    }
    let saving = CancellationToken::new();
    let importer = Importer {
        visitor,
        options,
        progress,
    };
    let saver = importer.visitor.memories.keep_saving(saving.clone());
    let work = async {
        let outcome = write_all(&importer, opened, is_paused, &stop).await;
        saving.cancel();
        outcome
    };
    let ((), outcome) = tokio::join!(saver, work);
    outcome
}

/// A file whose first record was read.
struct Opened<R> {
    reader: WarcReader<R>,
    first: Option<WarcItem>,
    file: ImportedFile,
    can_go_back: bool,
}

async fn open<R: Read + Seek + Send + 'static>(
    file: ArchiveFile<R>,
    limits: Limits,
    source: Option<String>,
) -> Result<Opened<R>, CrawlError> {
    let ArchiveFile { name, bytes, input } = file;
    blocking(move || {
        let mut reader = WarcReader::new(input, limits);
        let first = reader.read()?;
        let first_record = reader.first_id().unwrap_or_default().to_owned();
        Ok(Opened {
            reader,
            first,
            file: ImportedFile {
                name,
                bytes: bytes.unwrap_or_default(),
                first_record,
                source,
            },
            can_go_back: bytes.is_some(),
        })
    })
    .await
}

impl<R: Read + Seek + Send + 'static> Opened<R> {
    async fn mark(&self, visitor: &Visitor) -> Result<Option<ImportMark>, CrawlError> {
        match self.can_go_back {
            true => Ok(visitor.store.import_mark(&self.file).await?),
            false => Ok(None),
        }
    }

    async fn go_to(mut self, mark: ImportMark) -> Result<Self, CrawlError> {
        blocking(move || {
            self.first = None;
            self.reader.go_to(Position {
                file: mark.file_offset,
                unpacked: mark.unpacked,
            })?;
            Ok(self)
        })
        .await
    }

    /// Hands on record by record, and why the file can't be read any further. Ends when nobody
    /// listens any more.
    fn read_all(mut self, sender: &mpsc::Sender<std::io::Result<Entry>>, memory: &Arc<Semaphore>) {
        let runtime = Handle::current();
        let mut item = self.first.take();
        loop {
            let read = match item.take() {
                Some(first) => Ok(Some(first)),
                None => self.reader.read(),
            };
            let entry = match read {
                Ok(None) => return,
                Ok(Some(item)) => {
                    let held = Arc::clone(memory).acquire_many_owned(weight_kib(&item));
                    Ok(Entry {
                        item,
                        next: self.reader.position(),
                        held: runtime.block_on(held).ok(),
                    })
                }
                Err(error) => Err(error),
            };
            let is_over = entry.is_err();
            if sender.blocking_send(entry).is_err() || is_over {
                return;
            }
        }
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, CrawlError> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(std::io::Error::other)??)
}

/// What an answer and what is made of it hold in memory, about.
fn weight_kib(item: &WarcItem) -> u32 {
    let bytes = match item {
        WarcItem::Record(record) => record.block.len(),
        WarcItem::Passed(_) => 0,
    };
    u32::try_from(bytes >> 10)
        .unwrap_or(MAX_HELD_KIB)
        .clamp(1, MAX_HELD_KIB)
}

async fn write_all<R: Read + Seek + Send + 'static>(
    importer: &Importer,
    opened: Opened<R>,
    is_paused: watch::Receiver<bool>,
    stop: &CancellationToken,
) -> Result<bool, CrawlError> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let memory = Arc::new(Semaphore::new(MAX_HELD_KIB as usize));
    let file = opened.file.clone();
    let reading = tokio::task::spawn_blocking(move || opened.read_all(&sender, &memory));
    let mut done = pin!(pages(importer, receiver));
    let mut batch = Batch::new(file, is_paused);
    let outcome = loop {
        let next = tokio::select! {
            next = timeout(LINGER, done.next()) => next,
            () = stop.cancelled() => break Ok(false),
        };
        let written = match next {
            Ok(Some(Ok(next))) => batch.add(importer, next, stop).await,
            Ok(Some(Err(error))) => break Err(error),
            Ok(None) => break Ok(true),
            Err(_nothing_came) => batch.write(importer, stop).await,
        };
        match written {
            Ok(true) => {}
            stopped_or_failed => return stopped_or_failed,
        }
    };
    // What came before a file broke off is kept.
    let is_written = batch.write(importer, stop).await?;
    let is_whole = outcome? && is_written;
    if is_whole {
        let now = importer.visitor.clock.now();
        importer
            .visitor
            .store
            .finish_import(&batch.file, now)
            .await?;
        reading.await.map_err(std::io::Error::other)?;
    }
    Ok(is_whole)
}

/// What became of each record, in the order of the file.
fn pages(
    importer: &Importer,
    mut receiver: mpsc::Receiver<std::io::Result<Entry>>,
) -> impl Stream<Item = Result<Done, CrawlError>> {
    let entries = stream::poll_fn(move |context| receiver.poll_recv(context));
    let done = entries.map(async |entry: std::io::Result<Entry>| {
        let Entry { item, next, held } = entry?;
        importer.progress.record();
        let page = match item {
            WarcItem::Record(record) => importer.page(record).await?,
            WarcItem::Passed(passed) => {
                importer.progress.skip(Skip::Passed(passed));
                None
            }
        };
        Ok(Done { page, next, held })
    });
    done.buffered(AHEAD)
}
