//! All limits of a server in one place. An error that comes of one names it.

use std::time::Duration;

/// What a server lets others cost it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Sessions at a time.
    pub sessions: usize,
    /// How long the handler of an rpc may take.
    pub rpc: Duration,
    /// How long a state provider may take.
    pub state: Duration,
    /// Notifications that may wait for state to be gathered, since their models read some.
    pub notifications: usize,
    /// Notifications that are kept for replay (RFC 5277 section 3.3); 0 keeps none, and there is no replay.
    pub replay_entries: usize,
    /// Bytes of the notifications that are kept for replay; 0 keeps none, and there is no replay.
    pub replay_bytes: usize,
    /// Nodes of state that one request may gather.
    pub state_nodes: usize,
    /// How long a configuration handler may take to amend a change.
    pub amend: Duration,
    /// How long it may take to prepare.
    pub prepare: Duration,
    /// How long it may take to apply.
    pub apply: Duration,
    /// How long it may take to abort.
    pub abort: Duration,
    /// Commits that the store's log remembers.
    pub history: u64,
    /// Bytes of what a URL names.
    pub file: u64,
    /// Bytes of the head of another server's answer.
    pub url_head: usize,
    /// How long asking another server for what a URL names may take, from its address to its answer.
    pub url: Duration,
    /// Nodes that an XPath filter may visit.
    pub xpath_nodes: u64,
    /// What a document may cost: requests, and data from handlers.
    pub codec: yang_data::codec::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sessions: 256,
            rpc: Duration::from_secs(60),
            state: Duration::from_secs(10),
            notifications: 10_000,
            replay_entries: 10_000,
            replay_bytes: 1 << 20,
            state_nodes: 10_000_000,
            amend: Duration::from_secs(10),
            prepare: Duration::from_secs(10),
            apply: Duration::from_secs(30),
            abort: Duration::from_secs(10),
            history: 1000,
            file: 1 << 30,
            url_head: 64 << 10,
            url: Duration::from_secs(60),
            xpath_nodes: 50_000_000,
            codec: yang_data::codec::Limits::default(),
        }
    }
}
