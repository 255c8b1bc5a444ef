//! `identityref` (RFC 7950 section 9.10): open, since any module may derive a further identity.

use super::leaf::{string_form, trim};
use super::{Facet, Leaf, LeafError, Module, Unknowns, ValueContext, Write};
use crate::codec::CodecError;
use crate::event::{Datum, Form, Scalar};
use std::borrow::Cow;
use std::fmt;
use yang_schema::Base;

/// An identity: a name in the namespace of the module that defines it. Types made by `#[derive(Yang)]` wrap it.
///
/// Where the module is not in the set, only what the codec told is known: the namespace by XML, the module's name by JSON.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Identity {
    module: Cow<'static, str>,
    namespace: Cow<'static, str>,
    name: Cow<'static, str>,
}

impl Identity {
    /// An identity of a module.
    pub const fn new(module: Module, name: &'static str) -> Self {
        Self {
            module: Cow::Borrowed(module.name),
            namespace: Cow::Borrowed(module.namespace),
            name: Cow::Borrowed(name),
        }
    }

    /// An identity whose names are known at run time only.
    pub fn from_parts(
        module: impl Into<String>,
        namespace: impl Into<String>,
        name: impl Into<String>,
    ) -> Self {
        Self {
            module: Cow::Owned(module.into()),
            namespace: Cow::Owned(namespace.into()),
            name: Cow::Owned(name.into()),
        }
    }

    /// The name of its module; empty if not known.
    pub fn module(&self) -> &str {
        &self.module
    }

    /// The namespace of its module; empty if not known.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads an identity; `known` are those that the type's author listed, if there is a list. Used by derived code.
    ///
    /// # Errors
    /// It is no name, its prefix is not declared, or it is not known while the policy wants it to be.
    pub fn parse(
        scalar: &Scalar<'_>,
        context: &ValueContext<'_>,
        known: Option<&mut dyn Iterator<Item = &Identity>>,
    ) -> Result<Identity, LeafError> {
        string_form(scalar, "identity")?;
        let text = trim(scalar);
        let (prefix, name) = text.split_once(':').unwrap_or(("", text));
        if !is_identifier(name) || (text.contains(':') && !is_identifier(prefix)) {
            return Err(LeafError::no(scalar, "identity"));
        }
        let (mut module, mut namespace) = (Cow::Borrowed(""), Cow::Borrowed(""));
        match scalar.form {
            Form::Xml(prefixes) => match prefixes.namespace(prefix) {
                Some(uri) => match context.by_namespace(uri) {
                    Some(m) => (module, namespace) = (Cow::Borrowed(m.name), Cow::Borrowed(m.namespace)),
                    None => namespace = Cow::Owned(uri.to_owned()),
                },
                None => return Err(LeafError(format!("the prefix of {text:?} is not declared"))),
            },
            // RFC 7951 section 6.8: without a module's name it is the module of the leaf.
            _ => match if prefix.is_empty() { Some(context.module) } else { context.by_name(prefix) } {
                Some(m) => (module, namespace) = (Cow::Borrowed(m.name), Cow::Borrowed(m.namespace)),
                None => module = Cow::Owned(prefix.to_owned()),
            },
        }
        let listed = known.is_some();
        for identity in known.into_iter().flatten() {
            // The name first: modules of many identities have one namespace, and it is long.
            if identity.name != name {
                continue;
            }
            let same_module = if namespace.is_empty() {
                identity.module == module
            } else {
                identity.namespace == namespace
            };
            if same_module {
                return Ok(identity.clone());
            }
        }
        if listed && context.unknown == Unknowns::Reject {
            return Err(LeafError(no_identity(text)));
        }
        Ok(Identity { module, namespace, name: Cow::Owned(name.to_owned()) })
    }

    /// Gives it to a writer. Used by derived code.
    ///
    /// # Errors
    /// Those of `write`.
    pub fn write(&self, write: Write<'_>) -> Result<(), CodecError> {
        write(Datum::Identity { module: &self.module, namespace: &self.namespace, name: &self.name })
    }

    /// What `validate()` looks at; `known` are those that the type's author listed, if there is a list. Used by derived code.
    pub fn facet(&self, known: Option<&mut dyn Iterator<Item = &Identity>>) -> Facet<'_> {
        if self.name.is_empty() {
            return Facet::Invalid("the identity has no name");
        }
        // One of the list was taken from there, and its name with it.
        let (Some(known), Cow::Owned(_)) = (known, &self.name) else { return Facet::None };
        let mut same = known.filter(|identity| identity.name == self.name);
        let is_known = same.any(|identity| {
            if self.namespace.is_empty() {
                identity.module == self.module
            } else {
                identity.namespace == self.namespace
            }
        });
        if is_known { Facet::None } else { Facet::Unknown(no_identity(&self.to_string())) }
    }
}

fn no_identity(text: &str) -> String {
    format!("{text:?} is no identity that the type knows")
}

/// RFC 7950 section 6.2.
pub(crate) fn is_identifier(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let qualifier = if self.module.is_empty() { &self.namespace } else { &self.module };
        if qualifier.is_empty() { f.write_str(&self.name) } else { write!(f, "{qualifier}:{}", self.name) }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Any identity at all: for leaves whose identities nobody listed.
impl Leaf for Identity {
    const BASE: Base = Base::Identityref;

    fn parse(scalar: &Scalar<'_>, context: &ValueContext<'_>) -> Result<Self, LeafError> {
        Identity::parse(scalar, context, None)
    }

    fn write(&self, write: Write<'_>) -> Result<(), CodecError> {
        Identity::write(self, write)
    }

    fn facet(&self) -> Facet<'_> {
        Identity::facet(self, None)
    }
}
