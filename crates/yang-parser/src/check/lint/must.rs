//! A condition tells who breaks it what is wrong (RFC 7950 section 7.5.4, RFC 8407 section 4.14).

use super::warn;
use crate::compile::Context;
use crate::diagnostic::Code;
use crate::grammar::Keyword;
use crate::syntax::Stmt;

pub(super) fn musts<'t>(context: &mut Context<'t>, root: Stmt<'t>) {
    for stmt in root.descendants().filter(|s| s.is(Keyword::Must)) {
        if stmt.child(Keyword::ErrorMessage).is_none() && stmt.child(Keyword::Description).is_none() {
            let message = "the condition has no error-message and no description".to_owned();
            warn(context, Code::LintMust, stmt, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::warnings;
    use crate::Code;

    #[test]
    fn one_of_the_two() {
        let body = "container c { must \"1 = 1\"; must \"2 = 2\" { error-message no; } must \"3 = 3\" { description why; } must \"4 = 4\" { error-app-tag x; } }";
        let said = "the condition has no error-message and no description";
        assert_eq!(warnings(Code::LintMust, body), [said, said]);
    }
}
