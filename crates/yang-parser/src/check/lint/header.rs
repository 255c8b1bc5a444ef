//! What the head of a module or submodule tells its reader (RFC 8407 section 4.8).

use super::warn;
use crate::compile::Context;
use crate::diagnostic::Code;
use crate::grammar::Keyword;
use crate::syntax::Stmt;

pub(super) fn header<'t>(context: &mut Context<'t>, root: Stmt<'t>) {
    for keyword in [Keyword::Organization, Keyword::Contact, Keyword::Description, Keyword::Revision] {
        if root.child(keyword).is_none() {
            let message = format!("the {} `{}` has no `{}`", root.keyword_text(), root.arg(), keyword.text());
            warn(context, Code::LintMissing, root, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{warnings, warnings_of};
    use crate::Code;

    #[test]
    fn who_wrote_what_and_when() {
        assert_eq!(
            warnings(Code::LintMissing, "contact us; revision 2020-01-01;"),
            ["the module `m` has no `description`", "the module `m` has no `organization`"]
        );
        let whole = "organization we; contact us; description it; revision 2020-01-01;";
        assert_eq!(warnings(Code::LintMissing, whole), Vec::<String>::new());
        let found = warnings_of(
            Code::LintMissing,
            &[
                &format!("module m {{ namespace urn:m; prefix m; include s; {whole} }}"),
                "submodule s { belongs-to m { prefix m; } organization we; contact us; description it; }",
            ],
        );
        assert_eq!(found, ["the submodule `s` has no `revision`"]);
    }
}
