//! The payload of an `edit-config` (RFC 7950 section 8.3.1).

use super::seen::Seen;
use super::way::Way;
use super::{Edit, EditContent, EditNode, Inner, Operation, attributes, plain};
use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::event::{Annotated, Attribute, Event, Name, Namespace, Place, Source};
use crate::tree::annotation::Annotation;
use crate::tree::any::{AnyBuilder, AnyData};
use crate::tree::leaf_text::LeafText;
use crate::tree::{Followers, MAX_DEPTH, Slot, check_target, names, no_module};
use crate::view::push_step;
use std::collections::HashMap;
use std::sync::Arc;
use yang_schema::{NodeId, NodeKind, NodeRef, Schema, Value};

impl Edit {
    /// Reads the content of `config`: the source stands inside that element, which it reads to its end, or to the end of
    /// the document.
    ///
    /// # Errors
    /// Everything that payload parsing finds (RFC 7950 section 8.3.1), unknown or misplaced attributes, and two
    /// operations on the same node.
    pub fn decode(schema: &Arc<Schema>, source: &mut dyn Source) -> Result<Edit, Vec<DataError>> {
        Self::decode_for(schema, source, 0)
    }

    /// As [`decode`](Self::decode), for an edit that will probably be applied with this commit id: then what is new in it need not be
    /// made a second time.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    pub fn decode_for(
        schema: &Arc<Schema>,
        source: &mut dyn Source,
        commit: u64,
    ) -> Result<Edit, Vec<DataError>> {
        let mut decoder = Decoder {
            schema,
            source,
            commit,
            way: Way::default(),
            followers: Followers::new(NodeId::ROOT),
            text: LeafText::default(),
            slots: Vec::new(),
            errors: Vec::new(),
            broken: false,
        };
        let (nodes, own) = decoder.children(schema.root(), 0);
        if own.is_some() {
            let message = "what stands around the configuration is no node of it, and has no annotations";
            decoder.report(DataError::new(ErrorTag::UnknownAttribute, "/".to_owned(), message));
        }
        if decoder.errors.is_empty() {
            Ok(Edit { schema: Arc::clone(schema), nodes })
        } else {
            Err(decoder.errors)
        }
    }
}

struct Decoder<'d> {
    schema: &'d Schema,
    source: &'d mut dyn Source,
    /// The commit that records are made for.
    commit: u64,
    /// The way to the innermost open node.
    way: Way,
    followers: Followers,
    /// The text of the open leaf.
    text: LeafText,
    /// Where records are put together.
    slots: Vec<Slot>,
    errors: Vec<DataError>,
    /// The source failed: there is nothing more to read.
    broken: bool,
}

/// As many errors are reported at most: the payload comes from outside.
const MOST_ERRORS: usize = 1000;

/// What an `Open` becomes, with nothing of the event left in it.
struct Opened<'s> {
    node: NodeRef<'s>,
    attributes: attributes::Attributes,
    /// Is it an item of an anyxml that is an array?
    item: bool,
}

/// What JSON says of a node apart from it (RFC 7952 section 5.2): what XML says by its attributes.
struct Note<'s> {
    /// None for the node that is open.
    node: Option<NodeRef<'s>>,
    item: usize,
    attributes: attributes::Attributes,
}

