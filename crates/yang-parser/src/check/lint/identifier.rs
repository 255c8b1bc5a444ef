//! How identifiers are spelt (RFC 8407 section 4.3.1).

use super::warn;
use crate::compile::Context;
use crate::diagnostic::Code;
use crate::grammar::{ArgumentKind, Keyword};
use crate::syntax::Stmt;

const LONGEST: usize = 64;

/// Does it define a name of a node, type, feature and the like? Enums, bits and prefixes often come from elsewhere.
fn defines(stmt: Stmt<'_>) -> bool {
    stmt.keyword().argument() == ArgumentKind::Identifier
        && !matches!(
            stmt.keyword(),
            Keyword::Import
                | Keyword::Include
                | Keyword::BelongsTo
                | Keyword::Prefix
                | Keyword::Bit
                | Keyword::Argument
        )
}

pub(super) fn identifiers<'t>(context: &mut Context<'t>, root: Stmt<'t>) {
    for stmt in std::iter::once(root).chain(root.descendants()).filter(|s| defines(*s)) {
        let name = stmt.arg();
        let fault = if name.bytes().any(|b| b.is_ascii_uppercase()) {
            "has capital letters: names are lower-case with hyphens".to_owned()
        } else if name.contains('_') {
            "has underscores: names are lower-case with hyphens".to_owned()
        } else if name.len() > LONGEST {
            format!("has {} characters: names have at most {LONGEST}", name.len())
        } else {
            continue;
        };
        warn(context, Code::LintName, stmt, format!("`{name}` {fault}"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{warnings, warnings_of};
    use crate::Code;

    #[test]
    fn lower_case_hyphens_and_short() {
        let (long, longer) = ("a".repeat(64), "b".repeat(65));
        let body = format!(
            "container fooBar; container foo_bar; container foo-bar; container {long}; container {longer};
             leaf b {{ type bits {{ bit OAM; }} }} choice h {{ case X; }}"
        );
        assert_eq!(
            warnings(Code::LintName, &body),
            [
                "`fooBar` has capital letters: names are lower-case with hyphens".to_owned(),
                "`foo_bar` has underscores: names are lower-case with hyphens".to_owned(),
                format!("`{longer}` has 65 characters: names have at most 64"),
                "`X` has capital letters: names are lower-case with hyphens".to_owned(),
            ]
        );
        assert_eq!(warnings_of(Code::LintName, &["module M { namespace urn:m; prefix m; }"]).len(), 1);
    }
}
