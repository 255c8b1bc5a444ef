//! The grammar of XPath 1.0 and the rules of RFC 7950 sections 6.4 and 9.9.2.

use super::*;
use crate::ModuleId;
use proptest::prelude::*;

const PREFIXES: [&str; 3] = ["a", "b", "if"];

fn resolve(prefix: &str) -> Option<ModuleId> {
    PREFIXES.iter().position(|p| *p == prefix).map(ModuleId::from_index)
}

fn parsed(text: &str) -> Expr {
    parse(text, &mut resolve).unwrap_or_else(|e| panic!("{text}: {e} at {}", e.offset))
}

fn printed(expr: &Expr) -> String {
    print(expr, &mut |module| PREFIXES[module.index()].to_owned())
}

/// The expression in a form that shows its shape: every operator in parentheses.
fn shape(expr: &Expr) -> String {
    let binary = |op: &str, a: &Expr, b: &Expr| format!("({} {op} {})", shape(a), shape(b));
    match expr {
        Expr::Or(a, b) => binary("or", a, b),
        Expr::And(a, b) => binary("and", a, b),
        Expr::Union(a, b) => binary("|", a, b),
        Expr::Compare(op, a, b) => binary(&format!("{op:?}"), a, b),
        Expr::Arithmetic(op, a, b) => binary(&format!("{op:?}"), a, b),
        Expr::Negate(a) => format!("(-{})", shape(a)),
        other => printed(other),
    }
}

#[track_caller]
fn has_shape(text: &str, expected: &str) {
    assert_eq!(shape(&parsed(text)), expected, "{text}");
}

#[track_caller]
fn prints(text: &str, expected: &str) {
    let expr = parsed(text);
    assert_eq!(printed(&expr), expected, "{text}");
    assert_eq!(parsed(expected), expr, "{text}");
}

#[track_caller]
fn refused(text: &str, offset: usize, words: &str) {
    let error = parse(text, &mut resolve).expect_err(text);
    assert_eq!((error.offset, error.message.contains(words)), (offset, true), "{text}: {error}");
}

#[test]
fn operators_bind_as_section_3_5_says() {
    has_shape("1 or 2 and 3", "(1 or (2 and 3))");
    has_shape("1 and 2 or 3", "((1 and 2) or 3)");
    has_shape("1 = 2 < 3", "(1 Equal (2 Less 3))");
    has_shape("1 < 2 = 3", "((1 Less 2) Equal 3)");
    has_shape("1 + 2 * 3 - 4", "((1 Add (2 Multiply 3)) Subtract 4)");
    has_shape("3 > 2 > 1", "((3 Greater 2) Greater 1)");
    has_shape("8 div 4 div 2 mod 5", "(((8 Divide 4) Divide 2) Modulo 5)");
    has_shape("1 - 2 - 3", "((1 Subtract 2) Subtract 3)");
    has_shape("-a | b", "(-(a | b))");
    has_shape("- - 1 * 2", "((-(-1)) Multiply 2)");
    has_shape(
        "1 != 2 and 3 >= 4 or 5 <= 6",
        "(((1 NotEqual 2) and (3 GreaterOrEqual 4)) or (5 LessOrEqual 6))",
    );
    has_shape("(1 or 2) and 3", "((1 or 2) and 3)");
    has_shape("1 = 2 or 3 = 4 and 5 = 6 or 7", "(((1 Equal 2) or ((3 Equal 4) and (5 Equal 6))) or 7)");
}

#[test]
fn chains_keep_their_order_whatever_the_parentheses() {
    has_shape("1 or 2 or 3 or 4", "((1 or 2) or (3 or 4))");
    for text in ["(1 or 2) or 3 or 4", "1 or (2 or (3 or 4))", "1 or (2 or 3) or 4"] {
        assert_eq!(parsed(text), parsed("1 or 2 or 3 or 4"), "{text}");
    }
    assert_ne!(parsed("1 - (2 - 3)"), parsed("1 - 2 - 3"));
}

