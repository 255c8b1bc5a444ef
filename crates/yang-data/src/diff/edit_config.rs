//! A diff as the content of an `edit-config` (RFC 6241 section 7.2) with `default-operation` none.

use super::annotated::{self, Noted};
use super::{Change, ChangeKind, Diff, Item};
use crate::codec::CodecError;
use crate::event::{Datum, FullName, OutAttribute, Shape, Sink};
use crate::tree::annotation::{Annotation, Of, with_attributes};
use crate::tree::names::full_name;
use crate::tree::{Content, Record, Tree};
use crate::view::{EncodeOptions, OwnedDatum, push_predicate, with_datum};
use std::sync::Arc;
use yang_schema::{NodeKind, NodeRef, Value};

const OPERATION: FullName<'_> = FullName {
    module: "ietf-netconf",
    namespace: "urn:ietf:params:xml:ns:netconf:base:1.0",
    local: "operation",
};

fn yang(local: &str) -> FullName<'_> {
    FullName { module: "yang", namespace: "urn:ietf:params:xml:ns:yang:1", local }
}

impl Diff {
    /// Writes what stands inside `config`. State has no place in it and is left out.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn encode_edit(&self, sink: &mut dyn Sink) -> Result<(), CodecError> {
        self.write(sink, &self.changes)
    }

    /// The changes inside one record. What goes goes first: the node of a case would take the nodes of another along, and there
    /// would be nothing to delete.
    fn write(&self, sink: &mut dyn Sink, changes: &[Change]) -> Result<(), CodecError> {
        let (annotated, rest) = match changes.split_first() {
            Some((Change { kind: ChangeKind::Annotated(from, to), .. }, rest)) => (Some((from, to)), rest),
            _ => (None, changes),
        };
        let mut noted = annotated.map(|(from, to)| annotated::noted(from, to)).unwrap_or_default();
        noted.retain(|n| n.at.is_some());
        let goes = |change: &&Change| matches!(change.kind, ChangeKind::Deleted(_));
        for change in rest.iter().filter(goes).chain(rest.iter().filter(|c| !goes(c))) {
            let node = self.schema.node(change.node);
            let is_here = |n: &Noted<'_>| {
                n.at.is_some_and(|(ordinal, of)| {
                    let entry = if let Of::Entry(value) = of { std::slice::from_ref(value) } else { &[] };
                    ordinal == node.data_ordinal()
                        && (node.kind() != NodeKind::LeafList || entry == change.key)
                })
            };
            let here = noted.iter().position(is_here).map(|at| noted.remove(at));
            if node.is_config() {
                self.write_change(sink, node, change, here.as_ref())?;
            }
        }
        // What is left has its value and other annotations.
        for noted in noted {
            let Some((_, to)) = annotated else { continue };
            let Some((node, value)) = noted.child(&self.schema, to).filter(|(n, _)| n.is_config()) else {
                continue;
            };
            // Those of keys are written with their entry.
            if node.is_key() || noted.at.is_some_and(|(ordinal, _)| to.get(ordinal).is_none()) {
                continue;
            }
            let item = match (value, to.get(node.data_ordinal())) {
                (Some(value), _) => Item::Value(value.clone()),
                (None, Some(Content::Any(any))) => Item::Any(Arc::clone(any)),
                _ => continue,
            };
            self.open(sink, node, shape(node, Some(&item)), Some(writing(&noted)), &[], noted.new)?;
            self.write_item(sink, node, &item)?;
            sink.close()?;
        }
        Ok(())
    }

    fn open(
        &self,
        sink: &mut dyn Sink,
        node: NodeRef<'_>,
        shape: Shape,
        operation: Option<&str>,
        others: &[OutAttribute<'_>],
        annotations: &[Annotation],
    ) -> Result<(), CodecError> {
        let operation = operation.map(|o| OutAttribute { name: OPERATION, value: Datum::Text(o) });
        let attributes: Vec<OutAttribute<'_>> = operation.into_iter().chain(others.iter().copied()).collect();
        with_attributes(&self.schema, annotations, &attributes, |all| sink.open(full_name(node), shape, all))
    }

    fn write_change(
        &self,
        sink: &mut dyn Sink,
        node: NodeRef<'_>,
        change: &Change,
        noted: Option<&Noted<'_>>,
    ) -> Result<(), CodecError> {
        let mut inside = Whole::Nothing;
        let mut annotations = noted.map(|n| n.new).unwrap_or_default();
        let operation = match &change.kind {
            ChangeKind::Created(item) => {
                if let Item::Record(record) = item {
                    annotations = own(record);
                }
                Some("create")
            }
            ChangeKind::Deleted(_) => Some("delete"),
            // What replaces has no annotations but those that it brings; what is merged keeps those that are there.
            ChangeKind::Replaced(..) => Some(noted.map_or("merge", writing)),
            ChangeKind::Inside(below) => {
                inside = whole(node, below);
                match (&inside, noted, &change.moved) {
                    (Whole::Merged(record), ..) => {
                        annotations = own(record);
                        Some("merge")
                    }
                    (Whole::Replaced(record), ..) => {
                        annotations = own(record);
                        Some("replace")
                    }
                    (Whole::Nothing, Some(noted), _) => Some(writing(noted)),
                    (Whole::Nothing, None, Some(_)) => Some("merge"),
                    (Whole::Nothing, None, None) => None,
                }
            }
            ChangeKind::Annotated(..) => return Ok(()),
        };
        let mut attributes = Vec::new();
        let mut anchor = None;
        if let Some(spot) = change.moved.as_ref().and_then(|m| m.to.as_ref()) {
            let word = match &spot.after {
                None => "first",
                Some(key) => {
                    anchor = Some(anchor_of(node, key));
                    "after"
                }
            };
            attributes.push(OutAttribute { name: yang("insert"), value: Datum::Text(word) });
        }
        let pairs = anchor.as_ref().map(OwnedDatum::pairs).unwrap_or_default();
        if let Some(anchor) = &anchor {
            let name = if node.kind() == NodeKind::LeafList { "value" } else { "key" };
            attributes.push(OutAttribute { name: yang(name), value: anchor.datum(&pairs) });
        }
        let item = match &change.kind {
            ChangeKind::Created(item) | ChangeKind::Replaced(_, item) => Some(item),
            _ => None,
        };
        self.open(sink, node, shape(node, item), operation, &attributes, annotations)?;
        match (item, &inside) {
            (Some(item), _) => self.write_item(sink, node, item)?,
            (None, Whole::Replaced(record)) => self.write_record(sink, record)?,
            (None, _) => match (node.kind(), change.key.as_slice()) {
                (NodeKind::LeafList, [value]) => with_datum(node, value, |datum| sink.value(datum))?,
                (_, keys) => {
                    for (key, value) in node.keys().zip(keys) {
                        let annotations = match &inside {
                            Whole::Merged(record) => annotations_of(record, key),
                            _ => &[],
                        };
                        self.open(sink, key, Shape::Leaf, None, &[], annotations)?;
                        with_datum(key, value, |datum| sink.value(datum))?;
                        sink.close()?;
                    }
                }
            },
        }
        if let (ChangeKind::Inside(below), Whole::Nothing | Whole::Merged(_)) = (&change.kind, &inside) {
            self.write(sink, below)?;
        }
        sink.close()
    }

    fn write_record(&self, sink: &mut dyn Sink, record: &Record) -> Result<(), CodecError> {
        Tree::from_root(Arc::clone(&self.schema), record.clone())
            .encode(sink, &EncodeOptions { config_only: true })
    }

    fn write_item(&self, sink: &mut dyn Sink, node: NodeRef<'_>, item: &Item) -> Result<(), CodecError> {
        match item {
            Item::Value(value) => with_datum(node, value, |datum| sink.value(datum)),
            Item::Any(any) => any.write(&self.schema, sink),
            Item::Record(record) => self.write_record(sink, record),
            Item::Sequence(_) => Ok(()),
        }
    }
}

