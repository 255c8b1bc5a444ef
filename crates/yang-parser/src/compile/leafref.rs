//! Leafrefs (RFC 7950 section 9.9): each leaf gets a type of its own, whose target and real type are looked up here.

use super::graph::order;
use super::types::MAX_MEMBERS;
use super::xpath::{Follower, Reach};
use super::{Context, IdMap};
use crate::check;
use crate::diagnostic::{Code, Diagnostic, article};
use crate::syntax::Stmt;
use yang_schema::xpath::{Expr, LocationPath};
use yang_schema::{ModuleId, NodeId, NodeKind, Span, TypeDetail, TypeId, XPath};

/// A leafref in its place.
#[derive(Clone, Copy)]
pub(super) struct Place {
    node: NodeId,
    ty: TypeId,
}

impl Place {
    pub(super) fn node(&self) -> NodeId {
        self.node
    }
}

impl<'t> Context<'t> {
    /// The type of a leaf: the statement's own, or a copy of it where a leafref is in it.
    pub(super) fn type_for_leaf(
        &mut self,
        node: NodeId,
        stmt: Stmt<'t>,
        places: &mut Vec<Place>,
    ) -> Option<TypeId> {
        let entry = self.compile_type(stmt)?;
        Some(if entry.leafref { self.instantiate(node, entry.id, places) } else { entry.id })
    }

    /// Unions are nested no deeper than their compilation allows.
    fn instantiate(&mut self, node: NodeId, ty: TypeId, places: &mut Vec<Place>) -> TypeId {
        let mut copy = self.builder.type_(ty).clone();
        match &mut copy.detail {
            TypeDetail::Leafref { path, .. } => {
                let template = self.builder.xpath(*path).clone();
                let default_module = self.builder.node(node).module;
                *path = self.builder.add_xpath(XPath { default_module, reads: Vec::new(), ..template });
                let id = self.builder.add_type(copy);
                places.push(Place { node, ty: id });
                id
            }
            TypeDetail::Union { members } => {
                let mut changed = false;
                for member in members.iter_mut() {
                    let new = self.instantiate(node, *member, places);
                    changed |= new != *member;
                    *member = new;
                }
                if changed { self.builder.add_type(copy) } else { ty }
            }
            _ => ty,
        }
    }

    /// Finds the targets of all leafrefs, then the types at the end of their chains.
    pub(super) fn leafrefs(&mut self, places: &[Place]) {
        for place in places {
            let target = self.leafref_target(*place);
            if let TypeDetail::Leafref { target: found, .. } = &mut self.builder.type_mut(place.ty).detail {
                *found = target;
            }
        }
        self.real_types(places);
    }

    fn leafref_target(&mut self, place: Place) -> Option<NodeId> {
        let TypeDetail::Leafref { path, require_instance, .. } = self.builder.type_(place.ty).detail else {
            return None;
        };
        let XPath { expr, default_module, span, text, .. } = *self.builder.xpath(path);
        let parsed = std::mem::replace(self.builder.expr_mut(expr), Expr::Number(0.0));
        let reach = self.followed(place, &parsed, default_module, span);
        *self.builder.expr_mut(expr) = parsed;
        let (found, reach) = reach?;
        if self.is_trial(place.node) {
            return None;
        }
        if let Some(missing) = reach.missing.first() {
            let here = self.path_of(place.node);
            let at =
                if missing.at == NodeId::ROOT { "the root".to_owned() } else { self.path_of(missing.at) };
            let why = if missing.switched_off { ", or no longer" } else { "" };
            let message =
                format!("the leafref {here} leads nowhere: there is no `{}`{why} in {at}", missing.name);
            let help = self.closest_child(missing.at, &missing.name);
            self.leafref_error_with_help(span, place.node, message, help);
            return None;
        }
        let Some(&target) = found.first() else {
            let (here, path) = (self.path_of(place.node), self.builder.str(text));
            let message = format!("the leafref {here} leads nowhere: `{path}` leaves the tree");
            self.leafref_error(span, place.node, message);
            return None;
        };
        self.check_target(place, target, require_instance, span).then(|| {
            self.builder.xpath_mut(path).reads = reads(reach.reads);
            target
        })
    }

