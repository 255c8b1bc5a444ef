//! A reply and what is known of how it came.

use crate::protocol::{Fragment, Reply};
use crate::xml::{Scanner, Token};
use std::ops::Deref;
use std::time::Duration;

/// A reply as it came (its attributes are those of the `rpc-reply` element), and how long it took.
#[derive(Clone, PartialEq, Debug)]
pub struct Response {
    reply: Reply,
    elapsed: Duration,
}

impl Response {
    pub(super) fn new(reply: Reply, elapsed: Duration) -> Self {
        Self { reply, elapsed }
    }

    /// The time from when the request was given to the transport until its reply was there.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The reply alone.
    #[must_use]
    pub fn into_reply(self) -> Reply {
        self.reply
    }
}

impl Deref for Response {
    type Target = Reply;

    fn deref(&self) -> &Reply {
        &self.reply
    }
}

/// The first element of a name in a reply.
pub(super) fn child<'r>(reply: &'r Reply, namespace: &str, local: &str) -> Option<&'r Fragment> {
    reply.content.iter().find(|c| c.local() == local && c.namespace() == namespace)
}

/// The text of the first element of a name in a reply.
pub(super) fn child_text(reply: &Reply, namespace: &str, local: &str) -> Option<String> {
    text(child(reply, namespace, local)?).map(|t| t.trim().to_owned())
}

/// The texts of all elements of a name in a reply.
pub(super) fn children_text(reply: &Reply, namespace: &str, local: &str) -> Vec<String> {
    let named = reply.content.iter().filter(|c| c.local() == local && c.namespace() == namespace);
    named.filter_map(text).map(|t| t.trim().to_owned()).collect()
}

/// The text of an element that holds nothing else.
pub(super) fn text(fragment: &Fragment) -> Option<String> {
    let document = fragment.standalone();
    let mut scanner = Scanner::new(document.as_bytes()).ok()?;
    let mut text = String::new();
    loop {
        match scanner.next().ok()? {
            Token::Text(piece) => text.push_str(&piece),
            Token::Open { .. } if scanner.depth() > 1 => return None,
            Token::End => return Some(text),
            _ => {}
        }
    }
}

/// What stands between the tags of an element, as it came.
pub(super) fn inner(fragment: &Fragment) -> &str {
    let whole = fragment.as_str();
    let mut quote = None;
    // Well-formed: the start tag ends at the first `>` outside of quotes.
    let start = whole.bytes().position(|b| match (quote, b) {
        (None, b'"' | b'\'') => {
            quote = Some(b);
            false
        }
        (Some(q), b) => {
            if q == b {
                quote = None;
            }
            false
        }
        (None, b) => b == b'>',
    });
    match (start, whole.rfind("</")) {
        (Some(start), Some(end)) if start < end => &whole[start + 1..end],
        _ => "",
    }
}
