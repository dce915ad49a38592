//! Who we say we are: the User-Agent header and its robots token.

use std::fmt;

/// A User-Agent header value whose product token robots.txt groups can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserAgent(String);

/// Why a text can't be our User-Agent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` can't be a User-Agent: it must begin with a product name of letters, `_` or `-` \
     (\"Sokbo/1.0 (+https://…)\") and hold visible ASCII only"
)]
pub struct AgentError(String);

impl UserAgent {
    /// Takes a configured User-Agent header.
    ///
    /// # Errors
    /// When it has no product token (RFC 9309 section 2.2.1) or can't be sent as a header.
    pub fn new(text: &str) -> Result<Self, AgentError> {
        let agent = Self(text.trim().to_owned());
        let is_sendable = agent.0.bytes().all(|b| (0x20..0x7f).contains(&b));
        if agent.token().is_empty() || !is_sendable {
            return Err(AgentError(text.to_owned()));
        }
        Ok(agent)
    }

    /// "Sokbo/VERSION (+contact)", or without the bracket where no contact is known.
    #[must_use]
    pub fn with_contact(contact: Option<&str>) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        let contact: Option<String> = contact
            .map(|c| {
                c.chars()
                    .filter(|c| c.is_ascii_graphic() || *c == ' ')
                    .collect::<String>()
            })
            .filter(|c| !c.is_empty());
        Self(match contact {
            Some(contact) => format!("Sokbo/{version} (+{contact})"),
            None => format!("Sokbo/{version}"),
        })
    }

    /// The product token that robots.txt groups are matched with: the leading letters, `_` and `-`.
    #[must_use]
    pub fn token(&self) -> &str {
        let is_token = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '-';
        self.0.split(|c| !is_token(c)).next().unwrap_or_default()
    }

    /// The whole header value.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_is_the_leading_product_name() {
        let agent = UserAgent::new("Sokbo/0.1.0 (+mailto:ops@example.org)").unwrap();
        assert_eq!(agent.token(), "Sokbo");
        assert!(
            UserAgent::with_contact(Some("https://example.org"))
                .as_str()
                .contains("(+https")
        );
    }

    #[test]
    fn agent_without_a_product_or_with_control_characters_is_refused() {
        for text in ["", "/1.0", "속보/1.0", "Sokbo/1.0\r\nX: y"] {
            assert!(UserAgent::new(text).is_err(), "{text:?}");
        }
    }
}