#[test]
fn names_and_operators_are_told_apart() {
    // Section 3.7: `*` and the operator names are operators only behind an operand.
    has_shape("* * *", "(* Multiply *)");
    has_shape("div div mod", "(div Divide mod)");
    has_shape("and and or or mod", "((and and or) or mod)");
    has_shape("a-b", "a-b");
    has_shape("a -b", "(a Subtract b)");
    has_shape("a/or", "a/or");
    has_shape("/*", "/*");
    has_shape("a[* and 1]", "a[* and 1]");
    has_shape("or(1)or(2)".replacen("or(1)", "(1)", 1).as_str(), "(1 or 2)");
    has_shape("node", "node");
    has_shape("text/node()", "text/node()");
    has_shape("child", "child");
    refused("a b", 2, "found `b`");
    refused("1 mod", 5, "the expression ends");
}

#[test]
fn paths_come_in_all_forms() {
    for text in [
        "/",
        "/a:x",
        "a:x/b:y",
        "..",
        ".",
        "../../x",
        "//x",
        "/a:x//b:y",
        ".//x",
        "a:*",
        "*",
        "@a:x",
        "x[1]",
        "x[y = 'z'][position() = last()]/w",
        "ancestor-or-self::a:x",
        "following-sibling::*[1]",
        "self::node()[x]",
        "parent::node()[x]",
        "x/text()",
        "comment()",
        "descendant-or-self::node()",
        "//..",
        "if:interfaces/if:interface[if:name = current()/../if:ref]/if:type",
    ] {
        prints(text, text);
    }
    prints("child::x/parent::node()/self::node()/attribute::y", "x/.././@y");
    prints("/descendant-or-self::node()/child::x", "//x");
    prints("x/descendant-or-self::node()/descendant-or-self::node()/y", "x//descendant-or-self::node()/y");
    prints(" x  [ 1 ] / y ", "x[1]/y");
    prints("child :: x", "x");
    prints("processing-instruction('p')", "processing-instruction()");
}

#[test]
fn filters_start_from_any_primary() {
    for text in [
        "current()/../x",
        "current()[1]/x",
        "(x | y)[1]",
        "((x)[1])[2]",
        "deref(../ref)/../type",
        "current()//x",
    ] {
        prints(text, text);
    }
    // Parentheses around a path make its predicate count all nodes, not those of each step.
    assert_ne!(parsed("(//x)[1]"), parsed("//x[1]"));
    prints("(x)", "x");
    prints("(x)/y", "(x)/y");
}

#[test]
fn only_nodes_have_steps_predicates_and_a_union() {
    // XPath 1.0 section 3.3: nothing can be converted to a node-set.
    refused("'a'[1]", 0, "go on from nodes");
    refused("1 + (1 = 1)/x", 4, "go on from nodes");
    refused("x | 'a'", 4, "unites nodes");
    refused("x = count(y) | z", 4, "unites nodes");
    refused("count(1)", 6, "takes nodes");
    refused("bit-is-set(string(x), 'a')", 11, "takes nodes");
    prints("-x | y", "-x | y");
    prints("count(current() | deref(x))", "count(current() | deref(x))");
}

#[test]
fn literals_and_numbers() {
    prints("\"it's\"", "\"it's\"");
    prints("'say \"x\"'", "'say \"x\"'");
    prints("''", "''");
    for (text, number) in [("0", 0.0), ("007", 7.0), ("1.5", 1.5), (".5", 0.5), ("5.", 5.0), ("1.", 1.0)] {
        assert_eq!(parsed(text), Expr::Number(number), "{text}");
    }
    prints("100000000000000000000000", "100000000000000000000000");
    prints("- 1 + 2", "-1 + 2");
    let huge = parsed(&"9".repeat(400));
    assert_eq!(printed(&huge), "1 div 0");
    refused("'a", 0, "closing");
    refused("1e3", 1, "found `e3`");
    refused("1.2.3", 3, "found `.`");
}

