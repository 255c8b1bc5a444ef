//! Views into documents.

use crate::codec::CodecError;
use crate::event::{Datum, FullName, OutAttribute, Shape, Sink};
use crate::tree::annotation::{Annotation, with_attributes};
use crate::tree::names::full_name;
use crate::tree::{Record, Tree, WITH_DEFAULTS, xpath_text};
use crate::view::plain::{Next, Plain, modules_of_identities};
use crate::view::{Children, Cursor, DefaultMode, View};
use smol_str::{SmolStr, format_smolstr};
use yang_schema::{Base, ModuleId, NodeKind, NodeRef, Schema, TypeId, Value};

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
        self.encoder(options).finish(sink)
    }

    /// The same, to be written a step at a time.
    pub fn encoder(&self, options: &EncodeOptions) -> Encoder<'_> {
        self.operation_node().unwrap_or_else(|| self.root()).children_encoder(options)
    }
}

impl<'v> Cursor<'v> {
    /// Writes the node with all that is below it.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn encode(&self, sink: &mut dyn Sink, options: &EncodeOptions) -> Result<(), CodecError> {
        let mut writer = Writer::new(self.view, options);
        writer.node(sink, self.clone())?;
        while writer.step_above(sink, 0)? {}
        Ok(())
    }

    /// Writes all that is below the node, without the node.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn encode_children(&self, sink: &mut dyn Sink, options: &EncodeOptions) -> Result<(), CodecError> {
        self.children_encoder(options).finish(sink)
    }

    fn children_encoder(&self, options: &EncodeOptions) -> Encoder<'v> {
        Encoder { writer: Writer::new(self.view, options), children: self.children() }
    }
}

/// Writes a view a step at a time, so that whoever writes much can wait in between for it to go somewhere. A step writes one
/// node, without what is below it.
pub struct Encoder<'v> {
    writer: Writer<'v>,
    children: Children<'v>,
}

impl Encoder<'_> {
    /// The next step; `false` when all is written. The sink must be one and the same.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn step(&mut self, sink: &mut dyn Sink) -> Result<bool, CodecError> {
        if self.writer.step_above(sink, 0)? {
            return Ok(true);
        }
        let Some(child) = self.children.next() else { return Ok(false) };
        self.writer.node(sink, child)?;
        Ok(true)
    }

    fn finish(mut self, sink: &mut dyn Sink) -> Result<(), CodecError> {
        while self.step(sink)? {}
        Ok(())
    }
}

/// A node that has been entered: written at once, or when something in it is.
struct Level<'v> {
    node: NodeRef<'v>,
    annotations: &'v [Annotation],
    content: Rest<'v>,
}

/// What is left to write of a node's content.
enum Rest<'v> {
    /// Nothing that the writer would write by itself: the caller does.
    Callers,
    Cursors(Children<'v>),
    Plain(Plain<'v>),
}

/// Writes nodes; containers without presence only when there is something in them.
pub(crate) struct Writer<'v> {
    schema: &'v Schema,
    tagged: bool,
    config_only: bool,
    levels: Vec<Level<'v>>,
    /// So many of the levels are written; those further in wait for something to be in them.
    written: usize,
}

impl<'v> Writer<'v> {
    pub(crate) fn new(view: &'v View, options: &EncodeOptions) -> Self {
        let tagged = view.default_mode() == DefaultMode::ReportAllTagged;
        let config_only = options.config_only;
        Self { schema: view.schema(), tagged, config_only, levels: Vec::new(), written: 0 }
    }

    /// Enters a node, or writes a leaf.
    pub(crate) fn node(&mut self, sink: &mut dyn Sink, at: Cursor<'v>) -> Result<(), CodecError> {
        let rest = match at.plain_record() {
            Some(record) => {
                if self.levels.is_empty() && !(self.config_only && is_state(at.node())) {
                    self.announce(sink, record);
                }
                Rest::Plain(Plain::of(record))
            }
            None if at.value().is_none() && at.any().is_none() => Rest::Cursors(at.children()),
            None => Rest::Callers,
        };
        self.enter_with(sink, &at, rest)
    }

    /// Says what is likely to come in a node that nothing stands around.
    fn announce(&self, sink: &mut dyn Sink, record: &Record) {
        for id in modules_of_identities(record, self.schema) {
            let (name, namespace) = module(self.schema, id);
            sink.announce(name, namespace);
        }
    }

    /// Enters a node whose children the caller writes before [`leave`](Self::leave), or writes a leaf.
    pub(crate) fn enter(&mut self, sink: &mut dyn Sink, at: &Cursor<'v>) -> Result<(), CodecError> {
        self.enter_with(sink, at, Rest::Callers)
    }

