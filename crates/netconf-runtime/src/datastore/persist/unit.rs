//! Trees as units, and a change of a tree as the writes it takes.

use super::key::{CONTAINER, LIST, ORDER, node_name, push_step, push_value};
use super::{Names, PersistError};
use crate::store::{Write, Writer};
use std::collections::{BTreeMap, BTreeSet};
use yang_data::diff::{Changed, ChangedKind};
use yang_data::event::{Annotated, Attribute, Event, Form, Name, Namespace, Place, Prefixes, Source};
use yang_data::view::{Cursor, CursorSource, View};
use yang_schema::value::{InstanceIdentifier, InstanceStep};
use yang_schema::{NodeKind, NodeRef, OrderedBy, Value};

/// The version of the encoding of a unit; it stands in front of each.
pub(super) const UNIT: u8 = 1;

/// Marks of what stands in a unit.
pub(super) mod item {
    /// A leaf or leaf-list entry: name, value.
    pub(in super::super) const LEAF: u8 = 1;
    /// A container begins: name.
    pub(in super::super) const OPEN: u8 = 2;
    /// It ends.
    pub(in super::super) const CLOSE: u8 = 3;
    /// A node in anydata or anyxml begins, as the first release wrote it: name, attributes without what was said of their values.
    /// It is read, and no longer written.
    pub(in super::super) const ANY_OPEN: u8 = 4;
    /// The value of the node that is open: form and text.
    pub(in super::super) const ANY_TEXT: u8 = 5;
    /// The node ends.
    pub(in super::super) const ANY_CLOSE: u8 = 6;
    /// Annotations of the leaf or container that comes next.
    pub(in super::super) const NOTE: u8 = 7;
    /// Annotations of the unit itself.
    pub(in super::super) const OWN_NOTE: u8 = 8;
    /// Annotations of a key: which, annotations.
    pub(in super::super) const KEY_NOTE: u8 = 9;
    /// An event of an anydata or anyxml node: a node begins. Its name, its place, its annotations.
    pub(in super::super) const ANY_NODE: u8 = 10;
    /// An array without items: its name.
    pub(in super::super) const ANY_EMPTY: u8 = 11;
    /// Annotations of an anyxml that is an array, whose items come next: its name, annotations.
    pub(in super::super) const ANY_NOTE: u8 = 12;
}

/// Places of a node inside anydata and anyxml.
pub(super) mod place {
    pub(in super::super) const UNTOLD: u8 = 0;
    pub(in super::super) const MEMBER: u8 = 1;
    pub(in super::super) const ITEM: u8 = 2;
}

/// Forms of a value in a unit.
pub(super) mod form {
    /// Its canonical form.
    pub(in super::super) const TEXT: u8 = 0;
    /// The number of its canonical form in the table of names.
    pub(in super::super) const NAME: u8 = 1;
}

/// Forms of a value inside anydata and anyxml.
pub(super) mod any_form {
    pub(in super::super) const STRING: u8 = 0;
    pub(in super::super) const NUMBER: u8 = 1;
    pub(in super::super) const BOOLEAN: u8 = 2;
    pub(in super::super) const EMPTY: u8 = 3;
    pub(in super::super) const NULL: u8 = 4;
    /// With the namespaces of the prefixes that the text may use.
    pub(in super::super) const XML: u8 = 5;
    /// The canonical form of a value that the schema knows.
    pub(in super::super) const CANONICAL: u8 = 6;
}

/// The writes that store a whole tree.
pub(crate) fn write_all(view: &View, names: &mut Names) -> Result<Vec<Write>, PersistError> {
    let nothing = View::new(view.schema().clone());
    let mut changes = Changes::new(&nothing, view, names);
    changes.touch_all(&InstanceIdentifier { steps: Vec::new() })?;
    Ok(changes.finish())
}

/// Collects the writes that lead from one tree to another. Both views show what is set, without defaults.
pub(crate) struct Changes<'a> {
    before: &'a View,
    after: &'a View,
    names: &'a mut Names,
    /// The numbers of the names of schema nodes, as far as they were asked for.
    numbers: Vec<Option<u32>>,
    writes: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    /// Where a unit is written: what is kept has the length that it needs.
    scratch: Vec<u8>,
    /// Lists whose order is written: many new entries write it once.
    ordered: BTreeSet<Vec<u8>>,
}

impl<'a> Changes<'a> {
    pub(crate) fn new(before: &'a View, after: &'a View, names: &'a mut Names) -> Self {
        let numbers = vec![None; after.schema().node_count()];
        let (writes, ordered) = (BTreeMap::new(), BTreeSet::new());
        Self { before, after, names, numbers, writes, scratch: Vec::new(), ordered }
    }

