//! Statements that say what holds without them (RFC 8407 section 4.4).

use super::warn;
use crate::compile::Context;
use crate::diagnostic::Code;
use crate::grammar::Keyword;
use crate::syntax::Stmt;

/// Does a statement state its default? In a `refine` and a `deviate` it changes something.
fn repeats_default(stmt: Stmt<'_>) -> bool {
    let default = match stmt.keyword() {
        Keyword::Status => "current",
        Keyword::Config | Keyword::RequireInstance => "true",
        Keyword::Mandatory | Keyword::YinElement => "false",
        Keyword::MaxElements => "unbounded",
        Keyword::MinElements => "0",
        Keyword::OrderedBy => "system",
        _ => return false,
    };
    let Some(parent) = stmt.parent() else { return false };
    if stmt.arg() != default || parent.is(Keyword::Refine) || parent.is(Keyword::Deviate) {
        return false;
    }
    match stmt.keyword() {
        // Of a grouping's nodes and below other nodes it says something; at the top it does not.
        Keyword::Config => parent.parent().is_some_and(|p| p.is(Keyword::Module) || p.is(Keyword::Submodule)),
        // Below what is deprecated it takes a stand.
        Keyword::Status => {
            std::iter::successors(parent.parent(), |s| s.parent()).all(|s| s.child(Keyword::Status).is_none())
        }
        _ => true,
    }
}

pub(super) fn redundant<'t>(context: &mut Context<'t>, root: Stmt<'t>) {
    for stmt in root.descendants().filter(|s| repeats_default(*s)) {
        let message = format!("`{} {}` is the default", stmt.keyword_text(), stmt.arg());
        warn(context, Code::LintDefault, stmt, message);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::warnings;
    use crate::Code;

    #[test]
    fn defaults_need_not_be_said() {
        for (body, expected) in [
            ("leaf a { type string; status current; }", &["`status current` is the default"][..]),
            ("leaf a { type string; config true; }", &["`config true` is the default"]),
            ("leaf a { type string; mandatory false; }", &["`mandatory false` is the default"]),
            (
                "leaf-list a { type string; min-elements 0; max-elements unbounded; ordered-by system; }",
                &[
                    "`min-elements 0` is the default",
                    "`max-elements unbounded` is the default",
                    "`ordered-by system` is the default",
                ],
            ),
            (
                "leaf a { type string; } leaf b { type leafref { path ../a; require-instance true; } }",
                &["`require-instance true` is the default"],
            ),
            ("extension e { argument x { yin-element false; } }", &["`yin-element false` is the default"]),
            // These say something.
            ("leaf a { type string; status deprecated; mandatory true; }", &[]),
            ("container c { status deprecated; leaf a { type string; status deprecated; } }", &[]),
            ("grouping g { leaf a { type string; config true; } }", &[]),
            (
                "grouping g { leaf a { type string; mandatory true; } } uses g { refine a { mandatory false; } }",
                &[],
            ),
        ] {
            assert_eq!(warnings(Code::LintDefault, body), expected, "{body}");
        }
    }
}
