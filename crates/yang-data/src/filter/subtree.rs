//! Subtree filters (RFC 6241 section 6).

use super::selection::{Selected, Selection, add, keys_of};
use crate::error::{DataError, ErrorTag};
use crate::event::{Attribute, Event, Form, Namespace, Prefixes, Scalar, Source};
use crate::tree::MAX_DEPTH;
use crate::tree::annotation::{Annotation, AnnotationValue};
use crate::tree::any::{AnyName, prefixes_in};
use crate::tree::names;
use crate::view::{Cursor, View};
use smol_str::SmolStr;
use yang_schema::{ModuleId, NodeId, NodeKind, NodeRef, Schema, Value};

/// A subtree filter: the elements below `filter`.
#[derive(Clone, PartialEq, Debug)]
pub struct SubtreeFilter {
    nodes: Vec<FilterNode>,
}

#[derive(Clone, PartialEq, Debug)]
struct FilterNode {
    module: Module,
    name: SmolStr,
    /// What the annotations of a node must say (section 6.2.2).
    attributes: Vec<Annotation>,
    kind: Kind,
}

/// Whose nodes an element names (section 6.2.1).
#[derive(Clone, Copy, PartialEq, Debug)]
enum Module {
    /// Without a namespace: any module's.
    Any,
    One(ModuleId),
    /// A namespace that the schema does not know: nobody's.
    Unknown,
}

#[derive(Clone, PartialEq, Debug)]
enum Kind {
    /// An empty element (section 6.2.4).
    Selection,
    /// An element with text (section 6.2.5).
    Content(Text),
    /// An element with elements (section 6.2.3).
    Containment(Vec<FilterNode>),
}

/// Text, without the white space around it, and what the prefixes in it may mean.
#[derive(Clone, PartialEq, Debug, Default)]
struct Text {
    text: SmolStr,
    prefixes: Vec<(SmolStr, SmolStr)>,
    json: bool,
}

impl Prefixes for Text {
    fn namespace(&self, prefix: &str) -> Option<&str> {
        self.prefixes.iter().find(|(p, _)| p == prefix).map(|(_, n)| n.as_str())
    }
}

impl Text {
    fn push(&mut self, scalar: &Scalar<'_>) {
        self.text = format!("{}{}", self.text, scalar.text).into();
        match scalar.form {
            Form::Xml(prefixes) => self.prefixes = prefixes_in(&self.text, prefixes),
            _ => self.json = true,
        }
    }

    /// Is it what a leaf holds? Values are compared, not their texts.
    fn matches(&self, leaf: NodeRef<'_>, value: &Value) -> bool {
        self.value(leaf).is_some_and(|v| v == *value)
    }

    fn value(&self, leaf: NodeRef<'_>) -> Option<Value> {
        let form = if self.json { Form::Canonical } else { Form::Xml(self) };
        names::value(leaf, &self.text, form, String::new).ok()
    }
}

impl SubtreeFilter {
    /// Reads a filter: the source stands inside `filter`, which it reads to its end, or to the end of the document.
    ///
    /// # Errors
    /// What the source cannot read, text beside elements, and filters that are too deep.
    pub fn decode(schema: &Schema, source: &mut dyn Source) -> Result<Self, DataError> {
        struct Open {
            node: FilterNode,
            text: Text,
            children: Vec<FilterNode>,
        }
        let mut open: Vec<Open> = Vec::new();
        let mut top = Vec::new();
        loop {
            let event = source.next().map_err(|e| DataError::from_codec(e, "/"))?;
            match event {
                Event::Open { name, attributes, .. } => {
                    if open.len() >= MAX_DEPTH {
                        let message = format!("the filter is more than {MAX_DEPTH} elements deep");
                        return Err(DataError::new(ErrorTag::TooBig, "/", message).at(source.position()));
                    }
                    let module = match name.namespace {
                        Namespace::Uri("") => Module::Any,
                        Namespace::Uri(uri) => {
                            schema.find_namespace(uri).map_or(Module::Unknown, Module::One)
                        }
                        Namespace::Module(m) => schema.find_module(m).map_or(Module::Unknown, Module::One),
                        Namespace::Inherited => open.last().map_or(Module::Any, |o| o.node.module),
                    };
                    let node = FilterNode {
                        module,
                        name: name.local.into(),
                        attributes: attributes.iter().map(|a| wanted(schema, a)).collect(),
                        kind: Kind::Selection,
                    };
                    open.push(Open { node, text: Text::default(), children: Vec::new() });
                }
                // It asks for nothing.
                Event::EmptyArray(_) => {}
                Event::Annotations { .. } => {
                    let message = "a filter in JSON has no annotations";
                    return Err(
                        DataError::new(ErrorTag::UnknownAttribute, "/", message).at(source.position())
                    );
                }
                Event::Text(scalar) => {
                    if let Some(open) = open.last_mut() {
                        open.text.push(&scalar);
                    } else if !names::is_layout(&scalar) {
                        let message = "text stands right below the filter";
                        return Err(DataError::new(ErrorTag::BadElement, "/", message).at(source.position()));
                    }
                }
                Event::Close => {
                    let Some(Open { mut node, mut text, children }) = open.pop() else { break };
                    text.text = text.text.trim().into();
                    node.kind = match (text.text.is_empty(), children.is_empty()) {
                        (true, true) => Kind::Selection,
                        (false, true) => Kind::Content(text),
                        (true, false) => Kind::Containment(children),
                        (false, false) => {
                            let message = format!("`{}` has both text and elements in the filter", node.name);
                            return Err(
                                DataError::new(ErrorTag::BadElement, "/", message).at(source.position())
                            );
                        }
                    };
                    open.last_mut().map_or(&mut top, |o| &mut o.children).push(node);
                }
                Event::End => break,
            }
        }
        Ok(Self { nodes: top })
    }