    fn enter_with(&mut self, sink: &mut dyn Sink, at: &Cursor<'v>, rest: Rest<'v>) -> Result<(), CodecError> {
        let node = at.node();
        if self.config_only && is_state(node) {
            return Ok(());
        }
        if let Some(value) = at.value() {
            self.write_pending(sink)?;
            let shape = if node.kind() == NodeKind::LeafList { Shape::LeafListEntry } else { Shape::Leaf };
            let default = OutAttribute {
                name: FullName { module: WITH_DEFAULTS.1, namespace: WITH_DEFAULTS.0, local: "default" },
                value: Datum::Boolean(true),
            };
            let tag = (self.tagged && at.is_default()).then_some(default);
            return with_attributes(node.schema(), at.annotations(), tag.as_slice(), |attributes| {
                with_datum(node, value, |datum| sink.leaf(full_name(node), shape, attributes, datum))
            });
        }
        if let Some(any) = at.any() {
            self.write_pending(sink)?;
            return any.write_node(node, at.annotations(), sink);
        }
        self.enter_inner(sink, Level { node, annotations: at.annotations(), content: rest })
    }

    fn enter_inner(&mut self, sink: &mut dyn Sink, level: Level<'v>) -> Result<(), CodecError> {
        let lazy = level.annotations.is_empty() && level.node.is_np_container();
        self.levels.push(level);
        if lazy { Ok(()) } else { self.write_pending(sink) }
    }

    /// Ends the node that was entered last.
    pub(crate) fn leave(&mut self, sink: &mut dyn Sink) -> Result<(), CodecError> {
        if self.levels.pop().is_some() && self.levels.len() < self.written {
            self.written = self.levels.len();
            return sink.close();
        }
        Ok(())
    }

    /// Goes a step on in what is left of the nodes that were entered below a depth; `false` when nothing is.
    pub(crate) fn step_above(&mut self, sink: &mut dyn Sink, depth: usize) -> Result<bool, CodecError> {
        if self.levels.len() <= depth {
            return Ok(false);
        }
        let Some((last, above)) = self.levels.split_last_mut() else { return Ok(false) };
        match &mut last.content {
            Rest::Callers => self.leave(sink)?,
            Rest::Cursors(children) => match children.next() {
                Some(child) => self.node(sink, child)?,
                None => self.leave(sink)?,
            },
            Rest::Plain(plain) => {
                let config_only = self.config_only;
                let leave_out = |node: NodeRef<'v>| config_only && is_state(node);
                let (written, node, annotations) = (&mut self.written, last.node, last.annotations);
                let before = |sink: &mut dyn Sink| {
                    for level in above.get(*written..).unwrap_or_default() {
                        open(sink, level.node, level.annotations)?;
                    }
                    if *written <= above.len() {
                        open(sink, node, annotations)?;
                    }
                    *written = above.len() + 1;
                    Ok(())
                };
                match plain.next(self.schema, sink, leave_out, before)? {
                    Next::Written => {}
                    Next::Inner(node, record) => {
                        let annotations = record.annotations().map_or(&[][..], |a| a.own.as_slice());
                        let content = Rest::Plain(Plain::of(record));
                        self.enter_inner(sink, Level { node, annotations, content })?;
                    }
                    Next::End => self.leave(sink)?,
                }
            }
        }
        Ok(true)
    }

    pub(crate) fn depth(&self) -> usize {
        self.levels.len()
    }

    fn write_pending(&mut self, sink: &mut dyn Sink) -> Result<(), CodecError> {
        while let Some(level) = self.levels.get(self.written) {
            open(sink, level.node, level.annotations)?;
            self.written += 1;
        }
        Ok(())
    }
}

/// Is it state?
fn is_state(node: NodeRef<'_>) -> bool {
    node.kind().is_data_node() && !node.is_config()
}

fn open(sink: &mut dyn Sink, node: NodeRef<'_>, annotations: &[Annotation]) -> Result<(), CodecError> {
    let shape = if node.kind() == NodeKind::List { Shape::ListEntry } else { Shape::Container };
    with_attributes(node.schema(), annotations, &[], |attributes| {
        sink.open(full_name(node), shape, attributes)
    })
}

