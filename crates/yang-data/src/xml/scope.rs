//! Which prefix stands for which namespace (Namespaces in XML 1.0, section 6).

use super::{XML_NAMESPACE, XMLNS_NAMESPACE};
use crate::event::Prefixes;

/// The declarations in scope, innermost last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    /// The prefix and the namespace of each, one after the other.
    text: String,
    bindings: Vec<Binding>,
}

/// Where a declaration stands in the text.
#[derive(Clone, Copy, Debug)]
struct Binding {
    prefix: usize,
    uri: usize,
    end: usize,
}

/// What a prefix stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Resolved {
    /// No namespace: there is no default one.
    None,
    /// Always bound.
    Xml,
    /// The declaration at a position.
    At(usize),
}

impl Scope {
    /// How many declarations there are: to come back to by [`truncate`](Self::truncate).
    pub(crate) fn len(&self) -> usize {
        self.bindings.len()
    }

    /// Ends the scope of all declarations behind the first `length`.
    pub(crate) fn truncate(&mut self, length: usize) {
        if let Some(first) = self.bindings.get(length) {
            self.text.truncate(first.prefix);
            self.bindings.truncate(length);
        }
    }

    /// The prefix and the namespace of a declaration.
    pub(crate) fn declaration(&self, at: usize) -> (&str, &str) {
        self.bindings.get(at).map_or(("", ""), |b| (&self.text[b.prefix..b.uri], &self.text[b.uri..b.end]))
    }

    fn is_of(&self, binding: &Binding, prefix: &str) -> bool {
        binding.uri - binding.prefix == prefix.len() && self.text[binding.prefix..binding.uri] == *prefix
    }

    /// Declares a prefix, the empty one for the default namespace. `from` is where the declarations of this element begin.
    pub(crate) fn declare(&mut self, prefix: &str, uri: &str, from: usize) -> Result<(), String> {
        match (prefix, uri) {
            ("xml", XML_NAMESPACE) => return Ok(()),
            ("xml", _) => return Err("the prefix \"xml\" has its own namespace always".to_owned()),
            ("xmlns", _) => return Err("the prefix \"xmlns\" must not be declared".to_owned()),
            (_, XML_NAMESPACE | XMLNS_NAMESPACE) => {
                return Err(format!("the namespace {uri:?} cannot be bound to another prefix"));
            }
            ("", _) => {}
            (_, "") => return Err(format!("the prefix {prefix:?} cannot be undeclared in XML 1.0")),
            _ => {}
        }
        if self.bindings[from..].iter().any(|b| self.is_of(b, prefix)) {
            return Err(format!("the prefix {prefix:?} is declared twice"));
        }
        self.declare_again(prefix, uri);
        Ok(())
    }

    /// Declares what could be declared before.
    pub(crate) fn declare_again(&mut self, prefix: &str, uri: &str) {
        let start = self.text.len();
        self.text.push_str(prefix);
        self.text.push_str(uri);
        let uri = start + prefix.len();
        self.bindings.push(Binding { prefix: start, uri, end: self.text.len() });
    }

    /// What a prefix stands for; the empty one for the default namespace. `None`: it is not declared.
    pub(crate) fn resolve(&self, prefix: &str) -> Option<Resolved> {
        if prefix == "xml" {
            return Some(Resolved::Xml);
        }
        match self.bindings.iter().rposition(|b| self.is_of(b, prefix)) {
            Some(at) if self.bindings[at].uri == self.bindings[at].end => Some(Resolved::None),
            Some(at) => Some(Resolved::At(at)),
            None if prefix.is_empty() => Some(Resolved::None),
            None => None,
        }
    }

    /// The namespace's name.
    pub(crate) fn uri(&self, resolved: Resolved) -> &str {
        match resolved {
            Resolved::None => "",
            Resolved::Xml => XML_NAMESPACE,
            Resolved::At(at) => self.bindings.get(at).map_or("", |b| &self.text[b.uri..b.end]),
        }
    }
}

impl Prefixes for Scope {
    fn namespace(&self, prefix: &str) -> Option<&str> {
        self.resolve(prefix).map(|resolved| self.uri(resolved))
    }
}
