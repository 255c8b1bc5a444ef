//! What is not data by itself: rpcs, actions and notifications (RFC 7950 sections 7.14 to 7.16).

use super::{Module, Yang};

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

/// A notification.
pub trait Notification: Yang {
    /// Its name.
    const NAME: &'static str;
    /// Its module; `None` for one that stands in data, and has the module of the place where it is used.
    const MODULE: Option<Module>;
}