#[test]
fn a_lone_slash_is_put_in_parentheses() {
    prints("(/) = 1", "(/) = 1");
    prints("(/) * 2", "(/) * 2");
    assert_eq!(parsed("(/)"), parsed("/"));
    // Behind a slash every name is a name.
    has_shape("/ or", "/or");
}

#[test]
fn functions_are_known_and_their_arguments_counted() {
    for text in [
        "count(x)",
        "concat('a', 'b', 'c')",
        "substring('abc', 2)",
        "re-match(x, '[a-z]+')",
        "derived-from-or-self(../type, 'b:x')",
        "enum-value(x) > 1",
        "bit-is-set(flags, 'UP')",
        "not(true())",
        "string()",
    ] {
        prints(text, text);
    }
    prints("count ( x )", "count(x)");
    refused("1 + foo(1)", 4, "no function `foo`");
    refused("a:count(x)", 0, "no function `a:count`");
    refused("count()", 0, "takes one argument, found 0");
    refused("current(1)", 0, "takes no argument, found 1");
    refused("concat('a')", 0, "at least 2 arguments");
    refused("substring('a')", 0, "2 to 3 arguments");
    refused("contains('a')", 0, "takes 2 arguments, found 1");
    refused("count(x", 7, "`,` or `)`");
    refused("count(,)", 6, "expected an expression");
}

#[test]
fn every_function_has_its_name() {
    for name in ["last", "namespace-uri", "normalize-space", "bit-is-set", "derived-from"] {
        assert_eq!(Function::from_name(name).map(Function::name), Some(name));
    }
    assert_eq!(Function::Concat.arguments(), (2, usize::MAX));
    assert_eq!(Function::from_name("Count"), None);
}

#[test]
fn errors_say_where() {
    refused("", 0, "the expression ends");
    refused("  ", 2, "the expression ends");
    refused("x[", 2, "the expression ends");
    refused("x[1", 3, "`]`");
    refused("(x", 2, "`)`");
    refused("x)", 1, "found `)`");
    refused("x/", 2, "expected a name");
    refused("c:x", 0, "prefix `c` is not known");
    refused("x/c:*", 2, "prefix `c` is not known");
    refused("a:", 2, "a name behind `a:`");
    refused("up::x", 0, "no axis `up`");
    refused("$x", 0, "no variables");
    refused(".[1]", 1, "found `[`");
    refused("x ! y", 2, "found `!`");
    refused("x == y", 3, "expected an expression");
    refused("ä:x", 0, "prefix `ä`");
    refused("x = 'ä' §", 9, "found `§`");
    refused("a: x", 3, "a name behind");
    refused("text(1)", 5, "`)`");
}

#[test]
fn depth_is_limited_whatever_nests() {
    let deep = |open: &str, inner: &str, close: &str, n: usize| {
        format!("{}{inner}{}", open.repeat(n), close.repeat(n))
    };
    for (open, inner, close) in [
        ("(", "1", ")"),
        ("a[", "1", "]"),
        ("not(", "1", ")"),
        ("-", "1", ""),
        ("1 - (", "1", ")"),
        ("(1 or ", "1", ")"),
    ] {
        let error = parse(&deep(open, inner, close, 100_000), &mut resolve).expect_err(open);
        assert!(error.message.contains("deeper"), "{open}: {error}");
        assert!(parse(&deep(open, inner, close, 50), &mut resolve).is_ok(), "{open}");
    }
    for operator in [" + ", " = ", " div "] {
        let chain = vec!["1"; 100_000].join(operator);
        assert!(parse(&chain, &mut resolve).is_err(), "{operator}");
        assert!(parse(&vec!["1"; 100].join(operator), &mut resolve).is_ok());
    }
}

#[test]
fn long_chains_of_or_are_shallow() {
    for operator in [" or ", " and ", " | "] {
        let text = vec!["x"; 20_000].join(operator);
        let expr = parsed(&text);
        // Everything that walks it recurses: printing, cloning, comparing, serialising, dropping.
        assert_eq!(printed(&expr), text);
        assert_eq!(crate::exprs::through_bytes(&expr), expr);
    }
}

