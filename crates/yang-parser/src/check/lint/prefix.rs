//! Prefixes are short, tell modules apart, and are the same everywhere (RFC 8407 section 4.2, RFC 7950 section 7.1.4).

use super::warn;
use crate::compile::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use crate::syntax::Stmt;

pub(super) fn prefixes<'t>(context: &mut Context<'t>, root: Stmt<'t>) {
    if let Some(own) = root.child(Keyword::Prefix) {
        if own.arg().len() > root.arg().len() {
            let message = format!("the prefix `{}` is longer than the module's name", own.arg());
            warn(context, Code::LintPrefix, own, message);
        }
        shared(context, root, own);
    }
    imported(context, root);
}

/// Another module of the set that has the same prefix: each importer of both must invent one.
fn shared<'t>(context: &mut Context<'t>, root: Stmt<'t>, own: Stmt<'t>) {
    let other = context.library.modules.iter().find_map(|module| {
        let prefix = context.library.file(module.main).root()?.child(Keyword::Prefix)?;
        (module.name != root.arg() && prefix.arg() == own.arg()).then_some((module, prefix))
    });
    if let Some((module, prefix)) = other {
        let message = format!("the prefix `{}` is also that of the module `{}`", own.arg(), module.name);
        context.diagnostics.push(
            Diagnostic::warning(Code::LintPrefix, own.argument_span(), message)
                .also(prefix.argument_span(), "the other one"),
        );
    }
}

/// Imports that call a module otherwise than it calls itself, though its own prefix is free.
fn imported<'t>(context: &mut Context<'t>, root: Stmt<'t>) {
    for import in root.all(Keyword::Import) {
        let Some(prefix) = import.child(Keyword::Prefix) else { continue };
        let Some(module) = context.scopes.prefix(import.id().file, prefix.arg()) else { continue };
        let main = context.library.file(context.library.module(module).main);
        let Some(own) = main.root().and_then(|r| r.value_of(Keyword::Prefix)) else { continue };
        if own != prefix.arg() && context.scopes.prefix(import.id().file, own).is_none() {
            let message =
                format!("`{}` is called `{}` here, and `{own}` by itself", import.arg(), prefix.arg());
            warn(context, Code::LintPrefix, prefix, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::warnings_of;
    use crate::Code;

    #[test]
    fn short_unique_and_the_same() {
        let found = |texts: &[&str]| warnings_of(Code::LintPrefix, texts);
        let a = "module a { namespace urn:a; prefix a; }";
        assert_eq!(
            found(&["module ab { namespace urn:ab; prefix a-b; }"]),
            ["the prefix `a-b` is longer than the module's name"]
        );
        let double = "module ab { namespace urn:ab; prefix a; }";
        assert_eq!(
            found(&[a, double]),
            [
                "the prefix `a` is also that of the module `ab`",
                "the prefix `a` is also that of the module `a`"
            ]
        );
        let renaming = "module ab { namespace urn:ab; prefix ab; import a { prefix b; } }";
        assert_eq!(found(&[a, renaming]), ["`a` is called `b` here, and `a` by itself"]);
        let honest = "module ab { namespace urn:ab; prefix ab; import a { prefix a; } }";
        assert_eq!(found(&[a, honest]), Vec::<String>::new());
        // Its prefix is taken: another one must do.
        let taken = "module ab { namespace urn:ab; prefix a; import a { prefix b; } }";
        assert!(found(&[a, taken]).iter().all(|w| !w.contains("by itself")));
    }
}
