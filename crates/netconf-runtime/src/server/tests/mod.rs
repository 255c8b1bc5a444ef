//! Dialogues: a request in, the reply out, each with the section of the RFC that demands it.

mod candidate;
mod capabilities;
mod confirmed_commit;
mod copy_config;
mod device;
mod edit_config;
mod get;
mod handlers;
mod large;
mod locks;
mod messages;
mod nacm;
mod notifications;
mod peer;
#[cfg(feature = "store-redb")]
mod restart;
mod rpc;
