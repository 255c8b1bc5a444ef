//! The trait that users of bound structs meet.

use super::any::error;
use super::decode::{self, Context, here, is_space, same_name};
use super::validate::{Violations, validate};
use super::{HasTable, Kind, Metadata, Module, Node, Options, encode};
use crate::codec::{CodecError, CodecErrorKind, Limits};
use crate::error::DataError;
use crate::event::{Event, Sink, Source};
use crate::tree::Tree;
use crate::{json, xml};
use std::fmt::Debug;
use std::sync::Arc;
use yang_schema::Schema;

const NOWHERE: Module = Module::new("", "");

/// A struct bound to a YANG node. `#[derive(Yang)]` makes it one.
pub trait Yang: Node + HasTable + Default + Clone + PartialEq + Debug {
    /// Writes it as a node of its own, or, where it has no name (`root`), all its fields.
    ///
    /// A struct that does not say its module is written in the module of the place where it is used: reach it through the
    /// struct around it, or through a [`Path`](super::path::Path).
    ///
    /// # Errors
    /// Those of the sink.
    fn encode(&self, sink: &mut dyn Sink) -> Result<(), CodecError>
    where
        Self: Sized,
    {
        encode::node(self, NOWHERE, sink)
    }

    /// Writes its fields alone.
    ///
    /// # Errors
    /// Those of the sink.
    fn encode_fields(&self, sink: &mut dyn Sink) -> Result<(), CodecError>
    where
        Self: Sized,
    {
        encode::fields(self, Self::table().module.unwrap_or(NOWHERE), sink)
    }

    /// Reads the node of this struct, which comes next in the source. A `root` reads all nodes to the end.
    ///
    /// # Errors
    /// The source does not hold such a node, or it does not fit the types. The first error ends it; it tells place and path.
    fn decode(source: &mut dyn Source, options: &Options) -> Result<Self, CodecError>
    where
        Self: Sized,
    {
        let table = Self::table();
        if table.kind != Kind::Root {
            open::<Self>(source, options)?;
        }
        Self::decode_fields(source, options).map_err(|e| match table.kind {
            Kind::Root => e,
            _ => decode::on_path(e, table.name),
        })
    }

    /// Reads its fields, up to the close of the node that the source stands in or to its end.
    ///
    /// # Errors
    /// What the source holds does not fit the types.
    fn decode_fields(source: &mut dyn Source, options: &Options) -> Result<Self, CodecError>
    where
        Self: Sized,
    {
        let mut value = Self::default();
        let context = Context { options: *options, module: NOWHERE, modules: &[] };
        decode::fields(&mut value, context, source)?;
        Ok(value)
    }

    /// Checks all that the struct can tell by itself, and reports all violations: ranges, lengths, patterns, what is
    /// mandatory, numbers of entries, keys, `unique`. What needs the data around is for the tree to check.
    ///
    /// What was kept because the model does not know it ([`Unknowns::Keep`](super::Unknowns::Keep)) is not valid by this model, and is told
    /// too; such violations say so, and [`Violations::of_what_is_known`] leaves them out.
    ///
    /// # Errors
    /// The constraints that do not hold.
    fn validate(&self) -> Result<(), Violations>
    where
        Self: Sized,
    {
        let violations = validate(self, NOWHERE);
        if violations.is_empty() { Ok(()) } else { Err(Violations(violations)) }
    }

    /// Checks it in the place of what `tree` has in its stead: `must`, `when`, leafrefs, instances and `unique` too, in the
    /// value and in what refers to it from elsewhere. All violations are told at once; a value that its type refuses is
    /// in no tree, so conditions are evaluated once all values are right. Faults that the tree has elsewhere, and had
    /// before, are not told. What is known is what the tree's schema knows, be it more than the struct's model.
    ///
    /// A struct of a `root`, a top-level node or a notification has a place of its own; for an rpc's input or output ask
    /// [`Rpc::validate_input`](super::Rpc::validate_input), for what stands deeper
    /// [`Path::validate_in`](super::path::Path::validate_in).
    ///
    /// # Errors
    /// The constraints that do not hold; or the struct has no place in the schema of the tree.
    fn validate_in(&self, tree: &Tree) -> Result<(), Violations>
    where
        Self: Sized,
    {
        super::tree::validate_in(self, tree)
    }

