//! What can go wrong, and whose fault it is.

use crate::protocol::ProtocolError;
use crate::rpc_error::RpcError;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Why a call failed.
///
/// What is known of the outcome follows from the kind: [`Error::Unknown`] means that the request may have taken effect, every
/// other kind that it did not (or, of [`Error::Rpc`], what the device says of it).
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The device refused or failed: its own words.
    #[error("{0}")]
    Rpc(RpcErrors),
    /// The device does not have what the call needs. Nothing was sent.
    #[error("{what} needs a capability that the device does not have: {capability}")]
    NotSupported {
        /// What was asked for.
        what: String,
        /// What is missing.
        capability: &'static str,
    },
    /// The caller asked for what cannot be sent. Nothing was.
    #[error("{0}")]
    Caller(String),
    /// The caller's data violates its model: it says so itself. Nothing was sent.
    #[error("the data is not valid: {0}")]
    Invalid(Arc<yang_data::binding::Violations>),
    /// The peer's reply is not what it should be.
    #[error("the peer's reply cannot be understood: {0}")]
    Reply(String),
    /// The peer broke the protocol, and the session is over.
    #[error("the peer broke the protocol: {0}")]
    Protocol(#[from] ProtocolError),
    /// The connection failed.
    #[error("{0}")]
    Transport(TransportError),
    /// The host is not proved to be the one meant.
    #[cfg(feature = "ssh")]
    #[error("{0}")]
    HostKey(crate::transport::ssh::client::HostKeyError),
    /// The device's certificate does not prove that it is the one meant.
    #[error("{0}")]
    Certificate(String),
    /// The device lets this user not in.
    #[error("{0}")]
    Login(String),
    /// No reply came in time, to a request that changes nothing.
    #[error("no reply to {operation} came within {after:?}")]
    TimedOut {
        /// What was asked for.
        operation: String,
        /// How long the call waited.
        after: Duration,
    },
    /// The reply to a request that changes something was lost: it may have taken effect or not.
    #[error("the outcome of {operation} is unknown: {cause}")]
    Unknown {
        /// What was asked for.
        operation: String,
        /// How the reply was lost.
        cause: Box<Error>,
    },
    /// The session was closed from this end.
    #[error("the session is closed")]
    Closed,
}

/// Whose fault an error is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The caller's.
    Caller,
    /// The device says: it refused the request or failed to do it.
    Device,
    /// The peer's, which does not keep to the protocol or to the model.
    Peer,
    /// The connection's.
    Transport,
}

impl Error {
    /// Whose fault it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Rpc(_) => Fault::Device,
            Self::NotSupported { .. }
            | Self::Caller(_)
            | Self::Invalid(_)
            | Self::Closed
            | Self::Login(_) => Fault::Caller,
            Self::Reply(_) | Self::Protocol(_) | Self::Certificate(_) => Fault::Peer,
            #[cfg(feature = "ssh")]
            Self::HostKey(_) => Fault::Peer,
            Self::Transport(_) | Self::TimedOut { .. } => Fault::Transport,
            Self::Unknown { cause, .. } => cause.fault(),
        }
    }

    /// The device's own words, if it had any.
    #[must_use]
    pub fn rpc_errors(&self) -> &[RpcError] {
        match self {
            Self::Rpc(errors) => &errors.0,
            _ => &[],
        }
    }

    /// Whether the request may have taken effect although no reply says so.
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        matches!(self, Self::Unknown { .. })
    }

    /// Whether what failed may go well the next time, nothing being changed: the connection failed or the peer was not in order, and
    /// not that the caller or the device said no.
    #[must_use]
    pub fn is_worth_another_attempt(&self) -> bool {
        matches!(self, Self::Transport(_) | Self::TimedOut { .. } | Self::Protocol(_))
    }

    /// Whether the session is over.
    #[must_use]
    pub fn is_session_over(&self) -> bool {
        match self {
            Self::Protocol(_) | Self::Transport(_) | Self::Closed => true,
            Self::Unknown { cause, .. } => cause.is_session_over(),
            _ => false,
        }
    }
}

/// The errors of a reply; never none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RpcErrors(pub Vec<RpcError>);

impl fmt::Display for RpcErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the device answers ")?;
        for (at, error) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

