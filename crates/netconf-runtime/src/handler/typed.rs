//! Between typed structs and trees. What goes wrong here is a fault of the device, not of its peer.

use crate::rpc_error::RpcError;
use std::sync::Arc;
use yang_data::binding::path::Path;
use yang_data::binding::{Keys, NestedNotification, Notification, Options, Placed, Yang};
use yang_data::codec::{CodecError, Limits};
use yang_data::error::DataError;
use yang_data::event::{FullName, Shape, Sink};
use yang_data::operation::{Operation, OperationKind};
use yang_data::tree::{DecodeOptions, Tree, TreeSink};
use yang_data::view::{Cursor, CursorSource, View};
use yang_data::xml::SliceSource;
use yang_schema::value::{InstanceIdentifier, InstanceSelector};
use yang_schema::{NodeId, NodeKind, NodeRef, Schema};

fn device_fault(what: &str, why: &dyn std::fmt::Display) -> RpcError {
    tracing::error!(%why, "{what}");
    RpcError::operation_failed(format!("{what}: {why}"))
}

/// What the device made does not fit what it was made from.
pub(super) fn unfit(why: &dyn std::fmt::Display) -> RpcError {
    device_fault("the types of this device do not fit its model", why)
}

fn first(errors: &[DataError]) -> String {
    errors.first().map(ToString::to_string).unwrap_or_default()
}

fn read<T: Yang>(at: &Cursor<'_>) -> Result<T, CodecError> {
    T::decode_fields(&mut CursorSource::below(at), &Options::default())
}

/// The keys on the way to an instance, in the types of a path to it.
pub(super) fn keys<T, M, K: Keys>(
    path: &Path<T, M>,
    schema: &Schema,
    at: &InstanceIdentifier,
) -> Result<K, RpcError> {
    let texts = at.steps.iter().flat_map(|step| match &step.selector {
        InstanceSelector::Keys(values) => values.as_slice(),
        _ => &[],
    });
    let texts = texts.map(|value| value.canonical(schema));
    path.read_keys(texts).map_err(|e| device_fault("the types of this device do not fit its model", &e))
}

/// The input of an rpc, which is valid.
pub(super) fn from_content<T: Yang>(input: &Tree) -> Result<T, RpcError> {
    let view = View::of(input);
    let at = view.operation_node().unwrap_or_else(|| view.root());
    read(&at).map_err(|e| device_fault("the types of this device do not fit its model", &e))
}

/// The struct at a schema node that no list stands above.
pub(super) fn from_place<T: Yang>(view: &View, node: NodeId) -> Result<Option<T>, RpcError> {
    place(view, node)?.map(|at| read(&at)).transpose().map_err(|e| unfit(&e))
}

/// The one instance of a node that no list stands above, if it is there; the first entry of a leaf-list.
pub(super) fn place(view: &View, node: NodeId) -> Result<Option<Cursor<'_>>, RpcError> {
    let schema = view.schema();
    let mut at = Some(view.root());
    for step in line(schema.node(node)) {
        if step.kind() == NodeKind::List {
            let why = format!("{} is no single place", step.data_path());
            return Err(device_fault("the change cannot be read as one value", &why));
        }
        at = at.and_then(|at| at.child(step.id()));
    }
    Ok(at.filter(Cursor::is_set))
}

/// The data nodes from the top to a node.
pub(super) fn line(node: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    let mut line: Vec<_> = std::iter::successors(Some(node), |n| n.data_parent())
        .take_while(|n| n.kind() != NodeKind::Root)
        .collect();
    line.reverse();
    line
}

fn full_name(node: NodeRef<'_>) -> FullName<'_> {
    FullName { module: node.module_name(), namespace: node.namespace(), local: node.name() }
}

/// The output of an rpc, next to the input it answers.
pub(super) fn output_tree<T: Yang>(input: &Tree, output: &T) -> Result<Tree, RpcError> {
    let schema = input.schema();
    let rpc = schema.node(input.at()).parent();
    let node = rpc.and_then(|rpc| rpc.children().find(|c| c.kind() == NodeKind::Output));
    let node = node.ok_or_else(|| device_fault("the output cannot be made", &"its rpc has none"))?;
    let what = "the output of the rpc does not fit its model";
    let mut sink = TreeSink::new(schema, node.id(), &DecodeOptions::default());
    output.encode_fields(&mut sink).map_err(|e| device_fault(what, &e))?;
    sink.finish().map_err(|e| device_fault(what, &first(&e)))
}

/// A notification as a tree at its node.
pub(super) fn notification_tree<N: Notification>(
    schema: &Arc<Schema>,
    notification: &N,
) -> Result<Tree, RpcError> {
    let module = N::MODULE.map_or("", |m| m.name);
    let node = schema.find_module(module).and_then(|id| schema.find_notification(id, N::NAME));
    let Some(node) = node else {
        let why = format!("this server's schema has no notification {module}:{}", N::NAME);
        return Err(device_fault("the notification cannot be published", &why));
    };
    let what = "the notification does not fit its model";
    let mut sink = TreeSink::new(schema, node.id(), &DecodeOptions::default());
    notification.encode_fields(&mut sink).map_err(|e| device_fault(what, &e))?;
    sink.finish().map_err(|e| device_fault(what, &first(&e)))
}

/// A notification about one node, with where it stands.
pub(super) fn nested_notification<N: NestedNotification + Placed, M>(
    schema: &Arc<Schema>,
    at: &Path<N::Node, M>,
    notification: &N,
) -> Result<Operation, RpcError> {
    let what = "the notification does not fit its model";
    let text = at.notification_xml(notification).map_err(|e| device_fault(what, &e))?;
    let mut source = SliceSource::new(text.as_bytes(), Limits::default());
    let kind = OperationKind::Notification;
    Operation::decode(schema, kind, &mut source, &DecodeOptions::default())
        .map_err(|e| device_fault(what, &first(&e)))
}

/// The struct of a container as a tree at the root.
pub(super) fn state_tree<T: Yang>(schema: &Arc<Schema>, path: &str, state: &T) -> Result<Tree, RpcError> {
    let what = "the state does not fit its model";
    let node = schema.find(path).ok_or_else(|| device_fault(what, &format!("{path} is not there")))?;
    let line = line(node);
    let mut sink = TreeSink::new(schema, NodeId::ROOT, &DecodeOptions::default());
    let mut write = || -> Result<(), CodecError> {
        for &step in &line {
            sink.open(full_name(step), Shape::Container, &[])?;
        }
        state.encode_fields(&mut sink)?;
        line.iter().try_for_each(|_| sink.close())
    };
    write().map_err(|e| device_fault(what, &e))?;
    sink.finish().map_err(|e| device_fault(what, &first(&e)))
}

/// Instances of a node with their state, in the entries of these keys, as a tree at the root.
pub(super) fn state_entries<T: Yang, M, K: Keys>(
    schema: &Arc<Schema>,
    path: &Path<T, M>,
    around: &K,
    values: &[T],
) -> Result<Tree, RpcError> {
    let what = "the state does not fit its model";
    let mut sink = TreeSink::new(schema, NodeId::ROOT, &DecodeOptions::default());
    path.write_values(around, values, &mut sink).map_err(|e| device_fault(what, &e))?;
    sink.finish().map_err(|e| device_fault(what, &first(&e)))
}