enum Next<'s> {
    Opened(Opened<'s>),
    /// An anyxml that is an array without items.
    EmptyArray(NodeRef<'s>),
    /// A node that is wrong; it has been reported and is still open.
    Wrong,
    Over,
}

impl Decoder<'_> {
    fn report(&mut self, error: DataError) {
        self.errors.push(error.at(self.source.position()));
    }

    fn fail(&mut self, error: crate::codec::CodecError) {
        self.errors.push(DataError::from_codec(error, &self.path()));
        self.broken = true;
    }

    /// The path of the innermost open node.
    fn path(&self) -> String {
        self.way.text(self.schema)
    }

    /// The next child of the open node. What JSON says of nodes apart from them is noted.
    fn next<'s>(&mut self, parent: NodeRef<'s>, notes: &mut Vec<Note<'s>>) -> Next<'s> {
        loop {
            if self.broken || self.errors.len() >= MOST_ERRORS {
                return Next::Over;
            }
            let (schema, way) = (self.schema, &self.way);
            let path = || way.text(schema);
            let found = match self.source.next() {
                Ok(Event::Close | Event::End) => return Next::Over,
                Ok(Event::Text(scalar)) if names::is_layout(&scalar) => continue,
                Ok(Event::Text(_)) => Err((false, names::misplaced_text(parent, path()))),
                Ok(Event::Annotations { of, attributes }) => match note(parent, of, &attributes, &path()) {
                    Ok(note) => {
                        notes.push(note);
                        continue;
                    }
                    Err(error) => Err((false, error)),
                },
                Ok(Event::EmptyArray(name)) => match names::child(parent, name, path) {
                    Ok(node) if node.kind() == NodeKind::AnyXml => return Next::EmptyArray(node),
                    Ok(node) => match names::check_place(node, Place::Item, path) {
                        Ok(()) => continue,
                        Err(error) => Err((false, error)),
                    },
                    Err(error) => Err((false, error)),
                },
                Ok(Event::Open { name, attributes, place }) => {
                    open(parent, name, &attributes, place, &mut self.followers, way).map_err(|e| (true, e))
                }
                Err(error) => {
                    self.fail(error);
                    return Next::Over;
                }
            };
            match found {
                Ok(opened) => return Next::Opened(opened),
                Err((open, error)) => {
                    self.report(error);
                    if open {
                        return Next::Wrong;
                    }
                }
            }
        }
    }

    /// Passes over the rest of the open node.
    fn skip(&mut self) {
        let mut depth = 1u64;
        while depth > 0 && !self.broken {
            match self.source.next() {
                Ok(Event::Open { .. }) => depth += 1,
                Ok(Event::Close) => depth -= 1,
                Ok(Event::Text(_) | Event::Annotations { .. } | Event::EmptyArray(_)) => {}
                Ok(Event::End) => return,
                Err(error) => self.fail(error),
            }
        }
    }

    /// Passes over the rest of an open node that goes with all that is in it. What the models do not have is an error all the same
    /// (RFC 7950 section 8.3.1): who asks for it means something else.
    fn pass(&mut self, top: NodeRef<'_>) {
        let mut open = vec![top];
        while let Some(&parent) = open.last()
            && !self.broken
            && self.errors.len() < MOST_ERRORS
        {
            let (schema, way) = (self.schema, &self.way);
            let found = match self.source.next() {
                Ok(Event::Open { name, .. }) => names::child(parent, name, || way.text(schema)),
                Ok(Event::Close) => {
                    open.pop();
                    continue;
                }
                Ok(Event::Text(_) | Event::Annotations { .. } | Event::EmptyArray(_)) => continue,
                Ok(Event::End) => return,
                Err(error) => {
                    self.fail(error);
                    return;
                }
            };
            match found {
                Ok(node) if matches!(node.kind(), NodeKind::Container | NodeKind::List) => open.push(node),
                Ok(_) => self.skip(),
                Err(error) => {
                    self.report(error);
                    self.skip();
                }
            }
        }
    }

    /// The children of the open node, up to its end, and what JSON says inside it of the node itself.
    fn children(
        &mut self,
        parent: NodeRef<'_>,
        depth: usize,
    ) -> (Vec<EditNode>, Option<attributes::Attributes>) {
        let mut nodes: Vec<EditNode> = Vec::new();
        let mut notes = Vec::new();
        let mut seen = Seen::default();
        loop {
            let opened = match self.next(parent, &mut notes) {
                Next::Over => break,
                Next::Wrong => {
                    self.skip();
                    continue;
                }
                Next::EmptyArray(node) => {
                    let array = AnyData { events: Vec::new(), array: true };
                    nodes.push(EditNode::new(node.id(), EditContent::Any(Arc::new(array))));
                    seen.single(node.id());
                    continue;
                }
                Next::Opened(opened) => opened,
            };
            let found = opened.node;
            let is_item = opened.item;
            let mut key = None;
            self.way.enter(found.id());
            if depth >= MAX_DEPTH {
                let message = format!("nodes stand more than {MAX_DEPTH} deep");
                self.report(DataError::new(ErrorTag::TooBig, self.path(), message));
                self.skip();
            } else if let Some(node) = self.node(opened, depth) {
                if seen.is_first(found, &node, &nodes) {
                    if let EditContent::Value(Some(value)) = &node.content
                        && found.is_key()
                    {
                        key = Some(value.clone());
                    }
                    nodes.push(if is_item { array_of(found, node) } else { node });
                } else if let Some(EditContent::Any(array)) =
                    nodes.iter_mut().find(|n| is_item && n.node == node.node).map(|n| &mut n.content)
                    && let EditContent::Any(item) = node.content
                {
                    Arc::make_mut(array).push_item(found, node.annotations, Arc::unwrap_or_clone(item));
                } else {
                    let message = format!("`{}` stands in the edit twice", found.name());
                    let mut error = DataError::new(ErrorTag::BadElement, self.path(), message)
                        .info(ErrorInfo::BadElement(found.name().to_owned()));
                    error.position = node.position;
                    self.errors.push(error);
                }
            }
            self.way.leave();
            // What follows in the entry is found by its keys.
            if let Some(value) = key {
                self.way.know(found.id(), &value);
            }
        }
        let own = self.settle(notes, &mut nodes);
        self.check_cases(parent.schema(), &nodes);
        self.way.forget_keys();
        (nodes, own)
    }

    /// Gives nodes what was noted of them.
    fn settle(&mut self, notes: Vec<Note<'_>>, nodes: &mut [EditNode]) -> Option<attributes::Attributes> {
        let mut own = None;
        for Note { node, item, attributes } in notes {
            let Some(node) = node else {
                own = Some(attributes);
                continue;
            };
            match nodes.iter_mut().filter(|n| n.node == node.id()).nth(item) {
                Some(made) => self.give(node, made, attributes, true),
                // A value that was refused is missing, too.
                None if self.errors.is_empty() => {
                    let message = format!("there is no `{}` that these annotations are about", node.name());
                    let error = DataError::new(ErrorTag::MissingElement, self.way.text_of(node), message);
                    self.report(error.info(ErrorInfo::BadElement(node.name().to_owned())));
                }
                None => {}
            }
        }
        own
    }

    /// Gives a node what its attributes say. It is the innermost open one, or a child of it.
    fn give(
        &mut self,
        node: NodeRef<'_>,
        made: &mut EditNode,
        attributes: attributes::Attributes,
        is_child: bool,
    ) {
        if attributes.default {
            if let EditContent::Value(value) = &made.content
                && !node.defaults().iter().any(|d| Some(&d.value) == value.as_ref())
            {
                let message = format!("`{}` is marked as default, and is not", node.name());
                let path = if is_child { self.way.text_of(node) } else { self.path() };
                self.report(DataError::new(ErrorTag::InvalidValue, path, message));
            }
            made.operation = Some(Operation::Remove);
        }
        made.operation = made.operation.or(attributes.operation);
        made.insert = attributes.insert.map(Box::new).or(made.insert.take());
        made.annotations.extend(attributes.annotations);
        if made.operation.is_some_and(Operation::deletes) {
            match &mut made.content {
                EditContent::Value(value) if node.kind() == NodeKind::Leaf => *value = None,
                EditContent::Inner(inner) => inner.children.clear(),
                EditContent::Plain(record) => {
                    let inner = Inner { keys: plain::keys(node, record), ..Inner::default() };
                    made.content = EditContent::Inner(Box::new(inner));
                }
                _ => {}
            }
        }
    }

    /// Two cases of a choice in one payload (RFC 7950 section 8.3.1), unless the nodes of one go.
    fn check_cases(&mut self, schema: &Schema, nodes: &[EditNode]) {
        // The case that each choice has by now.
        let mut chosen: HashMap<NodeId, NodeId> = HashMap::new();
        for made in nodes.iter().filter(|n| !n.operation.is_some_and(Operation::deletes)) {
            let node = schema.node(made.node);
            let mut at = node.parent();
            while let Some(up) = at.filter(|n| matches!(n.kind(), NodeKind::Case | NodeKind::Choice)) {
                at = up.parent();
                let Some(choice) = at.filter(|_| up.kind() == NodeKind::Case) else { continue };
                let case = *chosen.entry(choice.id()).or_insert(up.id());
                if case != up.id() {
                    let message = format!(
                        "choice `{}` has nodes of case `{}` already, and `{}` is of case `{}`",
                        choice.name(),
                        schema.node(case).name(),
                        node.name(),
                        up.name()
                    );
                    let mut error = DataError::new(ErrorTag::BadElement, self.way.text_of(node), message)
                        .info(ErrorInfo::BadElement(node.name().to_owned()));
                    error.position = made.position;
                    self.errors.push(error);
                    break;
                }
            }
        }
    }

    /// The open node, up to its end.
    fn node(&mut self, opened: Opened<'_>, depth: usize) -> Option<EditNode> {
        let Opened { node, attributes, item } = opened;
        let position = self.source.position();
        let errors = self.errors.len();
        let deletes = attributes.operation.is_some_and(Operation::deletes) && !attributes.default;
        let (content, own) = match node.kind() {
            NodeKind::Leaf | NodeKind::LeafList => {
                let value = self.leaf(node, !deletes || node.kind() == NodeKind::LeafList);
                if let Some(value) = value.as_ref().filter(|_| node.kind() == NodeKind::LeafList) {
                    self.way.know(node.id(), value);
                }
                (EditContent::Value(value), None)
            }
            NodeKind::AnyData | NodeKind::AnyXml => self.any(node, item),
            _ => {
                let (inner, own) = self.inner(node, deletes, depth);
                (plain::pack(node, inner, self.commit, &mut self.slots), own)
            }
        };
        let mut made = EditNode { position, ..EditNode::new(node.id(), content) };
        for attributes in std::iter::once(attributes).chain(own) {
            self.give(node, &mut made, attributes, false);
        }
        (self.errors.len() == errors).then_some(made)
    }

    fn inner(
        &mut self,
        node: NodeRef<'_>,
        deletes: bool,
        depth: usize,
    ) -> (Inner, Option<attributes::Attributes>) {
        if deletes && node.kind() != NodeKind::List {
            self.pass(node);
            return Default::default();
        }
        let (position, errors) = (self.source.position(), self.errors.len());
        let (mut children, own) = self.children(node, depth + 1);
        let mut inner = Inner::default();
        let mut missing = Vec::new();
        for key in node.keys() {
            let at = children.iter().position(|c| c.node == key.id());
            let found = at.map(|i| children.remove(i));
            if found.as_ref().is_some_and(|k| k.operation.is_some_and(Operation::deletes)) {
                let message = format!("key `{}` cannot be deleted without its entry", key.name());
                let error = DataError::new(ErrorTag::BadAttribute, self.path(), message)
                    .info(ErrorInfo::BadAttribute("operation".to_owned()))
                    .info(ErrorInfo::BadElement(key.name().to_owned()));
                self.errors.push(error.at(position));
            }
            match found.map(|k| (k.content, k.annotations)) {
                Some((EditContent::Value(Some(value)), annotations)) => {
                    inner.keys.push(value);
                    if !annotations.is_empty() {
                        inner.noted.push((key.data_ordinal(), annotations));
                    }
                }
                _ => missing.push(key),
            }
        }
        // A key that was there and wrong has been reported.
        if !missing.is_empty() && self.errors.len() == errors {
            for key in missing {
                let message = format!("an entry of list `{}` has no key `{}`", node.name(), key.name());
                let error = DataError::new(ErrorTag::MissingElement, self.path(), message)
                    .info(ErrorInfo::BadElement(key.name().to_owned()));
                self.errors.push(error.at(position));
            }
        }
        for (key, value) in node.keys().zip(&inner.keys) {
            self.way.know(key.id(), value);
        }
        if !deletes {
            inner.children = children;
        }
        (inner, own)
    }

    /// The value of the open leaf, up to its end.
    fn leaf(&mut self, node: NodeRef<'_>, needed: bool) -> Option<Value> {
        self.text.start();
        let position = self.source.position();
        loop {
            match self.source.next() {
                Ok(Event::Text(scalar)) => self.text.push(&scalar, node),
                Ok(Event::Annotations { .. } | Event::EmptyArray(_)) => {}
                Ok(Event::Close | Event::End) => break,
                Ok(Event::Open { name, .. }) => {
                    let message = format!(
                        "`{}` stands inside the {} `{}`",
                        name.local,
                        node.kind().keyword(),
                        node.name()
                    );
                    let info = ErrorInfo::BadElement(name.local.to_owned());
                    self.report(DataError::new(ErrorTag::BadElement, self.path(), message).info(info));
                    self.skip();
                    self.skip();
                    return None;
                }
                Err(error) => {
                    self.fail(error);
                    return None;
                }
            }
        }
        if !needed {
            return None;
        }
        let (schema, way) = (self.schema, &self.way);
        match self.text.value(node, || way.text(schema)) {
            Ok(value) => Some(value),
            Err(error) => {
                self.errors.push(error.at(position));
                None
            }
        }
    }

    /// The content of the open anydata or anyxml node, and what JSON says inside it of the node itself.
    fn any(&mut self, node: NodeRef<'_>, item: bool) -> (EditContent, Option<attributes::Attributes>) {
        let mut content = AnyBuilder::new(names::full_name(node));
        loop {
            match self.source.next() {
                Ok(Event::Open { name, attributes, place }) => {
                    content.open(node.schema(), name, &attributes, place);
                }
                Ok(Event::Text(scalar)) => content.text(&scalar.text, scalar.form),
                Ok(Event::Annotations { of, attributes }) => {
                    match attributes.iter().find(|a| a.name.namespace == Namespace::Inherited) {
                        None => content.annotate(node.schema(), of, &attributes),
                        Some(nameless) => {
                            let message = no_module(nameless.name.local);
                            let error = DataError::new(ErrorTag::UnknownAttribute, self.path(), message);
                            self.report(error);
                        }
                    }
                }
                Ok(Event::EmptyArray(name)) => content.empty_array(node.schema(), name),
                Ok(Event::Close) if !content.close() => {}
                Ok(Event::Close | Event::End) => break,
                Err(error) => {
                    self.fail(error);
                    break;
                }
            }
        }
        let noted = content.take_own();
        let content = EditContent::Any(Arc::new(content.finish()));
        if noted.is_empty() {
            return (content, None);
        }
        if item {
            // An item is no node of the schema, and keeps what is said of it as it came.
            let attributes = attributes::Attributes { annotations: noted, ..Default::default() };
            return (content, Some(attributes));
        }
        let noted: Vec<Attribute<'_>> = noted.iter().map(Annotation::attribute).collect();
        match attributes::parse(node, &noted, &|| self.path()) {
            Ok(attributes) => (content, Some(attributes)),
            Err(error) => {
                self.report(error);
                (content, None)
            }
        }
    }
}

