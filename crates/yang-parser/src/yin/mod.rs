//! YIN, the XML form of YANG (RFC 7950 section 13): the same tree of statements from it and to it.
//!
//! What is read is XML 1.0 in UTF-8 with namespaces, strictly: no document type, no entities but the five of XML. Comments and
//! layout are not kept; section 13 says so.

mod mapping;
mod read;
mod write;
mod xml;

pub(crate) use read::parse;
pub use write::yin;

/// The namespace of YANG's own keywords.
const NAMESPACE: &str = "urn:ietf:params:xml:ns:yang:yin:1";

/// Is a source of this name YIN?
pub(crate) fn is_yin(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|e| e == "yin")
}

#[cfg(test)]
mod tests;
