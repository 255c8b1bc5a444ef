//! Annotations (RFC 7952): metadata on nodes of a tree.
//!
//! A record holds its own and those of its leaves, leaf-list entries, anydata and anyxml nodes. They are part of what a tree is:
//! trees with other annotations are not equal.

use crate::event::{Attribute, Datum, Form, FullName, OutAttribute, Prefixes};
use crate::tree::any::{AnyForm, AnyName, text_prefixes};
use crate::tree::names;
use crate::view::OwnedDatum;
use smol_str::SmolStr;
use std::borrow::Cow;
use std::cmp::Ordering;
use yang_schema::value::ValueError;
use yang_schema::{Schema, TypeId, Value};

/// One annotation of one node.
#[derive(Clone, PartialEq, Debug)]
pub struct Annotation {
    pub(crate) name: AnyName,
    pub(crate) value: AnnotationValue,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum AnnotationValue {
    /// Of an `md:annotation` that the schema knows.
    Typed(TypeId, Value),
    /// Of one that it does not know, kept as it came.
    Untyped { text: SmolStr, form: AnyForm, prefixes: Vec<(SmolStr, SmolStr)> },
}

impl Annotation {
    /// The name of the module that defines it; empty where it came by XML and the schema does not know its namespace.
    pub fn module(&self) -> &str {
        &self.name.module
    }

    /// The namespace of that module; empty where it came by JSON and the schema does not know the module, and for an XML
    /// attribute in no namespace.
    pub fn namespace(&self) -> &str {
        &self.name.namespace
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name.local
    }

    /// Its value, if the schema knows its type.
    pub fn value(&self) -> Option<&Value> {
        match &self.value {
            AnnotationValue::Typed(_, value) => Some(value),
            AnnotationValue::Untyped { .. } => None,
        }
    }

    /// Its value as text: the canonical form, or what the document said.
    pub fn text<'a>(&'a self, schema: &'a Schema) -> Cow<'a, str> {
        match &self.value {
            AnnotationValue::Typed(_, value) => value.canonical(schema),
            AnnotationValue::Untyped { text, .. } => Cow::Borrowed(text),
        }
    }

    /// The annotation that an attribute is, if the schema knows it.
    ///
    /// # Errors
    /// A value that its type forbids.
    pub(crate) fn typed(schema: &Schema, attribute: &Attribute<'_>) -> Option<Result<Self, ValueError>> {
        let (ty, value) = names::annotation(schema, attribute)?;
        let name = AnyName::new(schema, attribute.name, None);
        Some(value.map(|value| Self { name, value: AnnotationValue::Typed(ty, value) }))
    }

    pub(crate) fn untyped(name: AnyName, text: &str, form: Form<'_>) -> Self {
        let prefixes = text_prefixes(text, form);
        Self {
            name,
            value: AnnotationValue::Untyped { text: text.into(), form: AnyForm::of(form), prefixes },
        }
    }

    /// What the codec said of the value.
    pub(crate) fn form(&self) -> Form<'_> {
        match &self.value {
            AnnotationValue::Typed(..) => Form::Canonical,
            AnnotationValue::Untyped { form, .. } => form.form(self),
        }
    }

    /// The value as writers take it.
    pub(crate) fn datum(&self, schema: &Schema) -> OwnedDatum {
        match &self.value {
            AnnotationValue::Typed(ty, value) => OwnedDatum::of(schema, Some(*ty), value),
            AnnotationValue::Untyped { text, form, prefixes } => match form {
                AnyForm::Xml => OwnedDatum::Prefixed(text.to_string(), prefixes.clone()),
                AnyForm::String => OwnedDatum::Text(text.to_string()),
                AnyForm::Number => OwnedDatum::Number(text.to_string()),
                AnyForm::Boolean => OwnedDatum::Boolean(text == "true"),
                AnyForm::Empty => OwnedDatum::Empty,
                AnyForm::Null => OwnedDatum::Null,
            },
        }
    }

    /// As an attribute of an event.
    pub(crate) fn attribute(&self) -> Attribute<'_> {
        let value = match &self.value {
            AnnotationValue::Typed(..) => Cow::Borrowed(""),
            AnnotationValue::Untyped { text, .. } => Cow::Borrowed(text.as_str()),
        };
        Attribute { name: self.name.name(), value, form: self.form() }
    }

    /// As an attribute of an event; a value that the schema knows in its canonical form.
    pub(crate) fn attribute_in<'a>(&'a self, schema: &'a Schema) -> Attribute<'a> {
        Attribute { value: self.text(schema), ..self.attribute() }
    }

    pub(crate) fn full_name(&self) -> FullName<'_> {
        self.name.full()
    }
}

/// The prefixes that the text of an unknown annotation may use.
impl Prefixes for Annotation {
    fn namespace(&self, prefix: &str) -> Option<&str> {
        match &self.value {
            AnnotationValue::Untyped { prefixes, .. } => {
                prefixes.iter().find(|(p, _)| p == prefix).map(|(_, n)| n.as_str())
            }
            AnnotationValue::Typed(..) => None,
        }
    }
}