#[test]
fn long_paths_are_flat() {
    let text = vec!["x"; 20_000].join("/");
    assert_eq!(printed(&parsed(&text)), text);
}

fn path(text: &str) -> Result<Expr, XPathError> {
    parse_leafref_path(text, &mut resolve)
}

#[test]
fn leafref_paths_are_expressions_too() {
    for text in [
        "/if:interfaces/if:interface/if:name",
        "../name",
        "../../a:list[key = current()/../ref]/value",
        "/a:x[a:k1=current()/../../b:up/down][k2 = current() / .. / other]/leaf",
        "/x[ k=current()/../y ]/z",
    ] {
        let expr = path(text).unwrap_or_else(|e| panic!("{text}: {e} at {}", e.offset));
        assert_eq!(expr, parsed(text), "{text}");
    }
}

#[test]
fn leafref_paths_know_little_of_xpath() {
    for (text, offset, words) in [
        ("name", 0, "absolute or climbs first"),
        ("./name", 0, "absolute or climbs first"),
        ("", 0, "absolute or climbs first"),
        ("..", 0, "absolute or climbs first"),
        ("../", 3, "the name of a node"),
        ("/", 1, "the name of a node"),
        ("//x", 1, "the name of a node"),
        ("/x/../y", 3, "the name of a node"),
        ("/x/*", 3, "the name of a node"),
        ("/c:x", 1, "prefix `c`"),
        ("deref(../l1)/../l2/t2", 0, "absolute or climbs first"),
        ("../deref(x)", 3, "no function"),
        ("/x[1]", 3, "the name of a node"),
        ("/x[name = ../ifname]/ip", 10, "current()/.."),
        ("/x[name = 'a']/ip", 10, "current()/.."),
        ("/x[name = current()/..ifname]/ip", 22, "`/`"),
        ("/x[name = current()/ifname]/ip", 20, "`..`"),
        ("/x[name = current()/../a", 24, "`]`"),
        ("/x|/y", 2, "the end"),
        ("/x /y", 2, "white space"),
        ("/x ", 2, "white space"),
        (" /x", 0, "white space"),
        ("/child::x", 1, "prefix `child`"),
    ] {
        let error = path(text).expect_err(text);
        assert!(error.message.contains(words), "{text}: {error}");
        assert_eq!(error.offset, offset, "{text}: {error}");
    }
}

#[test]
fn long_leafref_paths_are_no_trouble() {
    assert!(path(&"../".repeat(100_000)).is_err());
    assert!(path(&format!("{}x", "../".repeat(100_000))).is_ok());
    assert!(path(&"/x[".repeat(100_000)).is_err());
}

fn expressions() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[a-c]{1,2}",
        "(a|b|if):[a-c]",
        Just("*".to_owned()),
        Just(".".to_owned()),
        Just("..".to_owned()),
        Just("/".to_owned()),
        "[0-9]{1,3}(\\.[0-9]{1,2})?",
        "'[a-z\"]{0,3}'",
        Just("current()".to_owned()),
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        let operator = prop::sample::select(vec![
            " or ", " and ", " = ", " != ", " < ", ">=", " + ", " - ", " * ", " div ", " mod ", " | ", "/",
            "//",
        ]);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, op, b)| format!("{a}{op}{b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("-{a}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a}[{b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("starts-with({a}, {b})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a})/ancestor::node()[{b}]")),
        ]
    })
}

proptest! {
    #[test]
    fn what_parses_prints_as_itself(text in expressions()) {
        if let Ok(expr) = parse(&text, &mut resolve) {
            let printed = printed(&expr);
            prop_assert_eq!(parse(&printed, &mut resolve), Ok(expr), "{} printed as {}", text, printed);
        }
    }

    #[test]
    fn no_text_panics(text in "[-a-c:/.*@()\\[\\]|=!<>+'\"$, 0-9\u{e4}]{0,30}") {
        for result in [parse(&text, &mut resolve), path(&text)] {
            if let Err(e) = result {
                prop_assert!(text.is_char_boundary(e.offset));
            }
        }
    }
}
