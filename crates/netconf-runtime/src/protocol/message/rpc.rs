//! `<rpc>` as a server reads it, and `<rpc-reply>` as it writes it: RFC 6241 sections 4.1 and 4.2.

use super::{Attribute, Envelope, Fragment, is_base};
use crate::protocol::Version;
use crate::rpc_error::{ErrorType, QualifiedName, RpcError};
use crate::xml::{BASE_NAMESPACE, Scanner, Token, XmlError, escape_attribute};
use bytes::{BufMut as _, Bytes, BytesMut};

/// The longest message-id (RFC 6241 appendix B).
const MAX_MESSAGE_ID: usize = 4095;

/// A request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rpc {
    /// The `message-id`.
    pub message_id: String,
    /// The other attributes.
    pub attributes: Vec<Attribute>,
    /// The operation: the element in it.
    pub operation: Fragment,
    /// What a reply repeats.
    pub echo: Echo,
}

/// A message that is no proper request, but can be answered: the session goes on.
#[derive(Clone, PartialEq, Debug)]
pub struct Invalid {
    /// The answer.
    pub error: RpcError,
    /// What the reply repeats.
    pub echo: Echo,
}

/// What a reply repeats of its request: all attributes and namespace declarations, as they were written.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Echo {
    prefix: String,
    attributes: String,
    /// They declare what prefixless names stand for.
    declares_default: bool,
    /// What prefixless names in the reply stand for, if that is not NETCONF's namespace.
    foreign_default: bool,
}

impl Rpc {
    /// Reads a message that should be a request.
    ///
    /// # Errors
    /// The answer to one that is none.
    pub fn read(message: Bytes, version: Version) -> Result<Self, Box<Invalid>> {
        let mut envelope = Envelope::read(message).map_err(|e| Invalid::malformed(&e, version))?;
        let echo = Echo::of(&envelope);
        let invalid = |error| Box::new(Invalid { error, echo: echo.clone() });
        let rpc_error =
            |error: RpcError, message: &str| invalid(error.of_type(ErrorType::Rpc).message(message));
        if !envelope.is(BASE_NAMESPACE, "rpc") {
            let echo = Echo::default();
            let name = QualifiedName::new(envelope.namespace.as_str(), envelope.local.as_str());
            let error = RpcError::unknown_element(name).message("only `rpc` is expected here");
            return Err(Box::new(Invalid { error, echo }));
        }
        let rpc = || QualifiedName::base("rpc");
        let Some(message_id) = envelope.take_message_id() else {
            let error = RpcError::missing_attribute("message-id", rpc());
            return Err(rpc_error(error, "`rpc` needs a `message-id`"));
        };
        if message_id.chars().count() > MAX_MESSAGE_ID {
            let error = RpcError::bad_attribute("message-id", rpc());
            return Err(rpc_error(error, "the `message-id` is longer than 4095 characters"));
        }
        if envelope.has_text {
            return Err(invalid(RpcError::bad_element(rpc()).message("text stands beside the operation")));
        }
        let mut children = envelope.children.into_iter();
        let Some(operation) = children.next() else {
            return Err(invalid(
                RpcError::missing_element(QualifiedName::base("rpc")).message("`rpc` holds no operation"),
            ));
        };
        if let Some(second) = children.next() {
            let name = QualifiedName::new(second.namespace(), second.local());
            let error = RpcError::unknown_element(name).message("`rpc` holds more than one operation");
            return Err(invalid(error));
        }
        Ok(Self { message_id, attributes: envelope.attributes, operation, echo })
    }

    /// Whether the operation is this one of RFC 6241.
    #[must_use]
    pub fn is_operation(&self, name: &str) -> bool {
        is_base(&self.operation, name)
    }

    /// Writes a request. `operation` declares the namespaces that it uses; NETCONF's is the default one around it.
    #[must_use]
    pub fn write(message_id: &str, operation: &str) -> Bytes {
        Self::write_with(message_id, "", operation)
    }

    /// The same with more attributes, as they stand in a start tag.
    #[must_use]
    pub(crate) fn write_with(message_id: &str, attributes: &str, operation: &str) -> Bytes {
        let mut out = String::with_capacity(operation.len() + 128);
        out.push_str("<rpc xmlns=\"");
        out.push_str(BASE_NAMESPACE);
        out.push_str("\" message-id=\"");
        escape_attribute(&mut out, message_id);
        out.push('"');
        out.push_str(attributes);
        out.push('>');
        out.push_str(operation);
        out.push_str("</rpc>");
        out.into()
    }
}

