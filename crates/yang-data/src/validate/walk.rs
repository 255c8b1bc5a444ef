//! The walk of full validation: from the root down through the records, past all that the schema demands nothing of.
//!
//! The way down is one stack. A [`Cursor`] is made of it only where an expression is to be evaluated or an error to be
//! reported; its memory is used again for the next entry.

use super::leafref::Leafrefs;
use super::{choice, elements, instance, mandatory, must, state, unique, when};
use crate::error::DataError;
use crate::tree::list::{Entry as _, ListRef};
use crate::tree::{Content, Record, Slot};
use crate::view::{Cursor, Data, Instances, LAYERS, Records, View, entry_order};
use std::rc::Rc;
use yang_schema::dependency::AllChecks;
use yang_schema::{ModuleId, NodeId, NodeKind, NodeRef, Schema, Value};

/// What to look for.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    pub(super) config_only: bool,
    /// May what stands here break constraints between nodes (RFC 8342 section 5.3)?
    pub(super) operational: bool,
    /// Is this the content of an rpc, action or notification?
    pub(super) in_operation: bool,
    /// Are all entries compared with each other where they must be unique?
    pub(super) unique: bool,
}

pub(super) struct Walk<'v> {
    schema: &'v Schema,
    view: &'v View,
    /// What constraints on configuration see; it may be the same.
    configuration: &'v View,
    checks: &'v AllChecks,
    rules: Rules,
    way: Vec<Frame<'v>>,
    spare: Vec<Rc<Cursor<'v>>>,
    leafrefs: Leafrefs<'v>,
    pub(super) errors: Vec<DataError>,
}

/// A container or entry on the way.
struct Frame<'v> {
    node: NodeId,
    records: Records<'v>,
    layers: Layers<'v>,
    order: (u8, u64),
    cursor: Option<Rc<Cursor<'v>>>,
    /// The node as constraints on configuration see it, where that is not the same.
    configured: Option<Rc<Cursor<'v>>>,
}

/// In how many layers a node has records.
#[derive(Clone, Copy)]
pub(super) enum Layers<'v> {
    None,
    One(u8, &'v Record),
    Several,
}

impl<'v> Frame<'v> {
    fn new(node: NodeId, records: Records<'v>, order: (u8, u64)) -> Self {
        let mut all = (0u8..).zip(records).filter_map(|(layer, record)| Some((layer, record?)));
        let layers = match (all.next(), all.next()) {
            (None, _) => Layers::None,
            (Some((layer, record)), None) => Layers::One(layer, record),
            _ => Layers::Several,
        };
        Self { node, records, layers, order, cursor: None, configured: None }
    }

    /// Of one record.
    fn single(node: NodeId, layer: u8, record: &'v Record, order: (u8, u64)) -> Self {
        let mut records = [None; LAYERS];
        records[layer as usize] = Some(record);
        let layers = Layers::One(layer, record);
        Self { node, records, layers, order, cursor: None, configured: None }
    }
}

impl<'v> Walk<'v> {
    /// A walk that begins at a node.
    pub(super) fn at(start: &Cursor<'v>, rules: Rules) -> Self {
        let view = start.view();
        let schema: &'v Schema = view.schema();
        let mut walk = Self {
            schema,
            view,
            configuration: view.accessible_to(schema.root()),
            checks: schema.checks(),
            rules,
            way: Vec::new(),
            spare: Vec::new(),
            leafrefs: Leafrefs::default(),
            errors: Vec::new(),
        };
        let mut line: Vec<&Cursor<'v>> = std::iter::once(start).chain(start.ancestors()).collect();
        line.reverse();
        walk.way.extend(line.into_iter().map(|at| Frame::new(at.node, at.records(), at.order)));
        walk
    }

    fn pop(&mut self) {
        if let Some(Frame { cursor, configured, .. }) = self.way.pop() {
            self.spare(cursor);
            self.spare(configured);
        }
    }

    fn spare(&mut self, cursor: Option<Rc<Cursor<'v>>>) {
        if let Some(mut cursor) = cursor
            && let Some(alone) = Rc::get_mut(&mut cursor)
        {
            alone.up = None;
            self.spare.push(cursor);
        }
    }

