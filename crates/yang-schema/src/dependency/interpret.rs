//! Expressions over places (XPath 1.0 sections 2 and 3).

use super::ask::{
    counts_many, counts_positions, is_indexed, is_simple, may_fail, named_descendants, needs_index, sought,
};
use super::place::{Chain, Place, Tie, is_many, join_by_text};
use super::{Index, Join};
use crate::xpath::{Axis, CompareOp, Expr, Function, LocationPath, NodeTest, Step};
use crate::{ModuleId, NodeId, NodeKind, NodeRef, Schema, TypeDetail, XPathId};

/// An expression that names more places than this reads everything.
const MOST: usize = 512;

/// What an expression reads.
#[derive(Default)]
pub(super) struct Found {
    pub(super) places: Vec<Place>,
    pub(super) everything: bool,
    pub(super) lookups: Vec<Index>,
    pub(super) totals: Vec<Index>,
}

/// The interpretation of one expression.
pub(super) struct Interpreter<'s, 'f> {
    chain: &'f Chain<'s>,
    default_module: ModuleId,
    /// What `current()` is.
    current: Place,
    /// An expression that may fail has a result even where a predicate would have passed over what makes it fail.
    joins: bool,
    found: &'f mut Found,
}

impl<'s, 'f> Interpreter<'s, 'f> {
    pub(super) fn new(chain: &'f Chain<'s>, xpath: XPathId, current: Place, found: &'f mut Found) -> Self {
        let xpath = chain.schema.xpath(xpath);
        let joins = !may_fail(chain.schema.expr(xpath.expr));
        Self { chain, default_module: xpath.default_module, current, joins, found }
    }

