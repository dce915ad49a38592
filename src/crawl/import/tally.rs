//! What an import has done so far.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::archive::{Passed, Undecodable};
use crate::store::{Imported, Outcome};

/// Hosts without a source that are told by name.
const MAX_NAMED_HOSTS: usize = 5;

/// Why a record left no article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skip {
    /// It is no answer that holds a page, or it is broken.
    Passed(Passed),
    /// It says not when it was made, or a time to come.
    NoTime,
    /// It is of no http or https address.
    NoAddress,
    /// No source owns its host.
    Unowned,
    /// Its source has `store = "off"`.
    SourceOff,
    /// `[retention] articles` would remove it.
    TooOld,
    /// The archive cut it short.
    Truncated,
    /// It is no HTTP answer.
    NoAnswer,
    /// Its status is no 200.
    Status,
    /// It is a redirect, noted as another address of its target.
    Redirect,
    /// It is no web page.
    NoPage,
    /// Its body can't be decoded.
    Undecodable,
    /// It is no article; `news.fetches` says why.
    NoArticle,
    /// It stands for the page at another address.
    Twin,
    /// The database refused it.
    Refused,
}

impl Skip {
    /// What was skipped, in the plural.
    #[must_use]
    pub fn told(self) -> &'static str {
        match self {
            Self::Passed(Passed::Request) => "requests",
            Self::Passed(Passed::Metadata) => "metadata records",
            Self::Passed(Passed::Revisit) => "revisits",
            Self::Passed(Passed::Other) => "other records",
            Self::Passed(Passed::TooLarge) => "answers larger than [fetch] max_body",
            Self::Passed(Passed::Broken) => "broken records",
            Self::NoTime => "answers without a usable WARC-Date",
            Self::NoAddress => "answers of no http address",
            Self::Unowned => "answers of hosts that no source owns",
            Self::SourceOff => "answers of sources with store = \"off\"",
            Self::TooOld => "answers older than [retention] articles",
            Self::Truncated => "answers that the archive cut short",
            Self::NoAnswer => "records without an HTTP answer",
            Self::Status => "answers with another status than 200",
            Self::Redirect => "redirects",
            Self::NoPage => "answers that are no web page",
            Self::Undecodable => "answers whose body can't be decoded",
            Self::NoArticle => "pages that are no article",
            Self::Twin => "pages that stand for another address",
            Self::Refused => "pages that the database refused",
        }
    }
}

impl From<Undecodable> for Skip {
    fn from(why: Undecodable) -> Self {
        match why {
            Undecodable::TooLarge => Self::Passed(Passed::TooLarge),
            Undecodable::Broken => Self::Undecodable,
        }
    }
}

/// The counters at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportTally {
    /// Records read, of all kinds.
    pub records: u64,
    /// Pages that were read as articles would be.
    pub pages: u64,
    /// Articles stored for the first time.
    pub new: u64,
    /// Articles that got a revision.
    pub revised: u64,
    /// Articles that were stored already as they are.
    pub known: u64,
    /// Articles that are stored with a text of a later time.
    pub older: u64,
    /// Articles that go on over further pages, which are not joined.
    pub unjoined: u64,
    /// What else the records were.
    pub skipped: BTreeMap<Skip, u64>,
    /// Some of the hosts that no source owns.
    pub unowned_hosts: BTreeSet<String>,
    /// The byte at which an earlier import of the file had ended.
    pub resumed_at: Option<u64>,
}

/// Counters that an import and whoever shows them share.
#[derive(Debug, Clone, Default)]
pub struct ImportProgress(Arc<Mutex<ImportTally>>);

impl ImportProgress {
    /// The counters now.
    #[must_use]
    pub fn tally(&self) -> ImportTally {
        self.counters().clone()
    }

    pub(super) fn resume(&self, at: u64) {
        self.counters().resumed_at = Some(at);
    }

    pub(super) fn skip(&self, why: Skip) {
        *self.counters().skipped.entry(why).or_default() += 1;
    }

    pub(super) fn name_host(&self, host: &str) {
        let mut tally = self.counters();
        if tally.unowned_hosts.len() < MAX_NAMED_HOSTS {
            tally.unowned_hosts.insert(host.to_owned());
        }
    }

    pub(super) fn record(&self) {
        self.counters().records += 1;
    }

    pub(super) fn page(&self, goes_on: bool) {
        let mut tally = self.counters();
        tally.pages += 1;
        tally.unjoined += u64::from(goes_on);
    }

    pub(super) fn settle(&self, imported: Imported) {
        let mut tally = self.counters();
        match imported {
            Imported::Article(Outcome::New) => tally.new += 1,
            Imported::Article(Outcome::Revised(_)) => tally.revised += 1,
            Imported::Article(
                Outcome::Unchanged | Outcome::Known | Outcome::Done | Outcome::Lost,
            ) => tally.known += 1,
            Imported::Older => tally.older += 1,
            Imported::NoArticle => {}
        }
    }

    fn counters(&self) -> MutexGuard<'_, ImportTally> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
