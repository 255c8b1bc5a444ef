//! `code` and `non-zero` of `netconf-error-codes`: where they stand, what they hold, and each number once.

use crate::argument::decimal_u64;
use crate::compile::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use crate::syntax::Stmt;
use yang_schema::CODE_MODULE;

/// Checks a statement of an extension, if it is one of ours.
pub(crate) fn error_code<'t>(context: &mut Context<'t>, stmt: Stmt<'t>) {
    if context.is_use_of(stmt, CODE_MODULE, "code") {
        code(context, stmt);
    } else if context.is_use_of(stmt, CODE_MODULE, "non-zero") {
        non_zero(context, stmt);
    }
}

fn code<'t>(context: &mut Context<'t>, stmt: Stmt<'t>) {
    place(context, stmt, "code", |holder, of_non_zero| of_non_zero || takes_code(holder));
    content(context, stmt, &[Keyword::ErrorMessage, Keyword::Description, Keyword::Reference]);
    let Some(argument) = stmt.argument() else { return };
    let Some(number) = decimal_u64(argument).filter(|n| *n > 0) else {
        let message = format!("`{argument}` is no number from 1 to {}, in decimal", u64::MAX);
        return context.error(Code::ErrorCode, stmt, message);
    };
    let Some(first) = context.numbers.get(&number).copied() else {
        context.numbers.insert(number, stmt);
        return;
    };
    // Two revisions of one module speak of one thing.
    let module = |s: Stmt<'t>| &context.library.module(context.module_of(s)).name;
    if first != stmt && (context.module_of(first) == context.module_of(stmt) || module(first) != module(stmt))
    {
        let d = Diagnostic::error(
            Code::DuplicateErrorCode,
            stmt.argument_span(),
            format!("the code {number} is given twice"),
        );
        context.diagnostics.push(d.here("here again").also(first.argument_span(), "first given here"));
    }
}

fn non_zero<'t>(context: &mut Context<'t>, stmt: Stmt<'t>) {
    place(context, stmt, "non-zero", |holder, _| matches!(holder, Keyword::Leaf | Keyword::LeafList));
    let may = [Keyword::ErrorMessage, Keyword::ErrorAppTag, Keyword::Description, Keyword::Reference];
    content(context, stmt, &may);
}

/// Statements whose violation a code can tell.
fn takes_code(holder: Keyword) -> bool {
    use Keyword::{
        AnyData, AnyXml, Choice, Container, Leaf, LeafList, Length, List, Mandatory, MaxElements,
        MinElements, Must, Pattern, Range, Unique, When,
    };
    matches!(
        holder,
        Must | When
            | Range
            | Length
            | Pattern
            | Mandatory
            | MinElements
            | MaxElements
            | Unique
            | Container
            | Leaf
            | LeafList
            | List
            | Choice
            | AnyData
            | AnyXml
    )
}

/// Where it stands, and once there. `may` gets the keyword around and whether that is a `non-zero`.
fn place<'t>(context: &mut Context<'t>, stmt: Stmt<'t>, name: &str, may: impl Fn(Keyword, bool) -> bool) {
    let Some(holder) = stmt.parent() else { return };
    let of_non_zero = context.is_use_of(holder, CODE_MODULE, "non-zero");
    if !may(holder.keyword(), of_non_zero) {
        let message = format!("`{name}` has no meaning below `{}`", holder.keyword_text());
        context.diagnostics.error(Code::ErrorCode, stmt.keyword_span(), message);
    }
    let first = holder.children().find(|s| context.is_use_of(*s, CODE_MODULE, name));
    if let Some(first) = first.filter(|&first| first != stmt) {
        let message = format!("a statement has one `{name}`");
        let d = Diagnostic::error(Code::ErrorCode, stmt.keyword_span(), message);
        context.diagnostics.push(d.also(first.keyword_span(), "the first one"));
    }
}

