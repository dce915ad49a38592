//! What was made of records until it is written, in one transaction with how far the file was read.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::archive::Position;
use crate::crawl::CrawlError;
use crate::domain::Fingerprint;
use crate::store::{ImportMark, ImportedFile, ImportedPage};

use super::page::Importer;
use super::{Done, Skip};

/// Pages in one transaction at most, as of finished visits.
const BATCH: usize = 100;

/// Records after which it is noted how far the file was read, though no page was among them.
const MAX_UNNOTED: usize = 5_000;

/// Time between two lines of the log.
const LOG_ROUND: Duration = Duration::from_secs(30);

/// What waits to be written.
pub(super) struct Batch {
    pub(super) file: ImportedFile,
    is_paused: watch::Receiver<bool>,
    pages: Vec<ImportedPage>,
    identities: BTreeSet<Fingerprint>,
    held: Vec<OwnedSemaphorePermit>,
    unnoted: usize,
    next: Position,
    /// Months that have their partitions.
    months: BTreeSet<String>,
    logged_at: Instant,
}

impl Batch {
    pub(super) fn new(file: ImportedFile, is_paused: watch::Receiver<bool>) -> Self {
        Self {
            file,
            is_paused,
            pages: Vec::new(),
            identities: BTreeSet::new(),
            held: Vec::new(),
            unnoted: 0,
            next: Position::default(),
            months: BTreeSet::new(),
            logged_at: Instant::now(),
        }
    }

    /// Takes a record in, and writes when there is enough; `false` when a stop came first.
    pub(super) async fn add(
        &mut self,
        importer: &Importer,
        done: Done,
        stop: &CancellationToken,
    ) -> Result<bool, CrawlError> {
        let article = done.page.as_ref().and_then(|page| page.article.as_ref());
        let identity = article.map(|article| article.identity.fingerprint());
        // The second of one identity is judged by what the first left behind.
        if identity.is_some_and(|identity| self.identities.contains(&identity))
            && !self.write(importer, stop).await?
        {
            return Ok(false);
        }
        self.identities.extend(identity);
        self.next = done.next;
        self.unnoted += 1;
        if let Some(page) = done.page {
            self.pages.push(page);
            self.held.extend(done.held);
        }
        match self.pages.len() >= BATCH || self.unnoted >= MAX_UNNOTED {
            true => self.write(importer, stop).await,
            false => Ok(true),
        }
    }

    /// Writes what waits; `false` when a stop came first.
    pub(super) async fn write(
        &mut self,
        importer: &Importer,
        stop: &CancellationToken,
    ) -> Result<bool, CrawlError> {
        if self.unnoted == 0 {
            return Ok(true);
        }
        if *self.is_paused.borrow() {
            tokio::select! {
                goes_on = self.is_paused.wait_for(|is_paused| !is_paused) => drop(goes_on),
                () = stop.cancelled() => return Ok(false),
            }
        }
        self.ensure_partitions(importer).await?;
        let pages = std::mem::take(&mut self.pages);
        let is_written = match self.try_write(importer, &pages, stop).await {
            // One page may break a statement; the others are none the worse for it.
            Err(CrawlError::Store(error)) if pages.len() > 1 && !error.is_transient() => {
                tracing::warn!(%error, "a batch of {} pages is refused; trying them one by one", pages.len());
                self.write_alone(importer, &pages, stop).await?
            }
            written => written?,
        };
        self.identities.clear();
        self.held.clear();
        self.unnoted = 0;
        self.log(importer);
        Ok(is_written)
    }

    async fn write_alone(
        &self,
        importer: &Importer,
        pages: &[ImportedPage],
        stop: &CancellationToken,
    ) -> Result<bool, CrawlError> {
        for page in pages {
            match self
                .try_write(importer, std::slice::from_ref(page), stop)
                .await
            {
                Ok(true) => {}
                Err(CrawlError::Store(error)) if !error.is_transient() => {
                    let url = page.url.as_str();
                    tracing::warn!(url, %error, "{url} is left out: {error}");
                    importer.progress.skip(Skip::Refused);
                }
                other => return other,
            }
        }
        Ok(true)
    }

    async fn try_write(
        &self,
        importer: &Importer,
        pages: &[ImportedPage],
        stop: &CancellationToken,
    ) -> Result<bool, CrawlError> {
        let Importer {
            visitor, progress, ..
        } = importer;
        let mark = ImportMark {
            file_offset: self.next.file,
            unpacked: self.next.unpacked,
        };
        let now = visitor.clock.now();
        let write = || visitor.store.import(pages, (&self.file, mark), now);
        let Some(outcomes) = visitor.outage.outlast(stop, write).await? else {
            return Ok(false);
        };
        for outcome in outcomes {
            progress.settle(outcome);
        }
        Ok(true)
    }

    /// The partitions of the months that the pages are from.
    async fn ensure_partitions(&mut self, importer: &Importer) -> Result<(), CrawlError> {
        for page in &self.pages {
            let at = page.exchange.started_at;
            if self.months.insert(at.format("%Y-%m").to_string()) {
                importer.visitor.store.ensure_partitions(at).await?;
            }
        }
        Ok(())
    }

    fn log(&mut self, importer: &Importer) {
        if self.logged_at.elapsed() < LOG_ROUND {
            return;
        }
        self.logged_at = Instant::now();
        let tally = importer.progress.tally();
        tracing::info!(
            "{}: {} records read up to byte {} of {}, {} articles new, {} known",
            self.file.name,
            tally.records,
            self.next.file,
            self.file.bytes,
            tally.new,
            tally.known
        );
    }
}