    fn top(&self) -> &Frame<'v> {
        self.way.last().expect("a walk stands somewhere")
    }

    /// The record of the node that the walk stands at, if it is in one layer.
    pub(super) fn layers(&self) -> Layers<'v> {
        self.top().layers
    }

    /// Is a data child set, by its ordinal?
    pub(super) fn is_set(&self, ordinal: u32) -> bool {
        match self.top().layers {
            Layers::None => false,
            Layers::One(_, record) => record.get(ordinal).is_some(),
            Layers::Several => self.top().records.iter().flatten().any(|r| r.get(ordinal).is_some()),
        }
    }

    /// The node that the walk stands at, as all that is there sees it.
    pub(super) fn cursor(&mut self) -> Rc<Cursor<'v>> {
        self.cursor_in(self.view, |frame| &mut frame.cursor)
    }

    /// The node that the walk stands at, as a constraint on a schema node sees it.
    pub(super) fn cursor_for(&mut self, node: NodeRef<'v>) -> Rc<Cursor<'v>> {
        if std::ptr::eq(self.view, self.configuration) || !node.is_config() {
            return self.cursor();
        }
        self.cursor_in(self.configuration, |frame| &mut frame.configured)
    }

    fn cursor_in(
        &mut self,
        view: &'v View,
        place: impl for<'f> Fn(&'f mut Frame<'v>) -> &'f mut Option<Rc<Cursor<'v>>>,
    ) -> Rc<Cursor<'v>> {
        let known = (0..self.way.len()).rfind(|i| place(&mut self.way[*i]).is_some());
        let mut at = known.and_then(|i| place(&mut self.way[i]).clone());
        for frame in &mut self.way[known.map_or(0, |i| i + 1)..] {
            let Frame { node, records, order, .. } = *frame;
            let cursor = Cursor { view, up: at, node, data: Data::Records(records), order };
            let cursor = match self.spare.pop() {
                Some(mut spare) => {
                    match Rc::get_mut(&mut spare) {
                        Some(alone) => *alone = cursor,
                        None => spare = Rc::new(cursor),
                    }
                    spare
                }
                None => Rc::new(cursor),
            };
            *place(frame) = Some(Rc::clone(&cursor));
            at = Some(cursor);
        }
        at.expect("a walk stands somewhere")
    }

    /// Constraints on the node that the walk stands at itself, whatever is below it.
    pub(super) fn musts(&mut self, of: NodeRef<'v>) {
        if !self.rules.operational && !of.musts().is_empty() {
            let at = self.cursor_for(of);
            must::check(&at, of, &mut self.errors);
        }
    }

    /// All that stands below the node that the walk stands at, and what should; nothing of some modules.
    pub(super) fn content(&mut self, absent: &[ModuleId]) {
        let of = self.view.content_of(self.top().node);
        if !self.rules.operational {
            self.demands(of, absent);
        }
        match self.layers() {
            Layers::None => self.children(of, 0, &[], absent),
            Layers::One(layer, record) => self.children(of, layer, record.slots(), absent),
            Layers::Several => self.merged_children(of),
        }
    }

    /// Is there anything to look for at a node or below it?
    fn counts(&self, node: NodeId) -> bool {
        let checks = self.checks.of_node(node);
        checks.is_to_visit() || self.rules.config_only && checks.holds_state()
    }

    fn children(&mut self, of: NodeId, layer: u8, slots: &'v [Slot], absent: &[ModuleId]) {
        let mut unset = self.checks.children_that_count_unset(of);
        for slot in slots {
            while let [next, rest @ ..] = unset
                && self.schema.data_ordinal(*next) <= slot.ordinal
            {
                unset = rest;
                if *next != slot.node {
                    self.unset(*next, absent);
                }
            }
            if self.counts(slot.node) {
                self.slot(layer, slot);
            }
        }
        unset.iter().for_each(|next| self.unset(*next, absent));
    }

    /// A child that nobody set, if it is there all the same.
    fn unset(&mut self, child: NodeId, absent: &[ModuleId]) {
        let node = self.schema.node(child);
        if absent.contains(&node.module()) || self.rules.config_only && !node.is_config() {
            return;
        }
        let conditional = self.checks.of_node(child).has_when()
            || node.parent().is_some_and(|up| up.kind() == NodeKind::Case);
        if node.kind() == NodeKind::Container && !conditional {
            self.frame(Frame::new(child, [None; LAYERS], (0, 0)));
            return;
        }
        let at = self.cursor_for(node);
        Instances::of(&at, child).for_each(|child| self.enter(&child));
    }

    fn slot(&mut self, layer: u8, slot: &'v Slot) {
        let node = self.schema.node(slot.node);
        match (node.kind(), &slot.content) {
            (NodeKind::List, content) => {
                for (label, entry) in Record::in_content(content).iter() {
                    self.frame(Frame::single(slot.node, layer, entry, entry_order(node, layer, label)));
                }
            }
            (NodeKind::LeafList, content) => {
                let list: ListRef<'v, Value> = Value::in_content(content);
                for (label, value) in list.iter() {
                    let data = Data::Value { value, default: false };
                    self.end(slot.node, data, entry_order(node, layer, label));
                }
            }
            (_, Content::Record(record)) => self.frame(Frame::single(slot.node, layer, record, (0, 0))),
            (_, Content::Value(value)) => {
                self.end(slot.node, Data::Value { value, default: false }, (0, 0));
            }
            (_, Content::Any(any)) => self.end(slot.node, Data::Any(any), (0, 0)),
            _ => {}
        }
    }

    /// The children where several layers have some.
    fn merged_children(&mut self, of: NodeId) {
        for &child in self.schema.data_child_ids(of) {
            if self.counts(child) {
                let at = self.cursor();
                Instances::of(&at, child).for_each(|child| self.enter(&child));
            }
        }
    }

    fn enter(&mut self, at: &Cursor<'v>) {
        match at.data {
            Data::Records(records) => self.frame(Frame::new(at.node, records, at.order)),
            data => self.end(at.node, data, at.order),
        }
    }

    fn frame(&mut self, frame: Frame<'v>) {
        self.way.push(frame);
        self.node();
        self.pop();
    }

    /// A container or entry that the walk stands at, and all below it.
    fn node(&mut self) {
        let node = self.schema.node(self.top().node);
        let checks = self.checks.of_node(node.id());
        if self.rules.config_only && !node.is_config() {
            let at = self.cursor();
            self.errors.extend(state::fault(&at));
            return;
        }
        if checks.has_when() && !self.rules.operational {
            let at = self.cursor_for(node);
            if at.is_set()
                && let Some(error) = when::unmet(&at)
            {
                self.errors.push(error);
                return;
            }
        }
        if checks.has_must() {
            self.musts(node);
        }
        self.content(&[]);
    }

    /// A node that has no children.
    fn end(&mut self, node: NodeId, data: Data<'v>, order: (u8, u64)) {
        let checks = self.checks.of_node(node);
        let is_state = self.rules.config_only && !self.schema.node(node).is_config();
        let conditions = !self.rules.operational && (checks.has_must() || checks.has_when());
        let refers = checks.refers() && !is_state && !self.is_found(node, data);
        if !(is_state || conditions || refers) {
            return;
        }
        if is_state {
            let at = Cursor { view: self.view, up: Some(self.cursor()), node, data, order };
            self.errors.extend(state::fault(&at));
            return;
        }
        let up = self.cursor_for(self.schema.node(node));
        let at = Cursor { view: up.view, up: Some(up), node, data, order };
        if conditions {
            if checks.has_when()
                && at.is_set()
                && let Some(error) = when::unmet(&at)
            {
                self.errors.push(error);
                return;
            }
            must::check(&at, at.node(), &mut self.errors);
        }
        if refers {
            instance::check(&at, &mut self.errors);
        }
    }

    /// Is what a leafref refers to surely there?
    fn is_found(&mut self, node: NodeId, data: Data<'v>) -> bool {
        let Data::Value { value, .. } = data else { return false };
        // Only what begins at the root has its depth for a place on the way.
        if self.way[0].node != NodeId::ROOT || self.view.has_operation() {
            return false;
        }
        let way = &self.way;
        self.leafrefs.is_found(self.schema.node(node), value, |depth| match way.get(depth)?.layers {
            Layers::One(_, record) => Some(record),
            _ => None,
        })
    }

    /// What the children of a schema node, or of a case, demand of the children of its instance as a whole.
    pub(super) fn demands(&mut self, of: NodeId, absent: &[ModuleId]) {
        for &child in self.checks.demanding_children(of) {
            let node = self.schema.node(child);
            if absent.contains(&node.module()) || self.rules.config_only && !node.is_config() {
                continue;
            }
            match node.kind() {
                NodeKind::Choice => {
                    if let Some(case) = choice::check(self, node) {
                        self.demands(case, absent);
                    }
                }
                NodeKind::Leaf | NodeKind::AnyData | NodeKind::AnyXml => {
                    mandatory::check(self, node, self.rules.in_operation);
                }
                NodeKind::LeafList => elements::check(self, node),
                NodeKind::List => {
                    elements::check(self, node);
                    if self.rules.unique {
                        unique::check(self, node);
                    }
                }
                _ => {}
            }
        }
    }
}
