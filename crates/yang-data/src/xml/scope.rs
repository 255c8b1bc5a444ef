//! Which prefix stands for which namespace (Namespaces in XML 1.0, section 6).

use super::{XML_NAMESPACE, XMLNS_NAMESPACE};
use crate::event::Prefixes;

/// The declarations in scope, innermost last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    bindings: Vec<Binding>,
}

#[derive(Clone, Debug)]
struct Binding {
    prefix: Box<str>,
    uri: Box<str>,
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
        self.bindings.truncate(length);
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
        if self.bindings[from..].iter().any(|b| *b.prefix == *prefix) {
            return Err(format!("the prefix {prefix:?} is declared twice"));
        }
        self.bindings.push(Binding { prefix: prefix.into(), uri: uri.into() });
        Ok(())
    }

    /// What a prefix stands for; the empty one for the default namespace. `None`: it is not declared.
    pub(crate) fn resolve(&self, prefix: &str) -> Option<Resolved> {
        if prefix == "xml" {
            return Some(Resolved::Xml);
        }
        match self.bindings.iter().rposition(|b| *b.prefix == *prefix) {
            Some(at) if self.bindings[at].uri.is_empty() => Some(Resolved::None),
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
            Resolved::At(at) => self.bindings.get(at).map_or("", |b| &b.uri),
        }
    }
}

impl Prefixes for Scope {
    fn namespace(&self, prefix: &str) -> Option<&str> {
        self.resolve(prefix).map(|resolved| self.uri(resolved))
    }
}
