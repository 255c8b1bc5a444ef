//! Names, values and annotations as a store holds them, where the schema says nothing of them.

use super::unit::any_form;
use crate::store::{Reader, Truncated};
use yang_data::event::{Attribute, Form, Name, Namespace, Prefixes};

/// A value: its form, the prefixes that it may use, its text.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct StoredText(pub(super) u8, pub(super) Scope, pub(super) String);

impl StoredText {
    pub(super) fn read(r: &mut Reader<'_>) -> Result<Self, Truncated> {
        let form = r.u8()?;
        let mut scope = Scope::default();
        if form == any_form::XML {
            for _ in 0..r.int()? {
                scope.0.push((r.str()?.to_owned(), r.str()?.to_owned()));
            }
        }
        Ok(Self(form, scope, r.str()?.to_owned()))
    }

    /// A value in its canonical form.
    pub(crate) fn canonical(text: String) -> Self {
        Self(any_form::CANONICAL, Scope::default(), text)
    }

    pub(crate) fn text(&self) -> &str {
        &self.2
    }

    pub(crate) fn form(&self) -> Form<'_> {
        form_of(self.0, &self.1)
    }
}

pub(super) fn form_of(form: u8, scope: &Scope) -> Form<'_> {
    match form {
        any_form::NUMBER => Form::JsonNumber,
        any_form::BOOLEAN => Form::JsonBoolean,
        any_form::EMPTY => Form::JsonEmpty,
        any_form::NULL => Form::JsonNull,
        any_form::XML => Form::Xml(scope),
        any_form::CANONICAL => Form::Canonical,
        _ => Form::JsonString,
    }
}

/// An annotation.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct StoredNote(pub(super) StoredName, pub(super) StoredText);

pub(super) fn notes(r: &mut Reader<'_>) -> Result<Vec<StoredNote>, Truncated> {
    let mut notes = Vec::new();
    for _ in 0..r.int()? {
        notes.push(StoredNote(StoredName::read(r)?, StoredText::read(r)?));
    }
    Ok(notes)
}

fn attribute(note: &StoredNote) -> Attribute<'_> {
    let StoredNote(name, text) = note;
    Attribute { name: name.name(), value: text.text().into(), form: text.form() }
}

pub(crate) fn attributes(notes: &[StoredNote]) -> Vec<Attribute<'_>> {
    notes.iter().map(attribute).collect()
}

/// A name: the kind of its namespace, the namespace, the local name.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct StoredName(u8, String, String);

impl StoredName {
    pub(super) fn read(r: &mut Reader<'_>) -> Result<Self, Truncated> {
        let kind = r.u8()?;
        let namespace = if kind == 0 { "" } else { r.str()? };
        Ok(Self(kind, namespace.to_owned(), r.str()?.to_owned()))
    }

    /// A name of a module that is known by its name.
    pub(crate) fn of_module(module: String, local: String) -> Self {
        Self(1, module, local)
    }

    pub(crate) fn local(&self) -> &str {
        &self.2
    }

    pub(crate) fn name(&self) -> Name<'_> {
        let namespace = match self.0 {
            1 => Namespace::Module(&self.1),
            2 => Namespace::Uri(&self.1),
            _ => Namespace::Inherited,
        };
        Name { namespace, local: &self.2 }
    }
}

/// Prefixes and their namespaces.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Scope(pub(super) Vec<(String, String)>);

impl Prefixes for Scope {
    fn namespace(&self, prefix: &str) -> Option<&str> {
        self.0.iter().find(|(p, _)| p == prefix).map(|(_, uri)| uri.as_str())
    }
}
