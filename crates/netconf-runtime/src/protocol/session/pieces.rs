//! A reply that is given out while it arrives.
//!
//! What was given out has been checked: `yang_data`'s reader runs ahead of it, token by token, and so what is held is one
//! token that is not complete. `ok` and errors (RFC 6241 sections 4.3 and 4.4) do not belong to the content; they are read
//! whole and told at the end.

#[cfg(test)]
mod tests;

use crate::protocol::message::{Attribute, Fragment, Head};
use crate::protocol::{Limits, ProtocolError};
use crate::rpc_error::RpcError;
use crate::xml::{BASE_NAMESPACE, XmlError, escape_attribute};
use bytes::{Bytes, BytesMut};
use std::collections::VecDeque;
use std::sync::Arc;
use yang_data::codec::{self, CodecError, CodecErrorKind};
use yang_data::event::{Event as Token, Namespace};
use yang_data::xml::Reader;

/// A reply begins whose content comes in pieces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReplyStart {
    /// The `message-id`.
    pub message_id: String,
    /// The other attributes.
    pub attributes: Vec<Attribute>,
    /// Prefix (empty: the default) and namespace of each declaration in scope around the content.
    pub scope: Arc<[(String, String)]>,
}

impl ReplyStart {
    /// A start tag that, with the pieces and [`Self::close_tag`] after it, is a document.
    #[must_use]
    pub fn open_tag(&self) -> String {
        let mut tag = String::from("<rpc-reply");
        for (prefix, namespace) in self.scope.iter() {
            tag.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            tag.push_str(prefix);
            tag.push_str("=\"");
            escape_attribute(&mut tag, namespace);
            tag.push('"');
        }
        tag.push('>');
        tag
    }

    /// The end tag to [`Self::open_tag`].
    #[must_use]
    pub fn close_tag(&self) -> &'static str {
        "</rpc-reply>"
    }
}

/// A reply whose content came in pieces is over.
#[derive(Clone, PartialEq, Debug)]
pub struct ReplyEnd {
    /// Whether it said `ok`.
    pub ok: bool,
    /// Errors and warnings, in the order they came.
    pub errors: Vec<RpcError>,
}

impl ReplyEnd {
    /// Whether one of its errors is not only a warning.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.errors.iter().any(RpcError::is_error)
    }
}

/// What comes out of [`Pieces`].
pub(super) enum Found {
    Piece(Bytes),
    End(ReplyEnd),
}

/// A message that may be, or is, such a reply.
#[derive(Debug)]
pub(super) struct Pieces {
    checker: Reader,
    held: Held,
    /// So much of the message has been checked.
    checked: u64,
    depth: usize,
    /// The start tag has been seen, and the reply is wanted like this.
    wanted: bool,
    /// What is held and checked is being given out.
    handing_out: bool,
    child: Child,
    scope: Arc<[(String, String)]>,
    end: ReplyEnd,
    /// Bytes of errors that were read.
    error_bytes: usize,
    most_error_bytes: usize,
    streamed_text: usize,
}

/// What stands in the reply.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Child {
    /// Nothing, for now.
    None,
    /// Data: it is given out.
    Content,
    /// Data that has come to its end.
    ContentLeft,
    /// It is kept until it is whole, from there on.
    Error(u64),
    Ok,
}

impl Pieces {
    pub(super) fn new(limits: &Limits) -> Self {
        // How deep elements may nest, and what a tag may hold, is for both ways of reading a message about the same.
        let codec = codec::Limits {
            depth: 1024,
            text: limits.streamed_text,
            nodes: u64::MAX,
            ..codec::Limits::default()
        };
        Self {
            checker: Reader::new(codec),
            held: Held::default(),
            checked: 0,
            depth: 0,
            wanted: false,
            handing_out: false,
            child: Child::None,
            scope: Arc::default(),
            end: ReplyEnd { ok: false, errors: Vec::new() },
            error_bytes: 0,
            most_error_bytes: limits.message,
            streamed_text: limits.streamed_text,
        }
    }

    /// Takes bytes of the message.
    pub(super) fn push(&mut self, bytes: Bytes) {
        self.checker.push(&bytes);
        self.held.push(bytes);
    }

    /// The message has no more bytes.
    pub(super) fn finish(&mut self) {
        self.checker.finish();
    }

    pub(super) fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// Bytes that it holds.
    pub(super) fn len(&self) -> usize {
        self.held.len
    }

    /// The start tag, once it is there: `Some(None)` if it is none of a reply that `wants` would have like this.
    pub(super) fn start(
        &mut self,
        wants: &mut dyn FnMut(&str) -> bool,
    ) -> Result<Option<Option<ReplyStart>>, ProtocolError> {
        let is_reply = match self.checker.poll() {
            // What is wrong with it is told by those who read messages whole.
            Err(_) => false,
            Ok(None) => return Ok(None),
            Ok(Some(Token::Open { name, .. })) => is_base(&name) && name.local == "rpc-reply",
            Ok(Some(_)) => false,
        };
        if !is_reply {
            return Ok(Some(None));
        }
        let end = self.checker.token().end;
        let head = Head::read(&self.held.copy(end))?;
        let Some(message_id) = head.message_id.filter(|id| wants(id)) else { return Ok(Some(None)) };
        self.held.skip(end);
        (self.scope, self.depth, self.checked, self.wanted) = (head.scope, 1, end, true);
        let scope = Arc::clone(&self.scope);
        Ok(Some(Some(ReplyStart { message_id, attributes: head.attributes, scope })))
    }

