//! A diff as the content of an `edit-config` (RFC 6241 section 7.2) with `default-operation` none.

use super::{Change, ChangeKind, Diff, Item};
use crate::codec::CodecError;
use crate::event::{Datum, FullName, OutAttribute, Shape, Sink};
use crate::tree::Tree;
use crate::tree::names::full_name;
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
    /// Writes what stands inside `config`. State has no place in it and is left out, and so are changes of annotations alone.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn encode_edit(&self, sink: &mut dyn Sink) -> Result<(), CodecError> {
        self.write(sink, &self.changes)
    }

    fn write(&self, sink: &mut dyn Sink, changes: &[Change]) -> Result<(), CodecError> {
        // What goes goes first: the node of a case would take the nodes of another along, and there would be nothing to delete.
        let goes = |change: &&Change| matches!(change.kind, ChangeKind::Deleted(_));
        for change in changes.iter().filter(goes).chain(changes.iter().filter(|c| !goes(c))) {
            // An edit has no words for annotations that come or go.
            if matches!(change.kind, ChangeKind::Annotated(..)) {
                continue;
            }
            let node = self.schema.node(change.node);
            if node.is_config() {
                self.write_change(sink, node, change)?;
            }
        }
        Ok(())
    }

    fn write_change(
        &self,
        sink: &mut dyn Sink,
        node: NodeRef<'_>,
        change: &Change,
    ) -> Result<(), CodecError> {
        let operation = match (&change.kind, &change.moved) {
            (ChangeKind::Created(_), _) => Some("create"),
            (ChangeKind::Deleted(_), _) => Some("delete"),
            (ChangeKind::Replaced(..), _) => Some("replace"),
            (ChangeKind::Inside(_), Some(_)) => Some("merge"),
            (ChangeKind::Inside(_), None) | (ChangeKind::Annotated(..), _) => None,
        };
        let mut attributes = Vec::new();
        attributes.extend(operation.map(|o| OutAttribute { name: OPERATION, value: Datum::Text(o) }));
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
        let shape = match node.kind() {
            NodeKind::Leaf => Shape::Leaf,
            NodeKind::LeafList => Shape::LeafListEntry,
            NodeKind::List => Shape::ListEntry,
            NodeKind::AnyData => Shape::Any,
            NodeKind::AnyXml => Shape::AnyXml,
            _ => Shape::Container,
        };
        sink.open(full_name(node), shape, &attributes)?;
        match &change.kind {
            ChangeKind::Created(item) | ChangeKind::Replaced(_, item) => self.write_item(sink, node, item)?,
            ChangeKind::Deleted(_) | ChangeKind::Inside(_) | ChangeKind::Annotated(..) => {
                match (node.kind(), change.key.as_slice()) {
                    (NodeKind::LeafList, [value]) => with_datum(node, value, |datum| sink.value(datum))?,
                    (_, keys) => {
                        for (key, value) in node.keys().zip(keys) {
                            sink.open(full_name(key), Shape::Leaf, &[])?;
                            with_datum(key, value, |datum| sink.value(datum))?;
                            sink.close()?;
                        }
                    }
                }
            }
        }
        if let ChangeKind::Inside(below) = &change.kind {
            self.write(sink, below)?;
        }
        sink.close()
    }

    fn write_item(&self, sink: &mut dyn Sink, node: NodeRef<'_>, item: &Item) -> Result<(), CodecError> {
        match item {
            Item::Value(value) => with_datum(node, value, |datum| sink.value(datum)),
            Item::Any(any) => any.write(&self.schema, sink),
            Item::Record(record) => Tree::from_root(Arc::clone(&self.schema), record.clone())
                .encode(sink, &EncodeOptions { config_only: true }),
            Item::Sequence(_) => Ok(()),
        }
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
