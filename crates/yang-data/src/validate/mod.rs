//! Validation: the constraints of RFC 7950 section 8.1 over a view, with the errors of sections 8.3 and 15.
//!
//! Values, keys and the shape of the tree are right in every tree; what can still be wrong is what nodes demand of each
//! other. All errors are reported: what a node demands of its children first, then theirs, in the order of the schema.

mod choice;
mod elements;
mod incremental;
mod instance;
mod leafref;
mod mandatory;
mod must;
mod state;
mod unique;
mod walk;
mod when;

pub use incremental::{Draft, Effort, Validated, validate_change};
pub use when::{Settled, settle_whens};

use crate::error::DataError;
use crate::view::{Cursor, View};
use walk::{Rules, Walk};
use yang_schema::ModuleId;

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
/// which defaults in use and containers without presence exist. Nor does a mask count: what a user may not read constrains
/// what is there all the same.
pub fn validate(view: &View, options: &ValidateOptions) -> Vec<DataError> {
    validate_view(&view.clone().accessible(), options)
}

fn validate_view(view: &View, options: &ValidateOptions) -> Vec<DataError> {
    let operation = view.operation_node();
    let in_operation = operation.is_some();
    let ValidateOptions { config_only, operational, .. } = *options;
    let rules = Rules { config_only, operational, in_operation, unique: true };
    let start = operation.unwrap_or_else(|| view.root());
    let absent = match options.present_modules_only && !in_operation {
        true => absent_modules(&start),
        false => Vec::new(),
    };
    let (content, node) = (start.content_node(), start.node());
    let mut walk = Walk::at(&start, rules);
    if in_operation {
        walk.musts(content);
        if content != node {
            walk.musts(node);
        }
    }
    walk.content(&absent);
    walk.errors
}

/// The modules that have no data at the root.
fn absent_modules(root: &Cursor<'_>) -> Vec<ModuleId> {
    let present: Vec<ModuleId> = root.children().filter(Cursor::is_set).map(|c| c.node().module()).collect();
    root.schema().modules().map(|(id, _)| id).filter(|id| !present.contains(id)).collect()
}