impl Invalid {
    fn malformed(error: &XmlError, version: Version) -> Box<Self> {
        let message = error.to_string();
        // Appendix A: malformed-message must not be sent to old clients.
        let error = match version {
            Version::V1_1 => RpcError::malformed_message(message),
            Version::V1_0 => RpcError::operation_failed(message).of_type(ErrorType::Rpc),
        };
        Box::new(Self { error, echo: Echo::default() })
    }
}

impl Echo {
    fn of(envelope: &Envelope) -> Self {
        let default = default_namespace(&envelope.attributes_text);
        Self {
            prefix: envelope.prefix.clone(),
            attributes: envelope.attributes_text.clone(),
            declares_default: default.is_some(),
            foreign_default: default.is_some_and(|d| d != BASE_NAMESPACE),
        }
    }

    /// A reply that says `ok`.
    #[must_use]
    pub fn ok(&self) -> Bytes {
        self.reply(b"<ok/>")
    }

    /// A reply of errors.
    #[must_use]
    pub fn errors(&self, errors: &[RpcError]) -> Bytes {
        let mut body = String::new();
        errors.iter().for_each(|e| e.write_xml(&mut body));
        self.reply(body.as_bytes())
    }

    /// A reply around `body`: elements for which NETCONF's namespace is the default one.
    #[must_use]
    pub fn reply(&self, body: &[u8]) -> Bytes {
        let mut out = BytesMut::with_capacity(body.len() + self.attributes.len() + 128);
        self.put_open_tag(&mut out);
        if self.foreign_default {
            out.put_slice(&redeclared(body));
        } else {
            out.put_slice(body);
        }
        self.put_close_tag(&mut out);
        out.freeze()
    }

    /// The start tag of a reply. What follows declares NETCONF's namespace itself, as another may be the default one.
    #[must_use]
    pub fn open_tag(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(self.attributes.len() + 128);
        self.put_open_tag(&mut out);
        out.freeze()
    }

    /// The end tag to [`Self::open_tag`].
    #[must_use]
    pub fn close_tag(&self) -> Bytes {
        let mut out = BytesMut::new();
        self.put_close_tag(&mut out);
        out.freeze()
    }

    fn put_name(&self, out: &mut BytesMut) {
        if !self.prefix.is_empty() {
            out.put_slice(self.prefix.as_bytes());
            out.put_u8(b':');
        }
        out.put_slice(b"rpc-reply");
    }

    fn put_open_tag(&self, out: &mut BytesMut) {
        out.put_u8(b'<');
        self.put_name(out);
        if !self.declares_default {
            out.put_slice(format!(" xmlns=\"{BASE_NAMESPACE}\"").as_bytes());
        }
        out.put_slice(self.attributes.as_bytes());
        out.put_u8(b'>');
    }

    fn put_close_tag(&self, out: &mut BytesMut) {
        out.put_slice(b"</");
        self.put_name(out);
        out.put_u8(b'>');
    }
}

/// The default namespace that the attributes of a start tag declare.
fn default_namespace(attributes: &str) -> Option<String> {
    let tag = format!("<x{attributes}/>");
    let mut scanner = Scanner::new(tag.as_bytes()).ok()?;
    scanner.next().ok()?;
    scanner.scope().declared("").map(str::to_owned)
}

/// Declares NETCONF's namespace on each outermost element of `body` that declares no default namespace itself.
fn redeclared(body: &[u8]) -> Vec<u8> {
    let mut whole = b"<x>".to_vec();
    whole.extend_from_slice(body);
    whole.extend_from_slice(b"</x>");
    let mut out = Vec::with_capacity(whole.len() + 64);
    let mut done = 3;
    let Ok(mut scanner) = Scanner::new(&whole) else { return body.to_vec() };
    loop {
        match scanner.next() {
            Ok(Token::Open { raw, span }) if scanner.depth() == 2 => {
                if scanner.scope().resolve("") == Some("") && !raw.contains(':') {
                    let name_end = span.start + 1 + raw.len();
                    out.extend_from_slice(&whole[done..name_end]);
                    out.extend_from_slice(format!(" xmlns=\"{BASE_NAMESPACE}\"").as_bytes());
                    done = name_end;
                }
            }
            Ok(Token::End) => break,
            Ok(_) => {}
            Err(_) => return body.to_vec(),
        }
    }
    out.extend_from_slice(&whole[done..whole.len() - 4]);
    out
}
