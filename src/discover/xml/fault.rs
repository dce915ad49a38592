//! What is wrong with an XML document.

use std::collections::BTreeMap;

/// A way in which a document is not well-formed, or not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub(in crate::discover) enum Fault {
    /// XML 1.0 section 2.8: nothing stands before the declaration.
    #[error("something stands before the XML declaration")]
    Declaration,
    #[error("text stands outside of the root element")]
    Outside,
    #[error("a second element stands behind the root element")]
    SecondRoot,
    #[error("a bare `&`")]
    Ampersand,
    #[error("a `<` that starts no tag")]
    Less,
    #[error("an entity that the document doesn't declare")]
    Entity,
    #[error("a reference to a character that XML forbids")]
    Reference,
    #[error("a character that XML forbids")]
    Control,
    #[error("`]]>` outside of CDATA")]
    CdataEnd,
    #[error("a CDATA section that is not closed")]
    Cdata,
    #[error("a malformed comment")]
    Comment,
    #[error("a malformed attribute")]
    Attribute,
    #[error("a malformed tag")]
    Tag,
    #[error("an end tag that closes another element than the last opened one")]
    EndTag,
    #[error("a prefix without a namespace")]
    Prefix,
    #[error("bytes that are no characters of its charset")]
    Bytes,
    #[error("elements nested too deep")]
    Depth,
    #[error("its end is missing")]
    Cut,
    #[error("its compressed data is broken or cut")]
    Gzip,
    #[error("it is too big: its beginning was read")]
    Size,
}

/// How often each fault was met.
#[derive(Debug, Default)]
pub(in crate::discover) struct Faults(BTreeMap<Fault, usize>);

impl Faults {
    pub(in crate::discover) fn add(&mut self, fault: Fault) {
        *self.0.entry(fault).or_default() += 1;
    }

    /// One warning for each kind of fault.
    pub(in crate::discover) fn warnings(&self) -> impl Iterator<Item = String> + '_ {
        self.0.iter().map(|(fault, count)| match count {
            1 => format!("not well-formed: {fault}"),
            _ => format!("not well-formed: {fault} ({count} times)"),
        })
    }
}