    /// The ways down the schema that the filter takes, whatever the data: it looks at nothing but the ends of these, with all that
    /// is below them, and what is on the way. `None` if they are more than so many.
    pub fn paths(&self, schema: &Schema, most: usize) -> Option<Vec<FilterPath>> {
        let mut found = Vec::new();
        for filter in &self.nodes {
            paths(schema.root(), filter, &mut Vec::new(), &mut found, most)?;
        }
        Some(found)
    }

    /// What the filter selects. An empty one selects nothing (section 6.4.2).
    pub fn select<'v>(&self, view: &'v View) -> Selection<'v> {
        let root = view.root();
        let mut nodes = Vec::new();
        for filter in &self.nodes {
            select(&root, filter, &mut nodes);
        }
        Selection::new(view, nodes)
    }
}

/// A way down the schema: each node, and of a list for each key the canonical text that it must have, where the filter says one.
pub type FilterPath = Vec<(NodeId, Vec<Option<String>>)>;

fn paths(
    up: NodeRef<'_>,
    filter: &FilterNode,
    way: &mut FilterPath,
    found: &mut Vec<FilterPath>,
    most: usize,
) -> Option<()> {
    let named = |node: &NodeRef<'_>| names_node(filter, *node);
    for node in up.data_children().filter(named) {
        let below = match &filter.kind {
            Kind::Containment(below) => below.as_slice(),
            Kind::Selection | Kind::Content(_) => &[],
        };
        let is_list = node.kind() == NodeKind::List;
        let keys = node.keys().filter(|_| is_list).map(|key| {
            below.iter().find_map(|f| match &f.kind {
                Kind::Content(text) if names_node(f, key) => {
                    text.value(key).map(|v| v.canonical(node.schema()).into_owned())
                }
                _ => None,
            })
        });
        way.push((node.id(), keys.collect()));
        // Content matches alone select the whole node (section 6.2.5).
        if below.iter().all(|f| matches!(f.kind, Kind::Content(_))) {
            found.push(way.clone());
        } else {
            let is_key = |f: &FilterNode| is_list && node.keys().any(|key| names_node(f, key));
            let rest = below.iter().filter(|f| !(matches!(f.kind, Kind::Content(_)) && is_key(f)));
            for filter in rest {
                paths(node, filter, way, found, most)?;
            }
        }
        way.pop();
        if found.len() > most {
            return None;
        }
    }
    Some(())
}

/// An attribute of a filter, as a value where the schema knows its type.
fn wanted(schema: &Schema, attribute: &Attribute<'_>) -> Annotation {
    let name = AnyName::new(schema, attribute.name, None);
    match names::annotation(schema, attribute) {
        Some((ty, Ok(value))) => Annotation { name, value: AnnotationValue::Typed(ty, value) },
        _ => Annotation::untyped(name, &attribute.value, attribute.form),
    }
}

impl FilterNode {
    /// Has a node all the annotations that the filter asks for?
    fn fits(&self, node: &Cursor<'_>) -> bool {
        let has = |wanted: &Annotation| {
            node.annotations().iter().any(|there| {
                there.name == wanted.name
                    && match (&there.value, &wanted.value) {
                        (AnnotationValue::Typed(_, a), AnnotationValue::Typed(_, b)) => a == b,
                        (
                            AnnotationValue::Untyped { text: a, .. },
                            AnnotationValue::Untyped { text: b, .. },
                        ) => a == b,
                        _ => false,
                    }
            })
        };
        self.attributes.iter().all(has)
    }
}

