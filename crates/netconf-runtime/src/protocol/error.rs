//! Why a session cannot go on.

use super::framing::FramingError;
use crate::xml::XmlError;

/// Why a session cannot go on. All of these are the peer's doing; what the peer can be told in an `rpc-error` is not here.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProtocolError {
    /// It broke the framing (RFC 6242).
    #[error("wrong framing: {0}")]
    Framing(#[from] FramingError),
    /// Its hello is not one (RFC 6241 section 8.1).
    #[error("wrong hello: {0}")]
    Hello(String),
    /// Neither `:base:1.0` nor `:base:1.1` is common to both ends.
    #[error("no common version: the peer offers {0}")]
    NoCommonVersion(String),
    /// It said no hello in time.
    #[error("no hello came within {0:?} (limit `hello_timeout`)")]
    HelloTimeout(std::time::Duration),
    /// A message is larger than allowed.
    #[error("a message is larger than {allowed} bytes (limit `{limit}`)")]
    TooLarge {
        /// The field of [`super::Limits`].
        limit: &'static str,
        /// Its value.
        allowed: usize,
    },
    /// It sent a message that only the other role sends, or none that exists.
    #[error("unexpected message: {0}")]
    Unexpected(String),
    /// A message is not well-formed (RFC 6241 section 3), and this role has no way to say so.
    #[error("malformed message: {0}")]
    Malformed(#[from] XmlError),
    /// It closed the transport inside of a message.
    #[error("the stream ended inside of a message")]
    Truncated,
}
