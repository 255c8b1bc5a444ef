//! Configuration without a schema: a tree of names.

use crate::datastore::{StoredName, StoredNote, StoredText, attributes};
use std::collections::BTreeSet;
use std::fmt;
use yang_data::codec::CodecError;
use yang_data::event::{Annotated, Event, Namespace, Place, Position, Scalar, Source};

/// What is stored in a datastore, as a tree of names.
#[derive(Clone, PartialEq, Default)]
pub struct Document {
    nodes: Vec<Node>,
}

/// A node of a [`Document`]: a container, an entry of a list, a leaf, an entry of a leaf-list. A list has no node of its own; its
/// entries stand one after the other.
#[derive(Clone, PartialEq)]
pub struct Node {
    name: StoredName,
    place: Place,
    notes: Vec<StoredNote>,
    content: Vec<Item>,
}

/// What stands in a node.
#[derive(Clone, PartialEq)]
pub(crate) enum Item {
    Node(Node),
    Value(StoredText),
    /// An array without items, inside anydata or anyxml.
    EmptyArray(StoredName),
    /// Annotations of an anyxml that is an array.
    Notes(StoredName, Vec<StoredNote>),
}

impl Document {
    pub(crate) fn of(nodes: Vec<Node>) -> Self {
        Self { nodes }
    }

    /// The nodes at the top.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The same, to be changed.
    pub fn nodes_mut(&mut self) -> &mut Vec<Node> {
        &mut self.nodes
    }

    /// Does something to each node of a path: an instance-identifier in the form of RFC 7951 section 6.11, as errors have it. A list
    /// without predicates stands for all its entries, a leaf-list too. Says how many nodes there were.
    ///
    /// # Errors
    /// The path is none.
    pub fn at(&mut self, path: &str, mut work: impl FnMut(&mut Node)) -> Result<usize, PathError> {
        let mut count = 0;
        self.within(path, &mut |nodes, step, module| {
            for node in nodes.iter_mut().filter(|node| step.is(node, module)) {
                work(node);
                count += 1;
            }
        })?;
        Ok(count)
    }

    /// Removes each node of a path, and gives them.
    ///
    /// # Errors
    /// The path is none.
    pub fn remove(&mut self, path: &str) -> Result<Vec<Node>, PathError> {
        let mut removed = Vec::new();
        self.within(path, &mut |nodes, step, module| {
            let (gone, left) = std::mem::take(nodes).into_iter().partition(|node| step.is(node, module));
            *nodes = left;
            let gone: Vec<Node> = gone;
            removed.extend(gone);
        })?;
        Ok(removed)
    }

    /// Does something to the siblings among which the nodes of a path stand.
    fn within(
        &mut self,
        path: &str,
        work: &mut dyn FnMut(&mut Vec<Node>, &Step, &str),
    ) -> Result<(), PathError> {
        let steps = steps(path)?;
        walk(&mut self.nodes, &steps, "", work);
        Ok(())
    }

    /// Removes the nodes with these numbers, counted from 1 in the order of the document. Says how many it removed.
    pub(crate) fn remove_numbered(&mut self, numbers: &BTreeSet<u32>) -> usize {
        let mut count = 0;
        remove_numbered(&mut self.nodes, numbers, &mut count)
    }

    /// The document as a source of events. The line of a position is the number of its node.
    pub(crate) fn source(&self) -> impl Source + '_ {
        DocumentSource { stack: vec![Open::Nodes(self.nodes.iter())], number: 0 }
    }
}

impl Node {
    /// A container, or an entry of a list: its keys and all else are [pushed](Self::push).
    pub fn new(module: impl Into<String>, name: impl Into<String>) -> Self {
        let name = StoredName::of_module(module.into(), name.into());
        Self { name, place: Place::Untold, notes: Vec::new(), content: Vec::new() }
    }

    /// A leaf or an entry of a leaf-list. The value is in its canonical form (RFC 7950 section 9); identities are `module:name`.
    pub fn leaf(module: impl Into<String>, name: impl Into<String>, value: impl Into<String>) -> Self {
        let mut leaf = Self::new(module, name);
        leaf.set_value(value);
        leaf
    }