/// Adds what a filter node selects below a node.
fn select<'v>(up: &Cursor<'v>, filter: &FilterNode, found: &mut Vec<Selected<'v>>) {
    for node in children_named(up, filter) {
        match &filter.kind {
            Kind::Selection => {
                let fitting = up.children_of(node.id()).filter(|c| filter.fits(c));
                fitting.for_each(|c| add(found, Selected::whole(c)));
            }
            // A content match beside others has been looked at by them; alone at the top it selects its leaf.
            Kind::Content(text) => {
                let equal = |c: &Cursor<'v>| c.value().is_some_and(|v| text.matches(node, v));
                let equal = up.children_of(node.id()).filter(|c| equal(c) && filter.fits(c));
                equal.for_each(|c| add(found, Selected::whole(c)));
            }
            Kind::Containment(below) => {
                for child in candidates(up, node, below).into_iter().filter(|c| filter.fits(c)) {
                    if let Some(selected) = contained(child, below) {
                        add(found, selected);
                    }
                }
            }
        }
    }
}

/// What a containment node selects of one instance (section 6.2.5).
fn contained<'v>(node: Cursor<'v>, below: &[FilterNode]) -> Option<Selected<'v>> {
    if !has_children(&node) {
        return None;
    }
    let mut matched = Vec::new();
    let mut others = Vec::new();
    for filter in below {
        match filter.kind {
            Kind::Content(_) => {
                let before = matched.len();
                select(&node, filter, &mut matched);
                if matched.len() == before && !is_selected(&node, filter, &matched) {
                    return None;
                }
            }
            _ => others.push(filter),
        }
    }
    if others.is_empty() {
        // Nothing but content matches: the whole node is selected.
        return Some(Selected::whole(node));
    }
    let by_content = !matched.is_empty();
    let mut found = matched;
    for filter in others {
        select(&node, filter, &mut found);
    }
    if found.is_empty() && !by_content {
        return None;
    }
    for key in keys_of(&node) {
        add(&mut found, key);
    }
    Some(Selected { node, below: Some(found) })
}

/// Was a content match's leaf selected already, by another content match on the same leaf?
fn is_selected(up: &Cursor<'_>, filter: &FilterNode, matched: &[Selected<'_>]) -> bool {
    let Kind::Content(text) = &filter.kind else { return false };
    children_named(up, filter).any(|node| {
        matched.iter().any(|s| s.node.node() == node && s.node.value().is_some_and(|v| text.matches(node, v)))
    })
}

fn has_children(node: &Cursor<'_>) -> bool {
    !matches!(node.node().kind(), NodeKind::Leaf | NodeKind::LeafList | NodeKind::AnyData | NodeKind::AnyXml)
}

/// The instances that a containment node may be about: where content matches name all keys of a list, one look-up finds it.
fn candidates<'v>(up: &Cursor<'v>, node: NodeRef<'v>, below: &[FilterNode]) -> Vec<Cursor<'v>> {
    if node.kind() == NodeKind::List && node.keys().len() > 0 {
        let keys: Option<Vec<Value>> = node
            .keys()
            .map(|key| {
                below.iter().find_map(|f| match &f.kind {
                    Kind::Content(text) if names_node(f, key) => text.value(key),
                    _ => None,
                })
            })
            .collect();
        if let Some(keys) = keys {
            return up.entry(node.id(), &keys.iter().collect::<Vec<_>>()).into_iter().collect();
        }
    }
    up.children_of(node.id()).collect()
}

fn names_node(filter: &FilterNode, node: NodeRef<'_>) -> bool {
    filter.name == node.name()
        && match filter.module {
            Module::Any => true,
            Module::One(module) => module == node.module(),
            Module::Unknown => false,
        }
}

/// Data children, and the rpc, action or notification of the view where it stands here.
fn children_named<'v>(up: &Cursor<'v>, filter: &FilterNode) -> impl Iterator<Item = NodeRef<'v>> {
    let parent = up.content_node();
    let operation = up.view().operation_at(up).map(|(id, _)| up.schema().node(id));
    let operation = operation.filter(|node| names_node(filter, *node));
    let (one, all) = match filter.module {
        Module::One(module) => (parent.data_child(module, &filter.name), None),
        Module::Any => (None, Some(parent.data_children())),
        Module::Unknown => (None, None),
    };
    let name = filter.name.clone();
    one.into_iter().chain(all.into_iter().flatten().filter(move |n| n.name() == name)).chain(operation)
}