/// Annotations as attributes for a writer, behind others.
pub(crate) fn with_attributes<R>(
    schema: &Schema,
    annotations: &[Annotation],
    others: &[OutAttribute<'_>],
    write: impl FnOnce(&[OutAttribute<'_>]) -> R,
) -> R {
    if annotations.is_empty() {
        return write(others);
    }
    let values: Vec<OwnedDatum> = annotations.iter().map(|a| a.datum(schema)).collect();
    let pairs: Vec<Vec<(&str, &str)>> = values.iter().map(OwnedDatum::pairs).collect();
    let mut attributes: Vec<OutAttribute<'_>> = others.to_vec();
    attributes.extend(annotations.iter().zip(&values).zip(&pairs).map(|((annotation, value), pairs)| {
        let value: Datum<'_> = value.datum(pairs);
        OutAttribute { name: annotation.full_name(), value }
    }));
    write(&attributes)
}

/// All annotations that a record holds.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Annotations {
    /// Of the record itself.
    pub(crate) own: Vec<Annotation>,
    /// Of its children that are no records: sorted by ordinal, then by entry.
    pub(crate) below: Vec<(u32, Of, Vec<Annotation>)>,
}

/// Which instance of a child.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Of {
    /// The leaf, anydata or anyxml.
    Node,
    /// The entry of a leaf-list with this value.
    Entry(Value),
    /// The entry of a leaf-list that may repeat values, by position.
    Nth(usize),
}

impl Of {
    /// Where it stands among those of its child.
    pub(crate) fn order(&self) -> (usize, Option<&Value>) {
        match self {
            Of::Node => (0, None),
            Of::Entry(value) => (0, Some(value)),
            Of::Nth(n) => (*n, None),
        }
    }
}

impl Annotations {
    pub(crate) fn is_empty(&self) -> bool {
        self.own.is_empty() && self.below.is_empty()
    }

    /// Those of a child; of a leaf-list those of the entry that `find` calls equal: it says how an entry stands to what is looked for.
    pub(crate) fn of(&self, ordinal: u32, find: impl Fn(&Of) -> Ordering) -> &[Annotation] {
        let found = self.below.binary_search_by(|(o, entry, _)| o.cmp(&ordinal).then_with(|| find(entry)));
        found.map_or(&[], |i| &self.below[i].2)
    }

    /// Those of an instance of a child, or those of the record itself.
    pub(crate) fn at(&self, at: Option<(u32, &Of)>) -> &[Annotation] {
        match at {
            None => &self.own,
            Some((ordinal, of)) => self.of(ordinal, |other| other.order().cmp(&of.order())),
        }
    }

    pub(crate) fn has(&self, ordinal: u32) -> bool {
        self.below.binary_search_by_key(&ordinal, |(o, ..)| *o).is_ok()
    }

    /// Without those of a child that goes; `None`: none are left.
    pub(crate) fn without(&self, ordinal: u32, value: Option<&Value>) -> Option<Self> {
        let goes = |(o, of, _): &&(u32, Of, Vec<Annotation>)| {
            *o == ordinal && value.is_none_or(|v| matches!(of, Of::Entry(e) if e == v))
        };
        let below = self.below.iter().filter(|b| !goes(b)).cloned().collect();
        let left = Self { own: self.own.clone(), below };
        (!left.is_empty()).then_some(left)
    }

    /// Puts others in place of those of an instance, or of the record itself.
    pub(crate) fn set(&mut self, at: Option<(u32, &Of)>, annotations: Vec<Annotation>) {
        let Some((ordinal, of)) = at else {
            self.own = annotations;
            return;
        };
        let place = self
            .below
            .binary_search_by(|(o, other, _)| o.cmp(&ordinal).then_with(|| other.order().cmp(&of.order())));
        match place {
            Ok(i) if annotations.is_empty() => _ = self.below.remove(i),
            Ok(i) => self.below[i].2 = annotations,
            Err(_) if annotations.is_empty() => {}
            Err(i) => self.below.insert(i, (ordinal, of.clone(), annotations)),
        }
    }
}

/// Their order says nothing: they stand by their names.
pub(crate) fn sort(annotations: &mut [Annotation]) {
    annotations.sort_by(|a, b| a.name.cmp(&b.name));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn those_of_one_entry_among_thousands_are_not_sought_one_by_one() {
        let name = AnyName { module: "m".into(), namespace: "urn:m".into(), local: "a".into() };
        let annotation = |i: u64| Annotation {
            name: name.clone(),
            value: AnnotationValue::Typed(TypeId::from_index(0), Value::Uint(i)),
        };
        let of = |i: u64| (7, Of::Entry(Value::Uint(i)), vec![annotation(i)]);
        let all = Annotations { own: Vec::new(), below: (0..10_000).map(of).collect() };
        let asked = Cell::new(0);
        for i in [0, 1, 5_000, 9_999] {
            let found = all.of(7, |of| {
                asked.set(asked.get() + 1);
                of.order().cmp(&Of::Entry(Value::Uint(i)).order())
            });
            assert_eq!(found, [annotation(i)]);
        }
        assert!(asked.get() < 100, "{} looked at", asked.get());
        assert!(all.has(7) && !all.has(6));
    }
}