    /// The nodes that a leafref's path selects, and what it met on the way; `None` if its predicates are wrong.
    fn followed(
        &mut self,
        place: Place,
        expr: &Expr,
        default_module: ModuleId,
        span: Span,
    ) -> Option<(Vec<NodeId>, Reach)> {
        if !self.check_predicates(expr, place.node, default_module, span) {
            return None;
        }
        let mut follower = Follower::new(self, place.node, default_module);
        let found = match expr {
            Expr::Path(path) => follower.path(path, &[place.node]),
            other => follower.expression(other, &[place.node]),
        };
        Some((found, follower.reach))
    }

    /// May a leafref refer to the node? What is wrong is reported.
    fn check_target(&mut self, place: Place, target: NodeId, require_instance: bool, span: Span) -> bool {
        if target == place.node {
            let here = self.path_of(place.node);
            self.diagnostics.push(
                Diagnostic::error(
                    Code::CircularLeafref,
                    span,
                    format!("the leafref {here} refers to itself"),
                )
                .also(self.builder.node(place.node).span, "the leaf"),
            );
            return false;
        }
        let node = self.builder.node(target);
        if !matches!(node.kind, NodeKind::Leaf | NodeKind::LeafList) {
            let here = self.path_of(place.node);
            let message = format!("the leafref {here} refers to {}", article(node.kind.keyword()));
            let there = node.span;
            self.diagnostics.push(
                Diagnostic::error(Code::InvalidLeafref, span, message)
                    .also(there, "a leafref refers to a leaf or leaf-list"),
            );
            return false;
        }
        let state_target = !node.config && !self.has_no_config(target);
        let there = node.span;
        if self.builder.node(place.node).config && state_target && require_instance {
            let here = self.path_of(place.node);
            self.diagnostics.push(
                Diagnostic::error(
                    Code::InvalidLeafref,
                    span,
                    format!("the leafref {here} is configuration, but refers to state"),
                )
                .also(there, "this is `config false`")
                .help("`require-instance false` (YANG 1.1) allows it"),
            );
        }
        check::leafref_status(self, place.node, target, span);
        check::leafref_features(self, place.node, target, span);
        true
    }

    /// RFC 7950 section 9.9.2: a predicate compares a key of a list, each at most once, with a leaf.
    fn check_predicates(&mut self, expr: &Expr, node: NodeId, default_module: ModuleId, span: Span) -> bool {
        let Expr::Path(path) = expr else { return true };
        if path.steps.iter().all(|s| s.predicates.is_empty()) || self.is_trial(node) {
            return true;
        }
        for (i, step) in path.steps.iter().enumerate().filter(|(_, s)| !s.predicates.is_empty()) {
            let upto = LocationPath { absolute: path.absolute, steps: path.steps[..=i].to_vec() };
            let lists = Follower::new(self, node, default_module).path(&without_predicates(upto), &[node]);
            // A step that leads nowhere is reported with the whole path.
            let Some(&list) = lists.first() else { return true };
            let mut compared: Vec<NodeId> = Vec::new();
            for predicate in &step.predicates {
                let Expr::Compare(_, left, right) = predicate else { continue };
                let mut follower = Follower::new(self, node, default_module);
                let key = follower.expression(left, &[list]).first().copied();
                let value = follower.expression(right, &[list]).first().copied();
                let keys = &self.builder.node(list).keys;
                let problem = match (key, value) {
                    (Some(key), _) if !keys.contains(&key) => Some(format!(
                        "`{}` is no key of {}",
                        self.builder.str(self.builder.node(key).name),
                        self.path_of(list)
                    )),
                    (None, _) => Some(format!("a predicate does not name a key of {}", self.path_of(list))),
                    (Some(key), _) if compared.contains(&key) => {
                        Some(format!("two predicates compare {}", self.path_of(key)))
                    }
                    (_, None) => Some("a predicate compares with a path that leads nowhere".to_owned()),
                    (_, Some(value)) if !self.builder.node(value).kind.has_value() => {
                        Some(format!("a predicate compares with {}, which is no leaf", self.path_of(value)))
                    }
                    _ => None,
                };
                compared.extend(key);
                if let Some(problem) = problem {
                    let message =
                        format!("the path of the leafref {} is wrong: {problem}", self.path_of(node));
                    self.leafref_error(span, node, message);
                    return false;
                }
            }
        }
        true
    }

    fn leafref_error(&mut self, span: Span, node: NodeId, message: String) {
        self.leafref_error_with_help(span, node, message, None);
    }

