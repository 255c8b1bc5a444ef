//! Handlers of configuration: amend, prepare, apply, abort.

use super::cx::Cx;
use super::typed;
use super::{Amendment, BoxFuture};
use crate::rpc_error::RpcError;
use std::sync::Arc;
use yang_data::binding::Yang;
use yang_data::diff::Diff;
use yang_data::tree::Tree;
use yang_data::view::View;
use yang_schema::NodeId;

/// Takes part in commits that change what it is registered for.
///
/// A commit first lets all that it concerns *amend* it, once. What comes of it is validated, and all that *that* concerns are asked
/// to *prepare*; any may refuse, and then those that prepared *abort*, and nothing has changed. Only when all agree is the commit written, published and *applied*. Each call has a deadline.
/// None of them may wait for another commit of the same server: that would wait for itself.
pub trait ConfigHandler: Send + Sync + 'static {
    /// The name by which errors and logs speak of it.
    fn name(&self) -> &str;

    /// What else changes with it? All handlers are shown the change as it was asked for, and what they return goes into it together;
    /// two that want different things of one node refuse it. Nobody is asked about what others returned, so it ends. The
    /// user needs no leave for it (RFC 8341): it is the device's own.
    ///
    /// It is asked for changes that are only tried out, too, so that it must do nothing else. What goes back to an earlier state by
    /// itself, as an unconfirmed commit does, is not amended, and neither is what a server starts with.
    fn amend<'a>(&'a self, change: &'a Change) -> BoxFuture<'a, Result<Amendment, RpcError>> {
        let _ = change;
        Box::pin(std::future::ready(Ok(Amendment::default())))
    }

    /// May the change be? What takes resources that can run out takes them here.
    fn prepare<'a>(&'a self, change: &'a Change) -> BoxFuture<'a, Result<(), RpcError>> {
        let _ = change;
        Box::pin(std::future::ready(Ok(())))
    }

    /// The change is. It stands whatever this says: an error is logged. To apply the same configuration twice must do no
    /// harm: when a server starts, its handlers get the whole configuration as one change from nothing.
    fn apply<'a>(&'a self, change: &'a Change) -> BoxFuture<'a, Result<(), RpcError>>;

    /// The change is not, though it was prepared.
    fn abort<'a>(&'a self, change: &'a Change) -> BoxFuture<'a, ()> {
        let _ = change;
        Box::pin(std::future::ready(()))
    }
}

/// A change of the running configuration, as a handler sees it.
#[derive(Clone, Debug)]
pub struct Change {
    pub(crate) cx: Cx,
    pub(crate) node: NodeId,
    pub(crate) before: Tree,
    pub(crate) after: Tree,
    pub(crate) diff: Arc<Diff>,
}

impl Change {
    /// Who commits.
    pub fn cx(&self) -> &Cx {
        &self.cx
    }

    /// The whole configuration before.
    pub fn before_tree(&self) -> &Tree {
        &self.before
    }

    /// The whole configuration after.
    pub fn after_tree(&self) -> &Tree {
        &self.after
    }

    /// All that the commit changes, also elsewhere.
    pub fn diff(&self) -> &Diff {
        &self.diff
    }

    /// What stood at the path that the handler is registered for.
    ///
    /// # Errors
    /// The path leads through a list, or `T` is not its struct.
    pub fn before<T: Yang>(&self) -> Result<Option<T>, RpcError> {
        typed::from_place(&View::of(&self.before), self.node)
    }

    /// What stands there now.
    ///
    /// # Errors
    /// As [`before`](Self::before).
    pub fn after<T: Yang>(&self) -> Result<Option<T>, RpcError> {
        typed::from_place(&View::of(&self.after), self.node)
    }
}
