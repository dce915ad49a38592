//! A site looked at from its front page on, until a source file can be written.

use std::sync::Arc;

use chrono::Utc;

use super::{Missed, Scout};
use crate::crawl::cpu::on_cpu;
use crate::crawl::listing::{Reach, follow, read_listing};
use crate::discover::propose::{
    Answer, Errand, Front, NothingFound, Proposal, Prospect, Sample, What, front,
};
use crate::discover::{AddressMemory, Listing};
use crate::domain::{CanonicalUrl, JobKind, PageKind, Source, SourceName};
use crate::extract::{self, Extraction};
use crate::fetch::{Accept, Page};
use crate::markup;

/// Why no source file can be written.
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// The front page can't be had or read.
    #[error("{0}")]
    Front(String),
    /// It leads to no article.
    #[error(transparent)]
    Nothing(#[from] NothingFound),
}

/// Looks at the site whose front page is `home`.
///
/// # Errors
/// When the front page can't be read, or leads to no article.
pub async fn discover(scout: &Scout, home: &CanonicalUrl) -> Result<Proposal, DiscoveryError> {
    let failed = |why: String| DiscoveryError::Front(why);
    let page = scout.get(home, Accept::Html, None).await;
    let page = page.map_err(|missed| failed(missed.to_string()))?;
    let source = Arc::new(bare(page.url.clone()).map_err(failed)?);
    let page = Arc::new(page);
    let first = scout.front(&page, &source).await.map_err(failed)?;
    let named = scout
        .known()
        .robots
        .get(&page.url.origin())
        .map(|rules| rules.robots.sitemaps().to_vec());
    let mut prospect = Prospect::new((*source).clone(), first, named.unwrap_or_default());
    while let Some(errand) = prospect.next_errand() {
        let answer = match scout.run(&errand, &source).await {
            Ok(answer) => answer,
            Err(Missed::Because(why)) => Answer::Nothing(why),
            Err(Missed::Spent(_)) => break,
        };
        prospect.take(&errand, answer);
    }
    Ok(prospect.finish(scout.clock.now().date_naive())?)
}

/// A source of which only the home is known.
fn bare(home: CanonicalUrl) -> Result<Source, String> {
    let name = SourceName::new("unnamed").map_err(|error| error.to_string())?;
    Ok(Source::new(name, home))
}

impl Scout {
    async fn run(&self, errand: &Errand, source: &Arc<Source>) -> Result<Answer, Missed> {
        let accept = match errand.what {
            What::Feed => Accept::Feed,
            What::Sitemap => Accept::Sitemap,
            What::Section | What::Sample => Accept::Html,
        };
        let page = Arc::new(self.get(&errand.url, accept, None).await?);
        let read = match errand.what {
            What::Sample => self
                .sample(&page, source)
                .await
                .map(|extraction| Answer::Sample(sample_of(errand.url.clone(), &extraction))),
            What::Section => self.front(&page, source).await.map(Answer::Page),
            What::Feed => match self.listing(JobKind::Feed, &page, source).await {
                Ok(listing) => Ok(Answer::Listing(Box::new(listing))),
                // Many outlets list their feeds at the usual address of one.
                Err(why) => match self.front(&page, source).await {
                    Ok(front) if front.names_feeds() => Ok(Answer::Page(front)),
                    Ok(_) | Err(_) => Err(why),
                },
            },
            What::Sitemap => self
                .listing(JobKind::Sitemap, &page, source)
                .await
                .map(|listing| Answer::Listing(Box::new(listing))),
        };
        Ok(read.unwrap_or_else(Answer::Nothing))
    }

    /// Reads a page that links to others, if it lets its links be followed.
    pub(super) async fn front(
        &self,
        page: &Arc<Page>,
        source: &Arc<Source>,
    ) -> Result<Front, String> {
        let (page, source) = (Arc::clone(page), Arc::clone(source));
        let (token, now) = (self.fetch.user_agent.token().to_owned(), self.clock.now());
        let read = on_cpu(move || {
            let decoded = markup::decode(
                &page.body,
                page.content_type.as_deref(),
                Some(page.url.host()),
            );
            let html = markup::parse_html(&decoded.text).map_err(|error| error.to_string())?;
            follow(&page, markup::named_metas(&html), (&token, now)).map_err(|(_, why)| why)?;
            Ok(front(&html, page.url.as_url(), &source))
        });
        read.await.map_err(|error| error.to_string())?
    }

    /// Reads a listing as the crawl does.
    pub(super) async fn listing(
        &self,
        kind: JobKind,
        page: &Arc<Page>,
        source: &Arc<Source>,
    ) -> Result<Listing, String> {
        let (page, source) = (Arc::clone(page), Arc::clone(source));
        let (token, now) = (self.fetch.user_agent.token().to_owned(), self.clock.now());
        let read = on_cpu(move || {
            let known = (source.as_ref(), &AddressMemory::default());
            read_listing(kind, &page, known, ((&token, now), Reach::Newest))
        });
        let read = read.await.map_err(|error| error.to_string())?;
        read.map_err(|(_, why)| why)
    }

    /// Reads a page as an article.
    pub(super) async fn sample(
        &self,
        page: &Arc<Page>,
        source: &Arc<Source>,
    ) -> Result<Extraction, String> {
        let (page, source) = (Arc::clone(page), Arc::clone(source));
        let now = self.clock.now();
        let read = on_cpu(move || extract_page(&page, &source, now));
        read.await.map_err(|error| error.to_string())?
    }
}

fn extract_page(
    page: &Page,
    source: &Source,
    now: chrono::DateTime<Utc>,
) -> Result<Extraction, String> {
    let rules = extract::SiteRules::compile(&source.rules).map_err(|errors| {
        errors
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("; ")
    })?;
    let decoded = markup::decode(
        &page.body,
        page.content_type.as_deref(),
        Some(page.url.host()),
    );
    let html = markup::parse_html(&decoded.text).map_err(|error| error.to_string())?;
    Ok(extract::page(&extract::Input {
        url: Some(page.url.as_url()),
        zone: source.timezone,
        language: source.language.as_deref(),
        rules: Some(&rules),
        identity: source.identity(),
        ..extract::Input::of(&html, now)
    }))
}

fn sample_of(url: CanonicalUrl, extraction: &Extraction) -> Sample {
    Sample {
        url,
        is_article: extraction.kind == PageKind::Article,
        language: extraction.article.language.clone(),
        published: extraction.article.published.clone(),
    }
}
