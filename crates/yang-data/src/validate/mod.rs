//! Validation: the constraints of RFC 7950 section 8.1 over a view, with the errors of sections 8.3 and 15.
//!
//! Values, keys and the shape of the tree are right in every tree; what can still be wrong is what nodes demand of each
//! other. All errors are reported: what a node demands of its children first, then theirs, in the order of the schema.

mod choice;
mod elements;
mod incremental;
mod instance;
mod mandatory;
mod must;
mod state;
mod unique;
mod when;

pub use incremental::{Effort, Validated, validate_change};
pub use when::{Settled, settle_whens};

use crate::error::DataError;
use crate::view::{Cursor, DefaultMode, View};
use yang_schema::{ModuleId, NodeKind, NodeRef};

/// What to demand.
#[derive(Clone, Copy, Debug, Default)]
pub struct ValidateOptions {
    /// Is this a configuration datastore? Then state is neither allowed nor demanded.
    pub config_only: bool,
    /// Are the top-level nodes of modules that have no data at all not demanded? A document need not speak of all modules.
    pub present_modules_only: bool,
    /// Is this the operational state datastore? What it holds may break `when`, `must`, `mandatory`, `unique`, `min-elements` and
    /// `max-elements` (RFC 8342 section 5.3); types, references included, it must keep to.
    pub operational: bool,
}

/// Everything that is wrong with a view: with the content of its operation if it has one, else with its datastores.
///
/// The mode of defaults is not the caller's to choose: constraints see the accessible tree of RFC 7950 section 6.4.1, in
/// which defaults in use and containers without presence exist.
pub fn validate(view: &View, options: &ValidateOptions) -> Vec<DataError> {
    validate_view(&view.clone().defaults(DefaultMode::ReportAll), options)
}

fn validate_view(view: &View, options: &ValidateOptions) -> Vec<DataError> {
    let in_operation = view.operation_node().is_some();
    let mut run = Run {
        operational: options.operational,
        demands: Demands { config_only: options.config_only, in_operation, unique: true },
        errors: Vec::new(),
    };
    match view.operation_node() {
        Some(operation) if options.operational => run.content(&operation, &[]),
        Some(operation) => {
            must::check(&operation, operation.content_node(), &mut run.errors);
            if operation.content_node() != operation.node() {
                must::check(&operation, operation.node(), &mut run.errors);
            }
            run.content(&operation, &[]);
        }
        None => {
            let root = view.root();
            let absent = if options.present_modules_only { absent_modules(&root) } else { Vec::new() };
            run.content(&root, &absent);
        }
    }
    run.errors
}

struct Run {
    /// May what stands here break constraints between nodes (RFC 8342 section 5.3)?
    operational: bool,
    demands: Demands,
    errors: Vec<DataError>,
}

impl Run {
    /// All that stands below a node, and what should; nothing of some modules.
    fn content(&mut self, at: &Cursor<'_>, absent: &[ModuleId]) {
        if !self.operational {
            self.demands.check(at, at.content_node(), absent, &mut self.errors);
        }
        for child in at.children() {
            if absent.contains(&child.node().module()) || !child.schema().is_constrained(child.node_id()) {
                if self.demands.config_only {
                    state::check_below(&child, &mut self.errors);
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
        if self.demands.config_only && !node.is_config() {
            return state::check_below(at, &mut self.errors);
        }
        if at.is_set()
            && !self.operational
            && let Some(error) = when::unmet(at)
        {
            self.errors.push(error);
            return;
        }
        if !self.operational {
            must::check(at, node, &mut self.errors);
        }
        if at.value().is_some() {
            instance::check(at, &mut self.errors);
        } else {
            self.content(at, &[]);
        }
    }
}

/// What the children of a schema node demand of the children of its instances as a whole.
#[derive(Clone, Copy)]
struct Demands {
    config_only: bool,
    /// Is this the content of an rpc, action or notification?
    in_operation: bool,
    /// Are all entries compared with each other where they must be unique?
    unique: bool,
}

impl Demands {
    /// `of` is the schema node, or a case in it.
    fn check(self, at: &Cursor<'_>, of: NodeRef<'_>, absent: &[ModuleId], errors: &mut Vec<DataError>) {
        for child in of.children() {
            if !of.schema().is_constrained(child.id())
                || absent.contains(&child.module())
                || self.config_only && !child.is_config()
            {
                continue;
            }
            match child.kind() {
                NodeKind::Choice => {
                    if let Some(case) = choice::check(at, child, errors) {
                        self.check(at, case, absent, errors);
                    }
                }
                NodeKind::Leaf | NodeKind::AnyData | NodeKind::AnyXml => {
                    mandatory::check(at, child, self.in_operation, errors);
                }
                NodeKind::LeafList => elements::check(at, child, errors),
                NodeKind::List => {
                    elements::check(at, child, errors);
                    if self.unique {
                        unique::check(at, child, errors);
                    }
                }
                _ => {}
            }
        }
    }
}

/// The modules that have no data at the root.
fn absent_modules(root: &Cursor<'_>) -> Vec<ModuleId> {
    let present: Vec<ModuleId> = root.children().filter(Cursor::is_set).map(|c| c.node().module()).collect();
    root.schema().modules().map(|(id, _)| id).filter(|id| !present.contains(id)).collect()
}
