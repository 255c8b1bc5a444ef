//! The features of a leafref and of its target (RFC 7950 section 9.9).

use crate::argument::parse_if_feature;
use crate::compile::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::Stmt;
use std::collections::BTreeMap;
use yang_schema::{FeatureId, NodeId, Span};

/// Where more features than this play together, their names are compared alone.
const MAX_FEATURES: usize = 10;

/// A leafref whose target depends on features depends on them too: wherever the leafref is, its target is.
pub(crate) fn leafref_features(context: &mut Context<'_>, leaf: NodeId, target: NodeId, span: Span) {
    let mut needed = conditions(context, target);
    if needed.is_empty() {
        return;
    }
    let given = conditions(context, leaf);
    needed.retain(|stmt| !given.contains(stmt));
    if needed.is_empty() || implies(context, &given, &needed) {
        return;
    }
    let message = format!(
        "the leafref {} is there without the features that {} depends on",
        context.path_of(leaf),
        context.path_of(target)
    );
    let d = Diagnostic::error(Code::LeafrefFeature, span, message)
        .also(needed[0].argument_span(), "its target depends on this")
        .help("make the leafref depend on the same features");
    context.diagnostics.push(d);
}

/// The `if-feature` statements of a node and of those above it.
fn conditions<'t>(context: &Context<'t>, node: NodeId) -> Vec<Stmt<'t>> {
    let mut found = Vec::new();
    let mut at = node;
    while at != NodeId::ROOT {
        found.extend(&context.extra(at).if_features);
        at = context.builder.parent(at);
    }
    found
}

/// Do the second conditions hold wherever the first do? It is enough for the first to name all features of the second.
fn implies<'t>(context: &Context<'t>, given: &[Stmt<'t>], needed: &[Stmt<'t>]) -> bool {
    let mut features = BTreeMap::new();
    collect(context, given, &mut features);
    let of_given = features.len();
    collect(context, needed, &mut features);
    if features.len() == of_given {
        return true;
    }
    // Features that depend on others bring these along.
    let mut queue: Vec<FeatureId> = features.keys().copied().collect();
    while let Some(feature) = queue.pop() {
        let before: Vec<FeatureId> = features.keys().copied().collect();
        collect(context, &context.feature_conditions(feature), &mut features);
        queue.extend(features.keys().filter(|f| !before.contains(f)));
        if features.len() > MAX_FEATURES {
            return false;
        }
    }
    let bits: BTreeMap<FeatureId, u32> = features.keys().zip(0..).map(|(&f, i)| (f, 1 << i)).collect();
    (0..1u32 << bits.len()).all(|on| {
        let holds = |stmts: &[Stmt<'t>]| stmts.iter().all(|&s| value(context, s, &bits, on));
        let consistent = bits.iter().all(|(&f, bit)| on & bit == 0 || holds(&context.feature_conditions(f)));
        !consistent || !holds(given) || holds(needed)
    })
}

fn collect<'t>(context: &Context<'t>, stmts: &[Stmt<'t>], into: &mut BTreeMap<FeatureId, ()>) {
    for &stmt in stmts {
        into.extend(context.named_features(stmt).into_iter().map(|f| (f, ())));
    }
}

fn value(context: &Context<'_>, stmt: Stmt<'_>, bits: &BTreeMap<FeatureId, u32>, on: u32) -> bool {
    let Ok(expression) = parse_if_feature(stmt.arg(), context.version(stmt)) else { return true };
    expression.evaluate(&mut |prefix, name| {
        let feature = context.feature_named(stmt, prefix, name);
        feature.and_then(|f| bits.get(&f)).is_none_or(|bit| on & bit != 0)
    })
}
