//! Keys of lists (RFC 7950 section 7.8.2).

use super::Visit;
use crate::argument::{is_identifier, split_reference, words};
use crate::compile::Context;
use crate::diagnostic::{Code, Diagnostic, article};
use crate::syntax::Stmt;
use yang_schema::{Base, NodeId, NodeKind, TypeDetail, YangVersion};

/// A list of configuration has a key; a key names leaves that are children of the list.
pub(crate) fn keys(context: &mut Context<'_>, visit: Visit) {
    let list = context.builder.node(visit.node);
    if list.kind != NodeKind::List {
        return;
    }
    let (config, span) = (list.config, list.span);
    let Some(stmt) = context.extra(visit.node).key else {
        // A grouping may be used where there is no configuration.
        if config && visit.in_data && !visit.trial {
            context.diagnostics.push(
                Diagnostic::error(
                    Code::KeyMissing,
                    span,
                    format!("the list {} is configuration and has no `key`", context.path_of(visit.node)),
                )
                .help("name the leaves that tell entries apart, or make the list `config false`"),
            );
        }
        return;
    };
    let mut keys: Vec<NodeId> = Vec::new();
    for (at, name) in words(stmt.arg()) {
        let (prefix, plain) = split_reference(name);
        if !is_identifier(plain) || !prefix.is_none_or(is_identifier) {
            // The grammar has reported it.
            continue;
        }
        let span = stmt.argument_part(at, at + name.len());
        if let Some(unknown) = prefix.filter(|p| context.scopes.prefix(stmt.id().file, p).is_none()) {
            let mut d = context.scopes.unknown_prefix(stmt, unknown);
            d.labels[0].span = stmt.argument_part(at, at + unknown.len());
            context.diagnostics.push(d);
            continue;
        }
        match key(context, visit, stmt, name) {
            Ok(leaf) if keys.contains(&leaf) => {
                context.diagnostics.error(Code::InvalidKey, span, format!("the key `{name}` is named twice"));
            }
            Ok(leaf) => keys.push(leaf),
            Err((message, leaf)) => {
                let mut d = Diagnostic::error(Code::InvalidKey, span, message);
                if leaf.is_none() {
                    d.help = context.closest_child(visit.node, name);
                }
                if let Some(leaf) = leaf {
                    d = d.also(context.builder.node(leaf).span, "the key");
                }
                context.diagnostics.push(d);
            }
        }
    }
    context.builder.node_mut(visit.node).keys = keys;
}

fn key(
    context: &mut Context<'_>,
    visit: Visit,
    stmt: Stmt<'_>,
    name: &str,
) -> Result<NodeId, (String, Option<NodeId>)> {
    let home = context.builder.node(visit.node).module;
    let (prefix, plain) = split_reference(name);
    // In a grouping, the own prefix means wherever the grouping is used.
    let written_in = context.library.file(stmt.id().file).module;
    let named = prefix.and_then(|p| context.scopes.prefix(stmt.id().file, p));
    let module = named.filter(|&m| Some(m) != written_in).unwrap_or(home);
    let sym = context.builder.intern(plain);
    let place = context.path_of(visit.node);
    let Some(leaf) = context.nodes.child(visit.node, module, sym).filter(|&n| !context.extra(n).removed)
    else {
        return Err((format!("the list {place} has no leaf `{name}` to be its key"), None));
    };
    let def = context.builder.node(leaf);
    let fail = |message: String| Err((message, Some(leaf)));
    if def.kind != NodeKind::Leaf {
        return fail(format!("the key `{name}` of {place} is {}, not a leaf", article(def.kind.keyword())));
    }
    if let Some(augment) = context.extra(leaf).augment
        && context.extra(visit.node).augment != Some(augment)
    {
        return fail(format!("the key `{name}` of {place} is added by an augment"));
    }
    if visit.in_data && def.config != context.builder.node(visit.node).config {
        return fail(format!("the key `{name}` of {place} differs from the list in `config`"));
    }
    if context.extra(leaf).disabled && visit.active {
        return fail(format!("the key `{name}` of {place} depends on a feature that is off"));
    }
    let version =
        context.extra(leaf).stmt.map_or(YangVersion::V1, |s| context.library.file(s.id().file).version);
    if version == YangVersion::V1 {
        let base = def.type_id.map(|t| &context.builder.type_(t).detail);
        if matches!(base, Some(TypeDetail::Empty)) {
            return fail(format!(
                "the key `{name}` of {place} is of type {}, which YANG 1 forbids",
                Base::Empty.name()
            ));
        }
        return Ok(leaf);
    }
    // RFC 7950 sections 7.20.2 and 7.21.5.
    if !def.if_features.is_empty() {
        return fail(format!("the key `{name}` of {place} has an `if-feature`"));
    }
    if !context.extra(leaf).whens.is_empty() {
        return fail(format!("the key `{name}` of {place} has a `when`"));
    }
    Ok(leaf)
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{errors, errors_v1};

    #[test]
    fn a_list_of_configuration_has_a_key() {
        let list = "list l { leaf a { type string; } }";
        assert_eq!(errors(list), ["key-missing: the list `/l` is configuration and has no `key`"]);
        for fine in [
            format!("container s {{ config false; {list} }}"),
            format!("rpc r {{ input {{ {list} }} }}"),
            format!("grouping g {{ {list} }}"),
        ] {
            assert_eq!(errors(&fine), Vec::<String>::new(), "{fine}");
        }
    }

    #[test]
    fn keys_are_leaves_of_the_list() {
        for (body, message) in [
            ("key b; leaf a { type string; }", "the list `/l` has no leaf `b` to be its key"),
            ("key a; container a { }", "the key `a` of `/l` is a container, not a leaf"),
            ("key \"a a\"; leaf a { type string; }", "the key `a` is named twice"),
            (
                "key a; leaf a { config false; type string; }",
                "the key `a` of `/l` differs from the list in `config`",
            ),
            ("key a; leaf a { if-feature f; type string; }", "the key `a` of `/l` has an `if-feature`"),
            ("key a; leaf a { when \"1\"; type string; }", "the key `a` of `/l` has a `when`"),
        ] {
            assert_eq!(
                errors(&format!("feature f; list l {{ {body} }}")),
                [format!("invalid-key: {message}")]
            );
        }
    }

    #[test]
    fn empty_keys_are_new_in_yang_1_1() {
        let list = "list l { key a; leaf a { type empty; } }";
        assert_eq!(errors(list), Vec::<String>::new());
        assert_eq!(
            errors_v1(list),
            ["invalid-key: the key `a` of `/l` is of type empty, which YANG 1 forbids"]
        );
    }
}