    /// The number of the name of a node.
    fn number(&mut self, node: NodeRef<'_>) -> u32 {
        let number = &mut self.numbers[node.id().index()];
        *number.get_or_insert_with(|| self.names.id(&node_name(node)))
    }

    /// What the store holds of a node that changed is brought up to date, with the unit that it stands in.
    pub(crate) fn touch(&mut self, change: &Changed) -> Result<(), PersistError> {
        // Annotations stand in the unit; what is below the node has its own.
        if change.kind == ChangedKind::Annotated {
            self.touch_unit(&change.path)
        } else {
            self.touch_all(&change.path)
        }
    }

    fn touch_unit(&mut self, path: &InstanceIdentifier) -> Result<(), PersistError> {
        // The unit around the node, and with it every unit around that: a new entry brings the entries that it stands in.
        let unit = enclosing_unit(self.after, path);
        if let Some(cursor) = self.after.find(&unit) {
            let key = self.key(&cursor);
            if !self.writes.contains_key(&key) {
                let value = self.unit(&cursor)?;
                self.writes.insert(key, Some(value));
            }
        }
        Ok(())
    }

    fn touch_all(&mut self, path: &InstanceIdentifier) -> Result<(), PersistError> {
        // An entry that is there now is a unit itself.
        let is_entry = path.steps.last().is_some_and(|step| is_list(self.after, step));
        if !is_entry {
            self.touch_unit(path)?;
        }
        if let Some(cursor) = self.before.find(path) {
            self.remove_units(&cursor);
        }
        if let Some(cursor) = self.after.find(path) {
            self.write_units(&cursor)?;
        }
        self.order_of(path);
        Ok(())
    }

    /// The writes, in the order of their keys.
    pub(crate) fn finish(self) -> Vec<Write> {
        self.writes.into_iter().map(|(key, value)| Write { key, value }).collect()
    }

    /// Removes the units at a node and below it, unless they are written again.
    fn remove_units(&mut self, at: &Cursor<'_>) {
        let mut stack = vec![(at.clone(), self.key(at))];
        while let Some((at, key)) = stack.pop() {
            let mut list = None;
            for child in inner_nodes(&at) {
                if list.replace(child.node_id()) != Some(child.node_id()) && is_user_ordered(child.node()) {
                    let key = self.order_key(&key, child.node());
                    self.writes.entry(key).or_insert(None);
                }
                let key = self.key_below(&key, &child);
                stack.push((child, key));
            }
            if is_unit(&at) {
                self.writes.entry(key).or_insert(None);
            }
        }
    }

    /// Writes the units at a node and below it.
    fn write_units(&mut self, at: &Cursor<'_>) -> Result<(), PersistError> {
        let mut stack = vec![(at.clone(), self.key(at))];
        while let Some((at, key)) = stack.pop() {
            let mut list = None;
            for child in inner_nodes(&at) {
                if list.replace(child.node_id()) != Some(child.node_id()) && is_user_ordered(child.node()) {
                    self.write_order(&at, &key, child.node());
                }
                let key = self.key_below(&key, &child);
                stack.push((child, key));
            }
            if is_unit(&at) && !matches!(self.writes.get(&key), Some(Some(_))) {
                let value = self.unit(&at)?;
                self.writes.insert(key, Some(value));
            }
        }
        Ok(())
    }

    /// Writes the order of the list whose entry a path names, if users set it.
    fn order_of(&mut self, path: &InstanceIdentifier) {
        let Some((last, above)) = path.steps.split_last() else { return };
        let above = InstanceIdentifier { steps: above.to_vec() };
        let schema = self.after.schema().clone();
        let list = schema.node(last.node);
        if is_user_ordered(list)
            && let Some(parent) = self.after.find(&above)
        {
            let key = self.key(&parent);
            self.write_order(&parent, &key, list);
        }
    }

    /// `key` is that of the parent.
    fn write_order(&mut self, parent: &Cursor<'_>, key: &[u8], list: NodeRef<'_>) {
        let key = self.order_key(key, list);
        if !self.ordered.insert(key.clone()) {
            return;
        }
        let mut order = Writer::default();
        let mut some = false;
        for entry in parent.children_of(list.id()) {
            let mut values = Vec::new();
            for value in entry.keys() {
                push_value(&mut values, value, entry.schema(), self.names);
            }
            order.bytes(&values);
            some = true;
        }
        self.writes.insert(key, some.then_some(order.0));
    }

