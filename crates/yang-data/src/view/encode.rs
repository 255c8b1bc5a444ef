//! Views into documents.

use crate::codec::CodecError;
use crate::event::{Datum, FullName, OutAttribute, Shape, Sink};
use crate::tree::names::full_name;
use crate::tree::{Tree, WITH_DEFAULTS};
use crate::view::{Children, Cursor, DefaultMode, View};
use yang_schema::{Base, ModuleId, NodeKind, NodeRef, Schema, Value};

/// What to write of what a view shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct EncodeOptions {
    /// Configuration alone?
    pub config_only: bool,
}

impl Tree {
    /// Writes its content: what stands below the node that it hangs on. Nothing but what is set; a [`View`] can say more.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn encode(&self, sink: &mut dyn Sink, options: &EncodeOptions) -> Result<(), CodecError> {
        View::of(self).encode(sink, options)
    }
}

impl View {
    /// Writes the content of its operation if it has one, else all that is below its root.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn encode(&self, sink: &mut dyn Sink, options: &EncodeOptions) -> Result<(), CodecError> {
        self.operation_node().unwrap_or_else(|| self.root()).encode_children(sink, options)
    }
}

impl<'v> Cursor<'v> {
    /// Writes the node with all that is below it.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn encode(&self, sink: &mut dyn Sink, options: &EncodeOptions) -> Result<(), CodecError> {
        let mut writer = Writer::new(sink, self.view, options);
        writer.node(self.clone())?;
        writer.walk()
    }

    /// Writes all that is below the node, without the node.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn encode_children(&self, sink: &mut dyn Sink, options: &EncodeOptions) -> Result<(), CodecError> {
        let mut writer = Writer::new(sink, self.view, options);
        for child in self.children() {
            writer.node(child)?;
            writer.walk()?;
        }
        Ok(())
    }
}

/// A node that has been entered: written at once, or when something in it is.
struct Level<'v> {
    at: Cursor<'v>,
    written: bool,
    children: Option<Children<'v>>,
}

/// Writes nodes; containers without presence only when there is something in them.
pub(crate) struct Writer<'w, 'v> {
    sink: &'w mut dyn Sink,
    tagged: bool,
    config_only: bool,
    levels: Vec<Level<'v>>,
}

impl<'w, 'v> Writer<'w, 'v> {
    pub(crate) fn new(sink: &'w mut dyn Sink, view: &View, options: &EncodeOptions) -> Self {
        let tagged = view.default_mode() == DefaultMode::ReportAllTagged;
        Self { sink, tagged, config_only: options.config_only, levels: Vec::new() }
    }

    /// Enters a node, or writes a leaf.
    pub(crate) fn node(&mut self, at: Cursor<'v>) -> Result<(), CodecError> {
        let children = at.children();
        self.enter(at, Some(children))
    }

    /// Enters a node whose children the caller writes before [`leave`](Self::leave), or writes a leaf.
    pub(crate) fn enter(&mut self, at: Cursor<'v>, children: Option<Children<'v>>) -> Result<(), CodecError> {
        let node = at.node();
        if self.config_only && node.kind().is_data_node() && !node.is_config() {
            return Ok(());
        }
        if let Some(value) = at.value() {
            self.write_pending()?;
            let shape = if node.kind() == NodeKind::LeafList { Shape::LeafListEntry } else { Shape::Leaf };
            let default = [OutAttribute {
                name: FullName { module: WITH_DEFAULTS.1, namespace: WITH_DEFAULTS.0, local: "default" },
                value: Datum::Boolean(true),
            }];
            let tags: &[OutAttribute<'_>] = if self.tagged && at.is_default() { &default } else { &[] };
            self.sink.open(full_name(node), shape, tags)?;
            with_datum(node, value, |datum| self.sink.value(datum))?;
            return self.sink.close();
        }
        if let Some(any) = at.any() {
            self.write_pending()?;
            self.sink.open(full_name(node), Shape::Any, &[])?;
            any.write(self.sink)?;
            return self.sink.close();
        }
        let lazy = node.is_np_container();
        self.levels.push(Level { at, written: false, children });
        if lazy { Ok(()) } else { self.write_pending() }
    }

    /// Ends the node that was entered last.
    pub(crate) fn leave(&mut self) -> Result<(), CodecError> {
        match self.levels.pop() {
            Some(level) if level.written => self.sink.close(),
            _ => Ok(()),
        }
    }

    /// Writes all that is left of the nodes that were entered.
    pub(crate) fn walk(&mut self) -> Result<(), CodecError> {
        self.walk_above(0)
    }

    /// Writes all that is left of the nodes that were entered below a depth.
    pub(crate) fn walk_above(&mut self, depth: usize) -> Result<(), CodecError> {
        while self.levels.len() > depth {
            let next = self.levels.last_mut().and_then(|l| l.children.as_mut()).and_then(Iterator::next);
            match next {
                Some(child) => self.node(child)?,
                None => self.leave()?,
            }
        }
        Ok(())
    }

    pub(crate) fn depth(&self) -> usize {
        self.levels.len()
    }

    fn write_pending(&mut self) -> Result<(), CodecError> {
        let first = self.levels.iter().rposition(|l| l.written).map_or(0, |i| i + 1);
        for level in &mut self.levels[first..] {
            let node = level.at.node();
            let shape = if node.kind() == NodeKind::List { Shape::ListEntry } else { Shape::Container };
            self.sink.open(full_name(node), shape, &[])?;
            level.written = true;
        }
        Ok(())
    }
}

/// Hands a value over as writers take it.
pub(crate) fn with_datum<R>(node: NodeRef<'_>, value: &Value, write: impl FnOnce(Datum<'_>) -> R) -> R {
    let schema = node.schema();
    let module = |id: ModuleId| (schema.module_name(id), schema.str(schema.module(id).namespace));
    let base = |value: &Value| node.type_().map(|t| value.base_in(schema, t.id()));
    match value {
        Value::Empty => write(Datum::Empty),
        Value::Boolean(b) => write(Datum::Boolean(*b)),
        Value::Identity(id) => {
            let identity = schema.identity(*id);
            let (name, namespace) = module(identity.module);
            write(Datum::Identity { module: name, namespace, name: schema.str(identity.name) })
        }
        Value::InstanceIdentifier(_) => {
            let modules: Vec<(&str, &str)> = value.modules(schema).into_iter().map(module).collect();
            write(Datum::Qualified { text: &value.canonical(schema), modules: &modules })
        }
        Value::Int(_) | Value::Uint(_) => {
            let text = value.canonical(schema);
            match base(value) {
                Some(Base::Int64 | Base::Uint64) => write(Datum::LongNumber(&text)),
                _ => write(Datum::Number(&text)),
            }
        }
        Value::Decimal64(_) => write(Datum::LongNumber(&value.canonical(schema))),
        _ => write(Datum::Text(&value.canonical(schema))),
    }
}

/// The namespaces of the modules that a path names, for writers that must declare prefixes.
pub fn modules_of_path<'s>(schema: &'s Schema, path: &str) -> Vec<(&'s str, &'s str)> {
    let mut modules: Vec<(&str, &str)> = path
        .split(['/', '['])
        .filter_map(|step| step.split_once(':'))
        .filter_map(|(module, _)| schema.find_module(module))
        .map(|id| (schema.module_name(id), schema.str(schema.module(id).namespace)))
        .collect();
    modules.sort_unstable();
    modules.dedup();
    modules
}
