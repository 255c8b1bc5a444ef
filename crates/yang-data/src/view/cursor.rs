//! A node of a view.

use crate::event::Attribute;
use crate::tree::annotation::{Annotation, Of};
use crate::tree::list::{Entry, Keys, ListRef};
use crate::tree::{AnyData, Record};
use crate::view::{Children, Instances, View, path};
use std::borrow::Cow;
use std::cell::LazyCell;
use std::cmp::Ordering;
use std::rc::Rc;
use yang_schema::value::{InstanceIdentifier, InstanceSelector};
use yang_schema::{NodeId, NodeKind, NodeRef, Schema, Value};

/// Most layers of a view.
pub const LAYERS: usize = 4;

/// The record of each layer that has the node.
pub(crate) type Records<'v> = [Option<&'v Record>; LAYERS];

/// A node of a [`View`]: the path to it from the root. Cloning is cheap; the order is that of the document.
#[derive(Clone)]
pub struct Cursor<'v> {
    pub(crate) view: &'v View,
    pub(crate) up: Option<Rc<Cursor<'v>>>,
    pub(crate) node: NodeId,
    pub(crate) data: Data<'v>,
    /// Layer and label: the place among the entries of a list whose order is not that of its keys.
    pub(crate) order: (u8, u64),
}

/// What stands at a cursor.
#[derive(Clone, Copy)]
pub(crate) enum Data<'v> {
    Records(Records<'v>),
    Value {
        value: &'v Value,
        default: bool,
    },
    Any(&'v AnyData),
    /// Nothing: a place whose `when` must be asked before there is anything.
    Nothing,
}

impl<'v> Cursor<'v> {
    pub(crate) fn root_of(view: &'v View, records: Records<'v>) -> Self {
        Self { view, up: None, node: NodeId::ROOT, data: Data::Records(records), order: (0, 0) }
    }

    pub(crate) fn below(up: &Rc<Cursor<'v>>, node: NodeId, data: Data<'v>, order: (u8, u64)) -> Self {
        Self { view: up.view, up: Some(Rc::clone(up)), node, data, order }
    }

    pub(crate) fn operation_below(&self, node: NodeId, record: &'v Record) -> Self {
        let mut records = [None; LAYERS];
        records[0] = Some(record);
        Self::below(&Rc::new(self.clone()), node, Data::Records(records), (0, 0))
    }

    /// The place of a node that is not there: a context for its `when`.
    pub(crate) fn nothing_below(&self, node: NodeId) -> Self {
        Self::below(&Rc::new(self.clone()), node, Data::Nothing, (0, 0))
    }

    /// The same node as a constraint on a schema node sees it.
    pub(crate) fn accessible_to(&self, node: NodeRef<'_>) -> Cow<'_, Self> {
        let view = self.view.accessible_to(node);
        if std::ptr::eq(view, self.view) { Cow::Borrowed(self) } else { Cow::Owned(self.seen_in(view)) }
    }

    fn seen_in(&self, view: &'v View) -> Self {
        let mut line: Vec<&Self> = self.ancestors().collect();
        let mut up = None;
        while let Some(at) = line.pop() {
            up = Some(Rc::new(Self { view, up, node: at.node, data: at.data, order: at.order }));
        }
        Self { view, up, node: self.node, data: self.data, order: self.order }
    }

    /// The view.
    pub fn view(&self) -> &'v View {
        self.view
    }

    /// The schema.
    pub fn schema(&self) -> &'v Schema {
        self.view.schema()
    }

    /// The schema node: a data node, the root, or the rpc, action, notification or structure of the view's operation.
    pub fn node(&self) -> NodeRef<'v> {
        self.schema().node(self.node)
    }

    /// The schema node's id.
    pub fn node_id(&self) -> NodeId {
        self.node
    }

    /// Is it the root?
    pub fn is_root(&self) -> bool {
        self.up.is_none()
    }

    /// The node above.
    pub fn parent(&self) -> Option<Cursor<'v>> {
        self.up.as_deref().cloned()
    }

    /// How many nodes stand above it.
    pub fn depth(&self) -> usize {
        self.ancestors().count()
    }

    /// The nodes above it, the innermost first.
    pub fn ancestors(&self) -> impl Iterator<Item = &Cursor<'v>> {
        std::iter::successors(self.up.as_deref(), |c| c.up.as_deref())
    }

    /// The root of its view.
    pub fn root(&self) -> Cursor<'v> {
        self.view.root()
    }

    /// Is there a node in the data here, or is it supplied: a default or an empty container without presence?
    pub fn is_set(&self) -> bool {
        match self.data {
            Data::Records(records) => records.iter().any(Option::is_some),
            Data::Value { default, .. } => !default,
            Data::Any(_) => true,
            Data::Nothing => false,
        }
    }

    /// Is it a default that nobody set?
    pub fn is_default(&self) -> bool {
        matches!(self.data, Data::Value { default: true, .. })
    }

    /// The value of a leaf or leaf-list entry.
    pub fn value(&self) -> Option<&'v Value> {
        match self.data {
            Data::Value { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The canonical form of its value, modules' names for prefixes.
    pub fn text(&self) -> Option<Cow<'v, str>> {
        self.value().map(|v| v.canonical(self.schema()))
    }

    /// The content of an anydata or anyxml node.
    pub fn any(&self) -> Option<&'v AnyData> {
        match self.data {
            Data::Any(any) => Some(any),
            _ => None,
        }
    }

    /// Its annotations (RFC 7952), in the order in which they came.
    pub fn annotations(&self) -> &'v [Annotation] {
        match self.data {
            Data::Records(records) => {
                let annotations = records.into_iter().flatten().filter_map(Record::annotations);
                annotations.map(|a| a.own.as_slice()).find(|own| !own.is_empty()).unwrap_or(&[])
            }
            Data::Value { default: true, .. } | Data::Nothing => &[],
            Data::Value { value, .. } => self.annotations_of_slot(Some(value)),
            Data::Any(_) => self.annotations_of_slot(None),
        }
    }

    /// The annotations of the node as attributes of its begin, those that the schema knows in their canonical form.
    pub fn attributes(&self) -> Vec<Attribute<'v>> {
        self.annotations().iter().map(|a| a.attribute_in(self.schema())).collect()
    }

    /// Those of a node that is no record: the record above has them.
    fn annotations_of_slot(&self, value: Option<&'v Value>) -> &'v [Annotation] {
        let Some(up) = &self.up else { return &[] };
        let mut ordinal = None;
        for record in up.records().into_iter().flatten() {
            let Some(annotations) = record.annotations() else { continue };
            let ordinal = *ordinal.get_or_insert_with(|| self.node().data_ordinal());
            if !annotations.has(ordinal) {
                continue;
            }
            let position = LazyCell::new(|| self.position());
            return annotations.of(ordinal, |of| match of {
                Of::Node => Ordering::Equal,
                Of::Entry(entry) => Some(entry).cmp(&value),
                Of::Nth(n) => n.cmp(&*position),
            });
        }
        &[]
    }

    pub(crate) fn records(&self) -> Records<'v> {
        match self.data {
            Data::Records(records) => records,
            _ => [None; LAYERS],
        }
    }

    /// The commit that last changed the node or anything below it; for a leaf that of its parent.
    pub fn commit(&self) -> u64 {
        let own = self.records().into_iter().flatten().map(Record::commit).max();
        own.or_else(|| self.up.as_ref().map(|up| up.commit())).unwrap_or(0)
    }

    /// The schema node whose data children are its children: an rpc's or action's are those of its input or output.
    pub fn content_node(&self) -> NodeRef<'v> {
        self.schema().node(self.view.content_of(self.node))
    }

    /// All nodes right below, in the order of the schema, entries in their order.
    pub fn children(&self) -> Children<'v> {
        Children::of(self)
    }

    /// The instances of one data child, in their order; or the operation of the view, where it stands here.
    pub fn children_of(&self, child: NodeId) -> Instances<'v> {
        if !self.has_child(child) {
            return Instances::none();
        }
        Instances::of(&Rc::new(self.clone()), child)
    }

    /// Is it the data parent of the schema node? Asking for other nodes finds nothing.
    fn has_child(&self, child: NodeId) -> bool {
        let child = self.schema().node(child);
        !self.view.hides(child)
            && child.data_parent().is_some_and(|p| p.id() == self.view.content_of(self.node))
    }

    /// The instance of a data child, or the first of several.
    pub fn child(&self, child: NodeId) -> Option<Cursor<'v>> {
        self.children_of(child).next()
    }

    /// The instance of the data child of a name.
    pub fn child_named(&self, module: yang_schema::ModuleId, name: &str) -> Option<Cursor<'v>> {
        self.child(self.content_node().data_child(module, name)?.id())
    }

    /// The value of a leaf right below.
    pub fn leaf(&self, child: NodeId) -> Option<&'v Value> {
        self.child(child)?.value()
    }

    /// How many instances of a data child there are.
    pub fn count_of(&self, child: NodeId) -> usize {
        if let Some(one) = self.only_layer()
            && self.has_child(child)
        {
            let node = self.schema().node(child);
            let ordinal = node.data_ordinal();
            match node.kind() {
                NodeKind::List => return ListRef::<Record>::of(one, ordinal).len(),
                NodeKind::LeafList => match ListRef::<Value>::of(one, ordinal).len() {
                    0 => {}
                    n if self.view.defaults != super::DefaultMode::Trim => return n,
                    _ => {}
                },
                _ => {}
            }
        }
        self.children_of(child).count()
    }

    /// The entry of a list by its keys, in the order of `key`, or of a leaf-list by its value. It costs a look-up.
    pub fn entry(&self, list: NodeId, keys: &[&Value]) -> Option<Cursor<'v>> {
        if !self.has_child(list) {
            return None;
        }
        Instances::entry(&Rc::new(self.clone()), list, keys).filter(|c| self.view.readable(c))
    }

    /// Where its record stands in memory, if it is all that can be seen of it and of what is below.
    pub(crate) fn only_record(&self) -> Option<usize> {
        self.only_layer().map(Record::address)
    }

    /// The entry at a position of a list or leaf-list, from 0.
    pub fn nth(&self, list: NodeId, position: usize) -> Option<Cursor<'v>> {
        self.children_of(list).nth(position)
    }

    /// The node of one step of an instance-identifier.
    pub fn step(&self, node: NodeId, selector: &InstanceSelector) -> Option<Cursor<'v>> {
        match selector {
            InstanceSelector::Only => self.child(node),
            InstanceSelector::Keys(keys) => self.entry(node, &keys.iter().collect::<Vec<_>>()),
            InstanceSelector::Value(value) => self.entry(node, &[value]),
            InstanceSelector::Position(n) => self.nth(node, usize::try_from(n.checked_sub(1)?).ok()?),
        }
    }

    /// The values of a list entry's keys, in the order of `key`; none for other nodes.
    pub fn keys(&self) -> Vec<&'v Value> {
        if self.node().kind() != NodeKind::List {
            return Vec::new();
        }
        let Some(record) = self.records().into_iter().flatten().next() else { return Vec::new() };
        Keys::of(self.node()).values(record)
    }

    /// Its position among the instances of its schema node, from 0.
    pub fn position(&self) -> usize {
        let Some(up) = &self.up else { return 0 };
        let rank = match (self.node().kind(), up.only_layer().filter(|_| self.is_set())) {
            (NodeKind::List, Some(record)) => self.rank_in(ListRef::<Record>::of(record, self.ordinal())),
            (NodeKind::LeafList, Some(record)) => self.rank_in(ListRef::<Value>::of(record, self.ordinal())),
            (NodeKind::List | NodeKind::LeafList, _) => None,
            _ => return 0,
        };
        rank.unwrap_or_else(|| up.children_of(self.node).take_while(|c| c != self).count())
    }

    fn ordinal(&self) -> u32 {
        self.schema().data_ordinal(self.node)
    }

    /// How many entries of a list stand in front of it.
    fn rank_in<T: Entry>(&self, list: ListRef<'v, T>) -> Option<usize> {
        match self.order {
            (_, 0) => {
                let keys = Keys::of(self.node());
                match self.value() {
                    Some(value) => list.rank(&keys, &[value]),
                    None => list.rank(&keys, &self.keys()),
                }
            }
            (_, label) => Some(list.rank_of_label(label)),
        }
    }

    /// Its record, if it is all that can be seen of it and of what is below.
    fn only_layer(&self) -> Option<&'v Record> {
        let mut records = self.records().into_iter().flatten();
        match (records.next(), records.next(), &self.view.mask) {
            (Some(one), None, None) => Some(one),
            _ => None,
        }
    }

    /// Its record, if that and what is below is just what can be seen of it.
    pub(super) fn plain_record(&self) -> Option<&'v Record> {
        let mut records = self.records().into_iter().flatten();
        match (records.next(), records.next()) {
            (Some(one), None) if self.view.shows_all_below(self.node()) => Some(one),
            _ => None,
        }
    }

    /// Its path: an instance-identifier in the form of RFC 7951 section 6.11, `/` for the root.
    pub fn path(&self) -> String {
        path::text(self)
    }

    /// Its path as a value.
    pub fn instance_identifier(&self) -> InstanceIdentifier {
        path::identifier(self)
    }

    /// Is it the node of an instance-identifier?
    pub(crate) fn is_at(&self, path: &InstanceIdentifier) -> bool {
        self.depth() == path.steps.len() && self.instance_identifier() == *path
    }

    fn order_among_siblings(&self, other: &Self) -> Ordering {
        let schema = self.schema();
        let rank = |c: &Self| {
            let node = schema.node(c.node);
            (!node.kind().is_data_node(), node.data_ordinal(), c.node)
        };
        rank(self).cmp(&rank(other)).then_with(|| self.order.cmp(&other.order)).then_with(|| {
            match (&self.data, &other.data) {
                (Data::Value { value: a, .. }, Data::Value { value: b, .. }) => a.cmp(b),
                (Data::Records(_), Data::Records(_)) => self.keys().cmp(&other.keys()),
                _ => Ordering::Equal,
            }
        })
    }
}

/// The order of the document (XPath 1.0 section 5). Cursors of different views do not compare.
impl Ord for Cursor<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Some(a), Some(b)) = (&self.up, &other.up)
            && Rc::ptr_eq(a, b)
        {
            return self.order_among_siblings(other);
        }
        let line = |c: &Self| {
            let mut line: Vec<Self> = c.ancestors().cloned().collect();
            line.reverse();
            line.push(c.clone());
            line
        };
        let (a, b) = (line(self), line(other));
        a.iter()
            .zip(&b)
            .map(|(x, y)| x.order_among_siblings(y))
            .find(|o| o.is_ne())
            .unwrap_or_else(|| a.len().cmp(&b.len()))
    }
}

impl PartialOrd for Cursor<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The same node of the same view.
impl PartialEq for Cursor<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node && self.cmp(other).is_eq()
    }
}

impl Eq for Cursor<'_> {}

impl std::fmt::Debug for Cursor<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.path())?;
        if let Some(text) = self.text() { write!(f, " = {text:?}") } else { Ok(()) }
    }
}
