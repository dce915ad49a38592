//! One answer of an archive: from its record to what is stored, by the code that visits use.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::archive::{Answer, WarcRecord};
use crate::crawl::cpu::on_cpu;
use crate::crawl::page::{Context, ReadPage, Verdict, judge, stored};
use crate::crawl::profile::host_key;
use crate::crawl::{CrawlError, Profile, Visitor};
use crate::domain::{
    CanonicalUrl, ErrorClass, Exchange, FetchOutcome, Identity, StorePolicy, Validators,
};
use crate::fetch;
use crate::store::{self, Alias, AliasReason, ImportedPage};

use super::ImportOptions;
use super::tally::{ImportProgress, Skip};

/// Clocks of other machines may be ahead of ours.
const TOLERANCE: TimeDelta = TimeDelta::days(1);

/// Longer header values are not kept, as those of our own fetches.
const MAX_HEADER_BYTES: usize = 2_000;

/// What answers are made into pages with.
pub(super) struct Importer {
    pub(super) visitor: Visitor,
    pub(super) options: ImportOptions,
    pub(super) progress: ImportProgress,
}

/// An answer whose address somebody owns.
struct Owned {
    url: CanonicalUrl,
    profile: Arc<Profile>,
    at: DateTime<Utc>,
}

impl Importer {
    /// What an answer leaves behind; `None` where that is nothing, which is counted.
    ///
    /// # Errors
    /// When the store failed.
    pub(super) async fn page(
        &self,
        record: WarcRecord,
    ) -> Result<Option<ImportedPage>, CrawlError> {
        let owned = match self.owned(&record) {
            Ok(owned) => owned,
            Err(skip) => return Ok(self.skip(skip)),
        };
        if record.is_truncated {
            return Ok(self.skip(Skip::Truncated));
        }
        let Some(answer) = Answer::read(record.block) else {
            return Ok(self.skip(Skip::NoAnswer));
        };
        match answer.status {
            200 if answer.is_html() => {}
            200 => return Ok(self.skip(Skip::NoPage)),
            301 | 302 | 303 | 307 | 308 => return Ok(self.redirect(&answer, &owned)),
            _ => return Ok(self.skip(Skip::Status)),
        }
        let page = match self.fetched(answer, &owned).await {
            Ok(Ok(page)) => page,
            Ok(Err(skip)) => return Ok(self.skip(skip)),
            Err(CrawlError::Page(_broke_the_decoder)) => return Ok(self.skip(Skip::Undecodable)),
            Err(error) => return Err(error),
        };
        self.read(page, owned).await.map(Some)
    }

    fn skip(&self, why: Skip) -> Option<ImportedPage> {
        self.progress.skip(why);
        None
    }

    /// Judges what can be judged by the record's head.
    fn owned(&self, record: &WarcRecord) -> Result<Owned, Skip> {
        let now = self.visitor.clock.now();
        let at = record.date.filter(|at| *at <= now + TOLERANCE);
        let at = at.ok_or(Skip::NoTime)?;
        let url = record.url.as_deref().unwrap_or_default();
        let url = CanonicalUrl::parse(url, Identity::AllButTracking);
        let url = url.map_err(|_malformed| Skip::NoAddress)?;
        let chosen = self.options.source.as_ref();
        let Some(profile) = chosen.or_else(|| self.visitor.profiles.owner(&url)) else {
            self.progress.name_host(url.host());
            return Err(Skip::Unowned);
        };
        if profile.source.store == StorePolicy::Off {
            return Err(Skip::SourceOff);
        }
        if self.options.since.is_some_and(|since| at < since) {
            return Err(Skip::TooOld);
        }
        // The source's own rule for what makes an address.
        let url = CanonicalUrl::from_url(url.as_url().clone(), profile.source.identity());
        Ok(Owned {
            url: url.map_err(|_malformed| Skip::NoAddress)?,
            profile: Arc::clone(profile),
            at,
        })
    }

    /// The answer as if it had just been fetched.
    async fn fetched(
        &self,
        answer: Answer,
        owned: &Owned,
    ) -> Result<Result<fetch::Page, Skip>, CrawlError> {
        let limit = self.options.max_body;
        let header = |name: &str| {
            let value = answer.header(name)?;
            (value.len() <= MAX_HEADER_BYTES).then(|| value.to_owned())
        };
        let sendable = |name: &str| header(name).filter(|value| value.is_ascii());
        let validators = Validators {
            etag: sendable("etag"),
            last_modified: sendable("last-modified"),
        };
        let content_type = header("content-type");
        let robots_tags = answer.headers("x-robots-tag").map(ToOwned::to_owned);
        let robots_tags = robots_tags.collect();
        let mut exchange = exchange(owned, &answer);
        let body = match on_cpu(move || answer.body(limit)).await? {
            Ok(body) => body,
            Err(why) => return Ok(Err(why.into())),
        };
        exchange.body_bytes = u64::try_from(body.len()).unwrap_or(u64::MAX);
        Ok(Ok(fetch::Page {
            exchange,
            url: owned.url.clone(),
            content_type,
            body,
            validators,
            robots_tags,
            links: Vec::new(),
        }))
    }

