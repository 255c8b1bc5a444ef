//! What constraints read, and the way back to their context nodes.

use std::fmt::Write as _;
use yang_parser::Compiler;
use yang_schema::dependency::ConstraintKind;
use yang_schema::{NodeId, Schema};

fn compile(body: &str) -> Schema {
    let text = format!("module m {{ yang-version 1.1; namespace urn:m; prefix m; {body} }}");
    let compilation = Compiler::new().source("m.yang", text).compile();
    compilation.schema.unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics))
}

/// A constraint a line, and below it what it reads: the node, what is shared, and how it is tied.
fn dependencies(body: &str) -> String {
    let schema = compile(body);
    let path = |id: NodeId| schema.node(id).data_path().replace("/m:", "/");
    let mut out = String::new();
    for constraint in schema.dependencies().constraints() {
        let kind = match constraint.kind() {
            ConstraintKind::Must(_) => "must",
            ConstraintKind::When(_) => "when",
            ConstraintKind::Reference => "refers",
        };
        write!(out, "{} {kind}", path(constraint.node())).unwrap();
        if let Some(read) = constraint.without_inverse() {
            write!(out, ", without inverse: {}", path(read)).unwrap();
        }
        if constraint.reads_everything() {
            write!(out, ", everything").unwrap();
        }
        out.push('\n');
        for read in constraint.reads() {
            write!(out, "  {} by {}", path(read.node), path(read.shared)).unwrap();
            if let Some(join) = &read.join {
                write!(out, " where {} = {}", path(join.of_read), path(join.of_context)).unwrap();
            }
            out.push('\n');
        }
    }
    for index in schema.dependencies().indexes() {
        writeln!(out, "index {} below {}", path(index.leaf), path(index.scope)).unwrap();
    }
    out
}

#[test]
fn a_sibling_is_shared_by_its_entry() {
    let body = "list l { key k; leaf k { type string; } leaf a { type uint8; must '. < ../b'; } leaf b { type uint8; } }";
    assert_eq!(dependencies(body), "/l/a must\n  /l/a by /l/a\n  /l/b by /l\n");
}

#[test]
fn what_all_contexts_read_concerns_all() {
    let body = "leaf max { type uint8; } list l { key k; leaf k { type uint8; must '. < /max'; } }";
    assert_eq!(dependencies(body), "/l/k must\n  /l/k by /l/k\n  /max by /\n");
}

#[test]
fn a_count_of_equal_values_is_a_join() {
    let body = "list c { key k; leaf k { type uint8; } leaf x { type string; must 'count(../../c[x = current()]) = 1'; } }";
    assert_eq!(
        dependencies(body),
        "/c/x must\n  /c/x by / where /c/x = /c/x\n  /c/x by /c/x\n  /c by / where /c/x = /c/x\nindex /c/x below /\n"
    );
}

#[test]
fn a_predicate_on_a_key_ties_what_is_behind_it() {
    let body = "list i { key n; leaf n { type string; } leaf on { type boolean; } }
        list u { key k; leaf k { type string; } leaf r { type string; must '/i[n = current()]/on = \"true\"'; } }";
    assert_eq!(
        dependencies(body),
        "/u/r must\n  /i/n by / where /i/n = /u/r\n  /u/r by /u/r\n  /i/on by / where /i/n = /u/r\nindex /u/r below /\n"
    );
}

#[test]
fn a_leafref_is_a_join_of_its_target_with_itself() {
    let key = "list i { key n; leaf n { type string; } } list u { key k; leaf k { type string; } leaf r { type leafref { path /i/n; } } }";
    assert_eq!(dependencies(key), "/u/r refers\n  /i/n by / where /i/n = /u/r\nindex /u/r below /\n");
    let other = "list i { key n; leaf n { type string; } leaf x { type string; } } leaf r { type leafref { path /i/x; } }";
    assert_eq!(dependencies(other), "/r refers\n  /i/x by /\nindex /i/x below /\n");
}

#[test]
fn deref_leads_on() {
    let body = "list i { key n; leaf n { type string; } leaf on { type boolean; } }
        list u { key k; leaf k { type string; } leaf r { type leafref { path /i/n; require-instance false; } must 'deref(.)/../on'; } }";
    assert_eq!(
        dependencies(body),
        "/u/r must\n  /u/r by /u/r\n  /i/n by / where /i/n = /u/r\n  /i/on by / where /i/n = /u/r\nindex /u/r below /\n"
    );
}

#[test]
fn what_nothing_ties_is_said() {
    let list = |must: &str| {
        format!("list c {{ key k; leaf k {{ type uint8; }} leaf x {{ type uint8; must '{must}'; }} }}")
    };
    for must in ["count(../../c) < 5", "sum(../../c/x) < 5", "not(../../c[x = current() + 1])"] {
        assert!(dependencies(&list(must)).contains("without inverse: /c"), "{must}");
    }
    assert!(dependencies(&list("not(preceding::*)")).contains("everything"));
    // One context has no others beside it.
    let one = "list c { key k; leaf k { type uint8; } } leaf x { type uint8; must 'count(/c) < 5'; }";
    assert_eq!(dependencies(one), "/x must\n  /c by /\n");
}

#[test]
fn what_stands_in_front_counts_where_positions_do() {
    let body = "list c { key k; leaf k { type uint8; } leaf x { type uint8; } } leaf a { type uint8; must '/c[1]/x = 3'; }";
    assert_eq!(dependencies(body), "/a must\n  /c by /\n  /c/x by /\n");
}

#[test]
fn conditions_of_cases_belong_to_the_node_above() {
    let body = "container p { leaf on { type boolean; } choice w { case a { when 'on = \"true\"'; leaf a1 { type uint8; } } } }";
    assert_eq!(dependencies(body), "/p when\n  /p/on by /p\n");
}
