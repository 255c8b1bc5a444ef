//! Rpcs, actions and notifications as documents hold them: the element of the operation, inside of the data nodes that an action
//! or a nested notification is defined on (RFC 7950 sections 7.14.4, 7.14.5, 7.15.2, 7.15.3 and 7.16.2).

use crate::codec::CodecError;
use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::event::{Event, Inside, Name, Place, Shape, Sink, Source};
use crate::tree::leaf_text::LeafText;
use crate::tree::names::{check_place, full_name};
use crate::tree::{DecodeOptions, Tree, TreeSink, names, push_keys};
use crate::view::{EncodeOptions, View, push_step, with_datum};
use std::sync::Arc;
use yang_schema::value::{InstanceIdentifier, InstanceSelector, InstanceStep};
use yang_schema::{ModuleId, NodeId, NodeKind, NodeRef, Schema, Value};

/// What a document holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OperationKind {
    /// An rpc or action with its input.
    Request,
    /// An rpc or action with its output. The element is that of the operation, as in a request; a NETCONF reply does not tell what
    /// it answers.
    Reply,
    /// A notification.
    Notification,
}

impl OperationKind {
    /// Is it what a node may define?
    fn defines(self, kind: NodeKind) -> bool {
        match self {
            OperationKind::Request | OperationKind::Reply => matches!(kind, NodeKind::Rpc | NodeKind::Action),
            OperationKind::Notification => kind == NodeKind::Notification,
        }
    }

    fn words(self) -> &'static str {
        match self {
            OperationKind::Request | OperationKind::Reply => "rpc or action",
            OperationKind::Notification => "notification",
        }
    }
}

/// An rpc, action or notification with its parameters.
#[derive(Clone, Debug)]
pub struct Operation {
    tree: Tree,
    parent: Option<InstanceIdentifier>,
}

impl Operation {
    /// The parameters of an rpc, action or notification, with the node that it is on.
    pub fn new(tree: Tree, parent: Option<InstanceIdentifier>) -> Self {
        Self { tree, parent }
    }

    /// Its parameters.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The node that an action or a nested notification is on.
    pub fn parent(&self) -> Option<&InstanceIdentifier> {
        self.parent.as_ref()
    }

