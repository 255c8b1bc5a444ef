//! A change, with the type of what changes.

use super::config::Change;
use crate::rpc_error::RpcError;
use std::marker::PhantomData;
use std::ops::Deref;
use yang_data::binding::Yang;

/// A [`Change`] of the node whose struct is `T`: what generated handler traits give to their hooks.
#[derive(Clone, Copy, Debug)]
pub struct Changed<'a, T> {
    change: &'a Change,
    of: PhantomData<fn() -> T>,
}

impl<'a, T: Yang> Changed<'a, T> {
    /// The change of a node of type `T`.
    pub fn new(change: &'a Change) -> Self {
        Self { change, of: PhantomData }
    }

    /// What was configured before; `None` if nothing was.
    ///
    /// # Errors
    /// The types of this device do not fit its model.
    pub fn before(&self) -> Result<Option<T>, RpcError> {
        self.change.before()
    }

    /// What is configured now; `None` if nothing is.
    ///
    /// # Errors
    /// The types of this device do not fit its model.
    pub fn after(&self) -> Result<Option<T>, RpcError> {
        self.change.after()
    }
}

/// Who commits, and the change without types.
impl<T> Deref for Changed<'_, T> {
    type Target = Change;

    fn deref(&self) -> &Change {
        self.change
    }
}
