//! What is not data by itself: rpcs, actions and notifications (RFC 7950 sections 7.14 to 7.16).

use super::tree::validate_operation;
use super::{Module, Violations, Yang};
use crate::tree::Tree;
use yang_schema::NodeKind;

/// An rpc. A unit struct stands for it.
pub trait Rpc: Send + Sync + 'static {
    /// Its input; `()` where it has none.
    type Input: Yang;
    /// Its output; `()` where it has none.
    type Output: Yang;
    /// Its name.
    const NAME: &'static str;
    /// Its module.
    const MODULE: Module;

    /// Checks an input before the data of a server (RFC 7950 section 6.4.1): as [`Yang::validate_in`].
    ///
    /// # Errors
    /// The constraints that do not hold; or the schema of the tree has no such rpc.
    fn validate_input(input: &Self::Input, datastore: &Tree) -> Result<(), Violations> {
        validate_operation(input, Self::MODULE, Self::NAME, NodeKind::Input, datastore)
    }

    /// Checks an output before the data of a server.
    ///
    /// # Errors
    /// The constraints that do not hold; or the schema of the tree has no such rpc.
    fn validate_output(output: &Self::Output, datastore: &Tree) -> Result<(), Violations> {
        validate_operation(output, Self::MODULE, Self::NAME, NodeKind::Output, datastore)
    }
}

/// An action. A unit struct stands for it; a [`Path`](super::path::Path) tells on which node it is invoked.
pub trait Action: Send + Sync + 'static {
    /// The struct of the node it stands in.
    type Parent: Yang;
    /// Its input; `()` where it has none.
    type Input: Yang;
    /// Its output; `()` where it has none.
    type Output: Yang;
    /// Its name.
    const NAME: &'static str;
    /// Its module; `None` is that of its parent.
    const MODULE: Option<Module>;
}

/// A notification at the top level of its module.
pub trait Notification: Yang {
    /// Its name.
    const NAME: &'static str;
    /// Its module.
    const MODULE: Option<Module>;
}

/// A notification that is defined on a data node (RFC 7950 section 7.16): what happened to one instance of it.
pub trait NestedNotification: Yang {
    /// Its name.
    const NAME: &'static str;
    /// Its module; `None` is that of the node that it is defined on.
    const MODULE: Option<Module>;
}
