//! A small tree for the parts of a message that are read whole: hello and rpc-error.

use super::scan::split;
use super::{Scanner, Token, XmlError};
use std::ops::Range;

/// An element with all that it holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Element {
    /// Its namespace; empty for none.
    pub(crate) namespace: String,
    /// Its local name.
    pub(crate) local: String,
    /// Namespace, local name and value of each attribute.
    pub(crate) attributes: Vec<(String, String, String)>,
    /// The prefixes in scope, where its text may name some.
    pub(crate) scope: Vec<(String, String)>,
    /// Its own character data.
    pub(crate) text: String,
    /// Its child elements.
    pub(crate) children: Vec<Element>,
    /// Its place in the text that it was read from.
    pub(crate) span: Range<usize>,
}

impl Element {
    /// Reads the element that `scanner` opened with its last token, `span` being that of its start tag.
    pub(crate) fn read(scanner: &mut Scanner<'_>, raw: &str, span: Range<usize>) -> Result<Self, XmlError> {
        let mut stack = vec![Self::opened(scanner, raw, span)];
        loop {
            match scanner.next()? {
                Token::Open { raw, span } => stack.push(Self::opened(scanner, raw, span)),
                Token::Text(text) => {
                    if let Some(top) = stack.last_mut() {
                        top.text.push_str(&text);
                    }
                }
                Token::Close { span } => {
                    let Some(mut done) = stack.pop() else { continue };
                    done.span.end = span.end;
                    match stack.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None => return Ok(done),
                    }
                }
                Token::End => return Err(XmlError::new(0, "the text ends inside of an element")),
            }
        }
    }

    fn opened(scanner: &Scanner<'_>, raw: &str, span: Range<usize>) -> Self {
        let scope = scanner.scope();
        let (namespace, local) = scope.element(raw);
        let attributes = scanner
            .attributes()
            .iter()
            .map(|a| {
                let (prefix, local) = split(a.raw);
                let namespace = if prefix.is_empty() { None } else { scope.resolve(prefix) };
                (namespace.unwrap_or_default().to_owned(), local.to_owned(), a.value.to_string())
            })
            .collect();
        Self {
            namespace: namespace.into_owned(),
            local: local.to_owned(),
            attributes,
            scope: scope.effective().map(|(p, u)| (p.to_owned(), u.to_owned())).collect(),
            text: String::new(),
            children: Vec::new(),
            span,
        }
    }

    /// Whether it has this expanded name.
    pub(crate) fn is(&self, namespace: &str, local: &str) -> bool {
        self.local == local && self.namespace == namespace
    }

    /// The namespace of a prefix that its text uses.
    pub(crate) fn namespace_of(&self, prefix: &str) -> Option<&str> {
        self.scope.iter().find(|(p, _)| p == prefix).map(|(_, u)| u.as_str())
    }
}

impl Element {
    /// Its XML as a document of its own: the text it came from, with the declarations that are in scope around it.
    pub(crate) fn standalone(&self, source: &str) -> String {
        let scope = self.scope.iter().map(|(p, u)| (p.as_str(), u.as_str()));
        super::standalone(&source[self.span.clone()], scope)
    }
}
