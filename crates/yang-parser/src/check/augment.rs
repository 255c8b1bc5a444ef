//! Mandatory nodes that an augment adds to another module (RFC 7950 section 7.17, RFC 6020 section 7.15).

use super::Visit;
use crate::compile::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use yang_schema::{NodeKind, YangVersion};

/// Clients that do not know the augmenting module must still be able to write valid configuration.
pub(crate) fn augment_mandatory(context: &mut Context<'_>, visit: Visit, mandatory: &[bool]) {
    if !mandatory[visit.node.index()] || !visit.in_data {
        return;
    }
    let Some(augment) = context.extra(visit.node).augment else { return };
    let mut target = context.builder.parent(visit.node);
    if context.builder.node(target).kind == NodeKind::Case && context.extra(target).stmt.is_none() {
        target = context.builder.parent(target);
    }
    let def = context.builder.node(visit.node);
    let is_own = context.builder.node(target).module == def.module;
    let in_uses = augment.parent().is_some_and(|p| p.is(Keyword::Uses));
    if is_own || in_uses || !def.config {
        return;
    }
    let v1 = context.library.file(augment.id().file).version == YangVersion::V1;
    if augment.child(Keyword::When).is_some() && !v1 {
        return;
    }
    // Nothing is demanded of a case that is new: configuration without it stays valid.
    if context.builder.node(target).kind == NodeKind::Choice {
        return;
    }
    let span = def.span;
    let d = Diagnostic::error(
        Code::AugmentMandatory,
        span,
        format!(
            "the mandatory node {} is added to another module's configuration",
            context.path_of(visit.node)
        ),
    )
    .also(augment.argument_span(), "by this augment");
    context.diagnostics.push(if v1 {
        d.help("YANG 1 does not allow it; in YANG 1.1 the augment can have a `when`")
    } else {
        d.help("make the augment conditional with a `when`")
    });
}

#[cfg(test)]
mod tests {
    use crate::check::testing::errors_of;

    fn augmenting(version: &str, augment: &str) -> Vec<String> {
        let target = "module t { namespace urn:t; prefix t; container c { leaf x { type string; } choice h { case i; } } }";
        let errors = errors_of(&[
            target,
            &format!(
                "module m {{ yang-version {version}; namespace urn:m; prefix m; import t {{ prefix t; }} {augment} }}"
            ),
        ]);
        errors.into_iter().map(|e| e.split(':').next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn only_under_a_condition() {
        let leaf = "leaf a { type string; mandatory true; }";
        for (version, body, expected) in [
            ("1.1", format!("augment /t:c {{ {leaf} }}"), &["augment-mandatory"][..]),
            ("1.1", format!("augment /t:c {{ container n {{ {leaf} }} }}"), &["augment-mandatory"]),
            ("1.1", format!("augment /t:c {{ container p {{ presence x; {leaf} }} }}"), &[]),
            ("1.1", format!("augment /t:c {{ when \"t:x = 'a'\"; {leaf} }}"), &[]),
            ("1", format!("augment /t:c {{ when \"t:x = 'a'\"; {leaf} }}"), &["augment-mandatory"]),
            ("1.1", format!("augment /t:c/t:h {{ {leaf} }}"), &[]),
            ("1.1", format!("augment /t:c {{ container n {{ config false; {leaf} }} }}"), &[]),
        ] {
            assert_eq!(augmenting(version, &body), expected, "{body}");
        }
    }
}
