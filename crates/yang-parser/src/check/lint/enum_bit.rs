//! Names of values tell what they mean (RFC 8407 section 4.11.3).

use crate::compile::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use crate::syntax::Stmt;

/// One warning a type: who describes none of two hundred enums need not read it two hundred times.
///
/// A subset of another type's enums says nothing new, so it is let off.
pub(super) fn enums_and_bits<'t>(context: &mut Context<'t>, root: Stmt<'t>) {
    for stmt in root.descendants().filter(|s| s.is(Keyword::Type)) {
        let keyword = match stmt.arg() {
            "enumeration" => Keyword::Enum,
            "bits" => Keyword::Bit,
            _ => continue,
        };
        let all = stmt.all(keyword).count();
        let bare: Vec<Stmt<'t>> =
            stmt.all(keyword).filter(|s| s.child(Keyword::Description).is_none()).collect();
        let Some(first) = bare.first() else { continue };
        let word = keyword.text();
        let message = match bare.len() {
            1 => format!("the {word} `{}` has no description", first.arg()),
            n => format!(
                "{n} of the {all} {word}s of this type have no description, the first is `{}`",
                first.arg()
            ),
        };
        context.diagnostics.push(Diagnostic::warning(Code::LintEnum, first.argument_span(), message));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::warnings;
    use crate::Code;

    #[test]
    fn one_warning_a_type() {
        let body = "leaf a { type enumeration { enum up { description works; } enum down; enum lost; } }
            leaf b { type bits { bit one; } } leaf c { type enumeration { enum x { description y; } } }";
        assert_eq!(
            warnings(Code::LintEnum, body),
            [
                "2 of the 3 enums of this type have no description, the first is `down`",
                "the bit `one` has no description",
            ]
        );
        let subset =
            "typedef t { type enumeration { enum x { description y; } } } leaf a { type t { enum x; } }";
        assert_eq!(warnings(Code::LintEnum, subset), Vec::<String>::new());
    }
}
