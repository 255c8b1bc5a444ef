//! Bound structs into a sink: one walk for all of them.

use super::{Kind, Module, Node, Slot, Table, walk};
use crate::codec::CodecError;
use crate::event::{FullName, OutAttribute, Shape, Sink};

/// Writes a struct as a node of its own. One without a name (a root, a case) writes its fields alone.
pub(crate) fn node(node: &dyn Node, inherited: Module, sink: &mut dyn Sink) -> Result<(), CodecError> {
    let table = node.node_table();
    let module = table.module.unwrap_or(inherited);
    let shape = match table.kind {
        Kind::Root | Kind::Case => return fields(node, module, sink),
        Kind::List => Shape::ListEntry,
        _ => Shape::Container,
    };
    sink.open(full(module, table.name), shape, &[])?;
    fields(node, module, sink)?;
    sink.close()
}

pub(crate) fn full(module: Module, local: &str) -> FullName<'_> {
    FullName { module: module.name, namespace: module.namespace, local }
}

/// Writes the fields of a struct: keys first, as RFC 7950 section 7.8.5 says, then in the order of the model.
pub(crate) fn fields(node: &dyn Node, module: Module, sink: &mut dyn Sink) -> Result<(), CodecError> {
    fields_except(node, module, &[], sink)
}

/// As [`fields`], without some: an edit writes keys by itself.
pub(crate) fn fields_except(
    node: &dyn Node,
    module: Module,
    except: &[usize],
    sink: &mut dyn Sink,
) -> Result<(), CodecError> {
    let table = node.node_table();
    for &key in table.keys {
        if !except.contains(&key) {
            field(node, table, key, module, sink)?;
        }
    }
    for index in 0..table.fields.len() {
        if !table.keys.contains(&index) && !except.contains(&index) {
            field(node, table, index, module, sink)?;
        }
    }
    Ok(())
}

fn field(
    node: &dyn Node,
    table: &'static Table,
    index: usize,
    module: Module,
    sink: &mut dyn Sink,
) -> Result<(), CodecError> {
    let Some(field) = table.fields.get(index) else { return Ok(()) };
    let presence = field.detail.presence.is_some();
    slot(node.slot(index), field.name, field.module.unwrap_or(module), presence, &[], sink)
}

/// Writes one field, which may be many nodes. Attributes go on each.
pub(crate) fn slot(
    slot: Slot<'_>,
    name: &str,
    module: Module,
    presence: bool,
    attributes: &[OutAttribute<'_>],
    sink: &mut dyn Sink,
) -> Result<(), CodecError> {
    let name = full(module, name);
    match slot {
        Slot::Leaf(leaf) => {
            if let Some(value) = leaf.get() {
                sink.open(name, Shape::Leaf, attributes)?;
                value.write(&mut |datum| sink.value(datum))?;
                sink.close()?;
            }
        }
        Slot::LeafList(list) => {
            for value in (0..list.len()).filter_map(|i| list.get(i)) {
                sink.open(name, Shape::LeafListEntry, attributes)?;
                value.write(&mut |datum| sink.value(datum))?;
                sink.close()?;
            }
        }
        Slot::Container(container) => {
            if let Some(node) = container.get()
                && (presence || !attributes.is_empty() || !walk::is_empty(node))
            {
                sink.open(name, Shape::Container, attributes)?;
                fields(node, node.node_table().module.unwrap_or(module), sink)?;
                sink.close()?;
            }
        }
        Slot::List(list) => {
            for entry in list.entries() {
                sink.open(name, Shape::ListEntry, attributes)?;
                fields(entry, entry.node_table().module.unwrap_or(module), sink)?;
                sink.close()?;
            }
        }
        Slot::Choice(choice) => {
            let Some(choice) = choice.get() else { return Ok(()) };
            let Some(variant) = choice.node_table().fields.get(choice.variant()) else { return Ok(()) };
            let module = variant.module.unwrap_or(choice.node_table().module.unwrap_or(module));
            match (variant.kind, choice.content()) {
                (Kind::Case, Slot::Container(case)) => {
                    if let Some(case) = case.get() {
                        fields(case, case.node_table().module.unwrap_or(module), sink)?;
                    }
                }
                (_, content) => {
                    let presence = variant.detail.presence.is_some();
                    self::slot(content, variant.name, module, presence, attributes, sink)?;
                }
            }
        }
        Slot::Any(any) => {
            if let Some(content) = any.get() {
                sink.open(name, Shape::Any, attributes)?;
                content.write(sink)?;
                sink.close()?;
            }
        }
        Slot::Unknown(unknown) => unknown.write(sink)?,
        Slot::Nothing => {}
    }
    Ok(())
}
