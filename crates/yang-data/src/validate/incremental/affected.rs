//! From events to what they concern: the context nodes of constraints, the nodes whose children are to be counted, the nodes
//! whose conditions are to be asked, the entries that are to be unique.

use super::events::{Event, Events, Place};
use crate::diff::Change;
use crate::index::{IndexSet, Update, address, hash_of_leaf, hash_of_tuple, text_of, values};
use crate::view::{Cursor, View};
use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;
use std::sync::Arc;
use yang_schema::dependency::{Constraint, ConstraintKind, Dependencies, Index, Join};
use yang_schema::{NodeId, NodeKind, NodeRef, Schema, Value};

/// What a change may concern.
pub(super) struct Affected<'v> {
    schema: &'v Schema,
    needs: &'v Dependencies,
    old: Cursor<'v>,
    new: Cursor<'v>,
    /// The indexes of the old version.
    indexes: &'v IndexSet,
    config_only: bool,
    pub(super) events: Vec<Event<'v>>,
    found: Events<'v>,
    /// Constraints, by their position, and their context nodes.
    pub(super) contexts: BTreeSet<(u32, Rc<[Value]>)>,
    /// Nodes whose children are to be counted.
    pub(super) parents: BTreeSet<Place>,
    /// Nodes whose conditions are to be asked, where they are set.
    pub(super) set: BTreeSet<Place>,
    /// By the position of the `unique`: entries.
    pub(super) entries: BTreeSet<(u32, Rc<[Value]>)>,
    /// Nodes below which all contexts of a constraint are among the above.
    filled: HashSet<(u32, NodeId, Rc<[Value]>)>,
}

impl<'v> Affected<'v> {
    /// Nothing yet. `old` has the indexes of the old version.
    pub(super) fn new(old: &'v View, new: &'v View, config_only: bool) -> Self {
        let schema: &'v Schema = new.schema();
        Self {
            schema,
            needs: schema.dependencies(),
            old: old.root(),
            new: new.root(),
            indexes: old.index_set().expect("the view of a valid version has its indexes"),
            config_only,
            events: Vec::new(),
            found: Events::default(),
            contexts: BTreeSet::new(),
            parents: BTreeSet::new(),
            set: BTreeSet::new(),
            entries: BTreeSet::new(),
            filled: HashSet::new(),
        }
    }

    /// Follows each event of the difference to what it concerns.
    pub(super) fn follow(&mut self, changes: &[Change]) {
        let (before, after) = (self.old.clone(), self.new.clone());
        self.found.inside((&before, &after), &mut Vec::new(), changes);
        let mut next = 0;
        loop {
            self.events.append(&mut self.found.events);
            if next == self.events.len() {
                break;
            }
            while next < self.events.len() {
                self.event(next);
                next += 1;
            }
        }
        self.parents.extend(std::mem::take(&mut self.found.parents));
        self.set.extend(std::mem::take(&mut self.found.set));
    }

    fn event(&mut self, i: usize) {
        let needs = self.needs;
        let (node, keys) = (self.events[i].node, Rc::clone(&self.events[i].keys));
        if self.events[i].new.is_some() {
            for &c in needs.carried_by(node) {
                if !matches!(needs.constraint(c).kind(), ConstraintKind::When(_)) {
                    self.contexts.insert((c, Rc::clone(&keys)));
                }
            }
        }
        for (c, read) in needs.readers(node) {
            if self.passes_over(needs.constraint(c)) {
                continue;
            }
            let shared = self.schema.node(read.shared);
            let above = &keys[..address::len(shared)];
            match &read.join {
                None => self.fill(c, shared, above),
                Some(join) => self.join(c, shared, above, join, i),
            }
        }
        for &c in needs.reading_everything() {
            if !self.passes_over(needs.constraint(c)) {
                self.fill(c, self.schema.root(), &[]);
            }
        }
        if self.events[i].new.is_none() {
            self.referrers(i);
        }
        for &unique in needs.uniques_over(node) {
            let list = self.schema.node(needs.uniques()[unique as usize].list);
            self.entries.insert((unique, keys[..address::len(list)].into()));
        }
    }

    /// Conditions of state are not asked in configuration; those that decide on defaults are.
    fn passes_over(&self, constraint: &Constraint) -> bool {
        self.config_only
            && !matches!(constraint.kind(), ConstraintKind::When(_))
            && !self.schema.node(constraint.node()).is_config()
    }

    /// The contexts whose own value is one that the entry of the event has or had.
    fn join(&mut self, c: u32, shared: NodeRef<'v>, above: &[Value], join: &Join, event: usize) {
        let index = Index { leaf: join.of_context, scope: shared.id() };
        let Some(index) = self.needs.index(index) else { return self.fill(c, shared, above) };
        let mut texts: BTreeSet<String> = BTreeSet::new();
        let event = &self.events[event];
        for side in [&event.old, &event.new].into_iter().flatten() {
            let entry = std::iter::once(side).chain(side.ancestors()).find(|at| at.node_id() == join.entry);
            let Some(entry) = entry else { continue };
            // Containers alone, and a leaf-list at the end.
            address::each_below(entry, &mut Vec::new(), self.schema.node(join.of_read), &mut |at, _| {
                texts.extend(text_of(at).map(|t| t.into_owned()));
            });
        }
        let at = self.schema.node(join.at);
        let len = address::len(at);
        for text in texts {
            for keys in self.indexes.find(index, above, &text) {
                self.fill(c, at, &keys[..len]);
            }
        }
    }

