//! A page in hand, whether a visit fetched it or an archive held it: read, judged, and made ready to
//! be stored. Asks nothing of the network.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::archive;
use crate::dedup::{self, Address};
use crate::discover;
use crate::domain::{
    CanonicalUrl, ContentHash, ErrorClass, PageKind, Source, SourceId, StorePolicy, Validators,
};
use crate::extract::{self, Extraction, SiteMemory};
use crate::fetch::Page;
use crate::markup;
use crate::policy::Directives;
use crate::store::{Alias, AliasReason, RawPage, StoredArticle, Told};

use super::cpu::on_cpu;
use super::profile::host_key;
use super::{CrawlError, Profile, Visitor};

/// What a page is read with.
#[derive(Debug, Clone, Default)]
pub(super) struct Context {
    pub(super) profile: Option<Arc<Profile>>,
    /// What is remembered of the source.
    pub(super) memory: Option<Arc<SiteMemory>>,
}

impl Context {
    pub(super) fn source(&self) -> Option<&Source> {
        self.profile.as_deref().map(|profile| &profile.source)
    }
}

/// A page with what was read from it.
pub(super) struct ReadPage {
    pub(super) url: CanonicalUrl,
    pub(super) extraction: Extraction,
    pub(super) validators: Validators,
    pub(super) body_hash: ContentHash,
    pub(super) raw: Option<RawPage>,
    directives: Directives,
}

/// What a page is good for.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It is an article, kept under this address.
    Article {
        identity: CanonicalUrl,
        /// Its other addresses, as far as they were met.
        aliases: Vec<Alias>,
    },
    /// It stands for the page at another address.
    Elsewhere(CanonicalUrl, AliasReason),
    /// Nothing, and why.
    Useless(ErrorClass, String),
}

impl Visitor {
    /// What pages of a source are read with.
    pub(super) async fn context(&self, profile: Option<Arc<Profile>>) -> Context {
        let memory = match &profile {
            Some(profile) => Some(self.memories.of(profile.id).await.pages),
            None => None,
        };
        Context { profile, memory }
    }

    /// Parses a page that was fetched at `now` with what listings say of it, on a thread for pages; the inner `Err` holds the
    /// reason why it can't be parsed.
    ///
    /// # Errors
    /// When the page broke the parser.
    pub(super) async fn read(
        &self,
        page: Page,
        (context, told): (&Context, Told),
        now: DateTime<Utc>,
    ) -> Result<Result<ReadPage, String>, CrawlError> {
        let keeps_raw = self.archive.raw_html;
        let agent = self.agent.clone();
        let context = context.clone();
        on_cpu(move || read(page, (&context, &told), (now, agent.token()), keeps_raw)).await
    }

    /// Teaches the memory of the source what a page shows that was never read before.
    pub(super) fn learn(&self, read: &mut ReadPage, source: Option<SourceId>) {
        let seen = read.extraction.observation.take();
        if let (Some(source), Some(seen)) = (source, seen) {
            self.memories.learn(source, seen);
        }
    }

    /// Teaches what became of an address that was never read before. A page that says of itself only
    /// that it can't be read now says nothing of its address.
    pub(super) fn learn_address(
        &self,
        read: &ReadPage,
        met: &CanonicalUrl,
        source: Option<SourceId>,
    ) {
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
        let seen = discover::AddressSeen::read(met, is_article);
        if let (Some(source), Some(seen)) = (source, seen) {
            self.memories.learn_addresses(source, [seen]);
        }
    }
}

fn read(
    page: Page,
    (context, told): (&Context, &Told),
    (now, agent): (DateTime<Utc>, &str),
    keeps_raw: bool,
) -> Result<ReadPage, String> {
    let body_hash = ContentHash::of([page.body.as_slice()]);
    let host = Some(page.url.host());
    let decoded = markup::decode(&page.body, page.content_type.as_deref(), host);
    let html = markup::parse_html(&decoded.text).map_err(|error| error.to_string())?;
    let source = context.source();
    let extraction = extract::page(&extract::Input {
        url: Some(page.url.as_url()),
        zone: source.and_then(|s| s.timezone),
        language: source.and_then(|s| s.language.as_deref()),
        rules: context.profile.as_deref().map(|p| &p.rules),
        identity: source.map(|s| s.identity()).unwrap_or_default(),
        memory: context.memory.as_deref(),
        hint: told.hint.as_ref(),
        offset: told.offset,
        ..extract::Input::of(&html, now)
    });
    let tags = page.robots_tags.iter().map(String::as_str);
    let metas = markup::named_metas(&html);
    let directives = Directives::read(tags, metas, agent, now);
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
}

/// Judges a page that was met at `met`; one that was handed on already is not handed on to its twin.
pub(super) fn judge(
    read: &ReadPage,
    met: &CanonicalUrl,
    may_hand_on: bool,
    source: Option<&Source>,
) -> Verdict {
    if read.extraction.kind != PageKind::Article {
        return no_article(read, source);
    }
    let alias = |to: &CanonicalUrl, reason| Alias {
        from: met.clone(),
        to: to.clone(),
        reason,
    };
    let mut aliases = Vec::new();
    if read.url != *met {
        aliases.push(alias(&read.url, AliasReason::Redirect));
    }
    let hint = read.extraction.canonical.as_ref();
    let identity = match dedup::address(&read.url, hint, source) {
        Address::Own => read.url.clone(),
        Address::Twin(_) if !may_hand_on => read.url.clone(),
        Address::Variant(address) => {
            aliases.push(alias(&address, AliasReason::Canonical));
            address
        }
        Address::Twin(address) => return Verdict::Elsewhere(address, AliasReason::Canonical),
    };
    if read.directives.noindex {
        let reason = format!("{} asks not to be indexed, so it is not stored", read.url);
        return Verdict::Useless(ErrorClass::Directive, reason);
    }
    Verdict::Article { identity, aliases }
}

/// What to do with a page that is a stub, a listing or something else.
fn no_article(read: &ReadPage, source: Option<&Source>) -> Verdict {
    let extraction = &read.extraction;
    let identity = source.map(|source| source.identity()).unwrap_or_default();
    let target = extraction
        .redirect
        .clone()
        .and_then(|to| CanonicalUrl::from_url(to, identity).ok())
        .filter(|to| to.fingerprint() != read.url.fingerprint());
    if let Some(to) = target {
        return Verdict::Elsewhere(to, AliasReason::Redirect);
    }
    let class = match extraction.reason {
        Some(extract::Reason::Challenge) => ErrorClass::Challenge,
        Some(_) | None => ErrorClass::Content,
    };
    let reason = extraction.reason.as_ref();
    let reason = reason.map(ToString::to_string).unwrap_or_default();
    Verdict::Useless(class, format!("{} is no article: {reason}", read.url))
}

/// The article of a page that was met at `met`, as it is stored.
pub(super) fn stored(
    read: ReadPage,
    identity: CanonicalUrl,
    met: &CanonicalUrl,
    source: Option<&Source>,
) -> StoredArticle {
    let article = read.extraction.article;
    let keep_body = source.is_none_or(|source| source.store == StorePolicy::Full);
    StoredArticle {
        content_hash: article.content_hash(),
        sim_hash: dedup::sim_hash(&article.body_text()),
        is_alias: identity.fingerprint() != met.fingerprint(),
        raw: read.raw.filter(|_| keep_body),
        host: host_key(&identity, source),
        word_count: article.word_count(),
        keep_body,
        article,
        identity,
    }
}
