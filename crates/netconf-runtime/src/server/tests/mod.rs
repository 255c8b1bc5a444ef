//! Dialogues: a request in, the reply out, each with the section of the RFC that demands it.

mod amend;
mod apply_faults;
mod base_notifications;
mod candidate;
mod capabilities;
mod commit_comment;
mod confirmed_commit;
mod copy_config;
pub(super) mod device;
mod edit_config;
#[cfg(feature = "store-redb")]
mod failing_store;
mod get;
mod handlers;
mod large;
mod locks;
mod messages;
mod monitoring;
mod nacm;
mod notifications;
pub(super) mod peer;
mod private_candidate;
mod replay;
#[cfg(feature = "store-redb")]
mod restart;
mod rpc;
