//! What a hub pushes (WebSub).

use super::{CanonicalUrl, SectionId, SourceId};

/// The new part of a feed, as its hub sent it and signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// The feed.
    pub section: SectionId,
    /// Whose it is.
    pub source: SourceId,
    /// Where it is; relative addresses in the push stand under it.
    pub url: CanonicalUrl,
    /// The Content-Type header.
    pub content_type: Option<String>,
    /// The push itself.
    pub body: Vec<u8>,
}
