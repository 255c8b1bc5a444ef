//! When the modules of a server changed since its store was written, and what is stored does not fit them any more.
//!
//! A server does not start then, and says at which paths it does not fit. With a [`Migration`] it is given what is stored, as a
//! [`Document`]: a tree of names that wants no schema. What the migration makes of it is read and validated like everything else, and
//! becomes a commit of its own, so that the log still holds the state before. Nothing is ever dropped in silence: [`DropInvalid`]
//! tells of each node that it drops.

pub(crate) mod document;
mod drop_invalid;
#[cfg(test)]
mod tests;

pub use document::{Document, Node, PathError};
pub use drop_invalid::DropInvalid;

use crate::datastore::Name;
use std::sync::Arc;
use yang_data::error::DataError;
use yang_data::tree::{DecodeOptions, Tree, UnknownAnnotations};
use yang_data::validate::Validated;
use yang_schema::{NodeId, Schema};

/// What is stored and does not fit.
#[derive(Debug)]
#[non_exhaustive]
pub struct Unfit {
    /// The modules as they are now.
    pub schema: Arc<Schema>,
    /// The datastore: `running`, or `startup` where the server has one.
    pub datastore: Name,
    /// What is stored.
    pub document: Document,
    /// Why it does not fit.
    pub errors: Vec<DataError>,
}

/// What a migration makes of it.
#[derive(Clone, Debug)]
pub struct Migrated {
    pub(crate) content: Content,
    pub(crate) notes: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) enum Content {
    Document(Document),
    Tree(Tree),
}

impl Migrated {
    /// A document.
    pub fn document(document: Document) -> Self {
        Self { content: Content::Document(document), notes: Vec::new() }
    }

    /// A configuration.
    pub fn tree(tree: Tree) -> Self {
        Self { content: Content::Tree(tree), notes: Vec::new() }
    }

    /// With a note: what was done, for the log and for whoever starts the server.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

/// Makes something that fits of what does not.
pub trait Migration: Send + Sync + 'static {
    /// What it makes of it.
    ///
    /// # Errors
    /// Why it makes nothing of it: the server does not start then.
    fn migrate(&self, unfit: Unfit) -> Result<Migrated, String>;
}

impl<F> Migration for F
where
    F: Fn(Unfit) -> Result<Migrated, String> + Send + Sync + 'static,
{
    fn migrate(&self, unfit: Unfit) -> Result<Migrated, String> {
        self(unfit)
    }
}

/// Puts a configuration in the place of whatever does not fit.
#[derive(Clone, Debug)]
pub struct ReplaceWith(pub Tree);

impl Migration for ReplaceWith {
    fn migrate(&self, unfit: Unfit) -> Result<Migrated, String> {
        let note = format!("{} was replaced as a whole", unfit.datastore.as_str());
        Ok(Migrated::tree(self.0.clone()).note(note))
    }
}

/// Reads a document as configuration, as it is read from a store.
pub(crate) fn decode(schema: &Arc<Schema>, document: &Document, commit: u64) -> Result<Tree, Vec<DataError>> {
    Tree::decode(schema, NodeId::ROOT, &mut document.source(), &options(commit))
}

/// How what is stored is read. Annotations were known when they were stored; the modules may have changed since.
pub(crate) fn options(commit: u64) -> DecodeOptions {
    DecodeOptions {
        config_only: true,
        commit,
        unknown_annotations: UnknownAnnotations::Keep,
        ..DecodeOptions::default()
    }
}

/// Reads and validates what a migration made.
pub(crate) fn accept(
    schema: &Arc<Schema>,
    migrated: Content,
    commit: u64,
) -> Result<(Tree, Validated), Vec<DataError>> {
    let tree = match migrated {
        Content::Tree(tree) => tree,
        Content::Document(document) => decode(schema, &document, commit)?,
    };
    let valid = Validated::new(&tree, true)?;
    Ok((tree, valid))
}
