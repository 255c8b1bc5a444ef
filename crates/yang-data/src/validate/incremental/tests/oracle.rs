//! Full validation as one would write it who has all day: a cursor for each node, and each question asked of the schema and the
//! view. The walk that does it quickly is held against it.

use crate::error::DataError;
use crate::tree::Tree;
use crate::validate::walk::{Rules, Walk};
use crate::validate::{instance, must, state, when};
use crate::view::{Cursor, View};

pub(super) fn validate(tree: &Tree, config_only: bool) -> Vec<DataError> {
    let view = View::of(tree).accessible();
    let mut errors = Vec::new();
    content(&view.root(), config_only, &mut errors);
    errors
}

fn content(at: &Cursor<'_>, config_only: bool, errors: &mut Vec<DataError>) {
    let rules = Rules { config_only, operational: false, in_operation: false, unique: true };
    let mut walk = Walk::at(at, rules);
    walk.demands(at.node_id(), &[]);
    errors.append(&mut walk.errors);
    for child in at.children() {
        let seen = child.accessible_to(child.node());
        if config_only && !child.node().is_config() {
            errors.extend(state::fault(&child));
        } else if let Some(error) = when::unmet(&seen).filter(|_| child.is_set()) {
            errors.push(error);
        } else {
            must::check(&seen, child.node(), errors);
            if child.value().is_some() {
                instance::check(&seen, errors);
            } else {
                content(&child, config_only, errors);
            }
        }
    }
}
