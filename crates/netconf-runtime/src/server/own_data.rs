//! Data of modules that the server itself implements, written node by node: its state and its notifications.

use crate::rpc_error::RpcError;
use std::sync::Arc;
use yang_data::codec::CodecError;
use yang_data::event::{Datum, FullName, Shape, Sink as _};
use yang_data::tree::{DecodeOptions, Tree, TreeSink};
use yang_schema::value::InstanceIdentifier;
use yang_schema::{ModuleId, NodeId, Schema};

/// A tree of one module that is being written. The first fault is told at the end.
pub(crate) struct OwnData<'s> {
    schema: &'s Arc<Schema>,
    module: ModuleId,
    sink: TreeSink<'s>,
    fault: Option<CodecError>,
}

impl<'s> OwnData<'s> {
    /// A tree at a node, of a module's data.
    pub(crate) fn new(schema: &'s Arc<Schema>, module: ModuleId, at: NodeId) -> Self {
        Self { schema, module, sink: TreeSink::new(schema, at, &DecodeOptions::default()), fault: None }
    }

    fn open(&mut self, name: &str, shape: Shape) -> Result<(), CodecError> {
        let module = self.schema.module(self.module);
        let name = FullName {
            module: self.schema.str(module.name),
            namespace: self.schema.str(module.namespace),
            local: name,
        };
        self.sink.open(name, shape, &[])
    }

    fn run(&mut self, write: impl FnOnce(&mut Self) -> Result<(), CodecError>) {
        if self.fault.is_none() {
            self.fault = write(self).err();
        }
    }

    fn inside(&mut self, name: &str, shape: Shape, write: impl FnOnce(&mut Self)) {
        self.run(|this| this.open(name, shape));
        write(self);
        self.run(|this| this.sink.close());
    }

    /// A container, with what is in it.
    pub(crate) fn container(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.inside(name, Shape::Container, write);
    }

    /// A list entry, with its keys and all else.
    pub(crate) fn entry(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.inside(name, Shape::ListEntry, write);
    }

    /// A leaf with a value of one type.
    pub(crate) fn leaf(&mut self, name: &str, value: Datum<'_>) {
        self.inside(name, Shape::Leaf, |this| this.run(|this| this.sink.value(value)));
    }

    /// An entry of a leaf-list, of text.
    pub(crate) fn item(&mut self, name: &str, value: &str) {
        self.inside(name, Shape::LeafListEntry, |this| this.run(|this| this.sink.value(Datum::Text(value))));
    }

    /// A leaf of text.
    pub(crate) fn text(&mut self, name: &str, value: &str) {
        self.leaf(name, Datum::Text(value));
    }

    /// A leaf that is a number.
    pub(crate) fn number(&mut self, name: &str, value: impl std::fmt::Display) {
        self.leaf(name, Datum::Text(&value.to_string()));
    }

    /// A leaf that names a node.
    pub(crate) fn node(&mut self, name: &str, at: &InstanceIdentifier) {
        let schema = self.schema;
        let of = |id: ModuleId| {
            let module = schema.module(id);
            (schema.str(module.name), schema.str(module.namespace))
        };
        let modules: Vec<_> = at.modules(&**schema).into_iter().map(of).collect();
        let text = at.print(&**schema, false);
        self.leaf(name, Datum::Qualified { text: &text, modules: &modules });
    }

    /// The tree.
    ///
    /// # Errors
    /// The module is not the one that was meant: its author made another one of the name.
    pub(crate) fn finish(self) -> Result<Tree, RpcError> {
        let failed = |why: &dyn std::fmt::Display| {
            RpcError::operation_failed(format!("the server's own data does not fit its module: {why}"))
        };
        if let Some(fault) = self.fault {
            return Err(failed(&fault));
        }
        self.sink
            .finish()
            .map_err(|errors| failed(&errors.first().map(ToString::to_string).unwrap_or_default()))
    }
}
