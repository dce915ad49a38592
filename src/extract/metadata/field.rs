//! A value with where it came from.

use crate::domain::{Provenance, Trust};
use crate::extract::text::head;

/// Characters of what the page said that are kept for explanation.
const RAW_CHARS: usize = 200;

/// A field's value and its origin.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Field<T> {
    pub(in crate::extract) value: T,
    strategy: &'static str,
    raw: String,
    trust: Trust,
}

impl<T> Field<T> {
    pub(in crate::extract) fn new(
        value: T,
        strategy: &'static str,
        raw: &str,
        trust: Trust,
    ) -> Self {
        Self {
            value,
            strategy,
            raw: head(raw, RAW_CHARS),
            trust,
        }
    }

    /// Whether it was found in this way.
    pub(in crate::extract) fn is_by(&self, strategy: &str) -> bool {
        self.strategy == strategy
    }

    /// The same origin with another form of its value.
    pub(in crate::extract) fn with(self, value: T) -> Self {
        Self { value, ..self }
    }

    /// The same value, found in another way.
    pub(in crate::extract) fn by(self, strategy: &'static str) -> Self {
        Self { strategy, ..self }
    }

    /// Records the origin under the field's name and gives the value.
    pub(in crate::extract) fn record(self, field: &'static str, log: &mut Vec<Provenance>) -> T {
        log.push(Provenance {
            field,
            strategy: self.strategy,
            raw: self.raw,
            trust: self.trust,
        });
        self.value
    }
}
