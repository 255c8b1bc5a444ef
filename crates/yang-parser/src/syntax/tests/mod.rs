//! What the rules of section 6 make of a text, and how faults are told.

mod oracle;

use super::*;

fn parsed(text: &str) -> (Tree, Vec<String>) {
    let (tree, diagnostics) = parse(FileId::from_index(0), text.into());
    let found = diagnostics.list().iter().map(|d| format!("{}: {}", d.code, d.message)).collect();
    (tree, found)
}

fn outline(tree: &Tree) -> String {
    fn walk(stmt: Stmt<'_>, out: &mut String) {
        out.push_str(stmt.keyword_text());
        if let Some(argument) = stmt.argument() {
            out.push_str(&format!("={argument:?}"));
        }
        if !stmt.is_childless() {
            out.push('{');
            for child in stmt.children() {
                walk(child, out);
            }
            out.push('}');
        }
        out.push(' ');
    }
    let mut out = String::new();
    for stmt in tree.top() {
        walk(stmt, &mut out);
    }
    out
}

#[test]
fn statements_nest() {
    let (tree, errors) = parsed("// c\nmodule a { /* x */ b c; ex:d 'e' { f \"g\" ; } h\t{ } }\n/* end */");
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!(outline(&tree), r#"module="a"{b="c" ex:d="e"{f="g" } h } "#);
}

#[test]
fn quoted_strings_join() {
    // RFC 7950 section 6.1.3.1: these are the same string.
    let (tree, errors) =
        parsed("a { x hello; x \"hello\"; x 'hello'; x \"hel\" + \"lo\"; x 'hel'\n +'lo'; }");
    assert_eq!(errors, Vec::<String>::new());
    let a = tree.top().next().unwrap();
    assert!(a.children().all(|x| x.argument() == Some("hello")), "{}", outline(&tree));
}

#[test]
fn escapes_and_single_quotes() {
    let (tree, errors) = parsed(r#"m { yang-version 1.1; x "\"\\\n\t"; x '\n"'; }"#);
    assert_eq!(errors, Vec::<String>::new());
    let m = tree.top().next().unwrap();
    let arguments: Vec<_> = m.children().skip(1).map(|x| x.argument().unwrap()).collect();
    assert_eq!(arguments, ["\"\\\n\t", "\\n\""]);
}

#[test]
fn unknown_escapes_depend_on_the_version() {
    let (tree, errors) = parsed(r#"m { x "\d+"; }"#);
    assert_eq!((outline(&tree).as_str(), errors.len()), (r#"m{x="\\d+" } "#, 0));
    let (_, errors) = parsed(r#"m { yang-version "1.1"; x "\d+"; }"#);
    assert_eq!(errors, ["invalid-escape: `\\d` is no escape"]);
}

#[test]
fn indentation_is_stripped_to_the_column_of_the_quote() {
    let text = "a {\n  x \"one  \n     two\n       three\n three\";\n}";
    let (tree, errors) = parsed(text);
    assert_eq!(errors, Vec::<String>::new());
    let x = tree.top().next().unwrap().children().next().unwrap();
    assert_eq!(x.argument(), Some("one\ntwo\n  three\nthree"));
}

#[test]
fn a_tab_that_reaches_over_the_column_leaves_spaces() {
    let (tree, _) = parsed("a \"x\n\ty\";");
    assert_eq!(tree.top().next().unwrap().argument(), Some("x\n     y"));
}

#[test]
fn unquoted_strings_end_at_comments() {
    let (_, errors) = parsed("a { x http://example.com;\n y z; }");
    assert_eq!(errors.len(), 1, "{errors:?}");
    let (tree, errors) = parsed("a { x a/b*c; }");
    assert_eq!((outline(&tree).as_str(), errors.len()), (r#"a{x="a/b*c" } "#, 0));
}

#[test]
fn several_errors_are_found_and_the_rest_is_read() {
    let (tree, errors) =
        parsed("module m {\n leaf a { type string }\n leaf b \"x\" \"y\";\n leaf c {\n  type\n }\n}\n}");
    assert_eq!(
        errors,
        [
            "syntax: expected `;` or `{` after the argument of `type`",
            "syntax: expected `;` or `{` after the argument of `leaf`",
            "syntax: expected an argument, `;` or `{` after `type`",
            "unmatched-brace: `}` closes nothing",
        ]
    );
    assert_eq!(outline(&tree), r#"module="m"{leaf="a"{type="string" } leaf="b" leaf="c"{type } } "#);
}

#[test]
fn what_never_ends_is_said_once() {
    assert_eq!(parsed("a { b \"c; }").1.len(), 3);
    assert_eq!(parsed("a { /* c; }").1[0], "unterminated-comment: this comment never ends");
    assert_eq!(parsed("a { b c;").1, ["unclosed-block: the file ends inside of `a`"]);
}

#[test]
fn depth_costs_no_stack() {
    let deep = "a {".repeat(50_000);
    let (_, errors) = parsed(&deep);
    assert_eq!(errors, [format!("nesting-too-deep: blocks are nested more than {MAX_DEPTH} deep")]);
}

#[test]
fn faults_without_end_are_not_told_without_end() {
    let (_, errors) = parsed(&"}".repeat(50_000));
    assert_eq!(errors.len(), MAX_FAULTS + 1);
    assert_eq!(errors[0], "unmatched-brace: `}` closes nothing");
    assert!(errors[MAX_FAULTS].contains("the rest of the file is not read"), "{}", errors[MAX_FAULTS]);
    let (_, errors) = parsed(&format!("m {{ yang-version 1.1; x \"{}\"; }}", "\\d".repeat(50_000)));
    assert_eq!(errors.len(), MAX_FAULTS);
}

#[test]
fn the_mark_of_an_unfinished_statement_is_on_a_character() {
    let (tree, diagnostics) = parse(FileId::from_index(0), "leaf ä }".into());
    let span = diagnostics.list()[0].span().unwrap();
    assert_eq!(&tree.text()[span.start as usize..span.end as usize], "ä");
}

#[test]
fn a_version_may_be_written_in_parts() {
    let (_, errors) = parsed(r#"m { yang-version '1' + ".1"; x "\d"; }"#);
    assert_eq!(errors, ["invalid-escape: `\\d` is no escape"]);
}

#[test]
fn decoded_texts_keep_apart() {
    let (tree, errors) = parsed("m { a \"x\\ty\"; b ''; c \"\" + ''; d \"1\" + '2' + \"\\n\"; }");
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!(outline(&tree), r#"m{a="x\ty" b="" c="" d="12\n" } "#);
}

#[test]
fn comments_are_kept_for_who_wants_them() {
    let text = "// a\nmodule /* b */ m { x y /* c */; // d\n } /* e";
    let (tree, diagnostics) = parse_with_comments(FileId::from_index(0), text.into());
    let kept: Vec<_> = tree.comments.iter().map(|&(from, to)| &text[from as usize..to as usize]).collect();
    assert_eq!(kept, ["// a", "/* b */", "/* c */", "// d"]);
    assert_eq!(diagnostics.list().len(), 1);
    assert!(parse(FileId::from_index(0), text.into()).0.comments.is_empty());
}

#[test]
fn control_characters_are_refused_in_yang_1_1() {
    let (_, errors) = parsed("m { yang-version 1.1; x \"\u{1}\"; y \"\u{fffe}\"; z \"\u{1f600}\"; }");
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert_eq!(parsed("m { x \"\u{1}\"; }").1.len(), 0);
}

#[test]
fn every_prefix_of_a_text_is_parsed() {
    let text = "module m { x \"a\\\"b\" + 'c'; /* d */ y // e\n; z { w; } }";
    for end in 0..=text.len() {
        parsed(&text[..end]);
    }
}
