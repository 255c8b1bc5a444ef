//! The history of a module (RFC 7950 section 7.1.9, RFC 8407 section 4.8).

use super::warn;
use crate::compile::Context;
use crate::diagnostic::Code;
use crate::grammar::Keyword;
use crate::syntax::Stmt;
use std::collections::HashSet;

/// Revisions stand newest first, each date once, and say what changed and where it is published.
pub(super) fn revisions<'t>(context: &mut Context<'t>, root: Stmt<'t>) {
    let mut seen = HashSet::new();
    let mut last: Option<Stmt<'t>> = None;
    for stmt in root.all(Keyword::Revision) {
        let date = stmt.arg();
        if !seen.insert(date) {
            warn(context, Code::RevisionOrder, stmt, format!("the revision {date} stands twice"));
        } else if last.is_some_and(|l| l.arg() < date) {
            warn(
                context,
                Code::RevisionOrder,
                stmt,
                format!("the revision {date} stands behind an older one"),
            );
        }
        last = Some(stmt);

        let has = |keyword| stmt.child(keyword).is_some();
        let missing = match (has(Keyword::Description), has(Keyword::Reference)) {
            (true, true) => continue,
            (false, true) => "description",
            (true, false) => "reference",
            (false, false) => "description and no reference",
        };
        warn(context, Code::LintRevision, stmt, format!("the revision {date} has no {missing}"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::warnings;
    use crate::Code;

    #[test]
    fn newest_first_and_each_once() {
        let body = "revision 2019-01-01; revision 2020-01-01; revision 2019-01-01;";
        assert_eq!(
            warnings(Code::RevisionOrder, body),
            ["the revision 2020-01-01 stands behind an older one", "the revision 2019-01-01 stands twice"]
        );
        assert_eq!(
            warnings(Code::RevisionOrder, "revision 2020-01-01; revision 2019-01-01;"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn what_changed_and_where_it_says_so() {
        let body = "revision 2022-01-01 { description new; reference book; } revision 2021-01-01 { description old; }
            revision 2020-01-01 { reference book; } revision 2019-01-01;";
        assert_eq!(
            warnings(Code::LintRevision, body),
            [
                "the revision 2021-01-01 has no reference",
                "the revision 2020-01-01 has no description",
                "the revision 2019-01-01 has no description and no reference",
            ]
        );
    }
}