/// How a connection failed.
#[derive(Clone, Debug)]
pub struct TransportError {
    /// What kind of failure.
    pub kind: TransportErrorKind,
    /// What the system says.
    pub message: Arc<str>,
}

/// Kinds of [`TransportError`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// Nobody listens there.
    Refused,
    /// The peer, or something on the way, cut the connection off.
    Reset,
    /// The peer does not answer any more, or did not answer in time.
    TimedOut,
    /// The connection stands, but who is at its other end does nothing any more.
    Frozen,
    /// There is no way there.
    Unreachable,
    /// The name is not known.
    NoSuchHost,
    /// The peer closed the connection properly.
    ClosedByPeer,
    /// Something else.
    Other,
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            TransportErrorKind::Refused => "connection refused",
            TransportErrorKind::Reset => "connection reset",
            TransportErrorKind::TimedOut => "connection timed out",
            TransportErrorKind::Frozen => "the peer is frozen",
            TransportErrorKind::Unreachable => "unreachable",
            TransportErrorKind::NoSuchHost => "no such host",
            TransportErrorKind::ClosedByPeer => "the peer closed the session",
            TransportErrorKind::Other => "connection failed",
        };
        f.write_str(what)?;
        if self.message.is_empty() { Ok(()) } else { write!(f, ": {}", self.message) }
    }
}

impl TransportError {
    pub(super) fn closed_by_peer() -> Self {
        Self { kind: TransportErrorKind::ClosedByPeer, message: "".into() }
    }
}

impl From<io::Error> for TransportError {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind as E;
        let kind = match error.kind() {
            #[cfg(feature = "ssh")]
            E::TimedOut
                if error.get_ref().is_some_and(|e| e.is::<crate::transport::ssh::client::Frozen>()) =>
            {
                TransportErrorKind::Frozen
            }
            E::ConnectionRefused => TransportErrorKind::Refused,
            E::ConnectionReset | E::ConnectionAborted | E::BrokenPipe => TransportErrorKind::Reset,
            E::TimedOut => TransportErrorKind::TimedOut,
            E::HostUnreachable | E::NetworkUnreachable | E::NetworkDown => TransportErrorKind::Unreachable,
            E::UnexpectedEof => TransportErrorKind::ClosedByPeer,
            // What name resolution reports has no kind of its own.
            _ if error.to_string().contains("lookup") => TransportErrorKind::NoSuchHost,
            _ => TransportErrorKind::Other,
        };
        Self { kind, message: error.to_string().into() }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Transport(error.into())
    }
}

#[cfg(feature = "ssh")]
impl From<crate::transport::ssh::client::SshError> for Error {
    fn from(error: crate::transport::ssh::client::SshError) -> Self {
        use crate::transport::ssh::client::SshError as E;
        let message: Arc<str> = error.to_string().into();
        let transport = |kind| Self::Transport(TransportError { kind, message: Arc::clone(&message) });
        match error {
            E::Io(error) => error.into(),
            E::HostKey(error) => Self::HostKey(error),
            E::Login { .. } => Self::Login(message.to_string()),
            E::Closed => transport(TransportErrorKind::ClosedByPeer),
            E::TimedOut { .. } => transport(TransportErrorKind::TimedOut),
            E::Options(_) => Self::Caller(message.to_string()),
            // The kind is that of the way there, the words name the jump host.
            E::Jump { cause, .. } => match Self::from(*cause) {
                Self::Transport(cause) => transport(cause.kind),
                Self::Login(_) => Self::Login(message.to_string()),
                other => other,
            },
            E::Subsystem | E::Protocol(_) | E::NotSsh(_) => transport(TransportErrorKind::Other),
        }
    }
}

#[cfg(feature = "tls")]
impl From<crate::transport::tls::client::TlsError> for Error {
    fn from(error: crate::transport::tls::client::TlsError) -> Self {
        use crate::transport::tls::client::TlsError as E;
        let message = error.to_string();
        let transport =
            |kind, message: String| Self::Transport(TransportError { kind, message: message.into() });
        match error {
            E::Io { kind, message } => io::Error::new(kind, message).into(),
            E::TimedOut { .. } => transport(TransportErrorKind::TimedOut, message),
            E::Server(_) => Self::Certificate(message),
            E::Options(_) => Self::Caller(message),
            // Who is refused by its certificate sees no more than this.
            E::Handshake(_) => transport(TransportErrorKind::Other, message),
        }
    }
}
