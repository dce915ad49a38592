//! Why a listing gave nothing.

/// Why a body is no listing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiscoverError {
    /// A web page came where a feed or sitemap was expected: it moved, ended or asks for a log-in.
    #[error("expected a {expected}, got a web page: check its address")]
    WebPage {
        /// What was expected: `feed` or `sitemap`.
        expected: &'static str,
    },
    /// Nothing could be read, not even after a repair.
    #[error("can't read the {expected}: {reason}")]
    Unreadable {
        /// What was expected: `feed` or `sitemap`.
        expected: &'static str,
        /// What the parser said.
        reason: String,
    },
}

/// Whether a text begins as web pages do, whatever its address or label promise.
pub(super) fn is_web_page(text: &str) -> bool {
    let head: String = text.trim_start().chars().take(200).collect();
    let head = head.to_ascii_lowercase();
    let head = match head.split_once("?>") {
        Some((declaration, rest)) if declaration.starts_with("<?xml") => rest.trim_start(),
        _ => head.as_str(),
    };
    head.starts_with("<!doctype html") || head.starts_with("<html")
}
