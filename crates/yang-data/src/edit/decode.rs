//! The payload of an `edit-config` (RFC 7950 section 8.3.1).

use super::{Edit, EditContent, EditNode, Operation, attributes};
use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::event::{Event, Name, Place, Source};
use crate::tree::any::AnyBuilder;
use crate::tree::leaf_text::LeafText;
use crate::tree::{MAX_DEPTH, names, push_keys};
use crate::view::{push_predicate, push_step};
use std::collections::HashSet;
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
        let mut decoder = Decoder { source, path: String::from("/"), errors: Vec::new(), broken: false };
        let nodes = decoder.children(schema.root(), 0);
        if decoder.errors.is_empty() {
            Ok(Edit { schema: Arc::clone(schema), nodes })
        } else {
            Err(decoder.errors)
        }
    }
}

struct Decoder<'d> {
    source: &'d mut dyn Source,
    /// The path of the innermost open node.
    path: String,
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
}

enum Next<'s> {
    Opened(Opened<'s>),
    /// A node that is wrong; it has been reported and is still open.
    Wrong,
    Over,
}

impl Decoder<'_> {
    fn report(&mut self, error: DataError) {
        self.errors.push(error.at(self.source.position()));
    }

    fn fail(&mut self, error: crate::codec::CodecError) {
        self.errors.push(DataError::from_codec(error, &self.path));
        self.broken = true;
    }

    /// The next child of the open node.
    fn next<'s>(&mut self, parent: NodeRef<'s>, deletes: bool) -> Next<'s> {
        loop {
            if self.broken || self.errors.len() >= MOST_ERRORS {
                return Next::Over;
            }
            let path = &self.path;
            let found = match self.source.next() {
                Ok(Event::Close | Event::End) => return Next::Over,
                Ok(Event::Text(scalar)) if names::is_layout(&scalar) || deletes => continue,
                Ok(Event::Text(_)) => {
                    let message = format!(
                        "text stands right below the {} `{}`",
                        parent.kind().keyword(),
                        parent.name()
                    );
                    Err((
                        false,
                        DataError::new(ErrorTag::BadElement, path.clone(), message)
                            .info(ErrorInfo::BadElement(parent.name().to_owned())),
                    ))
                }
                Ok(Event::Annotations { .. }) => {
                    let message = "an edit in JSON has no annotations";
                    Err((false, DataError::new(ErrorTag::UnknownAttribute, path.clone(), message)))
                }
                Ok(Event::Open { name, attributes, place }) => {
                    open(parent, name, &attributes, place, path).map_err(|e| (true, e))
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
                Ok(Event::Text(_) | Event::Annotations { .. }) => {}
                Ok(Event::End) => return,
                Err(error) => self.fail(error),
            }
        }
    }

    /// The children of the open node, up to its end.
    fn children(&mut self, parent: NodeRef<'_>, depth: usize) -> Vec<EditNode> {
        let mut nodes: Vec<EditNode> = Vec::new();
        let mut seen: HashSet<(NodeId, Vec<Value>)> = HashSet::new();
        loop {
            let opened = match self.next(parent, false) {
                Next::Over => return nodes,
                Next::Wrong => {
                    self.skip();
                    continue;
                }
                Next::Opened(opened) => opened,
            };
            let length = self.path.len();
            let mut key = None;
            push_step(&mut self.path, (parent.id() != NodeId::ROOT).then_some(parent), opened.node);
            if depth >= MAX_DEPTH {
                let message = format!("nodes stand more than {MAX_DEPTH} deep");
                self.report(DataError::new(ErrorTag::TooBig, self.path.clone(), message));
                self.skip();
            } else if let Some(node) = self.node(opened, depth) {
                let keys = match &node.content {
                    EditContent::Inner { keys, .. } => keys.clone(),
                    EditContent::Value(Some(v))
                        if parent.schema().node(node.node).kind() == NodeKind::LeafList =>
                    {
                        vec![v.clone()]
                    }
                    _ => Vec::new(),
                };
                let found = parent.schema().node(node.node);
                if seen.insert((node.node, keys)) {
                    if let EditContent::Value(Some(value)) = &node.content
                        && found.is_key()
                    {
                        key = Some((found.name().to_owned(), value.canonical(found.schema()).into_owned()));
                    }
                    self.check_cases(found, &node, &nodes);
                    nodes.push(node);
                } else {
                    let message = format!("`{}` stands in the edit twice", found.name());
                    let mut error = DataError::new(ErrorTag::BadElement, self.path.clone(), message)
                        .info(ErrorInfo::BadElement(found.name().to_owned()));
                    error.position = node.position;
                    self.errors.push(error);
                }
            }
            self.path.truncate(length);
            if self.path.is_empty() {
                self.path.push('/');
            }
            // What follows in the entry is found by its keys.
            if let Some((key, value)) = key {
                push_predicate(&mut self.path, &key, &value);
            }
        }
    }

    /// Two cases of a choice in one payload (RFC 7950 section 8.3.1), unless the nodes of one go.
    fn check_cases(&mut self, found: NodeRef<'_>, new: &EditNode, nodes: &[EditNode]) {
        if new.operation.is_some_and(Operation::deletes) {
            return;
        }
        let staying = nodes.iter().filter(|n| !n.operation.is_some_and(Operation::deletes));
        for other in staying {
            let other = found.schema().node(other.node);
            if let Some(choice) = conflict(found, other) {
                let message = format!(
                    "`{}` and `{}` are of different cases of choice `{}`",
                    found.name(),
                    other.name(),
                    choice.name()
                );
                let mut error = DataError::new(ErrorTag::BadElement, self.path.clone(), message)
                    .info(ErrorInfo::BadElement(found.name().to_owned()));
                error.position = new.position;
                return self.errors.push(error);
            }
        }
    }

    /// The open node, up to its end.
    fn node(&mut self, opened: Opened<'_>, depth: usize) -> Option<EditNode> {
        let Opened { node, attributes } = opened;
        let position = self.source.position();
        let errors = self.errors.len();
        let operation = if attributes.default { Some(Operation::Remove) } else { attributes.operation };
        let deletes = operation.is_some_and(Operation::deletes);
        let content = match node.kind() {
            NodeKind::Leaf | NodeKind::LeafList => {
                let needed = !deletes || attributes.default || node.kind() == NodeKind::LeafList;
                let value = self.leaf(node, needed);
                if let Some(value) = value.as_ref().filter(|_| node.kind() == NodeKind::LeafList) {
                    push_keys(&mut self.path, node, &[value]);
                }
                if attributes.default && !node.defaults().iter().any(|d| Some(&d.value) == value.as_ref()) {
                    let message = format!("`{}` is marked as default, and is not", node.name());
                    self.report(DataError::new(ErrorTag::InvalidValue, self.path.clone(), message));
                }
                EditContent::Value(value)
            }
            NodeKind::AnyData | NodeKind::AnyXml => EditContent::Any(self.any(node)),
            _ => self.inner(node, deletes, depth),
        };
        (self.errors.len() == errors).then_some(EditNode {
            node: node.id(),
            operation,
            content,
            insert: attributes.insert,
            position,
        })
    }

    fn inner(&mut self, node: NodeRef<'_>, deletes: bool, depth: usize) -> EditContent {
        if deletes && node.kind() != NodeKind::List {
            self.skip();
            return EditContent::Inner { keys: Vec::new(), children: Vec::new() };
        }
        let (position, errors) = (self.source.position(), self.errors.len());
        let length = self.path.len();
        let mut children = self.children(node, depth + 1);
        let mut keys = Vec::new();
        let mut missing = Vec::new();
        for key in node.keys() {
            let at = children.iter().position(|c| c.node == key.id());
            let found = at.map(|i| children.remove(i));
            if found.as_ref().is_some_and(|k| k.operation.is_some_and(Operation::deletes)) {
                let message = format!("key `{}` cannot be deleted without its entry", key.name());
                let error = DataError::new(ErrorTag::BadAttribute, self.path.clone(), message)
                    .info(ErrorInfo::BadAttribute("operation".to_owned()))
                    .info(ErrorInfo::BadElement(key.name().to_owned()));
                self.errors.push(error.at(position));
            }
            match found.map(|k| k.content) {
                Some(EditContent::Value(Some(value))) => keys.push(value),
                _ => missing.push(key),
            }
        }
        // A key that was there and wrong has been reported.
        if !missing.is_empty() && self.errors.len() == errors {
            for key in missing {
                let message = format!("an entry of list `{}` has no key `{}`", node.name(), key.name());
                let error = DataError::new(ErrorTag::MissingElement, self.path.clone(), message)
                    .info(ErrorInfo::BadElement(key.name().to_owned()));
                self.errors.push(error.at(position));
            }
        }
        self.path.truncate(length);
        let shown: Vec<&Value> = keys.iter().collect();
        push_keys(&mut self.path, node, &shown);
        if deletes {
            children.clear();
        }
        EditContent::Inner { keys, children }
    }

    /// The value of the open leaf, up to its end.
    fn leaf(&mut self, node: NodeRef<'_>, needed: bool) -> Option<Value> {
        let mut text = LeafText::default();
        let position = self.source.position();
        loop {
            match self.source.next() {
                Ok(Event::Text(scalar)) => text.push(&scalar, node),
                Ok(Event::Annotations { .. }) => {}
                Ok(Event::Close | Event::End) => break,
                Ok(Event::Open { name, .. }) => {
                    let message = format!(
                        "`{}` stands inside the {} `{}`",
                        name.local,
                        node.kind().keyword(),
                        node.name()
                    );
                    let info = ErrorInfo::BadElement(name.local.to_owned());
                    self.report(DataError::new(ErrorTag::BadElement, self.path.clone(), message).info(info));
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
        match text.value(node, || self.path.clone()) {
            Ok(value) => Some(value),
            Err(error) => {
                self.errors.push(error.at(position));
                None
            }
        }
    }

    fn any(&mut self, node: NodeRef<'_>) -> Arc<crate::tree::AnyData> {
        let mut content = AnyBuilder::new(names::full_name(node));
        loop {
            match self.source.next() {
                Ok(Event::Open { name, attributes, place }) => {
                    content.open(node.schema(), name, &attributes, place);
                }
                Ok(Event::Text(scalar)) => content.text(&scalar.text, scalar.form),
                Ok(Event::Annotations { of, attributes }) => content.annotate(node.schema(), of, &attributes),
                Ok(Event::Close) => {
                    if content.close() {
                        return Arc::new(content.finish());
                    }
                }
                Ok(Event::End) => return Arc::new(content.finish()),
                Err(error) => {
                    self.fail(error);
                    return Arc::new(content.finish());
                }
            }
        }
    }
}

fn open<'s>(
    parent: NodeRef<'s>,
    name: Name<'_>,
    attributes: &[crate::event::Attribute<'_>],
    place: Place,
    path: &str,
) -> Result<Opened<'s>, DataError> {
    let node = names::child(parent, name, || path.to_owned())?;
    let path = || {
        let mut path = path.to_owned();
        push_step(&mut path, (parent.id() != NodeId::ROOT).then_some(parent), node);
        path
    };
    names::check_place(node, place, path)?;
    if place == Place::Item && node.kind() == NodeKind::AnyXml {
        let message = format!("an edit cannot hold an array, which the anyxml `{}` is", node.name());
        return Err(DataError::new(ErrorTag::OperationNotSupported, path(), message)
            .info(ErrorInfo::BadElement(node.name().to_owned())));
    }
    if !node.is_config() {
        let message = format!("`{}` is state, not configuration", node.name());
        return Err(DataError::new(ErrorTag::UnknownElement, path(), message)
            .info(ErrorInfo::BadElement(node.name().to_owned())));
    }
    let attributes = attributes::parse(node, attributes, &path)?;
    Ok(Opened { node, attributes })
}

/// The choice of which two siblings are in different cases.
fn conflict<'s>(a: NodeRef<'s>, b: NodeRef<'s>) -> Option<NodeRef<'s>> {
    let cases = |node: NodeRef<'s>| {
        std::iter::successors(node.parent(), |n| n.parent())
            .take_while(|n| matches!(n.kind(), NodeKind::Choice | NodeKind::Case))
            .filter(|n| n.kind() == NodeKind::Case)
    };
    cases(a).find_map(|x| cases(b).find(|y| y.parent() == x.parent() && *y != x)?.parent())
}