    pub(crate) fn stored(name: StoredName, place: Place, notes: Vec<StoredNote>) -> Self {
        Self { name, place, notes, content: Vec::new() }
    }

    pub(crate) fn push_item(&mut self, item: Item) {
        self.content.push(item);
    }

    /// The local name.
    pub fn name(&self) -> &str {
        self.name.local()
    }

    /// The module. Inside anydata and anyxml it may not be known.
    pub fn module(&self) -> Option<&str> {
        match self.name.name().namespace {
            Namespace::Module(module) => Some(module),
            _ => None,
        }
    }

    /// Gives it another name.
    pub fn rename(&mut self, module: impl Into<String>, name: impl Into<String>) {
        self.name = StoredName::of_module(module.into(), name.into());
    }

    /// The value of a leaf or an entry of a leaf-list.
    pub fn value(&self) -> Option<&str> {
        self.content.iter().find_map(|item| match item {
            Item::Value(text) => Some(text.text()),
            _ => None,
        })
    }

    /// Gives a leaf or an entry of a leaf-list another value, in its canonical form.
    pub fn set_value(&mut self, value: impl Into<String>) {
        self.content = vec![Item::Value(StoredText::canonical(value.into()))];
    }

    /// The nodes in it.
    pub fn children(&self) -> impl Iterator<Item = &Node> {
        self.content.iter().filter_map(|item| match item {
            Item::Node(node) => Some(node),
            _ => None,
        })
    }

    /// The first node of a name in it.
    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children().find(|node| node.name() == name)
    }

    /// Adds a node to it.
    pub fn push(&mut self, node: Node) {
        self.content.push(Item::Node(node));
    }

    /// Does something to the nodes in it, all at once: adds, removes, puts them in another order.
    pub fn edit(&mut self, work: impl FnOnce(&mut Vec<Node>)) {
        let mut nodes = Vec::new();
        let mut rest = Vec::new();
        for item in std::mem::take(&mut self.content) {
            match item {
                Item::Node(node) => nodes.push(node),
                other => rest.push(other),
            }
        }
        work(&mut nodes);
        self.content = rest.into_iter().chain(nodes.into_iter().map(Item::Node)).collect();
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.nodes).finish()
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.module(), self.value()) {
            (Some(module), Some(value)) => write!(f, "{module}:{} = {value:?}", self.name()),
            (None, Some(value)) => write!(f, "{} = {value:?}", self.name()),
            (module, None) => {
                write!(f, "{}:{} ", module.unwrap_or_default(), self.name())?;
                f.debug_list().entries(self.children()).finish()
            }
        }
    }
}

/// A text that is no path.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{path:?} is no path of instances: {why}")]
pub struct PathError {
    path: String,
    why: &'static str,
}

/// A step of a path: the module where it is said, the name, and what must be in the node.
struct Step {
    module: Option<String>,
    name: String,
    /// Name of a leaf, or `.`, and its value.
    predicates: Vec<(String, String)>,
}

impl Step {
    fn is(&self, node: &Node, module: &str) -> bool {
        let module = self.module.as_deref().unwrap_or(module);
        node.name() == self.name
            && node.module().is_none_or(|own| own == module)
            && self.predicates.iter().all(|(name, value)| {
                let leaf = if name == "." { Some(node) } else { node.child(name) };
                leaf.and_then(Node::value) == Some(value)
            })
    }
}