    /// The rpc, action or notification.
    pub fn node(&self) -> NodeRef<'_> {
        let at = self.tree.schema().node(self.tree.at());
        match (at.kind(), at.parent()) {
            (NodeKind::Input | NodeKind::Output, Some(operation)) => operation,
            _ => at,
        }
    }

    /// It together with a datastore, which its constraints may refer to (RFC 7950 section 6.4.1).
    pub fn view(&self, datastore: Option<&Tree>) -> View {
        let view = View::new(Arc::clone(self.tree.schema()));
        let view = if let Some(tree) = datastore { view.layer(tree) } else { view };
        view.operation(&self.tree, self.parent.clone())
    }

    /// It alone, with the nodes on the way to it and their keys: what a filter of notifications sees (RFC 5277 section 3.6).
    ///
    /// # Errors
    /// A key has no value that its type takes.
    pub fn alone(&self) -> Result<View, DataError> {
        let Some(parent) = &self.parent else { return Ok(View::of(&self.tree)) };
        let schema = self.tree.schema();
        let mut way = TreeSink::new(schema, NodeId::ROOT, &DecodeOptions::default());
        let written =
            self.open_way(&mut way).and_then(|()| parent.steps.iter().try_for_each(|_| way.close()));
        written.map_err(|e| DataError::from_codec(e, "/"))?;
        let way = way.finish().map_err(|mut errors| errors.swap_remove(0))?;
        Ok(View::of(&way).operation(&self.tree, Some(parent.clone())))
    }

    /// Reads an operation: the source stands inside the element around it, which it reads to its end, or to the end of the
    /// document. Of a NETCONF request that is `rpc`, or `action` in it.
    ///
    /// # Errors
    /// As [`Tree::decode`]; no operation, or more than one.
    pub fn decode(
        schema: &Arc<Schema>,
        kind: OperationKind,
        source: &mut dyn Source,
        options: &DecodeOptions,
    ) -> Result<Self, Vec<DataError>> {
        let top = Level { node: NodeId::ROOT, keys: Vec::new() };
        let mut run = Decoder { schema, kind, options, levels: vec![top], steps: Vec::new(), found: None };
        loop {
            let position = source.position();
            let next = match source.next() {
                Ok(Event::Open { name, place, .. }) => run.open(name, place),
                Ok(Event::Text(scalar)) if names::is_layout(&scalar) => continue,
                Ok(Event::EmptyArray(_)) => continue,
                Ok(Event::Text(_)) => {
                    run.fail(ErrorTag::BadElement, "text stands between the nodes".to_owned(), "")
                }
                Ok(Event::Annotations { .. }) => {
                    run.fail(ErrorTag::UnknownAttribute, "annotations have no place here".to_owned(), "")
                }
                Ok(Event::Close | Event::End) if run.levels.len() == 1 => break,
                Ok(Event::Close | Event::End) => run.close(),
                Err(error) => Err(DataError::from_codec(error, &run.path())),
            };
            let next = next.map_err(|e| vec![e.at_unless_known(source.position(), position)])?;
            match next {
                Next::Level | Next::Nothing => {}
                Next::Key(key) => {
                    let value = run.key(schema.node(key), source).map_err(|e| vec![e])?;
                    if let Some(level) = run.levels.last_mut() {
                        level.keys.push((key, value));
                    }
                }
                Next::Found(content) => {
                    let tree = Tree::decode(schema, content, &mut Inside::new(source), options)?;
                    run.found = Some(tree);
                }
            }
        }
        run.finish().map_err(|e| vec![e.at(source.position())])
    }

    /// Reads the content of a NETCONF reply, which does not tell what it answers (RFC 7950 section 7.14.4): the output of an rpc or of
    /// an action, of which no more can be told than what its parameters are. The source stands inside the reply, or at the first of
    /// these parameters.
    ///
    /// # Errors
    /// As [`Tree::decode`].
    pub fn decode_output(
        schema: &Arc<Schema>,
        operation: NodeRef<'_>,
        source: &mut dyn Source,
        options: &DecodeOptions,
    ) -> Result<Self, Vec<DataError>> {
        let output = operation.children().find(|n| n.kind() == NodeKind::Output);
        let at = output.map_or(operation.id(), NodeRef::id);
        Ok(Self { tree: Tree::decode(schema, at, source, options)?, parent: None })
    }

    /// The rpcs and actions whose output may have a parameter of this name.
    pub fn with_output<'s>(schema: &'s Schema, name: Name<'_>) -> Vec<NodeRef<'s>> {
        let has = |operation: &NodeRef<'_>| {
            let output = operation.children().find(|n| n.kind() == NodeKind::Output);
            output.is_some_and(|output| names::child(output, name, String::new).is_ok())
        };
        let all = (0..schema.node_count()).map(|i| schema.node(NodeId::from_index(i)));
        let all = all.filter(|n| matches!(n.kind(), NodeKind::Rpc | NodeKind::Action));
        all.filter(has).collect()
    }

    /// Writes the element of the operation, inside of the nodes that it is on.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn encode(&self, sink: &mut dyn Sink, options: &EncodeOptions) -> Result<(), CodecError> {
        self.open_way(sink)?;
        sink.open(full_name(self.node()), Shape::Container, &[])?;
        self.tree.encode(sink, options)?;
        let above = self.parent.as_ref().map_or(0, |p| p.steps.len());
        (0..=above).try_for_each(|_| sink.close())
    }

    /// Opens the nodes on the way, with their keys.
    fn open_way(&self, sink: &mut dyn Sink) -> Result<(), CodecError> {
        let schema = self.tree.schema();
        let above = self.parent.as_ref().map_or(&[][..], |p| &p.steps);
        for step in above {
            let node = schema.node(step.node);
            let shape = if node.kind() == NodeKind::List { Shape::ListEntry } else { Shape::Container };
            sink.open(full_name(node), shape, &[])?;
            if let InstanceSelector::Keys(values) = &step.selector {
                for (key, value) in node.keys().zip(values) {
                    sink.open(full_name(key), Shape::Leaf, &[])?;
                    with_datum(key, value, |datum| sink.value(datum))?;
                    sink.close()?;
                }
            }
        }
        Ok(())
    }
}