/// Which core statements it holds, each once; extensions say themselves where they stand.
fn content<'t>(context: &mut Context<'t>, stmt: Stmt<'t>, may: &[Keyword]) {
    let mut seen = Vec::new();
    for child in stmt.children().filter(|c| !c.is(Keyword::Extended)) {
        let keyword = child.keyword();
        let problem = if !may.contains(&keyword) {
            "may not stand"
        } else if seen.contains(&keyword) {
            "may stand only once"
        } else if child.argument().is_none() {
            "needs an argument"
        } else {
            seen.push(keyword);
            continue;
        };
        let message = format!("`{}` {problem} below `{}`", child.keyword_text(), stmt.keyword_text());
        context.diagnostics.error(Code::ErrorCode, child.keyword_span(), message);
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::errors_of;

    fn errors(body: &str) -> Vec<String> {
        let module = format!(
            "module m {{ yang-version 1.1; namespace urn:m; prefix m; import netconf-error-codes {{ prefix ec; }} {body} }}"
        );
        errors_of(&[&module])
    }

    #[test]
    fn on_constraints_and_nodes() {
        let fine = "container c { ec:code 1 { error-message x; } must 'a' { ec:code 2; } presence p;
            leaf a { ec:code 3; ec:non-zero { ec:code 4; error-message y; error-app-tag z; } mandatory true { ec:code 5; }
              type string { length 1..5 { ec:code 6; } pattern 'a*' { ec:code 7; } } }
            leaf n { when '../a' { ec:code 8; } type uint8 { range 1..2 { ec:code 9; } } }
            list l { key k; unique v { ec:code 10; } min-elements 1 { ec:code 11; } max-elements 4 { ec:code 12; }
              leaf k { type string; } leaf v { type string; } }
            choice h { ec:code 13; mandatory true { ec:code 18446744073709551615; } leaf x { type empty; } leaf y { type empty; } } }";
        assert_eq!(errors(fine), Vec::<String>::new());
        // One statement is one code, however often its grouping is used.
        let grouping = "grouping g { leaf a { type string; ec:code 1; } } container x { uses g; } container y { uses g; }";
        assert_eq!(errors(grouping), Vec::<String>::new());
    }

    #[test]
    fn numbers_and_places() {
        for (body, message) in [
            (
                "leaf a { type string; ec:code 0; }",
                "`0` is no number from 1 to 18446744073709551615, in decimal",
            ),
            (
                "leaf a { type string; ec:code 18446744073709551616; }",
                "`18446744073709551616` is no number from 1 to 18446744073709551615, in decimal",
            ),
            (
                "leaf a { type string; ec:code -1; }",
                "`-1` is no number from 1 to 18446744073709551615, in decimal",
            ),
            (
                "leaf a { type string; ec:code 007; }",
                "`007` is no number from 1 to 18446744073709551615, in decimal",
            ),
            ("leaf a { type string { ec:code 1; } }", "`code` has no meaning below `type`"),
            (
                "leaf a { type string; description d { ec:code 1; } }",
                "`code` has no meaning below `description`",
            ),
            ("ec:code 1;", "`code` has no meaning below `module`"),
            ("leaf a { type string; ec:code 1; ec:code 2; }", "a statement has one `code`"),
            ("leaf a { type string; ec:code 1 { must b; } }", "`must` may not stand below `ec:code`"),
            (
                "leaf a { type string; ec:code 1 { error-message b; error-message c; } }",
                "`error-message` may stand only once below `ec:code`",
            ),
            ("container a { ec:non-zero; }", "`non-zero` has no meaning below `container`"),
            (
                "leaf a { type empty; ec:non-zero; }",
                "`non-zero` on `/a`, whose type is a kind of empty: that has no zero",
            ),
        ] {
            assert_eq!(errors(body), [format!("error-code: {message}")], "{body}");
        }
    }

    #[test]
    fn each_number_once() {
        let twice = "leaf a { type string; ec:code 1; } leaf b { type string; ec:code 1; }";
        assert_eq!(errors(twice), ["duplicate-error-code: the code 1 is given twice"]);
        let other = "module n { namespace urn:n; prefix n; import netconf-error-codes { prefix x; } leaf a { type string; x:code 1; } }";
        let one = "module m { namespace urn:m; prefix m; import netconf-error-codes { prefix e; } leaf a { type string; e:code 1; } }";
        assert_eq!(errors_of(&[other, one]), ["duplicate-error-code: the code 1 is given twice"]);
    }

    #[test]
    fn a_default_is_not_zero_where_no_value_may_be() {
        let body = "leaf a { type uint8; default 0; ec:non-zero; }";
        assert_eq!(
            errors(body),
            [
                "invalid-default: the default `0` of `/a` is not valid: 0 is not allowed here, any other value is"
            ]
        );
    }
}