    async fn read(&self, page: fetch::Page, owned: Owned) -> Result<ImportedPage, CrawlError> {
        let exchange = page.exchange.clone();
        let context = self.visitor.context(Some(Arc::clone(&owned.profile))).await;
        let source = Some(owned.profile.id);
        let told = self
            .visitor
            .store
            .told(owned.url.fingerprint(), source)
            .await?;
        let read = match self.visitor.read(page, (&context, told), owned.at).await {
            Ok(read) => read,
            Err(CrawlError::Page(reason)) => Err(reason),
            Err(error) => return Err(error),
        };
        let mut read = match read {
            Ok(read) => read,
            Err(reason) => {
                return Ok(self.useless(owned, exchange, ErrorClass::Content, reason));
            }
        };
        self.progress.page(read.extraction.next_page.is_some());
        let (identity, aliases) = match judge(&read, &owned.url, true, context.source()) {
            Verdict::Article { identity, aliases } => (identity, aliases),
            Verdict::Elsewhere(to, reason) => {
                self.progress.skip(Skip::Twin);
                return Ok(owned.alias(to, reason, exchange));
            }
            Verdict::Useless(class, reason) => {
                return Ok(self.useless(owned, exchange, class, reason));
            }
        };
        let met = self
            .visitor
            .store
            .met([&identity].into_iter(), None)
            .await?;
        if met.is_empty() {
            self.visitor.learn(&mut read, Some(owned.profile.id));
        }
        Ok(owned.article(&context, read, (identity, aliases), exchange))
    }

    fn redirect(&self, answer: &Answer, owned: &Owned) -> Option<ImportedPage> {
        let source = &owned.profile.source;
        let to = owned.url.as_url().join(answer.header("location")?).ok();
        let to = to.and_then(|to| CanonicalUrl::from_url(to, source.identity()).ok());
        self.progress.skip(Skip::Redirect);
        let mut exchange = exchange(owned, answer);
        exchange.outcome = FetchOutcome::Redirected;
        Some(owned.alias(to?, AliasReason::Redirect, exchange))
    }

    fn useless(
        &self,
        owned: Owned,
        mut exchange: Exchange,
        class: ErrorClass,
        reason: String,
    ) -> ImportedPage {
        self.progress.skip(Skip::NoArticle);
        exchange.outcome = FetchOutcome::Failed(class, reason);
        owned.page(exchange)
    }
}

impl Owned {
    fn page(&self, exchange: Exchange) -> ImportedPage {
        ImportedPage {
            url: self.url.clone(),
            host: host_key(&self.url, Some(&self.profile.source)),
            source: self.profile.id,
            exchange,
            visit: store::Visit::default(),
            aliases: Vec::new(),
            article: None,
        }
    }

    /// Another address of what is at `to`, if the source owns that.
    fn alias(&self, to: CanonicalUrl, reason: AliasReason, exchange: Exchange) -> ImportedPage {
        let mut page = self.page(exchange);
        if self.profile.source.owns(to.host()) {
            page.aliases.push(Alias {
                from: self.url.clone(),
                to,
                reason,
            });
        }
        page
    }

    fn article(
        &self,
        context: &Context,
        read: ReadPage,
        (identity, aliases): (CanonicalUrl, Vec<Alias>),
        exchange: Exchange,
    ) -> ImportedPage {
        ImportedPage {
            visit: store::Visit {
                validators: read.validators.clone(),
                body_hash: Some(read.body_hash),
            },
            aliases,
            article: Some(stored(read, identity, &self.url, context.source())),
            ..self.page(exchange)
        }
    }
}

/// What the archive tells of the exchange; how long it took it does not.
fn exchange(owned: &Owned, answer: &Answer) -> Exchange {
    Exchange {
        url: owned.url.as_str().to_owned(),
        started_at: owned.at,
        elapsed: Duration::ZERO,
        status: Some(answer.status),
        body_bytes: 0,
        retry_after: None,
        outcome: FetchOutcome::Used,
    }
}
