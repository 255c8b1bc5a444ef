//! Data definitions (RFC 7950 sections 7.5 to 7.11), rpcs, actions and notifications (7.14 to 7.16) to nodes.

use super::scope::Kind;
use super::{Context, Extra, status};
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use crate::syntax::{MAX_DEPTH, Stmt};
use yang_schema::{Amendment, GroupingId, ModuleId, NodeDef, NodeId, NodeKind, OrderedBy, Span, WhenContext};

/// Where nodes are being added.
#[derive(Clone, Copy)]
pub(super) struct Place<'t> {
    /// The module of their names: that of the outermost `uses`.
    pub(super) module: ModuleId,
    /// The grouping whose direct children they are.
    pub(super) grouping: Option<GroupingId>,
    /// The grouping of the outermost `uses` below the same parent.
    pub(super) uses: Option<GroupingId>,
    /// The augment that adds them.
    pub(super) augment: Option<(ModuleId, Stmt<'t>)>,
    /// How many statements and groupings are above.
    pub(super) depth: usize,
}

impl<'t> Place<'t> {
    pub(super) fn new(module: ModuleId) -> Self {
        Self { module, grouping: None, uses: None, augment: None, depth: 0 }
    }

    fn amendment(&self) -> Option<Amendment> {
        self.augment.map(|(module, stmt)| Amendment { module, span: stmt.argument_span() })
    }

    fn below(self) -> Self {
        Self { grouping: None, uses: None, augment: None, depth: self.depth + 1, ..self }
    }
}

fn kind_of(keyword: Keyword) -> Option<NodeKind> {
    Some(match keyword {
        Keyword::Container => NodeKind::Container,
        Keyword::Leaf => NodeKind::Leaf,
        Keyword::LeafList => NodeKind::LeafList,
        Keyword::List => NodeKind::List,
        Keyword::Choice => NodeKind::Choice,
        Keyword::Case => NodeKind::Case,
        Keyword::AnyData => NodeKind::AnyData,
        Keyword::AnyXml => NodeKind::AnyXml,
        Keyword::Rpc => NodeKind::Rpc,
        Keyword::Action => NodeKind::Action,
        Keyword::Notification => NodeKind::Notification,
        _ => return None,
    })
}

fn is_top_level(stmt: Stmt<'_>) -> bool {
    stmt.parent().is_some_and(|p| matches!(p.keyword(), Keyword::Module | Keyword::Submodule))
}

impl<'t> Context<'t> {
    /// Adds the nodes of all implemented modules; augments come later.
    pub(super) fn data(&mut self) {
        for module in self.module_ids() {
            let roots = self.roots(module);
            let mut extensions = Vec::new();
            for &root in &roots {
                extensions.extend(self.extension_uses(root));
            }
            self.builder.module_mut(module).extensions = extensions;
            if self.implemented[module.index()] {
                for &root in &roots {
                    self.children(NodeId::ROOT, root, Place::new(module));
                    self.structures(root, module);
                }
            }
        }
    }

    /// Adds the nodes that stand below a statement.
    pub(super) fn children(&mut self, parent: NodeId, stmt: Stmt<'t>, place: Place<'t>) {
        for child in stmt.children() {
            match child.keyword() {
                Keyword::Uses => self.uses(parent, child, place),
                keyword if kind_of(keyword).is_some() => {
                    self.node(parent, child, place);
                }
                _ => {}
            }
        }
    }

    fn node(&mut self, mut parent: NodeId, stmt: Stmt<'t>, mut place: Place<'t>) {
        let Some(kind) = kind_of(stmt.keyword()) else { return };
        let Some(name) = self.symbol(stmt) else { return };
        if place.depth > MAX_DEPTH {
            self.error(Code::NestingTooDeep, stmt, format!("nodes are nested more than {MAX_DEPTH} deep"));
            return;
        }
        if !self.open_groupings.is_empty() && !self.may_expand(stmt) {
            return;
        }
        if self.builder.node(parent).kind == NodeKind::Choice && kind != NodeKind::Case {
            // A case that is left out (RFC 7950 section 7.9.2).
            parent = self.shorthand_case(parent, stmt, place);
            place = Place { grouping: None, uses: None, augment: None, ..place };
        }
        let mut def = NodeDef::new(kind, name, place.module, stmt.argument_span());
        def.grouping = place.grouping;
        def.uses = place.uses;
        def.augmented_by = place.amendment();
        let mut extra = Extra {
            stmt: Some(stmt),
            augment: place.augment.map(|(_, augment)| augment),
            ..Extra::default()
        };
        for child in stmt.children() {
            match child.keyword() {
                Keyword::Description => def.description = self.symbol(child),
                Keyword::Reference => def.reference = self.symbol(child),
                Keyword::Presence => def.presence = self.symbol(child),
                Keyword::Status => def.status = status(child),
                Keyword::Config => extra.config = Some(child),
                Keyword::Mandatory => extra.mandatory = Some(child),
                Keyword::Type => extra.type_stmt = Some(child),
                Keyword::Key => extra.key = Some(child),
                Keyword::Unique => extra.uniques.push(child),
                Keyword::Must => extra.musts.push(child),
                Keyword::When => extra.whens.push((child, WhenContext::Node)),
                Keyword::Default => extra.defaults.push(child),
                Keyword::MinElements => extra.min_elements = Some(child),
                Keyword::MaxElements => extra.max_elements = Some(child),
                Keyword::Units => extra.units = Some(child),
                Keyword::OrderedBy => {
                    extra.ordered_by = Some(child);
                    if child.arg() == "user" {
                        def.ordered_by = OrderedBy::User;
                    }
                }
                Keyword::IfFeature => {
                    def.if_features.extend(self.symbol(child));
                    extra.if_features.push(child);
                    extra.disabled |= !self.if_feature(child);
                }
                _ => {}
            }
        }
        def.extensions = self.extension_uses(stmt);
        let id = self.add_node(parent, def, extra);
        match kind {
            NodeKind::Rpc | NodeKind::Action => {
                self.input_or_output(id, stmt, Keyword::Input, place);
                self.input_or_output(id, stmt, Keyword::Output, place);
            }
            NodeKind::Leaf | NodeKind::LeafList | NodeKind::AnyData | NodeKind::AnyXml => {}
            _ => self.children(id, stmt, place.below()),
        }
    }

