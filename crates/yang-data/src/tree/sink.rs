//! A tree as a sink of events, for whoever makes data without a document: typed structs, other trees.

use crate::codec::CodecError;
use crate::error::DataError;
use crate::event::{
    Annotated, Attribute, Datum, Form, FullName, Name, Namespace, OutAttribute, Place, Scalar, Shape, Sink,
};
use crate::tree::Tree;
use crate::tree::assemble::Assembler;
use crate::tree::decode::DecodeOptions;
use std::borrow::Cow;
use std::sync::Arc;
use yang_schema::{NodeId, Schema};

/// Makes a tree of what is written into it. Faults of the data come all together from [`finish`](Self::finish).
pub struct TreeSink<'s> {
    assembler: Assembler<'s>,
    /// The shapes of the nodes that are open inside anydata or anyxml, and whether they have content.
    inside: Vec<(Shape, bool)>,
}

impl<'s> TreeSink<'s> {
    /// For the children of a schema node, as [`Tree::decode`] takes them.
    pub fn new(schema: &'s Arc<Schema>, at: NodeId, options: &DecodeOptions) -> Self {
        Self { assembler: Assembler::new(schema, at, options), inside: Vec::new() }
    }

    /// The tree.
    ///
    /// # Errors
    /// As [`Tree::decode`].
    pub fn finish(self) -> Result<Tree, Vec<DataError>> {
        self.assembler.finish()
    }
}

fn name(name: FullName<'_>) -> Name<'_> {
    let namespace = match (name.namespace, name.module) {
        ("", "") => Namespace::Uri(""),
        ("", module) => Namespace::Module(module),
        (uri, _) => Namespace::Uri(uri),
    };
    Name { namespace, local: name.local }
}

/// The canonical text of a datum.
pub(crate) fn text(datum: Datum<'_>) -> Cow<'_, str> {
    match datum {
        Datum::Text(text) | Datum::Number(text) | Datum::LongNumber(text) => Cow::Borrowed(text),
        Datum::Prefixed { text, .. } | Datum::Qualified { text, .. } => Cow::Borrowed(text),
        Datum::Boolean(true) => Cow::Borrowed("true"),
        Datum::Boolean(false) => Cow::Borrowed("false"),
        Datum::Empty | Datum::Null => Cow::Borrowed(""),
        Datum::Identity { module, name, .. } => Cow::Owned(format!("{module}:{name}")),
    }
}

impl Sink for TreeSink<'_> {
    fn open(
        &mut self,
        full: FullName<'_>,
        shape: Shape,
        attributes: &[OutAttribute<'_>],
    ) -> Result<(), CodecError> {
        // What the codec said about a value matters where no schema knows it.
        let pairs: Vec<Pairs<'_>> = attributes
            .iter()
            .map(
                |a| if let Datum::Prefixed { prefixes, .. } = a.value { Pairs(prefixes) } else { Pairs(&[]) },
            )
            .collect();
        let attributes: Vec<Attribute<'_>> = attributes
            .iter()
            .zip(&pairs)
            .map(|(a, pairs)| {
                let form = match a.value {
                    Datum::Prefixed { .. } => Form::Xml(pairs),
                    _ => Form::Canonical,
                };
                Attribute { name: name(a.name), value: text(a.value), form }
            })
            .collect();
        if let Some((_, content)) = self.inside.last_mut() {
            *content = true;
        }
        if self.inside.is_empty() && matches!(shape, Shape::Any | Shape::AnyXml) {
            self.assembler.open(name(full), &attributes, Place::Untold);
            self.inside.push((shape, true));
            return Ok(());
        }
        match shape {
            Shape::AnyXmlArray => {
                if !attributes.is_empty() {
                    self.assembler.annotate(Annotated::Member(name(full)), &attributes);
                }
                self.inside.push((shape, false));
                // An array is as many nodes as it has items.
                self.assembler.empty_array(name(full));
            }
            Shape::NoEntry => {
                self.assembler.empty_array(name(full));
                self.inside.push((shape, true));
            }
            _ => {
                let inside = !self.inside.is_empty();
                let place = match shape {
                    Shape::AnyXmlItem | Shape::ListEntry | Shape::LeafListEntry if inside => Place::Item,
                    Shape::Container if inside => Place::Member,
                    _ => Place::Untold,
                };
                self.assembler.open(name(full), &attributes, place);
                if inside {
                    self.inside.push((shape, false));
                }
            }
        }
        Ok(())
    }

    fn value(&mut self, value: Datum<'_>) -> Result<(), CodecError> {
        let form = match value {
            _ if !self.assembler.is_in_any() => Form::Canonical,
            Datum::Number(_) => Form::JsonNumber,
            Datum::Boolean(_) => Form::JsonBoolean,
            Datum::Empty => Form::JsonEmpty,
            Datum::Null => Form::JsonNull,
            Datum::Prefixed { prefixes, .. } => Form::Xml(&Pairs(prefixes)),
            _ => Form::JsonString,
        };
        if let Some((_, content)) = self.inside.last_mut() {
            *content = true;
        }
        self.assembler.text(&Scalar { text: text(value), form });
        Ok(())
    }

    fn close(&mut self) -> Result<(), CodecError> {
        match self.inside.pop() {
            Some((Shape::AnyXmlArray | Shape::NoEntry, _)) => return Ok(()),
            // An element without text, and no object without members.
            Some((Shape::LeafListEntry, false)) => {
                self.assembler.text(&Scalar { text: Cow::Borrowed(""), form: Form::Xml(&Pairs(&[])) });
            }
            _ => {}
        }
        self.assembler.close();
        Ok(())
    }
}

struct Pairs<'a>(&'a [(&'a str, &'a str)]);

impl crate::event::Prefixes for Pairs<'_> {
    fn namespace(&self, prefix: &str) -> Option<&str> {
        self.0.iter().find(|(p, _)| *p == prefix).map(|(_, n)| *n)
    }
}
