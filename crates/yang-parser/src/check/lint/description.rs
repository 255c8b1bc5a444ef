//! What a reader looks up is described (RFC 8407 section 4.14).

use super::warn;
use crate::compile::Context;
use crate::diagnostic::Code;
use crate::grammar::Keyword;
use crate::syntax::Stmt;

/// Is it a definition that stands for itself, or an augment of another module's?
fn wants_description(stmt: Stmt<'_>) -> bool {
    use Keyword::{
        Action, AnyData, AnyXml, Augment, Choice, Container, Extension, Feature, Grouping, Identity, Leaf,
        LeafList, List, Module, Notification, Rpc, Submodule, Typedef,
    };
    match stmt.keyword() {
        Action | AnyData | AnyXml | Choice | Container | Extension | Feature | Grouping | Identity | Leaf
        | LeafList | List | Notification | Rpc | Typedef => true,
        Augment => stmt.parent().is_some_and(|p| p.is(Module) || p.is(Submodule)),
        _ => false,
    }
}

pub(super) fn descriptions<'t>(context: &mut Context<'t>, root: Stmt<'t>) {
    for stmt in root.descendants() {
        if wants_description(stmt) && stmt.child(Keyword::Description).is_none() {
            let message = format!("the {} `{}` has no description", stmt.keyword_text(), stmt.arg());
            warn(context, Code::LintDescription, stmt, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::warnings;
    use crate::Code;

    #[test]
    fn each_definition_once() {
        let definitions = [
            ("container c", ";"),
            ("leaf l", "{ type string; }"),
            ("leaf-list ll", "{ type string; }"),
            ("list k", "{ config false; }"),
            ("choice h", ";"),
            ("anydata d", ";"),
            ("anyxml x", ";"),
            ("typedef t", "{ type string; }"),
            ("grouping g", ";"),
            ("feature f", ";"),
            ("identity i", ";"),
            ("extension e", ";"),
            ("rpc r", ";"),
            ("notification n", ";"),
        ];
        for (head, block) in definitions {
            let (keyword, name) = head.split_once(' ').unwrap();
            assert_eq!(
                warnings(Code::LintDescription, &format!("{head} {block}")),
                [format!("the {keyword} `{name}` has no description")]
            );
            let inner = block.trim_matches(['{', '}', ';', ' ']);
            let inner = if inner.is_empty() { String::new() } else { format!("{inner};") };
            let described = format!("{head} {{ {inner} description said; }}");
            assert_eq!(warnings(Code::LintDescription, &described), Vec::<String>::new());
        }
        let action = "container c { description c; action a; }";
        assert_eq!(warnings(Code::LintDescription, action), ["the action `a` has no description"]);
        let augment = "container c { description c; } augment /c;";
        assert_eq!(warnings(Code::LintDescription, augment), ["the augment `/c` has no description"]);
    }
}
