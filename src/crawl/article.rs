//! The visit of an article's page: fetched, read, and its further pages joined.

use std::sync::Arc;

use url::Url;

use crate::domain::{
    Article, CanonicalUrl, ContentHash, ErrorClass, FetchOutcome, Identity, Job, Source, Validators,
};
use crate::store::{self, Alias, AliasReason, Told};

use super::gate::HostGate;
use super::get::Got;
use super::page::{Context, ReadPage, Verdict, judge, stored};
use super::visit::{Ending, Findings, Visit};
use super::{CrawlError, Profile, Visitor};

/// Pages that one article may be spread over.
const MAX_PAGES: usize = 20;

impl Visit<'_> {
    /// Visits the article's page, once; [`Visit::article`] says when it is looked at again.
    ///
    /// # Errors
    /// When the gate closed or the store failed.
    pub(super) async fn article_page(
        &mut self,
        profile: Option<Arc<Profile>>,
        gate: &HostGate,
    ) -> Result<Ending, CrawlError> {
        let url = self.job.url.clone();
        let visitor = self.visitor;
        let job = self.job;
        // Loaded while the page comes: parsing never waits for the database.
        let (got, context, told) = tokio::join!(
            self.get(&url, job.validators.clone(), gate),
            visitor.context(profile),
            told(visitor, job, gate),
        );
        self.told = told?;
        let (page, permit) = match got? {
            Got::Page(page, permit) => (*page, permit),
            Got::NotModified(validators) => return Ok(self.as_before(validators)),
            Got::Gone => return Ok(self.gone()),
            Got::Elsewhere(to) => return Ok(self.goes_on_at(to, AliasReason::Redirect)),
            Got::Ended(ending) => return Ok(*ending),
        };
        if self.job.body_hash == Some(ContentHash::of([page.body.as_slice()])) {
            return Ok(self.as_before(page.validators));
        }
        let known = (&context, self.told.clone());
        let mut read = match visitor.read(page, known, visitor.clock.now()).await? {
            Ok(read) => read,
            Err(reason) => return Ok(self.useless(ErrorClass::Content, reason)),
        };
        drop(permit); // before further pages are asked for: they need one of their own
        let is_new = self.job.body_hash.is_none();
        if is_new {
            visitor.learn_address(&read, &self.job.url, self.job.source);
        }
        // What was handed on once is not handed on again: two twins may name each other.
        let may_hand_on = self.job.depth == 0;
        let (identity, aliases) = match judge(&read, &self.job.url, may_hand_on, context.source()) {
            Verdict::Article { identity, aliases } => (identity, aliases),
            Verdict::Elsewhere(to, reason) => return Ok(self.goes_on_at(to, reason)),
            Verdict::Useless(class, reason) => return Ok(self.useless(class, reason)),
        };
        if is_new {
            visitor.learn(&mut read, self.job.source);
        }
        self.join_pages(&mut read, &context, gate).await?;
        Ok(self.kept(read, identity, aliases, context.source()))
    }

    fn as_before(&mut self, validators: Validators) -> Ending {
        if let Some(exchange) = self.exchanges.last_mut() {
            exchange.outcome = FetchOutcome::Unchanged;
        }
        let visit = store::Visit {
            validators,
            body_hash: self.job.body_hash,
        };
        Ending::done(
            None,
            Findings {
                visit: Some(visit),
                ..Default::default()
            },
        )
    }

    /// The outlet took the page down, or never had it; the exchange says 404 or 410 already.
    fn gone(&mut self) -> Ending {
        Ending::done(
            None,
            Findings {
                is_gone: true,
                ..Default::default()
            },
        )
    }

    /// Appends the further pages of an article. What can't be read ends the article there.
    async fn join_pages(
        &mut self,
        first: &mut ReadPage,
        context: &Context,
        gate: &HostGate,
    ) -> Result<(), CrawlError> {
        let mut seen = vec![first.url.clone()];
        let mut next = first.extraction.next_page.take();
        while let Some(url) = next.take().and_then(|url| page_address(url, &seen)) {
            if seen.len() >= MAX_PAGES {
                break;
            }
            seen.push(url.clone());
            let got = self.get(&url, Validators::default(), gate).await?;
            let Got::Page(page, permit) = got else {
                break;
            };
            let now = self.visitor.clock.now();
            // A feed speaks of the article as a whole, not of its further pages.
            let known = (context, Told::default());
            let Ok(read) = self.visitor.read(*page, known, now).await? else {
                break;
            };
            drop(permit);
            append(&mut first.extraction.article, read.extraction.article);
            next = read.extraction.next_page;
        }
        Ok(())
    }

    fn kept(
        &self,
        read: ReadPage,
        identity: CanonicalUrl,
        aliases: Vec<Alias>,
        source: Option<&Source>,
    ) -> Ending {
        let visit = store::Visit {
            validators: read.validators.clone(),
            body_hash: Some(read.body_hash),
        };
        let findings = Findings {
            visit: Some(visit),
            aliases,
            article: Some(stored(read, identity, &self.job.url, source)),
            ..Default::default()
        };
        Ending::done(None, findings)
    }
}

/// What listings say of the article; waits for a database that is away, or the page in hand were lost.
async fn told(visitor: &Visitor, job: &Job, gate: &HostGate) -> Result<Told, CrawlError> {
    let ask = || visitor.store.told(job.fingerprint, job.source);
    let told = visitor.outage.outlast(gate.stop(), ask).await?;
    Ok(told.unwrap_or_default())
}

/// The next page's address, unless it was read before. Its page number makes it what it is, so the
/// source's identity parameters take no part.
fn page_address(url: Url, seen: &[CanonicalUrl]) -> Option<CanonicalUrl> {
    let url = CanonicalUrl::from_url(url, Identity::AllButTracking).ok()?;
    let is_same_host = seen.first().is_some_and(|first| first.host() == url.host());
    (is_same_host && !seen.contains(&url)).then_some(url)
}

fn append(article: &mut Article, page: Article) {
    article.body.extend(page.body);
    for author in page.authors {
        if !article.authors.contains(&author) {
            article.authors.push(author);
        }
    }
    for image in page.images {
        if article.images.iter().all(|known| known.url != image.url) {
            article.images.push(image);
        }
    }
}