/// The first item of an anyxml that is an array.
fn array_of(node: NodeRef<'_>, item: EditNode) -> EditNode {
    let EditNode { content: EditContent::Any(first), annotations, .. } = item else { return item };
    let mut array = AnyData { events: Vec::new(), array: true };
    array.push_item(node, annotations, Arc::unwrap_or_clone(first));
    EditNode { position: item.position, ..EditNode::new(node.id(), EditContent::Any(Arc::new(array))) }
}

/// What JSON says of a node apart from it.
fn note<'s>(
    parent: NodeRef<'s>,
    of: Annotated<'_>,
    attributes: &[Attribute<'_>],
    path: &str,
) -> Result<Note<'s>, DataError> {
    let (node, item) = match of {
        Annotated::Open => (None, 0),
        Annotated::Member(name) => (Some(names::child(parent, name, || path.to_owned())?), 0),
        Annotated::Item(name, item) => (Some(names::child(parent, name, || path.to_owned())?), item),
    };
    let about = node.unwrap_or(parent);
    let path = || {
        let mut path = path.to_owned();
        if node.is_some() {
            push_step(&mut path, (parent.id() != NodeId::ROOT).then_some(parent), about);
        }
        path
    };
    check_target(about, of, path)?;
    Ok(Note { node, item, attributes: attributes::parse(about, attributes, &path)? })
}

fn open<'s>(
    parent: NodeRef<'s>,
    name: Name<'_>,
    attributes: &[crate::event::Attribute<'_>],
    place: Place,
    followers: &mut Followers,
    way: &Way,
) -> Result<Opened<'s>, DataError> {
    let node = followers.child(parent, name, || way.text(parent.schema()))?;
    let path = || way.text_of(node);
    names::check_place(node, place, path)?;
    if !node.is_config() {
        let message = format!("`{}` is state, not configuration", node.name());
        return Err(DataError::new(ErrorTag::UnknownElement, path(), message)
            .info(ErrorInfo::BadElement(node.name().to_owned())));
    }
    let attributes = attributes::parse(node, attributes, &path)?;
    Ok(Opened { node, attributes, item: place == Place::Item && node.kind() == NodeKind::AnyXml })
}
