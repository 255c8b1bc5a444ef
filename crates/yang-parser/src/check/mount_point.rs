//! `mount-point` (RFC 8528 section 3).

use crate::argument::is_identifier;
use crate::compile::Context;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::grammar::Keyword;
use crate::syntax::Stmt;
use yang_schema::YangVersion;

/// In a container or list, once in each, in modules of YANG 1.1 only; its label is an identifier.
pub(crate) fn mount_point<'t>(context: &mut Context<'t>, stmt: Stmt<'t>) {
    let is_mount_point = |s: &Stmt<'t>| context.is_use_of(*s, "ietf-yang-schema-mount", "mount-point");
    if !is_mount_point(&stmt) {
        return;
    }
    let holder = stmt.parent();
    let may_hold = holder.is_some_and(|h| matches!(h.keyword(), Keyword::Container | Keyword::List));
    let first = holder.and_then(|h| h.children().find(is_mount_point)).filter(|&first| first != stmt);
    let problem = if !may_hold {
        "`mount-point` stands in a container or list only"
    } else if context.version(stmt) == YangVersion::V1 {
        "`mount-point` may not be used in a module of YANG 1"
    } else if first.is_some() {
        "a container or list has one `mount-point` only"
    } else if stmt.argument().is_some_and(|label| !is_identifier(label)) {
        "the label of a `mount-point` is an identifier"
    } else {
        return;
    };
    let mut d = Diagnostic::error(Code::ExtensionMisuse, stmt.keyword_span(), problem);
    if !may_hold {
        // It is of no use there, but RFC 8532 has one in a place of its own.
        d.severity = Severity::Warning;
    }
    if let Some(first) = first {
        d = d.also(first.keyword_span(), "the first one");
    }
    context.diagnostics.push(d);
}

#[cfg(test)]
mod tests {
    use crate::check::testing::errors_of;

    fn errors(version: &str, body: &str) -> Vec<String> {
        let mount = "module ietf-yang-schema-mount { yang-version 1.1; namespace urn:mnt; prefix mnt; extension mount-point { argument label; } }";
        let module = format!(
            "module m {{ yang-version {version}; namespace urn:m; prefix m; import ietf-yang-schema-mount {{ prefix x; }} {body} }}"
        );
        errors_of(&[mount, &module])
    }

    #[test]
    fn once_in_a_container_or_list() {
        let fine =
            "container c { x:mount-point a; list l { key k; leaf k { type string; } x:mount-point b; } }";
        assert_eq!(errors("1.1", fine), Vec::<String>::new());
        for (version, body, message) in [
            ("1", "container c { x:mount-point a; }", "`mount-point` may not be used in a module of YANG 1"),
            (
                "1.1",
                "container c { x:mount-point a; x:mount-point b; }",
                "a container or list has one `mount-point` only",
            ),
            ("1.1", "container c { x:mount-point 'a b'; }", "the label of a `mount-point` is an identifier"),
        ] {
            assert_eq!(errors(version, body), [format!("extension-misuse: {message}")], "{body}");
        }
    }
}
