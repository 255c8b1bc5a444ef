//! Several paths in one filter: what any of them leads to.

use super::write::{XPathText, open};
use super::{Path, Step};
use crate::binding::any::error;
use crate::codec::{CodecError, CodecErrorKind};
use crate::event::Sink;
use crate::xml;
use std::sync::Arc;

/// What several paths lead to. Cloning is cheap enough.
#[derive(Clone, Default)]
pub struct Query {
    paths: Vec<Vec<Step>>,
    texts: Vec<Result<XPathText, CodecError>>,
    wrong: Option<Arc<str>>,
}

impl Query {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// And what this path leads to.
    #[must_use]
    pub fn and<T, M>(mut self, path: &Path<T, M>) -> Self {
        self.wrong = self.wrong.or_else(|| path.wrong.clone());
        self.texts.push(path.xpath());
        self.paths.push(path.steps.clone());
        self
    }

    /// Writes the content of a subtree filter (RFC 6241 section 6). What is around several of the nodes is written once.
    ///
    /// # Errors
    /// A path has a step that does not exist, or the sink fails.
    pub fn write_filter(&self, sink: &mut dyn Sink) -> Result<(), CodecError> {
        if let Some(wrong) = &self.wrong {
            return Err(error(CodecErrorKind::UnknownNode, wrong.to_string()));
        }
        let paths: Vec<&[Step]> = self.paths.iter().map(Vec::as_slice).collect();
        level(&paths, sink)
    }

    /// The content of a subtree filter, as XML.
    ///
    /// # Errors
    /// A path has a step that does not exist.
    pub fn subtree_filter(&self) -> Result<String, CodecError> {
        xml::to_string(|sink| self.write_filter(sink))
    }

    /// An XPath expression (RFC 6241 section 8.9): the union. Prefixes are names of modules.
    ///
    /// # Errors
    /// A path has a step that does not exist, or a key that no XPath literal can hold.
    pub fn xpath(&self) -> Result<XPathText, CodecError> {
        let mut all = XPathText { text: String::new(), namespaces: Vec::new() };
        for text in &self.texts {
            let XPathText { text, namespaces } = text.clone()?;
            if !all.text.is_empty() {
                all.text.push_str(" | ");
            }
            all.text.push_str(&text);
            // One namespace has one prefix, whichever path it stands in.
            let new = namespaces.into_iter().filter(|n| !all.namespaces.contains(n));
            let new: Vec<_> = new.collect();
            all.namespaces.extend(new);
        }
        Ok(all)
    }
}

impl<T, M> From<&Path<T, M>> for Query {
    fn from(path: &Path<T, M>) -> Self {
        Self::new().and(path)
    }
}

impl std::fmt::Debug for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let texts = self.texts.iter().map(|t| t.as_ref().map_or("?", |t| t.text.as_str()));
        f.debug_list().entries(texts).finish()
    }
}

/// Writes paths from here on: those that begin alike together, in the order in which they came.
fn level(paths: &[&[Step]], sink: &mut dyn Sink) -> Result<(), CodecError> {
    let mut done = vec![false; paths.len()];
    for at in 0..paths.len() {
        let Some((step, _)) = paths[at].split_first() else { continue };
        if done[at] {
            continue;
        }
        let mut below = Vec::new();
        let mut whole = false;
        for (other, done) in paths.iter().zip(&mut done).skip(at) {
            if let Some((first, rest)) = other.split_first()
                && first.same(step)
            {
                *done = true;
                whole |= rest.is_empty();
                below.push(rest);
            }
        }
        open(step, &[], sink)?;
        // All of it is more than parts of it.
        if !whole {
            level(&below, sink)?;
        }
        sink.close()?;
    }
    Ok(())
}