    /// It as a data tree of a schema: of the root, or of the notification that it is.
    ///
    /// What was kept because the struct's model does not know it ([`Unknowns::Keep`](super::Unknowns::Keep)) is taken as what it is where the
    /// schema knows it: that may be a newer one.
    ///
    /// # Errors
    /// What it holds is not of the schema (`unknown-element`, with its path), or is no value there.
    fn to_tree(&self, schema: &Arc<Schema>) -> Result<Tree, Vec<DataError>>
    where
        Self: Sized,
    {
        super::tree::to_tree(self, schema)
    }

    /// What a data tree holds of it; defaults that are not set are not taken over.
    ///
    /// # Errors
    /// The tree holds no such node, or what the struct has no place for.
    fn from_tree(tree: &Tree, options: &Options) -> Result<Self, CodecError>
    where
        Self: Sized,
    {
        super::tree::from_tree(tree, options)
    }

    /// Its XML.
    ///
    /// # Errors
    /// It holds what XML cannot say.
    fn to_xml(&self) -> Result<String, CodecError>
    where
        Self: Sized,
    {
        xml::to_string(|sink| self.encode(sink))
    }

    /// Reads it from an XML document.
    ///
    /// # Errors
    /// The document is not well-formed, or does not fit the types.
    fn from_xml(text: &str, options: &Options) -> Result<Self, CodecError>
    where
        Self: Sized,
    {
        let mut source = xml::SliceSource::new(text.as_bytes(), Limits::default());
        let value = Self::decode(&mut source, options)?;
        end(&mut source)?;
        Ok(value)
    }

    /// Its JSON (RFC 7951): an object with the node as its member.
    ///
    /// # Errors
    /// It holds what JSON cannot say.
    fn to_json(&self) -> Result<String, CodecError>
    where
        Self: Sized,
    {
        json::to_string(|sink| self.encode(sink))
    }

    /// Reads it from a JSON document (RFC 7951).
    ///
    /// # Errors
    /// The document is not well-formed, or does not fit the types.
    fn from_json(text: &str, options: &Options) -> Result<Self, CodecError>
    where
        Self: Sized,
    {
        let mut source = json::SliceSource::new(text.as_bytes(), Limits::default());
        let value = Self::decode(&mut source, options)?;
        end(&mut source)?;
        Ok(value)
    }
}

impl<T: Node + HasTable + Default + Clone + PartialEq + Debug> Yang for T {}

/// Takes the begin of the struct's node.
fn open<T: Yang>(source: &mut dyn Source, options: &Options) -> Result<(), CodecError> {
    let table = T::table();
    let module = table.module.unwrap_or(NOWHERE);
    loop {
        let (kind, message) = match source.next()? {
            Event::Text(text) if is_space(&text) => continue,
            Event::Annotations { .. } | Event::EmptyArray(_) => continue,
            Event::Open { name, attributes, .. } if same_name(&name, &module, &NOWHERE, table.name) => {
                match attributes.first() {
                    Some(attribute) if options.metadata == Metadata::Reject => {
                        decode::metadata(attribute.name.local, table.name)
                    }
                    _ => return Ok(()),
                }
            }
            Event::Open { name, .. } => (
                CodecErrorKind::UnknownNode,
                format!(
                    "{:?} stands where {:?} of module {:?} is expected",
                    name.local, table.name, module.name
                ),
            ),
            Event::Text(_) => {
                (CodecErrorKind::InvalidValue, format!("text stands where {:?} is expected", table.name))
            }
            Event::Close | Event::End => (CodecErrorKind::Truncated, format!("{:?} is missing", table.name)),
        };
        return Err(here(error(kind, message), source));
    }
}

/// Nothing may follow.
pub(crate) fn end(source: &mut dyn Source) -> Result<(), CodecError> {
    loop {
        let message = match source.next()? {
            Event::End => return Ok(()),
            Event::Text(text) if is_space(&text) => continue,
            Event::Annotations { .. } | Event::EmptyArray(_) => continue,
            Event::Open { name, .. } => format!("{:?} stands behind the end of the data", name.local),
            Event::Text(_) | Event::Close => "text stands behind the end of the data".to_owned(),
        };
        return Err(here(error(CodecErrorKind::UnknownNode, message), source));
    }
}
