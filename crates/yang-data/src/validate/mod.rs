//! Validation: the constraints of RFC 7950 section 8.1 over a view, with the errors of sections 8.3 and 15.
//!
//! Values, keys and the shape of the tree are right in every tree; what can still be wrong is what nodes demand of each
//! other. All errors are reported: what a node demands of its children first, then theirs, in the order of the schema.

mod choice;
mod elements;
mod instance;
mod mandatory;
mod must;
mod plan;
mod unique;
mod when;

pub use when::{Settled, settle_whens};

use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::view::{Cursor, DefaultMode, View};
use plan::Plan;
use yang_schema::{ModuleId, NodeKind, NodeRef};

/// What to demand.
#[derive(Clone, Copy, Debug, Default)]
pub struct ValidateOptions {
    /// Is this a configuration datastore? Then state is neither allowed nor demanded.
    pub config_only: bool,
    /// Are the top-level nodes of modules that have no data at all not demanded? A document need not speak of all modules.
    pub present_modules_only: bool,
}

/// Everything that is wrong with a view: with the content of its operation if it has one, else with its datastores.
///
/// The mode of defaults is not the caller's to choose: constraints see the accessible tree of RFC 7950 section 6.4.1, in
/// which defaults in use and containers without presence exist.
pub fn validate(view: &View, options: &ValidateOptions) -> Vec<DataError> {
    let view = view.clone().defaults(DefaultMode::ReportAll);
    let mut run = Run {
        options: *options,
        plan: Plan::new(view.schema()),
        in_operation: view.operation_node().is_some(),
        errors: Vec::new(),
    };
    match view.operation_node() {
        Some(operation) => {
            must::check(&operation, operation.content_node(), &mut run.errors);
            if operation.content_node() != operation.node() {
                must::check(&operation, operation.node(), &mut run.errors);
            }
            run.content(&operation);
        }
        None => run.content(&view.root()),
    }
    run.errors
}

struct Run<'s> {
    options: ValidateOptions,
    plan: Plan<'s>,
    /// Is this the content of an rpc, action or notification?
    in_operation: bool,
    errors: Vec<DataError>,
}

impl<'s> Run<'s> {
    /// All that stands below a node, and what should.
    fn content(&mut self, at: &Cursor<'_>) {
        let content = at.content_node();
        let absent = self.absent_modules(at);
        self.demands(at, content, &absent);
        for child in at.children() {
            if self.plan.is_free(child.node_id()) || absent.contains(&child.node().module()) {
                if self.options.config_only {
                    self.refuse_state(&child);
                }
                continue;
            }
            self.node(&child);
        }
    }

    fn node(&mut self, at: &Cursor<'_>) {
        let node = at.node();
        if !node.kind().is_data_node() {
            // The operation of the view, met on the way; it is validated from its own place.
            return;
        }
        if self.options.config_only && !node.is_config() {
            return self.refuse_state(at);
        }
        if at.is_set()
            && let Some(error) = when::unmet(at)
        {
            self.errors.push(error);
            return;
        }
        must::check(at, node, &mut self.errors);
        if at.value().is_some() {
            instance::check(at, &mut self.errors);
        } else {
            self.content(at);
        }
    }

    fn refuse_state(&mut self, at: &Cursor<'_>) {
        if at.is_set() && at.node().kind().is_data_node() && !at.node().is_config() {
            let message = format!("`{}` is state, not configuration", at.node().name());
            let info = ErrorInfo::BadElement(at.node().name().to_owned());
            self.errors.push(DataError::new(ErrorTag::UnknownElement, at.path(), message).info(info));
        }
    }

    /// What the children of a schema node (a case's too) demand of a node's children as a whole.
    fn demands(&mut self, at: &Cursor<'_>, of: NodeRef<'_>, absent: &[ModuleId]) {
        for child in of.children() {
            if self.plan.is_free(child.id())
                || absent.contains(&child.module())
                || self.options.config_only && !child.is_config()
            {
                continue;
            }
            match child.kind() {
                NodeKind::Choice => {
                    if let Some(case) = choice::check(at, child, &mut self.errors) {
                        self.demands(at, case, absent);
                    }
                }
                NodeKind::Leaf | NodeKind::AnyData | NodeKind::AnyXml => {
                    mandatory::check(at, child, self.in_operation, &mut self.errors);
                }
                NodeKind::LeafList => elements::check(at, child, &mut self.errors),
                NodeKind::List => {
                    elements::check(at, child, &mut self.errors);
                    unique::check(at, child, &mut self.errors);
                }
                _ => {}
            }
        }
    }

    /// The modules that have no data, if they are to be left in peace.
    fn absent_modules(&self, at: &Cursor<'_>) -> Vec<ModuleId> {
        if !self.options.present_modules_only || !at.is_root() {
            return Vec::new();
        }
        let present: Vec<ModuleId> =
            at.children().filter(Cursor::is_set).map(|c| c.node().module()).collect();
        at.schema().modules().map(|(id, _)| id).filter(|id| !present.contains(id)).collect()
    }
}
