//! What is known of an address, as values; instants are UTC, by the database's clock.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

pub(super) type Time = DateTime<Utc>;

/// All that the tables know of an address.
#[derive(Debug, Clone, PartialEq)]
pub struct AddressFacts {
    /// When it was read.
    pub now: Time,
    /// When the address was first met; `None`: never, or only as a link to another outlet.
    pub first_seen_at: Option<Time>,
    /// The visit that is to come.
    pub job: Option<JobFact>,
    /// What politeness counts it to, once that was ever asked.
    pub host: Option<HostFact>,
    /// The configured listing that it is.
    pub listing: Option<ListingFact>,
    /// The listings it was met in, the first sight first; 20 at most.
    pub discoveries: Vec<DiscoveryFact>,
    /// The exchanges made for it, the latest first; 20 at most.
    pub exchanges: Vec<ExchangeFact>,
    /// The article whose other address it is.
    pub alias_of: Option<AliasFact>,
    /// Other addresses of the article.
    pub aliases: Vec<AliasFact>,
    /// The article at it, or at the address that it stands for.
    pub article: Option<ArticleFact>,
    /// Where the article's fields came from.
    pub fields: Vec<FieldFact>,
    /// The article's contents, the latest first; 50 at most.
    pub revisions: Vec<RevisionFact>,
}

/// A visit that is to come.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JobFact {
    /// What politeness counts it to.
    pub host: String,
    /// page, feed, sitemap or article.
    pub kind: String,
    /// 0 listing, 1 fresh, 2 article, 3 backfill.
    pub priority: i16,
    /// Counted tries so far.
    pub attempt: i16,
    /// Not before; `None`: not while its source is disabled.
    pub run_at: Option<Time>,
    /// Seconds between visits; `None`: it is visited once.
    pub interval_seconds: Option<f64>,
    /// The outlet it is visited for.
    pub source: Option<String>,
    /// Whether that is visited at all.
    pub is_source_active: bool,
    /// Jobs of the host that are due and go first; 1,000 where there are more.
    pub ahead: i64,
}

/// A unit of politeness as it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HostFact {
    /// Its name.
    pub key: String,
    /// Whether a node holds it, or held it and has not given it back.
    pub is_leased: bool,
    /// That node.
    pub leased_by: Option<String>,
    /// When the lease ends; for an idle host, when it may be leased.
    pub ready_at: Time,
    /// No request before.
    pub polite_at: Option<Time>,
    /// Failures in a row.
    pub failures: i16,
    /// Left alone until then.
    pub rests_until: Option<Time>,
    /// Why.
    pub last_error: Option<String>,
}

/// A configured listing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListingFact {
    /// page, feed or sitemap.
    pub kind: String,
    /// Whose it is.
    pub source: String,
    /// Whether it is still in the source's file.
    pub is_active: bool,
}

/// Where an address was met.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DiscoveryFact {
    /// Whose listing it was.
    pub source: String,
    /// page, feed or sitemap.
    pub section_kind: String,
    /// The listing.
    pub section_url: String,
    /// When it was first met there.
    pub discovered_at: Time,
    /// enqueued or outside.
    pub verdict: String,
    /// Headline as the listing gives it.
    pub title: Option<String>,
}

/// An exchange, or the refusal to make it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExchangeFact {
    /// When it was started.
    pub started_at: Time,
    /// The address asked: robots.txt and targets of redirects too.
    pub url: String,
    /// The status, if there was an answer.
    pub status: Option<i16>,
    /// Bytes of the decoded body.
    pub bytes: i64,
    /// From the start to the last byte.
    pub elapsed_ms: i32,
    /// used, unchanged, redirected or failed.
    pub outcome: String,
    /// Why it failed, one word.
    pub error_class: Option<String>,
    /// Why it failed, one sentence.
    pub error: Option<String>,
    /// The web archive that held the answer, where it was not asked by us.
    pub archive: Option<String>,
}

/// Two addresses of one article.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AliasFact {
    /// The article.
    pub article_id: Uuid,
    /// The other address, where it is known.
    pub url: Option<String>,
    /// redirect, canonical, amp or mobile.
    pub reason: String,
    /// When that was seen.
    pub seen_at: Time,
}

/// A stored article.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArticleFact {
    /// Its key.
    pub id: Uuid,
    /// The outlet.
    pub source: Option<String>,
    /// Its address.
    pub url: String,
    /// Its headline.
    pub title: String,
    /// ISO 639-1.
    pub language: Option<String>,
    /// First publication, where the page states it.
    pub published_at: Option<Time>,
    /// Last change, where the page states it.
    pub modified_at: Option<Time>,
    /// When the address was first met.
    pub first_seen_at: Time,
    /// When the page was last asked for.
    pub last_checked_at: Time,
    /// Words of the text.
    pub word_count: i32,
    /// Contents so far.
    pub revision_count: i32,
    /// When the outlet was found to have taken it down.
    pub removed_at: Option<Time>,
}

/// Where a field of an article came from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldFact {
    /// The field.
    pub field: String,
    /// What gave it.
    pub strategy: String,
    /// high, medium or low.
    pub trust: String,
    /// What the page said.
    pub raw: Option<String>,
}

/// A content of an article.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RevisionFact {
    /// Its number, from 1.
    pub revision: i32,
    /// first, edit or reparse.
    pub kind: String,
    /// When it was first seen.
    pub seen_at: Time,
    /// Fields that differ from the one before.
    pub changed: Vec<String>,
    /// Its headline.
    pub title: String,
}
