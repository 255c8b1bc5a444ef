//! Expressions that cost more as the datastore grows: see [`yang_schema::dependency`].

use crate::diagnostic::{Code, Diagnostic};
use std::collections::HashSet;
use yang_schema::Schema;

/// One warning an expression, however often its grouping is used.
pub(super) fn incremental(schema: &Schema, found: &mut Vec<Diagnostic>) {
    let mut seen = HashSet::new();
    for constraint in schema.dependencies().constraints() {
        let (Some(read), Some(xpath)) = (constraint.without_inverse(), constraint.xpath()) else { continue };
        let span = schema.xpath(xpath).span;
        if !seen.insert((span.file, span.start, span.end)) {
            continue;
        }
        let message = format!(
            "each change of `{}` has this looked at for every instance of `{}`",
            schema.node(read).path(),
            schema.node(constraint.context()).path()
        );
        found.push(Diagnostic::warning(Code::LintIncremental, span, message).help(
            "tie the two by a key: a predicate that compares a leaf of the one with a leaf of the other",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::warnings;
    use crate::Code;

    #[test]
    fn what_nothing_ties_to_its_context() {
        let lists = |must: &str| {
            format!(
                "grouping g {{ list a {{ key k; leaf k {{ type string; }} leaf n {{ type uint8; must \"{must}\"; }} }} }}
                 uses g; container again {{ uses g; }}
                 list b {{ key k; leaf k {{ type string; }} leaf n {{ type uint8; }} }}"
            )
        };
        assert_eq!(
            warnings(Code::LintIncremental, &lists(". > sum(/b/n)")),
            ["each change of `/m:b/n` has this looked at for every instance of `/m:a/n`"]
        );
        assert_eq!(
            warnings(Code::LintIncremental, &lists("/b[k = current()/../k]/n > .")),
            Vec::<String>::new()
        );
        assert_eq!(warnings(Code::LintIncremental, &lists(". > 3")), Vec::<String>::new());
    }
}
