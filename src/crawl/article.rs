//! The visit of an article's page: parsed, judged, its address settled, its further pages joined.

use std::sync::Arc;

use url::Url;

use crate::archive;
use crate::dedup::{self, Address};
use crate::discover;
use crate::domain::{
    Article, CanonicalUrl, ContentHash, ErrorClass, FetchOutcome, Identity, Job, PageKind, Source,
    StorePolicy, Validators,
};
use crate::extract::{self, Extraction, SiteMemory};
use crate::fetch::Page;
use crate::markup;
use crate::policy::Directives;
use crate::store::{self, Alias, AliasReason, RawPage, StoredArticle, Told};

use super::cpu::on_cpu;
use super::gate::HostGate;
use super::get::Got;
use super::profile::host_key;
use super::visit::{Ending, Findings, Visit};
use super::{CrawlError, Profile, Visitor};

/// Pages that one article may be spread over.
const MAX_PAGES: usize = 20;

/// A page with what was read from it.
struct ReadPage {
    url: CanonicalUrl,
    extraction: Extraction,
    validators: Validators,
    body_hash: ContentHash,
    raw: Option<RawPage>,
    directives: Directives,
}

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
        let (got, memory, told) = tokio::join!(
            self.get(&url, job.validators.clone(), gate),
            remembered(visitor, profile.as_deref()),
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
        let told = self.told.clone();
        let known = (profile.clone(), memory.clone());
        let read = match self.read(page, known, told).await? {
            Ok(read) => read,
            Err(reason) => return Ok(self.useless(ErrorClass::Content, reason)),
        };
        drop(permit); // before further pages are asked for: they need one of their own
        self.learn_address(&read);
        if let Some(ending) = self.no_article(&read, profile.as_deref()) {
            return Ok(ending);
        }
        let mut aliases = Vec::new();
        if read.url != self.job.url {
            aliases.push(self.alias(&read.url, AliasReason::Redirect));
        }
        let source = profile.as_ref().map(|profile| &profile.source);
        let hint = read.extraction.canonical.as_ref();
        let identity = match dedup::address(&read.url, hint, source) {
            Address::Own => read.url.clone(),
            // What was handed on once is not handed on again: two twins may name each other.
            Address::Twin(_) if self.job.depth > 0 => read.url.clone(),
            Address::Variant(address) => {
                aliases.push(self.alias(&address, AliasReason::Canonical));
                address
            }
            Address::Twin(address) => {
                return Ok(self.goes_on_at(address, AliasReason::Canonical));
            }
        };
        if read.directives.noindex {
            let reason = format!("{} asks not to be indexed, so it is not stored", read.url);
            return Ok(self.useless(ErrorClass::Directive, reason));
        }
        let mut read = read;
        self.learn(&mut read);
        self.join_pages(&mut read, (profile.clone(), memory), gate)
            .await?;
        Ok(self.stored(read, identity, aliases, source))
    }

    /// Teaches the memory of the source what a page shows that was never visited before.
    fn learn(&self, read: &mut ReadPage) {
        let seen = read.extraction.observation.take();
        let is_new = self.job.body_hash.is_none();
        if let (Some(source), Some(seen), true) = (self.job.source, seen, is_new) {
            self.visitor.memories.learn(source, seen);
        }
    }

    /// Teaches what became of an address that was never visited before. A page that says of itself
    /// only that it can't be read now says nothing of its address.
    fn learn_address(&self, read: &ReadPage) {
        let is_article = match read.extraction.reason {
            None => read.extraction.kind == PageKind::Article,
            Some(
                extract::Reason::NeedsScript
                | extract::Reason::Redirect(_)
                | extract::Reason::Challenge
                | extract::Reason::Consent
                | extract::Reason::Login
                | extract::Reason::SoftNotFound,
            ) => return,
            Some(_) => false,
        };
        let seen = discover::AddressSeen::read(&self.job.url, is_article);
        let is_new = self.job.body_hash.is_none();
        if let (Some(source), Some(seen), true) = (self.job.source, seen, is_new) {
            self.visitor.memories.learn_addresses(source, [seen]);
        }
    }

    fn alias(&self, to: &CanonicalUrl, reason: AliasReason) -> Alias {
        Alias {
            from: self.job.url.clone(),
            to: to.clone(),
            reason,
        }
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

    /// How the visit ends when the page is a stub, a listing or something else.
    fn no_article(&mut self, read: &ReadPage, profile: Option<&Profile>) -> Option<Ending> {
        let extraction = &read.extraction;
        if extraction.kind == PageKind::Article {
            return None;
        }
        let identity = profile.map(|p| p.source.identity()).unwrap_or_default();
        let target = extraction
            .redirect
            .clone()
            .and_then(|to| CanonicalUrl::from_url(to, identity).ok())
            .filter(|to| to.fingerprint() != read.url.fingerprint());
        if let Some(to) = target {
            return Some(self.goes_on_at(to, AliasReason::Redirect));
        }
        let class = match extraction.reason {
            Some(extract::Reason::Challenge) => ErrorClass::Challenge,
            Some(_) | None => ErrorClass::Content,
        };
        let reason = extraction
            .reason
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let reason = format!("{} is no article: {reason}", read.url);
        Some(self.useless(class, reason))
    }

    /// Parses a page on a thread for pages; `Err` holds the reason why it can't be parsed.
    async fn read(
        &self,
        page: Page,
        (profile, memory): (Option<Arc<Profile>>, Option<Arc<SiteMemory>>),
        told: Told,
    ) -> Result<Result<ReadPage, String>, CrawlError> {
        let now = self.visitor.clock.now();
        let keeps_raw = self.visitor.archive.raw_html;
        let agent = self.visitor.agent.clone();
        on_cpu(move || {
            let body_hash = ContentHash::of([page.body.as_slice()]);
            let host = Some(page.url.host());
            let decoded = markup::decode(&page.body, page.content_type.as_deref(), host);
            let html = markup::parse_html(&decoded.text).map_err(|error| error.to_string())?;
            let source = profile.as_deref().map(|p| &p.source);
            let extraction = extract::page(&extract::Input {
                url: Some(page.url.as_url()),
                zone: source.and_then(|s| s.timezone),
                language: source.and_then(|s| s.language.as_deref()),
                rules: profile.as_deref().map(|p| &p.rules),
                identity: source.map(|s| s.identity()).unwrap_or_default(),
                memory: memory.as_deref(),
                hint: told.hint.as_ref(),
                offset: told.offset,
                ..extract::Input::of(&html, now)
            });
            let tags = page.robots_tags.iter().map(String::as_str);
            let metas = markup::named_metas(&html);
            let directives = Directives::read(tags, metas, agent.token(), now);
            let keeps_raw = keeps_raw && !directives.noarchive;
            let packed = keeps_raw.then(|| archive::pack(&page.body)).transpose();
            let packed = packed.map_err(|error| format!("packing the page failed: {error}"))?;
            let raw = packed.map(|packed| RawPage {
                packed,
                status: page.exchange.status.unwrap_or(200),
                content_type: page.content_type,
                charset: Some(decoded.charset.to_owned()),
            });
            Ok(ReadPage {
                url: page.url,
                extraction,
                validators: page.validators,
                body_hash,
                raw,
                directives,
            })
        })
        .await
    }

    /// Appends the further pages of an article. What can't be read ends the article there.
    async fn join_pages(
        &mut self,
        first: &mut ReadPage,
        (profile, memory): (Option<Arc<Profile>>, Option<Arc<SiteMemory>>),
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
            let known = (profile.clone(), memory.clone());
            // A feed speaks of the article as a whole, not of its further pages.
            let Ok(read) = self.read(*page, known, Told::default()).await? else {
                break;
            };
            drop(permit);
            append(&mut first.extraction.article, read.extraction.article);
            next = read.extraction.next_page;
        }
        Ok(())
    }

    fn stored(
        &self,
        read: ReadPage,
        identity: CanonicalUrl,
        aliases: Vec<Alias>,
        source: Option<&Source>,
    ) -> Ending {
        let article = read.extraction.article;
        let keep_body = source.is_none_or(|source| source.store == StorePolicy::Full);
        let stored = StoredArticle {
            content_hash: article.content_hash(),
            sim_hash: dedup::sim_hash(&article.body_text()),
            is_alias: identity.fingerprint() != self.job.fingerprint,
            raw: read.raw.filter(|_| keep_body),
            host: host_key(&identity, source),
            word_count: article.word_count(),
            keep_body,
            article,
            identity,
        };
        let findings = Findings {
            visit: Some(store::Visit {
                validators: read.validators,
                body_hash: Some(read.body_hash),
            }),
            aliases,
            article: Some(stored),
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

/// What is remembered of the source.
async fn remembered(visitor: &Visitor, profile: Option<&Profile>) -> Option<Arc<SiteMemory>> {
    match profile {
        Some(profile) => Some(visitor.memories.of(profile.id).await.pages),
        None => None,
    }
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
