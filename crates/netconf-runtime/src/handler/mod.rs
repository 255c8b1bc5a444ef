//! What a device gives to its server: handlers of rpcs, providers of state, handlers of configuration.
//!
//! A device implements [`Handlers`], usually by `#[derive(Handlers)]`, and so fills a [`Registry`]. Handlers are called
//! with a [`Cx`]: who asks, until when, and a way to publish notifications.

mod amendment;
mod changed;
mod config;
mod cx;
mod registry;
mod state;
mod trace;
mod typed;

pub use crate::server::service::BoxFuture;
pub use amendment::Amendment;
pub use changed::{Changed, Instance, Kind as InstanceKind};
pub use config::{Change, ConfigHandler};
pub use cx::{Cx, Publisher};
pub use registry::Registry;
pub use state::{Asked, Entries, StateSender};

pub(crate) use registry::{ActionHandler, ConfigEntry, RpcHandler, StateEntry, StateProvider};

use std::sync::Arc;

/// A device, or a part of one.
pub trait Handlers: Send + Sync + 'static {
    /// Enters its handlers.
    fn register(self: Arc<Self>, registry: &mut Registry);
}

/// A device that does nothing: a server for data alone.
impl Handlers for () {
    fn register(self: Arc<Self>, _: &mut Registry) {}
}
