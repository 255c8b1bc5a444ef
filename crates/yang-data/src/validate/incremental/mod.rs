//! Incremental validation: after a change, what the change can concern is validated, and nothing else.
//!
//! A [`Validated`] is a datastore that is known to be valid, with indexes over it. To validate a new version of it:
//!
//! 1. **Events** ([`events`]): the two versions are compared, which passes over all that they share. What counts is the
//!    accessible tree (RFC 7950 section 6.4.1): a default that comes into use is a node that comes. Where an event may change a
//!    `when`, the defaults under it are compared too, until nothing more comes of it.
//! 2. **What is concerned** ([`affected`]): from each event the inverse paths of
//!    [`Dependencies`](yang_schema::dependency::Dependencies) lead to the context nodes of the constraints that read the node; value joins are followed
//!    through the indexes of the old version (a context whose own value changed is concerned by that event).
//! 3. **Indexes** take over the events.
//! 4. **Evaluation** ([`check`]) of what is concerned, over the new version with its indexes.
//!
//! Where most of the new version is new ([`extent`]), the whole of it is looked at instead.
//!
//! The old version being valid, errors of the new one are among these: the result is that of full validation, which tests hold it
//! against.

mod affected;
mod check;
mod events;
mod extent;
#[cfg(test)]
mod tests;

use super::{Settled, ValidateOptions, settle_whens, validate_view, when};
use crate::diff::{Change, records};
use crate::error::DataError;
use crate::index::IndexSet;
use crate::tree::Tree;
use crate::view::View;
use affected::Affected;
use std::sync::Arc;
use yang_schema::NodeId;

/// A datastore that is valid, with what it takes to validate changes of it quickly. Cloning is cheap.
#[derive(Clone)]
pub struct Validated(Draft);

/// How much a change took to validate. Where most of a datastore was new, and the whole of it was validated, both are 0.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Effort {
    /// Nodes that came, went or changed, defaults in use among them.
    pub events: usize,
    /// Context nodes for which a constraint was evaluated.
    pub evaluated: usize,
}

impl Validated {
    /// Validates a datastore whole. `config_only` is that of [`ValidateOptions`].
    ///
    /// # Errors
    /// All that is wrong with it.
    ///
    /// # Panics
    /// If the tree does not hang on the root of its schema.
    pub fn new(tree: &Tree, config_only: bool) -> Result<Self, Vec<DataError>> {
        assert_eq!(tree.at(), NodeId::ROOT, "a datastore hangs on the root");
        let view = View::of(tree).accessible();
        let errors = validate_view(&view, &ValidateOptions { config_only, ..ValidateOptions::default() });
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self(Draft { tree: tree.clone(), config_only, indexes: IndexSet::new(&view) }))
    }

    /// The datastore.
    pub fn tree(&self) -> &Tree {
        self.0.tree()
    }

    /// Its accessible tree, with the indexes.
    pub fn view(&self) -> View {
        self.0.view()
    }

    /// A version of it that need not be valid, such as a candidate; its `when` conditions must hold.
    ///
    /// # Panics
    /// If the version has another schema.
    pub fn draft(&self, new: &Tree) -> Draft {
        self.0.change(new)
    }

    /// Validates a version of the datastore that was made from this one, at the cost of what is different.
    ///
    /// # Errors
    /// What [`validate`](super::validate) finds in it, in the order of the schema.
    ///
    /// # Panics
    /// If the version has another schema.
    pub fn change(&self, new: &Tree) -> Result<Self, Vec<DataError>> {
        self.change_with_effort(new).0
    }

    /// As [`change`](Self::change), and says what it took.
    ///
    /// # Panics
    /// If the version has another schema.
    pub fn change_with_effort(&self, new: &Tree) -> (Result<Self, Vec<DataError>>, Effort) {
        let changes = self.0.changes(new);
        if extent::is_most(&changes, new.root()) {
            return (Self::new(new, self.0.config_only), Effort::default());
        }
        let old = self.view();
        let (next, (errors, effort)) = self.0.follow(&old, new, &changes, |affected, indexes| {
            let view = View::indexed(new, indexes);
            let (errors, evaluated) = check::check(affected, &view, self.0.config_only);
            (errors, Effort { events: affected.events.len(), evaluated })
        });
        (if errors.is_empty() { Ok(Self(next)) } else { Err(errors) }, effort)
    }

    /// What [`settle_whens`](super::settle_whens) does, at the cost of what is different.
    ///
    /// # Errors
    /// `unknown-element` for each node that was created or changed while its condition does not hold.
    ///
    /// # Panics
    /// If the version has another schema.
    pub fn settle(&self, new: &Tree, commit: u64) -> Result<Settled, Vec<DataError>> {
        self.0.settle(new, commit)
    }
}