    fn leafref_error_with_help(&mut self, span: Span, node: NodeId, message: String, help: Option<String>) {
        let mut d = Diagnostic { help, ..Diagnostic::error(Code::InvalidLeafref, span, message) };
        let leaf = self.builder.node(node).span;
        if leaf.file != span.file || leaf.start > span.start || leaf.end < span.start {
            d = d.also(leaf, "for this leaf");
        }
        self.diagnostics.push(d);
    }

    /// Is the node part of a grouping that nothing uses? Its paths may lead out of the grouping.
    pub(crate) fn is_trial(&self, node: NodeId) -> bool {
        if self.nodes.trials.is_empty() {
            return false;
        }
        let mut at = node;
        while at != NodeId::ROOT {
            let parent = self.builder.parent(at);
            if parent == NodeId::ROOT {
                return self.nodes.trials.binary_search(&at).is_ok();
            }
            at = parent;
        }
        false
    }

    fn real_types(&mut self, places: &[Place]) {
        let mut index: IdMap<TypeId, usize> = IdMap::default();
        for (i, place) in places.iter().enumerate() {
            index.insert(place.ty, i);
        }
        let edges: Vec<Vec<usize>> = places
            .iter()
            .map(|place| {
                let mut found = Vec::new();
                let mut stack: Vec<TypeId> = self.target_type(place.ty).into_iter().collect();
                while let Some(ty) = stack.pop() {
                    match &self.builder.type_(ty).detail {
                        TypeDetail::Union { members } => stack.extend(members),
                        _ => found.extend(index.get(&ty).copied()),
                    }
                }
                found
            })
            .collect();
        let order = order(&edges);
        for &(from, to) in &order.circles {
            let (from, to) = (places[from].node, places[to].node);
            let (here, there) = (self.builder.node(from).span, self.builder.node(to).span);
            let path = self.path_of(from);
            self.diagnostics.push(
                Diagnostic::error(
                    Code::CircularLeafref,
                    here,
                    format!("the leafref {path} refers to itself"),
                )
                .also(there, "through this one"),
            );
        }
        if !order.circles.is_empty() {
            return;
        }
        // Of each leafref: the types that a value is tried against at its end. Targets come first.
        let mut members: IdMap<TypeId, usize> = IdMap::default();
        for i in order.sorted {
            let Some(target) = self.target_type(places[i].ty) else { continue };
            let mut end = match self.builder.type_(target).detail {
                TypeDetail::Leafref { real, .. } => real,
                _ => Some(target),
            };
            let count = end.map_or(0, |end| self.members(end, &members));
            // Leafrefs behind the one that is refused are not told again.
            members.insert(places[i].ty, if count > MAX_MEMBERS { 1 } else { count });
            if count > MAX_MEMBERS {
                let node = places[i].node;
                let path = self.path_of(node);
                self.diagnostics.push(
                    Diagnostic::error(
                        Code::ExpansionTooLarge,
                        self.builder.node(node).span,
                        format!("the leafref {path} leads to more than {MAX_MEMBERS} types"),
                    )
                    .here("through unions of leafrefs"),
                );
                end = None;
            }
            if let TypeDetail::Leafref { real, .. } = &mut self.builder.type_mut(places[i].ty).detail {
                *real = end;
            }
        }
    }

    /// The types in a type when its unions are laid flat and its leafrefs followed; no more than one above the limit.
    fn members(&self, ty: TypeId, known: &IdMap<TypeId, usize>) -> usize {
        let mut count = 0;
        let mut stack = vec![ty];
        while let Some(ty) = stack.pop() {
            match &self.builder.type_(ty).detail {
                TypeDetail::Union { members } => stack.extend(members),
                _ => count += known.get(&ty).copied().unwrap_or(1),
            }
            if count > MAX_MEMBERS {
                return MAX_MEMBERS + 1;
            }
        }
        count
    }

    fn target_type(&self, ty: TypeId) -> Option<TypeId> {
        match self.builder.type_(ty).detail {
            TypeDetail::Leafref { target: Some(target), .. } => self.builder.node(target).type_id,
            _ => None,
        }
    }
}

fn without_predicates(mut path: LocationPath) -> LocationPath {
    for step in &mut path.steps {
        step.predicates.clear();
    }
    path
}

/// Nodes as the schema keeps them: sorted, each once.
pub(super) fn reads(mut nodes: Vec<NodeId>) -> Vec<NodeId> {
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}