/// What an edit must say of a container or entry whose own annotations, or those of its keys, change.
enum Whole<'c> {
    /// Nothing: they stay.
    Nothing,
    /// Some come or have other values.
    Merged(&'c Record),
    /// Some go. An edit has no word for that but another node in place of the node.
    Replaced(&'c Record),
}

fn whole<'c>(node: NodeRef<'_>, below: &'c [Change]) -> Whole<'c> {
    let Some(Change { kind: ChangeKind::Annotated(from, to), .. }) = below.first() else {
        return Whole::Nothing;
    };
    let is_key = |ordinal| node.keys().any(|key| key.data_ordinal() == ordinal);
    let mut noted = annotated::noted(from, to);
    noted.retain(|n| n.at.is_none_or(|(ordinal, _)| is_key(ordinal)));
    if noted.is_empty() {
        Whole::Nothing
    } else if noted.iter().all(Noted::only_adds) {
        Whole::Merged(to)
    } else {
        Whole::Replaced(to)
    }
}

/// The operation that gives a node its new annotations.
fn writing(noted: &Noted<'_>) -> &'static str {
    if noted.only_adds() { "merge" } else { "replace" }
}

fn own(record: &Record) -> &[Annotation] {
    record.annotations().map(|a| a.own.as_slice()).unwrap_or_default()
}

fn annotations_of<'r>(record: &'r Record, leaf: NodeRef<'_>) -> &'r [Annotation] {
    record.annotations().map(|a| a.at(Some((leaf.data_ordinal(), &Of::Node)))).unwrap_or_default()
}

fn shape(node: NodeRef<'_>, item: Option<&Item>) -> Shape {
    match (node.kind(), item) {
        (_, Some(Item::Any(any))) => any.shape(node),
        (NodeKind::Leaf, _) => Shape::Leaf,
        (NodeKind::LeafList, _) => Shape::LeafListEntry,
        (NodeKind::List, _) => Shape::ListEntry,
        (NodeKind::AnyData, _) => Shape::Any,
        (NodeKind::AnyXml, _) => Shape::AnyXml,
        _ => Shape::Container,
    }
}

/// The value of `key` or `value` (RFC 7950 sections 7.7.9 and 7.8.6). The names of keys have the prefix of their module.
fn anchor_of(node: NodeRef<'_>, key: &[Value]) -> OwnedDatum {
    let schema = node.schema();
    if let (NodeKind::LeafList, [value]) = (node.kind(), key) {
        return OwnedDatum::of(schema, node.type_().map(|t| t.id()), value);
    }
    let mut text = String::new();
    let mut modules = vec![node.module()];
    for (leaf, value) in node.keys().zip(key) {
        let name = format!("{}:{}", leaf.module_name(), leaf.name());
        push_predicate(&mut text, &name, &value.qualified(schema));
        modules.extend(value.modules(schema));
    }
    modules.sort_unstable();
    modules.dedup();
    let pair = |id| (schema.module_name(id).to_owned(), schema.str(schema.module(id).namespace).to_owned());
    OwnedDatum::Qualified(text, modules.into_iter().map(pair).collect())
}