    /// The key of the order of a list, by that of the node that it stands in.
    fn order_key(&mut self, parent: &[u8], list: NodeRef<'_>) -> Vec<u8> {
        let mut key = parent.to_vec();
        push_step(&mut key, LIST, self.number(list));
        key.push(ORDER);
        key
    }

    /// The key of a node: the path to it.
    fn key(&mut self, at: &Cursor<'_>) -> Vec<u8> {
        let mut line: Vec<_> = std::iter::once(at).chain(at.ancestors()).collect();
        line.reverse();
        let mut key = Vec::new();
        for step in line.into_iter().skip(1) {
            self.push(&mut key, step);
        }
        key
    }

    /// The key of a node, by that of the node that it stands in.
    fn key_below(&mut self, parent: &[u8], at: &Cursor<'_>) -> Vec<u8> {
        let mut key = std::mem::take(&mut self.scratch);
        key.clear();
        key.extend_from_slice(parent);
        self.push(&mut key, at);
        let exact = key.as_slice().to_vec();
        self.scratch = key;
        exact
    }

    /// Adds the step to a node to the key of the one that it stands in.
    fn push(&mut self, key: &mut Vec<u8>, at: &Cursor<'_>) {
        let number = self.number(at.node());
        match at.node().kind() {
            NodeKind::List => {
                push_step(key, LIST, number);
                for value in at.keys() {
                    push_value(key, value, at.schema(), self.names);
                }
            }
            _ => push_step(key, CONTAINER, number),
        }
    }

    /// The content of a unit as bytes.
    fn unit(&mut self, at: &Cursor<'_>) -> Result<Vec<u8>, PersistError> {
        let mut w = Writer(std::mem::take(&mut self.scratch));
        w.0.clear();
        w.u8(UNIT);
        let node = at.content_node();
        w.int(node.keys().len() as u64);
        for k in node.keys() {
            w.int(u64::from(self.number(k)));
        }
        if !at.annotations().is_empty() {
            w.u8(item::OWN_NOTE);
            annotations(at, &mut w);
        }
        for (nth, key) in node.keys().enumerate() {
            if let Some(key) = at.child(key.id()).filter(|k| !k.annotations().is_empty()) {
                w.u8(item::KEY_NOTE);
                w.int(nth as u64);
                annotations(&key, &mut w);
            }
        }
        self.items(at, &mut w)?;
        let exact = w.0.as_slice().to_vec();
        self.scratch = w.0;
        Ok(exact)
    }

    /// What stands right in a node, containers with all that is in them.
    fn items(&mut self, at: &Cursor<'_>, w: &mut Writer) -> Result<(), PersistError> {
        for instance in at.children().filter(Cursor::is_set) {
            let child = instance.node();
            if child.is_key() || child.kind() == NodeKind::List {
                continue;
            }
            let start = w.0.len();
            let is_noted = !instance.annotations().is_empty();
            if is_noted && !matches!(child.kind(), NodeKind::AnyData | NodeKind::AnyXml) {
                w.u8(item::NOTE);
                annotations(&instance, w);
            }
            match child.kind() {
                NodeKind::Container => {
                    w.u8(item::OPEN);
                    w.int(u64::from(self.number(child)));
                    let content = w.0.len();
                    self.items(&instance, w)?;
                    // It exists by what is in it, which may be lists alone: these bring it back.
                    if child.is_np_container() && !is_noted && w.0.len() == content {
                        w.0.truncate(start);
                    } else {
                        w.u8(item::CLOSE);
                    }
                }
                NodeKind::Leaf | NodeKind::LeafList => {
                    let Some(value) = instance.value() else { continue };
                    w.u8(item::LEAF);
                    w.int(u64::from(self.number(child)));
                    let text = value.canonical(at.schema());
                    match value {
                        Value::Enumeration(..) | Value::Identity(_) => {
                            w.u8(form::NAME);
                            w.int(u64::from(self.names.id(&text)));
                        }
                        _ => {
                            w.u8(form::TEXT);
                            w.str(&text);
                        }
                    }
                }
                _ => any(&instance, w)?,
            }
        }
        Ok(())
    }
}

