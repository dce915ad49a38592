//! Values and their rules, shared by every stage. No I/O and no async in here.

mod agent;
mod article;
mod clock;
mod fingerprint;
mod hint;
mod host;
mod job;
mod page;
mod push;
mod rhythm;
mod rule;
mod size;
mod source;
mod url;

pub use agent::{AgentError, UserAgent};
pub use article::{Article, Image, PageKind, Precision, Provenance, Stamp, Trust};
pub use clock::{Clock, ManualClock, SystemClock};
pub use fingerprint::{ContentHash, Fingerprint, SimHash};
pub use hint::{Hint, StatedOffset};
pub use host::{HostKey, Scope, Standing, is_within, registrable_domain};
pub use job::{
    Disposition, HostId, Job, JobKind, Lease, LeaseToken, LeasedHost, Priority, SectionId, SourceId,
};
pub use page::{ErrorClass, Exchange, FetchOutcome, Validators};
pub use push::Push;
pub use rhythm::{BEATS, Lesson, Pulse, RHYTHM_HALF_LIFE, Rhythm};
pub use rule::{RuleField, SiteRule};
pub use size::{ByteSize, ByteSizeError};
pub use source::{
    Budget, Country, Interval, Section, SectionKind, Source, SourceName, SourceNameError,
    StorePolicy, Verified,
};
pub use url::{CanonicalUrl, Identity, UrlError};