    fn schema(&self) -> &'s Schema {
        self.chain.schema
    }

    fn everything(&mut self) -> Vec<Place> {
        self.found.everything = true;
        Vec::new()
    }

    /// Notes that the existence of the nodes of places counts, and the values of leaves.
    fn read(&mut self, places: &[Place]) {
        for place in places {
            if self.found.places.len() >= MOST {
                self.found.everything = true;
                return;
            }
            if !self.found.places.contains(place) {
                self.found.places.push(place.clone());
            }
        }
    }

    /// Notes that the string values count: those of containers are made of all that is in them.
    fn read_text(&mut self, places: &[Place]) {
        self.read(places);
        for place in places {
            if !self.schema().node(place.node).kind().has_value() {
                let mut below = Vec::new();
                if !place.descend(self.chain, &mut below, MOST) {
                    self.found.everything = true;
                    return;
                }
                self.read(&below);
            }
        }
    }

    /// Interprets an expression whose value is used as a boolean: of nodes only the existence counts.
    pub(super) fn condition(&mut self, expr: &Expr, focus: &Place) {
        if let Some(places) = self.nodes(expr, focus) {
            self.read(&places);
        }
    }

    fn text(&mut self, expr: &Expr, focus: &Place) {
        if let Some(places) = self.nodes(expr, focus) {
            self.read_text(&places);
        }
    }

    /// The places of an expression that gives nodes; their own reading is left to the caller. Of one that gives none, what it
    /// reads is noted.
    pub(super) fn nodes(&mut self, expr: &Expr, focus: &Place) -> Option<Vec<Place>> {
        match expr {
            Expr::Or(a, b) | Expr::And(a, b) => {
                self.condition(a, focus);
                self.condition(b, focus);
            }
            Expr::Compare(op, a, b) => self.compare(*op, a, b, focus),
            Expr::Arithmetic(_, a, b) => {
                self.text(a, focus);
                self.text(b, focus);
            }
            Expr::Negate(a) => self.text(a, focus),
            Expr::Union(a, b) => {
                let mut places = self.nodes(a, focus).unwrap_or_default();
                places.extend(self.nodes(b, focus).unwrap_or_default());
                return Some(places);
            }
            Expr::Path(LocationPath { absolute, steps }) => {
                let start = if *absolute { Place::root() } else { focus.clone() };
                return Some(self.steps(vec![start], steps));
            }
            Expr::Filter { primary, predicates, steps } => {
                let mut places = self.nodes(primary, focus)?;
                for predicate in predicates {
                    places = places.into_iter().map(|p| self.predicate(predicate, p)).collect();
                }
                return Some(self.steps(places, steps));
            }
            Expr::Literal(_) | Expr::Number(_) => {}
            Expr::Call(function, arguments) => return self.call(*function, arguments, focus),
        }
        None
    }

    fn call(&mut self, function: Function, arguments: &[Expr], focus: &Place) -> Option<Vec<Place>> {
        match (function, arguments) {
            (Function::Current, _) => return Some(vec![self.current.clone()]),
            (Function::Deref, [of]) => {
                let places = self.nodes(of, focus)?;
                self.read_text(&places);
                return Some(places.iter().flat_map(|p| self.deref(p)).collect());
            }
            (Function::Count, [of]) => {
                if let Some(places) = self.nodes(of, focus) {
                    self.read(&places);
                    self.total(of, &places);
                }
            }
            (Function::Sum, [of]) => {
                if let Some(places) = self.nodes(of, focus) {
                    self.read_text(&places);
                    self.total(of, &places);
                }
            }
            (Function::Boolean | Function::Not, [of]) => self.condition(of, focus),
            (Function::Position | Function::Last | Function::True | Function::False, _) => {}
            // The others without an argument ask about the context.
            (_, []) => self.read_text(std::slice::from_ref(focus)),
            (_, arguments) => arguments.iter().for_each(|a| self.text(a, focus)),
        }
        None
    }

    fn compare(&mut self, op: CompareOp, a: &Expr, b: &Expr, focus: &Place) {
        let (left, right) = (self.nodes(a, focus), self.nodes(b, focus));
        let (Some(left), Some(right)) = (&left, &right) else {
            // Against a boolean it is the existence that counts, which is part of the text.
            left.into_iter().chain(right).for_each(|places| self.read_text(&places));
            return;
        };
        // Nodes are equal to nodes if two of them are: a node of the one side concerns those contexts alone that have its
        // value on the other.
        let tied = |this: &Self, of: &[Place], with: &[Place]| -> Vec<Place> {
            match (op, with) {
                (CompareOp::Equal, [with]) => {
                    of.iter().map(|p| p.with(this.tie(p.node, p, with).into_iter().collect())).collect()
                }
                _ => of.to_vec(),
            }
        };
        let (from_left, from_right) = (tied(self, left, right), tied(self, right, left));
        self.read_text(&from_left);
        self.read_text(&from_right);
    }

    /// Notes the total that stands for the instances that a path names, where they may be many.
    fn total(&mut self, expr: &Expr, places: &[Place]) {
        let (Expr::Path(path), [place]) = (expr, places) else { return };
        let scope = self.chain.nodes[place.shared];
        let up = path.steps.iter().take_while(|s| s.axis == Axis::Parent).count();
        let is_down = |s: &Step| s.axis == Axis::Child && matches!(s.test, NodeTest::Name { .. });
        let plain = path.steps.iter().all(|s| s.predicates.is_empty());
        if plain && path.steps[up..].iter().all(is_down) && counts_many(self.schema().node(place.node), scope)
        {
            let total = Index { leaf: place.node, scope };
            if !self.found.totals.contains(&total) {
                self.found.totals.push(total);
            }
        }
    }

    /// The join of a place with one that is tied closer to the context, if an index over the latter can stand for it.
    fn tie(&self, entry: NodeId, of: &Place, with: &Place) -> Option<Tie> {
        let (leaf, other) = (self.schema().node(of.node), self.schema().node(with.node));
        let usable = self.joins
            && with.shared > of.shared
            && leaf.kind().has_value()
            && other.kind().has_value()
            && join_by_text(leaf, other);
        usable.then(|| Tie {
            join: Join { entry, of_read: of.node, of_context: with.node, at: self.chain.nodes[with.shared] },
            depth: with.shared,
        })
    }

    pub(super) fn steps(&mut self, start: Vec<Place>, steps: &[Step]) -> Vec<Place> {
        let mut places = start;
        let mut rest = steps;
        while let [step, tail @ ..] = rest {
            rest = tail;
            if let Some((name, tail)) = named_descendants(step, tail)
                && let Some(found) = self.descendants_named(&places, name)
            {
                rest = tail;
                places = self.predicates(found, &name.predicates);
                continue;
            }
            let down =
                matches!(step.axis, Axis::Child | Axis::Descendant | Axis::DescendantOrSelf | Axis::SelfAxis);
            if !down {
                // What is not below does not go when this goes; so it counts itself whether it is there.
                let loose: Vec<Place> = places.iter().filter(|p| !p.is_on(self.chain)).cloned().collect();
                self.read(&loose);
            }
            let mut found: Vec<Place> = Vec::new();
            for place in &places {
                let mut along = Vec::new();
                if !self.step(place, step, &mut along) {
                    return self.everything();
                }
                for place in along {
                    if !found.contains(&place) {
                        found.push(place);
                    }
                }
                if found.len() > MOST {
                    return self.everything();
                }
            }
            places = self.predicates(found, &step.predicates);
        }
        places
    }

    fn predicates(&mut self, mut places: Vec<Place>, predicates: &[Expr]) -> Vec<Place> {
        self.lookups(&places, predicates);
        for predicate in predicates {
            places = places.into_iter().map(|p| self.predicate(predicate, p)).collect();
        }
        places
    }

    /// The places below others of nodes with the name of a step; none where they are too many.
    fn descendants_named(&self, from: &[Place], step: &Step) -> Option<Vec<Place>> {
        let NodeTest::Name { name, .. } = &step.test else { return None };
        let mut found: Vec<Place> = Vec::new();
        for &id in self.schema().data_nodes_named(name) {
            let node = self.schema().node(id);
            if !self.passes(node, &step.test) {
                continue;
            }
            for place in from {
                let Some(line) = node.data_line_below(place.node).filter(|line| !line.is_empty()) else {
                    continue;
                };
                let place = line.into_iter().fold(place.clone(), |at, child| at.child(self.chain, child));
                if found.len() >= MOST {
                    return None;
                }
                if !found.contains(&place) {
                    found.push(place);
                }
            }
        }
        Some(found)
    }

    /// The places of a step without its predicates.
    fn step(&self, place: &Place, step: &Step, found: &mut Vec<Place>) -> bool {
        let node = self.schema().node(place.node);
        if let (Axis::Child, NodeTest::Name { module, name }) = (step.axis, &step.test) {
            let child = node.data_child(module.unwrap_or(self.default_module), name);
            found.extend(child.map(|child| place.child(self.chain, child)));
            return true;
        }
        // A leaf's text is the leaf's own.
        if step.axis == Axis::Child && node.kind().has_value() {
            if matches!(step.test, NodeTest::Node | NodeTest::Text) {
                found.push(place.clone());
            }
            return true;
        }
        if !place.along(step.axis, self.chain, found, MOST) {
            return false;
        }
        found.retain(|p| self.passes(self.schema().node(p.node), &step.test));
        true
    }

    fn passes(&self, node: NodeRef<'_>, test: &NodeTest) -> bool {
        match test {
            NodeTest::Any => node.id() != NodeId::ROOT,
            NodeTest::AnyIn(module) => node.id() != NodeId::ROOT && node.module() == *module,
            NodeTest::Name { module, name } => {
                node.id() != NodeId::ROOT
                    && node.name() == &**name
                    && node.module() == module.unwrap_or(self.default_module)
            }
            NodeTest::Node => true,
            NodeTest::Text => node.kind().has_value(),
            NodeTest::Comment | NodeTest::ProcessingInstruction => false,
        }
    }

    /// Notes what a predicate reads, and ties the place by it.
    fn predicate(&mut self, predicate: &Expr, place: Place) -> Place {
        if counts_positions(predicate) {
            // One more or less in front changes the position of those behind.
            self.read(std::slice::from_ref(&place));
        }
        let mut ties = Vec::new();
        self.equalities(predicate, &place, &mut ties);
        let tied = place.with(ties);
        self.condition(predicate, &tied);
        tied
    }

    /// The joins that a predicate demands.
    fn equalities(&mut self, predicate: &Expr, place: &Place, ties: &mut Vec<Tie>) {
        match predicate {
            Expr::And(a, b) => {
                self.equalities(a, place, ties);
                self.equalities(b, place, ties);
            }
            Expr::Compare(CompareOp::Equal, a, b) if is_simple(a) && is_simple(b) => {
                // What they read is noted when the predicate is interpreted.
                let mut unused = Found::default();
                let mut dry = Interpreter {
                    chain: self.chain,
                    default_module: self.default_module,
                    current: self.current.clone(),
                    joins: self.joins,
                    found: &mut unused,
                };
                let (Some(a_places), Some(b_places)) = (dry.nodes(a, place), dry.nodes(b, place)) else {
                    return;
                };
                for (expr, own, other) in [(a, &a_places, &b_places), (b, &b_places, &a_places)] {
                    if let ([own], [other]) = (own.as_slice(), other.as_slice())
                        && self.is_of_entry(expr, place, own)
                    {
                        ties.extend(self.tie(place.node, own, other));
                    }
                }
            }
            _ => {}
        }
    }

    /// Is the expression a leaf of the entry: below it by containers alone, or itself?
    fn is_of_entry(&self, expr: &Expr, entry: &Place, leaf: &Place) -> bool {
        let Expr::Path(LocationPath { absolute: false, steps }) = expr else { return false };
        let down = steps.iter().all(|s| matches!(s.axis, Axis::Child | Axis::SelfAxis));
        down && leaf.shared == entry.shared
            && std::iter::successors(Some(self.schema().node(leaf.node)), |n| n.data_parent())
                .take_while(|n| n.id() != entry.node)
                .all(|n| n.id() == leaf.node || !is_many(n))
    }

    /// Notes the index that a look-up by the predicates of a step needs: unless the keys do it.
    fn lookups(&mut self, places: &[Place], predicates: &[Expr]) {
        for place in places {
            let list = self.schema().node(place.node);
            if list.kind() != NodeKind::List {
                continue;
            }
            let leaves: Vec<NodeRef<'_>> = sought(list, predicates, Some(self.default_module))
                .into_iter()
                .map(|(leaf, _)| leaf)
                .collect();
            let by_key = list.keys().len() > 0 && list.keys().all(|k| leaves.contains(&k));
            if by_key {
                continue;
            }
            if let (Some(leaf), Some(up)) = (leaves.into_iter().find(|l| is_indexed(*l)), list.data_parent())
            {
                self.look_up(Index { leaf: leaf.id(), scope: up.id() });
            }
        }
    }

    fn look_up(&mut self, index: Index) {
        if !self.found.lookups.contains(&index) {
            self.found.lookups.push(index);
        }
    }

    /// Where the values of a place lead (RFC 7950 section 10.3.1).
    fn deref(&mut self, place: &Place) -> Vec<Place> {
        let Some(ty) = self.schema().node(place.node).type_() else { return Vec::new() };
        let mut stack = vec![ty];
        let mut found = Vec::new();
        while let Some(ty) = stack.pop() {
            match ty.detail() {
                TypeDetail::Leafref { path, .. } => found.extend(self.targets(*path, place)),
                TypeDetail::InstanceIdentifier { .. } => return self.everything(),
                _ => stack.extend(ty.members()),
            }
        }
        found
    }

    /// The targets of a leafref at a place, tied to it by the value (RFC 7950 section 9.9).
    pub(super) fn targets(&mut self, path: XPathId, from: &Place) -> Vec<Place> {
        let record = self.schema().xpath(path);
        let Expr::Path(LocationPath { absolute, steps }) = self.schema().expr(record.expr) else {
            return self.everything();
        };
        let mut inner = Interpreter {
            chain: self.chain,
            default_module: record.default_module,
            current: from.clone(),
            joins: self.joins,
            found: self.found,
        };
        let start = if *absolute { Place::root() } else { from.clone() };
        let targets = inner.steps(vec![start], steps);
        let mut tied = Vec::with_capacity(targets.len());
        for target in targets {
            if steps.iter().all(|s| s.predicates.is_empty()) {
                self.seek_target(&target);
            }
            let tie = self.tie(target.node, &target, from);
            tied.push(target.with(tie.into_iter().collect()));
        }
        tied
    }

    /// Notes the index that finds a leafref's targets, unless the tree itself does.
    fn seek_target(&mut self, target: &Place) {
        let scope = self.chain.nodes[target.shared];
        if needs_index(self.schema().node(target.node), scope) {
            self.look_up(Index { leaf: target.node, scope });
        }
    }
}