/// An anydata or anyxml node: its events.
fn any(at: &Cursor<'_>, w: &mut Writer) -> Result<(), PersistError> {
    let unwritable = |e: &dyn std::fmt::Display| PersistError::Unwritable(format!("{}: {e}", at.path()));
    let mut source = CursorSource::of(at);
    loop {
        match source.next().map_err(|e| unwritable(&e))? {
            Event::Open { name, attributes, place } => {
                w.u8(item::ANY_NODE);
                any_name(name, w);
                w.u8(match place {
                    Place::Untold => place::UNTOLD,
                    Place::Member => place::MEMBER,
                    Place::Item => place::ITEM,
                });
                noted(&attributes, w);
            }
            Event::Text(scalar) => {
                w.u8(item::ANY_TEXT);
                text(&scalar.text, scalar.form, w);
            }
            // Those of an anyxml that is an array; all others are attributes.
            Event::Annotations { of, attributes } => {
                if let Annotated::Member(name) = of {
                    w.u8(item::ANY_NOTE);
                    any_name(name, w);
                    noted(&attributes, w);
                }
            }
            Event::EmptyArray(name) => {
                w.u8(item::ANY_EMPTY);
                any_name(name, w);
            }
            Event::Close => w.u8(item::ANY_CLOSE),
            Event::End => return Ok(()),
        }
    }
}

/// The annotations of a node, as many as there are in front.
fn annotations(at: &Cursor<'_>, w: &mut Writer) {
    let attributes: Vec<Attribute<'_>> = at.attributes();
    noted(&attributes, w);
}

fn noted(attributes: &[Attribute<'_>], w: &mut Writer) {
    w.int(attributes.len() as u64);
    for attribute in attributes {
        any_name(attribute.name, w);
        text(&attribute.value, attribute.form, w);
    }
}

/// A value of which a codec may have said something.
fn text(text: &str, form: Form<'_>, w: &mut Writer) {
    match form {
        Form::Xml(prefixes) => {
            w.u8(any_form::XML);
            let used = used_prefixes(text, prefixes);
            w.int(used.len() as u64);
            for (prefix, namespace) in used {
                w.str(prefix);
                w.str(namespace);
            }
        }
        Form::JsonNumber => w.u8(any_form::NUMBER),
        Form::JsonBoolean => w.u8(any_form::BOOLEAN),
        Form::JsonEmpty => w.u8(any_form::EMPTY),
        Form::JsonNull => w.u8(any_form::NULL),
        Form::JsonString => w.u8(any_form::STRING),
        Form::Canonical => w.u8(any_form::CANONICAL),
    }
    w.str(text);
}

/// A name inside anydata or anyxml: the kind of its namespace, the namespace, the local name.
fn any_name(name: Name<'_>, w: &mut Writer) {
    match name.namespace {
        Namespace::Inherited => w.u8(0),
        Namespace::Module(module) => {
            w.u8(1);
            w.str(module);
        }
        Namespace::Uri(uri) => {
            w.u8(2);
            w.str(uri);
        }
    }
    w.str(name.local);
}

/// What a text may mean by prefixes: whatever stands in front of a colon, and the default namespace.
fn used_prefixes<'t>(text: &'t str, prefixes: &'t dyn Prefixes) -> Vec<(&'t str, &'t str)> {
    let mut used: Vec<(&str, &str)> = Vec::new();
    let before_colons = text.match_indices(':').map(|(at, _)| {
        let before = &text[..at];
        let start = before
            .char_indices()
            .rev()
            .take_while(|(_, c)| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
            .last()
            .map_or(at, |(i, _)| i);
        &before[start..]
    });
    for prefix in std::iter::once("").chain(before_colons) {
        if let Some(namespace) = prefixes.namespace(prefix)
            && !used.iter().any(|(p, _)| *p == prefix)
        {
            used.push((prefix, namespace));
        }
    }
    used
}

fn is_unit(at: &Cursor<'_>) -> bool {
    at.is_root() || at.node().kind() == NodeKind::List
}

/// The containers and list entries right in a node, those of one list together.
fn inner_nodes<'v>(at: &Cursor<'v>) -> impl Iterator<Item = Cursor<'v>> {
    let is_inner = |at: &Cursor<'_>| matches!(at.node().kind(), NodeKind::Container | NodeKind::List);
    at.children().filter(move |child| is_inner(child) && child.is_set())
}

fn is_user_ordered(node: NodeRef<'_>) -> bool {
    node.kind() == NodeKind::List && node.ordered_by() == OrderedBy::User
}

/// The path of the unit that a node is or stands in.
fn enclosing_unit(view: &View, path: &InstanceIdentifier) -> InstanceIdentifier {
    let end = path.steps.iter().rposition(|step| is_list(view, step)).map_or(0, |i| i + 1);
    InstanceIdentifier { steps: path.steps[..end].to_vec() }
}

fn is_list(view: &View, step: &InstanceStep) -> bool {
    view.schema().node(step.node).kind() == NodeKind::List
}
