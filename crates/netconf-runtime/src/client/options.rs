//! What a client's session may be told.

use super::interceptor::{Interceptor, Interceptors};
use crate::protocol::Limits;
use crate::protocol::capability::{BASE_1_0, BASE_1_1, PRIVATE_CANDIDATE};
use std::sync::Arc;
use std::time::Duration;

/// How a session behaves.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// How long a call waits for its reply; `None`: for ever. A call may say otherwise: [`super::Session::with_timeout`].
    pub timeout: Option<Duration>,
    /// What this end offers. Both versions of NETCONF by default.
    pub capabilities: Vec<String>,
    /// What the peer may cost.
    pub limits: Limits,
    pub(super) interceptors: Interceptors,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: Some(Duration::from_secs(60)),
            capabilities: vec![BASE_1_0.to_owned(), BASE_1_1.to_owned()],
            limits: Limits::default(),
            interceptors: Interceptors::default(),
        }
    }
}

impl Options {
    /// Sets how long a call waits for its reply; `None`: for ever.
    #[must_use]
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = timeout.into();
        self
    }

    /// Sets what the peer may cost.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Asks for a candidate of the session's own (draft-ietf-netconf-privcand). A device that does not have them has one for
    /// all, as ever.
    #[must_use]
    pub fn private_candidate(mut self) -> Self {
        self.capabilities.push(PRIVATE_CANDIDATE.to_owned());
        self
    }

    /// Adds what stands beside the session, behind what was added before.
    #[must_use]
    pub fn interceptor(mut self, interceptor: Arc<dyn Interceptor>) -> Self {
        self.interceptors.push(interceptor);
        self
    }
}