    /// The instance-identifiers that name what went.
    fn referrers(&mut self, event: usize) {
        let needs = self.needs;
        let mut text = None;
        for &c in needs.naming_instances() {
            let constraint = needs.constraint(c);
            if self.passes_over(constraint) {
                continue;
            }
            let Some(gone) = &self.events[event].old else { return };
            let text = text.get_or_insert_with(|| {
                let id = Value::InstanceIdentifier(Arc::new(gone.instance_identifier()));
                id.canonical(self.schema).into_owned()
            });
            let index = Index { leaf: constraint.node(), scope: NodeId::ROOT };
            let Some(index) = needs.index(index) else { return };
            for keys in self.indexes.find(index, &[], text) {
                self.contexts.insert((c, keys.as_ref().into()));
            }
        }
    }

    /// All contexts of a constraint below a node.
    fn fill(&mut self, c: u32, at: NodeRef<'v>, above: &[Value]) {
        let constraint = self.needs.constraint(c);
        let context = self.schema.node(constraint.context());
        if matches!(constraint.kind(), ConstraintKind::When(_)) {
            return self.fill_when(c, at, above);
        }
        if address::len(context) == above.len() {
            self.contexts.insert((c, above.into()));
            return;
        }
        if !self.filled.insert((c, at.id(), above.into())) {
            return;
        }
        let Some(from) = address::descend(&self.new, at, above) else { return };
        let contexts = &mut self.contexts;
        address::each_below(&from, &mut above.to_vec(), context, &mut |_, keys| {
            contexts.insert((c, keys.into()));
        });
    }

    /// A condition may hold now, or not any longer: what it is on may have to go, be demanded, or be supplied.
    fn fill_when(&mut self, c: u32, at: NodeRef<'v>, above: &[Value]) {
        if !self.filled.insert((c, at.id(), above.into())) {
            return;
        }
        let node = self.schema.node(self.needs.constraint(c).node());
        if at == node && node.kind() == NodeKind::List {
            // One entry alone, and its list as a whole.
            self.set.insert((node.id(), above.into()));
            if let Some(up) = node.data_parent() {
                self.parents.insert((up.id(), above[..address::len(up)].into()));
            }
            return;
        }
        let (Some(up), Some(from)) = (node.data_parent(), address::descend(&self.new, at, above)) else {
            return;
        };
        let mut found: Vec<(Cursor<'v>, Rc<[Value]>)> = Vec::new();
        address::each_below(&from, &mut above.to_vec(), up, &mut |at, keys| {
            found.push((at.clone(), keys.into()))
        });
        for (new, keys) in found {
            let old = address::descend(&self.old, up, &keys);
            self.parents.insert((up.id(), Rc::clone(&keys)));
            let choice = matches!(node.kind(), NodeKind::Choice | NodeKind::Case);
            let below: Vec<NodeRef<'v>> =
                if choice { node.data_nodes_inside().collect() } else { vec![node] };
            for node in below {
                let mut own = keys.to_vec();
                let set = &mut self.set;
                let len = own.len();
                for (position, entry) in new.children_of(node.id()).enumerate() {
                    address::push(&entry, position, &mut own);
                    set.insert((node.id(), own.as_slice().into()));
                    own.truncate(len);
                }
                if let Some(old) = &old {
                    self.found.supplied((old, &new), &mut own, node);
                }
            }
        }
    }

    /// Takes the events over into indexes that are those of the old version.
    pub(super) fn update(&self, indexes: &mut IndexSet) {
        for event in &self.events {
            for &total in self.needs.totals_of(event.node) {
                let change = (event.old.as_ref(), event.new.as_ref());
                indexes.update_total(self.schema, total, &event.keys, change);
            }
            let over = self.needs.indexes_over(event.node);
            if over.is_empty() {
                continue;
            }
            let address: Arc<[Value]> = event.keys.as_ref().into();
            for &i in over {
                let index = self.needs.indexes()[i as usize];
                let hash = |side: &Option<Cursor<'v>>| {
                    let text = text_of(side.as_ref()?)?;
                    Some(hash_of_leaf(self.schema, index, &address, &text))
                };
                let (old, new) = (hash(&event.old), hash(&event.new));
                if old != new {
                    indexes.update(Update { index: i as usize, old, new, address: Arc::clone(&address) });
                }
            }
        }
        for (i, keys) in &self.entries {
            let unique = &self.needs.uniques()[*i as usize];
            let hash = |root: &Cursor<'v>| {
                let entry = address::descend(root, self.schema.node(unique.list), keys)?;
                Some(hash_of_tuple(self.schema, unique, keys, &values(&entry, unique)?))
            };
            let (old, new) = (hash(&self.old), hash(&self.new));
            if old != new {
                let index = self.needs.indexes().len() + *i as usize;
                indexes.update(Update { index, old, new, address: keys.as_ref().into() });
            }
        }
    }
}