/// A datastore whose `when` conditions hold, valid or not: what a candidate is. Its versions are settled at the cost of what is
/// different. Cloning is cheap.
#[derive(Clone)]
pub struct Draft {
    tree: Tree,
    config_only: bool,
    indexes: IndexSet,
}

impl Draft {
    /// The datastore.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    fn view(&self) -> View {
        View::indexed(&self.tree, &self.indexes)
    }

    /// Another version of it, whose conditions hold, too.
    ///
    /// # Panics
    /// If the version has another schema.
    #[must_use]
    pub fn change(&self, new: &Tree) -> Self {
        let changes = self.changes(new);
        if extent::is_most(&changes, new.root()) {
            let indexes = IndexSet::new(&View::of(new).accessible());
            return Self { tree: new.clone(), config_only: self.config_only, indexes };
        }
        self.follow(&self.view(), new, &changes, |_, _| ()).0
    }

    /// What is different in another version.
    fn changes(&self, new: &Tree) -> Vec<Change> {
        assert!(Arc::ptr_eq(self.tree.schema(), new.schema()), "versions have one schema");
        records(new.schema(), self.tree.root(), new.root())
    }

    /// What [`settle_whens`](super::settle_whens) does, at the cost of what is different.
    ///
    /// # Errors
    /// `unknown-element` for each node that was created or changed while its condition does not hold.
    ///
    /// # Panics
    /// If the version has another schema.
    pub fn settle(&self, new: &Tree, commit: u64) -> Result<Settled, Vec<DataError>> {
        let changes = self.changes(new);
        if extent::is_most(&changes, new.root()) {
            return settle_whens(new, &self.tree, commit);
        }
        let old = self.view();
        let mut changes = Some(changes);
        when::settle(new, &self.tree, commit, &mut |tree| {
            let view = View::of(tree).accessible();
            let mut affected = Affected::new(&old, &view, self.config_only);
            // The first tree is the version itself.
            affected.follow(&changes.take().unwrap_or_else(|| self.changes(tree)));
            check::unmet(&affected, &view)
        })
    }

    /// Takes the difference over into the indexes. `look` sees what it concerns, and the new indexes.
    fn follow<R>(
        &self,
        old: &View,
        new: &Tree,
        changes: &[Change],
        look: impl FnOnce(&Affected<'_>, &IndexSet) -> R,
    ) -> (Self, R) {
        // Its own indexes are made of the events, so these are found without.
        let bare = View::of(new).accessible();
        let mut affected = Affected::new(old, &bare, self.config_only);
        affected.follow(changes);
        let mut indexes = self.indexes.clone();
        affected.update(&mut indexes);
        let seen = look(&affected, &indexes);
        (Self { tree: new.clone(), config_only: self.config_only, indexes }, seen)
    }
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.tree.fmt(f)
    }
}

impl std::fmt::Debug for Validated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Validates a version of a datastore that was made from one that is valid: see [`Validated::change`].
///
/// # Errors
/// What [`validate`](super::validate) finds in it.
///
/// # Panics
/// If the version has another schema.
pub fn validate_change(old: &Validated, new: &Tree) -> Result<Validated, Vec<DataError>> {
    old.change(new)
}
