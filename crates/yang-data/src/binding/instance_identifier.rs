//! `instance-identifier` (RFC 7950 section 9.13).

use super::identity::is_identifier;
use super::leaf::{string_form, trim};
use super::{Facet, Leaf, LeafError, ValueContext, Write};
use crate::codec::CodecError;
use crate::event::{Datum, Form, Scalar};
use crate::qualified::{Modules, Piece, pieces};
use std::fmt;
use yang_schema::Base;

/// A module's name and its namespace.
type ModuleNames = (String, String);

/// The path of a node, in the form of RFC 7951 section 6.11: modules' names in front of nodes where the module changes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct InstanceIdentifier {
    text: String,
    /// Module and namespace of each module in the text.
    modules: Vec<ModuleNames>,
}

impl InstanceIdentifier {
    /// A path in RFC 7951's form, with the namespaces of the modules in it.
    ///
    /// # Errors
    /// The text is no instance-identifier, or a module's namespace is not among those given.
    pub fn new(text: &str, modules: &[super::Module]) -> Result<Self, LeafError> {
        Self::from_modules(text, &|name| {
            modules.iter().find(|m| m.name == name).map(|m| m.namespace.to_owned())
        })
    }

    /// The path, in RFC 7951's form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn from_modules(text: &str, namespace: &dyn Fn(&str) -> Option<String>) -> Result<Self, LeafError> {
        check_syntax(text)?;
        let mut modules: Vec<ModuleNames> = Vec::new();
        let mut inherited = Modules::default();
        for piece in pieces(text) {
            let module = inherited.take(piece);
            let Piece::Name(_, name) = piece else { continue };
            let module =
                module.ok_or_else(|| LeafError(format!("the module of {name:?} in {text:?} is not told")))?;
            if !modules.iter().any(|(m, _)| m == module) {
                let namespace = namespace(module)
                    .ok_or_else(|| LeafError(format!("the module {module:?} in {text:?} is not known")))?;
                modules.push((module.to_owned(), namespace));
            }
        }
        Ok(Self { text: text.to_owned(), modules })
    }

    fn from_prefixes(
        text: &str,
        resolve: &dyn Fn(&str) -> Result<ModuleNames, LeafError>,
    ) -> Result<Self, LeafError> {
        check_syntax(text)?;
        let mut out = String::with_capacity(text.len() + 16);
        let mut modules: Vec<ModuleNames> = Vec::new();
        // The module of the node before, for each open predicate.
        let mut current: Vec<Option<usize>> = vec![None];
        for piece in pieces(text) {
            match piece {
                Piece::Open => {
                    current.push(current.last().copied().flatten());
                    out.push('[');
                }
                Piece::Close => {
                    current.pop();
                    out.push(']');
                }
                Piece::Other(other) => out.push_str(other),
                Piece::Name(None, name) => {
                    return Err(LeafError(format!("{name:?} in {text:?} has no prefix")));
                }
                Piece::Name(Some(prefix), name) => {
                    let (module, namespace) = resolve(prefix)?;
                    let at = modules.iter().position(|(m, _)| *m == module).unwrap_or_else(|| {
                        modules.push((module, namespace));
                        modules.len() - 1
                    });
                    if current.last() != Some(&Some(at)) {
                        out.push_str(&modules[at].0);
                        out.push(':');
                    }
                    out.push_str(name);
                    if let Some(last) = current.last_mut() {
                        *last = Some(at);
                    }
                }
            }
        }
        Ok(Self { text: out, modules })
    }
}

/// RFC 7950 section 14, `instance-identifier`: steps with a name each, then predicates of keys, of a value, or a position.
fn check_syntax(text: &str) -> Result<(), LeafError> {
    let wrong = |what: &str| {
        LeafError(format!("{} is no instance-identifier: {what}", yang_schema::value::seen::shown(text)))
    };
    let qualified = |name: &str| match name.split_once(':') {
        Some((prefix, local)) => is_identifier(prefix) && is_identifier(local),
        None => is_identifier(name),
    };
    let mut rest = text;
    if rest.is_empty() {
        return Err(wrong("it is empty"));
    }
    while !rest.is_empty() {
        rest = rest.strip_prefix('/').ok_or_else(|| wrong("a step begins with \"/\""))?;
        let end = rest.find(['/', '[']).unwrap_or(rest.len());
        if !qualified(&rest[..end]) {
            return Err(wrong("a step is a name"));
        }
        rest = &rest[end..];
        while let Some(predicate) = rest.strip_prefix('[') {
            let predicate = predicate.trim_start_matches([' ', '\t']);
            let end = predicate.find(['=', ']', ' ', '\t']).unwrap_or(predicate.len());
            let (left, after) = predicate.split_at(end);
            let after = after.trim_start_matches([' ', '\t']);
            rest = match after.strip_prefix('=') {
                Some(value) if left == "." || qualified(left) => {
                    let value = value.trim_start_matches([' ', '\t']);
                    let quote = value
                        .chars()
                        .next()
                        .filter(|c| matches!(c, '"' | '\''))
                        .ok_or_else(|| wrong("a value stands in quotes"))?;
                    let close = value[1..].find(quote).ok_or_else(|| wrong("a quote is not closed"))?;
                    value[close + 2..].trim_start_matches([' ', '\t'])
                }
                None if left.starts_with(|c: char| ('1'..='9').contains(&c))
                    && left.bytes().all(|b| b.is_ascii_digit()) =>
                {
                    after
                }
                _ => {
                    return Err(wrong(
                        "a predicate is a key with its value, \".\" with a value, or a position",
                    ));
                }
            };
            rest = rest.strip_prefix(']').ok_or_else(|| wrong("a predicate is not closed"))?;
        }
    }
    Ok(())
}

impl fmt::Display for InstanceIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for InstanceIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Leaf for InstanceIdentifier {
    const BASE: Base = Base::InstanceIdentifier;

    fn parse(scalar: &Scalar<'_>, context: &ValueContext<'_>) -> Result<Self, LeafError> {
        string_form(scalar, "instance-identifier")?;
        let text = trim(scalar);
        match scalar.form {
            Form::Xml(prefixes) => Self::from_prefixes(text, &|prefix| {
                let uri = prefixes
                    .namespace(prefix)
                    .ok_or_else(|| LeafError(format!("the prefix {prefix:?} in {text:?} is not declared")))?;
                let module = context
                    .by_namespace(uri)
                    .ok_or_else(|| LeafError(format!("the namespace {uri:?} in {text:?} is not known")))?;
                Ok((module.name.to_owned(), module.namespace.to_owned()))
            }),
            _ => Self::from_modules(text, &|name| context.by_name(name).map(|m| m.namespace.to_owned())),
        }
    }

    fn write(&self, write: Write<'_>) -> Result<(), CodecError> {
        let modules: Vec<(&str, &str)> = self.modules.iter().map(|(m, n)| (m.as_str(), n.as_str())).collect();
        write(Datum::Qualified { text: &self.text, modules: &modules })
    }

    fn facet(&self) -> Facet<'_> {
        if self.text.is_empty() { Facet::Invalid("the instance-identifier is empty") } else { Facet::None }
    }
}