    fn shorthand_case(&mut self, choice: NodeId, stmt: Stmt<'t>, place: Place<'t>) -> NodeId {
        let mut def =
            NodeDef::new(NodeKind::Case, self.builder.intern(stmt.arg()), place.module, stmt.argument_span());
        def.grouping = place.grouping;
        def.uses = place.uses;
        def.augmented_by = place.amendment();
        let extra = Extra { augment: place.augment.map(|(_, augment)| augment), ..Extra::default() };
        self.add_node(choice, def, extra)
    }

    /// `input` and `output` are always there, that they can be augmented.
    fn input_or_output(&mut self, rpc: NodeId, stmt: Stmt<'t>, keyword: Keyword, place: Place<'t>) {
        let own = stmt.child(keyword);
        let kind = if keyword == Keyword::Input { NodeKind::Input } else { NodeKind::Output };
        let span: Span = own.map_or(stmt.argument_span(), Stmt::keyword_span);
        let mut def = NodeDef::new(kind, self.builder.intern(keyword.text()), place.module, span);
        let mut extra = Extra { stmt: own, ..Extra::default() };
        if let Some(own) = own {
            extra.musts.extend(own.all(Keyword::Must));
            def.extensions = self.extension_uses(own);
        }
        let id = self.add_node(rpc, def, extra);
        if let Some(own) = own {
            self.children(id, own, place.below());
        }
    }

    /// Groupings that nothing uses are expanded for trial, so that their faults show. For tree diagrams, those of
    /// implemented modules are expanded too.
    pub(super) fn groupings_by_themselves(&mut self, keep: bool) {
        self.nodes.keep_trials = keep;
        for module in self.module_ids() {
            for root in self.roots(module) {
                for stmt in root.descendants() {
                    if !stmt.is(Keyword::Grouping) {
                        continue;
                    }
                    let wanted = keep && self.implemented[module.index()] && is_top_level(stmt);
                    if !wanted && self.groupings.contains_key(&stmt.id()) {
                        continue;
                    }
                    let name = self.builder.intern(stmt.arg());
                    let mut def = NodeDef::new(NodeKind::Grouping, name, module, stmt.argument_span());
                    def.grouping = Some(self.grouping_id(stmt));
                    def.status = self.status_of(stmt);
                    let trial = self.builder.add_node(NodeId::ROOT, def);
                    if self.nodes.extra.is_empty() {
                        self.nodes.extra.push(Extra::default());
                    }
                    self.nodes.extra.push(Extra { removed: true, ..Extra::default() });
                    self.nodes.trials.push(trial);
                    self.open_groupings.push(stmt.id());
                    self.children(trial, stmt, Place::new(module));
                    self.open_groupings.pop();
                }
            }
        }
    }

    /// The id of a grouping, which is given at its first use.
    pub(super) fn grouping_id(&mut self, stmt: Stmt<'t>) -> GroupingId {
        if let Some(&known) = self.groupings.get(&stmt.id()) {
            return known;
        }
        let grouping = yang_schema::Grouping {
            name: self.builder.intern(stmt.arg()),
            module: self.module_of(stmt),
            top_level: is_top_level(stmt),
            description: self.text_of(stmt, Keyword::Description),
            span: stmt.argument_span(),
        };
        let id = self.builder.add_grouping(grouping);
        self.groupings.insert(stmt.id(), id);
        id
    }

    /// The grouping that a `uses` names, unless it is being expanded already.
    pub(super) fn used_grouping(&mut self, stmt: Stmt<'t>) -> Option<Stmt<'t>> {
        let grouping = self.scopes.resolve(stmt, Kind::Grouping, stmt.arg(), &mut self.diagnostics)?;
        self.check_status_reference(stmt, grouping, grouping.argument_span());
        if self.open_groupings.contains(&grouping.id()) {
            self.diagnostics.push(
                Diagnostic::error(
                    Code::CircularGrouping,
                    stmt.argument_span(),
                    format!("the grouping `{}` uses itself", stmt.arg()),
                )
                .also(grouping.argument_span(), "defined here"),
            );
            return None;
        }
        if self.open_groupings.len() > MAX_DEPTH {
            self.error(
                Code::NestingTooDeep,
                stmt,
                format!("groupings use each other more than {MAX_DEPTH} deep"),
            );
            return None;
        }
        Some(grouping)
    }
}