/// Hands a value over as writers take it.
pub(crate) fn with_datum<R>(node: NodeRef<'_>, value: &Value, write: impl FnOnce(Datum<'_>) -> R) -> R {
    // The usual values go without a copy.
    let schema = node.schema();
    match value {
        Value::Empty => write(Datum::Empty),
        Value::Boolean(b) => write(Datum::Boolean(*b)),
        Value::Identity(id) => {
            let identity = schema.identity(*id);
            let (name, namespace) = module(schema, identity.module);
            write(Datum::Identity { module: name, namespace, name: schema.str(identity.name) })
        }
        Value::Int(_) | Value::Uint(_) => {
            let text = match value {
                Value::Int(n) => format_smolstr!("{n}"),
                Value::Uint(n) => format_smolstr!("{n}"),
                _ => SmolStr::default(),
            };
            let long = node.type_().is_some_and(|t| is_long(schema, t.id(), value));
            write(if long { Datum::LongNumber(&text) } else { Datum::Number(&text) })
        }
        Value::InstanceIdentifier(_) | Value::Decimal64(_) => {
            let owned = OwnedDatum::of(schema, node.type_().map(|t| t.id()), value);
            write(owned.datum(&owned.pairs()))
        }
        Value::String(text) if xpath_text::is_xpath(node) => {
            write(Datum::Prefixed { text, prefixes: &xpath_text::modules(schema, text) })
        }
        _ => write(Datum::Text(&value.canonical(schema))),
    }
}

/// Is an integer of a type that JSON writes as a string (RFC 7951 section 6.1)?
fn is_long(schema: &Schema, ty: TypeId, value: &Value) -> bool {
    let base = match schema.type_(ty).base() {
        Base::Union | Base::Leafref => value.base_in(schema, ty),
        base => base,
    };
    matches!(base, Base::Int64 | Base::Uint64)
}

fn module(schema: &Schema, id: ModuleId) -> (&str, &str) {
    (schema.module_name(id), schema.str(schema.module(id).namespace))
}

/// A [`Datum`] that holds its text.
pub(crate) enum OwnedDatum {
    Text(String),
    Number(String),
    LongNumber(String),
    Boolean(bool),
    Empty,
    Null,
    Identity { module: String, namespace: String, name: String },
    Qualified(String, Vec<(String, String)>),
    Prefixed(String, Vec<(SmolStr, SmolStr)>),
}

impl OwnedDatum {
    /// A value of a type.
    pub(crate) fn of(schema: &Schema, ty: Option<TypeId>, value: &Value) -> Self {
        let text = || value.canonical(schema).into_owned();
        match value {
            Value::Empty => Self::Empty,
            Value::Boolean(b) => Self::Boolean(*b),
            Value::Identity(id) => {
                let identity = schema.identity(*id);
                let (name, namespace) = module(schema, identity.module);
                Self::Identity {
                    module: name.to_owned(),
                    namespace: namespace.to_owned(),
                    name: schema.str(identity.name).to_owned(),
                }
            }
            Value::InstanceIdentifier(_) => {
                let owned = |(a, b): (&str, &str)| (a.to_owned(), b.to_owned());
                let modules = value.modules(schema).into_iter().map(|id| owned(module(schema, id)));
                Self::Qualified(text(), modules.collect())
            }
            Value::Int(_) | Value::Uint(_) if ty.is_some_and(|t| is_long(schema, t, value)) => {
                Self::LongNumber(text())
            }
            Value::Int(_) | Value::Uint(_) => Self::Number(text()),
            Value::Decimal64(_) => Self::LongNumber(text()),
            _ => Self::Text(text()),
        }
    }

    /// The names that go with the text: prefixes or modules, and their namespaces.
    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        match self {
            Self::Qualified(_, modules) => modules.iter().map(|(m, n)| (m.as_str(), n.as_str())).collect(),
            Self::Prefixed(_, prefixes) => prefixes.iter().map(|(p, n)| (p.as_str(), n.as_str())).collect(),
            _ => Vec::new(),
        }
    }

    /// The datum, with its [`pairs`](Self::pairs).
    pub(crate) fn datum<'a>(&'a self, pairs: &'a [(&'a str, &'a str)]) -> Datum<'a> {
        match self {
            Self::Text(text) => Datum::Text(text),
            Self::Number(text) => Datum::Number(text),
            Self::LongNumber(text) => Datum::LongNumber(text),
            Self::Boolean(b) => Datum::Boolean(*b),
            Self::Empty => Datum::Empty,
            Self::Null => Datum::Null,
            Self::Identity { module, namespace, name } => Datum::Identity { module, namespace, name },
            Self::Qualified(text, _) => Datum::Qualified { text, modules: pairs },
            Self::Prefixed(text, _) => Datum::Prefixed { text, prefixes: pairs },
        }
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
