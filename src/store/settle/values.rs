//! What goes into a settlement, and what comes out.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::{
    CanonicalUrl, ContentHash, Disposition, Exchange, Fingerprint, Hint, HostId, Job, LeaseToken,
    Lesson, Validators,
};
use crate::store::{NewJob, StoredArticle};

/// How finished visits are gathered into transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batching {
    /// At most so many in one.
    pub visits: usize,
    /// The first waits so long for others.
    pub linger: Duration,
}

impl Batching {
    /// One server: a flush of the disk is shared, and nobody waits long for it. A hundred is what
    /// one lease may bring.
    pub(in crate::store) const ALONE: Self = Self {
        visits: 100,
        linger: Duration::from_millis(30),
    };
    /// A cluster: each transaction asks several servers, so that many visits share one.
    pub(in crate::store) const CLUSTER: Self = Self {
        visits: 500,
        linger: Duration::from_millis(500),
    };
}

/// How one visit ended, and all that it leaves behind.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// The host that was visited.
    pub host: HostId,
    /// The token of its lease.
    pub token: LeaseToken,
    /// The job that was visited.
    pub job: Job,
    /// What becomes of the job.
    pub disposition: Disposition,
    /// Exchanges made for it, or refused.
    pub exchanges: Vec<Exchange>,
    /// What the next conditional request is made of; `None` where no answer was of use.
    pub visit: Option<Visit>,
    /// Links to visit; those that were met before are passed over.
    pub found: Vec<Found>,
    /// Links to other outlets: recorded, not visited.
    pub outside: Vec<Outside>,
    /// The further page of a listing: visited although it was met before.
    pub next: Option<NewJob>,
    /// What else is known from now on.
    pub seen: Vec<Fingerprint>,
    /// Other addresses of the article.
    pub aliases: Vec<Alias>,
    /// The article that was read.
    pub article: Option<StoredArticle>,
    /// Whether the outlet took the page down: the article stays, marked.
    pub is_gone: bool,
    /// When the article is looked at again; decides over `disposition`.
    pub again: Option<Again>,
    /// What the visit of a listing taught.
    pub lesson: Option<Lesson>,
    /// What the visit of a listing showed.
    pub poll: Option<Poll>,
    /// What listings had said of the article.
    pub spent: Option<SpentHint>,
}

/// What a visit of a listing showed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Poll {
    /// Articles; `None` where it was unchanged.
    pub listed: Option<usize>,
    /// Those of them that were never met before.
    pub new: usize,
    /// Links to other outlets; `None` where it was unchanged.
    pub outside: Option<usize>,
    /// Whether nothing was left of the newest entries of the visit before.
    pub is_turned_over: bool,
    /// Articles that came and went unseen, as estimated; `None` where it can't be told.
    pub missed: Option<f64>,
    /// Time until the next visit.
    pub next: Duration,
}

/// A hint that an article's page was read with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpentHint {
    /// What listings say.
    pub hint: Hint,
    /// Whether the article would be another without it: the next look needs it too.
    pub is_used: bool,
}

/// The wait until an article is looked at again; `None` where its time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Again {
    /// When it was found as it was.
    pub unchanged: Option<Duration>,
    /// When it was found edited.
    pub edited: Option<Duration>,
}

impl Settlement {
    /// Its article, if that was read at another address than its own.
    #[must_use]
    pub fn read_elsewhere(&self) -> Option<&StoredArticle> {
        let article = self.article.as_ref()?;
        (article.identity.fingerprint() != self.job.fingerprint).then_some(article)
    }

    /// The settlement of a visit that left nothing behind.
    #[must_use]
    pub fn new(host: HostId, token: LeaseToken, job: Job, disposition: Disposition) -> Self {
        Self {
            host,
            token,
            job,
            disposition,
            exchanges: Vec::new(),
            visit: None,
            found: Vec::new(),
            outside: Vec::new(),
            next: None,
            seen: Vec::new(),
            aliases: Vec::new(),
            article: None,
            is_gone: false,
            again: None,
            lesson: None,
            poll: None,
            spent: None,
        }
    }
}

/// What an answer leaves behind for the next request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visit {
    /// Of the answer.
    pub validators: Validators,
    /// Of its body.
    pub body_hash: Option<ContentHash>,
}

/// A link to visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The visit.
    pub job: NewJob,
    /// The headline as the listing gives it.
    pub title: Option<String>,
    /// The time as the listing gives it.
    pub published_at: Option<DateTime<Utc>>,
    /// What it says besides, where that is of use to the parser.
    pub hint: Option<Hint>,
}

/// A link to another outlet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// Where it leads.
    pub url: CanonicalUrl,
    /// The headline as the listing gives it.
    pub title: Option<String>,
}

/// Another address of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The other address.
    pub from: CanonicalUrl,
    /// The article's own.
    pub to: CanonicalUrl,
    /// How we know.
    pub reason: AliasReason,
}

/// How we know that two addresses are of one article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AliasReason {
    /// One redirects to the other.
    Redirect,
    /// The page names the other as its canonical address.
    Canonical,
    /// One is the AMP page of the other.
    Amp,
    /// One is the page for telephones.
    Mobile,
}

/// What became of one settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The lease was lost: nothing was written.
    Lost,
    /// Written; it brought no article.
    Done,
    /// Its article was not known before.
    New,
    /// Its article has a new content, the one with this number.
    Revised(i32),
    /// Its article is known with this content.
    Unchanged,
    /// Its article is known under another address, and was left as it is.
    Known,
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settled {
    /// Hosts that another node holds by now.
    pub lost: Vec<HostId>,
    /// One for each settlement, in their order.
    pub outcomes: Vec<Outcome>,
    /// Addresses that were not known before, and further pages of listings, now in the frontier.
    pub enqueued: Vec<Fingerprint>,
}