    /// All that came so far, for a message that is to be read whole.
    pub(super) fn into_held(self) -> VecDeque<Bytes> {
        self.held.pieces
    }

    /// What has been found of a reply that is wanted like this.
    pub(super) fn next(&mut self) -> Result<Option<Found>, ProtocolError> {
        loop {
            if self.handing_out {
                if let Some(piece) = self.held.take(self.checked) {
                    return Ok(Some(Found::Piece(piece)));
                }
                self.handing_out = false;
                if self.child == Child::ContentLeft {
                    self.child = Child::None;
                }
            }
            let (before, most) = (self.checked, self.streamed_text);
            match self.checker.poll().map_err(|e| fault(e, before, most))? {
                None if self.child == Child::Content && self.held.start < self.checked => {
                    self.handing_out = true;
                }
                None => {
                    self.check_errors(self.held.len)?;
                    return Ok(None);
                }
                Some(Token::End) => return Ok(Some(Found::End(self.end.clone()))),
                Some(Token::Open { name, .. }) => {
                    let (base, error, ok) = (is_base(&name), name.local == "rpc-error", name.local == "ok");
                    let tag = self.checker.token();
                    self.depth += 1;
                    self.checked = tag.end;
                    if self.depth == 2 {
                        // What stands between the elements is white space, as far as it matters.
                        self.held.skip(tag.start);
                        self.child = match base {
                            true if error => Child::Error(tag.start),
                            true if ok => Child::Ok,
                            _ => Child::Content,
                        };
                    }
                }
                Some(Token::Close) => {
                    self.depth -= 1;
                    self.checked = self.checked.max(self.checker.token().end);
                    if self.depth == 1 {
                        self.leave()?;
                    }
                }
                Some(_) => self.checked = self.checked.max(self.checker.token().end),
            }
        }
    }

    /// An element of the reply ends.
    fn leave(&mut self) -> Result<(), ProtocolError> {
        match std::mem::replace(&mut self.child, Child::None) {
            Child::Content => {
                self.child = Child::ContentLeft;
                self.handing_out = true;
            }
            Child::Error(start) => {
                let length = (self.checked - start) as usize;
                self.check_errors(length)?;
                self.error_bytes += length;
                let element = self.held.copy(self.checked);
                let (namespace, local) = (BASE_NAMESPACE.to_owned(), "rpc-error".to_owned());
                let error = Fragment::new(element, namespace, local, Arc::clone(&self.scope));
                self.end.errors.push(RpcError::from_xml(&error.standalone())?);
                self.held.skip(self.checked);
            }
            Child::Ok => {
                self.end.ok = true;
                self.held.skip(self.checked);
            }
            Child::None | Child::ContentLeft => {}
        }
        Ok(())
    }

    /// Errors are kept, so they are bounded as messages are that are read whole.
    fn check_errors(&self, more: usize) -> Result<(), ProtocolError> {
        let kept = matches!(self.child, Child::Error(_)) || self.error_bytes > 0;
        if kept && self.error_bytes + more > self.most_error_bytes {
            return Err(ProtocolError::TooLarge { limit: "message", allowed: self.most_error_bytes });
        }
        Ok(())
    }
}

fn is_base(name: &yang_data::event::Name<'_>) -> bool {
    name.namespace == Namespace::Uri(BASE_NAMESPACE)
}

/// What is wrong with what stands behind the first `checked` bytes of the message.
fn fault(error: CodecError, checked: u64, streamed_text: usize) -> ProtocolError {
    if error.kind == CodecErrorKind::Limit && error.message.ends_with(&format!("than {streamed_text} bytes"))
    {
        return ProtocolError::TooLarge { limit: "streamed_text", allowed: streamed_text };
    }
    let offset = usize::try_from(checked).unwrap_or(usize::MAX);
    ProtocolError::Malformed(XmlError::new(offset, format!("{error}, behind what was read")))
}

/// Bytes of a message, from some place in it on.
#[derive(Debug, Default)]
struct Held {
    pieces: VecDeque<Bytes>,
    start: u64,
    len: usize,
}

impl Held {
    fn push(&mut self, bytes: Bytes) {
        self.len += bytes.len();
        self.pieces.push_back(bytes);
    }

    /// Takes some bytes that stand before a place of the message, if there are any.
    fn take(&mut self, before: u64) -> Option<Bytes> {
        let most = before.checked_sub(self.start).filter(|most| *most > 0)?;
        let front = self.pieces.front_mut()?;
        let piece = if front.len() as u64 <= most {
            self.pieces.pop_front()?
        } else {
            front.split_to(usize::try_from(most).ok()?)
        };
        self.start += piece.len() as u64;
        self.len -= piece.len();
        Some(piece)
    }

    /// Forgets what stands before a place of the message.
    fn skip(&mut self, before: u64) {
        while self.take(before).is_some() {}
    }

    /// What stands before a place of the message, in one piece.
    fn copy(&self, before: u64) -> Bytes {
        let mut left = usize::try_from(before.saturating_sub(self.start)).unwrap_or(usize::MAX);
        match self.pieces.front() {
            Some(front) if front.len() >= left => return front.slice(..left),
            _ => {}
        }
        let mut whole = BytesMut::with_capacity(left.min(self.len));
        for piece in &self.pieces {
            let part = piece.len().min(left);
            whole.extend_from_slice(&piece[..part]);
            left -= part;
        }
        whole.freeze()
    }
}
