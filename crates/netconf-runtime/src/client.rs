//! The client: [`Session`] is one end of a NETCONF session, cheap to clone, for any number of tasks at once.
//!
//! Calls are pipelined: each sends its request at once, and replies find their callers. A call that is dropped before its
//! request went out leaves no trace; after that the reply is thrown away when it comes. Errors say whose fault they are, and
//! what is known of the outcome: see [`Error`].
//!
//! It knows nothing of the transport's nature but that it can be read and written, and needs no schema.

mod capabilities;
mod decoded;
mod driver;
mod entries;
mod error;
mod interceptor;
mod library;
mod notifications;
mod operations;
mod options;
mod pieces;
mod reconnect;
mod response;
mod session;
mod tree;
mod typed;

#[cfg(all(test, feature = "server"))]
mod tests;

pub use crate::protocol::private_candidate::ResolutionMode;
pub use capabilities::Capabilities;
pub use entries::Entries;
pub use error::{Error, Fault, RpcErrors, TransportError, TransportErrorKind};
pub use interceptor::{Interceptor, Outcome, Request};
pub use library::{Module, ModuleSet};
pub use notifications::{Missed, Notifications};
pub use operations::{
    ChangeKind, CommitConfirmed, Configuration, ConfirmedCommit, CopyConfig, CreateSubscription, Data,
    Datastore, DefaultOperation, EditConfig, EditData, ErrorOption, EstablishSubscription, Filter, Get,
    GetData, GetSchema, LockGuard, ModifySubscription, NmdaDatastore, Origin, PartialLock, Subscription,
    SubscriptionEvent, TestOption, Trigger, WithDefaults,
};
pub use options::Options;
pub use pieces::Pieces;
pub use reconnect::{Backoff, Connect, Reconnecting, Resumed, ResumedNotifications};
pub use response::Response;
pub use session::Session;
pub use typed::{NestedNotifications, Received, ReceivedAt, TypedNotifications};

#[cfg(feature = "ssh")]
pub use crate::transport::ssh::client::{
    Answers, Credential, HostKeyCheck, HostKeyError, Questions, SshOptions, Target,
};
