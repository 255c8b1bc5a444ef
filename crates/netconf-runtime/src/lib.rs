//! NETCONF on tokio: protocol, transports, client, server, datastore and store.

mod module_texts;
mod rpc_error;
mod xml;

pub use module_texts::{CompressedText, ModuleTexts};
pub use rpc_error::{
    CODE_NAMESPACE, ErrorInfo, ErrorPath, ErrorTag, ErrorType, QualifiedName, RpcError, Severity,
};
pub use xml::{BASE_NAMESPACE, XmlError};

#[cfg(feature = "server")]
pub mod datastore;
#[cfg(feature = "server")]
pub mod handler;
#[cfg(feature = "server")]
pub mod migration;
#[cfg(feature = "server")]
mod nacm;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
pub mod store;

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "mock")]
pub mod mock;
#[cfg(feature = "protocol")]
pub mod protocol;
#[cfg(any(feature = "client", feature = "server"))]
pub mod transport;

#[cfg(feature = "server")]
pub use handler::{
    Amendment, Asked, BoxFuture, Change, Changed, ConfigHandler, Cx, Entries, Handlers, Publisher, Registry,
    StateSender,
};

#[cfg(feature = "server")]
pub use netconf_derive::Handlers;
pub use netconf_derive::Yang;
pub use {yang_data, yang_schema};

/// What generated code has for the client's side is there where this crate has one: types alone need none.
#[cfg(feature = "client")]
#[doc(hidden)]
#[macro_export]
macro_rules! __client {
    ($($items:tt)*) => { $($items)* };
}

#[cfg(not(feature = "client"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __client {
    ($($items:tt)*) => {};
}

/// The same of the server's.
#[cfg(feature = "server")]
#[doc(hidden)]
#[macro_export]
macro_rules! __server {
    ($($items:tt)*) => { $($items)* };
}

#[cfg(not(feature = "server"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __server {
    ($($items:tt)*) => {};
}

/// Typed structs bound to YANG: [`yang_data::binding`] with the derive.
pub mod binding {
    pub use netconf_derive::Yang;
    pub use yang_data::binding::*;
}