fn steps(path: &str) -> Result<Vec<Step>, PathError> {
    let error = |why| PathError { path: path.to_owned(), why };
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        rest = rest.strip_prefix('/').ok_or_else(|| error("each step begins with a slash"))?;
        let (name, then) = rest.split_at(rest.find(['/', '[']).unwrap_or(rest.len()));
        rest = then;
        let (module, name) = match name.split_once(':') {
            Some((module, name)) => (Some(module.to_owned()), name),
            None => (None, name),
        };
        if name.is_empty() {
            return Err(error("a step has no name"));
        }
        let mut predicates = Vec::new();
        while let Some(inside) = rest.strip_prefix('[') {
            let (name, value) = inside.split_once('=').ok_or_else(|| error("a predicate has no ="))?;
            let quote = value.chars().next().filter(|c| matches!(c, '\'' | '"'));
            let quote = quote.ok_or_else(|| error("the value of a predicate stands in quotes"))?;
            let (value, then) = value[1..].split_once(quote).ok_or_else(|| error("a quote is not closed"))?;
            rest = then.strip_prefix(']').ok_or_else(|| error("a predicate is not closed"))?;
            let name = name.trim().rsplit(':').next().unwrap_or_default();
            predicates.push((name.to_owned(), value.to_owned()));
        }
        steps.push(Step { module, name: name.to_owned(), predicates });
    }
    if steps.is_empty() { Err(error("it is empty")) } else { Ok(steps) }
}

fn walk(
    nodes: &mut Vec<Node>,
    steps: &[Step],
    module: &str,
    work: &mut dyn FnMut(&mut Vec<Node>, &Step, &str),
) {
    let Some((first, rest)) = steps.split_first() else { return };
    if rest.is_empty() {
        return work(nodes, first, module);
    }
    let inherited = first.module.as_deref().unwrap_or(module).to_owned();
    for node in nodes.iter_mut().filter(|node| first.is(node, module)) {
        node.edit(|children| walk(children, rest, &inherited, work));
    }
}

fn remove_numbered(nodes: &mut Vec<Node>, numbers: &BTreeSet<u32>, count: &mut u32) -> usize {
    let mut removed = 0;
    nodes.retain_mut(|node| {
        *count += 1;
        if numbers.contains(count) {
            removed += 1;
            // What is in it goes with it, and counts.
            *count += inside(node);
            return false;
        }
        if node.children().next().is_some() {
            node.edit(|children| removed += remove_numbered(children, numbers, count));
        }
        true
    });
    removed
}

/// How many nodes there are in one.
fn inside(node: &Node) -> u32 {
    node.children().map(|child| 1 + inside(child)).sum()
}

/// A document that is read.
struct DocumentSource<'d> {
    stack: Vec<Open<'d>>,
    /// Nodes so far: the number of the one that was opened last.
    number: u32,
}

enum Open<'d> {
    Nodes(std::slice::Iter<'d, Node>),
    Items(std::slice::Iter<'d, Item>),
}

fn open(node: &Node) -> Event<'_> {
    Event::Open { name: node.name.name(), attributes: attributes(&node.notes).into(), place: node.place }
}

impl<'d> DocumentSource<'d> {
    fn opened(&mut self, node: &'d Node) -> &'d Node {
        self.number += 1;
        self.stack.push(Open::Items(node.content.iter()));
        node
    }
}

impl Source for DocumentSource<'_> {
    fn next(&mut self) -> Result<Event<'_>, CodecError> {
        let item = match self.stack.last_mut() {
            None => return Ok(Event::End),
            Some(Open::Nodes(nodes)) => match nodes.next() {
                Some(node) => {
                    let node = self.opened(node);
                    return Ok(open(node));
                }
                None => return Ok(Event::End),
            },
            Some(Open::Items(items)) => items.next(),
        };
        Ok(match item {
            None => {
                self.stack.pop();
                Event::Close
            }
            Some(Item::Node(node)) => {
                let node = self.opened(node);
                open(node)
            }
            Some(Item::Value(text)) => Event::Text(Scalar { text: text.text().into(), form: text.form() }),
            Some(Item::EmptyArray(name)) => Event::EmptyArray(name.name()),
            Some(Item::Notes(name, notes)) => Event::Annotations {
                of: Annotated::Member(name.name()),
                attributes: attributes(notes).into(),
            },
        })
    }

    fn position(&self) -> Position {
        Position { line: self.number, column: 1 }
    }
}