struct Level {
    node: NodeId,
    keys: Vec<(NodeId, Value)>,
}

enum Next {
    /// A node on the way to the operation was entered.
    Level,
    /// A key of the list entry that is open.
    Key(NodeId),
    /// The operation, with the node whose children its parameters are.
    Found(NodeId),
    Nothing,
}

struct Decoder<'d> {
    schema: &'d Arc<Schema>,
    kind: OperationKind,
    options: &'d DecodeOptions,
    levels: Vec<Level>,
    /// Of the levels that are closed, the innermost first.
    steps: Vec<InstanceStep>,
    found: Option<Tree>,
}

impl Decoder<'_> {
    fn path(&self) -> String {
        let mut path = String::from("/");
        let mut above = None;
        for level in &self.levels[1..] {
            let node = self.schema.node(level.node);
            push_step(&mut path, above, node);
            if let Some(keys) = keys_of(node, level) {
                push_keys(&mut path, node, &keys.iter().collect::<Vec<_>>());
            }
            above = Some(node);
        }
        path
    }

    fn fail<T>(&self, tag: ErrorTag, message: String, element: &str) -> Result<T, DataError> {
        let error = DataError::new(tag, self.path(), message);
        Err(if element.is_empty() { error } else { error.info(ErrorInfo::BadElement(element.to_owned())) })
    }

    fn open(&mut self, name: Name<'_>, place: Place) -> Result<Next, DataError> {
        let Some(level) = self.levels.last() else { return Ok(Next::Nothing) };
        let parent = self.schema.node(level.node);
        let at_top = parent.id() == NodeId::ROOT;
        let module = names::module(self.schema, name, (!at_top).then(|| parent.module()), || self.path())?;
        if let Some(operation) = self.defined(parent, module, name.local) {
            if self.found.is_some() {
                let message = format!("a second {} stands in the document", self.kind.words());
                return self.fail(ErrorTag::BadElement, message, name.local);
            }
            let wanted = match self.kind {
                OperationKind::Request => NodeKind::Input,
                OperationKind::Reply => NodeKind::Output,
                OperationKind::Notification => return Ok(Next::Found(operation.id())),
            };
            return match operation.children().find(|c| c.kind() == wanted) {
                Some(content) => Ok(Next::Found(content.id())),
                None => {
                    self.fail(ErrorTag::OperationFailed, "the schema gives it no parameters".to_owned(), "")
                }
            };
        }
        let Some(node) = parent.data_child(module, name.local) else {
            let message = format!(
                "there is no {} or node `{}:{}` here",
                self.kind.words(),
                self.schema.module_name(module),
                name.local
            );
            return self.fail(ErrorTag::UnknownElement, message, name.local);
        };
        check_place(node, place, || self.path())?;
        if node.is_key() {
            if level.keys.iter().any(|(key, _)| *key == node.id()) {
                let message = format!("`{}` stands here twice", node.name());
                return self.fail(ErrorTag::BadElement, message, name.local);
            }
            return Ok(Next::Key(node.id()));
        }
        let on_the_way = matches!(node.kind(), NodeKind::Container | NodeKind::List);
        // It could only lead to a second one (RFC 7950 section 7.15).
        if on_the_way && self.found.is_some() {
            let message = format!("`{}` stands beside the {}", node.name(), self.kind.words());
            return self.fail(ErrorTag::BadElement, message, name.local);
        }
        if !on_the_way {
            let message =
                format!("`{}` is neither the {} nor on the way to it", node.name(), self.kind.words());
            return self.fail(ErrorTag::UnknownElement, message, name.local);
        }
        if self.levels.len() > self.options.depth {
            let message = format!("nodes stand more than {} deep", self.options.depth);
            return self.fail(ErrorTag::TooBig, message, name.local);
        }
        self.levels.push(Level { node: node.id(), keys: Vec::new() });
        Ok(Next::Level)
    }

    /// The operation of a name that a node defines.
    fn defined(&self, parent: NodeRef<'_>, module: ModuleId, name: &str) -> Option<NodeRef<'_>> {
        let schema = self.schema;
        let found = if parent.id() == NodeId::ROOT {
            match self.kind {
                OperationKind::Notification => schema.find_notification(module, name),
                _ => schema.find_rpc(module, name),
            }
        } else {
            let named = |c: &NodeRef<'_>| c.module() == module && c.name() == name;
            schema.node(parent.id()).children().find(named)
        };
        found.filter(|c| self.kind.defines(c.kind()))
    }

    /// A node on the way ends: it has all of its keys, and the operation has been in it.
    fn close(&mut self) -> Result<Next, DataError> {
        let Some(level) = self.levels.last() else { return Ok(Next::Nothing) };
        let node = self.schema.node(level.node);
        if self.found.is_none() {
            let message = format!("there is no {} in `{}`", self.kind.words(), node.name());
            return self.fail(ErrorTag::MissingElement, message, "");
        }
        let selector = match (node.kind(), keys_of(node, level)) {
            (NodeKind::List, Some(keys)) => InstanceSelector::Keys(keys),
            (NodeKind::List, None) => {
                let missing = node.keys().find(|k| !level.keys.iter().any(|(id, _)| *id == k.id()));
                let missing = missing.map_or("", |k| k.name());
                let message = format!("an entry of list `{}` has no key `{missing}`", node.name());
                return self.fail(ErrorTag::MissingElement, message, missing);
            }
            _ => InstanceSelector::Only,
        };
        self.steps.push(InstanceStep { node: node.id(), selector });
        self.levels.pop();
        Ok(Next::Nothing)
    }

    /// The value of a key, up to its end.
    fn key(&self, node: NodeRef<'_>, source: &mut dyn Source) -> Result<Value, DataError> {
        let mut text = LeafText::default();
        let position = source.position();
        let path = || {
            let mut path = self.path();
            push_step(&mut path, node.data_parent(), node);
            path
        };
        loop {
            match source.next() {
                Ok(Event::Text(scalar)) => text.push(&scalar, node),
                Ok(Event::Close | Event::End) => return text.value(node, path).map_err(|e| e.at(position)),
                Ok(Event::Annotations { .. } | Event::EmptyArray(_)) => {}
                Ok(Event::Open { name, .. }) => {
                    let message = format!("`{}` stands inside the leaf `{}`", name.local, node.name());
                    return Err(DataError::new(ErrorTag::BadElement, path(), message).at(position));
                }
                Err(error) => return Err(DataError::from_codec(error, &path())),
            }
        }
    }

    fn finish(mut self) -> Result<Operation, DataError> {
        let Some(tree) = self.found.take() else {
            let message = format!("the document holds no {}", self.kind.words());
            return Err(DataError::new(ErrorTag::MissingElement, "/", message));
        };
        self.steps.reverse();
        let parent = (!self.steps.is_empty()).then_some(InstanceIdentifier { steps: self.steps });
        Ok(Operation { tree, parent })
    }
}

/// The values of all keys, if they are there.
fn keys_of(node: NodeRef<'_>, level: &Level) -> Option<Vec<Value>> {
    if node.kind() != NodeKind::List {
        return None;
    }
    let value = |key: NodeRef<'_>| level.keys.iter().find(|(id, _)| *id == key.id()).map(|(_, v)| v.clone());
    node.keys().map(value).collect()
}
