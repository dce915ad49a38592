//! What the answer to a request for robots.txt means, and for how long.

use std::time::Duration;

use super::Robots;

/// RFC 9309 section 2.4: not to be used for more than 24 hours.
const LONGEST_KEPT: Duration = Duration::from_secs(24 * 3600);

/// Half of that, so that a change is seen on the day it is made.
const KEPT: Duration = Duration::from_secs(12 * 3600);

/// How soon a robots.txt that could not be read is asked for again, at the soonest and at the latest.
const ASKED_AGAIN: Duration = Duration::from_secs(10 * 60);
const ASKED_AGAIN_AT_LAST: Duration = Duration::from_secs(6 * 3600);

/// What came of asking for a robots.txt, its redirects followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RobotsAnswer {
    /// A success, with its body.
    Body(Vec<u8>),
    /// Any other status, with its Retry-After.
    Status(u16, Option<Duration>),
    /// A sixth redirect, or one that leads nowhere.
    Astray,
    /// No answer, or one that broke off.
    Unreachable,
}

impl RobotsAnswer {
    /// The rules in force: those of the body; none where the file doesn't exist; no access at all
    /// where nobody knows (RFC 9309 section 2.3.1). Asked while [`is_conclusive`] is false only
    /// where no copy from before is at hand.
    ///
    /// [`is_conclusive`]: Self::is_conclusive
    #[must_use]
    pub fn rules(&self, agent_token: &str) -> Robots {
        match self {
            Self::Body(body) => Robots::parse(body, agent_token),
            _ if self.is_conclusive() => Robots::allow_all(),
            _ => Robots::disallow_all(),
        }
    }

    /// Whether the answer replaces a copy from before; an unreachable file does not (RFC 9309
    /// section 2.4).
    #[must_use]
    pub fn is_conclusive(&self) -> bool {
        match self {
            // RFC 9309 sections 2.3.1.2 and 2.3.1.3: unavailable means no rules.
            Self::Body(_) | Self::Astray => true,
            // Too Many Requests asks us to stay away, not to come in, so it counts as unreachable.
            Self::Status(status, _) => (200..500).contains(status) && *status != 429,
            // RFC 9309 section 2.3.1.4: unreachable means full disallow.
            Self::Unreachable => false,
        }
    }

    /// How long the rules hold before the file is asked for again. One that could not be read for
    /// `unreadable_for` is asked for again after half of that time, so that a short outage is
    /// noticed soon and a long one costs few requests; later where the server asks for patience.
    #[must_use]
    pub fn keep_for(&self, unreadable_for: Duration) -> Duration {
        if self.is_conclusive() {
            return KEPT;
        }
        let asked_for = match self {
            Self::Status(_, retry_after) => retry_after.unwrap_or_default(),
            Self::Body(_) | Self::Astray | Self::Unreachable => Duration::ZERO,
        };
        let ours = (unreadable_for / 2).clamp(ASKED_AGAIN, ASKED_AGAIN_AT_LAST);
        ours.max(asked_for.min(LONGEST_KEPT))
    }
}
